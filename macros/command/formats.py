"""Problems as text, JSON, Markdown, and annotations of GitHub."""

from __future__ import annotations

import json
from collections.abc import Callable

from macros.problem import Problem
from macros.render.problems import problems_table

Problems = tuple[Problem, ...]


def as_text(problems: Problems) -> str:
    """One line a problem: `path:line: CODE message; way out`, notes marked as such."""
    return "".join(f"{problem}{' (note)' if problem.severity.value == 'note' else ''}\n" for problem in problems)


def as_json(problems: Problems) -> str:
    """An object with the list `problems`."""
    rows = [
        {
            "code": problem.code,
            "severity": problem.severity.value,
            "path": problem.location.path,
            "line": problem.location.line,
            "message": problem.message,
            "way_out": problem.way_out,
        }
        for problem in problems
    ]
    return json.dumps({"problems": rows}, ensure_ascii=False, indent=2) + "\n"


def as_markdown(problems: Problems) -> str:
    """Tables under a heading for each weight."""
    return problems_table(problems) + "\n"


def as_github(problems: Problems) -> str:
    """Workflow commands, escaped as the actions toolkit does (packages/core/src/command.ts)."""
    level = {"error": "error", "warning": "warning", "note": "notice"}
    return "".join(
        f"::{level[problem.severity.value]} file={_property(problem.location.path)},line={problem.location.line},"
        f"title={_property(problem.code)}::{_data(f'{problem.message}; {problem.way_out}')}\n"
        for problem in problems
    )


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


FORMATS: dict[str, Callable[[Problems], str]] = {"text": as_text, "json": as_json, "markdown": as_markdown, "github": as_github}
