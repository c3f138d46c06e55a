"""`codeowners`: the file CODEOWNERS as the roles, the documents and the registers say it."""

from __future__ import annotations

import argparse

from macros.command.screen import show, tell
from macros.command.workspace import organisation_of, refuse_broken
from macros.facts.authority import as_codeowners
from macros.facts.authority.codeowners import FILE, MARK
from macros.journal import write_files
from macros.world import forget


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument("--write", action="store_true", help="write the file; without it, it is only printed")


def run(given: argparse.Namespace) -> int:
    """Print or write the file."""
    world = organisation_of(given)
    workspace = world.workspace
    refuse_broken(world, *sorted(path for path in workspace.broken if path.startswith(("docs/", "registers/")) or path == FILE))
    text, before = as_codeowners(workspace), workspace.texts.get(FILE, "")
    if not given.write:
        show(text)
    elif text == before:
        show(f"{FILE} is as the roles say already\n")
    else:
        write_files(given.root, {FILE: text.encode("utf-8")}, "codeowners")
        forget(given.root)
        show(f"Written: {FILE}\n")
        if MARK not in before and text.split(MARK + "\n", 1)[1]:
            tell(f"The lines that stood in {FILE} are kept below the mark; they come last and decide. Remove those not wanted.")
    if (given.root / ".github" / FILE).is_file():
        tell(f"GitHub reads '.github/{FILE}' in place of this file; remove that one.")
    return 0
