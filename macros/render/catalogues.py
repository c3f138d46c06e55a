"""Whole catalogues: where each comes from, all its requirements, the traceability matrix and the counts."""

from __future__ import annotations

from collections import Counter

from macros.encode.markdown import address
from macros.facts.trace import LinkKind
from macros.model.catalogue import Catalogue, RequirementKind, is_leaf
from macros.model.records.applicability import Applicability
from macros.model.records.systems import AiSystem
from macros.render.facts import RequirementFacts
from macros.render.markup import admonition, badge, crumbs, definitions, link, plain, sentences, shown, table
from macros.render.page_links import KIND_WORDS, PageLinks
from macros.render.status import StatusPages, rung_badge


class CataloguePages:
    """Pages of whole catalogues of one workspace, as Markdown."""

    def __init__(self, facts: RequirementFacts, links: PageLinks, status: StatusPages) -> None:
        self.facts, self.links, self.status = facts, links, status
        self.workspace, self.trace = facts.workspace, facts.trace

    def catalogue(self, catalogue: Catalogue) -> str:
        """The page of a catalogue: where it comes from, then every requirement."""
        verified = catalogue.verified
        pairs = [
            ("Publisher", plain(catalogue.publisher)),
            ("Edition", plain(catalogue.edition)),
            ("Published", plain(catalogue.published)),
            ("Amendments", plain("; ".join(catalogue.amendments)) or "none"),
            ("Holds", plain(", ".join(f"{number} × {KIND_WORDS[kind].lower()}" for kind, number in catalogue.counts.items()))),
            ("Original", address(catalogue.obtain)),
            ("Wording here", "our own; the source's text is not reproduced"),
            (
                "Compared with the original",
                f"{plain(verified.by)} on {shown(verified.date)}" if verified.by else badge("by nobody yet", "warn"),
            ),
        ]
        parts = [
            crumbs(("Requirements", "/requirements/index.md"), (catalogue.title, None)),
            f"*{plain(catalogue.full_title)}*",
            definitions(pairs, "aims-header"),
            admonition("info", "What this rests on", sentences(verified.note)),
        ]
        if catalogue.timeline:
            parts += [
                "## Dates",
                table(
                    ("From", "What", "Change", "Confirmed by"),
                    (
                        (
                            shown(day.date),
                            sentences(day.what or day.event or ""),
                            plain(day.change or ""),
                            plain(", ".join(day.confirmed_by)),
                        )
                        for day in catalogue.timeline
                    ),
                ),
            ]
        if catalogue.unconfirmed:
            parts += ["### Not confirmed", "\n".join(f"- {sentences(text)}" for text in catalogue.unconfirmed)]
        if catalogue.tiers:
            parts += [
                "## Classes",
                sentences(catalogue.tiers_note or ""),
                table(
                    ("Class", "Commonly called", "Where", "What follows"),
                    ((plain(tier.id), plain(tier.common_name or "–"), plain(tier.article), plain(tier.what)) for tier in catalogue.tiers),
                ),
            ]
        parts += ["## Requirements", self._listing(catalogue)]
        if catalogue.annex_iii:
            parts += [
                "## Annex III areas",
                table(
                    ("Point", "Area", "Examples"),
                    ((str(area.point), plain(area.area), plain(area.examples)) for area in catalogue.annex_iii),
                ),
            ]
        if catalogue.annex_iv:
            parts += [
                "## Annex IV, technical documentation",
                table(
                    ("Point", "Item", "Controls of ISO/IEC 42001"),
                    (
                        (
                            str(item.point),
                            plain(item.item),
                            ", ".join(self.links.requirement(target, title=False) for target in item.controls),
                        )
                        for item in catalogue.annex_iv
                    ),
                ),
            ]
        parts += [
            "## Sources",
            table(
                ("Key", "What", "Where"),
                ((plain(source.id), sentences(source.what), sentences(source.where)) for source in catalogue.sources),
            ),
        ]
        return "\n\n".join(part for part in parts if part)

    def _listing(self, catalogue: Catalogue) -> str:
        here = self.workspace.organisation is not None
        judged = catalogue.id in self.status.ladder.catalogues
        headings = (
            ["Requirement", "Asks for"] + (["Documents", "Decision"] if here else []) + (["Stands at"] if judged else []) + ["Related"]
        )
        rows = []
        for found in catalogue.requirements:
            target = f"{catalogue.id}:{found.id}"
            strong = found.kind is RequirementKind.CONTROL_AREA or (found.kind is RequirementKind.CLAUSE and "." not in found.id)
            name = link(f"{found.id} {found.title}", self.links.requirement_page(target))
            row = [f"**{name}**" if strong else name, plain("; ".join(asked.what for asked in found.asks_for))]
            if here:
                entry = self.facts.soa.get(target)
                ids = [
                    found_link.source
                    for found_link in self.trace.links_to(target, LinkKind.ADDRESSES)
                    if found_link.source in self.workspace.document_by_id
                ]
                row += [
                    ", ".join(link(name, self.links.document_page(self.workspace.document_by_id[name])) for name in ids),
                    badge(entry.applicability.value, "good" if entry.applicability is Applicability.INCLUDED else "calm") if entry else "",
                ]
            if judged:
                row.append(rung_badge(self.status.ladder.requirement(target).rung))
            row.append(str(len(set(self.facts.others(target))) or ""))
            rows.append(row)
        return table(headings, rows, "aims-table--dense")

    def catalogues(self) -> str:
        """The catalogues that are in force here."""
        rows = []
        for name in self.links.catalogues:
            catalogue = self.workspace.catalogues[name].value
            counts = ", ".join(f"{number} × {KIND_WORDS[kind].lower()}" for kind, number in catalogue.counts.items())
            rows.append((self.links.catalogue(name), plain(catalogue.full_title), plain(catalogue.edition), plain(counts)))
        return table(("Catalogue", "Full title", "Edition", "Holds"), rows)

    def standing(self) -> str:
        """How far the organisation has come, in counts, and what is open."""
        documents = Counter(document.head.value.status.value for document in self.workspace.documents)
        decided = [entry.decided is not None for entry in self.facts.soa.values()]
        systems = Counter(record.value.stage.value for record in self.workspace.records(AiSystem))
        pairs = [
            *(
                (self.workspace.catalogues[name].value.title, self.status.tally(name))
                for name in self.status.ladder.catalogues
                if name in self.workspace.catalogues
            ),
            ("Documents", plain(_counted(documents)) or "none"),
            ("Controls decided on", plain(f"{sum(decided)} of {len(decided)}")),
            ("AI systems", plain(_counted(systems)) or "none on record"),
            ("Records", plain(str(sum(len(register.records) for register in self.workspace.registers.values())))),
            ("How far", link("every requirement, with what holds it back", "/status.md")),
            ("What is open", link("problems and tasks", self.links.problems_page())),
        ]
        return definitions(pairs, "aims-header")

    def matrix(self, name: str) -> str:
        """The traceability matrix of one catalogue: every requirement with documents, registers, decision and counterparts."""
        catalogue = self.workspace.catalogues[name].value
        judged = name in self.status.ladder.catalogues
        rows = []
        for found in catalogue.requirements:
            if not is_leaf(catalogue, found):
                continue
            target = f"{name}:{found.id}"
            edges = self.trace.links_to(target, LinkKind.ADDRESSES)
            documents = [self.links.document(end.source, with_id=True) for end in edges if end.source in self.workspace.document_by_id]
            registers = [self.links.item(end.source) for end in edges if end.source.startswith("register:")]
            others = [self.links.requirement(other, title=False) for other in dict.fromkeys(self.facts.others(target))]
            entry = self.facts.soa.get(target)
            rows.append(
                (
                    self.links.requirement(target),
                    "<br>".join(documents) or badge("nothing", "warn" if found.asks_for else "calm"),
                    "<br>".join(registers),
                    f"{shown(entry.applicability)}, {shown(entry.status)}" if entry else "",
                    rung_badge(self.status.ladder.requirement(target).rung) if judged else "",
                    " ".join(others),
                )
            )
        return table(
            ("Requirement", "Documents", "Registers", "Decision and claimed state", "Stands at", "Related"),
            rows,
            "aims-table--dense aims-table--matrix",
        )

    def coverage(self, name: str) -> str:
        """Counts, never one percentage: how many requirements of each section stand on each rung of the ladder."""
        if name not in self.status.ladder.catalogues:
            return "Whether its requirements are met is not judged here."
        return self.status.counts(name)


def _counted(tally: Counter[str]) -> str:
    return ", ".join(
        f"{number} in {word}" if word in ("operation", "development", "deployment", "verification", "inception") else f"{number} {word}"
        for word, number in sorted(tally.items())
    )
