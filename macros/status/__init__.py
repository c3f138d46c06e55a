"""How far a thing has come, as the data proves it: missing, template, tailored, approved, operating, audited."""

from macros.status.ladder import Ladder
from macros.status.rungs import Part, PartKind, Rung, Standing

__all__ = ["Ladder", "Part", "PartKind", "Rung", "Standing"]
