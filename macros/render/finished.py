"""Markdown of the engine's own making, as the very HTML that Python-Markdown makes of it.

Most of a large site is generated pages, and most of the time of Python-Markdown goes into their character references. They use
a small part of Markdown, which is read here line by line. Whatever lies outside of it, or could be read in two ways, is
refused, and the page goes through Python-Markdown as before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from markdown.extensions.toc import nest_toc_tokens, unique

from macros.encode.html import decoded
from macros.live.anchors import anchor_of

_REFERENCE = r"&(?:#[0-9]{1,7}|[A-Za-z][A-Za-z0-9]{0,30});"
_ATTRIBUTES = r'(?: (?:class|aria-hidden)="[\w -]*+")*+'
_QUIET = rf"(?>[^\n\\`*_\[\]<>&{{}}#|]++|{_REFERENCE})"

_STRANGE = re.compile(r"[\\`\x00-\x09\x0b-\x1f\x7f-\x9f]|[^\S \n]| \n|!\[")
"""What no page of the part that is read here holds anywhere: escapes, code, controls, strange spaces, spaces at the end, images."""
_ALL_QUIET = re.compile(rf"{_QUIET}++")
"""Text that says nothing to Markdown, and that HTML shows as it is."""
_INLINE = re.compile(
    rf"(?P<same>{_QUIET}++|</?(?:span|code|small|i|br){_ATTRIBUTES}>)"
    r"|\[(?P<shown>[^\[\]]++)\]\((?P<target>[A-Za-z0-9/:@,;=+$!~._%#?-]++)\)"
    r"|(?<!\*)\*\*(?P<strong>(?! )[^*]++)(?<! )\*\*(?!\*)"
    r"|(?<!\*)\*(?P<em>(?! )[^*]++)(?<! )\*(?!\*)"
)
_BEGINS_A_BLOCK = re.compile(r"[ #>:?~|+=!-]|[0-9]++\. ")
"""What may act at the beginning of a block, a list item or a definition: there text does not begin so."""
_HEADING = re.compile(r"(#{2,6}) (?! )(.+)")
_ITEM = re.compile(r"(?:-|[0-9]++\.) (?! )(.+)")
_ROOM = re.compile(r'<div class="([\w -]*)" markdown="1">')
_BOX = re.compile(r'!!! ([a-z]++) "([^"\n]++)"')
_RAW = re.compile(
    r'<(p|div)(?: (?:class|tabindex)="[\w -]*+")*+>'
    rf"(?>[^<>&]++|{_REFERENCE}|<title>(?>[^<>&]++|{_REFERENCE})*+</title>"
    rf'|</?(?:svg|g|line|rect|text|span|small|code)(?: (?!id=|name=|markdown=)[A-Za-z0-9-]++="(?>[^"<>&]++|{_REFERENCE})*+")*+/?>)*+'
    r"</\1>"
)
"""Finished HTML on one line, which Markdown hands on as it is."""
_TAG = re.compile(r"<[^<>]*+>")
_TARGET = re.compile("\x02([^\x02\x03]*+)\x03")
_PERMALINK = '<a class="headerlink" href="\x02#{0}\x03" title="Link to this section">&para;</a>'


class _RefusedError(Exception):
    """The text is outside of what is read here."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A page as HTML, with what the host wants to know of it."""

    html: str
    toc: list[Any]
    """The headings, as the toc extension of Python-Markdown names and nests them."""
    anchors: frozenset[str]


def finished(text: str, address: Callable[[str], str]) -> Finished | None:
    """The page as HTML; None where it holds anything else than the part of Markdown that is read here.

    Args:
        text: Markdown without front matter.
        address: The address of a link for this page, from its target; asked for each link, in their order, once all is read.
    """
    if _STRANGE.search(text):
        return None
    page = _Reading([chunk for chunk in (part.strip("\n") for part in text.split("\n\n")) if chunk])
    try:
        made = "\n".join(page.blocks(inside=False)).strip()
    except _RefusedError:
        return None
    return Finished(_TARGET.sub(lambda found: address(found[1]), made), nest_toc_tokens(page.headings), frozenset(page.anchors))


class _Reading:
    """One page, read chunk by chunk; a chunk is what stands between blank lines."""

    def __init__(self, chunks: list[str]) -> None:
        self.chunks = chunks
        self.at = 0
        self.headings: list[dict[str, Any]] = []
        self.anchors: set[str] = set()

    def blocks(self, *, inside: bool) -> Iterator[str]:
        """Each block as HTML, to the end of the page or of the element around it."""
        before = ""
        while self.at < len(self.chunks):
            chunk = self.chunks[self.at]
            self.at += 1
            begin = chunk[0]
            kind = ""
            if chunk == "</div>" and inside:
                return
            if begin == "|":
                yield _table(chunk)
            elif begin == "#":
                yield self._heading(chunk)
            elif begin == "!":
                yield self._box(chunk)
            elif chunk.startswith(("<div", "<p")):
                yield self._element(chunk, inside=inside)
            elif "\n:   " in chunk:
                yield self._definitions(chunk, before)
                kind = "dl"
            elif chunk.startswith(("- ", "1. ")):
                yield _list(chunk, before)
                kind = "list"
            else:
                yield f"<p>{_block_text(chunk)}</p>"
            before = kind
        if inside:
            raise _RefusedError

    def _heading(self, chunk: str) -> str:
        found = _HEADING.fullmatch(chunk)
        if not found:
            raise _RefusedError
        level, shown = len(found[1]), _inline(found[2])
        name = " ".join(_TAG.sub("", shown).split())
        anchor = unique(anchor_of(decoded(name), "-"), self.anchors)
        self.headings.append({"level": level, "id": anchor, "name": name})
        return f'<h{level} id="{anchor}">{shown}{_PERMALINK.format(anchor)}</h{level}>'

    def _box(self, chunk: str) -> str:
        found = _BOX.fullmatch(chunk)
        paragraphs = []
        while self.at < len(self.chunks) and self.chunks[self.at].startswith(" "):
            paragraphs.append(self.chunks[self.at])
            self.at += 1
        if not found or not all(part.startswith("    ") for part in paragraphs):
            raise _RefusedError
        body = "".join(f"<p>{_block_text(part[4:])}</p>\n" for part in paragraphs)
        return f'<div class="admonition {found[1]}">\n<p class="admonition-title">{_inline(found[2])}</p>\n{body}</div>'

    def _element(self, chunk: str, *, inside: bool) -> str:
        room = _ROOM.fullmatch(chunk)
        if inside:
            raise _RefusedError
        if room:
            content = "\n".join(self.blocks(inside=True))
            if not content:
                raise _RefusedError
            return f'<div class="{room[1]}">\n{content}\n</div>'
        if not all(_RAW.fullmatch(line) for line in chunk.split("\n")):
            raise _RefusedError
        return f"{chunk}\n"

    def _definitions(self, chunk: str, before: str) -> str:
        """This chunk and all that follow it in the same list."""
        if before:
            raise _RefusedError
        made = []
        while True:
            term, _, meaning = chunk.partition("\n:   ")
            made.append(f"<dt>{_block_text(term)}</dt>\n<dd>{_block_text(meaning)}</dd>\n")
            if self.at == len(self.chunks) or "\n:   " not in self.chunks[self.at]:
                return f"<dl>\n{''.join(made)}</dl>"
            chunk = self.chunks[self.at]
            self.at += 1


def _table(chunk: str) -> str:
    head, _, rest = chunk.partition("\n")
    rule, *rows = rest.split("\n")
    columns = rule.count(" --- |")
    if rule != "|" + " --- |" * columns or not rows:
        raise _RefusedError
    body = "".join(f"<tr>\n{_cells('td', row, columns)}</tr>\n" for row in rows)
    return f"<table>\n<thead>\n<tr>\n{_cells('th', head, columns)}</tr>\n</thead>\n<tbody>\n{body}</tbody>\n</table>"


def _cells(tag: str, row: str, columns: int) -> str:
    cells = row[2:-2].split(" | ")
    if len(cells) != columns or row[:2] != "| " or row[-2:] != " |":
        raise _RefusedError
    return "".join([f"<{tag}>{_inline(cell.strip())}</{tag}>\n" for cell in cells])


def _list(chunk: str, before: str) -> str:
    """A list of single lines, which Markdown would join with one that stands just before."""
    if before:
        raise _RefusedError
    lines = chunk.split("\n")
    tag = "ul" if chunk[0] == "-" else "ol"
    items = []
    for number, line in enumerate(lines, 1):
        found = _ITEM.fullmatch(line)
        if not found or not line.startswith("- " if tag == "ul" else f"{number}. "):
            raise _RefusedError
        items.append(f"<li>{_block_text(found[1])}</li>\n")
    return f"<{tag}>\n{''.join(items)}</{tag}>"


def _block_text(text: str) -> str:
    """Text at whose beginning Markdown looks for a block."""
    if _BEGINS_A_BLOCK.match(text):
        raise _RefusedError
    return _inline(text)


def _inline(text: str) -> str:
    if _ALL_QUIET.fullmatch(text):
        return text
    made = []
    end = 0
    while found := _INLINE.match(text, end):
        kind, end = found.lastgroup, found.end()
        if kind == "same":
            made.append(found[0])
        elif kind == "target":
            made.append(f'<a href="\x02{found["target"]}\x03">{_inline(found["shown"])}</a>')
        else:
            assert kind, "one of the groups has matched"
            made.append(f"<{kind}>{_inline(found[kind])}</{kind}>")
    if end < len(text) or not text:
        raise _RefusedError
    return "".join(made)
