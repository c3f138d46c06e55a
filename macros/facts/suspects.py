"""What rests on a text that has changed since?

Computed from dates at every reading, and stored nowhere.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from macros.facts.trace import LinkKind, Trace
from macros.model.document import DocumentStatus, Revision, RevisionKind
from macros.model.numbering import natural
from macros.model.records.common import Entry
from macros.model.records.exceptions import PolicyException
from macros.model.records.improvement import Change
from macros.model.records.partners import Customer, Supplier
from macros.model.records.risk import Obligation, Risk
from macros.model.records.support import Evidence, ExternalDocument
from macros.model.records.systems import AiSystem, Dataset, ImpactAssessment
from macros.model.workspace import Document, Workspace
from macros.problem import Location
from macros.text.calls import named_in

LOOKED_AT: Mapping[type[Entry], str] = {
    AiSystem: "approved",
    Change: "approved",
    Customer: "asked_on",
    Dataset: "approved",
    Evidence: "collected_on",
    ExternalDocument: "approved",
    ImpactAssessment: "assessed_on",
    Obligation: "reviewed_on",
    PolicyException: "approved",
    Risk: "assessed_on",
    Supplier: "reviewed_on",
}
"""By definition, the entry with the day on which a record was last looked at. Other records say what happened, which stays true."""


class How(str, Enum):
    """In what way something rests on a document."""

    TEXT = "its text refers to"
    EVIDENCE = "it is evidence for"
    NAMED = "it names"
    ANSWERED = "it is answered by"
    TASK = "it is shown by"


@dataclass(frozen=True, slots=True)
class Reliance:
    """Something that rests on a document."""

    name: str
    """Id of a document or record; `task` and its number for a task of the roadmap."""
    on: str
    """The document, by id."""
    how: How
    location: Location
    """Where it says so."""

    @property
    def because(self) -> str:
        """Why it rests on the document, in a few words."""
        return f"{self.how.value} {self.on}"


@dataclass(frozen=True, slots=True)
class Suspect:
    """Something that was last looked at before an obligation changed in a document that it rests on."""

    rests: Reliance
    looked_at: datetime.date
    word: str
    """What was done on that day: approved, collected or looked at."""
    revisions: tuple[Revision, ...]
    """Those that changed an obligation since, newest first."""
    way_out: str
    """What clears it."""

    @property
    def name(self) -> str:
        """Id of the document or record that is to be looked at again."""
        return self.rests.name

    @property
    def on(self) -> str:
        """Id of the document that changed."""
        return self.rests.on

    @property
    def since(self) -> datetime.date:
        """The day of the first change that it has not been looked at for."""
        return self.revisions[-1].date


def dependants(workspace: Workspace, trace: Trace, on: Container[str] | None = None) -> Mapping[str, tuple[Reliance, ...]]:
    """What rests on each document, by its id: documents in the order of their ids, then records, then tasks of the roadmap.

    Every text and every record is read once, however many documents changed.

    Args:
        workspace: What is judged.
        trace: Its links.
        on: The documents that are asked about, by id; without it, all.
    """
    found: dict[str, dict[tuple[str, How], Reliance]] = defaultdict(dict)
    for rests in _reliances(workspace, trace, (lambda _: True) if on is None else on.__contains__):
        if rests.name != rests.on:
            found[rests.on].setdefault((rests.name, rests.how), rests)
    return {name: tuple(resting.values()) for name, resting in found.items()}


def _reliances(workspace: Workspace, trace: Trace, asked: Callable[[str], bool]) -> Iterator[Reliance]:
    for document in sorted(workspace.documents, key=lambda document: natural(document.id)):
        for name, line in named_in(document.body, document.body_line).names.get("document", {}).items():
            if asked(name):
                yield Reliance(document.id, name, How.TEXT, Location(document.path, line))
    for record in workspace.all_records:
        for link in trace.links_from(record.id):
            if asked(link.target) and link.target in workspace.document_by_id and link.source == record.id:
                how = How.EVIDENCE if link.kind is LinkKind.EVIDENCES else How.NAMED
                yield Reliance(record.id, link.target, how, link.location)
        for index, target in enumerate(record.value.answered_by if isinstance(record.value, Obligation) else ()):
            if asked(target) and target in workspace.document_by_id:
                yield Reliance(record.id, target, How.ANSWERED, record.data.at("answered_by", index))
    for phase in workspace.roadmap.phases if workspace.roadmap else ():
        for task in phase.tasks:
            for condition in task.done_when:
                if condition.of is not None and asked(condition.of):
                    yield Reliance(f"task {task.id}", condition.of, How.TASK, Location("controls/roadmap.yaml"))


def suspects(workspace: Workspace, trace: Trace, today: datetime.date) -> tuple[Suspect, ...]:
    """Documents and records that were last looked at before an obligation changed in a document that they rest on.

    Args:
        workspace: What is judged.
        trace: Its links.
        today: A revision of a later day has not happened yet.

    Returns:
        In the order of the ids of the documents that changed, each with what rests on it as `dependants` gives it.
    """
    changed = {
        name: revisions
        for name, document in sorted(workspace.document_by_id.items(), key=lambda item: natural(item[0]))
        if (revisions := tuple(in_force(document, RevisionKind.OBLIGATION, today)))
    }
    if not changed:
        return ()
    resting = dependants(workspace, trace, changed)
    return tuple(
        suspect
        for name, revisions in changed.items()
        for rests in _with_newest_evidence(workspace, resting.get(name, ()), today)
        if (suspect := _judged(workspace, rests, revisions)) is not None
    )


def in_force(document: Document, kind: RevisionKind, today: datetime.date) -> Iterator[Revision]:
    """Revisions of one kind that bind somebody: not those of a day to come, nor that of a version which is still a draft."""
    head = document.head.value
    if head.status is DocumentStatus.WITHDRAWN:
        return
    for revision in head.revisions:
        waits = head.status is DocumentStatus.DRAFT and revision.version == head.version
        if revision.change is kind and revision.date <= today and not waits:
            yield revision


def _with_newest_evidence(workspace: Workspace, resting: tuple[Reliance, ...], today: datetime.date) -> Iterator[Reliance]:
    """What rests on one document, of its evidence only the newest about the same AI systems: what is older has been collected anew."""
    evidence = {
        rests.name: value
        for rests in resting
        if rests.how is How.EVIDENCE and (record := workspace.record_by_id.get(rests.name)) and isinstance(value := record.value, Evidence)
    }
    newest: dict[frozenset[str], datetime.date] = {}
    for value in evidence.values():
        newest[frozenset(value.about)] = max(value.collected_on, newest.get(frozenset(value.about), value.collected_on))
    for rests in resting:
        shown = evidence.get(rests.name) if rests.how is How.EVIDENCE else None
        if shown is None or (shown.collected_on == newest[frozenset(shown.about)] and shown.valid_until >= today):
            yield rests


def _judged(workspace: Workspace, rests: Reliance, revisions: tuple[Revision, ...]) -> Suspect | None:
    document, record = workspace.document_by_id.get(rests.name), workspace.record_by_id.get(rests.name)
    if document is not None:
        head = document.head.value
        day = head.approved.date if head.approved and head.status is DocumentStatus.APPROVED else None
        word, way_out = "approved", "approve it again after reading what changed"
    elif record is not None:
        entry = LOOKED_AT.get(type(record.value))
        day = _day(record.value)
        if entry == "collected_on":
            word, way_out = "collected", "collect evidence anew"
        elif entry == "approved":
            word, way_out = "approved", "approve it again after reading what changed"
        else:
            word, way_out = "looked at", f"look at it again, and enter the day in '{entry}'"
    else:
        return None
    since = tuple(revision for revision in revisions if day is not None and revision.date > day)
    return Suspect(rests, day, word, since, way_out) if day is not None and since else None


def _day(value: Entry) -> datetime.date | None:
    """The day on which a record was last looked at; None where it was not, or where it is a draft or closed."""
    return None if value.is_draft or value.is_closed else value.looked_at
