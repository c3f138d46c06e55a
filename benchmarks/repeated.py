"""Repeated: what check, review and trend cost when most of what they read was read before, and nothing but one line has changed."""

from __future__ import annotations

import datetime
import os
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.floor import check_everything, read_and_parse
from benchmarks.repositories import documents_of, environment, grown, worked_organisation
from benchmarks.review_size import run
from benchmarks.rounds import Row, timed
from macros.cache import using
from macros.command.cache import FOLDER, cache_of

NAME = "repeated"
CHECKED, QUICK_CHECKED = 1000, 100
REVIEWED, QUICK_REVIEWED = 4000, 100
MONTHS, COMMITS, QUICK_COMMITS = 120, 5000, 50
FLOOR = "read and parse (floor)"
YEARS = 10
_TREND = ("-m", "macros", "trend", "--every", "month", "--last", str(MONTHS))


def measure(folder: Path, rounds: int, quick: bool) -> Iterator[Row]:
    """The goals: check 0.5 s at 1,000 documents; review twice the check at 4,000; trend 10 s over 5,000 commits."""
    worked = worked_organisation(folder)
    yield from _check(grown(worked, folder, QUICK_CHECKED if quick else CHECKED), rounds)
    if not quick:
        yield from _review(grown(worked, folder, REVIEWED), rounds)
    else:
        yield from _review(folder / f"documents-{QUICK_CHECKED}", rounds)
    yield from _trend(worked, rounds, QUICK_COMMITS if quick else COMMITS)


def checked_again(root: Path) -> None:
    """What the verb `check` does in a process that has just begun, with the cache of the repository."""
    with using(partial(cache_of, root)):
        check_everything(root)


def _check(root: Path, rounds: int) -> Iterator[Row]:
    in_git(root)
    documents = f"check in one process, {len(documents_of(root)):,} documents"
    times: dict[str, list[float]] = {name: [] for name in ("cold", "warm", "line", "floor")}
    for number in range(rounds):
        forget_all(root)
        times["cold"].append(timed(partial(checked_again, root)))
        times["warm"].append(timed(partial(checked_again, root)))
        change_a_line(root, number)
        times["line"].append(timed(partial(checked_again, root)))
        times["floor"].append(timed(partial(read_and_parse, root)))
    for name, what in (("cold", "nothing kept"), ("warm", "nothing changed"), ("line", "one line changed")):
        yield Row(NAME, f"{documents}, {what}", FLOOR, tuple(times[name]), tuple(times["floor"]))


def _review(root: Path, rounds: int) -> Iterator[Row]:
    in_git(root)
    size = len(documents_of(root))
    check, review = ("-m", "macros", "check"), ("-m", "macros", "review", "HEAD")
    run(root, *check)
    times: dict[str, list[float]] = {name: [] for name in ("first", "check", "review")}
    for number in range(rounds):
        change_a_line(root, number)
        times["first"].append(timed(partial(run, root, *review)))
        times["check"].append(timed(partial(run, root, *check)))
        times["review"].append(timed(partial(run, root, *review)))
    for name, what in (("first", "the line is new"), ("review", "again")):
        yield Row(NAME, f"review of one line in {size:,} documents, {what}", "check, warm", tuple(times[name]), tuple(times["check"]))


def _trend(root: Path, rounds: int, commits: int) -> Iterator[Row]:
    in_git(root, commits)
    times: dict[str, list[float]] = {name: [] for name in ("cold", "warm", "floor")}
    for _ in range(min(rounds, 3)):
        forget_all(root)
        times["cold"].append(timed(partial(run, root, *_TREND)))
        times["warm"].append(timed(partial(run, root, *_TREND)))
        times["floor"].append(timed(partial(run, root, "-m", "macros", "check")))
    for name, what in (("cold", "nothing kept"), ("warm", "again")):
        row = f"trend, {MONTHS} months of {commits:,} commits, {what}"
        yield Row(NAME, row, "check, warm", tuple(times[name]), tuple(times["floor"]))


def forget_all(root: Path) -> None:
    """Take the cache of a repository away."""
    for file in sorted((root / ".git" / FOLDER).rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()


def change_a_line(root: Path, number: int) -> None:
    """Write another line at the end of one document."""
    path = min(documents_of(root))
    text = path.read_text("utf-8").split("\nIn round ")[0]
    path.write_text(f"{text}\nIn round {number} the owner shall look at this again.\n", encoding="utf-8", newline="\n")


def in_git(root: Path, commits: int = 1) -> None:
    """Put a folder into git: one commit with all files ten years ago, then commits that each add a line to one document."""
    if not (root / ".git").exists():
        _git(root, "init", "--quiet", "--initial-branch", "main")
    documents = list(documents_of(root))
    files = [path for path in sorted(root.rglob("*")) if path.is_file() and ".git" not in path.parts and "__pycache__" not in path.parts]
    end = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
    start = end - datetime.timedelta(days=365 * YEARS)
    stream = [_commit(1, start, b"".join(_file(root, path, path.read_bytes()) for path in files))]
    texts = {path: path.read_bytes() for path in documents}
    for number in range(2, commits + 1):
        path = documents[number % len(documents)]
        texts[path] += b"\nIn change %d the owner shall keep this for %d days.\n" % (number, number)
        if number % (50 * len(documents)) < len(documents):
            texts[path] = path.read_bytes()
        stream.append(_commit(number, start + (end - start) * number / commits, _file(root, path, texts[path])))
    _git(root, "fast-import", "--quiet", "--force", feed=b"".join(stream))
    _git(root, "reset", "--quiet", "--hard", "main")


def _file(root: Path, path: Path, data: bytes) -> bytes:
    return b"M 100644 inline %s\ndata %d\n%s\n" % (path.relative_to(root).as_posix().encode("utf-8"), len(data), data)


def _commit(number: int, when: datetime.datetime, body: bytes) -> bytes:
    parent = b"from :%d\n" % (number - 1) if number > 1 else b""
    head = b"commit refs/heads/main\nmark :%d\ncommitter A <a@example.invalid> %d +0000\n" % (number, int(when.timestamp()))
    return head + b"data 6\nChange\n" + parent + body + b"\n"


def _git(root: Path, *words: str, feed: bytes | None = None) -> None:
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *words], cwd=root, env={**environment(), **alone}, input=feed, capture_output=True, check=True)
