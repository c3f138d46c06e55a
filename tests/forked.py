"""Runs `python -m macros` and `python -m mkdocs` in forks of a process that has imported both, since the import takes longer than most runs.

A fork is a process: it begins with an engine that was imported and has run nothing, has its own folder, environment and
streams, and ends with an exit code. It runs the kit's own engine, so a repository whose engine differs by one file from the kit's
gets a real start instead, and so does who asks for what is decided before the first import. `tests/test_forked.py` compares both.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

KIT = Path(__file__).resolve().parent.parent
BEFORE = ("PYTHON", "LC_", "LANG", "LD_")
"""What a variable begins with that counts before the first import, and so has to be as it was when this process began."""
TAKEN = frozenset({"PYTHONIOENCODING", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "PYTHONPATH"})
"""Those among them that a fork heeds by itself, or that change nothing of what it says."""
LATE = (
    *("macros.command.run", "macros.host", "macros.pages", "macros.site", "macros.schemas", "mkdocs_hooks"),
    *("mkdocs.__main__", "mkdocs.commands.build", "mkdocs_macros.plugin", "material.plugins.search.plugin"),
    *("markdown.extensions." + name for name in ("abbr", "admonition", "attr_list", "def_list", "md_in_html", "tables", "toc")),
    *("pymdownx.details", "pymdownx.highlight", "pymdownx.superfences", "pygments.lexers", "pygments.formatters.html"),
)
"""What a run imports while it runs."""

KNOWN: Path | None = None
"""The worked organisation, once it is made."""


class Forks:
    """The process that is forked, as the tests see it."""

    def __init__(self, known: Path | None) -> None:
        words = [sys.executable, "-m", "tests.forked", *([str(known)] if known else [])]
        self._process = subprocess.Popen(words, cwd=KIT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        atexit.register(self.close)

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()

    def run(self, module: str, words: Sequence[str], cwd: Path, environment: Mapping[str, str], timeout: float) -> tuple[int, bytes, bytes]:
        """Exit code, output and errors of one run; `module` is the name of one, or code.

        Raises:
            TimeoutExpired: It took longer than it may, and was killed.
        """
        with tempfile.TemporaryDirectory(prefix="forked") as room:
            order = {"module": module, "words": list(words), "cwd": str(cwd), "environment": dict(environment), "room": room}
            self._process.stdin.write(json.dumps({**order, "timeout": timeout}) + "\n")
            self._process.stdin.flush()
            code = json.loads(self._process.stdout.readline())
            if code is None:
                raise subprocess.TimeoutExpired([module, *words], timeout)
            return code, Path(room, "1").read_bytes(), Path(room, "2").read_bytes()


@cache
def forks(known: Path | None = None) -> Forks:
    """That of this process; another one for an organisation whose texts it is to know."""
    return Forks(known)


def files_of_engine(folder: Path) -> dict[str, os.stat_result]:
    """Every file of an engine, by its path."""
    files = [Path(place, name) for place, _, names in os.walk(folder / "macros", followlinks=True) for name in names]
    found = {path.relative_to(folder).as_posix(): path for path in [*files, folder / "mkdocs_hooks.py"] if "__pycache__" not in path.parts}
    return {name: path.stat() for name, path in found.items() if path.is_file()}


@cache
def files_of_kit() -> dict[str, os.stat_result]:
    return files_of_engine(KIT)


def is_the_kits(folder: Path) -> bool:
    """Whether the engine in a folder is the kit's; the same size and time stand for the same bytes, as they do for Python."""
    theirs, ours = files_of_engine(folder), files_of_kit()
    return theirs.keys() == ours.keys() and all(
        stat.st_size == ours[path].st_size
        and (stat.st_mtime_ns == ours[path].st_mtime_ns or (folder / path).read_bytes() == (KIT / path).read_bytes())
        for path, stat in theirs.items()
    )


def bare(**environment: str) -> dict[str, str]:
    """An environment of nothing but these, and of what a start of Python heeds."""
    return {**{name: value for name, value in os.environ.items() if name.startswith(BEFORE)}, **environment}


def may_be_forked(cwd: Path, environment: Mapping[str, str]) -> bool:
    """Whether a start there would run the kit's engine, or one that is the same, under what holds for this process."""
    begins = {name: value for name, value in environment.items() if name.startswith(BEFORE) and name not in TAKEN}
    if begins != {name: value for name, value in os.environ.items() if name.startswith(BEFORE) and name not in TAKEN}:
        return False
    engine = cwd if (cwd / "macros").is_dir() else Path(environment.get("PYTHONPATH") or "nowhere")
    return hasattr(os, "fork") and is_the_kits(engine)


def started(
    module: str,
    *words: str,
    cwd: Path = KIT,
    env: Mapping[str, str] | None = None,
    real: bool = False,
    known: bool = False,
    timeout: float = 600,
    text: bool = True,
) -> subprocess.CompletedProcess:
    """What `python -m MODULE WORDS` gives in a folder.

    Args:
        module: `macros` or `mkdocs`, or code of several lines, for `python -c`.
        words: The command line.
        cwd: The folder.
        env: The whole environment; that of this process where none is given.
        real: Start an interpreter in any case.
        known: Fork a process that has read the worked organisation before. What is kept in memory goes by the text, so this only
            spares reading the same text again; it is not for who asks how texts are read or kept.
        timeout: Seconds, as a net against hanging alone.
        text: Whether output and errors are decoded.
    """
    environment = os.environ if env is None else env
    if not real and may_be_forked(cwd, environment):
        code, out, err = forks(KNOWN if known else None).run(module, words, cwd, environment, timeout)
    else:
        done = subprocess.run(
            [sys.executable, "-c" if "\n" in module else "-m", module, *words],
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout,
            check=False,
        )
        code, out, err = done.returncode, done.stdout, done.stderr
    if not text:
        return subprocess.CompletedProcess([module, *words], code, out, err)
    told = (io.TextIOWrapper(io.BytesIO(data), "utf-8").read() for data in (out, err))  # with one kind of line ends, as `text` gives it
    return subprocess.CompletedProcess([module, *words], code, *told)


# In the process that is forked


def _run(order: dict) -> None:
    """Become what was ordered; nothing is given back."""
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["environment"])
    time.tzset()
    for number, name in ((0, os.devnull), (1, f"{order['room']}/1"), (2, f"{order['room']}/2")):
        opened = os.open(name, os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    encoding, _, errors = os.environ.get("PYTHONIOENCODING", "").partition(":")
    encoding = encoding or "utf-8"
    sys.stdin = sys.__stdin__ = io.TextIOWrapper(os.fdopen(0, "rb"), encoding, errors or None)
    sys.stdout = sys.__stdout__ = io.TextIOWrapper(os.fdopen(1, "wb"), encoding, errors or None)
    sys.stderr = sys.__stderr__ = io.TextIOWrapper(os.fdopen(2, "wb"), encoding, "backslashreplace", line_buffering=True)
    sys.path[0] = order["cwd"]
    code = 1
    try:
        if "\n" in order["module"]:
            sys.argv = ["-c", *order["words"]]
            exec(compile(order["module"], "<string>", "exec"), {"__name__": "__main__"})
            raise SystemExit(0)
        sys.argv = [importlib.import_module(f"{order['module']}.__main__").__file__, *order["words"]]
        if order["module"] == "macros":
            sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # as the lines at the end of the module do
            raise SystemExit(sys.modules["macros.__main__"].main())
        sys.modules["mkdocs.__main__"].cli(prog_name="python -m mkdocs")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if code and not isinstance(end.code, int):
            sys.stderr.write(f"{end.code}\n")
    except BaseException:
        traceback.print_exc()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)


def _wait(child: int, timeout: float) -> int | None:
    """The exit code, that of `subprocess` where a signal ended it; None where it had to be killed."""

    def late(*_: object) -> None:
        os.kill(child, signal.SIGKILL)
        raise TimeoutError

    signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, timeout)
    try:
        _, status = os.waitpid(child, 0)
    except TimeoutError:
        os.waitpid(child, 0)
        return None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
    return os.waitstatus_to_exitcode(status)


def know(organisation: Path) -> None:
    """Read the texts of an organisation, and keep no more of it than what goes by a text."""
    os.environ["AIMS_CACHE"] = "off"
    with contextlib.redirect_stdout(io.StringIO()):
        importlib.import_module("macros.__main__").main(["check", "--root", str(organisation), "--today", "2026-11-16"])
    sys.modules["macros.world"]._worlds.clear()
    del os.environ["AIMS_CACHE"]


def main() -> None:
    """Import all, and fork for each line that comes in."""
    sys.stdin.reconfigure(encoding="utf-8")
    verbs = importlib.import_module("macros.command.verbs").VERBS
    for name in ("macros.__main__", *LATE):
        importlib.import_module(name)
    for verb in verbs.values():
        verb.load()
    if sys.argv[1:]:
        know(Path(sys.argv[1]))
    orders, answers = os.dup(0), os.dup(1)
    for descriptor in (orders, answers):
        os.set_inheritable(descriptor, False)
    gc.collect()
    gc.freeze()
    with open(orders, encoding="utf-8", closefd=False) as lines:
        for line in lines:
            child = os.fork()
            if child == 0:
                gc.enable()
                os.close(orders)
                os.close(answers)
                _run(json.loads(line))
            os.write(answers, f"{json.dumps(_wait(child, json.loads(line)['timeout']))}\n".encode())


if __name__ == "__main__":
    main()
