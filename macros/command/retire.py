"""`retire`: a document is withdrawn, an AI system taken out of use, a record closed, a person leaves; references stay right."""

from __future__ import annotations

import argparse

from macros.authoring.retire import Retirement, retirement
from macros.command.day import day_of_record
from macros.command.screen import closing, show
from macros.command.workspace import organisation_of
from macros.encode.terminal import lines as as_lines
from macros.imports.write import put
from macros.world import forget


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument("id", metavar="ID", help="a document, a record or a person")
    parser.add_argument("--on", type=day_of_record, metavar="DATE", help="the last day of a person (default: the day that is judged)")
    parser.add_argument("--write", action="store_true", help="write; without it, it is only shown")


def run(given: argparse.Namespace) -> int:
    """Show or write what ends it."""
    world = organisation_of(given, fresh=True)
    found = retirement(given.root, world.workspace, given.id, given.on or world.today, world.today)
    if given.write:
        put(given.root, found.files, "retire")
        forget(given.root)
    show(as_text(found, given.write))
    return 0


def as_text(found: Retirement, written: bool) -> str:
    """What it becomes, and what names it still."""
    rows = [f"{found.id}: {found.said}"]
    rows += [f"{place}: '{name}' names it still; look whether that holds" for name, place in found.named_by]
    return as_lines([*rows, closing(written, f"Written: {', '.join(sorted(found.files))}")])
