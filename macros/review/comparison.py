"""The whole report on a change: verdict first, then what changed, what it touches, and which problems come and go."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from macros.checks import judge
from macros.facts.authority import is_person
from macros.facts.computed import Facts
from macros.facts.suspects import dependants
from macros.facts.trace import LinkKind, Trace
from macros.generated import is_owned_by_kit
from macros.model.document import DocumentStatus, RevisionKind
from macros.model.workspace import Workspace
from macros.problem import Problem
from macros.review.approvals import RequiredApproval, RequiredConsultation, approvals, consultations
from macros.review.blocks import KitChange, day_blocks, document_blocks, gate_blocks, kit_blocks
from macros.review.changes import (
    PROGRAMS,
    DocumentChange,
    OrganisationChange,
    RecordChange,
    document_changes,
    organisation_changes,
    record_changes,
)
from macros.review.kept import kept_blocks

_ENTRY = {"approved": "approval"}
_WEIGHTY = ("applicability", "stage", "version", "intended_use", "acceptance", "residual", "eu_ai_act", "affected")


@dataclass(frozen=True, slots=True)
class Cover:
    """A requirement whose documents changed."""

    requirement: str
    title: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Dependant:
    """Something that rests on a document whose obligations changed; somebody has to look at it."""

    name: str
    label: str
    because: str


@dataclass(frozen=True, slots=True)
class Review:
    """What a change means."""

    blocks: tuple[str, ...]
    """Why it cannot go in as it is."""
    look_at: tuple[str, ...]
    """What an approver should look at first."""
    approvals: tuple[RequiredApproval, ...]
    consultations: tuple[RequiredConsultation, ...]
    documents: tuple[DocumentChange, ...]
    records: tuple[RecordChange, ...]
    organisation: tuple[OrganisationChange, ...]
    kit_files: tuple[str, ...]
    other_files: tuple[str, ...]
    """Changed paths that nothing else in the report speaks of."""
    unread: tuple[str, ...]
    """Changed paths that cannot be read."""
    gained: tuple[Cover, ...]
    lost: tuple[Cover, ...]
    weakened: tuple[Cover, ...]
    """Requirements whose documents promise less than before."""
    suspects: tuple[Dependant, ...]
    new_problems: tuple[Problem, ...]
    solved_problems: tuple[Problem, ...]
    author: str | None


def review(
    base: Workspace,
    head: Workspace,
    today: datetime.date,
    changed_paths: Iterable[str] = (),
    author: str | None = None,
    kit: KitChange | None = None,
) -> Review:
    """Compare two workspaces.

    Args:
        base: What is in force.
        head: What is proposed.
        today: The day for checks on both sides.
        changed_paths: Every path that differs, for files that are no part of a workspace, such as the engine.
        author: Who proposes it, by id, forge name, e-mail or name; never counts as an approver.
        kit: The bytes of files that the kit owns, where they differ; without it nothing of them is known.
    """
    changed_paths = tuple(changed_paths)
    facts_base, facts_head = Facts(base, today), Facts(head, today)
    trace_base, trace_head = facts_base.trace, facts_head.trace
    documents = document_changes(base, head)
    records = record_changes(base, head)
    organisation = organisation_changes(base, head)
    kit_files = tuple(sorted(path for path in changed_paths if is_owned_by_kit(path)))
    judged_base, judged_head = judge(facts_base), judge(facts_head)
    kit = kit or KitChange(dict.fromkeys(kit_files))
    before, after = judged_base.problems, judged_head.problems
    unread = tuple(sorted(set(head.broken) - set(base.broken)))
    # A check that could not run has solved nothing.
    new, solved = _without(after, before), () if unread else _without(before, after)
    told = {side.path for change in documents for side in (change.old, change.new) if side} | {record.path for record in records}
    told |= {*kit_files, *unread} | ({"org.yaml"} if organisation else set())
    other_files = tuple(sorted(set(changed_paths) - told))
    needed = approvals(base, documents, records, organisation, kit_files, other_files, author)
    gained, lost = _covers(base, head, trace_base, trace_head)
    weakened = _weakened(head, documents, {cover.requirement for cover in lost})
    return Review(
        blocks=(
            *document_blocks(documents, needed, new, author),
            *gate_blocks(judged_base, judged_head),
            *kit_blocks(base, head, kit),
            *day_blocks(base, head),
            *kept_blocks(base, head),
        ),
        look_at=(
            *(f"{path} cannot be read: what changed in it, and who must approve that, is not known" for path in unread),
            *_look_at(documents, records, organisation, kit_files, lost, weakened),
            *_beside(other_files),
            *_own_roles(base, head, author),
        ),
        approvals=needed,
        consultations=consultations(base, documents, [approval.role for approval in needed]),
        documents=documents,
        records=records,
        organisation=organisation,
        kit_files=kit_files,
        other_files=other_files,
        unread=unread,
        gained=gained,
        lost=lost,
        weakened=weakened,
        suspects=tuple(_suspects(head, trace_head, documents)),
        new_problems=new,
        solved_problems=solved,
        author=author,
    )


def _without(problems: tuple[Problem, ...], others: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Problems of one side that the other does not have; a line that only moved is no difference."""
    left: dict[tuple[object, ...], int] = {}
    for problem in others:
        key = (problem.code, problem.location.path, problem.message)
        left[key] = left.get(key, 0) + 1
    found = []
    for problem in problems:
        key = (problem.code, problem.location.path, problem.message)
        if left.get(key):
            left[key] -= 1
        else:
            found.append(problem)
    return tuple(found)


def _look_at(
    documents: tuple[DocumentChange, ...],
    records: tuple[RecordChange, ...],
    organisation: tuple[OrganisationChange, ...],
    kit_files: tuple[str, ...],
    lost: tuple[Cover, ...],
    weakened: tuple[Cover, ...],
) -> Iterable[str]:
    for change in documents:
        weaker = [sentence for sentence in change.obligations if sentence.weakens]
        if change.new is None:
            yield f"{change.id} {change.title} is removed; a document that is withdrawn instead stays readable"
        elif change.old is None:
            yield f"{change.id} {change.title} is added"
        elif weaker:
            yield f"{change.id} {change.title} promises less than before in {_count(len(weaker), 'sentence')}"
        elif change.obligations:
            yield f"{change.id} {change.title} changes an obligation in {_count(len(change.obligations), 'sentence')}"
        reversed_ones = sum(sentence.reverses for sentence in change.obligations)
        if reversed_ones:
            yield f"{change.id} {change.title} may say the opposite of before in {_count(reversed_ones, 'sentence')}"
        yield from _about_note(change)
        for entry in change.entries:
            if entry.name in ("owner", "approved", "classification", "status", "id", "type"):
                yield f"{change.id} changes its {_ENTRY.get(entry.name, entry.name)} from {entry.old} to {entry.new}"
    yield from _moved_between(documents)
    for cover in lost:
        yield f"{cover.requirement} {cover.title} loses its last document"
    if weakened:
        yield f"{_count(len(weakened), 'requirement')} may have less cover than before"
    gone = {record.kind for record in records if record.one == "register" and record.word == "removed"}
    for record in records:
        name = f"{record.one} {record.id} {record.label}" if record.one != "register" else f"the {record.label}"
        if record.one == "register" and record.word == "removed":
            held = sum(other.kind == record.kind for other in records) - 1
            yield f"{name} is removed with its {_count(held, 'record')}"
        elif record.word != "changed" and record.kind not in gone:
            yield f"{name} is {record.word}"
        if record.kept:
            yield f"{record.one} {record.id} keeps the {record.kept}, which was given before this change"
        for field in record.fields if record.word == "changed" else ():
            if record.one == "register" or field.name in _WEIGHTY:
                short = name if record.one == "register" else f"{record.one} {record.id}"
                yield f"{short} changes {field.name.replace('_', ' ')} from {field.old} to {field.new}"
    for own in organisation:
        papers = len({name for name, _ in own.governs})
        governs = f", which governs {_count(len(own.governs), 'sentence')} in {_count(papers, 'document')}," if own.governs else ""
        if own.what == "parameter":
            yield f"parameter {own.name}{governs} changes from {own.old} to {own.new}"
        else:
            yield f"{own.what} {own.name} changes from '{own.old}' to '{own.new}'"
    if kit_files:
        yield f"{_count(len(kit_files), 'file')} of the kit changed: an update of the kit, or something that should not be"


def _about_note(change: DocumentChange) -> Iterable[str]:
    if change.note_is_missing:
        yield f"{change.id} goes to version {change.shown.head.value.version} without a revision note that says what it changes"
    if change.note_belittles and change.note:
        count = _count(len(change.obligations), "sentence")
        yield f"{change.id} {change.note.version} is noted as a clarification, and an obligation changes in {count}"
    if any(entry.name == "revisions" for entry in change.entries):
        yield f"{change.id} changes revision notes other than that of a new version"


def _moved_between(documents: tuple[DocumentChange, ...]) -> Iterable[str]:
    """Sentences that left one document and stand in another, as after a split."""
    for giver in documents:
        removed = {sentence.old.raw for sentence in giver.sentences if sentence.old and sentence.new is None}
        for taker in documents:
            count = sum(sentence.old is None and sentence.new is not None and sentence.new.raw in removed for sentence in taker.sentences)
            if count and taker is not giver:
                draft = ", a draft that binds nobody yet" if taker.shown.head.value.status is DocumentStatus.DRAFT else ""
                yield f"{_count(count, 'sentence')} removed from {giver.id} now stand word for word in {taker.id}{draft}"


def _beside(other_files: tuple[str, ...]) -> Iterable[str]:
    for path in other_files:
        if path.startswith(PROGRAMS):
            yield f"{path} changed, which can decide what programs run"
    if any(path.rsplit("/", 1)[-1] == "CODEOWNERS" for path in other_files):
        yield "CODEOWNERS changed, which decides whom the forge asks for approval"
    if other_files:
        yield f"{_count(len(other_files), 'file')} beside documents, records and kit changed, listed below; this report does not say how"


def _own_roles(base: Workspace, head: Workspace, author: str | None) -> Iterable[str]:
    """Roles that the author takes by this change."""
    if base.organisation is None or head.organisation is None:
        return
    for role in head.organisation.value.roles:
        held = base.role_by_id[role.id].held_by if role.id in base.role_by_id else ()
        for person in head.organisation.value.people:
            if person.id in role.held_by and person.id not in held and is_person(person, author):
                yield f"{person.name}, who proposes this, takes the role {role.title}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _covers(base: Workspace, head: Workspace, before: Trace, after: Trace) -> tuple[tuple[Cover, ...], tuple[Cover, ...]]:
    gained, lost = [], []
    for target, requirement in head.requirements.items():
        old, new = _in_force(base, before, target), _in_force(head, after, target)
        if new and not old:
            gained.append(Cover(target, requirement.title, old, new, f"{', '.join(new)} now addresses it"))
        elif old and not new:
            lost.append(Cover(target, requirement.title, old, new, f"{', '.join(old)} no longer addresses it"))
    return tuple(gained), tuple(lost)


def _in_force(workspace: Workspace, trace: Trace, target: str) -> tuple[str, ...]:
    found = workspace.document_by_id
    return tuple(
        link.source
        for link in trace.links_to(target, LinkKind.ADDRESSES)
        if link.source in found and found[link.source].head.value.status is not DocumentStatus.WITHDRAWN
    )


def _weakened(head: Workspace, documents: tuple[DocumentChange, ...], lost: set[str]) -> tuple[Cover, ...]:
    found: dict[str, Cover] = {}
    for change in documents:
        if change.old is None or change.new is None:
            continue
        if any(sentence.weakens for sentence in change.obligations):
            why = "promises less than before"
        elif any(sentence.reverses for sentence in change.obligations):
            why = "may say the opposite of before"
        else:
            continue
        for target in change.new.head.value.addresses:
            if target in head.requirements and target not in lost:
                found.setdefault(
                    target,
                    Cover(target, head.requirements[target].title, (change.id,), (change.id,), f"{change.id} {why}"),
                )
    return tuple(found.values())


def _notes_obligation(change: DocumentChange) -> bool:
    return change.note is not None and change.note.change is RevisionKind.OBLIGATION


def _suspects(head: Workspace, trace: Trace, documents: tuple[DocumentChange, ...]) -> Iterable[Dependant]:
    changed = [change.id for change in documents if change.obligations or change.new is None or _notes_obligation(change)]
    reasons: dict[str, dict[str, None]] = {}
    resting = dependants(head, trace, changed) if changed else {}
    for name in changed:
        read = sum(rests.name.startswith("ACK-") for rests in resting.get(name, ()))
        for rests in resting.get(name, ()):
            because = rests.because
            if rests.name.startswith("RED-"):
                because = f"{name} has to be read again, and {_count(read, 'acknowledgement')} of it stop counting"
            if rests.name not in changed and not rests.name.startswith("ACK-"):
                reasons.setdefault(rests.name, {})[because] = None
    for name, why in reasons.items():
        yield Dependant(name, _label(head, name), "; ".join(why))


def _label(head: Workspace, name: str) -> str:
    if name in head.document_by_id:
        return head.document_by_id[name].head.value.title
    if name in head.record_by_id:
        record = head.record_by_id[name]
        return record.value.label
    number = name.removeprefix("task ")
    for phase in head.roadmap.phases if head.roadmap else ():
        for task in phase.tasks:
            if task.id == number:
                return task.task
    return ""
