"""Who has to read which document, and who has said that they did."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from macros.model.base import Day, DocumentId, RoleId, Slug, Text, record_id
from macros.model.records.common import Numbered

PSEUDONYM = "reader-"
"""How a pseudonym begins, so that a misspelt person is not taken for one."""


class ReadingDuty(Numbered):
    """A document that has to be read, by whom, and how soon."""

    id: Annotated[str, record_id("RED")]
    document: DocumentId
    roles: tuple[RoleId, ...]
    """Roles whose holders have to read it."""
    people: Annotated[int, Field(ge=1)] | None = None
    """How many more have to read it whose names are not kept; they acknowledge under pseudonyms that begin with `reader-`."""
    within_days: Annotated[int, Field(ge=1)]
    """Days after the approval of a text with changed obligations, or after a person joined."""

    @property
    def label(self) -> str:
        return self.document


class Acknowledgement(Numbered):
    """One person has said that they have read one version of a document."""

    id: Annotated[str, record_id("ACK")]
    document: DocumentId
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+$")]
    """The version that was read, in quotes."""
    person: Slug
    """A person by id in `org.yaml`, or a pseudonym that begins with `reader-`."""
    acknowledged_on: Day
    how: Text
    """How it was given: a signature, a click, a hand raised in a meeting."""

    @property
    def label(self) -> str:
        return self.document
