"""What several kinds of record share."""

from __future__ import annotations

import datetime
from enum import Enum

from macros.model.base import Line, Model, RequirementId, RoleId
from macros.model.document import Classification


class Entry(Model):
    """What every record answers, whatever the fields of its definition are called."""

    @property
    def key(self) -> str:
        """What names it: its id, or the control that a row of the Statement of Applicability decides on."""
        raise NotImplementedError

    @property
    def label(self) -> str:
        """What it is, in a few words."""
        raise NotImplementedError

    @property
    def is_draft(self) -> bool:
        """Whether it says itself that nobody has decided on it."""
        return False

    @property
    def is_closed(self) -> bool:
        """Whether it says itself that it asks for nothing any more."""
        return False

    @property
    def looked_at(self) -> datetime.date | None:
        """The day on which somebody last looked at what it says; None where nobody did, or where that is not asked."""
        return None


class Numbered(Entry):
    """A record with an id; each definition says which form it has."""

    id: str

    @property
    def key(self) -> str:
        return self.id


class Titled(Numbered):
    """A record that its title says."""

    title: Line

    @property
    def label(self) -> str:
        return self.title


class Named(Numbered):
    """A record that its name says."""

    name: Line

    @property
    def label(self) -> str:
        return self.name


class Head(Model):
    """The head of a register: what it is for, who keeps it, and what it answers."""

    title: Line
    owner: RoleId
    """The role that keeps it."""
    classification: Classification
    retention_years: int
    """How long a record is kept after it closes."""
    addresses: tuple[RequirementId, ...]
    """Requirements whose records it holds."""


class Table(Head):
    """The head of a register with the rows below it; each kind says which definition they have."""

    records: tuple[Entry, ...]


class Part(Model):
    """Rows of a register that is divided; each kind says which definition they have."""

    records: tuple[Entry, ...]


class RecordStatus(str, Enum):
    """Where a record that needs a decision stands."""

    DRAFT = "draft"
    APPROVED = "approved"
    CLOSED = "closed"
