"""The sentences of a document, wherever its lines are broken: what a reader sees, and neither code nor hidden text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from macros.cache import cached_by_text
from macros.text.blocks import Block, BlockKind, TooDeep
from macros.text.markdown import blocks

_ENDS = re.compile(r"(?<=[.!?]) (?=[A-Z{\"(\[])")
_HEADER = "{{ document_header"


class Written(NamedTuple):
    """One sentence, or a heading, with macro calls as they are written."""

    heading: str
    """The heading above it; empty above the first one, and of a heading the heading itself."""
    text: str
    line: int
    level: int
    """Of a heading, 1 to 6; of a sentence 0."""


def _again(found: Any, _: str) -> tuple[Written, ...]:
    return tuple(Written(*one) for one in found)


@cached_by_text("sentences", again=_again)
def sentences_in(body: str, first_line: int) -> tuple[Written, ...]:
    """Every sentence of a text in order; each line is one where the text is nested too deeply to be read, so that nothing is left out.

    Args:
        body: Markdown without its front matter.
        first_line: The line of its file on which `body` begins.
    """
    try:
        found = blocks(body, first_line)
    except TooDeep:
        lines = enumerate(body.split("\n"), first_line)
        return tuple(Written("", line.strip(), number, 0) for number, line in lines if line.strip())
    return tuple(one for block in found for one in _of(block))


def _of(block: Block) -> Iterator[Written]:
    if block.kind is BlockKind.HEADING:
        yield Written(block.text, block.text, block.line, block.level)
    elif block.is_prose and block.written and not block.written.startswith(_HEADER):
        heading = block.headings[-1] if block.headings else ""
        word = 0
        for part in parts_of(block):
            yield Written(heading, part, block.line_of(word), 0)
            word += len(part.split())


def parts_of(block: Block) -> list[str]:
    """The sentences of a block; a row of a table is one, and the bold name of a rule belongs to its first sentence."""
    if block.kind is BlockKind.ROW:
        return [block.written]
    found = _ENDS.split(block.written)
    if len(found) > 1 and found[0] == block.lead:
        found[:2] = [f"{found[0]} {found[1]}"]
    return found
