"""`registers`: how long each register has become, and a long table divided into parts."""

from __future__ import annotations

import argparse
from pathlib import Path

from macros.command.day import day
from macros.command.screen import show
from macros.command.workspace import organisation_of
from macros.encode.terminal import lines as as_lines
from macros.imports.write import Files, put, split_register
from macros.model.records.common import Entry
from macros.model.records.kinds import KINDS, Kind, Layout
from macros.model.workspace import Workspace
from macros.problem import KitError, did_you_mean
from macros.world import forget

TABLES = {kind.name: kind for kind in KINDS if kind.layout is Layout.TABLE}


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="each register with its records, files and bytes", description="how long each register is")
    split = actions.add_parser("split", help="one table becomes a folder of parts", description="one table becomes a folder of parts")
    split.add_argument("name", metavar="NAME", help="the table, such as acknowledgements")
    split.add_argument("--write", action="store_true", help="write; without it, only the parts are named")
    for sub in (listing, split):
        sub.add_argument("--root", type=Path, default=argparse.SUPPRESS, help="the repository to read (default: this folder)")
        sub.add_argument("--today", type=day, default=argparse.SUPPRESS, metavar="DATE", help="judge as of this day, such as 2026-09-14")


def run(given: argparse.Namespace) -> int:
    """List the registers, or show or write the parts of one."""
    world = organisation_of(given)
    if given.action == "list":
        show(as_list(world.workspace))
        return 0
    kind = _table(given.name)
    files = split_register(given.root, world.workspace, kind, world.today)
    if given.write:
        put(given.root, files, "registers split")
        forget(given.root)
    show(as_parts(kind, files, given.write))
    return 0


def _table(name: str) -> Kind[Entry]:
    if name in TABLES:
        return TABLES[name]
    if any(kind.name == name for kind in KINDS):
        raise KitError(f"'{name}' has a file for each record already, so there is nothing to divide")
    raise KitError(f"there is no register '{name[:60]}'; " + did_you_mean(name, TABLES, "'registers list' names them"))


def as_list(workspace: Workspace) -> str:
    """A line a register: place, records, files and bytes of the longest file."""
    rows = []
    for register in workspace.registers.values():
        sizes = [len(workspace.texts[file.path].encode("utf-8")) for file in register.files]
        many = f"{len(sizes)} files, the longest" if len(sizes) > 1 else "1 file"
        rows.append(f"{register.place}: {len(register.records)} records, {many} {max(sizes):,} bytes")
    return as_lines(rows)


def as_parts(kind: Kind[Entry], files: Files, written: bool) -> str:
    """The files that the table becomes, and how to go on."""
    lines = [f"{path}  {len(data):,} bytes" for path, data in files.items() if data is not None]
    lines.append(f"{kind.own_file}  removed")
    if written:
        lines.append("Written. CODEOWNERS names the file still: run './aims codeowners --write', and commit all of it together.")
    else:
        lines.append(f"Nothing was written. To write it: ./aims registers split {kind.name} --write")
    return as_lines(lines)
