"""What survives, by its place and its lines, so that the list holds while code around it moves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

_SENTENCE = re.compile(r'"[^"]*"')
_NUMBERED = re.compile(r"__mutmut_\d+$")


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no test notices."""

    place: str
    """The function, such as `macros.facts.decisions.Decisions.document`."""
    was: str
    """The lines that it takes out, as one."""
    now: str
    """The lines that it puts in."""
    why: str = field(default="", compare=False)
    """Why it may survive; empty where nobody has said."""


def place_of(name: str) -> str:
    """The function of a mutant by mutmut's name for it, such as `macros.facts.errors.xǁErrorsǁall__mutmut_1`."""
    module, _, function = _NUMBERED.sub("", name).rpartition(".")
    parts = function.split("ǁ")[1:] if "ǁ" in function else [function.removeprefix("x_")]
    return ".".join((module, *parts))


def is_wording(one: Survivor) -> bool:
    """Whether a mutant changes nothing but letters of a text that holds a space: a sentence or a part of one."""
    was, now = _SENTENCE.findall(one.was), _SENTENCE.findall(one.now)
    if _SENTENCE.sub('""', one.was) != _SENTENCE.sub('""', one.now) or len(was) != len(now):
        return False
    return all(before == after or " " in before for before, after in zip(was, now, strict=True))


def compared(standing: Sequence[Survivor], listed: Sequence[Survivor]) -> tuple[list[Survivor], list[Survivor]]:
    """Those that survive and are not listed, and those that are listed and do not survive; each as often as it is too much."""
    found, known = Counter(standing), Counter(listed)
    return list((found - known).elements()), list((known - found).elements())
