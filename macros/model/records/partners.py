"""Suppliers and customers in the AI life cycle."""

from __future__ import annotations

import datetime
from typing import Annotated

from macros.model.base import AiSystemId, Day, Line, RoleId, Text, record_id
from macros.model.records.common import Named, Numbered


class Supplier(Named):
    """A supplier of an AI system, model, data or tool (ISO/IEC 42001, A.10.2 and A.10.3)."""

    id: Annotated[str, record_id("SUP")]
    name: Line
    supplies: Text
    about: tuple[AiSystemId, ...]
    agreement: Text | None
    """The contract by its reference; null where there is none."""
    responsibilities: Text
    """Who answers for what in the life cycle."""
    checked: tuple[Text, ...]
    """What was checked against the responsible-AI approach."""
    owner: RoleId
    reviewed_on: Day | None
    next_review: Day | None

    @property
    def looked_at(self) -> datetime.date | None:
        return self.reviewed_on


class Customer(Numbered):
    """What a group of customers needs and expects of the AI systems (A.10.4)."""

    id: Annotated[str, record_id("CUS")]
    group: Line
    about: tuple[AiSystemId, ...]
    expects: Text
    source: Text
    """How the expectation is known."""
    answered_by: Text
    owner: RoleId
    asked_on: Day | None

    @property
    def label(self) -> str:
        return self.group

    @property
    def looked_at(self) -> datetime.date | None:
        return self.asked_on
