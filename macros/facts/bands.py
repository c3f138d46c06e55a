"""Which roles may accept what remains of an AI risk, or of a harm for people?

The criteria stand in the head of the AI risk register, band by band (PRO-006); where it says nothing, top management accepts
what lies above the acceptable level, and the owner of the risk what does not.
"""

from __future__ import annotations

import datetime

from macros.facts.authority import LEAD, TOP
from macros.model.records.kinds import register_of
from macros.model.records.risk import ConsequenceFor, Risk, RiskHead
from macros.model.records.systems import ImpactAssessment, ImpactKind, Reversibility
from macros.model.workspace import Workspace

OWNER = "owner"
"""How a band names the owner of the risk, whoever that is."""
BOARD = "governing-body"
SEVERE, LIKELY = 4, 3
"""Severity and likelihood from which a harm for people is severe and likely (PRO-003)."""


def accepting_roles(workspace: Workspace, risk: Risk) -> tuple[str, ...]:
    """Roles by id; empty where nobody may accept it.

    Args:
        workspace: Holds the criteria.
        risk: Judged by the level that is known, not by one that is only expected.
    """
    named = _named(workspace, risk)
    if not named:
        return ()
    roles = (risk.owner if name == OWNER else name for name in named)
    return tuple(dict.fromkeys((*roles, TOP, BOARD)))


def deciding_roles(assessment: ImpactAssessment, day: datetime.date) -> tuple[str, ...]:
    """Roles that may approve an impact assessment, by the worst harm that remains (PRO-003, step 8); empty where nobody may.

    Args:
        assessment: Counted by what its measures have reached.
        day: The day of the decision.
    """
    harms = [impact.has_come_to(day) for impact in assessment.impacts if impact.kind is ImpactKind.HARM]
    if any(severity >= SEVERE and likelihood >= LIKELY for severity, likelihood, _ in harms):
        return ()
    lasting = any(severity == SEVERE - 1 and reversibility is Reversibility.NOT for severity, _, reversibility in harms)
    return (TOP, BOARD) if lasting or any(severity >= SEVERE for severity, *_ in harms) else (LEAD, TOP, BOARD)


def is_grave(workspace: Workspace, risk: Risk) -> bool:
    """Whether the gravest consequence of the scale falls on individuals or societies."""
    head = _head(workspace)
    top = max((step.step for step in head.consequence), default=5) if head else 5
    rated = risk.residual if risk.is_reached else risk.initial
    return rated.consequence >= top and bool({ConsequenceFor.INDIVIDUALS, ConsequenceFor.SOCIETIES} & set(risk.affects))


def band_of(workspace: Workspace, level: int) -> str:
    """The word for a level; empty where no band of the register reaches it."""
    head = _head(workspace)
    return next((band.word for band in head.bands if level <= band.up_to), "") if head else ""


def _head(workspace: Workspace) -> RiskHead | None:
    register = workspace.registers.get(register_of(Risk))
    head = register.head.value if register else None
    return head if isinstance(head, RiskHead) else None


def _named(workspace: Workspace, risk: Risk) -> tuple[str, ...]:
    head, level, grave = _head(workspace), risk.level, is_grave(workspace, risk)
    band = next((band for band in head.bands if level <= band.up_to), None) if head else None
    if band and grave and band.grave_accepted_by is not None:
        return band.grave_accepted_by
    if band and band.accepted_by is not None:
        return band.accepted_by
    limit = workspace.number("risk_acceptance_level", 8)
    return (TOP,) if level > limit or grave else (OWNER, LEAD)
