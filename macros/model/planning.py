"""How an organisation gets there: facts and rules behind the strategy advice, phases and tasks of the roadmap, effort."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from macros.model.base import Line, Model, RequirementId, Slug, Text
from macros.model.organisation import Strategy


class Grounds(str, Enum):
    """What a rule or duration rests on."""

    ARTICLE = "article"
    """The opinion of the source article's author; no standard says so."""
    EDITORIAL = "editorial"
    """Our own judgement."""


class FactKind(str, Enum):
    """How a fact is answered."""

    NUMBER = "number"
    WORD = "word"


class Fact(Model):
    """Something that the advice has to know."""

    id: Slug
    question: Text
    kind: FactKind
    words: tuple[Slug, ...] = ()
    """The answers that count, for a fact of kind word."""
    read_from: Line | None = None
    """Where the repository holds it; null where somebody has to answer."""
    means: Text
    """Why it matters for the choice."""


class Pull(str, Enum):
    """Which way a rule pulls."""

    FOR = "for"
    AGAINST = "against"


class AdviceRule(Model):
    """One reason for or against a strategy, and when it holds."""

    id: Slug
    fact: Slug
    words: tuple[Slug, ...] = ()
    """Holds when the fact is one of these."""
    at_least: int | None = None
    """Holds when the number is this or more."""
    at_most: int | None = None
    """Holds when the number is this or less."""
    strategy: Strategy
    side: Pull
    weight: Annotated[int, Field(ge=1, le=5)]
    """How much it counts, 1 to 5; 5 rules a strategy out or in by itself."""
    because: Text
    grounds: Grounds


class StrategyProfile(Model):
    """A strategy in the article's terms."""

    strategy: Strategy
    name: Line
    idea: Text
    strength: Text
    needs: Text
    risk: Text
    investment: Text
    sufficiency: Text
    """Whether it is enough for a certification audit."""
    to_change: tuple[Text, ...]
    """What has to be done by hand when an organisation changes to it later."""


def _one_for_each_strategy(profiles: tuple[StrategyProfile, ...]) -> tuple[StrategyProfile, ...]:
    """Advice weighs every strategy, so each has its profile."""
    missing = [strategy.value for strategy in Strategy if strategy not in {profile.strategy for profile in profiles}]
    if missing:
        message, way_out = f"has no profile of '{missing[0]}'", "write one profile for each strategy, as the kit delivers them"
        raise PydanticCustomError("run", message, {"way_out": way_out})
    return profiles


class StrategyAdvice(Model):
    """All that the advice on a strategy rests on."""

    id: Slug
    title: Line
    note: Text
    profiles: Annotated[tuple[StrategyProfile, ...], AfterValidator(_one_for_each_strategy)]
    facts: tuple[Fact, ...]
    rules: tuple[AdviceRule, ...]


class ConditionKind(str, Enum):
    """What shows that a task is done."""

    DOCUMENT_APPROVED = "document-approved"
    """The document named in `of` is approved and its review is not overdue."""
    REGISTER_FILLED = "register-filled"
    """The register named in `of` has at least `count` records that are no drafts."""
    SOA_DECIDED = "soa-decided"
    """Every row of the catalogue named in `of` is decided."""
    SOA_IMPLEMENTED = "soa-implemented"
    """Every included control of the area named in `of`, such as `iso42001:A.6`, is implemented."""
    ISMS_CONFIRMED = "isms-confirmed"
    """Every ISMS document is confirmed, or known to be absent or gone."""
    ISMS_IN_FORCE = "isms-in-force"
    """Each requirement in `covers` has an ISMS document that is confirmed and whose review is not overdue."""
    CLAUSES_COMPARED = "clauses-compared"
    """For every clause of ISO/IEC 42001 it is known what the ISMS gives, be it nothing."""
    SYSTEMS_DOCUMENTED = "systems-documented"
    """Every AI system that is not retired has technical documentation: a document in force, or an external one, about it (A.6.2.7)."""
    SYSTEMS_ASSESSED = "systems-assessed"
    """Every AI system in use is covered by an impact assessment."""
    ROLES_HELD = "roles-held"
    """Every role has a holder who is here."""
    AUDIT_DONE = "audit-done"
    """An audit of the kind in `of` has been carried out and concluded, and covers each of the catalogues in `covers`, or ISO/IEC 42001."""
    NONCONFORMITIES_CLOSED = "nonconformities-closed"
    """No nonconformity is open, and there is one, or an audit whose findings are none."""
    STRATEGY_CHOSEN = "strategy-chosen"
    """The strategy is chosen: a document in `of` that states it is approved."""


class Condition(Model):
    """One thing that shows a task done."""

    kind: ConditionKind
    of: Line | None = None
    count: Annotated[int, Field(ge=1)] = 1
    covers: tuple[Line, ...] = ()
    """Catalogues that one audit has to cover, or requirements that ISMS documents have to."""
    not_in: tuple[Strategy, ...] = ()
    """Strategies in which this condition does not exist."""


class RoadmapTask(Model):
    """A task of the roadmap; it is done when what it is tied to shows it, never by ticking."""

    id: Annotated[str, Field(pattern=r"^[1-4]\.[1-9]$")]
    task: Text
    requirements: tuple[RequirementId, ...]
    """Requirements that it serves; their reuse scales its duration."""
    weight: Annotated[int, Field(ge=1, le=5)]
    """Its share of the phase, relative to the other tasks."""
    done_when: Annotated[tuple[Condition, ...], Field(min_length=1)]
    critical: bool
    """Whether the phases after it cannot end without it."""
    hint: Text
    """How to begin, in a sentence."""
    in_article: bool = True
    """Whether the source article names it."""


class Months(Model):
    """A span in months."""

    min: int
    max: int


class RoadmapPhase(Model):
    """A phase of the roadmap."""

    id: Annotated[int, Field(ge=1, le=4)]
    name: Line
    months: Months
    """As the article prints them."""
    tasks: tuple[RoadmapTask, ...]


class ReadinessItem(Model):
    """What an auditor looks at in one stage of certification."""

    item: Line
    requirements: tuple[RequirementId, ...]
    shown_when: tuple[Condition, ...]


class Effort(Model):
    """Relative effort of a requirement by what has to be done; our judgement, for planning only."""

    reuse: int
    extend_high: int
    extend_medium: int
    extend_low: int
    new: int


class RoadmapData(Model):
    """The roadmap to certification."""

    id: Slug
    title: Line
    note: Text
    effort: Effort
    phases: tuple[RoadmapPhase, ...]
    stage_1: tuple[ReadinessItem, ...]
    """Document review."""
    stage_2: tuple[ReadinessItem, ...]
    """On-site assessment."""


class RelatedStandard(Model):
    """A standard or framework that helps with some requirements."""

    id: Line
    title: Line
    kind: Line
    relevance: Text
    requirements: tuple[RequirementId, ...]
    basis: Text
    title_confirmed_by: tuple[Slug, ...]
    note: Text | None = None


class RelatedStandards(Model):
    """Neighbours of ISO/IEC 42001."""

    id: Slug
    title: Line
    note: Text
    standards: tuple[RelatedStandard, ...]
