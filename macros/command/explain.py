"""`explain`: what a problem code means and how to mend it."""

from __future__ import annotations

import argparse
import textwrap

from macros.checks import ALL_RULES
from macros.command.screen import show
from macros.command.verbs import command
from macros.encode.terminal import lines as as_lines
from macros.load.manual import CODES, sections_called
from macros.problem import KitError, did_you_mean


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument("code", metavar="CODE", nargs="?", help="a code such as DOC101; without one, all codes are listed")


def run(given: argparse.Namespace) -> int:
    """Print the rule; 3 when there is none of that code."""
    if given.code is None:
        show(as_lines(f"{rule.code}  {rule.severity.value:7}  {rule.title}" for rule in ALL_RULES.values()))
        return 0
    rule = ALL_RULES.get(given.code.upper())
    if rule is None:
        raise KitError(
            f"there is no code '{given.code}'; " + did_you_mean(given.code.upper(), ALL_RULES, "'./aims explain' lists them all")
        )
    lines = [f"{rule.code} ({rule.severity.value}): {rule.title}", "", *textwrap.wrap(rule.reason.replace("`", "'"), 100), ""]
    show(as_lines([*lines, f"Each problem of this code names its own way out. {_manual_on(rule.code)}"]))
    return 0


def _manual_on(code: str) -> str:
    """Where the manual has the code; the rule is explained all the same where the manual did not come along."""
    try:
        place = next(section.place for section in sections_called(code) if section.page.name == CODES)
    except (KitError, StopIteration):
        return "The manual's page 'Problem codes' lists all codes."
    return f"In the manual: {place}, or '{command()} manual {CODES}'."
