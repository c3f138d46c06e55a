"""Exceptions: whoever made something decides on it only where nobody else can, by a grant that is in force and is shown."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from macros.authoring.approve import sealed
from macros.checks import run_checks
from macros.facts.deciding import Cause
from macros.facts.decisions import Decisions
from macros.load import load_workspace
from macros.model.records.exceptions import PolicyException
from tests.test_checks import world_with

TODAY = datetime.date(2026, 11, 16)
EXCEPTION = "registers/exceptions/EXC-001.yaml"
POLICY = "docs/policies/ai-policy.md"
HEAD = """title: register of exceptions
owner: ai-governance-lead
classification: internal
retention_years: 10
addresses:
  - iso42001:5.2
"""
GRANT = """id: EXC-001
title: One person holds every role
kind: own-decision
departs_from: [POL-001]
about: [POL-001]
because: The organisation has one member who may decide.
instead: The text is read to the team before it is approved, and questions are noted.
borne_by: ada-lovelace
approved: {by: ada-lovelace, date: "2026-01-05", as_role: top-management}
until: "2027-01-04"
"""


def small(tmp_path: Path, grant: str = GRANT, seal: bool = True, others: bool = False) -> Decisions:
    """An organisation in which one person holds both roles and approved the policy that she owns."""
    root = world_with(Path(__file__).parent / "none", tmp_path)
    org = root / "org.yaml"
    org.write_text(
        org.read_text("utf-8").replace("[grace-hopper]", "[ada-lovelace, grace-hopper]" if others else "[ada-lovelace]"), "utf-8"
    )
    policy = root / POLICY
    text = policy.read_text("utf-8")
    approved = next(line for line in text.split("\n") if line.startswith("approved: "))
    policy.write_text(text.replace(approved, 'approved: {by: ada-lovelace, date: "2026-03-02", as_role: top-management}'), "utf-8")
    (root / EXCEPTION).parent.mkdir()
    (root / EXCEPTION).with_name("register.yaml").write_text(HEAD, "utf-8")
    (root / EXCEPTION).write_text(grant, "utf-8")
    for path, name in ((POLICY, "POL-001"), *(((EXCEPTION, "EXC-001"),) if seal else ())):
        (root / path).write_bytes(sealed(load_workspace(root), path, (root / path).read_bytes(), [name]))
    workspace = load_workspace(root)
    assert workspace.problems == ()
    return Decisions(workspace, TODAY)


def of_policy(decisions: Decisions):
    return decisions.document(decisions.workspace.document_by_id["POL-001"])


def test_an_own_decision_counts_by_an_exception_that_is_named(tmp_path):
    found = of_policy(small(tmp_path))
    assert (found.fault, found.by_exception, found.person) == (None, "EXC-001", "ada-lovelace")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("about: [POL-001]", "about: [ROL-001]"),
        ("kind: own-decision", "kind: rule"),
        ('until: "2027-01-04"', 'until: "2026-03-01"'),
        ('date: "2026-01-05"', 'date: "2026-03-03"'),
        ("as_role: top-management", "as_role: ai-governance-lead"),
        ('until: "2027-01-04"', 'until: "2027-01-04"\nclosed_on: "2026-03-01"'),
    ],
)
def test_an_exception_that_does_not_hold_for_it_lets_nothing_count(old, new, tmp_path):
    assert GRANT.count(old) == 1
    found = of_policy(small(tmp_path, GRANT.replace(old, new)))
    assert (found.cause, found.by_exception) == (Cause.SELF, None)
    assert found.fault and "who owns it" in found.fault


def test_what_was_decided_while_it_lasted_counts_after_its_end(tmp_path):
    assert of_policy(small(tmp_path, GRANT.replace('"2027-01-04"', '"2026-03-02"'))).by_exception == "EXC-001"


def test_an_exception_without_its_fingerprint_or_changed_since_holds_for_nothing(tmp_path):
    assert of_policy(small(tmp_path, seal=False)).cause is Cause.SELF


def test_where_somebody_else_could_have_decided_no_exception_holds(tmp_path):
    found = of_policy(small(tmp_path, others=True))
    assert found.cause is Cause.SELF
    assert found.fault and found.fault.endswith("EXC-001 does not hold, since Grace Hopper could have decided")


def test_an_exception_of_the_worked_organisation_is_short_and_ends(example, tmp_path):
    workspace = load_workspace(example)
    [record] = workspace.records(PolicyException)
    decisions = Decisions(workspace, TODAY)
    assert decisions.exception(record.value).fault is None
    assert Decisions(workspace, record.value.until + datetime.timedelta(days=1)).exception(record.value).cause is Cause.OVER
    late = {problem.code for problem in run_checks(workspace, record.value.until + datetime.timedelta(days=1)) if EXCEPTION in str(problem)}
    assert late == {"REG341"}
