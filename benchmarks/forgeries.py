"""Forgeries: whether check, gate, status and change review refuse those that are tried on an organisation, and agree."""

from __future__ import annotations

import datetime
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from benchmarks import (
    faults,
    forged_audits,
    forged_decisions,
    forged_gate,
    forged_honest,
    forged_ladder,
    forged_people,
    forged_proofs,
    forged_review,
    forging,
    seeds,
)
from benchmarks.repositories import fresh_organisation, worked_organisation
from macros.checks import Judged, judge
from macros.facts.computed import Facts
from macros.gate import STAGES, gate
from macros.load import load_workspace
from macros.model.gates import GateReport
from macros.model.records.systems import AiSystem
from macros.problem import Severity
from macros.review import review

NAME = "forgeries"
KINDS = forging.KINDS
# importing one registers its kinds
assert all((forged_gate, forged_decisions, forged_proofs, forged_people, forged_audits, forged_ladder, forged_review))
HONEST = forged_honest.KINDS
"""What an honest organisation does, and nothing may refuse."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One kind of forgery, tried at some places."""

    kind: forging.Kind
    speak: tuple[str, ...]
    """Who has to speak."""
    places: int
    refused: int
    """Places at which everything happened that must."""
    opened: int
    """Places at which a gate was open that is closed without the forgery, or should have closed."""
    lifted: int
    """Places at which a requirement stood higher than without the forgery, or than it may."""
    missed: tuple[str, ...]
    """What should have happened and did not."""


class Seen:
    """What the kit says of an organisation with some changes."""

    def __init__(self, base: seeds.Base, changes: forging.Changes) -> None:
        """Nothing is computed until it is asked for."""
        self.base, self.changes = base, changes
        self.workspace = load_workspace(faults.Checkout(base, changes))

    @cached_property
    def judged(self) -> Judged:
        """Problems and ladder."""
        return judge(Facts(self.workspace, self.base.today))

    @cached_property
    def gates(self) -> Mapping[tuple[str, str], GateReport]:
        """Each gate of each AI system, by id and stage, with the conditions that are in force: a proposal does not soften its own."""
        sourced = load_workspace(faults.Checkout(self.base)).gates if "controls/gates.yaml" in self.changes else self.workspace.gates
        return {
            (record.id, stage.value): gate(self.judged, sourced.value, record, stage)
            for record in self.workspace.records(AiSystem)
            for stage in (STAGES[1:] if sourced else ())
            if sourced
        }

    @cached_property
    def rungs(self) -> Mapping[str, int]:
        """How high each requirement stands; one that does not apply stands above all others."""
        ladder = self.judged.ladder
        standings = (ladder.requirement(leaf) for name in ladder.catalogues for leaf in ladder.leaves(name))
        return {found.requirement: found.rung.height if found.rung else len(HEIGHTS) for found in standings}

    @cached_property
    def weighty(self) -> Counter[str]:
        """Errors and warnings, by code."""
        return Counter(problem.code for problem in self.judged.problems if problem.severity is not Severity.NOTE)


HEIGHTS = ("missing", "template", "tailored", "approved", "operating", "audited")
_SEEN: dict[tuple[int, str], Seen] = {}


def seen(base: seeds.Base, changes: forging.Changes) -> Seen:
    """What the kit says; of what was there before a forgery it is asked once."""
    key = (id(base), repr(sorted(changes.items())))
    if key not in _SEEN:
        _SEEN[key] = Seen(base, changes)
    return _SEEN[key]


def unmet(base: seeds.Base, forgery: forging.Forgery) -> list[tuple[str, str]]:
    """What should have happened and did not, each with what it is: `opened`, `lifted`, `unsaid` or `let in`."""
    before, after = seen(base, forgery.before), Seen(base, forgery.changes)
    found = [("opened", line) for line in _opened(before, after, forgery)]
    found += [("lifted", line) for line in _lifted(before, after, forgery)]
    found = [] if forgery.by_history else found
    found += [("unsaid", f"{code} is not said") for code in forgery.codes if after.weighty[code] <= before.weighty[code]]
    if forgery.blocked and not blocks(before, after):
        found.append(("let in", "the review does not block it"))
    return found


def blocks(before: Seen, after: Seen) -> tuple[str, ...]:
    """Why a change review blocks it."""
    changed = [path for path, text in after.changes.items() if before.changes.get(path) != text or path not in before.changes]
    return review(before.workspace, after.workspace, before.base.today, changed).blocks


def _opened(before: Seen, after: Seen, forgery: forging.Forgery) -> Iterator[str]:
    for key, report in after.gates.items():
        if report.allowed and key in before.gates and not before.gates[key].allowed:
            yield f"{' '.join(key)} is open"
    for system, stage, condition in forgery.gates:
        stopped = {answer.id for answer in after.gates[system, stage].missing}
        if condition not in stopped:
            yield f"{system} {stage} is not closed by '{condition}', but by {', '.join(sorted(stopped)) or 'nothing'}"


def _lifted(before: Seen, after: Seen, forgery: forging.Forgery) -> Iterator[str]:
    for target, height in after.rungs.items():
        was = before.rungs.get(target, 0)
        if height > was and target not in forgery.stated:
            yield f"{target} rises from {_rung(was)} to {_rung(height)}"
    for target in set(forgery.stated) - set(after.judged.ladder.stated_alone() if forgery.stated else ()):
        yield f"{target} is not said to rest on stated evidence alone"
    for target, highest in forgery.rungs.items():
        if after.rungs[target] > HEIGHTS.index(highest):
            yield f"{target} stands at {_rung(after.rungs[target])}, and may not be above {highest}"


def _rung(height: int) -> str:
    return HEIGHTS[height] if height < len(HEIGHTS) else "not applicable"


def chosen(kind: forging.Kind, base: seeds.Base, places: int = 3) -> list[forging.Forgery]:
    """The first, the middle and the last place; with one place, the middle."""
    every = list(kind.forgeries(base))
    last = len(every) - 1
    numbers = range(last + 1) if places > 3 else (0, last // 2, last) if places == 3 else (last // 2,)
    return [every[number] for number in dict.fromkeys(numbers)]


def outcomes(worked: seeds.Base, fresh: seeds.Base, places: int = 3, kinds: Iterable[forging.Kind] = KINDS) -> Iterator[Outcome]:
    """Try every kind."""
    for kind in kinds:
        base = fresh if kind.fresh else worked
        tried = chosen(kind, base, places)
        found = [unmet(base, forgery) for forgery in tried]
        yield Outcome(
            kind,
            speaking(tried),
            len(tried),
            sum(not one for one in found),
            sum(any(what == "opened" for what, _ in one) for one in found),
            sum(any(what == "lifted" for what, _ in one) for one in found),
            tuple(f"{what}: {line}" for one in found for what, line in one),
        )


def speaking(tried: Iterable[forging.Forgery]) -> tuple[str, ...]:
    """Who has to speak: conditions of gates, codes, status and review."""
    said: dict[str, None] = {}
    for forgery in tried:
        said.update(dict.fromkeys(f"`{condition}`" for _, _, condition in forgery.gates))
        said.update(dict.fromkeys(forgery.codes))
        said.update({"status": None} if forgery.rungs or not (forgery.gates or forgery.codes or forgery.blocked) else {})
        said.update({"review": None} if forgery.blocked else {})
    return tuple(sorted(said, key=lambda word: (word == "review", word == "status", word[0] != "`")))


def false_alarms(base: seeds.Base, places: int = 3) -> dict[str, list[str]]:
    """What is said against an honest change, by its name."""
    found: dict[str, list[str]] = {}
    for kind in HONEST:
        for forgery in chosen(kind, base, places):
            before, after = seen(base, forgery.before), Seen(base, forgery.changes)
            said = [f"new {code}" for code in (after.weighty - before.weighty)] + list(blocks(before, after))
            said += [f"{system} {stage} is closed" for system, stage, _ in forgery.gates if not after.gates[system, stage].allowed]
            found.setdefault(kind.name, []).extend(said)
    return found


def as_table(found: Iterable[Outcome]) -> str:
    """The outcomes as a table in Markdown, with their sum."""
    every = list(found)
    held = [one for one in every if not one.kind.known_open]
    rows = [(one.kind.name, ", ".join(one.speak), *_counts([one])) for one in held]
    lines = ["| Forgery | Who speaks | Places | Refused | Opened | Lifted |", "|---|---|---:|---:|---:|---:|"]
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in (*rows, ("**together**", f"{len(held)} kinds", *_counts(held)))]
    still = [one for one in every if one.kind.known_open]
    if still:
        lines += ["", "| Not refused yet | Places | Refused | Why |", "|---|---:|---:|---|"]
        lines += [f"| {one.kind.name} | {one.places} | {one.refused} | {one.kind.open_because} |" for one in still]
    return "\n".join(lines)


def _counts(found: list[Outcome]) -> tuple[int, int, int, int]:
    return tuple(sum(values) for values in zip(*((one.places, one.refused, one.opened, one.lifted) for one in found), strict=True))


def fresh_base(root: Path) -> seeds.Base:
    """A generated organisation, on the day after its texts were generated."""
    base = faults.base_of(root)
    return seeds.Base(base.files, datetime.date(2026, 11, 16), base.beside)


def measure(folder: Path, quick: bool) -> list[Outcome]:
    """Forge in the worked organisation and in a fresh one, generated into `folder`; with `quick` at one place a kind."""
    worked, fresh = faults.base_of(worked_organisation(folder)), fresh_base(fresh_organisation(folder))
    return list(outcomes(worked, fresh, 1 if quick else 3))


PAGE = Path(__file__).resolve().parent.parent / "docs/benchmarks.md"
BEGIN, END = "<!-- made: forgeries; make forgeries -->", "<!-- end: forgeries -->"


def main() -> None:
    """Try every kind at three places, and write the table into the manual."""
    with tempfile.TemporaryDirectory(prefix="aims-bench-") as folder:
        table = as_table(measure(Path(folder).resolve(), quick=False))
    before, rest = PAGE.read_text("utf-8").split(BEGIN, 1)
    PAGE.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{rest.split(END, 1)[1]}", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
