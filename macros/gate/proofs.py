"""How the data shows each kind of condition: the proof by its ids, or what is missing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from macros.facts.ai_act import class_trouble
from macros.facts.assessments import reopened
from macros.facts.authority import holders_on
from macros.gate.shown import Case, candidates
from macros.model.gates import GateKind
from macros.model.records.common import RecordStatus
from macros.model.records.improvement import Change
from macros.model.records.partners import Supplier
from macros.model.records.risk import Risk
from macros.model.records.support import Competence
from macros.model.records.systems import AiActClass, Dataset, ImpactAssessment, Origin, Stage
from macros.model.workspace import Record

ACCEPTED, RELEASED, LEFT = 3, 4, 5
"""Gates of PRO-012: after verification, before operation, before retirement."""
_OF_ASSESSMENT = ("REG201", "REG204", "REG210")
"""Errors that stand at an AI system and speak of its assessments, which are a condition of their own."""
NOT_MEASURED = "not measured"
"""How a dataset says under `required`, with the reason, that a quality measure does not apply to it (DAT-003)."""

Found = tuple[bool, str, tuple[str, ...]]
"""Whether it holds, the proof or what is missing, and the ids that it rests on."""


def _files_read(case: Case) -> Found:
    broken = [path for path in sorted(case.facts.workspace.broken) if path.startswith(("registers/", "docs/", "controls/", "org.yaml"))]
    if broken:
        return False, f"{broken[0]} cannot be read" + (f", nor {len(broken) - 1} more" if broken[1:] else ""), ()
    return True, "every document and record was read", ()


def _not_retired(case: Case) -> Found:
    system = case.system
    if system.stage is Stage.RETIRED:
        return False, f"{system.id} is retired, and stays so", (system.id,)
    for record in case.about(Change):
        if record.value.stage is Stage.RETIRED and case.decisions.change(record.value).holds:
            return False, f"{record.id} retires {system.id}, and is approved", (record.id,)
    return True, f"{system.id} is not retired", (system.id,)


def _class_allowed(case: Case) -> Found:
    judged, name = case.system.eu_ai_act.risk_class, case.system.id
    if judged is AiActClass.PROHIBITED:
        return False, f"{name} is judged to be a prohibited practice, and no condition opens the gate for it", (name,)
    if judged is AiActClass.UNDETERMINED:
        return False, f"the class of {name} is not judged yet", (name,)
    trouble = class_trouble(case.system.eu_ai_act)
    if trouble:
        return False, f"{name}: {trouble}", (name,)
    return True, f"{name} is judged {judged.value}, with its reasons", (name,)


def _record_approved(case: Case) -> Found:
    system = case.system
    if system.status is not RecordStatus.APPROVED or system.approved is None:
        return False, f"the record {system.id} is {'a draft' if system.status is RecordStatus.DRAFT else system.status.value}", (system.id,)
    found = case.decisions.approved(system)
    fault = found.fault or case.error_in(case.record, _OF_ASSESSMENT)
    if fault:
        return False, f"{system.id}: {fault}", (system.id,)
    by = f", by exception {found.by_exception}" if found.by_exception else ""
    return True, f"{system.id} was approved by {case.decider(system.approved)} on {system.approved.date}{by}", (system.id,)


def _assessment_carried_out(case: Case) -> Found:
    every = case.about_it(ImpactAssessment)
    faults = {record.id: case.decisions.not_carried_out(record.value) or case.error_in(record) for record in every}
    done = [record.value for record in every if not faults[record.id]]
    if done:
        return True, f"{done[-1].id} was carried out on {done[-1].assessed_on}", (done[-1].id,)
    if every:
        return False, "; ".join(f"{name}: {fault}" for name, fault in faults.items()), tuple(faults)
    return False, f"no impact assessment is about {case.system.id}", ()


def _assessment_covers(case: Case) -> Found:
    every = case.about_it(ImpactAssessment)
    if not every:
        return False, f"no impact assessment is about {case.system.id}", ()
    faults = {record.id: _fault(case, record) for record in every}
    good = next((record.value for record in reversed(every) if not faults[record.id]), None)
    if good:
        models = "".join(f", {model.name} {model.version}" for model in case.system.models)
        by = case.decisions.assessment(good).by_exception
        said = f"{good.id} covers version {good.scope.version}{models}, and is valid until {good.valid_until}"
        return True, said + (f"; it was approved by exception {by}" if by else ""), (good.id,)
    return False, "; ".join(f"{name}: {fault}" for name, fault in faults.items()), tuple(faults)


def _fault(case: Case, record: Record[ImpactAssessment]) -> str:
    return (
        case.decisions.assessment(record.value).fault
        or "; ".join(reopened(case.facts.workspace, case.system, record.value))
        or case.error_in(record)
    )


def _risks_assessed(case: Case) -> Found:
    records = case.about(Risk)
    faults = [
        f"{record.id}: it was rated on {record.value.assessed_on}, a day to come"
        for record in records
        if record.value.assessed_on > case.facts.today
    ]
    faults += [f"{record.id}: {error}" for record in records if (error := case.error_in(record))]
    names = tuple(record.id for record in records)
    if faults or not names:
        return False, "; ".join(faults) or f"no AI risk about {case.system.id} is on record", names
    return True, f"{', '.join(names)} on record", names


def _risks_decided(case: Case) -> Found:
    records = case.about(Risk)
    if not records:
        return False, f"no AI risk about {case.system.id} is on record", ()
    faults = {record.id: fault for record in records if (fault := case.decisions.risk(record.value) or case.error_in(record))}
    if faults:
        return False, "; ".join(f"{name}: {fault}" for name, fault in faults.items()), tuple(faults)
    names = tuple(record.id for record in records)
    return True, f"{', '.join(names)} treated, accepted or closed", names


def _datasets_complete(case: Case) -> Found:
    names = tuple(dict.fromkeys(case.system.datasets))
    if not names:
        own = case.system.origin is Origin.OWN
        return not own, f"{case.system.id} names no dataset" + ("" if own else " of the organisation"), ()
    found = {record.id: record for record in reversed(case.facts.workspace.records(Dataset))}
    faults = [f"{name}: {fault}" for name in names if (fault := _data_fault(case, found.get(name)))]
    if faults:
        return False, "; ".join(faults), names
    return True, f"{', '.join(names)} approved, measured, with acquisition, provenance and preparation", names


def _data_fault(case: Case, record: Record[Dataset] | None) -> str:
    if record is None:
        return "there is no such record"
    dataset = record.value
    asked = [measure for measure in dataset.quality if not measure.required.lower().startswith(NOT_MEASURED)]
    unmeasured = sum(measure.measured is None or measure.measured_on is None for measure in asked)
    ahead = [measure.measured_on for measure in dataset.quality if measure.measured_on and measure.measured_on > case.facts.today]
    faults = {
        case.decisions.approved(dataset).fault or "": True,
        "it has no quality measure": not asked,
        f"{unmeasured} of {len(asked)} quality measures have no figure": unmeasured > 0,
        f"a quality measure is of {ahead[0] if ahead else ''}, a day to come": bool(ahead),
        "it has no provenance": not dataset.provenance,
        "it has no preparation": not dataset.preparation,
    }
    return ", ".join(fault for fault, speaks in faults.items() if fault and speaks) or case.error_in(record)


def _shown(case: Case) -> Found:
    good, faults = [], []
    for name, label, fault in candidates(case):
        if fault:
            faults.append((name, f"{label}: {fault}" if fault.startswith("its ") else f"{label} {fault}"))
        else:
            good.append((name, label))
    if good:
        return True, ", ".join(label for _, label in good), tuple(name for name, _ in good)
    if faults:
        return False, "; ".join(said for _, said in faults), tuple(name for name, _ in faults)
    words = " or ".join(proof.value.replace("-", " ") for proof in case.condition.proof)
    return False, f"no {words} about {case.system.id} answers {' or '.join(case.condition.of)}", ()


def _changes(case: Case) -> list[Record[Change]]:
    return [record for record in case.about(Change) if record.value.version == case.system.version]


def _change_at(case: Case, gates: tuple[int, ...], approved: bool) -> tuple[dict[str, str], Record[Change] | None]:
    """What speaks against each change that brings this version, and the first against which nothing does."""
    faults = {}
    for record in _changes(case):
        told = (case.decisions.at_gate(record.value, number).fault for number in gates)
        fault = (
            next((one for one in told if one), None)
            or (case.decisions.change(record.value).fault if approved else None)
            or case.error_in(record)
        )
        if not fault:
            return {}, record
        faults[record.id] = fault
    return faults, None


def _change_decided(case: Case) -> Found:
    faults, good = _change_at(case, (ACCEPTED,), approved=False)
    if good:
        return True, f"{good.id} brings version {case.system.version} and holds the decision", (good.id,)
    return _no_change(case, faults)


def _change_approved(case: Case) -> Found:
    faults, good = _change_at(case, (ACCEPTED, RELEASED), approved=True)
    approved = good.value.approved if good else None
    if good and approved:
        said = f"{good.id} brings version {case.system.version}, approved by {case.decider(approved)} on {approved.date}"
        return True, said, (good.id,)
    return _no_change(case, faults)


def _no_change(case: Case, faults: dict[str, str]) -> Found:
    if not faults:
        return False, f"no change about {case.system.id} brings version '{case.system.version}'", ()
    return False, "; ".join(f"{name}: {fault}" for name, fault in faults.items()), tuple(faults)


def _retirement_approved(case: Case) -> Found:
    found = [record for record in case.about(Change) if record.value.stage is Stage.RETIRED]
    faults = {}
    for record in found:
        fault = case.decisions.change(record.value).fault or case.decisions.at_gate(record.value, LEFT).fault or case.error_in(record)
        if not fault and record.value.approved:
            return True, f"{record.id} retires {case.system.id}, approved on {record.value.approved.date}", (record.id,)
        faults[record.id] = fault or "it is not approved"
    if faults:
        return False, "; ".join(f"{name}: {fault}" for name, fault in faults.items()), tuple(faults)
    return False, f"no change retires {case.system.id}", ()


def _operators(case: Case) -> Found:
    workspace, today, name = case.facts.workspace, case.facts.today, case.system.oversight.operator
    competent, proof, seen = [], [], set[str]()
    for person in holders_on(workspace, name, today):
        marks = {_plain(mark) for mark in (person.id, person.name, person.email, person.forge_name) if mark}
        if person.left == today or seen & marks:
            continue  # one person under two ids is one person
        rows = [
            record
            for record in workspace.records(Competence)
            if (row := record.value).person == person.id
            and row.role == name
            and (not row.about or case.system.id in row.about)
            and row.completed_on <= today
            and (row.repeat_on is None or row.repeat_on >= today)
            and not case.error_in(record)
        ]
        if rows:
            seen |= marks
            competent.append(f"{person.name} ({rows[-1].id})")
            proof.append(rows[-1].id)
    role = workspace.role_by_id.get(name)
    said = f"{', '.join(competent) or 'nobody'} as {role.title if role else name}"
    if len(competent) >= case.condition.count:
        return True, said, tuple(proof)
    return False, f"{said}, here and with competence for {case.system.id} in date, where {case.condition.count} are needed", tuple(proof)


def _plain(mark: str) -> str:
    """A name without case, accents and order of its words, in which one person may be written twice."""
    letters = "".join(letter for letter in unicodedata.normalize("NFKD", mark.casefold()) if not unicodedata.combining(letter))
    return " ".join(sorted(letters.replace(",", " ").split()))


def _suppliers(case: Case) -> Found:
    records = case.about(Supplier)
    if not records:
        own = case.system.origin is Origin.OWN
        said = "no supplier delivers to it" if own else f"no supplier is about {case.system.id}, which is {case.system.origin.value}"
        return own, said, ()
    faults = [
        f"{record.id}: {fault}" for record in records if (fault := case.decisions.supplier(record.value).fault or case.error_in(record))
    ]
    names = tuple(record.id for record in records)
    said = " ".join((case.system.supplier or "", *(model.provider for model in case.system.models)))
    faults += [f"{name}: its record names it, and the supplier register does not" for name in _SUPPLIER.findall(said) if name not in names]
    return (False, "; ".join(faults), names) if faults else (True, f"{', '.join(names)} with agreement, reviewed", names)


_SUPPLIER = re.compile(r"\bSUP-\d{3,}\b")


LOOK: dict[GateKind, Callable[[Case], Found]] = {
    GateKind.FILES_READ: _files_read,
    GateKind.NOT_RETIRED: _not_retired,
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
