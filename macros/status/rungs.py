"""The rungs of the ladder, and what stands on one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Rung(str, Enum):
    """How far something has come, lowest first. Each rung asks for everything below it."""

    MISSING = "missing"
    """There is nothing."""
    TEMPLATE = "template"
    """There is what the kit generated, and nobody has decided on it."""
    TAILORED = "tailored"
    """The organisation decided what holds here."""
    APPROVED = "approved"
    """Whoever may say yes said so, it is in date, and it is unchanged since."""
    OPERATING = "operating"
    """Fresh evidence or records show that it is done."""
    AUDITED = "audited"
    """An audit of the present cycle covered it, and no major nonconformity is open."""

    @property
    def height(self) -> int:
        """0 for the lowest."""
        return _HEIGHTS[self]


_HEIGHTS = {rung: height for height, rung in enumerate(Rung)}


class PartKind(str, Enum):
    """What a part of a requirement's standing is."""

    DOCUMENT = "document"
    ISMS_DOCUMENT = "ISMS document"
    DECISION = "decision"
    REGISTER = "register"
    NOTHING = "nothing"
    OPERATION = "operation"
    AUDIT = "audit"
    BELOW = "requirement below it"


@dataclass(frozen=True, slots=True)
class NeededPart:
    """One thing that a requirement needs, how far it has come, why, and what would lift it."""

    kind: PartKind
    name: str
    """Id of the document or record, name of the register, or the requirement."""
    rung: Rung
    """As far as this part alone has come; for operation and audit, as far as they let the rest come."""
    why: str
    """A clause that says what shows it."""
    way_up: str
    """What would lift it by one rung, as an instruction; empty where it is as far as such a part can come."""
    told: bool = False
    """Whether a problem of its own already says what holds it back."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a requirement has come, with every part that it rests on."""

    requirement: str
    rung: Rung | None
    """None where the organisation decided that the control does not apply."""
    parts: tuple[NeededPart, ...]

    @property
    def holds_back(self) -> NeededPart | None:
        """The weakest part: the first on the lowest rung that can be lifted; None at the top and for what does not apply."""
        if self.rung is None:
            return None
        return min((part for part in self.parts if part.way_up), key=lambda part: part.rung.height, default=None)


def weakest(parts: Iterable[NeededPart]) -> Rung:
    """The rung of the weakest part; a part that cannot be lifted any further holds nothing back."""
    return min((part.rung for part in parts if part.way_up), key=lambda rung: rung.height, default=Rung.AUDITED)
