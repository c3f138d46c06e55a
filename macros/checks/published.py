"""SEC: what stands below `docs/` is published, each page under an address of its own, and nothing beside the pages acts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from macros.checks.page_html import additions_of
from macros.checks.registry import Said, check
from macros.facts.computed import Facts
from macros.live.drawing import read_drawing
from macros.load.kept import parts_of
from macros.load.published import DOCS, address_of, folders_of, is_drawing, is_order, is_page, is_still, place_of
from macros.load.reserved import is_reserved
from macros.load.settings import SiteSetting, excluded_from, settings_in
from macros.model.workspace import Workspace
from macros.problem import Location, Severity

PUBLISHED_CODES = ("SEC124", "SEC125", "SEC126", "SEC128", "SEC129")
"""Rules with which a site is not built."""
PAGE_KEYS = frozenset({"description", "hide", "search", "subtitle", "title"})
"""Front matter of pages that are no documents, as far as the site shows it."""
_ACTING = frozenset({"author", "canonical", "comments", "icon", "location", "robots", "social", "status", "template"})
"""Front matter that a theme acts on, or prints as it is."""
_HIDDEN = frozenset({"feedback", "footer", "navigation", "path", "tags", "toc"})
_SEARCHED = {"boost": re.compile(r"\d{1,2}(?:\.\d{1,3})?"), "exclude": re.compile(r"true|false")}
_TEXT = "write it as text on one line"
_FORMS = {
    "description": _TEXT,
    "hide": "write a list of " + ", ".join(f"'{part}'" for part in sorted(_HIDDEN)),
    "search": "write 'exclude: true', or 'boost:' with a number below 100, beneath it",
    "subtitle": _TEXT,
    "title": _TEXT,
}
_UNSAFE = re.compile(r"[<>\"&]")


def _published(workspace: Workspace) -> list[str]:
    left_out = excluded_from(workspace.texts.get("mkdocs.yml", ""))
    return [path for path in workspace.paths if path.startswith(DOCS) and not left_out(path.removeprefix(DOCS))]


@check("SEC124", "Two files become one page")
def one_address(facts: Facts) -> Iterator[Said]:
    """The build keeps one of the two and says nothing, so an approved text could be replaced by another at its address."""
    seen: dict[str, str] = {}
    for path in _published(facts.workspace):
        if is_page(path) or path.casefold().endswith((".html", ".htm")):
            other = seen.setdefault(address_of(path), path)
            if other != path:
                yield Location(path), f"'{path}' and '{other}' become one page", "rename or remove one of them"
    places = {place_of(path): path for path in _published(facts.workspace)}
    for place, path in places.items():
        above = next((places[folder] for folder in folders_of(place) if folder in places), None)
        if above is not None:
            yield Location(path), f"'{path}' would lie in a folder that is called like the file made of '{above}'", "rename one of them"


@check("SEC125", "Page takes the place of a generated one")
def forged_page(facts: Facts) -> Iterator[Said]:
    """What the kit computes stands at known addresses; a page written there would be read as what the checks and registers say."""
    if facts.workspace.organisation is None:
        return
    for path in _published(facts.workspace):
        if is_reserved(path):
            yield (
                Location(path),
                f"'{path}' takes an address of pages that are generated",
                "give it another name, or put it into another folder",
            )


@check("SEC126", "File could act in a browser")
def acting_file(facts: Facts) -> Iterator[Said]:
    """Files beside the pages are published as they are; HTML, a script, a style sheet or a drawing among them can act on readers."""
    if facts.workspace.organisation is None:
        return
    allowed = additions_of(facts.workspace).files
    for path in _published(facts.workspace):
        if is_page(path) or is_still(path) or path in allowed:
            continue
        if is_drawing(path) and path in facts.workspace.texts:
            for found in read_drawing(facts.workspace.texts[path]):
                yield (
                    Location(path, found.line),
                    f"the drawing holds {found.fault.what}, which is not allowed",
                    "save it as plain SVG or as PNG, or allow the file under 'pages' in 'org.yaml'",
                )
            continue
        does = "hosts take orders from a file of this name" if is_order(path) else "could act in a browser"
        yield (
            Location(path),
            f"'{path}' would be published as it is and {does}",
            "remove it, save it in another form, or allow the file under 'pages' in 'org.yaml'",
        )


@check("SEC127", "Settings of the site go beyond the kit's", Severity.NOTE)
def own_settings(facts: Facts) -> Iterator[Said]:
    """What `mkdocs.yml` adds runs with the rights of the build, or in every reader's browser; whoever approves it should see it."""
    if facts.workspace.organisation is None:
        return
    for setting in settings_in(facts.workspace.texts.get("mkdocs.yml", "")):
        if setting.adds:
            yield (
                Location("mkdocs.yml", setting.line),
                f"'{setting.key}' adds to what the kit builds with",
                "nothing has to be done where this was decided; otherwise remove the entry",
            )


@check("SEC128", "Site is built from another folder")
def other_folder(facts: Facts) -> Iterator[Said]:
    """The checks read `docs/`; pages that are built from another folder are read by nobody."""
    if facts.workspace.organisation is None:
        return
    for setting in settings_in(facts.workspace.texts.get("mkdocs.yml", "")):
        if _leads_elsewhere(setting):
            yield Location("mkdocs.yml", setting.line), f"'{setting.key}' is '{setting.value}'", "remove the entry; pages lie in 'docs/'"


def _leads_elsewhere(setting: SiteSetting) -> bool:
    return (setting.key == "docs_dir" and setting.value not in ("docs", "docs/", "./docs")) or (
        setting.key == "INHERIT" and setting.value != "macros/mkdocs-base.yml"
    )


@check("SEC129", "Front matter of a page acts on the site")
def acting_front_matter(facts: Facts) -> Iterator[Said]:
    """The theme prints some entries as they are and takes others as orders: `template` and `location` send every reader away."""
    for page in facts.workspace.pages:
        head = parts_of(facts.workspace.texts[page.path]).head if page.keys else None
        for key in page.keys:
            line = _line_of(facts.workspace, page.path, key)
            if key.lower() in _ACTING:
                yield Location(page.path, line), f"'{key}' is an entry that the theme acts on", "remove it"
            elif key in PAGE_KEYS and head is not None and not _is_fit(key, head.value[key]):
                yield Location(page.path, line), f"'{key}' is not written as the theme reads it", _FORMS[key]
            elif key == "description" and _UNSAFE.search(_text_of(facts.workspace, page.path, key)):
                yield Location(page.path, line), "the description holds signs of markup", "write it as plain text"


def _is_fit(key: str, value: object) -> bool:
    if key == "hide":
        return isinstance(value, list) and all(isinstance(part, str) and part in _HIDDEN for part in value)
    if key == "search":
        return isinstance(value, dict) and all(
            name in _SEARCHED and bool(_SEARCHED[name].fullmatch(str(part).lower())) for name, part in value.items()
        )
    return isinstance(value, str)


def _line_of(workspace: Workspace, path: str, key: str) -> int:
    for number, line in enumerate(workspace.texts[path].split("\n"), 1):
        if re.match(rf"[\"']?{re.escape(key)}[\"']?\s*:", line):
            return number
    return 1


def _text_of(workspace: Workspace, path: str, key: str) -> str:
    line = workspace.texts[path].split("\n")[_line_of(workspace, path, key) - 1]
    return line.partition(":")[2].strip().strip("\"'")
