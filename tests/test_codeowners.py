"""CODEOWNERS is what roles, documents and registers say, agrees with the change review, and keeps what is the organisation's own."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from macros.__main__ import main
from macros.facts.authority import approver_of_path, as_codeowners, code_owners, handle_of
from macros.facts.authority.codeowners import MARK
from macros.load import load_workspace
from macros.model.organisation import Person
from macros.review.approvals import approvals
from macros.review.changes import document_changes, record_changes
from tests.compiled import PLACE
from tests.conftest import KIT

WORLD = KIT / "tests/world"


@pytest.fixture
def world(tmp_path) -> Path:
    """A small repository whose people have forge names, and whose CODEOWNERS is not yet made."""
    room = tmp_path / "world"
    shutil.copytree(WORLD, room)
    shutil.copy(KIT / "tests/checks/ORG116/good/org.yaml", room / "org.yaml")
    return room


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), "utf-8")


def test_the_examples_file_is_fresh(example):
    # After a change of roles, documents or registers of the example: generate it, run `codeowners --write` there, and copy the file back.
    assert (example / "CODEOWNERS").read_text("utf-8") == as_codeowners(load_workspace(example))


@pytest.mark.parametrize(
    "answers", [{}, {"forge": "gitlab", "eu_market": "yes"}, {"integration_strategy": "standalone", "isms_since": "none"}]
)
def test_a_fresh_file_is_what_the_verb_would_write(answers, bake, capsys):
    repository = bake(**answers)
    assert main(["codeowners", "--root", str(repository)]) == 0
    assert capsys.readouterr().out == (repository / "CODEOWNERS").read_text("utf-8")


def test_every_approval_that_the_review_asks_for_is_enforced(example):
    base = load_workspace(example)
    changed = dataclasses.replace(
        base,
        documents=tuple(dataclasses.replace(document, body=document.body + "\nStaff shall read this.\n") for document in base.documents),
        registers={name: dataclasses.replace(register, records=register.records[1:]) for name, register in base.registers.items()},
    )
    documents, records = document_changes(base, changed), record_changes(base, changed)
    assert {change.id for change in documents} == set(base.document_by_id)
    assert {change.kind for change in records} == set(base.registers)
    needed = approvals(base, documents, records, (), (), (), None)
    assert len(needed) >= 5
    assert {approval.role: approval.enforced for approval in needed} == {approval.role: True for approval in needed}
    for document in base.documents:
        (alone,) = approvals(base, [change for change in documents if change.id == document.id], (), (), (), (), None)
        assert alone.enforced and alone.role == approver_of_path(base, document.path), document.path
    for register in base.registers.values():
        (alone,) = approvals(base, (), [change for change in records if change.kind == register.kind.name], (), (), (), None)
        assert alone.enforced and alone.role == approver_of_path(base, register.records[0].data.path), register.kind.name


def test_the_kit_and_everything_else_is_the_leads(example):
    base = load_workspace(example)
    (kit,) = approvals(base, (), (), (), ("macros/site.py", ".github/workflows/check.yml", "controls/iso42001.yaml"), ("README.md",), None)
    assert (kit.role, kit.enforced) == ("ai-governance-lead", True)


def test_an_owner_without_the_role_is_not_enforcement(example):
    """One owner of a line is enough for a forge, so a line that also names somebody else does not wait for the role."""
    base = load_workspace(example)
    line = "/docs/policies/ai-policy.md @maeve-tarn-tarnmoor @tomasz-wrona-tarnmoor\n"
    weak = dataclasses.replace(base, texts={**base.texts, "CODEOWNERS": base.texts["CODEOWNERS"] + line})
    changed = dataclasses.replace(
        base, documents=tuple(dataclasses.replace(document, body=document.body + "\nMore.\n") for document in base.documents)
    )
    policy = [change for change in document_changes(base, changed) if change.id == "POL-001"]
    assert [approval.enforced for approval in approvals(base, policy, (), (), (), (), None)] == [True]
    assert [approval.enforced for approval in approvals(weak, policy, (), (), (), (), None)] == [False]


def test_writing_it_makes_the_rule_silent_and_writing_again_changes_nothing(world, capsys):
    (world / "CODEOWNERS").write_text("# A remark.\n/docs/policies/ @world/board\r\n", "utf-8", newline="")
    assert main(["check", "--root", str(world)]) == 1
    assert "ORG116" in capsys.readouterr().out
    assert main(["codeowners", "--root", str(world), "--write"]) == 0
    said = capsys.readouterr()
    assert said.out == "Written: CODEOWNERS\n"
    assert "kept below the mark" in said.err
    written = (world / "CODEOWNERS").read_bytes()
    assert written.decode().split(MARK + "\n")[1] == "/docs/policies/ @world/board\n"
    main(["check", "--root", str(world), "--today", "2026-11-16"])
    assert "ORG116" not in capsys.readouterr().out
    assert main(["codeowners", "--root", str(world), "--write"]) == 0
    assert capsys.readouterr().out == "CODEOWNERS is as the roles say already\n"
    assert (world / "CODEOWNERS").read_bytes() == written


def test_nothing_is_written_without_being_asked(world, capsys):
    assert main(["codeowners", "--root", str(world)]) == 0
    assert not (world / "CODEOWNERS").exists()
    assert "/docs/policies/ai-policy.md @grace.hopper\n" in capsys.readouterr().out


def test_a_role_without_a_forge_name_has_no_line_and_a_comment(world):
    edit(world / "org.yaml", "    forge_name: grace.hopper\n", "")
    text = as_codeowners(load_workspace(world))
    assert "/docs/policies/ai-policy.md" not in text
    assert "# For the role top-management, 4 lines are left out: nobody who holds it has a forge_name in org.yaml.\n" in text


def test_whoever_has_left_is_not_asked(world):
    edit(world / "org.yaml", "held_by: [grace-hopper]", "held_by: [grace-hopper, ada-lovelace]")
    edit(world / "org.yaml", "    forge_name: grace.hopper\n", '    forge_name: grace.hopper\n    left: "2026-10-01"\n')
    text = as_codeowners(load_workspace(world))
    assert "grace" not in text.split(MARK)[0]
    assert "/docs/policies/ai-policy.md @ada\n" in text


def test_handles_stand_in_the_order_of_the_role(world):
    edit(world / "org.yaml", "held_by: [grace-hopper]", "held_by: [grace-hopper, ada-lovelace]")
    assert "/docs/policies/ai-policy.md @grace.hopper @ada\n" in as_codeowners(load_workspace(world))


@pytest.mark.parametrize("name", ["a b", "x\n* @evil", "@@x", "x @evil", "*", "#", "", "a/b", "é"])
def test_what_is_no_user_name_is_no_handle(name):
    assert handle_of(Person.model_construct(id="a", name="A", email=None, forge_name=name, left=None)) is None


def test_a_name_with_a_space_is_escaped_and_one_with_a_pattern_has_no_line(world):
    shutil.move(world / "docs/policies/ai-policy.md", world / "docs/policies/our policy.md")
    shutil.move(world / "docs/roles/ai-governance-lead.md", world / "docs/roles/lead[1].md")
    text = as_codeowners(load_workspace(world))
    assert "/docs/policies/our\\ policy.md @grace.hopper\n" in text
    assert code_owners(text, "docs/policies/our policy.md") == ("@grace.hopper",)
    assert "lead[1]" not in text and "rename it" in text


def test_a_file_that_cannot_be_read_stops_it(world, capsys):
    (world / "docs/policies/ai-policy.md").write_text("---\nid: [\n---\n", "utf-8")
    assert main(["codeowners", "--root", str(world), "--write"]) == 3
    said = capsys.readouterr().err
    assert said.startswith("python -m macros codeowners: this rests on a file that cannot be read: docs/policies/ai-policy.md:3: DOC001 ")
    assert said.count("\n") == 1
    assert not (world / "CODEOWNERS").exists()


def test_a_file_beside_that_wins_on_github_is_named(world, capsys):
    (world / ".github").mkdir()
    (world / ".github/CODEOWNERS").write_text("* @x\n", "utf-8")
    assert main(["codeowners", "--root", str(world)]) == 0
    assert "GitHub reads '.github/CODEOWNERS' in place of this file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("*", "docs/a/b.md", True),
        ("*.md", "docs/a/b.md", True),
        ("/docs/*", "docs/b.md", True),
        ("/docs/*", "docs/a/b.md", False),
        ("/docs/**", "docs/a/b.md", True),
        ("/docs/", "docs/a/b.md", True),
        ("/docs", "docs/a/b.md", True),
        ("/docs/", "docs", False),
        ("a/", "docs/a/b.md", True),
        ("/a/", "docs/a/b.md", False),
        ("/docs/**/b.md", "docs/b.md", True),
        ("/docs/?.md", "docs/ab.md", False),
        ("/docs/a.md", "docs/axmd", False),
    ],
)
def test_a_pattern_is_read_as_the_forges_read_it(pattern, path, matches):
    assert bool(code_owners(f"{pattern} @x\n", path)) is matches


def test_the_last_line_that_matches_decides_also_where_it_names_nobody():
    text = "* @a\n/docs/ @b # why\n\n/docs/x.md\n"
    assert code_owners(text, "README.md") == ("@a",)
    assert code_owners(text, "docs/y.md") == ("@b",)
    assert code_owners(text, "docs/x.md") == ()


def test_the_same_twice_under_another_hash_seed(example):
    outputs = {
        subprocess.run(
            [sys.executable, "-m", "macros", "codeowners"],
            cwd=example,
            env={"PYTHONHASHSEED": seed, "PYTHONPYCACHEPREFIX": str(PLACE)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "4711")
    }
    assert len(outputs) == 1
