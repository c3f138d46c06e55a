"""`check`: every problem, with file, line, code and way out."""

from __future__ import annotations

import argparse
from pathlib import Path

from macros.checks import run_site_checks
from macros.checks.page_html import additions_of
from macros.command.formats import FORMATS
from macros.command.screen import show, tell
from macros.command.workspace import tell_pinned, world_of
from macros.load.built_live import delivered
from macros.load.built_site import load_site, site_url_in
from macros.problem import Problem, Severity
from macros.world import World


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument("--format", choices=sorted(FORMATS), default="text", help="how to print (default: text)")
    parser.add_argument(
        "--site", type=Path, metavar="FOLDER", help="check the built site in this folder for links that lead nowhere, and not the sources"
    )
    parser.add_argument(
        "--fail-on",
        choices=[severity.value for severity in Severity],
        default="warning",
        help="the lightest problem that makes the exit code 1 (default: warning)",
    )


def run(given: argparse.Namespace) -> int:
    """Print the problems; 1 when one is at least as heavy as `--fail-on`."""
    world = world_of(given)
    tell_pinned(given, world.workspace)
    problems = world.problems if given.site is None else site_problems(world, given.site)
    print_problems(problems, given.format)
    limit = Severity(given.fail_on).rank
    return int(any(problem.severity.rank <= limit for problem in problems))


def site_problems(world: World, folder: Path) -> tuple[Problem, ...]:
    """What the rules about built sites say of a folder.

    Raises:
        KitError: There is no HTML page in it.
    """
    known = delivered(world.root / "docs" if world.root else None, additions_of(world.workspace))
    site = load_site(folder, site_url_in(world.workspace.texts.get("mkdocs.yml", "")), known)
    return run_site_checks(world.workspace, world.today, site)


def print_problems(problems: tuple[Problem, ...], form: str) -> None:
    """Print problems in one of the formats, and for people a count of them on stderr."""
    # A file name that is no UTF-8 is shown with its odd bytes written out; JSON reads them back as they were.
    show(FORMATS[form](problems))
    if form == "text":
        counted = ", ".join(f"{sum(problem.severity is severity for problem in problems)} {severity.value}s" for severity in Severity)
        tell(counted)
