"""REG: what an AI system needs before it reaches people, and what a risk needs before it is left as it is."""

from __future__ import annotations

from collections.abc import Iterator

from macros.checks.registry import Said, check
from macros.facts.assessments import IN_USE, Gap
from macros.facts.computed import Facts
from macros.model.records.risk import Rating, Risk, RiskHead, RiskStatus
from macros.model.records.systems import AiSystem
from macros.model.workspace import Record
from macros.problem import Severity


@check("REG201", "AI system in use is not covered by an impact assessment")
def unassessed(facts: Facts) -> Iterator[Said]:
    """An approved assessment covers one version, and is in date (ISO/IEC 42001, 6.1.4 and 8.4); a risk assessment is none."""
    if not facts.workspace.is_whole("org.yaml"):
        return  # nobody knows who approved what
    for found in facts.uncovered:
        if found.gap is Gap.MISSING:
            yield found.record.data.at("version"), found.message, found.way_out


@check("REG202", "Risk above the acceptable level is not accepted by anybody")
def unaccepted(facts: Facts) -> Iterator[Said]:
    """What remains above the level in `risk_acceptance_level` is accepted by a person with the authority, or treated further (6.1.3)."""
    limit = facts.workspace.number("risk_acceptance_level", None)
    if not isinstance(limit, int):
        return
    in_use = {system.id for system in facts.workspace.records(AiSystem) if system.value.stage in IN_USE}
    for record in facts.workspace.records(Risk):
        risk = record.value
        if risk.residual.level > limit and risk.acceptance is None and (risk.status is not RiskStatus.CLOSED or in_use & {*risk.about}):
            yield (
                record.data.at("residual"),
                f"what remains of '{risk.id}' is at level {risk.residual.level}, above {limit}, and nobody has accepted it",
                "treat it further, or enter who accepted it, when and why",
            )


@check("REG113", "Treatment of a risk is overdue", Severity.WARNING)
def untreated(facts: Facts) -> Iterator[Said]:
    """A treatment has an owner and a day (6.1.3); after that day the risk is either treated or somebody has decided on another one."""
    for record in facts.workspace.records(Risk):
        risk = record.value
        if risk.status is RiskStatus.OPEN and risk.treatment.due and risk.treatment.due < facts.today:
            yield (
                record.data.at("treatment", "due"),
                f"the treatment of '{risk.id}' was due on {risk.treatment.due}, and the risk is open",
                "set the status to treated where the measures are in place, or decide on a new day and say why",
            )


@check("REG203", "Rating is not on the scale")
def off_the_scale(facts: Facts) -> Iterator[Said]:
    """A level is computed from two steps of the register's own scales."""
    register = facts.workspace.register(Risk)
    head = register.head.value if register else None
    if register is None or not isinstance(head, RiskHead):
        return
    for record in register.records:
        yield from _off(record, "initial", record.value.initial, head)
        yield from _off(record, "residual", record.value.residual, head)


def _off(record: Record[Risk], rating: str, rated: Rating, head: RiskHead) -> Iterator[Said]:
    for scale, step, known in (("likelihood", rated.likelihood, head.likelihood), ("consequence", rated.consequence, head.consequence)):
        steps = [each.step for each in known]
        if step not in steps:
            yield record.data.at(rating, scale), f"{scale} {step} is not on the scale", f"use a step from {min(steps)} to {max(steps)}"
