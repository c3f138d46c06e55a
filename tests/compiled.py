"""Compiled code for copies of the engine: a copy is given that of what it was copied from, so that no test compiles it again.

The processes that tests start keep compiled code in one folder, by the path of its source (`PYTHONPYCACHEPREFIX`). Python takes
what lies there only while it names the size and the time of the source, so a module that a test changes is compiled as ever.
What is given is a hard link, and Python replaces a file of compiled code instead of writing into it, so no copy sees another's.
"""

from __future__ import annotations

import compileall
import os
import sys
from collections.abc import Callable
from pathlib import Path

KIT = Path(__file__).resolve().parent.parent
PLACE = KIT / "build" / "bytecode"
ENGINE = ("macros", "mkdocs_hooks.py")


def compile_kit() -> None:
    """Compile the kit's own engine, where that is not done yet."""
    before, sys.pycache_prefix = sys.pycache_prefix, str(PLACE)
    try:
        compileall.compile_dir(KIT / "macros", quiet=2)
        compileall.compile_file(KIT / "mkdocs_hooks.py", quiet=2)
    finally:
        sys.pycache_prefix = before


def place_of(folder: Path) -> Path:
    """Where the compiled code of the modules in a folder lies."""
    return PLACE / folder.resolve().relative_to("/")


def give_compiled(source: Path, target: Path) -> None:
    """Let a folder have the compiled code of the one that it was copied from, times of files and all."""
    if place_of(source) == place_of(target):
        return  # the copy is a link to the same
    for place, _, names in os.walk(place_of(source)):
        to = place_of(target) / Path(place).relative_to(place_of(source))
        to.mkdir(parents=True, exist_ok=True)
        for name in names:
            if name.endswith(".pyc"):
                (to / name).unlink(missing_ok=True)  # left by an earlier run of the tests
                os.link(Path(place, name), to / name)


def give_that_of_the_kit(repository: Path) -> None:
    """Let a generated or cloned repository have the kit's compiled code, and the times of the kit's files where the bytes are the same."""
    for file in [*(repository / "macros").rglob("*"), repository / "mkdocs_hooks.py"]:
        ours = KIT / file.relative_to(repository)
        if ours.is_file() and ours.read_bytes() == file.read_bytes():
            os.utime(file, ns=(ours.stat().st_atime_ns, ours.stat().st_mtime_ns))
    give_compiled(KIT / "macros", repository / "macros")


def copying(copytree: Callable[..., str]) -> Callable[..., str]:
    """`shutil.copytree` that gives the copy of an engine its compiled code."""

    def copied(source: str | os.PathLike, target: str | os.PathLike, *words: object, **named: object) -> str:
        made = copytree(source, target, *words, **named)
        for below in ("", "macros"):
            if (Path(source, below, "__main__.py")).is_file() and Path(target, below, "__main__.py").is_file():
                give_compiled(Path(source, below), Path(target, below))
        return made

    return copied
