"""A new record as the text of its file: the order of the definition, a sentence a line, in quotes where YAML needs them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from macros.days import written_day
from macros.imports.edit import folded, inline

_LONG = 100
"""Characters from which on a text is written with a sentence a line."""


def as_yaml(entries: Mapping[str, Any]) -> str:
    """Entries as block YAML that reads back as they are."""
    return "".join(f"{line}\n" for line in _map(entries))


def _map(entries: Mapping[str, Any]) -> Iterator[str]:
    for key, value in entries.items():
        yield from _entry(key, value)


def _entry(key: str, value: Any) -> Iterator[str]:
    if isinstance(value, Mapping) and value:
        yield f"{key}:"
        yield from (f"  {line}" for line in _map(value))
    elif isinstance(value, list) and value:
        yield f"{key}:"
        for item in value:
            first, *rest = list(_map(item)) if isinstance(item, Mapping) else [inline(key, item)]
            yield f"  - {first}"
            yield from (f"    {line}" for line in rest)
    elif isinstance(value, str) and len(value) > _LONG and (lines := folded(value)):
        yield f"{key}: >-"
        yield from (f"  {line}" for line in lines)
    elif isinstance(value, datetime.date) or _is_day(value):
        yield f'{key}: "{value}"'
    else:
        yield f"{key}: {inline(key, value)}"


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(written_day(value))
    except ValueError:
        return False
