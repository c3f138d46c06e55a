"""Is a decision in force on this day, and if not, why not?

Who decided (a person in a role), when, on what, and until when. What is only expected, to come, expired, decided by nobody
who may, or given before what it rests on, counts for nothing, everywhere alike: ladder, gate, review, rules and pages ask here.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import replace

from macros.cache import answered_once
from macros.days import after_months
from macros.facts.authority import LEAD, approver_of_document, holders_on
from macros.facts.bands import accepting_roles, deciding_roles
from macros.facts.deciding import ESTABLISH, GOVERN, Cause, Deciders, InForce
from macros.model.document import Approval, DocumentStatus, DocumentType
from macros.model.records.applicability import SoaEntry
from macros.model.records.common import Entry, RecordStatus
from macros.model.records.exceptions import PolicyException
from macros.model.records.improvement import Change, GateDecision, GateWord, ManagementReview
from macros.model.records.partners import Supplier
from macros.model.records.risk import Risk, RiskStatus
from macros.model.records.support import ExternalDocument
from macros.model.records.systems import AiSystem, Dataset, Decided, ImpactAssessment, ImpactOn
from macros.model.workspace import Document

ISMS = "isms-manager"
"""The role that decides, with them, on controls of ISO/IEC 27001, whose statement the ISMS may have had before."""
FIXED = 2
"""The gate at which the version of an AI system is fixed."""
_TOP_ONLY = (DocumentType.POLICY, DocumentType.CONTEXT, DocumentType.ROLE)


class Decisions(Deciders):
    """The decisions of one workspace on one day."""

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

    def adoption(self, document: Document, given: Approval) -> InForce:
        """The decision to keep sections of a text as delivered: by who may approve it, or holds the role that owns it."""
        return self._given(given, (document.head.value.owner, *self._roles_of(document)))

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
        found = self._sealed(self._given(value.approved, GOVERN, [(value.owner, "holds the role that owns it")]), value.approved, value)
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
        roles = deciding_roles(value, max(value.approved.date, value.assessed_on or value.approved.date))
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
        last = _latest(given)
        fault = self._no_go(last)
        if fault:
            return InForce(fault, on=last.date)
        roles = GOVERN if gate > FIXED else (value.responsible, *GOVERN)
        barred = [(value.responsible, "holds the role that carries it out")] if gate > FIXED else []
        before = [(found.date, f"gate {found.gate} was decided") for found in value.decisions if found.gate < gate]
        return self._given(last, roles, barred, before, of=value.id)

    def _no_go(self, last: GateDecision) -> str | None:
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
                if given is _latest([one for one in value.decisions if one.gate == given.gate]):
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
        return replace(found, fault=_worded(found.fault, "accepte"), until=until)

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


def _latest(given: Sequence[GateDecision]) -> GateDecision:
    """The decision of the latest day; of two of one day, the one that was entered later."""
    return max(enumerate(given), key=lambda pair: (pair[1].date, pair[0]))[1]


def _worded(fault: str | None, stem: str) -> str | None:
    """A fault in other words: the stem takes the place of `approve` in both `approver` and `approved`."""
    return fault.replace("approve", stem) if fault else None
