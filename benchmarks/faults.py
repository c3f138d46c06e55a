"""Faults: how many of those that were seeded the check finds, at their place, and what else it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import record_seeds, seeds
from benchmarks.repositories import worked_organisation
from macros.checks import run_checks
from macros.load import load_workspace
from macros.load.tree import FolderTree, MemoryTree
from macros.model.workspace import Fingerprint
from macros.problem import Problem, Severity
from macros.world import today_of

NAME = "faults"
KINDS = seeds.KINDS
assert record_seeds.KINDS is KINDS


DERIVED = ("DOC209", "ORG116", "REG114", "REG115", "SOA108", "SOA112", "STA107", "STA108")
"""Rules that compare an entry with what was made from it: CODEOWNERS, a claim, the fingerprint the day of an approval, or who gave it.

They speak, rightly, of many faults that another rule names, and are counted as neither found nor false.
"""


PROGRAMS = ("macros/",)
"""What judges an organisation and is no part of it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One kind of fault, seeded at some places."""

    kind: seeds.Kind
    places: int
    found: int
    """Places of which every problem that was due was said, at its line."""
    false_alarms: tuple[str, ...]
    """Other new errors and warnings."""
    missed: tuple[str, ...]
    """What was due and not said."""


def base_of(root: Path) -> seeds.Base:
    """The files of a repository, read once."""
    tree = FolderTree(root)
    beside = {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted((root / "evidence").rglob("*")) if path.is_file()}
    return seeds.Base({path: tree.read(path) for path in tree.paths()}, today_of(load_workspace(tree)), beside)


class Checkout(MemoryTree):
    """Files under control as they are after some changes, and the files that records refer to, which are no part of it."""

    def __init__(self, base: seeds.Base, changes: Mapping[str, str | bytes | None] | None = None, links: Iterable[str] = ()) -> None:
        files, beside = dict(base.files), dict(base.beside)
        for path, content in (changes or {}).items():
            place = beside if path.startswith("evidence/") else files
            if content is None:
                del place[path]
            elif not path.startswith(PROGRAMS):
                place[path] = content.encode() if isinstance(content, str) else content
        super().__init__(files, links)
        self._all = MemoryTree({**beside, **files})

    def read(self, path: str) -> bytes:
        return self._all.read(path)

    def fingerprints(self, paths: Iterable[str]) -> dict[str, Fingerprint]:
        return self._all.fingerprints(paths)


def checked(base: seeds.Base, seed: seeds.Seed | None = None) -> tuple[Problem, ...]:
    """What `check` says of the repository, with a fault or without."""
    tree = Checkout(base, seed.changes, seed.links) if seed else Checkout(base)
    return run_checks(load_workspace(tree), base.today)


def chosen(kind: seeds.Kind, base: seeds.Base, places: int = 3) -> list[seeds.Seed]:
    """The first, the middle and the last place where a fault can be; with one place, the middle."""
    all_of_them = list(kind.seeds(base))
    last = len(all_of_them) - 1
    numbers = (0, last // 2, last) if places == 3 else (last // 2,)
    return [all_of_them[number] for number in dict.fromkeys(numbers)]


def outcomes(base: seeds.Base, places: int = 3) -> Iterator[Outcome]:
    """Seed every kind and look at what is new: a problem is new where code, path and message were not there before."""
    before = Counter(map(_sense, checked(base)))
    for kind in KINDS:
        found, alarms, missed = 0, [], []
        sown = chosen(kind, base, places)
        for seed in sown:
            said = checked(base, seed)
            new = Counter(map(_sense, said)) - before
            fresh = [problem for problem in said if new[_sense(problem)] > 0]
            there = {(problem.code, problem.location.path, problem.location.line) for problem in fresh}
            due = set(seed.due)
            found += due <= there
            missed += [f"{path}:{line}: {code}" for code, path, line in sorted(due - there)]
            known = (*DERIVED, *seed.follows)
            heavy = [problem for problem in fresh if problem.severity is not Severity.NOTE and problem.code not in known]
            alarms += [str(problem) for problem in heavy if _place(problem) not in due]
        yield Outcome(kind, len(sown), found, tuple(alarms), tuple(missed))


def _sense(problem: Problem) -> tuple[str, str, str]:
    return (problem.code, problem.location.path, problem.message)


def _place(problem: Problem) -> seeds.Place:
    return (problem.code, problem.location.path, problem.location.line)


def as_table(found: Iterable[Outcome]) -> str:
    """The outcomes as a table in Markdown, with their sum."""
    outcomes = list(found)
    rows = [(one.kind.name, one.kind.code, one.places, one.found, len(one.false_alarms)) for one in outcomes]
    sums = (sum(one.places for one in outcomes), sum(one.found for one in outcomes), sum(len(one.false_alarms) for one in outcomes))
    total = ("**together**", f"{len({one.kind.code for one in outcomes})} codes", *sums)
    lines = ["| Fault | Code | Places | Found | False alarms |", "|---|---|---:|---:|---:|"]
    return "\n".join([*lines, *("| " + " | ".join(map(str, row)) + " |" for row in (*rows, total))])


def measure(folder: Path, quick: bool) -> list[Outcome]:
    """Seed the worked organisation, generated into `folder`; with `quick` at one place a kind."""
    return list(outcomes(base_of(worked_organisation(folder)), 1 if quick else 3))
