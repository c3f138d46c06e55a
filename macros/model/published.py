"""The source article's tables with their errata, and the wording of licensed copies."""

from __future__ import annotations

from typing import Any

from macros.model.base import Day, Line, Model, RequirementId, Slug, Text
from macros.model.catalogue import Meaning, Reuse, Source


class LicensedWording(Model):
    """Wording of a copy that the organisation has a licence for; kept on the licensee's machine, never in the repository."""

    catalogue: Slug
    copy_of: Line
    """Which copy, and whose licence: the note that is shown beside every quotation."""
    wording: dict[Text, Text]
    """The source's own words by the number of the requirement."""


class Erratum(Model):
    """One place where the source article is wrong or imprecise."""

    id: Line
    where: Line
    published: Text
    correction: Text
    confirmed_how: Text
    status: Line
    kind: Line


class LevelChange(Model):
    """A synergy level that the review changed."""

    row: int
    requirement: RequirementId
    published: Reuse
    reviewed: Reuse
    note: Text | None = None


class Claim(Model):
    """A claim of the article that was checked and found right."""

    claim: Text
    confirmed_by: Line


class Errata(Model):
    """The article against the standards."""

    id: Slug
    title: Line
    note: Text
    statuses: tuple[Meaning, ...] = ()
    counts: dict[str, int]
    sources: tuple[Source, ...]
    errata: tuple[Erratum, ...]
    levels_changed: tuple[LevelChange, ...]
    found_right: tuple[Claim, ...]
    not_checked: tuple[Text, ...]


class Published(Model):
    """The source article's tables and claims as printed, with the review of each row beside it.

    The tables keep the article's errors on purpose, so their rows are plain mappings; the pages that show
    them, and the tests, know their keys.
    """

    id: Slug
    title: Line
    note: Text
    source: Line
    read_on: Day
    counts: dict[str, int]
    clause_alignment: tuple[dict[str, Any], ...]
    control_synergy: tuple[dict[str, Any], ...]
    section_synergy: tuple[dict[str, Any], ...]
    divergences: tuple[dict[str, Any], ...]
    strategies: tuple[dict[str, Any], ...]
    roadmap: tuple[dict[str, Any], ...]
    roadmap_total_months: dict[str, Any]
    regulatory_references: tuple[dict[str, Any], ...]
    conclusions: tuple[Any, ...]
    reference_editions: Any
    counts_claimed: dict[str, Any]
    section_names: tuple[dict[str, Any], ...]
    elsewhere: tuple[dict[str, Any], ...]
    """Passages outside the tables that an erratum names."""
