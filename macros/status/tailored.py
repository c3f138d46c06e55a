"""How it is said what was decided on the sections of a text: the share, who adopted what, and what is undecided."""

from __future__ import annotations

from collections.abc import Iterator

from macros.facts.adoptions import Adopted
from macros.facts.tailoring import SectionIs, TailoredSection, Tailoring
from macros.model.workspace import Workspace

NAMED = 2
"""How many of those who adopted sections are named in one clause."""


def share(workspace: Workspace, own: Tailoring) -> str:
    """What is the organisation's own and what was adopted, or else what is undecided, as a clause."""
    if not own.known:
        return "it is not recorded what the kit generated"
    if own.undecided:
        return undecided(own)
    total, parts = len(own.sections), list(_counted(workspace, own))
    if own.is_adopted_whole:
        said = f"adopted as delivered, knowingly, {_by(workspace, own)}"
    elif parts:
        said = ", ".join(parts)
    else:
        said = "nothing of the kit's text is left"
    more = f", {len(own.dropped)} of the kit's {'is' if len(own.dropped) == 1 else 'are'} gone" if own.dropped else ""
    whole = f"all {total} sections are {said}" if own.is_adopted_whole else said
    return f"{whole}{more}{', by fingerprint only' if own.by_fingerprint else ''}"


def undecided(own: Tailoring) -> str:
    """How many sections nobody has decided on, and which is the first, as a clause."""
    first, count, total = own.undecided[0], len(own.undecided), len(own.sections)
    words = "words are" if first.differs != 1 else "word is"
    slight = f", in which only {first.differs} {words} not as delivered" if first.how is SectionIs.EDITED and first.differs else ""
    which = f"'{first.heading}'" + (" first" if count > 1 else "")
    return f"{count} of {total} sections {'are' if count != 1 else 'is'} undecided, {which}{slight}"


def way_out(name: str, own: Tailoring) -> str:
    """What would decide on the first section on which nobody has decided, as an instruction."""
    if not own.undecided:
        return "bring '.aims.json' back"
    heading = own.undecided[0].heading
    return f"write section '{heading}' of {name} for your organisation, or adopt it as it is: ./aims adopt {name}"


def by_decision(own: Tailoring) -> tuple[tuple[Adopted, tuple[TailoredSection, ...]], ...]:
    """The decisions by which sections were adopted, each with its sections, in their order."""
    found: dict[int, tuple[Adopted, list[TailoredSection]]] = {}
    for section in own.those(SectionIs.ADOPTED):
        if section.adopted:
            found.setdefault(section.adopted.index, (section.adopted, []))[1].append(section)
    return tuple((adopted, tuple(sections)) for _, (adopted, sections) in sorted(found.items()))


def who(workspace: Workspace, adopted: Adopted) -> str:
    """Who adopted, and when: `by Maeve Tarn on 2026-01-20`."""
    person = workspace.person_by_id.get(adopted.entry.by)
    return f"by {person.name if person else adopted.entry.by} on {adopted.entry.date}"


def _counted(workspace: Workspace, own: Tailoring) -> Iterator[str]:
    total = len(own.sections)
    count = len(own.those(SectionIs.OWN))
    if count and count == total:
        yield "every section is the organisation's own"
    elif count:
        yield f"{count} of {total} sections are the organisation's own"
    kept = own.those(SectionIs.ADOPTED)
    if kept:
        nearly = " or nearly so" if any(section.differs for section in kept) else ""
        yield f"{len(kept)}{'' if count else f' of {total} sections'} adopted as delivered{nearly} {_by(workspace, own)}"
    governed = own.those(SectionIs.PARAMETER)
    if governed:
        yield f"{len(governed)}{'' if count or kept else f' of {total} sections'} governed by parameters that were decided"


def _by(workspace: Workspace, own: Tailoring) -> str:
    names = tuple(dict.fromkeys(who(workspace, adopted) for adopted, _ in by_decision(own)))
    return ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
