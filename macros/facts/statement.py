"""Which Statement of Applicability is in force: that of the register here, one of the ISMS, or both at once?"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from macros.facts.decisions import Decisions
from macros.facts.seals import changed_since, parts_of
from macros.model.document import Approval
from macros.model.records.applicability import SoaEntry, SoaHead
from macros.model.records.governance import IsmsDocument, IsmsDocumentStatus
from macros.model.workspace import Record, Sourced, Workspace

_ITS_TITLE = re.compile(r"\bstatements? of applicability\b|\bsoa\b|\bdeclaraci[oó]n de aplicabilidad\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Statement:
    """The Statement of Applicability of the register here, as a whole."""

    head: Sourced[SoaHead]
    fault: str | None
    """Why this version is not in force, as a clause; None where it is, and where nobody says so."""
    others: tuple[Record[IsmsDocument], ...]
    """Statements of the ISMS that are confirmed and decide on a catalogue that the register decides on."""

    @property
    def in_force(self) -> bool:
        """Whether it is approved, by somebody who may, on a day that has come, and every row as it was decided then."""
        return self.head.value.approved is not None and self.fault is None

    @property
    def cited(self) -> str | None:
        """Version and day as a certificate cites them; None where it is not in force."""
        head = self.head.value
        return f"version {head.version} of {head.approved.date}" if self.in_force and head.approved else None


def statement(workspace: Workspace, today: datetime.date) -> Statement | None:
    """The statement of the register; None where there is no such register."""
    register = workspace.register(SoaEntry)
    if register is None or not isinstance(register.head.value, SoaHead):
        return None
    head = Sourced(register.head.value, register.head.path, register.head.lines, register.head.base)
    rows = [record.value for record in workspace.records(SoaEntry)]
    decided = {row.control.split(":", 1)[0] for row in rows}
    others = tuple(
        record
        for record in workspace.records(IsmsDocument)
        if record.value.status is IsmsDocumentStatus.CONFIRMED
        and _ITS_TITLE.search(record.value.title)
        and decided & {target.split(":", 1)[0] for target in record.value.covers}
    )
    return Statement(head, _fault(workspace, head.value, rows, today), others)


def _fault(workspace: Workspace, head: SoaHead, rows: list[SoaEntry], today: datetime.date) -> str | None:
    if head.approved is None:
        return f"version {head.version} is approved by nobody" if head.version else None
    if head.version is None:
        return f"it was approved on {head.approved.date} without a version"
    open_rows = [row.control for row in rows if row.decided is None]
    if open_rows or not rows:
        return f"{len(open_rows)} of {len(rows)} rows are not decided" + (f", the first is '{open_rows[0]}'" if open_rows else "")
    late = [row for row in rows if row.decided and row.decided.date > head.approved.date]
    if late and late[0].decided:
        return f"it was approved on {head.approved.date}, and '{late[0].control}' was decided on {late[0].decided.date}"
    # Whoever may decide on a control may approve them all.
    fault = Decisions(workspace, today).applicability(rows[0].model_copy(update={"decided": head.approved})).fault
    return fault or _changed(workspace, head, head.approved)


def _changed(workspace: Workspace, head: SoaHead, approved: Approval) -> str | None:
    changed = changed_since(approved, parts_of(workspace, head))
    if changed is None:
        return f"its approval of {approved.date} holds no fingerprint, so that nothing says on which rows it was given"
    return f"rows have changed since it was approved on {approved.date}: {', '.join(changed)}" if changed else None
