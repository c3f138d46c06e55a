"""`gate`: may this AI system go to this stage of its life cycle?"""

from __future__ import annotations

import argparse

from macros.checks import Judged
from macros.command.screen import show, tell
from macros.command.verbs import command
from macros.command.workspace import organisation_of, refuse_broken, tell_pinned
from macros.encode.data import as_json as json_text
from macros.encode.terminal import lines as as_lines
from macros.gate import STAGES, gate, next_stage
from macros.model.gates import GateAnswer, GateReport, GateState
from macros.model.records.systems import AiSystem, Stage
from macros.problem import KitError, did_you_mean
from macros.render.gate import as_markdown

_WORDS = {GateState.HOLDS: "yes  ", GateState.MISSING: "no   ", GateState.NOT_DUE: "later"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument("system", metavar="AI-SYSTEM", help="its id, such as AIS-001")
    parser.add_argument(
        "--stage", default="", help=f"one of {', '.join(stage.value for stage in STAGES)} (default: the one after the present)"
    )
    parser.add_argument("--format", choices=("json", "markdown", "text"), default="text", help="how to print (default: text)")


def run(given: argparse.Namespace) -> int:
    """Print the verdict with its conditions; 0 where the gate is open, 1 where it is not, 2 for a stage that there is not."""
    stages = {stage.value: stage for stage in STAGES}
    if given.stage and given.stage not in stages:
        way_out = did_you_mean(given.stage, stages, f"the stages are {', '.join(stages)}")
        tell(f"{command()} gate: there is no stage '{given.stage}'; {way_out}")
        return 2
    site = organisation_of(given, "controls", "registers/ai-systems/register.yaml")
    broken = next((path for path, of in site.workspace.broken.items() if of == given.system), None)
    if broken:
        refuse_broken(site, broken)
    report = _report(site.judged, given.system, stages.get(given.stage))
    tell_pinned(given, site.workspace)
    if given.format == "json":
        text = as_json(report)
    else:
        text = as_markdown(report) if given.format == "markdown" else as_text(report)
    show(text)
    return int(not report.allowed)


def _report(judged: Judged, name: str, stage: Stage | None) -> GateReport:
    facts = judged.facts
    if facts.workspace.gates is None:
        raise KitError("'controls/gates.yaml' is not here; take it from the kit")
    systems = {record.id: record for record in facts.workspace.records(AiSystem)}
    if name not in systems:
        known = f"the AI systems are {', '.join(systems)}" if systems else "no AI system is on record"
        raise KitError(f"there is no AI system '{name}' on record; {did_you_mean(name, systems, known)}")
    wanted = stage or next_stage(systems[name].value)
    if wanted is None:
        raise KitError(f"'{name}' is retired, and no stage comes after it; name the one to ask about with --stage")
    return gate(judged, facts.workspace.gates.value, systems[name], wanted)


def as_text(report: GateReport) -> str:
    """The verdict, then each condition with its proof, or with what is missing and the way out; what is missing comes first."""
    lines = [f"{report.verdict}."]
    order = (GateState.MISSING, GateState.NOT_DUE, GateState.HOLDS)
    for answer in sorted(report.conditions, key=lambda answer: order.index(answer.state)):
        lines.append(f"{_WORDS[answer.state]} {answer.asks}  [{answer.id}: {', '.join(answer.requirements)}]")
        lines.append(f"      {_said(answer)}")
        if answer.way_out:
            lines.append(f"      way out: {answer.way_out}")
    return as_lines(lines)


def _said(answer: GateAnswer) -> str:
    return f"{answer.said}; the law asks for it from {answer.due}" if answer.state is GateState.NOT_DUE else answer.said


def as_json(report: GateReport) -> str:
    """The report by the schema `gate`, for a deployment pipeline."""
    return json_text(report.model_dump(mode="json"))
