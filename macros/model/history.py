"""What the commits of a repository tell of its documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Signature(str, Enum):
    """What git says of the signature of a commit, with the keys that are known where it is asked."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN_KEY = "unknown key"
    UNSIGNED = "unsigned"


@dataclass(frozen=True, slots=True)
class Touch:
    """A commit that touched a document."""

    commit: str
    """Its whole name, in hexadecimal digits."""
    day: str
    """The day that its author gives, such as `2026-09-14`."""
    author: str
    subject: str
    version: str | None
    """The version that the front matter had in it; None where the document was removed, or had no version that can be read."""
    signature: Signature


@dataclass(frozen=True, slots=True)
class History:
    """The commits of every document."""

    touches: Mapping[str, tuple[Touch, ...]] = field(default_factory=dict)
    """By document id, newest first."""
    lacking: str | None = None
    """Why no commits are known, in a sentence; None where they are."""

    def of(self, document: str) -> tuple[Touch, ...]:
        """The commits that touched a document, newest first."""
        return self.touches.get(document, ())
