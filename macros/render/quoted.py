"""Text that nobody vouches for, shown as it is: it mentions nobody, links nowhere, and hides and turns round nothing."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

_LEADS_AWAY = re.compile(r"(&#(?:33|35|36|37|38|64|126);)(?=[^ ])|(&#58;)(?=&#47;)")
"""The marks ! # $ % & @ ~ before anything, and a colon before a slash.

They make a reference of what follows: people, issues, merge requests, labels, snippets, milestones, epics, addresses.
GitHub and GitLab look for them in the finished page, so a character reference alone does not take them out of use.
"""
_BLANK = ("\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u2800", "\u3164", "\uffa0")
_RANGES = (("\u180b", "\u180f"), ("\ufe00", "\ufe0f"), ("\U000e0000", "\U000e0fff"))


def quoted(value: Any) -> str:
    """Text for a report, on one line.

    Every character that is neither letter, digit, space nor comma becomes a character reference. Behind a mark that
    would make a reference or a link stands a space of no width. A character that cannot be seen, such as one that turns
    the direction of the text, is shown by its number.
    """
    return _LEADS_AWAY.sub(r"\1\2&#8203;", " ".join(str(value).split()).translate(_SHOWN))


def _shown(code: int) -> str:
    char = chr(code)
    if _is_hidden(char):
        return f"&#91;U&#43;{code:04X}&#93;"
    return char if char.isalnum() or char in " ," else f"&#{code};"


def _is_hidden(char: str) -> bool:
    """Whether it has no shape of its own, by its category or as default-ignorable in Unicode."""
    hidden = unicodedata.category(char) in ("Cc", "Cf", "Cn", "Co", "Cs")
    return hidden or char in _BLANK or any(first <= char <= last for first, last in _RANGES)


class _Shown(dict):
    """How each character is shown; those of ASCII are known beforehand."""

    def __missing__(self, code: int) -> str:
        return _shown(code)


_SHOWN = _Shown({code: _shown(code) for code in range(128)})
