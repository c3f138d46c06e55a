"""The macros that pages call, and the closed room in which they run.

Only this module, `pages`, `host` and `mkdocs_hooks.py` know MkDocs. The macros are nouns for what will appear; they
take ids, return Markdown, and get the page that is being built from the host alone.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from macros.checks import ALL_RULES
from macros.model.records.kinds import SOA
from macros.problem import KitError
from macros.render import documents, problems
from macros.render.markup import link, plain
from macros.render.parts import bounded
from macros.render.views import views_of
from macros.text.calls import MACROS, Refused, calls_in
from macros.text.front_matter import split
from macros.world import World, world_at

# What MkDocs and its macros plugin lay into every page, and from which a page could reach the file system.
_STRIPPED = ("aims", "config", "plugin", "environment", "git", "files", "navigation", "extra", "macros", "filters", "filters_builtin")


def read_back(path: str, text: str) -> str:
    """A generated page, once MkDocs' own reader has found in its front matter what stands there.

    Raises:
        PluginError: It has not; then the page would be rendered as a template.
    """
    from mkdocs.exceptions import PluginError
    from mkdocs.utils.meta import get_data

    head, (_, found) = split(text).head, get_data(text)
    if head is None or found != head.value or found.get("render_macros") is not False:
        raise PluginError(f"The generated page '{path}' is not built: its front matter does not read back as it was written.")
    return text


def macros_of(world: World, current: Callable[[], str]) -> dict[str, Callable[..., str]]:
    """Every macro by its name.

    Args:
        world: What the macros read.
        current: Gives the path of the page that is being built, from the root of the repository.
    """
    views = views_of(world)
    workspace, links = world.workspace, views.links

    def document_header() -> str:
        found = next((document for document in workspace.documents if document.path == current()), None)
        if found is None:
            return problems.unread(world.problems_at(current()))
        told = [views.reading_page.in_header(reading) for reading in world.facts.readings if reading.document.id == found.id]
        return documents.document_header(views.aspects, found, world.problems_at(found.path), [("Acknowledged", text) for text in told])

    offered: dict[str, Callable[..., str]] = {
        "ai_roles": lambda: documents.ai_roles(workspace),
        "alignment": lambda: documents.alignment(workspace, world.trace, links),
        "catalogues": views.catalogues.catalogues,
        "control": lambda target: links.requirement(target),
        "coverage": views.catalogues.coverage,
        "crosswalk": views.crosswalks.crosswalk,
        "document": lambda name: links.document(name),
        "document_header": document_header,
        "documents": lambda kind: documents.documents_table(workspace, links, kind),
        "errata_table": views.crosswalks.errata,
        "matrix": views.catalogues.matrix,
        "param": lambda name: plain(workspace.parameter(name)),
        "parameters_table": lambda: documents.parameters_table(workspace, links),
        "problem_codes": lambda: problems.problem_codes(ALL_RULES.values()),
        "problems_table": lambda: problems.problems_table(world.problems),
        "published_tables": views.crosswalks.published,
        "record": lambda name: links.record(name),
        "record_kinds": problems.record_kinds,
        "register": lambda name: views.registers.records_table(workspace.registers[name]),
        "register_page": lambda name: links.register(name),
        "requirement": lambda target: links.requirement(target),
        "role": lambda name, capital=False: links.role(name, capital=capital),
        "roles_table": lambda: documents.roles_table(workspace, links),
        "standing": views.catalogues.standing,
        "soa_table": lambda: views.registers.soa_whole(),
    }
    assert offered.keys() == MACROS.keys()
    whole: dict[str, Callable[..., str]] = {"register": links.register_page, "problems_table": links.problems_page}
    whole["soa_table"] = lambda: links.register_page(SOA)

    def within_a_page(name: str) -> Callable[..., str]:
        def macro(*given: Any, **more: Any) -> str:
            rest = link("All of them", whole[name](*given)) if name in whole else ""
            return bounded(offered[name](*given, **more), rest)

        return macro

    return {name: within_a_page(name) for name in offered}


def define_env(env: Any) -> None:
    """Register the macros and close the room; called once a build by the macros plugin."""
    from mkdocs.exceptions import PluginError
    from mkdocs_macros import plugin

    setattr(plugin, "Environment", _room())  # noqa: B010  # the plugin makes its rooms out of this name, and does not export it
    root = Path(env.conf["config_file_path"]).parent
    try:
        world = world_at(root)
    except KitError as error:  # the plugin asks before the hook does
        raise PluginError(str(error)) from None

    def current() -> str:
        return f"docs/{env.variables['page'].file.src_uri}"

    env.macros.clear()
    env.filters.clear()
    for name, macro in macros_of(world, current).items():
        env.macro(macro, name)
    organisation = world.workspace.organisation
    env.variables["org"] = SimpleNamespace(name=plain(organisation.value.name if organisation else "the organisation"))


def strip(env: Any) -> None:
    """Take away what a page has no business with; called before each page."""
    for name in _STRIPPED:
        env.variables.pop(name, None)
    page = env.variables["page"]
    meta = {"render_macros": page.meta["render_macros"]} if "render_macros" in (page.meta or {}) else {}
    file = SimpleNamespace(src_uri=page.file.src_uri, src_path=page.file.src_path)
    env.variables["page"] = SimpleNamespace(title=str(page.title), url=page.url, meta=meta, file=file)


def _room() -> type:
    from jinja2.exceptions import SecurityError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Room(ImmutableSandboxedEnvironment):
        """Jinja without attributes that lead out, without loaders, and without arithmetic that runs away."""

        intercepted_binops = frozenset({"**", "*", "%"})

        def __init__(self, *_: Any, undefined: type, **__: Any) -> None:
            super().__init__(undefined=undefined)
            self.globals.clear()
            self.filters = {}
            self.tests = {}

        def from_string(self, source: Any, *words: Any, **options: Any) -> Any:
            """A page as a template, if it holds plain calls of macros and nothing else: no block, and so no loop, is ever run."""
            refused = next((item for item in calls_in(str(source), 1) if isinstance(item, Refused)), None)
            if refused:
                raise SecurityError(f"{refused.what} (line {refused.line} of the text)")
            return super().from_string(source, *words, **options)

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            raise SecurityError(f"'{operator}' is not available in pages")

        def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
            return isinstance(obj, SimpleNamespace) and attr == "name"

    return Room
