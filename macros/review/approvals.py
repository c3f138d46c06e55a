"""Who has to agree to a change: from owners, roles, the responsibility matrix and earlier approvals, without the author.

Authority is read from the base side: a change cannot make its author an approver.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable
from dataclasses import dataclass

from macros.model.document import DocumentType
from macros.model.organisation import Person
from macros.model.records.kinds import SOA
from macros.model.workspace import Workspace
from macros.review.changes import DocumentChange, OrganisationChange, RecordChange

TOP, LEAD = "top-management", "ai-governance-lead"


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval that the management system requires."""

    role: str
    title: str
    because: tuple[str, ...]
    people: tuple[str, ...]
    """Names of the holders who may give it; the author is not among them."""
    enforced: bool
    """Whether CODEOWNERS asks one of them for every path concerned."""


@dataclass(frozen=True, slots=True)
class Consultation:
    """An activity of the responsibility matrix that the change touches, with whom to consult."""

    activity: str
    roles: tuple[str, ...]
    """Titles of the roles that the matrix names as accountable or consulted; those who approve are left out."""


def approvals(
    base: Workspace,
    documents: Iterable[DocumentChange],
    records: Iterable[RecordChange],
    organisation: Iterable[OrganisationChange],
    kit_files: Iterable[str],
    other_files: Iterable[str],
    author: str | None,
) -> tuple[Approval, ...]:
    """Every approval that is needed, in the order of the roles in org.yaml.

    Args:
        base: The side that holds the authority.
        documents: Changed documents.
        records: Changed records.
        organisation: Changes of org.yaml.
        kit_files: Changed paths that the kit owns.
        other_files: Changed paths that are neither documents nor records nor the kit's.
        author: Id, forge name, e-mail or name of the author; None where nobody said.
    """
    wanted: dict[str, dict[str, None]] = {}
    paths: dict[str, dict[str, None]] = {}

    def need(role: str, reason: str, path: str) -> None:
        wanted.setdefault(role, {})[reason] = None
        paths.setdefault(role, {})[path] = None

    for change in documents:
        text = change.old is None or change.new is None or change.sentences or change.editorial
        if text or any(entry.name != "next_review" for entry in change.entries):
            shown = change.new or change.old
            need(_approver_of(base, change), f"{change.id} {change.title} is {change.word}", shown.path)
    for record in records:
        need(_approver_of_record(base, record), f"{record.one} {record.id} is {record.word}", record.path)
    for entry in organisation:
        role = LEAD if entry.what == "parameter" else TOP
        need(role, f"{entry.what} {entry.name} is changed", "org.yaml")
        for name in dict.fromkeys(name for name, _ in entry.governs):
            document = base.document_by_id.get(name)
            if document and document.head.value.approved and document.head.value.approved.by in base.role_by_id:
                need(document.head.value.approved.by, f"{entry.what} {entry.name} governs sentences that the role approved", "org.yaml")
    for path in kit_files:
        need(LEAD, "files of the kit are changed", path)
    for path in other_files:
        need(LEAD, "files beside documents, records and kit are changed", path)
    order = {name: number for number, name in enumerate(base.role_by_id)}
    found = []
    for role in sorted(wanted, key=lambda name: (order.get(name, len(order)), name)):
        title = base.role_by_id[role].title if role in base.role_by_id else role
        holders = [person for person in _holders(base, role) if not is_person(person, author)]
        handles = {f"@{person.forge_name}" for person in holders if person.forge_name}
        enforced = bool(handles) and all(handles & set(_code_owners(base, path)) for path in paths[role])
        found.append(Approval(role, title, tuple(wanted[role]), tuple(person.name for person in holders), enforced))
    return tuple(found)


def consultations(base: Workspace, documents: Iterable[DocumentChange], approving: Iterable[str]) -> tuple[Consultation, ...]:
    """Activities of the responsibility matrix that share a requirement with changed documents, in its order, with whom to consult."""
    touched = {
        target for change in documents if change.obligations or change.old is None or change.new is None for target in _addresses(change)
    }
    known = set(approving)
    told: dict[str, dict[str, None]] = {}
    for record in base.records("responsibilities"):
        row = record.data.value
        if touched & set(row.addresses):
            for role in (row.accountable, *row.consulted):
                if role not in known:
                    told.setdefault(row.activity, {})[base.role_by_id[role].title if role in base.role_by_id else role] = None
    return tuple(Consultation(activity, tuple(titles)) for activity, titles in told.items())


def _addresses(change: DocumentChange) -> set[str]:
    sides = (change.old, change.new)
    return {target for side in sides if side for target in side.head.value.addresses}


def _approver_of(base: Workspace, change: DocumentChange) -> str:
    for side in (change.old, change.new):
        if side and side.head.value.approved and side.head.value.approved.by in base.role_by_id:
            return side.head.value.approved.by
    head = (change.new or change.old).head.value
    if head.type in (DocumentType.POLICY, DocumentType.CONTEXT, DocumentType.ROLE) or head.owner == LEAD:
        return TOP
    return LEAD


def _approver_of_record(base: Workspace, change: RecordChange) -> str:
    if change.kind == SOA:
        return TOP
    if change.kind in ("ai-systems", "impact-assessments", "risks"):
        return LEAD
    register = base.registers.get(change.kind)
    return register.head.value.owner if register else LEAD


def _holders(base: Workspace, role: str) -> tuple[Person, ...]:
    people = {person.id: person for person in base.organisation.value.people} if base.organisation else {}
    held = base.role_by_id[role].held_by if role in base.role_by_id else ()
    return tuple(people[name] for name in held if name in people and people[name].left is None)


def is_person(person: Person, author: str | None) -> bool:
    """Whether this is the author, by id, name, e-mail or forge name."""
    return author is not None and author.casefold() in {
        text.casefold() for text in (person.id, person.name, person.email, person.forge_name) if text
    }


def _code_owners(base: Workspace, path: str) -> tuple[str, ...]:
    """The owners that CODEOWNERS names for a path: the last line that matches decides, as on the forges."""
    found: tuple[str, ...] = ()
    for line in base.texts.get("CODEOWNERS", "").splitlines():
        words = line.split("#", 1)[0].split()
        if words and _matches(words[0], path):
            found = tuple(words[1:])
    return found


def _matches(pattern: str, path: str) -> bool:
    anchored = pattern.startswith("/")
    bare = pattern.strip("/")
    if pattern.endswith("/"):
        return path.startswith(bare + "/") if anchored or "/" in bare else f"/{bare}/" in f"/{path}"
    if anchored or "/" in bare:
        return fnmatch.fnmatchcase(path, bare) or path.startswith(bare + "/")
    return fnmatch.fnmatchcase(path, bare) or fnmatch.fnmatchcase(path.rsplit("/", 1)[-1], bare)
