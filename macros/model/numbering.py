"""How ids are numbered: three digits first, then as many as are needed, without leading zeros beyond three."""

from __future__ import annotations

import re
from collections.abc import Iterable

NUMBER = r"(?:[0-9]{3}|[1-9][0-9]{3,6})"
"""`001` to `999`, then `1000` and on: each number has one writing, so that no two ids mean the same."""
NUMBERING = rf"(?:[0-9]{{4}}-)?{NUMBER}"
"""What follows the prefix of a record's id: a number, or a year and a number."""
IN_TEXT = rf"{NUMBERING}\b(?!-[0-9])"
"""The same in running text: `NC-2026-0001` is no id, and neither is its beginning."""
LAST = 9_999_999
"""The highest number that an id can have."""

_NUMBER = re.compile(NUMBER)
_PARTS = re.compile(r"([^0-9]*)([0-9]*)")


def numbered(form: str, number: int) -> str:
    """The id with a number, such as `RSK-004` or `RSK-1000`.

    Args:
        form: What stands before the number, such as `RSK-` or `NC-2026-`.
        number: From 1 up.
    """
    return f"{form}{number:03}"


def highest(form: str, names: Iterable[str]) -> int:
    """The highest number among the ids of one form; 0 where there is none."""
    found = (_NUMBER.fullmatch(name, len(form)) for name in names if name.startswith(form))
    return max((int(number.group()) for number in found if number), default=0)


def natural(text: str) -> tuple[tuple[tuple[str, int, str], ...], str]:
    """A key that sorts `RSK-999` before `RSK-1000`, and `2026` before `2026-2`."""
    parts = ((words, digits.lstrip("0")) for words, digits in _PARTS.findall(text))
    return tuple((words, len(digits), digits) for words, digits in parts), text
