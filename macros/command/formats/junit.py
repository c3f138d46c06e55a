"""Problems as a JUnit report: each rule is a test case, which fails where the rule has errors or warnings."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import defaultdict

from macros.checks import ALL_RULES
from macros.command.formats.text import as_text
from macros.problem import Problem, Rule, Severity

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even as a reference (production 2, Char)."""


def as_junit(problems: tuple[Problem, ...]) -> str:
    """One suite with a case for every rule of the kit; notes are the output of a case that passes."""
    by_code: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        by_code[problem.code].append(problem)
    cases = [_case(rule, tuple(by_code[rule.code])) for rule in ALL_RULES.values()]
    counts = {"tests": str(len(cases)), "failures": str(sum(case.find("failure") is not None for case in cases)), "errors": "0"}
    suites = ET.Element("testsuites", {"name": "AIMS Kit", **counts})
    suite = ET.SubElement(suites, "testsuite", {"name": "check", **counts, "skipped": "0"})
    suite.extend(cases)
    ET.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suites, encoding="unicode") + "\n"


def _case(rule: Rule, problems: tuple[Problem, ...]) -> ET.Element:
    case = ET.Element("testcase", {"classname": f"check.{rule.code[:3]}", "name": f"{rule.code} {rule.title}"})
    failed = tuple(problem for problem in problems if problem.severity is not Severity.NOTE)
    notes = tuple(problem for problem in problems if problem.severity is Severity.NOTE)
    if failed:
        # One failure with a line a problem: readers of this format show the first failure of a case and drop the rest.
        said = {"type": failed[0].severity.value, "message": _legal(as_text(failed[:1]).strip())}
        ET.SubElement(case, "failure", said).text = _legal(as_text(failed))
    if notes:
        ET.SubElement(case, "system-out").text = _legal(as_text(notes))
    return case


def _legal(text: str) -> str:
    return _ILLEGAL.sub("", text)
