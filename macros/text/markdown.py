"""What a reader of the site sees of a Markdown text: its blocks in order, with their lines, and without what is hidden.

The one reader of documents: review, rules and fingerprints look through it. It is slow, so whoever keeps what it computes
from a text keeps it in the cache, and the parser is imported when the first text is read that is not there.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from macros.cache import kept_in_memory
from macros.text.blocks import Block, TooDeep

_HELD = 1024
"""Texts whose blocks are held in memory: those of one workspace, and not those of ten years."""


def blocks(body: str, first_line: int = 1) -> tuple[Block, ...]:
    """Every block of a text, in order.

    Args:
        body: Markdown without its front matter.
        first_line: The line of its file on which `body` begins.

    Raises:
        TooDeep: It is nested so deeply that something would be left out.
    """
    found = _blocks(body)
    if isinstance(found, int):
        raise TooDeep(found + first_line - 1)
    return found if first_line == 1 else tuple(_moved(block, first_line - 1) for block in found)


def _moved(block: Block, by: int) -> Block:
    links = tuple(replace(link, line=link.line + by) for link in block.links)
    return replace(block, line=block.line + by, end=block.end + by, links=links)


@partial(kept_in_memory, most=_HELD)
def _blocks(body: str) -> tuple[Block, ...] | int:
    """The blocks, or the line at which they are nested too deeply."""
    from macros.text.reading import read  # with its parser it is slow to import, and a text in the cache needs neither

    try:
        return read(body)
    except TooDeep as refused:
        return refused.line
