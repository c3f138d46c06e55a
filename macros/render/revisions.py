"""What versions changed, and what is to be looked at again because of it."""

from __future__ import annotations

from collections import defaultdict

from macros.model.document import Revision, RevisionKind
from macros.model.workspace import Document
from macros.render.markup import admonition, badge, plain, running, shown, table
from macros.render.places import Places
from macros.suspects import Suspect

AT_ONCE = 2
"""Most notes that stand open at the head of a document; more are folded away."""

_TONES = {RevisionKind.OBLIGATION: "warn", RevisionKind.CLARIFICATION: "calm"}


class RevisionNotes:
    """Revision notes and suspects of one workspace, as Markdown."""

    def __init__(self, places: Places, suspects: tuple[Suspect, ...]) -> None:
        self.places = places
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
        lines = [f"- {self._changes(suspect)}" for suspect in found]
        ways = dict.fromkeys(suspect.way_out for suspect in found)
        cleared = "; ".join(plain(way[0].upper() + way[1:]) for way in ways)
        since = min(suspect.since for suspect in found)
        return admonition("warning", f"To be looked at again since {since}", "\n".join([*lines, "", f"{cleared}."]))

    def _changes(self, suspect: Suspect) -> str:
        said = (f"{plain(revision.version)} of {shown(revision.date)}: {plain(revision.note)}" for revision in suspect.revisions)
        return f"because {self.places.document(suspect.on, with_id=True)} changed an obligation in " + "; and in ".join(said)

    def notes(self, document: Document) -> str:
        """What each version of a document changed, newest first; empty where nothing is noted."""
        revisions = document.head.value.revisions
        if not revisions:
            return ""
        rows = [
            (
                plain(revision.version),
                f'<span class="aims-nowrap">{shown(revision.date)}</span>',
                badge(revision.change.value, _TONES[revision.change]),
                plain(revision.note),
            )
            for revision in revisions
        ]
        title = f"What changed in {revisions[0].version}, on {revisions[0].date}"
        return _folded("note", title, table(("Version", "Date", "Change", "Note"), rows), is_open=len(revisions) <= AT_ONCE)

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
        return "\n\n".join(
            (
                "## To be looked at again",
                "Each rests on a document in which an obligation has changed since; the last column says what takes it off this list.",
                self._table(list(self.suspects), with_document=True),
            )
        )

    def of_register(self, name: str) -> str:
        """Records of one register that are to be looked at again; empty where none is."""
        records = self.places.workspace.record_by_id
        found = [suspect for suspect in self.suspects if suspect.name in records and records[suspect.name].kind.name == name]
        return "## To be looked at again\n\n" + self._table(found, with_document=True) if found else ""

    def _table(self, found: list[Suspect], with_document: bool) -> str:
        headings = [
            "What",
            *(["Because of", "What changed"] if with_document else ["Rests on it, because"]),
            "Since",
            "Last done",
            "What clears it",
        ]
        rows = []
        for suspect in found:
            if with_document:
                versions = ", ".join(revision.version for revision in suspect.revisions)
                why = [f"{self.places.document(suspect.on, with_id=True)} {plain(versions)}", running(suspect.revisions[0].note)]
            else:
                why = [plain(suspect.rests.because)]
            rows.append(
                (
                    self.places.item(suspect.name),
                    *why,
                    shown(suspect.since),
                    f"{plain(suspect.word)} {shown(suspect.looked_at)}",
                    plain(suspect.way_out),
                )
            )
        return table(headings, rows, "aims-table--filter" if with_document else "")


def quoted(revision: Revision) -> str:
    """A revision note in one line, as a report shows it."""
    return f"{plain(revision.version)}, {plain(revision.change.value)}, {shown(revision.date)}: {plain(revision.note)}"


def _folded(kind: str, title: str, text: str, is_open: bool = False) -> str:
    """A box that opens; `text` is Markdown."""
    return f'<details class="{kind}"{" open" if is_open else ""} markdown="1">\n<summary>{plain(title)}</summary>\n\n{text}\n\n</details>'
