"""Crosswalks, and the source article's tables as published with the review of each row beside them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping as AnyMapping
from typing import Any

from macros.encode.data import cell
from macros.model.workspace import Workspace
from macros.render.facts import ACTION_TONES, RELATION_WORDS, REUSE_TONES
from macros.render.markup import admonition, badge, definitions, link, plain, running, sentences, shown, table
from macros.render.page_links import PageLinks


class CrosswalkPages:
    """Crosswalks of one workspace, as Markdown."""

    def __init__(self, workspace: Workspace, links: PageLinks) -> None:
        self.workspace, self.links = workspace, links

    def crosswalk(self, name: str) -> str:
        """One crosswalk: what it rests on, then every mapping."""
        found = self.workspace.crosswalks[name].value
        pairs = [
            ("From", self.links.catalogue(found.between[0].catalogue)),
            ("To", self.links.catalogue(found.between[1].catalogue)),
            ("Compared with the originals", shown(found.verified.date) if found.verified.by else badge("by nobody yet", "warn")),
        ]
        pairs.append(("Holds", plain(", ".join(f"{key.replace('_', ' ')} {number}" for key, number in found.counts.items()))))
        meanings = [*found.relations, *found.reuse_levels, *found.actions, *found.bases]
        rows = []
        for mapping in found.mappings:
            ends = "<br>".join(
                f"{self.links.requirement(end.requirement)} {badge(end.basis.value, 'good' if end.basis.value == 'source' else 'calm')}"
                + (f" <small>{plain(', '.join(end.confirmed_by))}</small>" if end.confirmed_by else "")
                for end in mapping.targets
            )
            verdict = badge(mapping.reuse.value, REUSE_TONES[mapping.reuse.value]) if mapping.reuse else ""
            if mapping.action:
                verdict += f" {badge(mapping.action.value, ACTION_TONES[mapping.action.value])}"
            reason = running(mapping.rationale)
            if mapping.new_work:
                reason += f"<br>**New work** {sentences(mapping.new_work)}"
            if mapping.looks_alike:
                reason += f"<br>**Only looks alike** {sentences(mapping.looks_alike)}"
            rows.append((self.links.requirement(mapping.requirement), plain(RELATION_WORDS[mapping.relation.value]), ends, verdict, reason))
        return "\n\n".join(
            (
                sentences(found.direction) + f" [As a spreadsheet](/requirements/{name}.csv)",
                definitions(pairs, "aims-header"),
                admonition("info", "What this rests on", sentences(found.verified.note)),
                table(("Requirement", "Relation", "To", "Reuse and to do", "Because"), rows, "aims-table--filter aims-table--dense"),
                "## Words",
                table(("Word", "Means"), ((plain(meaning.word), sentences(meaning.means)) for meaning in meanings)),
                "## Sources",
                table(
                    ("Key", "What", "Where"),
                    ((plain(source.id), sentences(source.what), sentences(source.where)) for source in found.sources),
                ),
            )
        )

    def as_csv(self, name: str) -> str:
        """One crosswalk as a table for a spreadsheet, a row a pair; a text that a spreadsheet would take for a formula is disarmed."""
        found = self.workspace.crosswalks[name].value
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(
            (
                "requirement",
                "title",
                "relation",
                "other",
                "other_title",
                "reuse",
                "action",
                "rationale",
                "new_work",
                "looks_alike",
                "basis",
                "confirmed_by",
            )
        )
        for mapping in found.mappings:
            for end in mapping.targets or (None,):
                other = end.requirement if end else ""
                row = (
                    mapping.requirement,
                    self._title(mapping.requirement),
                    (end or mapping).relation.value,
                    other,
                    self._title(other),
                    mapping.reuse.value if mapping.reuse else "",
                    mapping.action.value if mapping.action else "",
                    mapping.rationale,
                    mapping.new_work or "",
                    mapping.looks_alike or "",
                    (end or mapping).basis.value,
                    " ".join(end.confirmed_by) if end else "",
                )
                writer.writerow([cell(text) for text in row])
        return out.getvalue()

    def _title(self, target: str) -> str:
        found = self.workspace.requirements.get(target)
        return found.title if found else ""

    def published(self) -> str:
        """The article's tables as it printed them, each row with its errata and the reviewed row."""
        found = self.workspace.published
        if found is None:
            return "The article's tables are not here."
        return "\n\n".join(
            (
                admonition("warning", "These columns hold errors on purpose", sentences(found.note)),
                "## Clauses",
                self._rows(found.clause_alignment, ("clause", "iso27001_summary", "iso42001_summary", "percent")),
                "## Controls",
                self._rows(found.control_synergy, ("iso42001_printed", "description", "iso27001_printed", "level")),
                "## Sections of Annex A",
                self._rows(found.section_synergy, ("section_printed", "iso27001_printed", "level", "percent")),
                "## Integration strategies",
                self._plain_rows(found.strategies),
                "## Roadmap",
                self._roadmap(found.roadmap, found.roadmap_total_months),
            )
        )

    def _rows(self, rows: tuple[AnyMapping[str, Any], ...], columns: tuple[str, ...]) -> str:
        cells = []
        for row in rows:
            reviewed = row["reviewed"]
            ends = " ".join(self.links.requirement(target, title=False) for target in reviewed["targets"])
            level = badge(str(reviewed["reuse"]), REUSE_TONES[str(reviewed["reuse"])])
            changed = " " + badge("changed", "warn") if reviewed.get("level_changed") else ""
            asked = " ".join(self.links.requirement(target, title=False) for target in reviewed["requirements"])
            cells.append(
                (
                    str(row["row"]),
                    *(self._printed(row.get(column), column) for column in columns),
                    ", ".join(self._erratum(name) for name in row["errata"]) or "none",
                    asked,
                    ends or "no counterpart",
                    level + changed,
                )
            )
        names = [
            column.removesuffix("_printed").replace("_", " ").replace("iso", "ISO ").capitalize().replace("Iso ", "ISO ")
            for column in columns
        ]
        return table(
            ("Row", *(f"Published: {name}" for name in names), "Errata", "Reviewed: 42001", "Reviewed: 27001", "Reviewed: reuse"),
            cells,
            "aims-table--dense",
        )

    def _printed(self, value: Any, column: str) -> str:
        if column == "percent":
            return plain(f"~{value} %")
        if isinstance(value, list):
            return "<br>".join(plain(f"{item['id']} {item['label']}") if isinstance(item, dict) else plain(item) for item in value)
        return plain(value)

    def _erratum(self, name: str) -> str:
        return link(name, "/requirements/errata.md")

    def _plain_rows(self, rows: tuple[AnyMapping[str, Any], ...]) -> str:
        keys = [key for key in rows[0] if key != "errata"]
        return table(
            [*(key.replace("_", " ").capitalize() for key in keys), "Errata"],
            (
                (*(sentences(row.get(key, "")) for key in keys), ", ".join(self._erratum(name) for name in row.get("errata", ())) or "none")
                for row in rows
            ),
        )

    def _roadmap(self, phases: tuple[AnyMapping[str, Any], ...], total: AnyMapping[str, Any]) -> str:
        rows = [
            (
                str(phase["phase"]),
                plain(phase["name"]),
                plain(f"{phase['months']['min']} to {phase['months']['max']}"),
                "<br>".join(f"• {sentences(task['task'] if isinstance(task, dict) else task)}" for task in phase["tasks"]),
            )
            for phase in phases
        ]
        return (
            table(("Phase", "Name", "Months", "Tasks"), rows)
            + f"\n\n{plain(str(total['min']) + ' to ' + str(total['max']) + ' months in all, the sum of the phases.')}"
        )

    def errata(self) -> str:
        """All errata of the article, the changed levels, and what was found right."""
        found = self.workspace.errata
        if found is None:
            return "The errata are not here."
        tones = {"confirmed": "good", "editorial": "info", "unconfirmed": "warn"}
        rows = [
            (
                plain(entry.id),
                running(entry.where),
                running(entry.published),
                running(entry.correction),
                badge(entry.status, tones.get(entry.status, "calm")),
                sentences(entry.confirmed_how),
                plain(entry.kind),
            )
            for entry in found.errata
        ]
        levels = [
            (
                str(change.row),
                self.links.requirement(change.requirement),
                badge(change.published.value, REUSE_TONES[change.published.value]),
                badge(change.reviewed.value, REUSE_TONES[change.reviewed.value]),
                sentences(change.note or ""),
            )
            for change in found.levels_changed
        ]
        counts = ", ".join(f"{number} {word}" for word, number in found.counts.items())
        return "\n\n".join(
            (
                admonition("info", "What this rests on", sentences(found.note)),
                plain(counts + "."),
                table(
                    ("No.", "Where", "As published", "Correction", "Status", "How confirmed", "Kind"),
                    rows,
                    "aims-table--filter aims-table--dense",
                ),
                "## Levels that the review changed",
                table(("Row", "Control", "Published", "Reviewed", "Note"), levels),
                "## Checked and found right",
                table(("Claim", "Confirmed by"), ((sentences(claim.claim), sentences(claim.confirmed_by)) for claim in found.found_right)),
                "## Not checked",
                "\n".join(f"- {sentences(text)}" for text in found.not_checked),
            )
        )
