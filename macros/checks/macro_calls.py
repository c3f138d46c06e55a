"""SEC and TRC: pages call macros by name with plain words, nothing else; what they name exists.

The check parses and never renders: a text under review is data, whatever stands in its braces.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from macros.checks.registry import Said, check
from macros.facts.computed import Facts
from macros.model.document import DocumentType
from macros.model.records.kinds import SOA
from macros.model.workspace import Workspace
from macros.problem import Location, did_you_mean
from macros.text.calls import MACROS, VARIABLES, Call, calls_in, named_in

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
GUESSES = 100
"""Unknown names of one page for which the nearest known one is looked for; a page of a megabyte could hold fifty thousand."""
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


def _bodies(workspace: Workspace) -> Iterator[tuple[str, str, int]]:
    for document in workspace.documents:
        yield document.path, document.body, document.body_line
    for page in workspace.pages:
        yield page.path, page.body, page.body_line


@check("SEC201", "Front matter takes the name of a macro")
def shadowed(facts: Facts) -> Iterator[Said]:
    """MkDocs lays front matter over macros without a word: `soa_table: done` would print a forged table in place of the real one."""
    for page in facts.workspace.pages:
        for key in page.keys:
            if key in RESERVED:
                yield (
                    Location(page.path, _key_line(facts.workspace, page.path, key)),
                    f"'{key}' is the name of a macro or variable",
                    "give the entry another name",
                )


def _key_line(workspace: Workspace, path: str, key: str) -> int:
    for number, line in enumerate(workspace.texts[path].split("\n"), 1):
        if re.match(rf"[\"']?{re.escape(key)}[\"']?\s*:", line):
            return number
    return 1


@check("SEC202", "Page holds template code that is not a macro call")
def refused(facts: Facts) -> Iterator[Said]:
    """The site build runs what stands between braces; pages may call the kit's macros by name, with words in quotes, and nothing else."""
    for path, body, first in _bodies(facts.workspace):
        for item in named_in(body, first).refused:
            yield Location(path, item.line), item.what, "call a macro with words in quotes; the manual's page 'Macros' lists them"
    titles = [(page.title, page.path) for page in facts.workspace.pages]
    titles += [(document.head.value.title, facts.workspace.document_by_id[document.id].path) for document in facts.workspace.documents]
    for title, path in titles:
        if title and any(mark in title for mark in ("{{", "{%", "{#")):
            yield (
                Location(path, _key_line(facts.workspace, path, "title")),
                "the title holds template code",
                "write the title as plain text",
            )


def unshown(workspace: Workspace) -> Iterator[tuple[Location, str]]:
    """Macro calls whose answer lies in a file that cannot be read: where they stand, and what would be missing."""
    names = {kind: dict.fromkeys(read(workspace)) for kind, read in _KNOWN.items()}
    for path, body, first in _bodies(workspace):
        for call in calls_in(body, first):
            if not isinstance(call, Call):
                continue
            asked = [("register", SOA)] if call.name == "soa_table" else zip(MACROS[call.name], call.arguments, strict=True)
            for kind, given in asked:
                if given not in names[kind] and not workspace.is_whole(_FOLDERS.get(kind, "org.yaml")):
                    yield Location(path, call.line), f"'{call.name}' shows the {kind} '{given}', which cannot be read"


@check("TRC103", "Macro names something that does not exist")
def unknown_name(facts: Facts) -> Iterator[Said]:
    """The page would fail to build, or show a hole where a reader expects a rule."""
    workspace = facts.workspace
    names = {kind: dict.fromkeys(read(workspace)) for kind, read in _KNOWN.items()}
    for path, body, first in _bodies(workspace):
        if all(given.keys() <= names[kind].keys() for kind, given in named_in(body, first).names.items()):
            continue
        guesses = GUESSES
        for call in calls_in(body, first):
            if not isinstance(call, Call):
                continue
            for kind, given in zip(MACROS[call.name], call.arguments, strict=True):
                known = names[kind]
                if given not in known and workspace.is_whole(_FOLDERS.get(kind, "org.yaml")):
                    otherwise = f"take the name of a {kind} that is here"
                    way_out = did_you_mean(given, known, otherwise) if guesses else otherwise
                    guesses = max(guesses - 1, 0)
                    yield Location(path, call.line), f'{call.name}("{given}") names no {kind}', way_out
