"""How far one document, ISMS document, decision or register has come."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator

from pydantic import BaseModel

from macros.cache import kept_by_identity
from macros.facts.deciding import Cause
from macros.facts.decisions import Decisions
from macros.facts.tailoring import Tailoring
from macros.generated import fingerprint_of_file
from macros.model.base import fields_of
from macros.model.document import DocumentStatus
from macros.model.records.applicability import Applicability, Implementation, SoaEntry
from macros.model.records.common import Entry
from macros.model.records.governance import IsmsDocument, IsmsDocumentStatus
from macros.model.workspace import Document, Record, Register, Workspace
from macros.problem import Problem
from macros.status.rungs import NeededPart, PartKind, Rung
from macros.status.tailored import share, way_out


def document_part(decisions: Decisions, document: Document, own: Tailoring, spoken: Collection[Problem]) -> NeededPart:
    """How far a document has come by itself.

    Args:
        decisions: Whether its approval is in force.
        document: A document that is not withdrawn.
        own: What was decided on each of its sections.
        spoken: Errors that checks found in its file.
    """
    head, said = document.head.value, share(decisions.workspace, own)

    def part(rung: Rung, why: str, way_up: str, told: bool = False) -> NeededPart:
        return NeededPart(PartKind.DOCUMENT, document.id, rung, why, way_up, told)

    is_approved = head.status is DocumentStatus.APPROVED
    if own.is_the_kits:
        return part(Rung.TEMPLATE, said, way_out(document.id, own), told=is_approved or not own.known)
    if not is_approved:
        return part(Rung.TAILORED, f"{said}, and it is a draft", f"have {document.id} approved")
    found, approved = decisions.document(document), head.approved
    if found.cause is Cause.OVER and not found.holds:
        return part(Rung.TAILORED, f"its review was due on {found.until}", f"review {document.id}, and set the next day", told=True)
    fault = found.fault
    if fault is None and spoken:
        first = min(spoken, key=lambda problem: problem.sort_key)
        fault = f"{first.code} at line {first.location.line} says that {first.message}"
    if fault or approved is None:
        return part(Rung.TAILORED, fault or "nobody is named as its approver", f"have {document.id} reviewed and approved anew", told=True)
    by = f", by exception {found.by_exception}" if found.by_exception else ""
    return part(Rung.APPROVED, f"approved in version {head.version} on {approved.date}{by}, {said}", "")


def isms_part(name: str, value: IsmsDocument, today: datetime.date) -> NeededPart:
    """How far a document of the ISMS has come, as far as the register of ISMS documents says."""

    def part(rung: Rung, why: str, way_up: str) -> NeededPart:
        return NeededPart(PartKind.ISMS_DOCUMENT, name, rung, why, way_up)

    if value.status.is_gone:
        gone = "the ISMS does not have it" if value.status is IsmsDocumentStatus.ABSENT else f"it is {value.status.value}"
        return part(Rung.MISSING, gone, f"write it, and confirm {name}")
    if value.status is IsmsDocumentStatus.TO_CONFIRM:
        return part(Rung.TEMPLATE, "nobody has confirmed yet that the ISMS has it", f"look whether it is there, and confirm {name}")
    asked = {"address": value.address, "version": value.version, "owner": value.owner, "next review": value.next_review}
    lacking = next((word for word, given in asked.items() if given is None), None)
    if lacking:
        return part(Rung.TAILORED, f"it is confirmed without its {lacking}", f"complete {name}")
    if value.next_review and value.next_review < today:
        why = f"its review was due on {value.next_review}"
        return NeededPart(
            PartKind.ISMS_DOCUMENT, name, Rung.TAILORED, why, f"have it reviewed, and enter the next day in {name}", told=True
        )
    return part(Rung.APPROVED, f"confirmed in version {value.version}, next review on {value.next_review}", "")


def decision_part(decisions: Decisions, entry: SoaEntry, spoken: Collection[Problem]) -> NeededPart:
    """How far the decision on a control has come."""

    def part(rung: Rung, why: str, way_up: str) -> NeededPart:
        return NeededPart(PartKind.DECISION, entry.control, rung, why, way_up)

    if entry.decided is None:
        return part(Rung.TEMPLATE, "the row of the Statement of Applicability is the kit's draft", f"decide on {entry.control}")
    if entry.applicability is Applicability.INCLUDED and entry.status is Implementation.UNCONFIRMED:
        return part(Rung.TEMPLATE, "nobody has looked yet whether the ISMS has the control", f"confirm {entry.control}")
    fault = decisions.applicability(entry).fault
    if fault is None and entry.applicability is Applicability.EXCLUDED and (entry.revisit is None or entry.revisit < decisions.today):
        fault = f"its exclusion was to be looked at on {entry.revisit}" if entry.revisit else "its exclusion has no day to look again"
    if fault is None and spoken:
        fault = min(spoken, key=lambda problem: problem.sort_key).message
    if fault:
        return part(Rung.TAILORED, fault, f"have the decision on {entry.control} confirmed")
    return part(Rung.APPROVED, f"{entry.applicability.value}, decided on {entry.decided.date}", "")


def untouched(workspace: Workspace) -> frozenset[str]:
    """Paths of files of registers that are still as they were generated."""
    delivered = workspace.generated.registers if workspace.generated else {}
    return frozenset(
        path for path, text in workspace.texts.items() if path in delivered and delivered[path] == fingerprint_of_file(text.encode("utf-8"))
    )


def is_the_kits(record: Record[Entry], unchanged: Collection[str]) -> bool:
    """Whether a record lies in a file as it was generated, or says itself that it is a draft."""
    value = record.value
    return record.data.path in unchanged or value.is_draft or (isinstance(value, SoaEntry) and value.decided is None)


def register_part(register: Register[Entry], unchanged: Collection[str]) -> NeededPart | None:
    """How far a register has come; None where it is empty, since nothing may have happened."""
    name = register.kind.name
    if not register.records:
        return None
    own = [record for record in register.records if not is_the_kits(record, unchanged)]
    title = register.head.value.title
    if not own:
        why = f"every record in the {title} is as the kit generated it, or a draft"
        return NeededPart(PartKind.REGISTER, name, Rung.TEMPLATE, why, f"decide on the records in the {title}")
    return NeededPart(PartKind.REGISTER, name, Rung.APPROVED, f"{len(own)} records in the {title}", "")


@kept_by_identity()
def days_of(value: BaseModel) -> tuple[datetime.date, ...]:
    """Days on which something was done, in a record and its parts; plans, deadlines and periods are none."""
    return tuple(_days(value))


def _days(value: BaseModel) -> Iterator[datetime.date]:
    for field, part in fields_of(value).items():
        if isinstance(part, datetime.date) and (field == "date" or (field.endswith("_on") and field != "repeat_on")):
            yield part
        for inner in part if isinstance(part, tuple) else (part,):
            if isinstance(inner, BaseModel):
                yield from _days(inner)
