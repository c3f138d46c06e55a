"""Problems as a forge shows them at their lines: workflow commands of GitHub, the code quality report of GitLab."""

from __future__ import annotations

import json

from macros.command.formats.fingerprints import fingerprints
from macros.problem import Problem, Severity

_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_GITLAB = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def as_github(problems: tuple[Problem, ...]) -> str:
    """Workflow commands, escaped as the actions toolkit does (packages/core/src/command.ts)."""
    return "".join(
        f"::{_GITHUB[problem.severity]} file={_property(problem.location.path)},line={problem.location.line},"
        f"title={_property(problem.code)}::{_data(f'{problem.message}; {problem.way_out}')}\n"
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
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
