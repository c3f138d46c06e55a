"""Rows of a document list find their records: by id, by title, by what they cover, or as a new record."""

from __future__ import annotations

import re
from typing import Any

from macros.imports.changes import DOCUMENTS, ImportedChange, ImportPlan, Options, Refusal, RowReading
from macros.imports.headings import plain
from macros.imports.numbers import STANDARD, Reader
from macros.imports.prose import qualified
from macros.imports.vocabulary import Unclear, day_of, document_status, text_of
from macros.model.numbering import NUMBERING, highest, numbered
from macros.model.records.governance import IsmsDocument, IsmsDocumentStatus
from macros.model.workspace import Record, Workspace
from macros.problem import KitError

_OWN_ID = re.compile(f"ISM-{NUMBERING}")
LIKENESS = 0.5
"""Requirements in common, of all that the row and the record name together, from which a row is taken for the record."""


class _Row:
    """A row of the list, as values of a record; an empty cell gives no value."""

    def __init__(self, workspace: Workspace, reading: RowReading, reader: Reader) -> None:
        self.reading = reading

        def said(name: str) -> str:
            return text_of(reading.table.cell(reading.row, name))

        self.code, self.title = said("id"), qualified(workspace, said("title"))
        if not self.title:
            raise Unclear("the row has no title", "write the title of the document")
        named = {leaf for numbers in reading.numbers.values() for number in numbers.requirements for leaf in reader.leaves(number)}
        self.covers = [f"{STANDARD}:{number}" for number in sorted(named, key=reader.order.__getitem__)]
        code = "" if _OWN_ID.fullmatch(self.code) else self.code
        values = {
            "title": self.title,
            "covers": self.covers,
            "status": document_status(reading.table.cell(reading.row, "status")),
            "address": said("address") or code,
            "version": said("version"),
            "owner": qualified(workspace, said("owner")),
            "next_review": day_of(reading.table.cell(reading.row, "next_review"), reading.day_first),
        }
        self.values: dict[str, Any] = {key: value for key, value in values.items() if value}


def place_documents(
    workspace: Workspace,
    reader: Reader,
    readings: list[RowReading],
    options: Options,
    plan: ImportPlan,
) -> None:
    """Add to `plan` what becomes of each row.

    Raises:
        KitError: An id stands in two rows.
    """
    _refuse_repeated_ids(readings)
    rows: list[_Row] = []
    titles: dict[str, str] = {}
    for reading in readings:
        try:
            row = _Row(workspace, reading, reader)
            key = title_key(row.title)
            if key in titles:
                raise Unclear(f"the title '{row.title}' is that of {titles[key]} too", "give each document a title of its own")
        except Unclear as problem:
            plan.refused.append(reading.refuse(problem))
            continue
        titles[key] = reading.place
        rows.append(row)
    records = workspace.records(IsmsDocument)
    matched = _matched(rows, records)
    last = highest("ISM-", (record.id for record in records))
    for index, row in enumerate(rows):
        if index in matched:
            _compare(row, matched[index], records[matched[index]], options, plan)
            continue
        last += 1
        empty: dict[str, Any] = {
            "title": "",
            "covers": [],
            "status": "",
            "address": None,
            "version": None,
            "owner": None,
            "next_review": None,
        }
        values = {"id": numbered("ISM-", last), **empty, **row.values}
        made = tuple((key, None, value) for key, value in values.items())
        plan.changes.append(ImportedChange(DOCUMENTS, values["id"], row.title, row.reading.place, None, made))


def title_key(title: str) -> str:
    """What makes two titles the same: their letters and digits."""
    return plain(title) or title.casefold()


def _refuse_repeated_ids(readings: list[RowReading]) -> None:
    seen: dict[str, str] = {}
    for reading in readings:
        code = text_of(reading.table.cell(reading.row, "id"))
        if code and code.casefold() in seen:
            raise KitError(
                f"{reading.table.place(reading.row, 'id')}: the id '{code}' stands in {seen[code.casefold()]} already; "
                "give each document an id of its own"
            )
        seen.setdefault(code.casefold(), reading.place)


def _matched(rows: list[_Row], records: tuple[Record[IsmsDocument], ...]) -> dict[int, int]:
    """The record of each row that has one, by position."""
    found: dict[int, int] = {}
    free = dict.fromkeys(range(len(records)))

    def take(row: int, record: int) -> None:
        found[row] = record
        free.pop(record)

    by_id = {record.id: index for index, record in reversed(tuple(enumerate(records)))}
    for index, row in enumerate(rows):
        if by_id.get(row.code) in free:
            take(index, by_id[row.code])
    by_title: dict[str, int] = {}
    for index in free:
        by_title.setdefault(title_key(_document(records[index]).title), index)
    for index, row in enumerate(rows):
        if index not in found and by_title.get(title_key(row.title)) in free:
            take(index, by_title[title_key(row.title)])
    # A confirmed document is not taken for another one that covers the same; one that nobody has found may be this.
    pairs = []
    for index, row in enumerate(rows):
        for other in free if index not in found and row.covers else ():
            document = _document(records[other])
            together = set(row.covers) | set(document.covers)
            likeness = len(set(row.covers) & set(document.covers)) / len(together)
            if likeness >= LIKENESS and document.status is not IsmsDocumentStatus.CONFIRMED:
                pairs.append((-likeness, index, other))
    for _, index, other in sorted(pairs):
        if index not in found and other in free:
            take(index, other)
    return found


def _document(record: Record[IsmsDocument]) -> IsmsDocument:
    value = record.value
    assert isinstance(value, IsmsDocument)
    return value


def _compare(
    row: _Row,
    index: int,
    record: Record[IsmsDocument],
    options: Options,
    plan: ImportPlan,
) -> None:
    document = _document(record)
    old = {**document.model_dump(mode="json"), "covers": list(document.covers)}
    differ = tuple((key, old[key], value) for key, value in row.values.items() if not _same(key, old[key], value))
    if not differ:
        plan.unchanged.append((row.reading.place, record.id))
    elif document.status is IsmsDocumentStatus.TO_CONFIRM or options.replace:
        plan.changes.append(ImportedChange(DOCUMENTS, record.id, row.title, row.reading.place, index, differ))
    else:
        said = ", ".join(f"{key} {_shown(before)} there and {_shown(after)} here" for key, before, after in differ)
        message = f"'{record.id}' {document.title} is {document.status.value} already, with {said}"
        plan.refused.append(Refusal(row.reading.place, message, "import with --replace to change it"))


def _same(key: str, old: Any, new: Any) -> bool:
    if key == "covers":
        return set(old) == set(new)
    return title_key(old) == title_key(new) if key == "title" else old == new


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value) or "empty"
    return "empty" if value is None else f"'{value}'"
