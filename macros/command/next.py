"""`next`: what is to do, in the order of the work, with what each step settles and lifts."""

from __future__ import annotations

import argparse

from macros.command.screen import show
from macros.command.verbs import command
from macros.command.workspace import organisation_of, tell_pinned
from macros.encode.data import as_json as json_text
from macros.encode.terminal import lines as as_lines
from macros.model.workspace import Workspace
from macros.render.worklist import as_markdown, details, heading, more, rows_of, said, shown
from macros.worklist import Worklist, worklist


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument("--all", action="store_true", help="every place and requirement, and every gap")
    parser.add_argument("--for", dest="whose", default="", metavar="WHO", help="only what this role or person owns, by id")
    parser.add_argument("--format", choices=("json", "markdown", "text"), default="text", help="how to print (default: text)")


def run(given: argparse.Namespace) -> int:
    """Print the steps; 0 always, since what is to do is no problem."""
    world = organisation_of(given, "controls")
    tell_pinned(given, world.workspace)
    work = worklist(world.judged, world.trace, given.whose)
    if given.format == "json":
        show(as_json(work, world.workspace))
    elif given.format == "markdown":
        show(as_markdown(work, world.workspace, command(), given.all))
    else:
        show(as_text(work, world.workspace, given.all))
    return 0


def as_text(work: Worklist, workspace: Workspace, whole: bool) -> str:
    """A line over all, then each step with what is known of it."""
    steps, hidden = shown(work, said(work, workspace, whole), whole)
    lines = [heading(work)]
    for one in steps:
        lines += ["", f"{one.number}. {one.title}", f"   {one.what}"]
        lines += [f"   {label:<10}{text}" for label, text in rows_of(one, command())]
        lines += [f"     {text}" for text in details(one.step, whole)]
    if hidden:
        lines += ["", more(hidden)]
    return as_lines(lines)


def as_json(work: Worklist, workspace: Workspace) -> str:
    """An object with `organisation`, `today`, `in_operation`, `for`, `problems` and `steps`; every step, whatever is shown to people."""
    steps = [
        {
            "number": one.number,
            "step": one.step.kind.value,
            "about": one.step.about or None,
            "title": one.title,
            "what": one.what,
            "begin": {"path": one.step.where.path, "line": one.step.where.line},
            "places": one.step.places,
            "problems": [
                {
                    "code": problem.code,
                    "severity": problem.severity.value,
                    "path": problem.location.path,
                    "line": problem.location.line,
                    "message": problem.message,
                }
                for problem in one.step.problems
            ],
            "lifts": [{"requirement": lift.requirement, "from": lift.before.value, "to": lift.after.value} for lift in one.step.lifts],
            "due": [{"day": str(due.day), "id": due.id, "what": due.what, "owner": due.owner} for due in one.step.due],
            "waits_for": [kind.value for kind in one.step.waits_for],
            "command": f"{command()} {one.command}" if one.command else None,
        }
        for one in said(work, workspace)
    ]
    found = {
        "organisation": work.organisation,
        "today": str(work.today),
        "in_operation": work.in_operation,
        "for": work.whose or None,
        "problems": work.problems,
        "steps": steps,
    }
    return json_text(found)
