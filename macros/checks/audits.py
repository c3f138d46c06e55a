"""REG32: audits reach everything within their cycle, and what they find is followed to its cause."""

from __future__ import annotations

import re
from collections.abc import Iterator

from macros.checks.registry import Said, check
from macros.days import after_days
from macros.facts.audits import NONCONFORMITY_GRADES, steps_of, within
from macros.facts.computed import Facts
from macros.model.base import fields_of
from macros.model.records.improvement import Audit, AuditFinding, Nonconformity, State
from macros.problem import Severity


@check("REG321", "Requirement is neither audited within the cycle nor planned", Severity.NOTE)
def left_out(facts: Facts) -> Iterator[Said]:
    """In each cycle of `audit_cycle_months` the internal audits reach every clause and every included control (ISO/IEC 42001, 9.2.2)."""
    workspace = facts.workspace
    register = workspace.register(Audit)
    if register is None or not all(workspace.is_whole(folder) for folder in ("registers", "controls", "org.yaml")):
        return
    found = facts.programme
    for name, rows in found.coverage.items():
        missing = [row for row in rows if row.left_out]
        if missing:
            title = workspace.catalogues[name].value.title
            yield (
                register.head.at(),
                (
                    f"{len(missing)} of {len(rows)} clauses and included controls of {title} were not covered by an internal audit since "
                    f"{found.since} and are in none that is planned, the first is '{missing[0].requirement}'"
                ),
                "name them under 'covers' in a planned audit; the page 'Audit programme' lists them",
            )


@check("REG322", "Audit was carried out and does not say with what result")
def without_result(facts: Facts) -> Iterator[Said]:
    """An audit without a conclusion, or without what it covered, shows nothing; results are on record within `results_days`."""
    days = facts.workspace.number("results_days", 14)
    for record in facts.workspace.records(Audit):
        audit: Audit = record.value
        if audit.carried_out_on is None:
            if audit.state is State.CLOSED and audit.conclusion is None:
                yield (
                    record.data.at("state"),
                    f"audit '{audit.id}' is closed, and was not carried out",
                    "enter the day in 'carried_out_on', or say in 'conclusion' why it was dropped",
                )
            continue
        if not audit.covers:
            yield (
                record.data.at("covers"),
                f"audit '{audit.id}' was carried out on {audit.carried_out_on} and covers nothing",
                "name the requirements that it covered",
            )
        if audit.conclusion is None and (audit.state is State.CLOSED or after_days(audit.carried_out_on, days) < facts.today):
            yield (
                record.data.at("conclusion"),
                f"audit '{audit.id}' was carried out on {audit.carried_out_on} and has no conclusion",
                "enter whether the criteria are met",
            )


@check("REG323", "Audit finding of a nonconformity has no nonconformity record")
def not_entered(facts: Facts) -> Iterator[Said]:
    """What an auditor graded as a nonconformity is corrected and its cause removed (10.2); without a record nobody does."""
    audits: dict[str, Audit] = {record.id: record.value for record in facts.workspace.records(Audit)}
    days = facts.workspace.number("nonconformity_entry_days", 3)
    for record in facts.workspace.records(AuditFinding):
        finding: AuditFinding = record.value
        audit = audits.get(finding.audit)
        fresh = audit is not None and audit.carried_out_on is not None and after_days(audit.carried_out_on, days) >= facts.today
        if finding.grade in NONCONFORMITY_GRADES and finding.nonconformity is None and not fresh:
            yield (
                record.data.at("nonconformity"),
                f"'{finding.id}' is a {finding.grade.value.replace('-', ' ')} and names no nonconformity record",
                "enter the nonconformity, and name it here",
            )


@check("REG324", "Nonconformity is closed before it is resolved")
def closed_too_soon(facts: Facts) -> Iterator[Said]:
    """A nonconformity is closed when it is corrected, its cause is known, an action has removed it, and that was shown to work (10.2)."""
    needed = {
        "correction": "its correction",
        "corrected_on": "the day of its correction",
        "cause": "a cause",
        "corrective_action": "a corrective action",
        "implemented_on": "the day on which the action was in place",
        "effectiveness": "how the effect was shown",
        "effective_on": "the day on which the effect was shown",
    }
    for record in facts.workspace.records(Nonconformity):
        nonconformity = record.value
        fields = fields_of(nonconformity)
        gone = [key for key in needed if fields[key] is None]
        if nonconformity.state is State.CLOSED and gone:
            yield (
                record.data.at("state"),
                f"'{nonconformity.id}' is closed without {', '.join(needed[key] for key in gone)}",
                f"open it again, or fill in {', '.join(gone)}",
            )


@check("REG325", "Step of a nonconformity is overdue", Severity.WARNING)
def overdue(facts: Facts) -> Iterator[Said]:
    """Corrections and causes within `correction_days`, actions by their due date, effects within `effectiveness_check_days`."""
    places = {"correction": "corrected_on", "cause": "cause", "corrective action": "implemented_on", "effectiveness": "effective_on"}
    for record in facts.workspace.records(Nonconformity):
        nonconformity = record.value
        for step in steps_of(facts.workspace, nonconformity, facts.today):
            if step.state == "overdue":
                yield (
                    record.data.at(places[step.name]),
                    f"{step.name} of '{nonconformity.id}' was {step.said}",
                    "do it and enter it, or lay before top management why it takes longer and set the date anew",
                )


@check("REG326", "Auditor answers for what was audited")
def own_work(facts: Facts) -> Iterator[Said]:
    """Nobody audits their own work (9.2.2); `independence` says by id which requirements or documents somebody else looked at."""
    workspace = facts.workspace
    if workspace.organisation is None:
        return
    for record in workspace.records(Audit):
        audit: Audit = record.value
        people = [person for person in workspace.organisation.value.people if _named(audit.auditor, person.name, person.id)]
        holders = {person.id for person in people}
        roles = {
            role.id for role in workspace.role_by_id.values() if holders & set(role.held_by) or _named(audit.auditor, role.title, role.id)
        }
        own = []
        for document in workspace.documents:
            head = document.head.value
            if head.owner not in roles:
                continue
            met = [target for target in head.addresses if any(within(target, above) for above in audit.covers)]
            left = [target for target in met if not _mentions(audit.independence, target)]
            if left and not _mentions(audit.independence, head.id):
                own.append((head.id, left[0]))
        if own:
            name, target = own[0]
            more = f" and {len(own) - 1} more documents" if len(own) > 1 else ""
            yield (
                record.data.at("auditor"),
                f"the auditor of '{audit.id}' owns '{name}', which answers '{target}'{more}; the audit covers it",
                "have somebody else audit it and name it by its id under 'independence', or take it out of 'covers'",
            )


@check("REG327", "Audit was carried out on a day that has not come")
def in_the_future(facts: Facts) -> Iterator[Said]:
    """What has not happened is planned; only an audit that took place covers anything."""
    for record in facts.workspace.records(Audit):
        day = record.value.carried_out_on
        if day and day > facts.today:
            yield (
                record.data.at("carried_out_on"),
                f"audit '{record.id}' is entered as carried out on {day}, which has not come",
                "write null until it has taken place; the day that is intended stands in 'planned_for'",
            )


@check("REG328", "Steps of a nonconformity are in the wrong order")
def wrong_order(facts: Facts) -> Iterator[Said]:
    """Nothing is corrected before it is found, and no action shows its effect before it is in place."""
    pairs = (("found_on", "corrected_on"), ("found_on", "implemented_on"), ("implemented_on", "effective_on"))
    for record in facts.workspace.records(Nonconformity):
        nonconformity = record.value
        days = {
            "found_on": nonconformity.found_on,
            "corrected_on": nonconformity.corrected_on,
            "implemented_on": nonconformity.implemented_on,
            "effective_on": nonconformity.effective_on,
        }
        for first, second in pairs:
            before, after = days[first], days[second]
            if before and after and after < before:
                yield (
                    record.data.at(second),
                    f"'{nonconformity.id}' has {second} {after}, before {first} {before}",
                    "set the two days right",
                )
        if nonconformity.corrected_on and not nonconformity.correction:
            yield (
                record.data.at("corrected_on"),
                f"'{nonconformity.id}' was corrected on {nonconformity.corrected_on}, and 'correction' does not say how",
                "enter what was done, or take the day out",
            )
        if nonconformity.effective_on and not nonconformity.implemented_on:
            yield (
                record.data.at("effective_on"),
                f"'{nonconformity.id}' was effective on {nonconformity.effective_on}, and its action has no day in 'implemented_on'",
                "enter when the action was in place, or take the day of its effect out",
            )


@check("REG329", "Planned audit has not taken place", Severity.WARNING)
def not_held(facts: Facts) -> Iterator[Said]:
    """An audit whose day has passed is no plan any more, and what it was to cover is open again."""
    for record in facts.workspace.records(Audit):
        audit: Audit = record.value
        if audit.carried_out_on is None and audit.state is State.OPEN and audit.planned_for < facts.today:
            yield (
                record.data.at("planned_for"),
                f"audit '{audit.id}' was planned for {audit.planned_for} and has not been carried out",
                "enter when it took place, or plan it anew",
            )


def _named(text: str, *names: str) -> bool:
    return any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text, re.IGNORECASE) for name in names)


def _mentions(text: str, name: str) -> bool:
    """Whether a text names an id and not a longer one that begins with it."""
    return re.search(rf"(?<![\w:.-]){re.escape(name)}(?!\.?\w)", text) is not None
