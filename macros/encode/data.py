"""Text for programs: JSON, and cells of a spreadsheet."""

from __future__ import annotations

import json
import re
from typing import Any

from macros.encode.terminal import line

_UNSAFE_JSON = re.compile(
    "[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]|(?<=#)\\[|(?<=##)(?:[vV](?=so\\[)|[tT](?=eamcity\\[))"
)
_FORMULA = re.compile("[\\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*[=+\\-@\uff1d\uff0b\uff0d\uff20\u2212]")


def as_json(value: Any, indent: int | None = 2) -> str:
    """JSON with one newline at the end; it reads back as what was given.

    What would act on a terminal or in the log of a job, and half of a character out of a file name that is no
    UTF-8, stands as an escape.
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return _UNSAFE_JSON.sub(lambda match: f"\\u{ord(match.group()):04x}", text) + "\n"


def cell(value: object) -> str:
    """Text for a cell of a spreadsheet, on one line; what begins like a formula gets an apostrophe before it.

    A spreadsheet looks for the mark behind white space or a mark that has no width, and takes a full-width one as well
    (OWASP, CSV Injection).
    """
    text = line(value)
    return f"'{text}" if _FORMULA.match(text) else text
