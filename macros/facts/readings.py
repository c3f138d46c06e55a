"""Who has to have read which document, who has, and who has not?

A text counts as read until an obligation in it changes.
The major number of a version changes with an obligation, so an acknowledgement counts as long as the major
number is the same. A draft and a withdrawn document bind nobody, so nobody has to have read them.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from macros.days import after_days
from macros.model.document import DocumentStatus, order_of
from macros.model.organisation import Person
from macros.model.records.reading import PSEUDONYM, Acknowledgement, ReadingDuty
from macros.model.workspace import Document, Workspace


@dataclass(frozen=True, slots=True)
class Missing:
    """A person who has a duty to read and has not said that they did."""

    person: str
    """By id in `org.yaml`."""
    roles: tuple[str, ...]
    """The roles through which the duty holds, by id."""
    due: datetime.date

    def late(self, today: datetime.date) -> bool:
        """Whether the days have passed."""
        return self.due < today


@dataclass(frozen=True, slots=True)
class Reading:
    """One document that has to be read, and how far that has come."""

    document: Document
    duties: tuple[ReadingDuty, ...]
    must: tuple[str, ...]
    """People by id who have to have read it."""
    must_unnamed: int
    """How many more have to, under a pseudonym."""
    done: tuple[Acknowledgement, ...]
    """The latest acknowledgement that counts, one for each person who must have read it and has."""
    missing: tuple[Missing, ...]
    done_unnamed: int
    """Pseudonyms that have acknowledged it, at most as many as must."""
    seen_unnamed: int
    """Pseudonyms that have acknowledged it, however many."""
    due_unnamed: datetime.date | None
    """When those under a pseudonym have to have read it."""
    today: datetime.date

    @property
    def total(self) -> int:
        """How many must have read it."""
        return len(self.must) + self.must_unnamed

    @property
    def count(self) -> int:
        """How many of them have."""
        return len(self.done) + self.done_unnamed

    @property
    def late(self) -> int:
        """How many have not, and their days have passed."""
        unnamed = self.must_unnamed - self.done_unnamed if self.due_unnamed and self.due_unnamed < self.today else 0
        return sum(missing.late(self.today) for missing in self.missing) + unnamed

    @property
    def in_time(self) -> int:
        """How many have not, and still have time."""
        return self.total - self.count - self.late

    @property
    def versions(self) -> str:
        """The versions that count, such as `2.x`."""
        return f"{order_of(self.document.head.value.version)[0]}.x"

    @property
    def said(self) -> str:
        """The count in a sentence, never a percentage alone."""
        return f"{self.count} of {self.total} who must have read version {self.versions} have done so"


def readings(workspace: Workspace, today: datetime.date) -> tuple[Reading, ...]:
    """Every approved document that somebody has to read, by id."""
    duties: dict[str, list[ReadingDuty]] = {}
    for record in workspace.records(ReadingDuty):
        duties.setdefault(record.value.document, []).append(record.value)
    found = []
    for name in sorted(duties):
        document = workspace.document_by_id.get(name)
        if document and document.head.value.status is DocumentStatus.APPROVED and document.head.value.approved:
            found.append(_reading(workspace, document, tuple(duties[name]), today))
    return tuple(found)


def suspended(workspace: Workspace) -> tuple[tuple[ReadingDuty, str], ...]:
    """Duties that bind nobody now, with the status of their document."""
    found = []
    for record in workspace.records(ReadingDuty):
        document = workspace.document_by_id.get(record.value.document)
        if document and (document.head.value.status is not DocumentStatus.APPROVED or not document.head.value.approved):
            found.append((record.value, document.head.value.status.value))
    return tuple(found)


def here(people: Iterable[Person], today: datetime.date) -> dict[str, Person]:
    """People who have joined and have not left, by id."""
    return {
        person.id: person
        for person in people
        if not (person.left and person.left <= today) and not (person.joined and person.joined > today)
    }


def counts(acknowledgement: Acknowledgement, document: Document, today: datetime.date) -> bool:
    """Whether an acknowledgement still holds for a document as it is in force."""
    head = document.head.value
    given, present = order_of(acknowledgement.version), order_of(head.version)
    if (
        acknowledgement.document != head.id
        or not (0 < given[0] == present[0] and given <= present)
        or acknowledgement.acknowledged_on > today
    ):
        return False
    return given != present or head.approved is None or acknowledgement.acknowledged_on >= head.approved.date


def _reading(workspace: Workspace, document: Document, duties: tuple[ReadingDuty, ...], today: datetime.date) -> Reading:
    latest: dict[str, Acknowledgement] = {}
    for record in workspace.records(Acknowledgement):
        given = record.value
        if counts(given, document, today) and (given.person not in latest or latest[given.person].acknowledged_on < given.acknowledged_on):
            latest[given.person] = given
    people = here(workspace.organisation.value.people, today) if workspace.organisation else {}
    # The text with these obligations is in force at the latest since the first person acknowledged it.
    approved = document.head.value.approved
    start = min([*([approved.date] if approved else []), *(given.acknowledged_on for given in latest.values())])
    must: dict[str, list[tuple[str, int]]] = {}
    for duty in duties:
        for role in duty.roles:
            for person in workspace.role_by_id[role].held_by if role in workspace.role_by_id else ():
                if person in people:
                    must.setdefault(person, []).append((role, duty.within_days))
    unnamed = sum(duty.people or 0 for duty in duties)
    days = [duty.within_days for duty in duties if duty.people]
    pseudonyms = sum(person.startswith(PSEUDONYM) for person in latest)
    missing = tuple(
        Missing(person, tuple(dict.fromkeys(role for role, _ in held)), _due(start, people[person], min(days for _, days in held)))
        for person, held in must.items()
        if person not in latest
    )
    return Reading(
        document,
        duties,
        tuple(must),
        unnamed,
        tuple(latest[person] for person in must if person in latest),
        missing,
        min(pseudonyms, unnamed),
        pseudonyms,
        after_days(start, min(days)) if days else None,
        today,
    )


def _due(start: datetime.date, person: Person, days: int) -> datetime.date:
    return after_days(max(start, person.joined or start), days)
