"""The list of what survives `make mutants` is about the code as it is, and each line of it has its reason."""

from __future__ import annotations

import ast
import re

import pytest
import yaml

from tests.conftest import KIT
from tests.mutants.survivors import Survivor, compared, is_wording, place_of
from tests.mutants.undecorated import undecorated

LISTED = yaml.safe_load((KIT / "tests/mutants/survivors.yaml").read_text("utf-8"))["survivors"]
REASONS = ("equivalent", "wording", "reason")


def source_of(place: str) -> str:
    """The function that a place names, on one line."""
    module, _, function = place.partition(".")
    while not (KIT / f"{module.replace('.', '/')}.py").is_file():
        step, _, function = function.partition(".")
        module = f"{module}.{step}"
    text = (KIT / f"{module.replace('.', '/')}.py").read_text("utf-8")
    body = ast.parse(text).body
    for name in function.split("."):
        node = next(one for one in body if isinstance(one, ast.ClassDef | ast.FunctionDef) and one.name == name)
        body = node.body
    return re.sub(r"\s+", " ", ast.get_source_segment(text, node))


def test_each_survivor_stands_in_the_code_and_has_its_reason():
    for row in LISTED:
        assert set(row) == {"in", "was", "now", "why"}, row
        assert row["was"] in source_of(row["in"]), row
        kind, _, because = row["why"].partition(": ")
        assert kind in REASONS and len(because.split()) >= 4, row
        assert not is_wording(Survivor(row["in"], row["was"], row["now"])), row
    assert len(LISTED) < 300


def test_a_place_is_read_out_of_the_name_of_a_mutant():
    assert place_of("macros.facts.errors.xǁErrorsǁin_file__mutmut_12") == "macros.facts.errors.Errors.in_file"
    assert place_of("macros.gate.proofs.x__files_read__mutmut_1") == "macros.gate.proofs._files_read"
    assert place_of("macros.facts.evidence.x_last_day__mutmut_1") == "macros.facts.evidence.last_day"


@pytest.mark.parametrize(
    ("was", "now", "wording"),
    [
        ('x("it is late")', 'x("XXit is lateXX")', True),
        ('x("it is late")', 'x("IT IS LATE")', True),
        ('x("late")', 'x("LATE")', False),
        ('x("it is late")', "x(None)", False),
        ('x("it is late", 1)', 'x("IT IS LATE", 2)', False),
        ('x("it is late", "by")', 'x("it is late", "BY")', False),
    ],
)
def test_a_mutant_of_a_sentence_alone_is_told_from_others(was, now, wording):
    assert is_wording(Survivor("a.b", was, now)) is wording


def test_what_is_new_and_what_is_gone_are_told_as_often_as_they_are_too_much():
    one, two = Survivor("a", "b", "c"), Survivor("a", "b", "d", "equivalent: it is the same.")
    assert compared([one, one], [one]) == ([one], [])
    assert compared([Survivor("a", "b", "d")], [two]) == ([], [])
    assert compared([], [two, one]) == ([], [two, one])


MODULE = """from functools import cached_property


class Room:
    size = 2

    @property
    def wide(self):
        return self.size > 1

    @cached_property
    def high(self):
        return self.size + 1

    @staticmethod
    def low():
        return 1


class Hall(Room):
    @property
    def wide(self):
        return False
"""


def test_a_module_without_decorators_does_the_same():
    made = undecorated(MODULE)
    assert made.count("@") == 1 and "    wide = property(wide)\n" in made and "    high = cached_property(high)\n" in made
    before, after = {}, {}
    exec(MODULE, before)
    exec(made, after)
    for names in (before, after):
        room, hall = names["Room"](), names["Hall"]()
        assert (room.wide, room.high, room.high, room.low(), hall.wide) == (True, 3, 3, 1, False)
