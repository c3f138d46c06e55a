"""A folder that is made beside the one that it replaces, and takes its place in one step.

Whoever looks finds the old folder or the new one, also where the maker is killed. Everything of a making lies in
`.aims-build/` beside the target, which hides itself from git; what a killed maker left there goes at the next start.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from macros.problem import KitError

WORK = ".aims-build"
PATIENCE = 900.0
"""Seconds that a second maker waits for the first."""

_SWAP = 2
"""RENAME_EXCHANGE of Linux (renameat2(2)) and RENAME_SWAP of macOS (renamex_np(2))."""
_HERE = -100
"""AT_FDCWD of Linux: paths as they are."""
_NO_SUCH_CALL = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP})


class Place:
    """The target, and the room beside it; made by `place_of`, with the lock held."""

    def __init__(self, target: Path, work: Path) -> None:
        self.target = target
        self.new = work / f"{target.name}.new"
        """The folder to fill. After the step the old one lies here, and goes."""
        self.old = work / f"{target.name}.old"
        """Where the old one waits, on systems that cannot exchange two folders."""

    def begin(self) -> None:
        """Remove what a killed maker left, and make the empty folder."""
        self.tidy()
        self.new.mkdir()

    def step(self) -> None:
        """Put the new folder in place of the old one.

        Raises:
            KitError: It cannot be put there; the old one is where it was.
        """
        try:
            _to_disk(self.new)
            if not self.target.exists():
                os.rename(self.new, self.target)
            elif not exchanged(self.new, self.target):
                self._in_two_steps()
            _to_disk(self.target.parent, whole=False)
        except OSError as error:
            raise KitError(f"'{self.target}' cannot be replaced ({error.strerror}); it is as it was") from None

    def _in_two_steps(self) -> None:
        os.rename(self.target, self.old)
        try:
            os.rename(self.new, self.target)
        except OSError:
            os.rename(self.old, self.target)
            raise

    def tidy(self) -> None:
        """Bring back a folder that was moved away and never replaced, and remove the rest."""
        if self.old.exists() and not self.target.exists():
            os.rename(self.old, self.target)
        for left in (self.new, self.old):
            shutil.rmtree(left, ignore_errors=True)  # what stays is told by the next start, which cannot make its folder


@contextlib.contextmanager
def place_of(target: Path, say: Callable[[str], None], patience: float = PATIENCE) -> Iterator[Place]:
    """The room beside a folder, for one maker at a time.

    Args:
        target: The folder that is to be replaced; it need not be there yet.
        say: Gets one sentence where another maker has to be waited for.
        patience: For how many seconds.

    Raises:
        KitError: The room cannot be made, or another maker has it for longer than that.
    """
    target = Path(os.path.realpath(target))
    work = target.parent / WORK
    try:
        work.mkdir(parents=True, exist_ok=True)
        if work.is_symlink() or not work.is_dir():
            raise KitError(f"'{work}' is no folder of this kit; remove it")
        link = next((name for name in os.listdir(work) if (work / name).is_symlink()), None)
        if link:  # nothing is written to where it leads
            raise KitError(f"'{work / link}' is a symbolic link, which no build lays there; remove it")
        hidden = work / ".gitignore"
        if not hidden.exists():
            hidden.write_text("*\n", encoding="utf-8")
        lock = FileLock(work / f"{target.name}.lock")
        with _held(lock, target, say, patience):
            place = Place(target, work)
            place.begin()
            try:
                yield place
            finally:
                place.tidy()
    except (OSError, NotImplementedError) as error:
        at = f"'{error.filename}': " if isinstance(error, OSError) and error.filename else ""
        raise KitError(f"'{target}' cannot be built ({at}{getattr(error, 'strerror', None) or error}); it is as it was") from None


@contextlib.contextmanager
def _held(lock: FileLock, target: Path, say: Callable[[str], None], patience: float) -> Iterator[None]:
    try:
        lock.acquire(timeout=0)
    except Timeout:
        say(f"'{target}' is being built by another process; waiting for it")
        try:
            lock.acquire(timeout=patience)
        except Timeout:
            raise KitError(f"'{target}' is still being built by another process; end that one, or try again later") from None
    try:
        yield
    finally:
        lock.release()


def exchanged(one: Path, other: Path) -> bool:
    """Let two folders change places in one operation of the system; False where it knows none.

    Raises:
        OSError: The system refused.
    """
    system = ctypes.CDLL(None, use_errno=True) if sys.platform in ("linux", "darwin") else None
    first, second = os.fsencode(one), os.fsencode(other)
    if sys.platform == "linux" and system is not None and hasattr(system, "renameat2"):
        failed = system.renameat2(_HERE, first, _HERE, second, ctypes.c_uint(_SWAP))
    elif sys.platform == "darwin" and system is not None and hasattr(system, "renamex_np"):
        failed = system.renamex_np(first, second, ctypes.c_uint(_SWAP))
    else:
        return False
    if not failed:
        return True
    number = ctypes.get_errno()
    if number in _NO_SUCH_CALL:
        return False
    raise OSError(number, os.strerror(number), str(other))


def _to_disk(folder: Path, whole: bool = True) -> None:
    """Have the system write a folder out, and where `whole` all that was written before, in one call instead of one a file."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if whole and sys.platform == "linux" and hasattr(system := ctypes.CDLL(None), "syncfs"):
            system.syncfs(opened)
        elif whole:
            os.sync()
        else:
            os.fsync(opened)
    finally:
        os.close(opened)
