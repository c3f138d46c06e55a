"""JSON as this kit reads it: every value knows its line; repeated keys, NaN, deep nesting and endless files are refused.

One pass over the tokens builds plain dictionaries and lists without recursion, within the limits that hold for YAML.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from macros.encode.characters import acting, named
from macros.text.strict_yaml import MAX_BYTES, MAX_DEPTH, MAX_NODES, Parsed, Path, YamlProblem

_TOKEN = re.compile(
    r"""[ \t\r\n]*(?:
    (?P<mark>[{}\[\],:])
    |(?P<text>"[^"\\\x00-\x1f]*(?:\\.[^"\\\x00-\x1f]*)*")
    |(?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)
    |(?P<word>true|false|null)
    )""",
    re.VERBOSE,
)
_ODD = re.compile(r"[\ud800-\udfff]")
_WORDS = {"true": True, "false": False, "null": None}
_LONGEST_NUMBER = 40


class _Open:
    """An object or list that is still being filled."""

    __slots__ = ("container", "key", "path")

    def __init__(self, container: dict[str, Any] | list[Any], path: Path) -> None:
        self.container, self.path, self.key = container, path, ""


class _Reading:
    """Walks the tokens; used once."""

    def __init__(self, text: str) -> None:
        self.text, self.place, self.line, self.parts = text, 0, 1, 0
        self.lines: dict[Path, int] = {(): 1}

    def token(self) -> tuple[str, str]:
        """The next token's kind and text; kind '' at the end of the text."""
        match = _TOKEN.match(self.text, self.place)
        if match is None:
            rest = len(self.text) - len(self.text[self.place :].lstrip(" \t\r\n"))
            self.line += self.text.count("\n", self.place, rest)
            self.place = rest
            if rest == len(self.text):
                return "", ""
            raise self.wrong(*self._unknown())
        kind = match.lastgroup or ""
        self.line += self.text.count("\n", self.place, match.start(kind))
        self.place = match.end()
        self.parts += 1
        if self.parts > MAX_NODES:
            raise self.wrong("the file has more than 200,000 parts", "keep bulky data in an artefact of its own")
        return kind, match.group(kind)

    def _unknown(self) -> tuple[str, str]:
        word = re.compile(r"[-+]?\w+").match(self.text, self.place)
        found = word.group()[:20] if word else self.text[self.place]
        if found.lstrip("+-") in ("NaN", "Infinity", "nan", "inf", "Inf"):
            return f"'{found}' is no number in JSON", "leave the result out, or write what was measured"
        if found == '"':
            return "a quotation mark opens on this line and the text is not closed", "close it, and write line breaks in text as \\n"
        return f"this is no JSON at '{found}'", "let a program write the file, such as json.dumps of Python"

    def wrong(self, message: str, way_out: str) -> YamlProblem:
        return YamlProblem(message, self.line, way_out)

    def scalar(self, kind: str, token: str) -> Any:
        """The value of a token that stands alone."""
        if kind == "word":
            return _WORDS[token]
        if kind == "number":
            if len(token) > _LONGEST_NUMBER:
                raise self.wrong(f"a number has {len(token)} characters", "write it with fewer digits")
            value = float(token) if re.search(r"[.eE]", token) else int(token)
            if not math.isfinite(value):
                raise self.wrong(f"'{token}' is too large a number", "write what was measured, in a larger unit")
            return value
        try:
            value = json.loads(token)
        except ValueError:
            raise self.wrong("a text has an escape that JSON does not know", "write a backslash as two") from None
        odd = next(acting(value), None)
        if odd or _ODD.search(value):
            what = f"the character {named(odd[1])}, which acts instead of being shown" if odd else "half of a character"
            raise self.wrong(f"a text has {what}", "leave it out")
        return value


def parse_json(text: str) -> Parsed:
    """Read one JSON document.

    Raises:
        YamlProblem: The text is no JSON, or uses what this kit refuses.
    """
    reading = _Reading(text)
    if len(text) > MAX_BYTES:
        raise reading.wrong("the file is larger than 1 MiB", "keep bulky data in an artefact of its own")
    stack: list[_Open] = []
    root: list[Any] = []
    state = "value"
    while True:
        kind, token = reading.token()
        if kind == "":
            if state == "end":
                return Parsed(root[0], reading.lines)
            raise reading.wrong("the file ends in the middle", "write the file whole before it is named as it is")
        if state == "end":
            raise reading.wrong("something stands after the end of the data", "keep one JSON object in a file")
        state = _step(reading, stack, root, state, kind, token)


def _step(reading: _Reading, stack: list[_Open], root: list[Any], state: str, kind: str, token: str) -> str:
    """Take one token, and say what may come next: value, first, key, colon, more or end."""
    top = stack[-1] if stack else None
    if token in ("}", "]") and kind == "mark" and top is not None and (token == "}") == isinstance(top.container, dict):
        if state == "more" or (state in ("first", "key") and not top.container):
            stack.pop()
            return "more" if stack else "end"
    elif state == "colon" and token == ":":
        return "value"
    elif state == "more" and token == "," and top is not None:
        return "next key" if isinstance(top.container, dict) else "value"
    elif state in ("key", "next key") and kind == "text":
        assert top is not None, "keys stand in an object"
        assert isinstance(top.container, dict), "keys stand in an object"
        top.key = reading.scalar(kind, token)
        if top.key in top.container:
            first = reading.lines[(*top.path, top.key)]
            raise reading.wrong(f"key '{top.key[:40]}' is given twice, first on line {first}", "keep one of the two")
        top.container[top.key] = None
        reading.lines[(*top.path, top.key)] = reading.line
        return "colon"
    elif state in ("value", "first") and (kind != "mark" or token in "{["):
        return _value(reading, stack, root, kind, token)
    raise reading.wrong(
        f"'{token[:20]}' does not stand where JSON could have it", "let a program write the file, such as json.dumps of Python"
    )


def _value(reading: _Reading, stack: list[_Open], root: list[Any], kind: str, token: str) -> str:
    value: Any = ({} if token == "{" else []) if kind == "mark" else reading.scalar(kind, token)
    path: Path = ()
    if not stack:
        root.append(value)
    else:
        top = stack[-1]
        if isinstance(top.container, dict):
            path = (*top.path, top.key)
            top.container[top.key] = value
        else:
            path = (*top.path, len(top.container))
            top.container.append(value)
            reading.lines[path] = reading.line
    if kind != "mark":
        return "more" if stack else "end"
    if len(stack) >= MAX_DEPTH:
        raise reading.wrong("the nesting is deeper than 32 levels", "flatten the data")
    stack.append(_Open(value, path))
    return "key" if token == "{" else "first"
