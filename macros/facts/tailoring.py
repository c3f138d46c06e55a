"""How much of a document is the organisation's own?

Compared section by section with what the kit generated, parameters resolved.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from macros.cache import cached_by_text, kept_by_identity
from macros.generated import fingerprint_of_words
from macros.generated import sections as written_sections
from macros.model.workspace import Document, Workspace
from macros.text.blocks import TooDeep
from macros.text.markdown import blocks
from macros.text.sections import sections

_PARAMETER = re.compile(r"\{\{\s*param\(\s*\"([^\"]+)\"\s*\)\s*\}\}")


WORDS, SAME = 8, 2
"""Fewest words of a reason for keeping the kit's text, and most documents that may give the same one."""


def empty_reason(workspace: Workspace, document: Document) -> str | None:
    """Why the reason for keeping the kit's text is none, as a clause; None where it is one, or none is given."""
    reason = document.head.value.unchanged_because
    if not reason:
        return None
    if len(reason.split()) < WORDS:
        return f"'{reason}' does not say why the text fits"
    same = _reasons(workspace)[_plain(reason)]
    return f"{same} documents give the same reason" if same > SAME else None


@kept_by_identity(most=2)
def _reasons(workspace: Workspace) -> Counter[str]:
    given = (document.head.value.unchanged_because for document in workspace.documents)
    return Counter(_plain(reason) for reason in given if reason)


def _plain(reason: str) -> str:
    return " ".join(reason.casefold().split())


@dataclass(frozen=True, slots=True)
class Tailoring:
    """What was decided in one text."""

    sections: int
    """Sections that the text has."""
    own: tuple[str, ...]
    """Headings under which the words are not the kit's; `the beginning` for what stands before the first heading."""
    dropped: tuple[str, ...]
    """Headings of the kit that are gone."""
    parameters: tuple[str, ...]
    """Parameters in the text for which the organisation decided something else than the kit's default."""
    unchanged_because: str | None
    """Why the organisation keeps the kit's text as it is."""
    known: bool
    """Whether it is known what the kit generated; where it is not, the text counts as the kit's."""

    @property
    def is_the_kits(self) -> bool:
        """Whether nobody has decided anything in it."""
        return not self.known or not (self.own or self.dropped or self.parameters or self.unchanged_because)

    @property
    def said(self) -> str:
        """What was decided, as a clause."""
        if not self.known:
            return "it is not recorded what the kit generated"
        if self.own or self.dropped:
            return f"{len(self.own)} of {self.sections} sections are the organisation's own" + (
                f", {len(self.dropped)} of the kit's are gone" if self.dropped else ""
            )
        if self.parameters:
            return f"the organisation decided {', '.join(self.parameters)}"
        return "the organisation keeps the kit's text and says why" if self.unchanged_because else "every section is still the kit's text"


@cached_by_text("sections", again=lambda found, _: found)
def _sections(body: str) -> tuple[tuple[tuple[str, str | None], ...], tuple[str, ...]]:
    """Heading and fingerprint of each section, no fingerprint where nothing stands before the first; and the parameters named."""
    try:
        parts, shown = tuple(sections(body)), "\n".join(block.text for block in blocks(body))
    except TooDeep:  # which has a rule of its own
        parts, shown = tuple(written_sections(body)), body
    found = tuple((heading, fingerprint_of_words(text) if heading or text.strip() else None) for heading, text in parts)
    return found, tuple(dict.fromkeys(_PARAMETER.findall(shown)))


def tailoring(workspace: Workspace, document: Document) -> Tailoring:
    """Compare a document with what the kit generated under its id; a document that the kit did not generate is wholly own."""
    reason = None if empty_reason(workspace, document) else document.head.value.unchanged_because
    if workspace.generated is None:
        return Tailoring(0, (), (), (), reason, known=False)
    delivered = workspace.generated.texts.get(document.id, {})
    kits = {heading.casefold(): words for heading, words in delivered.items()}
    own, here, count = [], set(), 0
    parts, named = _sections(document.body)
    for heading, words in parts:
        here.add(heading.casefold())
        if words is None:
            continue
        count += 1
        if kits.get(heading.casefold()) != words:
            own.append(heading or "the beginning")
    decided = workspace.organisation.value.parameters if workspace.organisation else {}
    parameters = tuple(
        name for name in named if name in decided and name in workspace.parameters and decided[name] != workspace.parameters[name].default
    )
    return Tailoring(
        count, tuple(own), tuple(name for name in delivered if name and name.casefold() not in here), parameters, reason, known=True
    )
