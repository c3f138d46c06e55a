"""REG34: a day that a record sets itself is kept, or set anew."""

from __future__ import annotations

from collections.abc import Iterator

from macros.checks.registry import Said, check
from macros.facts.computed import Facts
from macros.model.records.systems import ImpactAssessment
from macros.problem import Severity

_WAYS_OUT = {
    "next_review": "review it, and enter the day of the next review",
    "valid_until": "renew it, or close it where it is needed no more",
    "due": "enter what was done, or decide on a new day and say why",
    "planned_for": "enter when it was done, or plan it anew",
    "repeat_on": "repeat it and enter a new record, or take the day out and say why",
}
_OTHERWISE = "do it and enter that, or decide on a new day and say why"


@check("REG341", "Day of an open record has passed", Severity.WARNING)
def passed(facts: Facts) -> Iterator[Said]:
    """Reviews, deadlines and validity are judged alike in every register; what is closed, withdrawn, retired or done is not asked for."""
    uncovered = {found.record.id for found in facts.uncovered}
    for found in facts.deadlines:
        if found.day >= facts.today or found.told_by:
            continue
        if isinstance(found.part, ImpactAssessment) and found.part.about in uncovered:
            continue  # a rule speaks at the AI system that nothing covers
        record = found.record
        yield (
            found.location,
            f"{record.kind.one} '{record.id}' is open, and its '{found.field}' was {found.day}",
            _WAYS_OUT.get(found.field, _OTHERWISE),
        )
