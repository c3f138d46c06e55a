"""Replaces a small folder again and again, and is killed before one system operation after the other.

`python -m tests.killed_steps FOLDER one|two` prints a line for each operation: its number, its name, and `old`, `new`,
`none` or `torn` for what then lay in place, followed by what the next making left. `two` is a system that cannot
exchange two folders in one operation.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path

from macros.command import beside

OPERATIONS = ("open", "os.", "shutil.", "ctypes.dlsym")
OLD = {"index.html": b"old", "a/index.html": b"old", "only-old.html": b"old"}
NEW = {"index.html": b"new", "a/index.html": b"new", "b/c/index.html": b"new"}


def write(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def found(folder: Path) -> str:
    if not folder.exists():
        return "none"
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return "old" if files == OLD else "new" if files == NEW else "torn"


def make(site: Path) -> None:
    with beside.place_of(site, print) as place:
        write(place.new, NEW)
        place.step()


def killed_before(number: int, site: Path) -> str | None:
    """Make in a process of its own, killed before its operation of this number; the name of that, None where it had fewer."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        count = 0

        def listen(event: str, _: object) -> None:
            nonlocal count
            if event.startswith(OPERATIONS):
                count += 1
                if count == number:
                    os.write(writing, event.encode())
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(listen)
        make(site)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    os.close(writing)
    with open(reading, "rb") as stream:
        event = stream.read().decode()
    if not event:
        assert status == 0, status
        return None
    assert os.WTERMSIG(status) == signal.SIGKILL
    return event


def main(folder: Path, steps: str) -> None:
    if steps == "two":
        beside.exchanged = lambda *_: False
    number = 0
    while True:
        number += 1
        room = folder / f"{steps}-{number}"
        site = room / "site"
        write(site, OLD)
        event = killed_before(number, site)
        if event is None:
            return
        at_once = found(site)
        make(site)
        left = sorted(path.name for path in (room / beside.WORK).iterdir())
        print(number, event, at_once, found(site), ",".join(left), flush=True)
        shutil.rmtree(room)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
