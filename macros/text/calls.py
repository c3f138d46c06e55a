"""Macro calls in texts: read and never run, whatever stands in the braces.

They are found as Jinja finds them, which runs before Markdown and knows neither code nor comments of it. That is why this
reader stands beside `macros.text`, which would not see a call that a hidden part of a page makes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from macros.cache import cached_by_text

MACROS: dict[str, tuple[str, ...]] = {
    "ai_roles": (),
    "alignment": (),
    "catalogues": (),
    "control": ("requirement",),
    "coverage": ("catalogue",),
    "crosswalk": ("crosswalk",),
    "document": ("document",),
    "document_header": (),
    "documents": ("document type",),
    "errata_table": (),
    "matrix": ("catalogue",),
    "param": ("parameter",),
    "parameters_table": (),
    "problem_codes": (),
    "problems_table": (),
    "published_tables": (),
    "record": ("record",),
    "record_kinds": (),
    "register": ("register",),
    "register_page": ("register",),
    "requirement": ("requirement",),
    "role": ("role",),
    "roles_table": (),
    "soa_table": (),
    "standing": (),
}
"""Every macro and what its arguments name. The site offers these and no others; a test holds both together."""

OPTIONS = {"role": {"capital"}}
"""Arguments by name that a macro takes beside those."""

VARIABLES = {"org": ("name",)}
"""Variables and the attributes that a page may print."""


@dataclass(frozen=True, slots=True)
class Call:
    """A macro call that is allowed in form."""

    name: str
    arguments: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Something between braces that is no plain macro call."""

    what: str
    line: int


_PLAIN = re.compile(
    r'\{\{ *(?:org\.name|(?P<name>[a-z_]+)\((?P<arguments>(?:"[^"\\{}\n]*"(?:, (?=")|(?=[,)])))*)(?P<capital>, capital=True)?\)) *\}\}'
)
"""A macro call in its plainest form: Jinja reads it in no other way, so it needs no parser."""


@dataclass(frozen=True, slots=True)
class NamedInCalls:
    """What the calls of one page name, and what stands between braces and is refused."""

    names: Mapping[str, Mapping[str, int]]
    """By what an argument names, such as `document`, each name with the line of the first call."""
    refused: tuple[Refused, ...]


def _plain(found: NamedInCalls) -> list[Any]:
    return [found.names, [[item.what, item.line] for item in found.refused]]


def _again(found: list[Any], _: str) -> NamedInCalls:
    return NamedInCalls(found[0], tuple(Refused(what, line) for what, line in found[1]))


@cached_by_text("calls", _plain, _again)
def named_in(body: str, first_line: int) -> NamedInCalls:
    """What the calls of a page name; the arguments are those of `calls_in`."""
    names: dict[str, dict[str, int]] = {}
    refused = []
    for item in calls_in(body, first_line):
        if isinstance(item, Refused):
            refused.append(item)
            continue
        for kind, given in zip(MACROS[item.name], item.arguments, strict=True):
            names.setdefault(kind, {}).setdefault(given, item.line)
    return NamedInCalls(names, tuple(refused))


def calls_in(body: str, first_line: int) -> tuple[Call | Refused, ...]:
    """Every expression of a page, as a call or as something that is refused.

    Args:
        body: Markdown with macro calls.
        first_line: The line of its file on which `body` begins.
    """
    if "{%" not in body and "{#" not in body:
        plain = _plain_calls(body, first_line)
        if plain is not None:
            return plain
    return tuple(_parsed_calls(body, first_line))


def _plain_calls(body: str, first_line: int) -> tuple[Call, ...] | None:
    """The calls of a page that holds none but the plainest; None where a parser has to look."""
    found: list[Call] = []
    at = body.find("{{")
    line, counted = first_line, 0
    while at != -1:
        match = _PLAIN.match(body, at)
        if match is None:
            return None
        line += body.count("\n", counted, at)
        counted = at
        if match["name"]:
            arguments = tuple(re.findall(r'"([^"]*)"', match["arguments"]))
            option_fits = not match["capital"] or "capital" in OPTIONS.get(match["name"], ())
            if match["name"] not in MACROS or len(arguments) != len(MACROS[match["name"]]) or not option_fits:
                return None
            found.append(Call(match["name"], arguments, line))
        at = body.find("{{", match.end())
    return tuple(found)


def _parsed_calls(body: str, first_line: int) -> list[Call | Refused]:
    from jinja2 import Environment, TemplateSyntaxError, nodes  # slow to import, and most pages have only plain calls

    environment = Environment(autoescape=False)
    try:
        tree = environment.parse(body)
        comments = [line for line, kind, _ in environment.lex(body) if kind == "comment_begin"]
    except TemplateSyntaxError as error:
        return [Refused(f"the braces cannot be read ({error.message})", first_line + error.lineno - 1)]
    except RecursionError:
        return [Refused("the braces are nested too deeply", first_line)]
    found: list[Call | Refused] = [Refused("'comment' is not used in pages", first_line + line - 1) for line in comments]
    for statement in tree.body:
        if not isinstance(statement, nodes.Output):
            found.append(Refused(f"'{type(statement).__name__.lower()}' is not used in pages", first_line + statement.lineno - 1))
            continue
        found += [
            item
            for node in statement.nodes
            if not isinstance(node, nodes.TemplateData) and (item := _one(node, first_line + node.lineno - 1)) is not None
        ]
    return found


def _one(node: object, line: int) -> Call | Refused | None:
    from jinja2 import nodes

    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name) and node.attr in VARIABLES.get(node.node.name, ()):
        return None
    if not (isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name)):
        return Refused("only calls of macros stand between braces", line)
    name = node.node.name
    if name not in MACROS:
        return Refused(f"there is no macro '{name}'", line)
    plain = all(isinstance(argument, nodes.Const) and isinstance(argument.value, str) for argument in node.args)
    named = all(isinstance(option.value, nodes.Const) and option.key in OPTIONS.get(name, ()) for option in node.kwargs)
    if not plain or not named or node.dyn_args or node.dyn_kwargs or len(node.args) != len(MACROS[name]):
        wanted = ", ".join(f'"{what}"' for what in MACROS[name])
        return Refused(f"'{name}' is called with something else than {wanted or 'nothing'}", line)
    return Call(name, tuple(argument.value for argument in node.args if isinstance(argument, nodes.Const)), line)
