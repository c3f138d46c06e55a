"""Problems as SARIF 2.1.0, for code scanning (OASIS, Static Analysis Results Interchange Format)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import macros
from macros.checks import ALL_RULES
from macros.command.formats.fingerprints import fingerprints
from macros.encode.data import as_json as json_text
from macros.problem import Problem, Rule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_INDEX = {code: index for index, code in enumerate(ALL_RULES)}


def as_sarif(problems: tuple[Problem, ...]) -> str:
    """One run with every rule of the kit and a result for each problem; our severities are SARIF's levels."""
    results = [_result(problem, fingerprint) for problem, fingerprint in zip(problems, fingerprints(problems), strict=True)]
    driver = {"name": "AIMS Kit", "semanticVersion": macros.__version__, "rules": [_rule(rule) for rule in ALL_RULES.values()]}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "shortDescription": {"text": f"{rule.title}."},
        "fullDescription": {"text": rule.reason},
        "defaultConfiguration": {"level": rule.severity.value},
        "help": {"text": f"./aims explain {rule.code}"},
    }


def _result(problem: Problem, fingerprint: str) -> dict[str, Any]:
    return {
        "ruleId": problem.code,
        "ruleIndex": _INDEX[problem.code],
        "level": problem.severity.value,
        "message": {"text": f"{problem.message}; {problem.way_out}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(problem.location.path, errors="surrogateescape"), "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": problem.location.line},
                }
            }
        ],
        "partialFingerprints": {"aimsProblem/v1": fingerprint},
    }
