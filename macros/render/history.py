"""The history of one document: its versions with authors and approvals, and the commits that touched it."""

from __future__ import annotations

from macros.model.history import History, Signature, Touch
from macros.model.numbering import natural
from macros.model.records.approvals import ApprovalRecord
from macros.model.workspace import Document, Workspace
from macros.render.markup import badge, crumbs, link, plain, running, shown, table
from macros.render.page_links import PageLinks, status_badge

_TONES = {Signature.GOOD: "good", Signature.BAD: "bad", Signature.UNKNOWN_KEY: "warn", Signature.UNSIGNED: "calm"}


class HistoryPages:
    """Histories of the documents of one workspace, as Markdown."""

    def __init__(self, workspace: Workspace, links: PageLinks, history: History) -> None:
        self.workspace, self.links, self.history = workspace, links, history
        self.approved: dict[str, list[ApprovalRecord]] = {}
        for record in workspace.records(ApprovalRecord):
            self.approved.setdefault(record.value.document, []).append(record.value)

    def page(self, document: Document) -> str:
        """The page of one document, without its title."""
        target = self.links.document_page(document)
        touches = self.history.of(document.id)
        lacking = self.history.lacking or ("" if touches else "No commit has touched this document yet.")
        parts = [
            crumbs(("Home", "/index.md"), (document.head.value.title, target), ("History", None)),
            "## Versions",
            self._versions(document, touches),
            "## Commits",
            plain(lacking) if lacking else self._commits(touches),
        ]
        return "\n\n".join(part for part in parts if part)

    def _versions(self, document: Document, touches: tuple[Touch, ...]) -> str:
        head = document.head.value
        records = sorted(self.approved.get(document.id, ()), key=lambda record: (record.approved_on, natural(record.id)))
        notes = {note.version: note for note in head.revisions}
        versions = {head.version, *notes, *(record.version for record in records), *(touch.version for touch in touches if touch.version)}
        versions |= {given.version for given in head.approved_before if given.version}
        rows = []
        for version in sorted(versions, key=_order, reverse=True):
            made = [touch for touch in reversed(touches) if touch.version == version]
            days = sorted({touch.day for touch in made})
            authors = dict.fromkeys(touch.author for touch in made)
            for record in (record for record in records if record.version == version):
                authors |= dict.fromkeys(self._names(record.written_by))
            said = [self._said(record) for record in records if record.version == version]
            if version == head.version and head.approved:
                said.append(f"{self.links.holder(head.approved.by)} on {shown(head.approved.date)}, as the front matter says")
            said += [
                f"{self.links.holder(given.by)} on {shown(given.date)}, as the front matter says, until another approval followed"
                for given in head.approved_before
                if given.version == version
            ]
            present = f" {status_badge(head.status.value)}" if version == head.version else ""
            rows.append(
                (
                    plain(version) + present,
                    " to ".join(_fixed(plain(day)) for day in dict.fromkeys((days[0], days[-1]))) if days else "–",
                    ", ".join(plain(author) for author in authors) or "–",
                    "<br>".join(said) or "nobody on record",
                    f"{plain(notes[version].change.value)}: {running(notes[version].note)}" if version in notes else "–",
                )
            )
        return table(("Version", "Written", "Authors", "Approved by", "What changed"), rows)

    def _said(self, record: ApprovalRecord) -> str:
        return (
            f"{self.links.holder(record.by)} as {self.links.role(record.as_role)} on {shown(record.approved_on)}, "
            f"{link(record.id, f'/records/approvals/{record.id}.md')}"
        )

    def _names(self, written_by: tuple[str, ...]) -> list[str]:
        organisation = self.workspace.organisation
        people = {person.id: person.name for person in organisation.value.people} if organisation else {}
        return [people.get(name, name) for name in written_by]

    def _commits(self, touches: tuple[Touch, ...]) -> str:
        rows = (
            (
                _fixed(f'<code title="{plain(touch.commit)}">{plain(touch.commit[:10])}</code>'),
                _fixed(plain(touch.day)),
                plain(touch.author),
                running(touch.subject),
                plain(touch.version) if touch.version else "–",
                badge(touch.signature.value, _TONES[touch.signature]),
            )
            for touch in touches
        )
        note = (
            "Newest first. The author is whoever the commit names. "
            "A signature was compared with the keys that were known where this site was built."
        )
        return f"{note}\n\n{table(('Commit', 'Day', 'Author', 'Subject', 'Version', 'Signature'), rows)}"


def _fixed(text: str) -> str:
    """Markdown that stays on one line."""
    return f'<span class="aims-fixed">{text}</span>'


def _order(version: str) -> tuple[tuple[int, ...], str]:
    """Versions by their numbers; what is no number sorts first."""
    parts = version.split(".")
    return (tuple(map(int, parts)) if all(part.isdecimal() and len(part) < 10 for part in parts) else (), version)
