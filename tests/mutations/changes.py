"""Ways to damage a file: its bytes, its lines, its values; each gives the new bytes and whether somebody has to notice."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

CHARACTERS = (
    *("\0", "\x01", "\x07", "\x08", "\x0b", "\x0c", "\x1b", "\x1f", "\x7f", "\x80", "\x85", "\x9b", "\xa0", "\xad"),
    *("\u0300", "\u0600", "\u061c", "\u180e", "\u200b", "\u200d", "\u200f", "\u2028", "\u2029", "\u202e", "\u2060", "\u2066", "\u2069"),
    *("\u3000", "\ue000", "\ufdd0", "\ufe0f", "\ufeff", "\uff1a", "\ufffc", "\ufffd", "\uffff", "\U0001f98a", "\U000e0001", "\U0010ffff"),
    *("ß", "İ", "ﬁ", "Ⅷ", "٣", "²", "ǅ", "ﷺ", "𝟙", "e\u0301"),
)
"""Characters of every category, and those that readers of text stumble over."""

DAYS = (
    *("0001-01-01", "0001-12-31", "1582-10-15", "1900-02-29", "1969-12-31", "1970-01-01", "2026-02-29", "2026-02-30", "2026-11-16"),
    *(
        "2038-01-19",
        "9999-12-31",
        "10000-01-01",
        "-0001-01-01",
        "2026-W01-1",
        "20261116",
        "2026-11-16T00:00:00Z",
        "2026-13-01",
        "0000-00-00",
    ),
)

VALUES = (
    *(
        "",
        "null",
        "~",
        "true",
        "false",
        "[]",
        "{}",
        "[[]]",
        "[null]",
        "{a: 1}",
        "[{}]",
        '""',
        "''",
        "0",
        "-1",
        "1",
        "999999999",
        "12345678901234567890",
    ),
    *(
        "1e309",
        ".nan",
        ".inf",
        "-0",
        "007",
        "0x10",
        "1_000",
        "12:30",
        "=",
        "<<",
        "@x",
        "`x`",
        "%x",
        "!x",
        "|",
        ">",
        '"',
        "'",
        "- x",
        "? x",
        ": x",
        "#",
    ),
    *(
        "{{ param('x') }}",
        '{{ param("x") }}',
        "{% for a in b %}",
        "<script>alert(1)</script>",
        "--- a",
        "...",
        "../../etc/passwd",
        "C:\\x",
        "//host/x",
    ),
    *(
        "::error::x",
        "$(id)",
        "=1+1",
        "a|b",
        "[a](javascript:b)",
        "iso42001:",
        ":5.2",
        "iso42001:A.5.2",
        "iso27001:A.5.2",
        "x:y:z",
        "POL-001",
        "RSK-001",
    ),
    *(
        "AIS-001",
        "EV-001",
        "ROL-000",
        "PRO-9999",
        "top-management",
        "nobody",
        "approved",
        "draft",
        "closed",
        "high",
        "100",
        "25",
        "n/a",
        "TBD",
    ),
)

TOKENS = (
    *(
        b"\t",
        b": ",
        b"- ",
        b"&a ",
        b"*a",
        b"{{",
        b"}}",
        b"{%",
        b"{#",
        b"[",
        b"]",
        b"{",
        b"}",
        b'"',
        b"'",
        b"\n---\n",
        b"\n...\n",
        b"!!x ",
        b"<<: ",
    ),
    *(
        b"\xff",
        b"\xc3",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\xef\xbb\xbf",
        b"\r",
        b"\r\n",
        b"\n\n",
        b"\0",
        b"|",
        b">",
        b"#",
        b"\\",
        b"```\n",
        b"<!--",
        b"-->",
    ),
    *(b"<<<<<<< a\n", b"=======\n", b">>>>>>> b\n", b"]]>", b"<![CDATA[", b"&#0;", b"&amp;", b"%s", b"${x}", b"\\u0000", b"\\ud800"),
)


@dataclass(frozen=True, slots=True)
class Damage:
    """What became of a file."""

    data: bytes
    name: str
    """The way that was taken."""
    sure: bool = False
    """Whether whoever reads the file has to say something about it, by name and line."""


Change = Callable[[random.Random, bytes, Sequence[bytes]], Damage]


def damaged(chance: random.Random, data: bytes, others: Sequence[bytes], ways: Sequence[Change]) -> Damage:
    """One to three changes, one on top of the other; a change that somebody has to notice stays alone.

    Args:
        chance: Where every choice comes from.
        data: The file as it is.
        others: Further files, to take parts from.
        ways: The changes that may be made.
    """
    names = []
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        found = chance.choice(ways)(chance, data, others)
        if found.sure:
            if names:
                continue
            return found
        data = found.data
        names.append(found.name)
    return Damage(data, "+".join(names) or "nothing")


def _at(chance: random.Random, data: bytes) -> int:
    return chance.randrange(len(data) + 1)


# Bytes


def flip_a_bit(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    if not data:
        return Damage(b"\0", "bit")
    at = chance.randrange(len(data))
    return Damage(data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :], "bit")


def cut_out(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    at = _at(chance, data)
    return Damage(data[:at] + data[at + chance.choice((1, 2, 7, 40, 300)) :], "cut")


def cut_off(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    return Damage(data[: _at(chance, data)], "end")


def empty(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    return Damage(chance.choice((b"", b"\n", b" ", b"\xef\xbb\xbf", b"---\n", b"---\n---\n", b"{}", b"[]", b"null")), "empty")


def token(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    at = _at(chance, data)
    return Damage(data[:at] + chance.choice(TOKENS) + data[at:], "token")


def character(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    at = _at(chance, data)
    return Damage(data[:at] + chance.choice(CHARACTERS).encode("utf-8") + data[at:], "character")


def double_a_block(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    at = _at(chance, data)
    return Damage(data[:at] + data[at : at + chance.choice((5, 60, 400))] + data[at:], "double")


def block_of_another(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    other = chance.choice(others)
    start, at = _at(chance, other), _at(chance, data)
    length = chance.choice((10, 80, 600))
    return Damage(data[:at] + other[start : start + length] + data[at + length :], "splice")


def whole_of_another(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    return Damage(chance.choice(others), "another file")


def repeat(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    at = _at(chance, data)
    piece = data[at : at + chance.choice((1, 3, 20))] or b"x"
    return Damage(data[:at] + piece * chance.choice((100, 2_000)) + data[at:], "repeat")


def other_encoding(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    text = data.decode("utf-8", "replace")
    name = chance.choice(("utf-16", "utf-16-be", "utf-32", "latin-1", "utf-7", "cp037"))
    return Damage(text.encode(name, "replace"), name)


def line_ends(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    return Damage(data.replace(b"\n", chance.choice((b"\r\n", b"\r", b"\n\n", "\u2028".encode(), b"\x85"))), "line ends")


def no_utf8(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    at = chance.randrange(len(data)) if data else 0
    while at and data[at] & 0xC0 == 0x80:
        at -= 1
    return Damage(data[:at] + chance.choice((b"\xff", b"\xc0\xaf", b"\xed\xa0\x80")) + data[at:], "no UTF-8", sure=True)


BYTES: tuple[Change, ...] = (
    flip_a_bit,
    cut_out,
    cut_off,
    empty,
    token,
    character,
    double_a_block,
    block_of_another,
    whole_of_another,
    repeat,
    other_encoding,
    line_ends,
)
