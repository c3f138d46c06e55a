"""`management-review`: the inputs of a management review as of a day, as a draft of its record."""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path

from macros.command.day import day
from macros.command.outputs import write_outputs
from macros.command.screen import show, tell
from macros.command.workspace import organisation_of, tell_pinned
from macros.git.repository import Objects, folder_in_repository, history_of, tree_of
from macros.load import load_workspace
from macros.problem import KitError
from macros.render.management_review import as_draft
from macros.reports.management_review import pack
from macros.world import World


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument("--as-of", type=day, metavar="DAY", help="tell everything as of this day (default: today)")
    parser.add_argument("--since", type=day, metavar="DAY", help="the first day of the period (default: the day of the last review)")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the draft to a file that is not there yet; without it, print it")


def run(given: argparse.Namespace) -> int:
    """Print or write the draft; 0 always, since a draft is no problem."""
    world = organisation_of(given, "controls")
    until = given.as_of or world.today
    if until > world.today:
        raise KitError(f"--as-of {until} has not come yet; today is {world.today}")
    if given.since and given.since > until:
        raise KitError(f"--since {given.since} is after {until}, the day as of which everything is told; give an earlier day")
    then, said = _as_of(given.root, world, until)
    draft = as_draft(pack(then.workspace, then.judged, until, given.since), said)
    tell_pinned(given, world.workspace)
    if given.write:
        if given.write.exists() or given.write.is_symlink():
            raise KitError(f"'{given.write}' is there already, and somebody may have gone on with it; name a new file")
        write_outputs(given, {given.write: draft}, new=True)
        tell(f"Written: {given.write}")
    else:
        show(draft)
    return 0


def _as_of(root: Path, world: World, until: datetime.date) -> tuple[World, str]:
    """What was in force on a day, and a sentence on where it was read from."""
    if until == world.today:
        return world, "Read from the files of this folder."
    history = history_of(root)
    commit = history.at(until) if history else None
    tree = tree_of(Objects(root), commit.tree, folder_in_repository(root)) if commit else None
    if tree is None or commit is None:
        # The files may hold what was entered later; records with a later day are left out, states are those of today.
        return World(
            world.workspace, until
        ), "No commit of that day can be read, so this rests on the files of today; states may be later ones."
    workspace = load_workspace(tree)
    if workspace.organisation is None:
        raise KitError(f"'org.yaml' of the commit {commit.name[:12]}, in force on {until}, cannot be read; give another day with --as-of")
    return World(workspace, until), f"Read from the commit {commit.name[:12]}, which was in force at the end of that day."
