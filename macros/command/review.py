"""`review`: what a change means, for its approver."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from macros.command.formats import FORMATS
from macros.command.repository import Sides, read_sides
from macros.load import load_workspace
from macros.problem import KitError, Problem
from macros.render.review import LIMIT, as_html, as_markdown
from macros.review import Review, review
from macros.review.changes import DocumentChange
from macros.review.sentences import SentenceChange
from macros.site import today_of

HELP = "what a change means, for its approver"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument("base", metavar="BASE", help="what is in force: a branch, tag or commit")
    parser.add_argument("head", metavar="HEAD", nargs="?", help="what is proposed (default: the files as they lie here)")
    parser.add_argument("--author", help="who proposes it, by id, forge name, e-mail or name; never counts as an approver")
    parser.add_argument("--format", choices=("github", "json", "markdown"), default="markdown", help="how to print (default: markdown)")
    parser.add_argument("--limit", type=int, default=LIMIT, help="most characters of the Markdown (default: %(default)s)")
    parser.add_argument("--html", type=Path, metavar="FILE", help="also write one HTML file that can be sent by mail")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the report as JSON")


def run(given: argparse.Namespace) -> int:
    """Print the report; 1 when something blocks the change."""
    sides = read_sides(given.root, given.base, given.head)
    base, head = load_workspace(sides.base), load_workspace(sides.head)
    if base.organisation is None and head.organisation is None and not head.broken:
        raise KitError("neither side holds an 'org.yaml'; a change review is for a generated repository")
    found = review(base, head, given.today or today_of(base), sides.changed, given.author)
    print(f"Compared {sides.base_name[:12]} with {sides.head_name[:12]}", file=sys.stderr)
    if given.html:
        _write(given.html, as_html(found, "Change review"))
    if given.json:
        _write(given.json, as_json(found, sides))
    if given.format == "json":
        text = as_json(found, sides)
    elif given.format == "github":
        text = FORMATS["github"](found.new_problems)
    else:
        text = as_markdown(found, given.limit)
    print(text.encode("utf-8", "backslashreplace").decode("utf-8"), end="")
    return int(bool(found.blocks))


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise KitError(f"'{path}' cannot be written: {error.strerror}") from None


def as_json(found: Review, sides: Sides) -> str:
    """The report as data; what a log, a comment or a page could take for a command is written as `\\u` escapes."""
    data = {
        "base": sides.base_name,
        "head": sides.head_name,
        "author": found.author,
        "blocks": list(found.blocks),
        "look_at": list(found.look_at),
        "approvals": [asdict(approval) for approval in found.approvals],
        "consultations": [asdict(said) for said in found.consultations],
        "documents": [_document(change) for change in found.documents],
        "records": [asdict(change) for change in found.records],
        "organisation": [asdict(change) for change in found.organisation],
        "kit_files": list(found.kit_files),
        "other_files": list(found.other_files),
        "requirements": {name: [asdict(cover) for cover in getattr(found, name)] for name in ("gained", "lost", "weakened")},
        "suspects": [asdict(item) for item in found.suspects],
        "new_problems": [_problem(problem) for problem in found.new_problems],
        "solved_problems": [_problem(problem) for problem in found.solved_problems],
    }
    text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    for live in ("<", ">", "&", "@", "::", "##"):
        text = text.replace(live, live[:-1] + f"\\u{ord(live[-1]):04x}")
    return text


def _document(change: DocumentChange) -> dict[str, object]:
    shown = change.new or change.old
    return {
        "id": change.id,
        "title": change.title,
        "path": shown.path,
        "moved_from": change.moved_from,
        "change": change.word,
        "obligations": [_sentence(sentence) for sentence in change.obligations],
        "wording": [_sentence(sentence) for sentence in change.wording],
        "editorial": change.editorial,
        "entries": [asdict(entry) for entry in change.entries],
        "version_step": {"wanted": change.wanted_step, "made": change.made_step, "fits": change.step_fits},
        "approval_lapses": change.approval_lapses,
        "revision_note": change.note.model_dump(mode="json") if change.note else None,
    }


def _sentence(change: SentenceChange) -> dict[str, object]:
    return {
        "heading": change.heading,
        "change": change.word,
        "before": change.old.text if change.old else None,
        "after": change.new.text if change.new else None,
        "line": (change.new or change.old).line,
        "weakens": change.weakens,
        "effects": [{"kind": effect.value, "said": said} for effect, said in change.effects],
    }


def _problem(problem: Problem) -> dict[str, object]:
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "path": problem.location.path,
        "line": problem.location.line,
        "message": problem.message,
        "way_out": problem.way_out,
    }
