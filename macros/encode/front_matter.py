"""Front matter of generated pages, by a YAML writer, and read back before it is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import yaml

from macros.encode.characters import visible
from macros.libyaml import SafeDumper, SafeLoader

_WIDTH = 2**31 - 1
"""Characters of a line; libyaml knows no other word for 'never broken'."""
Entry = str | bool | Sequence[str]


def front_matter(entries: Mapping[str, Entry]) -> str:
    """A block of front matter with its two fences: text in double quotation marks, in ASCII, one entry a line.

    Args:
        entries: Keys that are plain words; text, true or false, or lists of text. Text is put on one line,
            and a character that acts is shown by its number.

    Raises:
        ValueError: The block would not read back as what was given, so the page must not be made.
    """
    held = {key: _held(value) for key, value in entries.items()}
    block = "".join(f"{key}:{_written(value)}" for key, value in held.items())
    if yaml.load(block, SafeLoader) != held:
        raise ValueError(f"front matter does not read back as it was written: {block!r}")
    return f"---\n{block}---\n"


def _held(value: Entry) -> str | bool | list[str]:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return " ".join(visible(value).split())
    return [" ".join(visible(item).split()) for item in value]


def _written(value: str | bool | list[str]) -> str:
    if isinstance(value, list):
        return "\n" + "".join(f"  - {_scalar(item)}" for item in value)
    return f" {_scalar(value)}"


def _scalar(value: str | bool) -> str:
    if isinstance(value, bool):
        return f"{str(value).lower()}\n"
    written: str = yaml.dump(value, Dumper=SafeDumper, default_style='"', allow_unicode=False, width=_WIDTH)
    return written
