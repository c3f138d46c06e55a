"""Where a verb's words go: data to stdout, messages to stderr, each through its encoder."""

from __future__ import annotations

import sys

from macros.encode.terminal import line


def show(text: str) -> None:
    """Print data that its format has encoded; half of a character out of a file name that is no UTF-8 is written out."""
    print(text.encode("utf-8", "backslashreplace").decode("utf-8"), end="")


def tell(message: object) -> None:
    """Print one line for the person at the screen, whatever the message quotes."""
    print(line(message), file=sys.stderr, flush=True)
