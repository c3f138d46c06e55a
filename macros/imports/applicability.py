"""Rows of a Statement of Applicability become decisions on controls of ISO/IEC 27001."""

from __future__ import annotations

from typing import Any

from macros.imports.changes import ImportedChange, ImportPlan, Options, Refusal, RowReading
from macros.imports.headings import plain
from macros.imports.numbers import STANDARD, Reader
from macros.imports.prose import qualified
from macros.imports.vocabulary import Unclear, applies, day_of, driver, implementation, text_of
from macros.model.records.applicability import Implementation, SoaEntry
from macros.model.records.kinds import SOA
from macros.model.workspace import Workspace
from macros.problem import KitError

_KEYS = ("control", "applicability", "justification", "driver", "status", "owner", "decided")


def place_controls(
    workspace: Workspace,
    reader: Reader,
    readings: list[RowReading],
    options: Options,
    plan: ImportPlan,
) -> None:
    """Add to `plan` what becomes of each row.

    Raises:
        KitError: A control stands in two rows.
    """
    records = workspace.records(SoaEntry)
    by_control = {record.id: index for index, record in reversed(tuple(enumerate(records)))}
    seen: dict[str, str] = {}
    new: list[ImportedChange] = []
    for reading in readings:
        try:
            number = _number(reading, reader)
            if number in seen:
                raise KitError(
                    f"{reading.table.place(reading.row, 'control')}: the control '{number}' stands in {seen[number]} already; "
                    "keep one row, and look whether a spreadsheet has made 5.1 of 5.10"
                )
            seen[number] = reading.place
            control = f"{STANDARD}:{number}"
            index = by_control.get(control)
            entry = records[index].value if index is not None else None
            assert entry is None or isinstance(entry, SoaEntry)
            values = _values(workspace, reading, entry, options)
        except Unclear as problem:
            plan.refused.append(reading.refuse(problem))
            continue
        title = workspace.requirements[control].title
        decided = {"by": options.decided_by, "date": options.decided_on.isoformat() if options.decided_on else None}
        if entry is None:
            made = {"control": control, **values, "decided": decided}
            keys = [*_KEYS, *(["revisit"] if "revisit" in made else [])]
            new.append(ImportedChange(SOA, control, title, reading.place, None, tuple((key, None, made[key]) for key in keys)))
            continue
        old = entry.model_dump(mode="json")
        differ = tuple((key, old[key], value) for key, value in values.items() if old[key] != value)
        if entry.decided is None:
            plan.changes.append(ImportedChange(SOA, control, title, reading.place, index, (*differ, ("decided", None, decided))))
        elif not differ:
            plan.unchanged.append((reading.place, control))
        elif options.replace:
            plan.changes.append(ImportedChange(SOA, control, title, reading.place, index, (*differ, ("decided", old["decided"], decided))))
        else:
            plan.refused.append(Refusal(reading.place, _decided_already(entry, differ), "import with --replace to change it"))
    plan.changes += sorted(new, key=lambda change: reader.order[change.id.split(":", 1)[1]])


def _decided_already(entry: SoaEntry, differ: tuple[tuple[str, Any, Any], ...]) -> str:
    assert entry.decided
    keys = ", ".join(key for key, _, _ in differ)
    return f"'{entry.control}' was decided by {entry.decided.by} on {entry.decided.date} with another {keys}"


def _number(reading: RowReading, reader: Reader) -> str:
    text = reading.table.cell(reading.row, "control").text
    numbers = reading.numbers.get("control")
    if numbers is None:
        raise Unclear("the row names no control", "write its number, such as A.5.1")
    if len(numbers.requirements) != 1:
        raise Unclear(f"'{text}' names {len(numbers.requirements)} controls", "give each control a row of its own")
    number = numbers.requirements[0]
    if not reader.is_control(number):
        raise Unclear(f"'{text}' is no control, but a {reader.kinds[number].value}", "write the number of a control, such as A.5.1")
    return number


def _values(workspace: Workspace, reading: RowReading, entry: SoaEntry | None, options: Options) -> dict[str, Any]:
    """What the row decides; where a cell is empty, what somebody decided before stays."""
    table, row = reading.table, reading.row
    included = applies(table.cell(row, "applicable"))
    status = _status(reading, included, entry)
    decided = entry if entry is not None and entry.decided else None
    basis = driver(table.cell(row, "driver"))
    values: dict[str, Any] = {
        "applicability": "included" if included else "excluded",
        "justification": qualified(workspace, _justification(reading, included)),
        "driver": basis.value if basis else decided.driver.value if decided else "risk",
        "status": status.value,
    }
    role = _role(workspace, text_of(table.cell(row, "owner")))
    if role:
        values["owner"] = role
    elif entry is None:
        values["owner"] = _default_owner(workspace, options)
    if not included:
        values["revisit"] = _revisit(reading, entry, options)
    elif entry is not None and entry.revisit and entry.applicability.value == "excluded":
        values["revisit"] = None
    return values


def _status(reading: RowReading, included: bool, entry: SoaEntry | None) -> Implementation:
    cell = reading.table.cell(reading.row, "status")
    said = implementation(cell)
    if not included:
        if said in (Implementation.IMPLEMENTED, Implementation.IN_PROGRESS):
            raise Unclear(f"the control is excluded and its status is '{cell.text}'", "include it, or write not applicable")
        return Implementation.NOT_APPLICABLE
    if said is Implementation.NOT_APPLICABLE:
        raise Unclear(f"the control is included and its status is '{cell.text}'", "exclude it, or write how far it has come")
    if said is None and entry is not None and entry.status is not Implementation.NOT_APPLICABLE:
        return entry.status
    return said or Implementation.UNCONFIRMED


def _justification(reading: RowReading, included: bool) -> str:
    table, row = reading.table, reading.row
    for name in ("justification_in" if included else "justification_out", "justification"):
        text = text_of(table.cell(row, name))
        if text:
            return text
    raise Unclear("the row has no justification", f"write why the control is {'included' if included else 'excluded'}")


def _revisit(reading: RowReading, entry: SoaEntry | None, options: Options) -> str:
    name = "revisit" if "revisit" in reading.table.columns else "next_review"
    day = day_of(reading.table.cell(reading.row, name), reading.day_first)
    if day:
        return day
    if entry is not None and entry.decided and entry.revisit and entry.applicability.value == "excluded":
        return entry.revisit.isoformat()
    if options.revisit:
        return options.revisit.isoformat()
    raise Unclear("the exclusion has no day to look again", "add a column 'Revisit' with a date, or give one with --revisit DATE")


def _role(workspace: Workspace, text: str) -> str | None:
    """The role that the list names, by id or title."""
    wanted = plain(text)
    return next((role.id for role in workspace.role_by_id.values() if wanted and wanted in (plain(role.id), plain(role.title))), None)


def _default_owner(workspace: Workspace, options: Options) -> str:
    for name in ("isms-manager", options.decided_by, *workspace.role_by_id):
        if name in workspace.role_by_id:
            return name
    raise Unclear("'org.yaml' has no role that could own the control", "add a role to 'org.yaml'")
