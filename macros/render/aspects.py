"""What several pages show about one thing: how far it has come, what changed, what shows that it is done."""

from __future__ import annotations

from dataclasses import dataclass

from macros.render.evidence import EvidencePages
from macros.render.revisions import RevisionNotes
from macros.render.status import StatusPages


@dataclass(frozen=True)
class Aspects:
    """The aspects of one workspace, handed to every page of a document, record or requirement."""

    status: StatusPages
    notes: RevisionNotes
    evidence: EvidencePages
