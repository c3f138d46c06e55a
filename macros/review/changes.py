"""What changed between two workspaces: documents, records, decisions, parameters, roles, and what the kit owns."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from pydantic import BaseModel

from macros.model.base import fields_of
from macros.model.document import FIRST_VERSION, Approval, DocumentStatus, FrontMatter, Revision, RevisionKind, order_of
from macros.model.numbering import natural
from macros.model.organisation import Person, Role
from macros.model.records.applicability import SoaEntry
from macros.model.records.common import Entry
from macros.model.records.improvement import Change, ManagementReview
from macros.model.records.kinds import table_at
from macros.model.records.risk import Acceptance, Rating, Risk
from macros.model.records.support import ExternalDocument
from macros.model.records.systems import Decided
from macros.model.workspace import Document, Record, Workspace
from macros.review.sentences import SentenceChange, compare, sentences

PROGRAMS = ("mkdocs.yml", "conftest.py", "sitecustomize.py", "usercustomize.py", "overrides/", ".gitattributes", ".gitmodules")
"""Files of the organisation that decide which programs run, here or on the forge."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One entry of a front matter or record."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """What happened to one document."""

    id: str
    title: str
    old: Document | None
    new: Document | None
    sentences: tuple[SentenceChange, ...]
    editorial: int
    entries: tuple[FieldChange, ...]

    @property
    def shown(self) -> Document:
        """The document as it is proposed; as it was, where it was removed."""
        shown = self.new or self.old
        assert shown is not None, "one side has it"
        return shown

    @property
    def word(self) -> str:
        """added, removed, moved or changed."""
        if self.old is None:
            return "added"
        if self.new is None:
            return "removed"
        moved = self.old.path != self.new.path
        return "moved" if moved and not self.sentences and not self.entries and not self.editorial else "changed"

    @property
    def moved_from(self) -> str | None:
        """The path before, where it changed."""
        return self.old.path if self.old and self.new and self.old.path != self.new.path else None

    @property
    def obligations(self) -> tuple[SentenceChange, ...]:
        """Changes that touch an obligation."""
        return tuple(change for change in self.sentences if change.obliges)

    @property
    def wording(self) -> tuple[SentenceChange, ...]:
        """Changes of meaning that oblige nobody."""
        return tuple(change for change in self.sentences if not change.obliges)

    @property
    def wanted_step(self) -> str | None:
        """The version step that fits: `major` for a changed obligation, `minor` for a clarification, None for none."""
        if self.old is None or self.new is None:
            return None
        if self.obligations:
            return "major"
        return "minor" if self.wording or self.editorial or any(entry.name in ("title", "addresses") for entry in self.entries) else None

    @property
    def wanted_version(self) -> str | None:
        """The lowest version that fits; None where none is asked for."""
        if self.old is None or self.wanted_step is None:
            return None
        first, second = order_of(self.old.head.value.version)
        return f"{first + 1}.0" if self.wanted_step == "major" else f"{first}.{second + 1}"

    @property
    def made_step(self) -> str | None:
        """The version step that was made: `major`, `minor`, `backwards` or None."""
        if self.old is None or self.new is None:
            return None
        before, after = (order_of(side.head.value.version) for side in (self.old, self.new))
        if before == after:
            return None
        if after < before:
            return "backwards"
        return "major" if after[0] > before[0] else "minor"

    @property
    def step_fits(self) -> bool:
        """Whether the version step is at least the one that fits; a draft need not step."""
        if self.new is None or self.old is None or self.made_step == "backwards":
            return self.made_step != "backwards"
        if self.old.head.value.status is DocumentStatus.DRAFT:
            return True
        order = (None, "minor", "major")
        return order.index(self.made_step) >= order.index(self.wanted_step)

    @property
    def note(self) -> Revision | None:
        """The note for the new version, where this change steps to it and brings one."""
        if self.old is None or self.new is None or self.made_step is None:
            return None
        return _noted(self.new.head.value)

    @property
    def note_is_missing(self) -> bool:
        """Whether the version steps past the first approved one, and no note says what it changes."""
        if self.new is None or self.made_step not in ("major", "minor"):
            return False
        return self.note is None and order_of(self.new.head.value.version) > FIRST_VERSION

    @property
    def note_belittles(self) -> bool:
        """Whether the note speaks of a clarification while an obligation changed."""
        return self.note is not None and self.note.change is RevisionKind.CLARIFICATION and bool(self.obligations)

    @property
    def approval_lapses(self) -> bool:
        """Whether the text changed while the old approval still stands in the front matter."""
        if self.old is None or self.new is None or not (self.sentences or self.editorial):
            return False
        before, after = self.old.head.value, self.new.head.value
        return after.status is DocumentStatus.APPROVED and before.approved is not None and after.approved == before.approved


@dataclass(frozen=True, slots=True)
class RecordChange:
    """What happened to one record."""

    kind: str
    one: str
    id: str
    label: str
    word: str
    """added, removed or changed."""
    fields: tuple[FieldChange, ...]
    """What differs; every entry of a record that was added or removed."""
    path: str
    kept: str | None = None
    """The approval, acceptance or decision that stands unchanged beside changed entries."""


@dataclass(frozen=True, slots=True)
class OrganisationChange:
    """A changed parameter, role, person or other entry of org.yaml."""

    what: str
    """parameter, role, person or entry."""
    name: str
    old: str
    new: str
    governs: tuple[tuple[str, str], ...] = ()
    """Document and sentence, as it now reads, for every sentence that a parameter governs."""


def document_changes(base: Workspace, head: Workspace) -> tuple[DocumentChange, ...]:
    """Documents that differ, by id, so that a moved file is followed; in the order of their ids."""
    names = sorted({*base.document_by_id, *head.document_by_id}, key=natural)
    return tuple(change for name in names if (change := _document(base, head, name)) is not None)


def _document(base: Workspace, head: Workspace, name: str) -> DocumentChange | None:
    old, new = base.document_by_id.get(name), head.document_by_id.get(name)
    shown = new or old
    if shown is None or (old is None and _hidden(base, name, shown.path)) or (new is None and _hidden(head, name, shown.path)):
        return None  # it is there and could not be read, which the problems say
    entries = tuple(_entries(old.head.value, new.head.value)) if old and new else ()
    same = old is not None and new is not None and old.body == new.body
    changed, editorial = ((), 0) if same else compare(sentences(old, base) if old else (), sentences(new, head) if new else ())
    if old and new and not same and not changed:
        editorial = max(editorial, 1)  # blank lines, marks or order: it is not the text that was approved
    if old and new and not (entries or changed or editorial or old.path != new.path):
        return None
    return DocumentChange(name, shown.head.value.title, old, new, changed, editorial, entries)


def _hidden(workspace: Workspace, name: str, path: str) -> bool:
    """Whether something with this id, or that lay in this file on the other side, is there and could not be read."""
    table = table_at(path)
    return (
        name in workspace.broken.values()
        or path in workspace.broken
        or (table is not None and any(table_at(broken) == table for broken in workspace.broken))  # it may stand in another part
    )


def _entries(old: FrontMatter, new: FrontMatter) -> Iterator[FieldChange]:
    stood = fields_of(old)
    for name, after in fields_of(new).items():
        before = stood[name]
        if name == "revisions":  # the note of a new version belongs to its step; what was noted before stays as it was
            explained = None if old.version == new.version else _noted(new)
            kept = set(before) & set(after)
            before, after = (tuple(note for note in side if note not in kept and note != explained) for side in (before, after))
        if name == "adopted":  # each is a decision by itself
            kept = set(before) & set(after)
            before, after = (tuple(entry for entry in side if entry not in kept) for side in (before, after))
        if before != after:
            yield FieldChange(name, said(before), said(after))


def _noted(head: FrontMatter) -> Revision | None:
    return next((note for note in head.revisions if note.version == head.version), None)


_SEAL = ("sha256", "parts")
"""Entries of an approval that a reader cannot read; that they do not fit is said by a rule."""


def said(value: object) -> str:
    """A value in one line, as a report shows it."""
    if value is None or value == ():
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Rating):
        return f"level {value.level} ({value.likelihood} × {value.consequence})"
    if isinstance(value, BaseModel):
        entries = {name: entry for name, entry in fields_of(value).items() if entry not in (None, ()) and name not in _SEAL}
        role = f" as {said(entries.pop('as_role'))}" if "as_role" in entries else ""
        signed = [f"{said(entries.pop('by'))}{role} on {said(entries.pop('date'))}"] if {"by", "date"} <= set(entries) else []
        return ", ".join([*signed, *(f"{name.replace('_', ' ')} {said(entry)}" for name, entry in entries.items())])
    if isinstance(value, tuple):
        return "; ".join(said(item) for item in value)
    return str(value.value if isinstance(value, Enum) else value)


def record_changes(base: Workspace, head: Workspace) -> tuple[RecordChange, ...]:
    """Records that differ, by register and id, in the order of the registers."""
    return tuple(_records(base, head))


def _records(base: Workspace, head: Workspace) -> Iterator[RecordChange]:
    names = list(dict.fromkeys([*base.registers, *head.registers]))
    for register in names:
        yield from _register(base, head, register)
        old, new = _by_id(base, register), _by_id(head, register)
        for name in dict.fromkeys([*old, *new]):
            before, after = old.get(name), new.get(name)
            shown = after or before
            if shown is None or (before is None and _hidden(base, name, shown.data.path)):
                continue
            if after is None and _hidden(head, name, shown.data.path):
                continue
            if before and after and before.value == after.value:
                continue
            word = "added" if before is None else "removed" if after is None else "changed"
            old_value, new_value = (side.value if side else None for side in (before, after))
            label = head.requirements[name].title if isinstance(shown.value, SoaEntry) and name in head.requirements else shown.value.label
            fields = tuple(_fields(old_value, new_value))
            yield RecordChange(register, shown.kind.one, name, label, word, fields, shown.data.path, _kept(old_value, new_value))


def _by_id(workspace: Workspace, name: str) -> dict[str, Record[Entry]]:
    register = workspace.registers.get(name)
    return {record.id: record for record in register.records} if register else {}


def _register(base: Workspace, head: Workspace, name: str) -> Iterator[RecordChange]:
    """The entries of a register about itself: owner, retention, what it addresses."""
    before, after = base.registers.get(name), head.registers.get(name)
    shown = after or before
    if shown is None or shown.head.path in head.broken or shown.head.path in base.broken:
        return
    old, new = (side.head.value if side else None for side in (before, after))
    word = "added" if before is None else "removed" if after is None else "changed"
    fields = tuple(_fields(old, new))
    if fields:
        yield RecordChange(name, "register", name, shown.head.value.title, word, fields, shown.head.path)


def _fields(old: BaseModel | None, new: BaseModel | None) -> Iterator[FieldChange]:
    stood, stands = (fields_of(side) if side else {} for side in (old, new))
    for name in stands or stood:
        before, after = stood.get(name), stands.get(name)
        if name not in ("records", "id", "control") and before != after and (before, after) not in ((None, ()), ((), None)):
            old_text, new_text = said(before), said(after)
            if old_text == new_text:  # an approval that was given anew by the same person on the same day
                new_text = f"{new_text}, for what it says now"
            yield FieldChange(name, *_short(old_text, new_text))


def _kept(old: Entry | None, new: Entry | None) -> str | None:
    (word, before), (_, after) = _decision(old), _decision(new)
    return f"{word} by {before.by} on {before.date}" if before is not None and before == after else None


def _decision(value: Entry | None) -> tuple[str, Approval | Acceptance | None]:
    """What a record says of who decided, with the word for it."""
    if isinstance(value, Risk):
        return "acceptance", value.acceptance
    if isinstance(value, SoaEntry):
        return "decision", value.decided
    return "approval", value.approved if isinstance(value, Decided | Change | ManagementReview | ExternalDocument) else None


_COMPARED = 1_000_000
"""Most pairs of words in two texts whose differences are looked for."""


def _short(old: str, new: str) -> tuple[str, str]:
    """Long texts cut to where they differ."""
    if len(old) + len(new) < 240:
        return old, new
    was, now = old.split(), new.split()
    if len(old) + len(new) > 40_000 or len(was) * len(now) > _COMPARED:
        return old[:400] + " …", new[:400] + " …"
    matcher = difflib.SequenceMatcher(None, was, now, autojunk=False)
    parts = [(was[a:b], now[c:d]) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]
    if not parts:  # only white space differs
        return old[:400] + " …", new[:400] + " …"
    cut = [" … ".join(" ".join(words) or "–" for words in side)[:400] for side in zip(*parts, strict=True)]
    return cut[0], cut[1]


def organisation_changes(base: Workspace, head: Workspace) -> tuple[OrganisationChange, ...]:
    """What changed in org.yaml: parameters with the documents they govern, roles, people, and the rest."""
    if base.organisation is None or head.organisation is None:
        return ()
    old, new = base.organisation.value, head.organisation.value
    found = []
    for name in dict.fromkeys([*base.parameters, *head.parameters]):
        before = base.parameter(name) if name in base.parameters else None
        after = head.parameter(name) if name in head.parameters else None
        if before != after:
            call = f'param("{name}")'
            governs = tuple(
                (document.id, sentence.text)
                for document in sorted(head.documents, key=lambda document: natural(document.id))
                if call in document.body
                for sentence in sentences(document, head)
                if call in sentence.raw
            )
            found.append(OrganisationChange("parameter", name, said(before), said(after), governs))
    found += _holder_changes("role", old.roles, new.roles)
    found += _holder_changes("person", old.people, new.people)
    stood = fields_of(old)
    for name, after in fields_of(new).items():
        if name not in ("parameters", "roles", "people") and stood[name] != after:
            found.append(OrganisationChange("entry", name, said(stood[name]), said(after)))
    return tuple(found)


def _holder_changes(what: str, old: Iterable[Role | Person], new: Iterable[Role | Person]) -> Iterator[OrganisationChange]:
    """Roles, or people, that differ; of one that is on both sides, the entries that do."""
    before_all, after_all = ({holder.id: holder for holder in side} for side in (old, new))
    for name in dict.fromkeys([*before_all, *after_all]):
        before, after = before_all.get(name), after_all.get(name)
        if before and after:
            stood, stands = fields_of(before), fields_of(after)
            names = [entry for entry in stands if stood[entry] != stands[entry]]
            told = (_entries_of(stood, names), _entries_of(stands, names))
        else:
            told = (said(before), said(after))
        if before != after:
            yield OrganisationChange(what, name, *told)


def _entries_of(fields: Mapping[str, object], names: Iterable[str]) -> str:
    return "; ".join(f"{name.replace('_', ' ')} {said(fields[name])}" for name in names)
