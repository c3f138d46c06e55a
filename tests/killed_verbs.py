"""`python -m tests.killed_verbs`: verbs that write, killed in real repositories at their file operations or at moments.

Each line that comes in is a verb as JSON: `repository`, a folder to copy; `room`, where to work; `words`, the command line; `points`, at how many
operations, evenly spread, null for all; `moments`, at how many moments from outside. Prints a line of JSON for each kill, and an
empty one at the end of a verb. What was read for one verb is known to the next, so that the forks spend their time on what they write.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from macros.__main__ import main as command_line
from macros.command.verbs import VERBS
from macros.journal import WORK, record, settled
from macros.problem import KitError
from tests.forked import know
from tests.killing import killed_after, killed_at, moments, seconds_of, tree_of


def main(spec: dict) -> None:
    record.GLANCE = 0.01
    base, home, words = Path(spec["repository"]), Path(spec["room"]) / "repository", spec["words"]
    for name in {words[0], "doctor"}:
        VERBS[name].load()
    if words[0] == "schema":
        import macros.schemas  # noqa: F401  (loaded before the forks)

    know(base)

    def lay() -> None:
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(base, home, symlinks=True)

    def running(*given: str) -> Callable[[], None]:
        def work() -> None:
            os.chdir(home)
            for descriptor in (1, 2):
                os.dup2(os.open(os.devnull, os.O_RDWR), descriptor)
            assert command_line(list(given)) in (0, 1, 3)

        return work

    lay()
    old = tree_of(home)
    _, count = killed_at(running(*words), None)
    new = tree_of(home)
    assert old != new and count > 10, (count, words)

    def which() -> str:
        found = tree_of(home)
        return "old" if found == old else "new" if found == new else "mixed"

    def told(at: object, killed: bool) -> None:
        try:
            found = settled(home, lambda: tree_of(home, (WORK,)))
            reader = "old" if found == old else "new" if found == new else "mixed"
        except KitError:
            reader = "refused"
        status = subprocess.run(["git", "status", "--porcelain"], cwd=home, capture_output=True, text=True, check=True).stdout
        killed_at(running("doctor", "--write"), None)
        after = which()
        killed_at(running(*words), None)
        line = {"at": at, "of": count, "killed": killed, "reader": reader, "status": status, "doctor": after, "again": which()}
        print(json.dumps(line), flush=True)

    points = spec["points"] or count
    for at in sorted({1 + round(number * count / points) for number in range(points)}):
        lay()
        killed, _ = killed_at(running(*words), at)
        told(at, killed)
    if spec["moments"]:
        lay()
        whole = seconds_of(running(*words))
        for seconds in moments(spec["moments"], whole):
            lay()
            told(round(seconds, 4), killed_after(running(*words), seconds))


if __name__ == "__main__":
    for line in sys.stdin:
        main(json.loads(line))
        print(flush=True)
