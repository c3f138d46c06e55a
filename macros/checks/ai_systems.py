"""REG: what an AI system needs before it reaches people, and what a risk needs before it is left as it is."""

from __future__ import annotations

from collections.abc import Iterator

from macros.checks.registry import Said, World, check
from macros.model.records.common import RecordStatus
from macros.model.records.risk import RiskHead, RiskStatus
from macros.model.records.systems import AiSystem, ImpactAssessment, Stage
from macros.model.workspace import Record
from macros.problem import Severity

_IN_USE = (Stage.DEPLOYMENT, Stage.OPERATION)


@check("REG201", "AI system in use is not covered by an impact assessment")
def unassessed(world: World) -> Iterator[Said]:
    """An approved assessment covers one version, and is in date (ISO/IEC 42001, 6.1.4 and 8.4); a risk assessment is none."""
    if not world.workspace.is_whole("registers"):
        return
    assessments: list[ImpactAssessment] = [record.data.value for record in world.workspace.records("impact-assessments")]
    for record in world.workspace.records("ai-systems"):
        system: AiSystem = record.data.value
        if system.stage not in _IN_USE:
            continue
        about = [assessment for assessment in assessments if assessment.about == system.id and assessment.status is RecordStatus.APPROVED]
        same = [assessment for assessment in about if assessment.scope.version == system.version]
        if any(assessment.valid_until and assessment.valid_until >= world.today for assessment in same):
            continue
        yield (
            record.data.at("version"),
            _why(system, about, same),
            "carry out and approve an assessment of this version, or take the system out of use",
        )


def _why(system: AiSystem, about: list[ImpactAssessment], same: list[ImpactAssessment]) -> str:
    stands = f"'{system.id}' {system.name} is in {system.stage.value}"
    if same:
        return f"{stands}, and '{same[0].id}' of its version '{system.version}' is not valid on this day"
    if about:
        return f"{stands} at version '{system.version}', and '{about[0].id}' covers version '{about[0].scope.version}'"
    return f"{stands}, and no approved impact assessment is about it"


@check("REG202", "Risk above the acceptable level is not accepted by anybody")
def unaccepted(world: World) -> Iterator[Said]:
    """What remains above the level in `risk_acceptance_level` is accepted by a person with the authority, or treated further (6.1.3)."""
    limit = world.workspace.parameter("risk_acceptance_level") if "risk_acceptance_level" in world.workspace.parameters else None
    if not isinstance(limit, int):
        return
    for record in world.workspace.records("risks"):
        risk = record.data.value
        if risk.status.value != "closed" and risk.residual.level > limit and risk.acceptance is None:
            yield (
                record.data.at("residual"),
                f"what remains of '{risk.id}' is at level {risk.residual.level}, above {limit}, and nobody has accepted it",
                "treat it further, or enter who accepted it, when and why",
            )


@check("REG113", "Treatment of a risk is overdue", Severity.WARNING)
def untreated(world: World) -> Iterator[Said]:
    """A treatment has an owner and a day (6.1.3); after that day the risk is either treated or somebody has decided on another one."""
    for record in world.workspace.records("risks"):
        risk = record.data.value
        if risk.status is RiskStatus.OPEN and risk.treatment.due and risk.treatment.due < world.today:
            yield (
                record.data.at("treatment", "due"),
                f"the treatment of '{risk.id}' was due on {risk.treatment.due}, and the risk is open",
                "set the status to treated where the measures are in place, or decide on a new day and say why",
            )


@check("REG203", "Rating is not on the scale")
def off_the_scale(world: World) -> Iterator[Said]:
    """A level is computed from two steps of the register's own scales."""
    register = world.workspace.registers.get("risks")
    if register is None:
        return
    head: RiskHead = register.head.value
    for record in register.records:
        for rating in ("initial", "residual"):
            yield from _off(record, rating, head)


def _off(record: Record, rating: str, head: RiskHead) -> Iterator[Said]:
    for scale in ("likelihood", "consequence"):
        step = getattr(getattr(record.data.value, rating), scale)
        steps = [known.step for known in getattr(head, scale)]
        if step not in steps:
            yield record.data.at(rating, scale), f"{scale} {step} is not on the scale", f"use a step from {min(steps)} to {max(steps)}"
