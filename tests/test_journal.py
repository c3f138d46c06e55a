"""Several files are written, all or none: whoever kills the writer, fills the disk or comes second finds old or new."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from macros.journal import WORK
from tests.conftest import KIT, copy_without_engine
from tests.review_setup import IDENTITY, commit, git

TODAY = ("--today", "2026-11-16")


def lines_of(*words: str) -> list[dict]:
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=KIT,
        env={**os.environ, **IDENTITY, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=3000,
    )
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def assert_old_or_new(lines: list[dict]) -> None:
    for line in lines:
        assert line["reader"].startswith(("old", "new", "refused")), line
        assert line["end"] in ("old", "new"), line
        assert set(map(str, line.get("again", ()))) <= {"old", "new", "False"}, line


@pytest.mark.parametrize("links", ["links", "none"])
def test_a_writing_that_is_killed_at_any_operation_is_old_or_new(links, tmp_path):
    lines = lines_of("tests.killed_writing", str(tmp_path), links, "9")
    assert_old_or_new(lines)
    kills = [line for line in lines if line["killed"]]
    assert len(kills) > 50
    assert {line["end"] for line in kills} == {"old", "new"}
    refused = [line for line in kills if line["reader"].startswith("refused")]
    assert len(refused) > 10 and all(line["again"] for line in refused)
    full = [line for line in lines if line.get("full")]
    assert len(full) > 50 and {line["end"] for line in full} == {"old", "new"}


@pytest.mark.full
@pytest.mark.parametrize("links", ["links", "none"])
def test_a_writing_that_is_killed_while_it_is_undone_is_old_or_new(links, tmp_path):
    lines = lines_of("tests.killed_writing", str(tmp_path), links, "1")
    assert_old_or_new(lines)
    assert sum(line["killed"] and bool(line.get("full")) for line in lines) > 500


# Every verb that writes, in a real repository


@pytest.fixture(scope="module")
def killer() -> Iterator[subprocess.Popen[str]]:
    """The process in which verbs are killed, one after the other."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.killed_verbs"],
        cwd=KIT,
        env={**os.environ, **IDENTITY, "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        _, err = process.communicate(timeout=60)
        assert process.returncode == 0 and "Traceback" not in err, err


@pytest.fixture(scope="module")
def repository(example, tmp_path_factory) -> Path:
    """The worked organisation with one commit on `main` and a change on top that is approved; not to be changed."""
    room = tmp_path_factory.mktemp("written")
    root = copy_without_engine(example, room / "repository")
    shutil.rmtree(root / ".github", ignore_errors=True)
    git(root, "init", "--quiet", "--initial-branch", "main")
    commit(root, "Begin")
    path = root / "docs/policies/acceptable-use.md"
    text = path.read_text("utf-8").replace('version: "1.0"', 'version: "2.0"').replace('date: "2026-01-20"', 'date: "2026-11-12"')
    head, body = text.split("\n---\n", 1)
    note = '{version: "2.0", date: "2026-11-12", change: obligation, note: "Staff tell of each new use."}'
    path.write_text(f"{head}\nrevisions:\n  - {note}\n---\n{body}\nStaff shall tell the AI governance lead of each new use.\n", "utf-8")
    name = commit(root, "Ask to be told of new uses")
    review = {"user": {"login": "maeve-tarn-tarnmoor"}, "state": "APPROVED", "commit_id": name, "submitted_at": "2026-11-12T15:00:00Z"}
    (room / "reviews.json").write_text(json.dumps([{**review, "id": 1, "html_url": "https://forge.example/r/1"}]), "utf-8")
    (room / "isms.csv").write_text("Code,Title,Version,Owner,Status\nPOL-90,A new policy,1.0,CISO,Approved\n", "utf-8")
    (room / "soa.csv").write_text(
        "Control,Title,Applicable,Justification\nA.8.34,Audit testing,No,No system is audited by testing\n", "utf-8"
    )
    (room / "read.csv").write_text("Document,Version,Person,Date\nPOL-002,2.0,helen-osei,2026-11-13\n", "utf-8")
    (root / "evidence/access.csv").write_text("a,b\n1,2\n", "utf-8")
    return root


def words_of(verb: str, room: Path) -> list[str]:
    return {
        "import isms": [
            *("import", "isms", str(room / "isms.csv"), str(room / "soa.csv"), "--decided-on", "2026-11-01", "--revisit", "2027-11-01"),
            *("--replace", "--write"),
        ],
        "import acknowledgements": ["import", "acknowledgements", str(room / "read.csv"), "--write"],
        "approvals": ["approvals", str(room / "reviews.json"), "--base", "HEAD^1", "--write"],
        "codeowners": ["codeowners", "--write"],
        "evidence add": [
            *(
                "evidence",
                "add",
                "evidence/access.csv",
                "--title",
                "Access list",
                "--kind",
                "record",
                "--by",
                "Ada",
                "--every-months",
                "3",
                "--write",
            ),
            *("--evidences", "iso42001:A.4.2", "--from", "2026-10-01", "--to", "2026-10-31"),
        ],
        "new": ["new", "control-of-our-own", "title=Names", "summary=Each agent has a name.", "because=RSK-001 asks.", "--write"],
        "rename": ["rename", "AIS-003", "AIS-030", "--write"],
        "approve": ["approve", "PRO-028", "AIA-001", "--as", "top-management", "--by", "maeve-tarn", "--write"],
        "confirm": ["confirm", "POL-001", "PRO-006", "PRO-012", "--by", "ai-governance-lead", "--write"],
        "retire": ["retire", "helen-osei", "--write"],
        "registers split": ["registers", "split", "acknowledgements", "--write"],
        "soa decide": [
            *("soa", "decide", "--accept", "iso42001:A.2.2", "--by", "maeve-tarn", "--on", "2026-11-10", "--replace", "--write"),
        ],
        "schema": ["schema", "--write", "schemas/all"],
        "review": ["review", "HEAD^1", "HEAD", "--html", "review.html", "--json", "review.json"],
        "management-review": ["management-review", "--write", "draft.md"],
    }[verb] + (["--today", "2026-11-16"] if verb != "schema" else [])


VERBS = (
    *("import isms", "import acknowledgements", "approvals", "codeowners", "evidence add", "registers split"),
    "soa decide",
    *("new", "rename", "approve", "confirm", "retire", "schema", "review", "management-review"),
)


def kill(killer: subprocess.Popen[str], repository: Path, verb: str, room: Path, points: int | None, moments: int) -> list[dict]:
    if verb == "codeowners":
        room = Path(shutil.copytree(repository, room / "other", symlinks=True)).parent
        repository = room / "other"
        (repository / "CODEOWNERS").write_text("* @nobody\n", "utf-8")
    words = words_of(verb, repository.parent if verb != "codeowners" else room)
    spec = {"repository": str(repository), "room": str(room), "words": words, "points": points, "moments": moments}
    killer.stdin.write(json.dumps(spec) + "\n")
    killer.stdin.flush()
    lines = [json.loads(line) for line in iter(killer.stdout.readline, "\n") if line or pytest.fail(killer.stderr.read())]
    for line in lines:
        assert line["reader"] in ("old", "new", "refused"), line
        assert WORK not in line["status"] and ".new" not in line["status"], line
        assert (line["doctor"], line["again"]) in (("old", "new"), ("new", "new")), line
    return lines


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_that_is_killed_leaves_old_or_new(verb, killer, repository, tmp_path):
    moments = int(verb in ("import isms", "evidence add"))
    lines = kill(killer, repository, verb, tmp_path, 2, moments)
    assert len(lines) == 2 + moments and sum(line["killed"] for line in lines) >= 2


@pytest.mark.full
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_that_is_killed_at_every_operation_leaves_old_or_new(verb, killer, repository, tmp_path):
    lines = kill(killer, repository, verb, tmp_path, None, 50)
    assert len(lines) > 60
    assert {"old", "new", "refused"} == {line["reader"] for line in lines}
