"""Problems as a forge shows them at their lines: workflow commands of GitHub, the code quality report of GitLab."""

from __future__ import annotations

from macros.command.formats.fingerprints import fingerprints
from macros.encode.data import as_json as json_text
from macros.encode.terminal import annotation, property
from macros.problem import Problem, Severity

_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_GITLAB = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def as_github(problems: tuple[Problem, ...]) -> str:
    """Workflow commands, one a line."""
    return "".join(
        f"::{_GITHUB[problem.severity]} file={property(problem.location.path)},line={problem.location.line},"
        f"title={property(problem.code)}::{annotation(f'{problem.message}; {problem.way_out}')}\n"
        for problem in problems
    )


def as_gitlab(problems: tuple[Problem, ...]) -> str:
    """A code quality report, the list that GitLab takes as `artifacts:reports:codequality`."""
    rows = [
        {
            "description": f"{problem.code} {problem.message}; {problem.way_out}",
            "check_name": problem.code,
            "fingerprint": fingerprint,
            "severity": _GITLAB[problem.severity],
            "location": {"path": problem.location.path, "lines": {"begin": problem.location.line}},
        }
        for problem, fingerprint in zip(problems, fingerprints(problems), strict=True)
    ]
    return json_text(rows)
