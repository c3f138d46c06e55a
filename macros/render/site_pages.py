"""Every generated page of a site: its path below `docs/`, its title and its text.

A generated page is finished Markdown and is not rendered as a template, so nothing that stands in a record
can act as code in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from macros.checks import ALL_RULES
from macros.facts.ai_act import ACT
from macros.facts.reuse import totals
from macros.model.numbering import natural
from macros.model.records.kinds import SOA, Layout
from macros.model.records.systems import AiSystem
from macros.model.workspace import is_of
from macros.render import documents, problems
from macros.render.guide import guide
from macros.render.manual import explained, manual_pages
from macros.render.markup import crumbs, link, page, plain, shown
from macros.render.page_links import KIND_WORDS
from macros.render.parts import in_parts
from macros.render.trend import trend_page
from macros.render.views import views_of
from macros.reports.trend import Point, Trend, counts
from macros.world import World


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
        yield from _overview_pages(world, trend or Trend((Point(world.today, None, counts(world.judged)),), None), editable)


def downloads(world: World) -> Iterator[tuple[str, str]]:
    """Files that pages offer for download: their path below `docs/`, and their text."""
    views = views_of(world)
    for name in views.shown_crosswalks:
        yield f"requirements/{name}.csv", views.crosswalks.as_csv(name)


def _requirement_pages(world: World) -> Iterator[tuple[str, str]]:
    views = views_of(world)
    workspace, links = world.workspace, views.links
    crosswalks = views.shown_crosswalks
    top = [crumbs(("Home", "/index.md"), ("Requirements", None)), views.catalogues.catalogues()]
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
    for name in links.catalogues:
        catalogue = workspace.catalogues[name].value
        yield f"requirements/{name}/index.md", page(catalogue.title, views.catalogues.catalogue(catalogue), wide=True)
        for index, requirement in enumerate(catalogue.requirements):
            text = views.requirements.requirement(catalogue, index)
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
        yield f"requirements/{name}.md", page(title, crumbs(way, (title, None)), views.crosswalks.crosswalk(name), wide=True)
    if workspace.published:
        title = "Published against reviewed"
        yield "requirements/published.md", page(title, crumbs(way, (title, None)), views.crosswalks.published(), wide=True)
        yield (
            "requirements/errata.md",
            page("Errata of the source article", crumbs(way, ("Errata", None)), views.crosswalks.errata(), wide=True),
        )


def _record_pages(world: World) -> Iterator[tuple[str, str]]:
    views = views_of(world)
    yield "records/index.md", page("Records", crumbs(("Home", "/index.md"), ("Records", None)), views.registers.overview(), wide=True)
    for name, register in world.workspace.registers.items():
        title = register.head.value.title
        yield f"records/{name}.md", page(title[0].upper() + title[1:], views.registers.register(register), wide=True)
        if name == SOA:
            for catalogue in dict.fromkeys(record.id.split(":", 1)[0] for record in register.records):
                view, text = views.registers.soa_view(catalogue)
                yield f"records/{SOA}/{catalogue}.md", page(view, text, wide=True)
        if register.kind.layout is Layout.FOLDER:
            for record in register.records:
                label = record.value.label
                short = label if len(label) <= 80 else label[:78].rsplit(" ", 1)[0] + " …"
                gates = views.gate_pages.section(record) if is_of(record, AiSystem) else ""
                yield f"records/{name}/{record.id}.md", page(f"{record.id} {short}", views.registers.record(record), gates, wide=True)


def _history_pages(world: World) -> Iterator[tuple[str, str]]:
    views = views_of(world)
    for name, document in sorted(world.workspace.document_by_id.items(), key=lambda item: natural(item[0])):
        title = f"History of {name} {document.head.value.title}"
        yield views.links.history_page(document).removeprefix("/"), page(title, views.history_pages.page(document), wide=True)


def _overview_pages(world: World, trend: Trend, editable: bool) -> Iterator[tuple[str, str]]:
    views = views_of(world)
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
            views.notes.section(),
            problems.settings_tables(organisation.checks, ALL_RULES, views.links, world.today),
            problems.additions_table(organisation.pages, views.links),
            wide=True,
        ),
    )
    yield "status.md", page("Status", views.status.page(), wide=True)
    title = "How to take part"
    yield "guide.md", page(title, crumbs(home, (title, None)), guide(world.workspace, views.links, editable))
    parts = [
        crumbs(home, ("Traceability", None)),
        "Every requirement with the documents and registers that name it, the decision on it, and its counterparts.",
    ]
    for name in views.links.catalogues:
        if name in organisation.statement_of_applicability:
            parts += [
                f"## {plain(world.workspace.catalogues[name].value.title)}",
                views.catalogues.coverage(name),
                views.catalogues.matrix(name),
            ]
    yield "trace.md", page("Traceability matrix", *parts, wide=True)
    yield "evidence.md", page("Evidence", views.evidence_pages.page(), wide=True)
    if ACT in views.links.catalogues:
        yield "eu-ai-act.md", page("EU AI Act", crumbs(home, ("EU AI Act", None)), views.ai_act_page.page(), wide=True)
    if world.plan:
        yield "roadmap.md", page("Roadmap", crumbs(home, ("Roadmap", None)), views.roadmap_page.page(world.plan), wide=True)
    yield "gates.md", page("Gates", crumbs(home, ("Gates", None)), views.gate_pages.page(), wide=True)
    yield from _improvement_pages(world, trend)
    if organisation.isms and world.facts.reuse:
        title = "What the ISMS gives"
        yield (
            "reuse.md",
            page(
                title,
                crumbs(home, (title, None)),
                views.reuse_page.page(world.facts.reuse, totals(world.workspace, world.facts.reuse)),
                wide=True,
            ),
        )
    yield (
        "parameters.md",
        page(
            "Parameters",
            crumbs(home, ("Parameters", None)),
            "What the organisation decided, and every sentence that each decision governs.",
            documents.parameters_table(world.workspace, views.links),
            documents.sentences_of_parameters(world.workspace, views.links),
            wide=True,
        ),
    )


def _improvement_pages(world: World, trend: Trend) -> Iterator[tuple[str, str]]:
    """Audits, the inputs of the next management review, the course of time, and who has read what."""
    views = views_of(world)
    home = ("Home", "/index.md")
    texts: dict[str, tuple[str, Callable[[], str]]] = {
        "audit-programme.md": ("Audit programme", lambda: views.audit_page.page(world.facts.programme)),
        "management-review.md": ("Management review inputs", lambda: views.review_input_page.page(world.review_inputs)),
        "trend.md": ("Trend", lambda: trend_page(trend)),
        "acknowledged.md": ("Acknowledged documents", lambda: views.reading_page.page(world.facts.readings)),
    }
    for path, (title, text) in texts.items():
        yield path, page(title, crumbs(home, (title, None)), text(), wide=True)
