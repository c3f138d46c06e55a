"""AI risks with their scale, AI objectives, and obligations."""

from __future__ import annotations

import datetime
from enum import Enum
from typing import Annotated

from pydantic import Field

from macros.model.base import AiSystemId, Day, Line, Model, PersonId, RequirementId, RoleId, Text, record_id, refers_to
from macros.model.document import Approval
from macros.model.records.common import Head, Numbered, Titled

Step = Annotated[int, Field(ge=1)]


class ScaleStep(Model):
    """One step of a scale."""

    step: Step
    word: Line
    means: Text


class Band(Model):
    """A range of risk levels with one name."""

    up_to: Step
    """The highest level in the band."""
    word: Line
    means: Text
    accepted_by: tuple[Line, ...] | None = None
    """Who may accept a level of this band: roles by id, and `owner` for the risk's owner; empty for nobody."""
    grave_accepted_by: tuple[Line, ...] | None = None
    """The same where the gravest consequence falls on individuals or societies; left out where it makes no difference."""


class RiskHead(Head):
    """The head of the AI risk register: it carries the criteria, so that a level is computed, never typed."""

    likelihood: Annotated[tuple[ScaleStep, ...], Field(min_length=1)]
    consequence: Annotated[tuple[ScaleStep, ...], Field(min_length=1)]
    bands: Annotated[tuple[Band, ...], Field(min_length=1)]


class ConsequenceFor(str, Enum):
    """Whom a risk would hurt (ISO/IEC 42001, 6.1.2)."""

    ORGANISATION = "organisation"
    INDIVIDUALS = "individuals"
    SOCIETIES = "societies"


class Option(str, Enum):
    """What is done about a risk."""

    REDUCE = "reduce"
    AVOID = "avoid"
    SHARE = "share"
    ACCEPT = "accept"


class RiskStatus(str, Enum):
    """Where a risk stands."""

    OPEN = "open"
    TREATED = "treated"
    CLOSED = "closed"


class Rating(Model):
    """Likelihood and consequence on the register's scales."""

    likelihood: Step
    consequence: Step

    @property
    def level(self) -> int:
        """Likelihood times consequence."""
        return self.likelihood * self.consequence


class Treatment(Model):
    """What is done about a risk, by whom and by when."""

    option: Option
    measures: tuple[Text, ...]
    controls: tuple[RequirementId, ...]
    owner: RoleId
    due: Day | None
    done_on: Day | None = None
    """The day from which every measure was in place; until then the residual level is only expected."""


class Acceptance(Approval):
    """Who accepted what remains, and why."""

    reason: Text
    until: Day | None = None
    """The last day on which it counts."""


class Risk(Titled):
    """Uncertainty for the organisation's objectives that comes from an AI system."""

    id: Annotated[str, record_id("RSK")]
    title: Line
    about: tuple[AiSystemId, ...]
    """AI systems it comes from; empty for a risk of the AIMS as a whole."""
    source: Text
    """What may go wrong, and why."""
    consequence: Text
    affects: tuple[ConsequenceFor, ...]
    impact_assessment: Annotated[str, refers_to("AIA")] | None
    """The impact assessment that it takes up."""
    owner: RoleId
    assessed_on: Day
    initial: Rating
    treatment: Treatment
    residual: Rating
    acceptance: Acceptance | None
    status: RiskStatus
    second_rater: PersonId | None = None
    """Who rated it as the second person; where the two differ, the higher rating stands."""

    @property
    def is_reached(self) -> bool:
        """Whether the treatment is done and the risk was looked at after that; before, `residual` is only expected."""
        done = self.treatment.done_on
        return self.status is not RiskStatus.OPEN and done is not None and self.assessed_on >= done

    @property
    def level(self) -> int:
        """The level as it is known to be: that of `residual` where it is reached, else the higher one."""
        return self.residual.level if self.is_reached else max(self.initial.level, self.residual.level)

    @property
    def is_closed(self) -> bool:
        return self.status is RiskStatus.CLOSED

    @property
    def looked_at(self) -> datetime.date | None:
        return self.assessed_on


class ObjectiveStatus(str, Enum):
    """Where an objective stands."""

    OPEN = "open"
    REACHED = "reached"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"


class Objective(Numbered):
    """An AI objective with a measure, an owner and a date (ISO/IEC 42001, 6.2, A.6.1.2, A.9.3)."""

    id: Annotated[str, record_id("OBJ")]
    objective: Text
    serves: Text
    """development, use or both, and which principle of the policy."""
    measure: Text
    baseline: Text
    target: Text
    actions: tuple[Text, ...]
    resources: Text
    owner: RoleId
    due: Day
    last_result: Text | None
    measured_on: Day | None
    status: ObjectiveStatus
    addresses: tuple[RequirementId, ...]

    @property
    def label(self) -> str:
        return self.objective


class Obligation(Titled):
    """A legal or contractual duty that touches the AI systems."""

    id: Annotated[str, record_id("OBL")]
    title: Line
    source: Text
    """Law, contract or code, with article or clause."""
    requirement: RequirementId | None
    """Where a catalogue holds it."""
    duty: Text
    applies_from: Day | None
    applies_because: Text
    about: tuple[AiSystemId, ...]
    answered_by: tuple[Text, ...]
    """Documents and records by id."""
    owner: RoleId
    reviewed_on: Day | None

    @property
    def looked_at(self) -> datetime.date | None:
        return self.reviewed_on
