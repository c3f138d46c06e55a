"""Text made safe for Markdown, and the few shapes that every page is built from."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from enum import Enum
from typing import Any

from macros.encode.front_matter import Entry, front_matter
from macros.encode.markdown import plain
from macros.encode.markdown import target as linked

__all__ = [
    "admonition",
    "badge",
    "crumbs",
    "day",
    "definitions",
    "link",
    "page",
    "plain",
    "rows_of",
    "running",
    "sentences",
    "shown",
    "table",
]


def shown(value: Any) -> str:
    """A value as a reader expects it: words for enums, a dash for nothing, lists joined by commas."""
    if value is None or value in ((), ""):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Enum):
        return plain(str(value.value).replace("-", " "))
    if isinstance(value, datetime.date):
        return plain(value.isoformat())
    if isinstance(value, tuple):
        return ", ".join(shown(item) for item in value)
    return plain(value)


def day(value: datetime.date | None) -> str:
    """A day that no line break divides; a dash for none."""
    return f'<span class="aims-nowrap">{shown(value)}</span>' if value else shown(value)


def link(text: str, target: str | None, anchor: str = "") -> str:
    """Text, made safe, that leads to a page when there is one.

    Args:
        text: What to show.
        target: Path of a page from the root of the documents, with a leading slash; None for no link.
        anchor: The heading on that page, as the host names it; empty for the page itself.
    """
    place = f"{linked(target)}#{linked(anchor)}" if target and anchor else linked(target or "")
    return f"[{plain(text)}]({place})" if target else plain(text)


def badge(text: str, tone: str) -> str:
    """A word on a coloured ground; the tone is one of `good`, `warn`, `bad`, `info`, `calm`."""
    return f'<span class="aims-badge aims-badge--{tone}">{plain(text)}</span>'


def rows_of(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; cells are Markdown already, headings are text. Nothing where there is no row."""
    head = [plain(heading) for heading in headings]
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(cell or "–" for cell in row) + " |" for row in rows]
    return "\n".join(lines) if len(lines) > 2 else ""


def table(headings: Iterable[str], rows: Iterable[Iterable[str]], css: str = "") -> str:
    """A Markdown table in the site's look; nothing where there is no row."""
    body = rows_of(headings, rows)
    return f'<div class="aims-table {css}" markdown="1">\n\n{body}\n\n</div>' if body else ""


def definitions(pairs: Iterable[tuple[str, str]], css: str) -> str:
    """A list of terms and what they are; the second of each pair is Markdown."""
    lines = []
    for term, meaning in pairs:
        lines += [plain(term), f":   {meaning}", ""]
    return f'<div class="{css}" markdown="1">\n\n' + "\n".join(lines) + "\n</div>"


def crumbs(*steps: tuple[str, str | None]) -> str:
    """The way from the top to this page."""
    return '<div class="aims-crumbs" markdown="1">\n\n' + " › ".join(link(text, target) for text, target in steps) + "\n\n</div>"


def admonition(kind: str, title: str, text: str) -> str:
    """A boxed remark; `text` is Markdown."""
    body = "\n".join(f"    {line}" if line else "" for line in text.split("\n"))
    return f'!!! {kind} "{plain(title)}"\n\n{body}'


def sentences(text: str) -> str:
    """Running text, made safe; line breaks of the source are joined."""
    return plain(text)


def running(text: str) -> str:
    """Text for a table cell; long text gets a column wide enough to be read."""
    return f'<span class="aims-long">{plain(text)}</span>' if len(text) > 90 else plain(text)


def page(title: str, *parts: str, description: str | None = None, wide: bool = False) -> str:
    """A whole generated page: front matter, then its parts. It holds no template code, and is not rendered as one.

    Args:
        title: Title of the page.
        parts: Markdown, in order; empty parts are left out.
        description: A sentence for search engines and previews.
        wide: Leave out the table of contents beside the page, for tables with many columns.
    """
    head: dict[str, Entry] = {"title": title, "render_macros": False}
    if description:
        head["description"] = description
    if wide:
        head["hide"] = ["toc"]
    return front_matter(head) + "\n" + "\n\n".join(part for part in parts if part) + "\n"
