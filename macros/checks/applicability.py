"""SOA: what the Statement of Applicability leaves out is used by nothing."""

from __future__ import annotations

from collections.abc import Iterator

from macros.checks.registry import Said, check
from macros.facts.computed import Facts
from macros.model.records.applicability import Applicability, SoaEntry
from macros.problem import Severity

_NAMED = 3
"""How many users of a control a message names."""


@check("SOA110", "Excluded control is in use")
def excluded_in_use(facts: Facts) -> Iterator[Said]:
    """What a clause needs, or a risk, document, dataset, obligation or AI system uses, is part of the management system (6.1.3)."""
    for record in facts.workspace.records(SoaEntry):
        entry = record.value
        users = facts.soa_users.get(entry.control, ())
        if entry.applicability is Applicability.EXCLUDED and users:
            named = ", ".join(user.why for user in users[:_NAMED])
            more = f" and {len(users) - _NAMED} more" if len(users) > _NAMED else ""
            yield (
                record.data.at("applicability"),
                f"'{entry.control}' is excluded, and used by {named}{more}",
                "include it, or change what uses it first",
            )


@check("SOA111", "Two Statements of Applicability are in force")
def two_in_force(facts: Facts) -> Iterator[Said]:
    """A certificate cites one statement with its version and day; where the ISMS keeps another for the same controls, they part."""
    found = facts.statement
    if found is None or found.head.value.approved is None:
        return
    for paper in found.others:
        title = found.head.value.title
        yield (
            paper.data.at("status"),
            f"'{paper.id}' {paper.value.title} is confirmed, and the {title} here ({found.head.path}) is approved for the same controls",
            f"set '{paper.id}' to replaced, or take the approval out of the register until it takes the place of the other",
        )


@check("SOA112", "Approval of the Statement of Applicability does not hold", Severity.WARNING)
def not_in_force(facts: Facts) -> Iterator[Said]:
    """The version that a certificate cites is approved by top management, with every row as it was decided by then (6.1.3)."""
    found = facts.statement
    if found is not None and found.fault and facts.workspace.is_whole("org.yaml"):
        yield (
            found.head.at("approved" if found.head.value.approved else "version"),
            f"the {found.head.value.title} is not in force: {found.fault}",
            "enter version, approver and day of the statement as it was approved, or set both to null until it is",
        )
