"""The work that `check` is measured by: everything, or only reading the bytes and parsing the YAML.

`python -m benchmarks.floor ours|floor|empty FOLDER` does it once and prints the peak memory in MiB.
"""

from __future__ import annotations

import re
import resource
import sys
from collections.abc import Callable
from pathlib import Path

import yaml

from macros import cache
from macros.checks import run_checks
from macros.load import load_workspace
from macros.load.tree import FolderTree
from macros.problem import Problem
from macros.world import today_of

_FENCED = re.compile(r"---\n(.*?\n)---\n", re.DOTALL)


def check_everything(root: Path) -> tuple[Problem, ...]:
    """What the verb `check` does, from files to problems, as if for the first time in this process."""
    cache.forget()
    workspace = load_workspace(root)
    return run_checks(workspace, today_of(workspace))


def read_and_parse(root: Path) -> list[object]:
    """Read what the loader reads, parse the YAML with PyYAML's C loader, check nothing; keep it all, as the loader does."""
    tree = FolderTree(root)
    kept: list[object] = []
    for path in tree.paths():
        if not path.endswith((".md", ".yaml", ".yml")) and path != "CODEOWNERS":
            continue
        text = tree.read(path).decode("utf-8")
        kept.append(text)
        found = _FENCED.match(text) if path.endswith(".md") else None
        if found:
            kept.append(yaml.load(found.group(1), Loader=yaml.CSafeLoader))
        elif path.endswith(".yaml"):
            kept.append(yaml.load(text, Loader=yaml.CSafeLoader))
    return kept


def peak_memory() -> float:
    """Peak resident memory of this process in MiB.

    Linux carries the peak of the parent over into `getrusage` of a child, so its own book is read where there is one.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text("ascii").split("VmHWM:", 1)[1].split()[0]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def main(work: str, folder: str) -> None:
    """Do the work once, keep its result, and print the peak."""
    works: dict[str, Callable[[Path], object]] = {"ours": check_everything, "floor": read_and_parse, "empty": lambda root: root}
    kept = works[work](Path(folder))
    print(f"{peak_memory():.1f}")
    del kept


if __name__ == "__main__":
    main(*sys.argv[1:])
