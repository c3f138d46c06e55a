"""Sentences of a list name requirements as the registers do: with their catalogue."""

from __future__ import annotations

import re

from macros.imports.vocabulary import Unclear
from macros.model.workspace import Workspace
from macros.problem import did_you_mean

_BARE = re.compile(r"(?<![:\w.])A\.\d{1,2}(?:\.\d{1,2}){1,3}(?![\w-])")
_NAMED = re.compile(r"(?<![\w-])([a-z0-9]+(?:-[a-z0-9]+)*):[A-Za-z0-9]+(?:[.\-][A-Za-z0-9]+)*")


def qualified(workspace: Workspace, text: str) -> str:
    """The text with `A.5.1` written as `iso27001:A.5.1`, which is what it means in a list of an ISMS.

    Raises:
        Unclear: The text names a requirement that no catalogue here has, so that `check` would refuse it.
    """
    known = workspace.requirements
    for named in _NAMED.finditer(text):
        if named[1] in workspace.catalogues and named[0] not in known:
            raise Unclear(
                f"the text names unknown requirement '{named[0]}'", did_you_mean(named[0], known, "take the number from its catalogue")
            )
    for bare in _BARE.findall(text):
        if f"iso27001:{bare}" not in known:
            raise Unclear(f"the text names '{bare}', which is no control of ISO/IEC 27001:2022", "write the control of the 2022 edition")
    return _BARE.sub(lambda match: f"iso27001:{match.group()}", text)
