"""What a journal says, and how a reader goes by it."""

from __future__ import annotations

import errno
import json
import os
import re
import stat
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from macros.problem import KitError

T = TypeVar("T")

WORK = ".aims-work"
"""The folder in which a writing is prepared; git does not see it."""
STAGE, COMMIT, UNDO = "stage", "commit.json", "undo.json"
"""In it: what is prepared, the journal of what becomes new, and the journal of what becomes old again."""
LOCK, DECIDED = "lock", "decided"
"""In it too: who writes, and when it was last decided on; both for the eyes of readers, who compare them."""
GLANCE = 0.5
"""Seconds that a reader waits for files to be put in place, which takes some milliseconds unless the writer was stopped."""
BUSY = 30.0
"""Seconds for which a reader begins anew, where one writer follows the other."""
READINGS = 20
"""How often it does where no writer was seen."""
_MOST, _SMALL = 16 << 20, 1 << 12


@dataclass(frozen=True, slots=True)
class FileStep:
    """One file of a writing."""

    path: str
    """Relative to the folder that is written in, with forward slashes."""
    before: str | None
    """SHA-256 of what it replaces; None for a new file."""
    after: str | None
    """SHA-256 of what it is to be; None for a file that is taken away."""


@dataclass(frozen=True, slots=True)
class Writing:
    """Files that become new together."""

    purpose: str
    """The verb that writes."""
    steps: tuple[FileStep, ...]
    folders: tuple[str, ...] = ()
    """Folders that are made for them, the outer ones first."""

    @property
    def paths(self) -> str:
        """The files, for a sentence."""
        names = [f"'{step.path}'" for step in self.steps]
        return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")

    def as_json(self) -> bytes:
        """The journal's bytes."""
        return (json.dumps(asdict(self), ensure_ascii=False) + "\n").encode("utf-8")


def unfinished(home: Path) -> Writing | None:
    """The writing that was decided on and is not finished, or is being put in place at this moment.

    Raises:
        KitError: There is a journal that cannot be read.
    """
    for name in (UNDO, COMMIT):
        try:
            return _read(home / WORK / name)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            raise KitError(
                f"'{WORK}/{name}' cannot be read, so it is not known what was being written; "
                f"compare the files with the last commit, then delete the folder '{WORK}'"
            ) from None
    return None


def settled(home: Path, read: Callable[[], T]) -> T:
    """What `read` gives, read while nobody put files in place below `home`.

    Every writer makes its work folder and takes it away, so an entry of `home` that came or went in between means that what
    was read may be mixed; then it is read again. An entry may also come or go for another reason, which is none to refuse.

    Raises:
        KitError: A writing was stopped there and is not finished, or one follows the other without a pause.
    """
    until, readings, busy = time.monotonic() + BUSY, 0, False
    while True:
        _wait_until_finished(home)
        before = _definite_traces(home)
        if unfinished(home) is None:  # decided on since then, it could be put in place without another trace
            found = read()
            readings += 1
            if _traces(home) == before and unfinished(home) is None:
                return found
        busy = busy or (home / WORK).exists()
        if not busy and readings == READINGS:
            return found
        if time.monotonic() > until:
            raise KitError(f"'{home}' is written in again and again while it is read; try again when that has ended")


def is_writable_name(path: Any) -> bool:
    """Whether a path leads to a file below the folder that is written in, and is none of git's own."""
    return (
        isinstance(path, str)
        and path.isprintable()
        and "\\" not in path
        and not re.match(r"[A-Za-z]:", path)
        and not any(part in ("", ".", "..", WORK) or part.lower() == ".git" for part in path.split("/"))
    )


def small_file(path: Path) -> bytes:
    """The first bytes of a plain file that a writer keeps; nothing else is opened, since a pipe or a device may have no end.

    Raises:
        OSError: It cannot be read, or is no plain file.
    """
    if not stat.S_ISREG(path.lstat().st_mode):
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
    with path.open("rb") as stream:
        return stream.read(_SMALL)


def _wait_until_finished(home: Path) -> None:
    until = time.monotonic() + GLANCE
    while found := unfinished(home):
        if time.monotonic() > until:
            raise KitError(
                f"'{found.purpose}' was stopped while it wrote {found.paths}, so files here may be half old and half new; "
                "'./aims doctor --write' finishes it"
            )
        time.sleep(0.02)


def _definite_traces(home: Path) -> tuple[object, ...]:
    """The traces at a moment when nobody is coming or going.

    A work folder whose lock is not signed is that of a writer that just came, and looks like that of one that is about to
    leave; what was written between the two would not be seen. One that was stopped there is waited for no longer than others.
    """
    until = time.monotonic() + GLANCE
    while True:
        found = _traces(home)
        _, there, _, lock = found
        if not there or lock or time.monotonic() > until:
            return found
        time.sleep(0.005)


def _traces(home: Path) -> tuple[object, ...]:
    """What a writer leaves at each of its steps: an entry of the folder comes or goes, and its files say who decided when.

    A writer that leaves takes its lock away first. So whoever finds nothing decided, and looks for the lock after that, does
    not take one that is leaving for one that has not decided yet.
    """
    found: list[object] = []
    for name in (DECIDED, LOCK):
        try:
            found.append(small_file(home / WORK / name))
        except OSError:
            found.append(None)
    there = os.path.lexists(home / WORK)
    try:
        return home.stat().st_mtime_ns, there, *found
    except OSError:
        return None, there, *found


def _read(path: Path) -> Writing:
    """A journal; one that this module would not write was laid there by somebody who wants a file written elsewhere."""
    if not stat.S_ISREG(path.lstat().st_mode) or path.parent.is_symlink():
        raise ValueError(path)
    with path.open("rb") as stream:
        data = json.loads(stream.read(_MOST))
    steps = tuple(FileStep(step["path"], step["before"], step["after"]) for step in data["steps"])
    found = Writing(data["purpose"], steps, tuple(data["folders"]))
    sums = {value for step in steps for value in (step.before, step.after)} - {None}
    if not all(map(is_writable_name, (*(step.path for step in steps), *found.folders))):
        raise ValueError(path)
    if not all(isinstance(value, str) and re.fullmatch(r"[0-9a-f]{64}", value) for value in sums):
        raise ValueError(path)
    if not re.fullmatch(r"[a-z][a-z -]{0,40}", found.purpose):
        raise ValueError(path)
    return found
