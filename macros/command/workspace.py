"""Which repository a verb reads."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from macros.command.screen import tell
from macros.generated import RECORD
from macros.model.workspace import Workspace
from macros.problem import KitError, Severity
from macros.world import World, pinned_by, today_of, world_at


def world_of(given: argparse.Namespace, fresh: bool = False) -> World:
    """The world of the folder in `--root`.

    Args:
        given: What was typed.
        fresh: Read the files now, whatever was read before.

    Raises:
        KitError: The folder is no repository of the kit.
    """
    refuse_other_folder(given.root)
    return world_at(given.root, fresh, today=given.today)


def refuse_other_folder(root: Path) -> None:
    """Refuse a folder that is no repository of the kit.

    Raises:
        KitError: It is none.
    """
    if not (root / "controls").is_dir():
        if any((root / name).exists() for name in (RECORD, "org.yaml", "registers", "macros")):
            raise KitError(
                f"'{root}' is half a repository: there is no 'controls/' folder; where a generation or a copy was stopped, "
                "delete it and make it again, otherwise bring the folder back from the history"
            )
        raise KitError(f"'{root}' holds no 'controls/' folder; run this in a repository of the kit, or name one with --root")


def organisation_of(given: argparse.Namespace, *needs: str, fresh: bool = False) -> World:
    """The world of a generated repository whose `org.yaml` can be read, and everything else that a verb rests on.

    Args:
        given: What was typed.
        needs: Further files, and folders with all that is in them.
        fresh: Read the files now, whatever was read before.

    Raises:
        KitError: One of them cannot be read, which its problem says; or the folder is no organisation's.
    """
    return required(world_of(given, fresh), given.root, *needs)


def required(world: World, root: Path, *needs: str) -> World:
    """That same world, where it is a generated repository's and nothing that a verb rests on is broken; see `organisation_of`."""
    refuse_broken(world, "org.yaml", *needs)
    if world.workspace.organisation is None:
        way_out = "run this in a generated repository, or name one with --root"
        raise KitError(f"'{root}' holds no 'org.yaml' and is nobody's repository; {way_out}")
    return world


def refuse_broken(world: World, *needs: str) -> None:
    """Stop where a file that an answer rests on cannot be read, with the problem itself.

    Raises:
        KitError: One of the files, or one in the folders, has an error of its shape.
    """
    told = [problem for problem in world.workspace.problems if problem.severity is Severity.ERROR and _is_in(problem.location.path, needs)]
    if told:
        more = f" ({len(told) - 1} more: run check)" if len(told) > 1 else ""
        raise KitError(f"this rests on a file that cannot be read: {told[0]}{more}")


def _is_in(path: str, needs: Iterable[str]) -> bool:
    return any(path == need or path.startswith(f"{need}/") for need in needs)


def tell_pinned(given: argparse.Namespace, workspace: Workspace) -> None:
    """Say that an answer rests on a day that was pinned, and by what; nothing where it is the clock's, or was typed.

    Args:
        given: What was typed.
        workspace: What was judged.
    """
    by = None if given.today else pinned_by(workspace)
    if by:
        organisation = workspace.organisation
        demonstration = ", in a demonstration" if organisation and organisation.value.demonstration else ""
        tell(f"Judged as of {today_of(workspace)}, a day that is pinned by {by}{demonstration}")
