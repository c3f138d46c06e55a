"""Who has the authority over what: which role approves a path, who holds it, and what does CODEOWNERS say of both?"""

from macros.facts.authority.codeowners import as_codeowners, code_owners, own_lines
from macros.facts.authority.roles import (
    LEAD,
    TOP,
    approver_of_document,
    approver_of_path,
    approver_of_register,
    handle_of,
    held_role,
    holders,
    holders_on,
    is_person,
    roles_on,
)

__all__ = [
    "LEAD",
    "TOP",
    "approver_of_document",
    "approver_of_path",
    "approver_of_register",
    "as_codeowners",
    "code_owners",
    "handle_of",
    "held_role",
    "holders",
    "holders_on",
    "is_person",
    "own_lines",
    "roles_on",
]
