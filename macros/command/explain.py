"""`explain`: what a problem code means and how to mend it."""

from __future__ import annotations

import argparse
import textwrap

from macros.checks import ALL_RULES
from macros.checks.registry import did_you_mean
from macros.problem import KitError


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument("code", metavar="CODE", nargs="?", help="a code such as DOC101; without one, all codes are listed")


def run(given: argparse.Namespace) -> int:
    """Print the rule; 3 when there is none of that code."""
    if given.code is None:
        for rule in ALL_RULES.values():
            print(f"{rule.code}  {rule.severity.value:7}  {rule.title}")
        return 0
    rule = ALL_RULES.get(given.code.upper())
    if rule is None:
        raise KitError(
            f"there is no code '{given.code}'; " + did_you_mean(given.code.upper(), ALL_RULES, "'python -m macros explain' lists them all")
        )
    print(f"{rule.code} ({rule.severity.value}): {rule.title}\n")
    print(textwrap.fill(rule.reason.replace("`", "'"), 100))
    print("\nEach problem of this code names its own way out. The manual's page 'Problem codes' lists all codes.")
    return 0
