"""Approvals: who said yes to which text of a document, in which role, on which day."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from pydantic import StringConstraints

from macros.model.base import DOCUMENT_ID, Day, Line, PersonId, Refers, RoleId, record_id
from macros.model.records.common import Numbered


class ApprovalDecision(str, Enum):
    """What was decided; a refusal leaves the text as it was, and is no record of this register."""

    APPROVED = "approved"


class ApprovalSource(str, Enum):
    """Where the approval was given."""

    GITHUB = "github"
    GITLAB = "gitlab"
    MEETING = "meeting"
    SIGNATURE = "signature"


class ApprovalRecord(Numbered):
    """One person's approval of one text of a document (7.5.2)."""

    id: Annotated[str, record_id("APR")]
    document: Annotated[str, StringConstraints(pattern=DOCUMENT_ID), Refers("item")]
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+$")]
    """The version that was approved; in quotes."""
    decision: ApprovalDecision
    by: PersonId
    """The person who approved."""
    as_role: RoleId
    """The role in which this person approved."""
    approved_on: Day
    """At a forge, the day in UTC."""
    commit: Annotated[str, StringConstraints(pattern=r"^(?:[0-9a-f]{40}|[0-9a-f]{64})$")] | None
    """The commit that was approved; null where the text was approved outside a repository."""
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    """Fingerprint of the text that was approved, as the manual's page 'Registers' computes it."""
    source: ApprovalSource
    reference: Line
    """Address or number of the review, the minutes or the signed copy."""
    written_by: tuple[Line, ...]
    """Who wrote the change: ids of people in `org.yaml`, or names; none of them can approve it."""

    @property
    def label(self) -> str:
        return self.document
