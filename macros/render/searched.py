"""What the search index holds of a finished page, section by section, as Material's own search would read it out of the page.

That search reads each page with a parser for any HTML, which takes a third of the processor time of a build. A page that
the engine finished holds few kinds of elements, and is read here in one pass.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from macros.encode.html import indexed

_PIECE = re.compile(r"<(/?)([a-z][a-z0-9]*+)([^<>]*+)>([^<]*+)")
_ID = re.compile(r' id="([^"]++)"')
_PERMALINK = re.compile(r'<a class="headerlink"[^<>]*+>&para;</a>')
_KEPT = frozenset(("p", "code", "li", "ol", "ul"))
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_TEXTS = (
    _KEPT
    | _HEADINGS
    | frozenset(("a", "br", "dd", "div", "dl", "dt", "em", "i", "small", "span", "strong", "table", "tbody", "td", "th", "thead", "tr"))
)
_ENDED = 10**9


@dataclass(slots=True)
class IndexEntry:
    """A heading with what follows it, as pieces of HTML without any but the plainest tags."""

    tag: str
    depth: int
    id: str | None = None
    title: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)

    def part(self, context: list[str]) -> list[str]:
        """Where a piece belongs that stands within these elements."""
        return self.title if self.tag in context else self.text


def searched(html: str) -> list[IndexEntry] | None:
    """The sections of a page; None where it holds an element of another kind.

    Args:
        html: A page as `finished` makes it.
    """
    sections: list[IndexEntry] = []
    context: list[str] = []
    now: IndexEntry | None = None
    end = 0
    html = _PERMALINK.sub("", html)
    for found in _PIECE.finditer(html):
        closes, tag, attributes, data = found.groups()
        if found.start() != end or tag not in _TEXTS:
            return None
        end = found.end()
        if not closes and tag != "br":
            context.append(tag)
            if tag in _HEADINGS and (named := _ID.search(attributes)):
                if not sections:
                    sections.append(IndexEntry("", len(context)))
                now = IndexEntry(tag, len(context), named[1])
                sections.append(now)
            if now is None:
                now = IndexEntry("", 0)
                sections.append(now)
            if tag in _KEPT:
                now.part(context).append(f"<{tag}>")
        elif closes and context and context[-1] == tag:
            assert now is not None, "an element has begun"
            now = _around(now, sections, len(context))
            context.pop()
            if tag in _KEPT and not _close(now.part(context), tag):
                return None
        if data:
            if now is None:
                now = IndexEntry("", 0)
                sections.append(now)
            _add(now, data, context)
    return sections if end == len(html) else None


def _around(now: IndexEntry, sections: list[IndexEntry], depth: int) -> IndexEntry:
    """The section that goes on where an element ends that held the heading of this one."""
    if now.depth > depth:
        for section in reversed(sections):
            if section.depth <= depth:
                now.depth = _ENDED
                return section
    return now


def _close(part: list[str], tag: str) -> bool:
    """End an element, or take it out where nothing has come since the first of its kind; False where there is none."""
    opening = f"<{tag}>"
    if opening not in part:
        return False
    first = part.index(opening)
    if all(piece.isspace() for piece in part[first + 1 :]):
        del part[first:]
    else:
        part.append(f"</{tag}>")
    return True


def _add(now: IndexEntry, data: str, context: list[str]) -> None:
    text = indexed(data)
    blank = text.isspace()
    text = " " if blank else text.replace("\n", " ")
    if now.tag in context:
        now.title.append(text)
    elif not blank or not now.text or not now.text[-1].isspace():
        now.text.append(text)
