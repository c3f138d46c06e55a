"""REG3, STA1: evidence is of a kind that shows what it names, and neither one record nor one person carries everything."""

from __future__ import annotations

from collections.abc import Iterator

from macros.checks.registry import Said, check
from macros.facts.computed import Facts
from macros.facts.shares import AREA, ENOUGH, HANDFUL, SHARE, carried
from macros.facts.showing import audit_in, either, fits, kinds_for, spoken
from macros.model.records.support import Evidence, EvidenceKind
from macros.problem import Severity


@check("REG315", "Evidence is of a kind that its requirement does not produce", Severity.WARNING)
def other_kind(facts: Facts) -> Iterator[Said]:
    """A list of attendance shows no management review; the catalogue says by which kinds of evidence each requirement is shown."""
    for record in facts.workspace.records(Evidence):
        evidence = record.value
        if audit_in(facts.workspace, evidence):
            continue  # REG316 speaks of it
        for index, target in enumerate(evidence.evidences):
            if target not in facts.workspace.requirements or fits(facts.workspace, evidence, target):
                continue
            kinds = kinds_for(facts.workspace, target)
            shown = f"is shown by {either(kinds)}" if kinds else "is shown by what is done, and not by an audit of it"
            yield (
                record.data.at("evidences", index),
                f"'{record.id}' is of the kind '{spoken(evidence.kind)}', and '{target}' {shown}",
                "take the requirement out of the record, and bring evidence of such a kind; or enter what the evidence is under 'kind'",
            )


@check("REG316", "Report of an audit is entered as other evidence")
def audit_report(facts: Facts) -> Iterator[Said]:
    """A report says what auditors found on a day; it shows that audits are done, and the work itself shows that the work goes on (9.2)."""
    for record in facts.workspace.records(Evidence):
        why = audit_in(facts.workspace, record.value)
        if why:
            yield (
                record.data.at("kind"),
                f"'{record.id}' is entered as '{spoken(record.value.kind)}', and is the report of an audit: {why}",
                f"write 'kind: {EvidenceKind.AUDIT_REPORT.value}', and bring other evidence for what was audited",
            )


@check("REG317", "One record of evidence carries many requirements", Severity.WARNING)
def heavy(facts: Facts) -> Iterator[Said]:
    """What shows more requirements than any area of the annex has is about everything; where it falls, all of them fall with it."""
    for one in carried(facts.evidence):
        if len(one.requirements) > AREA:
            record = facts.workspace.record_by_id[one.name]
            yield (
                record.data.at("evidences"),
                f"'{one.name}' is evidence for {len(one.requirements)} requirements, more than {AREA} by one file or address",
                "name those that it is about, and bring evidence of its own for each of the others",
            )


@check("STA110", "One person gave nearly all decisions", Severity.WARNING)
def one_person(facts: Facts) -> Iterator[Said]:
    """Where many could decide and one does, roles are names only: nobody else looked, and nobody notices what that person overlooks."""
    organisation, most = facts.workspace.organisation, facts.decided.most
    if organisation is None or most is None:
        return
    here = [person for person in organisation.value.people if person.left is None or person.left >= facts.today]
    name, count = most
    if len(here) > HANDFUL and facts.decided.total >= ENOUGH and count > SHARE * facts.decided.total:
        index, person = next((index, person) for index, person in enumerate(organisation.value.people) if person.id == name)
        yield (
            organisation.at("people", index),
            f"{person.name} gave {count} of the {facts.decided.total} decisions in force, among {len(here)} people",
            "let those decide whom the responsibility matrix names beside that person, at the next review of each document and record",
        )
