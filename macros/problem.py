"""One thing that is wrong, where it is, and the way out."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Severity(str, Enum):
    """How much a problem weighs. Only errors and warnings make `check` fail by default."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for the heaviest."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in the workspace: a path with forward slashes, relative to its root, and a line from 1."""

    path: str
    line: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Problem:
    """What a check says when its rule is not met. Never an audit finding, never a nonconformity."""

    code: str
    """Stable code, such as `DOC101`; never reused."""

    severity: Severity
    """error, warning or note."""

    location: Location
    """Where to look and mend."""

    message: str
    """One sentence that says what is wrong, with the offending text in quotes."""

    way_out: str
    """One sentence that says what to do."""

    def __str__(self) -> str:
        return f"{self.location}: {self.code} {self.message}; {self.way_out}"

    @property
    def sort_key(self) -> tuple[object, ...]:
        """Heaviest first, then by place: the order of every listing."""
        return (self.severity.rank, self.location.path, self.location.line, self.code, self.message)


@dataclass(frozen=True, slots=True)
class Rule:
    """A code, what is wrong when it speaks, why that matters, and how heavy it is."""

    code: str
    """Family and number, such as `DOC101`."""

    title: str
    """What is wrong, in a few words."""

    reason: str
    """Why it matters, and where the rule comes from."""

    severity: Severity

    def problem(self, location: Location, message: str, way_out: str) -> Problem:
        """This rule, not met at one place."""
        return Problem(self.code, self.severity, location, message, way_out)


LONGEST_NAME, MOST_NAMES = 80, 2_000
"""Letters of a word, and words, within which the nearest is looked for; beyond them nobody has mistyped a name."""


def nearest(given: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known word that is most like a given one; None where none is, or where a comparison would take too long.

    Args:
        given: What was written.
        known: The words that there are.
        cutoff: How like it has to be, from 0 to 1, as `difflib` counts.
    """
    if len(given) > LONGEST_NAME:
        return None
    words = [word for word in known if len(word) <= LONGEST_NAME]
    if len(words) > MOST_NAMES:
        words = [word for word in words if word[:3] == given[:3]][:MOST_NAMES]
    close = difflib.get_close_matches(given, words, n=1, cutoff=cutoff)
    return close[0] if close else None


class KitError(Exception):
    """Something that the person at the command line can mend; its text is the whole message."""


def did_you_mean(given: str, known: Iterable[str], otherwise: str) -> str:
    """A way out: the nearest known word, or `otherwise`.

    Ids are compared within their family, a catalogue or a prefix such as `AIS-`, where that family exists;
    otherwise the shared beginning would make every id of it look near.
    """
    words = list(known)
    family = re.match(r"[a-z0-9-]+:|[A-Z]+-", given)
    if family:
        start = family.group()
        inside = [word.removeprefix(start) for word in words if word.startswith(start)]
        if inside or start.endswith("-"):
            close = nearest(given.removeprefix(start), inside)
            return f"did you mean '{start}{close}'?" if close else otherwise
    close = nearest(given, words)
    return f"did you mean '{close}'?" if close else otherwise
