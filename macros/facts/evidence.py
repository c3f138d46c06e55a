"""What does each record of evidence count for on a day, when is it due again, and what does it leave uncovered?"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property

from macros.days import after_days, after_months
from macros.facts.showing import fits
from macros.facts.trace import LinkKind, Trace
from macros.load.files import Kept, is_run, kept
from macros.model.numbering import natural
from macros.model.records.applicability import Applicability, SoaEntry
from macros.model.records.support import Evidence, Result
from macros.model.records.systems import AiSystem, Stage
from macros.model.workspace import OWN, Record, Workspace

NOTICE_DAYS = 30
"""How long before its day evidence is due soon, so that it can be collected again in time."""
NOTICE_SHARE = 3
"""At most one part in so many of its own interval: monthly evidence would otherwise always be due soon."""
DAYS_PER_MONTH = 30


class EvidenceState(str, Enum):
    """What a record of evidence counts for on a day; the best first."""

    FRESH = "fresh"
    DUE_SOON = "due soon"
    STALE = "stale"
    FUTURE = "future"
    UNUSABLE = "unusable"

    @property
    def counts(self) -> bool:
        """Whether it shows on this day that something works."""
        return self in (EvidenceState.FRESH, EvidenceState.DUE_SOON)


_ORDER = {state: place for place, state in enumerate(EvidenceState)}


@dataclass(frozen=True, slots=True)
class Freshness:
    """One record of evidence on a day."""

    record: Record[Evidence]
    state: EvidenceState
    why: str
    """One sentence without its full stop."""
    due: datetime.date
    """The day on which it is to be collected again; where it is collected once, the last day on which it counts."""
    ends: datetime.date
    """The last day on which it counts."""
    replaced_by: str | None = None
    """A later record that counts, or counted, for all that this one shows."""

    @property
    def evidence(self) -> Evidence:
        """What the record says."""
        return self.record.value

    @property
    def failed(self) -> bool:
        """Whether it is an examination that failed, and has taken place."""
        return self.evidence.result is Result.FAILED and self.state is EvidenceState.UNUSABLE

    def undoes(self, other: Freshness) -> bool:
        """Whether this failed examination is later than `other` and shares an AI system with it."""
        return self.failed and _age(self) > _age(other) and _shares(self.evidence, other.evidence)

    def makes_good(self, failed: Freshness) -> bool:
        """Whether this record counts, is later than a failed examination, and shares an AI system with it."""
        return self.state.counts and _age(self) > _age(failed) and _shares(self.evidence, failed.evidence)


@dataclass(frozen=True, slots=True)
class Backing:
    """What a requirement or document has: its evidence, the best first."""

    records: tuple[Freshness, ...]

    @property
    def best(self) -> Freshness | None:
        """The record that counts most; None where there is none."""
        return self.records[0] if self.records else None

    @property
    def setback(self) -> Freshness | None:
        """The latest failed examination that nothing later of the same AI systems makes good; None where there is none."""
        standing = [found for found in self.records if found.failed and not any(other.makes_good(found) for other in self.records)]
        return max(standing, key=_age, default=None)

    @property
    def counting(self) -> tuple[Freshness, ...]:
        """Records that count: fresh or due soon, and no later examination of the same AI system failed."""
        failed = [found for found in self.records if found.failed]
        return tuple(found for found in self.records if found.state.counts and not any(one.undoes(found) for one in failed))

    @property
    def due(self) -> datetime.date | None:
        """The next day on which something that still counts is due again; None where nothing counts."""
        return min((found.due for found in self.records if found.state.counts and found.replaced_by is None), default=None)


def last_day(evidence: Evidence) -> datetime.date:
    """The last day on which evidence counts: `valid_until`, and never longer than its interval from `collected_on`."""
    if evidence.every_months is None or evidence.every_months < 1:
        return evidence.valid_until
    return min(evidence.valid_until, after_months(evidence.collected_on, evidence.every_months))


def due_day(evidence: Evidence) -> datetime.date:
    """When evidence is to be collected again: its interval after `period_to`, and never after `last_day`."""
    if evidence.every_months is None or evidence.every_months < 1:
        return last_day(evidence)
    return min(last_day(evidence), after_months(evidence.period_to, evidence.every_months))


def notice_days(evidence: Evidence) -> int:
    """How many days before its day evidence is due soon: 30 days, and at most a third of its interval."""
    months = evidence.every_months
    share = NOTICE_DAYS if months is None or months < 1 else months * DAYS_PER_MONTH // NOTICE_SHARE
    return min(NOTICE_DAYS, share)


def contradiction(evidence: Evidence) -> str | None:
    """How the dates of evidence contradict each other; None where they fit."""
    if evidence.period_to < evidence.period_from:
        return f"its period ends on {evidence.period_to}, before it begins on {evidence.period_from}"
    if evidence.collected_on < evidence.period_to:
        return f"it was collected on {evidence.collected_on}, before the period that it covers ended on {evidence.period_to}"
    if evidence.valid_until < evidence.collected_on:
        return f"it is valid until {evidence.valid_until}, which lies before {evidence.collected_on}, when it was collected"
    return None


def file_trouble(workspace: Workspace, evidence: Evidence) -> str | None:
    """Why the file of evidence does not show what the record says; None where nothing speaks against it."""
    if kept(evidence.reference) is Kept.ELSEWHERE or evidence.sensitivity.value == "by-reference":
        return None
    found = workspace.fingerprints.get(evidence.reference)
    if found is None:
        return f"its file '{evidence.reference}' is not in the repository"
    if evidence.sha256 is not None and evidence.sha256 != found.sha256:
        return f"its file has another SHA-256, {found.sha256[:12]}… instead of {evidence.sha256[:12]}…"
    if evidence.size is not None and evidence.size != found.size:
        return f"its file has {found.size} bytes instead of {evidence.size}"
    return run_trouble(workspace, evidence) if is_run(evidence.reference) else None


def run_trouble(workspace: Workspace, evidence: Evidence) -> str | None:
    """Where a record and its automated evidence disagree; None where they do not."""
    sourced = workspace.runs.get(evidence.reference)
    if sourced is None:
        return "its automated evidence cannot be read"
    run = sourced.value
    came_to = Result.PASSED if run.passed else Result.FAILED
    if evidence.result is not came_to:
        return f"it says '{evidence.result.value if evidence.result else 'null'}', and the run {came_to.value}"
    if evidence.kind is not run.kind:
        return f"it says it is of the kind '{evidence.kind.value}', and the run is '{run.kind.value}'"
    if evidence.valid_until > run.valid_until:
        return f"it is valid until {evidence.valid_until}, and the run until {run.valid_until}"
    subjects = (run.subject.ai_system,) if run.subject else ()
    if evidence.about != subjects:
        return f"it is about {', '.join(evidence.about) or 'no AI system'}, and the run about {', '.join(subjects) or 'none'}"
    for artefact in run.artefacts:
        found = workspace.fingerprints.get(artefact.path) if artefact.path else None
        if artefact.path and found is None:
            return f"the artefact '{artefact.path}' of its run is not in the repository"
        if found and (found.sha256, found.size) != (artefact.sha256, artefact.size):
            return f"the artefact '{artefact.path}' of its run is not the file that the run left behind"
    return None


def _state(workspace: Workspace, evidence: Evidence, today: datetime.date) -> tuple[EvidenceState, str]:
    if evidence.collected_on > today:
        return EvidenceState.FUTURE, f"it says it was collected on {evidence.collected_on}, which has not come yet"
    if evidence.result is Result.FAILED:
        return EvidenceState.UNUSABLE, f"the examination failed{_failed(workspace, evidence)}"
    trouble = contradiction(evidence) or file_trouble(workspace, evidence)
    if trouble:
        return EvidenceState.UNUSABLE, trouble
    ends, due = last_day(evidence), due_day(evidence)
    if ends < today:
        return EvidenceState.STALE, f"it counted until {ends}"
    newer = _newer_version(workspace, evidence)
    if newer:
        return EvidenceState.STALE, newer
    again = "" if evidence.every_months is None else " again"
    if due < today:
        return EvidenceState.DUE_SOON, f"it was due{again} on {due}, and counts until {ends}"
    if after_days(due, -notice_days(evidence)) <= today:
        return EvidenceState.DUE_SOON, f"it is due{again} on {due}" if again else f"it counts until {ends}, and is collected once"
    return EvidenceState.FRESH, f"collected on {evidence.collected_on}, it counts until {ends}"


def _newer_version(workspace: Workspace, evidence: Evidence) -> str | None:
    run = workspace.runs.get(evidence.reference)
    subject = run.value.subject if run else None
    record = workspace.record_by_id.get(subject.ai_system) if subject else None
    if subject is None or record is None or not isinstance(record.value, AiSystem) or record.value.version == subject.version:
        return None
    return f"it examined version '{subject.version}' of '{subject.ai_system}', which is at '{record.value.version}' now"


def _failed(workspace: Workspace, evidence: Evidence) -> str:
    run = workspace.runs.get(evidence.reference)
    if run is None or run.value.passed:
        return ""
    results = run.value.results
    return f" in {sum(not result.passed for result in results)} of {len(results)} results"


def freshness(workspace: Workspace, record: Record[Evidence], today: datetime.date) -> Freshness:
    """The state of one record of evidence on a day, by itself."""
    evidence = record.value
    state, why = _state(workspace, evidence, today)
    return Freshness(record, state, why, due_day(evidence), last_day(evidence))


class EvidenceBook:
    """All evidence of a workspace on one day."""

    def __init__(self, workspace: Workspace, trace: Trace, today: datetime.date) -> None:
        self.workspace, self.trace, self.today = workspace, trace, today

    @cached_property
    def _alone(self) -> Mapping[str, Freshness]:
        return {record.id: freshness(self.workspace, record, self.today) for record in self.workspace.records(Evidence)}

    @cached_property
    def _newest(self) -> Mapping[tuple[str, str | None], Freshness]:
        """The latest record for each thing that evidence shows, among those that count or once counted."""
        newest: dict[tuple[str, str | None], Freshness] = {}
        for found in self._alone.values():
            if found.state not in (EvidenceState.UNUSABLE, EvidenceState.FUTURE):
                for pair in self.pairs(found.evidence):
                    newest[pair] = max(newest.get(pair, found), found, key=_age)
        return newest

    @cached_property
    def records(self) -> Mapping[str, Freshness]:
        """Every record of evidence by its id, with what replaces it."""
        return {name: self._with_successor(found) for name, found in self._alone.items()}

    def _with_successor(self, found: Freshness) -> Freshness:
        pairs = list(self.pairs(found.evidence))
        if not pairs or self.uncovered(found):
            return found
        successors = [self._newest[pair] for pair in pairs if _age(self._newest[pair]) > _age(found)]
        return replace(found, replaced_by=max(successors, key=_age).record.id) if successors else found

    def pairs(self, evidence: Evidence) -> Iterator[tuple[str, str | None]]:
        """What evidence shows, as requirement or document with AI system; None for the management system."""
        systems = [name for name in evidence.about if not self._retired(name)]
        for target in (*evidence.evidences, *evidence.documents):
            if self.shows(evidence, target):
                yield from ((target, system) for system in ((None,) if not evidence.about else systems))

    def _retired(self, name: str) -> bool:
        record = self.workspace.record_by_id.get(name)
        return record is not None and isinstance(record.value, AiSystem) and record.value.stage is Stage.RETIRED

    def is_asked_for(self, target: str) -> bool:
        """Whether a requirement is in force and not excluded; a document always is."""
        return self.why_not_asked(target) is None

    @cached_property
    def _excluded(self) -> frozenset[str]:
        rows = (record.value for record in self.workspace.records(SoaEntry))
        return frozenset(row.control for row in rows if row.applicability is Applicability.EXCLUDED)

    def why_not_asked(self, target: str) -> str | None:
        """Why evidence for a requirement is not asked for here; None where it is."""
        if target in self._excluded:
            return "is excluded in the Statement of Applicability"
        organisation, catalogue = self.workspace.organisation, target.split(":", 1)[0]
        if ":" in target and organisation and catalogue != OWN and catalogue not in organisation.value.catalogues:
            return "belongs to a catalogue that is not in force"
        return None

    def shows(self, evidence: Evidence, target: str) -> bool:
        """Whether evidence is for a requirement that is asked for, or a document, and of a kind that shows it."""
        return self.is_asked_for(target) and fits(self.workspace, evidence, target)

    def uncovered(self, found: Freshness) -> list[tuple[str, str | None]]:
        """What a record shows and no later record shows, as requirement or document with AI system."""
        return [pair for pair in self.pairs(found.evidence) if pair not in self._newest or _age(self._newest[pair]) <= _age(found)]

    def of(self, target: str) -> Backing:
        """What a requirement or document has, the best first; without what is of a kind that does not show it."""
        found = [one for one in self._naming(target) if fits(self.workspace, one.evidence, target)]
        return Backing(tuple(sorted(found, key=lambda one: (_ORDER[one.state], -one.ends.toordinal(), natural(one.record.id)))))

    def operating(self, target: str) -> tuple[Record[Evidence], ...]:
        """Records that count as evidence for a requirement, by id.

        A record counts while it is fresh or due soon, no later examination of the same AI system failed, and it is of a kind that shows it.
        """
        return tuple(sorted((found.record for found in self.of(target).counting), key=lambda record: natural(record.id)))

    def beside(self, target: str) -> tuple[Freshness, ...]:
        """Records that name a requirement and are of a kind that does not show it, by id."""
        found = (one for one in self._naming(target) if not fits(self.workspace, one.evidence, target))
        return tuple(sorted(found, key=lambda one: natural(one.record.id)))

    def _naming(self, target: str) -> list[Freshness]:
        names = dict.fromkeys(link.source for link in self.trace.links_to(target, LinkKind.EVIDENCES))
        return [self.records[name] for name in names if name in self.records]

    def stale(self) -> tuple[Freshness, ...]:
        """Records that no longer count and leave something uncovered, the longest stale first."""
        found = (one for one in self.records.values() if one.state is EvidenceState.STALE and self.uncovered(one))
        return tuple(sorted(found, key=lambda one: (one.ends, natural(one.record.id))))

    def due(self, until: datetime.date | None = None) -> tuple[Freshness, ...]:
        """Records that count and fall due, up to a day where one is given; the earliest first, without what a later record replaces."""
        found = (
            one
            for one in self.records.values()
            if one.state.counts and one.replaced_by is None and (until is None or one.due <= until) and any(self.pairs(one.evidence))
        )
        return tuple(sorted(found, key=lambda one: (one.due, natural(one.record.id))))

    def calendar(self) -> Mapping[str, tuple[Freshness, ...]]:
        """What falls due, by month such as `2026-12`; what was due before stands in the month of the day itself."""
        months: dict[str, list[Freshness]] = {}
        for found in self.due():
            months.setdefault(max(found.due, self.today).strftime("%Y-%m"), []).append(found)
        return {month: tuple(found) for month, found in sorted(months.items())}


def _shares(one: Evidence, other: Evidence) -> bool:
    return bool({*one.about} & {*other.about}) or not (one.about or other.about)


def _age(found: Freshness) -> tuple[datetime.date, datetime.date, str]:
    """What makes one record later than another: the end of what it covers, then its collection, then its id."""
    return found.evidence.period_to, found.evidence.collected_on, found.record.id
