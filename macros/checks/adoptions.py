"""DOC: decisions to keep sections of the kit's text as they came."""

from __future__ import annotations

from collections.abc import Iterator

from macros.checks.registry import Said, check
from macros.facts.adoptions import adoptions
from macros.facts.computed import Facts
from macros.facts.tailoring import headings
from macros.problem import Severity, did_you_mean
from macros.text.words import squeezed


@check("DOC208", "Reason for keeping the kit's text says nothing", Severity.WARNING)
def empty_reason(facts: Facts) -> Iterator[Said]:
    """Keeping a text as it came is a decision, and a decision has a reason that fits this text and not every other."""
    for document in facts.workspace.documents:
        for one in adoptions(facts.decisions, document):
            if one.empty:
                yield document.head.at("adopted", one.index, "because"), one.empty, "write who looked at it, and what it was compared with"


@check("DOC210", "Adopted section is not in the document")
def unknown_section(facts: Facts) -> Iterator[Said]:
    """A heading that is misspelt or gone leaves a section undecided that somebody thinks was decided."""
    for document in facts.workspace.documents:
        known = headings(document) if document.head.value.adopted else ()
        names = {squeezed(name) for name in known}
        for index, entry in enumerate(document.head.value.adopted):
            for at, heading in enumerate(() if entry.sections == "all" else entry.sections):
                if squeezed(heading) not in names:
                    way_out = did_you_mean(heading, known, "name a heading of the text under which something is written, or 'all'")
                    yield document.head.at("adopted", index, "sections", at), f"'{document.id}' has no section '{heading[:60]}'", way_out


@check("DOC211", "Adoption of a text is not in force")
def unfounded_adoption(facts: Facts) -> Iterator[Said]:
    """Keeping a text as it came is decided by a person who may approve it, or who holds the role that owns it, on a day that has come."""
    if not facts.workspace.is_whole("org.yaml"):
        return
    for document in facts.workspace.documents:
        for one in adoptions(facts.decisions, document):
            if one.found.fault:
                place = document.head.at("adopted", one.index, "date" if one.entry.date > facts.today else "by")
                message = f"sections of '{document.id}' count as undecided: {one.found.fault}"
                otherwise = "have them adopted by the role that owns or approves the text, on the day on which it does"
                people = facts.workspace.person_by_id
                yield place, message, otherwise if one.entry.by in people else did_you_mean(one.entry.by, people, otherwise)
