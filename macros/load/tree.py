"""Where files come from: a folder on disk, read without following links."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

CONTROLLED = ("controls", "docs", "registers")
TOP_FILES = ("org.yaml", "mkdocs.yml", "README.md", "CODEOWNERS")


class Tree(Protocol):
    """Files by path with forward slashes, in sorted order."""

    def paths(self) -> Iterator[str]:
        """Every regular file under control."""

    def links(self) -> Iterator[str]:
        """Every symbolic link found among them."""

    def read(self, path: str) -> bytes:
        """The bytes of one file."""


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
