"""One file becomes sheets of cells: CSV in the usual encodings, or XLSX with its formulas in sight."""

from __future__ import annotations

import csv
import datetime
import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from macros.problem import KitError

MAX_BYTES = 10 << 20
MAX_UNPACKED = 200 << 20
MAX_ROWS = 20_000
MAX_COLUMNS = 256
LAST_ROW = 1 << 20
"""The last row that a spreadsheet has."""
DELIMITERS = (",", ";", "\t")

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell shows."""

    text: str = ""
    """Its text on one line, without control characters."""
    day: datetime.date | None = None
    """The date of a cell that a spreadsheet keeps as one."""
    loose_number: bool = False
    """A number without a fixed count of decimals, so that 5.10 has become 5.1."""
    formula: bool = False
    error: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its number from 1: the row of a sheet, or the line on which a row of a CSV file begins."""

    number: int
    cells: tuple[Cell, ...]

    def __getitem__(self, column: int) -> Cell:
        return self.cells[column] if column < len(self.cells) else Cell()

    @property
    def blank(self) -> bool:
        """Whether nothing stands in it."""
        return not any(cell.text or cell.formula for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook, or a whole CSV file."""

    file: str
    name: str | None
    """None in a CSV file."""
    rows: tuple[Row, ...]
    hidden: bool = False

    @property
    def where(self) -> str:
        """The file, and the sheet where there are several."""
        return self.file if self.name is None else f"{self.file}, sheet '{self.name}'"

    def row(self, number: int) -> str:
        """The place of a row."""
        return f"{self.where}, {'line' if self.name is None else 'row'} {number}"

    def cell(self, number: int, column: int) -> str:
        """The place of a cell; columns count from 0."""
        if self.name is None:
            return f"{self.row(number)}, column {column + 1}"
        return f"{self.where}, cell {letters(column)}{number}"


def letters(column: int) -> str:
    """The name of a column, from 0: A, B, ... Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def read_sheets(path: Path, score: Callable[[Sheet], int]) -> tuple[tuple[Sheet, ...], tuple[str, ...]]:
    """Read one file.

    Args:
        path: A CSV or XLSX file of at most 10 MiB and 20,000 rows.
        score: How many headings are recognised in a sheet; the delimiter of a CSV file is the one with the most.

    Returns:
        Its sheets, and remarks on how it was read.

    Raises:
        KitError: The file cannot be read; the message names the place and the way out.
    """
    name = path.name
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise KitError(f"'{path}' cannot be read ({error.strerror or error}); name a CSV or XLSX file") from None
    if len(data) > MAX_BYTES:
        raise KitError(f"{name}: the file is larger than 10 MiB; save the lists alone in a file of their own")
    if not data.strip():
        raise KitError(f"{name}: the file is empty; save the list again")
    if data.startswith(_OLD_OFFICE):
        raise KitError(f"{name}: this is an old XLS file or one with a password; save it as XLSX without a password, or as CSV")
    if data.startswith(b"PK"):
        return _workbook(name, data), ()
    return _csv(name, data, score)


def clean(value: str) -> str:
    """Text on one line: line breaks and runs of spaces become one space, control characters go."""
    return " ".join("".join(c for c in value if c.isspace() or unicodedata.category(c) not in ("Cc", "Cs")).split())


# CSV


def _csv(name: str, data: bytes, score: Callable[[Sheet], int]) -> tuple[tuple[Sheet, ...], tuple[str, ...]]:
    text, remarks = _decoded(name, data)
    declared = re.match(r"sep=([,;\t])\r?\n", text)
    skipped = 0
    if declared:
        text, skipped = text[declared.end() :], 1
    start = "\n".join(re.split(r"\r\n|\r|\n", text)[:60])

    def quality(delimiter: str) -> tuple[int, int]:
        rows = tuple(_csv_rows(name, start, delimiter, 0, strict=False))
        return score(Sheet(name, None, rows)), max((len(row.cells) for row in rows), default=0)

    delimiter = declared.group(1) if declared else max(DELIMITERS, key=quality)
    return (Sheet(name, None, tuple(_csv_rows(name, text, delimiter, skipped, strict=True))),), remarks


def _decoded(name: str, data: bytes) -> tuple[str, tuple[str, ...]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise KitError(f"{name}: the file is UTF-16 text; save it as 'CSV UTF-8'")
    if b"\0" in data:
        place = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise KitError(f"{name}, line {place}: a NUL byte stands here, so this is no CSV file; save the list as XLSX or 'CSV UTF-8'")
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), (f"{name} is not UTF-8 and was read as Windows-1252; look at the accents below",)
    except UnicodeDecodeError as error:
        place = data.count(b"\n", 0, error.start) + 1
        raise KitError(f"{name}, line {place}: the text is neither UTF-8 nor Windows-1252; save it as 'CSV UTF-8'") from None


def _csv_rows(name: str, text: str, delimiter: str, skipped: int, strict: bool) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            if not strict:
                return
            raise KitError(
                f"{name}, line {line + skipped}: a quotation mark is not closed, or text follows it; save the list again as CSV, or as XLSX"
            ) from None
        if line > MAX_ROWS:
            raise KitError(f"{name}: there are more than 20,000 rows; remove the empty ones, or divide the list")
        yield Row(line + skipped, tuple(_csv_cell(text) for text in cells))
        line = reader.line_num + 1


def _csv_cell(text: str) -> Cell:
    shown = clean(text)
    return Cell(shown, formula=bool(re.match(r"=\s*[\w+\-@(\"'{]", shown)))


# XLSX


def _workbook(name: str, data: bytes) -> tuple[Sheet, ...]:
    try:
        import openpyxl
    except ImportError:
        raise KitError(f"{name}: XLSX needs the package openpyxl; install requirements.txt, or save the list as CSV") from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # extensions that openpyxl does not know hold no cells
        try:
            _refuse_bombs(name, data)
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
            try:
                return tuple(_sheet(name, sheet) for sheet in book.worksheets)
            finally:
                book.close()
        except KitError:
            raise
        except Exception as error:  # what openpyxl raises on a broken file is not a closed list
            what = str(error).splitlines()[0][:80] if str(error) else type(error).__name__
            raise KitError(
                f"{name}: the file is no XLSX workbook that can be read ({clean(what)}); open it, save it again as XLSX, or save it as CSV"
            ) from None


def _refuse_bombs(name: str, data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED:
            raise KitError(f"{name}: the workbook unpacks to more than 200 MiB; save the lists alone in a file of their own")
        for member in archive.infolist():
            if member.filename.endswith((".xml", ".rels")):
                with archive.open(member) as stream:
                    if b"<!DOCTYPE" in stream.read(4096):
                        raise KitError(f"{name}: '{member.filename}' declares a document type, which no workbook needs; save it again")


def _sheet(name: str, sheet: Any) -> Sheet:
    sheet.reset_dimensions()  # some programs write a size that is not true
    rows = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        made = Row(number, tuple(_xlsx_cell(cell) for cell in cells[:MAX_COLUMNS]))
        if not made.blank:
            rows.append(made)
        if len(rows) > MAX_ROWS or number > LAST_ROW:
            raise KitError(f"{name}, sheet '{sheet.title}': there are more than 20,000 rows; divide the list")
    return Sheet(name, sheet.title, tuple(rows), sheet.sheet_state != "visible")


def _xlsx_cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return Cell()
    if cell.data_type == "f":
        return Cell(clean(str(value)), formula=True)
    if cell.data_type == "e":
        return Cell(clean(str(value)), error=True)
    if isinstance(value, bool):
        return Cell("yes" if value else "no")
    if isinstance(value, datetime.datetime):
        return Cell(value.date().isoformat(), day=value.date())
    if isinstance(value, datetime.date):
        return Cell(value.isoformat(), day=value)
    if isinstance(value, (int, float)):
        return _number(value, str(cell.number_format or "General"))
    return Cell(clean(str(value)))


def _number(value: float, form: str) -> Cell:
    fixed = re.fullmatch(r"#?,?#*0(?:\.(0+))?(%?)", form)
    if fixed and fixed.group(2):
        return Cell(f"{100 * value:.{len(fixed.group(1) or '')}f}%")
    if fixed and fixed.group(1):
        return Cell(f"{value:.{len(fixed.group(1))}f}")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return Cell(str(int(value)))
    return Cell(repr(value), loose_number=isinstance(value, float))
