"""An XLSX workbook becomes sheets, in one pass over each part and without trust in any size that it states.

openpyxl builds the whole table of shared strings, every style and every padded row before it shows a cell, so that a
file of 157 KB takes 1.6 GB; here it only tells which number formats are dates and what day a serial number is.
"""

from __future__ import annotations

import datetime
import posixpath
import re
from functools import cache, lru_cache
from typing import BinaryIO

from macros.imports.cells import MAX_COLUMNS, Budget, Cell, Row, Sheet, clean
from macros.imports.packages import Package
from macros.problem import KitError

LAST_ROW = 1 << 20
"""The last row that a spreadsheet has."""
MAX_SHEETS = 200
MAX_STYLES = 70_000
"""Excel ends at 65,490."""
MAX_STRINGS = 750_000
MAX_BESIDE = 300_000
MAX_BLANK_CELLS = 1_000_000
"""Cells that are written down, with something in them or only formatted."""

_MAIN = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
_RELATIONS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_WORDS = ("workbookPr", "sheet", "numFmt", "cellXfs", "xf", "si", "t", "rPh", "row", "c", "v", "f", "is", "r")
_TAG = {f"{space} {word}": word for space in _MAIN for word in _WORDS}
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,300}(?:\.[0-9]{0,300})?|\.[0-9]{1,300})(?:[eE][+-]?[0-9]{1,3})?")


def workbook(name: str, stream: BinaryIO) -> tuple[tuple[Sheet, ...], tuple[str, ...]]:
    """Every sheet of a workbook, and remarks on what was not used.

    Args:
        name: The file's name, for messages.
        stream: Its bytes, seekable.

    Raises:
        KitError: The file is no workbook, or one that is not read; the message says which and how to go on.
    """
    package = Package(name, stream)
    book = _main_part(package)
    package.refuse_document_types()
    reading = _Reading(package, book)
    remarks = (f"{name} links to other workbooks; they are not read",) if any("externalLinks/" in part for part in package.parts) else ()
    return tuple(reading.sheet(*sheet) for sheet in reading.sheets), remarks


def _main_part(package: Package) -> str:
    """The part with the list of sheets; what is another kind of file is named."""
    name = package.name
    if "mimetype" in package and package.first("mimetype", 40).startswith(b"application/vnd.oasis.opendocument"):
        raise KitError(f"{name}: this is an OpenDocument file; save it as XLSX or CSV")
    if any(part.lower().endswith("vbaproject.bin") for part in package.parts):
        raise KitError(f"{name}: the workbook holds macros; save it as XLSX, which has none, or save the list as CSV")
    found: list[str] = []

    def relation(_: str, attributes: dict[str, str]) -> None:
        if attributes.get("Type", "").endswith("/officeDocument"):
            found.append(_inside("", attributes.get("Target", "")))

    if "_rels/.rels" in package:
        package.read("_rels/.rels", relation)
    if not found or found[0] not in package:
        raise KitError(f"{name}: this is a ZIP file and no XLSX workbook; take the list out of it and name that, or save it as XLSX")
    if found[0].lower().endswith(".bin"):
        raise KitError(f"{name}: this is a binary workbook (XLSB); save it as XLSX or CSV")
    if not found[0].lower().endswith(".xml") or "xl/" not in found[0]:
        raise KitError(f"{name}: this is an Office file and no workbook; save the list as XLSX or CSV")
    return found[0]


def _inside(part: str, target: str) -> str:
    """The part that a relation of another part leads to."""
    return posixpath.normpath(target[1:] if target.startswith("/") else posixpath.join(posixpath.dirname(part), target))


class _Reading:
    """One workbook: its list of sheets, strings and formats first, then sheet by sheet."""

    def __init__(self, package: Package, book: str) -> None:
        self.package, self.name, self.budget = package, package.name, Budget(package.name)
        self.sheets: list[tuple[str, str, bool]] = []
        self.strings: list[str] = []
        self.formats: list[str] = []
        self.from_1904 = False
        self.written = self.beside = 0
        relations = self._relations(book)
        self._book(book, relations)
        for kind, read in (("/sharedStrings", self._strings), ("/styles", self._styles)):
            for part in (part for found, part in relations.values() if found.endswith(kind) and part in package):
                read(part)

    def _relations(self, book: str) -> dict[str, tuple[str, str]]:
        found: dict[str, tuple[str, str]] = {}

        def relation(_: str, attributes: dict[str, str]) -> None:
            if attributes.get("TargetMode") != "External" and "Id" in attributes:
                found[attributes["Id"]] = attributes.get("Type", ""), _inside(book, attributes.get("Target", ""))

        folder, file = posixpath.split(book)
        part = f"{folder}/_rels/{file}.rels"
        if part in self.package:
            self.package.read(part, relation)
        return found

    def _book(self, book: str, relations: dict[str, tuple[str, str]]) -> None:
        def start(name: str, attributes: dict[str, str]) -> None:
            tag = _TAG.get(name)
            if tag == "workbookPr":
                self.from_1904 = attributes.get("date1904") in ("1", "true")
            elif tag == "sheet":
                link = next((attributes[key] for space in _RELATIONS if (key := f"{space} id") in attributes), "")
                kind, part = relations.get(link, ("", ""))
                if kind.endswith("/worksheet") and part in self.package:
                    self.sheets.append((clean(attributes.get("name", ""))[:80], part, attributes.get("state", "visible") != "visible"))
                if len(self.sheets) > MAX_SHEETS:
                    raise KitError(f"{self.name}: there are more than {MAX_SHEETS} sheets; save the lists alone in a file of their own")

        self.package.read(book, start)
        if not self.sheets:
            raise self.package.unreadable("it has no sheet")

    def _strings(self, part: str) -> None:
        pieces: list[str] = []
        inside = _Inside()

        def start(name: str, _: dict[str, str]) -> None:
            inside.enter(_TAG.get(name))

        def end(name: str) -> None:
            tag = _TAG.get(name)
            inside.leave(tag)
            if tag == "si":
                self.strings.append(clean(_plain("".join(pieces))))
                pieces.clear()
                if len(self.strings) > MAX_STRINGS:
                    raise KitError(f"{self.name}: there are more than 750,000 texts; remove columns, or divide the list")

        def text(piece: str) -> None:
            if inside.shown:
                self.budget.take_text(len(piece))
                pieces.append(piece)

        self.package.read(part, start, end, text)
        self.budget.text = 0  # counted again where a cell shows them

    def _styles(self, part: str) -> None:
        from openpyxl.styles.numbers import BUILTIN_FORMATS

        own: dict[str, str] = {}
        inside = False

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal inside
            tag = _TAG.get(name)
            if tag == "numFmt" and len(own) < MAX_STYLES:
                own[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")[:255]
            elif tag == "cellXfs":
                inside = True
            elif tag == "xf" and inside:
                number = attributes.get("numFmtId", "0")
                built_in = BUILTIN_FORMATS.get(int(number), "General") if number.isdecimal() and len(number) < 6 else "General"
                self.formats.append(own.get(number, built_in))
                if len(self.formats) > MAX_STYLES:
                    raise KitError(f"{self.name}: there are more than {MAX_STYLES:,} styles; save the list alone in a file of its own")

        def end(name: str) -> None:
            nonlocal inside
            inside = inside and _TAG.get(name) != "cellXfs"

        self.package.read(part, start, end)

    def sheet(self, name: str, part: str, hidden: bool) -> Sheet:
        """One sheet, with the rows in which something stands."""
        rows = _Rows(self, name)
        self.package.read(part, rows.start, rows.end, rows.text)
        return Sheet(self.name, name, tuple(rows.rows), hidden)


class _Inside:
    """Whether running text is that of a string; the reading aid above Japanese words is not."""

    def __init__(self) -> None:
        self.shown, self._aid = False, 0

    def enter(self, tag: str | None) -> None:
        if tag == "rPh":
            self._aid += 1
        elif tag == "t":
            self.shown = not self._aid

    def leave(self, tag: str | None) -> None:
        if tag == "rPh":
            self._aid -= 1
        elif tag == "t":
            self.shown = False


class _Rows:
    """The rows of one sheet, as its elements come in."""

    def __init__(self, reading: _Reading, sheet: str) -> None:
        self.reading, self.sheet = reading, sheet
        self.rows: list[Row] = []
        self.number = self.column = 0
        self.cells: dict[int, str | Cell] = {}
        self.kind, self.style, self.formula = "n", 0, False
        self.pieces: list[str] = []
        self.inside = _Inside()
        self.in_value = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = _TAG.get(name)
        if tag == "c":
            self._begin_cell(attributes)
        elif tag == "v":
            self.in_value = True
        elif tag == "f":
            self.formula = True
        elif tag == "row":
            said = attributes.get("r")
            self.number = self.number + 1 if said is None else int(said) if said.isdecimal() and len(said) < 9 else 0
            if not 0 < self.number <= LAST_ROW:
                raise KitError(f"{self.reading.name}, sheet '{self.sheet}': a row has a number that no spreadsheet has; save it again")
            self.column = -1
        elif tag is None:
            self._beside()
        else:
            self.inside.enter(tag)

    def _beside(self) -> None:
        """Count what is no cell: merged ranges, conditions, extensions."""
        self.reading.beside += 1
        if self.reading.beside > MAX_BESIDE:
            raise KitError(f"{self.reading.name}: more than 300,000 entries stand beside the cells; copy the list into a new workbook")

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self.reading.written += 1
        if self.reading.written > MAX_BLANK_CELLS:
            raise KitError(f"{self.reading.name}: more than a million cells are formatted; copy the list into a new workbook")
        said = attributes.get("r")
        self.column = self.column + 1 if said is None else _column(said.rstrip("0123456789"))
        self.kind, self.formula = attributes.get("t", "n"), False
        style = attributes.get("s", "0")
        self.style = int(style) if style.isdecimal() and len(style) < 8 else 0

    def text(self, piece: str) -> None:
        if self.in_value or self.inside.shown:
            self.reading.budget.take_text(len(piece))
            self.pieces.append(piece)

    def end(self, name: str) -> None:
        tag = _TAG.get(name)
        if tag == "v":
            self.in_value = False
        elif tag == "c":
            value = "".join(self.pieces)
            self.pieces.clear()
            if (value or self.formula) and self.column < MAX_COLUMNS:
                self.reading.budget.text -= len(value)  # counted with its row
                if kept := self._kept(value):
                    self.cells[self.column] = kept
        elif tag == "row":
            if self.cells:
                cells = tuple(self.cells.get(column, "") for column in range(max(self.cells) + 1))
                self.rows.append(self.reading.budget.take_row(Row(self.number, cells)))
                self.cells.clear()
        elif tag is not None:
            self.inside.leave(tag)

    def _kept(self, value: str) -> str | Cell:
        if self.formula:
            return Cell(clean(value) or "=", formula=True)
        if self.kind == "s":
            strings = self.reading.strings
            if not value.isdecimal() or len(value) > 7 or int(value) >= len(strings):
                raise self.reading.package.unreadable(f"a cell of sheet '{self.sheet}' names a text that is not there")
            return strings[int(value)]
        if self.kind == "e":
            return Cell(clean(value), error=True)
        if self.kind == "b":
            return "yes" if value.strip() == "1" else "no"
        if self.kind == "d":
            return _iso_day(value)
        if self.kind in ("str", "inlineStr"):
            return clean(_plain(value))
        form = self.reading.formats[self.style] if self.style < len(self.reading.formats) else "General"
        return _number(value.strip(), form, self.reading.from_1904)


def _plain(text: str) -> str:
    """Text with the characters that XML cannot hold, which a workbook writes as `_x000D_`."""
    return _ESCAPE.sub(lambda found: chr(int(found.group(1), 16)), text) if "_x" in text else text


@cache
def _column(name: str) -> int:
    """The column with a name, from 0; one that is not read where the name is none."""
    number = 0
    for letter in name.upper() if name.isascii() and name.isalpha() and len(name) < 4 else "ZZZ":
        number = 26 * number + ord(letter) - 64
    return number - 1


def _iso_day(value: str) -> str | Cell:
    try:
        day = datetime.datetime.fromisoformat(value.strip()).date()
    except ValueError:
        return clean(value)
    return Cell(day.isoformat(), day=day)


@lru_cache(maxsize=10_000)
def _number(value: str, form: str, from_1904: bool) -> str | Cell:
    from openpyxl.styles.numbers import is_date_format, is_timedelta_format
    from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

    if not _NUMBER.fullmatch(value):
        return clean(value)
    number = float(value)
    if form != "General" and is_date_format(form):
        try:
            found = from_excel(number, MAC_EPOCH if from_1904 else WINDOWS_EPOCH, timedelta=is_timedelta_format(form))
        except (OverflowError, ValueError):
            return Cell("#VALUE!", error=True)
        return Cell(found.date().isoformat(), day=found.date()) if isinstance(found, datetime.datetime) else str(found)
    fixed = re.fullmatch(r"#?,?#*0(?:\.(0+))?(%?)", form)
    if fixed and fixed.group(2):
        return f"{100 * number:.{len(fixed.group(1) or '')}f}%"
    if fixed and fixed.group(1):
        return f"{number:.{len(fixed.group(1))}f}"
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return Cell(repr(number), loose_number=True)
