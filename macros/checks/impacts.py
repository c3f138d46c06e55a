"""REG2: the life of an impact assessment, from what it must hold when it is approved to what re-opens it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from macros.checks.registry import Said, World, check
from macros.days import after_months
from macros.model.document import FrontMatter
from macros.model.records.common import RecordStatus
from macros.model.records.risk import Risk
from macros.model.records.support import ExternalDocument
from macros.model.records.systems import AiSystem, Impact, ImpactAssessment, ImpactKind, ImpactOn, Stage
from macros.model.workspace import Record
from macros.problem import Severity

IN_USE = (Stage.DEPLOYMENT, Stage.OPERATION)
SEVERE, LIKELY, TAKEN_UP = 4, 3, 3
"""Severity and likelihood from which a harm is severe and likely; severity from which risk treatment takes it up (PRO-003)."""
USER_INFORMATION = "iso42001:A.8.2"


def reopened(system: AiSystem, assessment: ImpactAssessment) -> tuple[str, ...]:
    """What has changed since an assessment and re-opens it, a sentence each, without its full stop.

    Args:
        system: The AI system as it is.
        assessment: An assessment about it, whatever its status.
    """
    scope = assessment.scope
    changes = []
    if scope.version != system.version:
        changes.append(f"the system was assessed at version '{scope.version}' and is now '{system.version}'")
    changes += _models(system, assessment)
    if _words(scope.intended_use) != _words(system.intended_use):
        changes.append("the intended use has been reworded since it was assessed")
    changes += _difference("the dataset", system.datasets, scope.datasets)
    changes += _difference("the affected group", tuple(group.group for group in system.affected), scope.affected)
    if _words(scope.context) != _words(system.context):
        changes.append("the deployment context has been reworded since it was assessed")
    return tuple(changes)


def _models(system: AiSystem, assessment: ImpactAssessment) -> Iterator[str]:
    was = {model.name: model.version for model in assessment.scope.models}
    now = {model.name: model.version for model in system.models}
    for name, version in now.items():
        if name not in was:
            yield f"the model '{name}' {version} was not assessed"
        elif was[name] != version:
            yield f"the model '{name}' was assessed at '{was[name]}' and is now '{version}'"
    for name in sorted(was.keys() - now.keys()):
        yield f"the model '{name}' was assessed and is no longer part of the system"


def _difference(what: str, now: tuple[str, ...], was: tuple[str, ...]) -> Iterator[str]:
    for name in now:
        if name not in was:
            yield f"{what} '{name}' was not assessed"
    for name in was:
        if name not in now:
            yield f"{what} '{name}' was assessed and is no longer named"


def _words(text: str) -> str:
    return " ".join(text.split())


def assessments_of(world: World, system: AiSystem) -> list[ImpactAssessment]:
    """Every impact assessment about an AI system, of any status."""
    return [record.value for record in world.workspace.records(ImpactAssessment) if record.value.about == system.id]


def in_date(assessment: ImpactAssessment, today: datetime.date) -> bool:
    """Whether an approved assessment still holds on a day."""
    return assessment.status is RecordStatus.APPROVED and bool(assessment.valid_until and assessment.valid_until >= today)


def uncovered(world: World) -> Iterator[tuple[str, Record[AiSystem], str, str]]:
    """AI systems in use that no approved assessment in date covers: code, record, what is wrong and the way out."""
    for record in world.workspace.records(AiSystem):
        system: AiSystem = record.value
        if system.stage not in IN_USE:
            continue
        every = assessments_of(world, system)
        approved = [assessment for assessment in every if assessment.status is RecordStatus.APPROVED]
        same = [assessment for assessment in approved if assessment.scope.version == system.version]
        valid = [assessment for assessment in same if in_date(assessment, world.today)]
        if any(not reopened(system, assessment) for assessment in valid):
            continue
        if valid:
            changes = "; ".join(reopened(system, valid[0]))
            said = f"'{valid[0].id}' is re-opened for '{system.id}' {system.name}: {changes}"
            yield "REG204", record, said, "repeat the assessment for what changed and have it approved, or take the change back"
        elif not every and _risks_about(world, system):
            yield "REG210", record, _only_risks(world, system), _WAY_OUT_OF_RISKS
        else:
            way_out = "carry out and approve an assessment of this version, or take the system out of use"
            yield "REG201", record, _why(system, approved, same), way_out


def _why(system: AiSystem, approved: list[ImpactAssessment], same: list[ImpactAssessment]) -> str:
    stands = f"'{system.id}' {system.name} is in {system.stage.value}"
    if same:
        return f"{stands}, and '{same[0].id}' of its version '{system.version}' is not valid on this day"
    if not approved:
        return f"{stands}, and no approved impact assessment is about it"
    latest = approved[-1]
    others = "".join(f", and {change}" for change in reopened(system, latest)[1:])  # the first is the version, said already
    return f"{stands} at version '{system.version}', and '{latest.id}' covers version '{latest.scope.version}'{others}"


def _risks_about(world: World, system: AiSystem) -> list[str]:
    return [record.id for record in world.workspace.records(Risk) if system.id in record.value.about]


_WAY_OUT_OF_RISKS = "carry out an AI system impact assessment: what the system means for people is not what it means for the organisation"


def _only_risks(world: World, system: AiSystem) -> str:
    named = ", ".join(f"'{name}'" for name in _risks_about(world, system))
    return f"the only assessment of '{system.id}' {system.name} is a risk assessment ({named})"


@check("REG204", "Impact assessment is re-opened by a change")
def changed_since(world: World) -> Iterator[Said]:
    """An assessment covers models, use, datasets, affected people and deployment context as they were (ISO/IEC 42001, 8.4, A.5.2)."""
    if world.workspace.is_whole("registers"):
        for code, record, message, way_out in uncovered(world):
            if code == "REG204":
                yield record.data.at("version"), message, way_out


@check("REG210", "AI system has a risk assessment and no impact assessment")
def only_risks(world: World) -> Iterator[Said]:
    """A risk assessment asks what uncertainty means for objectives, an impact assessment what happens to people (6.1.2 and 6.1.4)."""
    if not world.workspace.is_whole("registers"):
        return
    for record in world.workspace.records(AiSystem):
        system: AiSystem = record.value
        past_inception = system.stage not in (Stage.INCEPTION, Stage.RETIRED)
        if past_inception and _risks_about(world, system) and not assessments_of(world, system):
            yield record.data.at("stage"), _only_risks(world, system), _WAY_OUT_OF_RISKS


def _approved(world: World) -> Iterator[tuple[Record[ImpactAssessment], ImpactAssessment]]:
    for record in world.workspace.records(ImpactAssessment):
        if record.value.status is RecordStatus.APPROVED:
            yield record, record.value


@check("REG205", "Approved impact assessment leaves out whom it looked at")
def one_sided(world: World) -> Iterator[Said]:
    """Consequences are looked for on individuals, groups and society (A.5.4, A.5.5); that there are none is a result, silence is not."""
    for record, assessment in _approved(world):
        spoken = {impact.falls_on for impact in assessment.impacts} | {none.falls_on for none in assessment.none_found}
        for whom in ImpactOn:
            if whom not in spoken:
                yield (
                    record.data.at("impacts"),
                    f"'{assessment.id}' is approved and says nothing of {whom.value}",
                    f"enter an impact on {whom.value}, or enter them under 'none_found' with the reason",
                )


@check("REG206", "Approved impact assessment was not carried out as a decision needs it")
def hasty(world: World) -> Iterator[Said]:
    """Those affected are asked, a severe and likely harm has a measure, and nobody approves their own assessment (A.5.2)."""
    for record, assessment in _approved(world):
        if not assessment.consultation:
            yield (
                record.data.at("consultation"),
                f"'{assessment.id}' is approved and nobody was consulted",
                "ask those affected, or somebody who speaks for them, and enter what they said",
            )
        for index, impact in enumerate(assessment.impacts):
            if _unmet(impact):
                rated = f"severity {impact.severity} and likelihood {impact.likelihood}"
                yield (
                    record.data.at("impacts", index),
                    f"'{assessment.id}' is approved, and a harm of {rated} has no measure",
                    "set a measure and rate what remains, or do not approve the use",
                )
        if _by_the_assessor(world, assessment):
            yield (
                record.data.at("approved"),
                f"'{assessment.id}' was approved by its own assessor",
                "have it approved by a role that somebody else holds",
            )


def _unmet(impact: Impact) -> bool:
    return impact.kind is ImpactKind.HARM and impact.severity >= SEVERE and impact.likelihood >= LIKELY and not impact.measures


def _by_the_assessor(world: World, assessment: ImpactAssessment) -> bool:
    if assessment.approved is None:
        return False
    roles, by = world.workspace.role_by_id, assessment.approved.by
    assessors = set(roles[assessment.assessor].held_by) if assessment.assessor in roles else set()
    approvers = set(roles[by].held_by) if by in roles else {by}
    return by == assessment.assessor or (len(assessors) == 1 and approvers == assessors)


@check("REG207", "Impact assessment is valid for longer than decided")
def valid_for_too_long(world: World) -> Iterator[Said]:
    """What nobody has looked at for longer than `impact_review_months` is no longer known (ISO/IEC 42001, 8.4)."""
    months = world.workspace.number("impact_review_months", None)
    if not isinstance(months, int):
        return
    for record, assessment in _approved(world):
        if assessment.approved and assessment.valid_until:
            last = after_months(assessment.approved.date, months)
            if assessment.valid_until > last:
                yield (
                    record.data.at("valid_until"),
                    f"'{assessment.id}' of {assessment.approved.date} is valid to {assessment.valid_until}, more than {months} months",
                    f"set the last day to {last} at the latest",
                )


@check("REG211", "Harm of an impact assessment is taken up nowhere", Severity.WARNING)
def not_taken_up(world: World) -> Iterator[Said]:
    """An assessment is of use where risk treatment or the information for users takes it up (6.1.4 and A.5.3, PRO-003)."""
    informed = _informed(world)
    taken = {record.value.impact_assessment for record in world.workspace.records(Risk)}
    for record, assessment in _approved(world):
        grave = [impact for impact in assessment.impacts if impact.kind is ImpactKind.HARM and impact.severity >= TAKEN_UP]
        if grave and assessment.id not in taken and assessment.about not in informed:
            yield (
                record.data.at("impacts"),
                f"'{assessment.id}' names {_harms(len(grave))}, and neither a risk nor information for users takes up any",
                f"enter a risk that names '{assessment.id}', or a document about '{assessment.about}' that addresses '{USER_INFORMATION}'",
            )


def _harms(count: int) -> str:
    return f"{count} {'harm' if count == 1 else 'harms'} of severity {TAKEN_UP} or more"


def _informed(world: World) -> set[str]:
    heads: list[FrontMatter | ExternalDocument] = [document.head.value for document in world.workspace.documents]
    heads += [record.value for record in world.workspace.records(ExternalDocument)]
    return {name for head in heads if USER_INFORMATION in head.addresses for name in head.about}
