"""`approvals`: who approved what, out of the review data of a forge, as records of the approval register."""

from __future__ import annotations

import argparse
import os
import stat
import sys
from collections.abc import Iterable
from pathlib import Path

from macros.checks import run_checks
from macros.command.day import day
from macros.command.screen import closing, show
from macros.command.workspace import organisation_of
from macros.encode.data import as_json as json_text
from macros.encode.terminal import lines as as_lines
from macros.git.repository import authors_of, read_sides
from macros.journal import write_files
from macros.load import load_workspace
from macros.load.tree import FolderTree, MemoryTree
from macros.model.workspace import Workspace
from macros.problem import KitError, Severity
from macros.review.changes import DocumentChange
from macros.review.forge import ForgeReviews, Word, read_reviews
from macros.review.recording import FOLDER, Author, Recording, ReviewedChange, as_yaml, record_approvals
from macros.world import World, forget

_PURPOSE = "an approval is of a commit in one"
_MOST = 20 * 1024 * 1024


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument("file", metavar="FILE", help="the JSON that the forge answered; - reads standard input")
    parser.add_argument("--base", default="main", metavar="REV", help="what was in force before the change (default: main)")
    parser.add_argument(
        "--commit", metavar="REV", help="what was approved in the end; needed for GitLab (default: that of the latest review)"
    )
    parser.add_argument("--author", metavar="WHO", help="who proposed the change, by id, forge name, e-mail or name; cannot approve it")
    parser.add_argument("--on", type=day, metavar="DATE", help="the day of approval, where the forge does not say it")
    parser.add_argument("--write", action="store_true", help="write the records; without it, they are only shown")
    parser.add_argument("--format", choices=("json", "text"), default="text", help="how to print (default: text)")


def run(given: argparse.Namespace) -> int:
    """Show or write the records; 1 where a changed document has none, or an approver is not known."""
    world = organisation_of(given, "registers/approvals/register.yaml")
    reviews = read_reviews(_text_of(given.file), given.file)
    change = _change(given, reviews)
    plan = record_approvals(change, reviews, world.workspace)
    files = {f"{FOLDER}/{record.id}.yaml": as_yaml(record).encode("utf-8") for record in plan.records}
    if files:
        _judge(given.root, world, files)
    if given.write and files:
        write_files(given.root, files, "approvals", new=True)
        forget(given.root)
    text = as_json(plan, given.write) if given.format == "json" else as_text(plan, change, given)
    show(text)
    return int(bool(plan.waiting or plan.strangers))


def _text_of(file: str) -> str:
    try:
        if file == "-":
            data = sys.stdin.buffer.read(_MOST + 1)
        else:
            if stat.S_ISFIFO(os.stat(file).st_mode) and not file.startswith("/dev/"):  # a shell's '<(...)' has an end
                raise KitError(f"'{file}' is a named pipe and no file; name the file that holds the forge's answer, or '-' and pipe it in")
            with Path(file).open("rb") as stream:
                data = stream.read(_MOST + 1)
    except OSError as error:
        raise KitError(f"'{file}' cannot be read: {error.strerror}") from None
    if len(data) > _MOST:
        raise KitError(f"'{file}' is larger than {_MOST // 1024 // 1024} MiB; give the reviews of one change")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise KitError(f"'{file}' is not UTF-8 text; save what the forge answers, unchanged") from None


def _change(given: argparse.Namespace, reviews: ForgeReviews) -> ReviewedChange:
    commit = given.commit or reviews.last_commit
    if commit is None:
        raise KitError("the data does not say which commit was approved; name it with --commit")
    sides = read_sides(given.root, given.base, commit, _PURPOSE)
    if sides.base_name == sides.head_name:
        raise KitError(
            f"'{commit}' is in '{given.base}' already, so nothing differs; name what was in force before the change with --base, "
            "such as the first parent of its merge"
        )
    head = load_workspace(sides.head)
    looked_at = sorted({review.commit for review in reviews.reviews if review.commit and review.word is Word.APPROVED})
    at = {name: load_workspace(read_sides(given.root, given.base, name, _PURPOSE).head) for name in looked_at}

    def authors(change: DocumentChange) -> tuple[Author, ...]:
        paths = tuple(dict.fromkeys(side.path for side in (change.old, change.new) if side))
        return tuple(Author(*author) for author in authors_of(given.root, sides.base_name, sides.head_name, paths))

    return ReviewedChange(load_workspace(sides.base), head, sides.head_name, at, authors, given.author, given.on)


def _judge(root: Path, world: World, files: dict[str, bytes]) -> None:
    """Refuse records that would not be sound where they are to lie."""
    if f"{FOLDER}/register.yaml" not in world.workspace.paths:
        raise KitError(f"there is no '{FOLDER}/register.yaml'; take the head of the register from a fresh generation, then run this again")
    tree = FolderTree(root)
    after: Workspace = load_workspace(MemoryTree({**{path: tree.read(path) for path in tree.paths()}, **files}, tree.links()))
    for problem in run_checks(after, world.today):
        if problem.location.path in files and problem.severity is Severity.ERROR:
            raise KitError(f"nothing was written, because the result would not be sound: {problem}")


def as_text(plan: Recording, change: ReviewedChange, given: argparse.Namespace) -> str:
    """Records as a table, then who gave none and why, then what is still waiting, then how to go on."""
    lines = []
    if plan.records:
        rows = [
            (
                record.id,
                f"{record.document} {record.version}",
                f"{record.by} as {record.as_role}",
                str(record.approved_on),
                (record.commit or "")[:12],
            )
            for record in plan.records
        ]
        lines += ["records", *_table((("id", "document", "approved by", "on", "commit"), *rows))]
    if plan.recorded:
        lines += ["on record already", *_table(plan.recorded)]
    if plan.reasons:
        lines += ["no record", *_table((_clean(reason.who), reason.document or "all", reason.why) for reason in plan.reasons)]
    if plan.waiting:
        lines.append("still without an approval on record")
        lines += _table(
            (f"{item.document} {item.version}", f"needs {item.role}: {', '.join(item.people) or 'nobody who could give it'}")
            for item in plan.waiting
        )
    lines.append(f"{len(plan.records)} new, {len(plan.recorded)} on record already, {len(plan.waiting)} still without")
    if not plan.records:
        lines.append("Nothing to write.")
    elif given.write:
        lines.append("Written: " + ", ".join(f"{FOLDER}/{record.id}.yaml" for record in plan.records))
    else:
        lines.append(closing(False))
    return as_lines(lines)


def _table(rows: Iterable[tuple[str, ...]]) -> list[str]:
    """Rows as lines with aligned columns."""
    held = list(rows)
    widths = [max(len(cell) for cell in column) for column in zip(*held, strict=True)]
    return ["  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in held]


def _clean(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text)[:80]


def as_json(plan: Recording, written: bool) -> str:
    """An object with `written`, `records`, `recorded`, `reasons` and `waiting`."""
    found = {
        "written": written and bool(plan.records),
        "records": [record.model_dump(mode="json") for record in plan.records],
        "recorded": [{"id": name, "document": document} for name, document in plan.recorded],
        "reasons": [{"who": reason.who, "document": reason.document, "why": reason.why} for reason in plan.reasons],
        "waiting": [
            {"document": item.document, "version": item.version, "role": item.role, "people": list(item.people)} for item in plan.waiting
        ],
    }
    return json_text(found)
