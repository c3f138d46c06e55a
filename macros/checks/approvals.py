"""STA and REG: an approval record says the truth about its document, and was given by somebody who could give it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from macros.checks.registry import Said, check
from macros.days import after_days, after_months
from macros.facts.authority import held_role, is_person
from macros.facts.computed import Facts
from macros.facts.deciding import Cause
from macros.facts.seals import changed_since, parts_of
from macros.model.base import fields_of
from macros.model.document import Approval, DocumentStatus
from macros.model.fingerprint import fingerprint_of
from macros.model.numbering import natural
from macros.model.records.applicability import SoaEntry
from macros.model.records.approvals import ApprovalRecord
from macros.model.records.common import Entry
from macros.model.records.exceptions import ExceptionKind, PolicyException
from macros.model.workspace import Document, Workspace
from macros.problem import Severity


def _newest(workspace: Workspace) -> Mapping[tuple[str, str], tuple[ApprovalRecord, ...]]:
    """By document and version, the records from the newest day on which one was given, in the order of their ids."""
    found: dict[tuple[str, str], list[ApprovalRecord]] = defaultdict(list)
    for record in workspace.records(ApprovalRecord):
        found[record.value.document, record.value.version].append(record.value)
    return {text: tuple(_of_newest_day(given)) for text, given in found.items()}


def _of_newest_day(records: list[ApprovalRecord]) -> list[ApprovalRecord]:
    day = max(record.approved_on for record in records)
    return sorted((record for record in records if record.approved_on == day), key=lambda record: natural(record.id))


def _text(document: Document) -> tuple[str, str]:
    return document.id, document.head.value.version


def _name(workspace: Workspace, person: str) -> str:
    people = workspace.organisation.value.people if workspace.organisation else ()
    return next((someone.name for someone in people if someone.id == person), person)


@check("STA107", "Approved text was changed after its approval")
def changed_text(facts: Facts) -> Iterator[Said]:
    """An approval covers the text that was read, and no other; the record holds its fingerprint (7.5.2, 7.5.3).

    A parameter that the text reads is part of it. Without a fingerprint nothing is known here, and the text is not in force.
    """
    given = _newest(facts.workspace)
    way_out = "bring the approved text back, or give it a new version and have that approved"
    for document in facts.workspace.documents:
        approval = document.head.value.approved
        if document.head.value.status is not DocumentStatus.APPROVED:
            continue
        newest = given.get(_text(document), ())
        if newest and fingerprint_of(document) not in {record.sha256 for record in newest}:
            record = newest[-1]
            said = f"{_name(facts.workspace, record.by)} approved version {record.version} on {record.approved_on} ({record.id})"
            yield document.head.at("version"), f"'{document.id}' was changed since {said}", way_out
        elif approval and (changed := changed_since(approval, parts_of(facts.workspace, document))):
            said = f"{_name(facts.workspace, approval.by)} approved version {document.head.value.version} on {approval.date}"
            yield document.head.at("version"), f"'{document.id}' was changed since {said}: {_words(changed)}", way_out


def _words(parts: Iterable[str]) -> str:
    return ", ".join(part.replace("_", " ") for part in parts)


@check("STA109", "Approval does not say on what it was given", Severity.WARNING)
def unsealed(facts: Facts) -> Iterator[Said]:
    """Without a fingerprint nobody can tell whether what was approved still stands there, so that it is in force nowhere (7.5.3)."""
    way_out = "have it approved with './aims approve', which enters the fingerprint"
    for document in facts.workspace.documents:
        found = facts.decisions.document(document)
        if found.cause is Cause.CHANGED and _is_unsealed(document.head.value.approved):
            yield document.head.at("approved"), f"the approval of '{document.id}' holds no fingerprint", way_out
    for record in facts.workspace.all_records:
        for place, found in facts.decisions.record(record.value):
            if found.fault and found.cause is Cause.CHANGED and _is_unsealed(_given_at(record.value, place)):
                yield record.data.at(*place), f"the approval of '{record.id}' holds no fingerprint", way_out


def _is_unsealed(approval: Approval | None) -> bool:
    return approval is not None and approval.sha256 is None


@check("REG118", "Exception lasts longer than decided")
def long_exception(facts: Facts) -> Iterator[Said]:
    """An exception has an end that can be waited for; what is to last is a rule, and is decided as one (POL-001)."""
    for record in facts.workspace.records(PolicyException):
        value = record.value
        if value.approved is None:
            continue
        own = value.kind is ExceptionKind.OWN_DECISION
        days, months = facts.workspace.number("exception_days", None), facts.workspace.number("review_interval_months", None)
        last = None
        if own and isinstance(months, int):
            last = after_months(value.approved.date, months)
        elif not own and isinstance(days, int):
            last = after_days(value.approved.date, days)
        if last and value.until > last:
            yield (
                record.data.at("until"),
                f"'{record.id}' was granted on {value.approved.date} and lasts until {value.until}, longer than {last}",
                "set an earlier end, and have it granted again where it is still needed",
            )


@check("STA108", "Approval in the front matter is not the one on record", Severity.WARNING)
def other_approval(facts: Facts) -> Iterator[Said]:
    """Readers see the approval in the front matter, an auditor looks at its record; the two tell of one event (7.5.2).

    A document without an approval record for its version is not judged.
    """
    given = _newest(facts.workspace)
    for document in facts.workspace.documents:
        approval = document.head.value.approved
        newest = given.get(_text(document), ()) if approval else ()
        if approval is None or not newest:
            continue
        record = newest[-1]
        if all(approval.by not in (other.by, other.as_role) for other in newest):
            yield (
                document.head.at("approved", "by"),
                (
                    f"'{document.id}' says that '{approval.by}' approved version {record.version}, "
                    f"and {record.id} that '{record.by}' did as '{record.as_role}'"
                ),
                "enter who approved it, or record the other approval as well",
            )
        elif approval.date != record.approved_on:
            yield (
                document.head.at("approved", "date"),
                (
                    f"'{document.id}' says that version {record.version} was approved on {approval.date}, "
                    f"and {record.id} on {record.approved_on}"
                ),
                "enter the day on which approval was given",
            )


@check("REG111", "Approval was given by somebody who could not give it")
def unable_approver(facts: Facts) -> Iterator[Said]:
    """An approval counts when somebody with the authority gave it who did not write the text (7.5.2)."""
    organisation = facts.workspace.organisation
    people = {person.id: person for person in organisation.value.people} if organisation else {}
    for record in facts.workspace.records(ApprovalRecord):
        value = record.value
        if value.by not in people or value.as_role not in facts.workspace.role_by_id:
            continue  # which a rule of its own says
        for index, author in enumerate(value.written_by):
            if is_person(people[value.by], author):
                yield (
                    record.data.at("written_by", index),
                    f"'{record.id}' is given by '{value.by}', who wrote the change",
                    "have somebody else with the role approve it, and record that approval",
                )
                break
        if not held_role(facts.workspace, value.as_role, value.by, value.approved_on):
            yield (
                record.data.at("as_role"),
                f"'{record.id}' is given by '{value.by}', who did not hold the role '{value.as_role}' on {value.approved_on}",
                "have a holder approve it; where the role has passed on since, say so under 'held_before' of the role in 'org.yaml'",
            )


@check("REG112", "Recorded approval lies in the future")
def future_approval(facts: Facts) -> Iterator[Said]:
    """Nobody can have said yes tomorrow, so the day is wrong, or the record was made before the approval."""
    for record in facts.workspace.records(ApprovalRecord):
        if record.value.approved_on > facts.today:
            yield (
                record.data.at("approved_on"),
                f"'{record.id}' was given on {record.value.approved_on}, and today is {facts.today}",
                "enter the day on which approval was given",
            )


@check("REG114", "Decision on a record does not count")
def void_decision(facts: Facts) -> Iterator[Said]:
    """A decision counts when a person gave it who may, on a day that has come, after what it rests on; gate and status ask the same."""
    known = {*facts.workspace.role_by_id, *facts.workspace.person_by_id}
    for record in facts.workspace.all_records:
        for place, found in facts.decisions.record(record.value):
            given = _given_at(record.value, place)
            if isinstance(record.value, SoaEntry) and given and given.by in facts.workspace.role_by_id and found.cause is Cause.WHO:
                continue  # a list that was imported names a role; the status of its control says that no person is known
            if found.fault and found.cause in (Cause.WHO, Cause.SELF, Cause.WHEN) and (given is None or given.by in known):
                yield (
                    record.data.at(*place),
                    f"'{record.id}' is decided on, and {found.fault}",
                    "have it decided by a person who may, who did not make it, and enter who that was, in which role and when",
                )


@check("REG115", "Record was changed after it was decided on")
def changed_record(facts: Facts) -> Iterator[Said]:
    """A decision covers what was decided on, and no other; it holds the fingerprint of each part that matters (7.5.2, 7.5.3)."""
    for record in facts.workspace.all_records:
        for place, found in facts.decisions.record(record.value):
            given = _given_at(record.value, place)
            changed = (
                changed_since(given, parts_of(facts.workspace, record.value)) if given and place[0] in ("approved", "acceptance") else ()
            )
            if found.fault and found.cause is Cause.CHANGED and changed:
                yield (
                    record.data.at(changed[0]),
                    f"'{record.id}' was changed since {_name(facts.workspace, given.by if given else '')} decided on it: {_words(changed)}",
                    "take the change back, or have it decided on anew with './aims approve'",
                )


def _given_at(value: Entry, place: tuple[str | int, ...]) -> Approval | None:
    name, *rest = place
    part = fields_of(value)[str(name)]
    given = part[int(rest[0])] if rest else part
    return given if isinstance(given, Approval) else None
