"""What a list is made of once its file is read: cells, rows and sheets, and how much of them there may be."""

from __future__ import annotations

import datetime
import unicodedata
from dataclasses import dataclass

from macros.encode.characters import ACTING
from macros.problem import KitError

MAX_BYTES = 50 << 20
MAX_ROWS = 100_000
"""Rows that are not blank, in one file."""
MAX_COLUMNS = 256
MAX_CELLS = 750_000
"""Cells that are not empty, in one file."""
MAX_PLACES = 3_000_000
"""The same with the empty ones before the last of a row."""
MAX_TEXT = 16_000_000
"""Characters in one file."""


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


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its number from 1: the row of a sheet, or the line on which a row of a CSV file begins."""

    number: int
    kept: tuple[str | Cell, ...]
    """Its cells; one that is only text is kept as that, since a list may have a million of them."""

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Its cells, from the first column."""
        return tuple(map(_cell, self.kept))

    def __getitem__(self, column: int) -> Cell:
        return _cell(self.kept[column]) if column < len(self.kept) else EMPTY

    @property
    def blank(self) -> bool:
        """Whether nothing stands in it."""
        return not any(self.kept)


def _cell(kept: str | Cell) -> Cell:
    return kept if isinstance(kept, Cell) else Cell(kept) if kept else EMPTY


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


def clean(value: str) -> str:
    """Text on one line: line breaks and runs of spaces become one space, and characters that act instead of being shown go."""
    if value.isprintable():  # nothing but spaces to look at
        return value if "  " not in value and value == value.strip() else " ".join(value.split())
    return " ".join("".join(c for c in value if c.isspace() or not (ACTING.match(c) or unicodedata.category(c) == "Cs")).split())


class Budget:
    """What one file may still hold; each limit is checked while the file is read."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows = self.cells = self.places = self.text = 0

    def take_row(self, row: Row) -> Row:
        """Count a row that is kept.

        Raises:
            KitError: The file holds more than a list may.
        """
        self.rows += 1
        self.cells += sum(map(bool, row.kept))
        self.places += len(row.kept)
        self.take_text(sum(len(cell) for cell in row.kept if isinstance(cell, str)))
        if self.rows > MAX_ROWS:
            raise KitError(f"{self.name}: there are more than 100,000 rows; remove the empty ones, or divide the list")
        if self.cells > MAX_CELLS or self.places > MAX_PLACES:
            raise KitError(
                f"{self.name}: there are more than 750,000 cells, or rows that are mostly empty; remove columns, or divide the list"
            )
        return row

    def take_text(self, length: int) -> None:
        """Count characters.

        Raises:
            KitError: The file holds more than a list may.
        """
        self.text += length
        if self.text > MAX_TEXT:
            raise KitError(f"{self.name}: the cells hold more than 16 million characters; remove columns, or divide the list")
