"""`adopt`: a text is kept as it was delivered by somebody who may, with a reason, and its approval stands."""

from __future__ import annotations

import pytest

from macros.facts.tailoring import SectionIs
from macros.load import load_workspace
from macros.world import world_at
from tests.test_authoring import aims, changed, diff, errors_of_the_story, organisation, repository

__all__ = ["organisation", "repository"]

PAPER = "docs/procedures/customers.md"
WHY = "Customer care compared the steps with the orders of October and found nothing that they leave out."


def judged(root):
    return world_at(root, fresh=True).judged


def entries(root, name):
    return [(entry.sections, entry.by, str(entry.date)) for entry in load_workspace(root).document_by_id[name].head.value.adopted]


def undecided(repository):
    """PRO-028 without the decision of the story."""
    text = (repository / PAPER).read_text("utf-8")
    begin = text.index("adopted:\n")
    (repository / PAPER).write_text(text[:begin] + text[text.index("---\n", begin) :], encoding="utf-8", newline="\n")
    assert judged(repository).ladder.document("PRO-028").rung.value == "template"


def test_all_that_is_undecided_is_adopted_first_shown_and_then_written(repository, capsys):
    undecided(repository)
    before = (repository / PAPER).read_bytes()
    words = ("adopt", "PRO-028", "--by", "ines-carvalho", "--because", WHY)
    assert aims(repository, *words) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"{PAPER}: PRO-028 Customers; adopted as delivered by ines-carvalho on 2026-11-16: 'Purpose', ")
    assert "Still undecided" not in said and (repository / PAPER).read_bytes() == before
    assert aims(repository, *words, "--write") == 0
    assert entries(repository, "PRO-028") == [("all", "ines-carvalho", "2026-11-16")]
    ladder = judged(repository).ladder
    assert len(ladder.tailoring("PRO-028").those(SectionIs.ADOPTED)) == 7 and not ladder.tailoring("PRO-028").undecided
    errors_of_the_story(repository)


def test_sections_are_adopted_one_after_another_and_the_rest_is_named(repository, capsys):
    undecided(repository)
    words = ("adopt", "PRO-028", "--by", "maeve-tarn", "--as", "top-management", "--on", "2026-11-13", "--because", WHY, "--write")
    assert aims(repository, *words, "--section", "purpose", "--section", "Rules") == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].endswith("adopted as delivered by maeve-tarn as top-management on 2026-11-13: 'Purpose', 'Rules'")
    assert said[1].startswith("Still undecided: ") and "'Rules'" not in said[1] and "'Records'" in said[1]
    assert aims(repository, *words, "--section", "Records") == 0
    assert entries(repository, "PRO-028") == [
        (("Purpose", "Rules"), "maeve-tarn", "2026-11-13"),
        (("Records",), "maeve-tarn", "2026-11-13"),
    ]


def test_a_later_adoption_of_the_same_sections_takes_the_place_of_the_earlier_and_the_approval_stands(repository):
    assert aims(repository, "adopt", "POL-002", "--by", "ines-carvalho", "--because", WHY, "--write") == 0
    assert changed(repository) == ["docs/policies/acceptable-use.md"]
    assert entries(repository, "POL-002") == [("all", "ines-carvalho", "2026-11-16")]
    assert not any("sha256" in line or "approved" in line for line in diff(repository))
    facts = judged(repository).facts
    assert facts.decisions.document(facts.workspace.document_by_id["POL-002"]).holds
    errors_of_the_story(repository)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("PRO-099", "--by", "ines-carvalho"), "there is no document 'PRO-099' here; did you mean '"),
        (("PRO-028", "--by", "ines-carvallo"), "there is no person 'ines-carvallo' in 'org.yaml'; did you mean 'ines-carvalho'?"),
        (("PRO-028", "--by", "top-management"), "there is no person 'top-management' in 'org.yaml'; "),
        (("PRO-028", "--by", "niamh-burke"), "its adopter Niamh Burke was not AI governance lead or "),
        (("PRO-028", "--by", "orla-fitz"), "its adopter Orla Fitzgerald had left on 2026-03-31"),
        (("PRO-028", "--by", "ines-carvalho", "--as", "top-management"), "did not hold the role 'top-management' on 2026-11-16"),
        (("PRO-028", "--by", "ines-carvalho", "--on", "2026-11-17"), "it is adopted from 2026-11-17 only"),
        (("PRO-028", "--by", "ines-carvalho", "--section", "Purposes"), "'PRO-028' has no section 'Purposes'; did you mean 'Purpose'?"),
        (
            ("PRO-028", "--by", "ines-carvalho", "--section", "Scope"),
            "section 'Scope' of 'PRO-028' is the organisation's own; leave it out",
        ),
        (("SYS-001", "--by", "ines-carvalho"), "every section of 'SYS-001' is the organisation's own; there is nothing to adopt"),
        (("PRO-028", "--by", "ines-carvalho", "--because", "It fits."), "'It fits.' does not say why the text fits"),
    ],
)
def test_what_is_no_decision_is_refused(words, said, repository, capsys):
    given = words if "--because" in words else (*words, "--because", WHY)
    assert aims(repository, "adopt", *given, "--write") == 3
    assert said in capsys.readouterr().err
    assert changed(repository) == []


def test_a_text_that_is_withdrawn_or_wrong_is_refused(repository, capsys):
    path = repository / PAPER
    text = path.read_text("utf-8")
    path.write_text(text.replace("iso42001:A.10.4", "iso42001:A.10.9", 1), "utf-8")
    assert aims(repository, "adopt", "PRO-028", "--by", "ines-carvalho", "--because", WHY) == 3
    assert "sections of 'PRO-028' cannot be adopted as it is: " in capsys.readouterr().err
    path.write_text(text.replace("status: approved", "status: withdrawn", 1), "utf-8")
    assert aims(repository, "adopt", "PRO-028", "--by", "ines-carvalho", "--because", WHY) == 3
    assert "'PRO-028' is withdrawn" in capsys.readouterr().err
