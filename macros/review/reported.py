"""The report out of the comparison: every text on its own, cut to what a report may hold, with a count of the rest."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from macros.model.document import DocumentStatus
from macros.problem import Problem
from macros.review.changes import DocumentChange, FieldChange, OrganisationChange, RecordChange
from macros.review.comparison import Cover, Review
from macros.review.report import LONGEST, MOST, Report
from macros.review.sentences import Sentence, SentenceChange

Item = TypeVar("Item")


def report_of(review: Review, base: str, head: str) -> Report:
    """The report on a comparison.

    Args:
        review: What the comparison found.
        base: Name of the commit that was compared with.
        head: Name of the commit that is proposed, or `working tree`.
    """
    cut = _Cut()
    data = {
        "edition": 1,
        "base": base,
        "head": head,
        "author": _text(review.author),
        "blocks": _texts(cut.first(review.blocks, "reasons that block it")),
        "look_at": _texts(cut.first(review.look_at, "things to look at")),
        "approvals": [
            {
                "role": _text(approval.role),
                "title": _text(approval.title),
                "because": _texts(cut.first(approval.because, f"reasons for the approval of the {approval.title}")),
                "people": _texts(cut.first(approval.people, f"holders of the role {approval.title}")),
                "enforced": approval.enforced,
            }
            for approval in review.approvals
        ],
        "consultations": [
            {"activity": _text(said.activity), "roles": _texts(said.roles)} for said in cut.first(review.consultations, "consultations")
        ],
        "documents": [_document(change, cut) for change in cut.first(review.documents, "documents")],
        "records": [_record(change, cut) for change in cut.first(review.records, "records")],
        "organisation": [_organisation(entry, cut) for entry in cut.first(review.organisation, "entries of org.yaml")],
        "kit_files": _texts(cut.first(review.kit_files, "files of the kit")),
        "other_files": _texts(cut.first(review.other_files, "other files")),
        "unread": _texts(cut.first(review.unread, "files that cannot be read")),
        "requirements": {
            "gained": [_cover(cover) for cover in cut.first(review.gained, "requirements that gain cover")],
            "lost": [_cover(cover) for cover in cut.first(review.lost, "requirements that lose their last document")],
            "weakened": [_cover(cover) for cover in cut.first(review.weakened, "requirements with less cover")],
        },
        "suspects": [
            {"name": _text(item.name), "label": _text(item.label), "because": _text(item.because)}
            for item in cut.first(review.suspects, "things to be looked at again")
        ],
        "new_problems": [_problem(problem) for problem in cut.first(review.new_problems, "new problems")],
        "solved_problems": [_problem(problem) for problem in cut.first(review.solved_problems, "solved problems")],
    }
    return Report.model_validate({**data, "left_out": _texts(cut.lines[:100])})


@dataclass(slots=True)
class _Cut:
    lines: list[str] = field(default_factory=list)

    def first(self, items: Sequence[Item], what: str) -> Sequence[Item]:
        if len(items) > MOST:
            self.lines.append(f"{len(items) - MOST} more {what}")
        return items[:MOST]


def _text(value: str | None) -> Any:
    """Text that every reader of JSON takes: without halves of surrogate pairs, which names of files can bring."""
    if value is None:
        return None
    whole = value.encode("utf-8", "backslashreplace").decode("utf-8")
    return whole if len(whole) <= LONGEST else whole[: LONGEST - 2] + " …"


def _texts(values: Iterable[str]) -> list[str]:
    return [_text(value) for value in itertools.islice(values, MOST)]


def _either(change: SentenceChange) -> Sentence:
    """The sentence as it is proposed; as it was, where it was removed."""
    shown = change.new or change.old
    assert shown is not None, "one side has it"
    return shown


def _document(change: DocumentChange, cut: _Cut) -> dict[str, object]:
    before, after = (side.head.value if side else None for side in (change.old, change.new))
    held = [_either(sentence) for sentence in change.sentences]
    whole = before is None or after is None
    return {
        "id": _text(change.id),
        "title": _text(change.title),
        "path": _text(change.shown.path),
        "moved_from": _text(change.moved_from),
        "change": change.word,
        "obligations": [_sentence(item) for item in cut.first(change.obligations, f"changes of obligation in {change.id}")],
        "wording": [_sentence(item) for item in cut.first(change.wording, f"other sentences of {change.id}")],
        "editorial": change.editorial,
        "entries": [_entry(entry) for entry in change.entries],
        "held": {"sentences": sum(not item.is_heading for item in held), "obliging": sum(item.obliges for item in held)} if whole else None,
        "version_step": {
            "before": _text(before.version) if before else None,
            "after": _text(after.version) if after else None,
            "wanted": change.wanted_step,
            "made": change.made_step,
            "fits": change.step_fits,
            "at_least": _text(change.wanted_version),
            "was_draft": bool(before and before.status is DocumentStatus.DRAFT),
        },
        "revision_note": _note(change),
        "note_is_missing": change.note_is_missing,
        "approval_lapses": change.approval_lapses,
    }


def _note(change: DocumentChange) -> dict[str, object] | None:
    note = change.note
    if note is None:
        return None
    return {
        "version": _text(note.version),
        "date": str(note.date),
        "change": note.change.value,
        "note": _text(note.note),
        "belittles": change.note_belittles,
    }


def _sentence(change: SentenceChange) -> dict[str, object]:
    return {
        "heading": _text(change.heading),
        "change": change.word,
        "before": _text(change.old.text) if change.old else None,
        "after": _text(change.new.text) if change.new else None,
        "line": _either(change).line,
        "weakens": change.weakens,
        "effects": [{"kind": effect.value, "said": _text(said)} for effect, said in change.effects],
    }


def _entry(entry: FieldChange) -> dict[str, object]:
    return {"name": _text(entry.name), "old": _text(entry.old), "new": _text(entry.new)}


def _record(change: RecordChange, cut: _Cut) -> dict[str, object]:
    return {
        "kind": _text(change.kind),
        "one": _text(change.one),
        "id": _text(change.id),
        "label": _text(change.label),
        "word": change.word,
        "fields": [_entry(entry) for entry in cut.first(change.fields, f"entries of {change.id}")],
        "path": _text(change.path),
        "kept": _text(change.kept),
    }


def _organisation(entry: OrganisationChange, cut: _Cut) -> dict[str, object]:
    governed = cut.first(entry.governs, f"sentences that {entry.name} governs")
    return {
        "what": entry.what,
        "name": _text(entry.name),
        "old": _text(entry.old),
        "new": _text(entry.new),
        "governs": [{"document": _text(name), "sentence": _text(sentence)} for name, sentence in governed],
    }


def _cover(cover: Cover) -> dict[str, object]:
    return {
        "requirement": _text(cover.requirement),
        "title": _text(cover.title),
        "before": _texts(cover.before),
        "after": _texts(cover.after),
        "why": _text(cover.why),
    }


def _problem(problem: Problem) -> dict[str, object]:
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "path": _text(problem.location.path),
        "line": problem.location.line,
        "message": _text(problem.message),
        "way_out": _text(problem.way_out),
    }
