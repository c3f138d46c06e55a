"""Competence, measurements, external documents and evidence."""

from __future__ import annotations

import datetime
from enum import Enum
from typing import Annotated

from pydantic import Field, StringConstraints

from macros.model.base import AiSystemId, Day, DocumentId, Line, PersonId, RequirementId, RoleId, Text, record_id
from macros.model.document import Approval, Classification, EarlierApproval
from macros.model.records.common import Numbered, Titled


class Competence(Numbered):
    """One person's competence for one role, and what shows it (ISO/IEC 42001, 7.2)."""

    id: Annotated[str, record_id("COM")]
    person: PersonId
    role: RoleId
    needs: Text
    """What the role asks for."""
    shown_by: Text
    """Education, training or experience that shows it."""
    completed_on: Day
    repeat_on: Day | None
    about: tuple[AiSystemId, ...] = ()
    """AI systems that it is for; left out where it holds for every one."""

    @property
    def label(self) -> str:
        return self.needs


class Measurement(Numbered):
    """A figure of an AI system or of the AIMS, taken on a day (9.1, A.6.2.6)."""

    id: Annotated[str, record_id("MEA")]
    what: Text
    about: AiSystemId | None
    """null for a figure of the management system."""
    measured_on: Day
    value: Text
    limit: Text
    within: bool
    evaluated_by: RoleId
    action: Text | None
    """What was done where the limit was passed."""

    @property
    def label(self) -> str:
        return self.what


class ExternalDocument(Titled):
    """A document under control that is kept elsewhere: Word, PDF, wiki page."""

    id: Annotated[str, record_id("EXT")]
    title: Line
    address: Line
    version: Line
    owner: RoleId
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None
    """Fingerprint of the file; null for a page at an address."""
    classification: Classification
    approved: Approval
    approved_before: tuple[EarlierApproval, ...] = ()
    """Earlier approvals, newest first; `aims approve` keeps them."""
    next_review: Day
    addresses: tuple[RequirementId, ...]
    about: tuple[AiSystemId, ...] = ()
    """AI systems that it is about."""

    @property
    def looked_at(self) -> datetime.date | None:
        return self.approved.date


class Sensitivity(str, Enum):
    """Whether evidence may lie in the repository."""

    OPEN = "open"
    BY_REFERENCE = "by-reference"


class Result(str, Enum):
    """What an examination came to."""

    PASSED = "passed"
    FAILED = "failed"


class EvidenceKind(str, Enum):
    """What a record of evidence is, whatever it is about.

    The words are those under which auditors gather evidence: interviews, observation and a look at records (ISO 19011, 6.4.7),
    tests of a system and visual inspection (ISO/IEC 27006-1, for controls of the annex).
    """

    RECORD = "record"
    """Entries that were made while the work was done, such as a filled-in form, ticket, checklist or list."""
    MINUTES = "minutes"
    """What a meeting was told and decided, with the day and who was there."""
    REPORT = "report"
    """What an examination or analysis found and concluded, such as an assessment or the look back at an incident."""
    AUDIT_REPORT = "audit-report"
    """Programme, plan or report of an audit of the organisation's own management system."""
    REVIEW = "review"
    """What a person saw who held what is there against what ought to be, in papers, rights or rooms."""
    TEST = "test"
    """What came of trying something on purpose, against criteria that stood before."""
    MEASUREMENT = "measurement"
    """Figures that were taken by a stated method over a stated time."""
    LOG = "log"
    """Entries that a system wrote by itself, with their times."""
    CONFIGURATION = "configuration"
    """Settings or state of a system, as they were read out of it on a day."""
    TRAINING = "training"
    """Who took part in which training or instruction, when, and with what result."""
    AGREEMENT = "agreement"
    """What two sides signed or accepted, such as a contract, a statement of terms or a promise of confidentiality."""
    NOTICE = "notice"
    """What was told to whom and when, as it was sent or published."""


class Evidence(Titled):
    """A record that shows that something was done."""

    id: Annotated[str, record_id("EV")]
    title: Line
    kind: EvidenceKind
    """What it is; it shows a requirement that produces such evidence."""
    evidences: tuple[RequirementId, ...]
    """Requirements that it shows to be at work."""
    documents: tuple[DocumentId, ...]
    """Documents that it shows to be followed."""
    about: tuple[AiSystemId, ...]
    collected_on: Day
    """The day on which it was taken."""
    period_from: Day
    """The first day of what it covers."""
    period_to: Day
    """The last day of what it covers."""
    valid_until: Day
    """The last day on which it counts."""
    collected_by: Line
    every_months: int | None
    """How often it is due again; null for once."""
    reference: Line
    """Path in the repository, or address."""
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None
    sensitivity: Sensitivity
    version: Line | None = None
    """The version of the AI system that it was collected on; left out where it holds for any."""
    size: Annotated[int, Field(ge=0)] | None = None
    """Size of the file in bytes, where it was taken with the SHA-256."""
    result: Result | None = None
    """What a test or measurement came to; failed, it does not count as evidence that something works."""

    @property
    def looked_at(self) -> datetime.date | None:
        return self.collected_on
