"""The moments of a build at which the host asks: what it is given, and what is refused."""

from __future__ import annotations

import datetime
import logging
import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from mkdocs.plugins import event_priority

from macros.checks.macro_calls import unshown
from macros.checks.page_html import SOURCE_CODES, additions_of
from macros.checks.published import PUBLISHED_CODES
from macros.encode.terminal import line
from macros.git.forge_address import forge_address
from macros.live.allowed import Writer
from macros.live.anchors import anchor_of
from macros.live.markup import read_fragment
from macros.live.policy import policy
from macros.load.published import is_page, twins_in
from macros.load.rules import ENCODING, LINK, ODD
from macros.model.automated import FOLDER as RUNS
from macros.paced import pace
from macros.problem import KitError, Problem, Severity
from macros.render.finished import finished
from macros.render.searched import searched
from macros.render.site_pages import downloads, generated
from macros.reports.trend import trend_of
from macros.site import read_back
from macros.theme_text import head_texts, heading_texts, navigation_texts, site_texts
from macros.world import World, pinned_by, world_at

log = logging.getLogger("mkdocs.aims")

ASSETS = Path(__file__).parent / "assets"
DEFAULT_NAME = "AIMS"
_REFUSED = ("SEC110", "SEC201", "SEC202", "TRC103", *SOURCE_CODES, *PUBLISHED_CODES)
"""Problems with which a page is not built: it would run foreign code, show forged data, or break half-way."""


_ODD = (ENCODING.code, LINK.code, *(rule.code for rule in ODD.values()))
"""Problems of a file that MkDocs could not read either, or would read outside of the repository."""


EXTENSIONS = frozenset(
    {
        *("abbr", "admonition", "attr_list", "def_list", "fenced_code", "md_in_html", "tables", "toc"),
        *("pymdownx.details", "pymdownx.highlight", "pymdownx.superfences"),
    }
)
OPTIONS = {
    "tables": {"use_align_attribute": True},
    "toc": {"permalink": True, "permalink_title": "Link to this section", "slugify": anchor_of},
}
"""The extensions of `mkdocs-base.yml` and those of MkDocs itself, with which generated pages are read by `finished`."""


_command = "build"
"""What MkDocs was started for."""


def on_startup(command: str, dirty: bool) -> None:
    """Remember whether pages are served while they are written."""
    global _command  # noqa: PLW0603  # MkDocs says it once, to a module
    _command = command


@event_priority(100)  # MkDocs asks plugins before hooks, and the macros plugin makes its macros of the world in this event
def on_config(config: Any) -> Any:
    """Load the workspace, name the site, and refuse what must not be built.

    Once a build, and before anything else reads the workspace: a server builds again and again in one process.
    """
    from mkdocs.exceptions import PluginError

    pace.end()
    build_day.forget()
    try:
        world = world_at(_root(config), fresh=True)
    except KitError as error:
        raise PluginError(line(error)) from None
    build_day.pin(world.today)
    organisation = world.workspace.organisation
    if organisation and config["site_name"] == DEFAULT_NAME:
        config["site_name"] = organisation.value.name
    if organisation and config["repo_url"] is None and config["edit_uri"] is None:
        found = forge_address(_root(config), organisation.value.forge)
        if found:
            config["repo_url"], config["repo_name"], config["edit_uri"] = found.url, config["repo_name"] or found.name, found.edit
    site_texts(config)
    refused = [str(problem) for problem in world.problems if problem.code in _REFUSED or _is_odd_page(problem)]
    hidden = [f"{place}: {said}" for place, said in unshown(world.workspace)]
    if hidden:
        refused += [*(str(problem) for problem in world.workspace.problems if problem.severity is Severity.ERROR), *hidden]
    if refused:
        raise PluginError("This site is not built.\n" + "\n".join(map(line, dict.fromkeys(refused))))
    for problem in _unread(world):
        log.warning(line(problem))
    if Path(config["docs_dir"]).resolve() != (_root(config) / "docs").resolve():
        raise PluginError("This site is not built: the checks read 'docs/', and 'docs_dir' names another folder.")
    config["mdx_configs"].setdefault("toc", {})["slugify"] = anchor_of
    config["extra"]["aims"] = {
        "today": world.today.isoformat() if pinned_by(world.workspace) else None,
        "demonstration": bool(organisation and organisation.value.demonstration),
        # While MkDocs serves, it writes a script of its own into each page that loads it anew after a change.
        "policy": policy(additions_of(world.workspace).hosts) if _command != "serve" else None,
    }
    return config


def reasons_not_to_build(world: World) -> tuple[Problem, ...]:
    """Problems with which there is no site: what cannot be read, what would run foreign code, and what would break half-way."""
    unread = _unread(world)
    return (*unread, *(problem for problem in world.problems if problem.code in _REFUSED and problem not in unread))


def _unread(world: World) -> tuple[Problem, ...]:
    """Errors of reading, except in automated runs, which the site shows as unusable."""
    return tuple(
        problem
        for problem in world.workspace.problems
        if problem.severity is Severity.ERROR and not problem.location.path.startswith(f"{RUNS}/")
    )


def _is_odd_page(problem: Problem) -> bool:
    """Whether MkDocs would stumble over the file itself, which it reads after this."""
    return problem.code in _ODD and f"{problem.location.path}/".startswith("docs/")


class BuildDay:
    """SOURCE_DATE_EPOCH for what MkDocs dates itself: that of who started it, or else the day of this one build."""

    def __init__(self) -> None:
        self._own: str | None = None

    def forget(self) -> None:
        """Take back what a build has set; left there, it would be the day of every later build of this process."""
        if self._own is not None and os.environ.get("SOURCE_DATE_EPOCH") == self._own:
            del os.environ["SOURCE_DATE_EPOCH"]
        self._own = None

    def pin(self, day: datetime.date) -> None:
        """Set the day of this build, where nobody else has."""
        if "SOURCE_DATE_EPOCH" not in os.environ:
            self._own = os.environ["SOURCE_DATE_EPOCH"] = str(
                int(datetime.datetime.combine(day, datetime.time(), datetime.UTC).timestamp())
            )


build_day = BuildDay()


def on_files(files: Any, config: Any) -> Any:
    """Add the generated pages, except where the organisation has written a page of the same name."""
    from mkdocs.exceptions import PluginError
    from mkdocs.structure.files import File, InclusionLevel

    world = world_at(_root(config))
    trend = trend_of(_root(config), world.judged) if world.workspace.organisation else None
    for path, text in generated(world, trend, bool(config["edit_uri"] or config["edit_uri_template"])):
        if files.get_file_from_path(path) is None:
            content = read_back(path, text) if is_page(path) else text  # a long list comes with its table as CSV
            files.append(File.generated(config, path, content=content, inclusion=InclusionLevel.NOT_IN_NAV))
    for path, text in downloads(world):
        files.append(File.generated(config, path, content=text))
    for asset in sorted(ASSETS.iterdir()):
        files.append(File.generated(config, f"assets/{asset.name}", abs_src_path=str(asset)))
    twins = twins_in((file.dest_uri, file.src_uri) for file in files if file.inclusion.is_included())
    if twins:
        raise PluginError(f"This site is not built: {twins}.")
    return files


def on_nav(nav: Any, config: Any, files: Any) -> Any:
    """Make the titles of the navigation safe."""
    navigation_texts(nav.items)
    return nav


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Make the page's own texts safe, before any plugin sees them; a generated page is never a template.

    Let the search prefer what the organisation wrote over what was generated.
    """
    head_texts(page)
    pace.begin(f"docs/{page.file.src_uri}")
    if page.file.generated_by:
        page.meta["render_macros"] = False
        page.render = partial(_render, page, page.render)
    page.meta.setdefault("search", {"boost": 0.5} if page.file.generated_by else {"boost": 2})
    return markdown


def _render(page: Any, by_markdown: Callable[[Any, Any], None], config: Any, files: Any) -> None:
    """What MkDocs does to make HTML of a page, for a generated one: the same, without Python-Markdown where it can be.

    Only with the extensions that the engine itself brings: with others, a page could come to look differently.
    """
    from mkdocs.structure.pages import _RelativePathTreeprocessor
    from mkdocs.structure.toc import get_toc

    options = {name: given for name, given in config["mdx_configs"].items() if given}
    links = _RelativePathTreeprocessor(page.file, files, config)
    known = set(config["markdown_extensions"]) == EXTENSIONS and options == OPTIONS
    made = finished(page.markdown, links.path_to_url) if known else None
    if made is None:
        by_markdown(config, files)
        return
    page.content, page.toc = made.html, get_toc(made.toc)
    page.present_anchor_ids, page.links_to_anchors = set(made.anchors), links.links_to_anchors
    page.finished = made.html


def on_page_content(content: str, page: Any, config: Any, files: Any) -> str:
    """Refuse a page whose HTML nobody accounts for, and make the titles that came out of its text safe."""
    from mkdocs.exceptions import PluginError

    pace.end()
    additions = additions_of(world_at(_root(config)).workspace)
    found = next(read_fragment(content, additions, Writer.KIT if page.file.generated_by else Writer.HOST), None)
    if found is not None:
        raise PluginError(
            f"This site is not built: line {found.line} of what Markdown makes of 'docs/{page.file.src_uri}' holds {found.fault.what}, "
            "which pages may not hold."
        )
    heading_texts(page)
    return content


def on_env(env: Any, config: Any, files: Any) -> Any:
    """Draw Material's navigation once a folder for the generated pages that are not in it: but for relative links it is the same."""
    if config["theme"].name != "material":
        return env
    drawn: dict[tuple[str, bool], str] = {}
    theme = env.get_template("partials/nav.html")
    whole = theme.root_render_func

    def navigation(context: Any) -> Iterator[str]:
        page = context.get("page")
        if page is None or not page.file.generated_by or any(one.url.startswith(page.url) for one in context["nav"].pages):
            yield from whole(context)
            return
        key = page.url.rstrip("/").rpartition("/")[0], page.url.endswith("/")
        if key not in drawn:
            drawn[key] = "".join(whole(context))
        yield drawn[key]

    if Path(theme.filename).parts[-4:-2] == ("material", "templates"):  # one of the organisation's own could show more of the page
        theme.root_render_func = navigation
    return env


@event_priority(100)  # before the search, which then has nothing left to do with the page
def on_page_context(context: Any, page: Any, config: Any, nav: Any) -> Any:
    """Put a generated page into the index of Material's search, unless a plugin has changed its HTML."""
    if config["theme"].name != "material":
        return context
    from material.plugins.search.plugin import SearchPlugin

    search = next((plugin for plugin in config.plugins.values() if type(plugin) is SearchPlugin and plugin.config.enabled), None)
    if search is None or page.content is not vars(page).get("finished") or page.meta["search"].get("exclude"):
        return context
    sections = searched(page.content)
    if sections is not None:
        for section in sections:
            search.search_index.create_entry_for_section(section, page.toc, page.url, page)
        page.meta["search"] = {**page.meta["search"], "exclude": True}
    return context


def on_serve(server: Any, config: Any, builder: Any) -> Any:
    """Watch the data as well as the documents."""
    for name in ("controls", "registers", "evidence", "org.yaml", "macros"):
        path = _root(config) / name
        if path.exists():
            server.watch(str(path))
    return server


def _root(config: Any) -> Path:
    return Path(config["config_file_path"]).parent
