"""Problems as lines, as JSON of our own, and as Markdown tables."""

from __future__ import annotations

from macros.encode.data import as_json as json_text
from macros.encode.markdown import unlinked
from macros.encode.terminal import lines as as_lines
from macros.problem import Problem, Severity
from macros.render.problems import problems_table


def as_text(problems: tuple[Problem, ...]) -> str:
    """One line a problem: `path:line: CODE message; way out`, notes marked as such."""
    return as_lines(f"{problem}{' (note)' if problem.severity is Severity.NOTE else ''}" for problem in problems)


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
    return json_text({"problems": rows})


def as_markdown(problems: tuple[Problem, ...]) -> str:
    """Tables under a heading for each weight."""
    return unlinked(problems_table(problems)) + "\n"
