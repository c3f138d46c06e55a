"""The steps of an organisation in operation: what it could lift, each by itself, the largest lift first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from macros.checks import Judged
from macros.model.records.applicability import Implementation
from macros.model.records.kinds import SOA
from macros.problem import Location, Problem
from macros.status import Standing
from macros.status.rungs import NeededPart, PartKind
from macros.worklist.owners import Owners
from macros.worklist.steps import Settles, StepKind, WorkStep, lifted

_Gap = tuple[StepKind, str]


def gaps(judged: Judged, standings: tuple[Standing, ...], owners: Owners, problems: Iterable[Problem]) -> Iterator[WorkStep]:
    """What holds requirements back and no problem speaks of, the largest lift first; the arguments are those of `setting_up`."""
    found: dict[_Gap, list[str]] = {}
    for standing in standings:
        for part in standing.parts if standing.rung else ():
            gap = _gap(judged, standing.requirement, part)
            if gap and part.way_up and owners.of_part(standing.requirement, part):
                found.setdefault(gap, []).append(standing.requirement)
    given = tuple(problems)
    steps = []
    for gap, targets in found.items():
        kind, about = gap
        lifts = lifted(standings, lambda _, __: False, _settling(judged, gap, frozenset(targets)))
        where = _where(judged, kind, about, targets[0])
        told = tuple(problem for problem in given if kind is StepKind.DOCUMENT and problem.location.path == where.path)
        if lifts or told:
            steps.append(WorkStep(kind, about, where, 1 if kind in (StepKind.DOCUMENT, StepKind.REGISTER) else len(targets), told, lifts))
    order = list(StepKind)
    yield from sorted(steps, key=lambda step: (-step.gain, order.index(step.kind), step.about))


def _settling(judged: Judged, gap: _Gap, targets: frozenset[str]) -> Settles:
    return lambda target, part: target in targets and bool(part.way_up) and _gap(judged, target, part) == gap


def _gap(judged: Judged, target: str, part: NeededPart) -> _Gap | None:
    """The step that would settle a part; None where a problem already says what to do."""
    catalogue = target.split(":", 1)[0]
    if part.told:
        return None
    if part.kind in (PartKind.DOCUMENT, PartKind.ISMS_DOCUMENT):
        return (StepKind.DOCUMENT if part.kind is PartKind.DOCUMENT else StepKind.ISMS_DOCUMENTS), part.name
    if part.kind is PartKind.REGISTER:
        return StepKind.REGISTER, part.name
    if part.kind is PartKind.OPERATION:
        decision = judged.ladder.decisions.get(target)
        if decision and decision[1].status in (Implementation.PLANNED, Implementation.IN_PROGRESS):
            return StepKind.IMPLEMENT, catalogue
        return None if " says that " in part.why else (StepKind.EVIDENCE, catalogue)
    simple = {PartKind.NOTHING: StepKind.NOTHING, PartKind.DECISION: StepKind.SOA, PartKind.AUDIT: StepKind.AUDIT}
    return (simple[part.kind], catalogue) if part.kind in simple else None


def _where(judged: Judged, kind: StepKind, about: str, target: str) -> Location:
    """Where to begin: the document, the record, the register, or the row of the first control."""
    workspace, decisions = judged.ladder.workspace, judged.ladder.decisions
    if kind is StepKind.DOCUMENT:
        return workspace.document_by_id[about].head.at("status")
    if kind is StepKind.ISMS_DOCUMENTS:
        return workspace.record_by_id[about].data.at("status")
    if kind in (StepKind.IMPLEMENT, StepKind.SOA) and target in decisions:
        return decisions[target][0].data.at("status")
    name = {
        StepKind.REGISTER: about,
        StepKind.EVIDENCE: "evidence",
        StepKind.AUDIT: "audits",
        StepKind.NOTHING: "isms-documents",
    }.get(kind, SOA)
    return Location(workspace.registers[name].head.path) if name in workspace.registers else Location("registers")
