"""Days as this kit knows them: each lies in a range, and what lies so many days or months from one stays in the calendar."""

from __future__ import annotations

import calendar
import datetime
import re

FIRST, LAST = datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)
"""The days that a record, a document or `org.yaml` may name."""
FIRST_JUDGED, LAST_JUDGED = datetime.date(1970, 1, 1), datetime.date(2099, 12, 31)
"""The days that something may be judged on: those that the compressed site map of MkDocs can be dated with."""

_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class OutOfRange(ValueError):
    """A day of the calendar that lies where no day of a management system does; its text says where it has to lie."""


def judged_day(day: datetime.date) -> datetime.date:
    """The day itself, where something may be judged on it.

    Raises:
        OutOfRange: It is before 1970 or after 2099.
    """
    if not FIRST_JUDGED <= day <= LAST_JUDGED:
        raise OutOfRange(f"not between {FIRST_JUDGED} and {LAST_JUDGED}")
    return day


def recorded_day(day: datetime.date) -> datetime.date:
    """The day itself, where a record may name it.

    Raises:
        OutOfRange: It is before 1900 or after 2200.
    """
    if not FIRST <= day <= LAST:
        raise OutOfRange(f"not between {FIRST} and {LAST}")
    return day


def written_day(text: str) -> datetime.date:
    """The day that a text names as `2026-09-14`; the other forms of ISO 8601, such as `20260914` and `2026-W38-1`, are none here.

    Raises:
        ValueError: It is not written so, or there is no such day.
    """
    if not _WRITTEN.fullmatch(text):
        raise ValueError("not written as YYYY-MM-DD")
    return datetime.date.fromisoformat(text)


def after_days(day: datetime.date, days: int) -> datetime.date:
    """The day so many days later, or earlier where `days` is negative; the calendar's last or first where it would leave it."""
    number = min(max(day.toordinal() + days, datetime.date.min.toordinal()), datetime.date.max.toordinal())
    return datetime.date.fromordinal(number)


def after_months(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later, or the last of that month where it is shorter; the calendar's last or first at its ends."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > datetime.MAXYEAR:
        return datetime.date.max
    if year < datetime.MINYEAR:
        return datetime.date.min
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
