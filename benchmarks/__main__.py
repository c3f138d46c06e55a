"""`python -m benchmarks`: measure the kit beside others, and count the faults that it finds and the forgeries that it refuses."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from benchmarks import check, doorstop, faults, forgeries, loading, repeated, review_size, site
from benchmarks.report import as_json, as_table, machine
from benchmarks.rounds import Row

EXAMPLES = """\
examples:
  python -m benchmarks                        everything, in about twelve minutes
  python -m benchmarks --only check           one benchmark; --only may be given again
  python -m benchmarks --quick                the smallest sizes, one round: does it run?
  python -m benchmarks --json figures.json    every value of every round, for a program
  python -m benchmarks --with-doorstop        also against doorstop in build/doorstop
"""

LEGEND = """\
Kit and Other: medians, in processor time or in peak resident memory.
Ratio: the kit's value through the other's, round by round, and of those the median; below 1 the kit took less."""

Measure = Callable[[Path, int, bool], Iterator[Row]]
ROUNDS = 5


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    top = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure the kit beside floors and other tools, in the same run.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names = [module.NAME for module in (loading, check, repeated, review_size, site, faults, forgeries, doorstop)]
    top.add_argument("--only", action="append", choices=names, metavar="NAME", help=f"one of {', '.join(names)}; may be given again")
    top.add_argument("--quick", action="store_true", help="the smallest sizes and one round; its figures mean little")
    top.add_argument("--with-doorstop", action="store_true", help=f"use the doorstop that is installed in {doorstop.VENV}")
    top.add_argument("--json", type=Path, metavar="FILE", help="also write every value to FILE")
    return top


def measures(given: argparse.Namespace) -> dict[str, Measure]:
    """The benchmarks that were asked for and can run here, by name."""
    found: dict[str, Measure] = {module.NAME: module.measure for module in (loading, check, repeated, review_size, site)}
    named = given.only or []
    wanted = given.with_doorstop or doorstop.NAME in named
    program = doorstop.interpreter(wanted)
    if program:
        found[doorstop.NAME] = partial(doorstop.measure, doorstop=program)
    elif wanted:
        venv = doorstop.VENV.as_posix()
        print(f"doorstop: not measured; install it with: python -m venv {venv} && {venv}/bin/pip install doorstop", file=sys.stderr)
    return {name: measure for name, measure in found.items() if not named or name in named}


def main(words: Sequence[str] | None = None) -> int:
    """Measure in temporary folders and print one table; 0 when everything ran, 3 when something could not."""
    given = parser().parse_args(words)
    rows: list[Row] = []
    chosen = measures(given)
    for name, measure in chosen.items():
        print(f"measuring {name} ...", file=sys.stderr)
        with tempfile.TemporaryDirectory(prefix="aims-bench-") as folder:
            try:
                rows += measure(Path(folder).resolve(), 1 if given.quick else ROUNDS, given.quick)
            except RuntimeError as error:
                print(f"{name}: {error}", file=sys.stderr)
                return 3
    tried = [module for module in (faults, forgeries) if module.NAME in (given.only or [module.NAME])]
    if not rows and not tried:
        return 3
    where = machine()
    if rows:
        print(f"{where}\n{LEGEND}\n\n{as_table(rows)}")
    if given.json:
        given.json.write_text(as_json(rows, where), encoding="utf-8", newline="\n")
    for module in tried:
        print(f"trying {module.NAME} ...", file=sys.stderr)
        with tempfile.TemporaryDirectory(prefix="aims-bench-") as folder:
            print(module.as_table(module.measure(Path(folder).resolve(), given.quick)))
    return 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # nobody has put another stream in its place yet
    raise SystemExit(main())
