"""`python -m tests.killed_generation ROOM POINTS MOMENTS [over]`: cookiecutter on the kit, killed at file operations and at moments.

Prints a line of JSON for each kill: how many files there are, whether they are all, and what `check` then says. With `over` it is
the maker of the example that generates, over an earlier repository, and the line says whether that one or the new one is there.
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

from examples.make import generate
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

    def bake() -> None:
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        cookiecutter(str(KIT), no_input=True, extra_context=PLAIN, output_dir=str(room / "out"), config_file=str(config))

    lay()
    _, of = killed_at(bake, None)
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
        killed, _ = killed_at(bake, at)
        told(at, killed)
    lay()
    seconds = seconds_of(bake)
    for moment in moments(count, seconds):
        lay()
        told(round(moment, 4), killed_after(bake, moment))


def over(room: Path, points: int) -> None:
    target = room / "plain"
    base = generate(room / "base", {**PLAIN, "org_name": "Old Ltd"})
    old = tree_of(base)

    def lay() -> None:
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(base, target)

    def work() -> None:
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        generate(target, PLAIN)

    lay()
    _, of = killed_at(work, None)
    new = tree_of(target)
    assert old != new and of > 600
    last = range(of - 20, of + 1, 5)  # around the exchange
    for at in (*(1 + number * of // points for number in range(points)), *last):
        lay()
        killed, _ = killed_at(work, at)
        found = tree_of(target)
        print(json.dumps({"at": at, "of": of, "killed": killed, "found": "old" if found == old else "new" if found == new else "mixed"}))
    generate(target, PLAIN)
    assert tree_of(target) == new
    assert [path.name for path in (room / ".aims-build").iterdir() if path.is_dir()] == []


if __name__ == "__main__":
    if sys.argv[4:] == ["over"]:
        over(Path(sys.argv[1]), int(sys.argv[2]))
    else:
        main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
