"""A day on the command line."""

from __future__ import annotations

import argparse
import datetime


def day(text: str) -> datetime.date:
    """The day that a word of the command line names.

    Raises:
        argparse.ArgumentTypeError: It is no date.
    """
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no date; write it as 2026-09-14") from None
