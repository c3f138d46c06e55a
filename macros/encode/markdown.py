"""Text for Markdown: as it is on a page of the site, and as it is where nobody vouches for it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from macros.encode.characters import visible

_PLAIN = frozenset(" ,")
_HYPHEN = re.compile(r"(?<=[0-9A-Za-z])&#45;(?=[0-9A-Za-z])")
_POINT = re.compile(r"(?<=[0-9])&#46;(?=[0-9A-Za-z])|(?<=\b[A-Z])&#46;(?=[0-9])")


class _Written(dict[int, str]):
    """A table for `str.translate` that asks how a character is written; those of ASCII are known beforehand."""

    def __init__(self, write: Callable[[int], str]) -> None:
        super().__init__((code, write(code)) for code in range(128))
        self._write = write

    def __missing__(self, code: int) -> str:
        return self._write(code)


def _entity(code: int) -> str:
    char = chr(code)
    return char if char.isalnum() or char in _PLAIN else f"&#{code};"


_ENTITIES = _Written(_entity)


def plain(value: Any) -> str:
    """Text that Markdown, HTML and every extension leave exactly as it is, on one line.

    Every character that is neither letter, digit, space nor comma becomes an entity, so a cell can hold
    pipes, brackets, braces, tags, attribute lists or snippet marks and shows them as they are. A hyphen within a word
    and the point of a number stay, since nothing acts on them there, and each entity costs a reader of Markdown time.
    A character that acts, such as one that turns the direction of the text, is shown by its number.
    """
    encoded = " ".join(visible(str(value)).split()).translate(_ENTITIES)
    return _POINT.sub(".", _HYPHEN.sub("-", encoded)) if "&" in encoded else encoded


def target(path: str) -> str:
    """The target of a link to a page of the site, as MkDocs reads it: what could end or extend the link is percent-encoded.

    Args:
        path: From the root of the documents, with a leading slash.
    """
    return quote(path, safe="/:@,;=+$!~.-_", errors="surrogatepass")


def address(text: str) -> str:
    """A link to an address on the web that shows the address; text where it is none, or where a mark in it could end the link."""
    return f"[{plain(text)}]({text})" if _ADDRESS.fullmatch(text) else plain(text)


_ADDRESS = re.compile(r"https?://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?(?:[/?#][A-Za-z0-9/?#&=%+,;:@~._!$-]*)?")
_LEADS_AWAY = re.compile(r"(&#(?:33|35|36|37|38|64|126);)(?=[^ ])|(&#58;)(?=&#47;)")
"""The marks ! # $ % & @ ~ before anything, and a colon before a slash.

They make a reference of what follows: people, issues, merge requests, labels, snippets, milestones, epics, addresses.
GitHub and GitLab look for them in the finished page, so a character reference alone does not take them out of use.
"""
_BLANK = ("\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u2800", "\u3164", "\uffa0")
_RANGES = (("\u180b", "\u180f"), ("\ufe00", "\ufe0f"), ("\U000e0000", "\U000e0fff"))


def unlinked(encoded: str) -> str:
    """Markdown whose texts went through `plain`, for a forge: what it would take for a mention or a reference is none."""
    return _LEADS_AWAY.sub(r"\1\2&#8203;", encoded)


def quoted(value: Any) -> str:
    """Text for a report that nobody vouches for, on one line: it mentions nobody, links nowhere, and hides and turns round nothing.

    Every character that is neither letter, digit, space nor comma becomes a character reference. Behind a mark that
    would make a reference or a link stands a space of no width. A character that cannot be seen, such as one that turns
    the direction of the text, is shown by its number.
    """
    return unlinked(" ".join(str(value).split()).translate(_SHOWN))


def _shown(code: int) -> str:
    return f"&#91;U&#43;{code:04X}&#93;" if _is_hidden(chr(code)) else _entity(code)


def _is_hidden(char: str) -> bool:
    """Whether it has no shape of its own, by its category or as default-ignorable in Unicode."""
    hidden = unicodedata.category(char) in ("Cc", "Cf", "Cn", "Co", "Cs")
    return hidden or char in _BLANK or any(first <= char <= last for first, last in _RANGES)


_SHOWN = _Written(_shown)
