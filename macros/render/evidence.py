"""Evidence: how fresh it is, beside everything that it shows, and on a page of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from macros.facts.evidence import NOTICE_DAYS, Backing, EvidenceBook, EvidenceState, Freshness
from macros.facts.showing import is_verified, kind_of, spoken
from macros.model.automated import AutomatedRun, Limit
from macros.model.catalogue import is_leaf
from macros.model.document import DocumentStatus
from macros.model.numbering import natural
from macros.model.records.common import Entry
from macros.model.records.support import Evidence
from macros.model.workspace import Record
from macros.render.markup import badge, crumbs, definitions, link, plain, shown, table
from macros.render.page_links import PageLinks

TONES = {
    EvidenceState.FRESH: "good",
    EvidenceState.DUE_SOON: "warn",
    EvidenceState.STALE: "bad",
    EvidenceState.FUTURE: "bad",
    EvidenceState.UNUSABLE: "bad",
}
PAGE = "/evidence.md"
FEW = 12
"""Records that one cell names; the page of the requirement has all of them, a row each."""


def state_badge(found: Freshness) -> str:
    """The state of one record, in a word."""
    return badge("failed" if found.failed else found.state.value, TONES[found.state])


class EvidencePages:
    """Evidence of one workspace on one day, as Markdown."""

    def __init__(self, book: EvidenceBook, links: PageLinks) -> None:
        self.book, self.links = book, links
        self.workspace = book.workspace

    def standing(self, standing: Backing) -> str:
        """What a requirement or document has, in a word."""
        if standing.setback:
            return badge("failed", "bad")
        return state_badge(standing.best) if standing.best else badge("none", "calm")

    def of_record(self, record: Record[Entry]) -> str:
        """State and reason of one record."""
        found = self.book.records[record.id]
        later = f" Replaced by {self.links.record(found.replaced_by, with_id=True)}." if found.replaced_by else ""
        return f"{state_badge(found)} {plain(found.why)}.{later}"

    def short(self, target: str) -> str:
        """What a document has, a line each; empty where it has nothing."""
        return _few([self._named(found) for found in self.book.of(target).records])

    def ids(self, target: str) -> str:
        """What a control has, by id alone, for a table that is wide already; empty where it has nothing."""
        rows = [
            _together(f"{state_badge(found)} {link(found.record.id, self.links.record_page(found.record))}")
            for found in self.book.of(target).records
        ]
        return _few(rows)

    def in_register(self, record: Record[Entry]) -> str:
        """The state of one record, with its reason where it is not simply fresh."""
        found = self.book.records[record.id]
        return state_badge(found) if found.state is EvidenceState.FRESH and not found.replaced_by else self.of_record(record)

    def _named(self, found: Freshness) -> str:
        return f"{state_badge(found)} {self.links.record(found.record.id, with_id=True)}"

    def section(self, target: str) -> str:
        """What a requirement has, a row each; empty where it has nothing."""
        standing = self.book.of(target)
        rows = [
            (
                self.links.record(found.record.id, with_id=True),
                self._kind(found),
                self._about(found),
                f"{state_badge(found)} {plain(found.why)}",
                _together(shown(found.due)) if found.state.counts and not found.replaced_by else "–",
            )
            for found in standing.records
        ]
        back = standing.setback
        remark = (
            f"The last examination, {self.links.record(back.record.id, with_id=True)}, failed; "
            "evidence of the same AI system from before it does not count."
            if back
            else ""
        )
        beside = [
            f"{self.links.record(found.record.id, with_id=True)} ({plain(spoken(kind_of(self.workspace, found.evidence)))})"
            for found in self.book.beside(target)
        ]
        other = f"Of a kind that does not show it, and not counted: {', '.join(beside)}." if beside else ""
        return "\n\n".join(filter(None, (remark, table(("Evidence", "Kind", "About", "State", "Due"), rows), other)))

    def _kind(self, found: Freshness) -> str:
        stated = "" if is_verified(self.workspace, found.evidence) else ", only stated"
        return plain(spoken(kind_of(self.workspace, found.evidence)) + stated)

    def _about(self, found: Freshness) -> str:
        return ", ".join(self.links.record(name) for name in found.evidence.about) or "the management system"

    # Automated evidence

    def run(self, record: Record[Entry]) -> str:
        """What the run measured, where a record refers to automated evidence; empty elsewhere."""
        sourced = self.workspace.runs.get(record.value.reference) if isinstance(record.value, Evidence) else None
        return self._run(sourced.value) if sourced else ""

    def _run(self, run: AutomatedRun) -> str:
        pairs = [
            ("Tool", f"{plain(run.run.tool)} {plain(run.run.version)}"),
            ("Run", plain(run.run.address)),
            ("Began", plain(run.start.isoformat())),
            ("Ended", plain(run.end.isoformat())),
        ]
        if run.subject:
            pairs.append(("Examined", f"{self.links.record(run.subject.ai_system, with_id=True)}, version {plain(run.subject.version)}"))
        results = [
            (
                plain(result.measure),
                f"{plain(result.value)} {plain(result.unit or '')}".strip(),
                plain(_limit(result.limit)),
                badge("passed", "good") if result.passed else badge("failed", "bad"),
            )
            for result in run.results
        ]
        left = [
            (plain(artefact.path or artefact.address), f"{artefact.size:,}", f"<code>{artefact.sha256[:16]}…</code>")
            for artefact in run.artefacts
        ]
        parts = [
            "## The run",
            definitions(pairs, "aims-header"),
            "## Measured",
            table(("Measure", "Value", "Limit", "Result"), results),
        ]
        if left:
            parts += ["## Left behind", table(("File", "Bytes", "SHA-256"), left)]
        return "\n\n".join(parts)

    # The page

    def page(self) -> str:
        """What has run out, what falls due, and what each requirement and document has."""
        book = self.book
        unusable = [found for found in book.records.values() if found.state in (EvidenceState.FUTURE, EvidenceState.UNUSABLE)]
        parts = [
            crumbs(("Home", "/index.md"), ("Records", "/records/index.md"), ("Evidence", None)),
            (
                f"As of {shown(book.today)}. Evidence counts until its last day, and no longer than its own interval. "
                f"It is due soon {NOTICE_DAYS} days before it is to be collected again, or a third of its interval where that is shorter. "
                f"The records stand in the {self.links.register('evidence')}."
            ),
            self._counts(),
            "## Run out, with nothing newer",
            self._list(book.stale()) or "Nothing has run out.",
        ]
        if unusable:
            parts += [
                "## Counts for nothing",
                "A failed examination, a file that is missing or is another one, or days that cannot be.",
                self._list(unusable),
            ]
        parts += ["## Due by month", self._calendar() or "Nothing falls due."]
        organisation = self.workspace.organisation
        for name in self.links.catalogues:
            if organisation and name in organisation.value.statement_of_applicability:
                parts += [f"## {plain(self.workspace.catalogues[name].value.title)}", self._requirements(name)]
        others = self._other_requirements()
        if others:
            parts += ["## Other requirements", others]
        parts += ["## Documents", self._documents()]
        return "\n\n".join(part for part in parts if part)

    def _counts(self) -> str:
        found = self.book.records.values()
        rows = [(state, sum(one.state is state for one in found)) for state in EvidenceState]
        text = ", ".join(f"{number} {state.value}" for state, number in rows if number)
        return f"**{len(found)} records of evidence**: {plain(text) or 'none'}."

    def _list(self, records: Iterable[Freshness]) -> str:
        rows = [
            (
                self.links.record(found.record.id, with_id=True),
                f"{state_badge(found)} {plain(found.why)}",
                self._about(found),
                ", ".join(self.links.requirement(target, title=False) for target in found.evidence.evidences),
                plain(found.evidence.collected_by),
            )
            for found in records
        ]
        return table(("Evidence", "State", "About", "Shows", "Collected by"), rows)

    def _calendar(self) -> str:
        rows = []
        for month, records in self.book.calendar().items():
            for index, found in enumerate(records):
                rows.append(
                    (
                        _together(f"**{plain(month)}**") if index == 0 else "&nbsp;",
                        _together(shown(found.due)),
                        self.links.record(found.record.id, with_id=True),
                        state_badge(found),
                        _often(found.evidence.every_months),
                        plain(found.evidence.collected_by),
                    )
                )
        return table(("Month", "Day", "Evidence", "State", "Collected", "By"), rows, "aims-table--dense")

    def _requirements(self, name: str) -> str:
        catalogue = self.workspace.catalogues[name].value
        targets = (f"{name}:{found.id}" for found in catalogue.requirements if is_leaf(catalogue, found))
        return self._standings(target for target in targets if self.book.is_asked_for(target))

    def _other_requirements(self) -> str:
        organisation = self.workspace.organisation
        covered = organisation.value.statement_of_applicability if organisation else ()
        named = dict.fromkeys(target for found in self.book.records.values() for target in found.evidence.evidences)
        return self._standings(sorted(target for target in named if target.split(":", 1)[0] not in covered))

    def _standings(self, targets: Iterable[str]) -> str:
        return table(("Requirement", "State", "Evidence", "Next due"), self._rows(targets), "aims-table--dense aims-table--filter")

    def _rows(self, targets: Iterable[str]) -> Iterator[tuple[str, ...]]:
        for target in targets:
            standing = self.book.of(target)
            what = self.links.document(target, with_id=True) if ":" not in target else self.links.requirement(target)
            yield what, self.standing(standing), self.short(target), _together(shown(standing.due))

    def _documents(self) -> str:
        names = sorted(
            (document.id for document in self.workspace.documents if document.head.value.status is not DocumentStatus.WITHDRAWN),
            key=natural,
        )
        return table(("Document", "State", "Evidence", "Next due"), self._rows(names), "aims-table--dense aims-table--filter")

    def see_also(self) -> str:
        """The way from the register to the page."""
        return f"What has run out, what falls due and what each requirement has: {link('Evidence', PAGE)}."


def _few(lines: list[str]) -> str:
    """The first of many lines for one cell, and how many more there are."""
    more = len(lines) - FEW
    return "<br>".join([*lines[:FEW], *([f"and {more:,} more"] if more > 0 else [])])


def _together(text: str) -> str:
    return f'<span class="aims-together">{text}</span>'


def _often(months: int | None) -> str:
    return "once" if not months else "every month" if months == 1 else f"every {months} months"


def _limit(limit: Limit) -> str:
    low = f"at least {limit.at_least}" if limit.at_least is not None else ""
    high = f"at most {limit.at_most}" if limit.at_most is not None else ""
    return " and ".join(filter(None, (low, high)))
