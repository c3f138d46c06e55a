"""What falls due between two days: reviews, decisions, treatments, evidence, reading and audits, each with its place and owner."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from macros.facts.evidence import EvidenceBook
from macros.facts.readings import readings
from macros.facts.trace import Trace
from macros.model.document import DocumentStatus
from macros.model.records.applicability import Applicability, SoaEntry
from macros.model.records.governance import IsmsDocument, IsmsDocumentStatus
from macros.model.records.improvement import Audit, ManagementReview, Nonconformity, State
from macros.model.records.partners import Supplier
from macros.model.records.risk import Objective, ObjectiveStatus, Risk, RiskStatus
from macros.model.records.support import ExternalDocument
from macros.model.workspace import Workspace
from macros.worklist.owners import owner_of
from macros.worklist.steps import Due


def due_between(workspace: Workspace, trace: Trace, today: datetime.date, until: datetime.date) -> tuple[Due, ...]:
    """Everything with a day from `today` to `until`, the earliest first."""
    found = [due for due in (*_dated(workspace), *_evidence(workspace, trace, today, until)) if today <= due.day <= until]
    found += [due for due in _reading(workspace, today) if today <= due.day <= until]
    return tuple(sorted(set(found), key=lambda due: (due.day, due.id, due.what)))


def _dated(workspace: Workspace) -> Iterator[Due]:
    yield from _reviews(workspace)
    yield from _decisions(workspace)
    yield from _work(workspace)


def _reviews(workspace: Workspace) -> Iterator[Due]:
    for document in workspace.documents:
        head = document.head.value
        if head.status is DocumentStatus.APPROVED and head.next_review:
            yield Due(head.next_review, head.id, "review", document.head.at("next_review"), head.owner)
    for paper in workspace.records(IsmsDocument):
        if paper.value.next_review and paper.value.status is not IsmsDocumentStatus.ABSENT:
            yield Due(paper.value.next_review, paper.id, "review", paper.data.at("next_review"), owner_of(workspace, paper))
    for supplier in workspace.records(Supplier):
        if supplier.value.next_review:
            yield Due(supplier.value.next_review, supplier.id, "review", supplier.data.at("next_review"), owner_of(workspace, supplier))
    for external in workspace.records(ExternalDocument):
        yield Due(external.value.next_review, external.id, "review", external.data.at("next_review"), owner_of(workspace, external))


def _decisions(workspace: Workspace) -> Iterator[Due]:
    for row in workspace.records(SoaEntry):
        if row.value.revisit and row.value.applicability is Applicability.EXCLUDED:
            yield Due(row.value.revisit, row.id, "look at the exclusion again", row.data.at("revisit"), row.value.owner)
    for review in workspace.records(ManagementReview):
        for index, decision in enumerate(review.value.decisions):
            if decision.done_on is None:
                yield Due(decision.due, review.id, "carry out a decision", review.data.at("decisions", index, "due"), decision.owner)


def _work(workspace: Workspace) -> Iterator[Due]:
    for risk in workspace.records(Risk):
        treatment = risk.value.treatment
        if treatment.due and risk.value.status is RiskStatus.OPEN:
            yield Due(treatment.due, risk.id, "finish the treatment", risk.data.at("treatment", "due"), treatment.owner)
    for objective in workspace.records(Objective):
        if objective.value.status is ObjectiveStatus.OPEN:
            yield Due(objective.value.due, objective.id, "reach the objective", objective.data.at("due"), objective.value.owner)
    for nonconformity in workspace.records(Nonconformity):
        if nonconformity.value.state is State.OPEN:
            at = nonconformity.data.at("due")
            yield Due(nonconformity.value.due, nonconformity.id, "correct its cause", at, nonconformity.value.owner)
    for audit in workspace.records(Audit):
        if audit.value.carried_out_on is None:
            yield Due(audit.value.planned_for, audit.id, "audit", audit.data.at("planned_for"), owner_of(workspace, audit))


def _evidence(workspace: Workspace, trace: Trace, today: datetime.date, until: datetime.date) -> Iterator[Due]:
    for found in EvidenceBook(workspace, trace, today).due(until):
        yield Due(found.due, found.record.id, "collect again", found.record.data.at("valid_until"), owner_of(workspace, found.record))


def _reading(workspace: Workspace, today: datetime.date) -> Iterator[Due]:
    for reading in readings(workspace, today):
        for missing in reading.missing:
            yield Due(missing.due, reading.document.id, "read and acknowledge", reading.document.head.at("title"), missing.person)
