"""Who has to agree to a change: from owners, roles, the responsibility matrix and earlier approvals, without the author.

Authority is read from the base side: a change cannot make its author an approver.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from macros.facts.authority import LEAD, TOP, approver_of_document, approver_of_register, code_owners, handle_of, holders, is_person
from macros.model.document import REVIEW_ENTRIES
from macros.model.organisation import Person
from macros.model.records.governance import Responsibility
from macros.model.workspace import Workspace
from macros.review.changes import DocumentChange, OrganisationChange, RecordChange


@dataclass(frozen=True, slots=True)
class RequiredApproval:
    """An approval that the management system requires."""

    role: str
    title: str
    because: tuple[str, ...]
    people: tuple[str, ...]
    """Names of the holders who may give it; the author is not among them."""
    enforced: bool
    """Whether CODEOWNERS asks one of them, and nobody without the role, for every path concerned."""


@dataclass(frozen=True, slots=True)
class RequiredConsultation:
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
) -> tuple[RequiredApproval, ...]:
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
        if text or any(entry.name not in REVIEW_ENTRIES for entry in change.entries):
            need(approver_of_document(base, change.old, change.new), f"{change.id} {change.title} is {change.word}", change.shown.path)
    for record in records:
        need(approver_of_register(base, record.kind), f"{record.one} {record.id} is {record.word}", record.path)
    for entry in organisation:
        role = LEAD if entry.what == "parameter" else TOP
        need(role, f"{entry.what} {entry.name} is changed", "org.yaml")
        for name in dict.fromkeys(name for name, _ in entry.governs):
            document = base.document_by_id.get(name)
            approved = document.head.value.approved if document else None
            named = (approved.as_role, approved.by) if approved else ()
            for own in [name for name in named if name in base.role_by_id][:1]:
                need(str(own), f"{entry.what} {entry.name} governs sentences that the role approved", "org.yaml")
    for path in kit_files:
        need(LEAD, "files of the kit are changed", path)
    for path in other_files:
        need(LEAD, "files beside documents, records and kit are changed", path)
    order = {name: number for number, name in enumerate(base.role_by_id)}
    found = []
    for role in sorted(wanted, key=lambda name: (order.get(name, len(order)), name)):
        title = base.role_by_id[role].title if role in base.role_by_id else role
        able = [person for person in holders(base, role) if not is_person(person, author)]
        enforced = all(_is_asked_for(base, role, able, path) for path in paths[role])
        found.append(RequiredApproval(role, title, tuple(wanted[role]), tuple(person.name for person in able), enforced))
    return tuple(found)


def _is_asked_for(base: Workspace, role: str, able: list[Person], path: str) -> bool:
    """Whether the forge waits for a holder of the role: one of the owners of a line is enough for it, so each of them has to hold it."""
    owners = {owner.casefold() for owner in code_owners(base.texts.get("CODEOWNERS", ""), path)}
    asked, known = ({handle.casefold() for handle in map(handle_of, people) if handle} for people in (able, holders(base, role)))
    return bool(owners & asked) and owners <= known


def consultations(base: Workspace, documents: Iterable[DocumentChange], approving: Iterable[str]) -> tuple[RequiredConsultation, ...]:
    """Activities of the responsibility matrix that share a requirement with changed documents, in its order, with whom to consult."""
    touched = {
        target for change in documents if change.obligations or change.old is None or change.new is None for target in _addresses(change)
    }
    known = set(approving)
    told: dict[str, dict[str, None]] = {}
    for record in base.records(Responsibility):
        row = record.value
        if touched & set(row.addresses):
            for role in (row.accountable, *row.consulted):
                if role not in known:
                    told.setdefault(row.activity, {})[base.role_by_id[role].title if role in base.role_by_id else role] = None
    return tuple(RequiredConsultation(activity, tuple(titles)) for activity, titles in told.items())


def _addresses(change: DocumentChange) -> set[str]:
    sides = (change.old, change.new)
    return {target for side in sides if side for target in side.head.value.addresses}
