"""Rounds: contestants take turns, A B A B, so that a slow moment of the machine falls on all of them."""

from __future__ import annotations

import gc
import resource
import statistics
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: the kit, what it is measured against, and the ratio round by round."""

    benchmark: str
    what: str
    """The work, with its size."""
    against: str
    ours: tuple[float, ...]
    """A value a round, in `unit`."""
    theirs: tuple[float, ...]
    unit: str = "s"

    @property
    def ratios(self) -> tuple[float, ...]:
        """Ours through theirs, round by round; below 1 the kit took less."""
        return tuple(ours / theirs for ours, theirs in zip(self.ours, self.theirs, strict=True))

    @property
    def ratio(self) -> float:
        """The middle one of the ratios, which is not the ratio of the medians."""
        return statistics.median(self.ratios)


def timed(work: Callable[[], object]) -> float:
    """Processor seconds that `work` takes, those of the processes that it starts and ends included.

    On a quiet machine that is the time one waits, since nothing here runs in parallel; on a shared one the clock on
    the wall would count the neighbours. The rubbish of earlier work is cleared away first.
    """
    gc.collect()
    start = _processor_seconds()
    work()
    return _processor_seconds() - start


def _processor_seconds() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def take_turns(contestants: Mapping[Name, Callable[[], object]], rounds: int, warm: bool = True) -> dict[Name, tuple[float, ...]]:
    """Time every contestant once a round, in the same order each round.

    Args:
        contestants: The work of each, by name.
        rounds: How many rounds are timed.
        warm: Whether an untimed round goes first, which fills the caches of the disk and of Python.
    """
    if warm:
        for work in contestants.values():
            work()
    times: dict[Name, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, work in contestants.items():
            times[name].append(timed(work))
    return {name: tuple(values) for name, values in times.items()}
