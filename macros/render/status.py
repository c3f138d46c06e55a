"""How far requirements have come, as pages: counts by section, never one percentage, and what holds each back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from macros.facts.shares import heaviest
from macros.facts.tailoring import SectionIs, TailoredSection
from macros.model.document import DocumentStatus
from macros.model.numbering import natural
from macros.model.workspace import OWN, Document
from macros.render.markup import badge, crumbs, definitions, plain, running, shown, table
from macros.render.page_links import PageLinks
from macros.status import Ladder, NeededPart, PartKind, Rung, Standing
from macros.status.tailored import by_decision, share, who

TONES = {
    Rung.MISSING: "bad",
    Rung.TEMPLATE: "bad",
    Rung.TAILORED: "warn",
    Rung.APPROVED: "info",
    Rung.OPERATING: "good",
    Rung.AUDITED: "good",
}
MEANINGS = {
    Rung.MISSING: "nothing is there",
    Rung.TEMPLATE: "the text or row, or a part of it, is as the kit generated it, and nobody decided on it",
    Rung.TAILORED: "the organisation decided what holds here, each section that it keeps as delivered among it",
    Rung.APPROVED: "approved by whoever may, in date, and unchanged since",
    Rung.OPERATING: "fresh evidence or records show that it is done",
    Rung.AUDITED: "covered by an audit of the present cycle, with no major nonconformity open",
}


def rung_badge(rung: Rung | None) -> str:
    """A rung as a badge; None is what does not apply."""
    return badge(rung.value, TONES[rung]) if rung else badge("does not apply", "calm")


class StatusPages:
    """The ladder of one workspace, as Markdown."""

    def __init__(self, ladder: Ladder, links: PageLinks) -> None:
        self.ladder, self.links, self.workspace = ladder, links, ladder.workspace

    # The page

    def page(self) -> str:
        """Every requirement by standard and section: how far it has come, and what holds it back."""
        parts = [
            crumbs(("Home", "/index.md"), ("Status", None)),
            f"As of {shown(self.ladder.today)}. A requirement is only as far as the weakest part that it needs.",
            self._meanings(),
            self._resting(),
        ]
        for catalogue in self.ladder.catalogues:
            parts += [f"## {plain(self.title(catalogue))}", self.counts(catalogue)]
            for section, leaves in self.sections(catalogue):
                parts += [f"### {plain(self.section_title(catalogue, section))}", self._rows(leaves)]
        parts += self._texts()
        return "\n\n".join(part for part in parts if part)

    def _texts(self) -> tuple[str, ...]:
        """Of each text in force or in draft, how many sections are the organisation's own, and how many were adopted as delivered."""
        found = [document for document in self.workspace.documents if document.head.value.status is not DocumentStatus.WITHDRAWN]
        found.sort(key=lambda document: natural(document.id))
        rows, total = [], Counter[SectionIs]()
        for document in found:
            tally = Counter(section.how for section in self.ladder.tailoring(document.id).sections)
            total += tally
            rung = rung_badge(self.ladder.document(document.id).rung)
            rows.append((self.links.item(document.id), rung, *_hows(tally), str(tally.total()), self._adopters(document)))
        if not rows:
            return ()
        rows.append(("**In all**", "", *_hows(total), str(total.total()), ""))
        headings = ("Document", "Stands at", "Own", "Adopted", "By a parameter", "Undecided", "Sections", "Adopted by")
        return ("## Texts", plain(self.texts()), table(headings, rows, "aims-table--dense"))

    def texts(self) -> str:
        """How much of the texts is the organisation's own, and how much was adopted as delivered, in one line."""
        found = [document for document in self.workspace.documents if document.head.value.status is not DocumentStatus.WITHDRAWN]
        tailored = {document.id: self.ladder.tailoring(document.id) for document in found}
        count = Counter(section.how for own in tailored.values() for section in own.sections)
        total, undecided = count.total(), count[SectionIs.EDITED] + count[SectionIs.DELIVERED]
        said = [f"{count[SectionIs.OWN]} of {total} sections of the documents are the organisation's own"]
        said += [f"{count[SectionIs.ADOPTED]} were adopted as delivered or nearly so"] if count[SectionIs.ADOPTED] else []
        said += [f"{count[SectionIs.PARAMETER]} are governed by parameters that were decided"] if count[SectionIs.PARAMETER] else []
        said += [f"{undecided} are undecided, {count[SectionIs.EDITED]} of them edited in a word or two"] if undecided else []
        whole = sorted((name for name, own in tailored.items() if own.is_adopted_whole), key=natural)
        known = f"; adopted whole and knowingly: {', '.join(whole)}" if whole else ""
        return f"{', '.join(said)}{known}."

    def _adopters(self, document: Document) -> str:
        given = by_decision(self.ladder.tailoring(document.id))
        return plain(", ".join(dict.fromkeys(who(self.workspace, adopted).removeprefix("by ") for adopted, _ in given)))

    def _meanings(self) -> str:
        return table(("Rung", "Means"), ((rung_badge(rung), plain(text)) for rung, text in MEANINGS.items()))

    def _resting(self) -> str:
        """What much of it rests on: one record, evidence that nobody here can look at, one person."""
        rows = []
        heavy, most = heaviest(self.ladder.facts.evidence), self.ladder.facts.decided.most
        if heavy:
            rows.append(
                f"{self.links.record(heavy.name, with_id=True)} is the record of evidence that carries the most requirements: "
                f"{len(heavy.requirements)}."
            )
        operating, stated = self.ladder.operating(), self.ladder.stated_alone()
        if operating:
            said = f"{len(stated)} of the {len(operating)} requirements that operate rest on evidence alone that is only stated"
            rows.append(said + (": " + ", ".join(self.links.requirement(one, title=False) for one in stated) if stated else "") + ".")
        if most:
            name, given = most
            total = self.ladder.facts.decided.total
            rows.append(f"{self.links.holder(name)} gave {given} of the {total} decisions in force.")
        return "## What it rests on\n\n" + "\n".join(f"- {row}" for row in rows) if rows else ""

    def title(self, catalogue: str) -> str:
        """A catalogue's name, also of the organisation's own controls."""
        return "Controls of our own" if catalogue == OWN else self.workspace.catalogues[catalogue].value.title

    def section_title(self, catalogue: str, section: str) -> str:
        """A section's number and title."""
        found = self.workspace.requirements.get(f"{catalogue}:{section}")
        return f"{section} {found.title}" if found else section

    def sections(self, catalogue: str) -> list[tuple[str, tuple[str, ...]]]:
        """Clauses of the first level and areas of the annex, each with the requirements in it."""
        found: dict[str, list[str]] = {}
        for leaf in self.ladder.leaves(catalogue):
            number = leaf.split(":", 1)[1]
            words = number.split(".")
            section = "" if catalogue == OWN else ".".join(words[:2]) if words[0] == "A" else words[0]
            found.setdefault(section, []).append(leaf)
        return [(section or "Controls", tuple(leaves)) for section, leaves in found.items()]

    def counts(self, catalogue: str) -> str:
        """How many requirements of each section stand on each rung."""
        rows = []
        total: Counter[Rung | None] = Counter()
        for section, leaves in self.sections(catalogue):
            tally = Counter(self.ladder.requirement(leaf).rung for leaf in leaves)
            total += tally
            rows.append((plain(self.section_title(catalogue, section)), *_cells(tally), str(len(leaves))))
        rows.append(("**In all**", *_cells(total), str(total.total())))
        headings = ("Section", *(rung.value.capitalize() for rung in Rung), "Does not apply", "In all")
        return table(headings, rows, "aims-table--dense")

    def _rows(self, leaves: Iterable[str]) -> str:
        rows = []
        for leaf in leaves:
            standing = self.ladder.requirement(leaf)
            back = standing.holds_back
            rows.append(
                (
                    self.links.requirement(leaf),
                    rung_badge(standing.rung),
                    f"{self._named(back)}: {running(back.why)}" if back else running(_why_not(standing)),
                    running(back.way_up) if back else "",
                )
            )
        headings = ("Requirement", "Stands at", "Because of its weakest part", "What lifts it by one rung")
        return table(headings, rows, "aims-table--dense")

    def _named(self, part: NeededPart) -> str:
        if part.kind in (PartKind.DOCUMENT, PartKind.ISMS_DOCUMENT):
            return self.links.item(part.name)
        if part.kind is PartKind.REGISTER:
            return self.links.register(part.name)
        if part.kind is PartKind.BELOW:
            return self.links.requirement(part.name, title=False)
        return plain(part.kind.value)

    # On other pages

    def tally(self, catalogue: str) -> str:
        """How many requirements of a catalogue stand on each rung, in one line."""
        count = Counter(self.ladder.requirement(leaf).rung for leaf in self.ladder.leaves(catalogue))
        told = [f"{count[rung]} {rung.value}" for rung in Rung if count[rung]]
        told += [f"{count[None]} not applicable"] if count[None] else []
        return plain(", ".join(told))

    def of_requirement(self, target: str) -> str:
        """Where a requirement stands, with every part that it rests on; empty where its catalogue is not judged."""
        if target.split(":", 1)[0] not in self.ladder.catalogues:
            return ""
        standing = self.ladder.requirement(target)
        back = standing.holds_back
        pairs = [("Stands at", rung_badge(standing.rung) + _steps(standing.rung))]
        if back:
            pairs += [("Weakest part", f"{self._named(back)}: {running(back.why)}"), ("What lifts it", running(back.way_up))]
        rows = [
            (
                plain(part.kind.value),
                self._named(part) if part.kind.value != self._named(part) else "",
                rung_badge(part.rung),
                running(part.why),
            )
            for part in standing.parts
        ]
        headings = ("Part", "Which", "As far as", "Because")
        return definitions(pairs, "aims-header") + "\n\n" + table(headings, rows, "aims-table--dense")

    def of_document(self, name: str) -> str:
        """The rung of a document, with what shows it."""
        part = self.ladder.document(name)
        return f"{rung_badge(part.rung)} {running(part.why)}"

    def tailoring_of(self, name: str) -> str:
        """What was decided on the sections of a document: the share, and each reason for keeping a part as delivered."""
        own = self.ladder.tailoring(name)
        lines = [plain(share(self.workspace, own))]
        for adopted, sections in by_decision(own):
            named = "All sections" if own.is_adopted_whole and len(sections) == len(own.sections) else _headings(sections)
            lines.append(f"{plain(named)}, adopted {plain(who(self.workspace, adopted))}: {plain(adopted.entry.because)}")
        return "<br>".join(lines)


def _headings(sections: Iterable[TailoredSection]) -> str:
    """Headings, with how many words differ where some do."""
    return ", ".join(
        f"{one.heading} ({one.differs} word{'s' if one.differs != 1 else ''} differ)" if one.differs else one.heading for one in sections
    )


def _hows(tally: Counter[SectionIs]) -> tuple[str, ...]:
    counts = (
        tally[SectionIs.OWN],
        tally[SectionIs.ADOPTED],
        tally[SectionIs.PARAMETER],
        tally[SectionIs.EDITED] + tally[SectionIs.DELIVERED],
    )
    return tuple(str(count) if count else plain("–") for count in counts)


def _cells(tally: Counter[Rung | None]) -> tuple[str, ...]:
    return tuple(str(tally[rung]) if tally[rung] else plain("–") for rung in (*Rung, None))


def _why_not(standing: Standing) -> str:
    return standing.parts[0].why if standing.rung is None else "every part is there, and an audit covered it"


def _steps(rung: Rung | None) -> str:
    """Six steps, those reached filled in; the badge beside them says the same in words."""
    if rung is None:
        return ""
    marks = "".join(f'<i class="{"on" if step.height <= rung.height else "off"}"></i>' for step in Rung)
    return f' <span class="aims-steps" aria-hidden="true">{marks}</span>'
