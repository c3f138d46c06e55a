"""Ways to damage the lines, entries and values of a file, so that most of it stays well-formed."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from tests.mutations.changes import CHARACTERS, DAYS, VALUES, Change, Damage

_ID = re.compile(rb"\b(?:[A-Z]{2,3}-(?:\d{4}-)?\d{3,}|(?:iso\d+|eu-ai-act):[A-Za-z.\d]*\w)")
_START = re.compile(rb"^[ ]*(?:- |[A-Za-z_][\w-]*:)")
_ENTRY = re.compile(rb"^([ ]*(?:- )?)([A-Za-z_][\w-]*):(.*)$")


def _lines(data: bytes) -> list[bytes]:
    return data.split(b"\n")


def _block(chance: random.Random, lines: list[bytes]) -> tuple[int, int]:
    """An entry or item with everything that stands deeper below it: first line, and the one behind the last."""
    starts = [number for number, line in enumerate(lines) if _START.match(line)]
    if not starts:
        return 0, len(lines)
    at = chance.choice(starts)
    depth = _depth(lines[at])
    end = at + 1
    while end < len(lines) and (not lines[end].strip() or _depth(lines[end]) > depth):
        end += 1
    return at, end


def _depth(line: bytes) -> int:
    return len(line) - len(line.lstrip(b" "))


def drop_a_block(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    """A well-formed file that lacks an entry or an item, so that what refers to it finds nothing."""
    lines = _lines(data)
    start, end = _block(chance, lines)
    del lines[start:end]
    return Damage(b"\n".join(lines), "block dropped")


def double_an_item(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    """A well-formed file in which an item stands twice, or one of another place or file beside it."""
    lines, source = _lines(data), _lines(chance.choice((data, data, chance.choice(others))))
    start, end = _block(chance, source)
    _, place = _block(chance, lines)
    lines[place:place] = source[start:end]
    return Damage(b"\n".join(lines), "block doubled")


def value_of_another(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    """The value that the same key has elsewhere: of the right kind, and in the wrong place."""
    lines = _lines(data)
    entries = [number for number, line in enumerate(lines) if _ENTRY.match(line)]
    if not entries:
        return Damage(data, "nothing")
    at = chance.choice(entries)
    before, key, _ = _ENTRY.match(lines[at]).groups()
    found = re.findall(rb"(?m)^[ ]*(?:- )?" + re.escape(key) + rb":(.+)$", b"\n".join((data, chance.choice(others), chance.choice(others))))
    lines[at] = before + key + b":" + (chance.choice(found) if found else b" []")
    return Damage(b"\n".join(lines), "value of another")


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
    drop_a_block,
    drop_a_block,
    double_an_item,
    value_of_another,
    value_of_another,
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
