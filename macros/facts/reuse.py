"""What does the ISMS already give: reuse, extend or new, for each leaf clause and control of ISO/IEC 42001?

The reviewed crosswalk says what an ISMS can give in general. What it gives here depends on what this
organisation's ISMS has: a control that is excluded, only planned, or that nobody has looked at, gives
nothing to rest on, and a document whose review is overdue is no basis to reuse as it is.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from macros.model.catalogue import Action, Catalogue, Reuse, is_leaf
from macros.model.catalogue import Mapping as Pair
from macros.model.planning import Effort
from macros.model.records.applicability import Applicability, Implementation, SoaEntry
from macros.model.records.governance import IsmsDocument, IsmsDocumentStatus
from macros.model.workspace import Workspace

FIRST, SECOND = "iso42001", "iso27001"
CROSSWALK = f"{FIRST}--{SECOND}"


_OVER = (IsmsDocumentStatus.WITHDRAWN, IsmsDocumentStatus.REPLACED)


class Known(str, Enum):
    """What is known of one thing that a verdict rests on."""

    HOLDS = "holds"
    """implemented or in date, and decided or confirmed by somebody"""
    PARTLY = "partly"
    """in progress, or its document is overdue for review"""
    UNKNOWN = "not confirmed"
    """nobody has looked"""
    MISSING = "missing"
    """excluded, only planned, or absent"""


@dataclass(frozen=True, slots=True)
class Ground:
    """A requirement of ISO/IEC 27001 that a verdict rests on, and how it stands in this organisation."""

    requirement: str
    standing: Known
    why: str
    documents: tuple[str, ...]
    """Ids of the ISMS documents that cover it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be done for one requirement of ISO/IEC 42001."""

    requirement: str
    title: str
    section: str
    """Clause 4 to 10, or area A.2 to A.10."""
    verdict: Action
    level: Reuse
    """The reviewed reuse level, which supposes that the ISMS has the counterparts."""
    grounds: tuple[Ground, ...]
    reason: str
    warning: str | None
    new_work: str | None
    effort: int
    """Relative effort in points; our judgement, for planning only."""


@dataclass(frozen=True, slots=True)
class Total:
    """Counts of one section, beside the article's figure."""

    section: str
    reuse: int
    extend: int
    new: int
    published: int | None
    """The article's percentage for the section; its author's estimate."""
    effort: int = 0
    """Points of effort here, the kit's own judgement."""
    whole: int = 0
    """Points of effort where nothing can be reused; 0 where there is no roadmap to take them from."""

    @property
    def count(self) -> int:
        """Requirements in the section."""
        return self.reuse + self.extend + self.new

    @property
    def share(self) -> int:
        """Requirements that can be reused or extended, in percent of the section, rounded."""
        return round(100 * (self.reuse + self.extend) / self.count) if self.count else 0

    @property
    def effort_left(self) -> int | None:
        """Effort that remains, in percent of the effort without an ISMS, rounded; None where no points are known."""
        return round(100 * self.effort / self.whole) if self.whole else None


def verdicts(workspace: Workspace, today: datetime.date) -> tuple[Verdict, ...]:
    """A verdict for each leaf clause and control of ISO/IEC 42001, in the order of the standard.

    Args:
        workspace: The organisation; without an ISMS every verdict is `new`.
        today: The day against which reviews of ISMS documents are judged.
    """
    crosswalk = workspace.crosswalks.get(CROSSWALK)
    catalogue = workspace.catalogues.get(FIRST)
    if crosswalk is None or catalogue is None:
        return ()
    pairs = {pair.requirement: pair for pair in crosswalk.value.mappings}
    effort = workspace.roadmap.effort if workspace.roadmap else None
    isms = _Isms(workspace, today)
    return tuple(_verdict(catalogue.value, name, pairs[name], isms, effort) for name in _leaves(catalogue.value) if name in pairs)


def totals(workspace: Workspace, given: tuple[Verdict, ...]) -> tuple[Total, ...]:
    """Counts per section in the order of the standard, with the article's percentages beside them."""
    published = published_percent(workspace)
    each = workspace.roadmap.effort.new if workspace.roadmap else 0
    sections: dict[str, list[Verdict]] = {}
    for verdict in given:
        sections.setdefault(verdict.section, []).append(verdict)
    return tuple(_total(section, found, published.get(section), each) for section, found in sections.items())


def overall(counted: tuple[Total, ...]) -> Total:
    """The counts of all sections together."""
    reuse, extend, new, effort, whole = (
        sum(getattr(total, name) for total in counted) for name in ("reuse", "extend", "new", "effort", "whole")
    )
    return Total("all", reuse, extend, new, None, effort, whole)


def _total(section: str, found: list[Verdict], published: int | None, each: int) -> Total:
    tally = Counter(verdict.verdict for verdict in found)
    effort = sum(verdict.effort for verdict in found)
    return Total(section, tally[Action.REUSE], tally[Action.EXTEND], tally[Action.NEW], published, effort, each * len(found))


def published_percent(workspace: Workspace) -> Mapping[str, int]:
    """The article's percentages by clause and area, from the data."""
    if workspace.published is None:
        return {}
    clauses = {row["clause"]: row["percent"] for row in workspace.published.clause_alignment}
    areas = {row["section"].removeprefix(f"{FIRST}:"): row["percent"] for row in workspace.published.section_synergy}
    return {**clauses, **areas}


def difference(total: Total) -> str:
    """One sentence that explains why the count and the article's percentage differ."""
    if total.published is None:
        return "The article gives no figure for this section."
    printed, left = total.published, total.effort_left
    as_is = f"{total.reuse} of them as {'it is' if total.reuse == 1 else 'they are'}" if total.reuse else "none of them as it is"
    counted = f"{total.reuse + total.extend} of {total.count} requirements can rest on the ISMS here, {as_is}"
    if total.new == total.count and printed > 0:
        counted = f"None of the {total.count} requirements can rest on the ISMS here"
        return (
            f"{counted}; the article's ~{printed} % is its author's estimate of likeness, and what is only alike still has to be made anew."
        )
    if left is None:
        return f"{counted}; the article's ~{printed} % is its author's estimate, given without a method."
    saved = 100 - left
    if saved == printed:
        return f"{counted}; {saved} % of the effort falls away, which is the share that the article prints as an estimate."
    way = "more" if saved > printed else "less"
    return f"{counted}; {saved} % of the effort falls away, {way} than the article's ~{printed} %, an estimate without a method."


class _Isms:
    """What the organisation's ISMS has, as its registers say."""

    def __init__(self, workspace: Workspace, today: datetime.date) -> None:
        self.today = today
        organisation = workspace.organisation.value if workspace.organisation else None
        self.there = bool(organisation and organisation.isms)
        self.titles = {name: requirement.title for name, requirement in workspace.requirements.items()}
        self.rows: dict[str, SoaEntry] = {record.id: record.value for record in workspace.records(SoaEntry)}
        self.covering: dict[str, list[IsmsDocument]] = {}
        for record in workspace.records(IsmsDocument):
            for target in record.value.covers:
                self.covering.setdefault(target, []).append(record.value)

    def ground(self, target: str) -> Ground:
        documents = self.covering.get(target, [])
        names = tuple(document.id for document in documents)
        paper, paper_why = self._paper(documents)
        if ":A." in target:
            standing, why = self._control(target)
            if documents and all(document.status in _OVER for document in documents):
                standing, why = Known.MISSING, paper_why
            elif standing is Known.HOLDS and documents and paper in (Known.PARTLY, Known.MISSING):
                standing, why = Known.PARTLY, f"implemented, but {paper_why}"
            return Ground(target, standing, why, names)
        if not documents:
            standing = Known.HOLDS if self.there else Known.MISSING
            return Ground(
                target,
                standing,
                "part of the certified ISMS; no document of its own is expected" if self.there else "there is no ISMS",
                names,
            )
        return Ground(target, paper, paper_why, names)

    def _control(self, target: str) -> tuple[Known, str]:
        row = self.rows.get(target)
        if not self.there:
            return Known.MISSING, "there is no ISMS"
        if row is None:
            return Known.UNKNOWN, "it has no row in the Statement of Applicability"
        if row.applicability is Applicability.EXCLUDED:
            return Known.MISSING, "it is excluded in the Statement of Applicability"
        if row.decided is None or row.status is Implementation.UNCONFIRMED:
            return Known.UNKNOWN, "nobody has confirmed it in the Statement of Applicability"
        words = {
            Implementation.IMPLEMENTED: (Known.HOLDS, "it is implemented"),
            Implementation.IN_PROGRESS: (Known.PARTLY, "it is in progress"),
        }
        return words.get(row.status, (Known.MISSING, "it is only planned"))

    def _paper(self, documents: list[IsmsDocument]) -> tuple[Known, str]:
        best = (Known.MISSING, "no document covers it")
        order = list(Known)
        for document in documents:
            found = self._document(document)
            if order.index(found[0]) < order.index(best[0]) or best[1] == "no document covers it":
                best = found
        return best

    def _document(self, document: IsmsDocument) -> tuple[Known, str]:
        if document.status.is_gone:
            return Known.MISSING, f"{document.id} is {document.status.value}"
        if document.status is IsmsDocumentStatus.TO_CONFIRM:
            return Known.UNKNOWN, f"nobody has confirmed {document.id}"
        if document.next_review and document.next_review < self.today:
            return Known.PARTLY, f"the review of {document.id} was due on {document.next_review}"
        return Known.HOLDS, f"{document.id} is confirmed and in date"


def _leaves(catalogue: Catalogue) -> Iterator[str]:
    return (f"{catalogue.id}:{requirement.id}" for requirement in catalogue.requirements if is_leaf(catalogue, requirement))


def section_of(number: str) -> str:
    """Clause 4 to 10, or area A.2 to A.10, of a requirement's number."""
    return ".".join(number.split(".")[:2]) if number.startswith("A.") else number.split(".", maxsplit=1)[0]


def _verdict(catalogue: Catalogue, name: str, pair: Pair, isms: _Isms, effort: Effort | None) -> Verdict:
    number = name.split(":", 1)[1]
    grounds = tuple(isms.ground(target.requirement) for target in pair.targets)
    action, reason = _judge(pair, grounds, isms.there)
    level = pair.reuse or Reuse.NONE
    return Verdict(
        name,
        isms.titles[name],
        section_of(number),
        action,
        level,
        grounds,
        reason,
        pair.looks_alike,
        pair.new_work,
        _points(action, level, grounds, effort),
    )


def _judge(pair: Pair, grounds: tuple[Ground, ...], isms: bool) -> tuple[Action, str]:
    general = pair.action or Action.NEW
    if not isms:
        return Action.NEW, "There is no ISMS to rest on."
    if general is Action.NEW or not grounds:
        return Action.NEW, pair.rationale
    holding = [ground for ground in grounds if ground.standing is Known.HOLDS]
    partly = [ground for ground in grounds if ground.standing is Known.PARTLY]
    if not holding and not partly:
        faults = "; ".join(f"{ground.requirement}: {ground.why}" for ground in grounds)
        return Action.NEW, f"What it would rest on is not there ({faults})."
    weak = [ground for ground in grounds if ground.standing is not Known.HOLDS]
    if weak:
        faults = "; ".join(f"{ground.requirement}: {ground.why}" for ground in weak)
        return Action.EXTEND, f"{pair.rationale} Not all of it stands here ({faults})."
    return general, pair.rationale


def _points(action: Action, level: Reuse, grounds: tuple[Ground, ...], effort: Effort | None) -> int:
    if effort is None:
        return 0
    if action is Action.REUSE:
        return effort.reuse
    if action is Action.NEW:
        gives_something = level is Reuse.LOW and any(ground.standing is Known.HOLDS for ground in grounds)
        return effort.extend_low if gives_something else effort.new
    return {Reuse.HIGH: effort.extend_high, Reuse.MEDIUM: effort.extend_medium}.get(level, effort.extend_low)
