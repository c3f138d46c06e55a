"""Which evidence shows a requirement: is it of a kind that the requirement produces, and was its file looked at?"""

from __future__ import annotations

import re
from collections.abc import Iterable

from macros.cache import kept_by_identity
from macros.load.files import Kept, kept
from macros.model.records.support import Evidence, EvidenceKind, Sensitivity
from macros.model.workspace import Workspace

ABOUT_AUDITS = frozenset({"audits", "audit", "audit-reports", "audit-findings", "internal-audits"})
"""Folders whose files are of audits."""
BESIDE_AUDITS = frozenset({EvidenceKind.MINUTES, EvidenceKind.TRAINING, EvidenceKind.AGREEMENT, EvidenceKind.NOTICE})
"""Kinds that may speak of an audit without being its report, where their title says what they are."""
_OF_AUDIT = re.compile(
    r"\b(?:(?:internal|external|certification|surveillance|stage [12]) audit|audit (?:report|programme)|report of (?:an |the )?audit)\b"
    r"|\baud-\d"
)


def kinds_for(workspace: Workspace, target: str) -> tuple[EvidenceKind, ...]:
    """Kinds of evidence that a requirement produces, the likeliest first; empty where nothing says so, and any kind shows it."""
    found = workspace.requirements.get(target)
    return found.shown_by if found else ()


def kind_of(workspace: Workspace, evidence: Evidence) -> EvidenceKind:
    """What evidence is: what its record says, unless it is the report of an audit under another name."""
    return EvidenceKind.AUDIT_REPORT if audit_in(workspace, evidence) else evidence.kind


def audit_in(workspace: Workspace, evidence: Evidence) -> str | None:
    """What tells that evidence of another kind is the report of an audit, as a clause; None where nothing does."""
    title = evidence.title.lower()
    if evidence.kind is EvidenceKind.AUDIT_REPORT or (evidence.kind in BESIDE_AUDITS and evidence.kind.value in title):
        return None
    if found := _OF_AUDIT.search(title):
        return f"its title says '{found.group()}'"
    address = evidence.reference.lower()
    if _OF_AUDIT.search(address) or not ABOUT_AUDITS.isdisjoint(address.split("/")[:-1]):
        return f"it lies at '{evidence.reference}'"
    for report in _reports(workspace):
        if report.reference == evidence.reference or (report.sha256 is not None and report.sha256 == evidence.sha256):
            return f"'{report.id}' has the same file, and says so"
    return None


@kept_by_identity(most=2)
def _reports(workspace: Workspace) -> tuple[Evidence, ...]:
    return tuple(record.value for record in workspace.records(Evidence) if record.value.kind is EvidenceKind.AUDIT_REPORT)


def fits(workspace: Workspace, evidence: Evidence, target: str) -> bool:
    """Whether evidence is of a kind that shows a requirement or document.

    The report of an audit says what was found on a day, and not that what it looked at goes on: it shows only what asks for audits.
    """
    if ":" not in target:
        return True
    kind, kinds = kind_of(workspace, evidence), kinds_for(workspace, target)
    return kind in kinds if kinds else kind is not EvidenceKind.AUDIT_REPORT


def is_verified(workspace: Workspace, evidence: Evidence) -> bool:
    """Whether the file of evidence lies in the repository, with the SHA-256 of its record; otherwise it is only stated."""
    if kept(evidence.reference) is not Kept.HERE or evidence.sensitivity is Sensitivity.BY_REFERENCE:
        return False
    found = workspace.fingerprints.get(evidence.reference)
    return found is not None and found.sha256 == evidence.sha256


def spoken(kind: EvidenceKind) -> str:
    """A kind as it stands in a sentence."""
    return kind.value.replace("-", " ")


def either(kinds: Iterable[EvidenceKind]) -> str:
    """Kinds as a choice, such as `minutes, review or record`."""
    words = [spoken(kind) for kind in kinds]
    return " or ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
