"""Numbers of clauses and controls as lists write them, and which edition of ISO/IEC 27001 they belong to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from macros.imports.sheets import Cell
from macros.imports.vocabulary import Unclear
from macros.model.catalogue import Catalogue, RequirementKind
from macros.problem import did_you_mean

STANDARD = "iso27001"

# Controls of ISO/IEC 27001:2013 per control objective; 114 in all.
_OBJECTIVES_2013 = {
    "A.5.1": 2, "A.6.1": 5, "A.6.2": 2, "A.7.1": 2, "A.7.2": 3, "A.7.3": 1, "A.8.1": 4, "A.8.2": 3, "A.8.3": 3, "A.9.1": 2,
    "A.9.2": 6, "A.9.3": 1, "A.9.4": 5, "A.10.1": 2, "A.11.1": 6, "A.11.2": 9, "A.12.1": 4, "A.12.2": 1, "A.12.3": 1, "A.12.4": 4,
    "A.12.5": 1, "A.12.6": 2, "A.12.7": 1, "A.13.1": 3, "A.13.2": 4, "A.14.1": 3, "A.14.2": 9, "A.14.3": 1, "A.15.1": 3, "A.15.2": 2,
    "A.16.1": 7, "A.17.1": 3, "A.17.2": 1, "A.18.1": 5, "A.18.2": 3,
}  # fmt: skip
CONTROLS_2013 = frozenset(f"{above}.{number}" for above, count in _OBJECTIVES_2013.items() for number in range(1, count + 1))
_AREAS_2013 = frozenset(f"A.{number}" for number in range(9, 19))
_ONLY_2013 = CONTROLS_2013 | frozenset(_OBJECTIVES_2013) | _AREAS_2013

_PARTS = re.compile(r"[,;\n|+]+|\s(?:and|y|e|&)\s|\s?/\s?(?=(?:a\.?)?\d)|\s/\s")
_STANDARD = (
    r"(?P<standard>(?:(?:une|en)[ -]*)*(?:iso(?:\s?/\s?iec)?[ -]*)?2700[12](?:\s?[:-]\s?(?P<year>20\d\d))?(?:/[a-z]+\s?\d*)?[:\s,-]*)"
)
_OLD_YEARS = ("2005", "2013")
_TOKEN = re.compile(
    _STANDARD
    + r"""?(?P<word>(?:annex|anexo|control|clause|clausula|apartado|section|seccion|cl\.|cl|§)[\s:.]*)?
    (?P<annex>a[.\s-]{0,2}(?=\d))?
    (?P<number>\d{1,2}(?:\.\d{1,2})*)
    (?P<rest>\.?$|\.?[\s\-–—:)(].*|[a-h]\)?$)""",
    re.VERBOSE | re.DOTALL,
)
_RANGE = re.compile(
    r"(?P<first>(?:a[.\s]?)?\d{1,2}\.\d{1,2})\s?(?:-|–|—|\.\.\.?|to|a|al|hasta)\s?(?P<last>(?:a[.\s]?)?\d{1,2}\.\d{1,2}|\d{1,2})"
)
_CLAUSE_WORDS = ("clause", "clausula", "apartado", "section", "seccion", "cl", "§")


@dataclass(frozen=True, slots=True)
class Numbers:
    """What one cell names."""

    requirements: tuple[str, ...]
    """Numbers that the 2022 catalogue has, such as `A.5.1`."""
    only_2022: tuple[str, ...]
    """Of these, controls that no control or control objective of the 2013 edition shares its number with."""
    shared: tuple[str, ...]
    """Of these, controls whose number is a control objective in the 2013 edition."""
    only_2013: tuple[str, ...]
    """Numbers that the 2013 edition alone has, as they are written."""


class Reader:
    """Reads cells against the catalogue of ISO/IEC 27001:2022."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.order = {requirement.id: index for index, requirement in enumerate(catalogue.requirements)}
        self.kinds = {requirement.id: requirement.kind for requirement in catalogue.requirements}

    def is_control(self, number: str) -> bool:
        """Whether a number is a control, and no clause or group of controls."""
        return self.kinds.get(number) is RequirementKind.CONTROL

    def leaves(self, number: str) -> tuple[str, ...]:
        """The parts that a requirement stands for; itself where it has none."""
        parts = [other for other in self.order if other.startswith(number + ".")]
        return tuple(part for part in parts if not any(other.startswith(part + ".") for other in parts)) or (number,)

    def read(self, cell: Cell, column: str) -> Numbers:
        """The numbers in a cell.

        Args:
            cell: The cell.
            column: `control`, `clause`, or `requirement` where the heading does not say which.

        Raises:
            Unclear: A part of the cell names nothing that is known, or could name two things.
        """
        found: list[str] = []
        old: list[str] = []
        for part in self._parts(cell.text):
            for number, writing, edition in self._readings(part, column):
                if edition == 2013:
                    old.append(writing)
                else:
                    self._refuse_loose(cell, number)
                    found.append(number)
        requirements = tuple(sorted(set(found), key=self.order.__getitem__))
        controls = [number for number in requirements if number.startswith("A.")]
        return Numbers(
            requirements,
            tuple(number for number in controls if number not in _OBJECTIVES_2013 and self.is_control(number)),
            tuple(number for number in controls if number in _OBJECTIVES_2013),
            tuple(old),
        )

    def _parts(self, text: str) -> Iterator[str]:
        """Pieces between separators; a piece without a digit belongs to the title before it."""
        start, first = 0, True
        for match in [*_PARTS.finditer(_folded(text)), None]:
            piece = text[start : match.start() if match else len(text)].strip(" .")
            start = match.end() if match else start
            if piece and (first or any(c.isdigit() for c in piece)):
                yield piece
            first = first and not piece

    def _readings(self, part: str, column: str) -> Iterator[tuple[str, str, int]]:
        folded = _folded(part)
        if spread := _RANGE.fullmatch(folded):
            yield from self._spread(part, spread["first"], spread["last"], column)
            return
        if alone := re.fullmatch(_STANDARD, folded, re.VERBOSE):
            if alone["year"] in _OLD_YEARS:
                yield part, part, 2013
            return
        match = _TOKEN.fullmatch(folded)
        if match is None:
            raise Unclear(f"'{part}' is no number of ISO/IEC 27001", "write clause or control, such as 5.2 or A.5.1")
        yield self._placed(match, part[: match.start("rest")].strip(), column)
        rest = part[match.start("rest") :]
        more = re.search(r"(?:^|(?<=\s))a[. ]?\d+\.\d", _folded(rest)) or re.match(r"\s+(?=\d+\.\d)", rest)
        if more:
            yield from self._readings(rest[more.start() :].strip(), column)

    def _placed(self, match: re.Match[str], writing: str, column: str) -> tuple[str, str, int]:
        number, word = match["number"], (match["word"] or "").strip(" .:")
        as_control = f"A.{number}"
        if match["year"] in _OLD_YEARS:
            return number, writing, 2013
        qualified = match["standard"] == f"{STANDARD}:" and not word
        if match["annex"] or word in ("annex", "anexo", "control"):
            return self._control(as_control, writing)
        if word in _CLAUSE_WORDS or qualified or column == "clause":
            return self._clause(number, writing)
        if column == "control":
            return self._control(as_control, writing)
        if number in self.order and as_control in self.order:
            raise Unclear(
                f"'{writing}' may be clause {number} or control {as_control}",
                f"write 'clause {number}' or '{as_control}', or give clauses and controls a column each",
            )
        if number in self.order:
            return number, writing, 2022
        return self._control(as_control, writing)

    def _control(self, number: str, writing: str) -> tuple[str, str, int]:
        if number in self.order:
            return number, writing, 2022
        if number in _ONLY_2013:
            return number, writing, 2013
        known = [other for other in self.order if other.startswith("A.")]
        raise Unclear(
            f"'{writing}' is no control of ISO/IEC 27001:2022", did_you_mean(number, known, "take the number from 'controls/iso27001.yaml'")
        )

    def _clause(self, number: str, writing: str) -> tuple[str, str, int]:
        if number in self.order:
            return number, writing, 2022
        if f"A.{number}" in self.order:
            raise Unclear(f"'{writing}' is no clause of ISO/IEC 27001:2022", f"write 'A.{number}' where the control is meant")
        if f"A.{number}" in _ONLY_2013:
            return f"A.{number}", writing, 2013
        raise Unclear(f"'{writing}' is no clause of ISO/IEC 27001:2022", "take the number from 'controls/iso27001.yaml'")

    def _spread(self, part: str, first: str, last: str, column: str) -> Iterator[tuple[str, str, int]]:
        last = last if "." in last else f"{first.rsplit('.', 1)[0]}.{last}"
        ends = []
        for end in (first, last if last.startswith("a") or not first.startswith("a") else f"a.{last}"):
            match = _TOKEN.fullmatch(end)
            assert match
            ends.append(self._placed(match, part, column))
        (start, _, edition), (end, _, other) = ends
        if edition == 2013 or other == 2013:
            yield start, part, 2013
            return
        above, low = start.rsplit(".", 1)
        if end.rsplit(".", 1)[0] != above or int(low) >= int(end.rsplit(".", 1)[1]):
            raise Unclear(f"'{part}' is no range of numbers", "write each number")
        for step in range(int(low), int(end.rsplit(".", 1)[1]) + 1):
            number = f"{above}.{step}"
            if number in self.order:
                yield number, part, 2022

    def _refuse_loose(self, cell: Cell, number: str) -> None:
        """A number cell shows 5.1 for 5.10 too."""
        if cell.loose_number and number.startswith("A.") and f"{number}0" in self.order:
            raise Unclear(
                f"the cell holds the number {cell.text}, which a spreadsheet also makes of {cell.text}0",
                "give the column the format 'Text' and write the number anew",
            )


def _folded(text: str) -> str:
    """Lower case without accents, character by character, so that places in it are places in the text."""
    return "".join(unicodedata.normalize("NFKD", c).lower()[:1] or c for c in text)
