"""All facts of a workspace as of a day, each computed when it is first asked for, and once."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from macros.facts.assessments import Uncovered, uncovered
from macros.facts.audits import Programme, programme
from macros.facts.deadlines import Deadline, deadlines
from macros.facts.decisions import Decisions
from macros.facts.evidence import EvidenceBook
from macros.facts.readings import Reading, readings
from macros.facts.reuse import Verdict, verdicts
from macros.facts.shares import DecisionShares, decided
from macros.facts.soa_users import ControlUser, soa_users
from macros.facts.statement import Statement, statement
from macros.facts.suspects import Suspect, suspects
from macros.facts.trace import Trace, build_trace
from macros.load.built_site import BuiltSite
from macros.model.workspace import Workspace


@dataclass(frozen=True)
class Facts:
    """All that a rule may read."""

    workspace: Workspace
    today: datetime.date
    """The day against which reviews, dates and validity are judged."""
    site: BuiltSite | None = None
    """The built site, where a rule is to read one."""

    @cached_property
    def trace(self) -> Trace:
        """Who addresses what."""
        return build_trace(self.workspace)

    @cached_property
    def suspects(self) -> tuple[Suspect, ...]:
        """What rests on a text that has changed since."""
        return suspects(self.workspace, self.trace, self.today)

    @cached_property
    def decisions(self) -> Decisions:
        """Which decisions are in force."""
        return Decisions(self.workspace, self.today)

    @cached_property
    def uncovered(self) -> tuple[Uncovered, ...]:
        """AI systems in use without an assessment that covers them; nothing is known where registers could not all be read."""
        if not self.workspace.is_whole("registers"):
            return ()
        return tuple(uncovered(self.workspace, self.today, lambda value: self.decisions.assessment(value).fault))

    @cached_property
    def evidence(self) -> EvidenceBook:
        """What each record of evidence counts for."""
        return EvidenceBook(self.workspace, self.trace, self.today)

    @cached_property
    def decided(self) -> DecisionShares:
        """Who gave the decisions in force."""
        return decided(self.workspace, self.decisions)

    @cached_property
    def programme(self) -> Programme:
        """What was audited, and what is planned."""
        return programme(self.workspace, self.today)

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """Who has to have read what, and who has."""
        return readings(self.workspace, self.today)

    @cached_property
    def reuse(self) -> tuple[Verdict, ...]:
        """What the ISMS already gives."""
        return verdicts(self.workspace, self.today)

    @cached_property
    def soa_users(self) -> Mapping[str, tuple[ControlUser, ...]]:
        """What uses each control, so that it cannot be excluded."""
        return soa_users(self.workspace, self.trace)

    @cached_property
    def deadlines(self) -> tuple[Deadline, ...]:
        """The days ahead of every open record, also those that have passed."""
        return deadlines(self.workspace, self.today)

    @cached_property
    def statement(self) -> Statement | None:
        """The Statement of Applicability as a whole; None where there is no such register."""
        return statement(self.workspace, self.today)
