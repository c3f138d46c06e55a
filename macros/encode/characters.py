"""Characters that act instead of being shown: what they are, where they stand, and how they are written out.

C0 and C1 controls, DEL and NEL steer terminals and end lines; U+2028 and U+2029 end lines in some programs and not in
others; the embeddings, overrides and isolates of Unicode's bidirectional algorithm (UAX #9, section 2) make a text read
differently from what it holds. Marks that Arabic, Hebrew, Persian and Indic names need (U+200E, U+200F, U+061C, U+200C,
U+200D) order or join what stands beside them and hide nothing, so they are text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_LINES = r"\x80-\x9f\u2028\u2029"
_BIDI = r"\u202a-\u202e\u2066-\u2069"
ACTING = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f{_LINES}{_BIDI}]")
"""What no text holds; a tab and a line break are allowed here."""
_WRITTEN_OUT = re.compile(rf"[\x00-\x1f\x7f{_LINES}{_BIDI}\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""What is shown by its number wherever text of any source is shown on one line."""
_REFERENCE = re.compile(r"&#(?:[xX]0{0,16}([0-9a-fA-F]{1,6})|0{0,16}([0-9]{1,7}))(?![0-9a-fA-F])")
_NAMES = {0x7F: "DELETE", 0x85: "NEXT LINE", 0x1B: "ESCAPE", 0x00: "NULL", 0x08: "BACKSPACE", 0x0D: "CARRIAGE RETURN", 0x0C: "FORM FEED"}


def named(char: str) -> str:
    """A character by number and name, such as `U+202E RIGHT-TO-LEFT OVERRIDE`."""
    name = _NAMES.get(ord(char)) or unicodedata.name(char, "control character")
    return f"U+{ord(char):04X} {name}"


def acting(text: str) -> Iterator[tuple[int, str]]:
    """Where each character stands that acts instead of being shown, and which it is."""
    if text.replace("\n", "").replace("\t", "").isprintable():  # ten times as fast as the search; most texts end here
        return
    for match in ACTING.finditer(text):
        yield match.start(), match.group()


def acting_references(text: str) -> Iterator[tuple[int, str]]:
    """The same for characters that HTML or Markdown names by their number, such as `&#x202e;`."""
    if "&#" not in text:
        return
    for match in _REFERENCE.finditer(text):
        code = int(match.group(1), 16) if match.group(1) else int(match.group(2))
        if code < 0x110000 and ACTING.match(chr(code)):
            yield match.start(), chr(code)


def visible(text: str) -> str:
    """Text on one line, in which a character that acts is shown by its number; white space that ends a line is a space."""
    if text.isprintable():
        return text
    return _WRITTEN_OUT.sub(lambda match: " " if match.group() in _BREAKS else f"[U+{ord(match.group()):04X}]", text)


_BREAKS = frozenset("\t\n\r\x0b\x0c\x85\u2028\u2029")
