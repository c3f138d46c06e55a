"""Ways to damage a file: its bytes, its lines, its values; each gives the new bytes and whether somebody has to notice."""

from __future__ import annotations

import random
import re
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

_ID = re.compile(rb"\b(?:[A-Z]{2,3}-(?:\d{4}-)?\d{3,}|(?:iso\d+|eu-ai-act):[A-Za-z.\d]*\w)")
_ENTRY = re.compile(rb"^([ ]*(?:- )?)([A-Za-z_][\w-]*):(.*)$")


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


# Lines and values


def _lines(data: bytes) -> list[bytes]:
    return data.split(b"\n")


def drop_a_line(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    lines = _lines(data)
    del lines[chance.randrange(len(lines))]
    return Damage(b"\n".join(lines), "line dropped")


def swap_lines(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    lines = _lines(data)
    one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[two] = lines[two], lines[one]
    return Damage(b"\n".join(lines), "lines swapped")


def indent(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    lines = _lines(data)
    at = chance.randrange(len(lines))
    lines[at] = chance.choice((b"  ", b" ", b"      ", b"    ")) + lines[at] if chance.random() < 0.5 else lines[at].lstrip()
    return Damage(b"\n".join(lines), "indent")


def other_value(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    value = chance.choice(VALUES) if chance.random() < 0.8 else chance.choice(CHARACTERS) * chance.choice((1, 3))
    return _with_value(chance, data, value.encode("utf-8"), "value")


def other_day(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    days = list(re.finditer(rb"\d{4}-\d\d-\d\d", data))
    if not days:
        return _with_value(chance, data, chance.choice(DAYS).encode(), "day")
    found = chance.choice(days)
    return Damage(data[: found.start()] + chance.choice(DAYS).encode() + data[found.end() :], "day")


def other_id(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    """An id where another one stood: references that go round in circles, to itself, to the wrong kind, to nothing."""
    here = list(_ID.finditer(data))
    if not here:
        return _with_value(chance, data, b"POL-001", "id")
    there = _ID.findall(chance.choice(others)) or [b"XXX-001"]
    found = chance.choice(here)
    new = chance.choice((chance.choice(here).group(), chance.choice(there)))
    if chance.random() < 0.2:
        return Damage(data.replace(found.group(), new), "ids")
    return Damage(data[: found.start()] + new + data[found.end() :], "id")


def huge_value(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    piece = chance.choice((b"x", b"9", b"word ", b"A.5.2 ", b"(", b"[", b"*", b"_a", b"`", b"<", "é".encode()))
    return _with_value(chance, data, piece * chance.choice((5_000, 40_000)), "huge value")


def deep(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    depth = chance.choice((5, 31, 33, 500))
    opened, closed = chance.choice(((b"[", b"]"), (b"{a: ", b"}")))
    return _with_value(chance, data, opened * depth + closed * depth, "deep")


def many_items(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    items = chance.choice((b"x", b"iso42001:A.5.2", b"{}", b"[]", b"null", b"POL-001"))
    return _with_value(chance, data, b"[" + b", ".join([items] * chance.choice((2, 40, 3_000))) + b"]", "many items")


def other_key(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    lines = _lines(data)
    entries = [number for number, line in enumerate(lines) if _ENTRY.match(line)]
    if not entries:
        return Damage(data + b"\nkey: value\n", "key")
    at = chance.choice(entries)
    before, key, rest = _ENTRY.match(lines[at]).groups()
    new = chance.choice((b"x", key.upper(), key + b"s", b"id", b"title", b"__class__", b"null", b"1", b"[a]", b"{a: 1}", b'""', b"<<"))
    lines[at] = before + new + b":" + rest
    return Damage(b"\n".join(lines), "key")


def _with_value(chance: random.Random, data: bytes, value: bytes, name: str) -> Damage:
    """Another value behind one of the keys; what stood below it may stay and then no longer fits."""
    lines = _lines(data)
    entries = [number for number, line in enumerate(lines) if _ENTRY.match(line)]
    if not entries:
        return Damage(data + b"\n" + value, name)
    at = chance.choice(entries)
    before, key, _ = _ENTRY.match(lines[at]).groups()
    lines[at] = before + key + b": " + value
    if chance.random() < 0.6:
        end = at + 1
        while end < len(lines) and len(lines[end]) - len(lines[end].lstrip(b" ")) > len(before):
            end += 1
        del lines[at + 1 : end]
    return Damage(b"\n".join(lines), name)


LINES: tuple[Change, ...] = (
    drop_a_line,
    swap_lines,
    indent,
    other_value,
    other_value,
    other_day,
    other_id,
    huge_value,
    deep,
    many_items,
    other_key,
)
