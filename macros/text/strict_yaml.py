"""YAML as this kit reads it: text stays text, nothing is guessed, and every value knows its line.

One pass over the parser's events builds plain dictionaries, lists and scalars without recursion, so that
deep nesting, anchors, merge keys and tags are refused before anything is built. Only `true`, `false`,
`null`, `~` and plain whole numbers are read as something else than text: `4.10`, `NO`, `12:30` and
`2026-02-30` stay what the author wrote.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from macros.encode.characters import acting, named
from macros.libyaml import SafeLoader

MAX_BYTES = 1 << 20
MAX_DEPTH = 32
MAX_NODES = 200_000
TOO_LONG, TOO_MANY = "the file is larger than 1 MiB", "the file has more than 200,000 parts"

_WHOLE_NUMBER = re.compile(r"(?:0|-?[1-9][0-9]{0,8})")
_OTHER_BREAKS = ("\x85", "\u2028", "\u2029")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}

Path = tuple[str | int, ...]


class YamlProblem(Exception):
    """A file that cannot be read: a sentence, its line, and the way out."""

    def __init__(self, message: str, line: int, way_out: str) -> None:
        super().__init__(message)
        self.message, self.line, self.way_out = message, line, way_out

    @property
    def is_acting(self) -> bool:
        """Whether it is about a character that acts; a problem out of the cache is told by its way out as well."""
        return self.way_out == TAKE_OUT


TAKE_OUT = "take it out; where it stood for a line break or a space, write that"


def acting_character(char: str, line: int, where: str = "the text") -> YamlProblem:
    """That a text holds a character that acts instead of being shown."""
    return YamlProblem(f"{where} holds the character {named(char)}, which acts instead of being shown", line, TAKE_OUT)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A value with the line of each of its parts."""

    value: Any
    lines: Mapping[Path, int] = field(default_factory=dict)

    def line(self, *path: str | int) -> int:
        """The line of the part at `path`, or of the nearest part above it that exists."""
        return nearest_line(self.lines, path)


def nearest_line(lines: Mapping[Path, int], path: Path) -> int:
    """The line of `path`, or of the nearest part above it; 1 where nothing is known."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def scalar(text: str, plain: bool) -> Any:
    """What a scalar means: quoted is text, plain may be true, false, null or a whole number."""
    if not plain:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE_NUMBER.fullmatch(text):
        return int(text)
    return text


class _Rows:
    """Rows of a YAML parser as lines of an editor.

    YAML 1.1 also breaks lines at NEL, U+2028 and U+2029, and a parser may stop one row behind the end of the text.
    """

    __slots__ = ("broken", "last")

    def __init__(self, text: str) -> None:
        self.broken: list[int] = []
        self.last = text.count("\n") + 1
        if any(mark in text for mark in _OTHER_BREAKS):
            found = enumerate(re.finditer(r"[\n\x85\u2028\u2029]", text), 1)
            self.broken = [row for row, mark in found if mark.group() != "\n"]

    def line(self, row: int) -> int:
        """The line, from 1, of a row, from 0."""
        return min(row + 1 - bisect.bisect_right(self.broken, row), self.last)


class _Open:
    """A mapping or list that is still being filled."""

    __slots__ = ("container", "is_map", "key", "path")

    def __init__(self, container: Any, path: Path, is_map: bool) -> None:
        self.container, self.path, self.is_map, self.key = container, path, is_map, None


def parse(text: str, first_line: int = 1, limit: int = MAX_BYTES) -> Parsed:
    """Read one YAML document.

    Args:
        text: The document.
        first_line: The line, counted from 1, on which `text` starts in its file.
        limit: The characters that it may have; the parts may be as many in proportion.

    Raises:
        YamlProblem: The text is no YAML, or uses what this kit refuses.
    """
    shift = first_line - 1
    if len(text) > limit:
        raise YamlProblem(TOO_LONG, first_line, "divide it, or keep bulky data elsewhere")
    try:
        return _build(text, shift, MAX_NODES * max(1, limit // MAX_BYTES))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = _Rows(text).line(mark.line) if mark else 1
        opened = _unclosed_quote(text, line)
        if opened:
            raise YamlProblem(
                "a quotation mark opens on this line and is not closed on it", opened + shift, "close the quotation mark"
            ) from None
        what = (error.problem or "cannot be read").strip()
        raise YamlProblem(f"this is not valid YAML ({what})", line + shift, _hint(text, line)) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        what = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise YamlProblem(f"this is not valid YAML ({what})", first_line, "save the file as UTF-8 text") from None


def _build(text: str, shift: int, most: int) -> Parsed:
    lines: dict[Path, int] = {(): 1 + shift}
    stack: list[_Open] = []
    root: list[Any] = []
    documents = nodes = 0
    rows = _Rows(text)
    for event in yaml.parse(text, Loader=SafeLoader):
        line = rows.line(event.start_mark.line) + shift
        nodes += 1
        if nodes > most:
            raise YamlProblem(TOO_MANY, line, "divide it")
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise YamlProblem("a second YAML document starts here", line, "keep one document in a file")
            continue
        if isinstance(event, yaml.AliasEvent):
            raise YamlProblem(f"alias '*{event.anchor}' is not used here", line, "write the value out")
        if isinstance(event, yaml.NodeEvent):
            _refuse_decoration(event, line)
        if isinstance(event, yaml.ScalarEvent):
            _refuse_acting(event, line)
            _scalar(event, line, stack, root, lines)
        elif isinstance(event, yaml.CollectionStartEvent):
            if len(stack) >= MAX_DEPTH:
                raise YamlProblem("the nesting is deeper than 32 levels", line, "flatten the data")
            is_map = isinstance(event, yaml.MappingStartEvent)
            container: Any = {} if is_map else []
            path = _place(container, line, stack, root, lines)
            stack.append(_Open(container, path, is_map))
        elif isinstance(event, yaml.CollectionEndEvent):
            stack.pop()
    return Parsed(root[0] if root else None, lines)


def _refuse_decoration(event: yaml.NodeEvent, line: int) -> None:
    if event.anchor:
        raise YamlProblem(f"anchor '&{event.anchor}' is not used here", line, "write the value out where it is needed")
    if getattr(event, "tag", None):
        raise YamlProblem(f"tag '{event.tag}' is not allowed", line, "remove the tag; quote the value if it is text")


def _refuse_acting(event: yaml.ScalarEvent, line: int) -> None:
    for _, char in acting(event.value):
        raise acting_character(char, line)


def _scalar(event: yaml.ScalarEvent, line: int, stack: list[_Open], root: list[Any], lines: dict[Path, int]) -> None:
    top = stack[-1] if stack else None
    if top is not None and top.is_map and top.key is None:
        key = event.value
        if event.implicit[0] and key == "<<":
            raise YamlProblem("merge key '<<' is not used here", line, "write the keys out")
        if key in top.container:
            first = lines[(*top.path, key)]
            raise YamlProblem(f"key '{key}' is given twice, first on line {first}", line, "keep one of the two")
        top.key = key
        top.container[key] = None
        lines[(*top.path, key)] = line
        return
    _place(scalar(event.value, event.implicit[0]), line, stack, root, lines)


def _place(value: Any, line: int, stack: list[_Open], root: list[Any], lines: dict[Path, int]) -> Path:
    if not stack:
        root.append(value)
        return ()
    top = stack[-1]
    if not top.is_map:
        path = (*top.path, len(top.container))
        top.container.append(value)
        lines[path] = line
        return path
    if top.key is None:
        raise YamlProblem("a key must be plain text", line, "write 'key: value'")
    path = (*top.path, top.key)
    top.container[top.key] = value
    top.key = None
    return path


def _hint(text: str, line: int) -> str:
    rows = text.split("\n")
    row = rows[line - 1] if 0 < line <= len(rows) else ""
    if "\t" in row:
        return "use spaces, not tabs"
    if ": " in row.split(":", 1)[-1]:
        return "put text that contains a colon in quotes"
    return "look at the indentation and the quotation marks of this line and the one above"


def _unclosed_quote(text: str, last: int) -> int | None:
    """The first line up to `last` on which a value opens a double quotation mark and does not close it."""
    for number, row in enumerate(text.split("\n")[:last], 1):
        if re.match(r"\s*(?:- )?[\w-]+:\s+\"", row) and row.replace('\\"', "").count('"') % 2:
            return number
    return None
