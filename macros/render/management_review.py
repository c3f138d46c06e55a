"""The inputs of a management review, as a draft that people go on with and as a page of the site."""

from __future__ import annotations

import re

from macros.encode.terminal import lines as as_lines
from macros.render.markup import admonition, link, plain, sentences, table
from macros.render.page_links import PageLinks
from macros.render.parts import ROWS
from macros.reports.management_review import Input, Line, Pack

_LIVE = re.compile(r"([\\`*\[\]<>|]|(?<!\w)_|_(?!\w))")
BLANK = "……"
JUDGEMENTS = (
    ("Suitability", "Does the management system still fit the organisation?"),
    ("Adequacy", "Does it cover what it must?"),
    ("Effectiveness", "Does it reach its objectives?"),
)


def as_draft(pack: Pack, said: str) -> str:
    """A Markdown draft of the record; blank only where people have to decide.

    Args:
        pack: The inputs.
        said: A sentence on where they were read from.
    """
    lines = [
        f"# Management review of {_safe(pack.organisation)}, as of {pack.until}",
        "",
        f"{_period(pack)} {said}",
        "Every line names in brackets the records that it rests on; nothing was added to them.",
        "A line of dots is for the people at the table.",
        "",
        f"- Held on: {BLANK}",
        f"- Chaired by: {BLANK}",
        f"- Present: {BLANK}",
        "",
        "## Inputs",
    ]
    for number, found in enumerate(pack.inputs, 1):
        lines += ["", f"### {number}. {found.title}", "", *_listed(found)]
    if pack.ask_isms:
        lines += ["", f"### {len(pack.inputs) + 1}. Information security", "", _isms_sentence(), "", BLANK]
    lines += ["", "## How things stand"]
    for found in pack.state:
        lines += ["", f"### {found.title}", "", *_listed(found)]
    lines += ["", "## Decisions", "", "Each has one owner and one due date.", ""]
    lines += [
        "| No. | Decision | Owner | Due |",
        "| --- | --- | --- | --- |",
        *(f"| {n} | {BLANK} | {BLANK} | {BLANK} |" for n in (1, 2, 3)),
    ]
    lines += ["", "## Conclusion", ""]
    for word, question in JUDGEMENTS:
        lines += [f"- {word}. {question} {BLANK}"]
    lines += ["", f"Approved by {BLANK} on {BLANK}"]
    return as_lines(lines)


def _period(pack: Pack) -> str:
    before = f"the last review before is {pack.last}" if pack.last else "no earlier review is on record"
    return f"Inputs from {pack.since} to {pack.until}; {before}."


def _isms_sentence() -> str:
    return (
        "Risks and incidents of information security are kept in the ISMS and not in these registers; "
        "the information security manager reports them."
    )


def _listed(found: Input) -> list[str]:
    if not found.lines:
        return [found.nothing]
    return [f"- {_safe(_sentence(line.text))}{_ids(line)}" for line in found.lines]


def _sentence(text: str) -> str:
    words = " ".join(text.split())
    return words[0].upper() + words[1:]


def _ids(line: Line) -> str:
    return f" ({', '.join(line.ids)})" if line.ids else ""


def _safe(text: str) -> str:
    """Text in which Markdown, and a page of the site, finds nothing to act on."""
    return _LIVE.sub(r"\\\1", text).replace("#", "&#35;").replace("{", "&#123;")


NAMED = 50
"""Records that one line of the page names."""


class ReviewInputPage:
    """The same inputs with links."""

    def __init__(self, links: PageLinks) -> None:
        self.links = links

    def page(self, pack: Pack) -> str:
        """Every input, and how to make the draft."""
        command = plain(f"./aims management-review --as-of {pack.until} --write FILE")
        note = f"As of {plain(pack.until)}. {sentences(_period(pack))} The draft of the record comes from <code>{command}</code>."
        parts = [admonition("info", "What this page is", f"{note} It says what the records say, and decides nothing.")]
        for number, found in enumerate(pack.inputs, 1):
            parts += [f"## {number}. {plain(found.title)}", self._listed(found)]
        if pack.ask_isms:
            parts += [f"## {len(pack.inputs) + 1}. Information security", sentences(_isms_sentence())]
        for found in pack.state:
            parts += [f"## {plain(found.title)}", self._listed(found)]
        return "\n\n".join(parts)

    def _listed(self, found: Input) -> str:
        if not found.lines:
            return sentences(found.nothing)
        lines = [f"{sentences(_sentence(line.text))}{self._ids(line)}" for line in found.lines]
        if len(lines) > ROWS:  # a table goes on over further pages
            return table(("Input",), ((line,) for line in lines))
        return "\n".join(f"- {line}" for line in lines)

    def _ids(self, line: Line) -> str:
        if not line.ids:
            return ""
        more = f" and {len(line.ids) - NAMED:,} more" if len(line.ids) > NAMED else ""
        return " (" + ", ".join(self._id(name) for name in line.ids[:NAMED]) + more + ")"

    def _id(self, name: str) -> str:
        known = self.links.workspace
        if ":" in name:
            return self.links.requirement(name, title=False)
        if name in known.document_by_id:
            return link(name, self.links.document_page(known.document_by_id[name]))
        if name in known.record_by_id:
            return link(name, self.links.record_page(known.record_by_id[name]))
        return self.links.role(name)
