"""One pass over what the parser makes of a Markdown text, which gives its blocks; only this module and the parser's are slow to import.

Built on markdown-it-py, with the extensions that the site switches on: tables, admonitions, foldable notes, definition
lists, attribute lists and abbreviations. Macro calls are kept as they are written and never run.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator

from markdown_it.common.html_blocks import block_names
from markdown_it.token import Token

from macros.text.blocks import MAX_NESTING, Block, BlockKind, Link, TooDeep
from macros.text.hidden import HtmlState
from macros.text.site_markdown import parser

_NAME = re.compile(r"\s*</?([A-Za-z][A-Za-z0-9-]*)")
_BLOCK_NAMES = frozenset([*block_names, "pre", "script", "style", "textarea"])
_CALL = re.compile(r"\{\{[^{}\n]{0,400}\}\}")
_KEPT, _BASE = "\ue000{}\ue001", re.compile("\ue000([0-9]+)\ue001")
_PRIVATE = re.compile("[\ue000\ue001]")
# attr_list of Python-Markdown: HEADER_RE, BLOCK_RE and INLINE_RE.
_ATTRIBUTES_OF_HEADING = re.compile(r"[ ]+\{:?[ ]*[^}\n ][^}\n]*\}[ ]*\Z")
_ATTRIBUTES_OF_BLOCK = re.compile(r"\A[ ]*\{:?[ ]*[^}\n ][^}\n]*\}[ ]*\Z")
_ATTRIBUTES_AFTER = re.compile(r"\A\{:?[ ]*[^}\n ][^\n}]*\}")
_ABBREVIATION = re.compile(r"^[ ]{0,3}\*\[[^\]\n]{1,200}\][ ]?:[ ]*[^\n]*$", re.MULTILINE)


def read(body: str) -> tuple[Block, ...]:
    """The blocks of a text whose first line is line 1, as `macros.text.markdown.blocks` gives them.

    Raises:
        TooDeep: It is nested so deeply that something would be left out.
    """
    calls: list[str] = []

    def keep(match: re.Match[str]) -> str:
        calls.append(match.group())
        return _KEPT.format(len(calls) - 1)

    text = _CALL.sub(keep, _PRIVATE.sub("\ufffd", body))
    text = _ABBREVIATION.sub("", text)
    return tuple(_Reading(calls).blocks(parser().parse(text)))


class _Reading:
    """One pass over the parser's tokens; used once."""

    def __init__(self, calls: list[str]) -> None:
        self.calls = calls
        self.above: list[tuple[int, str]] = []
        self.open: list[Token] = []
        self.row: list[tuple[str, str, tuple[Link, ...]]] = []
        self.html = HtmlState()

    def blocks(self, tokens: Iterable[Token]) -> Iterator[Block]:
        for token in tokens:
            if token.nesting == 1:
                self.open.append(token)
                if token.level >= MAX_NESTING - 2:
                    raise TooDeep(self._line(token))
                self.row = [] if token.type == "tr_open" else self.row
            elif token.nesting == -1:
                opened = self.open.pop()
                if token.type == "tr_close":
                    yield self._table_row(opened)
            elif token.type == "inline":
                yield from self._inline(token)
            elif token.type in ("fence", "code_block"):
                yield self._block(BlockKind.CODE, token, self._joined(token.content))
            elif token.type == "html_block":
                name = _NAME.match(token.content)
                self.html.add_markup(token.content)
                shown, hidden = self.html.taken(is_paragraph=bool(name) and name.group(1).lower() not in _BLOCK_NAMES)
                yield self._block(BlockKind.HTML, token, self._joined(shown), self._joined(hidden))

    def _table_row(self, opened: Token) -> Block:
        cells = tuple(cell for cell, _, _ in self.row)
        hidden = " ".join(cell for _, cell, _ in self.row if cell)
        links = tuple(link for _, _, found in self.row for link in found)
        return self._block(BlockKind.ROW, opened, " – ".join(cells), hidden, links, cells=cells)

    def _inline(self, token: Token) -> Iterator[Block]:
        inner = self.open[-1].type if self.open else ""
        text = token if token.map else next((opened for opened in reversed(self.open) if opened.map), token)
        words, hidden, links = self._read(token.children or [], self._line(text))
        shown = self._joined(words)
        if inner in ("th_open", "td_open"):
            self.row.append((shown, hidden, links))
            return
        kind, level = self._kind(inner)
        if kind is BlockKind.HEADING:
            self.above = [(depth, words) for depth, words in self.above if depth < level]
        counts = [len(self._restored(line).split()) for line in words.split("\n")]
        yield self._block(
            kind, text, shown, hidden, links, level, starts=tuple(itertools.accumulate(counts[:-1])), lead=self._lead(token.children or [])
        )
        if kind is BlockKind.HEADING:
            self.above.append((level, shown))

    def _kind(self, inner: str) -> tuple[BlockKind, int]:
        if inner == "heading_open":
            return BlockKind.HEADING, int(self.open[-1].tag[1])
        if inner in ("admonition_title_open", "dt_open"):
            return (BlockKind.TERM if inner == "dt_open" else BlockKind.TITLE), 0
        around = [opened.type for opened in self.open]
        if "list_item_open" in around:
            return BlockKind.ITEM, around.count("list_item_open")
        if "dd_open" in around:
            return BlockKind.DEFINITION, 0
        return (BlockKind.QUOTE if "blockquote_open" in around else BlockKind.PARAGRAPH), 0

    def _read(self, children: list[Token], line: int) -> tuple[str, str, tuple[Link, ...]]:
        """The words that are shown, those that are hidden, and the links of one run of text."""
        links: list[Link] = []
        linked: list[tuple[str, list[str]]] = []
        after = False  # an attribute list may follow what was closed
        for at, child in enumerate(children):
            content = child.content
            if child.type == "text":
                content = _ATTRIBUTES_AFTER.sub("", content) if after else content
                content = self._without_attributes(content, children[:at]) if at == len(children) - 1 else content
                self.html.add_text(content)
            elif child.type in ("softbreak", "hardbreak"):
                content = "\n"
                self.html.add_text(content)
                line += 1
            elif child.type == "code_inline":
                self.html.add_text(content)
            elif child.type == "html_inline":
                self.html.add_markup(content)
                content = ""
            elif child.type == "image":
                links.append(Link(self._joined(content), self._restored(str(child.attrs.get("src", ""))), line, image=True))
                content = ""
            elif child.type == "link_open":
                linked.append((self._restored(str(child.attrs.get("href", ""))), []))
            elif child.type == "link_close":
                target, inside = linked.pop()
                links.append(Link(self._joined("".join(inside)), target, line))
            if linked:
                linked[-1][1].append(content)
            after = child.type in ("code_inline", "image", "link_close", "em_close", "strong_close")
        shown, hidden = self.html.taken(is_paragraph=True)
        return shown, self._joined(hidden), tuple(links)

    def _lead(self, children: list[Token]) -> str:
        written = [child for child in children if child.type != "text" or child.content]
        if not written or written[0].type != "strong_open":
            return ""
        inside = itertools.takewhile(lambda child: child.type != "strong_close", written)
        return self._joined(" ".join(child.content for child in inside))

    def _without_attributes(self, last: str, before: list[Token]) -> str:
        """The last text of a block without the attribute list that may end it: in a heading behind the words, else on a line of its own."""
        if self.open[-1].type == "heading_open":
            return _ATTRIBUTES_OF_HEADING.sub("", last)
        return _ATTRIBUTES_OF_BLOCK.sub("", last) if before and before[-1].type == "softbreak" else last

    def _block(
        self,
        kind: BlockKind,
        token: Token,
        text: str,
        hidden: str = "",
        links: tuple[Link, ...] = (),
        level: int = 0,
        cells: tuple[str, ...] = (),
        starts: tuple[int, ...] = (),
        lead: str = "",
    ) -> Block:
        start, end = token.map or (0, 1)
        above = tuple(words for _, words in self.above)
        return Block(kind, text, start + 1, max(end, start + 1), above, level, cells, hidden, links, starts, lead)

    def _line(self, token: Token) -> int:
        return 1 + (token.map[0] if token.map else 0)

    def _joined(self, text: str) -> str:
        return " ".join(self._restored(text).split())

    def _restored(self, text: str) -> str:
        text = text.replace("%EE%80%80", "\ue000").replace("%EE%80%81", "\ue001")  # as the parser writes addresses
        return _BASE.sub(lambda match: self.calls[int(match.group(1))], text)
