"""What stands on record and is not rewritten: approvals, ratings, evidence, audits, and records that have to be kept.

Only the two sides of a change show this: a record that was rewritten looks like one that was always so.
"""

from __future__ import annotations

from collections.abc import Iterator

from macros.facts.audits import examined
from macros.model.document import Approval
from macros.model.numbering import natural
from macros.model.records.approvals import ApprovalRecord
from macros.model.records.common import Entry
from macros.model.records.improvement import Audit, AuditFinding, Change, Concern, Grade, Incident, ManagementReview, Nonconformity
from macros.model.records.risk import Risk
from macros.model.records.support import Evidence, ExternalDocument, Result
from macros.model.records.systems import AiSystem, Dataset, Decided, ImpactAssessment
from macros.model.workspace import Record, Workspace

KEPT = (
    *(AiSystem, ImpactAssessment, Dataset, Risk, Evidence, Change, ApprovalRecord, ManagementReview),
    *(Audit, AuditFinding, Nonconformity, Incident, Concern),
)
"""Kinds of record that are closed or withdrawn, and not deleted (7.5.3)."""


def kept_blocks(base: Workspace, head: Workspace) -> Iterator[str]:
    """What a proposal takes back or rewrites that was decided, rated, collected or found."""
    yield from _removed(base, head)
    yield from _approvals(base, head)
    after = {record.id: record for record in head.all_records}
    for record in sorted(base.all_records, key=lambda found: natural(found.id)):
        if record.id in after:
            yield from _rewritten(record, after[record.id].value)
    yield from _organisation(base, head)


def _removed(base: Workspace, head: Workspace) -> Iterator[str]:
    after = {record.id for record in head.all_records}
    for name, register in base.registers.items():
        lost = [record for record in register.records if isinstance(record.value, KEPT) and record.id not in after and not _draft(record)]
        lost = [record for record in lost if record.data.path not in head.broken]
        if name not in head.registers and lost:
            yield f"the {register.head.value.title} is removed with {len(lost)} records that have to be kept; bring it back"
            continue
        for record in lost:
            yield f"{record.kind.one} {record.id} is removed, and has to be kept; bring it back, and close or withdraw it instead"


def _draft(record: Record[Entry]) -> bool:
    return record.value.is_draft


def _approvals(base: Workspace, head: Workspace) -> Iterator[str]:
    after = dict(_given(head))
    for name, before in _given(base):
        now = after.get(name)
        if now is None or now == before:
            continue
        if now.date < before.date:
            yield f"the approval of {name} goes back from {before.date} to {now.date}; take it back, or have it approved anew"
        elif now.date == before.date and before.sha256 and now.sha256 and now.sha256 != before.sha256:
            yield (
                f"the approval of {name} of {before.date} is put on something else than was approved then; "
                "have it approved anew with './aims approve', on the day on which that is given"
            )


def _given(workspace: Workspace) -> Iterator[tuple[str, Approval]]:
    for document in workspace.documents:
        if document.head.value.approved:
            yield document.id, document.head.value.approved
    for record in workspace.all_records:
        value = record.value
        given: Approval | None = value.acceptance if isinstance(value, Risk) else None
        if isinstance(value, Decided | Change | ExternalDocument | ManagementReview):
            given = value.approved
        if isinstance(given, Approval):
            yield record.id, given


def _rewritten(record: Record[Entry], after: Entry) -> Iterator[str]:
    before, name = record.value, f"{record.kind.one} {record.id}"
    if isinstance(before, Evidence) and isinstance(after, Evidence):
        changed = [
            what
            for what, differs in (
                ("fingerprint", bool(before.sha256) and before.sha256 != after.sha256),
                ("version", bool(before.version) and before.version != after.version),
                ("result", before.result is not after.result and after.result is not Result.FAILED),
                (
                    "days",
                    (before.collected_on, before.period_from, before.period_to) != (after.collected_on, after.period_from, after.period_to),
                ),
                ("last day", after.valid_until > before.valid_until),
            )
            if differs
        ]
        if changed:
            yield f"{name} changes its {', '.join(changed)}; what was collected stays, and what is collected anew is another record"
    elif isinstance(before, Audit) and isinstance(after, Audit):
        if before.carried_out_on and before.carried_out_on != after.carried_out_on:
            yield f"{name} moves its day from {before.carried_out_on} to {after.carried_out_on}; an audit of another day is another record"
        elif before.conclusion and set(after.covers) - set(before.covers):
            more = sorted(set(after.covers) - set(before.covers))
            yield f"{name} covers {more[0]} after it was concluded; what was not audited then is audited again"
        elif before.conclusion and before.samples and examined(after) - examined(before):
            more = sorted(examined(after) - examined(before))
            yield f"{name} gets a sample for {more[0]} after it was concluded; what was not audited then is audited again"
    elif isinstance(before, AuditFinding) and isinstance(after, AuditFinding):
        grades = list(Grade)
        if grades.index(after.grade) > grades.index(before.grade):
            yield f"{name} is graded down from {before.grade.value} to {after.grade.value}; what an auditor found stays as it was found"
    elif isinstance(before, Risk) and isinstance(after, Risk) and _rated_otherwise(before, after):
        yield f"{name} has another rating, and its day of rating is still {before.assessed_on}; rate it anew and enter the day"


def _rated_otherwise(before: Risk, after: Risk) -> bool:
    """Whether a rating was changed and its day was not."""
    return before.assessed_on == after.assessed_on and (before.initial, before.residual) != (after.initial, after.residual)


def _organisation(base: Workspace, head: Workspace) -> Iterator[str]:
    if base.organisation is None or head.organisation is None:
        return
    joined = {person.id: person.joined for person in head.organisation.value.people}
    for person in base.organisation.value.people:
        now = joined.get(person.id, person.joined)
        if person.joined and (now is None or now < person.joined):
            said = f"on {now}" if now else "before all records"
            yield f"{person.name} is said to have joined {said}, and joined on {person.joined}; take it back"
    old, new = base.organisation.value, head.organisation.value
    for name in (*old.catalogues, *old.statement_of_applicability):
        where = "catalogues" if name not in new.catalogues else "statement_of_applicability"
        if name not in new.catalogues or (name in old.statement_of_applicability and name not in new.statement_of_applicability):
            yield f"org.yaml leaves {name} out of '{where}', so that nothing of it is judged any more; take it back"
            break
