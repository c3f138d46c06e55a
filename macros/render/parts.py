"""A long table on a generated page goes on over further pages, and stands whole in a CSV file beside them.

Every generated page passes through here, whatever drew its tables, so that no page grows with the years.
"""

from __future__ import annotations

import csv
import html
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import yaml

from macros.encode.data import cell as for_spreadsheet
from macros.encode.markdown import plain
from macros.render.markup import crumbs, link, page

ROWS = 250
"""Rows of a table on one page."""
RECORDS = "aims-table--records"
"""Marks the table that links to single records lead into; its parts are named by their number alone."""
_NEAR = 2

_TABLE = re.compile(r'<div class="aims-table ([^"\n]*)" markdown="1">\n\n((?:\|[^\n]*\n){2})((?:\|[^\n]*\n)+)\n</div>')
_HEADING = re.compile(r"^#{2,6} (.+)$", re.MULTILINE)
_LINK = re.compile(r"\[([^\[\]\n]*)\]\([^()\n]*\)")
_BREAK = re.compile(r"<br\s*/?>")
_TAG = re.compile(r"<[^<>\n]*>")


@dataclass(frozen=True, slots=True)
class _Long:
    """A table that does not fit on its page."""

    title: str
    page: str
    """Path of the page below `docs/`."""
    base: str
    """What the names of the parts and of the CSV file begin with."""
    css: str
    head: str
    rows: Sequence[str]

    @property
    def count(self) -> int:
        return -(-len(self.rows) // ROWS)

    def path(self, number: int) -> str:
        """Path of a part, the first being on the page itself."""
        if number == 1:
            return self.page
        stem = _stem(self.page)
        return f"{stem}/{number}.md" if self.base == stem else f"{self.base}-{number}.md"

    def part(self, number: int) -> str:
        """The rows of one part, with where it stands among the others."""
        first = (number - 1) * ROWS
        rows = self.rows[first : first + ROWS]
        shown = [n for n in range(1, self.count + 1) if n in (1, self.count) or abs(n - number) <= _NEAR]
        steps = [f"**{n}**" if n == number else link(str(n), f"/{self.path(n)}") for n in shown]
        said = (
            f"All {len(self.rows):,} rows; part {number} of {self.count} has rows {first + 1:,} to {first + len(rows):,}, "
            "and a filter looks at these alone."
        )
        line = f"{plain(said)} {' · '.join(steps)} · {link('all as CSV', f'/{self.base}.csv')}"
        return f'{line}\n\n<div class="aims-table {self.css}" markdown="1">\n\n{self.head}{"".join(rows)}\n</div>'


def part_of(page_path: str, index: int) -> str:
    """The page on which a row of a table of records stands.

    Args:
        page_path: The page of the table, such as `/records/suppliers.md`.
        index: Position of the row, from 0.
    """
    number = index // ROWS + 1
    return page_path if number == 1 else f"{_stem(page_path)}/{number}.md"


def in_parts(path: str, text: str) -> Iterator[tuple[str, str]]:
    """A page with what it goes on with: path below `docs/` and text, of the page first, then of its parts and CSV files."""
    if len(text) < 2 * ROWS:
        yield path, text
        return
    found: list[_Long] = []

    def shorten(match: re.Match[str]) -> str:
        rows = match.group(3).splitlines(keepends=True)
        if len(rows) <= ROWS:
            return match.group()
        found.append(_long(path, text, match, rows, {one.base for one in found}))
        return found[-1].part(1)

    short = _TABLE.sub(shorten, text)
    yield path, short
    for table in found:
        for number in range(2, table.count + 1):
            way = crumbs(("Home", "/index.md"), (table.title, f"/{path}"), (f"Part {number}", None))
            yield table.path(number), page(f"{table.title}, part {number} of {table.count}", way, table.part(number), wide=True)
        yield f"{table.base}.csv", as_csv(table.head, table.rows)


def bounded(text: str, rest: str = "") -> str:
    """Markdown for a page that has no parts: a long table ends, and says how many rows there are.

    Args:
        text: The Markdown.
        rest: Where all of them are, as Markdown.
    """

    def shorten(match: re.Match[str]) -> str:
        rows = match.group(3).splitlines(keepends=True)
        if len(rows) <= ROWS:
            return match.group()
        said = f"{plain(f'The first {ROWS} of {len(rows):,} rows are shown here.')}{' ' + rest if rest else ''}"
        return f'{said}\n\n<div class="aims-table {match.group(1)}" markdown="1">\n\n{match.group(2)}{"".join(rows[:ROWS])}\n</div>'

    return _TABLE.sub(shorten, text) if len(text) > 2 * ROWS else text


def as_csv(head: str, rows: Sequence[str]) -> str:
    """A Markdown table as CSV: what its cells show, without links and tags."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([for_spreadsheet(_shown(cell)) for cell in _cells(line)] for line in (head.splitlines()[0], *rows))
    return out.getvalue()


def _cells(line: str) -> list[str]:
    return line.strip().removeprefix("|").removesuffix("|").split(" | ")


def _shown(cell: str) -> str:
    """The text that a reader sees; every mark that was text is a character reference, so what is left is markup."""
    text = _TAG.sub("", _BREAK.sub("; ", _LINK.sub(r"\1", cell))).replace("**", "")
    return " ".join(html.unescape(text).split())


def _long(path: str, text: str, match: re.Match[str], rows: list[str], taken: set[str]) -> _Long:
    title = _title(text) or path
    stem = _stem(path)
    css, head = match.group(1), match.group(2)
    heading = None if RECORDS in css else next(reversed(list(_HEADING.finditer(text, 0, match.start()))), None)
    slug = "" if RECORDS in css else (_slug(heading.group(1)) if heading else "") or "rows"
    base = f"{stem}/{slug}" if slug else stem
    number = 2
    while base in taken:
        base, number = f"{stem}/{slug or 'table'}-table-{number}", number + 1
    return _Long(title, path, base, css, head, rows)


def _title(text: str) -> str | None:
    """The title in the front matter of a generated page."""
    if not text.startswith("---\n") or (end := text.find("\n---\n", 4)) < 0:
        return None
    found = yaml.safe_load(text[4 : end + 1])
    return str(found["title"]) if isinstance(found, dict) and "title" in found else None


def _slug(heading: str) -> str:
    words = unicodedata.normalize("NFKD", _shown(heading)).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", words.lower()))[:60].strip("-")


def _stem(path: str) -> str:
    return path.removesuffix(".md").removesuffix("/index")
