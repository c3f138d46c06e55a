"""One verb, run: with the repository to itself where it writes, and with what earlier runs have read where it only reads."""

from __future__ import annotations

import argparse
from contextlib import AbstractContextManager, nullcontext

from macros.command.turns import turn_of
from macros.command.verbs import Verb

SHORT = ("check", "next", "review", "trend", "status", "gate", "reuse", "roadmap", "management-review")
"""Verbs that read everything, say what they found, and end."""


def run(verb: Verb, typed: argparse.Namespace) -> int:
    """Run a verb with what was typed, and give its exit code.

    Raises:
        KitError: It could not run, for a reason that the person at the command line can mend.
    """
    with turn_of(typed), _reading(verb, typed):
        code: int = verb.load().run(typed)
        return code


def _reading(verb: Verb, typed: argparse.Namespace) -> AbstractContextManager[object]:
    if verb.name not in SHORT:
        return nullcontext()
    from macros.command.cache import reading_again  # needs the whole engine, without which the doctor has to run

    return reading_again(typed.root)
