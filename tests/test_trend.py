"""The course of time from real commits with dates of their own, and the numbers counted by hand."""

from __future__ import annotations

import datetime
import html
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from macros.load import load_workspace
from macros.render.trend import trend_page
from macros.reports.trend import ends_before, trend_of
from macros.world import World
from tests.forked import started
from tests.review_setup import IDENTITY, git
from tests.test_checks import world_with

POLICY = "docs/policies/ai-policy.md"


def dated(repository: Path, day: str) -> None:
    environment = {**os.environ, **IDENTITY, "GIT_AUTHOR_DATE": day, "GIT_COMMITTER_DATE": day}
    for words in (["add", "--all", "--force"], ["commit", "--quiet", "--message", day]):
        subprocess.run(["git", *words], cwd=repository, env=environment, check=True, capture_output=True)


def change(repository: Path, path: str, old: str, new: str) -> None:
    text = (repository / path).read_text("utf-8")
    assert text.count(old) == 1
    (repository / path).write_text(text.replace(old, new), "utf-8")


@pytest.fixture(scope="module")
def repository(tmp_path_factory) -> Path:
    """Two approved documents; a concern opens; a policy goes back to draft and a decision is taken back; the concern closes."""
    room = tmp_path_factory.mktemp("trend")
    root = world_with(room / "none", room / "world")
    git(root, "init", "--quiet", "--initial-branch", "main")
    dated(root, "2026-03-10T12:00:00+00:00")
    concerns = root / "registers/concerns"
    concerns.mkdir()
    head = "title: concerns\nowner: ai-governance-lead\nclassification: internal\nretention_years: 10\naddresses:\n  - iso42001:5.2\n"
    (concerns / "register.yaml").write_text(head, "utf-8")
    (concerns / "CON-001.yaml").write_text(
        'id: CON-001\nside: staff\nreceived_on: "2026-03-30"\nsummary: The ranking seems unfair.\nabout: []\nhandled_by: ai-governance-lead\n'
        "acknowledged_on: null\ndecision: null\nanswered_on: null\nled_to: []\nstate: open\n",
        "utf-8",
    )
    dated(root, "2026-04-01T00:30:00+02:00")  # still March in UTC
    text = (root / POLICY).read_text("utf-8")
    draft = text.replace("status: approved", "status: draft").replace(
        'approved: {by: top-management, date: "2026-03-02"}', "approved: null"
    )
    (root / POLICY).write_text(draft.replace('next_review: "2027-03-02"', "next_review: null"), "utf-8")
    soa = root / "registers/statement-of-applicability.yaml"
    first, rest = soa.read_text("utf-8").split('decided: {by: top-management, date: "2026-03-02"}', 1)
    soa.write_text(f"{first}decided: null{rest}", "utf-8")
    dated(root, "2026-08-20T09:00:00+00:00")
    change(root, "registers/concerns/CON-001.yaml", "state: open", "state: closed")
    dated(root, "2026-10-05T09:00:00+00:00")
    return root


def run(repository: Path, *words: str) -> subprocess.CompletedProcess:
    return started("macros", *words, "--root", str(repository), env={**os.environ, "PYTHONIOENCODING": "utf-8"})


BY_HAND = [
    # day, approved, draft, rows, decided, implemented, concerns, notes
    ("2026-03-31", 2, 0, 2, 2, 1, 1, 0),
    ("2026-06-30", 2, 0, 2, 2, 1, 1, 0),
    ("2026-09-30", 1, 1, 2, 1, 0, 1, 2),
    ("2026-11-16", 1, 1, 2, 1, 0, 0, 2),
]


def test_the_numbers_of_each_quarter_are_those_counted_by_hand(repository):
    done = run(repository, "trend", "--format", "json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    keys = ("day", "approved", "draft", "soa_rows", "soa_decided", "soa_implemented", "concerns", "notes")
    assert [tuple(point[key] for key in keys) for point in found["points"]] == BY_HAND
    assert all(point["errors"] == point["unread"] == 0 for point in found["points"])
    assert found["remark"] == "On 2025-12-31 and earlier, the history of this repository holds no management system yet."
    commits = git(repository, "log", "--format=%H").splitlines()
    assert [point["commit"] for point in found["points"]] == [commits[2], commits[2], commits[1], None]


def test_each_day_is_judged_as_of_that_day(repository):
    # Both documents are due for review on 2027-03-02; one of them is a draft since August.
    done = run(repository, "trend", "--format", "json", "--last", "1", "--today", "2027-04-10")
    point = json.loads(done.stdout)["points"][0]
    assert (point["day"], point["overdue"], point["approved"]) == ("2027-03-31", 1, 1)
    assert json.loads(run(repository, "trend", "--format", "json", "--last", "1").stdout)["points"][0]["overdue"] == 0


def test_nothing_is_checked_out_or_written(repository):
    before = git(repository, "status", "--porcelain"), git(repository, "rev-parse", "HEAD"), sorted(map(str, repository.rglob("*")))
    assert run(repository, "trend", "--every", "month", "--last", "9").returncode == 0
    assert before == (
        git(repository, "status", "--porcelain"),
        git(repository, "rev-parse", "HEAD"),
        sorted(map(str, repository.rglob("*"))),
    )


def test_the_table_for_the_terminal_and_for_markdown(repository):
    text = run(repository, "trend", "--last", "3").stdout
    lines = [line.split() for line in text.splitlines()]
    assert ["Documents", "in", "draft", "0", "0", "1", "1", "▁▁██"] in lines
    assert ["Concerns", "open", "1", "1", "1", "0", "███▁"] in lines
    rungs = [line for line in lines if line[:1] == ["Requirements"]]
    assert [line[4] for line in rungs] == ["missing", "template", "tailored", "approved", "operating", "audited"]
    assert {sum(int(line[column]) for line in rungs) for column in (5, 6, 7, 8)} == {4}  # each requirement stands on one rung
    markdown = html.unescape(run(repository, "trend", "--last", "3", "--format", "markdown").stdout)
    assert "| Measure | 2026-03-31 | 2026-06-30 | 2026-09-30 | 2026-11-16 | Course |" in markdown
    assert "| Rows decided | 2 | 2 | 1 | 1 | ██▁▁ |" in markdown


def test_a_shallow_clone_says_what_is_missing(repository, tmp_path):
    git(tmp_path, "clone", "--quiet", "--depth", "2", "--no-local", str(repository), "clone")
    found = json.loads(run(tmp_path / "clone", "trend", "--format", "json").stdout)
    assert [point["day"] for point in found["points"]] == ["2026-09-30", "2026-11-16"]
    assert found["remark"] == (
        "This clone is shallow, so that 2026-06-30 and earlier days cannot be counted; 'git fetch --unshallow' brings the rest."
    )


def test_without_a_repository_only_today_is_counted(repository, tmp_path):
    copy = shutil.copytree(repository, tmp_path / "copy", ignore=shutil.ignore_patterns(".git"))
    found = json.loads(run(Path(copy), "trend", "--format", "json").stdout)
    assert len(found["points"]) == 1
    assert found["remark"] == "No history of a git repository can be read here, so that only today is counted."


def test_two_clones_of_one_commit_give_the_same_page(repository, tmp_path):
    pages = []
    for name in ("one", "two"):
        git(tmp_path, "clone", "--quiet", str(repository), name)
        root = tmp_path / name
        pages.append(trend_page(trend_of(root, World(load_workspace(root), datetime.date(2026, 11, 16)).judged)))
    assert pages[0] == pages[1]
    assert "2026-09-30" in pages[0]


def test_a_past_review_is_told_from_the_commit_of_its_day(repository):
    done = run(repository, "management-review", "--as-of", "2026-09-30", "--since", "2026-01-01")
    commit = git(repository, "rev-parse", "HEAD~1")[:12]
    assert f"Read from the commit {commit}, which was in force at the end of that day." in done.stdout
    assert "not answered yet: The ranking seems unfair. (CON-001)" in done.stdout


def test_periods_end_with_their_last_days():
    day = datetime.date
    assert ends_before(day(2026, 11, 16), "quarter", 2) == (day(2026, 6, 30), day(2026, 9, 30))
    assert ends_before(day(2026, 9, 30), "quarter", 1) == (day(2026, 6, 30),)
    assert ends_before(day(2026, 10, 1), "quarter", 1) == (day(2026, 9, 30),)
    assert ends_before(day(2024, 3, 15), "month", 2) == (day(2024, 1, 31), day(2024, 2, 29))


@pytest.mark.parametrize("number", ["0", "-1", "121", "x", "²"])
def test_a_number_of_periods_that_cannot_be_is_refused(number, repository):
    done = run(repository, "trend", f"--last={number}")
    assert done.returncode == 2
    assert f"'{number}' is no number from 1 to 120" in done.stderr
