"""A list of who has read what, from an e-learning, a form or a sign-up sheet, becomes acknowledgements; nothing is written here."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from macros.imports.changes import ImportedChange, ImportPlan, Refusal
from macros.imports.headings import is_spanish, plain
from macros.imports.plan import register_is_there
from macros.imports.sheets import Cell, Row, Sheet, read_sheets
from macros.imports.vocabulary import Unclear, day_of, proves_day_first
from macros.model.document import DocumentStatus, order_of
from macros.model.numbering import NUMBER, highest, numbered
from macros.model.records.reading import PSEUDONYM, Acknowledgement
from macros.model.workspace import Document, Workspace
from macros.problem import KitError, did_you_mean

REGISTER = "acknowledgements"
HEADING_ROWS = 30

# For each entry, what a column is called in English and Spanish; case, accents, punctuation and small words are left out.
_NAMES = {
    "document": (
        "document;documento;document id;id documento;document title;titulo documento;codigo documento;policy;politica;title;titulo;"
        "course;curso"
    ),
    "version": "version;document version;version documento;edition;edicion;version read;version leida",
    "person": (
        "person;persona;name;nombre;full name;nombre completo;nombre apellidos;employee;empleado;empleada;user;usuario;reader;lector;"
        "email;e mail;mail;correo;correo electronico;person id;pseudonym;seudonimo;trabajador;colleague;staff member"
    ),
    "acknowledged_on": (
        "acknowledged on;acknowledged;date;fecha;day;read on;date read;fecha lectura;leido;fecha acuse;fecha acuse recibo;acuse recibo;"
        "signed on;date signed;fecha firma;firmado;completed on;completed;date completed;completion date;fecha finalizacion;"
        "acknowledgement date;date acknowledgement;fecha confirmacion;confirmed on;accepted on;fecha aceptacion"
    ),
    "how": "how;como;method;metodo;medio;via;means;form;forma;channel;canal;source;fuente;signature;firma",
}
_FIELD = {name: field for field, names in _NAMES.items() for name in names.split(";")}
_SMALL = frozenset(["the", "of", "de", "del", "la", "el", "y", "and", "en"])
_NEEDED = ("document", "person", "acknowledged_on")


@dataclass(frozen=True, slots=True)
class _List:
    sheet: Sheet
    columns: Mapping[str, int]
    rows: tuple[Row, ...]
    day_first: bool

    def cell(self, row: Row, field: str) -> Cell:
        """The cell of a field; an empty one where the list has no such column.

        Raises:
            KitError: It holds a formula or the error of one.
        """
        if field not in self.columns:
            return Cell()
        cell = row[self.columns[field]]
        if cell.formula or cell.error:
            place = self.sheet.cell(row.number, self.columns[field])
            raise KitError(f"{place}: the cell holds a formula or its error; replace it with its value (copy, then paste as values)")
        return cell


def plan_acknowledgements(workspace: Workspace, paths: Iterable[Path], today: datetime.date) -> tuple[ImportPlan, tuple[str, ...]]:
    """Place every row of the lists; nothing is written.

    Returns:
        What would be added, what is there already and what has no place; and remarks on how the files were read.

    Raises:
        KitError: A file cannot be read or holds no such list, or the register is missing or cannot be read.
    """
    if workspace.organisation is None:
        raise KitError("the kit itself is nobody's repository; run this in a generated one, or name one with --root")
    register_is_there(workspace, REGISTER)
    plan = ImportPlan()
    remarks: list[str] = []
    placing = _Placing(workspace, today, plan)
    for path in paths:
        sheets, said = read_sheets(path, lambda sheet: len(_headings(sheet)[1]))
        remarks += said
        lists = [found for sheet in sheets if not sheet.hidden and (found := _list_of(sheet))]
        if not lists:
            raise KitError(
                f"{path.name}: no list was recognised; it needs the columns 'Document', 'Person' and 'Date' (Documento, Persona, Fecha), "
                "and may have 'Version' and 'How'"
            )
        for found in lists:
            for row in found.rows:
                placing.place(found, row)
    return plan, tuple(remarks)


def _headings(sheet: Sheet) -> tuple[Row | None, dict[str, int]]:
    best: tuple[Row | None, dict[str, int]] = (None, {})
    for row in [row for row in sheet.rows if not row.blank][:HEADING_ROWS]:
        found: dict[str, int] = {}
        for column, cell in enumerate(row.cells):
            words = " ".join(word for word in plain(cell.text).split() if word not in _SMALL)
            if words in _FIELD and len(cell.text) <= 60:
                found.setdefault(_FIELD[words], column)
        if all(field in found for field in _NEEDED) and len(found) > len(best[1]):
            best = (row, found)
    return best


def _list_of(sheet: Sheet) -> _List | None:
    head, columns = _headings(sheet)
    if head is None:
        return None
    rows = tuple(row for row in sheet.rows if row.number > head.number and not row.blank)
    shown = {proves_day_first(row[columns["acknowledged_on"]].text) for row in rows} - {None}
    spanish = is_spanish(cell.text for cell in head.cells) or "fecha" in " ".join(plain(cell.text) for cell in head.cells).split()
    return _List(sheet, columns, rows, spanish or shown == {True})


class _Placing:
    """Rows one after the other, each with what stands in the register and what was placed before."""

    def __init__(self, workspace: Workspace, today: datetime.date, plan: ImportPlan) -> None:
        self.workspace, self.today, self.plan = workspace, today, plan
        given: list[Acknowledgement] = [record.value for record in workspace.records(Acknowledgement)]
        self.known = {(value.document, value.version, value.person): value.id for value in given}
        self.taken = {value.id for value in given}
        self.last: dict[str, int] = {}
        self.titles: dict[str, list[str]] = {}
        for document in workspace.documents:
            self.titles.setdefault(plain(document.head.value.title), []).append(document.id)
        self.people: dict[str, set[str]] = {}
        assert workspace.organisation
        for person in workspace.organisation.value.people:
            for name in (person.id, plain(person.name), (person.email or "").casefold()):
                if name:
                    self.people.setdefault(name, set()).add(person.id)

    def place(self, found: _List, row: Row) -> None:
        where = found.sheet.row(row.number)
        try:
            document = self._document(found.cell(row, "document"))
            person = self._person(found.cell(row, "person"))
            day = self._day(found.cell(row, "acknowledged_on"), found.day_first)
            version = self._version(found.cell(row, "version"), document, day)
        except Unclear as problem:
            self.plan.refused.append(Refusal(where, problem.message, problem.way_out))
            return
        key = (document.id, version, person)
        if key in self.known:
            self.plan.unchanged.append((where, self.known[key]))
            return
        name = self._next_id(day)
        self.known[key] = name
        how = found.cell(row, "how").text or f"list {found.sheet.file}"
        new = {"id": name, "document": document.id, "version": version, "person": person, "acknowledged_on": day, "how": how}
        values = tuple((entry, None, value) for entry, value in new.items())
        self.plan.changes.append(ImportedChange(REGISTER, name, f"{document.id} {version} by {person}", where, None, values))

    def _document(self, cell: Cell) -> Document:
        text = cell.text
        by_id = self.workspace.document_by_id
        first = re.match(rf"[A-Z]{{3}}-{NUMBER}\b(?!-[0-9])", text.upper())
        if first and first.group() in by_id:
            return by_id[first.group()]
        titled = self.titles.get(plain(text), [])
        if len(titled) == 1:
            return by_id[titled[0]]
        if titled:
            raise Unclear(f"the title '{text}' belongs to {' and '.join(titled)}", "write the id of the document")
        if not text:
            raise Unclear("the row names no document", "write its id or title")
        known = [*by_id, *(document.head.value.title for document in by_id.values())]
        raise Unclear(f"there is no document '{text[:60]}'", did_you_mean(text, known, "write its id or title as in its front matter"))

    def _person(self, cell: Cell) -> str:
        text = cell.text
        if not text:
            raise Unclear("the row names no person", "write an id, a name or an e-mail address of 'org.yaml', or a pseudonym")
        if re.fullmatch(rf"{PSEUDONYM}[a-z0-9]+(?:-[a-z0-9]+)*", text.casefold()):
            return text.casefold()
        found = self.people.get(text) or self.people.get(text.casefold()) or self.people.get(plain(text)) or set()
        if len(found) == 1:
            return next(iter(found))
        if found:
            raise Unclear(f"'{text}' is the name of {' and '.join(sorted(found))}", "write the id of the person")
        assert self.workspace.organisation
        names = [name for person in self.workspace.organisation.value.people for name in (person.id, person.name)]
        way_out = did_you_mean(text, names, f"enter the person in 'org.yaml', or a pseudonym that begins with '{PSEUDONYM}'")
        raise Unclear(f"'{text[:60]}' is nobody in 'org.yaml'", way_out)

    def _day(self, cell: Cell, day_first: bool) -> str:
        day = day_of(cell, day_first)
        if day is None:
            raise Unclear("the row has no day", "write when it was read, as 2026-09-14")
        if day > self.today.isoformat():
            raise Unclear(f"{day} has not come", "write the day on which it was read")
        return day

    def _version(self, cell: Cell, document: Document, day: str) -> str:
        head = document.head.value
        approved = head.approved.date.isoformat() if head.approved and head.status is not DocumentStatus.DRAFT else None
        text = re.sub(r"^v(?:er(?:sion|sión)?)?\.?\s*", "", cell.text, flags=re.IGNORECASE)
        if not text:
            if approved and day >= approved:
                return head.version
            raise Unclear(
                f"the row has no version, and version {head.version} of {head.id} was not in force on {day}",
                "write the version that was read",
            )
        version = f"{text}.0" if text.isdigit() else text.replace(",", ".")
        if not re.fullmatch(r"[0-9]{1,6}\.[0-9]{1,6}", version):
            raise Unclear(f"'{cell.text[:40]}' is no version", "write two numbers with a point, such as 1.2")
        if cell.loose_number and order_of(head.version)[1] >= 10:
            raise Unclear(f"the number {version} may be {version} or {version}0", "write the version as text, such as '1.10")
        if order_of(version)[0] == 0 or order_of(version) > order_of(head.version) or (version == head.version and approved is None):
            raise Unclear(
                f"version {version} of {head.id} was never in force; it is at {head.version} as {head.status.value}",
                "write the version that was read",
            )
        if version == head.version and approved and day < approved:
            raise Unclear(f"version {version} of {head.id} was approved on {approved}, after {day}", "write the version that was read")
        return version

    def _next_id(self, day: str) -> str:
        form = f"ACK-{day[:4]}-"
        if form not in self.last:
            self.last[form] = highest(form, self.taken)
        self.last[form] += 1
        return numbered(form, self.last[form])
