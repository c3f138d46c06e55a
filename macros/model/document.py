"""A document under control: what its front matter says about it."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from macros.model.base import DOCUMENT_ID, AiSystemId, ApproverId, Day, Line, Model, PersonId, RequirementId, RoleId, Text, refers_to


class DocumentType(str, Enum):
    """What a document is for; each type has its own id prefix."""

    CONTEXT = "context"
    POLICY = "policy"
    ROLE = "role"
    PROCEDURE = "procedure"
    DATA_MANAGEMENT = "data-management"
    SYSTEM = "system"

    @property
    def prefix(self) -> str:
        """The letters before the number."""
        return _PREFIXES[self]


_PREFIXES = {
    DocumentType.CONTEXT: "CTX",
    DocumentType.POLICY: "POL",
    DocumentType.ROLE: "ROL",
    DocumentType.PROCEDURE: "PRO",
    DocumentType.DATA_MANAGEMENT: "DAT",
    DocumentType.SYSTEM: "SYS",
}


class DocumentStatus(str, Enum):
    """Where a document stands."""

    DRAFT = "draft"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class Classification(str, Enum):
    """Who may read it."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"


class Approval(Model):
    """Who said yes, and when."""

    by: ApproverId
    """The person, by id; a role where one person alone held it on that day."""
    date: Day
    as_role: RoleId | None = None
    """The role in which this person decided; left out where `by` is a role."""
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    """Fingerprint of what was decided on; `aims approve` writes it, nobody types it."""
    parts: Line | None = None
    """A short fingerprint of each part, so that it can be said which one changed; written with `sha256`."""


class EarlierApproval(Approval):
    """An approval that another one followed; what was in force by it was in force until then."""

    version: Line | None = None
    """The version that it was given on; null where nobody knows any more."""


VERSION = r"^\d+\.\d+$"
FIRST_VERSION = (1, 0)
"""The first approved version; it changed nothing that was in force before."""
WORDS = r"^\S+(?:\s+\S+){2,}$"
"""At least three words."""


def order_of(version: str) -> tuple[int, int]:
    """A version as numbers, so that 1.10 comes after 1.9."""
    major, minor = version.split(".")
    return int(major), int(minor)


class RevisionKind(str, Enum):
    """What a new version asks of those who work by the document."""

    OBLIGATION = "obligation"
    """Somebody has to do something else than before."""
    CLARIFICATION = "clarification"
    """The text is clearer, and nobody has to do anything else."""


class Revision(Model):
    """What one version changed, in a sentence for those who work by the document."""

    version: Annotated[str, StringConstraints(pattern=VERSION)]
    date: Day
    """The day on which the text was changed."""
    change: RevisionKind
    """obligation for a step of the first number, clarification for one of the second."""
    note: Annotated[str, StringConstraints(pattern=WORDS, strip_whitespace=True)]
    """What is different, in at least three words."""

    @property
    def number(self) -> tuple[int, int]:
        """The version, to be compared."""
        return order_of(self.version)


class Adoption(Model):
    """The decision to keep sections of a text as the kit delivered them, knowingly."""

    sections: Literal["all"] | Annotated[tuple[Line, ...], Field(min_length=1)]
    """all for every section that is not the organisation's own and not governed by a parameter that was decided, or headings."""
    by: PersonId
    """Who decided, by id: a person who may approve the text, or holds the role that owns it."""
    as_role: RoleId | None = None
    """The role in which this person decided; left out where any that may will do."""
    date: Day
    because: Text
    """Why they fit as they are: who looked at them, and what they were compared with; in at least eight words."""


REVIEW_ENTRIES = ("confirmed", "next_review")
"""Entries that record a review; where they alone change, the text stands as it was approved."""


class FrontMatter(Model):
    """The head of a document, in this order."""

    id: Annotated[str, StringConstraints(pattern=DOCUMENT_ID)]
    """Never changes and is never reused."""
    title: Line
    type: DocumentType
    owner: RoleId
    """The role that keeps it current."""
    version: Annotated[str, StringConstraints(pattern=VERSION)]
    """Major for a changed obligation, minor for a clarification; in quotes."""
    status: DocumentStatus
    approved: Approval | None
    """null while it is a draft."""
    approved_before: tuple[EarlierApproval, ...] = ()
    """Earlier approvals, newest first; `aims approve` keeps them, left out until there is one."""
    confirmed: Approval | None = None
    """Who last looked at the approved text and let it stand as it is, and when; left out until somebody has."""
    next_review: Day | None
    """null while it is a draft."""
    classification: Classification
    about: tuple[AiSystemId, ...] = ()
    """AI systems that it is about."""
    builds_on: tuple[Annotated[str, refers_to("ISM")], ...] = ()
    """ISMS documents that it extends or refers to."""
    addresses: tuple[RequirementId, ...]
    """Requirements that it answers, in catalogue order."""
    adopted: tuple[Adoption, ...] = ()
    """Who kept which sections as the kit delivered them, and why; a decision beside the approval, which it does not void."""
    revisions: tuple[Revision, ...] = ()
    """What each version changed, newest first; left out until a version follows the first approved one."""
