"""Text for a terminal and for the log of a job, where escape sequences and lines that begin like a command would act."""

from __future__ import annotations

import re
from collections.abc import Iterable

from macros.encode.characters import visible

_AT_START = re.compile(r"^(\s*):(?=:)")
"""GitHub takes a line for a command that begins with two colons behind any white space (actions/runner, ActionCommand.cs)."""
_ANYWHERE = re.compile(r"(?<=#)(?=\[)|(?<=##)(?=(?:vso|teamcity)\[)", re.IGNORECASE)
"""The older form `##[name]` of GitHub and Azure, anywhere in a line; `##vso[` and `##teamcity[`."""


def line(value: object) -> str:
    """One line of text: characters that act are shown by their number, and no job takes it for a command."""
    return _AT_START.sub(r"\1: ", _ANYWHERE.sub(" ", visible(str(value))))


def lines(values: Iterable[object]) -> str:
    """Lines of text, each made safe and ended; a line break inside one is a space."""
    return "".join(f"{line(value)}\n" for value in values)


def annotation(value: object) -> str:
    """The message of a workflow command of GitHub, escaped as its toolkit does (packages/core/src/command.ts)."""
    return line(str(value).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def property(value: object) -> str:  # noqa: A001  # what GitHub calls it
    """A property of a workflow command of GitHub."""
    return annotation(value).replace(":", "%3A").replace(",", "%2C")
