"""Where the cache of a repository lies: in git's own folder, which no commit can hold."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from macros.cache import Cache, engine_name, uncollected, using
from macros.git.repository import ask_git
from macros.problem import KitError

FOLDER = "aims-cache"
SWITCH = "AIMS_CACHE"
"""An environment variable; `off` means that nothing is kept from one run to the next."""


@contextmanager
def reading_again(root: Path) -> Iterator[None]:
    """Read with the cache of a repository, in a process that ends when it has said what it read."""
    with uncollected(), using(lambda: cache_of(root)):
        yield


def cache_of(root: Path) -> Cache | None:
    """The cache of the repository that a folder lies in; None where nothing may be kept.

    A folder below `.git` can be in no commit, since git refuses that name; any other one could, and is not used.
    """
    if os.environ.get(SWITCH, "").lower() == "off":
        return None
    try:
        found = ask_git(root, "-c", "safe.bareRepository=explicit", "rev-parse", "--path-format=absolute", "--git-path", FOLDER)
    except (KitError, OSError):
        return None
    folder = Path(os.fsdecode((found or b"").removesuffix(b"\n")))
    if folder.name != FOLDER or not folder.is_absolute() or ".git" not in folder.parts or not folder.parent.is_dir():
        return None
    return Cache(folder, engine_name())
