"""Forgeries are refused by check, gate, status and review alike, an honest change by none of them, and the manual says which."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from benchmarks import faults, forgeries, forging
from macros.checks import ALL_RULES
from tests.conftest import KIT

PART = 12
"""Every run of the tests tries one kind in so many, at one place."""


@pytest.fixture(scope="module")
def worked(example):
    return faults.base_of(example)


@pytest.fixture(scope="module")
def fresh(bake):
    return forgeries.fresh_base(bake())


def unmet(found: list[forgeries.Outcome]) -> list[str]:
    return [f"{one.kind.name}: {line}" for one in found if not one.kind.known_open for line in one.missed]


def test_one_kind_in_six_is_refused_at_one_place(worked, fresh):
    held = [kind for kind in forgeries.KINDS if not kind.known_open][::PART]
    found = list(forgeries.outcomes(worked, fresh, 1, held))
    assert unmet(found) == []
    assert sum(one.refused for one in found) == len(held) >= 9


@pytest.mark.full
def test_each_kind_is_refused_at_three_places_and_what_is_open_is_said_to_be(worked, fresh):
    found = list(forgeries.outcomes(worked, fresh, 3))
    assert unmet(found) == []
    assert sum(one.opened + one.lifted for one in found if not one.kind.known_open) == 0
    assert [one.kind.name for one in found if one.kind.known_open and one.refused == one.places] == []


def test_there_are_eighty_kinds_and_each_has_places_which_differ(worked):
    assert len({kind.name for kind in forgeries.KINDS}) == len(forgeries.KINDS) >= 80
    for kind in forgeries.KINDS[::PART]:
        if not kind.fresh:
            tried = forgeries.chosen(kind, worked)
            assert len({repr(sorted(one.changes.items())) for one in tried}) == len(tried) >= 2, kind.name
            assert {code for one in tried for code in one.codes} <= set(ALL_RULES), kind.name


def test_an_honest_change_is_refused_by_nobody(worked):
    said = forgeries.false_alarms(worked, 1)
    assert len(said) >= 5
    assert {name: found for name, found in said.items() if found} == {}


@pytest.mark.full
def test_an_honest_change_is_refused_by_nobody_at_three_places(worked):
    said = forgeries.false_alarms(worked, 3)
    assert len(said) >= 5
    assert {name: found for name, found in said.items() if found} == {}


def test_a_forgery_that_nobody_refuses_is_counted(worked, fresh):
    """The measure itself can fail: a change that is no forgery, and an honest one that opens a gate."""
    nothing = forging.Kind(
        "nothing is changed",
        lambda base: iter([forging.Forgery({}, (("AIS-001", "operation", "verified"),), {"iso42001:5.1": "tailored"}, ("REG114",))]),
    )
    honest = next(kind for kind in forgeries.HONEST if "repeated" in kind.name)
    opening = forging.Kind("honest", lambda base: iter(list(honest.forgeries(base))[:1]))
    first, second = forgeries.outcomes(worked, fresh, 1, [nothing, opening])
    assert (first.refused, first.opened, first.lifted) == (0, 1, 1)
    assert [line.split(":")[0] for line in first.missed] == ["opened", "lifted", "unsaid", "let in"]
    assert (second.refused, second.opened) == (0, 1)
    assert "opened: AIS-003 operation is open" in second.missed


def test_the_manual_shows_every_kind():
    page = (KIT / "docs/benchmarks.md").read_text("utf-8").split("## Forgeries", 1)[1]
    refused = Counter(
        name for name, places, held in re.findall(r"^\| (.+?) \| .*? \| (\d) \| (\d) \| 0 \| 0 \|$", page, re.MULTILINE) if places == held
    )
    assert refused == Counter(kind.name for kind in forgeries.KINDS if not kind.known_open)
    still = Counter(re.findall(r"^\| ([^|]+?) \| \d \| \d \| [^|]*[^|\d ][^|]* \|$", page, re.MULTILINE))
    assert still == Counter(kind.name for kind in forgeries.KINDS if kind.known_open)
