"""Suppliers and customers in the AI life cycle."""

from __future__ import annotations

from macros.model.base import Day, Line, Model, RoleId, Text, record_id, refers_to


class Supplier(Model):
    """A supplier of an AI system, model, data or tool (ISO/IEC 42001, A.10.2 and A.10.3)."""

    id: record_id("SUP")
    name: Line
    supplies: Text
    about: tuple[refers_to("AIS"), ...]
    agreement: Text | None
    """The contract by its reference; null where there is none."""
    responsibilities: Text
    """Who answers for what in the life cycle."""
    checked: tuple[Text, ...]
    """What was checked against the responsible-AI approach."""
    owner: RoleId
    reviewed_on: Day | None
    next_review: Day | None


class Customer(Model):
    """What a group of customers needs and expects of the AI systems (A.10.4)."""

    id: record_id("CUS")
    group: Line
    about: tuple[refers_to("AIS"), ...]
    expects: Text
    source: Text
    """How the expectation is known."""
    answered_by: Text
    owner: RoleId
    asked_on: Day | None
