"""`evidence`: adds a file as evidence, compares all files with their records, and lists what falls due."""

from __future__ import annotations

import argparse
import os
import shlex
from pathlib import Path
from typing import Any

from macros.command.day import day, day_of_record
from macros.command.evidence_files import as_verified_json, as_verified_text, verified
from macros.command.screen import show
from macros.command.verbs import command, root_words
from macros.command.workspace import organisation_of, refuse_other_folder, required
from macros.days import after_days, after_months
from macros.encode.data import as_json as json_text
from macros.encode.terminal import lines as as_lines
from macros.facts.evidence import NOTICE_DAYS, EvidenceBook, EvidenceState, Freshness
from macros.imports.evidence import NeededFiles, NewEvidence, new_evidence, values_of_run
from macros.imports.write import put_new
from macros.load import load_workspace
from macros.load.files import Kept, kept
from macros.load.runs import read_run
from macros.load.tree import FolderTree, fingerprint_of
from macros.model.automated import FOLDER, FORMAT, AutomatedRun
from macros.model.records.support import EvidenceKind
from macros.model.workspace import Fingerprint, Sourced
from macros.problem import KitError
from macros.text.strict_yaml import MAX_BYTES
from macros.world import World, forget, today_of


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:5]) <= 3660 and len(text) < 5):
        raise argparse.ArgumentTypeError(f"'{text}' is no number from 1 to 3660")
    return int(text)


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.set_defaults(usage=parser.error)
    verbs = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = verbs.add_parser(
        "add", help="a file, or the report of a run, becomes a record", description="a file becomes a record of evidence"
    )
    add.set_defaults(usage=add.error)
    add.add_argument("file", type=Path, metavar="FILE", help="a file of the repository; a file of automated evidence says the rest itself")
    add.add_argument("--title", help="what it is, in a few words")
    add.add_argument("--kind", choices=[kind.value for kind in EvidenceKind], help="what kind of evidence it is")
    add.add_argument(
        "--evidences", nargs="+", action="extend", default=[], metavar="REQUIREMENT", help="requirements that it shows to be at work"
    )
    add.add_argument("--document", nargs="+", action="extend", default=[], metavar="ID", help="documents that it shows to be followed")
    add.add_argument("--about", nargs="+", action="extend", default=[], metavar="ID", help="AI systems that it is about")
    add.add_argument("--from", dest="first", type=day_of_record, metavar="DATE", help="the first day of what it covers")
    add.add_argument("--to", dest="last", type=day_of_record, metavar="DATE", help="the last day of what it covers")
    add.add_argument("--collected-on", type=day_of_record, metavar="DATE", help="when it was taken (default: the day that is judged)")
    add.add_argument("--valid-until", type=day_of_record, metavar="DATE", help="the last day on which it counts")
    add.add_argument("--every-months", type=_count, metavar="N", help="how often it is due again; without it, once")
    add.add_argument("--by", metavar="NAME", help="who collected it")
    add.add_argument("--sensitive", action="store_true", help="the file stays outside the repository and is only hashed")
    add.add_argument("--kept-at", metavar="ADDRESS", help="with --sensitive: where it is kept")
    add.add_argument("--write", action="store_true", help="write the record; without it, it is only shown")
    verify = verbs.add_parser("verify", help="compares every file with its record", description="compares every file with its record")
    due = verbs.add_parser("due", help="what has run out or falls due", description="what has run out or falls due")
    due.add_argument("--within", type=_count, default=NOTICE_DAYS, metavar="DAYS", help="how far to look ahead (default: %(default)s)")
    for sub in (add, verify, due):
        sub.add_argument("--root", type=Path, default=argparse.SUPPRESS, help="the repository to read (default: this folder)")
        sub.add_argument("--today", type=day, default=argparse.SUPPRESS, metavar="DATE", help="judge as of this day, such as 2026-09-14")
        sub.add_argument("--format", choices=("json", "text"), default="text", help="how to print (default: text)")


def run(given: argparse.Namespace) -> int:
    """Show, write, compare or list; 1 when a file is missing or is not what its record says."""
    if given.action == "add":
        return _add(given)
    world = organisation_of(given, "registers/evidence/register.yaml", fresh=True)
    if given.action == "verify":
        files, unrecorded = verified(given.root, world.workspace)
        text = as_verified_json(files, unrecorded) if given.format == "json" else as_verified_text(files, unrecorded)
        show(text)  # a file name may be no UTF-8
        return int(any(file.is_wrong for file in files))
    if given.action == "due":
        book = world.facts.evidence
        show(due_json(book, given.within) if given.format == "json" else due_text(book, given.within))
    return 0


def _add(given: argparse.Namespace) -> int:
    refuse_other_folder(given.root)
    tree = NeededFiles(given.root)
    workspace = load_workspace(tree)
    world = required(World(workspace, given.today or today_of(workspace), given.root), given.root)
    found = _added(given, world, tree)
    if given.write:
        put_new(given.root, found.path, found.data)
        forget(given.root)
    show(added_json(found, given.write) if given.format == "json" else added_text(found, given))
    return 0


# add


def _added(given: argparse.Namespace, world: World, tree: NeededFiles) -> NewEvidence:
    if given.sensitive:
        reference, fingerprint = _sensitive(given)
        sourced = None
    else:
        if given.kept_at:
            given.usage("--kept-at goes with --sensitive; what lies in the repository is named by its path")
        reference, fingerprint = _in_repository(given)
        sourced = _run_in(given, world, reference, fingerprint)
    values = _values_of_run(given, world, sourced) if sourced else _values(given, world)
    return new_evidence(tree, world.workspace, values, reference, fingerprint, given.sensitive, world.today)


def _inside(given: argparse.Namespace) -> str | None:
    """The path from the root of the repository; None for a file outside it."""
    for real in (os.path.abspath, os.path.realpath):
        file, root = Path(real(given.file)), Path(real(given.root))
        if file.is_relative_to(root):
            return file.relative_to(root).as_posix()
    return None


def _in_repository(given: argparse.Namespace) -> tuple[str, Fingerprint]:
    path = _inside(given)
    if path is None:
        raise KitError(f"'{given.file}' lies outside the repository; copy it into 'evidence/', or give --sensitive and --kept-at ADDRESS")
    if kept(path) is not Kept.HERE:
        raise KitError(f"the name '{path}' could be taken for an address; give the file another name")
    found = FolderTree(given.root).fingerprints([path])
    if path not in found:
        raise KitError(f"'{path}' is no file of the repository, or lies behind a symbolic link; put the file itself there")
    return path, found[path]


def _sensitive(given: argparse.Namespace) -> tuple[str, Fingerprint]:
    if not given.kept_at or not given.kept_at.strip():
        given.usage("--sensitive needs --kept-at ADDRESS, so that an auditor can ask for the file")
    if _inside(given) is not None:
        raise KitError(f"'{given.file}' lies in the repository; move it to where it is kept, out of the history too, and add it from there")
    try:
        if not given.file.is_file():
            raise KitError(f"'{given.file}' is no file")
        with given.file.open("rb") as stream:
            return given.kept_at.strip(), fingerprint_of(stream)
    except (OSError, ValueError) as error:
        raise KitError(f"'{given.file}' cannot be read: {getattr(error, 'strerror', None) or error}") from None


def _run_in(given: argparse.Namespace, world: World, path: str, found: Fingerprint) -> Sourced[AutomatedRun] | None:
    """Automated evidence in a file; None where it is another file."""
    there = path.startswith(FOLDER + "/") and path.endswith(".json")
    data = (given.root / path).read_bytes() if found.size <= MAX_BYTES else None
    if not there:
        if path.endswith(".json") and data is not None and f'"{FORMAT}"'.encode() in data and read_run(data, path)[0]:
            raise KitError(f"'{path}' is automated evidence; move it into '{FOLDER}/', where pages and checks read it")
        return None
    sourced, problems = read_run(data, path, lambda bare: [name for name in world.workspace.requirements if name.split(":", 1)[1] == bare])
    if sourced is None:
        raise KitError(f"nothing was written: {problems[0]}")
    return sourced


def _options_of_record(given: argparse.Namespace) -> tuple[tuple[str, Any], ...]:
    """Options that say what automated evidence says itself."""
    return (
        ("--title", given.title),
        ("--kind", given.kind),
        ("--evidences", given.evidences),
        ("--document", given.document),
        ("--about", given.about),
        ("--from", given.first),
        ("--to", given.last),
        ("--collected-on", given.collected_on),
        ("--valid-until", given.valid_until),
        ("--every-months", given.every_months),
    )


def _values_of_run(given: argparse.Namespace, world: World, sourced: Sourced[AutomatedRun]) -> dict[str, Any]:
    said = [option for option, value in _options_of_record(given) if value]
    if said:
        given.usage(f"'{given.file}' is automated evidence and says itself what {said[0]} would say")
    run, workspace = sourced.value, world.workspace
    for key, names, known in (("evidences", run.evidences, workspace.requirements), ("documents", run.documents, workspace.document_by_id)):
        for index, name in enumerate(names):
            if name not in known:
                raise KitError(
                    f"nothing was written: {sourced.at(key, index)}: '{name}' is not known here; mend it in the job that writes the file"
                )
    if run.subject and run.subject.ai_system not in workspace.record_by_id:
        place = sourced.at("subject", "ai_system")
        raise KitError(
            f"nothing was written: {place}: '{run.subject.ai_system}' is no AI system here; mend it in the job that writes the file"
        )
    return values_of_run(run, given.by)


def _values(given: argparse.Namespace, world: World) -> dict[str, Any]:
    missing = [
        option
        for option, value in (
            ("--title", given.title),
            (f"--kind (one of {', '.join(kind.value for kind in EvidenceKind)})", given.kind),
            ("--from", given.first),
            ("--to", given.last),
            ("--by", given.by),
        )
        if value is None or not str(value).strip()
    ]
    if not given.evidences and not given.document:
        missing.append("--evidences or --document")
    if given.valid_until is None and given.every_months is None:
        missing.append("--valid-until or --every-months")
    if missing:
        given.usage(f"evidence needs {', '.join(missing)}")
    collected = given.collected_on or world.today
    return {
        "title": " ".join(given.title.split()),
        "kind": given.kind,
        "evidences": list(dict.fromkeys(given.evidences)),
        "documents": list(dict.fromkeys(given.document)),
        "about": list(dict.fromkeys(given.about)),
        "collected_on": collected,
        "period_from": given.first,
        "period_to": given.last,
        "valid_until": given.valid_until or after_months(collected, given.every_months),
        "collected_by": " ".join(given.by.split()),
        "every_months": given.every_months,
    }


def added_text(found: NewEvidence, given: argparse.Namespace) -> str:
    """The record as it is or would be written, what it counts for, and how to go on."""
    lines = [found.path, *(f"  {line}" for line in found.data.decode("utf-8").splitlines()[1:])]
    lines.append(f"{found.freshness.state.value}: {found.freshness.why}")
    if found.freshness.failed:
        lines.append("The record says so, and shows nothing to be at work.")
    lines += [f"{problem.severity.value}: {problem.message}; {problem.way_out}" for problem in found.problems if problem.code != "REG304"]
    lines.append(f"Written: {found.path}" if given.write else f"Nothing was written. To write it: {_command(found, given)}")
    return as_lines(lines)


def _command(found: NewEvidence, given: argparse.Namespace) -> str:
    words = [*command().split(), "evidence", "add", str(given.file)]
    words += root_words(given)
    words += ["--today", str(given.today)] if given.today else []
    for option, value in (*_options_of_record(given), ("--by", given.by), ("--kept-at", given.kept_at)):
        if value:
            words += [option, *(map(str, value) if isinstance(value, list) else [str(value)])]
    words += ["--sensitive"] if given.sensitive else []
    return shlex.join(words) + " --write"


def added_json(found: NewEvidence, written: bool) -> str:
    """An object with `written`, `path`, `record`, `state`, `why` and `problems`."""
    data = {
        "written": written,
        "path": found.path,
        "record": found.evidence.model_dump(mode="json"),
        "state": found.freshness.state.value,
        "why": found.freshness.why,
        "problems": [
            {"code": problem.code, "severity": problem.severity.value, "message": problem.message, "way_out": problem.way_out}
            for problem in found.problems
        ],
    }
    return json_text(data)


# due


def _unusable(book: EvidenceBook) -> list[Freshness]:
    return [
        found
        for found in book.records.values()
        if found.state in (EvidenceState.FUTURE, EvidenceState.UNUSABLE) and found.replaced_by is None
    ]


def due_text(book: EvidenceBook, within: int) -> str:
    """What has run out, what counts for nothing, and what falls due, a line each."""
    until = after_days(book.today, within)
    lines = []
    for title, found in (
        ("run out, with nothing newer", book.stale()),
        ("counts for nothing", _unusable(book)),
        (f"due by {until}", book.due(until)),
    ):
        if found:
            lines.append(title)
            lines += [f"  {one.due}  {one.record.id}  {one.evidence.title} ({one.evidence.collected_by}): {one.why}" for one in found]
    return as_lines(lines or [f"Nothing has run out, and nothing falls due by {until}."])


def due_json(book: EvidenceBook, within: int) -> str:
    """An object with `today`, `until`, `stale`, `unusable` and `due`."""
    until = after_days(book.today, within)
    data = {
        "today": str(book.today),
        "until": str(until),
        "stale": [_as_data(found) for found in book.stale()],
        "unusable": [_as_data(found) for found in _unusable(book)],
        "due": [_as_data(found) for found in book.due(until)],
    }
    return json_text(data)


def _as_data(found: Freshness) -> dict[str, Any]:
    evidence = found.evidence
    return {
        "id": found.record.id,
        "title": evidence.title,
        "state": found.state.value,
        "why": found.why,
        "due": str(found.due),
        "counts_until": str(found.ends),
        "evidences": list(evidence.evidences),
        "documents": list(evidence.documents),
        "about": list(evidence.about),
        "collected_by": evidence.collected_by,
    }
