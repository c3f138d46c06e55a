"""One case played through the code path of its verb, and what is wrong with how that went."""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import subprocess
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from macros import world as loaded
from macros.__main__ import main
from macros.load import load_workspace
from macros.render.site_pages import downloads, generated
from tests.conftest import KIT
from tests.mutations.inputs import TODAY, Input, Words
from tests.mutations.worlds import Worlds

MEMORY = 512 << 20
"""Bytes that a process of the campaign may have held at its peak."""
LONGEST_MESSAGE = 20_000


@dataclass(frozen=True)
class Said:
    """What a verb left behind."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Case:
    """One damaged input and the verb that meets it."""

    number: int
    given: Input
    path: str
    """The file, from the root of its organisation."""
    data: bytes
    how: str
    """The names of the changes."""
    sure: bool
    """Whether the verb has to name the file and a line of it."""
    words: Words

    def __str__(self) -> str:
        return f"case {self.number}: {self.given.name}, {self.path}, {self.how}, {' '.join(self.words)}"


def fault_of(case: Case, worlds: Worlds, known: frozenset[tuple]) -> str | None:
    """What is wrong with how a verb took a case; None where nothing is.

    Args:
        case: What to play.
        worlds: The organisations; they are left as they were.
        known: Problems of the organisation as it was, by code, path and message.
    """
    loaded._worlds.clear()
    try:
        with _in_place(case, worlds) as words:
            said = _run(words, worlds.root(case.given.world))
    except RefusedByTheSystem:
        return None
    except Exception as error:
        return _where(error)
    if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 > MEMORY:
        return f"more than {MEMORY >> 20} MiB of memory"
    return _unfit(case, said, known)


class RefusedByTheSystem(Exception):
    """The system itself has no such file or argument, so no verb can meet it."""


def _where(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    last = next((frame for frame in reversed(frames) if "/macros/" in frame.filename or "/hooks/" in frame.filename), frames[-1])
    return f"traceback {type(error).__name__} in {Path(last.filename).name}:{last.name}: {str(error)[:160]!r}"


def _unfit(case: Case, said: Said, known: frozenset[tuple]) -> str | None:
    if said.code not in (0, 1, 2, 3):
        return f"exit code {said.code}"
    if "Traceback (most recent call last)" in said.err:
        return "a traceback on the screen: " + said.err.strip().splitlines()[-1][:200]
    if said.code in (2, 3) and case.words[0] != "ANSWERS" and (said.out or said.err.count("\n") != 1 or len(said.err) > LONGEST_MESSAGE):
        return f"exit code {said.code} without one sentence: {said.err[:200]!r}"
    if case.words == ("check", "--format", "json") and said.code in (0, 1):
        return _unplaced(case, json.loads(said.out)["problems"], known)
    if case.sure and case.words[0] == "check" and said.code == 0:
        return f"nobody noticed '{case.how}'"
    if case.sure and case.given.way_in == "outside" and (said.code != 3 or Path(case.path).name not in said.err):
        return f"exit code {said.code} without the name of the file: {said.err[:200]!r}"
    return None


def _unplaced(case: Case, problems: list[dict], known: frozenset[tuple]) -> str | None:
    """Whether problems are without sentence, place or way out, or none of them says where the damage is."""
    text = case.data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    length = text.count(b"\n") + 1
    for problem in problems:
        if not problem["message"] or not problem["way_out"] or problem["line"] < 1:
            return f"a problem without sentence, line or way out: {problem}"
        if problem["path"] == case.path and case.given.way_in == "file" and problem["line"] > length:
            return f"{problem['code']} on line {problem['line']} of a file of {length} lines"
    here = [
        problem
        for problem in problems
        if problem["path"] == case.path and (problem["code"], problem["path"], problem["message"]) not in known
    ]
    if case.sure and case.given.way_in == "file" and not here:
        return f"no problem names '{case.path}', though '{case.how}' was done to it"
    return None


def _run(words: Words, root: Path) -> Said:
    """A verb in this process, with streams that refuse what a screen could not take."""
    out, err = io.BytesIO(), io.BytesIO()
    streams = [
        io.TextIOWrapper(out, "utf-8", "strict", write_through=True),
        io.TextIOWrapper(err, "utf-8", "backslashreplace", write_through=True),
    ]
    with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
        try:
            code = _special[words[0]](words, root) if words[0] in _special else main(words)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
    return Said(code, out.getvalue().decode("utf-8"), err.getvalue().decode("utf-8"))


def run_for_real(words: Words) -> Said:
    """The same in a process of its own."""
    done = subprocess.run([sys.executable, "-m", "macros", *words], cwd=KIT, capture_output=True, check=False, timeout=300)
    return Said(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8", "backslashreplace"))


def _pages(words: Words, root: Path) -> int:
    from macros.problem import KitError

    try:
        workspace = load_workspace(root)
        world = loaded.World(workspace, loaded.today_of(workspace), root)
        for _, text in (*generated(world), *downloads(world)):
            text.encode("utf-8")
    except KitError as error:
        print(f"python -m macros: {error}", file=sys.stderr)
        return 3
    return 0


def _answers(words: Words, root: Path) -> int:
    """The hook before a generation, as its own file has it; a real generation refuses what it refuses."""
    text = (KIT / "hooks/pre_gen_project.py").read_text("utf-8").replace("<< cookiecutter | tojson >>", "{}")
    room: dict = {"__name__": "hook"}
    exec(compile(text, str(KIT / "hooks/pre_gen_project.py"), "exec"), room)
    answers = json.loads((root / "outside/answers.json").read_text("utf-8"))
    sentence = room["refusal"](answers, 2026)
    if sentence is None:
        return 0
    assert sentence.endswith((".", "none.")) and "\n" not in sentence, sentence
    return 1


_special = {"PAGES": _pages, "ANSWERS": _answers}


# Putting a case in its place, and taking it away again


@contextlib.contextmanager
def _in_place(case: Case, worlds: Worlds) -> Iterator[Words]:
    root = worlds.root(case.given.world)
    words = tuple(
        word.replace("{file}", str(root / case.path))
        .replace("{folder}", str((root / case.path).parent))
        .replace("{path}", str(root / case.path))
        for word in case.words
    )
    if words[0] not in _special:
        words = (*words, "--root", str(root)) if words[0] != "comment" else words
    today = () if case.given.way_in == "day" or words[0] == "comment" else ("--today", TODAY)
    placing = {"name": _named, "day": _dated, "blob": _proposed, "commit": _committed}.get(case.given.way_in, _written)
    with placing(case, root) as more:
        yield words if words[0] in _special else (*words, *today, *more)


@contextlib.contextmanager
def _written(case: Case, root: Path) -> Iterator[Words]:
    file = root / case.path
    before, mode = file.read_bytes(), file.stat().st_mode
    file.chmod(mode | 0o200)
    try:
        file.write_bytes(case.data)
        yield ()
    finally:
        file.write_bytes(before)
        file.chmod(mode)


@contextlib.contextmanager
def _named(case: Case, root: Path) -> Iterator[Words]:
    file = os.fsencode(root / case.path) + b"/" + case.data
    try:
        with open(file, "xb") as stream:
            stream.write(b"---\ntitle: x\n---\n\nText.\n")
    except (OSError, ValueError):
        raise RefusedByTheSystem from None
    try:
        yield ()
    finally:
        os.unlink(file)


@contextlib.contextmanager
def _dated(case: Case, root: Path) -> Iterator[Words]:
    name, _, value = case.data.decode("utf-8").partition(" ")
    if name.startswith("--"):
        yield (f"{name}={value}",)
        return
    os.environ[name] = value
    try:
        yield ()
    finally:
        os.environ.pop(name, None)


def _import_commits(root: Path, stream: bytes) -> None:
    done = subprocess.run(["git", "fast-import", "--quiet", "--force"], cwd=root, input=stream, capture_output=True, check=False)
    if done.returncode:
        for report in (root / ".git").glob("fast_import_crash_*"):
            report.unlink()
        raise RefusedByTheSystem(done.stderr.decode("utf-8", "replace"))


def _data(content: bytes) -> bytes:
    return b"data %d\n" % len(content) + content + b"\n"


_WHO = b"A <a@example.invalid> 1764633600 +0000"


@contextlib.contextmanager
def _proposed(case: Case, root: Path) -> Iterator[Words]:
    """A commit with the file on a branch `case`, and one before it, `base`, so that it can be what is in force as well."""
    path, before = case.path.encode("utf-8"), (root / case.path).read_bytes()
    stream = b"reset refs/heads/base\nfrom refs/heads/main^0\n\n"
    stream += (
        b"commit refs/heads/case\ncommitter "
        + _WHO
        + b"\n"
        + _data(b"Change")
        + b"from refs/heads/main^0\nM 100644 inline "
        + path
        + b"\n"
        + _data(case.data)
    )
    if case.words[1:2] == ("base",):
        stream = (
            b"commit refs/heads/base\ncommitter "
            + _WHO
            + b"\n"
            + _data(b"Base")
            + b"from refs/heads/main^0\nM 100644 inline "
            + path
            + b"\n"
            + _data(case.data)
        )
        stream += (
            b"commit refs/heads/case\ncommitter "
            + _WHO
            + b"\n"
            + _data(b"Change")
            + b"from refs/heads/base\nM 100644 inline "
            + path
            + b"\n"
            + _data(before)
        )
    _import_commits(root, stream)
    with _at_branch(root):
        yield ()


@contextlib.contextmanager
def _committed(case: Case, root: Path) -> Iterator[Words]:
    """A commit with odd words, names, times, modes and paths."""
    given = json.loads(case.data)
    path = given["path"].encode("utf-8", "surrogatepass")
    quoted = b'"' + path.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n") + b'"'
    who = f"{given['name']} <{given['email']}> {given['time']}".encode("utf-8", "surrogatepass")
    change = {
        "gone": b"D " + quoted + b"\n",
        "160000": b"M 160000 " + b"1" * 40 + b" " + quoted + b"\n",
        "folder": b"M 100644 inline " + quoted[:-1] + b'/x.md"\n' + _data(b"Text.\n"),
    }.get(given["mode"], b"M " + given["mode"].encode() + b" inline " + quoted + b"\n" + _data(b"../../x"))
    message = given["message"].encode("utf-8", "surrogatepass")
    _import_commits(root, b"commit refs/heads/case\ncommitter " + who + b"\n" + _data(message) + b"from refs/heads/main^0\n" + change)
    with _at_branch(root):
        yield ()


@contextlib.contextmanager
def _at_branch(root: Path) -> Iterator[None]:
    head = root / ".git/HEAD"
    before = head.read_bytes()
    head.write_bytes(b"ref: refs/heads/case\n")
    try:
        yield
    finally:
        head.write_bytes(before)
