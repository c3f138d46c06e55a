"""The gates of the AI system life cycle: what must be shown before an AI system goes to a stage, and what a gate says."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from pydantic import Field

from macros.model.base import Day, Line, Model, RequirementId, Slug, Text
from macros.model.records.systems import Actor, AiActClass, Origin, Stage


class GateKind(str, Enum):
    """How the data shows that a condition holds."""

    FILES_READ = "files-read"
    """Every document and record could be read, so that nothing hides in a broken file."""
    NOT_RETIRED = "not-retired"
    """It is not retired; a retired AI system stays so, and a new one is another record."""
    CLASS_ALLOWED = "class-allowed"
    """The class under the EU AI Act is judged, and is not prohibited."""
    RECORD_APPROVED = "record-approved"
    """The record of the AI system is approved."""
    ASSESSMENT_CARRIED_OUT = "assessment-carried-out"
    """An AI system impact assessment about it has been carried out, even if it is not approved yet."""
    ASSESSMENT_COVERS = "assessment-covers"
    """An approved assessment in date covers this version, models, use, datasets, people and context."""
    RISKS_ASSESSED = "risks-assessed"
    """At least one AI risk about it is on record."""
    RISKS_DECIDED = "risks-decided"
    """Every AI risk about it is treated to the acceptable level, or accepted by who may; closed alone is not enough."""
    DATASETS_COMPLETE = "datasets-complete"
    """Each dataset is approved, with acquisition, measured quality, provenance and preparation."""
    SHOWN = "shown"
    """A document, external document or evidence about it that answers one of the requirements in `of`."""
    CHANGE_DECIDED = "change-decided"
    """The change that brings this version was decided with go at gate 3, with no condition overdue."""
    CHANGE_APPROVED = "change-approved"
    """The change that brings this version is approved, with go at gates 3 and 4."""
    RETIREMENT_APPROVED = "retirement-approved"
    """The change that retires it is approved."""
    OPERATORS = "operators"
    """At least `count` holders of the oversight role are still here and have competence in date."""
    SUPPLIERS = "suppliers"
    """Each supplier about it has an agreement and a review that is not overdue."""


class Proof(str, Enum):
    """What counts as proof of a condition of kind shown."""

    DOCUMENT = "document"
    EXTERNAL_DOCUMENT = "external-document"
    EVIDENCE = "evidence"


class GateCondition(Model):
    """One thing that must be shown before an AI system goes to a stage."""

    id: Slug
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]
    """Stages whose gate asks for it."""
    requirements: Annotated[tuple[RequirementId, ...], Field(min_length=1)]
    """Requirements that it serves."""
    asks: Text
    """What must hold, in one sentence without its full stop."""
    kind: GateKind
    of: tuple[RequirementId, ...] = ()
    """For kind shown: what the proof answers; one of these is enough."""
    proof: tuple[Proof, ...] = ()
    """For kind shown: what counts as proof."""
    this_version: bool = False
    """For kind shown: the proof must name the version that the AI system has."""
    passed: bool = False
    """For kind shown: evidence must say that the examination passed."""
    count: Annotated[int, Field(ge=1)] = 1
    """For kind operators: how many are needed."""
    origins: tuple[Origin, ...] = ()
    """Where AI systems come from to which it applies; empty for all."""
    classes: tuple[AiActClass, ...] = ()
    """Classes under the EU AI Act to which it applies; empty for all."""
    actors: tuple[Actor, ...] = ()
    """What the organisation is to AI systems to which it applies; empty for all."""
    due: Slug | None = None
    """A group of obligations of the EU AI Act; before its first date the condition is shown and does not stop."""
    way_out: Text
    """What to do where it does not hold."""


class Gates(Model):
    """The conditions of all gates."""

    id: Slug
    title: Line
    note: Text
    conditions: tuple[GateCondition, ...]


class GateState(str, Enum):
    """How a condition stands."""

    HOLDS = "holds"
    MISSING = "missing"
    NOT_DUE = "not-due"
    """Missing, and asked for by law from a later day only."""


class GateAnswer(Model):
    """One condition, with its proof or what is missing."""

    id: Slug
    asks: Text
    requirements: tuple[RequirementId, ...]
    state: GateState
    said: Text
    """The proof, or what is missing, in one sentence without its full stop."""
    proof: tuple[Text, ...]
    """Ids of the documents and records that show it, or that fall short."""
    due: Day | None
    """The first day on which the law asks for it; null where it always counts."""
    way_out: Text | None
    """What to do; null where the condition holds."""


class GateReport(Model):
    """Whether one AI system may go to one stage, and what that rests on."""

    ai_system: Text
    name: Line
    version: Line
    present_stage: Stage
    stage: Stage
    """The stage that is asked about."""
    judged_on: Day
    allowed: bool
    """Whether every condition holds that is due."""
    verdict: Text
    """The same in one sentence."""
    conditions: tuple[GateAnswer, ...]

    @property
    def missing(self) -> tuple[GateAnswer, ...]:
        """Conditions that stop it."""
        return tuple(answer for answer in self.conditions if answer.state is GateState.MISSING)
