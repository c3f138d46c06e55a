"""Who gave a decision, in which role and when, on what, and may they have given it?

A decision is given by a person in a role that this person held on that day, who may, and who did not make, own or operate
what is decided on, unless an exception was granted for it; on a day that has come, after what it rests on.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from macros.cache import answered_once
from macros.facts.authority import LEAD, TOP, holders_on, roles_on
from macros.facts.bands import BOARD
from macros.facts.seals import changed_since, parts_of
from macros.model.document import Approval
from macros.model.fingerprint import fingerprint_of
from macros.model.records.approvals import ApprovalRecord
from macros.model.records.common import Entry
from macros.model.records.exceptions import ExceptionKind, PolicyException
from macros.model.workspace import Document, Workspace

ESTABLISH = (TOP, BOARD)
"""Roles that establish policies, and answer for the Statement of Applicability."""
GOVERN = (LEAD, *ESTABLISH)
"""Roles that decide on AI systems, their assessments, datasets and changes (PRO-012)."""


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


class Deciders:
    """Who decides in one workspace on one day."""

    def __init__(self, workspace: Workspace, today: datetime.date) -> None:
        """Nothing is computed until it is asked for."""
        self.workspace, self.today = workspace, today

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
        return " or ".join(titles)

    def _name(self, person: str) -> str:
        return self.workspace.person_by_id[person].name

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

    def exception(self, value: PolicyException) -> InForce:
        """The grant of an exception, given by somebody else than the person who bears it, or by top management."""
        found = self._given(value.approved, ESTABLISH if value.kind is ExceptionKind.OWN_DECISION else GOVERN)
        if found.holds and found.person == value.borne_by and found.role not in ESTABLISH:
            found = replace(found, fault=f"it was granted by {self._name(value.borne_by)}, who bears it", cause=Cause.SELF)
        found = self._sealed(found, value.approved, value)
        if found.holds and value.until < self.today:
            return replace(found, fault=f"it ended on {value.until}", until=value.until, cause=Cause.OVER)
        return replace(found, until=value.until)
