"""Who addresses what, and what is addressed by whom?

A link is stored once, on the side that is reviewed, and walked both ways.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from macros.model.records.applicability import SoaEntry
from macros.model.records.common import Entry
from macros.model.records.support import Evidence
from macros.model.workspace import Record, Sourced, Workspace
from macros.problem import Location


class LinkKind(str, Enum):
    """What a link says of its two ends."""

    ADDRESSES = "addresses"
    """document, register or record → requirement"""
    APPLIES = "applies"
    """row of the Statement of Applicability → control"""
    EVIDENCES = "evidences"
    """evidence → requirement or document"""
    MAPS_TO = "maps_to"
    """requirement → requirement"""
    ABOUT = "about"
    """record → AI system"""
    HELD_BY = "held_by"
    """role → person"""
    BUILDS_ON = "builds_on"
    """document → ISMS document"""
    NAMES = "names"
    """record → anything else that it names"""


@dataclass(frozen=True, slots=True)
class Link:
    """One typed edge, with the place where it is written."""

    kind: LinkKind
    source: str
    target: str
    stated: Sourced[Any] = field(compare=False, repr=False)
    """What states it."""
    keys: tuple[str | int, ...]
    """Where in that."""

    @property
    def location(self) -> Location:
        """The place where it is written."""
        return self.stated.at(*self.keys)


class Trace:
    """All links of a workspace."""

    def __init__(self, links: tuple[Link, ...]) -> None:
        self.links = links
        self._from: dict[str, list[Link]] = defaultdict(list)
        self._to: dict[str, list[Link]] = defaultdict(list)
        for link in links:
            self._from[link.source].append(link)
            self._to[link.target].append(link)

    def links_from(self, source: str, *kinds: LinkKind) -> tuple[Link, ...]:
        """Links that start at `source`, of the given kinds or of any."""
        return tuple(link for link in self._from.get(source, ()) if not kinds or link.kind in kinds)

    def links_to(self, target: str, *kinds: LinkKind) -> tuple[Link, ...]:
        """Links that end at `target`, of the given kinds or of any."""
        return tuple(link for link in self._to.get(target, ()) if not kinds or link.kind in kinds)


def build_trace(workspace: Workspace) -> Trace:
    """Collect every link that the workspace states."""
    return Trace(tuple(_links(workspace)))


def register_id(name: str) -> str:
    """How a register is named as an end of a link."""
    return f"register:{name}"


def _links(workspace: Workspace) -> Iterator[Link]:
    for document in workspace.documents:
        head = document.head.value
        for index, target in enumerate(head.addresses):
            yield Link(LinkKind.ADDRESSES, head.id, target, document.head, ("addresses", index))
        for index, target in enumerate(head.builds_on):
            yield Link(LinkKind.BUILDS_ON, head.id, target, document.head, ("builds_on", index))
        for index, target in enumerate(head.about):
            yield Link(LinkKind.ABOUT, head.id, target, document.head, ("about", index))
    for name, register in workspace.registers.items():
        for index, target in enumerate(register.head.value.addresses):
            yield Link(LinkKind.ADDRESSES, register_id(name), target, register.head, ("addresses", index))
        for record in register.records:
            yield from _record_links(record)
    for crosswalk in workspace.crosswalks.values():
        for index, mapping in enumerate(crosswalk.value.mappings):
            for position, end in enumerate(mapping.targets):
                place = ("mappings", index, "targets", position, "requirement")
                yield Link(LinkKind.MAPS_TO, mapping.requirement, end.requirement, crosswalk, place)
    if workspace.organisation:
        for index, role in enumerate(workspace.organisation.value.roles):
            for position, person in enumerate(role.held_by):
                yield Link(LinkKind.HELD_BY, role.id, person, workspace.organisation, ("roles", index, "held_by", position))


def _record_links(record: Record[Entry]) -> Iterator[Link]:
    if isinstance(record.value, SoaEntry):
        yield Link(LinkKind.APPLIES, f"soa:{record.id}", record.id, record.data, ("control",))
        return
    for path, to, target in record.references:
        if to == "requirement":
            kind = LinkKind.EVIDENCES if isinstance(record.value, Evidence) else LinkKind.ADDRESSES
        elif to == "item":
            words = {"about": LinkKind.ABOUT, "documents": LinkKind.EVIDENCES}
            kind = words.get(str(path[0]), LinkKind.NAMES)
        else:
            continue
        yield Link(kind, record.id, target, record.data, path)
