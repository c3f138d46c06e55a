"""The worked organisation in memory with some entries changed, each named by a path such as `approved.date` or `people.maeve-tarn.left`."""

from __future__ import annotations

import dataclasses
import datetime
import re
from enum import Enum

from macros.facts.seals import parts_of, sha256_of, short_of
from macros.model.base import Model
from macros.model.workspace import Document, Record, Workspace

TODAY = datetime.date(2026, 11, 16)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_OF_AN_APPROVAL = ("approved", "acceptance")


def put(value, path: str, new):
    """A model or tuple with another value at a path; days and closed words may be given as text."""
    head, _, rest = path.partition(".")
    if isinstance(value, tuple):
        place = int(head) if head.isdigit() else next(place for place, one in enumerate(value) if one.id == head)
        return (*value[:place], put(value[place], rest, new) if rest else new, *value[place + 1 :])
    before = value.get(head) if isinstance(value, dict) else getattr(value, head)
    if rest:
        new = put(before, rest, new)
    elif isinstance(new, str) and _DAY.fullmatch(new):
        new = datetime.date.fromisoformat(new)
    elif isinstance(before, Enum) and isinstance(new, str):
        new = type(before)(new)
    return {**value, head: new} if isinstance(value, dict) else value.model_copy(update={head: new})


def edited(workspace: Workspace, *changes: tuple[str, str, object], seal: bool = True) -> Workspace:
    """A workspace in which some entries are others.

    Args:
        workspace: Stays as it is.
        changes: Each the id of a document or record, or `org` or `gates`, with the path of the entry and what stands there;
            the path `text` is the text of a document, and an empty path puts a record behind it, or with None takes it away.
        seal: Whether what was changed has been approved as it is now.
    """
    for name, path, new in changes:
        if name == "org":
            organisation = dataclasses.replace(workspace.organisation, value=put(workspace.organisation.value, path, new))
            workspace = dataclasses.replace(workspace, organisation=organisation)
        elif name in workspace.document_by_id:
            workspace = _with_document(workspace, workspace.document_by_id[name], path, new, seal)
        else:
            workspace = _with_record(workspace, workspace.record_by_id[name], path, new, seal)
    return workspace


def _with_document(workspace: Workspace, old: Document, path: str, new, seal: bool) -> Workspace:
    if not path:
        return dataclasses.replace(workspace, documents=tuple(one for one in workspace.documents if one is not old))
    if path == "text":
        made = dataclasses.replace(old, body=new)
    else:
        made = dataclasses.replace(old, head=dataclasses.replace(old.head, value=put(old.head.value, path, new)))
    if seal and made.head.value.approved and "sha256" not in path:
        made = dataclasses.replace(made, head=dataclasses.replace(made.head, value=_sealed(workspace, made, made.head.value, "approved")))
    return dataclasses.replace(workspace, documents=tuple(made if one is old else one for one in workspace.documents))


def _with_record(workspace: Workspace, old: Record, path: str, new, seal: bool) -> Workspace:
    value = put(old.value, path, new) if path else new
    for entry in _OF_AN_APPROVAL if seal and "sha256" not in path else ():
        if getattr(value, entry, None):
            value = _sealed(workspace, value, value, entry)
    made = [] if value is None else [dataclasses.replace(old, data=dataclasses.replace(old.data, value=value))]
    made = made if path or not made else [old, *made]
    register = workspace.registers[old.kind.name]
    records = tuple(found for one in register.records for found in (made if one is old else (one,)))
    return dataclasses.replace(workspace, registers={**workspace.registers, old.kind.name: dataclasses.replace(register, records=records)})


def _sealed(workspace: Workspace, subject, value: Model, entry: str) -> Model:
    parts = parts_of(workspace, subject)
    given = getattr(value, entry).model_copy(update={"sha256": sha256_of(parts), "parts": short_of(parts)} if parts else {})
    return value.model_copy(update={entry: given})
