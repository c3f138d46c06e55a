"""An approval, entered with the day, the person, the role and the fingerprint of what was approved; nobody types a fingerprint."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from macros.authoring.head import head_of, with_entries
from macros.days import after_months
from macros.facts.computed import Facts
from macros.facts.decisions import Cause, InForce
from macros.facts.seals import changed_since, parts_of, sha256_of, short_of
from macros.imports.edit import edited
from macros.imports.write import Files, Overlay, judge
from macros.load import load_workspace
from macros.load.tree import FolderTree
from macros.model.base import fields_of
from macros.model.document import Approval, DocumentStatus
from macros.model.records.common import Entry
from macros.model.records.improvement import Change
from macros.model.records.risk import Risk
from macros.model.records.support import ExternalDocument
from macros.model.records.systems import Decided, ImpactAssessment
from macros.model.workspace import Document, Record, Workspace
from macros.problem import KitError, Problem, Severity, did_you_mean


@dataclass(frozen=True, slots=True)
class Word:
    """Who approves, in which role and when."""

    by: str
    as_role: str
    on: datetime.date
    reason: str | None = None
    """Why a risk is accepted."""
    until: datetime.date | None = None
    """The next review of a document, or the last day of an assessment or an acceptance; without it, after the interval decided."""


@dataclass(slots=True)
class Approving:
    """What changes when something is approved."""

    names: tuple[str, ...]
    word: Word
    rows: list[tuple[str, str, str]] = field(default_factory=list)
    """File, what it is, and until when the approval counts."""
    files: Files = field(default_factory=dict)


def approving(
    root: Path, workspace: Workspace, problems: Iterable[Problem], names: Sequence[str], word: Word, today: datetime.date
) -> Approving:
    """The approvals of several documents and records, all of them or none; nothing is written.

    Args:
        root: The repository.
        workspace: What it holds.
        problems: Errors that stand in it now.
        names: Ids of documents and records.
        word: Who approves.
        today: The day to judge on.

    Raises:
        KitError: Something is not there or cannot be approved, an error stands in it, or this person may not approve it.
    """
    _refuse_nobody(workspace, word)
    problems = tuple(problems)
    found = Approving(tuple(dict.fromkeys(names)), word)
    for name in found.names:
        subject = _subject(workspace, problems, name)
        path = subject.path if isinstance(subject, Document) else subject.data.path
        _refuse_same_version(workspace, subject)
        given = found.files.get(path) or (root / path).read_bytes()
        entries, until = _entries(workspace, subject, word)
        decided = _with(given, path, subject, entries)
        sealed = _sealed(load_workspace(Overlay(FolderTree(root), {**found.files, path: decided})), name, decided, path)
        found.files[path] = sealed
        label = subject.head.value.title if isinstance(subject, Document) else subject.value.label
        found.rows.append((path, f"{name} {label}", str(until) if until else ""))
    after = load_workspace(Overlay(FolderTree(root), found.files))
    for name in found.names:
        _refuse_void(after, name, today)
    judge(root, workspace, found.files, today)
    return found


def sealed(workspace: Workspace, path: str, data: bytes, names: Sequence[str]) -> bytes:
    """A file with the fingerprint of what stands in it entered in each approval that has none.

    Args:
        workspace: What was loaded with this file as it is.
        path: The file.
        data: Its bytes.
        names: Ids of the documents or records in it.
    """
    for name in names:
        data = _sealed(workspace, name, data, path)
    return data


def resealed(root: Path, before: Workspace, files: Files, new_of: Mapping[str, str]) -> None:
    """Enter the fingerprint anew in each approval that was in force on what stood there, where only ids have changed since.

    Args:
        root: The repository.
        before: What it holds.
        files: What is to be written; approvals in it are changed.
        new_of: New ids by old ones.
    """
    after = load_workspace(Overlay(FolderTree(root), files))
    known: dict[str, Document | Record[Entry]] = {document.id: document for document in before.documents}
    known |= {record.id: record for record in before.all_records}
    for name, subject in known.items():
        value = subject if isinstance(subject, Document) else subject.value
        given = approval_of(value)
        if given is None or changed_since(given, parts_of(before, value)) != ():
            continue
        here = after.document_by_id.get(new_of.get(name, name)) or after.record_by_id.get(new_of.get(name, name))
        if here is None:
            continue
        path = here.path if isinstance(here, Document) else here.data.path
        now = here if isinstance(here, Document) else here.value
        if changed_since(given, parts_of(after, now)):
            files[path] = _sealed(after, here.id, files.get(path) or (root / path).read_bytes(), path)


def approval_of(subject: Document | Entry) -> Approval | None:
    """The approval of a document or record, or the acceptance of a risk; None where there is none."""
    found = fields_of(subject.head.value if isinstance(subject, Document) else subject)
    given = found.get("acceptance") if isinstance(subject, Risk) else found.get("approved")
    return given if isinstance(given, Approval) else None


def _refuse_nobody(workspace: Workspace, word: Word) -> None:
    if word.by not in workspace.person_by_id:
        way_out = did_you_mean(word.by, workspace.person_by_id, "name one with --by, by id")
        raise KitError(f"there is no person '{word.by[:60]}' in 'org.yaml'; {way_out}")
    if word.as_role not in workspace.role_by_id:
        known = workspace.role_by_id
        raise KitError(
            f"there is no role '{word.as_role[:60]}' in 'org.yaml'; {did_you_mean(word.as_role, known, 'name one with --as, by id')}"
        )


def _subject(workspace: Workspace, problems: Iterable[Problem], name: str) -> Document | Record[Entry]:
    document, record = workspace.document_by_id.get(name), workspace.record_by_id.get(name)
    found: Document | Record[Entry] | None = document or record
    if found is None:
        known = [*workspace.document_by_id, *workspace.record_by_id]
        raise KitError(
            f"there is no document and no record '{name[:60]}' here; {did_you_mean(name, known, 'run status to see what there is')}"
        )
    if record and not isinstance(record.value, Decided | Change | Risk | ExternalDocument):
        kinds = "documents, AI systems, datasets, assessments, changes, risks and external documents are"
        raise KitError(f"'{name}' is a record that is not approved by itself; {kinds}")

    if document and document.head.value.status is DocumentStatus.WITHDRAWN:
        raise KitError(f"'{name}' is withdrawn; what is to hold again begins as a draft")
    path = found.path if isinstance(found, Document) else found.data.path
    wrong = next(
        (one for one in problems if one.severity is Severity.ERROR and one.location.path == path and one.code not in _OF_APPROVAL), None
    )
    if wrong:
        raise KitError(f"'{name}' cannot be approved as it is: {wrong}")
    return found


_OF_APPROVAL = ("DOC204", "DOC209", "DOC302", "DOC303", "REG114", "REG115", "STA107", "STA108", "REG201", "REG202", "REG204", "REG210")
"""Errors that speak of the approval that is to be replaced, or of what a new one mends."""


def _entries(workspace: Workspace, subject: Document | Record[Entry], word: Word) -> tuple[dict[str, Any], datetime.date | None]:
    """What is entered, and until when the approval counts."""
    approval = {"by": word.by, "date": str(word.on), "as_role": word.as_role}
    if isinstance(subject, Document):
        due = word.until or after_months(word.on, workspace.number("review_interval_months", 12))
        return {"status": "approved", "approved": approval, "next_review": str(due)}, due
    value = subject.value
    if isinstance(value, Risk):
        reason = word.reason or (value.acceptance.reason if value.acceptance else None)
        if not reason:
            raise KitError(f"'{value.id}' is accepted with a reason; give it with --because")
        return {"acceptance": {**approval, "reason": reason, **({"until": str(word.until)} if word.until else {})}}, word.until
    if isinstance(value, ImpactAssessment):
        due = word.until or after_months(word.on, workspace.number("impact_review_months", 12))
        return {"status": "approved", "approved": approval, "valid_until": str(due)}, due
    return ({"status": "approved"} if isinstance(value, Decided) else {}) | {"approved": approval}, None


def _with(data: bytes, path: str, subject: Document | Record[Entry], entries: Mapping[str, Any]) -> bytes:
    text = data.decode("utf-8")
    if isinstance(subject, Document):
        return with_entries(text, entries, head_of(text, path)).encode("utf-8")
    if subject.data.base:
        return edited(text, {int(subject.data.base[-1]): dict(entries)}, []).encode("utf-8")
    return with_entries(text, entries, (0, len(text)), tuple(type(subject.value).model_fields)).encode("utf-8")


def _sealed(workspace: Workspace, name: str, data: bytes, path: str) -> bytes:
    document = workspace.document_by_id.get(name)
    subject: Document | Record[Entry] = document or workspace.record_by_id[name]
    value = subject if isinstance(subject, Document) else subject.value
    given, parts = approval_of(value), parts_of(workspace, value)
    if given is None or not parts:
        return data
    plain = {key: str(part) if isinstance(part, datetime.date) else part for key, part in fields_of(given).items() if part is not None}
    seal = {"sha256": sha256_of(parts), "parts": short_of(parts)}
    return _with(data, path, subject, {"acceptance" if isinstance(value, Risk) else "approved": {**plain, **seal}})


def _refuse_same_version(workspace: Workspace, subject: Document | Record[Entry]) -> None:
    """A document that says something else than what was approved is another version, also where only a parameter changed."""
    approval = approval_of(subject) if isinstance(subject, Document) else None
    if approval is None or not isinstance(subject, Document):
        return
    changed = changed_since(approval, parts_of(workspace, subject)) or ()
    if changed and "entries" not in changed:
        version = subject.head.value.version
        raise KitError(
            f"'{subject.id}' says something else than when version {version} was approved on {approval.date} ({', '.join(changed)}); "
            "give it its new version with a note under 'revisions', then approve that"
        )


def _refuse_void(workspace: Workspace, name: str, today: datetime.date) -> None:
    facts = Facts(workspace, today)
    document = workspace.document_by_id.get(name)
    found: list[InForce] = [facts.decisions.document(document)] if document else []
    if document is None:
        found = [one for place, one in facts.decisions.record(workspace.record_by_id[name].value) if place[0] in ("approved", "acceptance")]
    for one in found:
        if one.fault and one.cause in (Cause.WHO, Cause.SELF, Cause.WHEN):
            raise KitError(
                f"'{name}' would not be approved by this: {one.fault}; have it approved by a person who may, who did not make it"
            )
