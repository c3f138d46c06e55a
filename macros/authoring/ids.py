"""The next free id, so that two branches that each add a record do not meet in one."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

from macros.model.numbering import NUMBERING, highest, numbered
from macros.model.workspace import Workspace

_ID = re.compile(r"\b[A-Z]{2,3}-" + NUMBERING + r"\b")
_YEARLY = re.compile(r"[A-Z]+-[0-9]{4}-[0-9]+")


def ids_in(lines: str) -> set[str]:
    """Every id of documents and records that these lines of text give."""
    return set(_ID.findall(lines))


def next_id(prefix: str, taken: Iterable[str], today: datetime.date) -> str:
    """The id after the highest that was ever given.

    Ids of a register that counts by year, such as `CHG-2026-004`, go on in the year of `today`.

    Args:
        prefix: The letters, such as `RSK`.
        taken: Every id that is taken anywhere, also those of other kinds.
        today: The day that gives the year.
    """
    own = [name for name in taken if name.startswith(f"{prefix}-")]
    yearly = prefix in BY_YEAR if not own else all(_YEARLY.fullmatch(name) for name in own)
    form = f"{prefix}-{today.year}-" if yearly else f"{prefix}-"
    return numbered(form, highest(form, own) + 1)


BY_YEAR = ("ACK", "AUD", "CHG", "CON", "INC", "MR", "NC")
"""Kinds whose first record gets an id with the year, since their records are cited by the year in which they arose."""


def ids_of(workspace: Workspace) -> set[str]:
    """Every id that a checkout holds, those of files that could not be read and of file names included."""
    found = {document.id for document in workspace.documents} | {record.id for record in workspace.all_records}
    found |= {name for name in workspace.broken.values() if name}
    return found | ids_in("\n".join(path.rsplit("/", 1)[-1] for path in workspace.paths if path.startswith("registers/")))
