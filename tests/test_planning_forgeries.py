"""Forged plans: the worked organisation is right as it is, and each edit that only looks right is spoken of."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from macros.__main__ import main
from macros.checks import run_checks
from macros.facts.deadlines import is_ahead
from macros.load import load_workspace
from macros.model.base import hints
from macros.model.records.kinds import KINDS
from macros.model.records.support import Evidence
from macros.worklist.due import due_between
from macros.world import World, forget, today_of
from tests.conftest import PINNED, copy_without_engine

HONEST = ["REG201", "DOC304"]
"""The two problems that the worked organisation announces."""


@pytest.fixture
def tree(example, tmp_path) -> Path:
    return copy_without_engine(example, tmp_path / "tarnmoor")


def spoken(root: Path) -> list[str]:
    """Errors and warnings beyond the two that are known, as they are printed."""
    workspace = load_workspace(root)
    found = run_checks(workspace, today_of(workspace))
    return [str(problem) for problem in found if problem.severity.value != "note" and problem.code not in HONEST]


def said(root: Path, code: str) -> list[str]:
    return [line for line in spoken(root) if f" {code} " in line]


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{text.count(old)} times in {path.name}: {old}"
    path.write_text(text.replace(old, new), "utf-8")


def set_line(path: Path, key: str, value: str) -> None:
    """Give the one line of a file that begins with a key another value."""
    text, count = re.subn(rf"(?m)^( *(?:- )?{re.escape(key)}:).*$", rf"\g<1> {value}", path.read_text("utf-8"))
    assert count == 1, f"{key} is on {count} lines of {path.name}"
    path.write_text(text, "utf-8")


def edit_row(path: Path, start: str, **values: str) -> None:
    """Give lines of one row of a table other values."""
    text = path.read_text("utf-8")
    begin = text.index(f"  - {start}\n")
    end = text.find("\n  - ", begin + 1)
    row = text[begin : end if end > 0 else len(text)]
    for key, value in values.items():
        row, count = re.subn(rf"(?m)^    {key}:.*$", f"    {key}: {value}", row)
        assert count == 1, key
    path.write_text(text[:begin] + row + (text[end:] if end > 0 else ""), "utf-8")


def test_the_worked_organisation_is_honest(example):
    assert spoken(example) == []


# The Statement of Applicability


def exclude(root: Path, control: str) -> None:
    edit_row(
        root / "registers/statement-of-applicability.yaml",
        f"control: {control}",
        applicability="excluded",
        status='not-applicable\n    revisit: "2027-06-30"',
    )


def without_documents(root: Path, control: str) -> None:
    """Take a control out of every document, risk, register head and other record that names it."""
    for path in (*root.glob("docs/**/*.md"), *root.glob("registers/**/*.yaml")):
        text = path.read_text("utf-8")
        if "statement-of-applicability" not in path.name:
            gone = re.sub(rf'(?m)^ *- "?{re.escape(control)}"?\n', "", text)
            path.write_text(re.sub(r"(?m)^( *[a-z_]+):\n(?=\1?[a-z]|---|\Z)", r"\1: []\n", gone) if gone != text else text, "utf-8")


@pytest.mark.parametrize(
    ("control", "user"),
    [
        ("iso42001:A.2.2", "clause iso42001:5.2 AI policy"),
        ("iso42001:A.3.2", "clause iso42001:5.3"),
        ("iso42001:A.5.5", "clause iso42001:6.1.4"),
        ("iso27001:A.6.3", "clause iso27001:7.3"),
        ("iso42001:A.7.4", "dataset DS-001"),
        ("iso42001:A.9.4", "AI system AIS-001"),
        ("iso42001:A.10.3", "supplier SUP-001"),
        ("iso42001:A.8.4", "document PRO-023"),
    ],
)
def test_an_excluded_control_that_is_used_is_an_error_that_names_the_user(tree, control, user):
    exclude(tree, control)
    (line,) = said(tree, "SOA110")
    assert f"'{control}' is excluded, and used by " in line
    names = World(load_workspace(tree), today_of(load_workspace(tree))).facts.soa_users[control]
    assert any(user in one.why for one in names), [one.why for one in names]


@pytest.mark.parametrize("control", ["iso42001:A.7.3", "iso42001:A.8.4", "iso42001:A.6.2.4"])
def test_a_risk_treatment_uses_the_controls_that_it_names(tree, control):
    without_documents(tree, control)
    exclude(tree, control)
    path = tree / "registers/risks/RSK-001.yaml"
    path.write_text(re.sub(r"(?m)^  controls:\n", f"  controls:\n    - {control}\n", path.read_text("utf-8"), count=1), "utf-8")
    (line,) = said(tree, "SOA110")
    assert "used by AI risk RSK-001" in line
    set_line(path, "status", "closed")
    assert said(tree, "SOA110") == [] or "RSK-001" not in said(tree, "SOA110")[0]


@pytest.mark.parametrize("status", ["draft", "withdrawn"])
@pytest.mark.parametrize("control", ["iso27001:A.7.6", "iso27001:A.8.30"])
def test_a_document_in_force_uses_a_control_and_a_draft_or_withdrawn_one_does_not(tree, control, status):
    path = tree / "docs/policies/ai-policy.md"
    path.write_text(path.read_text("utf-8").replace("addresses:\n", f"addresses:\n  - {control}\n", 1), "utf-8")
    assert "document POL-001" in said(tree, "SOA110")[0]
    text = path.read_text("utf-8").replace("status: approved", f"status: {status}", 1)
    path.write_text(
        re.sub(r"(?ms)^approved:.*?(?=^next_review)", "approved: null\n", text, count=1) if status == "draft" else text, "utf-8"
    )
    assert said(tree, "SOA110") == []


def test_an_obligation_and_a_text_use_the_control_that_they_lead_to(tree):
    path = tree / "registers/obligations.yaml"
    text = path.read_text("utf-8")
    path.write_text(re.sub(r"(?m)^    answered_by:\n", '    answered_by:\n      - "iso27001:A.8.30"\n', text, count=1), "utf-8")
    assert "obligation OBL-001" in said(tree, "SOA110")[0]
    path.write_text(text, "utf-8")
    system = tree / "registers/ai-systems/AIS-002.yaml"
    before = system.read_text("utf-8")
    system.write_text(before.replace("purpose: >-\n", "purpose: >-\n  It is built as iso27001:A.7.6 asks.\n", 1), "utf-8")
    assert "AI system AIS-002" in said(tree, "SOA110")[0]
    set_line(system, "stage", "retired")
    assert said(tree, "SOA110") == []


# A pinned day


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("demonstration: true", "demonstration: false"),
        ("demonstration: true\n", ""),
        ('today: "2026-11-16"\ndemonstration: true', 'today: "2026-11-16"'),
    ],
)
def test_a_pinned_day_outside_of_a_demonstration_is_an_error(tree, old, new):
    replace(tree / "org.yaml", old, new)
    (line,) = said(tree, "ORG117")
    assert "'today' pins the day to 2026-11-16, and this is no demonstration" in line


def test_the_error_of_a_pinned_day_is_neither_turned_down_nor_excepted_from(tree):
    replace(tree / "org.yaml", "demonstration: true", "checks:\n  severities:\n    ORG117: note")
    assert said(tree, "ORG117") and said(tree, "ORG115")


def test_a_fresh_organisation_pins_no_day_and_cannot(bake, tmp_path):
    root = copy_without_engine(bake(), tmp_path / "fresh")
    assert said(root, "ORG117") == []
    with (root / "org.yaml").open("a", encoding="utf-8") as file:
        file.write('today: "2026-01-01"\n')
    assert said(root, "ORG117") != []


DATED = (
    *(("check",), ("status",), ("gate", "AIS-001"), ("roadmap",), ("next",), ("trend",)),
    *(("reuse",), ("strategy", "--no-input"), ("management-review",)),
)


@pytest.mark.parametrize("words", DATED, ids=lambda words: words[0])
def test_each_verdict_that_rests_on_a_pinned_day_says_so(words, tree, capsys, monkeypatch):
    main([*words, "--root", str(tree)])
    assert PINNED in capsys.readouterr().err
    replace(tree / "org.yaml", 'today: "2026-11-16"\ndemonstration: true\n', "")
    monkeypatch.setattr("macros.world._worlds", {})
    main([*words, "--root", str(tree)])
    assert "Judged as of" not in capsys.readouterr().err
    monkeypatch.setenv("AIMS_TODAY", "2026-11-10")
    monkeypatch.setattr("macros.world._worlds", {})
    main([*words, "--root", str(tree)])
    assert "Judged as of 2026-11-10, a day that is pinned by the variable AIMS_TODAY\n" in capsys.readouterr().err


@pytest.mark.site
def test_each_page_says_that_it_is_a_demonstration(example_site):
    pages = [page for page in example_site.rglob("*.html") if page.name == "index.html"]
    assert len(pages) > 300
    assert all("This is a demonstration. Everything on it is judged as of 2026-11-16." in page.read_text("utf-8") for page in pages)


# Reuse

ISMS = "registers/isms-documents.yaml"


def reused(root: Path) -> dict[str, dict]:
    workspace = load_workspace(root)
    return {verdict.requirement: verdict for verdict in World(workspace, today_of(workspace)).facts.reuse}


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_reuse_shows_the_effort_that_remains_and_no_section_as_whole(form, example, capsys):
    main(["reuse", "--root", str(example), "--format", form])
    out = capsys.readouterr().out
    if form == "json":
        found = json.loads(out)
        assert found["effort_remaining_percent"] == 42
        none_as_it_is = [total for total in found["totals"] if not total["reuse"]]
        assert len(none_as_it_is) == 12
        assert all(total["effort_remaining_percent"] >= 28 for total in none_as_it_is)
        assert all(
            {"section", "reuse", "extend", "new", "share_percent", "article_percent", "difference"} <= total.keys()
            for total in found["totals"]
        )
    else:
        assert "100 %" not in out
        assert "58 % falls away" in out or "58 percent fall away" in out


@pytest.mark.parametrize("status", ["withdrawn", "replaced", "absent"])
@pytest.mark.parametrize(
    ("paper", "target", "resting"),
    [
        ("ISM-007", "iso27001:7.5.3", "iso42001:7.5.3"),
        ("ISM-002", "iso27001:4.3", "iso42001:4.3"),
        ("ISM-013", "iso27001:9.2.1", "iso42001:9.2.1"),
    ],
)
def test_an_isms_document_that_is_gone_gives_no_reuse(tree, status, paper, target, resting):
    before = reused(tree)[resting]
    assert before.verdict.value != "new"
    edit_row(tree / ISMS, f"id: {paper}", status=status)
    after = reused(tree)[resting]
    assert {ground.requirement: ground.standing.value for ground in after.grounds}[target] == "missing"
    assert f"{paper} is {status}" in after.reason
    assert after.effort > before.effort or len(after.grounds) > 1


@pytest.mark.parametrize("status", ["withdrawn", "replaced"])
def test_a_control_whose_document_is_gone_gives_no_reuse_however_its_row_stands(tree, status):
    edit_row(tree / ISMS, "id: ISM-001", status=status)
    (ground,) = [ground for ground in reused(tree)["iso42001:A.2.2"].grounds if ground.requirement == "iso27001:A.5.1"]
    assert (ground.standing.value, ground.why) == ("missing", f"ISM-001 is {status}")


@pytest.mark.parametrize(
    ("paper", "resting"), [("ISM-007", "iso42001:7.5.3"), ("ISM-001", "iso42001:A.2.2"), ("ISM-013", "iso42001:9.2.1")]
)
def test_a_confirmed_document_whose_review_is_overdue_gives_reuse_only_partly(tree, paper, resting):
    edit_row(tree / ISMS, f"id: {paper}", next_review='"2026-11-15"')
    verdict = reused(tree)[resting]
    assert "partly" in {ground.standing.value for ground in verdict.grounds if paper in ground.documents}
    assert verdict.verdict.value == "extend"


# The roadmap

COMBINED = "registers/audits/AUD-2026-001.yaml"


def undone(root: Path) -> set[str]:
    workspace = load_workspace(root)
    return {task.task.id for task in World(workspace, today_of(workspace)).plan.tasks if not task.done}


def proof(root: Path, task: str, kind: str) -> list[str]:
    workspace = load_workspace(root)
    tasks = {found.task.id: found for found in World(workspace, today_of(workspace)).plan.tasks}
    return [shown.proof for shown in tasks[task].shown if shown.condition.kind.value == kind and not shown.holds]


def combine(root: Path) -> None:
    """Make the audit of the AIMS one of both standards."""
    path = root / COMBINED
    path.write_text(path.read_text("utf-8").replace("samples:\n", f"samples:\n{OTHER}", 1), "utf-8")


OTHER = "  - {requirements: [iso27001:9.2.2], seen: The report and the plan of one audit., concluded: conforms}\n"
FORGED_AUDITS = {
    "one standard": (re.escape(OTHER), ""),
    "the other standard": (r"(?m)^  - requirements: \[iso42001:.*\n(?:    .*\n)+", ""),
    "nothing that could be seen": (r"concluded: (?:conforms|nonconformity)", "concluded: could-not-be-seen"),
    "not carried out": (r"(?m)^carried_out_on:.*$", "carried_out_on: null"),
    "to come": (r"(?m)^carried_out_on:.*$", 'carried_out_on: "2026-11-17"'),
    "not concluded": (r"(?ms)^conclusion: >-\n(?:  .*?\n)+?(?=\w)", "conclusion: null\n"),
    "a certification audit": (r"(?m)^kind: internal", "kind: certification"),
}


@pytest.mark.parametrize("name", FORGED_AUDITS)
def test_the_combined_audit_covers_both_standards_and_is_concluded(tree, name):
    assert "4.1" in undone(tree)
    combine(tree)
    assert "4.1" not in undone(tree)
    old, new = FORGED_AUDITS[name]
    path = tree / COMBINED
    text, count = re.subn(old, new, path.read_text("utf-8"))
    assert count >= 1
    path.write_text(text, "utf-8")
    assert load_workspace(tree).problems == ()
    assert "4.1" in undone(tree)
    assert proof(tree, "4.1", "audit-done") == ["no internal audit that covers iso42001 and iso27001 has been carried out and concluded"]


@pytest.mark.parametrize("name", ["customer-assistant", "applicant-ranking", "demand-forecast"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r"(?m)^  - iso42001:A.6.2.7\n", ""),
        (r"(?m)^status: approved", "status: withdrawn"),
        (r"(?m)^about:\n  - AIS-00.\n", ""),
        (r'(?ms)^(approved:.*?date:) "[^"]+"', r'\1 "2026-11-17"'),
        (r"(?m)^next_review: .*$", 'next_review: "2026-11-15"'),
    ],
)
def test_each_ai_system_has_its_own_technical_documentation(tree, name, old, new):
    path = tree / f"docs/ai-systems/{name}.md"
    text, count = re.subn(old, new, path.read_text("utf-8"), count=1)
    assert count == 1
    path.write_text(text, "utf-8")
    (said_,) = proof(tree, "3.3", "systems-documented")
    assert said_.startswith("no document in force is the technical documentation of AIS-00")


def test_a_new_ai_system_lacks_its_documentation_until_it_is_retired(tree):
    assert "3.3" not in undone(tree)
    source, new = tree / "registers/ai-systems/AIS-003.yaml", tree / "registers/ai-systems/AIS-004.yaml"
    new.write_text(source.read_text("utf-8").replace("id: AIS-003", "id: AIS-004", 1), "utf-8")
    assert proof(tree, "3.3", "systems-documented") == ["no document in force is the technical documentation of AIS-004"]
    set_line(new, "stage", "retired")
    assert "3.3" not in undone(tree)


def test_maturity_and_gap_analysis_rest_on_different_facts(tree):
    assert not {"1.1", "1.3"} & undone(tree)
    kinds = {}
    for task in World(load_workspace(tree), today_of(load_workspace(tree))).plan.tasks:
        kinds[task.task.id] = {(shown.condition.kind, shown.condition.of) for shown in task.shown}
    assert kinds["1.1"] and kinds["1.3"] and not kinds["1.1"] & kinds["1.3"]


@pytest.mark.parametrize(
    ("paper", "values", "opened"),
    [
        ("ISM-013", {"next_review": '"2026-11-15"'}, {"1.1"}),
        ("ISM-014", {"next_review": '"2026-11-15"'}, {"1.1"}),
        ("ISM-015", {"status": "absent"}, {"1.1"}),
        ("ISM-002", {"status": "to-confirm"}, {"1.3"}),
    ],
)
def test_what_is_overdue_or_unknown_opens_the_one_or_the_other(tree, paper, values, opened):
    edit_row(tree / ISMS, f"id: {paper}", **values)
    assert {"1.1", "1.3"} & undone(tree) == opened


FUTURE = {
    "document": ("docs/policies/ai-policy.md", r'(?ms)^(approved:.*?date:) "[^"]+"', r'\1 "2026-11-17"', "2.1"),
    "review": ("registers/management-reviews/MR-2026-001.yaml", r"(?m)^held_on: .*$", 'held_on: "2026-11-17"', "4.2"),
    "decision": ("registers/statement-of-applicability.yaml", r'(?s)(control: iso42001:A\.7\.4.*?date: )"[^"]+"', r'\1"2026-11-17"', "3.2"),
}


@pytest.mark.parametrize("name", FUTURE)
def test_nothing_that_is_done_lies_in_the_future(tree, name):
    path, old, new, task = FUTURE[name]
    assert task not in undone(tree)
    text, count = re.subn(old, new, (tree / path).read_text("utf-8"), count=1)
    assert count == 1
    (tree / path).write_text(text, "utf-8")
    assert task in undone(tree)


@pytest.mark.parametrize(
    ("register", "task"), [("ai-systems", "3.3"), ("datasets", "3.2"), ("management-reviews", "4.2"), ("nonconformities", "4.3")]
)
def test_a_task_over_an_empty_list_is_not_done(tree, register, task):
    for path in (tree / "registers" / register).glob("*.yaml"):
        if path.name != "register.yaml":
            path.unlink()
    assert task in undone(tree)
    workspace = load_workspace(tree)
    found = {one.task.id: one for one in World(workspace, today_of(workspace)).plan.tasks}[task]
    assert any(not shown.holds for shown in found.shown)


def test_an_item_that_nothing_is_tied_to_is_not_ready(bake):
    workspace = load_workspace(bake(integration_strategy="standalone", isms_since="none"))
    plan = World(workspace, today_of(workspace)).plan
    assert all(proofs for _, proofs in (*plan.stage_1, *plan.stage_2))
    assert len(plan.stage_1) == 13


# The advice


def advised(capsys, root: Path, *words: str) -> dict:
    forget(root)
    assert main(["strategy", "--root", str(root), "--no-input", "--format", "json", *words]) == 0
    return json.loads(capsys.readouterr().out)


IN_FAVOUR = ("scopes=same", "team=shared", "certification=combined", "isms-health=sound")


@pytest.mark.parametrize(("year", "recommended"), [("2022", True), ("2023", True), ("2024", False), ("2025", False), ("2026", False)])
def test_integrated_is_recommended_with_three_years_of_an_isms_alone(tree, capsys, year, recommended):
    replace(tree / "org.yaml", "certified_since: 2022", f"certified_since: {year}")
    found = advised(capsys, tree, *(word for fact in IN_FAVOUR for word in ("--fact", fact)))
    (integrated,) = [row for row in found["strategies"] if row["strategy"] == "integrated"]
    assert (found["recommended"] == "integrated") is recommended
    assert integrated["ruled_out"] is not recommended


def test_an_age_that_is_not_known_is_said(tree, capsys):
    replace(tree / "org.yaml", "certified_since: 2022", "certified_since: 2027")
    main(["strategy", "--root", str(tree), "--no-input", "--fact", "scopes=same"])
    out = capsys.readouterr().out
    assert "for how long there has been one here is not known" in out
    assert "isms-age" in advised(capsys, tree)["missing"]


def test_with_most_facts_unknown_no_winner_is_named(tree, capsys):
    assert advised(capsys, tree)["recommended"] is not None
    replace(tree / "org.yaml", "certified_since: 2022", "certified_since: 2027")
    found = advised(capsys, tree)
    assert (found["recommended"], found["facts_known"], found["facts_asked"]) == (None, 3, 8)
    main(["strategy", "--root", str(tree), "--no-input"])
    out = capsys.readouterr().out
    assert out.startswith("No strategy is recommended: 3 of 8 facts are known.")
    assert "Recommended:" not in out
    main(["strategy", "--root", str(tree), "--no-input", "--fact", "team=shared"])
    assert capsys.readouterr().out.splitlines()[1] == "4 of 8 facts are known."


@pytest.mark.parametrize("name", ["AIS-001", "AIS-002", "AIS-003"])
def test_retired_ai_systems_do_not_count(tree, capsys, name):
    before = advised(capsys, tree)["facts"]
    set_line(tree / f"registers/ai-systems/{name}.yaml", "stage", "retired")
    after = advised(capsys, tree)["facts"]
    assert (before["ai-systems"], after["ai-systems"]) == (3, 2)
    assert before["high-risk-systems"] - after["high-risk-systems"] == int(name == "AIS-001")


# Days


def told(root: Path) -> list[str]:
    return said(root, "REG341")


PASSED = {
    "supplier": ("registers/suppliers.yaml", "id: SUP-002", {"next_review": '"2026-11-15"'}, "supplier 'SUP-002'"),
    "external document": ("registers/external-documents.yaml", "id: EXT-002", {"next_review": '"2026-11-15"'}, "'EXT-002'"),
    "ISMS document": (ISMS, "id: ISM-016", {"next_review": '"2026-11-15"'}, "ISMS document 'ISM-016'"),
    "objective": ("registers/objectives.yaml", "id: OBJ-001", {"due": '"2026-11-15"', "status": "open"}, "'OBJ-001'"),
    "competence": ("registers/competence.yaml", "id: COM-001", {"repeat_on": '"2026-11-15"'}, "'COM-001'"),
}


@pytest.mark.parametrize("name", PASSED)
def test_every_day_of_an_open_row_that_has_passed_is_a_warning(tree, name):
    path, start, values, words = PASSED[name]
    edit_row(tree / path, start, **values)
    (line,) = told(tree)
    field = next(iter(values))
    assert line.startswith(f"{path}:") and words in line and f"its '{field}' was 2026-11-15; " in line
    edit_row(tree / path, start, **{field: '"2026-11-16"'})
    assert told(tree) == []


@pytest.mark.parametrize("status", ["withdrawn", "replaced", "absent"])
def test_an_isms_document_that_is_gone_is_asked_for_nothing(tree, status):
    edit_row(tree / ISMS, "id: ISM-016", next_review='"2026-11-15"', status=status)
    assert told(tree) == []


@pytest.mark.parametrize("status", ["reached", "missed", "withdrawn"])
def test_an_objective_that_is_done_is_asked_for_nothing(tree, status):
    edit_row(tree / "registers/objectives.yaml", "id: OBJ-001", due='"2026-11-15"', status=status)
    assert told(tree) == []


def test_a_supplier_of_retired_ai_systems_alone_is_asked_for_nothing(tree):
    edit_row(tree / "registers/suppliers.yaml", "id: SUP-002", next_review='"2026-11-15"')
    assert len(told(tree)) == 1
    set_line(tree / "registers/ai-systems/AIS-002.yaml", "stage", "retired")
    assert told(tree) == []


def test_a_planned_change_and_a_decision_of_a_review_are_judged_alike(tree):
    change = tree / "registers/changes/CHG-2026-008.yaml"
    set_line(change, "planned_for", '"2026-11-15"')
    (line,) = told(tree)
    assert "its 'planned_for' was 2026-11-15; enter when it was done, or plan it anew" in line
    set_line(change, "state", "closed")
    (review,) = (tree / "registers/management-reviews").glob("MR-*.yaml")
    text = review.read_text("utf-8")
    assert text.count('    due: "2026-12-11"\n    done_on: null\n') == 1
    late = text.replace('    due: "2026-12-11"\n    done_on: null\n', '    due: "2026-11-15"\n    done_on: null\n')
    review.write_text(late, "utf-8")
    (line,) = told(tree)
    assert "management review" in line and "its 'due' was 2026-11-15" in line
    review.write_text(late.replace('"2026-11-15"\n    done_on: null', '"2026-11-15"\n    done_on: "2026-11-14"'), "utf-8")
    assert told(tree) == []


TOLD_ELSEWHERE = {
    "SOA106": ("registers/statement-of-applicability.yaml", "revisit"),
    "DOC304": ("docs/policies/ai-policy.md", "next_review"),
    "REG113": ("registers/risks/RSK-002.yaml", "due"),
    "REG329": ("registers/audits/AUD-2026-002.yaml", "planned_for"),
}


@pytest.mark.parametrize("code", TOLD_ELSEWHERE)
def test_where_a_rule_speaks_already_there_is_no_second_message(tree, code):
    name, field = TOLD_ELSEWHERE[code]
    path = tree / name
    text = re.sub(rf"(?m)^( *{field}:).*$", r'\1 "2026-11-15"', path.read_text("utf-8"), count=1)
    path.write_text(re.sub(r"(?m)^status: treated$", "status: open", text), "utf-8")
    workspace = load_workspace(tree)
    codes = [problem.code for problem in run_checks(workspace, today_of(workspace)) if problem.location.path == name]
    assert code in codes and "REG341" not in codes


def test_every_day_of_every_definition_is_ahead_or_lies_behind():
    seen = {}
    for kind in KINDS:
        for field in _day_fields(kind.record):
            seen[field] = is_ahead(field)
    assert {field for field, ahead in seen.items() if ahead} == {
        *("next_review", "valid_until", "until", "due", "revisit", "repeat_on", "planned_for")
    }
    behind = {field for field, ahead in seen.items() if not ahead}
    assert len(behind) >= 15
    assert all(field == "date" or field.endswith(("_on", "_from", "_to")) for field in behind), behind


def _day_fields(model) -> set[str]:
    found = set()
    for name, hint in hints(model).items():
        for part in _types(hint):
            if isinstance(part, type) and issubclass(part, datetime.date):
                found.add(name)
            elif isinstance(part, type) and issubclass(part, BaseModel):
                found |= _day_fields(part)
    return found


def _types(hint):
    inner = get_args(hint)
    return [hint] if not inner else [found for part in inner for found in _types(part)]


def test_what_is_due_is_the_same_set(tree):
    edit_row(tree / "registers/suppliers.yaml", "id: SUP-002", next_review='"2026-11-20"')
    edit_row(tree / "registers/competence.yaml", "id: COM-001", repeat_on='"2026-11-21"')
    workspace = load_workspace(tree)
    world = World(workspace, today_of(workspace))
    due = {(one.id, one.what, str(one.day)) for one in due_between(workspace, world.trace, world.today, datetime.date(2026, 12, 16))}
    assert {("SUP-002", "review", "2026-11-20"), ("COM-001", "repeat the training", "2026-11-21")} <= due
    ahead = {found.record.id for found in world.facts.deadlines if world.today <= found.day <= datetime.date(2026, 12, 16)}
    assert ahead - {name for name, _, _ in due} <= {record.id for record in workspace.records(Evidence)}


# Version and approval of the Statement of Applicability

SOA_FILE = "registers/statement-of-applicability.yaml"


def cited(root: Path) -> str | None:
    workspace = load_workspace(root)
    return World(workspace, today_of(workspace)).facts.statement.cited


def test_the_statement_is_cited_with_version_and_day_once_it_is_approved(example, bake, capsys):
    assert cited(example) == "version 1.3 of 2026-10-22"
    assert cited(bake()) is None
    assert "version: null\napproved: null\n" in (bake() / SOA_FILE).read_text("utf-8")
    main(["soa", "decide", "--root", str(example), "--no-input", "--format", "json"])
    found = json.loads(capsys.readouterr().out)["statement"]
    assert (found["version"], found["approved"]["date"], found["in_force"]) == ("1.3", "2026-10-22", True)


@pytest.mark.site
@pytest.mark.parametrize(
    "page", ["statement-of-applicability", "statement-of-applicability/iso42001", "statement-of-applicability/iso27001"]
)
def test_each_page_of_the_statement_shows_version_and_day(example_site, page):
    text = (example_site / f"records/{page}/index.html").read_text("utf-8")
    assert re.search(r"Version.{0,200}1\.3", text, re.DOTALL)
    assert re.search(r"Approved.{0,300}2026", text, re.DOTALL)


FORGED_STATEMENTS = {
    "no version": (r'(?m)^version: "1\.3"$', "version: null", "without a version"),
    "nobody": (r"(?ms)^approved:\n.*?^records:", "approved: null\nrecords:", "approved by nobody"),
    "to come": (r'(?m)^  date: "2026-10-22"$', '  date: "2026-11-17"', "2026-11-17"),
    "before a row": (r'(?m)^  date: "2026-10-22"$', '  date: "2026-10-12"', "was decided on 2026-10-22"),
    "who may not": (r"(?m)^  by: maeve-tarn\n", "  by: niamh-burke\n", "Niamh Burke"),
}


@pytest.mark.parametrize("name", FORGED_STATEMENTS)
def test_an_approval_of_the_statement_that_does_not_hold_is_spoken_of(tree, name):
    old, new, words = FORGED_STATEMENTS[name]
    text, count = re.subn(old, new, (tree / SOA_FILE).read_text("utf-8"), count=1)
    assert count == 1
    (tree / SOA_FILE).write_text(text, "utf-8")
    (line,) = said(tree, "SOA112")
    assert words in line
    assert cited(tree) is None


@pytest.mark.parametrize("title", ["Statement of Applicability for ISO/IEC 27001", "SoA of the ISMS", "Declaración de aplicabilidad"])
def test_two_statements_are_never_both_in_force(tree, title):
    edit_row(tree / ISMS, "id: ISM-004", status="confirmed", title=title)
    (line,) = said(tree, "SOA111")
    assert f"'ISM-004' {title} is confirmed" in line and SOA_FILE in line
    text = re.sub(r"(?ms)^version:.*?^records:", "version: null\napproved: null\nrecords:", (tree / SOA_FILE).read_text("utf-8"), count=1)
    (tree / SOA_FILE).write_text(text, "utf-8")
    assert said(tree, "SOA111") == []
