"""Files that cannot be read as what they are named: why, in words, and within which limits a tree is walked."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from macros.text.strict_yaml import MAX_BYTES

DEEPEST = 32
"""Folders below one another."""
MOST_FILES = 100_000
"""Files under control."""


class Oddness(str, Enum):
    """Why a file or folder is not read."""

    UNREADABLE = "unreadable"
    """The system gives an error in place of the bytes."""
    NO_FILE = "no file"
    """A pipe, a socket, a device, a submodule, or a folder in the place of a file."""
    TOO_LARGE = "too large"
    """A text of more than 1 MiB."""
    TOO_MANY = "too many"
    """A folder that lies too deep, or more files than a management system has."""


@dataclass(frozen=True, slots=True)
class Odd:
    """A file or folder that is not read: what it is, in words that follow its name, and the way out."""

    kind: Oddness
    said: str
    way_out: str


class NotRead(Exception):
    """A file or folder is not read."""

    def __init__(self, odd: Odd) -> None:
        super().__init__(odd.said)
        self.odd = odd


def unreadable(error: OSError) -> Odd:
    """What the system said, as a reason."""
    why = error.strerror or type(error).__name__
    if isinstance(error, FileNotFoundError):
        return Odd(Oddness.UNREADABLE, "vanished while it was read", "run this again when nothing else changes the files")
    return Odd(Oddness.UNREADABLE, f"cannot be read ({why})", "give whoever runs this the right to read it, or mend the disk")


TOO_LARGE = Odd(Oddness.TOO_LARGE, "is larger than 1 MiB", "divide it, or keep bulky data in 'evidence/', where it is hashed and not read")
TOO_DEEP = Odd(Oddness.TOO_MANY, f"lies deeper than {DEEPEST} folders and is not read", "move what belongs to the management system up")
TOO_MANY = Odd(
    Oddness.TOO_MANY, f"is where the reading ended, after {MOST_FILES:,} files", "keep files that are no documents or records elsewhere"
)
SUBMODULE = Odd(Oddness.NO_FILE, "is a submodule of git, whose files are not under review here", "put the files themselves here")

_KINDS = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISDIR, "a folder"),
)
_NAMED_LIKE_FILES = (".md", ".yaml", ".yml")


def no_file(mode: int) -> Odd:
    """What stands in the place of a file."""
    kind = next((word for holds, word in _KINDS if holds(mode)), "no plain file")
    return Odd(Oddness.NO_FILE, f"is {kind} and no file", "put a plain file here, or give it another name")


def read_whole(file: Path | str) -> bytes:
    """The bytes of one plain file of at most 1 MiB; its kind and its size are known before anything is read.

    Raises:
        NotRead: It is something else.
    """
    try:
        # Without blocking: a pipe would wait for whoever writes into it.
        handle = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as stream:
            found = os.fstat(handle)
            if not stat.S_ISREG(found.st_mode):
                raise NotRead(no_file(found.st_mode))
            if found.st_size > MAX_BYTES:
                raise NotRead(TOO_LARGE)
            data = stream.read(found.st_size + 1)  # a buffer for the most would be cleared anew for each small file
            if len(data) > found.st_size:
                data += stream.read(MAX_BYTES + 1 - len(data))
    except IsADirectoryError:
        raise NotRead(no_file(stat.S_IFDIR)) from None
    except OSError as error:
        raise NotRead(no_file(stat.S_IFSOCK) if error.errno == errno.ENXIO else unreadable(error)) from None
    if len(data) > MAX_BYTES:  # it grew
        raise NotRead(TOO_LARGE)
    return data


@dataclass
class Walk:
    """A folder and all below it, without recursion and without following links."""

    files: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    odd: dict[str, Odd] = field(default_factory=dict)
    """What is not read, by path, with the reason."""

    def below(self, root: Path, folder: str) -> None:
        """Take in one folder of a root; beyond the limits it is named and left."""
        waiting = [folder]
        while waiting:
            here = waiting.pop()
            if here.count("/") >= DEEPEST:
                self.odd[here] = TOO_DEEP
            elif len(self.files) > MOST_FILES:
                self.odd.setdefault(here, TOO_MANY)
                return
            else:
                waiting += self._entries(root, here)

    def _entries(self, root: Path, folder: str) -> list[str]:
        """Take in the entries of one folder; give those that are folders, the last first."""
        folders = []
        try:
            with os.scandir(root / folder) as entries:
                for entry in sorted(entries, key=lambda entry: entry.name):
                    path = f"{folder}/{entry.name}"
                    if entry.is_symlink():
                        self.links.append(path)
                    elif entry.is_dir():
                        if entry.name.endswith(_NAMED_LIKE_FILES):
                            self.odd[path] = no_file(stat.S_IFDIR)
                        elif entry.name != "__pycache__":
                            folders.append(path)
                    elif entry.name != ".DS_Store":
                        self._file(entry, path)
        except OSError as error:
            self.odd[folder] = unreadable(error)
        return folders[::-1]

    def _file(self, entry: os.DirEntry[str], path: str) -> None:
        try:
            mode = stat.S_IFREG if entry.is_file() else entry.stat(follow_symlinks=False).st_mode
        except OSError as error:
            self.odd[path] = unreadable(error)
            return
        if stat.S_ISREG(mode):
            self.files.append(path)
        else:
            self.odd[path] = no_file(mode)


def plain_files(folder: Path) -> Iterator[Path]:
    """Every plain file below a folder that can be seen, in the order of the names; links are not followed."""
    walk = Walk()
    if folder.is_dir() and not folder.is_symlink():
        walk.below(folder.parent, folder.name)
    for path in sorted(walk.files):
        yield folder.parent / path


def within_limits(paths: Iterable[str]) -> tuple[list[str], dict[str, Odd]]:
    """Those of the paths of a commit that are read, sorted, and folders that lie too deep, by the limits that hold on disk."""
    found = sorted(paths)
    odd = {"/".join(path.split("/")[: DEEPEST + 1]): TOO_DEEP for path in found if path.count("/") > DEEPEST}
    kept = [path for path in found if path.count("/") <= DEEPEST]
    if len(kept) > MOST_FILES:
        odd[kept[MOST_FILES]] = TOO_MANY
    return kept[:MOST_FILES], odd
