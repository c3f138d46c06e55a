"""Sheets become tables: where the headings stand, what each column holds, and what kind of list it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from macros.imports.headings import field_of, is_spanish
from macros.imports.sheets import Cell, Row, Sheet, letters, read_sheets
from macros.problem import KitError

HEADING_ROWS = 30
REQUIREMENT_FIELDS = ("control", "requirement", "clause")
_NEEDED = (
    "a document list needs a column 'Title' and at least one more, such as 'Version', and a Statement of Applicability needs 'Control', "
    "'Applicable' and 'Justification'"
)


class TableKind(str, Enum):
    """What a list is."""

    DOCUMENTS = "document list"
    SOA = "Statement of Applicability"


@dataclass(frozen=True, slots=True)
class ReadTable:
    """A list whose columns are understood."""

    sheet: Sheet
    kind: TableKind
    columns: Mapping[str, int]
    """Where each field stands, counted from 0."""
    width: int
    """Columns up to the last heading."""
    rows: tuple[Row, ...]
    """Rows below the headings that are not blank."""
    day_first: bool
    """Its headings are Spanish, so that 03/04/2026 is in April."""

    def cell(self, row: Row, field: str) -> Cell:
        """The cell of a field; an empty one where the list has no such column.

        Raises:
            KitError: The cell holds a formula or the error of one.
        """
        if field not in self.columns:
            return Cell()
        column = self.columns[field]
        cell = row[column]
        if cell.formula or cell.error:
            what = "a formula" if cell.formula else f"the error '{cell.text}'"
            raise KitError(
                f"{self.sheet.cell(row.number, column)}: the cell holds {what}; replace it with its value (copy, then paste as values)"
            )
        return cell

    def place(self, row: Row, field: str | None = None) -> str:
        """Where a row, or a cell of it, stands."""
        return self.sheet.row(row.number) if field is None else self.sheet.cell(row.number, self.columns[field])


def read_tables(paths: Iterable[Path]) -> tuple[tuple[ReadTable, ...], tuple[str, ...]]:
    """Every list in the files, and remarks on what was not used.

    Raises:
        KitError: A file cannot be read, or holds no list that is understood.
    """
    tables: list[ReadTable] = []
    remarks: list[str] = []
    for path in paths:
        sheets, said = read_sheets(path, lambda sheet: len(_best(sheet)[1]))
        remarks += said
        found = []
        for sheet in sheets:
            table, unused = (None, ()) if sheet.hidden else table_of(sheet)
            if table is not None:
                found.append(table)
                remarks += [f"{sheet.where}: column '{heading}' is not used" for heading in unused]
            elif sheet.name is not None and sheet.rows:
                remarks.append(f"{sheet.where} is skipped: " + ("it is hidden" if sheet.hidden else "no headings of a list are in it"))
        if not found:
            raise KitError(_no_list(path.name, sheets))
        tables += found
    return tuple(tables), tuple(remarks)


def _no_list(name: str, sheets: Iterable[Sheet]) -> str:
    first = next((row for sheet in sheets for row in sheet.rows if not sheet.hidden and not row.blank), None)
    seen = [f"'{cell.text[:40]}'" for cell in first.cells if cell.text][:8] if first else []
    return f"{name}: no list was recognised; {_NEEDED}" + (f"; the first row has {', '.join(seen)}" if seen else "")


def _best(sheet: Sheet) -> tuple[Row | None, dict[int, tuple[str, int]]]:
    best: tuple[Row | None, dict[int, tuple[str, int]]] = (None, {})
    for row in [row for row in sheet.rows if not row.blank][:HEADING_ROWS]:
        fields = {column: field for column, cell in enumerate(row.cells) if not cell.formula and (field := field_of(cell.text))}
        if _kind({field for field, _ in fields.values()}) and len(fields) > len(best[1]):
            best = (row, fields)
    return best


def _kind(fields: set[str]) -> TableKind | None:
    if "applicable" in fields:
        return TableKind.SOA if fields & {*REQUIREMENT_FIELDS, "id"} else None
    return TableKind.DOCUMENTS if "title" in fields and len(fields) > 1 else None


def table_of(sheet: Sheet) -> tuple[ReadTable | None, tuple[str, ...]]:
    """The list in a sheet, with the headings that are not used; None where there is none.

    Raises:
        KitError: Two columns have the same heading, or a column that is needed is missing.
    """
    head, fields = _best(sheet)
    if head is None:
        return None, ()
    kind = _kind({field for field, _ in fields.values()})
    assert kind
    columns: dict[str, int] = {}
    for column, (field, rank) in fields.items():
        other = columns.get(field)
        if other is None or rank < fields[other][1]:
            columns[field] = column
        elif rank == fields[other][1]:
            names = f"'{head[other].text}' ({_column(sheet, other)}) and '{head[column].text}' ({_column(sheet, column)})"
            raise KitError(f"{sheet.row(head.number)}: two columns say the same, {names}; keep one, or rename the other")
    rows = tuple(row for row in sheet.rows if row.number > head.number and not row.blank)
    if kind is TableKind.SOA:
        columns = _soa_columns(sheet, head, columns, rows)
    unused = tuple(cell.text for column, cell in enumerate(head.cells) if cell.text and column not in columns.values())
    width = max((column + 1 for column, cell in enumerate(head.cells) if cell.text), default=0)
    return ReadTable(sheet, kind, columns, width, rows, is_spanish(head[column].text for column in fields)), unused


def _column(sheet: Sheet, column: int) -> str:
    return f"column {column + 1 if sheet.name is None else letters(column)}"


def _soa_columns(sheet: Sheet, head: Row, columns: dict[str, int], rows: tuple[Row, ...]) -> dict[str, int]:
    """Settle on the column with the numbers, since 'Control' may hold a name and 'ID' the number."""
    candidates = [field for field in (*REQUIREMENT_FIELDS, "id") if field in columns]
    numbers = {field: sum(any(c.isdigit() for c in row[columns[field]].text[:12]) for row in rows) for field in candidates}
    best = max(candidates, key=lambda field: numbers[field])
    if not {"justification", "justification_in", "justification_out"} & set(columns):
        raise KitError(
            f"{sheet.row(head.number)}: the Statement of Applicability has no column for the justification; add 'Justification', "
            "with the reason why each control is included or excluded"
        )
    taken = {field: column for field, column in columns.items() if field not in (*REQUIREMENT_FIELDS, "id", "title", "version", "address")}
    return {**taken, "control": columns[best]}
