"""The worked organisation: every register filled, one story, exactly one announced gap and one overdue review."""

from __future__ import annotations

import hashlib
import re

import pytest

from macros.checks import run_checks
from macros.load import load_workspace
from macros.model.records.improvement import Nonconformity
from macros.model.records.kinds import KINDS
from macros.model.records.risk import Risk
from macros.model.records.support import Evidence
from macros.model.records.systems import AiSystem
from macros.world import today_of

GAP = (
    "registers/ai-systems/AIS-003.yaml:{line}: REG201 'AIS-003' Demand forecast is in operation at version '3.0', and 'AIA-003' covers version '2.8', "
    "and the model 'tarnmoor-demand' was assessed at '2.8' and is now '3.0'; "
    "carry out and approve an assessment of this version, or take the system out of use"
)
OVERDUE = "docs/procedures/customers.md:{line}: DOC304 review of 'PRO-028' was due on 2026-10-31; review it, then set the next date with the approval"


@pytest.fixture(scope="module")
def workspace(example):
    return load_workspace(example)


def line_of(path, start: str) -> int:
    return next(number for number, line in enumerate(path.read_text("utf-8").splitlines(), 1) if line.startswith(start))


def test_it_has_exactly_its_two_announced_problems(example, workspace):
    problems = run_checks(workspace, today_of(workspace))
    spoken = [str(problem) for problem in problems if problem.severity.value != "note"]
    assert spoken == [
        GAP.format(line=line_of(example / "registers/ai-systems/AIS-003.yaml", "version:")),
        OVERDUE.format(line=line_of(example / "docs/procedures/customers.md", "next_review:")),
    ]
    assert [problem.severity.value for problem in problems[:2]] == ["error", "warning"]


def test_the_site_shows_both(example_site):
    page = (example_site / "open/index.html").read_text("utf-8")
    assert "REG201" in page and "DOC304" in page
    document = (example_site / "procedures/customers/index.html").read_text("utf-8")
    assert "1 open on this document" in document
    assert "This is a demonstration. Everything on it is judged as of 2026-11-16." in document


def test_its_day_is_pinned_so_that_it_never_rots(workspace):
    assert str(today_of(workspace)) == "2026-11-16"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_register_is_filled(kind, workspace):
    assert len(workspace.registers[kind.name].records) >= 1


def test_its_story(workspace):
    systems = {record.id: record.value for record in workspace.records(AiSystem)}
    assert {name: system.eu_ai_act.risk_class.value for name, system in systems.items()} == {
        "AIS-001": "high-risk",
        "AIS-002": "transparency",
        "AIS-003": "minimal",
    }
    assert {system.origin.value for system in systems.values()} == {"own", "bought"}
    states = {record.id: record.value.state.value for record in workspace.records(Nonconformity)}
    assert states == {"NC-2026-001": "closed", "NC-2026-002": "open"}
    assert len(workspace.registers["management-reviews"].records) == 1
    assert workspace.organisation.value.isms.certified_since == 2022
    assert workspace.organisation.value.integration_strategy.value == "integrated"
    assert all(document.head.value.status.value == "approved" for document in workspace.documents)


def test_every_id_that_a_text_names_exists(workspace):
    known = {*workspace.record_by_id, *workspace.document_by_id}
    prefixes = {name.split("-")[0] for name in known}
    pattern = re.compile(rf"\b(?:{'|'.join(sorted(prefixes))})-(?:\d{{4}}-)?\d{{3}}\b")
    named = [
        (path, name) for path, text in workspace.texts.items() if path.startswith(("registers/", "docs/")) for name in pattern.findall(text)
    ]
    assert len(named) > 1000
    assert [(path, name) for path, name in named if name not in known] == []


def test_nothing_has_happened_after_its_day(workspace):
    today = today_of(workspace)
    happened = re.compile(r"_on$|^approved$|^decided$|^acceptance$")
    seen = 0
    for record in workspace.all_records:
        for name in type(record.value).model_fields:
            value = getattr(record.value, name)
            if happened.search(name) and value is not None and name != "repeat_on":
                day = getattr(value, "date", value)
                assert day <= today, f"{record.id}.{name} is {day}"
                seen += 1
    assert seen > 200


def test_evidence_files_are_what_their_records_say(example, workspace):
    hashed = 0
    for record in workspace.records(Evidence):
        evidence = record.value
        assert evidence.period_from <= evidence.period_to <= evidence.collected_on <= evidence.valid_until, record.id
        if evidence.sha256:
            data = (example / evidence.reference).read_bytes()
            assert hashlib.sha256(data).hexdigest() == evidence.sha256, record.id
            hashed += 1
    assert hashed >= 6


def test_every_approver_is_somebody_other_than_the_owner(workspace):
    heads = [document.head.value for document in workspace.documents if document.head.value.type.value != "role"]
    assert len(heads) > 40
    for head in heads:
        assert head.approved.by != head.owner, head.id


def test_risk_levels_are_computed_and_accepted(workspace):
    limit = workspace.parameter("risk_acceptance_level")
    risks = [record.value for record in workspace.records(Risk)]
    assert len(risks) >= 8
    for risk in risks:
        assert risk.residual.level <= risk.initial.level
        assert risk.residual.level <= limit or risk.acceptance is not None, risk.id


@pytest.mark.site
def test_it_builds_strictly(example_site):
    assert (example_site / "index.html").is_file()
