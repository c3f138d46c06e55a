"""Changes in a real git repository: how the tests of the review make them and ask for the report."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.forked import started

IDENTITY = {
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.invalid",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.invalid",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


def git(where: Path, *words: str) -> str:
    environment = {**os.environ, **IDENTITY, "HOME": str(where.parent)}
    done = subprocess.run(["git", *words], cwd=where, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout.strip()


def commit(where: Path, message: str) -> str:
    git(where, "add", "--all", "--force")
    git(where, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(where, "rev-parse", "HEAD")


def repository_of(source: Path, target: Path) -> Path:
    """A git repository with a copy of a generated one as the only commit on `main`."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("site", "__pycache__"))
    git(target, "init", "--quiet", "--initial-branch", "main")
    commit(target, "Begin")
    return target


def branch(repository: Path, name: str) -> None:
    git(repository, "checkout", "--quiet", "--force", "main")
    git(repository, "clean", "--quiet", "--force", "-d", "-x")
    git(repository, "checkout", "--quiet", "-B", name)


def propose(repository: Path, recorded: Path) -> tuple[str, str, str]:
    """Commit a recorded change on a branch, leaving `main` checked out; gives base, head and author."""
    data = json.loads(recorded.read_text("utf-8"))
    branch(repository, "before")
    _apply(repository, data.get("before", []))
    base = commit(repository, "Before")
    _apply(repository, data["changes"])
    head = commit(repository, "Change")
    git(repository, "checkout", "--quiet", "main")
    return base, head, data["author"]


def _apply(repository: Path, changes: list[dict]) -> None:
    for change in changes:
        if "move" in change:
            source, target = (repository / path for path in change["move"])
            source.rename(target)
        elif "delete" in change:
            (repository / change["delete"]).unlink()
        elif "write" in change:
            (repository / change["write"]).write_text(change["text"], encoding="utf-8", newline="\n")
        else:
            path = repository / change["file"]
            text = path.read_text("utf-8")
            if "replace" in change:
                old, new = change["replace"]
                assert text.count(old) == 1, f"{change['file']} holds {text.count(old)} times: {old}"
                text = text.replace(old, new)
            text += change.get("append", "")
            path.write_text(text, encoding="utf-8", newline="\n")


def ask(where: Path, *words: str, engine: Path | None = None, verb: str = "review") -> subprocess.CompletedProcess:
    """Run the real command in a folder, with the engine that lies there or the one given."""
    environment = {**os.environ, **IDENTITY, "HOME": str(where.parent), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8"}
    if engine is None:
        return started("macros", verb, *words, cwd=where, env=environment, known=True)
    return subprocess.run(
        [sys.executable, "-P", "-m", "macros", verb, *words],
        cwd=where,
        env={**environment, "PYTHONPATH": str(engine)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
