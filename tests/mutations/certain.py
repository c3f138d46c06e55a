"""Damage that a strict reader of YAML or front matter has to say something about, by name and line."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from tests.mutations.changes import Change, Damage, no_utf8


def _top_entries(data: bytes) -> list[int]:
    """Numbers of the lines with an entry at the top, of the front matter where there is one."""
    lines = data.split(b"\n")
    start, end = 0, len(lines)
    if lines[0].rstrip() == b"---":
        start = 1
        end = next((number for number, line in enumerate(lines) if number and line.rstrip() == b"---"), 1)
    return [number for number in range(start, end) if re.match(rb"[A-Za-z_][\w-]*:", lines[number])]


def _surely(name: str, change: Callable[[random.Random, bytes], bytes]) -> Change:
    def apply(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
        entries = _top_entries(data)
        if not entries:
            return no_utf8(chance, data, others)
        lines = data.split(b"\n")
        at = chance.choice(entries)
        lines[at] = change(chance, lines[at])
        plain_page = data.startswith(b"---") and not re.search(rb"^id:", data, re.MULTILINE)  # may carry entries of its own
        return Damage(b"\n".join(lines), name, sure=not (plain_page and name == "unknown key"))

    return apply


def _key(line: bytes) -> bytes:
    return line.split(b":", 1)[0]


SURE: tuple[Change, ...] = (
    no_utf8,
    _surely("repeated key", lambda chance, line: _key(line) + b": x\n" + line),
    _surely("anchor", lambda chance, line: b"zz: &a x\n" + line),
    _surely("alias", lambda chance, line: b"zz: *a\n" + line),
    _surely("tag", lambda chance, line: b"zz: !!python/object:os.system x\n" + line),
    _surely("tab", lambda chance, line: b"zz:\n\t- x\n" + line),
    _surely("open quote", lambda chance, line: b'zz: "x\n' + line),
    _surely("unknown key", lambda chance, line: b"zz: x\n" + line),
    _surely("merge key", lambda chance, line: b"<<: {a: b}\n" + line),
    _surely("too deep", lambda chance, line: b"zz: " + b"[" * 40 + b"]" * 40 + b"\n" + line),
    _surely("colon", lambda chance, line: b"zz: a: b\n" + line),
)
