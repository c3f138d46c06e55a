"""Expected texts that are files: the one place where a result is compared with such a file, and the only one that rewrites it.

`pytest --accept` writes what a test got into the file that it expected. The test fails that once, since nobody has
read the difference yet; the next run passes. A run in CI refuses the option: there, nobody reads.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

REFUSED = (
    "--accept rewrites expected texts for a person to read, and the environment variable CI says that nobody does; run it at your desk"
)


def may_accept(wanted: bool, environment: Mapping[str, str]) -> str | None:
    """Why expected texts must not be rewritten here; None where they may, or where nobody wants to."""
    return REFUSED if wanted and environment.get("CI") else None


@dataclass(frozen=True)
class Golden:
    """Compares results with the files that hold the expected text."""

    kit: Path
    """Root of the kit; messages name files from there."""
    accept: bool
    """Whether a file that differs is rewritten."""
    fail: Callable[[str], object]
    """Ends a test with a message."""

    def __call__(self, file: Path, got: str) -> None:
        """Hold a text against the file that says what is expected.

        Line ends are compared and written as they are in the file, which is UTF-8 with `\\n`.
        """
        expected = file.read_bytes().decode("utf-8") if file.is_file() else None
        if got == expected:
            return
        name = file.relative_to(self.kit).as_posix() if file.is_relative_to(self.kit) else file.name
        if self.accept:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(got, "utf-8", newline="\n")
            self.fail(f"accepted: read the diff of {name}, then run the test again")
        elif expected is None:
            self.fail(f"{name} does not exist; `pytest --accept` writes it, and you read it:\n{got}")
        else:
            lines = difflib.unified_diff(expected.splitlines(), got.splitlines(), f"{name} (expected)", "result", lineterm="")
            self.fail("\n".join([*lines, f"{name} differs; where the result is right, `pytest --accept` rewrites the file"]))
