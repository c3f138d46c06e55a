"""The fenced blocks of the manual, and what a printed example is compared with."""

from __future__ import annotations

import itertools
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"
_FENCE = re.compile(r"( *)```(\w*)")
_COMMIT = re.compile(r"\b[0-9a-f]{12,40}\b")


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block."""

    page: str
    line: int
    language: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines) + "\n"

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"


@dataclass(frozen=True, slots=True)
class Example:
    """One command as the manual prints it, with the lines that it is said to answer."""

    page: str
    line: int
    command: str
    printed: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        return shlex.split(self.command)


def blocks() -> Iterator[Block]:
    """Every fenced block of the manual, in order."""
    for path in sorted(DOCS.glob("*.md")):
        begin, fence, kept = 0, None, []
        for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
            mark = _FENCE.match(line)
            if mark and fence is None:
                begin, fence, kept = number, mark, []
            elif mark and line.strip() == "```" and fence is not None:
                yield Block(path.name, begin, fence[2], tuple(kept))
                fence = None
            elif fence is not None:
                kept.append(line.removeprefix(fence[1]))


def examples() -> Iterator[Example]:
    """Every command behind a prompt, with what stands below it."""
    for block in blocks():
        number = 0
        while number < len(block.lines):
            line = block.lines[number]
            number += 1
            if not line.startswith("$ "):
                continue
            at, command = block.line + number, line[2:]
            while command.endswith("\\"):
                command = command[:-1].rstrip() + " " + block.lines[number].strip()
                number += 1
            printed = []
            while number < len(block.lines) and not block.lines[number].startswith("$ "):
                printed.append(block.lines[number])
                number += 1
            yield Example(block.page, at, command, tuple(printed))


def differs(printed: tuple[str, ...], said: str) -> str | None:
    """What was printed and not said, or said after the end, or None; `...` stands for any lines, and within a line for any text, as does `…`."""
    lines = [_even(line) for line in said.rstrip("\n").split("\n")] if said else []
    parts = [list(group) for skipped, group in itertools.groupby(map(_even, printed), "...".__eq__) if not skipped]
    at = 0
    for number, part in enumerate(parts):
        free = number > 0 or printed[0] == "..."
        starts = range(at, len(lines)) if free else (at,)
        patterns = [re.compile(".*".join(map(re.escape, re.split(r"\.\.\.|…", line)))) for line in part]
        here = next((n for n in starts if all(_matches(pattern, lines, n + m) for m, pattern in enumerate(patterns))), None)
        if here is None:
            return "printed, and not said:\n" + "\n".join(part)
        at = here + len(part)
    return None if not printed or printed[-1] == "..." or at >= len(lines) else f"said, and not printed: {lines[at]}"


def _matches(pattern: re.Pattern[str], lines: list[str], number: int) -> bool:
    return number < len(lines) and bool(pattern.fullmatch(lines[number]))


def _even(line: str) -> str:
    return _COMMIT.sub("COMMIT", line.rstrip())
