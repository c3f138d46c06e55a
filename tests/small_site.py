"""A whole repository whose site is built in a moment: the small world of the checks, with the engine and its settings."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.conftest import KIT
from tests.forked import started


def small_site(target: Path) -> Path:
    """Make the repository; it has two standards cut short, two documents, three registers and a pinned day."""
    shutil.copytree(KIT / "tests/world", target)
    shutil.copytree(KIT / "macros", target / "macros", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy2(KIT / "mkdocs_hooks.py", target)
    (target / "mkdocs.yml").write_text("INHERIT: macros/mkdocs-base.yml\nnav:\n  - index.md\n", "utf-8")
    return target


def run_verb(repository: Path, *words: str, real: bool = False, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one verb with the repository's own engine."""
    return started("macros", *words, cwd=repository, env={**os.environ, **environment}, real=real, timeout=300)


def replace(path: Path, old: str, new: str) -> None:
    """Change one place of a file, as a save does."""
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{path.name} has {text.count(old)} places '{old}'"
    path.write_text(text.replace(old, new), "utf-8")
