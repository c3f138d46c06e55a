"""What the kit generated is written down, and a text is told from it section by section."""

from __future__ import annotations

import json
import shutil

import pytest

from macros.checks import run_checks
from macros.facts.tailoring import tailoring
from macros.generated import RECORD, fingerprint_of_words, sections
from macros.load import load_workspace
from macros.text.sections import sections as sections_seen
from macros.world import today_of

POLICY = "docs/policies/ai-policy.md"


@pytest.fixture
def fresh(bake, tmp_path):
    """A generated repository that may be changed."""
    return shutil.copytree(bake(), tmp_path / "fresh")


def of(root, name):
    workspace = load_workspace(root)
    return tailoring(workspace, workspace.document_by_id[name])


def rewrite(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


@pytest.mark.parametrize("strategy", ["integrated", "coordinated", "extension", "standalone"])
def test_nothing_in_a_fresh_repository_is_its_own(strategy, bake):
    workspace = load_workspace(bake(integration_strategy=strategy))
    assert len(workspace.generated.texts) == len(workspace.documents)
    for document in workspace.documents:
        found = tailoring(workspace, document)
        assert found.is_the_kits and found.sections >= 3, document.id
    assert {problem.code for problem in run_checks(workspace, today_of(workspace)) if problem.code.startswith("UPD")} == set()


def test_every_file_of_the_kit_is_recorded_as_it_arrived(fresh):
    recorded = json.loads((fresh / RECORD).read_text("utf-8"))["files"]
    arrived = {
        path.relative_to(fresh).as_posix()
        for name in ("macros", "controls", "supply-chain", ".github")
        for path in (fresh / name).rglob("*")
    }
    files = {path for path in arrived if (fresh / path).is_file() and "__pycache__" not in path}
    assert files | {"Makefile", "aims", "aims.cmd", "requirements.txt", "mkdocs_hooks.py"} == set(recorded)


def test_case_and_punctuation_decide_nothing(fresh):
    path = fresh / POLICY
    head, body = path.read_text("utf-8").split("\n---\n", 1)
    path.write_text(f"{head}\n---\n{body.replace('.', ' .').upper()}", "utf-8")
    assert of(fresh, "POL-001").own == ()


def test_a_changed_section_is_ones_own_and_the_rest_is_not(fresh):
    path = fresh / POLICY
    name, text = [part for part in sections(path.read_text("utf-8").split("\n---\n", 1)[1]) if part[0]][1]
    rewrite(path, text, text + "\nThe works council hears every change of it.\n")
    found = of(fresh, "POL-001")
    assert found.own == (name,) and not found.is_the_kits
    assert found.said.startswith("1 of ")


def test_a_section_that_was_taken_out_is_a_decision(fresh):
    path = fresh / POLICY
    name, text = [part for part in sections(path.read_text("utf-8").split("\n---\n", 1)[1]) if part[0]][-1]
    rewrite(path, f"## {name}\n{text}", "")
    found = of(fresh, "POL-001")
    assert found.dropped == (name,) and not found.is_the_kits


def test_a_parameter_counts_once_it_is_decided_otherwise_than_the_kit(fresh):
    assert of(fresh, "PRO-002").parameters == ()
    rewrite(fresh / "org.yaml", "concern_response_days: 30", "concern_response_days: 21")
    assert of(fresh, "PRO-002").parameters == ("concern_response_days",)
    assert of(fresh, "PRO-002").said == "the organisation decided concern_response_days"
    assert of(fresh, "PRO-028").is_the_kits


def test_a_reason_for_keeping_the_text_is_a_decision(fresh):
    rewrite(
        fresh / POLICY,
        "\n---\n\n",
        "\nunchanged_because: The board read it against the group policy in May and had nothing to add.\n---\n\n",
    )
    assert not of(fresh, "POL-001").is_the_kits


def test_a_document_of_ones_own_is_wholly_own(fresh):
    text = (fresh / POLICY).read_text("utf-8").replace("id: POL-001", "id: POL-009")
    (fresh / "docs/policies/ours.md").write_text(text, "utf-8")
    found = of(fresh, "POL-009")
    assert len(found.own) == found.sections


def test_without_the_record_every_text_counts_as_the_kits(fresh):
    (fresh / RECORD).unlink()
    rewrite(fresh / POLICY, "##", "## Ours\n\nOurs.\n\n##")
    assert of(fresh, "POL-001").is_the_kits
    workspace = load_workspace(fresh)
    assert [problem.code for problem in workspace.problems] == ["UPD103"]


def test_a_changed_engine_is_seen_and_a_cache_is_not(fresh):
    (fresh / "macros/__pycache__").mkdir(exist_ok=True)
    (fresh / "macros/__pycache__/trace.pyc").write_bytes(b"x")
    rewrite(fresh / "macros/facts/trace.py", '"""Who', '"""WHO')
    workspace = load_workspace(fresh)
    found = [problem for problem in run_checks(workspace, today_of(workspace)) if problem.code == "UPD102"]
    assert [problem.location.path for problem in found] == ["macros/facts/trace.py"]


@pytest.mark.parametrize("strategy", ["integrated", "coordinated", "extension", "standalone"])
def test_what_a_reader_sees_has_the_fingerprints_that_a_generation_wrote_down(strategy, bake):
    root = bake(integration_strategy=strategy)
    recorded = json.loads((root / RECORD).read_text("utf-8"))["texts"]
    workspace = load_workspace(root)
    assert len(recorded) == len(workspace.documents) > 40
    for document in workspace.documents:
        seen = {heading: fingerprint_of_words(text) for heading, text in sections_seen(document.body)}
        assert seen == recorded[document.id], document.id


def test_the_sections_of_the_worked_organisation_are_those_that_a_generation_would_write_down(example):
    documents = load_workspace(example).documents
    assert len(documents) > 40
    for document in documents:
        assert list(sections_seen(document.body)) == list(sections(document.body)), document.id


HIDDEN = {
    "comment": "\n<!-- The works council hears every change. -->\n",
    "comment over lines": "\n<!--\nThe works council\n\nhears every change.\n-->\n",
    "comment in a sentence": " <!-- The works council hears -->",
    "hidden element": "\n<p hidden>The works council hears every change.</p>\n",
    "heading in a comment": "\n<!--\n## Ours\n\nThe works council hears every change.\n-->\n",
    "parameter in a comment": '\n<!-- {{ param("concern_response_days") }} -->\n',
}


@pytest.mark.parametrize("name", HIDDEN)
def test_what_nobody_sees_makes_no_text_ones_own(name, fresh):
    rewrite(fresh / "org.yaml", "concern_response_days: 30", "concern_response_days: 21")
    path = fresh / POLICY
    path.write_text(path.read_text("utf-8").rstrip("\n") + HIDDEN[name] + "\n", encoding="utf-8", newline="\n")
    assert of(fresh, "POL-001").is_the_kits


def test_a_section_in_a_comment_is_gone(fresh):
    path = fresh / POLICY
    name, text = [part for part in sections(path.read_text("utf-8").split("\n---\n", 1)[1]) if part[0]][-1]
    rewrite(path, f"## {name}\n{text}", f"<!--\n## {name}\n{text}\n-->\n")
    assert of(fresh, "POL-001").dropped == (name,)


def test_headings_in_fences_are_text_and_repeated_ones_are_numbered():
    body = "Begin\n\n## Steps\n\n```sh\n# no heading\n```\n\n## Steps\nmore\n"
    assert [name for name, _ in sections(body)] == ["", "Steps", "Steps (2)"]
    assert list(sections_seen(body)) == list(sections(body))
