"""Which integration strategy fits?

Facts are read or answered, rules are data, and every reason is shown.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from macros.model.organisation import Strategy
from macros.model.planning import AdviceRule, Fact, FactKind, Pull, StrategyAdvice
from macros.model.records.governance import IsmsDocument, IsmsDocumentStatus
from macros.model.records.systems import AiActClass, AiSystem, Stage
from macros.model.workspace import Workspace

Answer = int | str
AGE = "isms-age"
"""The fact on which the three years rest that the source article requires for integrated."""
RULES_OUT = 5
"""A reason of this weight against a strategy rules it out."""


@dataclass(frozen=True, slots=True)
class StrategyScore:
    """How one strategy comes off."""

    strategy: Strategy
    score: int
    """Weights of the reasons for it, less those against."""
    ruled_out: bool
    reasons: tuple[AdviceRule, ...]
    """The rules that hold, heaviest first."""


@dataclass(frozen=True, slots=True)
class Advice:
    """A recommendation with everything that it rests on."""

    facts: Mapping[str, Answer]
    missing: tuple[Fact, ...]
    """Facts that nobody has answered; rules on them did not count."""
    standings: tuple[StrategyScore, ...]
    """Best first."""

    asked: int
    """How many facts the advice rests on where all are known."""

    @property
    def known(self) -> int:
        """How many of them are known."""
        return self.asked - len(self.missing)

    @property
    def best(self) -> StrategyScore | None:
        """The recommended strategy; None where fewer than half of the facts are known, or every strategy is ruled out."""
        first = self.standings[0]
        return None if 2 * self.known < self.asked or first.ruled_out else first

    @property
    def age_is_known(self) -> bool:
        """Whether it is known for how long there has been an ISMS, which decides on integrated."""
        return all(fact.id != AGE for fact in self.missing)


def known_facts(workspace: Workspace, today: datetime.date) -> dict[str, Answer]:
    """The facts that the repository holds.

    Args:
        workspace: The organisation.
        today: Its year less the year of the first certificate is the age of the ISMS, in years.
    """
    organisation = workspace.organisation.value if workspace.organisation else None
    if organisation is None:
        return {}
    found = [record.value for record in workspace.records(AiSystem)]
    systems = [system for system in found if system.stage is not Stage.RETIRED and not system.is_closed]
    facts: dict[str, Answer] = {}
    if organisation.isms is None:
        facts[AGE] = 0
    elif organisation.isms.certified_since <= today.year:  # a year to come says nothing of how long there has been an ISMS
        facts[AGE] = max(1, today.year - organisation.isms.certified_since)
    facts |= {
        "ai-systems": len(systems),
        "high-risk-systems": sum(system.eu_ai_act.risk_class is AiActClass.HIGH_RISK for system in systems),
    }
    rows = [record.value for record in workspace.records(IsmsDocument)]
    papers = [
        row for row in rows if row.status not in (IsmsDocumentStatus.WITHDRAWN, IsmsDocumentStatus.REPLACED)
    ]  # nothing builds on these
    looked_at = [paper for paper in papers if paper.status is not IsmsDocumentStatus.TO_CONFIRM]
    if looked_at:
        good = [
            paper
            for paper in papers
            if paper.status is IsmsDocumentStatus.CONFIRMED and not (paper.next_review and paper.next_review < today)
        ]
        facts["documents-in-date"] = round(100 * len(good) / len(papers))
    return facts


def recommend(data: StrategyAdvice, facts: Mapping[str, Answer]) -> Advice:
    """Weigh the rules that hold against each other.

    Args:
        data: Facts and rules.
        facts: Answers by the id of the fact; what is missing counts neither way.
    """
    standings = []
    for strategy in Strategy:
        holding = [rule for rule in data.rules if rule.strategy is strategy and holds(rule, facts)]
        score = sum(rule.weight if rule.side is Pull.FOR else -rule.weight for rule in holding)
        out = any(rule.side is Pull.AGAINST and rule.weight >= RULES_OUT for rule in holding)
        holding.sort(key=lambda rule: (-rule.weight, rule.id))
        standings.append(StrategyScore(strategy, score, out, tuple(holding)))
    standings.sort(key=lambda standing: (standing.ruled_out, -standing.score, list(Strategy).index(standing.strategy)))
    missing = tuple(fact for fact in data.facts if fact.id not in facts)
    return Advice(dict(facts), missing, tuple(standings), len(data.facts))


def holds(rule: AdviceRule, facts: Mapping[str, Answer]) -> bool:
    """Whether a rule's condition is met by the facts; a fact that nobody knows meets none."""
    given = facts.get(rule.fact)
    if given is None:
        return False
    if rule.words:
        return given in rule.words
    if not isinstance(given, int):
        return False
    return (rule.at_least is None or given >= rule.at_least) and (rule.at_most is None or given <= rule.at_most)


def read_answer(fact: Fact, text: str) -> Answer | None:
    """An answer in words as the fact wants it, or None where it does not fit."""
    text = text.strip().lower()
    if fact.kind is FactKind.NUMBER:
        return int(text) if text.isdigit() else None
    return text if text in fact.words else None
