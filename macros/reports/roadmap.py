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
from macros.model.document import DocumentStatus
from macros.model.planning import Condition, ConditionKind, Effort, ReadinessItem, RoadmapPhase, RoadmapTask
from macros.model.records.applicability import Applicability, Implementation, SoaEntry
from macros.model.records.governance import IsmsDocument, IsmsDocumentStatus
from macros.model.records.improvement import Audit, Nonconformity
from macros.model.records.systems import AiSystem

DAYS_PER_MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True)
class ShownCondition:
    """A condition, whether it holds, and what shows it or is missing."""

    condition: Condition
    holds: bool
    proof: str


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
        return all(shown.holds for shown in self.shown)

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
    return tuple((item, shown_by(facts, item.shown_when)) for item in items)


def shown_by(facts: Facts, conditions: tuple[Condition, ...]) -> tuple[ShownCondition, ...]:
    """Each condition that applies to this organisation, with its proof or what is missing."""
    organisation = facts.workspace.organisation
    return tuple(
        ShownCondition(condition, *_LOOK[condition.kind](facts, condition))
        for condition in conditions
        if organisation is None or organisation.value.integration_strategy not in condition.not_in
    )


def _document(facts: Facts, condition: Condition) -> tuple[bool, str]:
    document = facts.workspace.document_by_id.get(condition.of or "")
    if document is None:
        return False, f"there is no document {condition.of}"
    head = document.head.value
    if head.status is not DocumentStatus.APPROVED:
        return False, f"{head.id} is a {head.status.value}"
    if head.next_review and head.next_review < facts.today:
        return False, f"the review of {head.id} was due on {head.next_review}"
    return True, f"{head.id} is approved in version {head.version}"


def _register(facts: Facts, condition: Condition) -> tuple[bool, str]:
    register = facts.workspace.registers.get(condition.of or "")
    if register is None:
        return False, f"there is no register '{condition.of}'"
    counted = [record for record in register.records if not record.value.is_draft]
    title = register.head.value.title
    return len(counted) >= condition.count, f"{len(counted)} records in the {title}, {condition.count} needed"


def _soa_decided(facts: Facts, condition: Condition) -> tuple[bool, str]:
    rows = [record.value for record in facts.workspace.records(SoaEntry) if record.id.startswith(f"{condition.of}:")]
    decided = sum(row.decided is not None for row in rows)
    return bool(rows) and decided == len(rows), f"{decided} of {len(rows)} rows are decided"


def _soa_implemented(facts: Facts, condition: Condition) -> tuple[bool, str]:
    area = condition.of or ""
    rows = [
        record.value
        for record in facts.workspace.records(SoaEntry)
        if (record.id == area or record.id.startswith(area + ".")) and record.value.applicability is Applicability.INCLUDED
    ]
    done = sum(row.status is Implementation.IMPLEMENTED and row.decided is not None for row in rows)
    return bool(rows) and done == len(rows), f"{done} of {len(rows)} controls of {area} are implemented"


def _isms(facts: Facts, condition: Condition) -> tuple[bool, str]:
    rows = [record.value for record in facts.workspace.records(IsmsDocument)]
    known = sum(row.status is not IsmsDocumentStatus.TO_CONFIRM for row in rows)
    return bool(rows) and known == len(rows), f"{known} of {len(rows)} ISMS documents are confirmed or known to be absent"


def _assessed(facts: Facts, condition: Condition) -> tuple[bool, str]:
    systems = [record for record in facts.workspace.records(AiSystem) if not record.value.is_draft]
    open_ones = [found.message for found in facts.uncovered]
    if open_ones:
        return False, open_ones[0]
    return bool(
        systems
    ), f"{len(systems)} AI systems are on record and none in use lacks an assessment" if systems else "no AI system is on record"


def _roles(facts: Facts, condition: Condition) -> tuple[bool, str]:
    roles = facts.workspace.role_by_id
    held = sum(bool(role.held_by) for role in roles.values())
    return bool(roles) and held == len(roles), f"{held} of {len(roles)} roles are held"


def _audit(facts: Facts, condition: Condition) -> tuple[bool, str]:
    done = [
        record.id
        for record in facts.workspace.records(Audit)
        if record.value.kind.value == condition.of
        and record.value.carried_out_on
        and record.value.carried_out_on <= facts.today
        and any(target.startswith("iso42001:") for target in record.value.covers)  # an audit of the ISMS alone shows nothing here
    ]
    said = f"{', '.join(done)} carried out" if done else f"no {condition.of} audit has been carried out"
    return len(done) >= condition.count, said if condition.count == 1 else f"{said}, {condition.count} needed"


def _nonconformities(facts: Facts, condition: Condition) -> tuple[bool, str]:
    open_ones = [record.id for record in facts.workspace.records(Nonconformity) if not record.value.is_closed]
    return not open_ones, f"open: {', '.join(open_ones)}" if open_ones else "no nonconformity is open"


_LOOK: dict[ConditionKind, Callable[[Facts, Condition], tuple[bool, str]]] = {
    ConditionKind.DOCUMENT_APPROVED: _document,
    ConditionKind.REGISTER_FILLED: _register,
    ConditionKind.SOA_DECIDED: _soa_decided,
    ConditionKind.SOA_IMPLEMENTED: _soa_implemented,
    ConditionKind.ISMS_CONFIRMED: _isms,
    ConditionKind.SYSTEMS_ASSESSED: _assessed,
    ConditionKind.ROLES_HELD: _roles,
    ConditionKind.AUDIT_DONE: _audit,
    ConditionKind.NONCONFORMITIES_CLOSED: _nonconformities,
    ConditionKind.STRATEGY_CHOSEN: _document,
}
