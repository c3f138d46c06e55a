"""A day on the command line, or in the environment."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Callable

from macros.days import OutOfRange, judged_day, recorded_day, written_day


def day(text: str) -> datetime.date:
    """The day to judge on that a word of the command line names.

    Raises:
        argparse.ArgumentTypeError: It is no date, or lies where nothing can be judged.
    """
    return _day(text, judged_day)


def day_of_record(text: str) -> datetime.date:
    """The day for a record that a word of the command line names.

    Raises:
        argparse.ArgumentTypeError: It is no date, or lies where no record's does.
    """
    return _day(text, recorded_day)


def _day(text: str, ranged: Callable[[datetime.date], datetime.date]) -> datetime.date:
    try:
        return ranged(written_day(text))
    except OutOfRange as error:
        raise argparse.ArgumentTypeError(f"'{text}' is {error}") from None
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no date; write it as 2026-09-14") from None
