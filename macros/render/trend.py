"""The course of time as a table: a row for each measure, a column for each day."""

from __future__ import annotations

from collections.abc import Sequence

from macros.encode.terminal import lines as as_lines
from macros.render.markup import plain, rows_of, sentences, table
from macros.reports.trend import MEASURES, Trend

STEPS = "▁▂▃▄▅▆▇█"
JUDGED = "Each day is counted from the commit that was in force at its end, and judged as of that day by the rules of the present engine."


def course(values: Sequence[int]) -> str:
    """A row of bars, the tallest for the largest value; flat where nothing changed."""
    low, high = min(values), max(values)
    return "".join(STEPS[0] if high == low else STEPS[round((value - low) * (len(STEPS) - 1) / (high - low))] for value in values)


def as_text(trend: Trend) -> str:
    """A table for the terminal, with a bar for each value."""
    days = [str(point.day) for point in trend.points]
    width = max(map(len, MEASURES.values()))
    lines = ["  ".join(["".ljust(width), *days, "course"]).rstrip()]
    for key, title in MEASURES.items():
        values = [point.counts[key] for point in trend.points]
        lines.append("  ".join([title.ljust(width), *(str(value).rjust(10) for value in values), course(values)]))
    lines.append("  ".join(["Commit".ljust(width), *(_commit(point.commit).rjust(10) for point in trend.points)]))
    return as_lines([*lines, *_remarks(trend)])


def as_markdown(trend: Trend) -> str:
    """The same as a Markdown table and sentences."""
    return "\n\n".join([rows_of(_headings(trend), _rows(trend)), *map(sentences, _remarks(trend))]) + "\n"


def trend_page(trend: Trend) -> str:
    """The same for the site."""
    return "\n\n".join([*map(sentences, _remarks(trend)), table(_headings(trend), _rows(trend), "aims-table--dense")])


def _headings(trend: Trend) -> list[str]:
    return ["Measure", *(str(point.day) for point in trend.points), "Course"]


def _rows(trend: Trend) -> list[list[str]]:
    rows = []
    for key, title in MEASURES.items():
        values = [point.counts[key] for point in trend.points]
        rows.append([plain(title), *map(str, values), course(values)])
    return [*rows, ["Commit", *(plain(_commit(point.commit)) for point in trend.points), "–"]]


def _commit(name: str | None) -> str:
    return name[:8] if name else "as here"


def _remarks(trend: Trend) -> list[str]:
    said = [JUDGED] if len(trend.points) > 1 else []
    return [*said, *([trend.remark] if trend.remark else [])]
