"""What could come next on a command line, answered to a shell: out of the kept grammar and the names of files, so at once."""

from __future__ import annotations

import argparse
import json
import os
import re
from pathlib import Path
from typing import Any

import argcomplete

from macros.command.grammar import parser_from
from macros.command.verbs import default_root

KEPT = Path(__file__).with_name("grammar.json")
"""The grammar of all verbs, written by `completion json`; a test holds that it is fresh."""
_RECORD = re.compile(r"[A-Z]{2,3}-[0-9]{1,4}(?:-[0-9]{1,6})?")
_MOST = 2_000
"""Files of a register whose names are offered."""


def answer() -> int:
    """Write the words that fit to the channel that the shell's script reads; nothing where they cannot be known."""
    parser = argparse.ArgumentParser(prog="aims")
    parser.add_argument("--version", action="store_true", help="the version of the kit that is in this repository")
    verbs = parser.add_subparsers()
    for name, data in json.loads(KEPT.read_bytes()).items():
        for action, offered in parser_from(data, verbs.add_parser(name, help=data["help"].replace("%", "%%"))):
            vars(action)["completer"] = _Offer(offered)  # argcomplete looks for it there
    argcomplete.autocomplete(parser, always_complete_options="long")
    return 0


class _Offer:
    """The words for one argument, as the library asks for them."""

    def __init__(self, offered: Any) -> None:
        self.offered = offered

    def __call__(self, parsed_args: argparse.Namespace, **_: object) -> list[str]:
        if isinstance(self.offered, list):
            return self.offered
        root = Path(getattr(parsed_args, "root", None) or default_root())
        try:
            with os.scandir(root / self.offered) as entries:
                names = [entry.name.removesuffix(".yaml") for _, entry in zip(range(_MOST), entries, strict=False)]
        except OSError:
            return []
        return sorted(name for name in names if _RECORD.fullmatch(name))
