"""The macros that pages call, and the closed room in which they run.

Only this module, `pages`, `host` and `mkdocs_hooks.py` know MkDocs. The macros are nouns for what will appear; they
take ids, return Markdown, and get the page that is being built from the host alone.
"""

from __future__ import annotations

import contextlib
import datetime
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from macros.audits import Programme, programme
from macros.calls import MACROS, Refused, calls_in
from macros.checks import ALL_RULES, Judged, judge
from macros.checks import registry as checks
from macros.days import FIRST_JUDGED, LAST_JUDGED, OutOfRange, judged_day, written_day
from macros.evidence import EvidenceBook
from macros.load import load_workspace
from macros.load.markdown import split
from macros.management_review import Pack, pack
from macros.model.history import History
from macros.model.records.kinds import SOA
from macros.model.workspace import Workspace
from macros.problem import KitError, Problem
from macros.readings import Reading, readings
from macros.render import documents, problems
from macros.render.ai_act import AiActPage
from macros.render.aspects import Aspects
from macros.render.audits import AuditPage
from macros.render.catalogues import CataloguePages
from macros.render.crosswalks import CrosswalkPages
from macros.render.evidence import EvidencePages
from macros.render.facts import Facts
from macros.render.gate import GatePages
from macros.render.history import HistoryPages
from macros.render.management_review import ReviewInputPage
from macros.render.markup import link, plain
from macros.render.parts import bounded
from macros.render.places import Places
from macros.render.readings import ReadingPage
from macros.render.records import RegisterPages
from macros.render.requirements import RequirementPages
from macros.render.reuse import ReusePage
from macros.render.revisions import RevisionNotes
from macros.render.roadmap import RoadmapPage
from macros.render.status import StatusPages
from macros.reuse import Verdict, verdicts
from macros.roadmap import Plan, plan
from macros.suspects import suspects
from macros.trace import Trace, build_trace

# What MkDocs and its macros plugin lay into every page, and from which a page could reach the file system.
_STRIPPED = ("aims", "config", "plugin", "environment", "git", "files", "navigation", "extra", "macros", "filters", "filters_builtin")


def today_of(workspace: Workspace) -> datetime.date:
    """The day that everything is judged against.

    `AIMS_TODAY` first, then `today` of a demonstration's org.yaml, then SOURCE_DATE_EPOCH, then the clock.

    Raises:
        KitError: `AIMS_TODAY` or `SOURCE_DATE_EPOCH` cannot be read, or lies where nothing can be judged.
    """
    given = os.environ.get("AIMS_TODAY")
    if given:
        try:
            return judged_day(written_day(given))
        except OutOfRange as error:
            raise KitError(f"AIMS_TODAY is '{given}', which is {error}") from None
        except ValueError:
            raise KitError(f"AIMS_TODAY is '{given}', which is no date; write it as 2026-09-14") from None
    if workspace.organisation and workspace.organisation.value.today:
        return workspace.organisation.value.today
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch:
        try:
            return judged_day(datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date())
        except OutOfRange as error:
            raise KitError(f"SOURCE_DATE_EPOCH is '{epoch}', a day {error}") from None
        except (ValueError, OverflowError, OSError):
            raise KitError(f"SOURCE_DATE_EPOCH is '{epoch}', which is no number of seconds") from None
    return min(max(datetime.datetime.now(datetime.UTC).date(), FIRST_JUDGED), LAST_JUDGED)  # a clock may be set to any day


@dataclass(frozen=True)
class World:
    """One workspace with everything that is computed from it, once."""

    workspace: Workspace
    today: datetime.date
    root: Path | None = None
    """Where it was loaded from, for what git knows of it; None where it is no checkout."""

    @cached_property
    def trace(self) -> Trace:
        return build_trace(self.workspace)

    @cached_property
    def judged(self) -> Judged:
        return judge(self.workspace, self.today, self.trace)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self.judged.problems

    @cached_property
    def status(self) -> StatusPages:
        return StatusPages(self.judged.ladder, self.places)

    @cached_property
    def places(self) -> Places:
        return Places(self.workspace)

    @cached_property
    def notes(self) -> RevisionNotes:
        return RevisionNotes(self.places, suspects(self.workspace, self.trace, self.today))

    @cached_property
    def facts(self) -> Facts:
        return Facts(self.workspace, self.trace)

    @cached_property
    def requirements(self) -> RequirementPages:
        return RequirementPages(self.facts, self.places, self.aspects)

    @cached_property
    def catalogues(self) -> CataloguePages:
        return CataloguePages(self.facts, self.places, self.status)

    @cached_property
    def registers(self) -> RegisterPages:
        return RegisterPages(self.workspace, self.trace, self.places, self.aspects)

    @cached_property
    def evidence(self) -> EvidenceBook:
        return EvidenceBook(self.workspace, self.trace, self.today)

    @cached_property
    def evidence_pages(self) -> EvidencePages:
        return EvidencePages(self.evidence, self.places)

    @cached_property
    def aspects(self) -> Aspects:
        return Aspects(self.status, self.notes, self.evidence_pages)

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        return verdicts(self.workspace, self.today)

    @cached_property
    def reuse_page(self) -> ReusePage:
        return ReusePage(self.workspace, self.places)

    @cached_property
    def plan(self) -> Plan | None:
        effort = {verdict.requirement: verdict.effort for verdict in self.verdicts}
        whole = self.workspace.roadmap.effort.new if self.workspace.roadmap else 0
        return plan(checks.World(self.workspace, self.trace, self.today), lambda requirement: effort.get(requirement, whole))

    @cached_property
    def programme(self) -> Programme:
        return programme(self.workspace, self.today)

    @cached_property
    def audit_page(self) -> AuditPage:
        return AuditPage(self.workspace, self.places)

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        return readings(self.workspace, self.today)

    @cached_property
    def reading_page(self) -> ReadingPage:
        return ReadingPage(self.workspace, self.places, self.today)

    @cached_property
    def review_inputs(self) -> Pack:
        return pack(self.workspace, self.judged, self.today)

    @cached_property
    def review_input_page(self) -> ReviewInputPage:
        return ReviewInputPage(self.places)

    @cached_property
    def ai_act_page(self) -> AiActPage:
        return AiActPage(self.workspace, self.trace, self.places)

    @cached_property
    def gate_pages(self) -> GatePages:
        return GatePages(checks.World(self.workspace, self.trace, self.today), self.places)

    @cached_property
    def roadmap_page(self) -> RoadmapPage:
        return RoadmapPage(self.places)

    @cached_property
    def history_pages(self) -> HistoryPages:
        from macros.command.history import read_history  # only a site build asks git

        documents = {document.path: document.id for document in self.workspace.documents}
        lacking = History(lacking="This site was not built from a folder, so no commits are shown.")
        return HistoryPages(self.workspace, self.places, read_history(self.root, documents) if self.root else lacking)

    @cached_property
    def crosswalks(self) -> CrosswalkPages:
        return CrosswalkPages(self.workspace, self.places)

    @property
    def shown_crosswalks(self) -> list[str]:
        """Crosswalks whose two catalogues are both in force."""
        found = self.workspace.crosswalks.items()
        return [name for name, one in found if all(end.catalogue in self.places.catalogues for end in one.value.between)]

    def problems_at(self, path: str) -> tuple[Problem, ...]:
        """Problems of one file."""
        return tuple(problem for problem in self.problems if problem.location.path == path)


_worlds: dict[Path, World] = {}
_handed: dict[Path, World] = {}


@contextlib.contextmanager
def handed_over(world: World) -> Iterator[None]:
    """While this is open, the next build of the folder begins with a world that was just loaded, instead of loading it again."""
    assert world.root, "only the world of a folder is built"
    _handed[world.root] = world
    try:
        yield
    finally:
        _handed.pop(world.root, None)


def world_at(root: Path, fresh: bool = False, today: datetime.date | None = None) -> World:
    """The world of a checkout, loaded once for a build.

    Args:
        root: The folder that holds `docs/` and `controls/`.
        fresh: Load it again, as at the start of a build.
        today: The day to judge against; without one, as `today_of` finds it.
    """
    root = root.resolve()
    if fresh or root not in _worlds or (today and _worlds[root].today != today):
        _worlds.pop(root, None)  # what cannot be loaded now must not be answered with what was there before
        handed: World | None = _handed.pop(root, None)
        _worlds[root] = handed or _load(root, today)
    return _worlds[root]


def forget(root: Path) -> None:
    """Load the world of a checkout anew when it is next asked for, since a file of it was written."""
    _worlds.pop(root.resolve(), None)


def _load(root: Path, today: datetime.date | None) -> World:
    workspace = load_workspace(root)
    return World(workspace, today or today_of(workspace), root)


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
    workspace, places = world.workspace, world.places

    def document_header() -> str:
        found = next((document for document in workspace.documents if document.path == current()), None)
        if found is None:
            return problems.unread(world.problems_at(current()))
        told = [world.reading_page.in_header(reading) for reading in world.readings if reading.document.id == found.id]
        return documents.document_header(world.aspects, found, world.problems_at(found.path), [("Acknowledged", text) for text in told])

    offered: dict[str, Callable[..., str]] = {
        "ai_roles": lambda: documents.ai_roles(workspace),
        "alignment": lambda: documents.alignment(workspace, world.trace, places),
        "catalogues": world.catalogues.catalogues,
        "control": lambda target: places.requirement(target),
        "coverage": world.catalogues.coverage,
        "crosswalk": world.crosswalks.crosswalk,
        "document": lambda name: places.document(name),
        "document_header": document_header,
        "documents": lambda kind: documents.documents_table(workspace, places, kind),
        "errata_table": world.crosswalks.errata,
        "matrix": world.catalogues.matrix,
        "param": lambda name: plain(workspace.parameter(name)),
        "parameters_table": lambda: documents.parameters_table(workspace, places),
        "problem_codes": lambda: problems.problem_codes(ALL_RULES.values()),
        "problems_table": lambda: problems.problems_table(world.problems),
        "published_tables": world.crosswalks.published,
        "record": lambda name: places.record(name),
        "record_kinds": problems.record_kinds,
        "register": lambda name: world.registers.records_table(workspace.registers[name]),
        "register_page": lambda name: places.register(name),
        "requirement": lambda target: places.requirement(target),
        "role": lambda name, capital=False: places.role(name, capital=capital),
        "roles_table": lambda: documents.roles_table(workspace, places),
        "standing": world.catalogues.standing,
        "soa_table": lambda: world.registers.records_table(workspace.registers[SOA]),
    }
    assert offered.keys() == MACROS.keys()
    whole: dict[str, Callable[..., str]] = {"register": places.register_page, "problems_table": places.problems_page}
    whole["soa_table"] = lambda: places.register_page(SOA)

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
