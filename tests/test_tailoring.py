"""What the kit generated is written down, and a text is told from it section by section and by how many words differ."""

from __future__ import annotations

import json
import shutil

import pytest

from macros.checks import run_checks
from macros.facts.decisions import Decisions
from macros.facts.tailoring import ENOUGH, SectionIs, tailoring
from macros.generated import RECORD, bag_of_words, fingerprint_of_words, sections
from macros.load import load_workspace
from macros.status.tailored import share, way_out
from macros.text.sections import sections as sections_seen
from macros.world import today_of

POLICY = "docs/policies/ai-policy.md"


@pytest.fixture
def fresh(bake, tmp_path):
    """A generated repository that may be changed."""
    return shutil.copytree(bake(), tmp_path / "fresh")


def of(root, name):
    workspace = load_workspace(root)
    return tailoring(Decisions(workspace, today_of(workspace)), workspace.document_by_id[name])


def those(root, name, how):
    return tuple(section.heading for section in of(root, name).those(how))


def said(root, name):
    return share(load_workspace(root), of(root, name))


def rewrite(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def part_of(path, number):
    """Heading and text of a section of a document."""
    return [part for part in sections(path.read_text("utf-8").split("\n---\n", 1)[1]) if part[0]][number]


WHY = "The board read it against the group policy in May and had nothing to add."


def adopt(path, *entries, why=WHY):
    """Enter adoptions: sections, person and day."""
    lines = "".join(f'\n  - sections: {what}\n    by: {by}\n    date: "{day}"\n    because: {why}' for what, by, day in entries)
    rewrite(path, "\n---\n\n", f"\nadopted:{lines}\n---\n\n")


def staffed(root):
    """Put a person into org.yaml who holds every role."""
    path = root / "org.yaml"
    text = path.read_text("utf-8").replace("    held_by: []", "    held_by: [ada]")
    lines = ["people:\n  - id: ada\n    name: Ada" if line.startswith("people:") else line for line in text.split("\n")]
    path.write_text("\n".join(lines), encoding="utf-8", newline="\n")


@pytest.mark.parametrize("strategy", ["integrated", "coordinated", "extension", "standalone"])
def test_nothing_in_a_fresh_repository_is_its_own(strategy, bake):
    workspace = load_workspace(bake(integration_strategy=strategy))
    assert len(workspace.generated.texts) == len(workspace.documents)
    decisions = Decisions(workspace, today_of(workspace))
    for document in workspace.documents:
        found = tailoring(decisions, document)
        assert len(found.those(SectionIs.DELIVERED)) == len(found.sections) >= 3, document.id
        assert found.is_the_kits and not found.by_fingerprint, document.id
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
    assert len(those(fresh, "POL-001", SectionIs.DELIVERED)) == len(of(fresh, "POL-001").sections) > 3


SENTENCE = "The works council hears every change of it before it is approved, and its words are kept with the change."


def test_a_section_is_ones_own_in_substance_and_the_rest_is_undecided(fresh):
    name, text = part_of(fresh / POLICY, 3)
    rewrite(fresh / POLICY, text, f"{text}\n{SENTENCE}\n")
    found = of(fresh, "POL-001")
    assert those(fresh, "POL-001", SectionIs.OWN) == (name,)
    assert len(SENTENCE.split()) > ENOUGH and found.is_the_kits
    assert said(fresh, "POL-001") == f"{len(found.sections) - 1} of {len(found.sections)} sections are undecided, 'Purpose' first"
    assert way_out("POL-001", found).startswith("write section 'Purpose' of POL-001 for your organisation, or adopt it as it is")


@pytest.mark.parametrize("words", [1, 7, 8, 15, 16])
def test_a_trivial_edit_is_neither_own_nor_kept(words, fresh):
    """Of 42 words eight are a fifth; of the longest section as many as a sentence has are enough."""
    (short, few), (long, many) = (
        part_of(fresh / POLICY, 0),
        max((part_of(fresh / POLICY, number) for number in range(8)), key=lambda part: len(part[1].split())),
    )
    more = " ".join(f"new{number}" for number in range(words))
    for text in (few, many):
        rewrite(fresh / POLICY, text, f"{text}\n{more}\n")
    own = those(fresh, "POL-001", SectionIs.OWN)
    assert (short in own, long in own) == (words >= 9, words >= 16)
    found = {section.heading: section.differs for section in of(fresh, "POL-001").sections}
    assert found[short] == found[long] == words
    if words == 1:
        assert said(fresh, "POL-001").endswith("'Purpose' first, in which only 1 word is not as delivered")


def test_the_same_sentence_in_three_sections_is_no_decision_on_any(fresh):
    for number, own in ((0, 1), (3, 2), (4, 0)):
        _, text = part_of(fresh / POLICY, number)
        rewrite(fresh / POLICY, text, f"{text}\n{SENTENCE}\n")
        assert len(those(fresh, "POL-001", SectionIs.OWN)) == own
    assert len(those(fresh, "POL-001", SectionIs.EDITED)) == 3


def test_a_moved_renamed_or_divided_text_is_the_kits(fresh):
    path = fresh / POLICY
    first, last = part_of(path, 1), part_of(path, 4)
    rewrite(path, f"## {first[0]}", "## What this holds for")
    half = last[1][: last[1].index("\n", len(last[1]) // 2)]
    rewrite(path, last[1], f"{half}\n\n## More of the same\n{last[1].removeprefix(half)}")
    found = of(fresh, "POL-001")
    assert (found.those(SectionIs.OWN), found.dropped) == ((), ())
    assert {"What this holds for", "More of the same"} <= set(those(fresh, "POL-001", SectionIs.EDITED))


def test_a_section_that_the_kit_does_not_have_is_ones_own(fresh):
    rewrite(fresh / POLICY, "## Scope", "## Languages\n\nEnglish and Irish.\n\n## Scope")
    assert those(fresh, "POL-001", SectionIs.OWN) == ("Languages",)


def test_a_section_that_was_taken_out_is_a_decision(fresh):
    path = fresh / POLICY
    name, text = part_of(path, -1)
    rewrite(path, f"## {name}\n{text}", "")
    found = of(fresh, "POL-001")
    assert found.dropped == (name,) and name not in {section.heading for section in found.sections}


def test_a_parameter_decides_the_sections_that_read_it(fresh):
    assert those(fresh, "PRO-002", SectionIs.PARAMETER) == ()
    rewrite(fresh / "org.yaml", "concern_response_days: 30", "concern_response_days: 21")
    path = fresh / load_workspace(fresh).document_by_id["PRO-002"].path
    reading = tuple(name for name, text in sections(path.read_text("utf-8").split("\n---\n", 1)[1]) if "concern_response_days" in text)
    assert those(fresh, "PRO-002", SectionIs.PARAMETER) == reading != ()
    assert of(fresh, "PRO-002").is_the_kits


def test_an_adopted_text_is_decided_on_and_said_to_be(fresh):
    staffed(fresh)
    adopt(fresh / POLICY, ("all", "ada", "2026-05-04"))
    found = of(fresh, "POL-001")
    assert found.is_adopted_whole and not found.is_the_kits
    assert said(fresh, "POL-001") == f"all {len(found.sections)} sections are adopted as delivered, knowingly, by Ada on 2026-05-04"


def test_own_adopted_and_governed_sections_make_a_whole(fresh):
    staffed(fresh)
    rewrite(fresh / "org.yaml", "  concern_response_days: 30", "  concern_response_days: 30\n  bias_disparity_percent: 15")
    _, text = part_of(fresh / POLICY, 0)
    rewrite(fresh / POLICY, text, f"{text}\n{SENTENCE}\n")
    adopt(fresh / POLICY, ("[SCOPE, Records]", "ada", "2026-05-04"))
    found = of(fresh, "POL-001")
    assert those(fresh, "POL-001", SectionIs.ADOPTED) == ("Scope", "Records") and found.undecided
    rewrite(fresh / POLICY, "adopted:", 'adopted:\n  - {sections: all, by: ada, date: "2026-05-05", because: "' + WHY + '"}')
    assert said(fresh, "POL-001") == (
        f"1 of {len(found.sections)} sections are the organisation's own, {len(found.sections) - 2} adopted as delivered "
        "by Ada on 2026-05-05, by Ada on 2026-05-04, 1 governed by parameters that were decided"
    )
    assert not of(fresh, "POL-001").is_the_kits


@pytest.mark.parametrize(
    ("by", "day", "why", "code"),
    [
        ("nobody", "2026-05-04", WHY, "DOC211"),
        ("top-management", "2026-05-04", WHY, "DOC211"),
        ("ada", "2099-05-04", WHY, "DOC211"),
        ("ada", "2026-05-04", "It fits us well as it is.", "DOC208"),
    ],
)
def test_an_adoption_that_is_not_in_force_decides_nothing(by, day, why, code, fresh):
    staffed(fresh)
    adopt(fresh / POLICY, ("all", by, day), why=why)
    assert of(fresh, "POL-001").is_the_kits
    workspace = load_workspace(fresh)
    assert [problem.location.path for problem in run_checks(workspace, today_of(workspace)) if problem.code == code] == [POLICY]


def test_one_reason_may_cover_all_sections_of_two_documents_and_no_more(fresh):
    staffed(fresh)
    paths = [document.path for document in load_workspace(fresh).documents][:3]
    for path in paths[:2]:
        adopt(fresh / path, ("all", "ada", "2026-05-04"))
    assert not of(fresh, load_workspace(fresh).documents[0].id).is_the_kits
    adopt(fresh / paths[2], ("all", "ada", "2026-05-04"), why=WHY.upper())
    assert of(fresh, load_workspace(fresh).documents[0].id).is_the_kits


def test_a_document_of_ones_own_is_wholly_own(fresh):
    text = (fresh / POLICY).read_text("utf-8").split("\n---\n", 1)[0].replace("id: POL-001", "id: POL-009")
    (fresh / "docs/policies/ours.md").write_text(f"{text}\n---\n\n## Rules\n\nNobody shall sell what nobody made.\n", "utf-8")
    found = of(fresh, "POL-009")
    assert len(found.those(SectionIs.OWN)) == len(found.sections) == 1


def test_a_text_of_the_kit_under_another_id_is_still_the_kits(fresh):
    path = fresh / POLICY
    path.write_text(path.read_text("utf-8").replace("id: POL-001", "id: POL-009"), "utf-8")
    assert of(fresh, "POL-009").those(SectionIs.OWN) == () and of(fresh, "POL-009").is_the_kits


def test_a_record_without_words_tells_by_fingerprint_only_and_says_so(fresh):
    record = json.loads((fresh / RECORD).read_text("utf-8"))
    del record["words"]
    (fresh / RECORD).write_text(json.dumps(record), "utf-8")
    staffed(fresh)
    rewrite(fresh / POLICY, "## Scope", "Agreed.\n\n## Scope")
    adopt(fresh / POLICY, ("all", "ada", "2026-05-04"))
    assert those(fresh, "POL-001", SectionIs.OWN) == ("Purpose",)
    assert said(fresh, "POL-001").endswith("by Ada on 2026-05-04, by fingerprint only")


def test_the_bags_of_all_texts_stay_small(bake):
    words = json.loads((bake() / RECORD).read_text("utf-8"))["words"]
    assert len(words) > 40
    assert sum(len(bag) for parts in words.values() for bag in parts.values()) < 150_000


def test_a_bag_holds_each_word_as_often_as_it_stands():
    assert bag_of_words("One, two; ONE.") == bag_of_words("two one one")
    assert bag_of_words("one two") != bag_of_words("one two two") != bag_of_words("one one two")
    assert (bag_of_words("…"), len(bag_of_words("one two three"))) == ("", 8)


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
    assert len(those(fresh, "POL-001", SectionIs.DELIVERED)) == len(of(fresh, "POL-001").sections) > 3


def test_a_section_in_a_comment_is_gone(fresh):
    path = fresh / POLICY
    name, text = [part for part in sections(path.read_text("utf-8").split("\n---\n", 1)[1]) if part[0]][-1]
    rewrite(path, f"## {name}\n{text}", f"<!--\n## {name}\n{text}\n-->\n")
    assert of(fresh, "POL-001").dropped == (name,)


def test_headings_in_fences_are_text_and_repeated_ones_are_numbered():
    body = "Begin\n\n## Steps\n\n```sh\n# no heading\n```\n\n## Steps\nmore\n"
    assert [name for name, _ in sections(body)] == ["", "Steps", "Steps (2)"]
    assert list(sections_seen(body)) == list(sections(body))
