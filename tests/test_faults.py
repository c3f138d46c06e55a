"""The check finds every fault that is seeded into the worked organisation, at its line, and says nothing else of weight."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from benchmarks import faults
from macros.checks import ALL_RULES
from tests.conftest import KIT


@pytest.fixture(scope="module")
def base(example):
    return faults.base_of(example)


def unmet(found: list[faults.Outcome]) -> list[str]:
    return [f"{one.kind.name}: {line}" for one in found for line in (*one.missed, *one.false_alarms)]


def test_every_third_kind_of_fault_is_found_at_one_place_without_a_false_alarm(base, monkeypatch):
    monkeypatch.setattr(faults, "KINDS", faults.KINDS[::3])
    found = list(faults.outcomes(base, 1))
    assert unmet(found) == []
    assert sum(one.found for one in found) == len(faults.KINDS) >= 25


@pytest.mark.full
def test_each_kind_of_fault_is_found_at_three_places_without_a_false_alarm(base):
    found = list(faults.outcomes(base, 3))
    assert unmet(found) == []
    assert {one.places for one in found} == {3}


def test_a_kind_has_three_places_which_differ_and_a_code_that_exists(base):
    assert len({kind.name for kind in faults.KINDS}) == len(faults.KINDS)
    for kind in faults.KINDS:
        seeds = faults.chosen(kind, base)
        assert len({repr(seed) for seed in seeds}) == 3, kind.name
        for seed in seeds:
            assert seed.due and kind.code in {code for code, _, _ in seed.due} <= set(ALL_RULES), kind.name


def test_a_fault_that_nobody_speaks_of_and_a_problem_that_nobody_seeded_are_counted(base, monkeypatch):
    """The measure itself can fail: a change that is no fault, and one that is another fault than was said."""
    path = base.documents[0]
    number = base.find(path, "owner: ")[0]
    seeds = iter([faults.seeds.Seed({}, (("DOC101", path, 1),))])
    silent = faults.seeds.Kind("nothing is changed", "DOC101", lambda base: seeds)
    other = faults.seeds.Seed(base.replaced(path, number, "owner: chief-of-nothing"), (("DOC101", path, number),))
    wrong = faults.seeds.Kind("another fault", "DOC101", lambda base: iter([other]))
    monkeypatch.setattr(faults, "KINDS", [silent, wrong])
    first, second = faults.outcomes(base, 1)
    assert (first.found, len(first.missed), first.false_alarms) == (0, 1, ())
    assert (second.found, len(second.missed)) == (0, 1)
    assert re.search(r"DOC202 unknown role 'chief-of-nothing'", second.false_alarms[0])


def test_the_manual_shows_every_kind_that_is_seeded():
    page = (KIT / "docs/benchmarks.md").read_text("utf-8")
    rows = Counter(re.findall(r"^\| (.+?) \| ([A-Z]{3}\d{3}) \| 3 \| 3 \| 0 \|$", page, re.MULTILINE))
    assert rows == Counter((kind.name, kind.code) for kind in faults.KINDS)


def test_without_a_fault_there_are_the_two_announced_problems(base):
    assert [problem.code for problem in faults.checked(base) if problem.severity.value != "note"] == ["REG201", "DOC304"]
