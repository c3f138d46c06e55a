"""`confirm`: periodic reviews that changed nothing, for many documents at once."""

from __future__ import annotations

import argparse

from macros.authoring.confirm import Confirmation, confirmation
from macros.command.day import day_of_record
from macros.command.screen import closing, show
from macros.command.workspace import organisation_of
from macros.encode.terminal import lines as as_lines
from macros.imports.write import put
from macros.world import forget


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument("ids", nargs="+", metavar="ID", help="approved documents, such as POL-002 PRO-006")
    parser.add_argument("--by", required=True, metavar="ROLE", help="the role or person who looked at the texts, by id")
    parser.add_argument("--on", type=day_of_record, metavar="DATE", help="the day on which they did (default: the day that is judged)")
    parser.add_argument("--next", type=day_of_record, metavar="DATE", help="the next review (default: after the interval in 'org.yaml')")
    parser.add_argument("--write", action="store_true", help="write; without it, it is only shown")


def run(given: argparse.Namespace) -> int:
    """Show or write the reviews."""
    world = organisation_of(given, fresh=True)
    on = given.on or world.today
    found = confirmation(given.root, world.workspace, world.problems, given.ids, given.by, on, given.next, world.today)
    if given.write:
        put(given.root, found.files, "confirm")
        forget(given.root)
    show(as_text(found, given.write))
    return 0


def as_text(found: Confirmation, written: bool) -> str:
    """A line a document, and how to go on."""
    rows = [
        f"{document.path}: {document.id} {document.head.value.title}, version {document.head.value.version}, "
        f"stands as it is; {found.by} on {found.on}, next review on {found.next_review}"
        for document in found.documents
    ]
    return as_lines([*rows, closing(written)])
