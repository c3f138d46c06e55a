"""Changes single values in a YAML register and adds records, leaving every other byte as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from macros.libyaml import SafeLoader
from macros.model.numbering import NUMBERING
from macros.problem import KitError
from macros.text.strict_yaml import YamlProblem, parse

_QUOTED = frozenset({"version", "next_review", "revisit", "date"})
_FOLDED = frozenset({"justification"})
_WORDS = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null"])
_PLAIN = re.compile(r"[^\W\d_](?:[\w ,.()/'&+-]*[\w.)])?")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9._~/?=&%+@-]+(?::\d[A-Za-z0-9._~/?=&%+@-]*)?")
_PLAIN_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?::[A-Za-z0-9.]+)?|ISM-" + NUMBERING)
_AS_IT_IS = frozenset({"address", "version"})
"""Text that is no sentence: `check` would take a folder 'A.5.1' for a control without its standard, so its stop is escaped."""
_NUMBER = re.compile(r"A\.(?=\d)")
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """Where a value stands in a text."""

    start: int
    end: int
    column: int
    flow: bool
    """Written in one line, between braces or brackets."""
    kind: str
    """scalar, map or list."""


class _Node:
    __slots__ = ("column", "count", "end", "flow", "is_map", "key", "path", "start")

    def __init__(self, path: Path, event: Any) -> None:
        self.path, self.is_map = path, isinstance(event, yaml.MappingStartEvent)
        self.start, self.column = event.start_mark.index, event.start_mark.column
        self.flow, self.end, self.count = bool(event.flow_style), event.end_mark.index, 0
        self.key: str | None = None


def spans(text: str) -> dict[Path, Span]:
    """Where every value of a YAML text stands. The text has been read without a problem before."""
    found: dict[Path, Span] = {}
    stack: list[_Node] = []

    def place() -> Path:
        if not stack:
            return ()
        top = stack[-1]
        if top.is_map:
            path, top.key = (*top.path, top.key or ""), None
            return path
        top.count += 1
        return (*top.path, top.count - 1)

    for event in yaml.parse(text, Loader=SafeLoader):
        if isinstance(event, yaml.ScalarEvent):
            start, end = event.start_mark.index, event.end_mark.index
            end = start + len(text[start:end].rstrip())
            if stack and stack[-1].is_map and stack[-1].key is None:
                stack[-1].key = event.value
            else:
                found[place()] = Span(start, end, event.start_mark.column, False, "scalar")
            if stack:
                stack[-1].end = max(stack[-1].end, end)
        elif isinstance(event, yaml.CollectionStartEvent):
            stack.append(_Node(place(), event))
        elif isinstance(event, yaml.CollectionEndEvent):
            node = stack.pop()
            end = event.end_mark.index if node.flow else node.end
            found[node.path] = Span(node.start, end, node.column, node.flow, "map" if node.is_map else "list")
            if stack:
                stack[-1].end = max(stack[-1].end, end)
    return found


def edited(text: str, changed: Mapping[int, Mapping[str, Any]], new: Sequence[Mapping[str, Any]], under: str = "records") -> str:
    """The text of a register with values changed and records added.

    Args:
        text: The register as it stands in its file, line ends and all.
        changed: For the position of a record, its new values by key.
        new: Whole records, which go below the last one.
        under: The key of the list that they stand in.

    Raises:
        KitError: The records are written in one line.
    """
    where = spans(text)
    newline = "\r\n" if "\r\n" in text else "\n"
    edits: list[tuple[int, int, str]] = []
    for index, values in changed.items():
        record = where[under, index]
        missing = []
        for key, value in values.items():
            span = where.get((under, index, key))
            if span is None:
                missing.append((key, value))
            else:
                edits.append(_replaced(text, span, key, value, record, newline))
        if missing:
            edits.append(_inserted(text, record, missing, newline))
    if new:
        edits.append(_added(text, where[under,], new, newline))
    for start, end, put in sorted(edits, reverse=True):
        text = text[:start] + put + text[end:]
    return text


def _replaced(text: str, span: Span, key: str, value: Any, record: Span, newline: str) -> tuple[int, int, str]:
    after_key = span.start
    while text[after_key - 1] == " ":
        after_key -= 1
    if text[after_key - 1] != ":":  # the value begins on a line of its own
        if isinstance(value, list) and value and span.kind == "list" and not span.flow:
            return span.start, span.end, (newline + " " * span.column).join(f"- {inline(key, item)}" for item in value)
        return span.start, span.end, inline(key, value, record.flow)
    remark = text[span.end : _line_end(text, span.end)].strip()
    if record.flow or remark:
        return after_key, span.end, f" {inline(key, value, record.flow)}"
    return after_key, span.end, _block(key, value, record.column, newline)


def _inserted(text: str, record: Span, values: list[tuple[str, Any]], newline: str) -> tuple[int, int, str]:
    if record.flow:
        return record.end - 1, record.end - 1, "".join(f", {key}: {inline(key, value, True)}" for key, value in values)
    end = _line_end(text, record.end)
    return end, end, "".join(f"{newline}{' ' * record.column}{key}:{_block(key, value, record.column, newline)}" for key, value in values)


def _added(text: str, records: Span, new: Sequence[Mapping[str, Any]], newline: str) -> tuple[int, int, str]:
    if records.flow and text[records.start : records.end].strip("[] \r\n"):
        raise KitError("the records are written in one line; write one entry a line, then import again")
    column = 2 if records.flow else records.column
    start, end = (records.start, records.end) if records.flow else (_line_end(text, records.end),) * 2
    rows = []
    for record in new:
        lead = f"{' ' * column}- "
        for key, value in record.items():
            rows.append(f"{newline}{lead}{key}:{_block(key, value, column + 2, newline)}")
            lead = " " * (column + 2)
    return start, end, "".join(rows)


def _line_end(text: str, place: int) -> int:
    """The end of the line, so that a remark on it stays where it is."""
    match = re.compile(r"[\r\n\x85\u2028\u2029]").search(text, place)
    return match.start() if match else len(text)


def _block(key: str, value: Any, column: int, newline: str) -> str:
    """A value as it stands after `key:`, with its leading space or line break."""
    if isinstance(value, list) and value:
        return "".join(f"{newline}{' ' * (column + 2)}- {inline(key, item)}" for item in value)
    if key in _FOLDED and isinstance(value, str) and (lines := folded(value)):
        return " >-" + "".join(f"{newline}{' ' * (column + 2)}{line}" for line in lines)
    return f" {inline(key, value)}"


def folded(text: str) -> list[str] | None:
    """A sentence a line, where that reads back as the same text."""
    lines = re.split(r"(?<=[.;!?]) (?=\S)", text)
    try:
        same = parse("k: >-\n" + "".join(f"  {line}\n" for line in lines)).value == {"k": text}
    except YamlProblem:
        return None
    return lines if same and text.isprintable() else None


def inline(key: str, value: Any, flow: bool = False) -> str:
    """A value in one line, quoted wherever YAML could take it for something else."""
    if value is None:
        return "null"
    if isinstance(value, list):
        return "[" + ", ".join(inline(key, item, True) for item in value) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {inline(name, part, True)}" for name, part in value.items()) + "}"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if isinstance(value, int):
        return text
    if not (key in _QUOTED or (key in _AS_IT_IS and _NUMBER.search(text))) and text.casefold() not in _WORDS and not text.isdigit():
        if _PLAIN_ID.fullmatch(text) and not text[0].isdigit():
            return text
        if not flow and (_ADDRESS.fullmatch(text) or (_PLAIN.fullmatch(text) and text == text.strip())):
            return text
    quoted = _UNPRINTABLE.sub(lambda match: f"\\u{ord(match.group()):04x}", json.dumps(text, ensure_ascii=False))
    return _NUMBER.sub(r"A\\u002e", quoted) if key in _AS_IT_IS else quoted
