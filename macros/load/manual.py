"""The manual of this version, as it lies in the engine's folder: its pages, and the section on a code, a verb or a register."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from macros.generated import sections
from macros.problem import KitError

FOLDER = Path(__file__).parent.parent / "manual"
"""In the kit a link to its `docs/`; a generation makes a folder with the same pages of it."""

PAGES = [
    "index",
    "start",
    "strategies",
    "write",
    "review",
    "status",
    "gate",
    "audit",
    "own-controls",
    "update",
    "commands",
    "macros",
    "registers",
    "evidence",
    "parameters",
    "problem-codes",
    "glossary",
    "architecture",
    "promises",
    "benchmarks",
]
"""Every page in the order of the kit's own site."""

CODES = "problem-codes"
"""The page with a section for each problem code."""

_HEAD = re.compile(r"---\ntitle: ([^\n]+)\n---\n+")
_NOT_SHOWN = re.compile(r"[ \t]*(?:\{% (?:end)?raw %\}|<!-- (?:begin|end) [^\n]*-->)[ \t]*")
_SAYS_RAW = re.compile(r"\{% raw %\}(\{% raw %\} (?:[^\n{]|\{(?!%))*+\{% )\{% endraw %\}(endraw %\})")


@dataclass(frozen=True, slots=True)
class ManualPage:
    """One page of the manual."""

    name: str
    """As it is typed, and the name of its file without the ending."""
    title: str
    body: str
    """Markdown below the title, without what only the kit's own site build reads."""
    source: str
    """The file as it is."""

    @property
    def text(self) -> str:
        """The page for a reader who sees nothing else: its title as heading, then the body."""
        return f"# {self.title}\n\n{self.body}"


@dataclass(frozen=True, slots=True)
class Section:
    """One heading of the manual with what stands below it."""

    page: ManualPage
    heading: str
    text: str
    """Markdown, from the heading to the next one of any level."""
    line: int
    """Where the heading stands in the file of the page, from 1."""

    @property
    def place(self) -> str:
        """File and line, from the root of a repository."""
        return f"macros/manual/{self.page.name}.md:{self.line}"


@functools.cache
def manual() -> tuple[ManualPage, ...]:
    """Every page, in order.

    Raises:
        KitError: The manual is not there, or a page of it cannot be read.
    """
    return tuple(map(_read, PAGES))


def sections_called(name: str) -> list[Section]:
    """Every section with this heading, whatever the case of its letters; the page of the problem codes first for a code.

    Raises:
        KitError: The manual is not there.
    """
    wanted = name.casefold()
    return [section for page in manual() for section in sections_of(page) if section.heading.casefold() == wanted]


def sections_of(page: ManualPage) -> Iterator[Section]:
    """The sections of a page in order, without what stands above the first heading."""
    lines = page.source.split("\n")
    begin = 0
    for heading, text in sections(page.body):
        if heading:
            begin = next(number for number in range(begin, len(lines)) if _is_heading(lines[number], heading)) + 1
            marks = lines[begin - 1].split(" ", 1)[0]
            yield Section(page, heading, f"{marks} {heading}\n{text.rstrip()}\n", begin)


def _is_heading(line: str, heading: str) -> bool:
    return line.startswith("#") and line.lstrip("#").strip() == heading


def _read(name: str) -> ManualPage:
    file = FOLDER / f"{name}.md"
    try:
        source = file.read_text("utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeError):
        raise KitError(f"the manual's page 'macros/manual/{name}.md' cannot be read; './aims doctor' says what is missing") from None
    head = _HEAD.match(source)
    if head is None:
        raise KitError(f"the manual's page 'macros/manual/{name}.md' has no title; './aims doctor' says what was changed")
    shown = [_SAYS_RAW.sub(r"\1\2", line) for line in source[head.end() :].split("\n") if not _NOT_SHOWN.fullmatch(line)]
    return ManualPage(name, head[1], _without_gaps("\n".join(shown)), source)


def _without_gaps(text: str) -> str:
    """One empty line where several were left by lines that are not shown."""
    kept: list[str] = []
    fenced = False
    for line in text.split("\n"):
        fenced ^= line.lstrip().startswith("```")
        if line or fenced or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).rstrip("\n") + "\n"
