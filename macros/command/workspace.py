"""Which repository a verb reads."""

from __future__ import annotations

import argparse
from pathlib import Path

from macros.generated import RECORD
from macros.problem import KitError
from macros.site import World, world_at


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
