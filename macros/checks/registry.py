"""How a rule is written down, and what it may look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from macros.facts.computed import Facts
from macros.problem import Location, Problem, Rule, Severity

Said = tuple[Location, str, str]
"""Where, what is wrong, and the way out."""


Look = Callable[[Facts], Iterator[Said]]
"""A generator that looks for where a rule is not met."""


@dataclass(frozen=True, slots=True)
class Check:
    """A rule with the generator that looks for where it is not met."""

    rule: Rule
    look: Look

    def problems(self, facts: Facts) -> Iterator[Problem]:
        """Every place where the rule is not met."""
        for location, message, way_out in self.look(facts):
            yield self.rule.problem(location, message, way_out)


CHECKS: list[Check] = []


def check(code: str, title: str, severity: Severity = Severity.ERROR) -> Callable[[Look], Look]:
    """Register a generator as a rule; its docstring is the reason."""

    def register(look: Look) -> Look:
        reason = " ".join((look.__doc__ or "").split())
        CHECKS.append(Check(Rule(code, title, reason, severity), look))
        return look

    return register
