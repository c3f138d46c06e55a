"""Files are staged, decided on, put in place, and undone where that fails."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import stat
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from macros.journal.lock import acquire, leave
from macros.journal.record import COMMIT, DECIDED, STAGE, UNDO, WORK, FileStep, Writing, is_writable_name, unfinished
from macros.problem import KitError

EDITED = ".edited"
"""Ends the name of a file that somebody changed after a writing was stopped, and that was kept beside what was written."""
PATIENCE = 10.0
"""Seconds that a writer waits for another one."""

_held: set[Path] = set()


def write_files(home: Path, files: Mapping[str, bytes | None], purpose: str, new: bool = False, folders: bool = False) -> None:
    """Write files, all of them or none.

    Args:
        home: A folder that is there; all files lie below it.
        files: What each is to hold, by path relative to `home`; None takes a file away.
        purpose: The verb that writes, for whoever has to wait, and for whoever finds it stopped.
        new: None of them may be there yet.
        folders: Make folders that are missing.

    Raises:
        KitError: A file cannot be written, is there already, or is or lies behind a symbolic link. Everything is as it was.
    """
    with turn(home, purpose):
        writing = _staged(home, files, purpose, new, folders)
        try:
            (home / WORK / DECIDED).write_text(str(time.time_ns()))  # after the decision, so that no reader takes the one for the other
            _place(home, writing)
        except BaseException as error:
            with _stuck(writing):
                _undo(home, writing)
            if isinstance(error, OSError):
                raise _refusal(home, error) from None
            raise
        with _stuck(writing):
            _close(home)


@contextlib.contextmanager
def turn(
    home: Path,
    purpose: str,
    say: Callable[[str], None] = lambda sentence: None,
    patience: float = PATIENCE,
    keep_edits: bool = False,
) -> Iterator[None]:
    """Be the only one that writes in a folder; what an earlier writer left unfinished is finished first.

    Args:
        home: The folder.
        purpose: The verb that writes.
        say: Told in a sentence whom it waits for, and what it finished.
        patience: Seconds to wait for another writer.
        keep_edits: As for `finish`.

    Raises:
        KitError: Another one writes and does not end, or the folder cannot be written in.
    """
    here = Path(os.path.realpath(home))
    if here in _held:  # a writer inside a writer's turn, in one process
        yield
        return
    lock = acquire(home, purpose, say, patience)
    _held.add(here)
    try:
        done = finish(home, keep_edits)
        if done:
            say(f"Finished what '{done.purpose}' had begun: {done.paths}")
        yield
    finally:
        _held.discard(here)
        leave(home)
        lock.release()


def finish(home: Path, keep_edits: bool = False) -> Writing | None:
    """Bring to its end what an earlier writer left, and give it; the caller has its turn.

    Args:
        home: The folder.
        keep_edits: Keep a file that was changed since beside what is written, under the same name and `.edited`.

    Raises:
        KitError: A file was changed since, or cannot be written.
    """
    writing = unfinished(home)
    if writing is None:
        shutil.rmtree(home / WORK / STAGE, ignore_errors=True)
        return None
    with _stuck(writing):
        _refuse_foreign(home, writing)
        undoing = (home / WORK / UNDO).exists()
        edits = [step.path for number, step in enumerate(writing.steps) if _was_edited(home, number, step, undoing)]
        if edits and not keep_edits:
            raise KitError(
                f"'{writing.purpose}' was stopped while it wrote {writing.paths}, and '{edits[0]}' was changed since; "
                f"'./aims doctor --write' finishes it and keeps that change as '{edits[0]}{EDITED}'"
            )
        for path in edits:
            os.replace(home / path, _free_name(home / (path + EDITED)))
        if undoing:
            _undo(home, writing)
        else:
            _place(home, writing)
            _close(home)
    return writing


def home_for(root: Path, targets: Sequence[Path]) -> tuple[Path, list[str]]:
    """A folder from which files of anywhere can be written together, and each one's path from there.

    Args:
        root: The repository; it is the folder where all lie below it.
        targets: The files, which need not be there.
    """
    real = [Path(os.path.realpath(target.parent)) / target.name for target in targets]
    top, whole = Path(os.path.commonpath([path.parent for path in real])), Path(os.path.realpath(root))
    home = whole if top.is_relative_to(whole) and whole.is_dir() else top
    while not home.is_dir():
        home = home.parent
    return home, [path.relative_to(home).as_posix() for path in real]


# Before the decision


def _staged(home: Path, files: Mapping[str, bytes | None], purpose: str, new: bool, make: bool) -> Writing:
    """Lay everything ready, and decide."""
    stage, path = home / WORK / STAGE, f"{WORK}/{STAGE}"
    steps, folders = [], []
    try:
        shutil.rmtree(stage, ignore_errors=True)
        stage.mkdir()
        for number, (path, data) in enumerate(files.items()):
            missing = _missing_folders(home, path)
            if missing and not make:
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
            folders += [folder for folder in missing if folder not in folders]
            steps.append(_step(home, stage / str(number), path, data, new))
        path = f"{WORK}/{COMMIT}"
        writing = Writing(purpose, tuple(steps), tuple(folders))
        _write(stage / COMMIT, writing.as_json())
        _sync(stage)
        os.replace(stage / COMMIT, home / WORK / COMMIT)  # the moment of decision
    except OSError as error:
        shutil.rmtree(stage, ignore_errors=True)
        raise KitError(f"'{path}' cannot be written ({error.strerror or error}); nothing was changed") from None
    _sync(home / WORK)
    return writing


def _step(home: Path, place: Path, path: str, data: bytes | None, new: bool) -> FileStep:
    target = home / path
    there = _is_file(target, path)
    if there and new:
        raise KitError(f"'{path}' is there already and was left as it is; nothing was written")
    before = _sum_of(target.read_bytes()) if there else None
    if there:
        _keep(target, place.with_suffix(".old"))
    if data is None:
        return FileStep(path, before, None)
    _write(place.with_suffix(".new"), data)
    if there:
        shutil.copymode(target, place.with_suffix(".new"))
    return FileStep(path, before, _sum_of(data))


def _missing_folders(home: Path, path: str) -> list[str]:
    if not is_writable_name(path):
        raise KitError(f"{path!a} is no name under which a file is written here; name it in plain characters")
    missing: list[str] = []
    place = home
    for part in path.split("/")[:-1]:
        place = place / part
        try:
            mode = place.lstat().st_mode
        except FileNotFoundError:
            missing.append(place.relative_to(home).as_posix())
            continue
        if stat.S_ISLNK(mode):
            raise KitError(f"'{place}' is a symbolic link, which is not followed; put the folder itself there")
        if not stat.S_ISDIR(mode):
            raise KitError(f"'{place}' is no folder, so '{path}' cannot be written; nothing was changed")
    return missing


def _is_file(target: Path, path: str) -> bool:
    try:
        mode = target.lstat().st_mode
    except FileNotFoundError:
        return False
    if stat.S_ISLNK(mode):
        raise KitError(f"'{path}' is a symbolic link, which is not followed; put the file itself there")
    if not stat.S_ISREG(mode):
        raise KitError(f"'{path}' is there and is no regular file; name a file")
    return True


def _keep(target: Path, old: Path) -> None:
    try:
        os.link(target, old)  # the very file, with all that belongs to it
    except OSError:
        shutil.copy2(target, old)


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


# After the decision: each step can be taken again, and knows by what still lies in the stage whether it was taken


def _place(home: Path, writing: Writing) -> None:
    stage = home / WORK / STAGE
    for folder in writing.folders:
        (home / folder).mkdir(exist_ok=True)
    for number, step in enumerate(writing.steps):
        target, ready = home / step.path, stage / f"{number}.new"
        if step.after is None:
            target.unlink(missing_ok=True)
        elif ready.exists() and step.before is None:
            _put_new(ready, target)
        elif ready.exists():
            _move(ready, target)
    for place in sorted({(home / step.path).parent for step in writing.steps}):
        _sync(place)


def _undo(home: Path, writing: Writing) -> None:
    work, stage = home / WORK, home / WORK / STAGE
    if (work / COMMIT).exists():
        os.replace(work / COMMIT, work / UNDO)
        _sync(work)
    for number, step in enumerate(writing.steps):
        target, ready, old = home / step.path, stage / f"{number}.new", stage / f"{number}.old"
        placed = not target.exists() if step.after is None else not ready.exists() or _is_alike(ready, target)
        if placed and step.before is None:
            target.unlink(missing_ok=True)
        elif placed and old.exists():
            _move(old, target)
    for folder in reversed(writing.folders):
        with contextlib.suppress(OSError):
            (home / folder).rmdir()
    _close(home)


def _put_new(ready: Path, target: Path) -> None:
    try:
        os.link(ready, target)  # unlike a rename, a link never takes the place of what is there
    except FileExistsError:
        if not _is_alike(ready, target):
            raise
    except OSError:  # a disk that knows no links
        if target.exists() or target.is_symlink():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
        _move(ready, target)
    ready.unlink(missing_ok=True)


def _move(ready: Path, target: Path) -> None:
    try:
        os.replace(ready, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        beside = target.with_name(f"{WORK}.{target.name}")  # the target lies on another disk than the stage
        beside.unlink(missing_ok=True)
        _write(beside, ready.read_bytes())
        shutil.copymode(ready, beside)
        os.replace(beside, target)
        ready.unlink()


def _refuse_foreign(home: Path, writing: Writing) -> None:
    """Follow no link that came to lie where this module lays files."""
    for step in writing.steps:
        _missing_folders(home, step.path)
        _is_file(home / step.path, step.path)
    stage = home / WORK / STAGE
    entries = list(os.scandir(stage)) if stage.is_dir() else []
    strange = stage.is_symlink() or any(not entry.is_file(follow_symlinks=False) for entry in entries)
    if strange:
        raise KitError(f"'{WORK}/{STAGE}' holds what no writer lays there; compare the files with the last commit, then delete '{WORK}'")


def _was_edited(home: Path, number: int, step: FileStep, undoing: bool) -> bool:
    stage = home / WORK / STAGE
    if undoing and step.before is not None and not (stage / f"{number}.old").exists():
        return False  # it is back in place, and what was done to it after that stays
    if not undoing and step.after is not None and not (stage / f"{number}.new").exists():
        return False
    try:
        return _sum_of((home / step.path).read_bytes()) not in (step.before, step.after)
    except FileNotFoundError:
        return False


def _close(home: Path) -> None:
    """Take the journal away, and then what was prepared."""
    work = home / WORK
    for name in (UNDO, COMMIT):
        (work / name).unlink(missing_ok=True)
    _sync(work)
    shutil.rmtree(work / STAGE, ignore_errors=True)


# Small things


def _sum_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _is_alike(first: Path, second: Path) -> bool:
    """Whether two files hold the same bytes: two names of one file do, and so do those of a folder that was copied."""
    try:
        return first.read_bytes() == second.read_bytes()
    except OSError:
        return False


def _free_name(path: Path) -> Path:
    number, found = 1, path
    while found.exists() or found.is_symlink():
        number += 1
        found = path.with_name(f"{path.name}.{number}")
    return found


def _sync(folder: Path) -> None:
    """Bring a folder's entries to the disk, where the system knows how."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def _stuck(writing: Writing) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise KitError(
            f"'{writing.purpose}' was stopped while it wrote {writing.paths}, and that cannot be brought to an end "
            f"({error.strerror or error}); mend the cause, then run './aims doctor --write'"
        ) from None


def _refusal(home: Path, error: OSError) -> KitError:
    name = str(error.filename2 or error.filename or home)
    with contextlib.suppress(ValueError):
        name = Path(name).relative_to(home).as_posix()
    if isinstance(error, FileExistsError):
        return KitError(f"'{name}' is there already and was left as it is; nothing was written")
    return KitError(f"'{name}' cannot be written ({error.strerror or error}); nothing was changed")
