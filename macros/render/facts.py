"""What is known about requirements before any page is written: words, structure, decisions and counterparts."""

from __future__ import annotations

from collections.abc import Iterator

from macros.facts.trace import Trace
from macros.model.catalogue import Mapping
from macros.model.records.applicability import SoaEntry
from macros.model.workspace import Workspace

RELATION_WORDS = {
    "equivalent": "asks for the same as",
    "subset": "is inside",
    "superset": "contains",
    "intersects": "shares a part with",
    "supported-by": "is supported by",
    "none": "has nothing in common with",
}
BACK_WORDS = {
    "equivalent": "asks for the same as",
    "subset": "contains",
    "superset": "is inside",
    "intersects": "shares a part with",
    "supported-by": "helps to show",
    "none": "has nothing in common with",
}
REUSE_TONES = {"high": "good", "medium": "info", "low": "warn", "none": "bad"}
ACTION_TONES = {"reuse": "good", "extend": "info", "new": "bad"}


class RequirementFacts:
    """Decisions and mappings of one workspace, by requirement."""

    def __init__(self, workspace: Workspace, trace: Trace) -> None:
        self.workspace, self.trace = workspace, trace
        self.soa: dict[str, SoaEntry] = {record.id: record.value for record in workspace.records(SoaEntry)}
        self.mapped: dict[str, list[Mapping]] = {}
        self.mapped_back: dict[str, list[Mapping]] = {}
        for crosswalk in workspace.crosswalks.values():
            for mapping in crosswalk.value.mappings:
                self.mapped.setdefault(mapping.requirement, []).append(mapping)
                for end in mapping.targets:
                    self.mapped_back.setdefault(end.requirement, []).append(mapping)

    def others(self, target: str) -> Iterator[str]:
        """Requirements that are mapped to this one, in either direction."""
        for mapping in self.mapped.get(target, ()):
            yield from (end.requirement for end in mapping.targets)
        for mapping in self.mapped_back.get(target, ()):
            yield mapping.requirement
