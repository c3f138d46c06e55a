"""The inputs of a management review: a golden draft of the worked organisation, and the edges of the command."""

from __future__ import annotations

import datetime
import os
import subprocess
from pathlib import Path

import pytest

from macros.checks import judge
from macros.facts.computed import Facts
from macros.load import load_workspace
from macros.render.management_review import as_draft
from macros.reports.management_review import pack
from macros.world import World
from tests.conftest import KIT
from tests.forked import started
from tests.test_checks import world_with

GOLDEN = KIT / "tests/management-review/tarnmoor.md"
TODAY = datetime.date(2026, 11, 16)


def run(root: Path, *words: str) -> subprocess.CompletedProcess:
    return started("macros", "management-review", *words, "--root", str(root), env={**os.environ, "PYTHONIOENCODING": "utf-8"})


def test_the_draft_of_the_worked_organisation_is_the_one_that_was_read(example, golden):
    done = run(example)
    assert done.returncode == 0, done.stderr
    golden(GOLDEN, done.stdout)


def test_each_id_in_the_draft_exists(example):
    workspace = load_workspace(example)
    found = World(workspace, TODAY)
    known = {*workspace.record_by_id, *workspace.document_by_id, *workspace.requirements, *workspace.role_by_id}
    codes = {problem.code for problem in found.problems}
    told = pack(workspace, found.judged, TODAY)
    named = {name for part in (*told.inputs, *told.state) for line in part.lines for name in line.ids}
    assert named - known - codes == set()


def test_an_organisation_without_records_is_told_so_and_nothing_is_made_up(tmp_path):
    root = world_with(tmp_path / "none", tmp_path / "world")
    draft = as_draft(
        pack((workspace := load_workspace(root)), judge(Facts(workspace, TODAY)), TODAY), "Read from the files of this folder."
    )
    assert "Inputs from 2025-11-16 to 2026-11-16; no earlier review is on record. Read from the files of this folder." in draft
    for sentence in (
        "No earlier review left an action.",
        "No nonconformity was open, found or closed between 2025-11-16 and 2026-11-16.",
        "No incident and no concern was recorded or open between 2025-11-16 and 2026-11-16.",
        "- No audit is on record or planned",
        "- ISO/IEC 42001:2023: 0 of 4 clauses and included controls covered since 2025-11-16, 0 more planned, 4 neither",
        "- 0 errors, 3 warnings, 0 notes",
    ):
        assert f"\n{sentence}\n" in draft


def test_what_came_after_the_day_is_left_out(example):
    draft = run(example, "--as-of", "2026-09-20").stdout
    assert "no earlier review is on record" in draft
    assert "No commit of that day can be read" in draft
    assert "INC-2026-002" not in draft and "CON-2026-003" not in draft and "MR-2026-001, CHG" in draft
    assert "Internal audit of the whole AIMS, first part of the cycle, carried out on 2026-09-11" in draft


def test_it_is_written_to_a_new_file_and_never_over_one(example, tmp_path, golden):
    target = tmp_path / "review.md"
    assert run(example, "--write", str(target)).returncode == 0
    golden(GOLDEN, target.read_bytes().decode("utf-8"))
    assert [path.name for path in tmp_path.iterdir()] == ["review.md"]
    target.write_text("mine", "utf-8")
    done = run(example, "--write", str(target))
    assert done.returncode == 3
    assert "is there already, and somebody may have gone on with it; name a new file" in done.stderr
    assert target.read_text("utf-8") == "mine"
    assert run(example, "--write", str(tmp_path / "no/such/review.md")).returncode == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--as-of", "2027-01-01"], "--as-of 2027-01-01 has not come yet; today is 2026-11-16"),
        (["--since", "2026-11-17"], "--since 2026-11-17 is after 2026-11-16"),
    ],
)
def test_a_period_that_cannot_be_is_refused(words, said, example):
    done = run(example, *words)
    assert done.returncode == 3
    assert said in done.stderr


def test_text_of_a_record_does_nothing_in_the_draft(tmp_path):
    root = world_with(Path(__file__).parent / "checks/REG322/good", tmp_path / "world")
    audit = root / "registers/audits/AUD-001.yaml"
    audit.write_text(audit.read_text("utf-8").replace("title: An audit", 'title: "# <img src=x> [a](b) {{ c }} *d* | e"'), "utf-8")
    draft = as_draft(pack((workspace := load_workspace(root)), judge(Facts(workspace, TODAY)), TODAY), "Read.")
    assert "&#35; \\<img src=x\\> \\[a\\](b) &#123;&#123; c }} \\*d\\* \\| e" in draft
