"""Which sections of a document are the organisation's own, which were adopted as the kit delivered them, and which are undecided?

Compared section by section with what the kit generated, parameters resolved. How much of a section differs is counted in words,
where the record of the generation holds them.
"""

from __future__ import annotations

import base64
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from macros.cache import cached_by_text, kept_by_identity
from macros.facts.adoptions import BEGINNING, SAME, Adopted, adoptions
from macros.facts.decisions import Decisions
from macros.generated import bag_of_words, fingerprint_of_words
from macros.generated import sections as written_sections
from macros.model.workspace import Document, Workspace
from macros.text.blocks import TooDeep
from macros.text.sections import sections
from macros.text.words import squeezed

LEAST, SHARE, ENOUGH = 8, 5, 16
"""A section is one's own where a fifth of the delivered words differ (one in SHARE), and at least LEAST words: half a sentence.
ENOUGH words do in any case: as many as a sentence of the kit has on average (15.8 of 2,700), so that a rule of one's own in a long
list of rules is no trivial edit."""

_PARAMETER = re.compile(r"\{\{\s*param\(\s*\"([^\"]+)\"\s*\)\s*\}\}")
_CALL = re.compile(r"\{\{[^{}]*\}\}")
_WORD = re.compile(r"\w")


class SectionIs(str, Enum):
    """How a section came to stand as it does."""

    OWN = "own"
    """The organisation wrote it, in substance."""
    ADOPTED = "adopted"
    """It stands as delivered or nearly so, by a decision in force."""
    PARAMETER = "by a parameter"
    """It reads a parameter for which the organisation decided something else than the kit's default."""
    EDITED = "edited"
    """Less differs than a decision in substance would make differ."""
    DELIVERED = "as delivered"
    """Nobody has decided on it."""


@dataclass(frozen=True, slots=True)
class TailoredSection:
    """What was decided on one section."""

    heading: str
    how: SectionIs
    differs: int = 0
    """Words that are not as delivered; 0 where none are, or where it is not known."""
    adopted: Adopted | None = None
    """The decision by which it was adopted."""

    @property
    def is_decided(self) -> bool:
        """Whether anybody decided on it."""
        return self.how not in (SectionIs.EDITED, SectionIs.DELIVERED)


@dataclass(frozen=True, slots=True)
class Tailoring:
    """What was decided in one text."""

    sections: tuple[TailoredSection, ...]
    """Sections with words of their own; one that holds calls of macros alone, or nothing, is none."""
    dropped: tuple[str, ...]
    """Headings of the kit whose text is gone."""
    known: bool
    """Whether it is known what the kit generated; where it is not, the text counts as the kit's."""
    by_fingerprint: bool = False
    """Whether the record of the generation holds no words, so that any difference makes a section one's own."""

    def those(self, how: SectionIs) -> tuple[TailoredSection, ...]:
        """Sections that stand so."""
        return tuple(section for section in self.sections if section.how is how)

    @property
    def undecided(self) -> tuple[TailoredSection, ...]:
        """Sections on which nobody has decided."""
        return tuple(section for section in self.sections if not section.is_decided)

    @property
    def is_the_kits(self) -> bool:
        """Whether anything in it is undecided."""
        return not self.known or bool(self.undecided)

    @property
    def is_adopted_whole(self) -> bool:
        """Whether the text stands as delivered, knowingly, with no section of the organisation's own."""
        return self.known and bool(self.sections) and len(self.those(SectionIs.ADOPTED)) == len(self.sections)


def tailoring(decisions: Decisions, document: Document) -> Tailoring:
    """Compare a document with what the kit generated; a document that the kit did not generate is wholly own."""
    workspace, parts = decisions.workspace, _sections(document.body)
    written = [part for part in parts if part.is_written]
    given = [one for one in adoptions(decisions, document) if one.counts]
    decided = _decided_otherwise(workspace)
    delivered = _delivered(workspace, document)
    bags = workspace.generated.words.get(delivered, {}) if workspace.generated and delivered else {}
    texts = workspace.generated.texts[delivered] if workspace.generated and delivered else {}
    told = _differences(workspace).get(document.id, {})

    def standing(part: _Part) -> TailoredSection:
        heading, change = part.heading or BEGINNING, told.get(squeezed(part.heading))
        differs = change.words if change else 0
        if workspace.generated is not None and (delivered is None or (change and change.is_own)):
            return TailoredSection(heading, SectionIs.OWN, differs)
        adopted = next((one for one in sorted(given, key=lambda one: one.entry.sections == "all") if one.covers(heading)), None)
        if decided.intersection(part.parameters) and (adopted is None or adopted.entry.sections == "all"):
            return TailoredSection(heading, SectionIs.PARAMETER, differs)
        if adopted:
            return TailoredSection(heading, SectionIs.ADOPTED, differs, adopted)
        return TailoredSection(heading, SectionIs.EDITED if change else SectionIs.DELIVERED, differs)

    dropped = tuple(_dropped(parts, texts, bags))
    return Tailoring(tuple(map(standing, written)), dropped, workspace.generated is not None, bool(texts) and not bags)


# The text as it stands


@dataclass(frozen=True, slots=True)
class _Part:
    """One section as it stands."""

    heading: str
    words: str
    """Fingerprint of its words."""
    bag: str
    is_written: bool
    """Whether it has words beside calls of macros."""
    parameters: tuple[str, ...]


def _sections(body: str) -> tuple[_Part, ...]:
    return tuple(_Part(heading, words, bag, written, tuple(named)) for heading, words, bag, written, named in _read(body))


@cached_by_text("sections", again=lambda found, _: found)
def _read(body: str) -> tuple[tuple[str, str, str, bool, tuple[str, ...]], ...]:
    """The entries of each `_Part`."""
    try:
        parts = tuple(sections(body))
    except TooDeep:  # which has a rule of its own
        parts = tuple(written_sections(body))
    return tuple(
        (
            *(heading, fingerprint_of_words(text), bag_of_words(text)),
            _WORD.search(_CALL.sub("", text)) is not None,
            tuple(dict.fromkeys(_PARAMETER.findall(text))),
        )
        for heading, text in parts
    )


def headings(document: Document) -> tuple[str, ...]:
    """The headings of a text under which an adoption may be given, in its order."""
    return tuple(part.heading or BEGINNING for part in _sections(document.body) if part.is_written)


@kept_by_identity(most=2)
def _decided_otherwise(workspace: Workspace) -> frozenset[str]:
    decided = workspace.organisation.value.parameters if workspace.organisation else {}
    return frozenset(
        name for name, value in decided.items() if name in workspace.parameters and value != workspace.parameters[name].default
    )


# What differs from the delivered text


@dataclass(frozen=True, slots=True)
class _Difference:
    """How one section differs from the delivered text."""

    words: int
    is_own: bool
    key: tuple[tuple[bytes, ...], ...] = ()
    """Which words came and went, so that the same edit in many places is seen; empty where that says nothing."""


def _delivered(workspace: Workspace, document: Document) -> str | None:
    """The id under which the kit delivered a text; a copy under another id is told by half of its sections."""
    texts = workspace.generated.texts if workspace.generated else {}
    if document.id in texts:
        return document.id
    mine = {part.words for part in _sections(document.body) if part.is_written}
    shared = Counter(name for words in mine for name in _places(workspace).get(words, ()))
    best = max(shared, key=lambda name: (shared[name], name), default=None)
    return best if best is not None and shared[best] * 2 >= len(mine) else None


@kept_by_identity(most=2)
def _places(workspace: Workspace) -> Mapping[str, tuple[str, ...]]:
    """Delivered documents by the fingerprint of each of their sections."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, texts in workspace.generated.texts.items() if workspace.generated else ():
        for words in texts.values():
            found[words].append(name)
    return {words: tuple(names) for words, names in found.items()}


@kept_by_identity(most=2)
def _differences(workspace: Workspace) -> Mapping[str, Mapping[str, _Difference]]:
    """By document and heading, what differs; one edit that stands in more than SAME sections says nothing of any of them."""
    found: dict[str, dict[str, _Difference]] = {}
    generated = workspace.generated
    for document in workspace.documents if generated else ():
        name = _delivered(workspace, document)
        if name is None or generated is None:
            continue
        parts = _sections(document.body)
        texts = {squeezed(heading): words for heading, words in generated.texts[name].items()}
        if all(texts.get(squeezed(part.heading)) == part.words for part in parts):
            continue
        bags = {squeezed(heading): bag for heading, bag in generated.words.get(name, {}).items()}
        found[document.id] = dict(_compared(parts, texts, bags))
    often = Counter(change.key for changes in found.values() for change in changes.values() if change.key)
    return {
        name: {heading: change for heading, change in changes.items() if often[change.key] <= SAME}
        | {heading: _Difference(change.words, False) for heading, change in changes.items() if often[change.key] > SAME}
        for name, changes in found.items()
    }


def _compared(parts: tuple[_Part, ...], texts: Mapping[str, str], bags: Mapping[str, str]) -> Iterator[tuple[str, _Difference]]:
    """The sections of one text that are not as delivered; what only moved within the text is no difference."""
    then = {heading: _words(bag) for heading, bag in bags.items()}
    now = {squeezed(part.heading): _words(part.bag) for part in parts}
    before, after = (sum(side.values(), Counter[bytes]()) for side in (then, now))
    came, went = after - before, before - after
    for part in parts:
        heading = squeezed(part.heading)
        if texts.get(heading) == part.words or not part.is_written:
            continue
        if not bags:
            yield heading, _Difference(0, True)
            continue
        here, delivered = now[heading], then.get(heading, Counter[bytes]())
        added, removed = (here - delivered) & came, (delivered - here) & went
        words = added.total() + removed.total()
        if heading not in then and added.total() * 2 > here.total():
            yield heading, _Difference(words, True)  # a section that the kit's text does not have
            continue
        size = (delivered if heading in then else here).total()
        key = tuple(tuple(sorted(side.elements())) for side in (added, removed))
        yield heading, _Difference(words, words >= min(ENOUGH, max(LEAST, -(-size // SHARE))), key if words else ())


def _dropped(parts: tuple[_Part, ...], texts: Mapping[str, str], bags: Mapping[str, str]) -> Iterator[str]:
    """Headings of the kit under which nothing stands any more, and whose words are not elsewhere in the text."""
    here = {squeezed(part.heading) for part in parts if part.is_written or not bags}
    now = sum((_words(part.bag) for part in parts), Counter[bytes]())
    went = sum(map(_words, bags.values()), Counter[bytes]()) - now
    for heading in texts:
        if not heading or squeezed(heading) in here:
            continue
        words = _words(bags.get(heading, ""))
        if not bags or (words.total() >= LEAST and (words & went).total() * 2 > words.total()):
            yield heading


def _words(bag: str) -> Counter[bytes]:
    data = base64.b64decode(bag)
    return Counter(data[at : at + 2] for at in range(0, len(data), 2))
