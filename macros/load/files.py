"""Files that records refer to: which text is a path in the repository, and which paths a workspace has to know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum

from macros.model.automated import FOLDER, AutomatedRun
from macros.model.records.common import Entry
from macros.model.records.support import Evidence, ExternalDocument
from macros.model.workspace import Register, Sourced

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|\\\\|//")
_UNFIT = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]")


class Kept(str, Enum):
    """Where something is kept, as far as the words of a reference tell."""

    HERE = "here"
    """The words are a path from the root of the repository."""
    ELSEWHERE = "elsewhere"
    """An address, such as that of a page, a share or a host."""
    NOWHERE = "nowhere"
    """Neither: a path that leaves the repository, begins at the disk, or is not written with single forward slashes."""


def kept(reference: str) -> Kept:
    """Where the words of a reference lead."""
    first, *rest = reference.split("/")
    if _ADDRESS.match(reference) or ("." in first[1:] and rest and not first.startswith(".")):
        return Kept.ELSEWHERE
    if _UNFIT.search(reference) or any(part in ("", ".", "..", ".git") for part in (first, *rest)):
        return Kept.NOWHERE
    return Kept.HERE


def is_run(reference: str) -> bool:
    """Whether a path is where automated evidence lies."""
    return reference.startswith(FOLDER + "/") and reference.endswith(".json") and kept(reference) is Kept.HERE


def paths_named(registers: Iterable[Register[Entry]]) -> Iterator[str]:
    """Every path in the repository that evidence or an external document refers to."""
    for register in registers:
        for record in register.records:
            value = record.value
            reference = value.reference if isinstance(value, Evidence) else value.address if isinstance(value, ExternalDocument) else None
            if reference is not None and kept(reference) is Kept.HERE:
                yield reference


def paths_of_runs(runs: dict[str, Sourced[AutomatedRun]]) -> Iterator[str]:
    """Every path in the repository that automated evidence names as what it left behind."""
    for run in runs.values():
        for artefact in run.value.artefacts:
            if artefact.path is not None and kept(artefact.path) is Kept.HERE:
                yield artefact.path
