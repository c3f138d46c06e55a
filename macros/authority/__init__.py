"""Who has the authority over what: the approving role of a path, its holders, and CODEOWNERS made from both."""

from macros.authority.codeowners import as_codeowners, code_owners, own_lines
from macros.authority.roles import (
    LEAD,
    TOP,
    approver_of_document,
    approver_of_path,
    approver_of_register,
    handle_of,
    held_role,
    holders,
    is_person,
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
    "is_person",
    "own_lines",
]
