"""Registers and records as pages."""

from __future__ import annotations

from enum import Enum
from typing import Any

from pydantic import BaseModel

from macros.facts.trace import LinkKind, Trace
from macros.model.base import Model, fields_of, hints, references
from macros.model.document import Approval
from macros.model.records.applicability import Applicability, SoaEntry, SoaHead
from macros.model.records.common import Entry, Head
from macros.model.records.kinds import SOA, Layout
from macros.model.records.risk import Rating, Risk, RiskHead, ScaleStep
from macros.model.records.support import Evidence
from macros.model.workspace import Record, Register, Workspace
from macros.render.aspects import Aspects
from macros.render.markup import badge, crumbs, definitions, link, plain, running, sentences, shown, table
from macros.render.page_links import PageLinks, status_badge
from macros.render.parts import RECORDS
from macros.render.status import rung_badge

_SOA_HEADINGS = {"status": "Claims"}


class RegisterPages:
    """Registers of one workspace, as Markdown."""

    def __init__(self, workspace: Workspace, trace: Trace, links: PageLinks, aspects: Aspects) -> None:
        self.workspace, self.trace, self.links, self.aspects = workspace, trace, links, aspects

    def overview(self) -> str:
        """All registers."""
        rows = [
            (
                self.links.register(name, capital=True),
                str(len(register.records)),
                plain(register.kind.one),
                self.links.role(register.head.value.owner),
                ", ".join(self.links.requirement(target, title=False) for target in register.head.value.addresses),
            )
            for name, register in self.workspace.registers.items()
        ]
        return table(("Register", "Records", "Each is a", "Owner", "Answers"), rows)

    def register(self, register: Register[Entry]) -> str:
        """The page of one register, without its title."""
        head = register.head.value
        pairs = [
            ("Owner", self.links.role(head.owner)),
            ("Classification", shown(head.classification)),
            ("Kept for", f"{head.retention_years} years after a record closes"),
            ("Answers", ", ".join(self.links.requirement(target, title=False) for target in head.addresses) or "–"),
            *self._version(head),
            ("Kept in", f"<code>{plain(register.place if register.parts else register.head.path)}</code>"),
        ]
        parts = [
            crumbs(("Home", "/index.md"), ("Records", "/records/index.md"), (head.title[0].upper() + head.title[1:], None)),
            definitions(pairs, "aims-header"),
            self.soa_views() if register.kind.record is SoaEntry else "",
            self.aspects.evidence.see_also() if register.kind.record is Evidence else "",
            *([again, "## Records"] if (again := self.aspects.notes.of_register(register.kind.name)) else []),
            self.records_table(register),
        ]
        if isinstance(head, RiskHead):
            parts += [
                "## Scales",
                self._scale("Likelihood", head.likelihood),
                self._scale("Consequence", head.consequence),
                table(("Level up to", "Called", "Means"), ((str(band.up_to), plain(band.word), plain(band.means)) for band in head.bands)),
            ]
        return "\n\n".join(part for part in parts if part)

    def _version(self, head: Head) -> list[tuple[str, str]]:
        """Version and approval of a register that has them, as certificates cite them."""
        if not isinstance(head, SoaHead):
            return []
        given = head.approved
        said = f"{self.links.holder(given.by)} on {shown(given.date)}" if given else badge("not approved", "warn")
        return [("Version", plain(head.version or "–")), ("Approved", said)]

    def _scale(self, name: str, steps: tuple[ScaleStep, ...]) -> str:
        return table((name, "Called", "Means"), ((str(step.step), plain(step.word), plain(step.means)) for step in steps))

    def records_table(self, register: Register[Entry]) -> str:
        """The records of a register, a row each."""
        kind = register.kind
        headings = [column.replace("_", " ").capitalize() for column in kind.columns]
        if kind.record is SoaEntry:
            return self.soa_table()
        rows = [[self._cell(record, column) for column in kind.columns] for record in register.records]
        if kind.record is Evidence:
            headings.append("State")
            rows = [[*row, self.aspects.evidence.in_register(record)] for row, record in zip(rows, register.records, strict=True)]
        if not rows:
            return f"There is no {kind.one} on record yet."
        return table(headings, rows, f"aims-table--filter aims-table--dense {RECORDS}")

    def soa_table(self, catalogue: str | None = None) -> str:
        """The Statement of Applicability of one catalogue, or of all together, with what answers each control."""
        kind = self.workspace.registers[SOA].kind
        after = kind.columns.index("status") + 1  # what is claimed, then what shows it
        rows = []
        for record in self.workspace.records(SoaEntry):
            if catalogue is None or record.id.startswith(f"{catalogue}:"):
                edges = self.trace.links_to(record.id, LinkKind.ADDRESSES)
                papers = [self.links.document(end.source, with_id=True) for end in edges if end.source in self.workspace.document_by_id]
                papers += [self.links.record(end.source, with_id=True) for end in edges if end.source.startswith("ISM-")]
                known = record.id in self.workspace.requirements
                stands = rung_badge(self.aspects.status.ladder.requirement(record.id).rung) if known else badge("no control", "bad")
                row = [*(self._cell(record, column) for column in kind.columns), "<br>".join(papers)]
                rows.append([*row[:after], stands, self.aspects.evidence.ids(record.id), *row[after:]])
        headings = [_SOA_HEADINGS.get(column, column.capitalize()) for column in kind.columns]
        headings = [*headings[:after], "Stands at", "Evidence", *headings[after:], "Documents"]
        return table(headings, rows, f"aims-table--filter aims-table--dense {RECORDS}")

    def soa_whole(self, catalogue: str | None = None) -> str:
        """The same with the version and the approval that a certificate cites."""
        head = self.workspace.registers[SOA].head.value
        return f"{definitions(self._version(head), 'aims-header')}\n\n{self.soa_table(catalogue)}"

    def soa_views(self) -> str:
        """Links to the views of the Statement of Applicability."""
        names = dict.fromkeys(record.id.split(":", 1)[0] for record in self.workspace.records(SoaEntry))
        return " · ".join(link(self._view_title(name), f"/records/{SOA}/{name}.md") for name in names) if len(names) > 1 else ""

    def soa_view(self, name: str) -> tuple[str, str]:
        """Title and text of the view of one catalogue."""
        title = f"Statement of Applicability for {self._view_title(name)}"
        way = crumbs(("Home", "/index.md"), ("Statement of Applicability", self.links.register_page(SOA)), (self._view_title(name), None))
        return title, f"{way}\n\n{self.soa_whole(name)}"

    def _view_title(self, name: str) -> str:
        catalogue = self.workspace.catalogues.get(name)
        return catalogue.value.title if catalogue else "our own controls"

    def _cell(self, record: Record[Entry], column: str) -> str:
        value = fields_of(record.value)[column]
        if column == record.kind.key:
            if record.kind.record is SoaEntry:
                return self.links.requirement(value)
            if record.kind.layout is Layout.FOLDER:
                return link(str(value), self.links.record_page(record))
            return plain(value)
        if column == "applicability":
            return badge(value.value, "good" if value is Applicability.INCLUDED else "calm")
        if column in ("status", "state") and record.kind.record is not SoaEntry:
            return status_badge(value.value)
        if column == "decided":
            return f"{self.links.holder(value.by)}, {shown(value.date)}" if value else badge("draft", "warn")
        return self._value(value, record.value, column)

    def _value(self, value: Any, owner: BaseModel, column: str) -> str:
        kinds = {target: to for _, to, target in references(value, hints(type(owner)).get(column))}
        if isinstance(value, tuple):
            return ", ".join(self._one(item, kinds) for item in value) or "–"
        return self._one(value, kinds)

    def _one(self, value: Any, kinds: dict[str, str]) -> str:
        if isinstance(value, str) and value in kinds:
            return self._reference(value, kinds[value])
        if isinstance(value, Rating):
            return self._rating(value)
        if isinstance(value, Approval):
            return f"{self.links.holder(value.by)} on {shown(value.date)}"
        return running(value) if isinstance(value, str) and not isinstance(value, Enum) else shown(value)

    def _reference(self, name: str, to: str) -> str:
        if to == "requirement":
            return self.links.requirement(name, title=False)
        if to == "role":
            return self.links.role(name)
        if to in ("approver", "person"):
            return self.links.holder(name)
        return self.links.item(name)

    def _rating(self, rating: Rating) -> str:
        register = self.workspace.register(Risk)
        head = register.head.value if register else None
        bands = head.bands if isinstance(head, RiskHead) else ()
        band = next((band for band in bands if rating.level <= band.up_to), None)
        tone = "calm" if band is None else ("good", "info", "warn", "bad")[min(3, bands.index(band))]
        return (
            badge(f"{rating.level}" + (f" {band.word}" if band else ""), tone)
            + f"&nbsp;({rating.likelihood}&nbsp;×&nbsp;{rating.consequence})"
        )

    # One record

    def record(self, record: Record[Entry]) -> str:
        """The page of one record, without its title."""
        register = self.workspace.registers[record.kind.name]
        title = register.head.value.title
        steps = crumbs(
            ("Home", "/index.md"),
            ("Records", "/records/index.md"),
            (title[0].upper() + title[1:], self.links.register_page(record.kind.name)),
            (record.id, None),
        )
        short, long = self._split(record.value)
        if isinstance(record.value, Evidence):
            short.insert(0, ("State", self.aspects.evidence.of_record(record)))
            long.append(self.aspects.evidence.run(record))
        parts = [steps, self.aspects.notes.banner(record.id), definitions(short, "aims-header"), *long, self._named_by(record)]
        return "\n\n".join(part for part in parts if part)

    def _split(self, value: Model) -> tuple[list[tuple[str, str]], list[str]]:
        short: list[tuple[str, str]] = []
        long: list[str] = []
        for name, part in fields_of(value).items():
            heading = name.replace("_", " ").capitalize()
            if isinstance(part, tuple) and part and isinstance(part[0], BaseModel):
                long += [f"## {heading}", self._models(part)]
            elif isinstance(part, BaseModel) and not isinstance(part, (Rating, Approval)):
                long += [f"## {heading}", self._group(part)]
            elif isinstance(part, str) and len(part) > 120:
                long += [f"## {heading}", sentences(part)]
            elif isinstance(part, tuple) and any(isinstance(item, str) and " " in item for item in part):
                long += [f"## {heading}", "\n".join(f"- {sentences(item)}" for item in part)]
            else:
                short.append(
                    (
                        heading,
                        status_badge(part.value)
                        if name in ("status", "state") and isinstance(part, Enum)
                        else self._value(part, value, name),
                    )
                )
        return short, long

    def _group(self, value: BaseModel) -> str:
        return definitions(
            [(name.replace("_", " ").capitalize(), self._value(part, value, name)) for name, part in fields_of(value).items()],
            "aims-header",
        )

    def _models(self, values: tuple[BaseModel, ...]) -> str:
        names = list(type(values[0]).model_fields)
        rows = []
        for value in values:
            row = []
            for name, part in fields_of(value).items():
                many = isinstance(part, tuple) and any(isinstance(item, str) and " " in item for item in part)
                row.append("<br>".join(f"• {sentences(item)}" for item in part) if many else self._value(part, value, name))
            rows.append(row)
        return table([name.replace("_", " ").capitalize() for name in names], rows)

    def _named_by(self, record: Record[Entry]) -> str:
        rows = []
        for found in self.trace.links_to(record.id):
            if found.source != record.id:
                rows.append((self.links.item(found.source), plain(found.kind.value.replace("_", " "))))
        return "## Named by\n\n" + table(("Document or record", "Relation"), dict.fromkeys(rows)) if rows else ""
