"""SEC and TRC: pages call macros by name with plain words, nothing else; what they name exists.

The check parses and never renders: a text under review is data, whatever stands in its braces.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from macros.checks.registry import Said, World, check, did_you_mean
from macros.model.document import DocumentType, FrontMatter
from macros.model.workspace import Workspace
from macros.problem import Location

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

RESERVED = frozenset(
    {
        *MACROS,
        *VARIABLES,
        "config",
        "context",
        "environment",
        "extra",
        "files",
        "filters",
        "filters_builtin",
        "fix_url",
        "git",
        "ignore_macros",
        "macros",
        "macros_info",
        "navigation",
        "now",
        "page",
        "plugin",
        "pretty",
        "range",
        "dict",
        "lipsum",
        "cycler",
        "joiner",
        "namespace",
    }
)
"""Names that front matter may not take, because MkDocs lays front matter over macros and variables."""

_KNOWN: dict[str, Callable[[Workspace], Iterable[str]]] = {
    "requirement": lambda workspace: workspace.requirements,
    "catalogue": lambda workspace: workspace.catalogues,
    "crosswalk": lambda workspace: workspace.crosswalks,
    "document": lambda workspace: workspace.document_by_id,
    "document type": lambda workspace: [kind.value for kind in DocumentType],
    "parameter": lambda workspace: workspace.parameters,
    "record": lambda workspace: workspace.record_by_id,
    "register": lambda workspace: workspace.registers,
    "role": lambda workspace: workspace.role_by_id,
}
_FOLDERS = {
    "requirement": "controls",
    "catalogue": "controls",
    "crosswalk": "controls",
    "parameter": "controls",
    "document": "docs",
    "record": "registers",
    "register": "registers",
    "role": "org.yaml",
}


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


@lru_cache(maxsize=4096)
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
    return Call(name, tuple(argument.value for argument in node.args), line)


def _bodies(workspace: Workspace) -> Iterator[tuple[str, str, int]]:
    for document in workspace.documents:
        yield document.path, document.body, document.body_line
    for page in workspace.pages:
        yield page.path, page.body, page.body_line


@check("SEC201", "Front matter takes the name of a macro")
def shadowed(world: World) -> Iterator[Said]:
    """MkDocs lays front matter over macros without a word: `soa_table: done` would print a forged table in place of the real one."""
    for page in world.workspace.pages:
        for key in page.keys:
            if key in RESERVED:
                yield (
                    Location(page.path, _key_line(world.workspace, page.path, key)),
                    f"'{key}' is the name of a macro or variable",
                    "give the entry another name",
                )


def _key_line(workspace: Workspace, path: str, key: str) -> int:
    for number, line in enumerate(workspace.texts[path].split("\n"), 1):
        if re.match(rf"[\"']?{re.escape(key)}[\"']?\s*:", line):
            return number
    return 1


@check("SEC202", "Page holds template code that is not a macro call")
def refused(world: World) -> Iterator[Said]:
    """The site build runs what stands between braces; pages may call the kit's macros by name, with words in quotes, and nothing else."""
    for path, body, first in _bodies(world.workspace):
        for item in calls_in(body, first):
            if isinstance(item, Refused):
                yield Location(path, item.line), item.what, "call a macro with words in quotes; the manual's page 'Macros' lists them"
    for page in (*world.workspace.pages, *(document.head.value for document in world.workspace.documents)):
        if page.title and any(mark in page.title for mark in ("{{", "{%", "{#")):
            path = page.path if not isinstance(page, FrontMatter) else world.workspace.document_by_id[page.id].path
            yield (
                Location(path, _key_line(world.workspace, path, "title")),
                "the title holds template code",
                "write the title as plain text",
            )


@check("TRC103", "Macro names something that does not exist")
def unknown_name(world: World) -> Iterator[Said]:
    """The page would fail to build, or show a hole where a reader expects a rule."""
    workspace = world.workspace
    names = {kind: dict.fromkeys(read(workspace)) for kind, read in _KNOWN.items()}
    for path, body, first in _bodies(workspace):
        for call in calls_in(body, first):
            if not isinstance(call, Call):
                continue
            for kind, given in zip(MACROS[call.name], call.arguments, strict=True):
                known = names[kind]
                if given not in known and workspace.is_whole(_FOLDERS.get(kind, "org.yaml")):
                    yield (
                        Location(path, call.line),
                        f'{call.name}("{given}") names no {kind}',
                        did_you_mean(given, known, f"take the name of a {kind} that is here"),
                    )
