"""Problems as lines, as JSON of our own, and as Markdown tables."""

from __future__ import annotations

import json
import unicodedata

from macros.problem import Problem, Severity
from macros.render.problems import problems_table


def one_line(text: str) -> str:
    """Text with a space for every line break and control character.

    A title may hold a line break; left as it is, what follows could pass for another problem, a command to
    the CI system that reads the log, or one to the terminal.
    """
    return "".join(" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in text)


def as_text(problems: tuple[Problem, ...]) -> str:
    """One line a problem: `path:line: CODE message; way out`, notes marked as such."""
    return "".join(f"{one_line(str(problem))}{' (note)' if problem.severity is Severity.NOTE else ''}\n" for problem in problems)


def as_json(problems: tuple[Problem, ...]) -> str:
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


def as_markdown(problems: tuple[Problem, ...]) -> str:
    """Tables under a heading for each weight."""
    return problems_table(problems) + "\n"
