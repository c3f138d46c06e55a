"""What the readers make of a text, once for each text: the two sides of a change, and the commits of ten years, share most of theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import Any, TypeVar

from pydantic import ValidationError

from macros.cache import cached_by_text, kept_in_memory
from macros.encode.characters import acting, acting_references
from macros.model.base import Model
from macros.text import front_matter, strict_yaml
from macros.text.front_matter import Split
from macros.text.strict_yaml import Parsed, Path, YamlProblem

M = TypeVar("M", bound=Model)
T = TypeVar("T")

_MOST_ACTING = 20
"""Places of one file that are named; a binary file with the name of a text has thousands."""


class Lines(Mapping[Path, int]):
    """The line of each part of a value, put together when the first one is asked for."""

    __slots__ = ("_found", "_numbers", "_value")

    def __init__(self, value: Any, numbers: list[int]) -> None:
        """The value, and the line of each of its parts in the order in which they are written."""
        self._value, self._numbers = value, numbers
        self._found: dict[Path, int] | None = None

    def _all(self) -> dict[Path, int]:
        if self._found is None:
            self._found = dict(zip(_paths(self._value), self._numbers, strict=True))
        return self._found

    def __getitem__(self, path: Path) -> int:
        return self._all()[path]

    def __contains__(self, path: object) -> bool:
        return path in self._all()

    def __iter__(self) -> Iterator[Path]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._numbers)


def _paths(value: Any) -> list[Path]:
    """Every path of a value in the order in which the reader meets it: each part before what is in it."""
    found: list[Path] = [()]

    def walk(part: Any, path: Path) -> None:
        for key, inner in part.items() if isinstance(part, dict) else enumerate(part):
            here = (*path, key)
            found.append(here)
            if isinstance(inner, (dict, list)):
                walk(inner, here)

    if isinstance(value, (dict, list)):
        walk(value, ())
    return found


def _plain(parsed: Parsed) -> list[Any]:
    return [parsed.value, list(parsed.lines.values())]


def _parsed(value: Any, numbers: list[int]) -> Parsed:
    return Parsed(value, Lines(value, [int(number) for number in numbers]))


def _plain_refusal(problem: YamlProblem) -> list[Any]:
    return [problem.message, problem.line, problem.way_out]


def _plain_yaml(found: Parsed | YamlProblem) -> list[Any]:
    return _plain_refusal(found) if isinstance(found, YamlProblem) else _plain(found)


def _yaml_again(found: list[Any], _: str) -> Parsed | YamlProblem:
    return YamlProblem(*found) if len(found) == 3 else _parsed(*found)


@cached_by_text("yaml", _plain_yaml, _yaml_again)
def _yaml(text: str) -> Parsed | YamlProblem:
    try:
        return strict_yaml.parse(text)
    except YamlProblem as problem:
        return problem


def _plain_split(found: Split | YamlProblem) -> list[Any]:
    if isinstance(found, YamlProblem):
        return _plain_refusal(found)
    return [[len(found.body), found.body_line], _plain(found.head) if found.head else None]


def _split_again(found: list[Any], text: str) -> Split | YamlProblem:
    if len(found) == 3:
        return YamlProblem(*found)
    (length, line), head = found
    return Split(_parsed(*head) if head else None, text[len(text) - length :], line)


@cached_by_text("front-matter", _plain_split, _split_again)
def _split(text: str) -> Split | YamlProblem:
    try:
        return front_matter.split(text)
    except YamlProblem as problem:
        return problem


def _or_raise(found: T | YamlProblem) -> T:
    if isinstance(found, YamlProblem):
        raise YamlProblem(found.message, found.line, found.way_out)
    return found


def yaml_in(text: str) -> Parsed:
    """What `strict_yaml.parse` gives for a whole file.

    Raises:
        YamlProblem: As there.
    """
    return _or_raise(_yaml(text))


def parts_of(text: str) -> Split:
    """What `front_matter.split` gives for a file whose line ends are those of the repository.

    Raises:
        YamlProblem: As there.
    """
    return _or_raise(_split(text))


@cached_by_text("acting")
def acting_in(text: str, where: str) -> tuple[tuple[int, str], ...]:
    """The first characters of a file that act instead of being shown, each with its line.

    Args:
        text: The file.
        where: `written`, or `named` where also a character counts that is named by its number.
    """
    references = acting_references(text) if where == "named" else ()
    found = islice(chain(acting(text), references), _MOST_ACTING)
    return tuple((text.count("\n", 0, place) + 1, char) for place, char in found)


@kept_in_memory
def accepted(model: type[M], text: str) -> M | None:
    """The file of a text as a typed definition; None where the definition refuses it."""
    return _accepted(model, yaml_in(text).value)


@kept_in_memory
def accepted_head(model: type[M], text: str) -> M | None:
    """The front matter of a text as a typed definition; None where there is none, or the definition refuses it."""
    head = parts_of(text).head
    return _accepted(model, head.value) if head else None


def _accepted(model: type[M], value: Any) -> M | None:
    try:
        return model.model_validate(value)
    except ValidationError:
        return None
