"""`trend`: documents, decisions, records and problems at the end of each month or quarter, from the history of the repository."""

from __future__ import annotations

import argparse

from macros.command.screen import show
from macros.command.workspace import organisation_of, tell_pinned
from macros.encode.data import as_json as json_text
from macros.render.trend import as_markdown, as_text
from macros.reports.trend import EVERY, LAST, Trend, trend_of

MOST = 120


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument("--every", choices=("month", "quarter"), default=EVERY, help="the length of a period (default: quarter)")
    parser.add_argument("--last", type=_count, default=LAST, metavar="N", help=f"how many ends of periods before today (default: {LAST})")
    parser.add_argument("--format", choices=("json", "markdown", "text"), default="text", help="how to print (default: text)")


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= MOST:
        raise argparse.ArgumentTypeError(f"'{text}' is no number from 1 to {MOST}")
    return int(text)


def run(given: argparse.Namespace) -> int:
    """Print the counts; 0 always, since a trend is no problem."""
    world = organisation_of(given, "controls")
    found = trend_of(given.root, world.judged, given.every, given.last)
    formats = {"json": as_json, "markdown": as_markdown, "text": as_text}
    tell_pinned(given, world.workspace)
    show(formats[given.format](found))
    return 0


def as_json(found: Trend) -> str:
    """An object with `points`, each with `day`, `commit` and the counts, and a `remark`."""
    points = [{"day": str(point.day), "commit": point.commit, **point.counts} for point in found.points]
    return json_text({"points": points, "remark": found.remark})
