"""`import`: lists from spreadsheets into the registers: the documents and decisions of an ISMS, and who has read what."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path

from macros.command.day import day
from macros.command.screen import show
from macros.command.verbs import command, root_words
from macros.command.workspace import organisation_of
from macros.encode.data import as_json as json_text
from macros.encode.terminal import lines as as_lines
from macros.imports import ImportedChange, ImportPlan, Options, plan_acknowledgements, plan_import, prepared, put, read_tables
from macros.imports.write import Files, as_plain
from macros.model.workspace import Workspace
from macros.problem import KitError
from macros.world import forget

_TOUCHED = {
    "isms": ("statement-of-applicability.yaml", "isms-documents.yaml"),
    "acknowledgements": ("acknowledgements.yaml", "acknowledgements"),
}
"""What each kind of list goes into."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument(
        "kind",
        choices=["isms", "acknowledgements"],
        help="isms: documents and the Statement of Applicability of ISO/IEC 27001:2022; acknowledgements: who has read which document",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a CSV or XLSX file with headings in English or Spanish")
    parser.add_argument("--write", action="store_true", help="write; without it, only what would change is shown")
    parser.add_argument("--replace", action="store_true", help="also change what somebody has confirmed or decided")
    parser.add_argument(
        "--decided-by",
        default="isms-manager",
        metavar="ROLE",
        help="who decided the rows of the Statement of Applicability (default: isms-manager)",
    )
    parser.add_argument("--decided-on", type=day, metavar="DATE", help="when they were decided, such as 2026-09-14")
    parser.add_argument("--revisit", type=day, metavar="DATE", help="when exclusions are looked at again, where the list does not say")
    parser.add_argument("--format", choices=("json", "text"), default="text", help="how to print (default: text)")


def run(given: argparse.Namespace) -> int:
    """Show or write the import; 1 when a row could not be placed."""
    world = organisation_of(given, "controls", *(f"registers/{name}" for name in _TOUCHED[given.kind]))
    if given.decided_on and given.decided_on > world.today:
        raise KitError(
            f"--decided-on {given.decided_on} has not come yet; give the day on which the Statement of Applicability was approved"
        )
    if given.kind == "acknowledgements":
        if given.replace or given.decided_on or given.revisit:
            raise KitError("--replace, --decided-on and --revisit belong to 'import isms'; an acknowledgement is added and never changed")
        plan, remarks = plan_acknowledgements(world.workspace, given.files, world.today)
    else:
        tables, remarks = read_tables(given.files)
        plan = plan_import(world.workspace, tables, Options(given.replace, given.decided_by, given.decided_on, given.revisit))
    undated = any(value["date"] is None for change in plan.changes for key, _, value in change.values if key == "decided")
    files = {} if undated and not given.write else prepared(given.root, world.workspace, plan, world.today)
    if given.write and files:
        put(given.root, files)
        forget(given.root)
    if given.format == "json":
        show(as_json(plan, remarks, given.write, world.workspace))
    else:
        show(as_text(plan, (*remarks, *_divisions(files)), given, world.workspace, files))
    return int(bool(plan.refused))


def _divisions(files: Files) -> tuple[str, ...]:
    """What is said of a table that is divided on this occasion."""
    gone = [path for path, data in files.items() if data is None]
    return tuple(
        f"'{path}' comes near 1 MiB and is divided into the folder '{path.removesuffix('.yaml')}/'; let 'codeowners --write' follow"
        for path in gone
    )


def as_text(plan: ImportPlan, remarks: tuple[str, ...], given: argparse.Namespace, workspace: Workspace, files: Files) -> str:
    """Remarks, then what changes in each register, then the rows that could not be placed, then how to go on."""
    lines = [f"note: {remark}" for remark in remarks]
    for register in plan.registers:
        lines.append(workspace.registers[register].place)
        for change in plan.changes:
            if change.register == register:
                lines.append(f"  {'new ' if change.index is None else ''}{change.id} {change.title} ({change.place})")
                lines += _values(change)
    if plan.refused:
        lines.append("not placed")
        lines += [f"  {refusal}" for refusal in plan.refused]
    made = sum(change.index is None for change in plan.changes)
    lines.append(
        f"{made} new, {len(plan.changes) - made} changed, {len(plan.unchanged)} the same already, {len(plan.refused)} not placed"
        + (f", {plan.skipped} headings of groups" if plan.skipped else "")
    )
    if not plan.changes:
        lines.append("Nothing to write.")
    elif given.write:
        lines.append("Written: " + ", ".join(path for path, data in files.items() if data is not None))
    else:
        lines.append(f"Nothing was written. To write it: {_command(plan, given)}")
    return as_lines(lines)


def _values(change: ImportedChange) -> list[str]:
    if change.index is None:
        return [
            f"    {key}: {as_plain(new)}"
            for key, _, new in change.values
            if new and key not in ("id", "title", "control", "document", "version", "person")
        ]
    return [f"    {key}: {as_plain(old)} -> {as_plain(new)}" for key, old, new in change.values]


def _command(plan: ImportPlan, given: argparse.Namespace) -> str:
    words = [*command().split(), "import", given.kind, *map(str, given.files)]
    words += root_words(given)
    words += ["--replace"] if given.replace else []
    words += [] if given.decided_by == "isms-manager" else ["--decided-by", given.decided_by]
    words += ["--decided-on", str(given.decided_on)] if given.decided_on else []
    words += ["--revisit", str(given.revisit)] if given.revisit else []
    undated = not given.decided_on and any(key == "decided" for change in plan.changes for key, _, _ in change.values)
    return shlex.join(words) + (" --decided-on DATE" if undated else "") + " --write"


def as_json(plan: ImportPlan, remarks: tuple[str, ...], written: bool, workspace: Workspace) -> str:
    """An object with `written`, `changes`, `unchanged`, `refused` and `remarks`."""
    found = {
        "written": written and bool(plan.changes),
        "changes": [
            {
                "path": workspace.registers[change.register].place,
                "id": change.id,
                "new": change.index is None,
                "from": change.place,
                "values": {key: {"old": old, "new": new} for key, old, new in change.values},
            }
            for change in plan.changes
        ],
        "unchanged": [{"id": name, "from": place} for place, name in plan.unchanged],
        "refused": [{"from": refusal.place, "message": refusal.message, "way_out": refusal.way_out} for refusal in plan.refused],
        "remarks": list(remarks),
    }
    return json_text(found)
