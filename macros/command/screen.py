"""Where a verb's words go: data to stdout, messages to stderr, each through its encoder."""

from __future__ import annotations

import sys

from macros.encode.terminal import line


class NotShownError(OSError):
    """Where the data were to go, nothing more fits."""


def show(text: str) -> None:
    """Print data that its format has encoded; half of a character out of a file name that is no UTF-8 is written out.

    Raises:
        NotShownError: It cannot be written where it is sent.
    """
    try:
        print(text.encode("utf-8", "backslashreplace").decode("utf-8"), end="")
    except BrokenPipeError:
        raise
    except OSError as error:
        raise NotShownError(error.errno, error.strerror) from None


def closing(written: bool, said: str = "Written; propose it like any other change.") -> str:
    """The last line of a verb that only shows without `--write`."""
    return said if written else "Nothing was written. To write it, run this again with --write"


def tell(message: object) -> None:
    """Print one line for the person at the screen, whatever the message quotes."""
    print(line(message), file=sys.stderr, flush=True)
