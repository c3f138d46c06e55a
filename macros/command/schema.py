"""`schema`: the JSON Schemas that editors complete and check from."""

from __future__ import annotations

import argparse
from pathlib import Path

from macros.command.outputs import write_outputs
from macros.command.screen import show
from macros.encode.data import as_json as json_text
from macros.encode.terminal import lines as as_lines
from macros.problem import KitError, did_you_mean
from macros.schemas import SCHEMAS, schema_text


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument("name", nargs="?", help="print this one; without a name, all names are listed")
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="write all of them into this folder")


def run(given: argparse.Namespace) -> int:
    """Print one schema, list their names, or write them all."""
    if given.write:
        write_outputs(given, {given.write / f"{name}.json": schema_text(name) for name in SCHEMAS}, folders=True)
        show(json_text(sorted(SCHEMAS), None))
        return 0
    if given.name is None:
        show(as_lines(sorted(SCHEMAS)))
        return 0
    if given.name not in SCHEMAS:
        raise KitError(f"there is no schema '{given.name}'; " + did_you_mean(given.name, SCHEMAS, "without a name, all are listed"))
    show(schema_text(given.name))
    return 0
