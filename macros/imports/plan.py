"""Every row of the lists gets its place, or a reason why it has none; nothing is written."""

from __future__ import annotations

import re
from collections.abc import Iterable

from macros.imports.applicability import place_controls
from macros.imports.changes import REGISTERS, ImportPlan, Options, RowReading
from macros.imports.documents import place_documents
from macros.imports.numbers import Reader
from macros.imports.tables import REQUIREMENT_FIELDS, ReadTable, TableKind
from macros.imports.vocabulary import Unclear, proves_day_first
from macros.model.records.kinds import BY_NAME, table_at
from macros.model.workspace import Workspace
from macros.problem import KitError, did_you_mean


def plan_import(workspace: Workspace, tables: Iterable[ReadTable], options: Options) -> ImportPlan:
    """Place every row of the tables; nothing is written.

    Raises:
        KitError: Formulas, repeated ids, two editions in one file, a register that is missing or cannot be read, or a decider
            who is not in `org.yaml`: nothing at all is to be imported.
    """
    tables = tuple(tables)
    catalogue = workspace.catalogues.get("iso27001")
    if workspace.organisation is None:
        raise KitError("the kit itself is nobody's repository; run this in a generated one, or name one with --root")
    if catalogue is None:
        raise KitError("'controls/iso27001.yaml' is missing or cannot be read; take it from the kit")
    for kind in dict.fromkeys(table.kind for table in tables):
        register_is_there(workspace, REGISTERS[kind])
    reader = Reader(catalogue.value)
    readings = [reading for table in tables for reading in _readings(table, reader)]
    _refuse_two_editions(readings)
    old_files = {reading.table.sheet.file for reading in readings if any(numbers.only_2013 for numbers in reading.numbers.values())}
    plan = ImportPlan()
    left: dict[TableKind, list[RowReading]] = {TableKind.DOCUMENTS: [], TableKind.SOA: []}
    for reading in readings:
        if _is_group(reading, reader, reading.table.sheet.file in old_files):
            plan.skipped += 1
            continue
        problem = reading.unclear or _old_edition(reading, old_files)
        if problem:
            plan.refused.append(reading.refuse(problem))
        else:
            left[reading.table.kind].append(reading)
    if left[TableKind.DOCUMENTS]:
        place_documents(workspace, reader, left[TableKind.DOCUMENTS], options, plan)
    if left[TableKind.SOA]:
        _decider_is_there(workspace, options)
        place_controls(workspace, reader, left[TableKind.SOA], options, plan)
    order = {reading.place: index for index, reading in enumerate(readings)}
    plan.refused.sort(key=lambda refusal: order[refusal.place])
    return plan


def register_is_there(workspace: Workspace, name: str) -> None:
    """Refuse where a table cannot take rows.

    Raises:
        KitError: It is missing, or a file of it cannot be read.
    """
    path = BY_NAME[name].own_file
    mine = [problem for problem in workspace.problems if table_at(problem.location.path) == name]
    if name in workspace.registers and not any(table_at(broken) == name for broken in workspace.broken):
        return
    problem = next(iter(mine), None)
    if problem:
        raise KitError(f"{problem.location}: {problem.message}; mend it first: {problem.way_out}")
    raise KitError(f"'{path}' is missing, so there is nowhere to put the rows; take it from the kit's template")


def _decider_is_there(workspace: Workspace, options: Options) -> None:
    assert workspace.organisation
    people = [person.id for person in workspace.organisation.value.people]
    known = [*workspace.role_by_id, *people]
    if options.decided_by not in known:
        way_out = did_you_mean(options.decided_by, known, "name a role or person of 'org.yaml' with --decided-by")
        raise KitError(f"'{options.decided_by}' is no role or person of 'org.yaml'; {way_out}")


def _readings(table: ReadTable, reader: Reader) -> Iterable[RowReading]:
    columns = [column for column in REQUIREMENT_FIELDS if column in table.columns]
    shown = {proves_day_first(table.cell(row, name).text) for row in table.rows for name in ("next_review", "revisit")} - {None}
    for row in table.rows:
        reading = RowReading(table, row, day_first=table.day_first or shown == {True})
        for name in table.columns:
            table.cell(row, name)  # a formula anywhere stops the import
        extra = [cell for cell in row.cells[table.width :] if cell.text]
        try:
            if extra and table.sheet.name is None:
                raise Unclear(
                    f"the row has {len(row.cells)} cells under {table.width} headings, the last is '{extra[-1].text[:40]}'",
                    "put text that contains the delimiter in quotation marks",
                )
            for name in columns:
                if table.cell(row, name).text.strip(" -–—"):
                    reading.numbers[name] = reader.read(table.cell(row, name), name)
        except Unclear as problem:
            reading.unclear = problem
        yield reading


def _refuse_two_editions(readings: list[RowReading]) -> None:
    first: dict[str, dict[int, str]] = {}
    for reading in readings:
        number = "line" if reading.table.sheet.name is None else "row"
        sheet = f" of sheet '{reading.table.sheet.name}'" if reading.table.sheet.name else ""
        for numbers in reading.numbers.values():
            for edition, found in ((2013, numbers.only_2013), (2022, numbers.only_2022)):
                if found:
                    place = f"'{found[0].upper() if edition == 2013 else found[0]}' in {number} {reading.row.number}{sheet}"
                    first.setdefault(reading.table.sheet.file, {}).setdefault(edition, place)
    for file, editions in first.items():
        if len(editions) == 2:
            raise KitError(
                f"{file}: control numbers of two editions of ISO/IEC 27001 stand in one file, {editions[2013]} of 2013 and "
                f"{editions[2022]} of 2022; bring the list to the 2022 edition, then import it again"
            )


def _old_edition(reading: RowReading, old_files: set[str]) -> Unclear | None:
    for numbers in reading.numbers.values():
        old = numbers.only_2013 or (numbers.shared if reading.table.sheet.file in old_files else ())
        if old:
            return Unclear(
                f"'{old[0].upper()}' is numbered as in ISO/IEC 27001:2013",
                "write the control of the 2022 edition that took its place",
            )
    return None


def _is_group(reading: RowReading, reader: Reader, old: bool) -> bool:
    """Whether a row of a Statement of Applicability only names a group of controls."""
    if reading.table.kind is not TableKind.SOA or reading.table.cell(reading.row, "applicable").text:
        return False
    numbers = reading.numbers.get("control")
    if numbers is None:
        return not reading.table.cell(reading.row, "justification").text and reading.unclear is None
    if old and (numbers.only_2013 or numbers.shared):
        return all(len(re.findall(r"\d+", writing)) < 3 for writing in numbers.only_2013)
    return not any(reader.is_control(number) for number in numbers.requirements)
