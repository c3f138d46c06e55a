"""The day that is judged on, from every source, and days in records: none of them leads out of the calendar."""

from __future__ import annotations

import datetime

import pytest

from macros.__main__ import main
from macros.days import FIRST, FIRST_JUDGED, LAST, LAST_JUDGED, after_days, after_months
from macros.load import load_workspace
from macros.world import World
from tests.conftest import copy_without_engine, mkdocs_build

VERBS = (
    ("check",),
    ("next",),
    ("status",),
    ("reuse",),
    ("strategy", "--no-input"),
    ("roadmap",),
    ("gate", "AIS-001"),
    ("management-review",),
    ("trend",),
    ("codeowners",),
    ("soa", "decide", "--no-input"),
    ("evidence", "due"),
    ("evidence", "due", "--within", "3660"),
)
OUT_OF_RANGE = ("0001-01-01", "9999-12-31")
RANGE = f"not between {FIRST_JUDGED} and {LAST_JUDGED}"


def said_by(words: tuple[str, ...], root, capsys) -> tuple[int, str, str]:
    try:
        code = main([*words, "--root", str(root)])
    except SystemExit as left:
        code = left.code
    shown = capsys.readouterr()
    return code, shown.out, shown.err


@pytest.mark.parametrize("day", OUT_OF_RANGE)
@pytest.mark.parametrize("words", VERBS, ids=" ".join)
def test_a_day_that_nothing_can_be_judged_on_is_refused_by_every_verb(words, day, example, capsys, monkeypatch):
    code, out, err = said_by((*words, "--today", day), example, capsys)
    assert (code, out) == (2, "")
    assert f"'{day}' is {RANGE}" in err
    monkeypatch.setenv("AIMS_TODAY", day)
    monkeypatch.setattr("macros.world._worlds", {})
    code, out, err = said_by(words, example, capsys)
    assert (code, out) == (3, "")
    assert f"AIMS_TODAY is '{day}', which is {RANGE}" in err


@pytest.mark.parametrize(
    "day", ["20261116", "2026-W47-1", "2026-11-16T00:00", "2026-1-16", "٢٠٢٦-١١-١٦", " 2026-11-16", "today", "2026-02-30"]
)
def test_a_day_has_one_writing(day, example, capsys, monkeypatch):
    code, out, err = said_by(("check", "--today", day), example, capsys)
    assert (code, out) == (2, "") and err.endswith(f"'{day}' is no date; write it as 2026-09-14\n")
    monkeypatch.setenv("AIMS_TODAY", day)
    monkeypatch.setattr("macros.world._worlds", {})
    code, out, err = said_by(("check",), example, capsys)
    assert (code, out) == (3, "") and f"AIMS_TODAY is '{day}', which is no date; write it as 2026-09-14" in err


@pytest.mark.parametrize("words", VERBS, ids=" ".join)
def test_every_verb_judges_on_the_first_and_on_the_last_day(words, example, capsys):
    for day in (FIRST_JUDGED, LAST_JUDGED):
        code, out, err = said_by((*words, "--today", str(day)), example, capsys)
        assert code in (0, 1), err
        assert out


def test_the_day_of_the_organisation_and_of_the_environment_lie_in_the_range_too(example, tmp_path, capsys, monkeypatch):
    root = copy_without_engine(example, tmp_path / "organisation")
    text = (root / "org.yaml").read_text("utf-8")
    today = next(line for line in text.splitlines() if line.startswith("today:"))
    line = text.splitlines().index(today) + 1
    (root / "org.yaml").write_text(text.replace(today, 'today: "9999-12-31"'), "utf-8")
    code, out, _ = said_by(("check",), root, capsys)
    assert code == 1
    assert f"org.yaml:{line}: ORG004 '9999-12-31' in 'today' is {RANGE}; write the day that is meant" in out
    (root / "org.yaml").write_text(text.replace(today + "\n", ""), "utf-8")
    for epoch in ("-1", "253402300799", "9" * 30):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
        monkeypatch.setattr("macros.world._worlds", {})
        code, out, err = said_by(("check",), root, capsys)
        assert (code, out) == (3, "")
        assert f"SOURCE_DATE_EPOCH is '{epoch}'" in err


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31"])
def test_a_day_in_a_record_lies_in_two_centuries_or_is_named_with_its_line(day, example, tmp_path):
    root = copy_without_engine(example, tmp_path / "organisation")
    file = root / "docs/policies/ai-policy.md"
    text = file.read_text("utf-8")
    old = next(line for line in text.splitlines() if line.startswith("next_review:"))
    file.write_text(text.replace(old, f'next_review: "{day}"', 1), "utf-8")
    line = text.splitlines().index(old) + 1
    told = [str(problem) for problem in load_workspace(root).problems if problem.location.path == "docs/policies/ai-policy.md"]
    assert told == [
        f"docs/policies/ai-policy.md:{line}: DOC004 '{day}' in 'next_review' is not between {FIRST} and {LAST}; write the day that is meant"
    ]


def test_days_of_records_at_both_ends_and_parameters_without_end_stay_in_the_calendar(example, tmp_path):
    root = copy_without_engine(example, tmp_path / "organisation")
    changed = 0
    for file in [*sorted((root / "registers").rglob("*.yaml")), *sorted((root / "docs").rglob("*.md"))]:
        text = file.read_text("utf-8")
        for year in ("2023", "2024", "2025", "2026", "2027", "2028"):
            text = text.replace(f'"{year}-', '"2200-' if int(year) % 2 else '"1900-')
        changed += text != file.read_text("utf-8")
        file.write_text(text, "utf-8")
    assert changed > 50
    organisation = (root / "org.yaml").read_text("utf-8")
    for name in ("correction_days", "effectiveness_check_days", "impact_review_months", "results_days", "nonconformity_entry_days"):
        row = next((row for row in organisation.split("\n") if row.startswith(f"  {name}:")), None)
        without = organisation.replace(f"{row}\n", "") if row else organisation
        organisation = without.replace("parameters:\n", f"parameters:\n  {name}: 999999999\n", 1)
    (root / "org.yaml").write_text(organisation, "utf-8")
    workspace = load_workspace(root)
    assert workspace.number("correction_days", 0) == 999_999_999
    for today in (FIRST_JUDGED, LAST_JUDGED):
        world = World(workspace, today, root)
        assert len(world.problems) > 20
        assert all([world.plan, world.facts.programme, world.facts.readings, world.review_inputs, world.facts.reuse])


def test_days_and_months_end_with_the_calendar():
    first, last = datetime.date.min, datetime.date.max
    assert after_days(datetime.date(2026, 1, 31), 1) == datetime.date(2026, 2, 1)
    assert after_days(datetime.date(2026, 1, 31), -31) == datetime.date(2025, 12, 31)
    assert [after_days(last, 10**12), after_days(first, -(10**12))] == [last, first]
    assert after_months(datetime.date(2026, 1, 31), 1) == datetime.date(2026, 2, 28)
    assert after_months(datetime.date(2026, 1, 31), -2) == datetime.date(2025, 11, 30)
    assert [after_months(last, 1), after_months(first, -1), after_months(first, 10**12)] == [last, first, last]


@pytest.mark.site
def test_a_site_is_not_built_for_a_day_that_nothing_can_be_judged_on(example, tmp_path):
    done = mkdocs_build(example, "--site-dir", str(tmp_path / "site"), AIMS_TODAY="9999-12-31")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.endswith(f"AIMS_TODAY is '9999-12-31', which is {RANGE}\n")
