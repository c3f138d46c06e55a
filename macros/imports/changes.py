"""What an import would change: every value with the old one beside it, and every row that has no place."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from macros.imports.numbers import Numbers
from macros.imports.sheets import Row
from macros.imports.tables import ReadTable, TableKind
from macros.imports.vocabulary import Unclear
from macros.model.records.kinds import SOA

DOCUMENTS = "isms-documents"
REGISTERS = {TableKind.DOCUMENTS: DOCUMENTS, TableKind.SOA: SOA}


@dataclass(frozen=True, slots=True)
class Options:
    """What the person at the command line decides."""

    replace: bool = False
    """Whether what somebody has confirmed or decided may be changed."""
    decided_by: str = "isms-manager"
    """Role or person, by id."""
    decided_on: datetime.date | None = None
    revisit: datetime.date | None = None
    """When exclusions are looked at again, where the list does not say."""


@dataclass(frozen=True, slots=True)
class ImportedChange:
    """A record that is made or changed."""

    register: str
    id: str
    title: str
    place: str
    """The row that it comes from."""
    index: int | None
    """Position in its register; None for a new record."""
    values: tuple[tuple[str, Any, Any], ...]
    """Key, old value and new value, as plain data."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that has no place, with the reason and the way out."""

    place: str
    message: str
    way_out: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}; {self.way_out}"


@dataclass(slots=True)
class ImportPlan:
    """All that an import would do; it grows while the rows are placed."""

    changes: list[ImportedChange] = field(default_factory=list)
    unchanged: list[tuple[str, str]] = field(default_factory=list)
    """Place of the row and id of the record that says the same already."""
    refused: list[Refusal] = field(default_factory=list)
    skipped: int = 0
    """Rows that only carry the heading of a group."""

    @property
    def registers(self) -> tuple[str, ...]:
        """Registers that would change, in order."""
        return tuple(name for name in (DOCUMENTS, SOA, "acknowledgements") if any(change.register == name for change in self.changes))


@dataclass(slots=True)
class RowReading:
    """A row while it is being read: its numbers first, since they show the edition of the whole file."""

    table: ReadTable
    row: Row
    numbers: dict[str, Numbers] = field(default_factory=dict)
    unclear: Unclear | None = None
    day_first: bool = False

    @property
    def place(self) -> str:
        return self.table.place(self.row)

    def refuse(self, problem: Unclear) -> Refusal:
        """The row has no place, for this reason."""
        return Refusal(self.place, problem.message, problem.way_out)
