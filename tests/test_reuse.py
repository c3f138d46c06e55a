"""What the ISMS gives: ten verdicts that can be checked by hand, and what one changed control changes."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from macros.facts.reuse import difference, totals, verdicts
from macros.load import load_workspace
from macros.world import today_of
from tests.conftest import KIT
from tests.forked import started


@pytest.fixture
def copy(example, tmp_path) -> Path:
    target = tmp_path / "tarnmoor"
    shutil.copytree(example, target, ignore=shutil.ignore_patterns("site", "__pycache__"))
    return target


def found_in(repository: Path) -> dict:
    workspace = load_workspace(repository)
    return {verdict.requirement: verdict for verdict in verdicts(workspace, today_of(workspace))}


BY_HAND = {
    "iso42001:4.1": ("extend", {"iso27001:4.1": "holds"}),
    "iso42001:6.1.4": ("new", {}),
    "iso42001:7.4": ("new", {"iso27001:7.4": "missing"}),
    "iso42001:7.5.3": ("reuse", {"iso27001:7.5.3": "holds"}),
    "iso42001:8.4": ("new", {}),
    "iso42001:A.2.2": ("extend", {"iso27001:A.5.1": "holds", "iso27001:5.2": "holds"}),
    "iso42001:A.3.3": ("extend", {"iso27001:A.6.8": "holds"}),
    "iso42001:A.5.2": ("new", {}),
    "iso42001:A.6.2.8": ("extend", {"iso27001:A.8.15": "partly", "iso27001:A.8.16": "holds", "iso27001:A.8.17": "holds"}),
    "iso42001:A.7.4": ("new", {}),
}
"""Ten requirements against the worked organisation's registers: ISM-020 Communication is absent, and
A.8.15 Logging is in progress since NC-2026-002; the other counterparts are implemented and in date."""


@pytest.mark.parametrize("requirement", BY_HAND)
def test_a_verdict_is_what_a_reader_would_find_in_the_registers(requirement, example):
    verdict = found_in(example)[requirement]
    expected, grounds = BY_HAND[requirement]
    assert verdict.verdict.value == expected
    assert {ground.requirement: ground.standing.value for ground in verdict.grounds} == grounds
    assert verdict.reason.endswith(".")
    assert verdict.new_work


def test_reasons_say_what_is_missing(example):
    found = found_in(example)
    assert found["iso42001:7.4"].reason == "What it would rest on is not there (iso27001:7.4: ISM-020 is absent)."
    assert found["iso42001:A.6.2.8"].reason.endswith("Not all of it stands here (iso27001:A.8.15: it is in progress).")
    assert "is about roles" in found["iso42001:A.5.2"].warning


def set_status(repository: Path, control: str, old: str, new: str) -> None:
    path = repository / "registers/statement-of-applicability.yaml"
    text = path.read_text("utf-8")
    start = text.index(f"  - control: {control}\n")
    end = text.find("\n  - control:", start + 1)
    row = text[start:end]
    assert f"status: {old}" in row
    path.write_text(text[:start] + row.replace(f"status: {old}", f"status: {new}") + text[end:], "utf-8")


def test_one_control_not_implemented_changes_exactly_the_rows_that_rest_on_it(copy):
    before = found_in(copy)
    set_status(copy, "iso27001:A.5.1", "implemented", "planned")
    after = found_in(copy)
    changed = {name for name in before if before[name] != after[name]}
    resting = {name for name, verdict in before.items() if any(ground.requirement == "iso27001:A.5.1" for ground in verdict.grounds)}
    assert changed == resting == {"iso42001:A.2.2", "iso42001:A.2.3", "iso42001:A.2.4"}
    assert after["iso42001:A.2.3"].verdict.value == "new"
    assert after["iso42001:A.2.3"].reason == "What it would rest on is not there (iso27001:A.5.1: it is only planned)."


def test_no_control_is_reuse_on_what_is_excluded_or_not_there(copy):
    found = found_in(copy)
    assert sum(verdict.verdict.value == "reuse" for verdict in found.values()) > 1
    for verdict in found.values():
        if verdict.verdict.value == "reuse":
            assert verdict.grounds and all(ground.standing.value == "holds" for ground in verdict.grounds), verdict.requirement


def test_an_overdue_document_is_no_basis_to_reuse_as_it_is(copy):
    path = copy / "registers/isms-documents.yaml"
    text = path.read_text("utf-8")
    start = text.index("  - id: ISM-007")
    end = text.index("  - id: ISM-008")
    row = text[start:end]
    import re

    path.write_text(text[:start] + re.sub(r'next_review: "[^"]+"', 'next_review: "2026-11-01"', row) + text[end:], "utf-8")
    verdict = found_in(copy)["iso42001:7.5.3"]
    assert verdict.verdict.value == "extend"
    assert "the review of ISM-007 was due on 2026-11-01" in verdict.reason


def test_without_an_isms_everything_is_new(bake):
    found = found_in(bake(integration_strategy="standalone", isms_since="none"))
    assert {verdict.verdict.value for verdict in found.values()} == {"new"}
    assert len(found) == 70


def test_a_fresh_repository_reuses_nothing_that_nobody_has_confirmed(bake):
    found = found_in(bake())
    assert sum(bool(verdict.grounds) for verdict in found.values()) > 10
    for verdict in found.values():
        assert all(ground.standing.value != "holds" or not ground.documents for ground in verdict.grounds), verdict.requirement


def test_totals_count_every_requirement_beside_the_articles_figures(example):
    workspace = load_workspace(example)
    counted = totals(workspace, verdicts(workspace, today_of(workspace)))
    assert [total.section for total in counted] == [*["4", "5", "6", "7", "8", "9", "10"], *(f"A.{number}" for number in range(2, 11))]
    assert sum(total.count for total in counted) == 70
    assert [total.published for total in counted] == [80, 80, 75, 85, 65, 80, 80, 90, 80, 55, 15, 55, 15, 15, 80, 80]
    for total in counted:
        assert difference(total).endswith(".")


def command(repository: Path, *words: str) -> subprocess.CompletedProcess:
    return started("macros", *words, cwd=repository)


def test_the_articles_figures_are_printed_exactly(example):
    done = command(example, "reuse")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-4:-2] == [
        "The article's figures, its author's estimates for a whole ISMS:",
        "  7 clauses: 4 ~80 %, 5 ~80 %, 6 ~75 %, 7 ~85 %, 8 ~65 %, 9 ~80 %, 10 ~80 %; mean 77.9 %",
    ]
    assert done.stdout.splitlines()[-2].startswith(
        "  9 sections: A.2 ~90 %, A.3 ~80 %, A.9 ~80 %, A.10 ~80 %, A.6 ~55 %, A.4 ~55 %, A.8 ~15 %"
    )
    assert done.stdout.splitlines()[-1].startswith("  22 rows of controls: A.2.2 High, A.2.3 High")


def test_json_gives_each_requirement_its_verdict(example):
    found = json.loads(command(example, "reuse", "--format", "json").stdout)
    assert len(found["requirements"]) == 70
    assert {row["verdict"] for row in found["requirements"]} == {"reuse", "extend", "new"}
    assert {"section", "share_percent", "article_percent", "difference"} <= set(found["totals"][0])


def test_csv_has_a_row_a_requirement(example):
    import csv
    import io

    rows = list(csv.DictReader(io.StringIO(command(example, "reuse", "--format", "csv").stdout)))
    assert len(rows) == 70
    assert rows[0]["requirement"] == "iso42001:4.1"


def test_the_kit_itself_is_nobodys_repository():
    done = command(KIT, "reuse")
    assert done.returncode == 3
    assert done.stderr == (
        "python -m macros reuse: '.' holds no 'org.yaml' and is nobody's repository; "
        "run this in a generated repository, or name one with --root\n"
    )
