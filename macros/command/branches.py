"""Ids that stand on any branch, so that what is new here takes none that a colleague has taken."""

from __future__ import annotations

from pathlib import Path

from macros.authoring.ids import ids_in
from macros.git.repository import ask_git, folder_in_repository
from macros.model.numbering import NUMBERING
from macros.problem import KitError

_GIVEN = f"""id["']?: *["']?[A-Z]{{2,3}}-{NUMBERING.replace("(?:", "(")}"""
"""Where an id is given, for `git grep -E`; it finds a few places more, which only leaves a number unused."""
_AT_ONCE = 200
"""Folders that one call of git looks through."""


def ids_on_branches(root: Path) -> set[str] | None:
    """Ids of documents and records on every branch that this clone knows, and of files of records that are gone.

    Branches of other clones are known as they were last fetched.

    Returns:
        None where there is no git, or no repository of git.
    """
    try:
        told = ask_git(root, "for-each-ref", "--format=%(objectname)", "refs/heads", "refs/remotes")
    except KitError:
        return None
    if told is None:
        return None
    if not told:
        return set()
    before = folder_in_repository(root)
    commits = sorted(set(told.decode("ascii").split()))
    names = "".join(f"{commit}:{before}{folder}\n" for commit in commits for folder in ("docs", "registers"))
    answers = ask_git(root, "cat-file", "--batch-check", feed=names.encode("utf-8")) or b""
    trees = sorted({line.split(b" ")[0].decode("ascii") for line in answers.splitlines() if line.split(b" ")[1:2] == [b"tree"]})
    gone = ask_git(root, "log", "--all", "--diff-filter=D", "--name-only", "--format=", "--", "registers") or b""
    found = ids_in(gone.decode("utf-8", "replace"))
    for start in range(0, len(trees), _AT_ONCE):
        lines = ask_git(root, "grep", "-h", "-I", "-E", "-e", _GIVEN, *trees[start : start + _AT_ONCE]) or b""
        found |= ids_in(lines.decode("utf-8", "replace"))
    return found
