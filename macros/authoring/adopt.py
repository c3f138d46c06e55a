"""The decision to keep sections of a text as the kit delivered them, entered with who decided, when and why."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from macros.authoring.head import head_of, with_entries
from macros.facts.adoptions import adoptions, folded
from macros.facts.decisions import Decisions
from macros.facts.tailoring import SectionIs, headings, tailoring
from macros.imports.write import Files, Overlay, judge
from macros.load import load_workspace
from macros.load.tree import FolderTree
from macros.model.base import fields_of
from macros.model.document import Adoption, DocumentStatus
from macros.model.workspace import Document, Workspace
from macros.problem import KitError, Problem, Severity, did_you_mean


@dataclass(frozen=True, slots=True)
class AdoptionWord:
    """Who keeps which sections, and why."""

    by: str
    as_role: str | None
    on: datetime.date
    because: str
    sections: tuple[str, ...] = ()
    """Headings; without them all that are not the organisation's own."""


@dataclass(frozen=True, slots=True)
class Adopting:
    """What changes when sections of a document are adopted."""

    document: Document
    word: AdoptionWord
    sections: tuple[str, ...]
    """The headings that are decided on by it."""
    undecided: tuple[str, ...]
    """The headings that are undecided after it."""
    files: Files


def adopting(
    root: Path, workspace: Workspace, problems: Iterable[Problem], name: str, word: AdoptionWord, today: datetime.date
) -> Adopting:
    """The adoption of sections of one document; nothing is written.

    Args:
        root: The repository.
        workspace: What it holds.
        problems: Errors that stand in it now.
        name: Id of a document.
        word: Who adopts what.
        today: The day to judge on.

    Raises:
        KitError: The document or a section is not there, is the organisation's own, or may not be adopted by this person so.
    """
    document = _document(workspace, problems, name)
    if word.by not in workspace.person_by_id:
        way_out = did_you_mean(word.by, workspace.person_by_id, "name one with --by, by id")
        raise KitError(f"there is no person '{word.by[:60]}' in 'org.yaml'; {way_out}")
    named = _named(workspace, document, word.sections, today)
    entry: dict[str, Any] = {"sections": list(named) or "all", "by": word.by}
    entry |= {"as_role": word.as_role} if word.as_role else {}
    entry |= {"date": str(word.on), "because": " ".join(word.because.split())}
    kept = [_plain(one) for one in document.head.value.adopted if one.sections != (named or "all")]
    text = (root / document.path).read_bytes().decode("utf-8")
    files: Files = {document.path: with_entries(text, {"adopted": [*kept, entry]}, head_of(text, document.path)).encode("utf-8")}
    after = load_workspace(Overlay(FolderTree(root), files))
    decisions, now = Decisions(after, today), after.document_by_id.get(name)
    if now is None:
        judge(root, workspace, files, today)  # which says why it cannot be read
        raise KitError(f"'{name}' could not be read with this entry; run check")
    given = list(adoptions(decisions, now))[-1]
    fault = given.found.fault or given.empty
    if fault:
        raise KitError(
            f"sections of '{name}' would not be adopted by this: {fault}; have it said by a person who may, with a reason of its own"
        )
    judge(root, workspace, files, today)
    own = tailoring(decisions, now)
    decided = tuple(one.heading for one in own.those(SectionIs.ADOPTED) if one.adopted and one.adopted.index == given.index)
    return Adopting(document, word, decided, tuple(one.heading for one in own.undecided), files)


def _document(workspace: Workspace, problems: Iterable[Problem], name: str) -> Document:
    document = workspace.document_by_id.get(name)
    if document is None:
        way_out = did_you_mean(name, workspace.document_by_id, "run status to see what there is")
        raise KitError(f"there is no document '{name[:60]}' here; {way_out}")
    if document.head.value.status is DocumentStatus.WITHDRAWN:
        raise KitError(f"'{name}' is withdrawn; what is to hold again begins as a draft")
    codes = ("DOC210", "DOC211")  # which a better adoption mends
    wrong = [one for one in problems if one.severity is Severity.ERROR and one.location.path == document.path and one.code not in codes]
    if wrong:
        raise KitError(f"sections of '{name}' cannot be adopted as it is: {wrong[0]}")
    return document


def _named(workspace: Workspace, document: Document, sections: Sequence[str], today: datetime.date) -> tuple[str, ...]:
    """The headings as the text has them."""
    own = {one.heading: one.how is SectionIs.OWN for one in tailoring(Decisions(workspace, today), document).sections}
    if all(own.values()):
        raise KitError(f"every section of '{document.id}' is the organisation's own; there is nothing to adopt")
    known = {folded(heading): heading for heading in headings(document)}
    for heading in sections:
        if folded(heading) not in known:
            raise KitError(
                f"'{document.id}' has no section '{heading[:60]}'; {did_you_mean(heading, known.values(), 'name a heading of its text')}"
            )
        if own[known[folded(heading)]]:
            raise KitError(f"section '{heading}' of '{document.id}' is the organisation's own; leave it out")
    return tuple(dict.fromkeys(known[folded(heading)] for heading in sections))


def _plain(entry: Adoption) -> dict[str, Any]:
    """An adoption as it is written."""
    data = {key: str(value) if isinstance(value, datetime.date) else value for key, value in fields_of(entry).items() if value is not None}
    return data | {"sections": entry.sections if entry.sections == "all" else list(entry.sections)}
