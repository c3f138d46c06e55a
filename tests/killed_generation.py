"""`python -m tests.killed_generation ROOM POINTS MOMENTS`: cookiecutter on the kit, killed at file operations and at moments.

Prints a line of JSON for each kill: how many files there are, whether they are all, and what `check` then says.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import sys
from pathlib import Path

from cookiecutter.main import cookiecutter

from macros.__main__ import main as command_line
from macros.command import check  # noqa: F401  (loaded before the forks)
from tests.conftest import KIT, PLAIN
from tests.killing import killed_after, killed_at, moments, seconds_of, tree_of


def main(room: Path, points: int, count: int) -> None:
    target = room / "out/plain"
    config = room / "config.yaml"
    config.write_text(f"replay_dir: {json.dumps(str(room / 'replay'))}\n", "utf-8")

    def lay() -> None:
        shutil.rmtree(room / "out", ignore_errors=True)
        (room / "out").mkdir()

    def generate() -> None:
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        cookiecutter(str(KIT), no_input=True, extra_context=PLAIN, output_dir=str(room / "out"), config_file=str(config))

    lay()
    _, of = killed_at(generate, None)
    whole = tree_of(target)
    assert len(whole) > 300 and of > 600

    def told(at: object, killed: bool) -> None:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = command_line(["check", "--root", str(target)])
        found = tree_of(target) if target.is_dir() else {}
        line = {"at": at, "of": of, "killed": killed, "files": len(found), "whole": found == whole}
        print(json.dumps({**line, "code": code, "out": out.getvalue()[:2000], "err": err.getvalue()}), flush=True)

    for at in (1 + number * of // points for number in range(points)):
        lay()
        killed, _ = killed_at(generate, at)
        told(at, killed)
    lay()
    seconds = seconds_of(generate)
    for moment in moments(count, seconds):
        lay()
        told(round(moment, 4), killed_after(generate, moment))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
