"""`codeowners`: the file CODEOWNERS as the roles, the documents and the registers say it."""

from __future__ import annotations

import argparse

from macros.authority import as_codeowners
from macros.authority.codeowners import FILE, MARK
from macros.command.screen import show, tell
from macros.command.workspace import world_of
from macros.journal import write_files
from macros.problem import KitError
from macros.site import forget


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument("--write", action="store_true", help="write the file; without it, it is only printed")


def run(given: argparse.Namespace) -> int:
    """Print or write the file."""
    workspace = world_of(given).workspace
    if workspace.organisation is None:
        raise KitError(f"'{given.root}' holds no 'org.yaml' that can be read; CODEOWNERS is made from its roles and people")
    hidden = sorted(path for path in workspace.broken if path.startswith(("docs/", "registers/")) or path == FILE)
    if hidden:
        raise KitError(f"'{hidden[0]}' cannot be read, so its approver is not known; mend it first, as 'check' says")
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
