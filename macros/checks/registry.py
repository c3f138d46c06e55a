"""How a rule is written down, and what it may look at."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from macros.load.built_site import BuiltSite
from macros.model.workspace import Workspace
from macros.problem import Location, Problem, Rule, Severity, nearest
from macros.suspects import Suspect, suspects
from macros.trace import Trace

Said = tuple[Location, str, str]
"""Where, what is wrong, and the way out."""


@dataclass(frozen=True)
class World:
    """All that a check may read."""

    workspace: Workspace
    trace: Trace
    today: datetime.date
    site: BuiltSite | None = None
    """The built site, where a rule is to read one."""

    @cached_property
    def suspects(self) -> tuple[Suspect, ...]:
        """What rests on a text that has changed since."""
        return suspects(self.workspace, self.trace, self.today)


Look = Callable[[World], Iterator[Said]]
"""A generator that looks for where a rule is not met."""


@dataclass(frozen=True, slots=True)
class Check:
    """A rule with the generator that looks for where it is not met."""

    rule: Rule
    look: Look

    def problems(self, world: World) -> Iterator[Problem]:
        """Every place where the rule is not met."""
        for location, message, way_out in self.look(world):
            yield self.rule.problem(location, message, way_out)


CHECKS: list[Check] = []


def check(code: str, title: str, severity: Severity = Severity.ERROR) -> Callable[[Look], Look]:
    """Register a generator as a rule; its docstring is the reason."""

    def register(look: Look) -> Look:
        reason = " ".join((look.__doc__ or "").split())
        CHECKS.append(Check(Rule(code, title, reason, severity), look))
        return look

    return register


def did_you_mean(given: str, known: Iterable[str], otherwise: str) -> str:
    """A way out: the nearest known word, or `otherwise`.

    Ids are compared within their family, a catalogue or a prefix such as `AIS-`, where that family exists;
    otherwise the shared beginning would make every id of it look near.
    """
    words = list(known)
    family = re.match(r"[a-z0-9-]+:|[A-Z]+-", given)
    if family:
        start = family.group()
        inside = [word.removeprefix(start) for word in words if word.startswith(start)]
        if inside or start.endswith("-"):
            close = nearest(given.removeprefix(start), inside)
            return f"did you mean '{start}{close}'?" if close else otherwise
    close = nearest(given, words)
    return f"did you mean '{close}'?" if close else otherwise
