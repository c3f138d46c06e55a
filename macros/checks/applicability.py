"""SOA: what the Statement of Applicability leaves out is used by nothing."""

from __future__ import annotations

from collections.abc import Iterator

from macros.checks.registry import Said, check
from macros.facts.computed import Facts
from macros.model.records.applicability import Applicability, SoaEntry

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
