"""Doorstop: its check of as many items as our check has documents, both as commands.

Doorstop is no requirement of the kit. It runs when this Python can import it, or, with `--with-doorstop`, from the
virtual environment `build/doorstop`.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.repositories import KIT, environment, grown, worked_organisation
from benchmarks.review_size import CHECK, run
from benchmarks.rounds import Row, take_turns

NAME = "doorstop"
SIZE, QUICK_SIZE = 1000, 100
VENV = Path("build/doorstop")

_ITEM = """\
active: true
derived: false
header: ''
level: 1.{number}
links:{links}
normative: true
ref: ''
reviewed: null
text: |
  The owner named in {number} reviews this text every twelve months and keeps the record of the review.
"""


def interpreter(wanted: bool) -> Path | None:
    """The Python that can import doorstop; None where there is none or it was not asked for."""
    if importlib.util.find_spec("doorstop"):
        return Path(sys.executable)
    for name in ("bin/python", "Scripts/python.exe"):
        found = KIT / VENV / name
        if wanted and found.exists():
            return found
    return None


def measure(folder: Path, rounds: int, quick: bool, doorstop: Path) -> Iterator[Row]:
    """One tenth of the items are parents, and each other item links to one of them."""
    size = QUICK_SIZE if quick else SIZE
    ours = grown(worked_organisation(folder), folder, size)
    theirs = items(folder / "doorstop", size)
    times = take_turns(
        {
            "ours": partial(run, ours, *CHECK),
            "reading": partial(_check, doorstop, theirs, "--no-reformat"),
            "as typed": partial(_check, doorstop, theirs),
        },
        rounds,
    )
    if any("reviewed: null" in path.read_text("utf-8") for path in theirs.glob("*/*.yml")):
        raise RuntimeError("doorstop did not reach every item")  # it marks each item that it checks
    what = f"{size:,} documents against {size:,} items"
    name = f"doorstop {_version(doorstop)}"
    yield Row(NAME, what, f"{name} --no-reformat", times["ours"], times["reading"])
    yield Row(NAME, what, f"{name}, as typed", times["ours"], times["as typed"])


def items(root: Path, size: int) -> Path:
    """A doorstop project; its items are short, where our documents are whole."""
    (root / ".git").mkdir(parents=True)  # doorstop looks for the folder of a version control, and needs no more of it
    parents = size // 10
    for prefix, parent, numbers in (("REQ", None, range(1, parents + 1)), ("TST", "REQ", range(1, size - parents + 1))):
        place = root / prefix.lower()
        place.mkdir()
        above = f"  parent: {parent}\n" if parent else ""
        (place / ".doorstop.yml").write_text(f"settings:\n  digits: 4\n{above}  prefix: {prefix}\n  sep: ''\n", encoding="utf-8")
        for number in numbers:
            links = f"\n- REQ{(number - 1) % parents + 1:04}: null" if parent else " []"
            (place / f"{prefix}{number:04}.yml").write_text(_ITEM.format(number=number, links=links), encoding="utf-8")
    return root


def _check(doorstop: Path, root: Path, *words: str) -> None:
    done = subprocess.run(
        [doorstop, "-m", "doorstop.cli.main", *words], cwd=root, env=environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"doorstop did not check its items:\n{done.stdout[-500:]}{done.stderr[-500:]}")


def _version(doorstop: Path) -> str:
    words = [str(doorstop), "-c", "import importlib.metadata; print(importlib.metadata.version('doorstop'))"]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
