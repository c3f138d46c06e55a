"""Whether an AI system may go to a stage of its life cycle: the verdict, and the proofs that it rests on."""

from macros.gate.verdict import STAGES, gate, moves, next_stage

__all__ = ["STAGES", "gate", "moves", "next_stage"]
