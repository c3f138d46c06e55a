"""Forgeries of decisions: who decided, in which role, when, and on what."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.forging import Approver, Desk, Forgery, Stop, kind, stop
from benchmarks.seeds import Base

LEAD, TOP = "ai-governance-lead", "top-management"
LEADER, HEAD = "ines-carvalho", "maeve-tarn"


@dataclass(frozen=True)
class Subject:
    """Something that is decided on, and the gate that rests on the decision."""

    id: str
    path: str
    closes: Stop
    date: str
    role: str = LEAD
    by: str = LEADER
    owner: str = "deirdre-nolan"
    entry: str = "approved"
    code: str = "REG114"

    def approved(self, base: Base, approver: Approver, seal: bool = True) -> Desk:
        """The same, approved otherwise; with the fingerprint that fits."""
        value = str(approver)
        if self.entry == "acceptance":
            value = value.replace("}", ", reason: It is acceptable}")
        desk = Desk(base).entry(self.path, self.entry, value)
        return desk.seal(self.id) if seal else desk


SUBJECTS = (
    Subject("AIA-001", "registers/impact-assessments/AIA-001.yaml", stop("AIS-001", "impact-assessment"), "2026-04-20"),
    Subject("AIS-002", "registers/ai-systems/AIS-002.yaml", stop("AIS-002", "record-approved"), "2026-03-12", owner="felix-brandt"),
    Subject("DS-003", "registers/datasets/DS-003.yaml", stop("AIS-002", "datasets-complete"), "2026-03-12", owner="yusuf-demir"),
    Subject("CHG-2026-003", "registers/changes/CHG-2026-003.yaml", stop("AIS-001", "released"), "2026-04-30"),
    Subject("SYS-001", "docs/ai-systems/applicant-ranking.md", stop("AIS-001", "technical-documentation"), "2026-04-29", code="DOC209"),
    Subject(
        "RSK-005", "registers/risks/RSK-005.yaml", stop("AIS-002", "risks-decided"), "2026-10-05", TOP, HEAD, "felix-brandt", "acceptance"
    ),
)


def _every(name: str, forged: Callable[[Base, Subject], Iterator[tuple[Desk, tuple[str, ...]]]], turn: int = 0) -> None:
    """A kind that is tried on everything that is decided on, beginning with another one each time."""

    def forgeries(base: Base) -> Iterator[Forgery]:
        for subject in itertools.islice(itertools.cycle(SUBJECTS), turn, turn + len(SUBJECTS)):
            for desk, codes in forged(base, subject):
                yield desk.forgery(subject.closes, codes=codes)

    kind(name)(forgeries)


def _by(by: str, as_role: str | None) -> Callable[[Base, Subject], Iterator[tuple[Desk, tuple[str, ...]]]]:
    def forged(base: Base, subject: Subject) -> Iterator[tuple[Desk, tuple[str, ...]]]:
        role = subject.role if as_role == "the right one" else as_role
        if subject.code == "DOC209" and as_role and role != subject.role:
            return  # a kind of its own
        yield subject.approved(base, Approver(by, subject.date, role)), (subject.code,)

    return forged


_every("approver who had left", _by("orla-fitz", "data-steward"), 0)
_every("approver who had left, in the role that may", _by("orla-fitz", "the right one"), 1)
_every("approver who is an operator", _by("niamh-burke", "human-oversight-operator"), 2)
_every("approver in a role that the person does not hold", _by("tomasz-wrona", "the right one"), 3)
_every("approver in another role that the person holds", _by("tomasz-wrona", "isms-manager"), 4)
_every("approver who holds no role that may, and names none", _by("helen-osei", None), 5)


@kind(
    "document approved in any role that its approver holds",
    open_because="`Decisions._roles_of` takes the role from the approval itself, by `approver_of_document(..., None, document)`",
)
def _any_role(base: Base) -> Iterator[Forgery]:
    for by, role in (("niamh-burke", "human-oversight-operator"), ("tomasz-wrona", "isms-manager"), ("helen-osei", "internal-auditor")):
        subject = SUBJECTS[4]
        yield subject.approved(base, Approver(by, subject.date, role)).forgery(subject.closes, codes=("DOC209",))


@kind("approver who exists nowhere")
def _nobody(base: Base) -> Iterator[Forgery]:
    for subject in SUBJECTS:
        yield subject.approved(base, Approver("jane-nobody", subject.date, subject.role)).forgery(subject.closes)


def _joined_later(base: Base, subject: Subject) -> Iterator[tuple[Desk, tuple[str, ...]]]:
    if subject.date < "2026-06-22":
        yield subject.approved(base, Approver("conor-maher", subject.date, TOP)), (subject.code,)
        yield subject.approved(base, Approver("grainne-walsh", subject.date, "governing-body")), (subject.code,)


_every("approver who joined later", _joined_later)


def _many(base: Base, subject: Subject) -> Iterator[tuple[Desk, tuple[str, ...]]]:
    yield subject.approved(base, Approver("ai-system-owner", subject.date)), (subject.code,)
    later = subject.date if subject.date > "2026-06-22" else "2026-11-02"
    yield subject.approved(base, Approver(subject.role, later)), (subject.code,)


_every("approver that is a role which several people hold", _many, 1)


def _oneself(base: Base, subject: Subject) -> Iterator[tuple[Desk, tuple[str, ...]]]:
    """Whoever owns, carries out or assessed it is given the role that approves; the acceptance of a risk may be its owner's."""
    if subject.entry == "acceptance":
        return
    approver = Approver(subject.owner, subject.date, LEAD)
    desk = Desk(base).entry(subject.path, "approved", str(approver))
    desk.swap("org.yaml", r"(  - id: ai-governance-lead\n    title: .*\n    held_by:\n)", rf"\1      - {subject.owner}\n")
    yield desk.seal(subject.id), (subject.code if subject.code != "DOC209" else "DOC204",)


_every("approver who owns, assessed or carries out what is approved, with the role besides", _oneself, 2)


@kind("person put into the role that may, after the day of the approval")
def _role_after(base: Base) -> Iterator[Forgery]:
    for subject in SUBJECTS[:4]:
        desk = Desk(base).entry(subject.path, subject.entry, str(Approver("eva-novotna", subject.date, LEAD)))
        desk.swap("org.yaml", r"(  - id: ai-governance-lead\n    title: .*\n    held_by:\n)", r"\1      - eva-novotna\n")
        yield desk.seal(subject.id).forgery(subject.closes, codes=(subject.code,))


@kind("person said to have joined earlier, so that an approval fits")
def _joined_earlier(base: Base) -> Iterator[Forgery]:
    for subject in SUBJECTS[:5]:
        desk = Desk(base).entry(subject.path, subject.entry, str(Approver("conor-maher", subject.date, TOP)))
        desk.swap("org.yaml", r'joined: "2026-06-22"', 'joined: "2020-01-01"')
        yield desk.seal(subject.id).forgery()


def _to_come(base: Base, subject: Subject) -> Iterator[tuple[Desk, tuple[str, ...]]]:
    for day in ("2031-01-15", "2026-11-17"):
        yield subject.approved(base, Approver(subject.by, day, subject.role)), ()


_every("approval on a day to come", _to_come, 3)


@kind("approval deleted")
def _deleted(base: Base) -> Iterator[Forgery]:
    for subject in SUBJECTS:
        yield Desk(base).entry(subject.path, subject.entry, "null").forgery(subject.closes)


@kind("fingerprint of an approval removed, or of something else")
def _unsealed(base: Base) -> Iterator[Forgery]:
    for subject in SUBJECTS:
        approver = Approver(subject.by, subject.date, subject.role)
        yield subject.approved(base, approver, seal=False).forgery(subject.closes)
        other = Desk(base).swap(subject.path, r"^( +sha256:) .*", rf'\1 "{"0" * 64}"')
        yield other.forgery(subject.closes)


@kind("approval before what it rests on")
def _too_early(base: Base) -> Iterator[Forgery]:
    for subject, day in ((SUBJECTS[0], "2026-04-12"), (SUBJECTS[5], "2026-09-22"), (SUBJECTS[0], "2020-01-01")):
        yield subject.approved(base, Approver(subject.by, day, subject.role)).forgery(subject.closes, codes=("REG114",))


@kind("day of an approval moved, with everything else left as it is")
def _moved(base: Base) -> Iterator[Forgery]:
    for subject in (SUBJECTS[1], SUBJECTS[2], SUBJECTS[4]):
        yield subject.approved(base, Approver(subject.by, "2019-01-01", subject.role)).forgery()


@kind("approval with its old day sealed anew on another text")
def _resealed(base: Base) -> Iterator[Forgery]:
    for name, path, pattern, new in (
        ("SYS-001", "docs/ai-systems/applicant-ranking.md", "version 2.1", "version 2.1, which needs no oversight,"),
        ("DS-003", "registers/datasets/DS-003.yaml", "personal_data: none", "personal_data: special-category"),
        ("DS-001", "registers/datasets/DS-001.yaml", r"measured: 99\.4 percent", "measured: 100 percent"),
        ("CHG-2026-001", "registers/changes/CHG-2026-001.yaml", "^reassessment: >-\n", "reassessment: >-\n  None is needed.\n"),
        ("EXT-001", "registers/external-documents.yaml", r"version: \"2\.1 of", 'version: "3.0 of'),
        (
            "RSK-006",
            "registers/risks/RSK-006.yaml",
            r"residual: \{likelihood: 2, consequence: 3\}",
            "residual: {likelihood: 1, consequence: 1}",
        ),
        ("POL-001", "docs/policies/ai-policy.md", "^## ", "It binds nobody outside of Dublin.\n\n## "),
    ):
        yield Desk(base).swap(path, pattern, new).seal(name).forgery()


@kind("text of an approved document changed, its approval left as it is")
def _text(base: Base) -> Iterator[Forgery]:
    for path in base.documents:
        if base.value(path, "status") == "approved" and base.value(path, "addresses") == "":
            target = base.line(path, base.find(path, "addresses:")[0] + 1).strip(" -\"'")
            if target.startswith("iso42001:") and base.value(path, "next_review")[1:11] >= str(base.today):
                yield (
                    Desk(base)
                    .swap(path, r"^## ", "The roles may depart from this at any time.\n\n## ")
                    .forgery(codes=("STA107",), rungs={target: "tailored"})
                )


@kind("document withdrawn, overdue, without a next review, or a draft that keeps its approval")
def _document(base: Base) -> Iterator[Forgery]:
    path = "docs/ai-systems/{}.md"
    for name, number in (("applicant-ranking", "001"), ("customer-assistant", "002")):
        where = stop(f"AIS-{number}", "technical-documentation")
        for entry, value in (
            ("next_review", '"2026-11-15"'),
            ("next_review", "null"),
            ("status", "withdrawn"),
            ("status", "draft"),
            ("about", "[]"),
        ):
            yield Desk(base).entry(path.format(name), entry, value).forgery(where)


@kind("approval record of a document forged")
def _record(base: Base) -> Iterator[Forgery]:
    path = "registers/approvals/APR-001.yaml"
    for entry, value, code in (
        ("by", "helen-osei", "REG111"),
        ("as_role", "isms-manager", "REG111"),
        ("approved_on", '"2031-01-01"', "REG112"),
        ("sha256", f'"{"0" * 64}"', "STA107"),
        ("written_by", "[maeve-tarn]", "REG111"),
    ):
        yield Desk(base).entry(path, entry, value).forgery(codes=(code,))
