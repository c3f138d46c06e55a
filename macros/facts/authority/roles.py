"""Which role has to agree to a change of a path, and who holds it. The change review and CODEOWNERS both ask here."""

from __future__ import annotations

import datetime
import re

from macros.model.document import DocumentType
from macros.model.organisation import Person
from macros.model.records.kinds import BY_NAME, SOA, register_of
from macros.model.records.risk import Risk
from macros.model.records.systems import AiSystem, ImpactAssessment
from macros.model.workspace import Document, Workspace

TOP, LEAD = "top-management", "ai-governance-lead"

_HANDLE = re.compile(r"@?([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?)")


def approver_of_document(base: Workspace, old: Document | None, new: Document | None) -> str:
    """The role that approves a document: the one that approved it before, else the one that its type asks for.

    Args:
        base: The side that holds the authority; a role that is not in its `org.yaml` approves nothing.
        old: The document as it is in force, where it is.
        new: The document as it is proposed, where it differs.
    """
    sides = [side for side in (old, new) if side is not None]
    for side in sides:
        approved = side.head.value.approved
        for role in (approved.as_role, approved.by) if approved else ():
            if role and role in base.role_by_id:
                return role
    head = sides[-1].head.value
    if head.type in (DocumentType.POLICY, DocumentType.CONTEXT, DocumentType.ROLE) or head.owner == LEAD:
        return TOP
    return LEAD


_OF_AI_SYSTEMS = frozenset({register_of(AiSystem), register_of(ImpactAssessment), register_of(Risk)})
"""Registers whose records say what an AI system may do."""


def approver_of_register(base: Workspace, kind: str) -> str:
    """The role that approves a change of a register or of a record in it, by the register's name."""
    if kind == SOA:
        return TOP
    if kind in _OF_AI_SYSTEMS:
        return LEAD
    register = base.registers.get(kind)
    return register.head.value.owner if register else LEAD


def approver_of_path(base: Workspace, path: str) -> str:
    """The role that has to agree to a change of a file, as far as its path alone tells."""
    document = next((document for document in base.documents if document.path == path), None)
    if document:
        return approver_of_document(base, document, None)
    if path.startswith("registers/"):
        name = path.removeprefix("registers/").split("/", 1)[0]
        kind = BY_NAME.get(name.removesuffix(".yaml"))
        if kind and (name == kind.name or path == kind.own_file):
            return approver_of_register(base, kind.name)
    return TOP if path == "org.yaml" else LEAD


def holders(base: Workspace, role: str, today: datetime.date | None = None) -> tuple[Person, ...]:
    """The people who hold a role, in its order, without those who have left.

    Args:
        base: The side that holds the authority.
        role: The role, by id.
        today: Whoever leaves on a later day holds it still; without a day, everybody with a day of leaving has left.
    """
    people = base.person_by_id
    held = base.role_by_id[role].held_by if role in base.role_by_id else ()
    there = (people[name] for name in held if name in people)
    return tuple(person for person in there if person.left is None or (today is not None and person.left > today))


def held_role(workspace: Workspace, role: str, person: str, day: datetime.date) -> bool:
    """Whether a person held a role on a day, as far as `org.yaml` tells: now in `held_by`, or in `held_before` until that day or later."""
    return person in {found.id for found in holders_on(workspace, role, day)}


def holders_on(workspace: Workspace, role: str, day: datetime.date) -> tuple[Person, ...]:
    """The people who held a role on a day, as far as `org.yaml` tells, in its order; nobody before they joined or after they left."""
    found = workspace.role_by_id.get(role)
    if found is None:
        return ()
    names = [name for name in found.held_by if found.held_since.get(name, day) <= day]
    names += [past.by for past in found.held_before if day <= past.until and (past.since is None or past.since <= day)]
    people = [workspace.person_by_id[name] for name in dict.fromkeys(names) if name in workspace.person_by_id]
    return tuple(
        person for person in people if (person.left is None or person.left >= day) and (person.joined is None or person.joined <= day)
    )


def roles_on(workspace: Workspace, person: str, day: datetime.date) -> tuple[str, ...]:
    """The roles that a person held on a day, in the order of `org.yaml`."""
    return tuple(role for role in workspace.role_by_id if held_role(workspace, role, person, day))


def is_person(person: Person, author: str | None) -> bool:
    """Whether this is the author, by id, name, e-mail or forge name."""
    return author is not None and author.casefold() in {
        text.casefold() for text in (person.id, person.name, person.email, person.forge_name) if text
    }


def handle_of(person: Person) -> str | None:
    """How the forges write a person, such as `@maeve-tarn`; None where there is no forge name, or it is no user name."""
    found = _HANDLE.fullmatch(person.forge_name or "")
    return f"@{found.group(1)}" if found else None
