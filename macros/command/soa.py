"""`soa decide`: the rows of the Statement of Applicability that nobody has decided, each with a proposal; a person's word is recorded."""

from __future__ import annotations

import argparse
import datetime
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from macros.command.day import day, day_of_record
from macros.command.screen import show, tell
from macros.command.verbs import command, root_words
from macros.command.workspace import organisation_of
from macros.encode.data import as_json as json_text
from macros.encode.terminal import lines as as_lines
from macros.imports import ImportPlan, prepared, put
from macros.imports.decisions import (
    Answer,
    ControlAnswer,
    Decider,
    ProposedDecision,
    check_decider,
    in_role,
    plan_decisions,
    proposals,
    refused,
)
from macros.imports.write import as_plain
from macros.model.records.applicability import Applicability
from macros.problem import KitError
from macros.world import World, forget

_WORDS = {Applicability.INCLUDED: "include", Applicability.EXCLUDED: "exclude"}


class _Spoken(argparse.Action):
    """Collects words on controls, in the order in which they are typed."""

    def __call__(self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: object, option: str | None = None) -> None:
        words = list(getattr(namespace, self.dest) or [])
        words.append(((option or "").lstrip("-"), values))
        setattr(namespace, self.dest, words)


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    said = "proposes a decision for each undecided row, and records what a person decides"
    decide = actions.add_parser("decide", help=said, description=said)
    decide.add_argument("--accept", nargs="+", action=_Spoken, dest="spoken", metavar="CONTROL", help="decide as proposed")
    decide.add_argument("--applicable", action=_Spoken, dest="spoken", metavar="CONTROL", help="include it; --because TEXT follows")
    decide.add_argument("--excluded", action=_Spoken, dest="spoken", metavar="CONTROL", help="exclude it; --because TEXT follows")
    decide.add_argument("--because", action=_Spoken, dest="spoken", metavar="TEXT", help="the justification of the control before it")
    decide.add_argument("--by", metavar="WHO", help="the role or person who decides, by id")
    decide.add_argument("--on", type=day_of_record, metavar="DATE", help="the day of the decision, such as 2026-09-14")
    decide.add_argument("--revisit", type=day_of_record, metavar="DATE", help="when exclusions are looked at again")
    decide.add_argument("--replace", action="store_true", help="also decide anew on what is decided")
    decide.add_argument("--no-input", action="store_true", help="do not ask, also in a terminal")
    decide.add_argument("--write", action="store_true", help="write; without it, only what would change is shown")
    decide.add_argument("--format", choices=("json", "text"), default="text", help="how to print (default: text)")
    decide.add_argument("--root", type=Path, default=argparse.SUPPRESS, help="the repository to read (default: this folder)")
    decide.add_argument("--today", type=day, default=argparse.SUPPRESS, metavar="DATE", help="judge as of this day, such as 2026-09-14")


def run(given: argparse.Namespace) -> int:
    """Show the proposals, or ask for decisions in a terminal, and show or write what was decided."""
    world = organisation_of(given, "controls", "registers/statement-of-applicability.yaml", "registers/statement-of-applicability")
    words = _words(given.spoken or [])
    rows = proposals(world.workspace, world.trace, decided=bool(words) or given.replace)
    if not words and not given.no_input and given.format == "text" and sys.stdin.isatty():
        decider = in_role(world.workspace, _asked_for_decider(world, given))
        words = asked(world, rows, decider, given.write)
        rows = proposals(world.workspace, world.trace, decided=True)
    elif not words:
        if given.write:
            raise KitError("nothing was decided; name controls with --accept, --applicable or --excluded, or run this in a terminal")
        show(_proposed(rows, given.format, world))
        return 0
    else:
        decider = in_role(world.workspace, _decider(given))
    check_decider(world.workspace, decider, world.today)
    plan = plan_decisions(rows, words, decider)
    files = prepared(given.root, world.workspace, plan, world.today)
    if given.write and files:
        put(given.root, files, "soa decide")
        forget(given.root)
    show(as_json(plan, given.write) if given.format == "json" else as_text(plan, given, words, decider))
    return 0


def _words(spoken: Sequence[tuple[str, object]]) -> list[ControlAnswer]:
    words: list[ControlAnswer] = []
    for option, value in spoken:
        if option == "accept":
            assert isinstance(value, list)
            words += [ControlAnswer(control, Answer.ACCEPT) for control in value]
        elif option == "because":
            if not words or words[-1].verdict is Answer.ACCEPT or words[-1].because:
                raise KitError("--because stands behind the --applicable or --excluded that it justifies, once for each")
            text = " ".join(str(value).split())
            if not text:
                raise KitError("--because is empty; say in a sentence why, so that an auditor can test it")
            words[-1] = ControlAnswer(words[-1].control, words[-1].verdict, text)
        else:
            words.append(ControlAnswer(str(value), Answer(option)))
    for word in words:
        if word.verdict is not Answer.ACCEPT and not word.because:
            raise KitError(f"--{word.verdict.value} {word.control} has no --because; say in a sentence why")
    return words


def _decider(given: argparse.Namespace) -> Decider:
    if not given.by or not given.on:
        raise KitError("a decision has somebody who takes it, and a day; give both with --by WHO --on DATE")
    return Decider(given.by, given.on, given.revisit, given.replace)


# In a terminal


def _answer(question: str) -> str | None:
    """A line that somebody types; None where the terminal was closed."""
    tell(question)
    text = sys.stdin.readline()
    return text.strip() if text else None


def _asked_for_decider(world: World, given: argparse.Namespace) -> Decider:
    by = given.by or _answer("Who decides (a role or person, by id)?") or ""
    text = "" if given.on else _answer("On which day was it decided, such as 2026-09-14?") or ""
    try:
        on = given.on or day_of_record(text)
    except argparse.ArgumentTypeError as error:
        raise KitError(str(error)) from None
    decider = Decider(by, on, given.revisit, given.replace)
    check_decider(world.workspace, decider, world.today)  # before the first row, so that no answer is lost by it
    return decider


def asked(world: World, rows: Sequence[ProposedDecision], decider: Decider, write: bool) -> list[ControlAnswer]:
    """What somebody answers row by row.

    Raises:
        KitError: The terminal was closed before the end; nothing is written.
    """
    recorded = "Your answers are recorded together after the last row, or with [q]; if this is ended before, none is."
    tell(f"{len(rows)} rows. {recorded if write else 'Without --write nothing is recorded; at the end the command that does it is named.'}")
    words: list[ControlAnswer] = []
    for number, row in enumerate(rows, 1):
        tell("")
        for line in about(row, world):
            tell(f"({number}/{len(rows)}) {line}" if line.startswith(row.entry.control) else f"  {line}")
        said = _asked(row, decider)
        if said == "q":
            break
        if isinstance(said, ControlAnswer):
            words.append(said)
    return words


def _asked(row: ProposedDecision, decider: Decider) -> ControlAnswer | str:
    """A word, or `s` or `q`; asks again until there is one that can be recorded."""
    while True:
        answer = _open(_answer("[y] accept, [n] other, [s] skip, [q] stop"))
        if answer in ("s", "q"):
            return answer
        if answer == "y":
            word = ControlAnswer(row.entry.control, Answer.ACCEPT)
        elif answer == "n":
            other = _open(_answer("[i] include, [x] exclude"))
            if other not in ("i", "x"):
                continue
            because = " ".join(_open(_answer("Why, in a sentence?")).split())
            if not because:
                tell("A decision has a reason; nothing was noted.")
                continue
            word = ControlAnswer(row.entry.control, Answer.APPLICABLE if other == "i" else Answer.EXCLUDED, because)
        else:
            continue
        against = refused(row, word, decider)
        if against is None:
            return word
        tell(against)


def _open(answer: str | None) -> str:
    if answer is None:
        raise KitError("the terminal was closed before the end; nothing was written")
    return answer


# What is shown


def about(row: ProposedDecision, world: World) -> list[str]:
    """A row with what is known of its control, line by line, the proposal last."""
    verdict = next((one for one in world.facts.reuse if one.requirement == row.entry.control), None)
    lines = [f"{row.entry.control} {row.title}"]
    if row.entry.decided:
        lines.append(f"decided: {row.entry.applicability.value} by {row.entry.decided.by} on {row.entry.decided.date}")
    lines += [f"crosswalk: {verdict.verdict.value}; {verdict.reason}"] if verdict else []
    lines += [f"ISMS: {', '.join(row.isms)}"] if row.isms else []
    lines.append(f"documents: {', '.join(row.documents) or 'none'}")
    lines.append(f"asked for by: {', '.join(need.why for need in row.needs) or 'nothing here'}")
    lines += [f"needed by: {', '.join(clause.why for clause in row.clauses)}"] if row.clauses else []
    lines.append(f"its row says: {row.entry.justification}")
    lines.append(f"proposal: {_WORDS[row.applicability]}, because {row.reason}")
    return lines


def _proposed(rows: Sequence[ProposedDecision], form: str, world: World) -> str:
    if form == "json":
        found = [
            {
                "control": row.entry.control,
                "title": row.title,
                "proposal": row.applicability.value,
                "driver": row.driver.value,
                "reason": row.reason,
                "justification": row.entry.justification,
                "isms": list(row.isms),
                "documents": list(row.documents),
                "asked_for_by": [{"id": need.id, "register": need.register or None, "why": need.why} for need in row.needs],
                "decided": row.entry.decided.model_dump(mode="json") if row.entry.decided else None,
            }
            for row in rows
        ]
        return json_text({"written": False, "statement": _statement(world), "proposals": found})
    lines = []
    for row in rows:
        first, *rest = about(row, world)
        lines += [first, *(f"  {line}" for line in rest)]
    if not rows:
        return as_lines(["Every row is decided."])
    way = f"{command()} soa decide --accept {rows[0].entry.control} --by WHO --on DATE --write"
    return as_lines([*lines, f"{len(rows)} rows with a proposal. Nothing is decided by that; to decide: {way}"])


def _statement(world: World) -> dict[str, object]:
    """Version and approval of the whole, as certificates cite them; null until it is approved."""
    found = world.facts.statement
    head = found.head.value if found else None
    approved = head.approved.model_dump(mode="json", exclude_none=True) if head and head.approved else None
    return {"version": head.version if head else None, "approved": approved, "in_force": bool(found and found.in_force)}


def as_text(plan: ImportPlan, given: argparse.Namespace, words: Sequence[ControlAnswer], decider: Decider) -> str:
    """What changes in each row, then how to go on."""
    lines = []
    for change in plan.changes:
        lines.append(f"{change.id} {change.title}")
        lines += [f"  {key}: {as_plain(old)} -> {as_plain(new)}" for key, old, new in change.values]
    if not plan.changes:
        lines.append("Nothing to write.")
    elif given.write:
        lines.append(f"Written: {len(plan.changes)} decisions")
    else:
        lines.append(f"Nothing was written. To write it: {_command(given, words, decider)}")
    return as_lines(lines)


def _command(given: argparse.Namespace, words: Sequence[ControlAnswer], decider: Decider) -> str:
    accepted = [word.control for word in words if word.verdict is Answer.ACCEPT]
    line = [*command().split(), "soa", "decide", *(["--accept", *accepted] if accepted else [])]
    for word in words:
        line += [f"--{word.verdict.value}", word.control, "--because", word.because] if word.verdict is not Answer.ACCEPT else []
    days: list[tuple[str, datetime.date | None]] = [("--on", decider.on), ("--revisit", decider.revisit)]
    line += ["--by", decider.by, *(text for option, value in days if value for text in (option, str(value)))]
    line += root_words(given)
    return shlex.join([*line, *(["--replace"] if decider.replace else []), "--write"])


def as_json(plan: ImportPlan, written: bool) -> str:
    """An object with `written` and `changes`."""
    changes = [
        {"control": change.id, "values": {key: {"old": old, "new": new} for key, old, new in change.values}} for change in plan.changes
    ]
    return json_text({"written": written and bool(changes), "changes": changes})
