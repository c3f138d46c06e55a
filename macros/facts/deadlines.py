"""Which days lie ahead of a record or its parts, and is it still open on them?

The days are found by walking the definitions, so that a new kind of record is covered by its field's name alone.
What is closed, withdrawn, replaced, retired or done has no day any more, nor what a later record stands in for.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from pydantic import BaseModel

from macros.facts.assessments import in_date
from macros.model.base import fields_of
from macros.model.records.applicability import Applicability, SoaEntry
from macros.model.records.common import Entry
from macros.model.records.improvement import Audit, Nonconformity
from macros.model.records.risk import Risk, RiskStatus, Treatment
from macros.model.records.support import Competence, Evidence
from macros.model.records.systems import ImpactAssessment
from macros.model.workspace import Record, Workspace
from macros.problem import Location

_AHEAD = ("next_", "valid_until", "due", "revisit", "repeat_", "planned_", "until", "expires", "ends", "review_by")
_AHEAD_AT_THE_END = ("_until", "_due", "_by_date")
_DONE = ("done_on", "carried_out_on", "implemented_on", "closed_on", "reached_on", "met_on")
"""Fields beside a day ahead that say that it was kept; a new record takes up what repeats."""
_OVER = frozenset(
    {
        "closed",
        "withdrawn",
        "replaced",
        "absent",
        "retired",
        "reached",
        "missed",
        "done",
        "completed",
        "cancelled",
        "rejected",
        "superseded",
    }
)
"""Words of a status, state or stage with which a record asks for nothing any more."""
_TOLD: Mapping[tuple[type[BaseModel], str], str] = {
    (SoaEntry, "revisit"): "SOA106",
    (Treatment, "due"): "REG113",
    (Evidence, "valid_until"): "REG303",
    (Nonconformity, "due"): "REG325",
    (Audit, "planned_for"): "REG329",
}
"""Days for which a rule of their own speaks."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day ahead of a record that is open."""

    record: Record[Entry]
    keys: tuple[str | int, ...]
    """Where in the record it stands."""
    part: BaseModel
    """The record, or the part of it that has the day."""
    day: datetime.date

    @property
    def field(self) -> str:
        """The name of the field."""
        return str(self.keys[-1])

    @property
    def location(self) -> Location:
        """The place of the day."""
        return self.record.data.at(*self.keys)

    @property
    def told_by(self) -> str | None:
        """The code of the rule that speaks of this day and of no other; None where the rule on all days does."""
        return _TOLD.get((type(self.part), self.field))


def is_ahead(field: str) -> bool:
    """Whether a field of this name holds a day on which something is to be done, or until which something holds."""
    return field.startswith(_AHEAD) or field.endswith(_AHEAD_AT_THE_END)


def deadlines(workspace: Workspace, today: datetime.date) -> tuple[Deadline, ...]:
    """Every day ahead of an open record, whether it has passed or not, in the order of the registers."""
    return tuple(
        Deadline(record, keys, part, day)
        for record in workspace.all_records
        if not _is_over(workspace, record, today)
        for keys, part, day in _days(record.value)
        if not _is_done(record.value, part, str(keys[-1]), today)
    )


def _days(value: BaseModel, at: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], BaseModel, datetime.date]]:
    for name, held in fields_of(value).items():
        if isinstance(held, datetime.date) and is_ahead(name):
            yield (*at, name), value, held
        elif isinstance(held, BaseModel):
            yield from _days(held, (*at, name))
        elif isinstance(held, tuple):
            for index, inner in enumerate(held):
                if isinstance(inner, BaseModel):
                    yield from _days(inner, (*at, name, index))


def _is_over(workspace: Workspace, record: Record[Entry], today: datetime.date) -> bool:
    value = record.value
    if value.is_draft or value.is_closed or _has_ended(value):
        return True
    about = fields_of(value).get("about") or ()
    named = [workspace.record_by_id.get(name) for name in ((about,) if isinstance(about, str) else about)]
    if named and all(found is not None and _has_ended(found.value) for found in named):
        return True
    return _has_successor(workspace, value, today)


def _has_ended(value: BaseModel) -> bool:
    fields = fields_of(value)
    words = [fields.get(name) for name in ("status", "state", "stage")]
    return any(isinstance(word, Enum) and word.value in _OVER for word in words)


def _has_successor(workspace: Workspace, value: Entry, today: datetime.date) -> bool:
    """Whether a later record stands in for this one, or nobody is left whom it is about."""
    if isinstance(value, ImpactAssessment):
        others = [record.value for record in workspace.records(ImpactAssessment) if record.value.about == value.about]
        return any(other is not value and in_date(other, today) for other in others)
    if isinstance(value, Competence):
        person = workspace.person_by_id.get(value.person)
        if person and person.left and person.left <= today:
            return True
        rows = [record.value for record in workspace.records(Competence)]
        same = [row for row in rows if (row.person, row.role) == (value.person, value.role) and set(row.about) >= set(value.about)]
        return any(value.completed_on < row.completed_on <= today for row in same)
    return False


def _is_done(record: Entry, part: BaseModel, field: str, today: datetime.date) -> bool:
    if isinstance(record, Risk) and isinstance(part, Treatment):
        return record.status is not RiskStatus.OPEN
    if isinstance(part, SoaEntry):
        return part.applicability is not Applicability.EXCLUDED
    if field.startswith(("due", "planned_")):
        fields = fields_of(part)
        days = [fields.get(name) for name in _DONE]
        return any(isinstance(day, datetime.date) and day <= today for day in days) or _has_ended(part)
    return _has_ended(part)
