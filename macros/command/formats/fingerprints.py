"""What a problem is known by from one run to the next, wherever its line has moved to."""

from __future__ import annotations

import hashlib
import re
from collections import Counter

from macros.problem import Problem

_LINE = re.compile(r"\bline \d+|(?<=\.md):\d+|(?<=\.yml):\d+|(?<=\.yaml):\d+")


def fingerprints(problems: tuple[Problem, ...]) -> tuple[str, ...]:
    """One fingerprint a problem, in their order: 32 hexadecimal digits, different from all others of the run.

    Code, path and message count; the line does not, nor does one that the message names. Of problems
    that agree in all three, each gets its number among them in the order given.
    """
    seen: Counter[str] = Counter()
    found = []
    for problem in problems:
        known_by = "\0".join((problem.code, problem.location.path, _LINE.sub("", problem.message)))
        seen[known_by] += 1
        numbered = f"{known_by}\0{seen[known_by]}"
        found.append(hashlib.sha256(numbered.encode("utf-8", "surrogatepass")).hexdigest()[:32])
    return tuple(found)
