"""One pass over what the parser makes of a Markdown text, which gives its blocks; only this module and the parser's are slow to import.

Built on markdown-it-py, with the extensions that the site switches on: tables, admonitions, foldable notes, definition
lists, attribute lists and abbreviations. Macro calls are kept as they are written and never run.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from markdown_it.common.html_blocks import block_names
from markdown_it.token import Token

from macros.text.blocks import MAX_NESTING, Block, BlockKind, TooDeep, WrittenLink
from macros.text.hidden import HtmlState
from macros.text.site_markdown import parser

_NAME = re.compile(r"\s*</?([A-Za-z][A-Za-z0-9-]*)")
_BLOCK_NAMES = frozenset([*block_names, "pre", "script", "style", "textarea"])
_CALL = re.compile(r"\{\{[^{}\n]{0,400}\}\}")
# Private signs, which are taken out of every text that is read: around the number of a macro call, around the words of a link
# with its number, around the number of a picture, around code, and around a tag.
_PRIVATE = re.compile("[\ue000-\ue008]")
_CALL_SIGN, _LINK_BEGINS, _LINK_ENDS, _PICTURE, _CODE = "\ue000{}\ue001", "\ue002", "\ue003{}\ue001", "\ue008{}\ue001", "\ue004{}\ue005"
_CALLED = re.compile("\ue000([0-9]+)\ue001")
_NUMBERED = re.compile("([\ue003\ue008])([0-9]+)\ue001")
_TAG = re.compile("\ue006[^\ue006\ue007]*\ue007")
_LINK = re.compile("\ue002[^\ue002\ue003]*\ue003[0-9]+\ue001")
_NOT_RUNNING = re.compile("\ue000[0-9]+\ue001|\ue004[^\ue004\ue005]*\ue005")
_ADDRESS = re.compile(r"https?://[^\s<>)\]]+|\bmailto:[^\s<>)\]]+")
# attr_list of Python-Markdown: BLOCK_RE and INLINE_RE; HEADER_RE is `_without_list`.
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
        return _CALL_SIGN.format(len(calls) - 1)

    text = _CALL.sub(keep, _PRIVATE.sub("\ufffd", body).replace("\r", " "))  # the lines of a file end in one way only
    text = _ABBREVIATION.sub("", text)
    return tuple(_Reading(text, calls).blocks(parser().parse(text)))


class _Reading:
    """One pass over the parser's tokens; used once."""

    def __init__(self, body: str, calls: list[str]) -> None:
        self.lines, self.calls = body.split("\n"), calls
        self.above: list[tuple[int, str]] = []
        self.open: list[Token] = []
        self.row: list[tuple[str, str, list[WrittenLink]]] = []
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
                yield self._block(BlockKind.CODE, token, _CODE.format(token.content.rstrip("\n")))
            elif token.type == "hr":
                found = self._block(BlockKind.RULE, token, "")
                yield replace(found, running=(self.lines[found.line - 1].strip(),))
            elif token.type == "html_block":
                name = _NAME.match(token.content)
                self.html.add_markup(token.content.rstrip("\n"))
                shown, hidden = self.html.taken(is_paragraph=name is not None and name.group(1).lower() not in _BLOCK_NAMES)
                yield self._block(BlockKind.HTML, token, shown, hidden)

    def _table_row(self, opened: Token) -> Block:
        links: list[WrittenLink] = []
        marked = []
        for cell, _, found in self.row:
            marked.append(_renumbered(cell, len(links)) if links else cell)
            links += found
        row = self._block(BlockKind.ROW, opened, " – ".join(marked), " ".join(cell for _, cell, _ in self.row if cell.strip()), links)
        return replace(row, cells=tuple(self._shown(cell) for cell in marked))

    def _inline(self, token: Token) -> Iterator[Block]:
        inner = self.open[-1].type if self.open else ""
        place = token if token.map else next((opened for opened in reversed(self.open) if opened.map), token)
        marked, hidden, links = self._read(token.children or [], self._line(place))
        if inner in ("th_open", "td_open"):
            self.row.append((marked, hidden, links))
            return
        kind, level = self._kind(inner)
        if kind is BlockKind.HEADING:
            self.above = [(depth, words) for depth, words in self.above if depth < level]
        block = self._block(kind, place, marked, hidden, links)
        yield replace(block, level=level, lead=self._lead(token.children or []), is_within=len(self.open) > 1)
        if kind is BlockKind.HEADING:
            self.above.append((level, block.text))

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

    def _read(self, children: list[Token], line: int) -> tuple[str, str, list[WrittenLink]]:
        """One run of text: what is shown, with private signs and line breaks; what is hidden; and its links."""
        links: list[WrittenLink] = []
        linked: list[tuple[str, int, list[str]]] = []
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
            elif child.type == "code_inline":
                content += "\n" * child.meta.get("breaks", 0)
                self.html.add_text(_CODE.format(content))
            elif child.type == "html_inline":
                self.html.add_markup(content)
            elif child.type == "image":
                self.html.add_text(_PICTURE.format(len(links)))
                links.append(WrittenLink(self._shown(content), self._target(child, "src"), line, image=True))
            elif child.type == "link_open":
                linked.append((self._target(child, "href"), line, []))
                self.html.add_text(_LINK_BEGINS)
            elif child.type == "link_close":
                target, begun, inside = linked.pop()
                self.html.add_text(_LINK_ENDS.format(len(links)))
                links.append(WrittenLink(self._shown("".join(inside)), target, begun))
            line += content.count("\n")
            if linked and child.type in ("text", "softbreak", "hardbreak", "code_inline"):
                linked[-1][2].append(content)
            after = child.type in ("code_inline", "image", "link_close", "em_close", "strong_close")
        return *self.html.taken(is_paragraph=True), links

    def _target(self, child: Token, name: str) -> str:
        # The parser writes signs in addresses as bytes.
        written = str(child.attrs.get(name, "")).replace("%EE%80%80", "\ue000").replace("%EE%80%81", "\ue001")
        return self._restored(written)

    def _lead(self, children: list[Token]) -> str:
        written = [child for child in children if child.type != "text" or child.content]
        if not written or written[0].type != "strong_open":
            return ""
        inside = itertools.takewhile(lambda child: child.type != "strong_close", written)
        return self._shown(" ".join(child.content for child in inside))

    def _without_attributes(self, last: str, before: list[Token]) -> str:
        """The last text of a block without the attribute list that may end it: in a heading behind the words, else on a line of its own."""
        if self.open[-1].type == "heading_open":
            return _without_list(last)
        return _ATTRIBUTES_OF_BLOCK.sub("", last) if before and before[-1].type == "softbreak" else last

    def _block(self, kind: BlockKind, token: Token, marked: str, hidden: str = "", links: Sequence[WrittenLink] = ()) -> Block:
        start, end = token.map or (0, 1)
        above = tuple(words for _, words in self.above)
        lines = marked.split("\n")
        written, running = marked, lines
        if _PRIVATE.search(marked):
            written = self._restored(_NUMBERED.sub(lambda match: _link(match.group(1), links[int(match.group(2))]), _TAG.sub("", marked)))
            written = written.replace(_LINK_BEGINS, "[")
            running = _running(marked).split("\n")
        counts = [len(_PRIVATE.sub("", line).split()) for line in written.split("\n")[:-1]]
        return Block(
            kind,
            self._shown(marked),
            start + 1,
            max(end, start + 1),
            above,
            hidden=self._shown(hidden),
            links=tuple(links),
            written=" ".join(_PRIVATE.sub("", written).split()),
            starts=tuple(itertools.accumulate(counts)),
            running=tuple(_ADDRESS.sub(" ", line) if ":" in line else line for line in running),
        )

    def _line(self, token: Token) -> int:
        return 1 + (token.map[0] if token.map else 0)

    def _shown(self, marked: str) -> str:
        if _PRIVATE.search(marked):
            marked = _PRIVATE.sub("", self._restored(_NUMBERED.sub("", _TAG.sub("", marked))))
        return " ".join(marked.split())

    def _restored(self, text: str) -> str:
        return _CALLED.sub(lambda match: self.calls[int(match.group(1))], text)


def _without_list(heading: str) -> str:
    """The text of a heading without the attribute list at its end."""
    text = heading.rstrip(" ")
    if not text.endswith("}"):
        return heading
    begin = text.find(" {", text.rfind("}", 0, -1) + 1)
    inside = text[begin + 2 : -1].removeprefix(":").strip(" ")
    return text[:begin].rstrip(" ") if begin != -1 and inside and "\n" not in inside else heading


def _renumbered(cell: str, by: int) -> str:
    """A cell whose links have their numbers among those of its row."""
    return _NUMBERED.sub(lambda match: f"{match.group(1)}{int(match.group(2)) + by}\ue001", cell)


def _link(sign: str, link: WrittenLink) -> str:
    return f"![{link.text}]({link.target})" if sign == "\ue008" else f"]({link.target})"


def _running(marked: str) -> str:
    text = _LINK.sub(lambda match: " " + "\n" * match.group().count("\n"), re.sub("\ue008[0-9]+\ue001", "", marked))
    return _PRIVATE.sub("", _NOT_RUNNING.sub(lambda match: " " + "\n" * match.group().count("\n"), text))
