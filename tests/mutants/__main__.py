"""`python -m tests.mutants`: make every mutant, try the tests on each, and compare those that survive with the list."""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import yaml
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import change_cwd, walk_mutatable_files

from tests.mutants.survivors import Survivor, compared, is_wording, place_of
from tests.mutants.undecorated import undecorated

KIT = Path(__file__).resolve().parent.parent.parent
TREE = KIT / "build/mutants/tree"
LIST = Path(__file__).parent / "survivors.yaml"
LEFT_OUT = (".git", ".venv", "build", "__pycache__", ".hypothesis", ".pytest_cache", ".ruff_cache", "mutants.lock")
KILLED = ("killed", "timeout", "segfault")
WANTED = 90
"""Of a hundred mutants that change more than the wording of a message, so many are killed."""


def made_ready(tree: Path) -> None:
    """Copy the kit, with the functions of the modules that decide as mutmut can take them."""
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(KIT, tree, symlinks=True, ignore=lambda folder, _: LEFT_OUT)
    with change_cwd(tree):
        for path in walk_mutatable_files():
            path.write_text(undecorated(path.read_text("utf-8")), "utf-8")


def tried(tree: Path) -> dict[str, list[tuple[str, Path]]]:
    """Mutants by what became of them: the name that mutmut gives each, and its module."""
    found: dict[str, list[tuple[str, Path]]] = {}
    with change_cwd(tree):
        for path in walk_mutatable_files():
            data = SourceFileMutationData(path=path)
            data.load()
            for name, code in data.exit_code_by_key.items():
                found.setdefault(status_by_exit_code[code], []).append((name, path))
    return found


def survivor(name: str, path: Path) -> Survivor:
    """A mutant by its place and by the lines that it takes out and puts in."""
    lines = get_diff_for_mutant(name, path=path).splitlines()[2:]
    was, now = (tuple(re.sub(r"\s+", " ", line[1:]).strip() for line in lines if line.startswith(mark)) for mark in "-+")
    return Survivor(place_of(name), " ".join(was), " ".join(now))


def main() -> int:
    """Print the figures; 1 where a mutant survives that is not listed, or is listed and does not survive."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument(
        "names", nargs="*", help="only mutants whose names are like this, such as 'macros.facts.errors.*'; compares nothing"
    )
    parser.add_argument("--again", action="store_true", help="keep the mutants and results of the last run")
    given = parser.parse_args()
    if not given.again:
        made_ready(TREE)
    done = subprocess.run([sys.executable, "-m", "mutmut", "run", "--max-children", "1", *given.names], cwd=TREE, check=False)
    if done.returncode:
        return done.returncode
    found = tried(TREE)
    with change_cwd(TREE):
        left = [survivor(*one) for status, every in found.items() if status not in (*KILLED, "not checked") for one in every]
    wording, standing = [one for one in left if is_wording(one)], [one for one in left if not is_wording(one)]
    killed = sum(len(found.get(status, ())) for status in KILLED)
    counted = killed + len(standing)
    print(f"{killed + len(left)} mutants, {killed} killed, {len(wording)} change a sentence only, {len(standing)} survive otherwise")
    print(f"{100 * killed / max(counted, 1):.1f} percent of {counted} killed; wanted are {WANTED}")
    if given.names:
        for one in standing:
            print(f"\n{one.place}\n- {one.was}\n+ {one.now}")
        return 0
    listed = [Survivor(row["in"], row["was"], row["now"], row["why"]) for row in yaml.safe_load(LIST.read_text("utf-8"))["survivors"]]
    new, gone = compared(standing, listed)
    for one in new:
        print(f"\nnew: {one.place}\n- {one.was}\n+ {one.now}")
    for one in gone:
        print(f"\nlisted, and does not survive: {one.place}\n- {one.was}\n+ {one.now}")
    for why, number in sorted(Counter(one.why.split(":")[0] for one in listed).items()):
        print(f"{number} survive as {why}")
    return int(bool(new or gone or 100 * killed < WANTED * counted))


if __name__ == "__main__":
    sys.exit(main())
