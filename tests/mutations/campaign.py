"""Thousands of cases, each drawn from one number; processes that are killed when one takes too long; the smallest input that fails."""

from __future__ import annotations

import functools
import json
import os
import random
import resource
import select
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from macros.cache import engine_name
from macros.command import cache as places
from macros.load import workspace as loading
from macros.text.strict_yaml import parse
from tests.mutations import trial
from tests.mutations.changes import damaged
from tests.mutations.inputs import INPUTS, TODAY, Input, seeds
from tests.mutations.trial import Case, fault_of, run_for_real
from tests.mutations.worlds import Worlds, make_worlds
from tests.review_setup import IDENTITY

SECONDS = 20
"""Processor time that one case may take before its process is killed; a hundred times what the slowest sound one takes."""
BLOCKED = 120
"""Seconds without a word, processor or not, after which a process is taken to wait for something that never comes."""
ADDRESSES = 4 << 30
"""Bytes of address space of a process."""
BATCH = 100
TRIES, LONG_TRIES = 250, 8
"""Attempts to make a failing input smaller; fewer where each ends with a process that is killed."""
EVERY_REAL = 400
"""Of so many cases one is also played through a real process of its own."""


@dataclass(frozen=True)
class Failure:
    """A case that went wrong, and the smallest input with which it still does."""

    case: str
    fault: str
    file: str
    """Where the smallest input lies."""


@dataclass
class Tally:
    """What a campaign saw."""

    cases: int = 0
    by_input: Counter = field(default_factory=Counter)
    sure: int = 0
    peak: int = 0
    """Most memory of a process, in bytes."""
    seconds: float = 0.0
    """Processor time, child processes included."""
    failures: list[Failure] = field(default_factory=list)


class Campaign:
    """Draws cases from a seed and plays them; the same seed and number give the same case."""

    def __init__(self, folder: Path, seed: int, inputs: Iterable[Input] = INPUTS) -> None:
        os.environ.update(IDENTITY, HOME=str(folder), PYTHONDONTWRITEBYTECODE="1")
        for name in ("AIMS_TODAY", "SOURCE_DATE_EPOCH"):
            os.environ.pop(name, None)
        self.folder, self.seed = folder, seed
        self.worlds: Worlds = make_worlds(folder / "worlds")
        schedule = [given for given in inputs for _ in range(given.weight)]
        random.Random(0).shuffle(schedule)
        self.schedule = schedule
        self.files = {given.name: seeds(self.worlds.root(given.world), given) for given in schedule}
        self.contents = {name: [path.read_bytes() if path.is_file() else b"" for path in paths] for name, paths in self.files.items()}
        assert all(self.files.values()), [name for name, paths in self.files.items() if not paths]
        _read_what_is_unchanged_once()
        self.known = {name: self._known(name) for name in ("tiny", "whole", "history")}

    def case(self, number: int) -> Case:
        """The case with a number."""
        chance = random.Random(f"{self.seed}:{number}")
        given = self.schedule[number % len(self.schedule)]
        at = chance.randrange(len(self.files[given.name]))
        found = damaged(chance, self.contents[given.name][at], self.contents[given.name], given.ways)
        path = self.files[given.name][at].relative_to(self.worlds.root(given.world)).as_posix()
        return Case(number, given, path, found.data, found.name, found.sure and not _unread(path), chance.choice(given.verbs))

    def run(self, numbers: Iterable[int]) -> Tally:
        """Play cases in processes of a hundred; a failure is made small before the next process starts."""
        tally, waiting = Tally(), list(numbers)
        while waiting:
            batch, waiting = waiting[:BATCH], waiting[BATCH:]
            done = 0
            for number, fault in _apart(functools.partial(self._play, batch)):
                if number is None:
                    tally.peak = max(tally.peak, fault)
                    continue
                done += 1
                case = self.case(number)
                tally.by_input[case.given.name] += 1
                tally.sure += case.sure
                if fault is not None:
                    self._put_back(case)
                    tally.failures.append(self._failure(case, fault))
            assert done, "a process ended before its first case"
            tally.cases += done
            waiting = batch[done:] + waiting
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        tally.seconds = sum(use.ru_utime + use.ru_stime for use in used)
        return tally

    def _play(self, batch: list[int]) -> Iterator[tuple]:
        for number in batch:
            faults: list[str | None] = []
            yield number, lambda number=number, faults=faults: faults.append(self._fault(self.case(number))) or faults[0]
            if faults[0] is not None and faults[0].startswith("more than"):
                return  # a peak stays with its process, and would be said of every case behind it
        yield None, lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

    def _fault(self, case: Case) -> str | None:
        found = fault_of(case, self.worlds, self.known[case.given.world])
        if found is None and case.number % EVERY_REAL == 1 and case.words[0] not in trial._special:
            with trial._in_place(case, self.worlds) as words:
                said = run_for_real(words)
            return trial._unfit(case, said, self.known[case.given.world])
        return found

    def _known(self, name: str) -> frozenset[tuple]:
        said = trial._run(("check", "--format", "json", "--root", str(self.worlds.root(name)), "--today", TODAY), self.worlds.root(name))
        return frozenset((problem["code"], problem["path"], problem["message"]) for problem in json.loads(said.out)["problems"])

    def _put_back(self, case: Case) -> None:
        """The file as it was; a process that is killed leaves it damaged."""
        root = self.worlds.root(case.given.world)
        for path, before in zip(self.files[case.given.name], self.contents[case.given.name], strict=True):
            if path.is_file() and path.relative_to(root).as_posix() == case.path and path.read_bytes() != before:
                path.chmod(0o644)
                path.write_bytes(before)

    def _failure(self, case: Case, fault: str) -> Failure:
        data = self._smallest(case, fault)
        target = self.folder / "failures" / f"{self.seed}-{case.number}"
        target.mkdir(parents=True, exist_ok=True)
        (target / Path(case.path).name).write_bytes(data)
        (target / "case.txt").write_text(f"{case}\n{fault}\npython -m tests.mutations --seed {self.seed} --case {case.number}\n", "utf-8")
        return Failure(str(case), fault, str(target / Path(case.path).name))

    def _smallest(self, case: Case, fault: str) -> bytes:
        """The input with every part taken away that the failure does not need; each try in a process of its own."""
        kind = fault.split(":", maxsplit=1)[0]

        def fails(data: bytes) -> bool:
            tried = Case(case.number, case.given, case.path, data, case.how, case.sure, case.words)
            (answer,) = list(_apart(lambda: iter([(case.number, lambda: fault_of(tried, self.worlds, self.known[case.given.world]))])))
            self._put_back(case)
            return answer[1] is not None and answer[1].split(":")[0] == kind

        data, step, tries = case.data, max(1, len(case.data) // 2), LONG_TRIES if fault.startswith(("takes longer", "waits")) else TRIES
        while tries > 0:
            at, smaller = 0, False
            while at < len(data) and tries > 0:
                shorter = data[:at] + data[at + step :]
                tries -= 1
                if fails(shorter):
                    data, smaller = shorter, True
                else:
                    at += step
            if step == 1 and not smaller:
                break
            step = max(1, step // 2)
        return data


def _unread(path: str) -> bool:
    """Files of which `check` reads no entries, and those that no verb reads."""
    return path in ("mkdocs.yml", "README.md", "CODEOWNERS", ".cruft.json")


def _read_what_is_unchanged_once() -> None:
    """Parsing gives the same for the same text; the damaged file is new each time, so nothing is skipped that matters.

    The engine, whose files name its cache, is not damaged at all.
    """
    loading.parse = functools.lru_cache(maxsize=600)(parse)
    name = engine_name()
    places.engine_name = lambda: name


def _apart(steps: Callable[[], Iterator[tuple]]) -> Iterator[tuple]:
    """Take steps in a process of their own, under the limits of time and memory.

    Gives what each step gave. A process that is killed, or that waits for ever, ends with the step that it had begun.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(reading)
            os.setsid()
            resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            signal.signal(signal.SIGPROF, signal.SIG_DFL)
            with os.fdopen(writing, "w", encoding="utf-8") as stream:
                for name, step in steps():
                    print(json.dumps(["begin", name]), file=stream, flush=True)
                    signal.setitimer(signal.ITIMER_PROF, SECONDS)
                    given = step()
                    signal.setitimer(signal.ITIMER_PROF, 0)
                    print(json.dumps(["end", name, given]), file=stream, flush=True)
            code = 0
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(code)
    os.close(writing)
    yield from _answers_of(child, reading)


def _answers_of(child: int, reading: int) -> Iterator[tuple]:
    begun, ended, rest, waits = None, True, b"", False
    with os.fdopen(reading, "rb", buffering=0) as stream:
        while True:
            if not select.select([stream], [], [], BLOCKED)[0]:
                waits = True
                os.killpg(child, signal.SIGKILL)
            piece = stream.read(1 << 16)
            if not piece:
                break
            *lines, rest = (rest + piece).split(b"\n")
            for line in map(json.loads, lines):
                if line[0] == "begin":
                    begun, ended = line[1], False
                else:
                    ended = True
                    yield line[1], line[2]
    _, status = os.waitpid(child, 0)
    if not ended:
        if waits:
            yield begun, f"waits for more than {BLOCKED} seconds"
        elif os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGPROF:
            yield begun, f"takes longer than {SECONDS} seconds of processor time"
        else:
            yield begun, f"its process ended with status {status}"
