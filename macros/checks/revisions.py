"""DOC and TRC: what each version changed, and what rests on a text that has changed since."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from macros.checks.registry import Said, check
from macros.facts.computed import Facts
from macros.facts.suspects import How, Suspect
from macros.model.document import FIRST_VERSION, DocumentStatus, Revision, RevisionKind
from macros.model.workspace import Document
from macros.problem import Severity


@check("DOC205", "Revision notes are out of order")
def out_of_order(facts: Facts) -> Iterator[Said]:
    """A reader looks at the first note for what is new; it is the one of the version that lies before them, and the older ones follow."""
    for document in facts.workspace.documents:
        head = document.head.value
        seen: set[str] = set()
        if head.revisions and head.revisions[0].version != head.version:
            yield (
                document.head.at("revisions", 0, "version"),
                f"the newest note of '{head.id}' is for {head.revisions[0].version}, and its version is {head.version}",
                f"put a note for {head.version} first, or correct the version",
            )
        for index, revision in enumerate(head.revisions):
            above = head.revisions[index - 1] if index else None
            if revision.version in seen:
                yield (
                    document.head.at("revisions", index, "version"),
                    f"'{head.id}' has two notes for {revision.version}",
                    "keep one",
                )
            elif above and revision.number > above.number:
                yield (
                    document.head.at("revisions", index, "version"),
                    f"the note for {revision.version} of '{head.id}' stands below that for {above.version}",
                    "put the newest first",
                )
            if above and revision.date > above.date:
                yield (
                    document.head.at("revisions", index, "date"),
                    f"{revision.version} of '{head.id}' is noted for {revision.date}, and the later {above.version} for {above.date}",
                    "correct one of the two days",
                )
            seen.add(revision.version)


@check("DOC206", "Version has no revision note", Severity.WARNING)
def without_note(facts: Facts) -> Iterator[Said]:
    """Whoever has read an earlier version wants one sentence on what is different, and what rests on the text can only be named by it."""
    for document in facts.workspace.documents:
        head = document.head.value
        number = tuple(map(int, head.version.split(".")))
        if head.status is DocumentStatus.APPROVED and number > FIRST_VERSION and not head.revisions:
            yield (
                document.head.at("version"),
                f"'{head.id}' is at version {head.version}, and no note says what that version changed",
                "add it under 'revisions' with date, change and note; the manual's page 'Write and change documents' shows how",
            )


@check("DOC207", "Revision note does not fit its version", Severity.WARNING)
def unfitting_note(facts: Facts) -> Iterator[Said]:
    """The step of the version and the kind of change say the same thing twice, so one of them is wrong where they differ."""
    for document in facts.workspace.documents:
        head = document.head.value
        for index, (revision, below) in enumerate(zip_longest(head.revisions, head.revisions[1:])):
            wanted = _kind(revision, below)
            if revision.change is not wanted:
                step = "the first number rose" if wanted is RevisionKind.OBLIGATION else "only the second number rose"
                yield (
                    document.head.at("revisions", index, "change"),
                    f"{revision.version} of '{head.id}' is noted as {revision.change.value}, and {step}",
                    f"write {wanted.value}, or give the document the version that fits",
                )
            yield from _day(facts, document, index, revision)


def _kind(revision: Revision, below: Revision | None) -> RevisionKind:
    """What the step of the version tells; without an older note, a version that ends in 0 is a step of the first number."""
    major, minor = revision.number
    stepped = major > below.number[0] if below and below.number < revision.number else minor == 0
    return RevisionKind.OBLIGATION if stepped else RevisionKind.CLARIFICATION


def _day(facts: Facts, document: Document, index: int, revision: Revision) -> Iterator[Said]:
    head = document.head.value
    approved = head.approved.date if head.approved and head.status is DocumentStatus.APPROVED else None
    if revision.date > facts.today:
        yield (
            document.head.at("revisions", index, "date"),
            f"{revision.version} of '{head.id}' is noted for {revision.date}, and today is {facts.today}",
            "enter the day on which the text was changed",
        )
    elif approved and revision.version == head.version and revision.date > approved:
        yield (
            document.head.at("revisions", index, "date"),
            f"{revision.version} of '{head.id}' is noted for {revision.date}, and was approved on {approved}",
            "enter the day on which the text was changed, or the approval that came after it",
        )


@check("TRC202", "Document rests on a text that has changed since", Severity.NOTE)
def document_suspect(facts: Facts) -> Iterator[Said]:
    """Whoever approved this text had read another one beside it; what fitted the old duty may contradict the new one."""
    yield from (_said(suspect) for suspect in facts.suspects if suspect.rests.how is How.TEXT)


@check("TRC203", "Record rests on a text that has changed since", Severity.NOTE)
def record_suspect(facts: Facts) -> Iterator[Said]:
    """Evidence shows that an earlier text was followed, and a decision was made under it; neither says anything of the new duty."""
    yield from (_said(suspect) for suspect in facts.suspects if suspect.rests.how is not How.TEXT)


def _said(suspect: Suspect) -> Said:
    newest = suspect.revisions[0]
    more = f" (and {len(suspect.revisions) - 1} earlier)" if len(suspect.revisions) > 1 else ""
    return (
        suspect.rests.location,
        (
            f"'{suspect.name}' was {suspect.word} on {suspect.looked_at}, and '{suspect.on}' changed an obligation on {newest.date},"
            f" in {newest.version}{more}"
        ),
        suspect.way_out,
    )
