"""The command line: `python -m macros VERB`, the same in the kit and in a generated repository."""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from macros.command import (
    approvals,
    check,
    codeowners,
    comment,
    evidence,
    explain,
    gate,
    import_isms,
    management_review,
    reuse,
    review,
    roadmap,
    schema,
    status,
    strategy,
    trend,
)
from macros.command.day import day
from macros.problem import KitError

CLEAN, PROBLEMS, USAGE, COULD_NOT = 0, 1, 2, 3

VERBS = {
    "check": check,
    "review": review,
    "status": status,
    "comment": comment,
    "reuse": reuse,
    "strategy": strategy,
    "roadmap": roadmap,
    "gate": gate,
    "management-review": management_review,
    "trend": trend,
    "approvals": approvals,
    "codeowners": codeowners,
    "explain": explain,
    "import": import_isms,
    "evidence": evidence,
    "schema": schema,
}

EXAMPLES = """\
examples:
  python -m macros check                      every problem, with file, line and way out
  python -m macros check --format json        the same for a program
  python -m macros check --fail-on note       fail while anything is still to do
  python -m macros review main                what a change means, for its approver
  python -m macros status                     how far each requirement has come, in counts
  python -m macros status iso42001:A.5.3      one of them, with what holds it back
  python -m macros comment review.json        that report as a comment for a forge
  python -m macros reuse                      what the ISMS gives: reuse, extend or new
  python -m macros strategy                   which integration strategy fits, and why
  python -m macros roadmap                    the way to certification: done, late, next
  python -m macros gate AIS-001               may this AI system go to its next stage
  python -m macros approvals reviews.json     who approved what, out of the forge's data; --write records it
  python -m macros codeowners                 CODEOWNERS as roles and documents say; --write writes it
  python -m macros explain DOC101             what a code means and how to mend it
  python -m macros import isms list.xlsx      what an ISMS list would change; --write does it
  python -m macros evidence add FILE ...      a file becomes evidence; --write does it
  python -m macros evidence verify            is every file the one that was collected?
  python -m macros evidence due               what has run out or falls due
  python -m macros management-review          the inputs of the management review, as a draft
  python -m macros trend --every month        how things stood at the end of each month
  python -m macros import acknowledgements read.csv   who has read what; --write enters it
  python -m macros schema document            the JSON Schema that editors complete from
"""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, with the nearest word that is known."""

    def error(self, message: str) -> None:  # type: ignore[override]
        if "invalid choice: " in message:
            given = message.split("invalid choice: ")[1].split(" ")[0].strip("'")
            close = difflib.get_close_matches(given, VERBS, n=1)
            if close:
                message = f"there is no '{given}'; did you mean '{close[0]}'?"
        self.exit(USAGE, f"{self.prog}: {message}\n")

    def format_help(self) -> str:
        return f"{EXAMPLES}\n{super().format_help()}" if self.prog == "python -m macros" else super().format_help()


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    top = _Parser(prog="python -m macros", description="Check and explain a management system kept as text.")
    verbs = top.add_subparsers(dest="verb", metavar="VERB", required=True, parser_class=_Parser)
    for name, module in VERBS.items():
        sub = verbs.add_parser(name, help=module.HELP, description=module.HELP)
        sub.add_argument("--root", type=Path, default=Path("."), help="the repository to read (default: this folder)")
        sub.add_argument("--today", type=day, default=None, metavar="DATE", help="judge as of this day, such as 2026-09-14")
        module.arguments(sub)
    return top


def main(words: Sequence[str] | None = None) -> int:
    """Run one verb and give its exit code: 0 clean, 1 problems found, 2 usage, 3 could not run."""
    given = parser().parse_args(words)
    try:
        return VERBS[given.verb].run(given)
    except KitError as error:
        print(f"python -m macros {given.verb}: {error}", file=sys.stderr)
        return COULD_NOT
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return COULD_NOT
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    raise SystemExit(main())
