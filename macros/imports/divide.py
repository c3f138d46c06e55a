"""A table that has become long is divided into a head and parts, each row with its own bytes and remarks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from macros.imports.edit import edited, spans
from macros.model.numbering import natural
from macros.model.records.common import Entry, Head
from macros.model.records.kinds import Kind
from macros.model.workspace import Register
from macros.problem import KitError
from macros.text.strict_yaml import YamlProblem, parse

ROOM = 900_000
"""Bytes from which a table is divided, or a new part begun; a file ends at 1 MiB."""
PART = 450_000
"""Bytes that a part is made of, so that it has room for later rows."""
LIMIT = 64 << 20
"""Characters of the longest table that can be divided."""

_KEY = re.compile(r"^records:.*$", re.MULTILINE)
_SCHEMA = re.compile(r"^# yaml-language-server: .*\r?\n", re.MULTILINE)
_YEAR = re.compile(r"[A-Z]{2,3}-([0-9]{4})-[0-9]")
_COUNTED = re.compile(r"(.*?)(?:-([0-9]{1,6}))?")


def divided(kind: Kind[Entry], data: bytes) -> dict[str, bytes]:
    """The head and the parts of a table, by path: by year where each id bears one, and no part longer than half a mebibyte.

    Args:
        kind: Which table.
        data: Its one file.

    Raises:
        KitError: The file cannot be read, or its rows are written in one line.
    """
    try:
        text = data.decode("utf-8-sig")
        parsed = parse(text.replace("\r\n", "\n").replace("\r", "\n"), limit=LIMIT)
    except UnicodeDecodeError:
        raise KitError(f"'{kind.own_file}' is not UTF-8 text; save it as UTF-8, then divide it") from None
    except YamlProblem as problem:
        raise KitError(f"{kind.own_file}:{problem.line}: {problem.message}; {problem.way_out}") from None
    rows = parsed.value.get("records") if isinstance(parsed.value, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise KitError(f"'{kind.own_file}' holds no list of 'records', one group of entries each; mend it as 'check' says, then divide it")
    newline = "\r\n" if "\r\n" in text else "\n"
    head, pieces, key = _cut(kind, text, len(rows), newline)
    files = {kind.folder_head: _with_schema(head, _head_schema(kind), newline).encode("utf-8")}
    groups: dict[str, list[str]] = {}
    for name, piece in zip(_group_names(kind, rows), pieces, strict=True):
        groups.setdefault(name, []).append(piece)
    for name in sorted(groups, key=natural):
        for number, part in enumerate(_portions(groups[name]), 1):
            stem = (name if number == 1 else f"{name}-{number}") if name else str(number)
            files[f"{kind.folder}/{stem}.yaml"] = (_schema(f"{kind.name}-part", newline) + key + "".join(part)).encode("utf-8")
    return files


def _cut(kind: Kind[Entry], text: str, count: int, newline: str) -> tuple[str, list[str], str]:
    """The text without its rows, the rows with the remarks above each, and the line `records:`."""
    where = spans(text)
    records = where["records",]
    line = max((found for found in _KEY.finditer(text) if found.start() < records.start), key=lambda found: found.start(), default=None)
    if line is None or (count and (records.flow or records.start < line.end())):
        raise KitError(f"the rows of '{kind.own_file}' are written in one line; write one entry a line, then divide it")
    ends = [_next_line(text, where["records", index].end) for index in range(count)]
    starts = [_next_line(text, line.start()), *ends[:-1]]
    pieces = [text[start:end] for start, end in zip(starts, ends, strict=False)][:count]
    pieces = [piece if piece.endswith("\n") else piece + newline for piece in pieces]
    after = ends[-1] if ends else _next_line(text, line.start())
    return text[: line.start()] + text[after:], pieces, "records:" + newline


def _next_line(text: str, place: int) -> int:
    end = text.find("\n", place)
    return len(text) if end < 0 else end + 1


def _group_names(kind: Kind[Entry], rows: Sequence[Mapping[str, Any]]) -> list[str]:
    years = [_YEAR.match(str(row.get(kind.key))) for row in rows]
    return [year.group(1) if year else "" for year in years] if all(years) else [""] * len(rows)


def _portions(pieces: Iterable[str]) -> Iterable[list[str]]:
    portion: list[str] = []
    size = 0
    for piece in pieces:
        length = len(piece.encode("utf-8"))
        if portion and size + length > PART:
            yield portion
            portion, size = [], 0
        portion.append(piece)
        size += length
    yield portion


def _head_schema(kind: Kind[Entry]) -> str:
    return "register-head" if kind.head is Head else f"{kind.name}-head"


def _schema(name: str, newline: str) -> str:
    return f"# yaml-language-server: $schema=../../macros/schemas/{name}.json{newline}"


def _with_schema(text: str, name: str, newline: str) -> str:
    return _schema(name, newline) + _SCHEMA.sub("", text, count=1)


class Parts:
    """The parts of a divided table, to which new rows are given."""

    def __init__(self, register: Register[Entry], texts: Mapping[str, str]) -> None:
        """Know the parts.

        Args:
            register: The table.
            texts: The text of each part, by path.
        """
        self.kind = register.kind
        self.sizes = {part.path: len(texts[part.path].encode("utf-8")) for part in register.parts}
        self.new: dict[str, list[Mapping[str, Any]]] = {}

    def give(self, row: Mapping[str, Any]) -> None:
        """Give a row to the part of its year, where parts have years, or else to the last one; to a new part where that is full."""
        size = sum(len(str(key)) + len(str(value).encode("utf-8")) + 20 for key, value in row.items())
        path = self._path(str(row.get(self.kind.key)), size)
        self.sizes[path] = self.sizes.get(path, 0) + size
        self.new.setdefault(path, []).append(row)

    def _path(self, name: str, size: int) -> str:
        stems = sorted((path.rsplit("/", 1)[1].rsplit(".", 1)[0] for path in self.sizes), key=natural)
        year = _YEAR.match(name)
        by_year = [stem for stem in stems if re.fullmatch(r"[0-9]{4}(?:-[0-9]{1,6})?", stem)]
        if year and len(by_year) == len(stems):
            stems = [stem for stem in by_year if stem[:4] == year.group(1)]
            first = year.group(1)
        else:
            first = "1"
        if not stems:
            return f"{self.kind.folder}/{first}.yaml"
        last = next(path for path in self.sizes if path.rsplit("/", 1)[1].rsplit(".", 1)[0] == stems[-1])
        return last if self.sizes[last] + size <= ROOM else f"{self.kind.folder}/{self._after(stems[-1], bool(year) and first != '1')}.yaml"

    def _after(self, stem: str, yearly: bool) -> str:
        if not yearly and stem.isdecimal():
            return str(int(stem) + 1)
        found = _COUNTED.fullmatch(stem)
        assert found
        return f"{found.group(1)}-{int(found.group(2) or 1) + 1}"

    def texts(self, present: Mapping[str, str]) -> dict[str, str]:
        """The text of each part that gets rows, by path."""
        empty = _schema(f"{self.kind.name}-part", "\n") + "records: []\n"
        return {path: edited(present.get(path, empty), {}, rows) for path, rows in self.new.items()}
