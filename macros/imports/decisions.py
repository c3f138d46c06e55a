"""Decisions on controls, taken row by row: what asks for a control, what is proposed, and what a person's word makes of its row."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from macros.facts.authority import holders, holders_on, roles_on
from macros.facts.deciding import ESTABLISH
from macros.facts.soa_users import ControlUser, soa_users
from macros.facts.trace import LinkKind, Trace
from macros.imports.changes import ImportedChange, ImportPlan
from macros.model.document import DocumentStatus
from macros.model.records.applicability import Applicability, Driver, Implementation, SoaEntry
from macros.model.records.governance import IsmsDocument
from macros.model.records.kinds import SOA
from macros.model.workspace import Record, Workspace
from macros.problem import KitError, nearest

_DRIVERS = {"risks": Driver.RISK, "obligations": Driver.OBLIGATION, "customers": Driver.CONTRACT, "suppliers": Driver.CONTRACT}


@dataclass(frozen=True, slots=True)
class ProposedDecision:
    """One row with what is known of its control, and what is proposed; nothing is decided by it."""

    entry: SoaEntry
    title: str
    index: int
    """Position in the register."""
    isms: tuple[str, ...]
    """Documents of the ISMS that cover it, each with its status."""
    documents: tuple[str, ...]
    """Documents that address it, by id, each with its status."""
    needs: tuple[ControlUser, ...]
    """What uses the control here."""
    clauses: tuple[ControlUser, ...]
    """Clauses of the catalogues in force that need it."""
    applicability: Applicability
    driver: Driver
    reason: str
    """Why this is proposed, as a clause."""


class Answer(str, Enum):
    """What a person says of a row."""

    ACCEPT = "accept"
    APPLICABLE = "applicable"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class ControlAnswer:
    """A person's word on one control."""

    control: str
    verdict: Answer
    because: str = ""
    """The justification, in place of the row's."""


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides, when, and how."""

    by: str
    """Role or person, by id."""
    on: datetime.date
    revisit: datetime.date | None = None
    """When exclusions are looked at again."""
    replace: bool = False
    """Whether what is decided may be decided anew."""
    as_role: str | None = None
    """The role in which a person decides; None where `by` is a role."""


def proposals(workspace: Workspace, trace: Trace, decided: bool = False) -> tuple[ProposedDecision, ...]:
    """A proposal for each row that is not decided, in the order of the register; with `decided`, for every row."""
    covering: dict[str, list[str]] = {}
    for paper in workspace.records(IsmsDocument):
        for target in paper.value.covers:
            covering.setdefault(target, []).append(f"{paper.id} {paper.value.title} ({paper.value.status.value})")
    using = soa_users(workspace, trace)
    return tuple(
        _proposal(workspace, trace, row, index, tuple(covering.get(row.id, ())), using.get(row.id, ()))
        for index, row in enumerate(workspace.records(SoaEntry))
        if decided or row.value.decided is None
    )


def _proposal(
    workspace: Workspace, trace: Trace, row: Record[SoaEntry], index: int, isms: tuple[str, ...], users: tuple[ControlUser, ...]
) -> ProposedDecision:
    entry = row.value
    needs, clauses = tuple(user for user in users if not user.is_clause), tuple(user for user in users if user.is_clause)
    addressing = [workspace.document_by_id[name] for name in _texts(workspace, trace, entry.control)]
    documents = tuple(f"{document.id} ({document.head.value.status.value})" for document in addressing)
    applicability, driver = entry.applicability, entry.driver
    if needs:
        applicability = Applicability.INCLUDED
        driver = next((_DRIVERS[need.register] for need in needs if need.register in _DRIVERS), driver)
        reason = f"{', '.join(need.id for need in needs[:3])}{f' and {len(needs) - 3} more' if len(needs) > 3 else ''} asks for it"
        reason = reason if len(needs) == 1 else reason.replace("asks", "ask")
    elif isms and applicability is Applicability.INCLUDED:
        reason = f"the ISMS lists {', '.join(name.split(' ', 1)[0] for name in isms)} for it"
    else:
        reason = "nothing here asks for it, and this is what its row drafts"
    known = workspace.requirements.get(entry.control)
    return ProposedDecision(entry, known.title if known else "", index, isms, documents, needs, clauses, applicability, driver, reason)


def _texts(workspace: Workspace, trace: Trace, control: str) -> list[str]:
    known = workspace.document_by_id
    named = dict.fromkeys(link.source for link in trace.links_to(control, LinkKind.ADDRESSES) if link.source in known)
    return [name for name in named if known[name].head.value.status is not DocumentStatus.WITHDRAWN]


def in_role(workspace: Workspace, decider: Decider) -> Decider:
    """The same decider, a person in the role by which they answer for the Statement of Applicability."""
    held = [role for role in roles_on(workspace, decider.by, decider.on) if role in ESTABLISH]
    return replace(decider, as_role=held[0]) if held else decider


def check_decider(workspace: Workspace, decider: Decider, today: datetime.date) -> None:
    """Refuse a decider who can decide nothing.

    Raises:
        KitError: There is no such role or person, nobody holds the role, the day has not come, or exclusions would end before it.
    """
    known = (*workspace.role_by_id, *workspace.person_by_id)
    if decider.by not in known:
        close = nearest(decider.by, known)
        way_out = f"did you mean '{close}'?" if close else "it lists both"
        raise KitError(f"--by: 'org.yaml' has no role and no person '{decider.by[:60]}'; {way_out}")
    if decider.by in workspace.role_by_id and not holders(workspace, decider.by, today):
        raise KitError(f"--by: nobody holds the role '{decider.by}', so it cannot decide; name its holder in 'org.yaml' first")
    held = holders_on(workspace, decider.by, decider.on)
    if len(held) > 1:
        people = " or ".join(person.id for person in held)
        raise KitError(f"--by: {len(held)} people hold the role '{decider.by}'; name the one who decides, {people}")
    if decider.on > today:
        raise KitError(f"--on {decider.on} has not come yet; give the day on which it was decided")
    if decider.revisit and decider.revisit <= decider.on:
        raise KitError(f"--revisit {decider.revisit} is not after the decision of {decider.on}; give a later day")


def refused(proposal: ProposedDecision, word: ControlAnswer, decider: Decider) -> str | None:
    """Why a word cannot be recorded, with the way out; None where it can."""
    control, entry = proposal.entry.control, proposal.entry
    if entry.decided and not decider.replace:
        return f"'{control}' was decided by {entry.decided.by} on {entry.decided.date}; decide anew with --replace"
    if _applies(proposal, word):
        return None
    users = proposal.needs or proposal.clauses
    if users:
        asking = ", ".join(user.why for user in users[:5]) + (f" and {len(users) - 5} more" if len(users) > 5 else "")
        return f"'{control}' cannot be excluded, because it is asked for by {asking}; include it, or change these first"
    if entry.status in (Implementation.IMPLEMENTED, Implementation.IN_PROGRESS):
        return f"'{control}' cannot be excluded while its row says that it is {entry.status.value}; include it, or correct the status first"
    if decider.revisit is None and entry.revisit is None:
        return f"the exclusion of '{control}' has no day to look again; give one with --revisit DATE"
    return None


def _applies(proposal: ProposedDecision, word: ControlAnswer) -> bool:
    if word.verdict is Answer.ACCEPT:
        return proposal.applicability is Applicability.INCLUDED
    return word.verdict is Answer.APPLICABLE


def plan_decisions(known: Iterable[ProposedDecision], words: Sequence[ControlAnswer], decider: Decider) -> ImportPlan:
    """What the words make of the rows.

    Raises:
        KitError: A control has no row or two words, or a word cannot be recorded; then none is.
    """
    by_control = {proposal.entry.control: proposal for proposal in known}
    plan, spoken = ImportPlan(), set()
    for word in words:
        proposal = by_control.get(word.control)
        if proposal is None:
            close = nearest(word.control, by_control)
            way_out = f"did you mean '{close}'?" if close else "write it with its catalogue, such as 'iso42001:A.2.2'"
            raise KitError(f"the Statement of Applicability has no row for '{word.control[:60]}'; {way_out}")
        if word.control in spoken:
            raise KitError(f"'{word.control}' is named twice; say once what is decided")
        spoken.add(word.control)
        against = refused(proposal, word, decider)
        if against:
            raise KitError(against)
        plan.changes.append(_change(proposal, word, decider))
    return plan


def _change(proposal: ProposedDecision, word: ControlAnswer, decider: Decider) -> ImportedChange:
    entry, applies = proposal.entry, _applies(proposal, word)
    status = entry.status
    if not applies:
        status = Implementation.NOT_APPLICABLE
    elif status is Implementation.NOT_APPLICABLE:
        status = Implementation.UNCONFIRMED
    values: dict[str, Any] = {
        "applicability": (Applicability.INCLUDED if applies else Applicability.EXCLUDED).value,
        "justification": word.because or entry.justification,
        "driver": (proposal.driver if word.verdict is Answer.ACCEPT else entry.driver).value,
        "status": status.value,
        "decided": {"by": decider.by, "date": decider.on.isoformat(), **({"as_role": decider.as_role} if decider.as_role else {})},
    }
    old = entry.model_dump(mode="json")
    if not applies and decider.revisit:
        values["revisit"] = decider.revisit.isoformat()
    elif applies and entry.revisit:
        values["revisit"] = None
    changed = tuple((key, old[key], new) for key, new in values.items() if old[key] != new)
    return ImportedChange(SOA, entry.control, proposal.title, entry.control, proposal.index, changed)
