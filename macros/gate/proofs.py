"""How the data shows each kind of condition: the proof by its ids, or what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from macros.facts.assessments import assessments_of, in_date, reopened
from macros.facts.computed import Facts
from macros.facts.trace import LinkKind
from macros.model.document import DocumentStatus
from macros.model.gates import GateCondition, GateKind, Proof
from macros.model.numbering import natural
from macros.model.records.common import RecordStatus
from macros.model.records.improvement import Change
from macros.model.records.partners import Supplier
from macros.model.records.risk import Risk, RiskStatus
from macros.model.records.support import Competence, Evidence, ExternalDocument
from macros.model.records.systems import AiActClass, AiSystem, Dataset, ImpactAssessment, Origin, Stage
from macros.model.workspace import Record

About = TypeVar("About", Risk, ExternalDocument, Evidence, Change, Supplier)


@dataclass(frozen=True, slots=True)
class Case:
    """What one condition is asked about."""

    facts: Facts
    record: Record[AiSystem]
    condition: GateCondition

    @property
    def system(self) -> AiSystem:
        return self.record.value

    def about(self, definition: type[About]) -> list[Record[About]]:
        """Records of one definition that are about the AI system."""
        return [record for record in self.facts.workspace.records(definition) if self.system.id in record.value.about]


NOT_MEASURED = "not measured"
"""How a dataset says under `required`, with the reason, that a quality measure does not apply to it (DAT-003)."""

Found = tuple[bool, str, tuple[str, ...]]
"""Whether it holds, the proof or what is missing, and the ids that it rests on."""


def _files_read(case: Case) -> Found:
    broken = [path for path in sorted(case.facts.workspace.broken) if path.startswith(("registers/", "docs/", "controls/", "org.yaml"))]
    if broken:
        return False, f"{broken[0]} cannot be read" + (f", nor {len(broken) - 1} more" if broken[1:] else ""), ()
    return True, "every document and record was read", ()


def _class_allowed(case: Case) -> Found:
    judged, name = case.system.eu_ai_act.risk_class, case.system.id
    if judged is AiActClass.PROHIBITED:
        return False, f"{name} is judged to be a prohibited practice, and no condition opens the gate for it", (name,)
    if judged is AiActClass.UNDETERMINED:
        return False, f"the class of {name} is not judged yet", (name,)
    return True, f"{name} is judged {judged.value}, with its reasons", (name,)


def _record_approved(case: Case) -> Found:
    system = case.system
    if system.status is not RecordStatus.APPROVED or system.approved is None:
        return False, f"the record {system.id} is {'a draft' if system.status is RecordStatus.DRAFT else system.status.value}", (system.id,)
    return True, f"{system.id} was approved by {system.approved.by} on {system.approved.date}", (system.id,)


def _assessment_carried_out(case: Case) -> Found:
    every = assessments_of(case.facts.workspace, case.system)
    done = [assessment for assessment in every if assessment.assessed_on and assessment.assessed_on <= case.facts.today]
    if done:
        return True, f"{done[-1].id} was carried out on {done[-1].assessed_on}", (done[-1].id,)
    if every:
        return False, f"{every[-1].id} has not been carried out", (every[-1].id,)
    return False, f"no impact assessment is about {case.system.id}", ()


def _assessment_covers(case: Case) -> Found:
    every = assessments_of(case.facts.workspace, case.system)
    if not every:
        return False, f"no impact assessment is about {case.system.id}", ()
    faults = {assessment.id: _fault(case, assessment) for assessment in every}
    good = next((assessment for assessment in reversed(every) if not faults[assessment.id]), None)
    if good:
        models = "".join(f", {model.name} {model.version}" for model in case.system.models)
        return True, f"{good.id} covers version {good.scope.version}{models}, and is valid until {good.valid_until}", (good.id,)
    return False, "; ".join(f"{name}: {fault}" for name, fault in faults.items()), tuple(faults)


def _fault(case: Case, assessment: ImpactAssessment) -> str:
    if assessment.status is not RecordStatus.APPROVED or assessment.approved is None:
        return "it is not approved"
    if assessment.approved.date > case.facts.today:
        return f"it is approved from {assessment.approved.date} only"
    if assessment.valid_until is None:
        return "it states no last day"
    if not in_date(assessment, case.facts.today):
        return f"it was valid until {assessment.valid_until}"
    return "; ".join(reopened(case.system, assessment))


def _risks_assessed(case: Case) -> Found:
    found = tuple(record.id for record in case.about(Risk))
    return bool(found), f"{', '.join(found)} on record" if found else f"no AI risk about {case.system.id} is on record", found


def _risks_decided(case: Case) -> Found:
    records = case.about(Risk)
    if not records:
        return False, f"no AI risk about {case.system.id} is on record", ()
    limit = case.facts.workspace.number("risk_acceptance_level", None)
    undecided = []
    for record in records:
        risk = record.value
        above = isinstance(limit, int) and risk.residual.level > limit
        if risk.status is not RiskStatus.CLOSED and risk.acceptance is None and (risk.status is RiskStatus.OPEN or above):
            undecided.append(record.id)
    if undecided:
        return False, f"{', '.join(undecided)} neither treated to the acceptable level nor accepted", tuple(undecided)
    names = tuple(record.id for record in records)
    return True, f"{', '.join(names)} treated, accepted or closed", names


def _datasets_complete(case: Case) -> Found:
    names = case.system.datasets
    if not names:
        own = case.system.origin is Origin.OWN
        return not own, f"{case.system.id} names no dataset" + ("" if own else " of the organisation"), ()
    found = {record.id: record.value for record in reversed(case.facts.workspace.records(Dataset))}
    faults = [f"{name}: {fault}" for name in names if (fault := _data_fault(found.get(name)))]
    if faults:
        return False, "; ".join(faults), names
    return True, f"{', '.join(names)} approved, measured, with acquisition, provenance and preparation", names


def _data_fault(dataset: Dataset | None) -> str:
    if dataset is None:
        return "there is no such record"
    asked = [measure for measure in dataset.quality if not measure.required.lower().startswith(NOT_MEASURED)]
    unmeasured = sum(measure.measured is None or measure.measured_on is None for measure in asked)
    faults = {
        "it is not approved": dataset.status is not RecordStatus.APPROVED,
        "it has no quality measure": not asked,
        f"{unmeasured} of {len(asked)} quality measures have no figure": unmeasured > 0,
        "it has no provenance": not dataset.provenance,
        "it has no preparation": not dataset.preparation,
    }
    return ", ".join(fault for fault, speaks in faults.items() if speaks)


def _shown(case: Case) -> Found:
    good, faults = [], []
    for name, label, fault in _candidates(case):
        if fault:
            faults.append((name, f"{label} {fault}"))
        else:
            good.append((name, label))
    if good:
        return True, ", ".join(label for _, label in good), tuple(name for name, _ in good)
    if faults:
        return False, "; ".join(said for _, said in faults), tuple(name for name, _ in faults)
    words = " or ".join(proof.value.replace("-", " ") for proof in case.condition.proof)
    return False, f"no {words} about {case.system.id} answers {' or '.join(case.condition.of)}", ()


def _candidates(case: Case) -> Iterator[tuple[str, str, str]]:
    """Documents and records about the AI system that answer what is asked: id, how to name it, and why it does not count."""
    if Proof.DOCUMENT in case.condition.proof:
        yield from _documents(case)
    if Proof.EXTERNAL_DOCUMENT in case.condition.proof:
        for paper in case.about(ExternalDocument):
            if set(case.condition.of) & set(paper.value.addresses):
                due = paper.value.next_review
                yield paper.id, f"{paper.id} {paper.value.title}", f"was due for review on {due}" if due < case.facts.today else ""
    if Proof.EVIDENCE in case.condition.proof:
        yield from _evidence(case)


def _documents(case: Case) -> Iterator[tuple[str, str, str]]:
    today, version = case.facts.today, case.system.version
    for document in sorted(case.facts.workspace.documents, key=lambda document: natural(document.id)):
        head = document.head.value
        if case.system.id in head.about and set(case.condition.of) & set(head.addresses):
            fault = ""
            if head.status is not DocumentStatus.APPROVED or head.approved is None:
                fault = "is not approved"
            elif head.approved.date > today:
                fault = f"is approved from {head.approved.date} only"
            elif head.next_review and head.next_review < today:
                fault = f"was due for review on {head.next_review}"
            elif case.condition.this_version and not _names(document.body, version):
                fault = f"does not name version '{version}'"
            yield head.id, f"{head.id} {head.title}", fault


def _evidence(case: Case) -> Iterator[tuple[str, str, str]]:
    today, version = case.facts.today, case.system.version
    for record in case.about(Evidence):
        if set(case.condition.of) & {link.target for link in case.facts.trace.links_from(record.id, LinkKind.EVIDENCES)}:
            evidence = record.value
            fault = f"ended on {evidence.valid_until}" if evidence.valid_until < today else ""
            if evidence.collected_on > today:
                fault = f"is dated {evidence.collected_on}, a day to come"
            if not fault and case.condition.this_version and evidence.version != version:
                fault = f"was collected on version '{evidence.version}'" if evidence.version else "names no version"
            yield record.id, f"{record.id} {evidence.title}", fault


def _names(text: str, version: str) -> bool:
    """Whether a text names a version as a word of its own."""
    start = text.find(version)
    while start >= 0:
        before, after = text[start - 1 : start], text[start + len(version) :]
        if not (before.isalnum() or before in (".", "-")) and not (after[:1].isalnum() or (after[:1] == "." and after[1:2].isalnum())):
            return True
        start = text.find(version, start + 1)
    return False


def _changes(case: Case) -> list[Record[Change]]:
    return [record for record in case.about(Change) if record.value.version == case.system.version]


def _change_decided(case: Case) -> Found:
    for record in _changes(case):
        if record.value.result or record.value.approved:
            return True, f"{record.id} brings version {case.system.version} and holds the decision", (record.id,)
    names = tuple(record.id for record in _changes(case))
    missing = f"{', '.join(names)} holds no decision on version" if names else f"no change about {case.system.id} brings version"
    return False, f"{missing} '{case.system.version}'", names


def _change_approved(case: Case) -> Found:
    for record in _changes(case):
        approved = record.value.approved
        if approved and approved.date <= case.facts.today:
            said = f"{record.id} brings version {case.system.version}, approved by {approved.by} on {approved.date}"
            return True, said, (record.id,)
    names = tuple(record.id for record in _changes(case))
    missing = f"{', '.join(names)} is not approved for version" if names else f"no change about {case.system.id} brings version"
    return False, f"{missing} '{case.system.version}'", names


def _retirement_approved(case: Case) -> Found:
    found = [record for record in case.about(Change) if record.value.stage is Stage.RETIRED]
    for record in found:
        if record.value.approved:
            return True, f"{record.id} retires {case.system.id}, approved on {record.value.approved.date}", (record.id,)
    names = tuple(record.id for record in found)
    return False, f"{', '.join(names)} is not approved" if names else f"no change retires {case.system.id}", names


def _operators(case: Case) -> Found:
    workspace, today, name = case.facts.workspace, case.facts.today, case.system.oversight.operator
    role = workspace.role_by_id.get(name)
    people = {person.id: person for person in workspace.organisation.value.people} if workspace.organisation else {}
    competent, proof = [], []
    for holder in role.held_by if role else ():
        person = people.get(holder)
        if person is None or (person.left and person.left <= today):
            continue
        rows = [
            record
            for record in workspace.records(Competence)
            if (row := record.value).person == holder
            and row.role == name
            and (not row.about or case.system.id in row.about)
            and row.completed_on <= today
            and (row.repeat_on is None or row.repeat_on >= today)
        ]
        if rows:
            competent.append(f"{person.name} ({rows[-1].id})")
            proof.append(rows[-1].id)
    title = role.title if role else name
    said = f"{', '.join(competent) or 'nobody'} as {title}"
    if len(competent) >= case.condition.count:
        return True, said, tuple(proof)
    return False, f"{said}, here and with competence for {case.system.id} in date, where {case.condition.count} are needed", tuple(proof)


def _suppliers(case: Case) -> Found:
    records = case.about(Supplier)
    if not records:
        own = case.system.origin is Origin.OWN
        return (
            own,
            "no supplier delivers to it" if own else f"no supplier is about {case.system.id}, which is {case.system.origin.value}",
            (),
        )
    faults = []
    for record in records:
        supplier = record.value
        if not supplier.agreement:
            faults.append(f"{record.id} has no agreement")
        elif supplier.next_review is None or supplier.next_review < case.facts.today:
            faults.append(f"the review of {record.id} " + (f"was due on {supplier.next_review}" if supplier.next_review else "has no date"))
    names = tuple(record.id for record in records)
    return (False, "; ".join(faults), names) if faults else (True, f"{', '.join(names)} with agreement, reviewed", names)


LOOK: dict[GateKind, Callable[[Case], Found]] = {
    GateKind.FILES_READ: _files_read,
    GateKind.CLASS_ALLOWED: _class_allowed,
    GateKind.RECORD_APPROVED: _record_approved,
    GateKind.ASSESSMENT_CARRIED_OUT: _assessment_carried_out,
    GateKind.ASSESSMENT_COVERS: _assessment_covers,
    GateKind.RISKS_ASSESSED: _risks_assessed,
    GateKind.RISKS_DECIDED: _risks_decided,
    GateKind.DATASETS_COMPLETE: _datasets_complete,
    GateKind.SHOWN: _shown,
    GateKind.CHANGE_DECIDED: _change_decided,
    GateKind.CHANGE_APPROVED: _change_approved,
    GateKind.RETIREMENT_APPROVED: _retirement_approved,
    GateKind.OPERATORS: _operators,
    GateKind.SUPPLIERS: _suppliers,
}
