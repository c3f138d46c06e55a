"""Which obligations of the EU AI Act come with an AI system, by its class and by what the organisation is to it?

The class is the organisation's own judgement, in its register, with its reasons. This module only follows it
through the catalogue; it decides nothing about the law and is no legal advice.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from macros.facts.trace import LinkKind, Trace
from macros.model.catalogue import Applies, Catalogue, Requirement
from macros.model.records.risk import Obligation, Risk
from macros.model.records.support import ExternalDocument
from macros.model.records.systems import Actor, AiActClass, AiActJudgement, AiSystem, ImpactAssessment
from macros.model.workspace import Workspace
from macros.text.words import squeezed

ACT = "eu-ai-act"
_ALWAYS = ("literacy", "prohibitions")
_About = Obligation | Risk | ExternalDocument
"""Records that address requirements and name the AI systems that they are about."""
_APPLIES = re.compile(r"Annex I(?:II)?\b[^.;\n]{0,80}? (?:applies|is met)\b")
_DENIED = re.compile(r"\b(?:not|no|none|neither|nor|never|nothing|unless|if)\b", re.IGNORECASE)
_HIGH_RISK = ("high-risk", "chapter-iii-5", "chapter-ix", "general")


@dataclass(frozen=True, slots=True)
class Duty:
    """One obligation that follows for one AI system."""

    requirement: str
    title: str
    addressee: str
    because: str
    """Why it follows from class and actor."""
    dates: tuple[datetime.date, ...]
    note: str | None
    confirmed: bool
    """Whether the date is confirmed by the sources."""
    only_some: bool
    """Whether its addressee is narrower than class and actor, so that somebody has to look."""
    documents: tuple[str, ...]
    """Documents that answer it, directly or through the requirements of the AIMS that support it."""
    records: tuple[str, ...]
    """Rows of the register of obligations, and impact assessments, about it."""


def duties(workspace: Workspace, trace: Trace, system: AiSystem) -> tuple[Duty, ...]:
    """Obligations that follow for a system, in the order of the Act; none where it is out of scope or undetermined."""
    sourced = workspace.catalogues.get(ACT)
    if sourced is None:
        return ()
    catalogue = sourced.value
    applies = {entry.key: entry for entry in catalogue.applies}
    found = []
    for requirement in catalogue.requirements:
        because = _because(requirement, system)
        if because:
            found.append(_duty(workspace, trace, catalogue, requirement, because, applies.get(requirement.applies or ""), system))
    return tuple(found)


def _because(requirement: Requirement, system: AiSystem) -> str | None:
    judged, actor = system.eu_ai_act.risk_class, system.eu_ai_act.actor
    if judged in (AiActClass.OUT_OF_SCOPE, AiActClass.UNDETERMINED):
        return None
    if requirement.applies in _ALWAYS:
        return "it holds for every AI system in scope"
    if not _addressed(requirement.addressee or "", actor):
        return None
    if requirement.applies in _HIGH_RISK and judged is AiActClass.HIGH_RISK:
        return f"the system is high-risk and the organisation is {_words(actor)}"
    if requirement.applies == "transparency" and judged in (AiActClass.TRANSPARENCY, AiActClass.HIGH_RISK):
        return f"the system deals with people or makes content, and the organisation is {_words(actor)}"
    return None


def _words(actor: Actor) -> str:
    return {Actor.BOTH: "its provider and deployer", Actor.PROVIDER: "its provider", Actor.DEPLOYER: "its deployer", Actor.NONE: "neither"}[
        actor
    ]


def _addressed(addressee: str, actor: Actor) -> bool:
    if actor is Actor.NONE or "general-purpose" in addressee:
        return False
    wanted = {Actor.PROVIDER: ("provider",), Actor.DEPLOYER: ("deployer",), Actor.BOTH: ("provider", "deployer")}[actor]
    return any(word in addressee.lower() for word in wanted)


def _duty(
    workspace: Workspace,
    trace: Trace,
    catalogue: Catalogue,
    requirement: Requirement,
    because: str,
    applies: Applies | None,
    system: AiSystem,
) -> Duty:
    target = f"{catalogue.id}:{requirement.id}"
    supporting = [link.target for link in trace.links_from(target, LinkKind.MAPS_TO)]
    answering: dict[str, None] = {}
    records: dict[str, None] = {}
    for name in (target, *supporting):
        for link in trace.links_to(name, LinkKind.ADDRESSES):
            if link.source in workspace.document_by_id:
                answering[link.source] = None
    for link in trace.links_to(target, LinkKind.ADDRESSES):
        record = workspace.record_by_id.get(link.source)
        if record and (not isinstance(record.value, _About) or system.id in record.value.about):
            records[record.id] = None
    if requirement.id == "Art.27":
        records.update(dict.fromkeys(record.id for record in workspace.records(ImpactAssessment) if record.value.about == system.id))
    narrow = "that are" in (requirement.addressee or "") or "public deployers" in (requirement.addressee or "")
    return Duty(
        target,
        requirement.title,
        requirement.addressee or "",
        because,
        applies.dates if applies else (),
        applies.note if applies else None,
        bool(applies and applies.status == "confirmed"),
        narrow,
        tuple(answering),
        tuple(records),
    )


def class_trouble(judged: AiActJudgement) -> str | None:
    """Where class, annex and reasons of an AI system disagree, as a clause; None where they fit."""
    named = bool(judged.annex)
    if judged.risk_class is AiActClass.HIGH_RISK and not named:
        return "it is judged high-risk, and 'annex' does not say by which point"
    if named and judged.risk_class is not AiActClass.HIGH_RISK:
        return f"it names {judged.annex}, which makes it high-risk, and is judged {judged.risk_class.value}"
    reasons = squeezed(judged.reasons)
    lacking = [part.strip() for part in (judged.annex or "").split(",") if squeezed(part) not in reasons]
    if lacking:
        return f"it names {judged.annex}, and its reasons do not speak of {' and '.join(lacking)}"
    if not named and judged.risk_class is not AiActClass.UNDETERMINED:
        for found in _APPLIES.finditer(judged.reasons):
            if not _DENIED.search(found.group()):
                return f"its reasons say '{found.group()}', and it is judged {judged.risk_class.value}"
    return None
