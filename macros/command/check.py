"""`check`: every problem, with file, line, code and way out."""

from __future__ import annotations

import argparse
import sys

from macros.command.formats import FORMATS
from macros.command.workspace import world_of
from macros.problem import Severity

HELP = "every problem, with file, line, code and way out"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument("--format", choices=sorted(FORMATS), default="text", help="how to print (default: text)")
    parser.add_argument(
        "--fail-on",
        choices=[severity.value for severity in Severity],
        default="warning",
        help="the lightest problem that makes the exit code 1 (default: warning)",
    )


def run(given: argparse.Namespace) -> int:
    """Print the problems; 1 when one is at least as heavy as `--fail-on`."""
    problems = world_of(given).problems
    # A file name that is no UTF-8 is shown with its odd bytes written out; JSON reads them back as they were.
    print(FORMATS[given.format](problems).encode("utf-8", "backslashreplace").decode("utf-8"), end="")
    if given.format == "text":
        counted = ", ".join(f"{sum(problem.severity is severity for problem in problems)} {severity.value}s" for severity in Severity)
        print(counted, file=sys.stderr)
    limit = Severity(given.fail_on).rank
    return int(any(problem.severity.rank <= limit for problem in problems))
