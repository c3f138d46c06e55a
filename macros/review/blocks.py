"""What blocks a change: new errors, steps of versions that do not fit, gates, the engine, and approvals that nobody can give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from macros.checks import Judged
from macros.gate import STAGES, moves
from macros.generated import RECORD
from macros.model.records.systems import AiSystem
from macros.model.workspace import Workspace
from macros.problem import Problem, Severity
from macros.review.approvals import RequiredApproval
from macros.review.changes import DocumentChange


@dataclass(frozen=True, slots=True)
class KitChange:
    """What a proposal does to files that the kit owns."""

    files: Mapping[str, str | None]
    """Every file of the kit that differs, with the SHA-256 that is proposed; None where it is removed or cannot be read."""
    releases: tuple[Mapping[str, str], ...] = ()
    """The files of each release that is known from outside of the proposal, by path."""


def document_blocks(
    documents: tuple[DocumentChange, ...], needed: tuple[RequiredApproval, ...], new: tuple[Problem, ...], author: str | None
) -> Iterable[str]:
    """New errors, versions and approvals that do not fit the text, and approvals that nobody can give."""
    lapsed = {change.shown.path for change in documents if change.approval_lapses}
    for problem in new:
        if problem.severity is Severity.ERROR and not (problem.code == "STA107" and problem.location.path in lapsed):
            yield f"{problem.code} at {problem.location}: {problem.message}; {problem.way_out}"
    for change in documents:
        faults = []
        if change.made_step == "backwards" and change.old:
            faults.append(f"it goes back from version {change.old.head.value.version} to {change.shown.head.value.version}")
        elif not change.step_fits:
            if change.wanted_step == "major":
                what = "an obligation changed"
            elif change.wording or change.editorial:
                what = "the text changed"
            else:
                what = "its entries changed"
            verb = "keeps" if change.made_step is None else "goes only to"
            faults.append(
                f"{what}, and it {verb} version {change.shown.head.value.version} where at least {change.wanted_version} is asked for"
            )
        approved = change.old.head.value.approved if change.old else None
        if change.approval_lapses and approved:
            faults.append(f"the approval of {approved.date} still stands on it and does not cover the new text")
        if faults:
            yield f"{change.id} {change.title}: {'; '.join(faults)}; set it to draft, or give it the new version and the new approval"
    for approval in needed:
        if not approval.people:
            who = f"nobody but the author ({author}) holds the role" if author else "nobody holds the role"
            yield f"the approval of the {approval.title} cannot be given: {who}"


def gate_blocks(base: Judged, head: Judged) -> Iterator[str]:
    """AI systems that may not be as the proposal has them, by the conditions in force."""
    before = {record.id: record.value.stage for record in base.facts.workspace.records(AiSystem)}
    for move in moves(base, head):
        report = move.report
        if report.allowed and not move.refused:
            continue
        was = before.get(report.ai_system)
        step = "stay in" if was is report.stage else "go back to" if was and STAGES.index(report.stage) < STAGES.index(was) else "go to"
        missing = "; ".join(f"{answer.asks} ({answer.said})" for answer in report.missing)
        why = f" ({move.because})" if step == "stay in" or move.refused else ""
        held = f", because this does not hold: {missing}" if missing else ""
        yield f"{report.ai_system} {report.name} may not {step} {report.stage.value}{why}{held}"


def kit_blocks(base: Workspace, head: Workspace, kit: KitChange) -> Iterator[str]:
    """Files of the kit whose bytes are of no release that is known: they judge everything else."""
    if not kit.files:
        return
    known = ((base.generated.files,) if base.generated else ()) + kit.releases
    odd = min((_unlike(kit, release, head) for release in known), key=len, default=tuple(kit.files))
    if odd:
        more = f", and {len(odd) - 1} more" if odd[1:] else ""
        yield (
            f"{odd[0]}{more}: not the bytes of a release of the kit that is known here; "
            "take it back, or name the record of the release that it comes from with --release"
        )
        return
    before, after = base.generated, head.generated
    if RECORD not in kit.files or before is None or after is None or before.files != after.files:
        return
    if not any(dict(release) == dict(after.files) for release in kit.releases):  # an update of the texts alone names its release
        yield f"{RECORD}: it says otherwise what the kit delivered, while no file of the kit changed; take it back"


def _unlike(kit: KitChange, release: Mapping[str, str], head: Workspace) -> tuple[str, ...]:
    def fits(path: str, proposed: str | None) -> bool:
        if path == RECORD:
            return head.generated is not None and dict(head.generated.files) == dict(release)
        return release.get(path) == proposed

    return tuple(path for path, proposed in kit.files.items() if not fits(path, proposed))


def day_blocks(base: Workspace, head: Workspace) -> Iterator[str]:
    """A day that the proposal pins, by which everything would be judged."""
    before, after = (side.organisation.value.today if side.organisation else None for side in (base, head))
    if after and after != before:
        yield f"org.yaml pins the day to {after}: every date would be judged by it"
