"""What of a repository a preview depends on, and whether it is still as it was."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

State = Mapping[str, tuple[int, ...]]
"""Path → time of change, time of the entry, size and inode, as the system gives them."""

_MADE = frozenset({"__pycache__", "node_modules"})
_OUTPUTS = frozenset({"build", "site"})
"""Folders at the root that hold what was made."""
_TEXTS_OF_THE_ROOT = frozenset({".aims.json"})
_COMMITS = ("HEAD", "logs/HEAD", "packed-refs")
"""What git changes with every commit and checkout; pages show the history."""


def state_of(root: Path, more: Iterable[Path] = ()) -> State:
    """How every file stands that a site is made of.

    Hidden files and what editors write beside a file are left out: a draft in an editor is not saved yet.

    Args:
        root: The repository.
        more: Further files and folders, such as `watch` in `mkdocs.yml` names.
    """
    found: dict[str, tuple[int, ...]] = {}
    visited: set[tuple[int, int]] = set()
    waiting = [(str(root), True), *((str(path), False) for path in more)]
    while waiting:
        folder, top = waiting.pop()
        try:
            here = os.stat(folder)
            if not os.path.isdir(folder):
                found[folder] = _stamp(here)
                continue
            entries = list(os.scandir(folder)) if (here.st_dev, here.st_ino) not in visited else []
        except OSError:
            continue
        visited.add((here.st_dev, here.st_ino))
        for entry in entries:
            if is_passing(entry.name) and not (top and entry.name in _TEXTS_OF_THE_ROOT):
                continue
            if _is_folder(entry):
                if not _is_made(entry, top):
                    waiting.append((entry.path, False))
            else:
                found[entry.path] = _stamp_of(entry)
    found.update((path, stamp) for path in _commits(root) if (stamp := _stamp_at(path)))
    return found


def is_passing(name: str) -> bool:
    """Whether a name is hidden, or one of those that editors use while they write."""
    return name.startswith((".", "~$", "___jb_")) or name.endswith("~") or (name[0] == name[-1] == "#") or name == "4913"


def first_change(before: State, after: State) -> str | None:
    """A path that was added, changed or removed; None where nothing was."""
    changed = before.items() ^ after.items()
    return min((path for path, _ in changed), default=None)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_made(entry: os.DirEntry[str], top: bool) -> bool:
    """Whether a folder is an output or an installation, and no source."""
    if entry.name in _MADE or os.path.exists(os.path.join(entry.path, "pyvenv.cfg")):
        return True
    return top and (entry.name in _OUTPUTS or os.path.exists(os.path.join(entry.path, "sitemap.xml")))


def _stamp_of(entry: os.DirEntry[str]) -> tuple[int, ...]:
    try:
        return _stamp(entry.stat())
    except OSError:
        return ()


def _stamp_at(path: str) -> tuple[int, ...]:
    try:
        return _stamp(os.stat(path))
    except OSError:
        return ()


def _stamp(status: os.stat_result) -> tuple[int, ...]:
    return (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)


def _commits(root: Path) -> list[str]:
    git = root / ".git"
    if git.is_file():  # a further working tree
        try:
            git = root / git.read_text("utf-8").removeprefix("gitdir:").strip()
        except (OSError, UnicodeDecodeError):
            return []
    return [str(git / name) for name in _COMMITS]
