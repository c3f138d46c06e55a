"""Automated evidence, read out of its file."""

from __future__ import annotations

from macros.load.rules import ENCODING, SHAPE
from macros.load.validate import Qualify, validated
from macros.model.automated import AutomatedRun
from macros.model.workspace import Sourced
from macros.problem import Location, Problem
from macros.text.strict_json import parse_json
from macros.text.strict_yaml import YamlProblem


def read_run(data: bytes | None, path: str, qualify: Qualify = lambda bare: ()) -> tuple[Sourced[AutomatedRun] | None, list[Problem]]:
    """Automated evidence out of the bytes of its file, or the first thing that stands in the way.

    Args:
        data: The bytes; None for a file that is too large to be read.
        path: The file, relative to the root.
        qualify: Gives the qualified ids that a bare id may stand for.
    """
    rule = SHAPE["REG001"]
    try:
        if data is None:
            raise YamlProblem("the file is larger than 1 MiB", 1, "keep bulky data in an artefact of its own")
        parsed = parse_json(data.decode("utf-8-sig"))
        if not isinstance(parsed.value, dict):
            raise YamlProblem("the file holds no JSON object", 1, "begin with '{' and write the entries of automated evidence")
    except UnicodeDecodeError as error:
        place = Location(path, error.object.count(b"\n", 0, error.start) + 1)
        return None, [ENCODING.problem(place, f"byte {error.start + 1} of '{path}' is not UTF-8", "save the file as UTF-8 text")]
    except YamlProblem as problem:
        return None, [rule.problem(Location(path, problem.line), problem.message, problem.way_out)]
    built, problems = validated(AutomatedRun, parsed.value, parsed.lines, path, "REG", (), qualify)
    return (None if built is None else Sourced(built, path, parsed.lines)), sorted(problems, key=lambda problem: problem.sort_key)[:1]
