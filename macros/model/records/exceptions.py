"""Exceptions: rules that are not followed, and decisions that somebody takes on their own work, each with an end."""

from __future__ import annotations

import datetime
from enum import Enum
from typing import Annotated

from macros.model.base import Day, DocumentId, Line, PersonId, Text, record_id, refers_to
from macros.model.document import Approval, EarlierApproval
from macros.model.records.common import Titled


class ExceptionKind(str, Enum):
    """What an exception is from."""

    RULE = "rule"
    """A rule of a document is not followed."""
    OWN_DECISION = "own-decision"
    """Whoever made, owns or operates something decides on it, because nobody else holds a role that may."""


class PolicyException(Titled):
    """A rule that is not followed for a time, with what is done instead and who bears it (POL-001)."""

    id: Annotated[str, record_id("EXC")]
    title: Line
    kind: ExceptionKind
    departs_from: tuple[DocumentId, ...]
    """Documents whose rule is not followed."""
    about: tuple[Annotated[str, refers_to("CTX", "POL", "ROL", "PRO", "DAT", "SYS", "AIS", "DS", "AIA", "CHG", "EXT")], ...]
    """Ids of the documents and records to which it applies."""
    because: Text
    instead: Text
    """What is done in place of the rule, so that nobody comes to harm."""
    borne_by: PersonId
    """The person who bears what may come of it."""
    approved: Approval | None
    """Who granted it, and when; null until somebody has."""
    approved_before: tuple[EarlierApproval, ...] = ()
    """Earlier grants, newest first; `aims approve` keeps them."""
    until: Day
    """The last day on which it counts."""
    closed_on: Day | None = None
    """When it was no longer needed; left out until then."""

    @property
    def is_closed(self) -> bool:
        return self.closed_on is not None

    @property
    def is_draft(self) -> bool:
        return self.approved is None

    @property
    def looked_at(self) -> datetime.date | None:
        return self.approved.date if self.approved else None
