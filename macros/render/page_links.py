"""Where each thing has its page, as a path from the root of the documents."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from macros.model.catalogue import RequirementKind
from macros.model.records.applicability import OwnControl
from macros.model.records.common import Entry
from macros.model.records.kinds import Layout, register_of
from macros.model.workspace import OWN, Document, Record, Workspace
from macros.render.markup import badge, link, plain
from macros.render.parts import part_of

TONES = {"draft": "warn", "approved": "good", "withdrawn": "calm", "closed": "calm", "open": "warn"}


class PageLinks:
    """Links between the pages of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        organisation = workspace.organisation
        self.catalogues = tuple(
            name for name in (organisation.value.catalogues if organisation else workspace.catalogues) if name in workspace.catalogues
        )
        """Catalogues that have pages here: those in force; in the kit itself, all."""

    def requirement_page(self, target: str) -> str | None:
        """Page of a requirement, by its qualified id."""
        name, number = target.split(":", 1)
        if name == OWN and target in self.workspace.requirements:
            record = self.workspace.record_by_id.get(number)
            return self.record_page(record) if record else self.register_page(register_of(OwnControl))
        if name not in self.catalogues or target not in self.workspace.requirements:
            return None
        return f"/requirements/{name}/{number}.md"

    def requirement(self, target: str, title: bool = True) -> str:
        """Link to a requirement, with or without its title."""
        found = self.workspace.requirements.get(target)
        text = f"{target} {found.title}" if found and title else target
        return link(text, self.requirement_page(target))

    def catalogue(self, name: str) -> str:
        """Link to a catalogue by its title."""
        title = self.workspace.catalogues[name].value.title if name in self.workspace.catalogues else name
        return link(title, f"/requirements/{name}/index.md" if name in self.catalogues else None)

    def document_page(self, document: Document) -> str:
        """Page of a document."""
        return document.path.removeprefix("docs")

    def history_page(self, document: Document) -> str:
        """Page of a document's versions, approvals and commits."""
        return f"/history/{document.id}.md"

    def document(self, name: str, with_id: bool = False) -> str:
        """Link to a document by its title."""
        found = self.workspace.document_by_id.get(name)
        if found is None:
            return plain(name)
        title = found.head.value.title
        return link(f"{name} {title}" if with_id else title, self.document_page(found))

    def register_page(self, name: str) -> str:
        """Page of a register."""
        return f"/records/{name}.md"

    def register(self, name: str, capital: bool = False) -> str:
        """Link to a register by its title."""
        register = self.workspace.registers.get(name)
        if register is None:
            return plain(name)
        title = register.head.value.title
        return link(title[0].upper() + title[1:] if capital else title, self.register_page(name))

    def record_page(self, record: Record[Entry]) -> str:
        """Page of a record, or of its register where records have no page of their own."""
        if record.kind.layout is Layout.FOLDER:
            return f"/records/{record.kind.name}/{record.id}.md"
        return part_of(self.register_page(record.kind.name), self._rows.get((record.kind.name, record.id), 0))

    @cached_property
    def _rows(self) -> Mapping[tuple[str, str], int]:
        """Where each record of a table stands in it; of a repeated id, the first."""
        tables = (register for register in self.workspace.registers.values() if register.kind.layout is Layout.TABLE)
        rows = ((table.kind.name, index, record) for table in tables for index, record in enumerate(table.records))
        return {(name, record.id): index for name, index, record in reversed(tuple(rows))}

    def record(self, name: str, with_id: bool = False) -> str:
        """Link to a record by what it is called."""
        found = self.workspace.record_by_id.get(name)
        if found is None:
            return plain(name)
        label = found.value.label
        short = label if len(label) <= 90 else label[:88].rsplit(" ", 1)[0] + " …"
        return link(f"{name} {short}" if with_id else short, self.record_page(found))

    def item(self, name: str) -> str:
        """Link to a document, record or register end of a trace link, with its id."""
        if name.startswith("register:"):
            return self.register(name.removeprefix("register:"), capital=True)
        if name in self.workspace.document_by_id:
            return self.document(name, with_id=True)
        return self.record(name, with_id=True)

    def role(self, name: str, capital: bool = False) -> str:
        """Link to a role's page by its title."""
        role = self.workspace.role_by_id.get(name)
        if role is None:
            return plain(name)
        title = role.title[0].upper() + role.title[1:] if capital else role.title
        document = self.workspace.document_by_id.get(role.document or "")
        return link(title, self.document_page(document) if document else None)

    def holder(self, name: str) -> str:
        """A role or person by id, as a reader knows them."""
        organisation = self.workspace.organisation
        people = {person.id: person.name for person in organisation.value.people} if organisation else {}
        return plain(people[name]) if name in people else self.role(name)

    def problems_page(self) -> str:
        """Page of everything that is open."""
        return "/open.md"


def status_badge(status: str) -> str:
    """A status as a badge."""
    return badge(status, TONES.get(status, "info"))


KIND_WORDS = {
    RequirementKind.CLAUSE: "Clause",
    RequirementKind.CONTROL_AREA: "Control area",
    RequirementKind.CONTROL_OBJECTIVE: "Control objective",
    RequirementKind.CONTROL: "Control",
    RequirementKind.ARTICLE: "Article",
    RequirementKind.FUNCTION: "Function",
}
