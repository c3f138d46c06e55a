"""What falls due between two days: reviews, decisions, treatments, evidence, reading and audits, each with its place and owner."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from macros.evidence import EvidenceBook
from macros.model.document import DocumentStatus
from macros.model.records.applicability import Applicability
from macros.model.records.governance import IsmsDocumentStatus
from macros.model.records.improvement import State
from macros.model.records.kinds import SOA
from macros.model.records.risk import ObjectiveStatus, RiskStatus
from macros.model.workspace import Record, Workspace
from macros.readings import readings
from macros.trace import Trace
from macros.worklist.steps import Due


def due_between(workspace: Workspace, trace: Trace, today: datetime.date, until: datetime.date) -> tuple[Due, ...]:
    """Everything with a day from `today` to `until`, the earliest first."""
    found = [due for due in (*_dated(workspace), *_evidence(workspace, trace, today, until)) if today <= due.day <= until]
    found += [due for due in _reading(workspace, today) if today <= due.day <= until]
    return tuple(sorted(set(found), key=lambda due: (due.day, due.id, due.what)))


def _dated(workspace: Workspace) -> Iterator[Due]:
    for document in workspace.documents:
        head = document.head.value
        if head.status is DocumentStatus.APPROVED and head.next_review:
            yield Due(head.next_review, head.id, "review", document.head.at("next_review"), head.owner)
    for record in workspace.records("isms-documents", "suppliers", "external-documents"):
        value = record.data.value
        if value.next_review and getattr(value, "status", None) is not IsmsDocumentStatus.ABSENT:
            yield Due(value.next_review, record.id, "review", record.data.at("next_review"), _owner(workspace, record))
    for record in workspace.records(SOA):
        value = record.data.value
        if value.revisit and value.applicability is Applicability.EXCLUDED:
            yield Due(value.revisit, record.id, "look at the exclusion again", record.data.at("revisit"), value.owner)
    for record in workspace.records("risks"):
        value = record.data.value
        if value.treatment.due and value.status is RiskStatus.OPEN:
            yield Due(value.treatment.due, record.id, "finish the treatment", record.data.at("treatment", "due"), value.treatment.owner)
    for record in workspace.records("objectives"):
        if record.data.value.status is ObjectiveStatus.OPEN:
            yield Due(record.data.value.due, record.id, "reach the objective", record.data.at("due"), record.data.value.owner)
    for record in workspace.records("nonconformities"):
        if record.data.value.state is State.OPEN:
            yield Due(record.data.value.due, record.id, "correct its cause", record.data.at("due"), record.data.value.owner)
    for record in workspace.records("management-reviews"):
        for index, decision in enumerate(record.data.value.decisions):
            if decision.done_on is None:
                yield Due(decision.due, record.id, "carry out a decision", record.data.at("decisions", index, "due"), decision.owner)
    for record in workspace.records("audits"):
        if record.data.value.carried_out_on is None:
            yield Due(record.data.value.planned_for, record.id, "audit", record.data.at("planned_for"), _owner(workspace, record))


def _evidence(workspace: Workspace, trace: Trace, today: datetime.date, until: datetime.date) -> Iterator[Due]:
    for found in EvidenceBook(workspace, trace, today).due(until):
        yield Due(found.due, found.record.id, "collect again", found.record.data.at("valid_until"), _owner(workspace, found.record))


def _reading(workspace: Workspace, today: datetime.date) -> Iterator[Due]:
    for reading in readings(workspace, today):
        for missing in reading.missing:
            yield Due(missing.due, reading.document.id, "read and acknowledge", reading.document.head.at("title"), missing.person)


def _owner(workspace: Workspace, record: Record) -> str:
    """The role that answers for a record: its own owner where that is one, else that of its register."""
    own = getattr(record.data.value, "owner", None)
    return own if own in workspace.role_by_id else workspace.registers[record.kind.name].head.value.owner
