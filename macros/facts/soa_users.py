"""Who uses a control, so that it cannot be excluded: which clause, record or document?

A clause needs the controls that its catalogue or a crosswalk names. A record uses what it names, and an AI system,
a dataset, an assessment, a supplier or a customer also what its register answers. A document uses what it addresses
while it is in force: a draft or withdrawn one uses nothing, and nor does a record that is over, or still the kit's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from macros.facts.trace import LinkKind, Trace
from macros.generated import fingerprint_of_file
from macros.model.base import Model, fields_of
from macros.model.catalogue import RequirementKind
from macros.model.document import DocumentStatus
from macros.model.records.common import Entry
from macros.model.records.risk import Objective, ObjectiveStatus, Obligation
from macros.model.records.support import ExternalDocument
from macros.model.records.systems import AiSystem, Stage
from macros.model.workspace import Record, Workspace

USING = (
    "ai-systems",
    "impact-assessments",
    "risks",
    "obligations",
    "objectives",
    "customers",
    "suppliers",
    "interested-parties",
    "datasets",
)
"""Registers whose records use a control that they name; the others say who does it, or what was seen."""
ANSWERING = ("ai-systems", "datasets", "impact-assessments", "suppliers", "customers")
"""Registers whose records are what the requirements in their head ask for: where there is a record, they are at work."""
_NAMED = re.compile(r"(?<![a-z0-9-])[a-z0-9]+(?:-[a-z0-9]+)*:[A-Z][A-Za-z0-9-]*(?:\.[0-9]+)*")


@dataclass(frozen=True, slots=True)
class ControlUser:
    """Something in the repository that uses a control."""

    id: str
    register: str
    """Empty for a document in force and for a clause."""
    why: str
    """A phrase."""
    is_clause: bool = False
    """Whether it is a clause of a standard, and nothing that the organisation has here."""


def soa_users(workspace: Workspace, trace: Trace) -> Mapping[str, tuple[ControlUser, ...]]:
    """What uses each control, by the control's qualified id; controls that nothing uses are not in it."""
    live = {record.id: record for record in workspace.all_records if record.kind.name in USING and not _is_over(workspace, record)}
    names: dict[str, list[Record[Entry]]] = {}
    for record in live.values():
        for target in _named_in_text(record.value):
            names.setdefault(target, []).append(record)
    controls = [name for name, requirement in workspace.requirements.items() if requirement.kind is RequirementKind.CONTROL]
    clauses = _clauses(workspace)
    found = {}
    for control in controls:
        users = [*_records(workspace, trace, control, live, names), *_documents(workspace, trace, control), *clauses.get(control, ())]
        if users:
            first: dict[str, ControlUser] = {}
            for user in users:
                first.setdefault(user.id, user)
            found[control] = tuple(first.values())
    return found


def _records(
    workspace: Workspace, trace: Trace, control: str, live: Mapping[str, Record[Entry]], names: Mapping[str, list[Record[Entry]]]
) -> Iterator[ControlUser]:
    for link in trace.links_to(control, LinkKind.ADDRESSES):
        if link.source in live:
            yield _user(live[link.source])
    mapped = {link.source for link in trace.links_to(control, LinkKind.MAPS_TO)}
    for record in live.values():
        if isinstance(record.value, Obligation) and record.value.requirement in mapped:
            yield ControlUser(record.id, record.kind.name, f"obligation {record.id} from {record.value.requirement}")
    for record in names.get(control, ()):
        yield _user(record)
    for name in ANSWERING:
        register = workspace.registers.get(name)
        if register and control in register.head.value.addresses:
            yield from (_user(record) for record in register.records if record.id in live)


def _user(record: Record[Entry]) -> ControlUser:
    about = _about(record)
    return ControlUser(record.id, record.kind.name, f"{record.kind.one} {record.id}" + (f" of {', '.join(about)}" if about else ""))


def _about(record: Record[Entry]) -> tuple[str, ...]:
    named = fields_of(record.value).get("about") or ()  # not every definition has it, and one names a single system
    return (named,) if isinstance(named, str) else tuple(named)


def _documents(workspace: Workspace, trace: Trace, control: str) -> Iterator[ControlUser]:
    for link in trace.links_to(control, LinkKind.ADDRESSES):
        document, record = workspace.document_by_id.get(link.source), workspace.record_by_id.get(link.source)
        if document is not None and document.head.value.status is DocumentStatus.APPROVED:
            yield ControlUser(document.id, "", f"document {document.id}, which is in force and answers it")
        elif record is not None and isinstance(record.value, ExternalDocument):
            yield ControlUser(record.id, record.kind.name, f"{record.kind.one} {record.id}, which is in force and answers it")


def _clauses(workspace: Workspace) -> Mapping[str, list[ControlUser]]:
    """Clauses of the catalogues in force that cannot be met without a control."""
    organisation = workspace.organisation.value if workspace.organisation else None
    in_force = organisation.catalogues if organisation else ()
    pairs = [
        (f"{catalogue}:{requirement.id}", target)
        for catalogue in in_force
        if catalogue in workspace.catalogues
        for requirement in workspace.catalogues[catalogue].value.requirements
        for target in requirement.rests_on
    ]
    for crosswalk in workspace.crosswalks.values():
        for mapping in crosswalk.value.mappings:
            known = workspace.requirements.get(mapping.requirement)
            if known and known.kind is RequirementKind.CLAUSE and mapping.requirement.split(":", 1)[0] in in_force:
                pairs += [(mapping.requirement, target.requirement) for target in mapping.targets]
    found: dict[str, list[ControlUser]] = {}
    for clause, control in dict.fromkeys(pairs):
        title = workspace.requirements[clause].title if clause in workspace.requirements else ""
        found.setdefault(control, []).append(ControlUser(clause, "", f"clause {clause} {title}", is_clause=True))
    return found


def _is_over(workspace: Workspace, record: Record[Entry]) -> bool:
    """Whether a record uses nothing any more, or not yet, since nobody has made it their own."""
    value = record.value
    if value.is_draft or value.is_closed or _as_generated(workspace, record.data.path):
        return True
    if isinstance(value, Objective) and value.status is ObjectiveStatus.WITHDRAWN:
        return True
    if isinstance(value, AiSystem):
        return value.stage is Stage.RETIRED
    about = [found.value for name in _about(record) if (found := workspace.record_by_id.get(name))]
    return bool(about) and all(isinstance(system, AiSystem) and system.stage is Stage.RETIRED for system in about)


def _as_generated(workspace: Workspace, path: str) -> bool:
    delivered = workspace.generated.registers if workspace.generated else {}
    return path in delivered and fingerprint_of_file(workspace.texts.get(path, "").encode("utf-8")) == delivered[path]


def _named_in_text(value: Model) -> Iterator[str]:
    """Qualified ids that stand in the texts of a record and of its parts."""
    for part in fields_of(value).values():
        for inner in part if isinstance(part, tuple) else (part,):
            if isinstance(inner, Model):
                yield from _named_in_text(inner)
            elif isinstance(inner, str):
                yield from dict.fromkeys(_NAMED.findall(inner))
