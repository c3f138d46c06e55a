"""How a rule is written down, and what it may look at."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from macros.load.built_site import BuiltSite
from macros.model.workspace import Workspace
from macros.problem import Location, Problem, Rule, Severity
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


@dataclass(frozen=True, slots=True)
class Check:
    """A rule with the generator that looks for where it is not met."""

    rule: Rule
    look: Callable[[World], Iterator[Said]]

    def problems(self, world: World) -> Iterator[Problem]:
        """Every place where the rule is not met."""
        for location, message, way_out in self.look(world):
            yield self.rule.problem(location, message, way_out)


CHECKS: list[Check] = []


def check(code: str, title: str, severity: Severity = Severity.ERROR) -> Callable:
    """Register a generator as a rule; its docstring is the reason."""

    def register(look: Callable[[World], Iterator[Said]]) -> Callable[[World], Iterator[Said]]:
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
            close = difflib.get_close_matches(given.removeprefix(start), inside, n=1, cutoff=0.6)
            return f"did you mean '{start}{close[0]}'?" if close else otherwise
    close = difflib.get_close_matches(given, words, n=1, cutoff=0.6)
    return f"did you mean '{close[0]}'?" if close else otherwise
