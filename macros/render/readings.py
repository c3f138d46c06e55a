"""Who has read what, as a page and as the line in a document's head."""

from __future__ import annotations

import datetime

from macros.facts.readings import Missing, Reading, suspended
from macros.model.workspace import Workspace
from macros.render.markup import badge, day, link, plain, sentences, table
from macros.render.page_links import PageLinks, status_badge

PAGE = "/acknowledged.md"


class ReadingPage:
    """Acknowledgements of one organisation, as Markdown."""

    def __init__(self, workspace: Workspace, links: PageLinks, today: datetime.date) -> None:
        self.workspace, self.links, self.today = workspace, links, today

    def in_header(self, reading: Reading) -> str:
        """The count for one document, with those who are past their days, as it stands in the document's head."""
        late = f" {badge(f'{reading.late} past their days', 'bad')}" if reading.late else ""
        time = f", {reading.in_time} still {'has' if reading.in_time == 1 else 'have'} time" if reading.in_time else ""
        return f"{link(reading.said, PAGE)}{time}{late}"

    def page(self, readings: tuple[Reading, ...]) -> str:
        """Every document that has to be read, who has not, and who has."""
        off = suspended(self.workspace)
        parts = [
            sentences(
                f"As of {self.today}. "
                "An acknowledgement counts until an obligation changes, and with it the number before the point of the version. "
                "Names are shown as the registers have them."
            ),
            self._overview(readings) or "No approved document has to be read by anybody yet; the register of reading duties says which do.",
        ]
        if off:
            rows = [(plain(duty.id), self.links.document(duty.document, with_id=True), status_badge(status)) for duty, status in off]
            parts += ["## Duties that bind nobody now", table(("Duty", "Document", "Its status"), rows)]
        for reading in readings:
            parts += self._one(reading)
        return "\n\n".join(part for part in parts if part)

    def _overview(self, readings: tuple[Reading, ...]) -> str:
        return table(
            ("Document", "Version", "Must have read it", "Have", "Still have time", "Past their days"),
            (
                (
                    self.links.document(reading.document.id, with_id=True),
                    plain(reading.document.head.value.version),
                    str(reading.total),
                    str(reading.count),
                    str(reading.in_time),
                    badge(str(reading.late), "bad") if reading.late else "0",
                )
                for reading in readings
            ),
        )

    def _one(self, reading: Reading) -> list[str]:
        head = reading.document.head.value
        parts = [f"## {plain(head.id)} {plain(head.title)}", sentences(f"{reading.said}.")]
        if reading.missing or reading.done_unnamed < reading.must_unnamed:
            parts.append(self._missing(reading))
        done = [
            (self.links.holder(given.person), plain(given.version), day(given.acknowledged_on), plain(given.how)) for given in reading.done
        ]
        if done:
            parts.append(table(("Has read it", "Version", "On", "How"), done, "aims-table--dense"))
        if reading.must_unnamed:
            parts.append(sentences(f"Under a pseudonym: {reading.done_unnamed} of {reading.must_unnamed} have read it."))
        return parts

    def _missing(self, reading: Reading) -> str:
        rows = [
            (self.links.holder(missing.person), ", ".join(self.links.role(role) for role in missing.roles), self._due(missing.due))
            for missing in sorted(reading.missing, key=self._order)
        ]
        open_ones = reading.must_unnamed - reading.done_unnamed
        if open_ones and reading.due_unnamed:
            rows.append((f"{open_ones} under a pseudonym", "–", self._due(reading.due_unnamed)))
        return table(("Has not read it", "As", "Due"), rows, "aims-table--dense")

    def _order(self, missing: Missing) -> tuple[datetime.date, str]:
        return missing.due, missing.person

    def _due(self, due: datetime.date) -> str:
        return f"{day(due)} {badge('past', 'bad') if due < self.today else badge('in time', 'info')}"
