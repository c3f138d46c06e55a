"""The inputs of a management review (ISO/IEC 42001, 9.3.2), gathered from the records as of a day; nothing is judged here.

Each input is a list of facts with the ids that they rest on, or a sentence that says that there is none. The order and
the numbers are those of the procedure "Management review". What only people can say is left to them.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from macros.checks import Judged
from macros.days import after_days, after_months
from macros.facts.audits import audits, programme, steps_of
from macros.facts.readings import here, readings
from macros.model.document import DocumentStatus, DocumentType
from macros.model.records.common import Entry
from macros.model.records.governance import InterestedParty
from macros.model.records.improvement import Audit, AuditFinding, Change, Concern, Grade, Incident, ManagementReview, Nonconformity
from macros.model.records.partners import Customer, Supplier
from macros.model.records.risk import Objective, Obligation, Risk
from macros.model.records.support import Competence, Evidence, Measurement
from macros.model.records.systems import AiSystem, ImpactAssessment
from macros.model.workspace import Workspace
from macros.problem import Problem, Severity
from macros.status import Ladder, Rung

SOON_DAYS = 60
"""What ends within so many days is shown as going stale."""

E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True)
class Line:
    """One fact, with the ids of what it rests on."""

    text: str
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Input:
    """One input of the review."""

    title: str
    lines: tuple[Line, ...]
    nothing: str
    """What is said where there is no line."""


@dataclass(frozen=True, slots=True)
class Pack:
    """All inputs of one review."""

    organisation: str
    since: datetime.date
    until: datetime.date
    last: str | None
    """The id of the review before, where there is one."""
    inputs: tuple[Input, ...]
    """Numbered from 1, as in the procedure."""
    state: tuple[Input, ...]
    """How things stand beside: documents, evidence, suppliers, reading, problems."""
    ask_isms: bool
    """Whether the information security part has to come from the ISMS."""


def last_review(workspace: Workspace, until: datetime.date) -> ManagementReview | None:
    """The latest management review held on a day or before it."""
    held = [record.value for record in workspace.records(ManagementReview) if record.value.held_on <= until]
    return max(held, key=lambda review: (review.held_on, review.id), default=None)


def pack(workspace: Workspace, judged: Judged, until: datetime.date, since: datetime.date | None = None) -> Pack:
    """Gather the inputs.

    Args:
        workspace: The organisation.
        judged: What the checks and the ladder say as of `until`.
        until: The day as of which everything is told.
        since: The first day of the period; without it the day of the last review, or one review interval back.
    """
    last = last_review(workspace, until)
    first = since or (last.held_on if last else after_months(until, -workspace.number("management_review_months", 12)))
    facts = _Facts(workspace, first, until)
    organisation = workspace.organisation.value if workspace.organisation else None
    return Pack(
        organisation.name if organisation else "",
        first,
        until,
        last.id if last else None,
        tuple(facts.inputs()),
        tuple(facts.state(judged)),
        bool(organisation and organisation.isms),
    )


class _Facts:
    """What the records say of one period."""

    def __init__(self, workspace: Workspace, since: datetime.date, until: datetime.date) -> None:
        self.workspace, self.since, self.until = workspace, since, until
        self.between = f"between {since} and {until}"
        self.soon = after_days(until, SOON_DAYS)
        self.programme = programme(workspace, until)

    def values(self, definition: type[E]) -> list[E]:
        return [record.value for record in self.workspace.records(definition)]

    def inside(self, day: datetime.date | None) -> bool:
        return day is not None and self.since <= day <= self.until

    def past(self, day: datetime.date | None) -> bool:
        return day is not None and day < self.until

    def inputs(self) -> Iterator[Input]:
        between = self.between
        yield Input("Actions from earlier reviews", tuple(self._actions()), "No earlier review left an action.")
        yield Input("Changes in context, AI roles and law", tuple(self._context()), f"No change is on record {between}.")
        yield Input("Needs and expectations of interested parties", tuple(self._parties()), "No interested party is on record.")
        nothing = f"No nonconformity was open, found or closed {between}."
        yield Input("Nonconformities and corrective actions", tuple(self._nonconformities()), nothing)
        yield Input("Results of measurement", tuple(self._measurements()), f"No measurement was taken {between}.")
        yield Input("Audits and audit findings", tuple(self._audits()), "No audit is on record or planned.")
        yield Input("Objectives", tuple(self._objectives()), "No objective is in force.")
        yield Input("AI risks and their treatment", tuple(self._risks()), "No AI risk is on record.")
        yield Input("AI system impact assessments", tuple(self._assessments()), "No impact assessment is on record.")
        yield Input("Incidents and concerns", tuple(self._events()), f"No incident and no concern was recorded or open {between}.")
        yield Input("Changes planned and done", tuple(self._changes()), f"No change was planned, made or open {between}.")
        yield Input("Resources and competence", tuple(self._resources()), "The registers show no gap in roles or competence.")
        yield Input("Opportunities for improvement", tuple(self._opportunities()), "No opportunity for improvement is on record.")

    def state(self, judged: Judged) -> Iterator[Input]:
        yield Input("Requirements by rung", tuple(self._rungs(judged.ladder)), "No requirement is judged.")
        yield Input("Documents by section", tuple(self._documents()), "There is no document.")
        yield Input("Evidence that goes stale", tuple(self._evidence()), f"No evidence ends before {self.soon}.")
        yield Input("Suppliers", tuple(self._suppliers()), "No supplier is on record.")
        yield Input("Who has read what", tuple(self._readings()), "No document has to be read by anybody.")
        yield Input("Open problems by weight", tuple(self._problems(judged.problems)), "The checks find no problem.")

    def _rungs(self, ladder: Ladder) -> Iterator[Line]:
        for name in ladder.catalogues:
            tally = Counter(ladder.requirement(leaf).rung for leaf in ladder.leaves(name))
            told = [f"{tally[rung]} {rung.value}" for rung in Rung if tally[rung]] + (
                [f"{tally[None]} not applicable"] if tally[None] else []
            )
            title = self.workspace.catalogues[name].value.title if name in self.workspace.catalogues else "Controls of our own"
            yield Line(f"{title}: {', '.join(told)}", ())

    def _actions(self) -> Iterator[Line]:
        reviews = sorted((review for review in self.values(ManagementReview) if review.held_on <= self.until), key=lambda r: r.held_on)
        told: list[tuple[bool, datetime.date, Line]] = []
        late = 0
        for review in reviews:
            for decision in review.decisions:
                done = decision.done_on is not None and decision.done_on <= self.until
                if done and review is not reviews[-1]:
                    continue
                overdue = not done and self.past(decision.due)
                late += overdue
                state = (
                    f"done on {decision.done_on}" if done else f"overdue since {decision.due}" if overdue else f"open, due {decision.due}"
                )
                line = Line(f"{state}; {self._role(decision.owner)}: {decision.decision}", (review.id,))
                told.append((done, decision.due, line))
        if told:
            finished = sum(entry[0] for entry in told)
            yield Line(f"{len(told)} decisions: {finished} done, {len(told) - finished - late} open and in time, {late} overdue")
        yield from (line for _, _, line in sorted(told, key=lambda entry: entry[:2]))

    def _context(self) -> Iterator[Line]:
        for document in self.workspace.documents:
            head = document.head.value
            if head.type is DocumentType.CONTEXT and head.approved and self.inside(head.approved.date):
                yield Line(f"{head.title} was approved in version {head.version} on {head.approved.date}", (head.id,))
        for obligation in self.values(Obligation):
            day = obligation.applies_from
            if self.inside(day):
                yield Line(f"{obligation.title} applies since {day}", (obligation.id,))
            elif day and day > self.until:
                yield Line(f"{obligation.title} will apply from {day}", (obligation.id,))
            elif self.inside(obligation.reviewed_on):
                yield Line(f"{obligation.title} was looked at on {obligation.reviewed_on}", (obligation.id,))
        organisation = self.workspace.organisation
        for person in organisation.value.people if organisation else ():
            if self.inside(person.left):
                yield Line(f"{person.name} left on {person.left}")
            if self.inside(person.joined):
                yield Line(f"{person.name} took up a first role on {person.joined}")

    def _parties(self) -> Iterator[Line]:
        parties = self.values(InterestedParty)
        if parties:
            ids = tuple(party.id for party in parties)
            yield Line(f"{len(parties)} interested parties are on record; the register holds no dates, so what changed has to be said", ids)
        for customer in self.values(Customer):
            if self.inside(customer.asked_on):
                yield Line(f"{customer.group}: asked on {customer.asked_on}", (customer.id,))
            elif customer.asked_on is None:
                yield Line(f"{customer.group}: never asked what they expect", (customer.id,))

    def _nonconformities(self) -> Iterator[Line]:
        found = [value for value in self.values(Nonconformity) if value.found_on <= self.until]
        for value in found:
            is_open = value.state.value == "open"
            if is_open or self.inside(value.found_on) or self.inside(value.effective_on):
                steps = "; ".join(f"{step.name} {_told(step.state, step.said)}" for step in steps_of(self.workspace, value, self.until))
                yield Line(f"{value.title}, found on {value.found_on}, {value.state.value}: {steps}", (value.id, value.requirement))

    def _measurements(self) -> Iterator[Line]:
        taken = [value for value in self.values(Measurement) if self.inside(value.measured_on)]
        beyond = [value for value in taken if not value.within]
        if taken:
            yield Line(f"{len(taken)} figures were taken {self.between}, {len(beyond)} of them beyond the limit")
        for value in beyond:
            yield Line(
                f"{value.what}: {_first(value.value)} (limit: {value.limit}; {_action(value.action)})", (value.id, *_about(value.about))
            )
        for value in taken:
            if value.within and value.action:
                text = f"{value.what}: {_first(value.value)} (limit: {value.limit}); within, with an action: {_first(value.action)}"
                yield Line(text, (value.id, *_about(value.about)))

    def _audits(self) -> Iterator[Line]:
        held: list[Audit] = list(audits(self.workspace))
        for audit in held:
            if self.inside(audit.carried_out_on):
                result = _first(audit.conclusion) if audit.conclusion else "no conclusion yet"
                yield Line(f"{audit.title}, carried out on {audit.carried_out_on}: {result}", (audit.id,))
        if not any(self.inside(audit.carried_out_on) for audit in held):
            yield Line(f"no audit was carried out {self.between}" if held else "no audit is on record or planned")
        findings = self.values(AuditFinding)
        inside = {audit.id for audit in held if self.inside(audit.carried_out_on)}
        for finding in findings:
            if finding.audit in inside and finding.grade is not Grade.CONFORMITY:
                yield Line(f"{finding.grade.value.replace('-', ' ')}: {_first(finding.finding)}", (finding.id, finding.requirement))
        for audit in held:
            if audit.carried_out_on is None or audit.carried_out_on > self.until:
                late = " and has not been carried out" if self.past(audit.planned_for) else ""
                if audit.state.value == "open":
                    yield Line(f"{audit.title} is planned for {audit.planned_for}{late}", (audit.id,))
        for name, rows in self.programme.coverage.items():
            title = self.workspace.catalogues[name].value.title
            done, missing = sum(row.in_cycle for row in rows), sum(row.left_out for row in rows)
            text = f"{title}: {done} of {len(rows)} clauses and included controls covered since {self.programme.since}"
            yield Line(f"{text}, {len(rows) - done - missing} more planned, {missing} neither")

    def _objectives(self) -> Iterator[Line]:
        for value in self.values(Objective):
            if value.status.value in ("open", "missed") or self.inside(value.measured_on):
                late = ", overdue" if value.status.value == "open" and self.past(value.due) else ""
                result = f"{value.last_result} ({value.measured_on})" if value.last_result else "not measured yet"
                state = f"{value.status.value}, due {value.due}{late}"
                yield Line(f"{state}: {_first(value.objective)} Target: {value.target}. Result: {result}", (value.id,))

    def _risks(self) -> Iterator[Line]:
        limit = self.workspace.number("risk_acceptance_level", 8)
        live = [value for value in self.values(Risk) if value.status.value != "closed" and value.assessed_on <= self.until]
        above = [value for value in live if value.residual.level > limit]
        if live:
            yield Line(f"{len(live)} AI risks are open, {len(above)} of them above the acceptable level of {limit}")
        for value in above:
            accepted = value.acceptance
            said = f"accepted by {self._role(accepted.by)} on {accepted.date}" if accepted else "accepted by nobody"
            yield Line(f"{value.title}: level {value.residual.level} remains, {said}", (value.id,))
        for value in live:
            if self.past(value.treatment.due) and value.status.value == "open":
                yield Line(f"{value.title}: treatment was due on {value.treatment.due} and is {value.status.value}", (value.id,))

    def _assessments(self) -> Iterator[Line]:
        versions = {value.id: value.version for value in self.values(AiSystem)}
        for value in self.values(ImpactAssessment):
            until = value.valid_until
            valid = "without an end" if until is None else f"ended on {until}" if until < self.until else f"valid until {until}"
            now = versions.get(value.about)
            fits = "" if now in (None, value.scope.version) else f", while the AI system is at version {now}"
            yield Line(f"{value.title}: {value.status.value}, {valid}, for version {value.scope.version}{fits}", (value.id, value.about))

    def _events(self) -> Iterator[Line]:
        for value in self.values(Incident):
            if value.detected_on <= self.until and (
                value.state.value == "open" or self.inside(value.detected_on) or self.inside(value.closed_on)
            ):
                end = f"closed on {value.closed_on}" if value.closed_on else "open"
                serious = "serious, " if value.serious else ""
                yield Line(f"incident, {serious}{value.title}, detected on {value.detected_on}, {end}", (value.id, *value.about))
        for concern in self.values(Concern):
            inside = self.inside(concern.received_on) or self.inside(concern.answered_on)
            if concern.received_on <= self.until and (concern.state.value == "open" or inside):
                end = f"answered on {concern.answered_on}" if concern.answered_on else "not answered yet"
                text = f"concern from {concern.side.value}, received on {concern.received_on}, {end}: {_first(concern.summary)}"
                yield Line(text, (concern.id, *concern.about))

    def _changes(self) -> Iterator[Line]:
        for value in self.values(Change):
            inside = self.inside(value.implemented_on) or self.inside(value.planned_for)
            if value.state.value == "open" or inside:
                done = value.implemented_on is not None and value.implemented_on <= self.until
                late = " and is not made" if self.past(value.planned_for) else ""
                end = f"made on {value.implemented_on}" if done else f"planned for {value.planned_for}{late}"
                yield Line(f"{value.title}: {end}, {value.state.value}", (value.id, *value.about))

    def _resources(self) -> Iterator[Line]:
        organisation = self.workspace.organisation
        people = here(organisation.value.people, self.until) if organisation else {}
        shown = {(value.person, value.role) for value in self.values(Competence) if value.completed_on <= self.until}
        for role in self.workspace.role_by_id.values():
            if not any(person in people for person in role.held_by):
                yield Line(f"nobody holds the role {role.title}", (role.id,))
            for person in role.held_by:
                if person in people and (person, role.id) not in shown:
                    yield Line(f"{people[person].name} holds the role {role.title} without a record of competence for it", (role.id,))
        for value in self.values(Competence):
            if value.person in people and value.repeat_on and value.repeat_on < self.until:
                yield Line(
                    f"{people[value.person].name}: training for {self._role(value.role)} was to be repeated by {value.repeat_on}",
                    (value.id,),
                )

    def _opportunities(self) -> Iterator[Line]:
        states = {value.id: value.state.value for value in self.values(Change)}
        for chain in self.programme.chains:
            if chain.finding and chain.finding.grade is Grade.OPPORTUNITY:
                taken = ", ".join(f"{name} ({states[name]})" if name in states else name for name in chain.followed_by)
                text = f"{chain.finding.finding} Taken up in: {taken or 'nothing on record'}"
                yield Line(text, (chain.finding.id, chain.finding.requirement))

    def _documents(self) -> Iterator[Line]:
        for kind in DocumentType:
            heads = [document.head.value for document in self.workspace.documents if document.head.value.type is kind]
            if heads:
                counted = Counter(head.status for head in heads)
                overdue = [head for head in heads if head.status is DocumentStatus.APPROVED and self.past(head.next_review)]
                text = (
                    f"{kind.value.replace('-', ' ')}: {counted[DocumentStatus.APPROVED]} approved, {counted[DocumentStatus.DRAFT]} draft, "
                )
                yield Line(f"{text}{len(overdue)} overdue for review", tuple(head.id for head in overdue))

    def _evidence(self) -> Iterator[Line]:
        for value in self.values(Evidence):
            if value.collected_on <= self.until and value.valid_until < self.soon:
                ended = "ended" if value.valid_until < self.until else "ends"
                yield Line(f"{value.title}: {ended} on {value.valid_until}", (value.id, *value.evidences))

    def _suppliers(self) -> Iterator[Line]:
        for value in self.values(Supplier):
            late = ", overdue" if self.past(value.next_review) else ""
            agreed = "" if value.agreement else ", without an agreement"
            seen = f"reviewed on {value.reviewed_on}" if value.reviewed_on else "never reviewed"
            yield Line(f"{value.name}: {seen}, next review {value.next_review or 'not set'}{late}{agreed}", (value.id,))

    def _readings(self) -> Iterator[Line]:
        for reading in readings(self.workspace, self.until):
            late = f", {reading.late} past their days" if reading.late else ""
            yield Line(f"{reading.document.head.value.title}: {reading.said}{late}", (reading.document.id,))

    def _problems(self, problems: tuple[Problem, ...]) -> Iterator[Line]:
        counted = Counter(problem.severity for problem in problems if problem.code != _TO_COME)
        if counted:
            yield Line(", ".join(_many(counted[severity], severity.value) for severity in Severity))
        for problem in problems:
            if problem.severity is not Severity.NOTE and problem.code != _TO_COME:
                yield Line(f"{problem.severity.value}: {problem.message}", (problem.code,))

    def _role(self, name: str) -> str:
        role = self.workspace.role_by_id.get(name)
        organisation = self.workspace.organisation
        people = {person.id: person.name for person in organisation.value.people} if organisation else {}
        return role.title if role else people.get(name, name)


_TO_COME = "REG117"
"""Speaks of days after that of the review, of which it says nothing."""


def _first(text: str) -> str:
    """The first sentence of a text, as it stands in the record."""
    end = text.find(". ")
    return text if end < 0 else text[: end + 1]


def _many(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _told(state: str, said: str) -> str:
    return said if state == "done" else f"{state}, {said}"


def _action(text: str | None) -> str:
    return f"action: {_first(text)}" if text else "no action on record"


def _about(name: str | Enum | None) -> tuple[str, ...]:
    return (str(name),) if name else ()
