"""Who decided to keep which sections of the kit's text as they came, and does that decision count?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from macros.cache import kept_by_identity
from macros.facts.deciding import Cause, InForce
from macros.facts.decisions import Decisions
from macros.model.document import Adoption, Approval
from macros.model.workspace import Document, Workspace
from macros.text.words import squeezed

WORDS, SAME = 8, 2
"""Fewest words of a reason for keeping the kit's text, and most documents that may give the same one."""
BEGINNING = "the beginning"
"""How the part of a text before its first heading is named."""


@dataclass(frozen=True, slots=True)
class Adopted:
    """One decision to keep sections, judged."""

    index: int
    """Where it stands under `adopted`, from 0."""
    entry: Adoption
    found: InForce
    """Whether somebody who may has decided it."""
    empty: str | None
    """Why its reason is none, as a clause; None where it is one."""

    @property
    def counts(self) -> bool:
        """Whether the sections that it names are decided by it."""
        return self.found.holds and not self.empty

    def covers(self, heading: str) -> bool:
        """Whether it names a section, by its heading or with all others."""
        return self.entry.sections == "all" or squeezed(heading) in map(squeezed, self.entry.sections)


def adoptions(decisions: Decisions, document: Document) -> Iterator[Adopted]:
    """Every decision of a document to keep sections as they came, in its order."""
    for index, entry in enumerate(document.head.value.adopted):
        yield Adopted(index, entry, _in_force(decisions, document, entry), empty_reason(decisions.workspace, entry))


def empty_reason(workspace: Workspace, entry: Adoption) -> str | None:
    """Why the reason for keeping the kit's text is none, as a clause; None where it is one."""
    if len(entry.because.split()) < WORDS:
        return f"'{entry.because}' does not say why the text fits"
    same = _reasons(workspace)[squeezed(entry.because)]
    return f"{same} documents give the same reason" if same > SAME else None


@kept_by_identity(most=2)
def _reasons(workspace: Workspace) -> Counter[str]:
    """In how many documents each reason stands; one sentence may cover many sections of one document."""
    return Counter(
        reason for document in workspace.documents for reason in {squeezed(entry.because) for entry in document.head.value.adopted}
    )


def _in_force(decisions: Decisions, document: Document, entry: Adoption) -> InForce:
    if decisions.workspace.organisation and entry.by not in decisions.workspace.person_by_id:
        return InForce(f"its adopter '{entry.by}' is nobody in 'org.yaml'", on=entry.date, cause=Cause.WHO)
    found = decisions.adoption(document, Approval(by=entry.by, date=entry.date, as_role=entry.as_role))
    return replace(found, fault=found.fault.replace("approver", "adopter").replace("approved", "adopted")) if found.fault else found
