"""`comment`: the report of a change review as the one comment on a proposal, out of a file that nobody vouches for."""

from __future__ import annotations

import argparse
from pathlib import Path

from macros.command.screen import show
from macros.problem import KitError
from macros.render.review import LIMIT, as_comment
from macros.review.report import LARGEST, Report, read_report


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument("file", metavar="FILE", type=Path, help="the JSON that `review --json` wrote")
    parser.add_argument("--head", metavar="SHA", help="refuse a report on any other commit than this one")
    parser.add_argument("--limit", type=int, default=LIMIT, help="most characters of the comment (default: %(default)s)")


def run(given: argparse.Namespace) -> int:
    """Print the comment; its first line is the marker by which a forge's job finds it again."""
    report = read_report(_content(given.file), given.file.name)
    if given.head is not None and report.head != given.head:
        raise KitError(f"'{given.file.name}' is a report on {_commit(report)} and not on commit '{given.head}'; run the review again")
    show(as_comment(report, given.limit))
    return 0


def _commit(report: Report) -> str:
    return "files that were not committed" if report.head == "working tree" else f"commit '{report.head}'"


def _content(path: Path) -> bytes:
    if path.is_symlink() or not path.is_file():
        raise KitError(f"'{path}' is no file; name the JSON that './aims review BASE HEAD --json FILE' wrote")
    try:
        with path.open("rb") as stream:
            return stream.read(LARGEST + 1)
    except OSError as error:
        raise KitError(f"'{path}' cannot be read: {error.strerror}") from None
