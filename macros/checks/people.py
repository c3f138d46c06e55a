"""REG2: an AI system in use has people who answer for it and watch it, and suppliers that are bound to something."""

from __future__ import annotations

from collections.abc import Iterator

from macros.checks.registry import Said, check
from macros.facts.computed import Facts
from macros.model.records.partners import Supplier
from macros.model.records.systems import AiSystem, Origin, Stage
from macros.model.workspace import Record
from macros.problem import Severity

_IN_USE = (Stage.DEPLOYMENT, Stage.OPERATION)
_NOT_YET_OR_NO_LONGER = (Stage.INCEPTION, Stage.RETIRED)


def _systems(facts: Facts) -> Iterator[tuple[Record[AiSystem], AiSystem]]:
    for record in facts.workspace.records(AiSystem):
        yield record, record.value


@check("REG208", "AI system in use is watched or owned by nobody", Severity.WARNING)
def nobody(facts: Facts) -> Iterator[Said]:
    """Human oversight is a person who can step in (ISO/IEC 42001, A.9.2 and A.3.2); a role that nobody holds steps in nowhere."""
    organisation = facts.workspace.organisation
    if not organisation:
        return
    gone = {person.id for person in organisation.value.people if person.left and person.left <= facts.today}
    roles = facts.workspace.role_by_id
    for record, system in _systems(facts):
        if system.stage not in _IN_USE:
            continue
        for keys, role, what in ((("owner",), system.owner, "owned"), (("oversight", "operator"), system.oversight.operator, "overseen")):
            if role in roles and not set(roles[role].held_by) - gone:
                yield (
                    record.data.at(*keys),
                    f"'{system.id}' {system.name} is in {system.stage.value}, {what} by the role '{role}', which nobody holds",
                    "name a holder of the role in 'org.yaml', or give the task to another role",
                )


@check("REG209", "AI system rests on a supplier that nothing binds", Severity.WARNING)
def unbound(facts: Facts) -> Iterator[Said]:
    """What a supplier answers for in the life cycle is agreed, and its record says where (ISO/IEC 42001, A.10.2 and A.10.3)."""
    if not facts.workspace.is_whole("registers"):
        return
    suppliers = list(facts.workspace.records(Supplier))
    supplied = {name for record in suppliers for name in record.value.about}
    used = {}
    for record, system in _systems(facts):
        if system.stage in _IN_USE:
            used[system.id] = system
        if system.origin is Origin.BOUGHT and system.stage not in _NOT_YET_OR_NO_LONGER and system.id not in supplied:
            yield (
                record.data.at("supplier"),
                f"'{system.id}' {system.name} is bought, and no record of a supplier is about it",
                "enter its supplier in 'registers/suppliers.yaml', with what was agreed and checked",
            )
    for bound in suppliers:
        supplier = bound.value
        resting = [name for name in supplier.about if name in used]
        if supplier.agreement is None and resting:
            system = used[resting[0]]
            yield (
                bound.data.at("agreement"),
                f"'{supplier.id}' {supplier.name} has no agreement, and '{system.id}' {system.name} is in {system.stage.value}",
                "agree who answers for what and enter the contract, or take the AI system out of use",
            )
