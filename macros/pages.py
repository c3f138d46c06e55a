"""Generated pages, and the moments at which the host asks for them.

A generated page is finished Markdown and is not rendered as a template, so nothing that stands in a record
can act as code in it.
"""

from __future__ import annotations

import datetime
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from mkdocs.plugins import event_priority

from macros.ai_act import ACT
from macros.checks import ALL_RULES
from macros.checks.macro_calls import unshown
from macros.checks.page_html import SOURCE_CODES, additions_of
from macros.checks.published import PUBLISHED_CODES
from macros.command.forge_address import forge_address
from macros.command.trend import trend_of
from macros.encode.terminal import line
from macros.live.allowed import Writer
from macros.live.anchors import anchor_of
from macros.live.markup import read_fragment
from macros.live.policy import policy
from macros.load.published import is_page, twins_in
from macros.load.rules import ENCODING, LINK, ODD
from macros.model.automated import FOLDER as RUNS
from macros.model.numbering import natural
from macros.model.records.kinds import SOA, Layout
from macros.model.records.systems import AiSystem
from macros.model.workspace import is_of
from macros.paced import pace
from macros.problem import KitError, Problem, Severity
from macros.render import documents, problems
from macros.render.guide import guide
from macros.render.manual import explained, manual_pages
from macros.render.markup import crumbs, link, page, plain, shown
from macros.render.parts import in_parts
from macros.render.places import KIND_WORDS
from macros.render.trend import trend_page
from macros.reuse import totals
from macros.site import World, read_back, world_at
from macros.theme_text import head_texts, heading_texts, navigation_texts, site_texts
from macros.trend import Point, Trend, counts

log = logging.getLogger("mkdocs.aims")

ASSETS = Path(__file__).parent / "assets"
DEFAULT_NAME = "AIMS"
_REFUSED = ("SEC110", "SEC201", "SEC202", "TRC103", *SOURCE_CODES, *PUBLISHED_CODES)
"""Problems with which a page is not built: it would run foreign code, show forged data, or break half-way."""


_ODD = (ENCODING.code, LINK.code, *(rule.code for rule in ODD.values()))
"""Problems of a file that MkDocs could not read either, or would read outside of the repository."""


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
        "today": world.today.isoformat() if organisation and organisation.value.today else None,
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
    trend = trend_of(_root(config), world) if world.workspace.organisation else None
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
    page.meta.setdefault("search", {"boost": 0.5} if page.file.generated_by else {"boost": 2})
    return markdown


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


def on_serve(server: Any, config: Any, builder: Any) -> Any:
    """Watch the data as well as the documents."""
    for name in ("controls", "registers", "evidence", "org.yaml", "macros"):
        path = _root(config) / name
        if path.exists():
            server.watch(str(path))
    return server


def generated(world: World, trend: Trend | None = None, editable: bool = False) -> Iterator[tuple[str, str]]:
    """Every generated page, and the lists that go with them as CSV: the path below `docs/`, and the text.

    A page with a long table is followed by its further parts.

    Args:
        world: What the pages show.
        trend: The course of time, from the history of the repository; without it only the world's own day.
        editable: Whether documents have a link to the editor of the forge.
    """
    for path, text in _whole_pages(world, trend, editable):
        yield from in_parts(path, text)


def _whole_pages(world: World, trend: Trend | None, editable: bool) -> Iterator[tuple[str, str]]:
    yield from _requirement_pages(world)
    if world.workspace.organisation:
        yield from _record_pages(world)
        yield from _history_pages(world)
        yield from manual_pages()
        yield from _overview_pages(
            world, trend or Trend((Point(world.today, None, counts(world.workspace, world.judged, world.today)),), None), editable
        )


def downloads(world: World) -> Iterator[tuple[str, str]]:
    """Files that pages offer for download: their path below `docs/`, and their text."""
    for name in world.shown_crosswalks:
        yield f"requirements/{name}.csv", world.crosswalks.as_csv(name)


def _requirement_pages(world: World) -> Iterator[tuple[str, str]]:
    workspace, places = world.workspace, world.places
    crosswalks = world.shown_crosswalks
    top = [crumbs(("Home", "/index.md"), ("Requirements", None)), world.catalogues.catalogues()]
    if crosswalks:
        top += [
            "## Crosswalks",
            "\n".join(f"- {link(workspace.crosswalks[name].value.title, f'/requirements/{name}.md')}" for name in crosswalks),
        ]
    if workspace.published:
        top += [
            "## The source article",
            f"- {link('Published against reviewed', '/requirements/published.md')}\n- {link('Errata', '/requirements/errata.md')}",
        ]
    yield "requirements/index.md", page("Requirements", *top)
    way = ("Requirements", "/requirements/index.md")
    for name in places.catalogues:
        catalogue = workspace.catalogues[name].value
        yield f"requirements/{name}/index.md", page(catalogue.title, world.catalogues.catalogue(catalogue), wide=True)
        for index, requirement in enumerate(catalogue.requirements):
            text = world.requirements.requirement(catalogue, index)
            yield (
                f"requirements/{name}/{requirement.id}.md",
                page(
                    f"{requirement.id} {requirement.title}",
                    text,
                    description=f"{catalogue.title}, {KIND_WORDS[requirement.kind].lower()} {requirement.id}",
                ),
            )
    for name in crosswalks:
        title = workspace.crosswalks[name].value.title
        yield f"requirements/{name}.md", page(title, crumbs(way, (title, None)), world.crosswalks.crosswalk(name), wide=True)
    if workspace.published:
        title = "Published against reviewed"
        yield "requirements/published.md", page(title, crumbs(way, (title, None)), world.crosswalks.published(), wide=True)
        yield (
            "requirements/errata.md",
            page("Errata of the source article", crumbs(way, ("Errata", None)), world.crosswalks.errata(), wide=True),
        )


def _record_pages(world: World) -> Iterator[tuple[str, str]]:
    yield "records/index.md", page("Records", crumbs(("Home", "/index.md"), ("Records", None)), world.registers.overview(), wide=True)
    for name, register in world.workspace.registers.items():
        title = register.head.value.title
        yield f"records/{name}.md", page(title[0].upper() + title[1:], world.registers.register(register), wide=True)
        if name == SOA:
            for catalogue in dict.fromkeys(record.id.split(":", 1)[0] for record in register.records):
                view, text = world.registers.soa_view(catalogue)
                yield f"records/{SOA}/{catalogue}.md", page(view, text, wide=True)
        if register.kind.layout is Layout.FOLDER:
            for record in register.records:
                label = record.value.label
                short = label if len(label) <= 80 else label[:78].rsplit(" ", 1)[0] + " …"
                gates = world.gate_pages.section(record) if is_of(record, AiSystem) else ""
                yield f"records/{name}/{record.id}.md", page(f"{record.id} {short}", world.registers.record(record), gates, wide=True)


def _history_pages(world: World) -> Iterator[tuple[str, str]]:
    for name, document in sorted(world.workspace.document_by_id.items(), key=lambda item: natural(item[0])):
        title = f"History of {name} {document.head.value.title}"
        yield world.places.history_page(document).removeprefix("/"), page(title, world.history_pages.page(document), wide=True)


def _overview_pages(world: World, trend: Trend, editable: bool) -> Iterator[tuple[str, str]]:
    home = ("Home", "/index.md")
    sourced = world.workspace.organisation
    assert sourced is not None, "only an organisation has these pages"
    organisation = sourced.value
    yield (
        "open.md",
        page(
            "What is open",
            crumbs(home, ("What is open", None)),
            f"As checked on {shown(world.today)}. The same list comes from <code>{plain('./aims check')}</code>.",
            problems.problems_table(world.problems, explained),
            world.notes.section(),
            problems.settings_tables(organisation.checks, ALL_RULES, world.places, world.today),
            problems.additions_table(organisation.pages, world.places),
            wide=True,
        ),
    )
    yield "status.md", page("Status", world.status.page(), wide=True)
    title = "How to take part"
    yield "guide.md", page(title, crumbs(home, (title, None)), guide(world.workspace, world.places, editable))
    parts = [
        crumbs(home, ("Traceability", None)),
        "Every requirement with the documents and registers that name it, the decision on it, and its counterparts.",
    ]
    for name in world.places.catalogues:
        if name in organisation.statement_of_applicability:
            parts += [
                f"## {plain(world.workspace.catalogues[name].value.title)}",
                world.catalogues.coverage(name),
                world.catalogues.matrix(name),
            ]
    yield "trace.md", page("Traceability matrix", *parts, wide=True)
    yield "evidence.md", page("Evidence", world.evidence_pages.page(), wide=True)
    if ACT in world.places.catalogues:
        yield "eu-ai-act.md", page("EU AI Act", crumbs(home, ("EU AI Act", None)), world.ai_act_page.page(), wide=True)
    if world.plan:
        yield "roadmap.md", page("Roadmap", crumbs(home, ("Roadmap", None)), world.roadmap_page.page(world.plan), wide=True)
    yield "gates.md", page("Gates", crumbs(home, ("Gates", None)), world.gate_pages.page(), wide=True)
    yield from _improvement_pages(world, trend)
    if organisation.isms and world.verdicts:
        title = "What the ISMS gives"
        yield (
            "reuse.md",
            page(
                title,
                crumbs(home, (title, None)),
                world.reuse_page.page(world.verdicts, totals(world.workspace, world.verdicts)),
                wide=True,
            ),
        )
    yield (
        "parameters.md",
        page(
            "Parameters",
            crumbs(home, ("Parameters", None)),
            "What the organisation decided, and every sentence that each decision governs.",
            documents.parameters_table(world.workspace, world.places),
            documents.sentences_of_parameters(world.workspace, world.places),
            wide=True,
        ),
    )


def _improvement_pages(world: World, trend: Trend) -> Iterator[tuple[str, str]]:
    """Audits, the inputs of the next management review, the course of time, and who has read what."""
    home = ("Home", "/index.md")
    texts: dict[str, tuple[str, Callable[[], str]]] = {
        "audit-programme.md": ("Audit programme", lambda: world.audit_page.page(world.programme)),
        "management-review.md": ("Management review inputs", lambda: world.review_input_page.page(world.review_inputs)),
        "trend.md": ("Trend", lambda: trend_page(trend)),
        "acknowledged.md": ("Acknowledged documents", lambda: world.reading_page.page(world.readings)),
    }
    for path, (title, text) in texts.items():
        yield path, page(title, crumbs(home, (title, None)), text(), wide=True)


def _root(config: Any) -> Path:
    return Path(config["config_file_path"]).parent
