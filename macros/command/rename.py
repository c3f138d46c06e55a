"""`rename`: another id for a document or record, in every place that names it."""

from __future__ import annotations

import argparse

from macros.authoring.rename import Renaming, renaming
from macros.command.branches import ids_on_branches
from macros.command.screen import closing, show
from macros.command.workspace import organisation_of
from macros.encode.terminal import lines as as_lines
from macros.imports.write import put
from macros.world import forget


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument("old", metavar="ID", help="the present id, such as RSK-005")
    parser.add_argument("new", metavar="NEW", help="the id that it gets, of the same kind and free")
    parser.add_argument("--file", metavar="PATH", help="the file that is meant, where two things have the same id")
    parser.add_argument("--write", action="store_true", help="write; without it, only the places are named")


def run(given: argparse.Namespace) -> int:
    """Name the places, or change them all."""
    world = organisation_of(given, fresh=True)
    found = renaming(given.root, world.workspace, given.old, given.new, given.file, ids_on_branches(given.root) or (), world.today)
    if given.write:
        put(given.root, found.files, "rename")
        forget(given.root)
    show(as_text(found, given.write))
    return 0


def as_text(found: Renaming, written: bool) -> str:
    """Every place with what became of it."""
    rows = [f"{place}: {found.old} becomes {found.new}" for place in found.places]
    gone = next((path for path, data in found.files.items() if data is None), None)
    if gone:
        rows.append(f"{gone} becomes {gone.rsplit('/', 1)[0]}/{found.new}.yaml")
    rows += [f"{place}: names {found.old} and stays with the other one; change it by hand if this one is meant" for place in found.left]
    return as_lines([*rows, closing(written, "Written.")])
