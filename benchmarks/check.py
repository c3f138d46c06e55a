"""Check: load and run every rule in this process, against a floor that only reads and parses the same files."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks.floor import check_everything, read_and_parse
from benchmarks.repositories import KIT, documents_of, environment, grown, python, worked_organisation
from benchmarks.rounds import Row, take_turns

NAME = "check"
SIZES, QUICK_SIZES = (250, 1000, 4000), (100,)
FLOOR = "read and parse (floor)"
EMPTY = "engine imported, nothing read"


def measure(folder: Path, rounds: int, quick: bool) -> Iterator[Row]:
    """Time, growth and peak memory."""
    worked = worked_organisation(folder)
    size = len(documents_of(worked))
    roots = {size: worked} | {wanted: grown(worked, folder, wanted) for wanted in (QUICK_SIZES if quick else SIZES)}
    contestants: dict[tuple[str, int], Callable[[], object]] = {}
    for documents, root in roots.items():
        contestants["ours", documents] = partial(check_everything, root)
        contestants["floor", documents] = partial(read_and_parse, root)
    times = take_turns(contestants, rounds)
    for documents in roots:
        yield Row(NAME, _size(documents, documents == size), FLOOR, times["ours", documents], times["floor", documents])
    if not quick:
        yield from _growth(times)
    for documents, root in roots.items():
        if documents == size or documents >= 1000 or quick:
            peaks = {name: tuple(_peak(name, root) for _ in range(min(rounds, 3))) for name in ("ours", "floor", "empty")}
            what = f"peak memory, {_size(documents, documents == size)}"
            yield Row(NAME, what, FLOOR, peaks["ours"], peaks["floor"], "MiB")
            yield Row(NAME, what, EMPTY, peaks["ours"], peaks["empty"], "MiB")


def _size(documents: int, worked: bool) -> str:
    return f"worked organisation, {documents} documents" if worked else f"{documents:,} documents"


def _growth(times: dict[tuple[str, int], tuple[float, ...]]) -> Iterator[Row]:
    small, middle, large = SIZES
    for name, label in (("ours", "check"), ("floor", "the floor itself")):
        at = {size: tuple(1000 * seconds / size for seconds in times[name, size]) for size in (middle, large)}
        yield Row(NAME, f"growth of {label}: a document at {large:,}", f"a document at {middle:,}", at[large], at[middle], "ms")
    further = {
        pair: tuple(
            1000 * (more - less) / (pair[1] - pair[0]) for less, more in zip(times["ours", pair[0]], times["ours", pair[1]], strict=True)
        )
        for pair in ((small, middle), (middle, large))
    }
    yield Row(
        NAME,
        f"growth of check: a further document, {middle:,} to {large:,}",
        f"the same, {small:,} to {middle:,}",
        further[middle, large],
        further[small, middle],
        "ms",
    )


def _peak(name: str, root: Path) -> float:
    """Peak resident memory in MiB of a process that does nothing else."""
    done = subprocess.run(
        python("-m", "benchmarks.floor", name, str(root)), cwd=KIT, env=environment(), capture_output=True, text=True, check=True
    )
    return float(done.stdout)
