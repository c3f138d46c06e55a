"""How far a thing has come, as the data proves it: missing, template, tailored, approved, operating, audited."""

from macros.status.ladder import Ladder
from macros.status.rungs import NeededPart, PartKind, Rung, Standing

__all__ = ["Ladder", "NeededPart", "PartKind", "Rung", "Standing"]
