"""Runs a piece of work in processes of their own and kills each with SIGKILL at another file operation.

An operation is counted where it changes something on disk: a file opened for writing, each write, a sync, a rename, a link, a
removal, a folder. A write is killed half-way, so that the half of it is on disk. The work runs in a fork, so that a kill is a
kill; this module imports nothing that starts threads.
"""

from __future__ import annotations

import builtins
import errno
import hashlib
import io
import os
import random
import signal
import stat
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

_CALLS = (
    *("replace", "rename", "link", "symlink", "unlink", "remove", "rmdir", "mkdir", "fsync", "fdatasync", "ftruncate", "truncate"),
    *("chmod", "utime"),
)
Tree = dict[str, tuple[str, int, str]]


class Counted:
    """The operations of this process: the disk is full at one of them, and the process ends at another."""

    def __init__(self, at: int | None, full: int | None = None) -> None:
        self.at, self.full, self.count = at, full, 0

    def step(self) -> bool:
        """Count one; whether it is the last one to begin.

        Raises:
            OSError: The disk is full at this one.
        """
        self.count += 1
        if self.count == self.full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self.count == self.at

    def before(self, call: Callable) -> Callable:
        def counted(*words: object, **named: object) -> object:
            if self.step():
                os.kill(os.getpid(), signal.SIGKILL)
            return None if call.__name__ == "fsync" else call(*words, **named)  # what was written outlives a kill in any case

        return counted

    def install(self) -> None:
        for name in _CALLS:
            setattr(os, name, self.before(getattr(os, name)))
        real_open, real_write, real_os_open = io.open, os.write, os.open
        steps = self

        class File(io.FileIO):
            def write(self, data: object) -> int:
                if steps.step():
                    super().write(bytes(data)[: len(bytes(data)) // 2])
                    os.kill(os.getpid(), signal.SIGKILL)
                return super().write(data)

        def counted_open(file: object, mode: str = "r", buffering: int = -1, encoding: object = None, *words: object, **named: object):
            if isinstance(file, int) or not set(mode) & set("wxa+"):
                return real_open(file, mode, buffering, encoding, *words, **named)
            if steps.step():
                os.kill(os.getpid(), signal.SIGKILL)
            if named.get("opener"):
                return real_open(file, mode, buffering, encoding, *words, **named)
            raw = File(file, mode.replace("b", "").replace("t", ""))
            stream = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
            return stream if "b" in mode else io.TextIOWrapper(stream, encoding, *words, **named)

        def counted_os_open(path: object, flags: int, *words: object, **named: object) -> int:
            if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) and steps.step():
                os.kill(os.getpid(), signal.SIGKILL)
            return real_os_open(path, flags, *words, **named)

        def counted_write(descriptor: int, data: bytes) -> int:
            if descriptor > 2 and steps.step():
                real_write(descriptor, data[: len(data) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            return real_write(descriptor, data)

        io.open = builtins.open = counted_open  # type: ignore[assignment]
        os.open, os.write = counted_os_open, counted_write


def killed_at(work: Callable[[], object], at: int | None, full: int | None = None) -> tuple[bool, int]:
    """Run some work in a process that ends at an operation; whether it was killed, and how many operations it had else.

    Args:
        work: What to run.
        at: The operation before which, or in which, it is killed; None for none.
        full: The operation at which there is no space left on the disk; None for none.
    """
    told, tells = os.pipe()
    child = os.fork()
    if child == 0:
        steps = Counted(at, full)
        write, status = os.write, 1
        try:
            steps.install()
            work()
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            write(tells, f"{steps.count}".encode())
            os._exit(status)
    os.close(tells)
    with open(told, "rb") as stream:
        count = stream.read()
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert killed or status == 0, status
    return killed, int(count or 0)


def killed_after(work: Callable[[], object], seconds: float) -> bool:
    """Run some work in a process that is killed from outside; whether it was still at work."""
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        try:
            work()
        finally:
            os._exit(0)
    time.sleep(seconds)
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def seconds_of(work: Callable[[], object]) -> float:
    """How long some work takes in a process of its own."""
    start = time.monotonic()
    killed_at(work, None)
    return time.monotonic() - start


def moments(count: int, seconds: float) -> Iterator[float]:
    """Seeded moments between the start of some work and a little after its end."""
    pick = random.Random(42001)
    return (pick.uniform(0, seconds * 1.05) for _ in range(count))


def tree_of(folder: Path, without: tuple[str, ...] = ()) -> Tree:
    """Everything below a folder but for `.git`: kind, mode, and SHA-256 of its bytes, by path."""
    found: Tree = {}
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != ".git" and name not in without)
        for name in (*folders, *names):
            path = Path(place, name)
            mode = path.lstat().st_mode
            data = path.read_bytes() if stat.S_ISREG(mode) else b""
            found[path.relative_to(folder).as_posix()] = (stat.filemode(mode)[0], stat.S_IMODE(mode), hashlib.sha256(data).hexdigest())
    return found
