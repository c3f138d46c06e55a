"""Files that a verb leaves wherever it was told to: all of them or none."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from macros.journal import home_for, write_files


def write_outputs(given: argparse.Namespace, files: Mapping[Path, str], new: bool = False, folders: bool = False) -> None:
    """Write text files below the folder that they have in common.

    Args:
        given: What was typed.
        files: The texts, by file.
        new: None of them may be there yet.
        folders: Make folders that are missing.

    Raises:
        KitError: One cannot be written; everything is as it was.
    """
    if not files:
        return
    home, paths = home_for(given.root, list(files))
    data = [text.encode("utf-8", "backslashreplace") for text in files.values()]
    write_files(home, dict(zip(paths, data, strict=True)), given.verb, new, folders)
