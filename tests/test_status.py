"""The ladder: nothing stands higher than the data proves, and what is taken away drops exactly what rested on it."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys

import pytest

from macros.checks import judge
from macros.load import load_workspace
from macros.load.tree import MemoryTree
from macros.site import today_of
from macros.status import Rung


def ladder_of(tree, today: datetime.date | None = None):
    workspace = load_workspace(tree)
    return judge(workspace, today or today_of(workspace)).ladder


def files_of(root) -> dict[str, bytes]:
    from macros.load.tree import FolderTree

    tree = FolderTree(root)
    return {path: tree.read(path) for path in tree.paths()}


def rungs(ladder) -> dict[str, str | None]:
    found = {}
    for catalogue in ladder.catalogues:
        for leaf in ladder.leaves(catalogue):
            rung = ladder.requirement(leaf).rung
            found[leaf] = rung.value if rung else None
    return found


def changed(files, *changes):
    new = dict(files)
    for path, old, text in changes:
        before = new[path].decode("utf-8")
        assert before.count(old) >= 1, (path, old)
        new[path] = before.replace(old, text, 1).encode("utf-8")
    return MemoryTree(new)


@pytest.mark.parametrize("strategy", ["integrated", "coordinated", "extension", "standalone"])
def test_a_fresh_repository_stands_nowhere_above_template(strategy, bake):
    done = subprocess.run(
        [sys.executable, "-m", "macros", "status", "--format", "json"],
        cwd=bake(integration_strategy=strategy),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert {row["rung"] for row in data["requirements"]} <= {"missing", "template"}
    assert [row["rung"] for row in data["requirements"] if row["id"].startswith("iso42001:")] == ["template"] * 70
    assert all(row["way_up"] for row in data["requirements"])
    for catalogue, counts in data["counts"].items():
        assert sum(counts.values()) == sum(row["id"].startswith(f"{catalogue}:") for row in data["requirements"])


def test_the_counts_hold_every_clause_and_control_once(example):
    ladder = ladder_of(example)
    assert len(ladder.leaves("iso42001")) == 32 + 38
    assert sum(leaf.startswith("iso27001:A.") for leaf in ladder.leaves("iso27001")) == 93
    assert "own" in ladder.catalogues


def test_a_clause_is_as_far_as_the_weakest_below_it(example):
    ladder = ladder_of(example)
    below = [ladder.requirement(leaf).rung for leaf in ladder.leaves("iso42001") if leaf.startswith("iso42001:A.6.2.")]
    assert len(below) == 7
    assert ladder.requirement("iso42001:A.6.2").rung is min(below, key=lambda rung: rung.height)


def test_an_excluded_control_does_not_apply_once_that_is_decided(example):
    files = files_of(example)
    ladder = ladder_of(MemoryTree(files))
    excluded = [name for name, (_, entry) in ladder.decisions.items() if entry.applicability.value == "excluded"]
    assert excluded and all(ladder.requirement(name).rung is None for name in excluded)


def test_the_page_shows_the_rungs_and_the_way_up(example_site):
    page = (example_site / "status/index.html").read_text("utf-8")
    for rung in Rung:
        assert f">{rung.value}</span>" in page
    assert "What lifts it by one rung" in page and "%" not in page.split("<article", 1)[1].split("</article", 1)[0].replace("&#37;", "%")
    requirement = (example_site / "requirements/iso42001/A.5.3/index.html").read_text("utf-8")
    assert "Stands at" in requirement and 'class="aims-steps"' in requirement
    soa = (example_site / "records/statement-of-applicability/iso42001/index.html").read_text("utf-8")
    assert "Stands at" in soa and "Claims" in soa


def test_the_command_names_the_parts_and_refuses_what_is_not_there(example):
    def ask(*words):
        command = [sys.executable, "-m", "macros", "status", *words]
        return subprocess.run(command, cwd=example, capture_output=True, text=True, encoding="utf-8", check=False)

    one = ask("iso42001:5.1")
    assert one.returncode == 0 and one.stdout.startswith("iso42001:5.1 Leadership and commitment: ")
    assert "document POL-001" in one.stdout
    wrong = ask("iso42001:A.55")
    assert (wrong.returncode, wrong.stdout) == (3, "")
    assert "did you mean 'iso42001:A.5.5'?" in wrong.stderr
    assert ask("--all").stdout.count("\n") > 200


def test_the_guide_is_in_the_terms_of_the_forge(bake):
    from macros.render.guide import guide
    from macros.render.places import Places

    told = {}
    for forge in ("github", "gitlab", "none"):
        workspace = load_workspace(bake(forge=forge))
        told[forge] = guide(workspace, Places(workspace))
    assert "pull request" in told["github"] and "merge request" not in told["github"]
    assert "merge request" in told["gitlab"] and "pull request" not in told["gitlab"]
    assert "pencil" not in told["none"]
    assert all(text.count("## ") == 5 for text in told.values())
