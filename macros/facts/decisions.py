"""Is a decision in force on this day, and if not, why not?

Who decided (a person in a role), when, on what, and until when. What is only expected, to come, expired, decided by nobody
who may, or given before what it rests on, counts for nothing, everywhere alike: ladder, gate, review, rules and pages ask here.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from macros.cache import answered_once
from macros.days import after_months
from macros.facts.authority import LEAD, TOP, approver_of_document, holders_on, roles_on
from macros.facts.bands import BOARD, accepting_roles, deciding_roles
from macros.facts.seals import changed_since, parts_of
from macros.model.document import Approval, DocumentStatus, DocumentType
from macros.model.fingerprint import fingerprint_of
from macros.model.records.applicability import SoaEntry
from macros.model.records.approvals import ApprovalRecord
from macros.model.records.common import Entry, RecordStatus
from macros.model.records.exceptions import ExceptionKind, PolicyException
from macros.model.records.improvement import Change, GateDecision, GateWord, ManagementReview
from macros.model.records.partners import Supplier
from macros.model.records.risk import Risk, RiskStatus
from macros.model.records.support import ExternalDocument
from macros.model.records.systems import AiSystem, Dataset, Decided, ImpactAssessment, ImpactOn
from macros.model.workspace import Document, Workspace

ESTABLISH = (TOP, BOARD)
"""Roles that establish policies, and answer for the Statement of Applicability."""
ISMS = "isms-manager"
"""The role that decides, with them, on controls of ISO/IEC 27001, whose statement the ISMS may have had before."""
GOVERN = (LEAD, *ESTABLISH)
"""Roles that decide on AI systems, their assessments, datasets and changes (PRO-012)."""
FIXED = 2
"""The gate at which the version of an AI system is fixed."""
_TOP_ONLY = (DocumentType.POLICY, DocumentType.CONTEXT, DocumentType.ROLE)


class Cause(str, Enum):
    """Why a decision is not in force."""

    MISSING = "missing"
    """Nobody has decided, or it was withdrawn."""
    WHO = "who"
    """It was decided by nobody who may, or nobody knows by whom."""
    SELF = "self"
    """It was decided by whoever made, owns or operates it."""
    WHEN = "when"
    """It is of a day to come, or before what it rests on."""
    OVER = "over"
    """It has ended, or was to be looked at again."""
    CHANGED = "changed"
    """What it was given on has changed since, or nothing says on what it was given."""
    UNKNOWN = "unknown"
    """What it would be judged by cannot be read, of which a rule speaks at that place."""
    WHAT = "what"
    """What was decided does not let it count."""


@dataclass(frozen=True, slots=True)
class InForce:
    """Whether a decision is in force, and what is known of it."""

    fault: str | None
    """Why it is not, as a clause that follows the name of what was decided; None where it is in force."""
    person: str | None = None
    """Who decided, by id."""
    role: str | None = None
    """In which role."""
    on: datetime.date | None = None
    until: datetime.date | None = None
    """The last day on which it counts; None where it has no end."""
    cause: Cause = Cause.WHAT
    """What kind of fault it is; means nothing where it is in force."""
    by_exception: str | None = None
    """The exception by which somebody decided on their own work, by id; it is shown wherever the decision counts."""

    @property
    def holds(self) -> bool:
        """Whether it counts."""
        return self.fault is None


class Decisions:
    """The decisions of one workspace on one day."""

    def __init__(self, workspace: Workspace, today: datetime.date) -> None:
        self.workspace, self.today = workspace, today

    # Who, and when

    def _given(
        self,
        approval: Approval | None,
        roles: Collection[str],
        barred: Sequence[tuple[str, str]] = (),
        since: Iterable[tuple[datetime.date | None, str]] = (),
        of: str = "",
    ) -> InForce:
        """Judge one decision by who gave it and when.

        Args:
            approval: As it is recorded.
            roles: Who may give it.
            barred: Roles whose holders may not give it as persons, each with what they are to it.
            since: Days on which it must not have been given before, each with what happened then.
            of: The id of what was decided on, to find an exception for it.
        """
        if approval is None:
            return InForce("it is not approved", cause=Cause.MISSING)
        if not self.workspace.is_whole("org.yaml"):
            return InForce("nobody knows who approved it, since 'org.yaml' cannot be read", on=approval.date, cause=Cause.UNKNOWN)
        fault, person, role = self._decider(approval, tuple(roles))
        known = InForce(fault, person, role, approval.date, None, Cause.WHO)
        if approval.date > self.today:
            return InForce(f"it is approved from {approval.date} only", person, role, approval.date, None, Cause.WHEN)
        for day, what in since:
            if day and approval.date < day:
                return InForce(f"it was approved on {approval.date}, before {what} on {day}", person, role, approval.date, None, Cause.WHEN)
        if fault is None and person:
            for barring, what in barred:
                if person in {found.id for found in holders_on(self.workspace, barring, approval.date)}:
                    own = InForce(f"it was approved by {self._name(person)}, who {what}", person, role, approval.date, None, Cause.SELF)
                    return self._excepted(own, roles, [other for other, _ in barred], of)
        return known

    def _excepted(self, own: InForce, roles: Collection[str], barred: Collection[str], of: str) -> InForce:
        """The same decision, in force by an exception that was granted for it, where no other person could have decided."""
        if own.on is None:
            return own
        kept_out = {person.id for role in barred for person in holders_on(self.workspace, role, own.on)} | {own.person}
        others = [person for role in roles for person in holders_on(self.workspace, role, own.on) if person.id not in kept_out]
        for record in self.workspace.records(PolicyException):
            value = record.value
            if value.kind is not ExceptionKind.OWN_DECISION or of not in value.about or not self._granted(value, own.on):
                continue
            if others:
                return replace(own, fault=f"{own.fault}; {value.id} does not hold, since {others[0].name} could have decided")
            return replace(own, fault=None, by_exception=value.id)
        return own

    def _granted(self, value: PolicyException, day: datetime.date) -> bool:
        given = self.exception(value)
        counted = given.holds or given.cause is Cause.OVER
        return counted and given.on is not None and given.on <= day <= value.until and not (value.closed_on and value.closed_on < day)

    @answered_once
    def _decider(self, approval: Approval, roles: tuple[str, ...]) -> tuple[str | None, str | None, str | None]:
        """What speaks against who decided, the person, and the role."""
        if approval.by in self.workspace.role_by_id:
            role = approval.by
            people = holders_on(self.workspace, role, approval.date)
            if not people:
                return f"its approver '{role}' is a role that nobody held on {approval.date}", None, role
            if len(people) > 1:
                return (
                    f"its approver '{role}' is a role that {len(people)} people held on {approval.date}, and none of them is named",
                    None,
                    role,
                )
            fault = None if role in roles else f"its approver '{role}' is not {self._either(roles)}"
            return fault, people[0].id, role
        person = self.workspace.person_by_id.get(approval.by)
        if person is None:
            return f"its approver '{approval.by}' is nobody in 'org.yaml'", None, None
        if person.left and person.left < approval.date:
            return f"its approver {person.name} had left on {person.left}", person.id, None
        held = roles_on(self.workspace, person.id, approval.date)
        if approval.as_role and approval.as_role not in held:
            return f"its approver {person.name} did not hold the role '{approval.as_role}' on {approval.date}", person.id, None
        may = [role for role in ((approval.as_role,) if approval.as_role else held) if role in roles]
        if not may:
            return f"its approver {person.name} was not {self._either(roles)} on {approval.date}", person.id, None
        return None, person.id, may[0]

    def _either(self, roles: Collection[str]) -> str:
        titles = [self.workspace.role_by_id[role].title if role in self.workspace.role_by_id else role for role in dict.fromkeys(roles)]
        return " or ".join(titles) if titles else "anybody who may, since nobody may"

    def _name(self, person: str) -> str:
        found = self.workspace.person_by_id.get(person)
        return found.name if found else person

    def _sealed(self, found: InForce, approval: Approval | None, subject: Document | Entry) -> InForce:
        """The same decision, where what it was given on is as it was then."""
        if found.fault or approval is None:
            return found
        changed = changed_since(approval, parts_of(self.workspace, subject))
        if changed is None and isinstance(subject, Document) and self._on_record(subject):
            return found
        if changed is None:
            fault = f"its approval of {approval.date} holds no fingerprint, so that nothing says on what it was given"
        elif changed:
            words = ", ".join(name.replace("_", " ") for name in changed)
            fault = f"it has changed since it was approved on {approval.date}: {words}"
        else:
            return found
        return replace(found, fault=fault, cause=Cause.CHANGED)

    def _by_person(self, document: Document, approval: Approval) -> Approval:
        """The approval of a role, with the person whom the register of approvals names for it."""
        named = (document.id, document.head.value.version, approval.by)
        for one in self.workspace.records(ApprovalRecord):
            if (one.value.document, one.value.version, one.value.as_role) == named:
                return approval.model_copy(update={"by": one.value.by, "as_role": one.value.as_role})
        return approval

    def _on_record(self, document: Document) -> bool:
        """Whether a record of the register of approvals holds the fingerprint of this very text."""
        name = (document.id, document.head.value.version, fingerprint_of(document))
        return any((one.value.document, one.value.version, one.value.sha256) == name for one in self.workspace.records(ApprovalRecord))

    # Documents

    @answered_once
    def document(self, document: Document) -> InForce:
        """The approval of a document's text."""
        head = document.head.value
        if head.status is not DocumentStatus.APPROVED or head.approved is None:
            return InForce("it is not approved" if head.status is not DocumentStatus.WITHDRAWN else "it is withdrawn", cause=Cause.MISSING)
        found = self._given(self._by_person(document, head.approved), self._roles_of(document))
        owners = holders_on(self.workspace, head.owner, head.approved.date)[:1]  # the first is who answers for it, and a deputy may approve
        if found.holds and head.owner not in ESTABLISH and found.person in {owner.id for owner in owners}:
            own = replace(found, fault=f"it was approved by {self._name(found.person or '')}, who owns it", cause=Cause.SELF)
            found = self._excepted(own, self._roles_of(document), (), document.id)
        found = self._sealed(found, head.approved, document)
        if found.holds and head.next_review is None:
            return replace(found, fault="no day is set for its review", cause=Cause.MISSING)
        if found.holds and head.next_review and head.next_review < self.today:
            return replace(found, fault=f"it was due for review on {head.next_review}", until=head.next_review, cause=Cause.OVER)
        return replace(found, until=head.next_review)

    def _roles_of(self, document: Document) -> tuple[str, ...]:
        if document.head.value.type is DocumentType.POLICY:
            return ESTABLISH
        return tuple(dict.fromkeys((approver_of_document(self.workspace, None, document), *self._by_type(document), *ESTABLISH)))

    def _by_type(self, document: Document) -> tuple[str, ...]:
        return () if document.head.value.type in _TOP_ONLY else (LEAD,)

    # Records

    @answered_once
    def approved(self, value: Decided | ExternalDocument | ManagementReview) -> InForce:
        """The approval of a record: of an AI system, a dataset, an impact assessment, an external document, a management review."""
        if isinstance(value, ImpactAssessment):
            return self.assessment(value)
        if isinstance(value, Decided) and value.status is not RecordStatus.APPROVED:
            return InForce(
                "it is not approved" if value.status is RecordStatus.DRAFT else f"it is {value.status.value}", cause=Cause.MISSING
            )
        if isinstance(value, AiSystem):
            return self._sealed(self._given(value.approved, GOVERN, self._of_system(value), of=value.id), value.approved, value)
        if isinstance(value, Dataset):
            found = self._given(value.approved, GOVERN, [(value.owner, "holds the role that owns it")], of=value.id)
            return self._sealed(found, value.approved, value)
        if isinstance(value, ManagementReview):
            return self._sealed(self._given(value.approved, ESTABLISH, (), [(value.held_on, "it was held")]), value.approved, value)
        assert isinstance(value, ExternalDocument)
        found = self._given(value.approved, GOVERN, [(value.owner, "holds the role that owns it")])
        found = self._sealed(found, value.approved, value)
        if found.holds and value.next_review < self.today:
            return replace(found, fault=f"it was due for review on {value.next_review}", until=value.next_review, cause=Cause.OVER)
        return found

    def _of_system(self, system: AiSystem) -> list[tuple[str, str]]:
        return [(system.owner, "holds the role that owns the AI system"), (system.oversight.operator, "operates the AI system")]

    def assessment(self, value: ImpactAssessment) -> InForce:
        """The approval of an impact assessment; whether it covers an AI system as it is now is asked of `assessments`."""
        if value.status is not RecordStatus.APPROVED or value.approved is None:
            return InForce("it is not approved", cause=Cause.MISSING)
        fault = self.not_carried_out(value)
        if fault:
            return InForce(fault)
        systems = [record.value for record in self.workspace.records(AiSystem) if record.id == value.about]
        barred = [(value.assessor, "holds the role that carried it out"), *(pair for system in systems for pair in self._of_system(system))]
        roles = deciding_roles(value, value.approved.date)
        if not roles:
            return InForce("a harm remains that is severe and likely, with which nobody may approve it", cause=Cause.WHO)
        found = self._given(value.approved, roles, barred, [(value.assessed_on, "it was carried out")], of=value.id)
        over = None if found.fault else self._over(value, value.approved)
        found = found if over else self._sealed(found, value.approved, value)
        return replace(found, fault=found.fault or over, until=value.valid_until, cause=Cause.OVER if over else found.cause)

    def not_carried_out(self, value: ImpactAssessment) -> str | None:
        """Why an assessment does not count as carried out, as a clause; None where it does."""
        if value.assessed_on is None:
            return "it names no day on which it was carried out"
        if value.assessed_on > self.today:
            return f"it was carried out on {value.assessed_on}, a day to come"
        if not value.impacts and {none.falls_on for none in value.none_found} != set(ImpactOn):
            return "it names no impact, and does not say for individuals, groups and society that none was found"
        fixed = self.fixed_on(value.about, value.scope.version)
        if fixed and value.assessed_on < fixed:
            return f"it was carried out on {value.assessed_on}, before version '{value.scope.version}' was fixed on {fixed}"
        return None

    def _over(self, value: ImpactAssessment, approved: Approval) -> str | None:
        if value.valid_until is None:
            return "it states no last day"
        if value.valid_until < self.today:
            return f"it was valid until {value.valid_until}"
        months = self.workspace.number("impact_review_months", None)
        if isinstance(months, int) and value.valid_until > after_months(approved.date, months):
            return f"it is valid until {value.valid_until}, longer than {months} months"
        return None

    # Changes

    def changes_to(self, system: str, version: str) -> Iterator[Change]:
        """Changes that bring a version of an AI system."""
        for record in self.workspace.records(Change):
            if system in record.value.about and record.value.version == version:
                yield record.value

    def fixed_on(self, system: str, version: str) -> datetime.date | None:
        """The day on which a version of an AI system was fixed; None where no change says so."""
        days = [
            at.date
            for change in self.changes_to(system, version)
            for at in change.decisions
            if at.gate == FIXED and at.decision is not GateWord.NO_GO
        ]
        return min(days, default=None)

    def change(self, value: Change) -> InForce:
        """The approval of a planned change."""
        found = self._given(value.approved, GOVERN, [(value.responsible, "holds the role that carries it out")], of=value.id)
        return self._sealed(found, value.approved, value)

    def at_gate(self, value: Change, gate: int) -> InForce:
        """The latest decision of a change at a gate: it has to be a go, by somebody who may, with no condition overdue."""
        given = [found for found in value.decisions if found.gate == gate]
        if not given:
            return InForce(f"it holds no decision at gate {gate}", cause=Cause.MISSING)
        last = max(enumerate(given), key=lambda pair: (pair[1].date, pair[0]))[1]
        fault = self._no_go(value, last)
        if fault:
            return InForce(fault, on=last.date)
        roles = GOVERN if gate > FIXED else (value.responsible, *GOVERN)
        barred = [(value.responsible, "holds the role that carries it out")] if gate > FIXED else []
        before = [(found.date, f"gate {found.gate} was decided") for found in value.decisions if found.gate < gate]
        return self._given(last, roles, barred, before, of=value.id)

    def _no_go(self, value: Change, last: GateDecision) -> str | None:
        if last.decision is GateWord.NO_GO:
            return f"gate {last.gate} was decided on {last.date} with no-go"
        if last.decision is GateWord.CONDITIONAL:
            if not last.conditions:
                return f"gate {last.gate} was decided with conditions, and none is entered"
            late = next((one for one in last.conditions if one.met_on is None and one.due < self.today), None)
            if late:
                return f"a condition of gate {last.gate} was due on {late.due} and is not met: {late.what}"
            ahead = next((one for one in last.conditions if one.met_on and one.met_on > self.today), None)
            if ahead:
                return f"a condition of gate {last.gate} is met on {ahead.met_on}, a day to come"
        return None

    def record(self, value: Entry) -> Iterator[tuple[tuple[str | int, ...], InForce]]:
        """Every decision that a record of any kind holds, each with the place where it stands in the record."""
        if isinstance(value, ManagementReview | Decided | ExternalDocument):
            yield ("approved",), self.approved(value)
        elif isinstance(value, PolicyException):
            yield ("approved",), self.exception(value)
        elif isinstance(value, Change):
            if value.approved:
                yield ("approved",), self.change(value)
            for index, given in enumerate(value.decisions):
                if given is max((one for one in value.decisions if one.gate == given.gate), key=lambda one: one.date):
                    yield ("decisions", index), self.at_gate(value, given.gate)
        elif isinstance(value, Risk) and value.acceptance:
            yield ("acceptance",), self.acceptance(value)
        elif isinstance(value, SoaEntry) and value.decided:
            yield ("decided",), self.applicability(value)

    # Risks, suppliers, applicability

    def acceptance(self, value: Risk) -> InForce:
        """The acceptance of what remains of a risk."""
        if value.acceptance is None:
            return InForce("nobody has accepted it", cause=Cause.MISSING)
        roles = accepting_roles(self.workspace, value)
        if not roles:
            return InForce(f"nobody may accept level {value.level}", cause=Cause.WHO)
        found = self._sealed(self._given(value.acceptance, roles, (), [(value.assessed_on, "it was rated")]), value.acceptance, value)
        until = value.acceptance.until
        if found.holds and until and until < self.today:
            return replace(found, fault=f"its acceptance ended on {until}", until=until, cause=Cause.OVER)
        return replace(found, fault=_worded(found.fault, "accept"), until=until)

    def risk(self, value: Risk) -> str | None:
        """What is undecided of a risk, as a clause; None where it is treated to the acceptable level, or accepted by who may."""
        if value.assessed_on > self.today:
            return f"it was rated on {value.assessed_on}, a day to come"
        limit = self.workspace.number("risk_acceptance_level", None)
        above = isinstance(limit, int) and value.level > limit
        if not accepting_roles(self.workspace, value):
            return f"it is at level {value.level}, which nobody may accept"
        if value.is_reached and not above and value.status is not RiskStatus.OPEN:
            return None
        found = self.acceptance(value)
        if found.fault is None:
            return None
        said = f"it is at level {value.level}" + (", its residual level is only expected" if not value.is_reached else "")
        return f"{said}, and {found.fault}"

    def exception(self, value: PolicyException) -> InForce:
        """The grant of an exception, given by somebody else than the person who bears it, or by top management."""
        found = self._given(value.approved, ESTABLISH if value.kind is ExceptionKind.OWN_DECISION else GOVERN)
        if found.holds and found.person == value.borne_by and found.role not in ESTABLISH:
            found = replace(found, fault=f"it was granted by {self._name(value.borne_by)}, who bears it", cause=Cause.SELF)
        found = self._sealed(found, value.approved, value)
        if found.holds and value.until < self.today:
            return replace(found, fault=f"it ended on {value.until}", until=value.until, cause=Cause.OVER)
        return replace(found, until=value.until)

    def supplier(self, value: Supplier) -> InForce:
        """The review of a supplier."""
        if not value.agreement:
            return InForce("it has no agreement")
        if value.reviewed_on is None or value.reviewed_on > self.today:
            return InForce("it was never reviewed" if value.reviewed_on is None else f"its review is of {value.reviewed_on}, a day to come")
        if value.next_review is None or value.next_review < self.today:
            return InForce("its next review has no date" if value.next_review is None else f"its review was due on {value.next_review}")
        return InForce(None, on=value.reviewed_on, until=value.next_review)

    def applicability(self, value: SoaEntry) -> InForce:
        """The decision on a control."""
        found = self._given(value.decided, (*ESTABLISH, ISMS) if value.control.startswith("iso27001:") else ESTABLISH)
        return replace(found, fault=_worded(found.fault, "decide"), until=value.revisit)


def _worded(fault: str | None, verb: str) -> str | None:
    return fault.replace("approve", verb) if fault else None
