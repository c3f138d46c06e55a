"""Concerns, incidents, audits, management reviews, nonconformities and changes: records that open and close."""

from __future__ import annotations

import datetime
from enum import Enum
from typing import Annotated

from pydantic import Field

from macros.model.base import AiSystemId, ApproverId, Day, Line, Model, RequirementId, RoleId, Text, record_id, refers_to
from macros.model.document import Approval
from macros.model.records.common import Numbered, Titled
from macros.model.records.systems import Stage


class State(str, Enum):
    """Whether a record still asks for something."""

    OPEN = "open"
    CLOSED = "closed"


class ConcernSide(str, Enum):
    """Where a concern came from."""

    STAFF = "staff"
    OUTSIDE = "outside"


class Concern(Numbered):
    """A concern about an AI system, raised by staff (A.3.3) or from outside (A.8.3)."""

    id: Annotated[str, record_id("CON")]
    side: ConcernSide
    received_on: Day
    summary: Text
    """Without the name of the person who raised it."""
    about: tuple[AiSystemId, ...]
    handled_by: RoleId
    acknowledged_on: Day | None
    decision: Text | None
    answered_on: Day | None
    led_to: tuple[Line, ...]
    """Ids of what it led to: a nonconformity, a change, a new assessment."""
    state: State

    @property
    def label(self) -> str:
        return self.summary

    @property
    def is_closed(self) -> bool:
        return self.state is State.CLOSED


class Incident(Titled):
    """An event in which an AI system caused, or could have caused, harm (A.8.4)."""

    id: Annotated[str, record_id("INC")]
    title: Line
    about: tuple[AiSystemId, ...]
    occurred_on: Day
    detected_on: Day
    what: Text
    affected: Text
    serious: bool
    """Whether a duty to report to an authority was triggered."""
    told: tuple[Text, ...]
    """Who was told, when and how."""
    response: Text
    led_to: tuple[Line, ...]
    owner: RoleId
    closed_on: Day | None
    state: State

    @property
    def is_closed(self) -> bool:
        return self.state is State.CLOSED


class AuditKind(str, Enum):
    """Who audits."""

    INTERNAL = "internal"
    CERTIFICATION = "certification"
    CUSTOMER = "customer"


class SampleResult(str, Enum):
    """What an auditor concluded from a sample."""

    CONFORMS = "conforms"
    NONCONFORMITY = "nonconformity"
    NOT_SEEN = "could-not-be-seen"
    """There was nothing to look at yet, so that it was not audited."""


class AuditSample(Model):
    """What was looked at for some requirements, and what was concluded from it (ISO 19011, 6.4.6 and 6.4.7)."""

    requirements: tuple[RequirementId, ...]
    """Clauses and controls with nothing below them, eight at most."""
    seen: Text
    """Records, people and places that were looked at, out of how many."""
    concluded: SampleResult


class Audit(Titled):
    """One audit: its scope, what it covered, and its result (9.2)."""

    id: Annotated[str, record_id("AUD")]
    title: Line
    kind: AuditKind
    planned_for: Day
    carried_out_on: Day | None
    auditor: Line
    independence: Text
    """Why the auditor does not audit their own work."""
    criteria: tuple[Text, ...]
    covers: tuple[RequirementId, ...]
    """What it is planned to look at."""
    method: Text
    samples: tuple[AuditSample, ...] = ()
    """What was looked at for each requirement; one without a sample was not audited."""
    conclusion: Text | None
    reported_to: Line | None
    state: State

    @property
    def is_closed(self) -> bool:
        return self.state is State.CLOSED


class Grade(str, Enum):
    """How heavy an audit finding is."""

    MAJOR = "major-nonconformity"
    MINOR = "minor-nonconformity"
    OPPORTUNITY = "opportunity-for-improvement"
    CONFORMITY = "conformity"


class AuditFinding(Numbered):
    """What an auditor concluded on one point."""

    id: Annotated[str, record_id("FND")]
    audit: Annotated[str, refers_to("AUD")]
    grade: Grade
    requirement: RequirementId
    evidence_seen: Text
    finding: Text
    nonconformity: Annotated[str, refers_to("NC")] | None
    """The nonconformity that it led to."""

    @property
    def label(self) -> str:
        return self.finding


class ManagementReview(Numbered):
    """Top management's look at the AIMS (9.3)."""

    id: Annotated[str, record_id("MR")]
    held_on: Day
    chaired_by: ApproverId
    present: tuple[RoleId, ...]
    inputs: tuple[ReviewInput, ...]
    decisions: tuple[Decision, ...]
    conclusion: Text
    approved: Approval

    @property
    def label(self) -> str:
        return self.conclusion


class ReviewInput(Model):
    """One input and what was seen."""

    input: Text
    seen: Text


class Decision(Model):
    """One result of a review."""

    decision: Text
    owner: RoleId
    due: Day
    done_on: Day | None


class Nonconformity(Titled):
    """A requirement that is not met, and what is done about it (10.2)."""

    id: Annotated[str, record_id("NC")]
    title: Line
    found_on: Day
    found_by: Line
    """Audit finding, concern, incident or check, by id, or a role."""
    requirement: RequirementId
    what: Text
    correction: Text | None
    """What was done at once; null until that is decided."""
    corrected_on: Day | None
    cause: Text | None
    corrective_action: Text | None
    owner: RoleId
    due: Day
    implemented_on: Day | None
    effectiveness: Text | None
    """How it was shown that the cause is gone."""
    effective_on: Day | None
    state: State

    @property
    def is_closed(self) -> bool:
        return self.state is State.CLOSED


class ChangeOf(str, Enum):
    """What a change changes."""

    AIMS = "aims"
    AI_SYSTEM = "ai-system"


class GateWord(str, Enum):
    """What was decided at a gate."""

    GO = "go"
    CONDITIONAL = "conditional"
    """Go, with conditions that have an owner and a day."""
    NO_GO = "no-go"


class GoCondition(Model):
    """What has to be done after a decision that was given with conditions."""

    what: Text
    owner: RoleId
    due: Day
    met_on: Day | None
    """null until it is met."""


class GateDecision(Approval):
    """The decision at one gate of the life cycle (PRO-012)."""

    gate: Annotated[int, Field(ge=1, le=5)]
    """1 after inception, 2 after development, when the version is fixed, 3 after verification, 4 before operation, 5 before retirement."""
    decision: GateWord
    conditions: tuple[GoCondition, ...] = ()


class Change(Titled):
    """A planned change of the AIMS (6.3) or of an AI system (8.1)."""

    id: Annotated[str, record_id("CHG")]
    title: Line
    of: ChangeOf
    about: tuple[AiSystemId, ...]
    purpose: Text
    consequences: Text
    resources: Text
    responsible: RoleId
    reassessment: Text
    """Whether the impact assessment and the risks are looked at again, and why."""
    planned_for: Day
    approved: Approval | None
    implemented_on: Day | None
    result: Text | None
    state: State
    version: Line | None = None
    """The version of the AI system that it brings."""
    stage: Stage | None = None
    """The life-cycle stage that it brings the AI system to."""
    decisions: tuple[GateDecision, ...] = ()
    """What was decided at each gate, in the order of the days."""

    @property
    def is_closed(self) -> bool:
        return self.state is State.CLOSED

    @property
    def looked_at(self) -> datetime.date | None:
        return self.approved.date if self.approved else None


ManagementReview.model_rebuild()
