"""An approval, entered with the day, the person, the role and the fingerprint of what was approved; nobody types a fingerprint."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from macros.authoring.deciding import as_written, first_error, refuse_stranger, refuse_withdrawn
from macros.authoring.head import head_of, with_entries
from macros.days import after_months
from macros.facts.computed import Facts
from macros.facts.deciding import Cause, InForce
from macros.facts.seals import changed_since, parts_of, sha256_of, short_of
from macros.imports.edit import edited
from macros.imports.write import Files, Overlay, judge
from macros.load import load_workspace
from macros.load.tree import FolderTree
from macros.model.base import fields_of
from macros.model.document import FIRST_VERSION, Approval, FrontMatter
from macros.model.records.applicability import SoaHead
from macros.model.records.common import Entry
from macros.model.records.exceptions import PolicyException
from macros.model.records.improvement import Change, ManagementReview
from macros.model.records.kinds import SOA
from macros.model.records.risk import Risk
from macros.model.records.support import ExternalDocument
from macros.model.records.systems import Decided, ImpactAssessment
from macros.model.workspace import Document, Workspace
from macros.problem import KitError, Problem, did_you_mean


@dataclass(frozen=True, slots=True)
class ApprovalWord:
    """Who approves, in which role and when."""

    by: str
    as_role: str
    on: datetime.date
    reason: str | None = None
    """Why a risk is accepted."""
    until: datetime.date | None = None
    """The next review of a document, or the last day of an assessment or an acceptance; without it, after the interval decided."""


@dataclass(frozen=True, slots=True)
class _Subject:
    """A document, a record, or the Statement of Applicability as a whole."""

    id: str
    path: str
    label: str
    value: FrontMatter | Entry | SoaHead
    sealed: Document | Entry | SoaHead
    """What its fingerprint is taken over."""
    row: int | None = None
    """Which row of a table it is."""

    @property
    def approval(self) -> Approval | None:
        given = fields_of(self.value).get(self.entry)
        return given if isinstance(given, Approval) else None

    @property
    def entry(self) -> str:
        """The entry that holds its approval."""
        return "acceptance" if isinstance(self.value, Risk) else "approved"


def _found(workspace: Workspace, name: str) -> _Subject | None:
    """What has an id; the Statement of Applicability has the name of its register."""
    document, record = workspace.document_by_id.get(name), workspace.record_by_id.get(name)
    if document:
        return _Subject(name, document.path, document.head.value.title, document.head.value, document)
    if record:
        row = int(record.data.base[-1]) if record.data.base else None
        return _Subject(name, record.data.path, record.value.label, record.value, record.value, row)
    register = workspace.registers.get(name)
    if register and isinstance(register.head.value, SoaHead):
        head = register.head.value
        return _Subject(name, register.head.path, head.title, head, head)
    return None


@dataclass(slots=True)
class Approving:
    """What changes when something is approved."""

    names: tuple[str, ...]
    word: ApprovalWord
    rows: list[tuple[str, str, str]] = field(default_factory=list)
    """File, what it is, and until when the approval counts."""
    files: Files = field(default_factory=dict)


def approving(
    root: Path, workspace: Workspace, problems: Iterable[Problem], names: Sequence[str], word: ApprovalWord, today: datetime.date
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
        path = subject.path
        _refuse_same_version(workspace, subject)
        given = found.files.get(path) or (root / path).read_bytes()
        entries, until = _entries(workspace, subject, word)
        decided = _with(given, path, subject, entries)
        sealed = _sealed(load_workspace(Overlay(FolderTree(root), {**found.files, path: decided})), name, decided, path)
        found.files[path] = sealed
        found.rows.append((path, f"{name} {subject.label}", str(until) if until else ""))
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
    names = [*(document.id for document in before.documents), *(record.id for record in before.all_records), SOA]
    for name in names:
        subject = _found(before, name)
        given = subject.approval if subject else None
        if subject is None or given is None or changed_since(given, parts_of(before, subject.sealed)) != ():
            continue
        here = _found(after, new_of.get(name, name))
        if here and changed_since(given, parts_of(after, here.sealed)):
            files[here.path] = _sealed(after, here.id, files.get(here.path) or (root / here.path).read_bytes(), here.path)


def _refuse_nobody(workspace: Workspace, word: ApprovalWord) -> None:
    refuse_stranger(workspace, word.by)
    if word.as_role not in workspace.role_by_id:
        known = workspace.role_by_id
        raise KitError(
            f"there is no role '{word.as_role[:60]}' in 'org.yaml'; {did_you_mean(word.as_role, known, 'name one with --as, by id')}"
        )


def _subject(workspace: Workspace, problems: Iterable[Problem], name: str) -> _Subject:
    found = _found(workspace, name)
    if found is None:
        known = [*workspace.document_by_id, *workspace.record_by_id, SOA]
        raise KitError(
            f"there is no document and no record '{name[:60]}' here; {did_you_mean(name, known, 'run status to see what there is')}"
        )
    if isinstance(found.value, Entry) and not isinstance(found.value, _APPROVED):
        kinds = "documents, AI systems, datasets, assessments, changes, risks, external documents, exceptions, management reviews"
        raise KitError(f"'{name}' is a record that is not approved by itself; {kinds} and '{SOA}' are")
    if isinstance(found.value, FrontMatter):
        refuse_withdrawn(name, found.value.status)
    wrong = first_error(problems, found.path, _OF_APPROVAL)
    if wrong:
        raise KitError(f"'{name}' cannot be approved as it is: {wrong}")
    return found


_APPROVED = (Decided, Change, Risk, ExternalDocument, ManagementReview, PolicyException)
_OF_APPROVAL = ("DOC204", "DOC209", "DOC302", "DOC303", "REG114", "REG115", "STA107", "STA108", "REG201", "REG202", "REG204", "REG210")
"""Errors that speak of the approval that is to be replaced, or of what a new one mends."""


def _entries(workspace: Workspace, subject: _Subject, word: ApprovalWord) -> tuple[dict[str, Any], datetime.date | None]:
    """What is entered, and until when the approval counts."""
    approval = {"by": word.by, "date": str(word.on), "as_role": word.as_role}
    value = subject.value
    given = {"approved": approval, **_kept(subject, word)}
    if isinstance(value, FrontMatter):
        due = word.until or after_months(word.on, workspace.number("review_interval_months", 12))
        return {"status": "approved", **given, "next_review": str(due)}, due
    if isinstance(value, Risk):
        reason = word.reason or (value.acceptance.reason if value.acceptance else None)
        if not reason:
            raise KitError(f"'{value.id}' is accepted with a reason; give it with --because")
        return {"acceptance": {**approval, "reason": reason, **({"until": str(word.until)} if word.until else {})}}, word.until
    if isinstance(value, ImpactAssessment):
        due = word.until or after_months(word.on, workspace.number("impact_review_months", 12))
        return {"status": "approved", **given, "valid_until": str(due)}, due
    return ({"status": "approved"} if isinstance(value, Decided) else {}) | given, None


def _kept(subject: _Subject, word: ApprovalWord) -> dict[str, Any]:
    """The approval that another one follows, before those that were there already; what was in force stays on record."""
    before, given = subject.approval, fields_of(subject.value)
    if before is None or "approved_before" not in given or before.date >= word.on:
        return {}
    version = _version_on(subject.value, before.date)
    old = [as_written({**fields_of(before), "version": version}), *(as_written(fields_of(one)) for one in given["approved_before"])]
    return {"approved_before": old}


def _version_on(value: FrontMatter | Entry | SoaHead, day: datetime.date) -> str | None:
    """The version of a document that stood on a day, as its revisions tell; of anything else nobody knows."""
    if not isinstance(value, FrontMatter):
        return None
    later = sorted((one for one in value.revisions if one.date > day), key=lambda one: one.number)
    if not later:
        return value.version
    earlier = [one.number for one in value.revisions if one.number < later[0].number]
    return ".".join(map(str, max(earlier, default=FIRST_VERSION)))


def _with(data: bytes, path: str, subject: _Subject, entries: Mapping[str, Any]) -> bytes:
    text = data.decode("utf-8")
    if subject.row is not None:
        return edited(text, {subject.row: dict(entries)}, []).encode("utf-8")
    head = head_of(text, path) if isinstance(subject.value, FrontMatter) else (0, len(text))
    return with_entries(text, entries, head, tuple(type(subject.value).model_fields)).encode("utf-8")


def _sealed(workspace: Workspace, name: str, data: bytes, path: str) -> bytes:
    subject = _found(workspace, name)
    given = subject.approval if subject else None
    if subject is None or given is None or not (parts := parts_of(workspace, subject.sealed)):
        return data
    seal = {"sha256": sha256_of(parts), "parts": short_of(parts)}
    return _with(data, path, subject, {subject.entry: {**as_written(fields_of(given)), **seal}})


def _refuse_same_version(workspace: Workspace, subject: _Subject) -> None:
    """A document that says something else than what was approved is another version, also where only a parameter changed."""
    approval = subject.approval
    if approval is None or not isinstance(subject.value, FrontMatter):
        return
    changed = changed_since(approval, parts_of(workspace, subject.sealed)) or ()
    if changed and "entries" not in changed:
        raise KitError(
            f"'{subject.id}' says something else than when version {subject.value.version} was approved on {approval.date} "
            f"({', '.join(changed)}); give it its new version with a note under 'revisions', then approve that"
        )


def _refuse_void(workspace: Workspace, name: str, today: datetime.date) -> None:
    facts = Facts(workspace, today)
    document, record = workspace.document_by_id.get(name), workspace.record_by_id.get(name)
    found: list[InForce] = [facts.decisions.document(document)] if document else []
    if record:
        found = [one for place, one in facts.decisions.record(record.value) if place[0] in ("approved", "acceptance")]
    if document is None and record is None and facts.statement and facts.statement.fault:
        raise KitError(f"the {facts.statement.head.value.title} would not be in force by this: {facts.statement.fault}")
    for one in found:
        if one.fault and one.cause in (Cause.WHO, Cause.SELF, Cause.WHEN):
            raise KitError(
                f"'{name}' would not be approved by this: {one.fault}; have it approved by a person who may, who did not make it"
            )
