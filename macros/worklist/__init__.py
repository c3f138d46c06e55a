"""What is to do, in the order of the work: errors, what is overdue, what falls due, then the steps or gaps with what each lifts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from macros.checks import ALL_RULES, Judged
from macros.days import after_days
from macros.facts.trace import Trace
from macros.model.document import DocumentStatus, DocumentType
from macros.model.records.applicability import SoaEntry
from macros.model.records.common import RecordStatus
from macros.model.records.systems import AiSystem
from macros.model.workspace import Workspace
from macros.problem import Location, Problem, Severity
from macros.status import Standing
from macros.status.rungs import NeededPart, PartKind
from macros.worklist.due import due_between
from macros.worklist.owners import Owners
from macros.worklist.running import gaps
from macros.worklist.setting_up import setting_up
from macros.worklist.steps import Due, Lift, StepKind, Worklist, WorkStep, lifted

__all__ = ["SOON_DAYS", "Due", "Lift", "StepKind", "WorkStep", "Worklist", "worklist"]

SOON_DAYS = 30
"""What has its day within so many days is due."""
OVERDUE = ("DOC304", "REG113", "REG303", "REG325", "REG329", "REG341", "SOA106")
"""Rules that say that a day has passed."""
DUE = ("DOC305", "REG304")
"""Rules that say that a day is near."""


def worklist(judged: Judged, trace: Trace, whose: str = "") -> Worklist:
    """What is to do.

    Args:
        judged: What the checks say of an organisation, and its ladder.
        trace: Its links.
        whose: A role or person by id, where only what these own is asked for.

    Raises:
        KitError: There is neither such a role nor such a person.
    """
    ladder = judged.ladder
    assert ladder.workspace.organisation, "the work is that of an organisation"
    owners = Owners(ladder, whose)
    standings = tuple(ladder.requirement(leaf) for catalogue in ladder.catalogues for leaf in ladder.leaves(catalogue))
    mine = [problem for problem in judged.problems if owners.of_problem(problem)]
    running = _in_operation(ladder.workspace)
    steps = [*_told(standings, mine)]
    due = due_between(ladder.workspace, trace, ladder.today, after_days(ladder.today, SOON_DAYS))
    near = tuple(one for one in due if owners.has(one.owner))
    spoken = tuple(problem for problem in mine if problem.severity is Severity.NOTE and problem.code in DUE)
    if near or spoken:
        where = near[0].location if near else spoken[0].location
        steps.append(WorkStep(StepKind.DUE, "", where, len(near) or len(spoken), spoken, (), due=near))
    left = _without(mine, steps)
    steps += (gaps if running else setting_up)(judged, standings, owners, left)
    rest = tuple(_without(left, steps))
    if rest:
        steps.append(WorkStep(StepKind.REST, "", rest[0].location, len({problem.location for problem in rest}), rest, ()))
    return Worklist(ladder.workspace.organisation.value.name, ladder.today, running, tuple(steps), whose)


def _in_operation(workspace: Workspace) -> bool:
    """Whether there is a policy in force, an AI system that is no draft, and a decision on a control."""
    heads = [document.head.value for document in workspace.documents]
    return (
        any(head.type is DocumentType.POLICY and head.status is DocumentStatus.APPROVED for head in heads)
        and any(record.data.value.status is not RecordStatus.DRAFT for record in workspace.records(AiSystem))
        and any(record.value.decided for record in workspace.records(SoaEntry))
    )


def _told(standings: Sequence[Standing], problems: Sequence[Problem]) -> Iterator[WorkStep]:
    """Errors, then what is overdue, then other warnings: a step for each rule, with what it holds back."""
    groups: dict[tuple[StepKind, str], list[Problem]] = {}
    for problem in problems:
        if problem.severity is not Severity.NOTE:
            kind = StepKind.ERRORS if problem.severity is Severity.ERROR else StepKind.WARNINGS
            groups.setdefault((StepKind.OVERDUE if problem.code in OVERDUE else kind, problem.code), []).append(problem)
    order = list(StepKind)
    for (kind, code), told in sorted(groups.items(), key=lambda item: (order.index(item[0][0]), item[0][1])):
        places = {problem.location.path for problem in told}
        said = {f"{problem.code} says that {problem.message}" for problem in told}
        ids = {problem.message.split("'")[1] for problem in told if code in OVERDUE and problem.message.count("'") > 1}

        def settles(_: str, part: NeededPart, said: set[str] = said, ids: set[str] = ids) -> bool:
            return part.why in said or (part.told and part.name in ids and part.kind in (PartKind.DOCUMENT, PartKind.ISMS_DOCUMENT))

        assert code in ALL_RULES
        assert places
        lifts = lifted(standings, lambda _, __: False, settles)
        yield WorkStep(kind, code, _first(told), len({problem.location for problem in told}), tuple(told), lifts)


def _first(problems: Sequence[Problem]) -> Location:
    return min(problems, key=lambda problem: problem.sort_key).location


def _without(problems: Sequence[Problem], steps: Sequence[WorkStep]) -> list[Problem]:
    settled = {problem for step in steps for problem in step.problems}
    return [problem for problem in problems if problem not in settled]
