"""What versions changed, and what is to be looked at again because of it."""

from __future__ import annotations

import datetime
from collections import defaultdict

from macros.facts.suspects import Suspect
from macros.model.document import RevisionKind
from macros.model.workspace import Document
from macros.render.markup import admonition, badge, plain, shown, table
from macros.render.page_links import PageLinks

AT_ONCE = 2
"""Most notes that stand open at the head of a document; more are folded away."""

_TONES = {RevisionKind.OBLIGATION: "warn", RevisionKind.CLARIFICATION: "calm"}


class RevisionNotes:
    """Revision notes and suspects of one workspace, as Markdown."""

    def __init__(self, links: PageLinks, suspects: tuple[Suspect, ...]) -> None:
        self.links = links
        self.suspects = suspects
        self.by_name: dict[str, list[Suspect]] = defaultdict(list)
        self.by_document: dict[str, list[Suspect]] = defaultdict(list)
        for suspect in suspects:
            self.by_name[suspect.name].append(suspect)
            self.by_document[suspect.on].append(suspect)

    def banner(self, name: str) -> str:
        """Why a document or record is to be looked at again; empty where it is not."""
        found = self.by_name.get(name, [])
        if not found:
            return ""
        lines = [("- " if len(found) > 1 else "") + self._changes(suspect) for suspect in found]
        ways = dict.fromkeys(suspect.way_out for suspect in found)
        cleared = "; ".join(plain(way[0].upper() + way[1:]) for way in ways)
        since = min(suspect.since for suspect in found)
        return admonition("warning", f"To be looked at again since {since}", "\n".join([*lines, "", f"{cleared}."]))

    def _changes(self, suspect: Suspect) -> str:
        said = (f"{plain(revision.version)} of {shown(revision.date)}: {plain(revision.note)}" for revision in suspect.revisions)
        return f"Because {self.links.document(suspect.on, with_id=True)} changed an obligation in " + "; and in ".join(said)

    def notes(self, document: Document) -> str:
        """What each version of a document changed, newest first; empty where nothing is noted."""
        revisions = document.head.value.revisions
        if not revisions:
            return ""
        rows = [
            (
                plain(revision.version),
                _day(revision.date),
                badge(revision.change.value, _TONES[revision.change]),
                plain(revision.note),
            )
            for revision in revisions
        ]
        earlier = len(revisions) - 1
        more = "" if not earlier else ", and in 1 earlier version" if earlier == 1 else f", and in {earlier} earlier versions"
        title = f"What changed in {revisions[0].version}, on {revisions[0].date}{more}"
        return _folded(
            "note",
            title,
            table(("Version", "Date", "Change", "Note"), rows, "aims-table--stack aims-table--line"),
            is_open=len(revisions) <= AT_ONCE,
        )

    def waiting(self, name: str) -> str:
        """What is still to be looked at because this document changed; empty where nothing is."""
        found = self.by_document.get(name, [])
        if not found:
            return ""
        count = "1 document or record has" if len(found) == 1 else f"{len(found)} documents and records have"
        title = f"{count} not been looked at since this document changed an obligation"
        return _folded("warning", title, self._table(found, with_document=False))

    def section(self) -> str:
        """Everything that is to be looked at again, under a heading; empty where nothing is."""
        if not self.suspects:
            return ""
        parts = [
            "## To be looked at again",
            "What rests on a document in which an obligation has changed since; the last column says what takes it off this list.",
        ]
        for name, found in self.by_document.items():
            notes = dict.fromkeys(revision for suspect in found for revision in suspect.revisions)
            said = "\n".join(f"- {plain(note.version)} of {shown(note.date)}: {plain(note.note)}" for note in notes)
            parts += [f"### {self.links.document(name, with_id=True)}", said, self._table(found, with_document=False)]
        return "\n\n".join(parts)

    def of_register(self, name: str) -> str:
        """Records of one register that are to be looked at again; empty where none is."""
        records = self.links.workspace.record_by_id
        found = [suspect for suspect in self.suspects if suspect.name in records and records[suspect.name].kind.name == name]
        return "## To be looked at again\n\n" + self._table(found, with_document=True) if found else ""

    def _table(self, found: list[Suspect], with_document: bool) -> str:
        """What is to be looked at again, a row each; with the document that changed where the table is not about one document."""
        why = ("Because of", "What changed") if with_document else ("Rests on it, because",)
        rows = [
            (
                self.links.item(suspect.name),
                *(self._document(suspect) if with_document else (_because(suspect),)),
                f"{plain(suspect.word)} {_day(suspect.looked_at)}",
                plain(suspect.way_out),
            )
            for suspect in found
        ]
        return table(("What", *why, "Last", "What clears it"), rows, "aims-table--stack")

    def _document(self, suspect: Suspect) -> tuple[str, str]:
        versions = ", ".join(revision.version for revision in suspect.revisions)
        return (
            f"{self.links.document(suspect.on, with_id=True)} {plain(versions)}, {_day(suspect.since)}",
            plain(suspect.revisions[0].note),
        )


def _because(suspect: Suspect) -> str:
    return f'{plain(suspect.rests.how.value)} <span class="aims-nowrap">{plain(suspect.on)}</span>'


def _day(day: datetime.date) -> str:
    return f'<span class="aims-nowrap">{shown(day)}</span>'


def _folded(kind: str, title: str, text: str, is_open: bool = False) -> str:
    """A box that opens; `text` is Markdown."""
    return f'<details class="{kind}"{" open" if is_open else ""} markdown="1">\n<summary>{plain(title)}</summary>\n\n{text}\n\n</details>'
