"""Which impact assessment covers an AI system as it is today, and where none does, why?"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from macros.model.records.common import RecordStatus
from macros.model.records.improvement import Change
from macros.model.records.risk import Risk
from macros.model.records.systems import AiSystem, Dataset, ImpactAssessment, Stage
from macros.model.workspace import Record, Workspace

IN_USE = (Stage.DEPLOYMENT, Stage.OPERATION)
WAY_OUT_OF_RISKS = "carry out an AI system impact assessment: what the system means for people is not what it means for the organisation"


def reopened(workspace: Workspace, system: AiSystem, assessment: ImpactAssessment) -> tuple[str, ...]:
    """What has changed since an assessment and re-opens it, a sentence each, without its full stop.

    Args:
        workspace: Knows the versions of the datasets.
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
    changes += _difference("the dataset", system.datasets, tuple(dataset.id for dataset in scope.datasets))
    changes += _datasets(workspace, system, assessment)
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


def _datasets(workspace: Workspace, system: AiSystem, assessment: ImpactAssessment) -> Iterator[str]:
    versions = {record.id: record.value.version for record in workspace.records(Dataset)}
    for dataset in assessment.scope.datasets:
        now = versions.get(dataset.id)
        if dataset.id in system.datasets and now != dataset.version and dataset.id in versions:
            was = f"at version '{dataset.version}'" if dataset.version else "without a version"
            yield f"the dataset '{dataset.id}' was assessed {was} and is now " + (f"at '{now}'" if now else "without one")


def _difference(what: str, now: tuple[str, ...], was: tuple[str, ...]) -> Iterator[str]:
    for name in now:
        if name not in was:
            yield f"{what} '{name}' was not assessed"
    for name in was:
        if name not in now:
            yield f"{what} '{name}' was assessed and is no longer named"


def _words(text: str) -> str:
    return " ".join(text.split())


def assessments_of(workspace: Workspace, system: AiSystem) -> list[ImpactAssessment]:
    """Every impact assessment about an AI system, of any status."""
    return [record.value for record in workspace.records(ImpactAssessment) if record.value.about == system.id]


def in_date(assessment: ImpactAssessment, today: datetime.date) -> bool:
    """Whether an approved assessment still holds on a day."""
    return assessment.status is RecordStatus.APPROVED and bool(assessment.valid_until and assessment.valid_until >= today)


def brought_to(workspace: Workspace, system: AiSystem, today: datetime.date) -> Stage | None:
    """The stage to which the latest change that was carried out brought an AI system; None where no change says so."""
    done = [
        (record.value.implemented_on, record.id, record.value.stage)
        for record in workspace.records(Change)
        if system.id in record.value.about and record.value.stage and record.value.implemented_on and record.value.implemented_on <= today
    ]
    return max(done, key=lambda one: one[:2])[2] if done else None


class Gap(str, Enum):
    """Why no assessment covers an AI system that is in use."""

    MISSING = "missing"
    """No approved assessment of this version is in date."""
    REOPENED = "reopened"
    """One is, and something that it looked at has changed since."""
    ONLY_RISKS = "only risks"
    """There is a risk assessment and no impact assessment at all."""


@dataclass(frozen=True, slots=True)
class Uncovered:
    """An AI system in use that no approved assessment in date covers."""

    gap: Gap
    record: Record[AiSystem]
    message: str
    way_out: str


def uncovered(workspace: Workspace, today: datetime.date, fault_of: Callable[[ImpactAssessment], str | None]) -> Iterator[Uncovered]:
    """AI systems in use that no assessment in force covers.

    Args:
        workspace: What is looked at; where its registers could not all be read, this may name systems that are covered.
        today: The day on which an assessment has to be valid.
        fault_of: Why the approval of an assessment is not in force, as a clause; None where it is.
    """
    for record in workspace.records(AiSystem):
        system: AiSystem = record.value
        if system.stage is Stage.RETIRED or (system.stage not in IN_USE and brought_to(workspace, system, today) not in IN_USE):
            continue  # what has to stop is stopped at once; everything else leaves operation by a change
        every = assessments_of(workspace, system)
        approved = [assessment for assessment in every if assessment.status is RecordStatus.APPROVED]
        same = [assessment for assessment in approved if assessment.scope.version == system.version]
        valid = [assessment for assessment in same if in_date(assessment, today)]
        standing = [(assessment, fault_of(assessment)) for assessment in valid if not reopened(workspace, system, assessment)]
        if standing:
            if all(fault for _, fault in standing):
                assessment, fault = standing[0]
                said = f"'{system.id}' {system.name} is in {system.stage.value}, and '{assessment.id}' does not cover it: {fault}"
                way_out = "carry out an assessment of this version and have it approved by a person who may"
                yield Uncovered(Gap.MISSING, record, said, way_out)
        elif valid:
            changes = "; ".join(reopened(workspace, system, valid[0]))
            said = f"'{valid[0].id}' is re-opened for '{system.id}' {system.name}: {changes}"
            way_out = "repeat the assessment for what changed and have it approved, or take the change back"
            yield Uncovered(Gap.REOPENED, record, said, way_out)
        elif not every and risks_about(workspace, system):
            yield Uncovered(Gap.ONLY_RISKS, record, only_risks(workspace, system), WAY_OUT_OF_RISKS)
        else:
            way_out = "carry out and approve an assessment of this version, or take the system out of use"
            yield Uncovered(Gap.MISSING, record, _why(workspace, system, approved, same), way_out)


def _why(workspace: Workspace, system: AiSystem, approved: list[ImpactAssessment], same: list[ImpactAssessment]) -> str:
    stands = f"'{system.id}' {system.name} is in {system.stage.value}"
    if same:
        return f"{stands}, and '{same[0].id}' of its version '{system.version}' is not valid on this day"
    if not approved:
        return f"{stands}, and no approved impact assessment is about it"
    latest = approved[-1]
    others = "".join(f", and {change}" for change in reopened(workspace, system, latest)[1:])  # the first is the version, said already
    return f"{stands} at version '{system.version}', and '{latest.id}' covers version '{latest.scope.version}'{others}"


def risks_about(workspace: Workspace, system: AiSystem) -> list[str]:
    """Ids of the risks that are about an AI system."""
    return [record.id for record in workspace.records(Risk) if system.id in record.value.about]


def only_risks(workspace: Workspace, system: AiSystem) -> str:
    """A sentence on an AI system of which only risks are assessed."""
    named = ", ".join(f"'{name}'" for name in risks_about(workspace, system))
    return f"the only assessment of '{system.id}' {system.name} is a risk assessment ({named})"
