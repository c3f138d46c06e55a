"""One program writes in a folder at a time."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from macros.journal.record import COMMIT, DECIDED, LOCK, STAGE, UNDO, WORK, small_file
from macros.problem import KitError

if TYPE_CHECKING:
    from filelock import BaseFileLock

_IGNORE = ".gitignore"
_SOON = 0.2
"""Seconds after which somebody who waits is told so."""


def acquire(home: Path, purpose: str, say: Callable[[str], None], patience: float) -> BaseFileLock:
    """Make the work folder and hold its lock.

    Args:
        home: The folder that is to be written in.
        purpose: The verb that writes, for whoever has to wait.
        say: Told in a sentence whom it waits for.
        patience: Seconds to wait.

    Raises:
        KitError: Another program writes and does not end, or the folder cannot be written in.
    """
    start, told = time.monotonic(), False
    until = start + patience
    while True:
        lock = _try(home, purpose, max(0.0, until - time.monotonic()) if told else min(_SOON, patience))
        if lock:
            return lock
        if not home.is_dir():
            raise KitError(f"'{home}' is no folder")
        holder = _holder(home / WORK / LOCK)
        if time.monotonic() >= until:
            raise KitError(f"{holder} is writing in '{home}'; try again when it is done, nothing was changed")
        if not told and time.monotonic() - start >= _SOON:
            say(f"Waiting for {holder}, which is writing in '{home}'")
            told = True


def _try(home: Path, purpose: str, seconds: float) -> BaseFileLock | None:
    """The lock, or None where another one has it, or has just taken it away with the folder."""
    from filelock import FileLock, Timeout  # only a writer needs it

    path, signed = home / WORK / LOCK, []

    def sign(descriptor: int) -> None:
        signed.append(os.fstat(descriptor).st_ino)
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()} {time.time_ns()} {purpose}\n".encode())

    lock = FileLock(path, on_acquired=sign)
    try:
        path.parent.mkdir(exist_ok=True)
        if path.parent.is_symlink():
            raise KitError(f"'{path.parent}' is a symbolic link, which is not followed; delete it")
        _refuse_foreign(path.parent)
        lock.acquire(timeout=seconds, poll_interval=0.05)
        if os.stat(path).st_ino == signed[0]:  # or it is the lock of a folder that is gone
            _hide(path.parent)
            return lock
    except (FileNotFoundError, Timeout):
        pass
    except OSError as error:
        lock.release(force=True)
        leave(home)
        raise KitError(f"'{home}' cannot be written in ({error.strerror or error}); nothing was changed") from None
    lock.release(force=True)
    return None


def _refuse_foreign(work: Path) -> None:
    """Write into nothing but plain files: a link of such a name, which a commit can bring, leads elsewhere."""
    with os.scandir(work) as entries:
        for entry in entries:
            if not (entry.is_file(follow_symlinks=False) or (entry.name == STAGE and entry.is_dir(follow_symlinks=False))):
                what = f"'{WORK}/{entry.name}' was laid there by no writer"
                raise KitError(f"{what}; compare the files with the last commit, then delete '{WORK}'")


def leave(home: Path) -> None:
    """Take the work folder away, unless the journal of something unfinished lies in it; the lock is held."""
    work = home / WORK
    if (work / COMMIT).exists() or (work / UNDO).exists():
        return
    shutil.rmtree(work / STAGE, ignore_errors=True)
    with contextlib.suppress(OSError):
        for name in (LOCK, DECIDED, _IGNORE):  # in this order, which readers go by
            (work / name).unlink(missing_ok=True)
        work.rmdir()  # fails where the next writer has its lock in it already
        os.utime(home, ns=(home.stat().st_atime_ns, time.time_ns()))  # the system's own clock for folders is coarse


def _holder(path: Path) -> str:
    try:
        process, _, purpose = small_file(path).decode("utf-8").strip().split(" ", 2)
    except (OSError, ValueError):
        process, purpose = "", ""
    return f"'{purpose}' (process {process})" if process.isdigit() and purpose.replace("-", "").isalnum() else "another program"


def _hide(work: Path) -> None:
    """Let git pass the folder by also where the repository's `.gitignore` does not know it."""
    if not (work / _IGNORE).exists():
        (work / _IGNORE).write_text("*\n", encoding="utf-8", newline="\n")
