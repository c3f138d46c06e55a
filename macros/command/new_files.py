"""Files that a verb makes: whole or not at all, and never over a file that is there, unless that is what was asked."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from macros.problem import KitError


def replace_file(target: Path, data: bytes) -> None:
    """Write one file whole, in place of the one that is there.

    Raises:
        KitError: It cannot be written, or is a link; it is as it was.
    """
    if target.is_symlink():
        raise KitError(f"'{target}' is a symbolic link, which is not followed; put the file itself there")
    beside = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        _write(beside, data)
        if target.exists():
            shutil.copymode(target, beside)
        os.replace(beside, target)
    except OSError as error:
        raise KitError(f"'{target}' cannot be written ({error.strerror}); it is as it was") from None
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def create_files(root: Path, files: Mapping[str, bytes]) -> None:
    """Write new files, all of them or none.

    Args:
        root: The folder that the paths start from.
        files: Bytes by path; the folders are there.

    Raises:
        KitError: A file is there already or cannot be written; nothing was written.
    """
    beside: dict[Path, Path] = {}
    made: list[Path] = []
    try:
        for path, data in files.items():
            target = root / path
            beside[target] = target.with_name(f".{target.name}.{os.getpid()}.new")
            _write(beside[target], data)
        for target, ready in beside.items():
            target.open("xb").close()  # takes the name, or fails where somebody else has it
            made.append(target)
            os.replace(ready, target)
    except OSError as error:
        for target in made:
            with contextlib.suppress(OSError):
                target.unlink()
        what = "is there already" if isinstance(error, FileExistsError) else f"cannot be written ({error.strerror})"
        raise KitError(f"'{error.filename or root}' {what}; nothing was written") from None
    finally:
        for ready in beside.values():
            with contextlib.suppress(OSError):
                ready.unlink(missing_ok=True)


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
