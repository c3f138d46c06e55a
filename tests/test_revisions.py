"""What a version changed, and what rests on it: on the worked organisation, on its built site, and in the review of a change."""

from __future__ import annotations

import datetime
import html
import json
import re
import shutil
from pathlib import Path

import pytest

from examples.make import _with_entries
from macros.checks import run_checks
from macros.facts.suspects import LOOKED_AT, dependants, suspects
from macros.facts.trace import build_trace
from macros.load import load_workspace
from macros.model.records.kinds import BY_NAME, register_of
from macros.problem import KitError
from macros.render.revisions import RevisionNotes
from macros.render.views import views_of
from macros.text.calls import Call, calls_in
from macros.world import today_of, world_at
from tests.conftest import mkdocs_build
from tests.review_setup import ask, branch, commit, repository_of, sealed_anew
from tests.small_site import small_site

TODAY = datetime.date(2026, 11, 16)
PAPER = "docs/procedures/documented-information.md"
NOTE = "Evidence files, too, are not changed once their record is closed."
SENTENCE = ("A closed record shall not be changed,", "A closed record, and an evidence file, shall not be changed,")
RESTING = {
    *("CTX-001", "DAT-001", "DAT-002", "DAT-003", "DAT-004", "DAT-005", "PRO-001", "PRO-002", "PRO-003", "PRO-005", "PRO-008", "PRO-012"),
    "EV-004",
}
"""What rests on PRO-004 and was last looked at before the change."""


def edit(root: Path, path: str, *changes: tuple[str, str]) -> None:
    file = root / path
    text = file.read_text("utf-8")
    for old, new in changes:
        assert text.count(old) == 1, f"{path} holds {text.count(old)} times: {old}"
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8", newline="\n")


def note(version: str = "2.0", day: str = "2026-11-10", change: str = "obligation", said: str = NOTE) -> str:
    return f'  - {{version: "{version}", date: "{day}", change: {change}, note: "{said}"}}\n'


def notes(*lines: str) -> tuple[str, str]:
    return "\n---\n\n{{ document_header() }}", "\nrevisions:\n" + "".join(lines) + "---\n\n{{ document_header() }}"


def step(version: str = "2.0", approved: str = "2026-11-12") -> tuple[tuple[str, str], ...]:
    return ('version: "1.0"', f'version: "{version}"'), ('date: "2026-01-21"', f'date: "{approved}"')


def change_obligation(root: Path) -> None:
    """A new version of PRO-004 that changes an obligation, noted and approved."""
    edit(root, PAPER, SENTENCE, *step(), notes(note()))


def approve_again(root: Path, name: str, day: str) -> None:
    path = next(document.path for document in load_workspace(root).documents if document.id == name)
    text = (root / path).read_text("utf-8")
    made, count = re.subn(r'(?m)^(approved:(?:\n  by: .*\n  date:| .*date:) ")[^"]+', rf"\g<1>{day}", text)
    assert count == 1
    (root / path).write_text(made, encoding="utf-8", newline="\n")


def copy_of(example: Path, target: Path) -> Path:
    return shutil.copytree(example, target, ignore=shutil.ignore_patterns("site", "__pycache__"))


def found(root: Path, today: datetime.date = TODAY) -> dict[str, str]:
    """Every suspect with the document that it rests on."""
    workspace = load_workspace(root)
    return {suspect.name: suspect.on for suspect in suspects(workspace, build_trace(workspace), today)}


def spoken(root: Path) -> list[str]:
    workspace = load_workspace(root)
    return [problem.code for problem in run_checks(workspace, today_of(workspace))]


# The worked organisation.


def test_three_documents_changed_an_obligation_and_all_that_rests_on_them_was_looked_at_again(example):
    workspace = load_workspace(example)
    changed = {
        document.id: document.head.value.revisions[0].version
        for document in workspace.documents
        if any(revision.change.value == "obligation" for revision in document.head.value.revisions)
    }
    assert changed == {"ROL-004": "2.0", "DAT-003": "2.0", "PRO-027": "2.0", "SYS-003": "2.0"}
    resting = dependants(workspace, build_trace(workspace))
    assert {len(resting.get(name, ())) for name in changed} == {0, 10, 16}
    assert found(example) == {}


def test_every_version_past_the_first_has_its_note(example):
    later = [document.head.value for document in load_workspace(example).documents if document.head.value.version != "1.0"]
    assert len(later) == 17
    assert all(head.revisions[0].version == head.version for head in later)


def test_the_dates_bring_the_suspects_back(example, tmp_path):
    root = copy_of(example, tmp_path / "t")
    approve_again(root, "PRO-012", "2026-02-09")
    assert found(root) == {"PRO-012": "PRO-027"}
    assert "TRC202" in spoken(root)


# From the change to the last look.


def test_a_changed_obligation_makes_suspects_and_a_new_approval_clears_one(example, tmp_path):
    root = copy_of(example, tmp_path / "t")
    change_obligation(root)
    assert found(root) == dict.fromkeys(RESTING, "PRO-004")
    assert spoken(root).count("TRC202") == 12
    assert spoken(root).count("TRC203") == 1
    approve_again(root, "PRO-008", "2026-11-10")
    assert found(root).keys() == RESTING - {"PRO-008"}
    approve_again(root, "PRO-008", "2026-11-09")
    assert found(root).keys() == RESTING


def test_evidence_collected_anew_clears_what_is_older(example, tmp_path):
    root = copy_of(example, tmp_path / "t")
    change_obligation(root)
    anew = (root / "registers/evidence/EV-004.yaml").read_text("utf-8").replace("id: EV-004", "id: EV-013")
    anew = re.sub(r'collected_on: ".*"', 'collected_on: "2026-11-13"', anew)
    (root / "registers/evidence/EV-013.yaml").write_text(anew, "utf-8")
    assert found(root).keys() == RESTING - {"EV-004"}
    # Evidence about other AI systems does not stand in for it.
    edit(root, "registers/evidence/EV-013.yaml", (re.search(r"(?ms)^about:.*?(?=^\w)", anew).group(), "about: [AIS-001]\n"))
    assert found(root).keys() == RESTING


def test_what_binds_nobody_yet_makes_no_suspects(example, tmp_path):
    root = copy_of(example, tmp_path / "t")
    change_obligation(root)
    assert found(root, datetime.date(2026, 11, 9)) == {}
    path = root / PAPER
    text = path.read_text("utf-8")
    for status in ("draft", "withdrawn"):
        path.write_text(text.replace("status: approved", f"status: {status}"), "utf-8")
        assert found(root) == {}


def test_a_draft_and_a_withdrawn_document_are_no_suspects(example, tmp_path):
    root = copy_of(example, tmp_path / "t")
    change_obligation(root)
    edit(root, "docs/procedures/planning-of-changes.md", ("status: approved", "status: draft"))
    edit(root, "docs/procedures/concern-reporting.md", ("status: approved", "status: withdrawn"))
    assert found(root).keys() == RESTING - {"PRO-008", "PRO-002"}


def test_a_clarification_makes_no_suspects(example, tmp_path):
    root = copy_of(example, tmp_path / "t")
    edit(root, PAPER, *step("1.1"), notes(note("1.1", change="clarification")))
    sealed_anew(root, "PRO-004")
    assert found(root) == {}
    assert spoken(root) == ["REG201", "DOC304"]


def test_an_obligation_is_a_suspect_until_it_is_reviewed(example, tmp_path):
    root = copy_of(example, tmp_path / "t")
    edit(root, "registers/obligations.yaml", ('reviewed_on: "2026-06-10"', 'reviewed_on: "2026-05-12"'))
    assert found(root) == {"OBL-008": "PRO-027"}
    edit(root, "registers/obligations.yaml", ('reviewed_on: "2026-05-12"', 'reviewed_on: "2026-05-13"'))
    assert found(root) == {}


def test_the_references_are_those_that_the_texts_make(example):
    workspace = load_workspace(example)
    resting = dependants(workspace, build_trace(workspace))
    for document in workspace.documents:
        said = {
            other.id
            for other in workspace.documents
            for call in calls_in(other.body, 1)
            if isinstance(call, Call) and call == Call("document", (document.id,), call.line) and other is not document
        }
        assert {rests.name for rests in resting.get(document.id, ()) if rests.name in workspace.document_by_id} == said
    tasks = {rests.name for rests in resting["POL-001"] if rests.name.startswith("task ")}
    assert tasks


@pytest.mark.parametrize(("definition", "entry"), LOOKED_AT.items(), ids=str)
def test_the_day_of_a_look_is_an_entry_of_the_register(definition, entry):
    assert entry in definition.model_fields
    assert register_of(definition) in BY_NAME


# The built site.


def page_of(site: Path, path: str) -> str:
    text = html.unescape((site / path / "index.html").read_text("utf-8"))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text[text.index("<article") : text.index("</article")]))


def built(root: Path) -> Path:
    done = mkdocs_build(root)
    assert done.returncode == 0, done.stderr
    return root / "site"


@pytest.mark.site
def test_a_site_shows_what_changed_and_what_waits_until_it_was_looked_at(tmp_path):
    """As on the site of the worked organisation below, with one document that rests on the one that changed."""
    root = small_site(tmp_path / "small")
    approved = ('approved: {by: top-management, date: "2026-03-02"}', 'approved: {by: top-management, date: "2026-11-12"}')
    edit(root, "docs/policies/ai-policy.md", ('version: "1.0"', 'version: "2.0"'), approved, notes(note()))
    site = built(root)
    changed = page_of(site, "policies/ai-policy")
    assert "1 document or record has not been looked at since this document changed an obligation" in changed
    assert f"What changed in 2.0, on 2026-11-10 Version Date Change Note 2.0 2026-11-10 obligation {NOTE}" in changed
    banner = f"To be looked at again since 2026-11-10 Because POL-001 AI policy changed an obligation in 2.0 of 2026-11-10: {NOTE}"
    resting = page_of(site, "roles/ai-governance-lead")
    assert f"{banner} Approve it again after reading what changed." in resting
    list_of_all = page_of(site, "open")
    assert "ROL-001" in list_of_all[list_of_all.index("What rests on a document") :]
    assert "To be looked at again" not in changed

    approve_again(root, "ROL-001", "2026-11-16")
    site = built(root)
    assert [path for path in site.rglob("index.html") if "To be looked at again" in html.unescape(path.read_text("utf-8"))] == []
    changed = page_of(site, "policies/ai-policy")
    assert "not been looked at" not in changed
    assert f"2.0 2026-11-10 obligation {NOTE}" in changed


@pytest.mark.full
@pytest.mark.site
def test_the_site_shows_what_changed_and_what_waits_until_it_was_looked_at(example, tmp_path):
    root = copy_of(example, tmp_path / "t")
    change_obligation(root)
    site = built(root)
    changed = page_of(site, "procedures/documented-information")
    assert "13 documents and records have not been looked at since this document changed an obligation" in changed
    assert f"What changed in 2.0, on 2026-11-10 Version Date Change Note 2.0 2026-11-10 obligation {NOTE}" in changed
    banner = (
        f"To be looked at again since 2026-11-10 Because PRO-004 Documented information changed an obligation in 2.0 of 2026-11-10: {NOTE}"
    )
    resting = page_of(site, "procedures/planning-of-changes")
    assert f"{banner} Approve it again after reading what changed." in resting
    assert "open on this document" not in resting
    assert f"{banner} Collect evidence anew." in page_of(site, "records/evidence/EV-004")
    assert "To be looked at again" in page_of(site, "records/evidence")
    list_of_all = page_of(site, "open")
    section = list_of_all[list_of_all.index("What rests on a document") :]
    assert all(name in section for name in RESTING)
    assert "To be looked at again" not in page_of(site, "procedures/customers")

    for name in sorted(RESTING - {"EV-004"}):
        approve_again(root, name, "2026-11-16")
    edit(root, "registers/evidence/EV-004.yaml", ('collected_on: "2026-10-06"', 'collected_on: "2026-11-16"'))
    site = built(root)
    assert [path for path in site.rglob("index.html") if "To be looked at again" in html.unescape(path.read_text("utf-8"))] == []
    changed = page_of(site, "procedures/documented-information")
    assert "have not been looked at" not in changed
    assert f"2.0 2026-11-10 obligation {NOTE}" in changed


def test_a_note_is_shown_and_never_acts(example, tmp_path):
    root = copy_of(example, tmp_path / "t")
    hostile = "<script>alert(1)</script> {{ 7*7 }} | [x](javascript:a) @everyone"
    edit(root, PAPER, *step(), notes(note(said=hostile)))
    world = world_at(root)
    shown = RevisionNotes(views_of(world).links, suspects(world.workspace, world.trace, TODAY))
    texts = [shown.notes(world.workspace.document_by_id["PRO-004"]), shown.banner("PRO-008"), shown.section()]
    for text in texts:
        assert hostile in html.unescape(text)
        assert "<script" not in text and "{{" not in text and "](javascript" not in text and "@" not in text


# The review of a change.


@pytest.fixture(scope="module")
def repository(example, tmp_path_factory) -> Path:
    return repository_of(example, tmp_path_factory.mktemp("revisions") / "tarnmoor")


def reviewed(repository: Path, path: str, *changes: tuple[str, str]) -> str:
    branch(repository, "change")
    edit(repository, path, *changes)
    done = ask(repository, "main", commit(repository, "Change"))
    assert done.returncode in (0, 1), done.stderr
    return html.unescape(done.stdout)


def looked_at(text: str) -> list[str]:
    part = re.search(r"(?s)## What to look at\n\n(.*?)\n\n", text)
    return part.group(1).removeprefix("- ").split("\n- ") if part else []


def test_the_review_quotes_the_note_of_a_new_version(repository):
    text = reviewed(repository, PAPER, SENTENCE, *step(), notes(note()))
    assert f"\n\nRevision note, obligation, 2026-11-10: {NOTE}\n\n" in text
    assert "| revisions |" not in text
    assert looked_at(text) == [
        "PRO-004 Documented information changes an obligation in 1 sentence",
        "PRO-004 changes its approval from maeve-tarn as top-management on 2026-01-21 to maeve-tarn as top-management on 2026-11-12",
    ]
    for name in RESTING:
        assert f"\n| {name} | " in text


def test_the_json_of_the_review_holds_the_note(repository):
    reviewed(repository, PAPER, SENTENCE, *step(), notes(note()))
    data = json.loads(ask(repository, "main", "change", "--format", "json").stdout)
    (document,) = data["documents"]
    assert document["revision_note"] == {"version": "2.0", "date": "2026-11-10", "change": "obligation", "note": NOTE, "belittles": False}
    assert {item["name"] for item in data["suspects"]} == RESTING


def test_a_missing_note_is_to_be_looked_at(repository):
    text = reviewed(repository, PAPER, SENTENCE, *step())
    assert "PRO-004 goes to version 2.0 without a revision note that says what it changes" in looked_at(text)
    assert "\n\nNo revision note says what version 2.0 changes.\n\n" in text


def test_a_note_that_belittles_is_to_be_looked_at(repository):
    text = reviewed(repository, PAPER, SENTENCE, *step(), notes(note(change="clarification")))
    assert "PRO-004 2.0 is noted as a clarification, and an obligation changes in 1 sentence" in looked_at(text)
    assert "\n\nThe note speaks of a clarification, and this change touches an obligation.\n\n" in text
    assert "| warning | DOC207 |" in text


def test_a_note_of_an_obligation_without_one_says_so_and_names_what_rests_on_it(repository):
    text = reviewed(repository, PAPER, *step(), notes(note()))
    assert "\n\nThe note speaks of an obligation; no sentence with a word such as shall, should or may has changed.\n\n" in text
    assert "\n| PRO-008 | Planning of changes | its text refers to PRO-004 |\n" in text


def test_an_older_note_that_is_rewritten_is_to_be_looked_at(repository):
    path = "docs/procedures/suppliers.md"
    text = reviewed(
        repository, path, ("The selection questions name the evidence that is wanted for each.", "Small corrections of the text.")
    )
    assert "PRO-027 changes revision notes other than that of a new version" in looked_at(text)
    assert "| revisions | version 1.1, date 2026-03-10, change clarification, note The selection questions" in text


def test_a_note_for_a_version_in_force_is_an_entry_like_others(repository):
    text = reviewed(repository, PAPER, notes(note("1.0", "2026-01-20")))
    assert f"| revisions | nothing | version 1.0, date 2026-01-20, change obligation, note {NOTE} |" in text
    assert "Revision note," not in text


def test_the_review_of_a_hostile_note_holds_no_live_mark(repository):
    branch(repository, "hostile")
    edit(repository, PAPER, *step(), notes(note(said="@everyone <script> {{ 7*7 }} | ::error::x")))
    done = ask(repository, "main", commit(repository, "Change"))
    assert "@everyone <script> {{ 7*7 }} | ::error::x" in html.unescape(done.stdout).replace("\u200b", "")
    assert not set("@[]{}`") & set(done.stdout)
    assert "<script" not in done.stdout and "::" not in done.stdout


# How the example gets its notes.


def test_the_example_refuses_to_add_notes_twice():
    with pytest.raises(KitError, match="'revisions' already"):
        _with_entries("---\nid: x\nrevisions: []\n---\nText\n", {"revisions": [{"version": "1.1"}]})
