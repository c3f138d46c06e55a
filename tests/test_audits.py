"""The audit programme: what counts as covered, what stops a requirement, what became of each audit finding."""

from __future__ import annotations

import datetime
import html
from pathlib import Path

import pytest

from macros.days import after_months
from macros.facts.audits import covered, open_major, programme, within
from macros.load import load_workspace
from macros.model.records.applicability import SoaEntry
from macros.render.views import views_of
from macros.world import World
from tests.test_checks import world_with

TODAY = datetime.date(2026, 11, 16)


@pytest.fixture(scope="module")
def tarnmoor(example) -> World:
    return World(load_workspace(example), TODAY)


def ids(found) -> list[str]:
    return [audit.id for audit in found]


def test_an_audit_of_the_present_cycle_covers_what_it_sampled_and_could_see(tarnmoor):
    workspace = tarnmoor.workspace
    assert ids(covered(workspace, TODAY, "iso42001:A.6.2.8")) == ["AUD-2026-001"]
    assert ids(covered(workspace, TODAY, "iso27001:A.5.15")) == ["AUD-2026-003", "AUD-2026-004"]
    assert ids(covered(workspace, TODAY, "iso27001:A.5.12")) == ["AUD-2026-003"], "one day is not enough for every control"
    assert ids(covered(workspace, TODAY, "iso42001:9.3.1")) == [], "what could not be seen was not audited"
    assert ids(covered(workspace, TODAY, "iso27001:A.7.1")) == []
    assert ids(covered(workspace, TODAY, "iso42001:A.2.3")) == [], "a planned audit covers nothing"


def test_an_internal_audit_counts_for_one_cycle_and_a_certification_audit_for_three_years(tarnmoor):
    workspace = tarnmoor.workspace
    assert ids(covered(workspace, datetime.date(2027, 9, 10), "iso42001:4.1")) == ["AUD-2026-001"]
    assert ids(covered(workspace, datetime.date(2027, 9, 11), "iso42001:4.1")) == []
    assert ids(covered(workspace, datetime.date(2029, 3, 23), "iso27001:A.8.15")) == ["AUD-2026-004"]
    assert ids(covered(workspace, datetime.date(2029, 3, 24), "iso27001:A.8.15")) == []
    assert ids(covered(workspace, datetime.date(2026, 9, 10), "iso42001:4.1")) == [], "not before it was carried out"


def test_a_number_is_within_another_by_its_parts():
    assert within("iso42001:6.1.2", "iso42001:6")
    assert not within("iso27001:A.8.15", "iso27001:A.8.1")
    assert not within("iso42001:A.5.2", "iso27001:A.5")


def test_months_end_with_their_last_day():
    assert after_months(datetime.date(2026, 3, 31), -1) == datetime.date(2026, 2, 28)
    assert after_months(datetime.date(2024, 2, 29), -12) == datetime.date(2023, 2, 28)
    assert after_months(datetime.date(2026, 11, 16), 2) == datetime.date(2027, 1, 16)


def test_the_counts_of_the_worked_organisation(tarnmoor):
    found = programme(tarnmoor.workspace, TODAY)
    counted = {
        name: (
            len(rows),
            sum(row.in_cycle for row in rows),
            sum(row.left_out for row in rows),
            sum(row.in_certification_cycle for row in rows),
        )
        for name, rows in found.coverage.items()
    }
    # In September 2026, 9.3.1 to 9.3.3, 10.1 and 10.2 could not be seen; one day in March 2026 was enough for 27 samples.
    assert counted == {"iso42001": (70, 58 - 5, 0, 0), "iso27001": (121, 108, 0, 27)}


def test_excluded_controls_are_not_asked_for(tarnmoor):
    rows = {row.requirement for row in programme(tarnmoor.workspace, TODAY).coverage["iso27001"]}
    excluded = {record.id for record in tarnmoor.workspace.records(SoaEntry) if record.value.applicability.value == "excluded"}
    assert excluded
    assert rows.isdisjoint(excluded)


def test_the_chain_behind_each_finding(tarnmoor):
    chains = {chain.finding.id: chain for chain in programme(tarnmoor.workspace, TODAY).chains}
    assert [(step.name, step.state) for step in chains["FND-002"].steps] == [
        ("correction", "done"),
        ("cause", "done"),
        ("corrective action", "open"),
        ("effectiveness", "open"),
    ]
    assert chains["FND-002"].gaps == ()
    assert chains["FND-003"].followed_by == ("MR-2026-001", "CHG-2026-008")
    late = {chain.finding.id: chain for chain in programme(tarnmoor.workspace, datetime.date(2026, 12, 12)).chains}
    assert [(step.name, step.state) for step in late["FND-002"].gaps] == [("corrective action", "overdue")]


def major(tmp_path: Path, state: str = "open", grade: str = "major-nonconformity") -> World:
    root = world_with(Path(__file__).parent / "checks/REG323/good", tmp_path)
    finding = root / "registers/audit-findings/FND-001.yaml"
    finding.write_text(finding.read_text("utf-8").replace("minor-nonconformity", grade).replace("iso42001:9.1", "iso42001:A.2"), "utf-8")
    record = root / "registers/nonconformities/NC-001.yaml"
    record.write_text(record.read_text("utf-8").replace("state: closed", f"state: {state}"), "utf-8")
    return World(load_workspace(root), TODAY)


def test_an_open_major_finding_stands_on_its_requirement_and_above_and_below_it(tmp_path):
    workspace = major(tmp_path).workspace
    assert not workspace.problems
    assert open_major(workspace, "iso42001:A.2.2") == ("NC-001",)
    assert open_major(workspace, "iso42001:A.2") == ("NC-001",)
    assert open_major(workspace, "iso42001:9.1") == ()
    assert open_major(workspace, "iso27001:A.2") == ()


@pytest.mark.parametrize(("state", "grade"), [("closed", "major-nonconformity"), ("open", "minor-nonconformity")])
def test_a_closed_or_a_minor_one_stops_nothing(state, grade, tmp_path):
    assert open_major(major(tmp_path, state, grade).workspace, "iso42001:A.2.2") == ()


def test_an_audit_without_a_conclusion_covers_nothing(tmp_path):
    root = world_with(Path(__file__).parent / "checks/REG322/good", tmp_path)
    workspace = load_workspace(root)
    assert ids(covered(workspace, TODAY, "iso42001:5.2")) == ["AUD-001"]


def test_the_page_says_what_is_covered_planned_and_neither(tarnmoor, tmp_path):
    page = html.unescape(views_of(tarnmoor).audit_page.page(tarnmoor.facts.programme))
    assert "Each of the 70 clauses and included controls is covered in this cycle or planned; 17 of them only planned." in page
    assert "| [iso42001:A.4 Resources for AI systems](/requirements/iso42001/A.4.md) | 5 | 2 | 3 | 0 | 0 | 0 |" in page
    assert "Nonconformities, or audit findings that are one: 2, of which none with a gap." in page
    bare = World(load_workspace(world_with(Path(__file__).parent / "checks/REG321/bad", tmp_path)), TODAY)
    said = html.unescape(views_of(bare).audit_page.page(bare.facts.programme))
    assert "3 of 4 clauses and included controls are neither covered in this cycle nor planned:" in said
    assert ", before this cycle" in said


def test_text_of_a_record_does_nothing_on_the_page(tmp_path):
    root = world_with(Path(__file__).parent / "checks/REG323/bad", tmp_path)
    audit = root / "registers/audits/AUD-001.yaml"
    audit.write_text(audit.read_text("utf-8").replace("auditor: Somebody", "auditor: <b>x</b> | {{ y }} [z](javascript:1)"), "utf-8")
    world = World(load_workspace(root), TODAY)
    page = views_of(world).audit_page.page(world.facts.programme)
    assert "<b>" not in page and "{{" not in page and "javascript:" not in page
    assert "&#60;b&#62;" in page
