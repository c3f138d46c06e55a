"""Review size: what a reviewer waits for, the whole command as a process, start of Python included."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.repositories import documents_of, environment, grown, python, worked_organisation
from benchmarks.rounds import Row, take_turns

NAME = "review-size"
SIZES, QUICK_SIZES = (1000,), (100,)
CHECK = ("-m", "macros", "check")


def measure(folder: Path, rounds: int, quick: bool) -> Iterator[Row]:
    """The worked organisation, and one of the size that a large management system may reach."""
    worked = worked_organisation(folder)
    size = len(documents_of(worked))
    roots = {f"worked organisation, {size} documents": worked}
    roots |= {f"{wanted:,} documents": grown(worked, folder, wanted) for wanted in (QUICK_SIZES if quick else SIZES)}
    for what, root in roots.items():
        times = take_turns(
            {
                "ours": partial(run, root, *CHECK),
                "pass": partial(run, root, "-c", "pass"),
                "imports": partial(run, root, "-c", "import yaml, pydantic"),
            },
            rounds,
        )
        yield Row(NAME, what, "python -c pass (floor)", times["ours"], times["pass"])
        yield Row(NAME, what, 'python -c "import yaml, pydantic"', times["ours"], times["imports"])


def run(root: Path, *words: str) -> None:
    """Run Python in a repository; problems found are a good end, anything else is not.

    Raises:
        RuntimeError: The command could not run.
    """
    done = subprocess.run(
        python(*words), cwd=root, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False
    )
    if done.returncode not in (0, 1) or "Traceback" in done.stderr:
        raise RuntimeError(f"{' '.join(words)} ended with {done.returncode}:\n{done.stderr}")
