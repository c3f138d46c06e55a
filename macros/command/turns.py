"""A verb that was asked to write has the repository to itself, from its first reading to its last word."""

from __future__ import annotations

import argparse
from contextlib import AbstractContextManager, nullcontext

from macros.command.screen import tell
from macros.journal import turn


def turn_of(given: argparse.Namespace) -> AbstractContextManager[None]:
    """The verb's turn, so that nothing changes between what it read and what it writes; none for one that only reads.

    Raises:
        KitError: Another program writes there and does not end, or the folder cannot be written in.
    """
    writes = getattr(given, "write", False) is True and (given.root / "controls").is_dir()
    return turn(given.root, given.verb, tell) if writes else nullcontext()
