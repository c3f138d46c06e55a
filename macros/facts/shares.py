"""How much rests on one record of evidence, and how much did one person decide?"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from macros.facts.deciding import InForce
from macros.facts.decisions import Decisions
from macros.facts.evidence import EvidenceBook
from macros.model.numbering import natural
from macros.model.records.applicability import SoaEntry
from macros.model.workspace import Workspace

AREA = 9
"""Requirements of which one record can show something without being about everything: the largest area of the annex, A.6, has nine."""
SHARE = 0.75
"""The part of all decisions beyond which one person decides alone; top management gives more than half where policies are few."""
HANDFUL = 5
"""People up to which one person cannot but decide nearly everything."""
ENOUGH = 20
"""Decisions below which a share says nothing: an organisation begins with the policy and the scope."""


@dataclass(frozen=True, slots=True)
class Carried:
    """One file or address, and what it shows."""

    name: str
    """The record of evidence; of several of one file, the first."""
    requirements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecisionShares:
    """How many decisions in force there are, and who gave them."""

    by_person: Mapping[str, int]
    """By the id of the person."""

    @property
    def total(self) -> int:
        """All decisions in force that a person gave."""
        return sum(self.by_person.values())

    @property
    def most(self) -> tuple[str, int] | None:
        """Who gave the most, and how many; of several, the first by id. None where nothing is decided."""
        return min(self.by_person.items(), key=lambda pair: (-pair[1], pair[0]), default=None)


def heaviest(book: EvidenceBook) -> Carried | None:
    """The file or address that shows the most requirements today; None where no evidence counts."""
    return min(carried(book), key=lambda one: (-len(one.requirements), natural(one.name)), default=None)


def carried(book: EvidenceBook) -> tuple[Carried, ...]:
    """What each file or address shows today, by all records of it together."""
    shown: dict[str, dict[str, None]] = defaultdict(dict)
    first: dict[str, str] = {}
    for name, found in sorted(book.records.items(), key=lambda pair: natural(pair[0])):
        targets = [target for target in found.evidence.evidences if book.shows(found.evidence, target)]
        if found.state.counts and targets:
            paper = found.evidence.sha256 or found.evidence.reference
            first.setdefault(paper, name)
            shown[paper].update(dict.fromkeys(targets))
    return tuple(Carried(first[paper], tuple(targets)) for paper, targets in shown.items())


def decided(workspace: Workspace, decisions: Decisions) -> DecisionShares:
    """Who gave the decisions in force: on documents, on records, on what remains of a risk, and on the Statement of Applicability.

    Rows of the Statement of Applicability that one person decided on one day count as one decision, as they were one.
    """
    return DecisionShares(Counter(person for person, _ in {*_given(workspace, decisions)}))


def _given(workspace: Workspace, decisions: Decisions) -> Iterator[tuple[str, str]]:
    """Each decision once: the person, and what makes it another one than the next."""

    def named(found: InForce, what: str) -> Iterator[tuple[str, str]]:
        if found.holds and found.person:
            yield found.person, what

    for document in workspace.documents:
        yield from named(decisions.document(document), document.id)
    for record in workspace.all_records:
        for place, found in decisions.record(record.value):
            row = isinstance(record.value, SoaEntry)
            yield from named(found, _day(found.on) if row else f"{record.kind.name} {record.id} {place}")


def _day(day: datetime.date | None) -> str:
    return f"rows of {day}"
