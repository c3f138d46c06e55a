"""`review`: what a change means, for its approver."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from pathlib import Path

from macros.command.formats import FORMATS
from macros.command.outputs import write_outputs
from macros.command.screen import show, tell
from macros.command.workspace import tell_pinned
from macros.generated import RECORD, is_kit_file
from macros.git.repository import Sides, read_sides
from macros.load import load_workspace
from macros.model.generated import Generated
from macros.problem import KitError
from macros.render.review import LIMIT, as_html, as_markdown
from macros.review import review
from macros.review.blocks import KitChange
from macros.review.report import as_json
from macros.review.reported import report_of
from macros.text.strict_json import parse_json
from macros.text.strict_yaml import YamlProblem
from macros.world import today_of


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument("base", metavar="BASE", help="what is in force: a branch, tag or commit")
    parser.add_argument("head", metavar="HEAD", nargs="?", help="what is proposed (default: the files as they lie here)")
    parser.add_argument("--author", help="who proposes it, by id, forge name, e-mail or name; never counts as an approver")
    parser.add_argument(
        "--format", choices=("github", "gitlab", "json", "markdown"), default="markdown", help="how to print (default: markdown)"
    )
    parser.add_argument("--limit", type=int, default=LIMIT, help="most characters of the Markdown (default: %(default)s)")
    parser.add_argument(
        "--release",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="the '.aims.json' of a release of the kit, from the kit itself",
    )
    parser.add_argument("--html", type=Path, metavar="FILE", help="also write one HTML file that can be sent by mail")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the report as JSON")


def run(given: argparse.Namespace) -> int:
    """Print the report; 1 when something blocks the change."""
    sides = read_sides(given.root, given.base, given.head)
    base, head = load_workspace(sides.base), load_workspace(sides.head)
    if base.organisation is None and head.organisation is None and not head.broken:
        raise KitError("neither side holds an 'org.yaml'; a change review is for a generated repository")
    found = review(base, head, given.today or today_of(base), sides.changed, given.author, _kit(sides, given.release))
    tell(f"Compared {sides.base_name[:12]} with {sides.head_name[:12]}")
    tell_pinned(given, base)
    report = report_of(found, sides.base_name, sides.head_name)
    files = {given.html: as_html(report, "Change review")} if given.html else {}
    files |= {given.json: as_json(report)} if given.json else {}
    write_outputs(given, files)
    if given.format == "json":
        text = as_json(report)
    elif given.format == "markdown":
        text = as_markdown(report, given.limit)
    else:
        text = FORMATS[given.format](found.new_problems)
    show(text)
    return int(bool(found.blocks))


def _kit(sides: Sides, releases: Iterable[Path]) -> KitChange:
    """What is proposed of files that the kit owns, beside the releases that are known."""
    changed = [path for path in sides.changed if path == RECORD or is_kit_file(path)]
    here = (sides.head.kit_files() or {}) if changed else {}
    return KitChange({path: here.get(path) for path in changed}, tuple(_release(path) for path in releases))


def _release(path: Path) -> Mapping[str, str]:
    try:
        found = parse_json(path.read_bytes().decode("utf-8")).value
        return Generated.model_validate(found).files
    except OSError as error:
        raise KitError(f"'{path}' cannot be read ({error.strerror})") from None
    except (ValueError, YamlProblem):
        raise KitError(f"'{path}' is no record of a release; name the '.aims.json' of a repository that it has just made") from None
