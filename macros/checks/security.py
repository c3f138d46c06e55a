"""SEC: names that every machine can check out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from macros.checks.registry import Said, check
from macros.facts.computed import Facts
from macros.problem import Location

_ILLEGAL = re.compile(r'[<>:"|?*\\\x00-\x1f\ud800-\udfff]|[ .]$')
_DEVICES = re.compile(r"^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)


@check("SEC103", "File name is not legal on Windows")
def illegal_name(facts: Facts) -> Iterator[Said]:
    """A repository that one colleague cannot check out is not a shared source."""
    for path in facts.workspace.paths:
        for part in path.split("/"):
            if _ILLEGAL.search(part) or _DEVICES.match(part):
                yield Location(path), f"'{part}' is no file name on Windows", "rename it with letters, digits, hyphens and dots"
                break


@check("SEC104", "Two file names differ only in case")
def twins(facts: Facts) -> Iterator[Said]:
    """Windows and macOS keep one of the two, and nobody is told which."""
    seen: dict[str, str] = {}
    told: set[str] = set()
    for path in facts.workspace.paths:
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            name = "/".join(parts[:depth])
            other = seen.setdefault(name.casefold(), name)
            if other != name:
                if name in told:
                    break
                told.add(name)
                what = "file" if depth == len(parts) else "folder"
                yield Location(path), f"'{name}' and '{other}' are one {what} on Windows and macOS", "rename one of them"
                break
