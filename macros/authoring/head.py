"""Front matter with some entries changed, every other byte as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from macros.authoring.text import as_yaml
from macros.imports.edit import spans
from macros.model.document import FrontMatter
from macros.problem import KitError

_HEAD = re.compile(r"\A\ufeff?---[ \t]*\r?\n")
_END = re.compile(r"^---[ \t]*\r?$", re.MULTILINE)


def head_of(text: str, path: str) -> tuple[int, int]:
    """Where the entries of a document begin and end.

    Raises:
        KitError: The text has no front matter.
    """
    start = _HEAD.match(text)
    end = _END.search(text, start.end()) if start else None
    if start is None or end is None:
        raise KitError(f"'{path}' has no front matter any more; run check")
    return start.end(), end.start()


def with_entries(
    text: str, entries: Mapping[str, Any], head: tuple[int, int], order: Sequence[str] = tuple(FrontMatter.model_fields)
) -> str:
    """The text with entries of its front matter changed, or put in where the definition has them.

    Args:
        text: The whole document.
        entries: New values, as plain data.
        head: Where its front matter stands, as `head_of` gives it; of a record the whole text.
        order: The entries that the definition has, in its order.
    """
    start, end = head
    newline = "\r\n" if "\r\n" in text[start:end] else "\n"
    for key, value in entries.items():
        written = as_yaml({key: value}).replace("\n", newline)
        where = {path[0]: span for path, span in spans(text[start:end]).items() if len(path) == 1}
        if key in where:
            begin = _line(text, start + where[key].start)
            stop = text.find("\n", start + where[key].end) + 1
        else:
            before = [where[name].end for name in order[: list(order).index(key)] if name in where]
            begin = stop = text.find("\n", start + max(before)) + 1 if before else start
        text = text[:begin] + written + text[stop:]
        end += len(written) - (stop - begin)
    return text


def _line(text: str, place: int) -> int:
    """Where the line of a top key begins, whose value stands at `place`, on that line or below it."""
    begin = text.rfind("\n", 0, place) + 1
    while text[begin : begin + 1] in (" ", "\t", "-", "#", "\r", "\n"):
        begin = text.rfind("\n", 0, begin - 1) + 1
    return begin
