"""Where files come from: a folder on disk, read without following links."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Protocol

from macros.generated import KIT_MARK, RECORD, kit_files
from macros.load.odd import Odd, Walk, no_file, read_whole, unreadable
from macros.model.workspace import Fingerprint

CONTROLLED = ("controls", "docs", "registers")
TOP_FILES = (RECORD, KIT_MARK, "org.yaml", "mkdocs.yml", "README.md", "CODEOWNERS")


class Tree(Protocol):
    """Files by path with forward slashes, in sorted order."""

    def paths(self) -> Iterator[str]:
        """Every regular file under control."""

    def links(self) -> Iterator[str]:
        """Every symbolic link found among them."""

    def odd(self) -> Mapping[str, Odd]:
        """What lies among them and is not read, by path, with the reason."""

    def read(self, path: str) -> bytes:
        """The bytes of one file: one under control, or one that `fingerprints` has found.

        Raises:
            NotRead: It cannot be read, is no plain file, or is larger than 1 MiB.
        """

    def fingerprints(self, paths: Iterable[str]) -> dict[str, Fingerprint]:
        """Size and SHA-256 of those of `paths` that are regular files, wherever in the checkout they lie.

        A path that leads through a symbolic link is no file. No file is held in memory as a whole.
        """

    def kit_files(self) -> Mapping[str, str] | None:
        """Fingerprints of the files that the kit owns, by path; None where this tree does not have them."""


class FolderTree:
    """A checkout on disk."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._found = Walk()
        for name in (*TOP_FILES, *CONTROLLED):
            self._sort_in(root / name, name)
        self._found.files.sort()
        self._found.links.sort()

    def _sort_in(self, place: Path, name: str) -> None:
        try:
            mode = place.lstat().st_mode
        except FileNotFoundError:
            return
        except OSError as error:
            self._found.odd[name] = unreadable(error)
            return
        if stat.S_ISLNK(mode):
            self._found.links.append(name)
        elif name in CONTROLLED and stat.S_ISDIR(mode):
            self._found.below(self.root, name)
        elif stat.S_ISREG(mode):
            self._found.files += [] if name in CONTROLLED else [name]
        else:
            self._found.odd[name] = no_file(mode)

    def paths(self) -> Iterator[str]:
        """Every regular file under control."""
        return iter(self._found.files)

    def links(self) -> Iterator[str]:
        """Every symbolic link found among them."""
        return iter(self._found.links)

    def odd(self) -> Mapping[str, Odd]:
        """What is not read, by path, with the reason."""
        return self._found.odd

    def read(self, path: str) -> bytes:
        """The bytes of one file."""
        return read_whole(os.path.join(self.root, path))

    def kit_files(self) -> Mapping[str, str]:
        """Fingerprints of the files that the kit owns, by path."""
        return kit_files(self.root)

    def fingerprints(self, paths: Iterable[str]) -> dict[str, Fingerprint]:
        """Size and SHA-256 of those of `paths` that are regular files."""
        found = {path: self._fingerprint(path) for path in paths}
        return {path: value for path, value in found.items() if value is not None}

    def _fingerprint(self, path: str) -> Fingerprint | None:
        try:
            place = self.root
            for part in path.split("/"):
                place = place / part
                mode = place.lstat().st_mode
                if stat.S_ISLNK(mode):
                    return None
            if not stat.S_ISREG(mode):
                return None
            with place.open("rb") as stream:
                return fingerprint_of(stream)
        except (OSError, ValueError):  # not there, not readable, or no name that the system could give a file
            return None


class MemoryTree:
    """Files that somebody else has read, such as the blobs of a commit."""

    def __init__(self, files: Mapping[str, bytes], links: Iterable[str] = (), odd: Mapping[str, Odd] | None = None) -> None:
        self._files = dict(sorted(files.items()))
        self._links = sorted(links)
        self._odd = dict(odd or {})

    def paths(self) -> Iterator[str]:
        """Every regular file."""
        return iter(self._files)

    def links(self) -> Iterator[str]:
        """Every symbolic link."""
        return iter(self._links)

    def odd(self) -> Mapping[str, Odd]:
        """What is not read, by path, with the reason."""
        return self._odd

    def read(self, path: str) -> bytes:
        """The bytes of one file."""
        return self._files[path]

    def kit_files(self) -> Mapping[str, str] | None:
        """None: only what is under control was read."""

    def fingerprints(self, paths: Iterable[str]) -> dict[str, Fingerprint]:
        """Size and SHA-256 of those of `paths` that are here."""
        return {path: fingerprint_of_bytes(self._files[path]) for path in paths if path in self._files}


_STEP = 1 << 20


def fingerprint_of(stream: IO[bytes], size: int | None = None) -> Fingerprint:
    """Size and SHA-256 of what a stream gives, read in steps of 1 MiB.

    Args:
        stream: What to read.
        size: How many bytes to read; without it, all.
    """
    digest, seen = hashlib.sha256(), 0
    while size is None or seen < size:
        step = stream.read(_STEP if size is None else min(_STEP, size - seen))
        if not step:
            break
        digest.update(step)
        seen += len(step)
    return Fingerprint(seen, digest.hexdigest())


def fingerprint_of_bytes(data: bytes) -> Fingerprint:
    """Size and SHA-256 of bytes."""
    return Fingerprint(len(data), hashlib.sha256(data).hexdigest())


def is_controlled(path: str) -> bool:
    """Whether a path is among the files that a workspace is made of."""
    return path in TOP_FILES or path.split("/", 1)[0] in CONTROLLED
