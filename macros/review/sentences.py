"""Sentences of a document under their headings, and what a change of one sentence does to an obligation."""

from __future__ import annotations

import bisect
import difflib
import functools
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from macros.model.numbering import IN_TEXT, natural
from macros.model.workspace import Document, Workspace
from macros.text.sentences import sentences_in

_FORCE = re.compile(r"\b(shall not|must not|may not|should not|shall|must|should|may|can)\b", re.IGNORECASE)
_STRENGTH = {"shall": 3, "must": 3, "shall not": 3, "must not": 3, "may not": 3, "should": 2, "should not": 2, "may": 1, "can": 1}
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_UNITS = "second|minute|hour|day|week|month|quarter|year"
_WRITTEN = re.compile(rf"\b({'|'.join(_WORDS)})(?=\s+(?:working\s+)?(?:{_UNITS})s?\b)", re.IGNORECASE)
_NUMBER = re.compile(rf"(?<![\w.:-])(\d+(?:[.,]\d+)?)(?:(?:\s+|&nbsp;)?(?:working\s+)?(percent\b|%|(?:{_UNITS})s?\b))?", re.IGNORECASE)
_TIME = re.compile(rf"^(?:{_UNITS})s?$", re.IGNORECASE)
_FLOOR = re.compile(r"\b(?:at least|not less|no less|no fewer|minimum|kept for|retained for)\b", re.IGNORECASE)
_NOT = re.compile(r"\b(?:not|no|never|neither|nor|cannot|without|nobody|none)\b", re.IGNORECASE)
_CALL = re.compile(r"\{\{\s*+([\w.]++)\s*+(?:\(\s*+(?:\"([^\"(){}]*+)\")?[^(){}]*+\)\s*+)?\}\}")
BEGINNING = "Beginning"
"""What stands for a heading above the first one."""
_COMPARED = 100_000
"""Most pairs of sentences that are compared for likeness."""
_EFFORT = 20_000_000
"""Most words, and pairs of words, that are looked at for it; sentences that come later are not paired."""
_LONG = 20_000
"""Most characters of a sentence that is compared for likeness."""


class Effect(str, Enum):
    """What a changed sentence changes."""

    FORCE = "force"
    THRESHOLD = "threshold"
    DEADLINE = "deadline"
    PARAMETER = "parameter"
    ROLE = "role"
    REQUIREMENT = "requirement"
    NEGATION = "negation"
    SCOPE = "scope"


@functools.lru_cache(maxsize=65_536)
def _obliges(text: str) -> bool:
    return any(word.lower() != "can" for word in _FORCE.findall(text))


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, as it is read."""

    heading: str
    text: str
    """With the values of parameters and the titles of roles and documents."""
    raw: str
    """As it is written, with macro calls."""
    line: int

    @property
    def is_heading(self) -> bool:
        """Whether it is the heading itself."""
        return self.raw.startswith("#")

    @property
    def obliges(self) -> bool:
        """Whether it demands, recommends, permits or forbids; `can` alone says only what is possible."""
        return _obliges(self.text)


@dataclass(frozen=True, slots=True)
class SentenceChange:
    """A sentence that was added, removed or altered, with what that changes."""

    heading: str
    old: Sentence | None
    new: Sentence | None
    effects: tuple[tuple[Effect, str], ...]
    """Kind and a sentence that says what changed, in the order of weight."""

    @property
    def word(self) -> str:
        """added, removed or altered."""
        return "added" if self.old is None else "removed" if self.new is None else "altered"

    @property
    def obliges(self) -> bool:
        """Whether an obligation is touched: one side obliges, or an effect is known."""
        return bool(self.effects) or bool(self.old and self.old.obliges) or bool(self.new and self.new.obliges)

    @property
    def weakens(self) -> bool:
        """Whether the organisation promises less than before."""
        if self.new is None:
            return bool(self.old and self.old.obliges)
        less = ("shorter", "lowered") if self.old and _FLOOR.search(self.old.text) else ("longer", "raised")
        return any("softened" in said or (effect in _AMOUNTS and any(word in said for word in less)) for effect, said in self.effects)

    @property
    def reverses(self) -> bool:
        """Whether it may now say the opposite."""
        return any(effect is Effect.NEGATION for effect, _ in self.effects)


_AMOUNTS = (Effect.DEADLINE, Effect.THRESHOLD)


def sentences(document: Document, workspace: Workspace) -> tuple[Sentence, ...]:
    """Every sentence that a reader sees, in order, wherever its lines are broken; code and hidden text are none."""
    read = reader(workspace)
    return tuple(
        Sentence(read(heading) or BEGINNING, read(text), f"{'#' * level} {text}" if level else text, line)
        for heading, text, line, level in sentences_in(document.body, document.body_line)
    )


def reader(workspace: Workspace) -> Callable[[str], str]:
    """Puts macro calls into the words that a reader sees."""

    def word(match: re.Match[str]) -> str:
        name, argument = match.group(1), match.group(2) or ""
        if name == "param":
            return str(workspace.parameter(argument)) if argument in workspace.parameters else f"[{argument}]"
        if name == "role" and argument in workspace.role_by_id:
            return workspace.role_by_id[argument].title
        if name == "document" and argument in workspace.document_by_id:
            return workspace.document_by_id[argument].head.value.title
        if name == "register_page" and argument in workspace.registers:
            return workspace.registers[argument].head.value.title
        if name == "record" and argument in workspace.record_by_id:
            record = workspace.record_by_id[argument]
            return record.value.label
        if name == "org.name" and workspace.organisation:
            return workspace.organisation.value.name
        return argument

    return lambda text: _CALL.sub(word, text)


def compare(old: tuple[Sentence, ...], new: tuple[Sentence, ...]) -> tuple[tuple[SentenceChange, ...], int]:
    """Changes of meaning in the order of the new text, and how many changes were editorial.

    A sentence that only moved, or in which only case, punctuation or spelling changed, is editorial.
    """
    changes: list[SentenceChange] = []
    removed, added = _unmatched(old, new)
    editorial = len(old) - len(removed) - _in_order(old, new)
    pairs, rest_old, rest_new = _pairs(removed, added)
    for before, after in pairs:
        effects = _effects(before, after)
        if not effects and _is_editorial(before.raw, after.raw):
            editorial += 1
        else:
            changes.append(SentenceChange(after.heading, before, after, effects))
    changes += [SentenceChange(sentence.heading, sentence, None, _alone(sentence)) for sentence in rest_old]
    changes += [SentenceChange(sentence.heading, None, sentence, _alone(sentence)) for sentence in rest_new]
    changes.sort(key=lambda change: shown.line if (shown := change.new or change.old) else 0)
    return tuple(changes), editorial


def _unmatched(old: tuple[Sentence, ...], new: tuple[Sentence, ...]) -> tuple[list[Sentence], list[Sentence]]:
    """What is left of both sides when equal sentences are taken away, wherever they stand.

    Equal is what is written equally: a sentence that only reads differently because a parameter changed is
    reported with the parameter.
    """
    left: dict[str, int] = {}
    for sentence in new:
        key = sentence.raw
        left[key] = left.get(key, 0) + 1
    removed = []
    for sentence in old:
        key = sentence.raw
        if left.get(key):
            left[key] -= 1
        else:
            removed.append(sentence)
    added = []
    for sentence in reversed(new):
        key = sentence.raw
        if left.get(key):
            left[key] -= 1
            added.append(sentence)
    return removed, list(reversed(added))


def _in_order(old: tuple[Sentence, ...], new: tuple[Sentence, ...]) -> int:
    """How many equal sentences stand in the same order on both sides; the other equal ones have moved."""
    places: dict[str, list[int]] = {}
    for at in range(len(new) - 1, -1, -1):
        places.setdefault(new[at].raw, []).append(at)
    ends: list[int] = []  # the smallest end of a rising run of each length
    for sentence in old:
        if places.get(sentence.raw):
            at = places[sentence.raw].pop()
            where = bisect.bisect_left(ends, at)
            ends[where : where + 1] = [at]
    return len(ends)


def _pairs(removed: list[Sentence], added: list[Sentence]) -> tuple[list[tuple[Sentence, Sentence]], list[Sentence], list[Sentence]]:
    """Old and new forms of the same sentence: the most alike first, under the same heading before others.

    Where there are so many that comparing each with each would take minutes, none is paired: all are removed or added.
    """
    scored = []
    if len(removed) * len(added) > _COMPARED:
        return [], removed, added
    effort = _EFFORT
    matcher = difflib.SequenceMatcher[str](None, autojunk=False)
    for j, after in enumerate(added):
        new = after.text.split()
        matcher.set_seq2(new)  # what is kept of it serves all comparisons
        counts = Counter(new)
        for i, before in enumerate(removed):
            if before.is_heading != after.is_heading or max(len(before.text), len(after.text)) > _LONG:
                continue
            old = before.text.split()
            matcher.set_seq1(old)
            effort -= len(old) + len(new)
            likeness = matcher.quick_ratio() if effort > 0 else 0.0  # never less than the likeness itself
            if likeness >= 0.34:
                effort -= _effort(old, counts, len(new))
                likeness = matcher.ratio() if effort > 0 else 0.0
            if likeness >= 0.5 or (len(before.text.split()) < 6 and likeness >= 0.34):
                scored.append((likeness + (0.2 if before.heading == after.heading else 0.0), -i, -j))
    scored.sort(reverse=True)
    used_old: set[int] = set()
    used_new: set[int] = set()
    pairs = []
    for _, i, j in scored:
        if -i not in used_old and -j not in used_new:
            used_old.add(-i)
            used_new.add(-j)
            pairs.append((removed[-i], added[-j]))
    pairs.sort(key=lambda pair: pair[1].line)
    return pairs, [s for i, s in enumerate(removed) if i not in used_old], [s for j, s in enumerate(added) if j not in used_new]


def _effort(old: list[str], counts: Counter[str], new: int) -> int:
    """How many pairs of equal words it may look at: words that stand often on both sides are tried with each other again and again."""
    return sum(counts[word] for word in old) * (1 + min(len(old), new) // 4)


def _is_editorial(old: str, new: str) -> bool:
    before, after = _letters(old), _letters(new)
    if before == after:
        return True
    if len(before) != len(after):
        return False
    return all(_is_spelling(a, b) for a, b in zip(before, after, strict=True))


def _is_spelling(old: str, new: str) -> bool:
    """Whether two words differ in one letter, or in two that changed places, behind the first; `lawful` and `unlawful` do not."""
    if old == new:
        return True
    if min(len(old), len(new)) < 5 or old[0] != new[0] or any(char.isdigit() for char in old + new):
        return False
    if len(old) == len(new):
        places = [at for at in range(len(old)) if old[at] != new[at]]
        swapped = len(places) == 2 and places[1] == places[0] + 1 and old[places[0]] + old[places[1]] == new[places[1]] + new[places[0]]
        return len(places) == 1 or swapped
    long, short = (old, new) if len(old) > len(new) else (new, old)
    return len(long) == len(short) + 1 and any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def _letters(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())


def _alone(sentence: Sentence) -> tuple[tuple[Effect, str], ...]:
    if sentence.heading == "Scope":
        return ((Effect.SCOPE, "it stands in the scope"),)
    return ()


def _effects(old: Sentence, new: Sentence) -> tuple[tuple[Effect, str], ...]:
    found: list[tuple[Effect, str]] = []
    found += _force(old.text, new.text)
    found += _negation(old.text, new.text)
    found += _numbers(_CALL.sub("", old.raw), _CALL.sub("", new.raw))
    found += _names(old.raw, new.raw, "param", Effect.PARAMETER, "parameter")
    found += _names(old.raw, new.raw, "role", Effect.ROLE, "role")
    found += _ids(old.raw, new.raw)
    if new.heading == "Scope" and not _is_editorial(old.raw, new.raw):
        found.append((Effect.SCOPE, "it stands in the scope"))
    return tuple(found)


def _force(old: str, new: str) -> Iterator[tuple[Effect, str]]:
    before, after = _forces(old), _forces(new)
    if before == after or _positive(before) == _positive(after):
        return
    strong, weak = sum(_STRENGTH[word] for word in before), sum(_STRENGTH[word] for word in after)
    way = "softened" if weak < strong else "hardened" if weak > strong else "changed"
    lost, gained = list((Counter(before) - Counter(after)).elements()), list((Counter(after) - Counter(before)).elements())
    was, now = (f"'{', '.join(words)}'" for words in (lost, gained))
    if lost and gained:
        yield Effect.FORCE, f"{way} from {was} to {now}"
    elif lost:
        yield Effect.FORCE, f"{way}: {was} was dropped"
    elif gained:
        yield Effect.FORCE, f"{way}: {now} was added"


def _forces(text: str) -> list[str]:
    return [match.lower() for match in _FORCE.findall(text)]


def _positive(words: list[str]) -> list[str]:
    return [word.removesuffix(" not") for word in words]


def _negation(old: str, new: str) -> Iterator[tuple[Effect, str]]:
    before, after = len(_NOT.findall(old)), len(_NOT.findall(new))
    if before != after and len(_forces(old)) == len(_forces(new)):
        yield Effect.NEGATION, "a 'not' or 'no' was dropped" if after < before else "a 'not' or 'no' was added"


def _numbers(old: str, new: str) -> Iterator[tuple[Effect, str]]:
    before, after = _NUMBER.findall(_figures(old)), _NUMBER.findall(_figures(new))
    if [number for number, _ in before] == [number for number, _ in after] and [u for _, u in before if _TIME.match(u)] == [
        u for _, u in after if _TIME.match(u)
    ]:
        return
    if len(before) == len(after):
        for (was, unit_was), (now, unit_now) in zip(before, after, strict=True):
            if (was, unit_was) != (now, unit_now) and (was != now or _TIME.match(unit_was or "") or _TIME.match(unit_now or "")):
                time = bool(_TIME.match(unit_now) or _TIME.match(unit_was))
                way = _way(was, now, time) if unit_was == unit_now else "changed"
                yield (
                    (Effect.DEADLINE if time else Effect.THRESHOLD),
                    f"{way} from {f'{was} {unit_was}'.strip()} to {f'{now} {unit_now}'.strip()}",
                )
    else:
        was_there, is_there = set(before), set(after)
        lost = [f"{n} {u}".strip() for n, u in before if (n, u) not in is_there]
        gained = [f"{n} {u}".strip() for n, u in after if (n, u) not in was_there]
        if lost or gained:
            yield Effect.THRESHOLD, f"figures changed: {', '.join(lost) or 'none'} to {', '.join(gained) or 'none'}"


def _figures(text: str) -> str:
    """With written numbers before a unit of time as figures."""
    return _WRITTEN.sub(lambda match: str(_WORDS.index(match.group(1).lower()) + 1), text)


def _way(was: str, now: str, time: bool) -> str:
    before, after = float(was.replace(",", ".")), float(now.replace(",", "."))
    if time:
        return "made longer" if after > before else "made shorter"
    return "raised" if after > before else "lowered"


def _names(old: str, new: str, macro: str, effect: Effect, word: str) -> Iterator[tuple[Effect, str]]:
    before = [argument for name, argument in _CALL.findall(old) if name == macro]
    after = [argument for name, argument in _CALL.findall(new) if name == macro]
    if before != after and sorted(before) != sorted(after):
        was_there, is_there = set(before), set(after)
        lost, gained = [n for n in before if n not in is_there], [n for n in after if n not in was_there]
        yield effect, f"{word} changed from {', '.join(lost) or 'none'} to {', '.join(gained) or 'none'}"


def _ids(old: str, new: str) -> Iterator[tuple[Effect, str]]:
    pattern = re.compile(r"(?<![a-z0-9-])[a-z0-9-]++:[A-Z0-9][\w.]*|\b[A-Z]{2,3}-" + IN_TEXT)
    before, after = set(pattern.findall(old)), set(pattern.findall(new))
    if before != after:
        lost, gained = (", ".join(sorted(ids, key=natural)) or "none" for ids in (before - after, after - before))
        yield Effect.REQUIREMENT, f"reference changed from {lost} to {gained}"
