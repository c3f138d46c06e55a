"""What the typed definitions refuse, said as sentences with a place and a way out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from macros.load.rules import SHAPE
from macros.model.base import ONE_LINE
from macros.problem import Location, Problem, nearest
from macros.text.strict_yaml import Path, nearest_line

M = TypeVar("M", bound=BaseModel)

_FORMS = {
    r"^\d+\.\d+$": 'two numbers in quotes, such as "1.2"',
    r"^\S+(?:\s+\S+){2,}$": "at least three words",
    ONE_LINE: "it on one line, without a line break or a tab",
    r"^[a-z0-9]+(?:-[a-z0-9]+)*$": "lower-case words joined by hyphens, such as 'ai-governance-lead'",
}

_PADDED = re.compile(r"-0[0-9]{3,}$")

Qualify = Callable[[str], Iterable[str]]

LONGEST_QUOTE = 200
"""Characters of a value that a message quotes."""


def validated(
    model: type[M],
    value: Any,
    lines: Mapping[Path, int],
    path: str,
    family: str,
    base: Path = (),
    qualify: Qualify = lambda bare: (),
) -> tuple[M | None, list[Problem]]:
    """Build `model` from plain data, or say what stands in the way.

    Args:
        model: The typed definition.
        value: Plain data, as the YAML reader gives it.
        lines: The line of each part of the file.
        path: The file, relative to the root.
        family: Prefix of the problem codes, such as `DOC`.
        base: Where `value` sits inside its file.
        qualify: Gives the qualified ids that a bare id may stand for.
    """
    try:
        return model.model_validate(value), []
    except ValidationError as error:
        problems = []
        for detail in error.errors(include_url=False):
            at = (detail["ctx"]["at"],) if "at" in detail.get("ctx", {}) else ()  # the entry of a group that does not fit the others
            loc = (*(part for part in detail["loc"] if part != "[key]"), *at)
            named = loc[:-1] if "[key]" in detail["loc"] else loc  # where a key is refused, it is no part of its own place
            number, message, way_out = _sentence(model, detail, named, qualify)
            line = nearest_line(lines, (*base, *loc[:-1], *(loc[-1:] if number != "002" else ())))
            problems.append(SHAPE[f"{family}{number}"].problem(Location(path, line), message, way_out))
        return None, problems


def _sentence(model: type[BaseModel], detail: Any, loc: Path, qualify: Qualify) -> tuple[str, str, str]:
    kind, given = detail["type"], _quoted(detail.get("input"))
    name = _name(loc)
    context = detail.get("ctx") or {}
    if (given is None and kind not in ("missing", "extra_forbidden")) or kind == "empty_value":
        return "004", f"{name} is empty", "write it out, or remove the line where it may be left out"
    if kind == "missing" and isinstance(loc[-1], int):
        return "002", f"item {loc[-1] + 1} is missing{_inside(loc[:-1])}", "add it"
    if kind == "missing":
        return "002", f"'{loc[-1]}' is missing{_inside(loc[:-1])}", f"add a line '{loc[-1]}: ...'"
    if kind == "extra_forbidden":
        return "003", f"'{loc[-1]}' is not an entry that is known here{_inside(loc[:-1])}", _nearest_key(model, loc)
    if kind == "bare_id":
        options = list(qualify(str(given))) or [f"iso42001:{given}", f"iso27001:{given}"]
        return "005", f"bare id '{given}' in {name} names no catalogue", "write " + " or ".join(f"'{option}'" for option in options)
    if kind in ("requirement_form", "requirement_type"):
        return "004", f"'{given}' in {name} is no requirement id", "write catalogue, colon and number in quotes, such as 'iso42001:A.2.2'"
    if kind in ("day_form", "day_unknown"):
        reason = "is no day of the calendar" if kind == "day_unknown" else "is no date"
        return "004", f"'{given}' in {name} {reason}", 'write year, month and day in quotes, such as "2026-09-14"'
    if kind == "day_range":
        return "004", f"'{given}' in {name} is {context.get('why')}", "write the day that is meant"
    if kind == "enum":
        words = [word.strip("' ") for word in str(context.get("expected", "")).replace(" or ", ", ").split(",")]
        return "004", f"'{given}' in {name} is not one of the words used here", _closest(given, words)
    if kind == "string_pattern_mismatch":
        pattern = str(context.get("pattern"))
        return "004", f"'{given}' in {name} does not have the right form", f"write {_FORMS.get(pattern) or _readable(pattern, str(given))}"
    if kind == "string_type":
        if isinstance(given, (dict, list)):
            group = "a group of entries" if isinstance(given, dict) else "a list"
            return "004", f"{name} is {group}, not text", "put text that contains a colon in quotes"
        return "004", f"'{given}' in {name} is not text", "write text; put numbers and words such as true in quotes"
    if kind == "string_too_short":
        return "004", f"{name} is empty", "write it out, or remove the line where it may be left out"
    if kind in ("int_type", "int_parsing", "int_from_float"):
        return "004", f"'{given}' in {name} is no whole number", "write a whole number without quotes"
    if kind in ("bool_type", "bool_parsing"):
        return "004", f"'{given}' in {name} is neither true nor false", "write true or false without quotes"
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = context.get("ge", context.get("le"))
        word = "at least" if "ge" in context else "at most"
        return "004", f"{given} in {name} is out of range", f"write a number of {word} {bound}"
    if kind in ("tuple_type", "list_type"):
        return "004", f"{name} is not a list", "write one item a line, each after '- '; [] for none"
    if kind == "too_short":
        return "004", f"{name} is an empty list", "name at least one"
    if kind in ("model_type", "dict_type", "model_attributes_type"):
        return "004", f"{name} is not a group of entries", "write its entries below it, each as 'key: value'"
    if kind == "too_long":
        return "004", f"{name} has more than {context.get('max_length')} items", "name fewer, and keep the rest in a file of its own"
    if kind == "string_too_long":
        return "004", f"{name} is longer than {context.get('max_length')} characters", "say it in fewer words"
    if kind == "literal_error":
        return "004", f"'{str(given)[:60]}' in {name} is not known here", f"write {context.get('expected')}"
    if kind == "run":
        return "004", f"{name} {detail['msg']}" if loc else str(detail["msg"]), str(context["way_out"])
    return "004", f"{name}: {detail['msg']}", "see the page of this code in the manual"


def _quoted(given: Any) -> Any:
    """What was written, as far as a sentence can quote it."""
    return given if not isinstance(given, str) or len(given) <= LONGEST_QUOTE else f"{given[:LONGEST_QUOTE]}…"


def _name(loc: Path) -> str:
    words = [f"'{part}'" if isinstance(part, str) else f"item {part + 1}" for part in loc]
    return " of ".join(reversed(words)) if words else "the file"


def _inside(loc: Path) -> str:
    return f" in {_name(loc)}" if loc else ""


def _nearest_key(model: type[BaseModel], loc: Path) -> str:
    known = sorted(_keys_at(model, loc[:-1]))
    close = nearest(str(loc[-1]), known)
    return f"did you mean '{close}'?" if close else "known here are " + ", ".join(known)


@cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()


def _keys_at(model: type[BaseModel], loc: Path) -> set[str]:
    schema = _schema(model)
    node: dict[str, Any] = schema
    for part in loc:
        node = _resolve(node, schema)
        node = node.get("items", {}) if isinstance(part, int) else node.get("properties", {}).get(part, {})
    return set(_resolve(node, schema).get("properties", {}))


def _resolve(node: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    for option in node.get("anyOf", []):
        if "$ref" in option:
            node = option
    if "$ref" in node:
        node = schema["$defs"][node["$ref"].rsplit("/", 1)[-1]]
    return node


def _closest(given: Any, words: list[str]) -> str:
    close = nearest(str(given), words)
    listing = ", ".join(words)
    return f"did you mean '{close}'? The words are {listing}" if close else f"use one of {listing}"


def _readable(pattern: str, given: str) -> str:
    prefixes = pattern.removeprefix("^").split("-")[0].removeprefix("(?:").removesuffix(")")
    if prefixes.replace("|", "").isalpha() and prefixes.isupper():
        known = " or ".join(f"'{prefix}-001'" for prefix in prefixes.split("|"))
        return f"an id such as {known}" + (", with zeros before the number only up to three digits" if _PADDED.search(given) else "")
    return f"it in the form {pattern}"
