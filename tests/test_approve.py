"""`approve`: an approval is entered with what it was given on, by somebody who may, and ends with what it was given on."""

from __future__ import annotations

import pytest

from macros.load import load_workspace
from macros.world import world_at
from tests.test_authoring import aims, changed, diff, errors_of_the_story, organisation, repository

__all__ = ["organisation", "repository"]

PAPER = "docs/procedures/customers.md"


def decisions(root):
    return world_at(root, fresh=True).facts.decisions


def test_a_document_is_approved_first_shown_and_then_written(repository, capsys):
    words = ("approve", "PRO-028", "--as", "top-management", "--by", "maeve-tarn")
    assert aims(repository, *words) == 0
    assert "approved by maeve-tarn as top-management on 2026-11-16, to be looked at again by 2027-11-16" in capsys.readouterr().out
    assert changed(repository) == []
    assert (
        decisions(repository).document(load_workspace(repository).document_by_id["PRO-028"]).fault == "it was due for review on 2026-10-31"
    )
    assert aims(repository, *words, "--write") == 0
    assert changed(repository) == [PAPER]
    lines = diff(repository)
    assert '+next_review: "2027-11-16"' in lines and '+  date: "2026-11-16"' in lines
    assert not any(line.startswith("+  sha256") for line in lines), "the text is the one that was approved before"
    [before] = load_workspace(repository).document_by_id["PRO-028"].head.value.approved_before
    assert (before.version, before.by, before.sha256 is not None) == ("1.0", "maeve-tarn", True)
    found = decisions(repository).document(load_workspace(repository).document_by_id["PRO-028"])
    assert (found.fault, found.person, found.role, str(found.on), str(found.until)) == (
        *(None, "maeve-tarn", "top-management"),
        *("2026-11-16", "2027-11-16"),
    )
    errors_of_the_story(repository)


@pytest.mark.parametrize(
    ("path", "old", "new", "name", "part"),
    [
        (PAPER, " shall ", " should ", "PRO-028", "text"),
        ("org.yaml", "  concern_response_days: 30", "  concern_response_days: 60", "PRO-002", "parameters"),
        ("registers/ai-systems/AIS-001.yaml", "autonomy: recommends", "autonomy: decides", "AIS-001", "autonomy"),
        ("registers/datasets/DS-001.yaml", "uses:\n", "uses:\n  - retrieval\n", "DS-001", "uses"),
        ("registers/risks/RSK-005.yaml", "likelihood: 5", "likelihood: 4", "RSK-005", "initial"),
        ("registers/changes/CHG-2026-003.yaml", 'version: "2.1"', 'version: "2.2"', "CHG-2026-003", "version"),
        ("registers/impact-assessments/AIA-001.yaml", "judgement: >-\n", "judgement: >-\n  All is well.\n", "AIA-001", "judgement"),
    ],
)
def test_what_was_approved_ends_with_what_it_was_given_on_and_a_new_approval_mends_it(path, old, new, name, part, repository, capsys):
    text = (repository / path).read_text("utf-8")
    assert old in text
    (repository / path).write_text(text.replace(old, new, 1), "utf-8")
    world = world_at(repository, fresh=True)
    document = world.workspace.document_by_id.get(name)
    record = None if document else world.workspace.record_by_id[name]
    code = "STA107" if document else "REG115"
    said = [problem for problem in world.problems if problem.code == code]
    assert any(f"'{name}' was changed since " in problem.message and problem.message.endswith(part) for problem in said), said
    found = [world.facts.decisions.document(document)] if document else [one for _, one in world.facts.decisions.record(record.value)]
    assert "changed since it was a" in found[0].fault and found[0].fault.endswith(part)
    words = ("approve", name, "--as", "top-management", "--by", "maeve-tarn", "--because", "It was looked at again.", "--write")
    if document:
        assert aims(repository, *words) == 3
        assert "give it its new version with a note under 'revisions', then approve that" in capsys.readouterr().err
        return
    assert aims(repository, *words) == 0
    world = world_at(repository, fresh=True)
    assert not [problem for problem in world.problems if problem.code == code and f"'{name}'" in problem.message]


def test_what_does_not_matter_to_the_decision_changes_nothing(repository):
    path = repository / "registers/ai-systems/AIS-001.yaml"
    text = path.read_text("utf-8")
    for old in ("name: Applicant ranking", "takes 4 cores and 32 GB", "on working days, for about"):
        assert old in text
    changed_text = text.replace("name: Applicant ranking", "name: Ranking of applicants", 1).replace(
        "takes 4 cores and 32 GB", "takes 4 cores and 64 GB"
    )
    path.write_text(changed_text.replace("on working days, for about", "on working days,\n  for about", 1), "utf-8")
    assert changed_text != text
    world = world_at(repository, fresh=True)
    assert not [problem for problem in world.problems if problem.code == "REG115"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("PRO-028", "--as", "top-management", "--by", "niamh-burke"), "did not hold the role 'top-management' on 2026-11-16"),
        (("PRO-028", "--as", "top-management", "--by", "nobody"), "there is no person 'nobody' in 'org.yaml'; "),
        (
            ("PRO-028", "--as", "top-managment", "--by", "maeve-tarn"),
            "there is no role 'top-managment' in 'org.yaml'; did you mean 'top-management'?",
        ),
        (("PRO-028", "--as", "ai-governance-lead", "--by", "ines-carvalho"), "it was approved by Inês Carvalho, who owns it"),
        (("AIA-001", "--as", "ai-system-owner", "--by", "deirdre-nolan"), "was not AI governance lead or top management or governing body"),
        (("AIA-001", "--as", "human-oversight-operator", "--by", "lars-petersen"), "was not AI governance lead"),
        (("RSK-005", "--as", "ai-system-owner", "--by", "felix-brandt"), "was not top management"),
        (("PRO-028", "--as", "top-management", "--by", "orla-fitz"), "had left on 2026-03-31"),
        (("PRO-028", "--as", "top-management", "--by", "conor-maher", "--on", "2026-06-01"), "did not hold the role"),
        (("PRO-999", "--as", "top-management", "--by", "maeve-tarn"), "there is no document and no record 'PRO-999' here; "),
        (("EV-001", "--as", "top-management", "--by", "maeve-tarn"), "'EV-001' is a record that is not approved by itself; "),
        (("PRO-028", "AIA-001", "--as", "ai-governance-lead", "--by", "priya-nair", "--on", "2026-04-01"), "before it was carried out"),
    ],
)
def test_an_approval_that_would_not_count_is_refused_and_nothing_is_written(words, said, repository, capsys):
    assert aims(repository, "approve", *words, "--write") == 3
    told = capsys.readouterr().err
    assert said in told and told.count("\n") == 1
    assert changed(repository) == []


def test_an_approval_without_a_fingerprint_counts_nowhere(repository):
    path = repository / PAPER
    lines = path.read_text("utf-8").splitlines(keepends=True)
    kept = [line for number, line in enumerate(lines) if "sha256:" not in line and "parts:" not in line]
    assert len(lines) > len(kept)
    path.write_text("".join(kept), "utf-8")
    found = decisions(repository).document(load_workspace(repository).document_by_id["PRO-028"])
    assert (
        found.fault == "its approval of 2026-06-17 holds no fingerprint, so that nothing says on what it was given"
        or "holds no fingerprint" in found.fault
    )


def test_another_id_leaves_each_approval_in_force(repository, capsys):
    before = errors_of_the_story(repository)
    assert aims(repository, "rename", "AIS-001", "AIS-010", "--write") == 0
    world = world_at(repository, fresh=True)
    assert world.workspace.record_by_id["AIS-010"].value.approved.sha256
    assert not [problem for problem in world.problems if problem.code in ("REG115", "STA107")]
    assert before == errors_of_the_story(repository)
