"""`python -m tests.killed_writing FOLDER links|none EVERY`: one writing of five files, killed at every operation of it.

The five are a file that is replaced, one with another mode, one that is new, one in a folder that is new, and one that is taken
away. Where the kill leaves something to finish, every EVERYth operation of the finishing is killed too. Then the disk is full
at every operation; with 1 for EVERY, the writer is also killed at every operation after that. `none` is a disk that knows no
hard links. Prints a line of JSON for each.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import sys
from pathlib import Path

from macros.journal import WORK, record, settled, turn, write_files
from macros.problem import KitError
from tests.killing import killed_at, tree_of

FILES: dict[str, bytes | None] = {
    "org.yaml": b"name: New Ltd\n" * 200,
    "registers/run.sh": b"#!/bin/sh\n",
    "registers/risks/RSK-002.yaml": b"id: RSK-002\n",
    "evidence/2026/EV-001.json": b"{}\n",
    "registers/old.yaml": None,
}


def lay(home: Path) -> Path:
    shutil.rmtree(home, ignore_errors=True)
    (home / "registers/risks").mkdir(parents=True)
    (home / "org.yaml").write_bytes(b"name: Old Ltd\n")
    (home / "registers/run.sh").write_bytes(b"#!/bin/sh\nold\n")
    (home / "registers/run.sh").chmod(0o750)
    (home / "registers/old.yaml").write_bytes(b"old\n")
    return home


def main(folder: Path, links: bool, every: int) -> None:
    if not links:

        def no_links(*_: object) -> None:
            raise OSError(errno.EPERM, "Operation not permitted")

        os.link = no_links
    record.GLANCE = 0.01  # nobody is at work here while a reader looks
    home = folder / "home"

    def write() -> None:
        with contextlib.suppress(KitError):
            write_files(home, FILES, "import", folders=True)

    def finish() -> None:
        with turn(home, "check"):
            pass

    old = tree_of(lay(home))
    _, count = killed_at(write, None)
    new = tree_of(home)
    assert old != new and count > 30

    def which() -> str:
        found = tree_of(home)
        return "old" if found == old else "new" if found == new else "mixed"

    def seen() -> str:
        """What a reader gets, who does not know what happened."""
        try:
            found = settled(home, lambda: tree_of(home, (WORK,)))
        except KitError as error:
            return f"refused: {error}"
        return "old" if found == old else "new" if found == new else "mixed"

    def kill(at: int | None, full: int | None, of: int, twice: bool) -> dict:
        """One kill, what a reader then sees, and where it ends, also where the finishing is killed at each of its operations."""
        lay(home)
        killed, _ = killed_at(write, at, full)
        reader = seen()
        left = folder / "left"
        shutil.rmtree(left, ignore_errors=True)
        shutil.copytree(home, left, symlinks=True)
        _, needed = killed_at(finish, None)
        again = []
        for second in range(1, needed + 1, every) if reader.startswith("refused") and twice else ():
            shutil.rmtree(home)
            shutil.copytree(left, home, symlinks=True)
            killed_at(finish, second)
            again.append(seen() == "mixed")
            finish()
            again.append(which())
        finish()
        return {"at": at, "full": full, "of": of, "killed": killed, "reader": reader, "end": which(), "again": again}

    for at in range(1, count + 2):
        print(json.dumps(kill(at, None, count, twice=True)), flush=True)
    for full in range(1, count + 1):
        lay(home)
        _, needed = killed_at(write, None, full)
        reader = seen()
        finish()
        print(json.dumps({"full": full, "killed": False, "reader": reader, "end": which()}), flush=True)
        for at in range(full + 1, needed + 1) if every == 1 else ():
            print(json.dumps(kill(at, full, needed, twice=False)), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] == "links", int(sys.argv[3]))
