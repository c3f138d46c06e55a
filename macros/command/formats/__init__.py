"""Problems as text and tables for people, and as reports that forges and CI systems read."""

from __future__ import annotations

from collections.abc import Callable

from macros.command.formats.forges import as_github, as_gitlab
from macros.command.formats.junit import as_junit
from macros.command.formats.sarif import as_sarif
from macros.command.formats.text import as_json, as_markdown, as_text
from macros.problem import Problem

__all__ = ["FORMATS", "as_github", "as_gitlab", "as_json", "as_junit", "as_markdown", "as_sarif", "as_text"]

FORMATS: dict[str, Callable[[tuple[Problem, ...]], str]] = {
    "text": as_text,
    "json": as_json,
    "markdown": as_markdown,
    "github": as_github,
    "gitlab": as_gitlab,
    "sarif": as_sarif,
    "junit": as_junit,
}
