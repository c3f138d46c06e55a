"""The way to certification: what is done, shown by what it is tied to; dates; what is late; what comes next.

A task is done when every condition on it holds, never by ticking. Durations lie between the article's
shortest and longest months for a phase: the more of its requirements rest on the ISMS, the shorter.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from macros.days import after_days
from macros.facts.computed import Facts
from macros.model.planning import Effort, ReadinessItem, RoadmapPhase, RoadmapTask
from macros.reports.shown import ShownCondition, shown_by

DAYS_PER_MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """A task with its dates and its state."""

    task: RoadmapTask
    phase: int
    start: datetime.date
    end: datetime.date
    shown: tuple[ShownCondition, ...]

    @property
    def done(self) -> bool:
        """Whether everything that it is tied to shows it."""
        return bool(self.shown) and all(shown.holds for shown in self.shown)

    def late(self, today: datetime.date) -> bool:
        """Whether it should have been done before today."""
        return not self.done and self.end < today


@dataclass(frozen=True, slots=True)
class PlannedPhase:
    """A phase with its dates and its tasks."""

    phase: RoadmapPhase
    start: datetime.date
    end: datetime.date
    ratio: float
    """Effort of its requirements here, as a share of the effort without an ISMS, 0 to 1."""
    tasks: tuple[PlannedTask, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The roadmap of one organisation."""

    phases: tuple[PlannedPhase, ...]
    today: datetime.date
    stage_1: tuple[tuple[ReadinessItem, tuple[ShownCondition, ...]], ...]
    stage_2: tuple[tuple[ReadinessItem, tuple[ShownCondition, ...]], ...]

    @property
    def tasks(self) -> tuple[PlannedTask, ...]:
        """Every task, in order."""
        return tuple(task for phase in self.phases for task in phase.tasks)

    @property
    def late(self) -> tuple[PlannedTask, ...]:
        """Tasks that should have been done."""
        return tuple(task for task in self.tasks if task.late(self.today))

    @property
    def next_five(self) -> tuple[PlannedTask, ...]:
        """The next five things to do: by their end, critical ones first where ends agree."""
        open_tasks = [task for task in self.tasks if not task.done]
        return tuple(sorted(open_tasks, key=lambda task: (task.end, not task.task.critical, task.task.id))[:5])


def plan(facts: Facts, effort_of: Callable[[str], int]) -> Plan | None:
    """Lay out the roadmap.

    Args:
        facts: Workspace, trace and the day.
        effort_of: Effort points of a requirement of ISO/IEC 42001 in this organisation, by its qualified id.
    """
    data, organisation = facts.workspace.roadmap, facts.workspace.organisation
    if data is None or organisation is None:
        return None
    lengths = [_length(phase, data.effort, effort_of) for phase in data.phases]
    start, stretch = _span(facts, sum(days for days, _ in lengths))
    phases = []
    for phase, (natural, ratio) in zip(data.phases, lengths, strict=True):
        days = max(1, round(natural * stretch))
        end = after_days(start, days - 1)
        wished = organisation.value.roadmap.certification if organisation.value.roadmap else None
        if stretch != 1.0 and wished and phase is data.phases[-1]:  # what rounding left over goes to the last phase
            end = wished
            days = (end - start).days + 1
        phases.append(PlannedPhase(phase, start, end, ratio, _tasks(facts, phase, start, days)))
        start = after_days(end, 1)
    return Plan(tuple(phases), facts.today, _readiness(facts, data.stage_1), _readiness(facts, data.stage_2))


def _span(facts: Facts, days: int) -> tuple[datetime.date, float]:
    """First day, and by how much the natural lengths are stretched to end on a wished day."""
    dates = facts.workspace.organisation.value.roadmap if facts.workspace.organisation else None
    if dates and dates.start and dates.certification and dates.certification > dates.start:
        return dates.start, ((dates.certification - dates.start).days + 1) / days
    if dates and dates.certification and not dates.start:
        return after_days(dates.certification, 1 - days), 1.0
    return (dates.start if dates and dates.start else facts.today), 1.0


def _length(phase: RoadmapPhase, effort: Effort, effort_of: Callable[[str], int]) -> tuple[int, float]:
    """Length in days, and the share of effort that remains."""
    named = {requirement for task in phase.tasks for requirement in task.requirements if requirement.startswith("iso42001:")}
    here = sum(effort_of(requirement) for requirement in named)
    without = effort.new * len(named)
    ratio = here / without if without else 1.0
    months = phase.months.min + (phase.months.max - phase.months.min) * ratio
    return round(months * DAYS_PER_MONTH), ratio


def _tasks(facts: Facts, phase: RoadmapPhase, start: datetime.date, days: int) -> tuple[PlannedTask, ...]:
    applying = [(task, shown) for task in phase.tasks if (shown := shown_by(facts, task.done_when))]
    total = sum(task.weight for task, _ in applying)
    planned, before = [], 0
    for task, shown in applying:
        first = after_days(start, round(days * before / total))
        before += task.weight
        last = after_days(start, max(round(days * before / total) - 1, 0))
        planned.append(PlannedTask(task, phase.id, first, max(first, last), shown))
    return tuple(planned)


def _readiness(facts: Facts, items: tuple[ReadinessItem, ...]) -> tuple[tuple[ReadinessItem, tuple[ShownCondition, ...]], ...]:
    """Items with what shows them; one that nothing is tied to in this strategy is none here."""
    return tuple((item, shown) for item in items if (shown := shown_by(facts, item.shown_when)))
