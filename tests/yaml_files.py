"""The YAML files of the kit itself, read as strictly as an organisation's: `python -m tests.yaml_files [FILE...]`.

Files of the template with delimiters of the generation in them are no YAML yet, and the worlds of tests hold broken files on purpose.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from macros.text.strict_yaml import YamlProblem, parse

KIT = Path(__file__).resolve().parents[1]
DELIMITERS = ("<<", "<%", "<#")
BROKEN_ON_PURPOSE = "tests/checks/"


def listed() -> list[str]:
    """The YAML files that git tracks."""
    words = ["git", "ls-files", "-z", "--", "*.yaml", "*.yml"]
    done = subprocess.run(words, cwd=KIT, capture_output=True, text=True, encoding="utf-8", check=True)
    return [name for name in done.stdout.split("\0") if name]


def to_be_read(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The files that must be YAML, with their text."""
    for name in names:
        path = KIT / name
        if name.startswith(BROKEN_ON_PURPOSE) or path.is_symlink() or not path.is_file():
            continue
        text = path.read_text("utf-8")
        if not (name.startswith("<<") and any(mark in text for mark in DELIMITERS)):
            yield name, text


def faults(files: Iterable[tuple[str, str]]) -> Iterator[str]:
    """A line for each file that cannot be read."""
    for name, text in files:
        try:
            parse(text)
        except YamlProblem as problem:
            yield f"{name}:{problem.line}: {problem.message}; {problem.way_out}"


def main(names: list[str]) -> int:
    """Print what cannot be read; 1 where there is something."""
    found = list(faults(to_be_read(names or listed())))
    for line in found:
        print(line)
    return int(bool(found))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
