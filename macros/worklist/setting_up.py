"""The steps of an organisation that sets up: in the order of the work, each lifting what the steps before it have prepared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from macros.checks import Judged
from macros.model.document import DocumentStatus, DocumentType
from macros.model.records.kinds import SOA
from macros.model.workspace import Document, Workspace
from macros.problem import Location, Problem
from macros.status import Standing
from macros.status.rungs import NeededPart, PartKind
from macros.text.calls import named_in
from macros.worklist.owners import Owners
from macros.worklist.steps import Settles, StepKind, WorkStep, lifted

_RISK_CRITERIA = "iso42001:6.1.2"
"""Whoever answers this sets the scales on which risks are judged."""
_FIRST = ("ai-systems", "datasets", "impact-assessments")


@dataclass(frozen=True, slots=True)
class _Stage:
    """One step before it is known what is left of it."""

    kind: StepKind
    paths: Callable[[str], bool]
    """Whether the problems of a file belong to it."""
    settles: Settles
    open: bool
    """Whether something is to do that neither a problem nor a part tells."""
    begin: Location
    """Where to begin where no problem says it."""
    after: tuple[StepKind, ...]


def setting_up(judged: Judged, standings: tuple[Standing, ...], owners: Owners, problems: Iterable[Problem]) -> Iterator[WorkStep]:
    """The open steps; a problem that none of them settles is left.

    Args:
        judged: What the checks say, and the ladder.
        standings: How far each requirement has come.
        owners: Whose steps are asked for.
        problems: Those that are not settled before.
    """
    stages = _stages(judged.ladder.workspace)
    taken: dict[StepKind, list[Problem]] = {stage.kind: [] for stage in stages}
    for problem in problems:
        stage = next((stage for stage in stages if stage.paths(problem.location.path)), None)
        if stage and owners.of_problem(problem):
            taken[stage.kind].append(problem)
    settled: list[Settles] = []
    opened: list[StepKind] = []
    for stage in stages:
        lifts = lifted(standings, lambda target, part: any(one(target, part) for one in settled), _owned(stage.settles, owners))
        settled.append(stage.settles)
        left = [(target.requirement, part) for target in standings if target.rung for part in target.parts]
        left = [(target, part) for target, part in left if part.way_up and stage.settles(target, part)]
        told = tuple(sorted(taken[stage.kind], key=lambda problem: problem.sort_key))
        if not (told or left or stage.open):
            continue
        opened.append(stage.kind)
        mine = any(owners.of_part(target, part) for target, part in left)
        if not (told or mine or owners.has(owners.of_place(stage.begin))):
            continue
        where = told[0].location if told else stage.begin
        waits = tuple(kind for kind in stage.after if kind in opened)
        yield WorkStep(stage.kind, "", where, len({problem.location for problem in told}) or 1, told, lifts, waits)


def _owned(settles: Settles, owners: Owners) -> Settles:
    """What a step settles, of what they own."""
    return lambda target, part: settles(target, part) and owners.of_part(target, part)


def _stages(workspace: Workspace) -> tuple[_Stage, ...]:
    kinds = {document.path: _kind_of(document) for document in workspace.documents}
    by_id = {document.id: kinds[document.path] for document in workspace.documents}

    def documents(kind: StepKind) -> tuple[Callable[[str], bool], Settles]:
        def settles(target: str, part: NeededPart) -> bool:
            return part.kind is PartKind.DOCUMENT and by_id[part.name] is kind

        return (lambda path: kinds.get(path) is kind), settles

    def begin(kind: StepKind) -> Location:
        found = [document.head.at("status") for document in workspace.documents if kinds[document.path] is kind]
        return min(found, default=Location("docs", 1))

    def registers(*names: str) -> tuple[Callable[[str], bool], Settles]:
        places = tuple(workspace.registers[name].place for name in names if name in workspace.registers)
        return (lambda path: path.startswith(places)), (lambda _, part: part.kind is PartKind.REGISTER and part.name in names)

    def place(name: str) -> Location:
        return Location(workspace.registers[name].head.path if name in workspace.registers else "registers")

    def empty(name: str) -> bool:
        return name not in workspace.registers or not workspace.registers[name].records

    scope, policy, rest = (documents(kind) for kind in (StepKind.SCOPE, StepKind.POLICY, StepKind.DOCUMENTS))
    criteria, first = documents(StepKind.RISKS), registers(*_FIRST)
    organisation = workspace.organisation
    assert organisation, "the work is that of an organisation"
    held = all(role.held_by for role in organisation.value.roles)
    isms, soa, audits = registers("isms-documents"), registers(SOA), registers("audits", "audit-findings")

    def is_isms(target: str, part: NeededPart) -> bool:
        return part.kind is PartKind.ISMS_DOCUMENT or (part.kind is PartKind.NOTHING and target.startswith("iso27001:"))

    def is_text(target: str, part: NeededPart) -> bool:
        return rest[1](target, part) or (part.kind in (PartKind.NOTHING, PartKind.REGISTER) and not is_isms(target, part))

    def only(kind: PartKind) -> Settles:
        return lambda _, part: part.kind is kind

    def nothing(_: str, __: NeededPart) -> bool:
        return False

    people = StepKind.PEOPLE
    risks = place("risks")
    return (
        _Stage(people, lambda path: path == "org.yaml", nothing, not held, organisation.at("roles"), ()),
        _Stage(StepKind.PARAMETERS, lambda _: False, nothing, _undecided(workspace), organisation.at("parameters"), ()),
        _Stage(StepKind.SCOPE, *scope, False, begin(StepKind.SCOPE), (people,)),
        _Stage(StepKind.ISMS_DOCUMENTS, isms[0], is_isms, False, place("isms-documents"), ()),
        _Stage(StepKind.SYSTEM, *first, empty("ai-systems"), place("ai-systems"), (people, StepKind.SCOPE)),
        _Stage(
            StepKind.RISKS,
            lambda path: criteria[0](path) or path.startswith("registers/risks/"),
            lambda target, part: criteria[1](target, part) or (part.kind is PartKind.REGISTER and part.name == "risks"),
            empty("risks"),
            risks,
            (people, StepKind.SYSTEM),
        ),
        _Stage(StepKind.SOA, soa[0], only(PartKind.DECISION), False, place(SOA), (people, StepKind.RISKS)),
        _Stage(StepKind.POLICY, *policy, False, begin(StepKind.POLICY), (people, StepKind.SCOPE)),
        _Stage(StepKind.DOCUMENTS, rest[0], is_text, False, begin(StepKind.DOCUMENTS), (people, StepKind.PARAMETERS, StepKind.POLICY)),
        _Stage(
            StepKind.EVIDENCE,
            lambda path: path.startswith("registers/evidence/"),
            only(PartKind.OPERATION),
            False,
            place("evidence"),
            (StepKind.SOA, StepKind.DOCUMENTS),
        ),
        _Stage(StepKind.AUDIT, audits[0], only(PartKind.AUDIT), False, place("audits"), (StepKind.EVIDENCE,)),
        _Stage(
            StepKind.REVIEW,
            lambda path: path.startswith("registers/management-reviews/"),
            nothing,
            empty("management-reviews"),
            place("management-reviews"),
            (StepKind.AUDIT,),
        ),
    )


def _kind_of(document: Document) -> StepKind:
    head = document.head.value
    if head.type is DocumentType.CONTEXT:
        return StepKind.SCOPE
    if head.type is DocumentType.POLICY:
        return StepKind.POLICY
    return StepKind.RISKS if _RISK_CRITERIA in head.addresses else StepKind.DOCUMENTS


def _undecided(workspace: Workspace) -> bool:
    """Whether every parameter has its default, and no text that names one is in force: nobody has decided on any."""
    assert workspace.organisation
    decided = workspace.organisation.value.parameters
    known = workspace.parameters
    if any(name in known and value != known[name].default for name, value in decided.items()):
        return False
    approved = (document for document in workspace.documents if document.head.value.status is DocumentStatus.APPROVED)
    return not any("parameter" in named_in(document.body, document.body_line).names for document in approved)
