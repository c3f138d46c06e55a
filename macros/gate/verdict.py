"""Whether an AI system may go to a stage of its life cycle: each condition with the records that show it, or what is missing.

Nobody ticks a condition: it holds when documents and records show it. The conditions are data in `controls/gates.yaml`;
how data shows one is a closed set of kinds, each a function here. Nothing here decides about the law.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from macros.checks import Judged
from macros.gate.proofs import LOOK
from macros.gate.shown import Case
from macros.model.gates import GateAnswer, GateCondition, GateReport, Gates, GateState
from macros.model.records.systems import AiSystem, Stage
from macros.model.workspace import Record

ACT = "eu-ai-act"
STAGES = tuple(Stage)
"""Every stage, in the order of the life cycle."""


def next_stage(system: AiSystem) -> Stage | None:
    """The stage after the present one; None where it is retired."""
    after = STAGES.index(system.stage) + 1
    return STAGES[after] if after < len(STAGES) else None


def gate(judged: Judged, gates: Gates, record: Record[AiSystem], stage: Stage) -> GateReport:
    """Ask every condition of a stage about one AI system.

    Args:
        judged: Workspace and day, with what the rules say of them: what an error disturbs is no proof.
        gates: The conditions; the caller says whose, so that a proposal cannot soften its own gate.
        record: The AI system's record.
        stage: The stage that it is to go to, or to stay in.
    """
    system = record.value
    answers = tuple(
        _answer(Case(judged, record, condition))
        for condition in gates.conditions
        if stage in condition.stages and _applies(condition, system)
    )
    allowed = not any(answer.state is GateState.MISSING for answer in answers)
    return GateReport(
        ai_system=system.id,
        name=system.name,
        version=system.version,
        present_stage=system.stage,
        stage=stage,
        judged_on=judged.facts.today,
        allowed=allowed,
        verdict=_verdict(system, stage, answers, allowed),
        conditions=answers,
    )


MATERIAL = (
    *("version", "models", "intended_use", "not_intended", "context", "autonomy", "oversight", "affected", "datasets", "stage"),
    *("eu_ai_act", "origin", "supplier", "status", "approved"),
)
"""Parts of an AI system's record of which a change asks for its gate anew."""


@dataclass(frozen=True, slots=True)
class Move:
    """What a proposal does to one AI system, and what the gate of the stage that it would be in says."""

    report: GateReport
    because: str
    """What has changed, as a clause."""
    refused: bool = False
    """Whether it may not be at all, whatever the gate says."""


def moves(base: Judged, head: Judged) -> Iterator[Move]:
    """AI systems of which a proposal changes something that the gate is about, or whose gate it closes by a further condition.

    Args:
        base: What is in force; its conditions are asked.
        head: What is proposed.
    """
    sourced = base.facts.workspace.gates or head.facts.workspace.gates
    if sourced is None:
        return
    for record in head.facts.workspace.records(AiSystem):
        old = next((found for found in base.facts.workspace.records(AiSystem) if found.id == record.id), None)
        stage = record.value.stage
        report = gate(head, sourced.value, record, stage)
        changed = _changed(old.value if old else None, record.value)
        if changed:
            yield Move(report, changed, bool(old and old.value.stage is Stage.RETIRED and stage is not Stage.RETIRED))
        elif old and not report.allowed:
            before = {answer.id for answer in gate(base, sourced.value, old, stage).missing}
            if {answer.id for answer in report.missing} - before:
                yield Move(report, "what its gate rests on has changed")


def _changed(old: AiSystem | None, new: AiSystem) -> str:
    if old is None:
        return "it is new" if new.stage is not Stage.INCEPTION else ""
    names = [name for name in MATERIAL if getattr(old, name) != getattr(new, name)]
    if old.stage is Stage.RETIRED and new.stage is not Stage.RETIRED:
        return "it was retired, and a retired AI system stays retired"
    return f"changed: {', '.join(name.replace('_', ' ') for name in names)}" if names else ""


def _applies(condition: GateCondition, system: AiSystem) -> bool:
    for wanted, value in (
        (condition.origins, system.origin),
        (condition.classes, system.eu_ai_act.risk_class),
        (condition.actors, system.eu_ai_act.actor),
    ):
        if wanted and value not in wanted:
            return False
    return True


def _answer(case: Case) -> GateAnswer:
    holds, said, proof = LOOK[case.condition.kind](case)
    due = _due(case)
    late = due is None or due <= case.facts.today
    state = GateState.HOLDS if holds else GateState.MISSING if late else GateState.NOT_DUE
    return GateAnswer(
        id=case.condition.id,
        asks=case.condition.asks,
        requirements=case.condition.requirements,
        state=state,
        said=said.encode("utf-8", "backslashreplace").decode("utf-8"),  # a file may have a name that is no UTF-8
        proof=proof,
        due=due,
        way_out=None if holds else case.condition.way_out,
    )


def _due(case: Case) -> datetime.date | None:
    catalogue = case.facts.workspace.catalogues.get(ACT)
    if case.condition.due is None or catalogue is None:
        return None
    return next((min(entry.dates) for entry in catalogue.value.applies if entry.key == case.condition.due and entry.dates), None)


def _verdict(system: AiSystem, stage: Stage, answers: tuple[GateAnswer, ...], allowed: bool) -> str:
    step = "stay in" if stage is system.stage else "go back to" if STAGES.index(stage) < STAGES.index(system.stage) else "go to"
    start = f"{system.id} {system.name} {system.version} {'may' if allowed else 'may not'} {step} {stage.value}"
    held = sum(answer.state is GateState.HOLDS for answer in answers)
    later = [answer for answer in answers if answer.state is GateState.NOT_DUE]
    if allowed and not later:
        return f"{start}: {held} of {len(answers)} conditions hold"
    if allowed:
        first = min(answer.due for answer in later if answer.due)
        return f"{start}: {held} of {len(answers)} conditions hold, and {len(later)} more must hold from {first}"
    missing = len(answers) - held - len(later)
    return f"{start}: {missing} of {len(answers)} conditions {'does' if missing == 1 else 'do'} not hold"
