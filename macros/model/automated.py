"""Automated evidence: what one run of a program measured, in the file format `aims-evidence`, version 1."""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from macros.model.base import AiSystemId, Day, DocumentId, Model, RequirementId, Text
from macros.model.records.support import EvidenceKind

T = TypeVar("T")

FORMAT = "aims-evidence"
FOLDER = "evidence/automated"
"""Where the files lie; a record of evidence that refers to one in this folder is read together with it."""

_ONE = {"minItems": 1}
_MOMENT = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|[+-]\d{2}:\d{2})$"


def _wrong(message: str, way_out: str, **given: Any) -> PydanticCustomError:
    return PydanticCustomError("run", message, {**given, "way_out": way_out})


def _moment(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return value
    form = "write date, time and offset, such as 2026-11-14T02:00:05Z"
    if not isinstance(value, str) or not re.match(_MOMENT, value, re.ASCII):
        raise _wrong("is no moment", form)
    try:
        return datetime.datetime.fromisoformat(value)
    except ValueError:
        raise _wrong("is not in the calendar", form) from None


def _not_empty(value: tuple[T, ...]) -> tuple[T, ...]:
    if not value:
        raise _wrong("is an empty list", "name at least one")
    return value


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _wrong("is no number", "write a number without quotes")
    if not -1e15 <= value <= 1e15:
        raise _wrong("is out of range", "write a number between -1e15 and 1e15, in a larger unit")
    return value


Moment = Annotated[
    datetime.datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time", "pattern": _MOMENT})
]
"""A date and time with its offset, written `2026-11-14T02:00:05Z`."""

Number = Annotated[int | float, BeforeValidator(_number), WithJsonSchema({"type": "number", "minimum": -1e15, "maximum": 1e15})]
"""A number that was measured."""

Short = Annotated[Text, StringConstraints(max_length=500)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Tool(Model):
    """What ran."""

    tool: Short
    version: Short
    address: Short
    """Where the run can be looked at."""


class Subject(Model):
    """The AI system that was examined."""

    ai_system: AiSystemId
    version: Short


class Limit(Model):
    """What a value is held against: the least, the most, or both."""

    at_least: Number | None = None
    at_most: Number | None = None

    @model_validator(mode="after")
    def _bounds(self) -> Limit:
        if self.at_least is None and self.at_most is None:
            raise _wrong("bounds nothing", "give 'at_least', 'at_most' or both")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise _wrong("is more than 'at_most'", "let some value lie between the two", at="at_least")
        return self

    def holds(self, value: float) -> bool:
        """Whether a value is within the limit; on it is within."""
        return (self.at_least is None or value >= self.at_least) and (self.at_most is None or value <= self.at_most)


class Measured(Model):
    """One value with its limit."""

    measure: Short
    """What was measured."""
    value: Number
    unit: Short | None = None
    limit: Limit
    passed: Annotated[bool, Field(strict=True)]
    """Whether the value is within its limit; it is computed again and must agree."""

    @model_validator(mode="after")
    def _agrees(self) -> Measured:
        if self.limit.holds(self.value) != self.passed:
            stands = "within" if not self.passed else "not within"
            raise _wrong(
                "is {said}, and {value} is {stands} its limit",
                "let it say what value and limit say",
                at="passed",
                said=str(self.passed).lower(),
                value=str(self.value),
                stands=stands,
            )
        return self


class Artefact(Model):
    """A file that the run left behind, in the repository or elsewhere."""

    path: Short | None = None
    """Path from the root of the repository."""
    address: Short | None = None
    """Where it is kept instead."""
    sha256: Sha256
    size: Annotated[int, Field(ge=0, strict=True)]
    """In bytes."""

    @model_validator(mode="after")
    def _placed(self) -> Artefact:
        if (self.path is None) == (self.address is None):
            raise _wrong("has no place, or two", "give either 'path' or 'address'")
        return self


class AutomatedRun(Model):
    """One run of a program that shows that something was done: the file format `aims-evidence`, version 1."""

    format: Literal["aims-evidence"]
    version: Annotated[Literal[1], BeforeValidator(lambda value: _number(value) if isinstance(value, bool) else value)]
    title: Short
    kind: EvidenceKind = EvidenceKind.MEASUREMENT
    """What it is as evidence; a measurement, where the file does not say."""
    run: Tool
    start: Moment
    end: Moment
    subject: Subject | None
    """null for a run about the management system."""
    evidences: Annotated[tuple[RequirementId, ...], Field(max_length=100, json_schema_extra=_ONE), AfterValidator(_not_empty)]
    """Requirements that it shows to be at work."""
    documents: Annotated[tuple[DocumentId, ...], Field(max_length=100)] = ()
    """Documents that it shows to be followed."""
    period_from: Day | None = None
    """The first day of what it covers; without it, the day on which the run started."""
    period_to: Day | None = None
    """The last day of what it covers; without it, the day on which the run ended."""
    valid_until: Day
    """The last day on which it counts."""
    every_months: Annotated[int, Field(ge=1, le=120, strict=True)] | None = None
    """How often it is due again; null for once."""
    results: Annotated[tuple[Measured, ...], Field(max_length=1000, json_schema_extra=_ONE), AfterValidator(_not_empty)]
    artefacts: Annotated[tuple[Artefact, ...], Field(max_length=100)] = ()

    @model_validator(mode="after")
    def _in_order(self) -> AutomatedRun:
        if self.end < self.start:
            raise _wrong("lies before 'start'", "enter when the run began and when it ended", at="end")
        if not self.first_day <= self.last_day <= self.end.date():
            way_out = "let the period end no later than the run, and begin no later than it ends"
            raise _wrong("does not fit between 'period_from' and 'end'", way_out, at="period_to" if self.period_to else "period_from")
        if self.valid_until < self.end.date():
            raise _wrong("lies before 'end'", "enter the last day on which the run counts", at="valid_until")
        return self

    @property
    def first_day(self) -> datetime.date:
        """The first day of what it covers."""
        return self.period_from or self.start.date()

    @property
    def last_day(self) -> datetime.date:
        """The last day of what it covers."""
        return self.period_to or self.end.date()

    @property
    def passed(self) -> bool:
        """Whether every value is within its limit."""
        return all(result.passed for result in self.results)
