"""What several kinds of record share."""

from __future__ import annotations

from enum import Enum

from macros.model.base import Line, Model, RequirementId, RoleId
from macros.model.document import Classification


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


class RecordStatus(str, Enum):
    """Where a record that needs a decision stands."""

    DRAFT = "draft"
    APPROVED = "approved"
    CLOSED = "closed"
