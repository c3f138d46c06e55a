"""`python -m tests.scaffold KIND NAME=VALUE...`: writes the files of a change, and lists each sentence that is left to a person.

A value that is not given is looked for in the environment, where `make` puts what follows its target.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.scaffold.changes import Refused, to_write
from tests.scaffold.kinds import KINDS, NEEDS_SCHEMAS

KIT = Path(__file__).resolve().parents[2]
VALUES = ("CODE", "MODULE", "NAME", "ONE", "PREFIX", "TITLE", "TYPE")


def main(words: list[str]) -> int:
    """Write the change; 3 where it cannot be begun, and then nothing is written."""
    kind, *rest = words or [""]
    given = {name: os.environ[name] for name in VALUES if name in os.environ} | dict(word.split("=", 1) for word in rest if "=" in word)
    if kind not in KINDS:
        print(f"'{kind}' is no kind of change; give one of {', '.join(KINDS)}", file=sys.stderr)
        return 3
    try:
        change = KINDS[kind](KIT, given)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 3
    for path in change.write():
        print(path)
    if kind in NEEDS_SCHEMAS:
        subprocess.run(
            [sys.executable, "-m", "macros", "schema", "--write", "macros/schemas"], cwd=KIT, stdout=subprocess.DEVNULL, check=True
        )
    print("\nLeft to write; 'tests/test_scaffold.py' lists what is still left:")
    for name, text in sorted(change.files.items()):
        for line in to_write(name, text):
            print(f"  {line}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
