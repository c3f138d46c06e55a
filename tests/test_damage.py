"""Each kind of damage to a generated repository gives one line with file, line, code and way out, and exit code 1."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.forked import started

POLICY = "docs/policies/ai-policy.md"
SOA = "registers/statement-of-applicability.yaml"


def edit(path: str, old: str, new: str):
    def apply(root: Path) -> None:
        file = root / path
        text = file.read_text("utf-8")
        assert text.count(old) >= 1, f"{old!r} is not in {path}"
        file.write_text(text.replace(old, new, 1), "utf-8")

    return apply


def drop_row(root: Path) -> None:
    file = root / SOA
    text = file.read_text("utf-8")
    start = text.index("  - control: iso42001:A.2.3")
    file.write_text(text[:start] + text[text.index("  - control: iso42001:A.2.4") :], "utf-8")


DAMAGE = {
    "unknown id": (
        edit(POLICY, "- iso42001:A.2.2\n", "- iso42001:A.2.22\n"),
        f"{POLICY}:{{line}}: DOC101 unknown requirement 'iso42001:A.2.22' in 'addresses'; did you mean 'iso42001:A.2.2'?",
    ),
    "bare id": (
        edit(POLICY, "- iso42001:A.2.2\n", "- A.2.2\n"),
        f"{POLICY}:{{line}}: DOC005 bare id 'A.2.2' in item 3 of 'addresses' names no catalogue; write 'iso42001:A.2.2'",
    ),
    "bare id of both standards": (
        edit(POLICY, "- iso42001:A.2.2\n", "- A.5.2\n"),
        f"{POLICY}:{{line}}: DOC005 bare id 'A.5.2' in item 3 of 'addresses' names no catalogue; write 'iso27001:A.5.2' or 'iso42001:A.5.2'",
    ),
    "repeated key": (
        edit(POLICY, "owner: ai-governance-lead\n", "owner: ai-governance-lead\nowner: top-management\n"),
        f"{POLICY}:6: DOC001 key 'owner' is given twice, first on line 5; keep one of the two",
    ),
    "broken front matter": (
        edit(POLICY, "title: Information security and AI policy\n", 'title: "Information security and AI policy\n'),
        f"{POLICY}:3: DOC001 a quotation mark opens on this line and is not closed on it; close the quotation mark",
    ),
    "missing owner": (
        edit(POLICY, "owner: ai-governance-lead\n", ""),
        f"{POLICY}:2: DOC002 'owner' is missing; add a line 'owner: ...'",
    ),
    "leftover merge markers": (
        edit(POLICY, "## Scope\n", "<<<<<<< ours\n## Scope\n=======\n## Reach\n>>>>>>> theirs\n"),
        None,
    ),
    "unknown role": (
        edit(POLICY, "owner: ai-governance-lead\n", "owner: ai-governance-leed\n"),
        f"{POLICY}:5: DOC202 unknown role 'ai-governance-leed' in 'owner'; did you mean 'ai-governance-lead'?",
    ),
    "a control without an SoA row": (
        drop_row,
        None,
    ),
}


@pytest.fixture
def repository(bake, tmp_path) -> Path:
    target = tmp_path / "repository"
    shutil.copytree(bake(), target, ignore=shutil.ignore_patterns("site"))
    return target


def check(repository: Path, *words: str) -> subprocess.CompletedProcess:
    return started("macros", "check", *words, cwd=repository, known=True)


def test_a_fresh_repository_has_notes_alone(repository):
    done = check(repository)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines and all(line.endswith(" (note)") for line in lines)
    assert done.stderr == f"0 errors, 0 warnings, {len(lines)} notes\n"
    assert check(repository, "--fail-on", "note").returncode == 1


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_one_line(kind, repository):
    apply, expected = DAMAGE[kind]
    apply(repository)
    done = check(repository)
    lines = [line for line in done.stdout.splitlines() if not line.endswith(" (note)")]
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert len(lines) == 1, done.stdout
    if kind == "leftover merge markers":
        number = (repository / POLICY).read_text("utf-8").split("\n").index("<<<<<<< ours") + 1
        expected = f"{POLICY}:{number}: UPD101 conflict marker '<<<<<<<' is left in the text; keep one of the two versions and remove the marker lines"
    if kind == "a control without an SoA row":
        number = (repository / SOA).read_text("utf-8").split("\n").index("records:") + 1
        expected = (
            f"{SOA}:{number}: SOA101 control 'iso42001:A.2.3' Alignment with other organizational policies has no row; "
            "add a row that includes or excludes it, with a reason"
        )
    number = next(
        (
            n
            for n, line in enumerate((repository / POLICY).read_text("utf-8").splitlines(), 1)
            if re.fullmatch(r"\s+- (?:iso42001:A\.2\.22|A\.\d\.2)", line)
        ),
        0,
    )
    assert lines == [expected.replace("{line}", str(number))]


def test_the_same_problem_in_every_format(repository):
    DAMAGE["unknown role"][0](repository)
    found = json.loads(check(repository, "--format", "json").stdout)["problems"][0]
    assert found == {
        "code": "DOC202",
        "severity": "error",
        "path": POLICY,
        "line": 5,
        "message": "unknown role 'ai-governance-leed' in 'owner'",
        "way_out": "did you mean 'ai-governance-lead'?",
    }
    github = check(repository, "--format", "github").stdout.splitlines()[0]
    assert (
        github
        == f"::error file={POLICY},line=5,title=DOC202::unknown role 'ai-governance-leed' in 'owner'; did you mean 'ai-governance-lead'?"
    )
    assert "## Errors" in check(repository, "--format", "markdown").stdout


def test_a_broken_file_is_said_and_nothing_else_is_blamed(repository):
    """An unreadable register is one problem, not one for every record that would have been in it."""
    (repository / SOA).write_text("records: [\n", "utf-8")
    lines = [line for line in check(repository).stdout.splitlines() if not line.endswith(" (note)")]
    assert len(lines) == 1
    assert lines[0].startswith(f"{SOA}:2: SOA001 ")


def test_a_day_given_on_the_command_line_stays_with_that_command(monkeypatch, capsys, tmp_path):
    import os

    from macros.__main__ import main
    from tests.conftest import KIT
    from tests.test_checks import world_with

    monkeypatch.delenv("AIMS_TODAY", raising=False)
    world = str(world_with(KIT / "tests/checks/STA109/good", tmp_path))
    assert main(["check", "--root", world, "--today", "2030-01-01"]) == 1
    assert "DOC304 review of 'POL-001' was due on 2027-03-02" in capsys.readouterr().out
    assert "AIMS_TODAY" not in os.environ
    assert main(["check", "--root", world, "--today", "2026-11-16"]) == 0
