"""SEC: documents and pages hold words and plain markup; nothing in them runs, loads or hides.

These rules read the sources and never render them. The build judges the finished HTML once more, exactly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from macros.checks.registry import Said, check
from macros.facts.computed import Facts
from macros.live.allowed import (
    NOTHING,
    Additions,
    Wrong,
    can_add_attribute,
    can_add_class,
    can_add_element,
    can_add_host,
)
from macros.live.source import read_source
from macros.load.published import DOCS, is_page
from macros.model.organisation import AllowedEntry, AllowedKind
from macros.model.workspace import Workspace
from macros.problem import Location, did_you_mean
from macros.text.calls import named_in

SOURCE_CODES = ("SEC120", "SEC121", "SEC122", "SEC123")
"""Rules with which a site is not built."""
_CAN_BE_ADDED: Mapping[AllowedKind, Callable[[str], bool]] = {
    AllowedKind.ELEMENT: can_add_element,
    AllowedKind.ATTRIBUTE: can_add_attribute,
    AllowedKind.CLASS: can_add_class,
    AllowedKind.IMAGE_HOST: can_add_host,
    AllowedKind.FILE: lambda path: path.startswith(DOCS) and not is_page(path),
}


_ENTRY = re.compile(r"^[ ]*(?:- |[a-z_]+: )\{(?!:)[^={}<\n]*\}$", re.MULTILINE)
"""An entry of front matter that holds others in braces, which is no list of attributes where the front matter cannot be read."""


def additions_of(workspace: Workspace) -> Additions:
    """What the organisation added to the allow-list, by kind; what cannot be added is left out, and SEC123."""
    settings = workspace.organisation.value.pages if workspace.organisation else None
    if settings is None or not settings.allowed:
        return NOTHING
    fit = [entry for entry in settings.allowed if _CAN_BE_ADDED[entry.kind](entry.name)]
    named = {kind: frozenset(entry.name for entry in fit if entry.kind is kind) for kind in AllowedKind}
    return Additions(*(named[kind] for kind in AllowedKind))


def _bodies(workspace: Workspace) -> Iterator[tuple[str, str, int]]:
    """Every text that the host would make a page of, with the line on which it begins; one whose front matter is broken as a whole."""
    taken = set()
    for document in workspace.documents:
        taken.add(document.path)
        yield document.path, document.body, document.body_line
    for page in workspace.pages:
        taken.add(page.path)
        yield page.path, page.body, page.body_line
    for path, text in workspace.texts.items():
        if path.startswith(DOCS) and is_page(path) and path not in taken:
            yield path, _ENTRY.sub(lambda match: match.group().replace("{", " "), text), 1


def _of(facts: Facts, wrong: Wrong) -> Iterator[tuple[Location, str]]:
    additions = additions_of(facts.workspace)
    for path, body, first in _bodies(facts.workspace):
        faults = read_source(body, first, additions)
        template = {item.line for item in named_in(body, first).refused} if any(found.in_list for found in faults) else set()
        for found in faults:
            if found.fault.wrong is wrong and not (found.in_list and found.line in template):  # of template code SEC202 speaks
                yield Location(path, found.line), found.fault.what


@check("SEC120", "Page holds HTML that is not allowed")
def live_markup(facts: Facts) -> Iterator[Said]:
    """Whoever may edit a document may change its words; a script, a handler, a frame or a form in it would act on every reader."""
    for place, what in _of(facts, Wrong.MARKUP):
        yield (
            place,
            f"the page holds {what}, which is not allowed",
            "write it in Markdown, or with '&lt;' or in a code span to show it; plain markup can be added under 'pages' in 'org.yaml'",
        )


@check("SEC121", "Link is not of an allowed kind")
def live_address(facts: Facts) -> Iterator[Said]:
    """An address that runs a script, or carries a page in itself, is no reference that somebody can follow, print or check."""
    for place, what in _of(facts, Wrong.ADDRESS):
        yield place, f"the page holds {what}", "link to a page or a file of the site, or with https, http, mailto or tel"


@check("SEC122", "Page loads from another host")
def foreign(facts: Facts) -> Iterator[Said]:
    """The site asks no other host for anything, so that nobody outside learns who reads which document, or changes what it shows."""
    for place, what in _of(facts, Wrong.FOREIGN):
        yield (
            place,
            f"the page would load {what} from another host",
            "put the file beside the page and name it there, or add the host under 'pages' in 'org.yaml'",
        )


@check("SEC123", "Addition to the pages cannot be made")
def unfit_addition(facts: Facts) -> Iterator[Said]:
    """What runs in a browser, or changes how it reads a page, is allowed to nobody; an entry without effect only looks like a decision."""
    organisation = facts.workspace.organisation
    if organisation is None or organisation.value.pages is None:
        return
    for index, entry in enumerate(organisation.value.pages.allowed):
        place = organisation.at("pages", "allowed", index, "name")
        if not _CAN_BE_ADDED[entry.kind](entry.name):
            yield (
                place,
                f"{_named(entry)} cannot be added",
                "remove the entry; the manual's page 'Write and change documents' lists what can be added",
            )
        elif entry.kind is AllowedKind.FILE and entry.name not in facts.workspace.paths:
            way_out = did_you_mean(
                entry.name, (path for path in facts.workspace.paths if path.startswith(DOCS)), "write the path from the root"
            )
            yield place, f"there is no file '{entry.name}'", way_out
        if entry.decided_by not in facts.workspace.role_by_id:
            yield (
                organisation.at("pages", "allowed", index, "decided_by"),
                f"unknown role '{entry.decided_by}' in 'decided_by'",
                did_you_mean(entry.decided_by, facts.workspace.role_by_id, "use a role id from 'org.yaml', or add the role there"),
            )


def _named(entry: AllowedEntry) -> str:
    return f"{entry.kind.value.replace('-', ' ')} '{entry.name}'"
