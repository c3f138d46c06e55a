"""Entries of a record as they are typed, `key=value`: taken apart by the types of the definition, and asked for where they are missing."""

from __future__ import annotations

import datetime
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from macros.model.base import Refers, hints, meanings
from macros.problem import KitError, nearest

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """An entry that somebody has to give."""

    key: str
    """With dots where it is inside another, such as `treatment.due`."""
    means: str
    """What it means, from the definition."""
    choices: tuple[str, ...] = ()
    many: bool = False
    """Whether several values are taken."""
    optional: bool = False

    def __str__(self) -> str:
        said = "one of " + ", ".join(self.choices) if self.choices else self.means.split("\n")[0].rstrip(".")
        return f"{self.key} ({said})" if said else self.key


@dataclass(frozen=True, slots=True)
class _Form:
    """The type of an entry, without what is around it."""

    inner: Any
    many: bool
    optional: bool

    @property
    def model(self) -> type[BaseModel] | None:
        return self.inner if isinstance(self.inner, type) and issubclass(self.inner, BaseModel) else None

    @property
    def choices(self) -> tuple[str, ...]:
        if self.inner is bool:
            return ("yes", "no")
        return tuple(str(member.value) for member in self.inner) if isinstance(self.inner, type) and issubclass(self.inner, Enum) else ()


def form_of(hint: Any) -> _Form:
    """What a type asks for."""
    many = optional = False
    while True:
        origin = get_origin(hint)
        if origin is Annotated:
            if any(isinstance(extra, Refers) for extra in hint.__metadata__):
                return _Form(hint, many, optional)
            hint = get_args(hint)[0]
        elif origin in (Union, types.UnionType):
            inner = [part for part in get_args(hint) if part is not type(None)]
            optional, hint = optional or len(inner) < len(get_args(hint)), inner[0] if len(inner) == 1 else str
        elif origin is tuple:
            many, hint = True, get_args(hint)[0]
        else:
            return _Form(hint, many, optional)


def read(words: Sequence[str], model: type[BaseModel]) -> dict[str, Any]:
    """Entries as they were typed, as plain data.

    A key that is given again, or one value with commas where ids, words or numbers are wanted, makes a list. A number in
    a key counts the items of a list of groups, from 1: `affected.1.group=Applicants`.

    Raises:
        KitError: A word is no `key=value`, or the key is not known.
    """
    found: dict[str, Any] = {}
    for word in words:
        key, equals, text = word.partition("=")
        if not equals or not key:
            raise KitError(f"'{word[:60]}' is no entry; write key=value, such as title='...'")
        _put(found, key, text, model)
    entries: dict[str, Any] = _closed(found)
    return entries


def _put(found: dict[str, Any], key: str, text: str, model: type[BaseModel]) -> None:
    here: Any = found
    steps = key.split(".")
    place: type[BaseModel] = model
    while True:
        name = steps.pop(0)
        known = hints(place)
        if name not in place.model_fields:
            close = nearest(name, list(place.model_fields))
            raise KitError(f"there is no entry '{key}'; " + (f"did you mean '{close}'?" if close else f"known are {', '.join(known)}"))
        form = form_of(known[name])
        if form.model is None:
            if steps:
                raise KitError(f"'{name}' has no entries of its own, so '{key}' leads nowhere")
            value = value_of(text, form)
            here[name] = [*here.get(name, []), *value] if form.many and isinstance(value, list) else value
            return
        place = form.model
        if form.many:
            number = steps.pop(0) if steps else ""
            if not number.isdecimal() or not 1 <= int(number[:4]) <= 100:
                raise KitError(f"'{name}' is a list of groups; write '{name}.1.{next(iter(place.model_fields))}=...'")
            here = here.setdefault(name, {}).setdefault(int(number[:4]), {})
        else:
            here = here.setdefault(name, {})
        if not steps:
            raise KitError(f"'{key}' is a group; write '{key}.{next(iter(place.model_fields))}=...'")


def _closed(value: Any) -> Any:
    """Groups that were counted become lists."""
    if isinstance(value, dict):
        if value and all(isinstance(name, int) for name in value):
            return [_closed(value[number]) for number in sorted(value)]
        return {name: _closed(part) for name, part in value.items()}
    return value


def value_of(text: str, form: _Form) -> Any:
    """One value as plain data: what cannot be taken apart stays text, and the loader says what is wrong with it."""
    text = text.strip()
    if form.many:
        parts = [text] if _is_prose(form) else text.split(",")
        return [value_of(part, _Form(form.inner, False, False)) for part in parts if part.strip()]
    if form.optional and text in ("", "null", "none"):
        return None
    if form.inner is bool and text.casefold() in ("yes", "true", "no", "false"):
        return text.casefold() in ("yes", "true")
    if form.inner is int and text.lstrip("-").isdecimal() and len(text) < 10:
        return int(text)
    return text


def _is_prose(form: _Form) -> bool:
    return form.inner is str


def questions(model: type[BaseModel], given: Mapping[str, Any], before: Key = ()) -> Iterator[Question]:
    """Every entry that the definition needs and that `given` does not hold, in the order of the definition."""
    said = meanings(model)
    for name, field in model.model_fields.items():
        form = form_of(hints(model)[name])
        key = (*before, name)
        if form.model is not None and not form.many and (field.is_required() or name in given):
            inside = given.get(name, {})
            if not isinstance(inside, Mapping) or (form.optional and inside is None):
                continue
            yield from questions(form.model, inside, key)
        elif form.model is not None and isinstance(given.get(name), list):
            for number, inside in enumerate(given[name], 1):
                yield from questions(form.model, inside, (*key, str(number)))
        elif name not in given and field.is_required():
            yield Question(".".join(key), said.get(name, ""), form.choices, form.many, form.optional)


def proposed(
    model: type[BaseModel], given: Mapping[str, Any], own: Mapping[str, Any], today: datetime.date, before: Key = ()
) -> tuple[dict[str, Any], list[str]]:
    """The entries in the order of the definition with what can be proposed, and the keys of what was proposed.

    Nothing that is a judgement is proposed: only the first state of what has states, emptiness where the definition
    allows it, days on which something is entered, and what `own` says.

    Args:
        model: The definition.
        given: What was typed.
        own: Proposals of the place, by key.
        today: The day on which it is entered.
        before: Where `given` stands in the whole.
    """
    found: dict[str, Any] = {}
    keys: list[str] = []
    for name, field in model.model_fields.items():
        form = form_of(hints(model)[name])
        dotted = ".".join((*before, name))
        if name in given and form.model is not None and not form.many and isinstance(given[name], Mapping):
            found[name], inner = proposed(form.model, given[name], {}, today, (*before, name))
            keys += inner
        elif name in given and form.model is not None and form.many and isinstance(given[name], list):
            done = [proposed(form.model, part, {}, today, (*before, name, str(number))) for number, part in enumerate(given[name], 1)]
            found[name] = [value for value, _ in done]
            keys += [key for _, inner in done for key in inner]
        elif name in given:
            found[name] = given[name]
        elif dotted in own:
            found[name] = own[dotted]
            keys.append(dotted)
        elif field.is_required() and (value := _proposal(name, field, form, today)) is not PydanticUndefined:
            found[name] = value
            keys.append(dotted)
        elif field.is_required() and form.model is not None and not form.many:
            inside, inner = proposed(form.model, {}, {}, today, (*before, name))
            if inside:
                found[name] = inside
                keys += inner
    return found, keys


STATES = ("state", "status", "stage")
"""Entries that say where something stands; the first of their words is where it begins."""
ENTERED = ("assessed_on", "found_on", "received_on", "detected_on")
"""Days on which something was noticed, which is as a rule the day on which it is entered."""


def _proposal(name: str, field: FieldInfo, form: _Form, today: datetime.date) -> Any:
    if name in STATES and form.choices:
        return form.choices[0]
    if form.many:
        least = next((extra.min_length for extra in field.metadata if hasattr(extra, "min_length")), 0)
        return [] if not least else PydanticUndefined
    if name in ENTERED:
        return today.isoformat()
    return None if form.optional else PydanticUndefined


def put_answer(given: dict[str, Any], question: Question, text: str, model: type[BaseModel]) -> None:
    """Enter what somebody answered to a question.

    Raises:
        KitError: The answer is none of the choices.
    """
    if question.choices and not question.many and text.strip() not in question.choices and not (question.optional and not text.strip()):
        close = nearest(text.strip(), question.choices)
        raise KitError(f"'{text.strip()[:60]}' is none of them; " + (f"did you mean '{close}'?" if close else "choose one of them"))
    here: Any = given
    place: type[BaseModel] = model
    *above, last = question.key.split(".")
    for step in above:
        if step.isdecimal():
            here = here[int(step) - 1]
        else:
            form = form_of(hints(place)[step])
            here, place = here.setdefault(step, {}), form.model or place
    here[last] = value_of(text, form_of(hints(place)[last]))


def missing(asked: Iterable[Question]) -> str:
    """What still has to be given, in a sentence."""
    return "; ".join(str(question) for question in asked)
