"""What the kit generated, as `.aims.json` holds it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from macros.model.base import Line, Model

Fingerprint = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 sum."""
Bag = Annotated[str, StringConstraints(pattern=r"^(?:[0-9A-Za-z+/]{4})*(?:[0-9A-Za-z+/]{2}==|[0-9A-Za-z+/]{3}=)?$")]
"""A bag of words, as `macros.generated` makes it."""


class Generated(Model):
    """Fingerprints of everything that a generation or an update of the kit left in a repository."""

    kit: Line
    """The version of the kit."""
    files: dict[str, Fingerprint]
    """Files that the kit owns, by path."""
    organisation: tuple[Line, ...] = ()
    """Files that the organisation owns, by path, as they came; empty in a record of an earlier version of the kit."""
    registers: dict[str, Fingerprint]
    """Files of registers, by path."""
    texts: dict[str, dict[str, Fingerprint]]
    """Documents by id, and in each the words under each heading."""
    words: dict[str, dict[str, Bag]] = Field(default_factory=dict)
    """The same as bags, so that it can be said how many words differ; empty in a record of an earlier version of the kit."""
