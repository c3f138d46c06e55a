"""The blocks of which a Markdown text consists, as a reader of the site sees them, with their lines."""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from enum import Enum

MAX_NESTING = 40
"""How deep lists and quotes are followed, two steps for each; what lies deeper is refused, and on no page that people read."""


class TooDeep(ValueError):
    """Lists or quotes are nested so deeply that the parser would leave out what is in them."""

    def __init__(self, line: int) -> None:
        super().__init__("lists or quotations stand too deeply in one another to be read")
        self.line = line


class BlockKind(str, Enum):
    """What a block is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    """A paragraph of a list item."""
    QUOTE = "quote"
    """A paragraph of a quotation."""
    ROW = "row"
    """One row of a table; `cells` has its cells."""
    TERM = "term"
    DEFINITION = "definition"
    TITLE = "title"
    """The title of an admonition or of a foldable note."""
    HTML = "html"
    """HTML that stands in the text as it is."""
    CODE = "code"
    """A fence or an indented block: shown, and no rule."""
    RULE = "rule"
    """A line across the page, without text."""


@dataclass(frozen=True, slots=True)
class WrittenLink:
    """A link or picture as it is written."""

    text: str
    """The words that a reader clicks; of a picture, its description."""
    target: str
    line: int
    image: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a text."""

    kind: BlockKind
    text: str
    """What a reader sees, on one line; macro calls as they are written."""
    line: int
    """First line in its file, from 1."""
    end: int
    """Last line in its file."""
    headings: tuple[str, ...] = ()
    """The headings above it, the topmost first; a heading is not above itself."""
    level: int = 0
    """Of a heading, 1 to 6; of an item, how deep it is nested, from 1; otherwise 0."""
    cells: tuple[str, ...] = ()
    """Of a row of a table, what a reader sees in each cell."""
    hidden: str = ""
    """What is written in it and not shown, or struck out."""
    links: tuple[WrittenLink, ...] = ()
    written: str = ""
    """The same with links as they are written, `[words](target)`: what a change is seen by."""
    starts: tuple[int, ...] = ()
    """How many words of `written` stand before its second source line, its third, and so on."""
    running: tuple[str, ...] = ()
    """The same line by line, without code, links, addresses and macro calls, and with tags of which HTML knows nothing."""
    is_within: bool = False
    """Whether it stands in a list, a quotation, a box or a definition."""
    lead: str = ""
    """The bold words with which it begins, such as the name of a rule; empty where it begins otherwise."""

    def line_of(self, word: int) -> int:
        """The line of its file on which a word of `written` stands, counted from 0."""
        return self.line + bisect.bisect_right(self.starts, word)

    @property
    def is_prose(self) -> bool:
        """Whether its sentences can say what has to be done."""
        return self.kind not in (BlockKind.CODE, BlockKind.HEADING, BlockKind.RULE)
