"""Whose a problem or a part of a requirement is, so that a person sees what is theirs."""

from __future__ import annotations

from typing import Any

from macros.facts.authority import approver_of_path, holders
from macros.model.records.common import Entry
from macros.model.records.kinds import BY_NAME
from macros.model.workspace import Record, Workspace
from macros.problem import KitError, Location, Problem, nearest
from macros.status import Ladder
from macros.status.rungs import NeededPart, PartKind


class Owners:
    """Who answers for what, and whether that is whom we ask for."""

    def __init__(self, ladder: Ladder, whose: str) -> None:
        """Find the roles.

        Args:
            ladder: How far everything has come.
            whose: A role or a person, by id; empty for everybody.

        Raises:
            KitError: There is neither.
        """
        self.ladder, self.workspace, self.whose = ladder, ladder.workspace, whose
        self.roles = self._roles() if whose else frozenset()
        self._records = {record.data.path: record for record in self.workspace.all_records if not record.data.base}

    def _roles(self) -> frozenset[str]:
        people, roles = self.workspace.person_by_id, self.workspace.role_by_id
        if self.whose in roles:
            return frozenset({self.whose})
        if self.whose in people:
            return frozenset(
                role for role in roles if self.whose in {person.id for person in holders(self.workspace, role, self.ladder.today)}
            )
        close = nearest(self.whose, (*roles, *people))
        raise KitError(
            f"'org.yaml' has no role and no person '{self.whose[:60]}'; " + (f"did you mean '{close}'?" if close else "it lists both")
        )

    def has(self, owner: str) -> bool:
        """Whether an owner, role or person, is whom we ask for."""
        return not self.whose or owner == self.whose or owner in self.roles

    def of_problem(self, problem: Problem) -> bool:
        """Whether a problem is theirs."""
        return not self.whose or self.has(self.of_place(problem.location))

    def of_part(self, target: str, part: NeededPart) -> bool:
        """Whether a part of a requirement is theirs."""
        return not self.whose or self.has(self._of_part(target, part))

    def of_place(self, location: Location) -> str:
        """The role that answers for a place: for the document, the record on that line or its register, else whoever approves the file."""
        path = location.path
        document = next((document for document in self.workspace.documents if document.path == path), None)
        if document:
            return document.head.value.owner
        for register in self.workspace.registers.values():
            if any(file.path == path for file in register.files):
                record = self._records.get(path) or self._row(location)
                return owner_of(self.workspace, record) if record else register.head.value.owner
        return approver_of_path(self.workspace, path)

    def _row(self, location: Location) -> Record[Entry] | None:
        rows = [record for record in self.workspace.all_records if record.data.path == location.path and record.data.base]
        return next((record for record in reversed(rows) if record.data.at().line <= location.line), None)

    def _of_part(self, target: str, part: NeededPart) -> str:
        workspace = self.workspace
        if part.kind is PartKind.DOCUMENT:
            return workspace.document_by_id[part.name].head.value.owner
        if part.kind is PartKind.ISMS_DOCUMENT:
            return self._head_of("isms-documents")
        if part.kind is PartKind.REGISTER:
            return self._head_of(part.name)
        if part.kind is PartKind.AUDIT:
            return self._head_of("audits")
        if target in self.ladder.decisions:
            return self.ladder.decisions[target][1].owner
        texts = [name.name for name in self.ladder.requirement(target).parts if name.kind is PartKind.DOCUMENT]
        return workspace.document_by_id[texts[0]].head.value.owner if texts else self._head_of("isms-documents")

    def _head_of(self, name: str) -> str:
        register = self.workspace.registers.get(name)
        return register.head.value.owner if register else approver_of_path(self.workspace, BY_NAME[name].folder)


def owner_of(workspace: Workspace, record: Record[Any]) -> str:
    """The role that answers for a record: its own owner where that is one, else that of its register."""
    own = dict(record.value).get("owner")  # not every definition has one
    return own if isinstance(own, str) and own in workspace.role_by_id else workspace.registers[record.kind.name].head.value.owner
