"""`roadmap`: the dated way to certification, what is done, what is late and what comes next."""

from __future__ import annotations

import argparse

from macros.command.screen import show
from macros.command.workspace import organisation_of, tell_pinned
from macros.encode.data import as_json as json_text
from macros.encode.terminal import lines as as_lines
from macros.problem import KitError
from macros.reports.roadmap import Plan, PlannedTask
from macros.reports.shown import ShownCondition


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument("--format", choices=("json", "text"), default="text", help="how to print (default: text)")


def run(given: argparse.Namespace) -> int:
    """Print the plan; 0 always, since a plan is no problem."""
    world = organisation_of(given, "controls")
    if world.plan is None:
        raise KitError("'controls/roadmap.yaml' is not here; take it from the kit")
    tell_pinned(given, world.workspace)
    show(as_json(world.plan) if given.format == "json" else as_text(world.plan))
    return 0


def as_text(plan: Plan) -> str:
    """Phases and tasks with their dates and state, then the next five things to do."""
    lines = []
    for phase in plan.phases:
        lines.append(f"Phase {phase.phase.id} {phase.phase.name}, {phase.start} to {phase.end}")
        for task in phase.tasks:
            lines.append(f"  {task.task.id} {_state(task, plan):9} {task.start} to {task.end}  {task.task.task}")
            lines += [f"      {'yes' if shown.holds else 'no '} {shown.proof}" for shown in task.shown]
    for name, items in (("Stage 1", plan.stage_1), ("Stage 2", plan.stage_2)):
        ready = sum(all(shown.holds for shown in proofs) for _, proofs in items)
        lines.append(f"{name}: {ready} of {len(items)} shown")
        lines += [f"  open: {item.item}" for item, proofs in items if not all(shown.holds for shown in proofs)]
    lines.append("Next:")
    lines += [f"  {task.task.id} {task.task.task} (by {task.end}): {task.task.hint}" for task in plan.next_five] or ["  nothing is open"]
    return as_lines(lines)


def _state(task: PlannedTask, plan: Plan) -> str:
    if task.done:
        return "done"
    return "late" if task.late(plan.today) else "critical" if task.task.critical else "open"


def as_json(plan: Plan) -> str:
    """An object with `phases`, `stage_1`, `stage_2` and `next`."""
    phases = [
        {
            "phase": phase.phase.id,
            "name": phase.phase.name,
            "start": str(phase.start),
            "end": str(phase.end),
            "effort_ratio": round(phase.ratio, 3),
            "tasks": [
                {
                    "id": task.task.id,
                    "task": task.task.task,
                    "start": str(task.start),
                    "end": str(task.end),
                    "state": _state(task, plan),
                    "critical": task.task.critical,
                    "requirements": list(task.task.requirements),
                    "shown_by": [_shown(shown) for shown in task.shown],
                }
                for task in phase.tasks
            ],
        }
        for phase in plan.phases
    ]
    stages = {
        name: [{"item": item.item, "shown_by": [_shown(shown) for shown in proofs]} for item, proofs in items]
        for name, items in (("stage_1", plan.stage_1), ("stage_2", plan.stage_2))
    }
    return json_text({"phases": phases, **stages, "next": [task.task.id for task in plan.next_five]})


def _shown(shown: ShownCondition) -> dict[str, object]:
    return {"kind": shown.condition.kind.value, "of": shown.condition.of, "holds": shown.holds, "proof": shown.proof}
