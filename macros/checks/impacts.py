"""REG2: the life of an impact assessment, from what it must hold when it is approved to what re-opens it."""

from __future__ import annotations

from collections.abc import Iterator

from macros.checks.registry import Said, check
from macros.days import after_months
from macros.facts.assessments import IN_USE, WAY_OUT_OF_RISKS, Gap, assessments_of, only_risks, risks_about
from macros.facts.bands import LIKELY, SEVERE
from macros.facts.computed import Facts
from macros.model.document import FrontMatter
from macros.model.records.common import RecordStatus
from macros.model.records.risk import Risk
from macros.model.records.support import ExternalDocument
from macros.model.records.systems import AiSystem, Dataset, Impact, ImpactAssessment, ImpactKind, ImpactOn, Stage
from macros.model.workspace import Record
from macros.problem import Severity

TAKEN_UP = 3
"""Severity from which risk treatment takes up a harm (PRO-003)."""
USER_INFORMATION = "iso42001:A.8.2"


@check("REG204", "Impact assessment is re-opened by a change")
def changed_since(facts: Facts) -> Iterator[Said]:
    """An assessment covers models, use, datasets, affected people and deployment context as they were (ISO/IEC 42001, 8.4, A.5.2)."""
    for found in facts.uncovered:
        if found.gap is Gap.REOPENED:
            yield found.record.data.at("version"), found.message, found.way_out


@check("REG210", "AI system has a risk assessment and no impact assessment")
def risks_alone(facts: Facts) -> Iterator[Said]:
    """A risk assessment asks what uncertainty means for objectives, an impact assessment what happens to people (6.1.2 and 6.1.4)."""
    if not facts.workspace.is_whole("registers"):
        return
    for record in facts.workspace.records(AiSystem):
        system: AiSystem = record.value
        past_inception = system.stage not in (Stage.INCEPTION, Stage.RETIRED)
        if past_inception and risks_about(facts.workspace, system) and not assessments_of(facts.workspace, system):
            yield record.data.at("stage"), only_risks(facts.workspace, system), WAY_OUT_OF_RISKS


def _approved(facts: Facts) -> Iterator[tuple[Record[ImpactAssessment], ImpactAssessment]]:
    for record in facts.workspace.records(ImpactAssessment):
        if record.value.status is RecordStatus.APPROVED:
            yield record, record.value


@check("REG205", "Approved impact assessment leaves out whom it looked at")
def one_sided(facts: Facts) -> Iterator[Said]:
    """Consequences are looked for on individuals, groups and society (A.5.4, A.5.5); that there are none is a result, silence is not."""
    for record, assessment in _approved(facts):
        spoken = {impact.falls_on for impact in assessment.impacts} | {none.falls_on for none in assessment.none_found}
        for whom in ImpactOn:
            if whom not in spoken:
                yield (
                    record.data.at("impacts"),
                    f"'{assessment.id}' is approved and says nothing of {whom.value}",
                    f"enter an impact on {whom.value}, or enter them under 'none_found' with the reason",
                )


@check("REG206", "Approved impact assessment was not carried out as a decision needs it")
def hasty(facts: Facts) -> Iterator[Said]:
    """Those affected are asked, and a severe and likely harm has a measure (A.5.2); who may approve it is a rule of its own, REG114."""
    for record, assessment in _approved(facts):
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


def _unmet(impact: Impact) -> bool:
    return impact.kind is ImpactKind.HARM and impact.severity >= SEVERE and impact.likelihood >= LIKELY and not impact.measures


@check("REG207", "Impact assessment is valid for longer than decided")
def valid_for_too_long(facts: Facts) -> Iterator[Said]:
    """What nobody has looked at for longer than `impact_review_months` is no longer known (ISO/IEC 42001, 8.4)."""
    months = facts.workspace.number("impact_review_months", None)
    if not isinstance(months, int):
        return
    for record, assessment in _approved(facts):
        if assessment.approved and assessment.valid_until:
            last = after_months(assessment.approved.date, months)
            if assessment.valid_until > last:
                yield (
                    record.data.at("valid_until"),
                    f"'{assessment.id}' of {assessment.approved.date} is valid to {assessment.valid_until}, more than {months} months",
                    f"set the last day to {last} at the latest",
                )


@check("REG211", "Harm of an impact assessment is taken up nowhere", Severity.WARNING)
def not_taken_up(facts: Facts) -> Iterator[Said]:
    """An assessment is of use where risk treatment or the information for users takes it up (6.1.4 and A.5.3, PRO-003)."""
    informed = _informed(facts)
    taken = {record.value.impact_assessment for record in facts.workspace.records(Risk)}
    for record, assessment in _approved(facts):
        grave = [impact for impact in assessment.impacts if impact.kind is ImpactKind.HARM and impact.severity >= TAKEN_UP]
        if grave and assessment.id not in taken and assessment.about not in informed:
            yield (
                record.data.at("impacts"),
                f"'{assessment.id}' names {_harms(len(grave))}, and neither a risk nor information for users takes up any",
                f"enter a risk that names '{assessment.id}', or a document about '{assessment.about}' that addresses '{USER_INFORMATION}'",
            )


@check("REG214", "Measure of an impact assessment is not in place")
def not_in_place(facts: Facts) -> Iterator[Said]:
    """What remains of a harm is reached once its measures are in place; an AI system in use has them, or a day for each (6.1.4, 8.4)."""
    stages = {record.id: record.value.stage for record in facts.workspace.records(AiSystem)}
    for record, assessment in _approved(facts):
        if stages.get(assessment.about) not in IN_USE:
            continue
        for index, impact in enumerate(assessment.impacts):
            for place, measure in enumerate(impact.measures):
                if measure.done_on is None and measure.due is None:
                    said = "has neither a day on which it was put in place nor one by which it will be"
                elif measure.done_on and measure.done_on > facts.today:
                    said = f"is entered as in place on {measure.done_on}, which has not come"
                else:
                    continue
                yield (
                    record.data.at("impacts", index, "measures", place),
                    f"a measure of '{assessment.id}' {said}, and '{assessment.about}' is in use",
                    "enter under 'done_on' since when it is in place, or under 'due' by when it will be",
                )


@check("REG215", "Approved dataset says neither its version nor how it changes")
def without_version(facts: Facts) -> Iterator[Said]:
    """An assessment covers the data as it was; what changes all the time has a regime that says from which change on it is repeated."""
    for record in facts.workspace.records(Dataset):
        dataset = record.value
        if dataset.status is RecordStatus.APPROVED and (dataset.version is None) == (dataset.regime is None):
            both = "a version and a regime" if dataset.version else "neither a version nor a regime"
            yield (
                record.data.at("version" if dataset.version else "id"),
                f"'{dataset.id}' has {both}",
                "give it a version, or, where it changes all the time, a regime with what re-opens the assessment",
            )


def _harms(count: int) -> str:
    return f"{count} {'harm' if count == 1 else 'harms'} of severity {TAKEN_UP} or more"


def _informed(facts: Facts) -> set[str]:
    heads: list[FrontMatter | ExternalDocument] = [document.head.value for document in facts.workspace.documents]
    heads += [record.value for record in facts.workspace.records(ExternalDocument)]
    return {name for head in heads if USER_INFORMATION in head.addresses for name in head.about}
