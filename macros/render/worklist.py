"""The work that is to do, in sentences: what each step is, where it begins, what it settles and lifts, and what it waits for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from macros.checks import ALL_RULES
from macros.encode.markdown import plain
from macros.model.workspace import OWN, Workspace
from macros.problem import Severity
from macros.worklist import SOON_DAYS, Lift, StepKind, Worklist, WorkStep

GAPS = 5
"""Gaps that are shown where not all are asked for."""
_GAP_KINDS = {StepKind.DOCUMENT, StepKind.REGISTER, StepKind.IMPLEMENT, StepKind.NOTHING}
_IDS = 3

_WORDS = {
    StepKind.DUE: ("Due within {days} days", "Do each of these by its day.", "evidence due"),
    StepKind.PEOPLE: (
        "People",
        "Enter the people under 'people' in org.yaml, and name in 'held_by' who holds each role.",
        "codeowners --write",
    ),
    StepKind.PARAMETERS: (
        "Parameters",
        "Read the page 'Parameters', which shows the sentences that each one governs, and decide each value in org.yaml.",
        "serve",
    ),
    StepKind.SCOPE: (
        "Scope and context",
        "Decide in the context documents what holds here, and have them approved.",
        "status iso42001:4.3",
    ),
    StepKind.ISMS_DOCUMENTS: (
        "ISMS documents",
        "Confirm for each document of the ISMS where it is kept, or that it is absent, and add those that answer the other requirements.",
        "import isms LIST",
    ),
    StepKind.SYSTEM: (
        "First AI system",
        "Turn the starters of AI system, dataset and impact assessment into your own, and have them approved.",
        "gate AIS-001",
    ),
    StepKind.RISKS: (
        "Risks",
        "Decide on the scales in the procedure for risks, have it approved, and enter the first risk.",
        "schema ai-risk",
    ),
    StepKind.SOA: (
        "Statement of Applicability",
        "Decide on each row: whether the control applies, why, and who decided when.",
        "soa decide",
    ),
    StepKind.POLICY: (
        "Policies",
        "Decide in the policies what holds here, and have top management approve them.",
        "status iso42001:5.2",
    ),
    StepKind.DOCUMENTS: (
        "Further documents",
        "Decide in each document what holds here, and have it approved.",
        "status --all",
    ),
    StepKind.EVIDENCE: (
        "Evidence",
        "Work by the documents, keep the records that they ask for, and collect evidence.",
        "evidence add FILE",
    ),
    StepKind.AUDIT: (
        "Internal audit",
        "Plan an internal audit that covers what none has covered, carry it out, and close what it finds.",
        "status --all",
    ),
    StepKind.REVIEW: (
        "Management review",
        "Hold the first management review, and record its inputs and decisions.",
        "management-review",
    ),
    StepKind.DOCUMENT: ("{about} {title}", "Decide in it what holds here, and have it approved.", ""),
    StepKind.REGISTER: ("Register {about}", "Decide on its records, which are all the kit's or drafts.", ""),
    StepKind.IMPLEMENT: ("Controls to implement in {catalogue}", "Implement them, and say so in their rows.", ""),
    StepKind.NOTHING: (
        "Requirements without a text in {catalogue}",
        "Name each in the document that answers it, or in the register of ISMS documents.",
        "import isms LIST",
    ),
    StepKind.REST: ("Everything else", "See to each of these as its way out says.", "check"),
}
"""Title, sentence and helping command of each kind of step; those about a rule take theirs from the rule."""


@dataclass(frozen=True, slots=True)
class Said:
    """A step in words."""

    number: int
    step: WorkStep
    title: str
    what: str
    """What to do, in one sentence."""
    settles: str
    lifts: tuple[str, ...]
    waits: str
    command: str
    """The verb that helps, without the command's own name; empty where none does."""


def said(work: Worklist, workspace: Workspace, whole: bool = False) -> tuple[Said, ...]:
    """Each step in words, numbered; with `whole`, every requirement that it lifts by id."""
    titles = {step.kind: f"{number} {_title(step, workspace)}" for number, step in enumerate(work.steps, 1)}
    return tuple(
        Said(
            number,
            step,
            _title(step, workspace),
            _what(step),
            _settles(step),
            tuple(_lifts(step.lifts, whole)),
            ", ".join(titles.get(kind) or _WORDS[kind][0] for kind in step.waits_for),
            _command(step),
        )
        for number, step in enumerate(work.steps, 1)
    )


def shown(work: Worklist, steps: tuple[Said, ...], whole: bool) -> tuple[tuple[Said, ...], int]:
    """The steps that are shown, and how many smaller gaps are not."""
    if whole or not work.in_operation:
        return steps, 0
    gaps = [one for one in steps if _is_gap(one.step)]
    hidden = gaps[GAPS:]
    return tuple(one for one in steps if one not in hidden), len(hidden)


def _is_gap(step: WorkStep) -> bool:
    return step.kind in _GAP_KINDS or bool(step.about and step.lifts and not step.problems)


def heading(work: Worklist) -> str:
    """One sentence over all."""
    whose = f" for {work.whose}" if work.whose else ""
    if not work.steps:
        return f"{work.organisation} on {work.today}{whose}: nothing is to do"
    steps = "1 step" if len(work.steps) == 1 else f"{len(work.steps)} steps"
    problems = _counted(Counter(problem.severity for step in work.steps for problem in step.problems)) or "no problem"
    return f"{work.organisation} on {work.today}{whose}: {steps}, which settle {problems}"


def as_markdown(work: Worklist, workspace: Workspace, name: str, whole: bool = False) -> str:
    """A section a step.

    Args:
        work: What is to do.
        workspace: Where.
        name: The command's own name.
        whole: Every place and requirement.
    """
    steps, hidden = shown(work, said(work, workspace, whole), whole)
    parts = [f"# {plain(heading(work))}"]
    for one in steps:
        rows = [f"- **{plain(label)}:** {plain(text)}" for label, text in rows_of(one, name)]
        rows += [f"    - {plain(text)}" for text in details(one.step, whole)]
        parts.append(f"## {one.number}. {plain(one.title)}\n\n{plain(one.what)}\n\n" + "\n".join(rows))
    if hidden:
        parts.append(plain(more(hidden)))
    return "\n\n".join(parts) + "\n"


def more(hidden: int) -> str:
    """That there are smaller gaps."""
    return "1 smaller gap is not shown: --all" if hidden == 1 else f"{hidden} smaller gaps are not shown: --all"


def rows_of(one: Said, name: str) -> Iterator[tuple[str, str]]:
    """What is known of a step, each with its label."""
    places = f" and {one.step.places - 1} more" if one.step.places > 1 else ""
    yield "begin at", f"{one.step.where}{places}"
    if one.settles:
        yield "settles", one.settles
    for lift in one.lifts:
        yield "lifts", lift
    if one.waits:
        yield "waits for", one.waits
    if one.command:
        yield "command", f"{name} {one.command}"


def details(step: WorkStep, whole: bool) -> Iterator[str]:
    """What has a day, and with `whole` each problem in full."""
    for due in step.due:
        yield f"{due.day} {due.id}: {due.what} ({due.owner})"
    if whole:
        yield from (str(problem) for problem in step.problems)


def _title(step: WorkStep, workspace: Workspace) -> str:
    if step.about in ALL_RULES:
        return ALL_RULES[step.about].title
    catalogue = workspace.catalogues.get(step.about)
    named = catalogue.value.title if catalogue else "own controls" if step.about == OWN else step.about
    holder = workspace.document_by_id.get(step.about)
    record = workspace.record_by_id.get(step.about)
    title = holder.head.value.title if holder else str(getattr(record.data.value, "title", "")) if record else ""
    words = _WORDS[step.kind][0].format(days=SOON_DAYS, about=step.about, title=title, catalogue=named)
    if step.about and step.kind not in _GAP_KINDS:
        words += f" {step.about} {title}" if record else f" for {named}"
    return words


def _what(step: WorkStep) -> str:
    if step.about in ALL_RULES:
        return f"{step.problems[0].message}; {step.problems[0].way_out}."
    return _WORDS[step.kind][1]


def _command(step: WorkStep) -> str:
    return f"explain {step.about}" if step.about in ALL_RULES else _WORDS[step.kind][2]


def _settles(step: WorkStep) -> str:
    counted = _counted(Counter(problem.severity for problem in step.problems))
    return f"{counted} ({', '.join(step.codes)})" if counted else ""


def _counted(counts: Counter[Severity]) -> str:
    return ", ".join(f"{counts[one]} {one.value}{'s' if counts[one] > 1 else ''}" for one in Severity if counts[one])


def _lifts(lifts: tuple[Lift, ...], whole: bool) -> Iterator[str]:
    groups: dict[tuple[str, str], list[str]] = {}
    for lift in lifts:
        groups.setdefault((lift.before.value, lift.after.value), []).append(lift.requirement)
    for (before, after), ids in groups.items():
        named = ", ".join(ids if whole else ids[:_IDS])
        rest = "" if whole or len(ids) <= _IDS else f" and {len(ids) - _IDS} more"
        yield f"{len(ids)} requirement{'s' if len(ids) > 1 else ''} from {before} to {after}: {named}{rest}"
