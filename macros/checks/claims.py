"""SOA: a row of the Statement of Applicability that claims more than the ladder shows."""

from __future__ import annotations

from collections.abc import Iterator

from macros.model.records.applicability import Applicability, Implementation
from macros.problem import Problem, Rule, Severity
from macros.status import Ladder, Part, PartKind, Rung

MORE = Rule(
    "SOA108",
    "Row claims more than the data shows",
    "A control is implemented once what it asks for is decided, approved and in date; a word in a row makes nothing so.",
    Severity.WARNING,
)
RULES = (MORE,)


def problems(ladder: Ladder) -> Iterator[Problem]:
    """Rows that say `implemented` while a part that the control needs is not even approved."""
    if ladder.workspace.broken:
        return  # what could not be read may be what is missing
    for control, (record, entry) in ladder.decisions.items():
        claims = entry.applicability is Applicability.INCLUDED and entry.status is Implementation.IMPLEMENTED
        if not claims or entry.decided is None or control not in ladder.workspace.requirements:
            continue  # what is not decided is a draft, and claims nothing yet
        low = [part for part in ladder.requirement(control).parts if part.rung.height < Rung.APPROVED.height and not _said_elsewhere(part)]
        if low:
            part = min(low, key=lambda part: part.rung.height)
            yield MORE.problem(
                record.data.at("status"),
                f"'{control}' claims to be implemented, and stands at {part.rung.value}: {part.kind.value} {part.name}, {part.why}",
                f"{part.way_up}, or claim less",
            )


def _said_elsewhere(part: Part) -> bool:
    """A control that asks for something written and has nothing has a rule of its own."""
    return part.told or part.kind is PartKind.NOTHING
