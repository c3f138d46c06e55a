"""Whether what a task is tied to shows it, and what shows it or is missing.

Nothing that is dated after the day shows anything, and nor does a list in which nothing stands.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from macros.facts.assessments import IN_USE, in_date
from macros.facts.audits import NONCONFORMITY_GRADES, examined
from macros.facts.authority import holders
from macros.facts.computed import Facts
from macros.facts.reuse import Known
from macros.model.document import DocumentStatus
from macros.model.planning import Condition, ConditionKind
from macros.model.records.applicability import Applicability, Implementation, SoaEntry
from macros.model.records.common import Entry
from macros.model.records.governance import IsmsDocument, IsmsDocumentStatus
from macros.model.records.improvement import Audit, AuditFinding, Nonconformity
from macros.model.records.support import ExternalDocument
from macros.model.records.systems import AiSystem, ImpactAssessment, Stage
from macros.model.workspace import Document, Record
from macros.status.documents import days_of

DOCUMENTATION = "iso42001:A.6.2.7"
"""What the technical documentation of an AI system answers."""


@dataclass(frozen=True, slots=True)
class ShownCondition:
    """A condition, whether it holds, and what shows it or is missing."""

    condition: Condition
    holds: bool
    proof: str


def shown_by(facts: Facts, conditions: tuple[Condition, ...]) -> tuple[ShownCondition, ...]:
    """Each condition that applies to this organisation, with its proof or what is missing."""
    organisation = facts.workspace.organisation
    return tuple(
        ShownCondition(condition, *_LOOK[condition.kind](facts, condition))
        for condition in conditions
        if organisation is None or organisation.value.integration_strategy not in condition.not_in
    )


def _has_come(record: Record[Entry], today: datetime.date) -> bool:
    """Whether no day on which a record says that something was done lies ahead."""
    return all(day <= today for day in days_of(record.value))


def _fault(document: Document, today: datetime.date) -> str | None:
    """Why a document shows nothing on a day; None where it is in force and its review not overdue."""
    head = document.head.value
    if head.status is not DocumentStatus.APPROVED:
        return f"{head.id} is {'a draft' if head.status is DocumentStatus.DRAFT else head.status.value}"
    if head.approved is None:
        return f"{head.id} does not say who approved it"
    if head.approved.date > today:
        return f"{head.id} is approved from {head.approved.date} only"
    if head.next_review and head.next_review < today:
        return f"the review of {head.id} was due on {head.next_review}"
    return None


def _document(facts: Facts, condition: Condition) -> tuple[bool, str]:
    document = facts.workspace.document_by_id.get(condition.of or "")
    if document is None:
        return False, f"there is no document {condition.of}"
    fault = _fault(document, facts.today)
    return fault is None, fault or f"{document.id} is approved in version {document.head.value.version}"


def _register(facts: Facts, condition: Condition) -> tuple[bool, str]:
    register = facts.workspace.registers.get(condition.of or "")
    if register is None:
        return False, f"there is no register '{condition.of}'"
    own = [record for record in register.records if not record.value.is_draft]
    counted = [record for record in own if _has_come(record, facts.today)]
    ahead = f", {len(own) - len(counted)} more are dated after today" if len(own) > len(counted) else ""
    return len(counted) >= condition.count, f"{len(counted)} records in the {register.head.value.title}, {condition.count} needed{ahead}"


def _decided(row: SoaEntry, today: datetime.date) -> bool:
    return row.decided is not None and row.decided.date <= today


def _soa_decided(facts: Facts, condition: Condition) -> tuple[bool, str]:
    rows = [record.value for record in facts.workspace.records(SoaEntry) if record.id.startswith(f"{condition.of}:")]
    decided = sum(_decided(row, facts.today) for row in rows)
    return bool(rows) and decided == len(rows), f"{decided} of {len(rows)} rows are decided"


def _soa_implemented(facts: Facts, condition: Condition) -> tuple[bool, str]:
    area = condition.of or ""
    rows = [
        record.value
        for record in facts.workspace.records(SoaEntry)
        if (record.id == area or record.id.startswith(area + ".")) and record.value.applicability is Applicability.INCLUDED
    ]
    done = sum(row.status is Implementation.IMPLEMENTED and _decided(row, facts.today) for row in rows)
    return bool(rows) and done == len(rows), f"{done} of {len(rows)} controls of {area} are implemented"


def _isms(facts: Facts, condition: Condition) -> tuple[bool, str]:
    rows = [record.value for record in facts.workspace.records(IsmsDocument)]
    known = sum(row.status is not IsmsDocumentStatus.TO_CONFIRM for row in rows)
    return bool(rows) and known == len(rows), f"{known} of {len(rows)} ISMS documents are confirmed or known to be absent"


def _isms_in_force(facts: Facts, condition: Condition) -> tuple[bool, str]:
    good = [
        record.value
        for record in facts.workspace.records(IsmsDocument)
        if record.value.status is IsmsDocumentStatus.CONFIRMED and not (record.value.next_review and record.value.next_review < facts.today)
    ]
    covered = {target for paper in good for target in paper.covers}
    missing = [target for target in condition.covers if target not in covered]
    if missing:
        return False, f"no ISMS document on {missing[0]} is confirmed and in date"
    named = ", ".join(paper.id for paper in good if set(paper.covers) & set(condition.covers))
    return bool(condition.covers), f"{named} are confirmed and in date"


def _compared(facts: Facts, condition: Condition) -> tuple[bool, str]:
    clauses = [verdict for verdict in facts.reuse if not verdict.section.startswith("A.")]
    open_ones = [(verdict.requirement, ground.why) for verdict in clauses for ground in verdict.grounds if ground.standing is Known.UNKNOWN]
    if open_ones:
        name, why = open_ones[0]
        return False, f"{len({name for name, _ in open_ones})} of {len(clauses)} clauses are not compared, the first is {name}: {why}"
    return bool(clauses), f"for {len(clauses)} clauses it is known what the ISMS gives"


def _in_scope(facts: Facts) -> list[Record[AiSystem]]:
    systems = facts.workspace.records(AiSystem)
    return [record for record in systems if record.value.stage is not Stage.RETIRED and not record.value.is_closed]


def _documented(facts: Facts, condition: Condition) -> tuple[bool, str]:
    found: dict[str, str] = {}
    for document in facts.workspace.documents:
        head = document.head.value
        if DOCUMENTATION in head.addresses and _fault(document, facts.today) is None:
            found.update(dict.fromkeys(head.about, head.id))
    for record in facts.workspace.records(ExternalDocument):
        paper = record.value
        if DOCUMENTATION in paper.addresses and paper.approved.date <= facts.today <= paper.next_review:
            found.update(dict.fromkeys(paper.about, paper.id))
    systems = _in_scope(facts)
    missing = [record.id for record in systems if record.id not in found]
    if missing:
        return False, f"no document in force is the technical documentation of {', '.join(missing)}"
    if not systems:
        return False, "no AI system is on record"
    return True, ", ".join(f"{found[record.id]} documents {record.id}" for record in systems)


def _assessed(facts: Facts, condition: Condition) -> tuple[bool, str]:
    open_ones = [found.message for found in facts.uncovered]
    if open_ones:
        return False, open_ones[0]
    systems = [record for record in _in_scope(facts) if not record.value.is_draft]
    for record in systems:
        given = [paper for paper in facts.workspace.records(ImpactAssessment) if paper.value.about == record.id]
        valid = [paper for paper in given if in_date(paper.value, facts.today)]
        if record.value.stage in IN_USE and not any(_has_come(paper, facts.today) for paper in valid):
            return False, f"the assessment of {record.id} is dated after today"
    said = f"{len(systems)} AI systems are on record and none in use lacks an assessment" if systems else "no AI system is on record"
    return bool(systems), said


def _roles(facts: Facts, condition: Condition) -> tuple[bool, str]:
    roles = facts.workspace.role_by_id
    held = sum(bool(holders(facts.workspace, role, facts.today)) for role in roles)
    return bool(roles) and held == len(roles), f"{held} of {len(roles)} roles are held"


def _covers(audit: Audit, catalogues: tuple[str, ...]) -> bool:
    """Whether an audit looked at something of each catalogue; one of the ISMS alone shows nothing of the AIMS."""
    return {target.split(":", 1)[0] for target in examined(audit)} >= set(catalogues)


def _audit(facts: Facts, condition: Condition) -> tuple[bool, str]:
    catalogues = condition.covers or ("iso42001",)
    done = [
        record.id
        for record in facts.workspace.records(Audit)
        if record.value.kind.value == condition.of
        and record.value.carried_out_on
        and record.value.carried_out_on <= facts.today
        and record.value.conclusion
        and _covers(record.value, catalogues)
    ]
    both = f" that covers {' and '.join(catalogues)}" if condition.covers else ""
    said = f"{', '.join(done)} carried out and concluded" if done else f"no {condition.of} audit{both} has been carried out and concluded"
    return len(done) >= condition.count, said if condition.count == 1 else f"{said}, {condition.count} needed"


def _nonconformities(facts: Facts, condition: Condition) -> tuple[bool, str]:
    records = list(facts.workspace.records(Nonconformity))
    open_ones = [record.id for record in records if not (record.value.is_closed and _has_come(record, facts.today))]
    if open_ones:
        return False, f"open: {', '.join(open_ones)}"
    grades = [record.value.grade for record in facts.workspace.records(AuditFinding)]
    if not records and (not grades or set(grades) & set(NONCONFORMITY_GRADES)):
        return False, "no nonconformity is on record, and no audit found that there is none"
    return True, "no nonconformity is open"


_LOOK: dict[ConditionKind, Callable[[Facts, Condition], tuple[bool, str]]] = {
    ConditionKind.DOCUMENT_APPROVED: _document,
    ConditionKind.REGISTER_FILLED: _register,
    ConditionKind.SOA_DECIDED: _soa_decided,
    ConditionKind.SOA_IMPLEMENTED: _soa_implemented,
    ConditionKind.ISMS_CONFIRMED: _isms,
    ConditionKind.ISMS_IN_FORCE: _isms_in_force,
    ConditionKind.CLAUSES_COMPARED: _compared,
    ConditionKind.SYSTEMS_DOCUMENTED: _documented,
    ConditionKind.SYSTEMS_ASSESSED: _assessed,
    ConditionKind.ROLES_HELD: _roles,
    ConditionKind.AUDIT_DONE: _audit,
    ConditionKind.NONCONFORMITIES_CLOSED: _nonconformities,
    ConditionKind.STRATEGY_CHOSEN: _document,
}
