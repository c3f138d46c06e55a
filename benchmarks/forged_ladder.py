"""Forgeries of the status ladder: texts that nobody decided on, and evidence."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping

from benchmarks.forging import Approver, Desk, Forgery, kind
from benchmarks.seeds import Base

EVIDENCE = "registers/evidence/EV-{}.yaml"
SOA = "registers/statement-of-applicability.yaml"
LEAD = "ai-governance-lead"
UNSHOWN = ("iso42001:A.2.3", "iso42001:7.4", "iso42001:10.1", "iso42001:5.2", "iso42001:4.1")
"""Requirements that stand at approved, because nothing shows that they are done."""


# Texts that nobody decided on


def _everywhere(base: Base, pattern: str, new: str, each: Callable[[str], Mapping[str, str]] | None = None) -> Desk:
    """The same small change in every document, approved by one person, who also holds every role; `each` gives further entries by id."""
    desk = Desk(base)
    for path in base.documents:
        if re.search(pattern, desk.text(path), re.MULTILINE):
            desk.swap(path, pattern, new)
        desk.entry(path, "status", "approved").entry(path, "next_review", '"2027-11-01"')
        desk.entry(path, "approved", str(Approver("the-one", "2026-11-02", "top-management")))
        for name, value in each(base.value(path, "id")).items() if each else ():
            desk.entry(path, name, value)
    desk.swap("org.yaml", r"^    held_by: \[\]", "    held_by: [the-one]", count=20)
    desk.swap("org.yaml", r"^people:.*\n", "people:\n  - id: the-one\n    name: The One\n")
    return desk.seal(*(base.value(path, "id") for path in base.documents))


def _adopted(because: str, by: str = "the-one", date: str = "2026-11-02", sections: str = "all") -> Callable[[str], Mapping[str, str]]:
    """The same adoption in each document; where the reason names it by `{id}`, with a reason of its own."""
    entry = f'[{{sections: {sections}, by: {by}, date: "{date}", because: "{because}"}}]'
    return lambda name: {"adopted": entry.replace("{id}", name)}


@kind("one word added to every document of the kit, which is approved then", fresh=True)
def _one_word(base: Base) -> Iterator[Forgery]:
    yield _everywhere(base, r"\bThe ", "Here the ").forgery(codes=("STA106",), blocked=False)
    yield _everywhere(base, r"^## ", "Agreed.\n\n## ").forgery(codes=("STA106",), blocked=False)
    yield _everywhere(base, r"\.$", ". Indeed.").forgery(codes=("STA106",), blocked=False)


_SAYING_NOTHING = "We have read this section with care, and it holds for us in each of its parts, from the day on which it was approved."


@kind("same sentence, or a heading of another name, in every section of the kit", fresh=True)
def _one_sentence(base: Base) -> Iterator[Forgery]:
    for pattern, new in (
        (r"^(## .*)\n", rf"\1\n\n{_SAYING_NOTHING}\n"),
        (r"^## (.*)", r"## Our \1"),
        (r"\n\n(?=- )", "\n\n## What this means\n\n"),
    ):
        desk = _everywhere(base, r"^$", "")
        for path in base.documents:
            desk.write(path, re.sub(pattern, new, desk.text(path), flags=re.MULTILINE))
        yield desk.seal(*(base.value(path, "id") for path in base.documents)).forgery(codes=("STA106",), blocked=False)


@kind("a space, a comma or a line break changed in every document of the kit", fresh=True)
def _space(base: Base) -> Iterator[Forgery]:
    yield _everywhere(base, r"\. (?=[A-Z])", ".  ").forgery(blocked=False)
    yield _everywhere(base, r",(?= )", ";").forgery(blocked=False)
    yield _everywhere(base, r"(?<=[a-z]) (?=The )", "\n").forgery(blocked=False)
    yield _everywhere(base, r"(?<=[a-z]\.)\n(?=[A-Z])", " ").forgery(blocked=False)


@kind("text of the kit adopted for a reason that says nothing, or for the same one everywhere", fresh=True)
def _unchanged(base: Base) -> Iterator[Forgery]:
    for why in ("It fits.", "{id} is not needed.", "We have read this text and find that it fits us as it is."):
        yield _everywhere(base, r"^$", "", _adopted(why)).forgery(codes=("DOC208", "STA106"), blocked=False)


@kind("text of the kit adopted by nobody who may, or on a day to come", fresh=True)
def _adopted_by_nobody(base: Base) -> Iterator[Forgery]:
    why = "The board compared {id} with what we do, line by line, and nothing of it was missing."
    for by, date in (("nobody", "2026-11-02"), ("top-management", "2026-11-02"), ("the-one", "2031-01-01")):
        yield _everywhere(base, r"^$", "", _adopted(why, by, date)).forgery(codes=("DOC211", "STA106"), blocked=False)


@kind("section of the kit adopted that the text does not have, for those that it has", fresh=True)
def _adopted_elsewhere(base: Base) -> Iterator[Forgery]:
    why = "The board compared {id} with what we do, line by line, and nothing of it was missing."
    for sections in ("[All]", '["*"]', "[Purpose, Everything else]"):
        yield _everywhere(base, r"^$", "", _adopted(why, sections=sections)).forgery(codes=("DOC210", "STA106"), blocked=False)


@kind("one person who holds every role and approved everything", fresh=True)
def _one_person(base: Base) -> Iterator[Forgery]:
    yield _everywhere(base, r"^$", "").forgery(blocked=False)
    path = "registers/statement-of-applicability.yaml"
    desk = _everywhere(base, r"^$", "")
    desk.swap(path, r"^    decided: null", '    decided: {by: the-one, date: "2026-11-02", as_role: top-management}', count=500)
    yield desk.forgery(blocked=False)


@kind("template of a register kept, with its drafts as records", fresh=True)
def _register(base: Base) -> Iterator[Forgery]:
    for path in [path for path in base.texts if path.startswith("registers/") and not path.endswith("register.yaml")]:
        text = base.texts[path]
        for changed in (text + "# seen\n", text.replace("\n", "\n\n", 1), "# kept by us\n" + text):
            yield Desk(base).write(path, changed).forgery(blocked=False)


# Evidence


def _evidence(base: Base, targets: tuple[str, ...], number: str = "031", **entries: str) -> Desk:
    text = re.sub(r"(?m)^evidences:\n(?:  - .*\n)+", "", base.texts[EVIDENCE.format("004")]).replace("EV-004", f"EV-{number}")
    text = text.replace("id: EV-031\n", "id: EV-031\n" + "evidences:\n" + "".join(f'  - "{target}"\n' for target in targets))
    text = text.replace("evidence/EV-031-access-review.csv", "evidence/EV-031.txt")
    desk = Desk(base).write(EVIDENCE.format(number), text).entry(EVIDENCE.format(number), "kind", entries.pop("kind", "record"))
    file = entries.pop("file", "What was seen on 2026-10-06, with the figures.\n")
    desk.write(f"evidence/EV-{number}.txt", file).entry(EVIDENCE.format(number), "sha256", f'"{hashlib.sha256(file.encode()).hexdigest()}"')
    for name, value in entries.items():
        desk.entry(EVIDENCE.format(number), name, value)
    return desk


def _all(base: Base) -> tuple[str, ...]:
    rows = re.findall(r"(?m)^  - control: (\S+)\n    applicability: included", base.texts[SOA])
    return (*UNSHOWN, *rows, "iso42001:4.3", "iso42001:4.4", "iso42001:5.3", "iso42001:7.5.1")


@kind("one web address as evidence for every requirement")
def _one_address(base: Base) -> Iterator[Forgery]:
    for address in ("https://wiki.example/everything", "https://example.org/", "https://files.tarnmoor.example/aims"):
        desk = _evidence(base, _all(base), reference=address, sha256="null", sensitivity="by-reference")
        del desk.changes["evidence/EV-031.txt"]
        yield desk.forgery(codes=("REG313",))


@kind("one file as evidence for every requirement")
def _one_file(base: Base) -> Iterator[Forgery]:
    for file in ("Everything is done.\n", "x\n", "All requirements are met, as everybody knows.\n"):
        yield _evidence(base, _all(base), file=file).forgery(codes=("REG313",))


@kind("empty file as evidence")
def _empty(base: Base) -> Iterator[Forgery]:
    for target in UNSHOWN[:3]:
        for file in ("", "\n", " \n\t\n"):
            yield _evidence(base, (target,), file=file).forgery(codes=("REG312",))


@kind("file of other evidence used again")
def _again(base: Base) -> Iterator[Forgery]:
    for target, other in zip(UNSHOWN, ("001", "021", "022"), strict=False):
        path = EVIDENCE.format(other)
        desk = _evidence(base, (target,), reference=base.value(path, "reference"), sha256=base.value(path, "sha256"))
        del desk.changes["evidence/EV-031.txt"]
        yield desk.forgery(codes=("REG311",))


@kind("evidence that counts until 2099, or for years")
def _forever(base: Base) -> Iterator[Forgery]:
    for target, day in zip(UNSHOWN, ("2099-12-31", "2031-01-01", "2030-06-30"), strict=False):
        yield _evidence(base, (target,), valid_until=f'"{day}"', every_months="null").forgery(codes=("REG314",))


@kind("evidence collected, or of a period, in the future")
def _future(base: Base) -> Iterator[Forgery]:
    for target in UNSHOWN[:3]:
        yield _evidence(base, (target,), collected_on='"2027-01-01"', valid_until='"2027-06-01"').forgery(codes=("REG301",))
        yield _evidence(base, (target,), period_to='"2026-12-01"').forgery(codes=("REG302",))
        yield _evidence(base, (target,), period_from='"2026-11-01"').forgery(codes=("REG302",))


@kind("evidence of years ago said to be in date")
def _old(base: Base) -> Iterator[Forgery]:
    for target, year in zip(UNSHOWN, ("2019", "2022", "2023"), strict=False):
        days = {"period_from": f'"{year}-01-01"', "period_to": f'"{year}-03-01"', "collected_on": f'"{year}-03-02"'}
        yield _evidence(base, (target,), valid_until='"2027-03-02"', every_months="null", **days).forgery(codes=("REG314",))


@kind("audit report as evidence that something is done")
def _audit_report(base: Base) -> Iterator[Forgery]:
    for target in UNSHOWN[:3]:
        for title, documents in (("Report of internal audit AUD-2026-001", "[PRO-030]"), ("Internal audit, report", "[PRO-005]")):
            yield _evidence(base, (target,), title=title, documents=documents).forgery(codes=("REG316",))
        yield _evidence(base, (target,), title="What was looked at", kind="audit-report").forgery(codes=("REG315",), blocked=False)


@kind("evidence of a kind that its requirement does not produce")
def _other_kind(base: Base) -> Iterator[Forgery]:
    for target, word in zip(UNSHOWN, ("log", "test", "training", "measurement", "agreement"), strict=True):
        yield _evidence(base, (target,), kind=word).forgery(codes=("REG315",), blocked=False)


@kind("address as the only evidence, beside evidence with its file")
def _stated(base: Base) -> Iterator[Forgery]:
    for target, address in zip(UNSHOWN, ("https://wiki.example/1", "https://files.tarnmoor.example/2", "cabinet 4"), strict=False):
        desk = _evidence(base, (target,), reference=f'"{address}"', sensitivity="by-reference")
        del desk.changes["evidence/EV-031.txt"]
        yield desk.forgery(blocked=False, stated=(target,))


@kind("one record of evidence for what other records show already")
def _heavy(base: Base) -> Iterator[Forgery]:
    targets = (
        "iso42001:8.1",
        *(f"iso42001:A.{number}" for number in ("4.2", "4.3", "4.4", "4.5", "6.1.3", "6.2.3", "6.2.5", "6.2.7", "7.3")),
    )
    for file in ("What was seen.\n", "All ten were looked at.\n", "A list of ten.\n"):
        yield _evidence(base, targets, file=file).forgery(codes=("REG317",), blocked=False)


@kind("evidence whose examination failed")
def _failed(base: Base) -> Iterator[Forgery]:
    for target in UNSHOWN[:3]:
        yield _evidence(base, (target,), result="failed").forgery(blocked=False)


@kind("failed evidence deleted, so that older evidence counts again")
def _failed_gone(base: Base) -> Iterator[Forgery]:
    for number in ("001", "013", "021"):
        path = EVIDENCE.format(number)
        before = Desk(base).entry(path, "result", "failed").changes
        yield Desk(base, before).write(path, None).forgery(by_history=True)


@kind("one person who gives the decisions of another as well")
def _one_for_all(base: Base) -> Iterator[Forgery]:
    for left_out in ("registers/datasets/", "registers/impact-assessments/", "registers/ai-systems/"):
        desk = Desk(base)
        for path, text in base.texts.items():
            given = text.replace("by: ines-carvalho", "by: maeve-tarn").replace(f"as_role: {LEAD}", "as_role: top-management")
            if given != text and path.startswith(("docs/", "registers/")) and not path.startswith((left_out, "registers/approvals/")):
                desk.write(path, given)
        names = [base.value(path, "id") for path in desk.changes if re.search(r"(?m)^approved:\n", base.texts[path])]
        yield desk.seal(*names).forgery(codes=("STA110",), blocked=False)
