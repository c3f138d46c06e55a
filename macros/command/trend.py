"""`trend`: documents, decisions, records and problems at the end of each month or quarter, from the history of the repository."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Mapping
from pathlib import Path

from macros.cache import kept_value
from macros.command.repository import History, Objects, folder_in_repository, history_of, tree_of
from macros.command.screen import show
from macros.command.workspace import world_of
from macros.encode.data import as_json as json_text
from macros.load import load_workspace
from macros.problem import KitError
from macros.render.trend import as_markdown, as_text
from macros.site import World
from macros.trend import MEASURES, Point, Trend, counts, ends_before

EVERY = "quarter"
LAST = 8
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
    world = world_of(given)
    if world.workspace.organisation is None:
        raise KitError("there is no 'org.yaml' here that can be read; run this in a generated repository, or name one with --root")
    found = trend_of(given.root, world, given.every, given.last)
    formats = {"json": as_json, "markdown": as_markdown, "text": as_text}
    show(formats[given.format](found))
    return 0


def trend_of(root: Path, world: World, every: str = EVERY, last: int = LAST) -> Trend:
    """Counts at the ends of the periods before the world's day, then those of the world itself.

    Args:
        root: The folder of the repository; past commits are read as blobs, nothing is checked out.
        world: What lies in that folder.
        every: `month` or `quarter`.
        last: How many ends of periods at most.
    """
    now = Point(world.today, None, counts(world.workspace, world.judged, world.today))
    history = history_of(root)
    if history is None:
        return Trend((now,), "No history of a git repository can be read here, so that only today is counted.")
    objects, prefix = Objects(root), folder_in_repository(root)
    points: list[Point] = []
    gone: list[datetime.date] = []
    for day in ends_before(world.today, every, last):
        commit = history.at(day)
        counted = _counted(objects, commit.tree, prefix, day) if commit else None
        if commit is None or counted is None:
            gone.append(day)
        else:
            points.append(Point(day, commit.name, counted))
    return Trend((*points, now), _remark(history, gone))


def _counted(objects: Objects, tree: str, prefix: str, day: datetime.date) -> Mapping[str, int] | None:
    """The counts of a commit's files as of a day; None where no management system lay among them."""

    def count() -> Mapping[str, int] | None:
        files = tree_of(objects, tree, prefix)
        if files is None:
            return None
        then = World(load_workspace(files), day)
        return counts(then.workspace, then.judged, day)

    # What a tree holds never changes, and a served site is built again with every key that is saved.
    return kept_value("counts", f"{tree} {day} {prefix}", count, _are_counts)


def _are_counts(found: object) -> bool:
    if not isinstance(found, dict):
        return found is None
    return list(found) == list(MEASURES) and all(type(number) is int for number in found.values())


def _remark(history: History, gone: list[datetime.date]) -> str | None:
    if not gone:
        return None
    if history.shallow:
        return f"This clone is shallow, so that {gone[-1]} and earlier days cannot be counted; 'git fetch --unshallow' brings the rest."
    return f"On {gone[-1]} and earlier, the history of this repository holds no management system yet."


def as_json(found: Trend) -> str:
    """An object with `points`, each with `day`, `commit` and the counts, and a `remark`."""
    points = [{"day": str(point.day), "commit": point.commit, **point.counts} for point in found.points]
    return json_text({"points": points, "remark": found.remark})
