"""What falls due between two days: documents, every day ahead of a record, evidence and reading, each with its place and owner."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from macros.facts.deadlines import Deadline, deadlines
from macros.facts.evidence import EvidenceBook
from macros.facts.readings import readings
from macros.facts.trace import Trace
from macros.model.base import fields_of
from macros.model.document import DocumentStatus
from macros.model.records.improvement import Audit, Change, Decision, Nonconformity
from macros.model.records.risk import Objective, Treatment
from macros.model.records.support import Evidence
from macros.model.records.systems import ImpactAssessment
from macros.model.workspace import Workspace
from macros.worklist.owners import owner_of
from macros.worklist.steps import Due

_WHAT: Mapping[tuple[type[BaseModel], str], str] = {
    (Treatment, "due"): "finish the treatment",
    (Objective, "due"): "reach the objective",
    (Decision, "due"): "carry out a decision",
    (Nonconformity, "due"): "correct its cause",
    (Audit, "planned_for"): "audit",
    (Change, "planned_for"): "make the change",
    (ImpactAssessment, "valid_until"): "assess again",
}
_WHATEVER = {
    "next_review": "review",
    "revisit": "look at the exclusion again",
    "repeat_on": "repeat the training",
    "valid_until": "renew",
    "planned_for": "carry out",
    "due": "finish",
    "until": "end it, or have it decided anew",
}


def due_between(workspace: Workspace, trace: Trace, today: datetime.date, until: datetime.date) -> tuple[Due, ...]:
    """Everything with a day from `today` to `until`, the earliest first."""
    found = [
        due
        for due in (*_documents(workspace), *_records(workspace, today), *_evidence(workspace, trace, today, until))
        if today <= due.day <= until
    ]
    found += [due for due in _reading(workspace, today) if today <= due.day <= until]
    return tuple(sorted(set(found), key=lambda due: (due.day, due.id, due.what)))


def _documents(workspace: Workspace) -> Iterator[Due]:
    for document in workspace.documents:
        head = document.head.value
        if head.status is DocumentStatus.APPROVED and head.next_review:
            yield Due(head.next_review, head.id, "review", document.head.at("next_review"), head.owner)


def _records(workspace: Workspace, today: datetime.date) -> Iterator[Due]:
    """The days ahead of records, as the checks judge them; evidence has a day of its own making."""
    for found in deadlines(workspace, today):
        if not isinstance(found.part, Evidence):
            what = _WHAT.get((type(found.part), found.field)) or _WHATEVER.get(found.field, "do what it says")
            yield Due(found.day, found.record.id, what, found.location, _owner(workspace, found))


def _owner(workspace: Workspace, found: Deadline) -> str:
    """Whose day it is: of the part that has it, or else of the record."""
    fields = fields_of(found.part)
    own = fields.get("owner") or fields.get("responsible")
    return own if isinstance(own, str) and own in workspace.role_by_id else owner_of(workspace, found.record)


def _evidence(workspace: Workspace, trace: Trace, today: datetime.date, until: datetime.date) -> Iterator[Due]:
    for found in EvidenceBook(workspace, trace, today).due(until):
        yield Due(found.due, found.record.id, "collect again", found.record.data.at("valid_until"), owner_of(workspace, found.record))


def _reading(workspace: Workspace, today: datetime.date) -> Iterator[Due]:
    for reading in readings(workspace, today):
        for missing in reading.missing:
            yield Due(missing.due, reading.document.id, "read and acknowledge", reading.document.head.at("title"), missing.person)
