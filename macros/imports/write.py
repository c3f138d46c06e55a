"""A plan becomes two files, judged by the loader and the checks before either is replaced."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from macros.checks import run_checks
from macros.imports.changes import Change, ImportPlan
from macros.imports.edit import edited
from macros.journal import write_files
from macros.load import load_workspace
from macros.load.tree import FolderTree, Tree, fingerprint_of_bytes
from macros.model.workspace import Fingerprint, Workspace
from macros.problem import KitError, Problem, Severity
from macros.trace import build_trace


class Overlay:
    """A tree in which some files already say what they are to say."""

    def __init__(self, tree: Tree, files: Mapping[str, bytes]) -> None:
        self.tree, self.files = tree, files

    def paths(self) -> Iterator[str]:
        return iter(sorted({*self.tree.paths(), *self.files}))

    def links(self) -> Iterator[str]:
        return self.tree.links()

    def read(self, path: str) -> bytes:
        return self.files[path] if path in self.files else self.tree.read(path)

    def fingerprints(self, paths: Iterable[str]) -> dict[str, Fingerprint]:
        wanted = list(paths)
        found = self.tree.fingerprints(path for path in wanted if path not in self.files)
        return found | {path: fingerprint_of_bytes(self.files[path]) for path in wanted if path in self.files}

    def kit_files(self) -> Mapping[str, str] | None:
        return self.tree.kit_files()


def prepared(root: Path, workspace: Workspace, plan: ImportPlan, today: datetime.date) -> dict[str, bytes]:
    """The new bytes of each register that changes, by path; nothing is written.

    Raises:
        KitError: A decision lacks its day, a register changed since it was read, or the result would not be sound.
    """
    for change in plan.changes:
        if any(key == "decided" and value["date"] is None for key, _, value in change.values):
            raise KitError("rows of the Statement of Applicability are decisions; say when they were taken with --decided-on DATE")
    files: dict[str, bytes] = {}
    for name in plan.registers:
        path = f"registers/{name}.yaml"
        data = (root / path).read_bytes()
        text = data.decode("utf-8-sig")
        if text.replace("\r\n", "\n").replace("\r", "\n") != workspace.texts.get(path):
            raise KitError(f"'{path}' changed while the list was read; import again")
        mark = data[: len(data) - len(text.encode("utf-8"))]
        changed = {change.index: {key: new for key, _, new in change.values} for change in _of(plan, name) if change.index is not None}
        new = [{key: value for key, _, value in change.values} for change in _of(plan, name) if change.index is None]
        files[path] = mark + edited(text, changed, new).encode("utf-8")
    if files:
        _judge(root, workspace, plan, files, today)
    return files


def _of(plan: ImportPlan, register: str) -> list[Change]:
    return [change for change in plan.changes if change.register == register]


def _judge(root: Path, before: Workspace, plan: ImportPlan, files: Mapping[str, bytes], today: datetime.date) -> None:
    after = load_workspace(Overlay(FolderTree(root), files))
    _refuse_unread(after, files)
    for name in plan.registers:
        wanted = [record.data.value.model_dump(mode="json") for record in before.registers[name].records]
        for change in _of(plan, name):
            values = {key: new for key, _, new in change.values}
            if change.index is None:
                wanted.append(values)
            else:
                wanted[change.index] = {**wanted[change.index], **values}
        found = [record.data.value.model_dump(mode="json") for record in after.registers[name].records]
        for expected, got in zip(wanted, found, strict=True):
            different = [key for key in got if got[key] != expected.get(key)]
            if different:
                name_of = expected.get("id") or expected.get("control")
                raise KitError(
                    f"'registers/{name}.yaml': '{different[0]}' of '{name_of}' would not read back as it is in the list; "
                    "write that record in the plain form of the template, one entry a line, and import again"
                )
    _refuse_unsound(before, after, today)


def _refuse_unread(after: Workspace, files: Mapping[str, bytes]) -> None:
    for problem in after.problems:
        if problem.location.path in files:
            raise _unsound(problem)


def _refuse_unsound(before: Workspace, after: Workspace, today: datetime.date) -> tuple[Problem, ...]:
    """What is said of `after`, in which there is no error that `before` does not have."""
    known = {_said(problem) for problem in run_checks(before, today, build_trace(before))}
    problems = run_checks(after, today, build_trace(after))
    for problem in problems:
        if problem.severity is Severity.ERROR and _said(problem) not in known:
            raise _unsound(problem)
    return problems


def judged(root: Path, before: Workspace, path: str, data: bytes, today: datetime.date) -> tuple[Workspace, tuple[Problem, ...]]:
    """The workspace with one new file, and what the checks say of that file; nothing is written.

    Raises:
        KitError: With the file there would be an error that is not there now.
    """
    after = load_workspace(Overlay(FolderTree(root), {path: data}))
    _refuse_unread(after, {path: data})
    problems = _refuse_unsound(before, after, today)
    return after, tuple(problem for problem in problems if problem.location.path == path)


def _said(problem: Problem) -> tuple[str, str, str]:
    """What a problem says, without numbers of lines, which move."""
    return problem.code, problem.location.path, re.sub(r"line \d+|:\d+", "", problem.message)


def _unsound(problem: Problem) -> KitError:
    return KitError(f"nothing was written, because the result would not be sound: {problem}")


def put(root: Path, files: Mapping[str, bytes], purpose: str = "import") -> None:
    """Replace the files, all of them or none.

    Raises:
        KitError: A file cannot be written; all are as they were.
    """
    write_files(root, files, purpose)


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
