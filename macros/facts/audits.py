"""What was audited when and by whom, what is planned, and what became of each audit finding?

An audit covers a requirement when it was carried out, has a conclusion, and says under `samples` what was looked at
for it; what could not be seen was not audited. What it is to cover stands under `covers`. The internal cycle is the
parameter `audit_cycle_months`, the certification cycle is three years (ISO/IEC 17021-1); both are counted back from
the day that everything is judged against.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from macros.cache import kept_by_identity
from macros.days import after_days, after_months
from macros.model.catalogue import RequirementKind, is_leaf
from macros.model.records.applicability import Applicability, SoaEntry
from macros.model.records.improvement import (
    Audit,
    AuditFinding,
    AuditKind,
    AuditSample,
    Change,
    Grade,
    ManagementReview,
    Nonconformity,
    SampleResult,
    State,
)
from macros.model.workspace import Workspace
from macros.text.words import squeezed

CERTIFIED = ("iso42001", "iso27001")
"""Catalogues that a management system is certified against, where the Statement of Applicability decides on them."""
CERTIFICATION_MONTHS = 36
WORDS, MOST = 5, 8
"""Fewest words that say what was looked at, and most requirements of which one sample can show something."""
NONCONFORMITY_GRADES = (Grade.MAJOR, Grade.MINOR)


@dataclass(frozen=True, slots=True)
class Coverage:
    """One requirement, and how far the audits reach it."""

    requirement: str
    title: str
    section: str
    """Clause 4 to 10, or area A.2 to A.10, by its number."""
    internal: Audit | None
    """The last internal audit that covered it."""
    certification: Audit | None
    """The last certification audit that covered it."""
    planned: Audit | None
    """The next internal audit that is to cover it within one cycle from today."""
    planned_certification: Audit | None
    """The next certification audit that is to cover it within one cycle from today."""
    findings: tuple[AuditFinding, ...]
    """Audit findings on it, or on what stands above it."""
    in_cycle: bool
    """Whether an internal audit of the present cycle covered it."""
    in_certification_cycle: bool
    """Whether a certification audit of the last three years covered it."""

    @property
    def left_out(self) -> bool:
        """Neither covered within the cycle nor planned."""
        return not self.in_cycle and self.planned is None


@dataclass(frozen=True, slots=True)
class RemedyStep:
    """One step from an audit finding to a cause that is gone."""

    name: str
    state: str
    """`done`, `open`, `overdue`, or `missing` where the record is closed without it."""
    said: str
    """The day on which it was done or is due, or what is not there."""


@dataclass(frozen=True, slots=True)
class Chain:
    """An audit finding, or a nonconformity that came from elsewhere, and everything that followed."""

    finding: AuditFinding | None
    nonconformity: Nonconformity | None
    steps: tuple[RemedyStep, ...]
    followed_by: tuple[str, ...]
    """Ids of changes and reviews that name the audit finding, where it is no nonconformity."""

    @property
    def gaps(self) -> tuple[RemedyStep, ...]:
        """Steps that are late, or missing from a closed record."""
        return tuple(step for step in self.steps if step.state in ("overdue", "missing"))


@dataclass(frozen=True, slots=True)
class Programme:
    """The audit programme of one organisation on one day."""

    since: datetime.date
    """The day before the present internal cycle; audits after it count."""
    certification_since: datetime.date
    """The same for the certification cycle."""
    today: datetime.date
    months: int
    coverage: dict[str, tuple[Coverage, ...]]
    """By catalogue: leaf clauses and included controls, in the order of the standard."""
    chains: tuple[Chain, ...]


def programme(workspace: Workspace, today: datetime.date) -> Programme:
    """What is covered, what is planned, and what became of each audit finding.

    Args:
        workspace: The organisation; without one, nothing is covered and nothing is asked.
        today: The day from which both cycles are counted back.
    """
    months = workspace.number("audit_cycle_months", 12)
    coverage = {name: tuple(_coverage(workspace, today, name)) for name in _certified(workspace)}
    return Programme(
        after_months(today, -months),
        after_months(today, -CERTIFICATION_MONTHS),
        today,
        months,
        coverage,
        tuple(_chains(workspace, today)),
    )


def covered(workspace: Workspace, today: datetime.date, requirement_id: str) -> tuple[Audit, ...]:
    """Audits of the present cycle that covered a requirement, the latest first.

    Internal audits count for `audit_cycle_months`, certification audits for three years; an audit by a customer counts for neither.
    """
    since = {
        AuditKind.INTERNAL: after_months(today, -workspace.number("audit_cycle_months", 12)),
        AuditKind.CERTIFICATION: after_months(today, -CERTIFICATION_MONTHS),
    }
    return tuple(
        audit
        for audit in _covering(workspace, today, requirement_id)
        if audit.kind in since and audit.carried_out_on and audit.carried_out_on > since[audit.kind]
    )


def open_major(workspace: Workspace, requirement_id: str) -> tuple[str, ...]:
    """Ids of open nonconformities from a major audit finding on a requirement, or on one above or below it."""
    by_id = {record.id: record.value for record in workspace.records(Nonconformity)}
    found = []
    for record in workspace.records(AuditFinding):
        finding: AuditFinding = record.value
        if finding.grade is Grade.MAJOR and (within(requirement_id, finding.requirement) or within(finding.requirement, requirement_id)):
            nonconformity = by_id.get(finding.nonconformity or "")
            if nonconformity and nonconformity.state is State.OPEN:
                found.append(nonconformity.id)
    return tuple(sorted(set(found)))


def within(requirement_id: str, above: str) -> bool:
    """Whether a requirement is another one or stands below it: `iso42001:6.1.2` is within `iso42001:6`."""
    return requirement_id == above or requirement_id.startswith(above + ".")


@kept_by_identity()
def examined(audit: Audit) -> frozenset[str]:
    """Requirements for which an audit says what was looked at, with a sample that can show it, and that could be seen."""
    return frozenset(
        target
        for sample in audit.samples
        if sample.concluded is not SampleResult.NOT_SEEN and not empty_sample(audit, sample)
        for target in sample.requirements
    )


def empty_sample(audit: Audit, sample: AuditSample) -> str | None:
    """Why a sample shows nothing of what it names, as a clause; None where it may."""
    if len(sample.seen.split()) < WORDS:
        return f"'{sample.seen}' does not say what was looked at"
    same = {target for other in audit.samples if squeezed(other.seen) == squeezed(sample.seen) for target in other.requirements}
    return f"one sample is said to show {len(same)} requirements, and can show at most {MOST}" if len(same) > MOST else None


@kept_by_identity(most=2)
def audits(workspace: Workspace) -> tuple[Audit, ...]:
    """Every audit on record, by the day on which it took or is to take place."""
    return tuple(
        sorted(
            (record.value for record in workspace.records(Audit)),
            key=lambda audit: (audit.carried_out_on or audit.planned_for, audit.id),
        )
    )


def _certified(workspace: Workspace) -> tuple[str, ...]:
    if workspace.organisation is None:
        return ()
    value = workspace.organisation.value
    asked = set(value.statement_of_applicability) & set(value.catalogues) & set(workspace.catalogues)
    return tuple(name for name in CERTIFIED if name in asked)


def _covering(workspace: Workspace, today: datetime.date, requirement_id: str) -> tuple[Audit, ...]:
    found = [
        audit
        for audit in audits(workspace)
        if audit.carried_out_on and audit.carried_out_on <= today and audit.conclusion and requirement_id in examined(audit)
    ]
    return tuple(reversed(found))


def _coverage(workspace: Workspace, today: datetime.date, name: str) -> Iterator[Coverage]:
    catalogue = workspace.catalogues[name].value
    included = {record.id for record in workspace.records(SoaEntry) if record.value.applicability is Applicability.INCLUDED}
    findings: list[AuditFinding] = [record.value for record in workspace.records(AuditFinding)]
    until = after_months(today, workspace.number("audit_cycle_months", 12))
    waiting = [
        audit
        for audit in audits(workspace)
        if audit.carried_out_on is None and audit.state is State.OPEN and today <= audit.planned_for <= until
    ]
    for requirement in catalogue.requirements:
        target = f"{name}:{requirement.id}"
        if not is_leaf(catalogue, requirement) or (requirement.kind is RequirementKind.CONTROL and target not in included):
            continue
        done = _covering(workspace, today, target)
        counted = {audit.id for audit in covered(workspace, today, target)}
        internal = next((audit for audit in done if audit.kind is AuditKind.INTERNAL), None)
        certification = next((audit for audit in done if audit.kind is AuditKind.CERTIFICATION), None)
        yield Coverage(
            target,
            requirement.title,
            section_of(requirement.id),
            internal,
            certification,
            _next(waiting, target, AuditKind.INTERNAL),
            _next(waiting, target, AuditKind.CERTIFICATION),
            tuple(finding for finding in findings if within(target, finding.requirement)),
            internal is not None and internal.id in counted,
            certification is not None and certification.id in counted,
        )


def _next(waiting: list[Audit], target: str, kind: AuditKind) -> Audit | None:
    return next((audit for audit in waiting if audit.kind is kind and any(within(target, above) for above in audit.covers)), None)


def section_of(number: str) -> str:
    """Clause 4 to 10, or area such as A.2, of a requirement's number."""
    return ".".join(number.split(".")[:2]) if number.startswith("A.") else number.split(".", maxsplit=1)[0]


def _chains(workspace: Workspace, today: datetime.date) -> Iterator[Chain]:
    by_id: dict[str, Nonconformity] = {record.id: record.value for record in workspace.records(Nonconformity)}
    told = set()
    for record in workspace.records(AuditFinding):
        finding: AuditFinding = record.value
        nonconformity = by_id.get(finding.nonconformity or "")
        if nonconformity:
            told.add(nonconformity.id)
            yield Chain(finding, nonconformity, steps_of(workspace, nonconformity, today), ())
        elif finding.grade in NONCONFORMITY_GRADES:
            yield Chain(finding, None, (RemedyStep("nonconformity", "missing", "no record"),), ())
        else:
            yield Chain(finding, None, (), _naming(workspace, finding.id))
    for name, nonconformity in by_id.items():
        if name not in told:
            yield Chain(None, nonconformity, steps_of(workspace, nonconformity, today), ())


def _naming(workspace: Workspace, name: str) -> tuple[str, ...]:
    """Ids of changes and management reviews whose texts name an audit finding."""
    return tuple(
        record.id for record in (*workspace.records(ManagementReview), *workspace.records(Change)) if name in record.value.model_dump_json()
    )


def steps_of(workspace: Workspace, nonconformity: Nonconformity, today: datetime.date) -> tuple[RemedyStep, ...]:
    """Correction, cause, corrective action and effectiveness of a nonconformity, each with its state."""
    closed = nonconformity.state is State.CLOSED
    soon = after_days(nonconformity.found_on, workspace.number("correction_days", 30))
    check = workspace.number("effectiveness_check_days", 90)
    shown_by = after_days(nonconformity.implemented_on, check) if nonconformity.implemented_on else None
    return (
        _step("correction", nonconformity.corrected_on, True, soon, today, closed),
        _step("cause", None, bool(nonconformity.cause), soon, today, closed),
        _step("corrective action", nonconformity.implemented_on, bool(nonconformity.corrective_action), nonconformity.due, today, closed),
        _step("effectiveness", nonconformity.effective_on, bool(nonconformity.effectiveness), shown_by, today, closed),
    )


def _step(name: str, on: datetime.date | None, said: bool, due: datetime.date | None, today: datetime.date, closed: bool) -> RemedyStep:
    dated = name != "cause"  # a cause is known or not; its record has no day
    if said and (not dated or (on is not None and on <= today)):
        return RemedyStep(name, "done", f"on {on}" if on else "on record")
    if closed:
        return RemedyStep(name, "missing", "closed without it")
    if due is None:
        return RemedyStep(name, "open", "after the action")
    return RemedyStep(name, "overdue" if due < today else "open", f"due {due}")
