"""What a step of the work is: what it settles, what it lifts, and what it waits for."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from macros.problem import Location, Problem
from macros.status import NeededPart, Rung, Standing
from macros.status.rungs import weakest

Settles = Callable[[str, NeededPart], bool]
"""Whether a step settles a part of a requirement, by the requirement's qualified id."""


class StepKind(str, Enum):
    """What is done in a step; while an organisation sets up, in this order."""

    ERRORS = "errors"
    OVERDUE = "overdue"
    WARNINGS = "warnings"
    DUE = "due"
    PEOPLE = "people"
    PARAMETERS = "parameters"
    SCOPE = "scope"
    ISMS_DOCUMENTS = "isms-documents"
    SYSTEM = "ai-system"
    RISKS = "risks"
    SOA = "statement-of-applicability"
    POLICY = "policy"
    DOCUMENTS = "documents"
    EVIDENCE = "evidence"
    AUDIT = "audit"
    REVIEW = "management-review"
    DOCUMENT = "document"
    """One document that holds requirements back."""
    REGISTER = "register"
    """One register of which nothing is the organisation's own."""
    IMPLEMENT = "implement"
    """Controls whose own row says that they are not implemented."""
    NOTHING = "text"
    """Requirements that no document answers."""
    REST = "everything-else"


@dataclass(frozen=True, slots=True)
class Lift:
    """How far a step brings one requirement."""

    requirement: str
    before: Rung
    after: Rung

    @property
    def height(self) -> int:
        """How many rungs."""
        return self.after.height - self.before.height


@dataclass(frozen=True, slots=True)
class Due:
    """One thing with a day."""

    day: datetime.date
    id: str
    what: str
    """What is to be done on that day, as a phrase such as `review`."""
    location: Location
    owner: str
    """Role or person, by id."""


@dataclass(frozen=True, slots=True)
class WorkStep:
    """One step of the work."""

    kind: StepKind
    about: str
    """What it is about, by id, where there is a step for each such thing: a code, a document, a catalogue; otherwise empty."""
    where: Location
    """Where to begin."""
    places: int
    """In how many places there is something to do."""
    problems: tuple[Problem, ...]
    """What `check` says that this step settles; each problem belongs to one step."""
    lifts: tuple[Lift, ...]
    """What it lifts, in the order of the catalogues: with the steps before it while an organisation sets up, else by itself."""
    waits_for: tuple[StepKind, ...] = ()
    """Open steps that come first."""
    due: tuple[Due, ...] = ()

    @property
    def gain(self) -> int:
        """The rungs of all requirements that it lifts."""
        return sum(lift.height for lift in self.lifts)

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the problems."""
        return tuple(sorted({problem.code for problem in self.problems}))


@dataclass(frozen=True, slots=True)
class Worklist:
    """All that is to do, in the order of the work."""

    organisation: str
    today: datetime.date
    in_operation: bool
    """Whether there is a policy in force, an AI system of its own and a decision on a control."""
    steps: tuple[WorkStep, ...]
    whose: str = ""
    """The role or person whose work this is; empty for all."""

    @property
    def problems(self) -> int:
        """How many problems the steps settle."""
        return sum(len(step.problems) for step in self.steps)


def lifted(standings: Iterable[Standing], done: Settles, step: Settles) -> tuple[Lift, ...]:
    """What a step lifts where others are done.

    Args:
        standings: How far each requirement has come.
        done: What is settled before it.
        step: What it settles.
    """
    lifts = []
    for standing in standings:
        if standing.rung is None:
            continue
        target = standing.requirement
        left = [part for part in standing.parts if not done(target, part)]
        before, after = weakest(left), weakest(part for part in left if not step(target, part))
        if after.height > before.height:
            lifts.append(Lift(target, before, after))
    return tuple(lifts)
