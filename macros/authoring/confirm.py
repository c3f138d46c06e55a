"""A periodic review that changed nothing, recorded as what it is: who looked, when, and when it is looked at next."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from macros.authoring.head import head_of, with_entries
from macros.days import after_months
from macros.imports.write import Files, judge
from macros.model.document import DocumentStatus
from macros.model.workspace import Document, Workspace
from macros.problem import KitError, Problem, Severity


@dataclass(slots=True)
class Confirmation:
    """What changes when reviews are recorded."""

    documents: tuple[Document, ...]
    by: str
    on: datetime.date
    next_review: datetime.date
    files: Files = field(default_factory=dict)


def confirmation(
    root: Path,
    workspace: Workspace,
    problems: Sequence[Problem],
    names: Sequence[str],
    by: str,
    on: datetime.date,
    next_review: datetime.date | None,
    today: datetime.date,
) -> Confirmation:
    """The reviews of several documents, all of them or none; nothing is written.

    Args:
        root: The repository.
        workspace: What it holds.
        problems: What the checks say of it now.
        names: Ids of approved documents.
        by: The role or person who looked at them.
        on: The day on which they did.
        next_review: When they are looked at next; without it, after the interval that the organisation decided.
        today: The day to judge on.

    Raises:
        KitError: A document is not there or not approved, something is wrong with it, or nobody is called so.
    """
    if by not in workspace.role_by_id and by not in workspace.person_by_id:
        raise KitError(f"'{by[:60]}' is neither a role nor a person of 'org.yaml'; say with --by who looked at the texts")
    months = workspace.number("review_interval_months", 12)
    due = next_review or after_months(on, months)
    if due <= on:
        raise KitError(f"the next review, {due}, does not come after {on}; give a later day with --next")
    found = Confirmation(tuple(_sound(workspace, problems, name) for name in dict.fromkeys(names)), by, on, due)
    for document in found.documents:
        text = (root / document.path).read_bytes().decode("utf-8")
        entries = {"confirmed": {"by": by, "date": str(on)}, "next_review": str(due)}
        found.files[document.path] = with_entries(text, entries, head_of(text, document.path)).encode("utf-8")
    judge(root, workspace, found.files, today)
    return found


def _sound(workspace: Workspace, problems: Sequence[Problem], name: str) -> Document:
    document = workspace.document_by_id.get(name)
    if document is None:
        raise KitError(f"there is no document '{name[:60]}' here; what is confirmed is the text of a document")
    if document.head.value.status is not DocumentStatus.APPROVED:
        raise KitError(f"'{name}' is {document.head.value.status.value}; only a text that is approved can be confirmed")
    wrong = next((problem for problem in problems if problem.severity is Severity.ERROR and problem.location.path == document.path), None)
    if wrong:
        raise KitError(f"'{name}' cannot be confirmed as it is: {wrong}")
    return document
