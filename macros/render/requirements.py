"""The page of one requirement: what it asks, and what this organisation has for it, in both directions."""

from __future__ import annotations

from macros.facts.showing import spoken
from macros.facts.trace import LinkKind
from macros.model.catalogue import Catalogue, Mapping, Requirement, RequirementKind, parent_id, parents
from macros.model.records.applicability import Applicability, SoaEntry
from macros.render.aspects import Aspects
from macros.render.facts import ACTION_TONES, BACK_WORDS, RELATION_WORDS, REUSE_TONES, RequirementFacts
from macros.render.markup import admonition, badge, crumbs, definitions, link, plain, running, sentences, shown, table
from macros.render.page_links import KIND_WORDS, PageLinks, status_badge


class RequirementPages:
    """Pages of single requirements of one workspace, as Markdown."""

    def __init__(self, facts: RequirementFacts, links: PageLinks, aspects: Aspects) -> None:
        self.facts, self.links = facts, links
        self.status, self.evidence = aspects.status, aspects.evidence
        self.workspace, self.trace = facts.workspace, facts.trace

    def requirement(self, catalogue: Catalogue, index: int) -> str:
        """The page of one requirement, without its title."""
        found = catalogue.requirements[index]
        target = f"{catalogue.id}:{found.id}"
        parts = [
            self._way(catalogue, found),
            self._facts(catalogue, found, target),
            sentences(found.summary),
            self._wording(catalogue, found),
            self._gap(found),
            self._asked(found),
            self._children(catalogue, found),
            self._here(target, found) if self.workspace.organisation else "",
            self._related(target),
            self._notes(catalogue, found),
            self._standards(target),
            self._sources(catalogue, found),
            self._neighbours(catalogue, index),
        ]
        return "\n\n".join(part for part in parts if part)

    def _way(self, catalogue: Catalogue, found: Requirement) -> str:
        above = [
            (f"{parent.id} {parent.title}", self.links.requirement_page(f"{catalogue.id}:{parent.id}"))
            for parent in parents(catalogue, found)
        ]
        return crumbs(
            ("Requirements", "/requirements/index.md"),
            (catalogue.title, f"/requirements/{catalogue.id}/index.md"),
            *above,
            (found.id, None),
        )

    def _facts(self, catalogue: Catalogue, found: Requirement, target: str) -> str:
        pairs = [("Id", f"<code>{plain(target)}</code>"), ("Kind", plain(KIND_WORDS[found.kind]))]
        if found.addressee:
            pairs.append(("Addressed to", plain(found.addressee)))
        if found.applies:
            applies = next((entry for entry in catalogue.applies if entry.key == found.applies), None)
            if applies:
                dates = ", ".join(shown(date) for date in applies.dates)
                mark = "" if applies.status == "confirmed" else " " + badge(applies.status, "warn")
                pairs.append(("Applies from", dates + mark + (f"<br>{plain(applies.note)}" if applies.note else "")))
        if found.documentation:
            words = {"explicit": "asks for something written", "record": "asks for records", "implied": "no wording about documents"}
            pairs.append(("Documentation", plain(words[found.documentation.value])))
        if found.shown_by:
            pairs.append(("Shown by", plain(", ".join(spoken(kind) for kind in found.shown_by))))
        if found.new_in:
            pairs.append(("New in", plain(found.new_in)))
        for name, values in found.attributes.items():
            pairs.append((name.replace("_", " ").capitalize(), plain(", ".join(values))))
        return definitions(pairs, "aims-header")

    def _wording(self, catalogue: Catalogue, found: Requirement) -> str:
        licensed = self.workspace.licensed.get(catalogue.id)
        if licensed is None or found.id not in licensed.wording:
            return ""
        return admonition("quote", f"Wording of the licensed copy: {licensed.copy_of}", sentences(licensed.wording[found.id]))

    def _gap(self, found: Requirement) -> str:
        return admonition("warning", "What an AI management system does not cover", sentences(found.gap)) if found.gap else ""

    def _asked(self, found: Requirement) -> str:
        rows = [
            (
                badge(asked.kind.value, "info"),
                plain(asked.what),
                plain(asked.basis.value),
                sentences(asked.note) if asked.note else "",
                plain(", ".join(asked.confirmed_by)) or "not confirmed",
            )
            for asked in found.asks_for
        ]
        return "## What it asks for\n\n" + table(("Kind", "What", "Wording", "Note", "Confirmed by"), rows) if rows else ""

    def _children(self, catalogue: Catalogue, found: Requirement) -> str:
        rows = [
            (link(f"{child.id} {child.title}", self.links.requirement_page(f"{catalogue.id}:{child.id}")), sentences(child.summary))
            for child in catalogue.requirements
            if parent_id(catalogue, child) == found.id
        ]
        return "## What belongs to it\n\n" + table(("Requirement", "In short"), rows) if rows else ""

    def _here(self, target: str, found: Requirement) -> str:
        parts = ["## In this organisation", self.status.of_requirement(target)]
        entry = self.facts.soa.get(target)
        if entry:
            parts.append(self._decision(entry))
        documents = self._documents(target)
        registers = self._registers(target)
        evidence = self.evidence.section(target)
        if evidence or (entry and entry.applicability is Applicability.INCLUDED):
            parts += ["### Evidence", evidence or "Nothing on record shows that it is at work."]
        if documents:
            parts += ["### Documents", documents]
        if registers:
            parts += ["### Records", registers]
        if not documents and not registers and not evidence:
            leaf = found.kind in (RequirementKind.CLAUSE, RequirementKind.CONTROL, RequirementKind.ARTICLE)
            parts.append("Nothing here names this requirement." if leaf else "Documents and records are named on the pages below it.")
        return "\n\n".join(part for part in parts if part)

    def _decision(self, entry: SoaEntry) -> str:
        decided = (
            f"{self.links.holder(entry.decided.by)} on {shown(entry.decided.date)}" if entry.decided else "nobody yet: the row is a draft"
        )
        return "### Statement of Applicability\n\n" + definitions(
            (
                ("Decision", badge(entry.applicability.value, "good" if entry.applicability is Applicability.INCLUDED else "calm")),
                ("Because", sentences(entry.justification)),
                ("Rests on", shown(entry.driver)),
                ("Claimed state", shown(entry.status)),
                ("Owner", self.links.role(entry.owner)),
                ("Decided by", decided),
            ),
            "aims-header",
        )

    def _documents(self, target: str) -> str:
        rows = []
        for found in self.trace.links_to(target, LinkKind.ADDRESSES):
            document = self.workspace.document_by_id.get(found.source)
            if document:
                head = document.head.value
                rows.append(
                    (
                        plain(head.id),
                        self.links.document(head.id),
                        plain(head.version),
                        status_badge(head.status.value),
                        self.links.role(head.owner),
                    )
                )
        return table(("Id", "Document", "Version", "Status", "Owner"), rows)

    def _registers(self, target: str) -> str:
        rows: dict[tuple[str, str, str], None] = {}
        for found in self.trace.links_to(target, LinkKind.ADDRESSES):
            register = (
                self.workspace.registers.get(found.source.removeprefix("register:")) if found.source.startswith("register:") else None
            )
            record = self.workspace.record_by_id.get(found.source)
            if register:
                count = len(register.records)
                rows[self.links.item(found.source), "register", f"holds its records, {count} so far"] = None
            elif record:
                rows[self.links.item(found.source), plain(record.kind.one), "names it"] = None
        return table(("Register or record", "Kind", "Connection"), rows)

    def _related(self, target: str) -> str:
        parts = []
        for mapping in self.facts.mapped.get(target, ()):
            parts.append(self._forward(mapping))
        rows = []
        for mapping in self.facts.mapped_back.get(target, ()):
            end = next(end for end in mapping.targets if end.requirement == target)
            rows.append(
                (
                    plain(BACK_WORDS[end.relation.value]),
                    self.links.requirement(mapping.requirement),
                    badge(mapping.reuse.value, REUSE_TONES[mapping.reuse.value]) if mapping.reuse else "",
                    running(mapping.rationale),
                    plain(end.basis.value) + (f" {plain('(' + ', '.join(end.confirmed_by) + ')')}" if end.confirmed_by else ""),
                )
            )
        if rows:
            parts.append(table(("This requirement", "Other requirement", "Reuse", "Because", "Basis"), rows))
        return "## Related requirements\n\n" + "\n\n".join(parts) if parts else ""

    def _forward(self, mapping: Mapping) -> str:
        parts = []
        if mapping.reuse:
            line = f"Reuse {badge(mapping.reuse.value, REUSE_TONES[mapping.reuse.value])}"
            if mapping.action:
                line += f" {plain('·')} to do {badge(mapping.action.value, ACTION_TONES[mapping.action.value])}"
            parts.append(line)
        parts.append(sentences(mapping.rationale))
        if mapping.new_work:
            parts.append(f"**New work.** {sentences(mapping.new_work)}")
        if mapping.looks_alike:
            parts.append(admonition("warning", "Only looks alike", sentences(mapping.looks_alike)))
        rows = [
            (
                plain(RELATION_WORDS[end.relation.value]),
                self.links.requirement(end.requirement),
                plain(end.basis.value),
                plain(", ".join(end.confirmed_by)) or "our judgement",
            )
            for end in mapping.targets
        ]
        parts.append(table(("This requirement", "Other requirement", "Basis", "Confirmed by"), rows) or "No counterpart was found.")
        return "\n\n".join(parts)

    def _notes(self, catalogue: Catalogue, found: Requirement) -> str:
        notes = [note for note in catalogue.notes if note.requirement == found.id]
        return "## Notes\n\n" + "\n".join(f"- {sentences(note.text)}" for note in notes) if notes else ""

    def _standards(self, target: str) -> str:
        data = self.workspace.standards
        rows = [
            (
                plain(standard.id),
                sentences(standard.title),
                running(standard.relevance + (f" {standard.note}" if standard.note else "")),
                plain(standard.kind),
            )
            for standard in (data.standards if data else ())
            if target in standard.requirements
        ]
        return "## Where help is found\n\n" + table(("Standard", "Title", "What it gives", "Kind"), rows) if rows else ""

    def _sources(self, catalogue: Catalogue, found: Requirement) -> str:
        names = ", ".join(found.confirmed_by) or "no stored source"
        text = f"Number and title confirmed by: {plain(names)}. The summary is in our own words; the standard's text is not reproduced."
        return f'<p class="aims-source">{text}</p>'

    def _neighbours(self, catalogue: Catalogue, index: int) -> str:
        steps = []
        if index:
            before = catalogue.requirements[index - 1]
            steps.append("← " + link(f"{before.id} {before.title}", self.links.requirement_page(f"{catalogue.id}:{before.id}")))
        if index + 1 < len(catalogue.requirements):
            after = catalogue.requirements[index + 1]
            steps.append(link(f"{after.id} {after.title}", self.links.requirement_page(f"{catalogue.id}:{after.id}")) + " →")
        return '<div class="aims-neighbours" markdown="1">\n\n' + " · ".join(steps) + "\n\n</div>"
