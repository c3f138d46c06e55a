"""The Statement of Applicability: per control, included or excluded, why, and how far."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from pydantic import StringConstraints

from macros.model.base import Day, Line, RequirementId, RoleId, Text, record_id
from macros.model.document import VERSION, Approval, EarlierApproval
from macros.model.records.common import Entry, Head, Titled
from macros.model.records.support import EvidenceKind


class SoaHead(Head):
    """The head of the Statement of Applicability: the version and approval that certificates cite."""

    version: Annotated[str, StringConstraints(pattern=VERSION)] | None = None
    """The version, in quotes, as a certificate cites it with its day; null until it is approved."""
    approved: Approval | None = None
    """Who approved this version as a whole, and when; null until somebody has."""
    approved_before: tuple[EarlierApproval, ...] = ()
    """Approvals of earlier versions, newest first; `aims approve` keeps them."""


class Applicability(str, Enum):
    """Whether a control is part of the management system."""

    INCLUDED = "included"
    EXCLUDED = "excluded"


class Driver(str, Enum):
    """What a decision rests on."""

    RISK = "risk"
    OBLIGATION = "obligation"
    CONTRACT = "contract"
    GOOD_PRACTICE = "good-practice"


class Implementation(str, Enum):
    """How far a control has come, as its owner claims."""

    UNCONFIRMED = "unconfirmed"
    """Nobody has looked yet whether the ISMS has it."""
    PLANNED = "planned"
    IN_PROGRESS = "in-progress"
    IMPLEMENTED = "implemented"
    NOT_APPLICABLE = "not-applicable"


class SoaEntry(Entry):
    """One row of the Statement of Applicability."""

    control: RequirementId
    applicability: Applicability
    justification: Text
    """Why it is included or excluded, in a sentence an auditor can test."""
    driver: Driver
    """What the decision rests on."""
    status: Implementation
    """not-applicable goes with excluded, and only with it."""
    owner: RoleId
    """The role that answers for the control."""
    decided: Approval | None
    """Who decided, and when; null marks the row as the kit's draft."""
    revisit: Day | None = None
    """When an exclusion is looked at again."""

    @property
    def key(self) -> str:
        return self.control

    @property
    def label(self) -> str:
        return self.control


class OwnControl(Titled):
    """A control that the organisation adds to those of the annexes (ISO/IEC 42001, 6.1.3)."""

    id: Annotated[str, record_id("OWN")]
    title: Line
    summary: Text
    """What it wants to be true."""
    because: Text
    """The risk or duty that no control of an annex answers."""
    owner: RoleId
    shown_by: tuple[EvidenceKind, ...] = ()
    """Kinds of evidence that it produces when it operates; left out, any kind shows it."""
