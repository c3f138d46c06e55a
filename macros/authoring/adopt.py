"""The decision to keep sections of a text as the kit delivered them, entered with who decided, when and why."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from macros.authoring.deciding import as_written, first_error, refuse_stranger, refuse_withdrawn
from macros.authoring.head import head_of, with_entries
from macros.facts.adoptions import adoptions
from macros.facts.decisions import Decisions
from macros.facts.tailoring import SectionIs, headings, tailoring
from macros.imports.write import Files, Overlay, judge
from macros.load import load_workspace
from macros.load.tree import FolderTree
from macros.model.base import fields_of
from macros.model.document import Adoption
from macros.model.workspace import Document, Workspace
from macros.problem import KitError, Problem, did_you_mean
from macros.text.words import squeezed


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
    refuse_stranger(workspace, word.by)
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
    refuse_withdrawn(name, document.head.value.status)
    wrong = first_error(problems, document.path, ("DOC210", "DOC211"))  # which a better adoption mends
    if wrong:
        raise KitError(f"sections of '{name}' cannot be adopted as it is: {wrong}")
    return document


def _named(workspace: Workspace, document: Document, sections: Sequence[str], today: datetime.date) -> tuple[str, ...]:
    """The headings as the text has them."""
    own = {one.heading: one.how is SectionIs.OWN for one in tailoring(Decisions(workspace, today), document).sections}
    if all(own.values()):
        raise KitError(f"every section of '{document.id}' is the organisation's own; there is nothing to adopt")
    known = {squeezed(heading): heading for heading in headings(document)}
    for heading in sections:
        if squeezed(heading) not in known:
            raise KitError(
                f"'{document.id}' has no section '{heading[:60]}'; {did_you_mean(heading, known.values(), 'name a heading of its text')}"
            )
        if own[known[squeezed(heading)]]:
            raise KitError(f"section '{heading}' of '{document.id}' is the organisation's own; leave it out")
    return tuple(dict.fromkeys(known[squeezed(heading)] for heading in sections))


def _plain(entry: Adoption) -> dict[str, Any]:
    """An adoption as it is written."""
    return as_written(fields_of(entry)) | {"sections": entry.sections if entry.sections == "all" else list(entry.sections)}
