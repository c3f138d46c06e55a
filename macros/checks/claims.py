"""SOA and STA: rows and approvals that claim more than the ladder shows."""

from __future__ import annotations

from collections.abc import Iterator

from macros.model.document import DocumentStatus
from macros.model.records.applicability import Applicability, Implementation
from macros.problem import Problem, Rule, Severity
from macros.status import Ladder, NeededPart, PartKind, Rung

MORE = Rule(
    "SOA108",
    "Row claims more than the data shows",
    "A control is implemented once what it asks for is decided, approved and in date; a word in a row makes nothing so.",
    Severity.WARNING,
)
ELSEWHERE = Rule(
    "SOA109",
    "Rows rest on the ISMS alone",
    "A certified ISMS may have a control while nothing here shows it; the register of ISMS documents is where that would stand.",
    Severity.NOTE,
)
UNTOUCHED = Rule(
    "STA106",
    "Approved text has sections that nobody decided on",
    "A section as the kit delivered it, or edited in a word or two, shows no decision: "
    "it is made one's own, or adopted as it is by somebody who says why.",
    Severity.WARNING,
)
RULES = (MORE, ELSEWHERE, UNTOUCHED)

_ISMS = "iso27001"


def problems(ladder: Ladder) -> Iterator[Problem]:
    """What claims more than the ladder shows: rows, and approvals of texts that nobody made their own."""
    yield from _rows(ladder)
    yield from _untouched(ladder)


def _untouched(ladder: Ladder) -> Iterator[Problem]:
    if ladder.workspace.generated is None:
        return  # which has a problem of its own
    for document in ladder.workspace.documents:
        if document.head.value.status is DocumentStatus.APPROVED and ladder.document(document.id).rung is Rung.TEMPLATE:
            yield UNTOUCHED.problem(
                document.head.at("status"),
                f"'{document.id}' is approved, and {ladder.document(document.id).why}",
                ladder.document(document.id).way_up,
            )


def _rows(ladder: Ladder) -> Iterator[Problem]:
    """Rows that say `implemented` while a part that the control needs is not even approved.

    Controls of a certified ISMS may be implemented by what is kept elsewhere, and are said together, as a note.
    """
    organisation = ladder.workspace.organisation
    if ladder.workspace.broken or organisation is None:
        return  # what could not be read may be what is missing
    elsewhere = []
    for control, (record, entry) in ladder.decisions.items():
        claims = entry.applicability is Applicability.INCLUDED and entry.status is Implementation.IMPLEMENTED
        if not claims or entry.decided is None or control not in ladder.workspace.requirements:
            continue  # what is not decided is a draft, and claims nothing yet
        low = [part for part in ladder.requirement(control).parts if part.rung.height < Rung.APPROVED.height and not _said_elsewhere(part)]
        if not low:
            continue
        part = min(low, key=lambda part: part.rung.height)
        message = f"'{control}' claims to be implemented, and stands at {part.rung.value}: {part.kind.value} {part.name}, {part.why}"
        if organisation.value.isms and control.startswith(f"{_ISMS}:"):
            elsewhere.append((record, message, part.way_up))
        else:
            yield MORE.problem(record.data.at("status"), message, f"{part.way_up}, or claim less")
    if elsewhere:
        record, message, way_up = elsewhere[0]
        more = f"; {len(elsewhere) - 1} more rows of the ISMS claim more than is shown here" if len(elsewhere) > 1 else ""
        yield ELSEWHERE.problem(record.data.at("status"), f"{message}{more}", f"{way_up}, or name the ISMS document that has it")


def _said_elsewhere(part: NeededPart) -> bool:
    """A control that asks for something written and has nothing has a rule of its own."""
    return part.told or part.kind is PartKind.NOTHING
