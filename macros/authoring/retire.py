"""The end of a document, record or person: the state that says so, with what still rests on it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from macros.authoring.head import head_of, with_entries
from macros.authoring.owners import owners_after
from macros.imports.edit import edited, inline, spans
from macros.imports.write import Files, judge
from macros.model.base import fields_of, references
from macros.model.document import DocumentStatus
from macros.model.organisation import Organisation
from macros.model.records.common import Entry
from macros.model.records.kinds import Layout
from macros.model.records.risk import Objective, ObjectiveStatus
from macros.model.records.systems import AiSystem, Stage
from macros.model.workspace import Record, Workspace
from macros.problem import KitError, Location

ORGANISATION = "org.yaml"


@dataclass(slots=True)
class Retirement:
    """What changes when something ends, and what names it still."""

    id: str
    said: str
    """What it becomes, in words."""
    files: Files = field(default_factory=dict)
    named_by: list[tuple[str, Location]] = field(default_factory=list)
    """Id and place of everything that refers to it."""


def retirement(root: Path, workspace: Workspace, name: str, on: datetime.date, today: datetime.date) -> Retirement:
    """The state that ends something; nothing is written. It stays readable, and every reference to it stays right.

    Args:
        root: The repository.
        workspace: What it holds.
        name: Id of a document, record or person.
        on: The last day, of a person.
        today: The day to judge on.

    Raises:
        KitError: There is none, it has no state that ends it, it has ended, or there would be an error that is not there now.
    """
    if name in workspace.person_by_id:
        found = _of_person(root, workspace, name, on)
    elif name in workspace.document_by_id:
        document = workspace.document_by_id[name]
        if document.head.value.status is DocumentStatus.WITHDRAWN:
            raise KitError(f"'{name}' is withdrawn already")
        found = Retirement(name, "withdrawn", {document.path: _in_head(root, document.path, "status", DocumentStatus.WITHDRAWN.value)})
    elif name in workspace.record_by_id:
        found = _of_record(root, workspace, workspace.record_by_id[name])
    else:
        raise KitError(f"there is no document, record or person '{name[:60]}' here")
    found.named_by = sorted(
        ((other, place) for other, place in _naming(workspace, name) if other != name), key=lambda pair: (pair[1].path, pair[1].line)
    )
    after, _ = judge(root, workspace, found.files, today)
    found.files |= owners_after(workspace, after)
    return found


def _end_of(record: Record[Entry]) -> tuple[str, str] | None:
    """The entry that says where a record stands, and the word with which it ends."""
    value = record.value
    if isinstance(value, AiSystem):
        return "stage", Stage.RETIRED.value
    if isinstance(value, Objective):
        return "status", ObjectiveStatus.WITHDRAWN.value
    for key in ("state", "status"):
        stands = fields_of(value).get(key)
        if isinstance(stands, Enum) and "closed" in {word.value for word in type(stands)}:
            return key, "closed"
    return None


def _of_record(root: Path, workspace: Workspace, record: Record[Entry]) -> Retirement:
    end = _end_of(record)
    if end is None:
        raise KitError(
            f"a record of '{record.kind.name}' has no state that ends it; take '{record.id}' out of '{record.data.path}', "
            "and the history keeps it"
        )
    key, word = end
    if fields_of(record.value)[key].value == word:
        raise KitError(f"'{record.id}' is {word} already")
    path = record.data.path
    if record.kind.layout is Layout.FOLDER:
        return Retirement(record.id, word, {path: _with_value(root, path, key, word)})
    text = (root / path).read_bytes().decode("utf-8-sig")
    return Retirement(record.id, word, {path: edited(text, {int(record.data.base[1]): {key: word}}, []).encode("utf-8")})


def _with_value(root: Path, path: str, key: str, word: str) -> bytes:
    data = (root / path).read_bytes()
    text = data.decode("utf-8")
    span = spans(text)[(key,)]
    return (text[: span.start] + inline(key, word) + text[span.end :]).encode("utf-8")


def _in_head(root: Path, path: str, key: str, word: str) -> bytes:
    text = (root / path).read_bytes().decode("utf-8")
    return with_entries(text, {key: word}, head_of(text, path)).encode("utf-8")


def _of_person(root: Path, workspace: Workspace, name: str, on: datetime.date) -> Retirement:
    """The person's last day, and each role that they held passed into what was held before."""
    assert workspace.organisation is not None
    organisation: Organisation = workspace.organisation.value
    index, person = next((index, person) for index, person in enumerate(organisation.people) if person.id == name)
    if person.left is not None:
        raise KitError(f"'{name}' left on {person.left} already")
    text = (root / ORGANISATION).read_bytes().decode("utf-8")
    roles: dict[int, dict[str, Any]] = {}
    for number, role in enumerate(organisation.roles):
        if name in role.held_by:
            before = [{"by": past.by, "until": str(past.until)} for past in role.held_before]
            roles[number] = {
                "held_by": [holder for holder in role.held_by if holder != name],
                "held_before": [*before, {"by": name, "until": str(on)}],
            }
    text = edited(edited(text, roles, [], "roles"), {index: {"left": str(on)}}, [], "people")
    titles = ", ".join(organisation.roles[number].title for number in roles)
    return Retirement(name, f"left on {on}" + (f", and holds no longer: {titles}" if titles else ""), {ORGANISATION: text.encode("utf-8")})


def _naming(workspace: Workspace, name: str) -> list[tuple[str, Location]]:
    found = []
    for document in workspace.documents:
        found += [(document.id, document.head.at(*path)) for path, _, other in references(document.head.value) if other == name]
    for record in workspace.all_records:
        found += [(record.id, record.data.at(*path)) for path, _, other in record.references if other == name]
    return found
