"""Catalogues, crosswalks, and the source article's tables with their errata: transcriptions, not decisions."""

from __future__ import annotations

from enum import Enum
from functools import cached_property
from typing import Annotated

from pydantic import Field, StringConstraints

from macros.model.base import Day, Line, Model, RequirementId, Slug, Text
from macros.model.records.support import EvidenceKind


class RequirementKind(str, Enum):
    """What a numbered thing in a catalogue is."""

    CLAUSE = "clause"
    CONTROL_AREA = "control-area"
    CONTROL_OBJECTIVE = "control-objective"
    CONTROL = "control"
    ARTICLE = "article"
    FUNCTION = "function"


class Basis(str, Enum):
    """What an entry rests on."""

    SOURCE = "source"
    EDITORIAL = "editorial"


class Relation(str, Enum):
    """How the first requirement of a mapping stands to the second, in the set terms of NIST IR 8477."""

    EQUIVALENT = "equivalent"
    SUBSET = "subset"
    SUPERSET = "superset"
    INTERSECTS = "intersects"
    SUPPORTED_BY = "supported-by"
    NONE = "none"


class Reuse(str, Enum):
    """How much of an existing ISMS practice carries over."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NONE = "none"


class Action(str, Enum):
    """What an organisation with a working ISMS has to do."""

    REUSE = "reuse"
    EXTEND = "extend"
    NEW = "new"


class Documentation(str, Enum):
    """Whether a control asks for something written."""

    EXPLICIT = "explicit"
    RECORD = "record"
    IMPLIED = "implied"


class AskedKind(str, Enum):
    """A document is kept current; a record is kept as it was."""

    DOCUMENT = "document"
    RECORD = "record"


class Verified(Model):
    """Who compared a file with the original, and what is known about it where nobody has."""

    by: Line | None
    """Name of the person who compared it with a purchased or official copy; null where nobody has."""
    date: Day | None
    """The day of that comparison."""
    note: Text
    """What the file rests on, and what has not been checked."""


class Source(Model):
    """Where a fact was read."""

    id: Slug
    what: Text
    where: Line
    commit: Line | None = None
    date: Line | None = None
    kind: Line | None = None
    use: Text | None = None


class Asked(Model):
    """A document or record that a requirement asks for."""

    kind: AskedKind
    what: Text
    basis: Documentation
    """explicit: the wording asks for it. implied: it cannot exist unwritten."""
    confirmed_by: tuple[Slug, ...] = ()
    note: Text | None = None


class Requirement(Model):
    """Any numbered thing that a catalogue asks."""

    id: Line
    """The number as the source prints it, without the catalogue."""
    kind: RequirementKind
    title: Line
    title_variants: dict[Slug, Text] = Field(default_factory=dict)
    """Titles that other sources print."""
    new_in: Line | None = None
    """The edition that brought it, where that matters."""
    articles: tuple[int, ...] = ()
    """Article numbers behind a grouped obligation of a regulation."""
    addressee: Line | None = None
    """Whom an obligation binds."""
    applies: Slug | None = None
    """Key into the catalogue's `applies` list, which holds the dates."""
    documentation: Documentation | None = None
    summary: Text
    """What it wants to be true, in our own words."""
    shown_by: tuple[EvidenceKind, ...] = ()
    """Kinds of evidence that it produces when it operates, the likeliest first; our own reading. Without it, any kind shows it."""
    attributes: dict[str, tuple[Text, ...]] = Field(default_factory=dict)
    """Attribute values of ISO/IEC 27002:2022."""
    attributes_confirmed_by: dict[str, tuple[Slug, ...]] = Field(default_factory=dict)
    asks_for: tuple[Asked, ...] = ()
    rests_on: tuple[RequirementId, ...] = ()
    """Controls of an annex without which a clause cannot be met; our own reading."""
    gap: Text | None = None
    """What an AI management system does not cover of an obligation."""
    confirmed_by: tuple[Slug, ...] = ()


class CatalogueNote(Model):
    """Something worth knowing about one requirement."""

    requirement: Text
    text: Text
    confirmed_by: tuple[Slug, ...] = ()
    status: Line | None = None


class DatedEvent(Model):
    """A day on which something came to apply or happened."""

    date: Day
    what: Text | None = None
    event: Line | None = None
    change: Text | None = None
    confirmed_by: tuple[Slug, ...] = ()


class Applies(Model):
    """When a group of obligations applies."""

    key: Slug
    dates: tuple[Day, ...]
    note: Text | None = None
    status: Line


class Tier(Model):
    """A risk class of the EU AI Act."""

    id: Slug
    common_name: Line | None
    article: Line
    what: Text


class AnnexArea(Model):
    """An area of Annex III."""

    point: int
    area: Line
    examples: Text


class AnnexItem(Model):
    """An item of the technical documentation of Annex IV."""

    point: int
    item: Line
    controls: tuple[RequirementId, ...]


class Penalties(Model):
    """Ceilings of fines."""

    article: Line
    prohibited_practices: Text
    most_other_duties: Text
    misleading_information: Text
    confirmed_by: tuple[Slug, ...] = ()


class Catalogue(Model):
    """All that one source asks, in one edition."""

    id: Slug
    title: Line
    full_title: Line
    publisher: Line
    edition: Line
    published: Text
    amendments: tuple[Text, ...]
    obtain: Line
    """Where to obtain the original."""
    wording: Text
    """own-words: no sentence of the source stands here."""
    licence: Text
    verified: Verified
    counts: dict[RequirementKind, int]
    unconfirmed: tuple[Text, ...] = ()
    amendment_history: tuple[DatedEvent, ...] = ()
    timeline: tuple[DatedEvent, ...] = ()
    applies: tuple[Applies, ...] = ()
    tiers: tuple[Tier, ...] = ()
    tiers_note: Text | None = None
    annex_iii: tuple[AnnexArea, ...] = ()
    annex_iv: tuple[AnnexItem, ...] = ()
    penalties: Penalties | None = None
    notes: tuple[CatalogueNote, ...] = ()
    sources: tuple[Source, ...]
    requirements: tuple[Requirement, ...]

    @cached_property
    def ids_above(self) -> frozenset[str]:
        """Ids below which there are others, by their dots."""
        parts = (requirement.id.split(".") for requirement in self.requirements)
        return frozenset(".".join(part[:depth]) for part in parts for depth in range(1, len(part)))


class Edition(Model):
    """A catalogue in one edition, as one end of a crosswalk."""

    catalogue: Slug
    edition: Line


class Meaning(Model):
    """A word of a closed vocabulary and what it means."""

    word: Line
    means: Text


class Target(Model):
    """The far end of a mapping."""

    requirement: RequirementId
    relation: Relation
    basis: Basis
    confirmed_by: tuple[Slug, ...] = ()


class Proposal(Model):
    """A pair that another mapping names and the review did not take over."""

    requirement: RequirementId
    by: Slug


class Mapping(Model):
    """A reasoned relation from one requirement to others."""

    requirement: RequirementId
    relation: Relation
    annex_a_relation: Relation | None = None
    """The relation to Annex A alone, where a clause is the better counterpart."""
    reuse: Reuse | None = None
    action: Action | None = None
    rationale: Text
    new_work: Text | None = None
    """What has to be added, in one sentence."""
    looks_alike: Text | None = None
    """The trap, where the pair only looks alike."""
    basis: Basis
    targets: tuple[Target, ...]
    adjacent: tuple[RequirementId, ...] = ()
    """Requirements that touch the subject and are not counted as pairs."""
    proposed_elsewhere_not_adopted: tuple[Proposal, ...] = ()
    cross_check: dict[str, tuple[RequirementId, ...]] = Field(default_factory=dict)
    """What other public mappings name for the same requirement."""
    note: Text | None = None


class Crosswalk(Model):
    """Reasoned relations between the requirements of two catalogues."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+--[a-z0-9-]+$")]
    title: Line
    between: tuple[Edition, Edition]
    direction: Text
    relations: tuple[Meaning, ...]
    reuse_levels: tuple[Meaning, ...] = ()
    actions: tuple[Meaning, ...] = ()
    bases: tuple[Meaning, ...] = ()
    verified: Verified
    counts: dict[str, int]
    sources: tuple[Source, ...]
    mappings: tuple[Mapping, ...]


def parent_id(catalogue: Catalogue, found: Requirement) -> str | None:
    """The number of the requirement above, or None at the top."""
    known = {requirement.id for requirement in catalogue.requirements}
    number = found.id
    while "." in number:
        number = number.rsplit(".", 1)[0]
        if number in known:
            return number
    return None


def parents(catalogue: Catalogue, found: Requirement) -> list[Requirement]:
    """The requirements above, from the top."""
    by_id = {requirement.id: requirement for requirement in catalogue.requirements}
    above: list[Requirement] = []
    number = parent_id(catalogue, found)
    while number:
        above.insert(0, by_id[number])
        number = parent_id(catalogue, by_id[number])
    return above


def is_leaf(catalogue: Catalogue, found: Requirement) -> bool:
    """Whether a requirement asks something itself: clauses and controls with nothing below them, and articles."""
    if found.kind in (RequirementKind.CONTROL_AREA, RequirementKind.CONTROL_OBJECTIVE):
        return False
    return found.id not in catalogue.ids_above
