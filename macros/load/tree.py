"""Where files come from: a folder on disk, read without following links."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from macros.generated import RECORD, kit_files

CONTROLLED = ("controls", "docs", "registers")
TOP_FILES = (RECORD, "org.yaml", "mkdocs.yml", "README.md", "CODEOWNERS")


class Tree(Protocol):
    """Files by path with forward slashes, in sorted order."""

    def paths(self) -> Iterator[str]:
        """Every regular file under control."""

    def links(self) -> Iterator[str]:
        """Every symbolic link found among them."""

    def read(self, path: str) -> bytes:
        """The bytes of one file."""

    def kit_files(self) -> Mapping[str, str] | None:
        """Fingerprints of the files that the kit owns, by path; None where this tree does not have them."""


class FolderTree:
    """A checkout on disk."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._paths: list[str] = []
        self._links: list[str] = []
        for name in TOP_FILES:
            self._sort_in(root / name, name)
        for folder in CONTROLLED:
            top = root / folder
            if top.is_symlink():
                self._links.append(folder)
            elif top.is_dir():
                self._walk(top, folder)
        self._paths.sort()
        self._links.sort()

    def _walk(self, folder: Path, prefix: str) -> None:
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                path = f"{prefix}/{entry.name}"
                if entry.is_symlink():
                    self._links.append(path)
                elif entry.is_dir():
                    if entry.name != "__pycache__":
                        self._walk(Path(entry.path), path)
                elif entry.name != ".DS_Store":
                    self._paths.append(path)

    def _sort_in(self, file: Path, path: str) -> None:
        if file.is_symlink():
            self._links.append(path)
        elif file.is_file():
            self._paths.append(path)

    def paths(self) -> Iterator[str]:
        """Every regular file under control."""
        return iter(self._paths)

    def links(self) -> Iterator[str]:
        """Every symbolic link found among them."""
        return iter(self._links)

    def read(self, path: str) -> bytes:
        """The bytes of one file."""
        return (self.root / path).read_bytes()

    def kit_files(self) -> Mapping[str, str]:
        """Fingerprints of the files that the kit owns, by path."""
        return kit_files(self.root)


class MemoryTree:
    """Files that somebody else has read, such as the blobs of a commit."""

    def __init__(self, files: Mapping[str, bytes], links: Iterable[str] = ()) -> None:
        self._files = dict(sorted(files.items()))
        self._links = sorted(links)

    def paths(self) -> Iterator[str]:
        """Every regular file."""
        return iter(self._files)

    def links(self) -> Iterator[str]:
        """Every symbolic link."""
        return iter(self._links)

    def read(self, path: str) -> bytes:
        """The bytes of one file."""
        return self._files[path]

    def kit_files(self) -> None:
        """None: only what is under control was read."""


def is_controlled(path: str) -> bool:
    """Whether a path is among the files that a workspace is made of."""
    return path in TOP_FILES or path.split("/", 1)[0] in CONTROLLED
