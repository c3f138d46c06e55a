"""Interested parties, responsibilities, and the ISMS documents that the AIMS builds on."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from macros.model.base import Day, Line, RequirementId, RoleId, Text, record_id
from macros.model.records.common import Numbered, Titled


class Side(str, Enum):
    """Where an interested party stands."""

    INTERNAL = "internal"
    EXTERNAL = "external"


class InterestedParty(Numbered):
    """Somebody who can affect, or be affected by, the AI systems."""

    id: Annotated[str, record_id("INT")]
    party: Line
    side: Side
    expects: Text
    """The need or expectation."""
    answered_by: Text
    """How the AIMS meets it, or why it does not."""
    climate: bool
    """Whether it has requirements about climate change."""
    requirements: tuple[RequirementId, ...] = ()

    @property
    def label(self) -> str:
        return self.party


class Responsibility(Numbered):
    """One activity and who is responsible, accountable, consulted and informed (RACI)."""

    id: Annotated[str, record_id("RAC")]
    activity: Line
    responsible: tuple[RoleId, ...]
    """Roles that do it."""
    accountable: RoleId
    """The one role that answers for it."""
    consulted: tuple[RoleId, ...]
    informed: tuple[RoleId, ...]
    addresses: tuple[RequirementId, ...]

    @property
    def label(self) -> str:
        return self.activity


class IsmsDocumentStatus(str, Enum):
    """Whether somebody has looked."""

    TO_CONFIRM = "to-confirm"
    CONFIRMED = "confirmed"
    ABSENT = "absent"
    WITHDRAWN = "withdrawn"
    """The ISMS had it, and nothing stands in its place."""
    REPLACED = "replaced"
    """Another document stands in its place; its row stays, because records were made under it."""

    @property
    def is_gone(self) -> bool:
        """Whether nothing can rest on the document: the ISMS never had it, or does no longer."""
        return self in (IsmsDocumentStatus.ABSENT, IsmsDocumentStatus.WITHDRAWN, IsmsDocumentStatus.REPLACED)


class IsmsDocument(Titled):
    """A document of the ISMS that the AIMS builds on, wherever it is kept."""

    id: Annotated[str, record_id("ISM")]
    title: Line
    covers: tuple[RequirementId, ...]
    """Requirements of ISO/IEC 27001 that it answers."""
    status: IsmsDocumentStatus
    """to-confirm: the kit expects it, nobody has looked yet."""
    address: Line | None
    """Where it is kept: a path, page or address."""
    version: Line | None
    owner: Line | None
    next_review: Day | None

    @property
    def is_closed(self) -> bool:
        return self.status.is_gone
