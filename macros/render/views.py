"""The pages' texts of one world, each kind made of its facts when it is first asked for."""

from __future__ import annotations

from functools import cached_property, lru_cache

from macros.render.ai_act import AiActPage
from macros.render.aspects import Aspects
from macros.render.audits import AuditPage
from macros.render.catalogues import CataloguePages
from macros.render.crosswalks import CrosswalkPages
from macros.render.evidence import EvidencePages
from macros.render.facts import RequirementFacts
from macros.render.gate import GatePages
from macros.render.history import HistoryPages
from macros.render.management_review import ReviewInputPage
from macros.render.page_links import PageLinks
from macros.render.readings import ReadingPage
from macros.render.records import RegisterPages
from macros.render.requirements import RequirementPages
from macros.render.reuse import ReusePage
from macros.render.revisions import RevisionNotes
from macros.render.roadmap import RoadmapPage
from macros.render.status import StatusPages
from macros.world import World


class Views:
    """What is shown of a world; it judges nothing."""

    def __init__(self, world: World) -> None:
        """Nothing is made until it is asked for."""
        self.world = world

    @cached_property
    def status(self) -> StatusPages:
        return StatusPages(self.world.ladder, self.links)

    @cached_property
    def links(self) -> PageLinks:
        return PageLinks(self.world.workspace)

    @cached_property
    def notes(self) -> RevisionNotes:
        return RevisionNotes(self.links, self.world.facts.suspects)

    @cached_property
    def facts(self) -> RequirementFacts:
        return RequirementFacts(self.world.workspace, self.world.trace)

    @cached_property
    def requirements(self) -> RequirementPages:
        return RequirementPages(self.facts, self.links, self.aspects)

    @cached_property
    def catalogues(self) -> CataloguePages:
        return CataloguePages(self.facts, self.links, self.status)

    @cached_property
    def registers(self) -> RegisterPages:
        return RegisterPages(self.world.workspace, self.world.trace, self.links, self.aspects)

    @cached_property
    def evidence_pages(self) -> EvidencePages:
        return EvidencePages(self.world.facts.evidence, self.links)

    @cached_property
    def aspects(self) -> Aspects:
        return Aspects(self.status, self.notes, self.evidence_pages)

    @cached_property
    def reuse_page(self) -> ReusePage:
        return ReusePage(self.world.workspace, self.links)

    @cached_property
    def audit_page(self) -> AuditPage:
        return AuditPage(self.world.workspace, self.links)

    @cached_property
    def reading_page(self) -> ReadingPage:
        return ReadingPage(self.world.workspace, self.links, self.world.today)

    @cached_property
    def review_input_page(self) -> ReviewInputPage:
        return ReviewInputPage(self.links)

    @cached_property
    def ai_act_page(self) -> AiActPage:
        return AiActPage(self.world.workspace, self.world.trace, self.links)

    @cached_property
    def gate_pages(self) -> GatePages:
        return GatePages(self.world.judged, self.links)

    @cached_property
    def roadmap_page(self) -> RoadmapPage:
        return RoadmapPage(self.links)

    @cached_property
    def history_pages(self) -> HistoryPages:
        return HistoryPages(self.world.workspace, self.links, self.world.history)

    @cached_property
    def crosswalks(self) -> CrosswalkPages:
        return CrosswalkPages(self.world.workspace, self.links)

    @property
    def shown_crosswalks(self) -> list[str]:
        """Crosswalks whose two catalogues are both in force."""
        found = self.world.workspace.crosswalks.items()
        return [name for name, one in found if all(end.catalogue in self.links.catalogues for end in one.value.between)]


@lru_cache(maxsize=1)
def views_of(world: World) -> Views:
    """The views of a world, the same for everything that one build shows of it."""
    return Views(world)
