"""A plan becomes two files, judged by the loader and the checks before either is replaced."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from macros.checks import run_checks
from macros.imports.changes import ImportedChange, ImportPlan
from macros.imports.divide import LIMIT, ROOM, Parts, divided
from macros.imports.edit import edited
from macros.journal import write_files
from macros.load import load_workspace
from macros.load.odd import Odd
from macros.load.tree import FolderTree, Tree, fingerprint_of_bytes
from macros.model.records.common import Entry
from macros.model.records.kinds import Kind
from macros.model.workspace import Fingerprint, Register, Workspace
from macros.problem import KitError, Problem, Severity


class Overlay:
    """A tree in which some files already say what they are to say, or are gone."""

    def __init__(self, tree: Tree, files: Mapping[str, bytes | None]) -> None:
        self.tree = tree
        self.files = {path: data for path, data in files.items() if data is not None}
        self.gone = frozenset(path for path, data in files.items() if data is None)

    def paths(self) -> Iterator[str]:
        return iter(sorted({*self.tree.paths(), *self.files} - self.gone))

    def links(self) -> Iterator[str]:
        return self.tree.links()

    def odd(self) -> Mapping[str, Odd]:
        return {path: why for path, why in self.tree.odd().items() if path not in self.files and path not in self.gone}

    def read(self, path: str) -> bytes:
        return self.files[path] if path in self.files else self.tree.read(path)

    def fingerprints(self, paths: Iterable[str]) -> dict[str, Fingerprint]:
        wanted = [path for path in paths if path not in self.gone]
        found = self.tree.fingerprints(path for path in wanted if path not in self.files)
        return found | {path: fingerprint_of_bytes(self.files[path]) for path in wanted if path in self.files}

    def kit_files(self) -> Mapping[str, str] | None:
        return self.tree.kit_files()


Files = dict[str, bytes | None]
"""The new bytes of files by path; None for one that is removed."""


def prepared(root: Path, workspace: Workspace, plan: ImportPlan, today: datetime.date) -> Files:
    """The new bytes of each file that changes; nothing is written.

    A table that would come near 1 MiB is divided into a folder; of a divided table, the part of the year or the last one grows.

    Raises:
        KitError: A decision lacks its day, a register changed since it was read, or the result would not be sound.
    """
    for change in plan.changes:
        if any(key == "decided" and value["date"] is None for key, _, value in change.values):
            raise KitError("rows of the Statement of Applicability are decisions; say when they were taken with --decided-on DATE")
    files: Files = {}
    for name in plan.registers:
        files |= _prepared(root, workspace, workspace.registers[name], _of(plan, name))
    if files:
        _judge(root, workspace, plan, files, today)
    return files


def _prepared(root: Path, workspace: Workspace, register: Register[Entry], changes: list[ImportedChange]) -> Files:
    changed: dict[str, dict[int, dict[str, Any]]] = {}
    for change in changes:
        if change.index is not None:
            row = register.records[change.index].data
            changed.setdefault(row.path, {})[int(row.base[1])] = {key: new for key, _, new in change.values}
    new = [{key: value for key, _, value in change.values} for change in changes if change.index is None]
    if not register.is_folder:
        path = register.head.path
        mark, text = _unchanged(root, workspace, path)
        data = mark + edited(text, changed.get(path, {}), new).encode("utf-8")
        return {path: data} if len(data) <= ROOM or not new else {**divided(register.kind, data), path: None}
    texts = {part.path: _unchanged(root, workspace, part.path) for part in register.parts}
    after = {path: edited(texts[path][1], rows, []) for path, rows in changed.items()}
    parts = Parts(register, {path: text for path, (_, text) in texts.items()} | after)
    for added in new:
        parts.give(added)
    after |= parts.texts({path: text for path, (_, text) in texts.items()} | after)
    return {path: texts.get(path, (b"", ""))[0] + text.encode("utf-8") for path, text in after.items()}


def with_row(root: Path, workspace: Workspace, register: Register[Entry], row: Mapping[str, Any]) -> Files:
    """The new bytes of a table's files with one row more; nothing is written.

    Raises:
        KitError: The register changed since it was read, or its rows are written in one line.
    """
    values = tuple((key, None, value) for key, value in row.items())
    return _prepared(root, workspace, register, [ImportedChange(register.kind.name, str(row[register.kind.key]), "", "", None, values)])


def judge(
    root: Path, before: Workspace, files: Files, today: datetime.date, renamed: Mapping[str, str] | None = None
) -> tuple[Workspace, tuple[Problem, ...]]:
    """The workspace as it would be with new bytes of some files, and what the checks say of it; nothing is written.

    Args:
        root: The repository.
        before: What it holds now.
        files: What would change.
        today: The day to judge on.
        renamed: Old words by new ones, where things get other names, so that an error that is there now is known again.

    Raises:
        KitError: There would be an error that is not there now.
    """
    after = load_workspace(Overlay(FolderTree(root), files))
    _refuse_unread(after, files)
    return after, _refuse_unsound(before, after, today, renamed or {})


def _unchanged(root: Path, workspace: Workspace, path: str) -> tuple[bytes, str]:
    """The byte order mark and the text of a file that still says what was read."""
    data = (root / path).read_bytes()
    text = data.decode("utf-8-sig")
    if text.replace("\r\n", "\n").replace("\r", "\n") != workspace.texts.get(path):
        raise KitError(f"'{path}' changed while the list was read; import again")
    return data[: len(data) - len(text.encode("utf-8"))], text


def split_register(root: Path, workspace: Workspace, kind: Kind[Entry], today: datetime.date) -> Files:
    """The files of a table that is divided; nothing is written.

    Raises:
        KitError: It is divided already, is no file that can be read, or would not read back as it is.
    """
    if kind.folder_head in workspace.paths:
        raise KitError(f"'{kind.folder}/' holds the register in parts already; new rows go into them")
    target = root / kind.own_file
    if kind.own_file not in workspace.paths:
        raise KitError(f"there is no '{kind.own_file}'; take it from the kit's template")
    if target.stat().st_size > LIMIT:
        raise KitError(f"'{kind.own_file}' is larger than 64 MiB; divide it by hand")
    data = target.read_bytes()
    files: Files = {**divided(kind, data), kind.own_file: None}
    after = load_workspace(Overlay(FolderTree(root), files))
    _refuse_unread(after, files)
    before = workspace.registers.get(kind.name)
    if before is not None and kind.own_file not in workspace.broken:
        if _plain_rows(before) != _plain_rows(after.registers[kind.name]):
            raise KitError(
                f"'{kind.own_file}' would not read back as it is; write its rows in the plain form of the template, one entry a line"
            )
        _refuse_unsound(workspace, after, today)
    return files


def _plain_rows(register: Register[Entry]) -> list[dict[str, Any]]:
    return [record.value.model_dump(mode="json") for record in sorted(register.records, key=lambda record: record.id)]


def _of(plan: ImportPlan, register: str) -> list[ImportedChange]:
    return [change for change in plan.changes if change.register == register]


def _judge(root: Path, before: Workspace, plan: ImportPlan, files: Files, today: datetime.date) -> None:
    after = load_workspace(Overlay(FolderTree(root), files))
    _refuse_unread(after, files)
    for name in plan.registers:
        wanted = [record.value.model_dump(mode="json") for record in before.registers[name].records]
        for change in _of(plan, name):
            values = {key: new for key, _, new in change.values}
            if change.index is None:
                wanted.append(values)
            else:
                wanted[change.index] = {**wanted[change.index], **values}
        found = _plain_rows(after.registers[name])
        key = before.registers[name].kind.key
        wanted.sort(key=lambda row: str(row[key]))
        if len(wanted) != len(found):
            raise KitError(f"'{before.registers[name].place}': a row would be lost; write the register in the plain form of the template")
        for expected, got in zip(wanted, found, strict=True):
            different = [key for key in got if _written(got[key]) != _written(expected.get(key))]
            if different:
                name_of = expected.get("id") or expected.get("control")
                raise KitError(
                    f"'{before.registers[name].place}': '{different[0]}' of '{name_of}' would not read back as it is in the list; "
                    "write that record in the plain form of the template, one entry a line, and import again"
                )
    _refuse_unsound(before, after, today)


def _written(value: Any) -> Any:
    """A value without the entries of a group that nobody wrote."""
    return {key: part for key, part in value.items() if part is not None} if isinstance(value, dict) else value


def _refuse_unread(after: Workspace, files: Files) -> None:
    for problem in after.problems:
        if problem.location.path in files:
            raise _unsound(problem)


def _refuse_unsound(
    before: Workspace, after: Workspace, today: datetime.date, renamed: Mapping[str, str] = MappingProxyType({})
) -> tuple[Problem, ...]:
    """What is said of `after`, in which there is no error that `before` does not have."""
    known = {_said(problem) for problem in run_checks(before, today)}
    problems = run_checks(after, today)
    for problem in problems:
        if problem.severity is Severity.ERROR and _said(problem, renamed) not in known:
            raise _unsound(problem)
    return problems


def judged(tree: Tree, before: Workspace, path: str, data: bytes, today: datetime.date) -> tuple[Workspace, tuple[Problem, ...]]:
    """The workspace with one new file, and what the checks say of that file; nothing is written.

    Args:
        tree: The files that `before` was loaded from.
        before: What they say.
        path: The new file.
        data: Its bytes.
        today: The day to judge on.

    Raises:
        KitError: With the file there would be an error that is not there now.
    """
    after = load_workspace(Overlay(tree, {path: data}))
    _refuse_unread(after, {path: data})
    # The other records are not there, so that only what is said of the new file itself means something.
    problems = tuple(problem for problem in run_checks(after, today) if problem.location.path == path)
    for problem in problems:
        if problem.severity is Severity.ERROR:
            raise _unsound(problem)
    return after, problems


def _said(problem: Problem, renamed: Mapping[str, str] = MappingProxyType({})) -> tuple[str, str, str]:
    """What a problem says, without numbers of lines, which move, and with things under their old names."""
    path, message = problem.location.path, re.sub(r"line \d+|:\d+", "", problem.message)
    for new, old in renamed.items():
        path, message = path.replace(new, old), message.replace(new, old)
    return problem.code, path, message


def _unsound(problem: Problem) -> KitError:
    return KitError(f"nothing was written, because the result would not be sound: {problem}")


def put(root: Path, files: Mapping[str, bytes | None], purpose: str = "import") -> None:
    """Replace, make and remove files, all of them or none.

    Raises:
        KitError: A file cannot be written; all are as they were.
    """
    write_files(root, files, purpose, folders=True)


def put_new(root: Path, path: str, data: bytes, purpose: str = "evidence add") -> None:
    """Write a file that is not there yet, whole or not at all.

    Raises:
        KitError: It is there already, or it cannot be written.
    """
    write_files(root, {path: data}, purpose, new=True)


def as_plain(value: Any) -> str:
    """A value of a change in a few words, for a person."""
    if value is None:
        return "empty"
    if isinstance(value, list):
        return ", ".join(value) or "empty"
    if isinstance(value, Mapping):
        return f"{value['by']}, {value['date'] or 'on the day given with --decided-on'}"
    return str(value)
