"""What a forge runs for an organisation: pinned, with the least rights, nothing untrusted in a shell."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import KIT

TEMPLATE = KIT / "<<cookiecutter.org>>"
OURS = KIT / ".github/workflows"
WORKFLOWS = sorted((*(TEMPLATE / ".github/workflows").glob("*.yml"), *OURS.glob("*.yml")))


def named(path: Path) -> str:
    """Of which side a workflow is, and its name."""
    return f"{'kit' if path.parent == OURS else 'organisation'}-{path.name}"


def jobs_of(path: Path) -> dict:
    return yaml.safe_load(path.read_text("utf-8"))["jobs"]


@pytest.mark.parametrize("side", ["kit", "organisation"])
def test_zizmor_has_nothing_to_say(side, bake):
    folder = KIT if side == "kit" else bake(forge="github")
    tool = Path(sys.executable).parent / "zizmor"
    done = subprocess.run([str(tool), "--offline", "--no-progress", str(folder / ".github")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No findings to report" in done.stdout + done.stderr


@pytest.mark.parametrize("path", WORKFLOWS, ids=named)
def test_a_workflow_has_no_more_rights_than_it_needs(path):
    data = yaml.safe_load(path.read_text("utf-8"))
    top = data.get("permissions")
    assert top in ({}, {"contents": "read"}), path.name
    writers = {"publish.yml": {"pages", "id-token"}, "weekly.yml": {"issues"}, "comment.yml": {"pull-requests"}}
    allowed = writers.get(path.name, set())
    assert data["jobs"]
    for job in data["jobs"].values():
        rights = job.get("permissions", top)
        assert {name for name, right in rights.items() if right == "write"} <= allowed


@pytest.mark.parametrize("path", WORKFLOWS, ids=named)
def test_no_expression_stands_inside_a_shell_line(path):
    assert any("run" in step for job in jobs_of(path).values() for step in job.get("steps", ()))
    for job in jobs_of(path).values():
        for step in job["steps"]:
            assert "${{" not in step.get("run", ""), step.get("name")


@pytest.mark.parametrize("path", WORKFLOWS, ids=named)
def test_a_checkout_leaves_no_credentials(path):
    steps = [step for job in jobs_of(path).values() for step in job["steps"]]
    checkouts = [step for step in steps if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_only_the_protected_branch_is_published():
    data = yaml.safe_load((TEMPLATE / ".github/workflows/publish.yml").read_text("utf-8"))
    triggers = data[True]  # PyYAML reads the key `on` as true
    assert set(triggers) == {"push", "workflow_dispatch"}
    assert triggers["push"] == {"branches": ["main"]}


def test_every_requirement_that_ci_installs_is_locked():
    texts = {path: path.read_text("utf-8") for path in (*WORKFLOWS, TEMPLATE / ".gitlab-ci.yml")}
    lines = [f"{path.name}: {line}" for path, text in texts.items() for line in re.findall(r"pip install[^\n]*", text)]
    assert len(lines) > 3
    assert [line for line in lines if "--require-hashes" not in line] == []


@pytest.mark.parametrize("path", sorted((TEMPLATE / ".github/ISSUE_TEMPLATE").glob("*.yml")), ids=lambda path: path.name)
def test_an_issue_form_asks_in_words_that_staff_understand(path):
    form = yaml.safe_load(path.read_text("utf-8"))
    assert {"name", "description", "body"} <= set(form)
    assert any(field["type"] != "markdown" for field in form["body"])
    for field in form["body"]:
        assert field["type"] in ("input", "textarea", "checkboxes", "markdown", "dropdown")
        if field["type"] != "markdown":
            assert field["attributes"]["label"]


def test_the_concern_form_says_who_can_read_it():
    text = (TEMPLATE / ".github/ISSUE_TEMPLATE/raise-a-concern.yml").read_text("utf-8")
    assert "Everybody who can read this repository can read what you write here." in text
