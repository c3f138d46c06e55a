"""What every verb that enters a decision refuses first, and how a decision is written."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from macros.model.document import DocumentStatus
from macros.model.workspace import Workspace
from macros.problem import KitError, Problem, Severity, did_you_mean


def refuse_stranger(workspace: Workspace, person: str) -> None:
    """Refuse a person who is not in `org.yaml`.

    Raises:
        KitError: There is no such person.
    """
    if person not in workspace.person_by_id:
        way_out = did_you_mean(person, workspace.person_by_id, "name one with --by, by id")
        raise KitError(f"there is no person '{person[:60]}' in 'org.yaml'; {way_out}")


def refuse_withdrawn(name: str, status: DocumentStatus) -> None:
    """Refuse a document that is withdrawn.

    Raises:
        KitError: It is.
    """
    if status is DocumentStatus.WITHDRAWN:
        raise KitError(f"'{name}' is withdrawn; what is to hold again begins as a draft")


def first_error(problems: Iterable[Problem], path: str, besides: Collection[str]) -> Problem | None:
    """The first error in a file, but for those of some codes; None where there is none."""
    return next((one for one in problems if one.severity is Severity.ERROR and one.location.path == path and one.code not in besides), None)


def as_written(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The entries of a decision as they are written: days as text, and nothing that is left out."""
    return {key: str(part) if isinstance(part, datetime.date) else part for key, part in fields.items() if part is not None}
