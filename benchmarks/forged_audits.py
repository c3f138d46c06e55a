"""Forgeries of audits, the Statement of Applicability, ISMS documents and the roadmap."""

from __future__ import annotations

import re
from collections.abc import Iterator

from benchmarks.forging import Approver, Desk, Forgery, kind
from benchmarks.seeds import Base

SOA = "registers/statement-of-applicability.yaml"
ISMS = "registers/isms-documents.yaml"
LEAD = "ai-governance-lead"
MANY = tuple(f"iso42001:A.{number}" for number in ("2.3", "4.2", "4.4", "4.5", "6.1.2", "6.2.3", "6.2.7", "7.5", "7.6", "8.5"))
UNAUDITED = ("iso42001:A.4.2", "iso42001:A.4.4", "iso42001:A.6.2.3", "iso42001:A.7.5", "iso42001:A.9.3")
"""Requirements that operate, and that no audit has covered."""


# Audits


def _audit(base: Base, covers: tuple[str, ...], sampled: bool = True, **entries: str) -> Desk:
    path = "registers/audits/AUD-2026-002.yaml"
    desk = Desk(base).entry(path, "covers", "[" + ", ".join(f'"{target}"' for target in covers) + "]")
    said = {
        "carried_out_on": '"2026-11-10"',
        "state": "closed",
        "reported_to": "Top management, on 2026-11-12",
        "conclusion": "The criteria are met.",
    }
    for name, value in (said | entries).items():
        desk.entry(path, name, f'"{value}"' if name == "conclusion" else value)
    return _sampled(desk, *((target, f"Two records of {target} and an interview with its owner.") for target in covers if sampled))


def _sampled(desk: Desk, *samples: tuple[str, str], seen: str = "conforms") -> Desk:
    """The audit with a sample for each requirement, or for several separated by commas."""
    rows = [f'  - {{requirements: [{target}], seen: "{text}", concluded: {seen}}}\n' for target, text in samples]
    return desk.swap("registers/audits/AUD-2026-002.yaml", r"^conclusion: ", f"samples:\n{''.join(rows)}conclusion: ") if rows else desk


@kind("audit that says nothing of what was looked at")
def _good(base: Base) -> Iterator[Forgery]:
    for text in ("Good.", "Everything is fine and nothing was found.", "The criteria are met."):
        yield _audit(base, UNAUDITED, sampled=False, conclusion=text, method="Good.").forgery(codes=("REG337",))


@kind("audit whose samples say nothing")
def _empty_samples(base: Base) -> Iterator[Forgery]:
    for text in ("Good.", "All was seen.", "Looked at everything."):
        desk = _audit(base, UNAUDITED, sampled=False)
        yield _sampled(desk, *((target, text) for target in UNAUDITED)).forgery(codes=("REG337",))


@kind("audit that covers a requirement and says nothing of it")
def _silent(base: Base) -> Iterator[Forgery]:
    for target in UNAUDITED[:3]:
        desk = _audit(base, (target, "iso42001:10.1"), sampled=False)
        sample = ("iso42001:10.1", "Three records of nonconformities and the minutes of a meeting.")
        yield _sampled(desk, sample).forgery(codes=("REG337",))


@kind("audit of everything at once")
def _everything(base: Base) -> Iterator[Forgery]:
    for covers in (("iso42001:4", "iso42001:5", "iso42001:A.4", "iso42001:A.6"), ("iso42001:A",), ("iso42001:A.4", "iso42001:A.9")):
        yield _audit(base, covers).forgery(codes=("REG337",))
    desk = _audit(base, MANY, sampled=False)
    yield _sampled(desk, (", ".join(MANY), "All records of the year and interviews with everybody.")).forgery(codes=("REG337",))
    desk = _audit(base, MANY, sampled=False)
    yield _sampled(desk, *((target, "All records of the year and interviews with everybody.") for target in MANY)).forgery(
        codes=("REG337",)
    )


@kind("requirement that could not be seen, counted as audited")
def _unseen(base: Base) -> Iterator[Forgery]:
    for target in UNAUDITED[:3]:
        desk = _audit(base, (target,), sampled=False)
        sample = (target, "Only the procedure, because nothing had been done yet.")
        yield _sampled(desk, sample, seen="could-not-be-seen").forgery(blocked=False)


@kind("audit by somebody who answers for what is audited")
def _own(base: Base) -> Iterator[Forgery]:
    for auditor in ("Inês Carvalho", "ines-carvalho", "AI governance lead"):
        yield _audit(base, UNAUDITED, auditor=auditor).forgery(codes=("REG326",))


@kind("audit on a day to come")
def _audit_ahead(base: Base) -> Iterator[Forgery]:
    for day in ("2026-11-17", "2026-12-14", "2031-01-01"):
        yield _audit(base, UNAUDITED, carried_out_on=f'"{day}"').forgery(codes=("REG327",))


@kind("audit without a conclusion, or not carried out, and closed")
def _no_conclusion(base: Base) -> Iterator[Forgery]:
    yield _audit(base, UNAUDITED, conclusion="null").swap("registers/audits/AUD-2026-002.yaml", '"null"', "null").forgery(codes=("REG322",))
    desk = _audit(base, UNAUDITED, carried_out_on="null").swap("registers/audits/AUD-2026-002.yaml", r"^conclusion: .*", "conclusion: null")
    yield desk.forgery(codes=("REG322",))
    yield _audit(base, (), carried_out_on='"2026-11-10"').forgery(codes=("REG322",))


@kind("audit of another year given the day of this one")
def _year(base: Base) -> Iterator[Forgery]:
    for number in ("001", "003", "004"):
        path = f"registers/audits/AUD-2026-{number}.yaml"
        before = Desk(base).swap(path, r'^carried_out_on: "2026', 'carried_out_on: "2023').changes
        yield Desk(base, before).swap(path, r'^carried_out_on: "2023', 'carried_out_on: "2026').forgery(by_history=True)


@kind("audit finding deleted, graded down, or its nonconformity closed without anything")
def _finding(base: Base) -> Iterator[Forgery]:
    for number in ("001", "002"):
        path = f"registers/audit-findings/FND-{number}.yaml"
        yield Desk(base).write(path, None).forgery()
        yield Desk(base).entry(path, "grade", "opportunity-for-improvement").forgery()
        nonconformity = f"registers/nonconformities/NC-2026-{number}.yaml"
        desk = Desk(base).entry(nonconformity, "state", "closed")
        for name in ("cause", "effectiveness", "effective_on"):
            desk.entry(nonconformity, name, "null")
        yield desk.forgery(codes=("REG324",))


# Statement of Applicability and ISMS


@kind("control in use excluded, with a day to look at it again")
def _excluded(base: Base) -> Iterator[Forgery]:
    for control in ("iso42001:A.5.2", "iso42001:A.7.4", "iso42001:A.10.3"):
        desk = Desk(base).row(SOA, f"control: {control}", "applicability", "excluded")
        desk.row(SOA, f"control: {control}", "status", "not-applicable").row(SOA, f"control: {control}", "revisit", '"2027-06-30"')
        yield desk.forgery(codes=("SOA110",))
        desk.row(SOA, f"control: {control}", "decided", '{by: maeve-tarn, date: "2026-11-10", as_role: top-management}')
        yield desk.forgery(codes=("SOA110",))


@kind("exclusion without a day to look at it again")
def _no_revisit(base: Base) -> Iterator[Forgery]:
    excluded = re.findall(r"(?m)^  - control: (\S+)\n    applicability: excluded", base.texts[SOA])
    for control in excluded:
        for value, code in (("null", "SOA105"), ('"2026-11-15"', "SOA106"), (None, "SOA105")):
            desk = Desk(base).row(SOA, f"control: {control}", "revisit", value)
            yield desk.forgery(codes=(code,), rungs={control: "tailored"}, blocked=False)


def _decided(base: Base, value: str) -> Iterator[Desk]:
    for control in ("iso42001:A.2.2", "iso42001:A.6.2.4", "iso42001:A.9.2"):
        yield Desk(base).row(SOA, f"control: {control}", "decided", value)


@kind("row of the Statement of Applicability decided by nobody who may")
def _decider(base: Base) -> Iterator[Forgery]:
    for by, role in (("helen-osei", "top-management"), ("ines-carvalho", LEAD), ("orla-fitz", "data-steward")):
        for desk in _decided(base, str(Approver(by, "2026-03-01", role))):
            yield desk.forgery(codes=("REG114",))


@kind("row of the Statement of Applicability decided in the future")
def _row_ahead(base: Base) -> Iterator[Forgery]:
    for day in ("2026-11-17", "2031-01-01"):
        for desk in _decided(base, str(Approver("maeve-tarn", day, "top-management"))):
            yield desk.forgery(codes=("REG114",))


@kind(
    "control in progress said to be implemented",
    open_because="evidence for a part of the control is there, and whether it is the whole is for people to say",
)
def _implemented(base: Base) -> Iterator[Forgery]:
    for control in ("iso42001:A.6.2.8", "iso42001:A.8.5", "iso42001:A.10.2"):
        yield Desk(base).row(SOA, f"control: {control}", "status", "implemented").forgery()


@kind("control said to be implemented that nothing answers")
def _nothing(base: Base) -> Iterator[Forgery]:
    for control in ("iso27001:A.8.22", "iso27001:A.8.34", "own:OWN-001"):
        yield Desk(base).row(SOA, f"control: {control}", "status", "implemented").forgery(rungs={control: "tailored"}, blocked=False)


@kind("ISMS document confirmed without owner, version, address or review, withdrawn or overdue")
def _isms(base: Base) -> Iterator[Forgery]:
    for row, target in (("ISM-001", "iso27001:A.5.1"), ("ISM-002", "iso27001:4.3"), ("ISM-007", "iso27001:7.5.3")):
        for name, value in (
            ("owner", "null"),
            ("version", "null"),
            ("address", "null"),
            ("next_review", "null"),
            ("next_review", '"2026-11-15"'),
            ("status", "withdrawn"),
            ("status", "to-confirm"),
        ):
            yield Desk(base).row(ISMS, f"id: {row}", name, value).forgery(rungs={target: "tailored"}, blocked=False)


@kind("ISMS document said to cover every control")
def _isms_all(base: Base) -> Iterator[Forgery]:
    rows = re.findall(r"(?m)^  - control: (iso27001:\S+)\n    applicability: included", base.texts[SOA])
    for row in ("ISM-001", "ISM-002", "ISM-007"):
        yield Desk(base).row(ISMS, f"id: {row}", "covers", "[" + ", ".join(f'"{one}"' for one in rows) + "]").forgery(codes=("REG313",))


@kind("document that names every requirement in its addresses")
def _document_all(base: Base) -> Iterator[Forgery]:
    for path in ("docs/policies/ai-policy.md", "docs/procedures/communication.md", "docs/context/context.md"):
        rows = [one for one in re.findall(r"(?m)^  - control: (\S+)\n", base.texts[SOA]) if one not in base.texts[path]]
        desk = Desk(base).swap(path, r"^addresses:\n", "addresses:\n" + "".join(f'  - "{one}"\n' for one in rows))
        yield desk.forgery(codes=("STA107",))
        yield desk.seal(base.value(path, "id")).forgery()


# Records that show that something is done


@kind("record dated on a day to come")
def _record_ahead(base: Base) -> Iterator[Forgery]:
    for path, row, name in (
        ("registers/measurements.yaml", "id: MEA-002", "measured_on"),
        ("registers/competence.yaml", "id: COM-012", "completed_on"),
        ("registers/suppliers.yaml", "id: SUP-001", "reviewed_on"),
    ):
        yield Desk(base).row(path, row, name, '"2031-01-01"').forgery(codes=("REG117",))


@kind("management review that was not held, or approved before it")
def _review(base: Base) -> Iterator[Forgery]:
    path = "registers/management-reviews/MR-2026-001.yaml"
    yield Desk(base).entry(path, "held_on", '"2031-01-01"').forgery(codes=("REG114",))
    yield Desk(base).entry(path, "approved", str(Approver("maeve-tarn", "2026-10-01", "top-management"))).forgery(codes=("REG114",))
    yield Desk(base).entry(path, "approved", str(Approver("ines-carvalho", "2026-10-22", LEAD))).forgery(codes=("REG114",))
