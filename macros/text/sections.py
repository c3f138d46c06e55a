"""The sections of a document, as they are written: what its tailoring is told by.

They are divided at the headings that a reader of the site sees, and hold what is written under them, without what is
hidden. Of a text without hidden parts they are the sections that `macros.generated` writes down at a generation, for
which no reader of Markdown is at hand; a test holds both together on every text of the kit.
"""

from __future__ import annotations

from collections.abc import Iterator

from macros.text.blocks import Block, BlockKind
from macros.text.markdown import blocks


def sections(body: str) -> Iterator[tuple[str, str]]:
    """Heading and text of each section in order; the part before the first heading has none, one that stands twice is numbered.

    Raises:
        TooDeep: The text is nested so deeply that it cannot be read.
    """
    lines = body.split("\n")
    found = blocks(body)
    heads = [block for block in found if block.kind is BlockKind.HEADING and not block.is_within]
    for block in found:
        if block.hidden:
            _blank(lines, block)
    seen: dict[str, int] = {}
    heading, begin = "", 0
    for head in [*heads, None]:
        seen[heading] = seen.get(heading, 0) + 1
        named = heading if seen[heading] == 1 else f"{heading} ({seen[heading]})"
        yield named, "\n".join(lines[begin : head.line - 1 if head else len(lines)])
        if head:
            heading, begin = _written(lines, head), head.end


def _written(lines: list[str], head: Block) -> str:
    """A heading as it is written, without its marks."""
    line = lines[head.line - 1].strip(" \t")
    if line.startswith("#"):
        return line.lstrip("#").lstrip(" \t").rstrip(" \t#")
    return " ".join(lines[head.line - 1 : head.end - 1]).strip(" \t")


def _blank(lines: list[str], block: Block) -> None:
    """Take out a block that is wholly hidden, and the comments of any other."""
    place = slice(block.line - 1, block.end)
    text = "\n".join(lines[place])
    if not block.text:
        lines[place] = [""] * (block.end - block.line + 1)
        return
    kept, at, told = [], 0, 0
    while (start := text.find("<!--", at)) != -1 and (end := text.find("-->", start)) != -1:
        words = " ".join(text[start + 4 : end].split())
        comment = text[start : end + 3]
        if block.hidden.startswith(words, told):  # otherwise it is shown, as it is in code
            comment, told = "\n" * comment.count("\n"), told + len(words) + 1
        kept += [text[at:start], comment]
        at = end + 3
    lines[place] = "".join([*kept, text[at:]]).split("\n")
