"""CODEOWNERS beside a change, so that what is new or gone does not leave it out of date."""

from __future__ import annotations

from macros.facts.authority import as_codeowners
from macros.facts.authority.codeowners import FILE
from macros.imports.write import Files
from macros.model.workspace import Workspace


def owners_after(before: Workspace, after: Workspace) -> Files:
    """CODEOWNERS as it has to be after a change; nothing where that changes nothing, or where it was not as the roles say before."""
    text = as_codeowners(after)
    return {FILE: text.encode("utf-8")} if before.texts.get(FILE) == as_codeowners(before) != text else {}
