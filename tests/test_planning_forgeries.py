"""Forged plans: the worked organisation is right as it is, and each edit that only looks right is spoken of."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from macros.__main__ import main
from macros.checks import run_checks
from macros.load import load_workspace
from macros.world import World, today_of
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
        ("iso27001:A.5.24", "ISMS document ISM-"),
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
    path.write_text(re.sub(r"(?m)^approved: .*$", "approved: null", text, count=1) if status == "draft" else text, "utf-8")
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
