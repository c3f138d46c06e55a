"""How the management system stood at the end of each month or quarter: the same counts on one day after the other."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from macros.cache import kept_value
from macros.checks import Judged, judge
from macros.facts.computed import Facts
from macros.git.repository import CommitsInForce, Objects, folder_in_repository, history_of, tree_of
from macros.load import load_workspace
from macros.model.document import DocumentStatus
from macros.model.records.applicability import Implementation, SoaEntry
from macros.model.records.improvement import Concern, Nonconformity
from macros.model.records.risk import Risk
from macros.problem import Severity
from macros.status import Rung

_STANDARD = "iso42001"
EVERY = "quarter"
LAST = 8

MEASURES: dict[str, str] = {
    "approved": "Documents approved",
    "draft": "Documents in draft",
    "overdue": "Documents overdue for review",
    "soa_rows": "Rows of the Statement of Applicability",
    "soa_decided": "Rows decided",
    "soa_implemented": "Rows decided and implemented",
    "nonconformities": "Nonconformities open",
    "concerns": "Concerns open",
    "risks_above": "AI risks above the acceptable level",
    **{f"at_{rung.value}": f"Requirements of ISO/IEC 42001: {rung.value}" for rung in Rung},
    "errors": "Problems: errors",
    "warnings": "Problems: warnings",
    "notes": "Problems: notes",
    "unread": "Files that could not be read",
}
"""What is counted, in the order of the table; a further measure is an entry here and one in `counts`."""


@dataclass(frozen=True, slots=True)
class Point:
    """The counts of one day."""

    day: datetime.date
    commit: str | None
    """The commit that was read; None for the files as they lie here."""
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Trend:
    """Points one after the other, the earliest first, and why there are no earlier ones."""

    points: tuple[Point, ...]
    remark: str | None


def counts(judged: Judged) -> Mapping[str, int]:
    """Every measure of one workspace on its day."""
    workspace, day = judged.facts.workspace, judged.facts.today
    heads = [document.head.value for document in workspace.documents]
    status = Counter(head.status for head in heads)
    rows = [record.value for record in workspace.records(SoaEntry)]
    decided = [row for row in rows if row.decided is not None]
    risks = [record.value for record in workspace.records(Risk)]
    limit = workspace.number("risk_acceptance_level", 8)
    weights = Counter(problem.severity for problem in judged.problems)
    ladder = judged.ladder
    leaves = ladder.leaves(_STANDARD) if _STANDARD in ladder.catalogues else ()
    rungs = Counter(ladder.requirement(leaf).rung for leaf in leaves)
    return {
        "approved": status[DocumentStatus.APPROVED],
        "draft": status[DocumentStatus.DRAFT],
        "overdue": sum(
            head.status is DocumentStatus.APPROVED and head.next_review is not None and head.next_review < day for head in heads
        ),
        "soa_rows": len(rows),
        "soa_decided": len(decided),
        "soa_implemented": sum(row.status is Implementation.IMPLEMENTED for row in decided),
        "nonconformities": sum(not record.value.is_closed for record in workspace.records(Nonconformity)),
        "concerns": sum(not record.value.is_closed for record in workspace.records(Concern)),
        "risks_above": sum(risk.status.value != "closed" and risk.residual.level > limit for risk in risks),
        **{f"at_{rung.value}": rungs[rung] for rung in Rung},
        "errors": weights[Severity.ERROR],
        "warnings": weights[Severity.WARNING],
        "notes": weights[Severity.NOTE],
        "unread": len(workspace.broken),
    }


def ends_before(today: datetime.date, every: str, last: int) -> tuple[datetime.date, ...]:
    """The last days of the latest periods that ended before a day, the earliest first.

    Args:
        today: The day; a period that ends on it is not among them.
        every: `month` or `quarter`.
        last: How many.
    """
    step = 3 if every == "quarter" else 1
    first = today.replace(day=1)
    found: list[datetime.date] = []
    while len(found) < last and first.year > 1:
        if (first.month - 1) % step == 0 and first <= today:
            found.append(first - datetime.timedelta(days=1))
        first = (first - datetime.timedelta(days=1)).replace(day=1)
    return tuple(reversed(found))


def trend_of(root: Path, now: Judged, every: str = EVERY, last: int = LAST) -> Trend:
    """Counts at the ends of the periods before a day, then those of the day itself.

    Args:
        root: The folder of the repository; past commits are read as blobs, nothing is checked out.
        now: What is judged of what lies in that folder.
        every: `month` or `quarter`.
        last: How many ends of periods at most.
    """
    today = now.facts.today
    last_point = Point(today, None, counts(now))
    history = history_of(root)
    if history is None:
        return Trend((last_point,), "No history of a git repository can be read here, so that only today is counted.")
    objects, prefix = Objects(root), folder_in_repository(root)
    points: list[Point] = []
    gone: list[datetime.date] = []
    for day in ends_before(today, every, last):
        commit = history.at(day)
        counted = _counted(objects, commit.tree, prefix, day) if commit else None
        if commit is None or counted is None:
            gone.append(day)
        else:
            points.append(Point(day, commit.name, counted))
    return Trend((*points, last_point), _remark(history, gone))


def _counted(objects: Objects, tree: str, prefix: str, day: datetime.date) -> Mapping[str, int] | None:
    """The counts of a commit's files as of a day; None where no management system lay among them."""

    def count() -> Mapping[str, int] | None:
        files = tree_of(objects, tree, prefix)
        if files is None:
            return None
        return counts(judge(Facts(load_workspace(files), day)))

    # What a tree holds never changes, and a served site is built again with every key that is saved.
    return kept_value("counts", f"{tree} {day} {prefix}", count, _are_counts)


def _are_counts(found: object) -> bool:
    if not isinstance(found, dict):
        return found is None
    return list(found) == list(MEASURES) and all(type(number) is int for number in found.values())


def _remark(history: CommitsInForce, gone: list[datetime.date]) -> str | None:
    if not gone:
        return None
    if history.shallow:
        return f"This clone is shallow, so that {gone[-1]} and earlier days cannot be counted; 'git fetch --unshallow' brings the rest."
    return f"On {gone[-1]} and earlier, the history of this repository holds no management system yet."
