"""`completion`: the script with which a shell completes verbs, options and ids, as the library argcomplete writes it."""

from __future__ import annotations

import argparse

from argcomplete.shell_integration import shellcode

from macros.checks import ALL_RULES
from macros.command.grammar import as_data
from macros.command.registers import TABLES
from macros.command.screen import show
from macros.command.verbs import VERBS, parser_of
from macros.encode.data import as_json
from macros.gate import STAGES
from macros.schemas import SCHEMAS

SHELLS = ("bash", "zsh", "fish", "powershell")
NAMES = ("aims", "./aims")
"""The ways in which the command is typed."""
_OFFERED = {
    ("explain", "code"): list(ALL_RULES),
    ("gate", "system"): "registers/ai-systems",
    ("gate", "stage"): [stage.value for stage in STAGES],
    ("registers", "name"): sorted(TABLES),
    ("schema", "name"): sorted(SCHEMAS),
}
"""What is offered for an argument of a verb: words, or the folder of a register that has a file for each."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument("shell", choices=(*SHELLS, "json"), help="the shell; json gives the grammar of all verbs as data")


def run(given: argparse.Namespace) -> int:
    """Print the script, or the grammar."""
    if given.shell == "json":
        show(as_json(grammar()))
    else:
        show(shellcode(NAMES, shell=given.shell).strip("\n") + "\n")
    return 0


def grammar() -> dict[str, object]:
    """What each verb takes, by its name."""
    found: dict[str, object] = {}
    for verb in VERBS.values():
        offered = {name: words for (of, name), words in _OFFERED.items() if of == verb.name}
        found[verb.name] = as_data(parser_of(verb), offered, verb.help)
    return found
