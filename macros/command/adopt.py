"""`adopt`: who keeps which sections of a document as the kit delivered them, and why."""

from __future__ import annotations

import argparse

from macros.authoring.adopt import Adopting, AdoptionWord, adopting
from macros.command.day import day_of_record
from macros.command.screen import closing, show
from macros.command.workspace import organisation_of
from macros.encode.terminal import lines as as_lines
from macros.imports.write import put
from macros.world import forget


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument("id", metavar="ID", help="a document, such as POL-002")
    parser.add_argument("--by", required=True, metavar="PERSON", help="the person who decides, by id")
    parser.add_argument(
        "--because", required=True, metavar="TEXT", help="why the text fits: who looked at it, and what it was compared with"
    )
    parser.add_argument("--as", dest="as_role", metavar="ROLE", help="the role in which this person decides (default: any that may)")
    parser.add_argument(
        "--section",
        dest="sections",
        action="append",
        metavar="HEADING",
        help="a section, once for each (default: all that are not the organisation's own)",
    )
    parser.add_argument("--on", type=day_of_record, metavar="DATE", help="the day of the decision (default: the day that is judged)")
    parser.add_argument("--write", action="store_true", help="write; without it, it is only shown")


def run(given: argparse.Namespace) -> int:
    """Show or write the adoption."""
    world = organisation_of(given, fresh=True)
    word = AdoptionWord(given.by, given.as_role, given.on or world.today, given.because, tuple(given.sections or ()))
    found = adopting(given.root, world.workspace, world.judged.errors.all(), given.id, word, world.today)
    if given.write:
        put(given.root, found.files, "adopt")
        forget(given.root)
    show(as_text(found, given.write))
    return 0


def as_text(found: Adopting, written: bool) -> str:
    """What is adopted, what is still undecided, and how to go on."""
    word, head = found.word, found.document.head.value
    role = f" as {word.as_role}" if word.as_role else ""
    named = ", ".join(f"'{heading}'" for heading in found.sections) or "no section, since another decision covers them"
    rows = [f"{found.document.path}: {head.id} {head.title}; adopted as delivered by {word.by}{role} on {word.on}: {named}"]
    if found.undecided:
        undecided = ", ".join(f"'{heading}'" for heading in found.undecided)
        rows.append(f"Still undecided: {undecided}")
    return as_lines([*rows, closing(written)])
