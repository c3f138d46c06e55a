"""Reviews at a forge become approval records: for each changed document, who approved it and could, and why the others could not."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from macros.facts.authority import approver_of_document, handle_of, holders, is_person
from macros.model.base import fields_of
from macros.model.document import REVIEW_ENTRIES
from macros.model.fingerprint import fingerprint_of
from macros.model.numbering import LAST, highest, numbered
from macros.model.organisation import Person
from macros.model.records.approvals import ApprovalDecision, ApprovalRecord
from macros.model.workspace import Document, Workspace
from macros.problem import KitError
from macros.review.changes import DocumentChange, document_changes
from macros.review.forge import ForgeReview, ForgeReviews, Word

FOLDER = "registers/approvals"
_NOREPLY = re.compile(r"(?:\d+[+-])?([A-Za-z0-9._-]+)@users\.noreply\.[a-z0-9.-]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody who wrote a part of a change, as a commit says it."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a review gives no record."""

    who: str
    """The user name at the forge."""
    document: str | None
    """The document that it is about; None where it is about all."""
    why: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A changed document that nobody with the role has approved."""

    document: str
    version: str
    role: str
    people: tuple[str, ...]
    """Names of those who could approve it."""


@dataclass(frozen=True, slots=True)
class Recording:
    """What the reviews of one change give."""

    records: tuple[ApprovalRecord, ...]
    recorded: tuple[tuple[str, str], ...]
    """What is on record already: the record's id, and the document's."""
    reasons: tuple[Reason, ...]
    waiting: tuple[Waiting, ...]
    strangers: tuple[str, ...]
    """User names of approvers whom `org.yaml` does not know."""


@dataclass(frozen=True, slots=True)
class ReviewedChange:
    """All that is known of a change, read from commits."""

    base: Workspace
    """What was in force; the authority is read from it."""
    head: Workspace
    """What was approved in the end."""
    head_commit: str
    at: Mapping[str, Workspace]
    """The state that was looked at, by commit."""
    authors: Callable[[DocumentChange], tuple[Author, ...]]
    """Who wrote the change of a document."""
    proposed_by: str | None = None
    """Who proposed it, by id, forge name, e-mail or name."""
    day: datetime.date | None = None
    """The day of approvals for which the forge gives none."""


def record_approvals(change: ReviewedChange, given: ForgeReviews, present: Workspace) -> Recording:
    """Plan the records of a change.

    Args:
        change: The change, with its authority.
        given: The last word of each reviewer.
        present: The workspace that the records go into; its register gives the next id.

    Raises:
        KitError: No document changed, or an approval lacks its day.
    """
    documents = [found for found in document_changes(change.base, change.head) if found.new and _counts(found)]
    if not documents:
        raise KitError("no document changed between the two sides, so there is nothing to record; name the base with --base")
    reasons = [Reason(review.login, None, review.word.value) for review in given.reviews if review.word is not Word.APPROVED]
    known, strangers = _reviewers(change.base, given, reasons)
    ids = _ids(present)
    records: list[ApprovalRecord] = []
    recorded: list[tuple[str, str]] = []
    waiting = []
    for found in documents:
        role = approver_of_document(change.base, found.old, found.new)
        able = holders(change.base, role)
        authors = [*change.authors(found), *([Author(change.proposed_by, "")] if change.proposed_by else [])]
        done = False
        for review, person in known:
            why = _why_not(change, found, review, person, role, able, authors)
            if why:
                reasons.append(Reason(review.login, found.id, why))
                continue
            done = True
            mark = fingerprint_of(found.shown)
            same = _on_record(present, found.shown, person, mark)
            if same:
                recorded.append((same, found.id))
                continue
            day = review.day or change.day
            if day is None:
                raise KitError("the forge does not say on which day approval was given; give it with --on, such as --on 2026-09-14")
            records.append(
                ApprovalRecord(
                    id=next(ids),
                    document=found.id,
                    version=found.shown.head.value.version,
                    decision=ApprovalDecision.APPROVED,
                    by=person.id,
                    as_role=role,
                    approved_on=day,
                    commit=review.commit or change.head_commit,
                    sha256=mark,
                    source=given.source,
                    reference=review.reference,
                    written_by=_names(change.base, authors),
                )
            )
        if not done:
            people = tuple(person.name for person in able if not _wrote(person, authors))
            waiting.append(Waiting(found.id, found.shown.head.value.version, role, people))
    return Recording(tuple(records), tuple(recorded), tuple(reasons), tuple(waiting), tuple(strangers))


def as_yaml(record: ApprovalRecord) -> str:
    """A record as the text of its file."""
    lines = ["# yaml-language-server: $schema=../../macros/schemas/approval.json"]
    for name, value in fields_of(record).items():
        if isinstance(value, tuple):
            lines += [f"{name}:", *(f"  - {_quoted(item)}" for item in value)] if value else [f"{name}: []"]
        elif value is None:
            lines.append(f"{name}: null")
        else:
            text = str(value.value if isinstance(value, Enum) else value)
            lines.append(f"{name}: {text if name in ('id', 'document', 'decision', 'by', 'as_role', 'source') else _quoted(text)}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _counts(change: DocumentChange) -> bool:
    """Whether a change of a document is one that somebody approves; a review that changed nothing is none."""
    text = change.old is None or change.sentences or change.editorial
    return bool(text) or any(entry.name not in REVIEW_ENTRIES for entry in change.entries)


def _reviewers(base: Workspace, given: ForgeReviews, reasons: list[Reason]) -> tuple[list[tuple[ForgeReview, Person]], list[str]]:
    people = base.organisation.value.people if base.organisation else ()
    known, strangers = [], []
    for review in given.reviews:
        if review.word is not Word.APPROVED:
            continue
        named = [person for person in people if (handle_of(person) or "").casefold() == f"@{review.login}".casefold()]
        if len(named) == 1:
            known.append((review, named[0]))
            continue
        why = "more than one person has this forge_name in org.yaml" if named else "nobody has this forge_name in the org.yaml in force"
        reasons.append(Reason(review.login, None, why))
        strangers.append(review.login)
    return known, strangers


def _why_not(
    change: ReviewedChange,
    found: DocumentChange,
    review: ForgeReview,
    person: Person,
    role: str,
    able: Iterable[Person],
    authors: Iterable[Author],
) -> str | None:
    if person not in able:
        return f"left on {person.left}" if person.left else f"does not hold the role {role}"
    if _wrote(person, authors):
        return "wrote the change"
    if review.commit:
        looked_at = change.at[review.commit].document_by_id.get(found.id)
        if looked_at is None:
            return f"approved {review.commit[:12]}, in which it cannot be read or is not there"
        if fingerprint_of(looked_at) != fingerprint_of(found.shown):
            return f"approved {review.commit[:12]}, and the text changed later"
    elif change.at:
        return "the forge does not say which commit was approved"
    return None


def _wrote(person: Person, authors: Iterable[Author]) -> bool:
    return any(_is(person, author) for author in authors)


def _is(person: Person, author: Author) -> bool:
    login = _NOREPLY.fullmatch(author.email)
    handle = handle_of(person)
    return any(is_person(person, text) for text in (author.name, author.email) if text) or bool(
        handle and handle.casefold() in (f"@{login.group(1)}".casefold() if login else "", f"@{author.name.lstrip('@')}".casefold())
    )


def _names(base: Workspace, authors: Iterable[Author]) -> tuple[str, ...]:
    people = base.organisation.value.people if base.organisation else ()
    named = (next((person.id for person in people if _is(person, author)), _shown(author)) for author in authors)
    return tuple(dict.fromkeys(name for name in named if name))


def _shown(author: Author) -> str:
    text = " ".join("".join(char if char.isprintable() else " " for char in (author.name or author.email)).split())
    return text[:200]


def _on_record(present: Workspace, document: Document, person: Person, mark: str) -> str | None:
    for record in present.records(ApprovalRecord):
        value = record.value
        if (value.document, value.version, value.by, value.sha256) == (document.id, document.head.value.version, person.id, mark):
            return record.id
    return None


def _ids(present: Workspace) -> Iterator[str]:
    """Free ids, from one above the highest that was ever seen, so that none is used again."""
    names = {record.id for record in present.records(ApprovalRecord)}
    names |= {path.rsplit("/", 1)[1].removesuffix(".yaml") for path in present.paths if path.startswith(f"{FOLDER}/")}
    yield from (numbered("APR-", number) for number in range(highest("APR-", names) + 1, LAST + 1))
