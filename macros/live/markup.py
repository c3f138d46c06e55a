"""Markup read strictly, tag by tag: what is written in one plain way is read, and everything else is called odd.

A browser reads far more than this and guesses where it must. What two readers could take for different things is never
guessed at here, so that nothing hides between the reader that looks and the one that shows.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from macros.live.allowed import NOTHING, VOID, Additions, Attributes, Fault, Writer, Wrong, faults_of

_SPACE = r"[ \t\n\r\f]"
TAG = re.compile(
    rf"<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*+)"
    rf"(?P<attributes>(?>{_SPACE}++[A-Za-z_:@][A-Za-z0-9_:.@-]*+"
    rf"(?>{_SPACE}*+={_SPACE}*+(?>\"[^\"<>\x00]*+\"|'[^'<>\x00]*+'|[^ \t\n\r\f\"'`=<>\x00]++))?)*+){_SPACE}*+(?P<empty>/?)>"
)
"""A tag in a form that every reader takes for the same; values hold no angle brackets."""
COMMENT = re.compile(r"<!--(?!-?>)(?>[^-<]++|-(?!-)|<(?!!--))*+-->")
"""A comment that every reader ends at the same place."""
_ATTRIBUTE = re.compile(rf"([A-Za-z_:@][A-Za-z0-9_:.@-]*+)(?:{_SPACE}*+={_SPACE}*+(?:\"([^\"]*+)\"|'([^']*+)'|([^ \t\n\r\f\"'`=<>]++)))?")
START = re.compile(r"<(?=[A-Za-z/!?])")
"""Where a browser leaves text; after every other `<` it goes on reading text."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something outside the allow-list, and the line on which it begins, from 1."""

    line: int
    fault: Fault
    in_list: bool = field(default=False, compare=False)
    """Whether it stands in a list of attributes between single braces."""


def attributes_of(text: str) -> Attributes:
    """Names in small letters and values, character references resolved, of what stands in a tag after its name."""
    return tuple(
        (match[1].lower(), next((html.unescape(value) for value in match.groups()[1:] if value is not None), None))
        for match in _ATTRIBUTE.finditer(text)
    )


def line_at(text: str, at: int) -> int:
    """The line of a place in a text, from 1."""
    return text.count("\n", 0, at) + 1


def odd(text: str, at: int) -> Fault:
    """What is said of markup that is not written in one of the plain forms."""
    line = text[at : at + 40].split("\n", 1)[0]
    return Fault(Wrong.MARKUP, f"markup that can be read in more than one way, '{line}'")


def unopened(name: str) -> Fault:
    """What is said of the end of an element that was not begun: it could close what stands around the page."""
    return Fault(Wrong.MARKUP, f"end of '{name}' without its beginning")


@lru_cache(maxsize=8192)
def faults_of_tag(tag: str, additions: Additions, writer: Writer) -> tuple[str, bool, bool, tuple[Fault, ...]]:
    """Of a tag as written: its name, whether it ends an element, whether it needs an end, and what is wrong with it."""
    match = TAG.fullmatch(tag)
    assert match is not None, "it was found as a tag"
    name = match["name"].lower()
    if match["end"]:
        found = tuple(faults_of(name, (), additions, writer))
        if match["attributes"] or match["empty"] or name in VOID:
            found += (odd(tag, 0),)
        return name, True, False, found
    return name, False, name not in VOID, tuple(faults_of(name, attributes_of(match["attributes"]), additions, writer))


def tags_in(text: str, begin: int = 0, start: re.Pattern[str] = START) -> Iterator[tuple[int, re.Match[str] | None]]:
    """Every tag with its place, comments left out; None where something is not written in one of the plain forms.

    Args:
        text: Markup.
        begin: Where to begin.
        start: What leaves text: `START` in HTML, every angle bracket in XML.
    """
    end = begin
    for found in start.finditer(text, begin):
        at = found.start()
        if at < end:
            continue
        comment = COMMENT.match(text, at)
        tag = None if comment else TAG.match(text, at)
        end = comment.end() if comment else tag.end() if tag else at
        if not comment:
            yield at, tag


def read_fragment(text: str, additions: Additions = NOTHING, writer: Writer = Writer.HOST) -> Iterator[Found]:
    """What is outside the allow-list in HTML that Markdown made, exactly: every tag that a browser would see is read.

    An end without a beginning is named as well: with it a page could close what the theme opened around it.

    Args:
        text: The HTML of the body of a page.
        additions: What the organisation added.
        writer: Who had a hand in it.
    """
    opened: Counter[str] = Counter()
    for at, tag in tags_in(text):
        if tag is None:
            yield Found(line_at(text, at), odd(text, at))
            return
        name, closes, opens, faults = faults_of_tag(tag.group(), additions, writer)
        for fault in faults:
            yield Found(line_at(text, at), fault)
        opened[name] += opens - closes
        if opened[name] < 0:
            yield Found(line_at(text, at), unopened(name))
            return
