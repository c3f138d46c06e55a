"""`approve`: who approved which documents and records, in which role and when, with the fingerprint of what was approved."""

from __future__ import annotations

import argparse

from macros.authoring.approve import ApprovalWord, Approving, approving
from macros.command.day import day_of_record
from macros.command.screen import closing, show
from macros.command.workspace import organisation_of
from macros.encode.terminal import lines as as_lines
from macros.imports.write import put
from macros.world import forget


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument("ids", nargs="+", metavar="ID", help="documents and records, such as POL-002 AIA-001 RSK-004")
    parser.add_argument("--as", required=True, dest="as_role", metavar="ROLE", help="the role in which this person approves, by id")
    parser.add_argument("--by", required=True, metavar="PERSON", help="the person who approves, by id")
    parser.add_argument("--on", type=day_of_record, metavar="DATE", help="the day of the approval (default: the day that is judged)")
    parser.add_argument(
        "--until", type=day_of_record, metavar="DATE", help="the next review, or the last day (default: after the interval in 'org.yaml')"
    )
    parser.add_argument("--because", metavar="TEXT", help="why a risk is accepted")
    parser.add_argument("--write", action="store_true", help="write; without it, it is only shown")


def run(given: argparse.Namespace) -> int:
    """Show or write the approvals."""
    world = organisation_of(given, fresh=True)
    word = ApprovalWord(given.by, given.as_role, given.on or world.today, given.because, given.until)
    found = approving(given.root, world.workspace, world.judged.errors.all(), given.ids, word, world.today)
    if given.write:
        put(given.root, found.files, "approve")
        forget(given.root)
    show(as_text(found, given.write))
    return 0


def as_text(found: Approving, written: bool) -> str:
    """A line for each thing approved, and how to go on."""
    word = found.word
    rows = []
    for path, label, until in found.rows:
        end = f", to be looked at again by {until}" if until else ""
        rows.append(f"{path}: {label}; approved by {word.by} as {word.as_role} on {word.on}{end}")
    return as_lines([*rows, closing(written)])
