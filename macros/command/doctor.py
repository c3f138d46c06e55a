"""`doctor`: what is wrong with a folder itself: half written, half there, changed, or without what it needs to run."""

from __future__ import annotations

import argparse
import errno
import importlib.metadata
import json
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from macros.command.screen import show
from macros.encode.data import as_json as json_text
from macros.encode.terminal import lines as as_lines
from macros.generated import KIT_MARK, MOST_BYTES, RECORD, kit_files
from macros.journal import WORK, turn, unfinished
from macros.problem import KitError, Severity

_LEFT = re.compile(r"\..+\.\d+\.new|\.aims\.json\.new|\.aims-work\..+")
"""Names under which this version and earlier ones prepared a file."""
_PASSED_BY = {".git", ".venv", "site", "node_modules", "__pycache__", WORK}
_PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)[ \\]*$", re.MULTILINE)
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Symptom:
    """One thing that is wrong with the folder, not with what is written in it."""

    severity: Severity
    what: str
    way_out: str
    files: tuple[str, ...] = ()
    mend: Callable[[], None] | None = None
    """Puts it right; None where a person has to."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument("--write", dest="mend", action="store_true", help="mend what can be mended without losing anything")
    parser.add_argument("--format", choices=("json", "text"), default="text", help="how to print (default: text)")


def run(given: argparse.Namespace) -> int:
    """Print what is wrong; 1 while anything but notes is left."""
    root: Path = given.root
    if not root.is_dir():
        raise KitError(f"'{root}' is no folder")
    found = list(symptoms(root))
    mended = []
    if given.mend:
        for symptom in found:
            if symptom.mend:
                symptom.mend()
                mended.append(symptom)
        found = list(symptoms(root))
    show(as_json(found, mended) if given.format == "json" else as_text(found, mended))
    return int(any(symptom.severity is not Severity.NOTE for symptom in found))


def symptoms(root: Path) -> Iterator[Symptom]:
    """Everything that is wrong with a folder, in the order in which it is to be looked at.

    Raises:
        KitError: The folder is neither the kit nor an organisation's repository.
    """
    known = any((root / name).exists() for name in (KIT_MARK, RECORD, WORK, "org.yaml", "registers", "controls", "macros"))
    if not known:
        raise KitError(f"'{root}' is neither the kit nor an organisation's repository; run this in one, or name one with --root")
    yield from _stopped(root)
    yield from _left_over(root)
    yield from _delivered(root)
    yield from _commits(root)
    yield from _surroundings(root)


def _stopped(root: Path) -> Iterator[Symptom]:
    def end() -> None:
        with turn(root, "doctor", keep_edits=True):
            pass

    try:
        writing = unfinished(root)
    except KitError as error:
        what, _, way_out = str(error).partition("; ")
        yield Symptom(Severity.ERROR, what, way_out)
        return
    if writing:
        files = tuple(step.path for step in writing.steps)
        what = f"'{writing.purpose}' was stopped while it wrote, and these files may be half old and half new: {len(files)}"
        yield Symptom(Severity.ERROR, what, "'./aims doctor --write' finishes it", files, end)
    elif (root / WORK).exists():
        what = f"'{WORK}/' is there: a program writes at this moment, or was stopped before it changed anything"
        yield Symptom(Severity.WARNING, what, "'./aims doctor --write' takes it away when nobody writes", mend=end)


def _left_over(root: Path) -> Iterator[Symptom]:
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(set(folders) - _PASSED_BY)
        found += [Path(folder, name).relative_to(root).as_posix() for name in sorted(names) if _LEFT.fullmatch(name)]

    def sweep() -> None:
        for path in found:
            (root / path).unlink(missing_ok=True)

    if found:
        way_out = "'./aims doctor --write' deletes them"
        yield Symptom(Severity.WARNING, f"files left of a program that was stopped: {len(found)}", way_out, tuple(found), sweep)


def _delivered(root: Path) -> Iterator[Symptom]:
    """What a generation left and is not here, or is not as it came."""
    if (root / KIT_MARK).is_file() and not any((root / name).exists() for name in (RECORD, "org.yaml", "registers")):
        return
    again = "where a generation or a copy was stopped, delete the folder and make it again; otherwise bring them back from the history"
    try:
        record = json.loads(_plain(root / RECORD))
        files, own = dict(record["files"]), [path for path in record.get("organisation", ()) if isinstance(path, str)]
        _ = record["kit"], record["registers"], record["texts"]
    except FileNotFoundError:
        parts = ("org.yaml", "mkdocs.yml", "controls", "docs", "registers", "macros", "mkdocs_hooks.py", "requirements.txt")
        missing = tuple(part for part in parts if not (root / part).exists())
        yield Symptom(Severity.ERROR, f"'{RECORD}' is missing, which a generation writes last", again, (RECORD, *missing))
        return
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        yield Symptom(Severity.ERROR, f"'{RECORD}' cannot be read", "bring it back from the history, or run 'cruft update'", (RECORD,))
        return
    here = kit_files(root)
    gone = tuple(path for path in files if path not in here)
    changed = tuple(path for path in files if path in here and here[path] != files[path])
    added = tuple(path for path in here if path not in files and path.startswith("macros/"))
    lost = tuple(path for path in own if not (root / path).exists())
    as_delivered = "bring them back as delivered, from the history or with 'cruft update'"
    for severity, paths, what, way_out in (
        (Severity.ERROR, gone, "files of the kit that are missing", again),
        (Severity.WARNING, changed, "files of the kit that are not as delivered", as_delivered),
        (Severity.WARNING, added, "files in the engine's folder that were not delivered with it", "move them elsewhere"),
        (Severity.NOTE, lost, "generated files that are not here", "nothing is to be done where that was decided; else bring them back"),
    ):
        if paths:
            yield Symptom(severity, f"{what}: {len(paths)}", way_out, paths)


def _commits(root: Path) -> Iterator[Symptom]:
    if shutil.which("git") is None:
        yield Symptom(Severity.WARNING, "git is not installed", "install it: reviews, approvals, histories and trends are read with it")
        return
    try:
        from macros.git.repository import ask_git  # needs the engine whole, and its requirements
    except Exception as error:  # noqa: BLE001  # whatever a half engine raises; the missing files are named already
        yield Symptom(Severity.ERROR, f"the engine cannot be loaded ({error})", "mend what is said above and below, then run this again")
        return
    if ask_git(root, "rev-parse", "--show-prefix") is None:
        yield Symptom(Severity.NOTE, "the folder is in no git repository", "'git init', then commit everything: an approval is of a commit")
        return
    if (ask_git(root, "rev-parse", "--is-shallow-repository") or b"").strip() == b"true":
        yield Symptom(Severity.WARNING, "the clone is shallow, so earlier commits cannot be read", "run 'git fetch --unshallow'")
    deleted = (ask_git(root, "ls-files", "-z", "--deleted", "--", ".") or b"").decode("utf-8", "backslashreplace")
    paths = tuple(dict.fromkeys(filter(None, deleted.split("\0"))))
    if paths:
        way_out = "commit that where they were deleted on purpose; 'git restore .' brings them back"
        yield Symptom(Severity.WARNING, f"files that git knows and that are not here: {len(paths)}", way_out, paths)


def _surroundings(root: Path) -> Iterator[Symptom]:
    try:
        pins = _PIN.findall(_plain(root / "requirements.txt").decode("utf-8"))
    except (OSError, ValueError):
        return
    differing = []
    for name, version in pins:
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found = "none"
        if found != version:
            differing.append(f"{name}=={version} (found: {found})")
    if differing:
        way_out = "run 'make setup' and use the Python in '.venv', or install 'requirements.txt' into this one"
        yield Symptom(Severity.WARNING, f"requirements that are not installed as locked: {len(differing)}", way_out, tuple(differing))


def _plain(path: Path) -> bytes:
    """The bytes of a plain file; a pipe, a device or a link in its place counts as one that cannot be read.

    Raises:
        OSError: It cannot be read, or is something else.
    """
    state = path.lstat()
    if not stat.S_ISREG(state.st_mode) or state.st_size > MOST_BYTES:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
    return path.read_bytes()


def as_text(found: list[Symptom], mended: list[Symptom]) -> str:
    """A line for each, with the first of its files beneath it."""
    lines = [f"mended: {symptom.what}" for symptom in mended if symptom not in found]
    for symptom in found:
        lines.append(f"{symptom.severity.value}: {symptom.what}; {symptom.way_out}")
        lines += [f"  {path}" for path in symptom.files[:_SHOWN]]
        more = len(symptom.files) - _SHOWN
        lines += [f"  and {more} more, which --format json lists"] if more > 0 else []
    return as_lines(lines or ["Nothing is wrong with the folder itself; 'check' says what is to mend in the texts."])


def as_json(found: list[Symptom], mended: list[Symptom]) -> str:
    """An object with `symptoms` and `mended`."""
    data = {
        "symptoms": [
            {
                "severity": symptom.severity.value,
                "message": symptom.what,
                "way_out": symptom.way_out,
                "files": list(symptom.files),
                "mendable": symptom.mend is not None,
            }
            for symptom in found
        ],
        "mended": [symptom.what for symptom in mended],
    }
    return json_text(data)
