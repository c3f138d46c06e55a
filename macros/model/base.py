"""The common ground of every typed definition: frozen, closed, and speaking the glossary's words.

One definition gives three things: the type that the engine works with, the validation of what an author
wrote, and the JSON Schema that an editor completes from. The text beneath each attribute is its meaning,
and is what the editor shows.
"""

from __future__ import annotations

import ast
import datetime
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from macros.cache import kept_by_identity
from macros.days import OutOfRange, judged_day, recorded_day
from macros.model.numbering import NUMBER, NUMBERING


class Model(BaseModel):
    """A frozen definition that refuses keys it does not know.

    What validates is built when it is first asked for, and the text beneath an attribute is read when a schema is
    made: most commands need a few of the 130 definitions, and none the text.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler(core)
        entries = handler.resolve_ref_schema(schema).get("properties", {})
        for name, meaning in meanings(cls).items():
            if name in entries:
                entries[name].setdefault("description", meaning)
        return schema


@cache
def meanings(model: type[BaseModel]) -> dict[str, str]:
    """The text beneath each attribute of a definition and of those that it builds on, by the attribute's name."""
    found: dict[str, str] = {}
    for base in reversed(model.__mro__):
        found |= _texts(base.__module__).get(base.__name__, {}) if issubclass(base, Model) else {}
    return found


@cache
def _texts(module: str) -> dict[str, dict[str, str]]:
    """The text beneath each attribute of each class that a module's source holds."""
    written = ast.parse(inspect.getsource(sys.modules[module]))
    return {part.name: dict(_beneath(part)) for part in written.body if isinstance(part, ast.ClassDef)}


def _beneath(part: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for above, below in pairwise(part.body):
        if isinstance(above, ast.AnnAssign) and isinstance(above.target, ast.Name) and isinstance(below, ast.Expr):
            text = getattr(below.value, "value", None)
            if isinstance(text, str):
                yield above.target.id, inspect.cleandoc(text)


class Form:
    """The form of an id: one of some prefixes, and a number."""

    __slots__ = ("prefixes",)

    def __init__(self, *prefixes: str) -> None:
        for prefix in prefixes:
            if not _PREFIX.fullmatch(prefix):
                raise ValueError(f"'{prefix}' is no prefix; name each one by itself, in capital letters")
        self.prefixes = prefixes

    @property
    def pattern(self) -> str:
        """The regular expression for the whole id."""
        any_of = "|".join(self.prefixes)
        return rf"^{any_of if len(self.prefixes) == 1 else f'(?:{any_of})'}-{NUMBERING}$"

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.str_schema(pattern=self.pattern)


class Refers:
    """Marks an id as the name of something else in the workspace, so that one walker finds every reference."""

    __slots__ = ("form", "to")

    def __init__(self, to: str, form: Form | None = None) -> None:
        self.to, self.form = to, form

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return self.form.__get_pydantic_core_schema__(source, handler) if self.form else handler(source)


Reference = tuple[tuple[str | int, ...], str, str]
"""Where a reference stands in a value, what it refers to, and the id."""

DOCUMENT_ID = rf"^(?:CTX|POL|ROL|PRO|DAT|SYS)-{NUMBER}$"
REQUIREMENT_ID = r"^[a-z0-9]+(?:-[a-z0-9]+)*:[A-Za-z0-9][A-Za-z0-9.\-]*$"
_BARE = re.compile(r"^(?:A\.)?\d+(?:\.\d+)*$|^Art\.\d")
_ISO_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_PREFIX = re.compile(r"[A-Z]{2,3}")


def _qualified(value: Any) -> Any:
    if not isinstance(value, str):
        raise PydanticCustomError("requirement_type", "a requirement id must be text in quotes")
    if _BARE.match(value):
        raise PydanticCustomError("bare_id", "bare id '{value}'", {"value": value})
    if not re.fullmatch(REQUIREMENT_ID, value):
        raise PydanticCustomError("requirement_form", "'{value}' is no requirement id", {"value": value})
    return value


def _day(value: Any) -> Any:
    return _within(value, recorded_day)


def _today(value: Any) -> Any:
    return _within(value, judged_day)


def _within(value: Any, ranged: Callable[[datetime.date], datetime.date]) -> datetime.date:
    try:
        return ranged(_of_calendar(value))
    except OutOfRange as error:
        raise PydanticCustomError("day_range", "'{value}' is {why}", {"value": str(value), "why": str(error)}) from None


def _of_calendar(value: Any) -> datetime.date:
    if isinstance(value, datetime.date):
        return value
    if not isinstance(value, str) or not _ISO_DATE.fullmatch(value):
        raise PydanticCustomError("day_form", "'{value}' is no date", {"value": str(value)})
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("day_unknown", "'{value}' is not in the calendar", {"value": value}) from None


RequirementId = Annotated[
    str,
    BeforeValidator(_qualified),
    Refers("requirement"),
    WithJsonSchema({"type": "string", "pattern": REQUIREMENT_ID, "examples": ["iso42001:A.2.2"]}),
]
"""A requirement with its catalogue: `iso42001:A.5.2` and `iso27001:A.5.2` are different controls."""

Day = Annotated[
    datetime.date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}),
]
"""A calendar date, written `"2026-09-14"`, from 1900 to 2200."""

JudgedDay = Annotated[
    datetime.date,
    BeforeValidator(_today),
    WithJsonSchema({"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}),
]
"""A calendar date on which something may be judged: from 1970 to 2099."""

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
"""Text that is not empty."""

ONE_LINE = r"^[^\t\n\r\v\f\x85\u2028\u2029]+$"

Line = Annotated[Text, StringConstraints(pattern=ONE_LINE)]
"""Text on one line: a title, a name, an address, or whatever else stands in a heading, a cell or a line of a log."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]
"""Lower-case words joined by hyphens."""

RoleId = Annotated[Slug, Refers("role")]
"""A role, by its id in `org.yaml`."""

ApproverId = Annotated[Slug, Refers("approver")]
"""A role or a person, by id in `org.yaml`."""

PersonId = Annotated[Slug, Refers("person")]
"""A person, by id in `org.yaml`."""

Scale = Annotated[int, Field(ge=1, le=5)]
"""A position on the organisation's five-step scale, 1 lowest and 5 highest."""


def record_id(prefix: str) -> Form:
    """The form of an id such as `RSK-004`, `RSK-1000` or `NC-2026-001`, to stand beside `str` in `Annotated`."""
    return Form(prefix)


def refers_to(*prefixes: str) -> Refers:
    """The mark of a reference to a document or record, to stand beside `str` in `Annotated`.

    Args:
        prefixes: Those that the id may have, each by itself: `POL`, `PRO`.

    Raises:
        ValueError: Something that is no single prefix was given, such as `POL|PRO`.
    """
    return Refers("item", Form(*prefixes))


AiSystemId = Annotated[str, refers_to("AIS")]
"""An AI system, by its id in its register."""

DatasetId = Annotated[str, refers_to("DS")]
"""A dataset, by its id in its register."""

DocumentId = Annotated[str, refers_to("CTX", "POL", "ROL", "PRO", "DAT", "SYS")]
"""A document under control, by its id."""


@cache
def hints(model: type[BaseModel]) -> dict[str, Any]:
    """The types of a definition's fields, with what is said beside them."""
    return get_type_hints(model, include_extras=True)


def fields_of(value: BaseModel) -> dict[str, Any]:
    """What stands in a definition's fields, by name and in their order; for what walks over every field, whatever it means."""
    return {name: getattr(value, name) for name in type(value).model_fields}


def prefixes_of(model: type[BaseModel]) -> tuple[str, ...]:
    """The letters before the number in the ids of records with a definition; none where they have no id of their own."""
    said = getattr(hints(model).get("id"), "__metadata__", ())
    return tuple(prefix for form in said if isinstance(form, Form) for prefix in form.prefixes)


@cache
def _referring(model: type[BaseModel]) -> tuple[tuple[str, Any], ...]:
    """The fields of a definition in which a reference can stand."""
    return tuple((name, hint) for name, hint in hints(model).items() if name in model.model_fields and _can_refer(hint, (model,)))


def _can_refer(hint: Any, above: tuple[Any, ...]) -> bool:
    if get_origin(hint) is Annotated:
        return any(isinstance(extra, Refers) for extra in hint.__metadata__) or _can_refer(hint.__origin__, above)
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        fields = [inner for name, inner in hints(hint).items() if name in hint.model_fields]
        return hint in (BaseModel, Model) or (hint not in above and any(_can_refer(inner, (*above, hint)) for inner in fields))
    return hint is Any or isinstance(hint, TypeVar) or any(_can_refer(inner, above) for inner in get_args(hint))


def references(value: Any, annotation: Any = None, at: tuple[str | int, ...] = ()) -> Iterator[Reference]:
    """Every reference in a typed value: where it stands, what it refers to, and the id.

    Args:
        value: A `Model`, or a part of one.
        annotation: The type of a part.
        at: Where the part stands in the whole.

    Yields:
        The path inside the value; `requirement`, `role`, `approver`, `person` or `item`; the id.
    """
    if isinstance(value, BaseModel):
        for name, hint in _referring(type(value)):
            yield from references(getattr(value, name), hint, (*at, name))  # the names are those of the definition
        return
    if get_origin(annotation) is Annotated:
        kind = next((extra.to for extra in annotation.__metadata__ if isinstance(extra, Refers)), None)
        if kind and isinstance(value, str):
            yield at, kind, value
            return
        annotation = annotation.__origin__
    inner = get_args(annotation)
    if isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from references(item, inner[0] if inner else None, (*at, index))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from references(item, inner[1] if len(inner) > 1 else None, (*at, key))
    elif value is not None and get_origin(annotation) in (Union, UnionType):
        for option in inner:
            if option is not type(None):
                yield from references(value, option, at)


@kept_by_identity()
def references_in(value: BaseModel) -> tuple[Reference, ...]:
    """Every reference in a whole definition, as `references` gives them."""
    return tuple(references(value))
