"""Evidence lifts a requirement only where it is of a kind that the requirement produces, and what carries much is said."""

from __future__ import annotations

import json
import re

import pytest

from macros.__main__ import main
from macros.checks import judge
from macros.facts.computed import Facts
from macros.facts.shares import AREA, heaviest
from macros.facts.showing import audit_in, either, fits, is_verified, kind_of
from macros.load import load_workspace
from macros.load.tree import MemoryTree
from macros.model.catalogue import is_leaf
from macros.model.records.support import Evidence, EvidenceKind
from macros.render.views import views_of
from macros.status import PartKind, Rung
from macros.world import World, today_of
from tests.conftest import KIT
from tests.test_status import files_of

BOARD = "registers/evidence/EV-006.yaml"
"""Minutes of the board: the only evidence for 5.1 and 7.1."""


@pytest.fixture(scope="module")
def files(example):
    beside = {path.relative_to(example).as_posix(): path.read_bytes() for path in (example / "evidence").rglob("*.*")}
    return files_of(example) | beside


def with_lines(files, path, **entries):
    """The files with entries of one line given other values."""
    text = files[path].decode("utf-8")
    for name, value in entries.items():
        text, count = re.subn(rf"(?m)^{name}: .*$", f"{name}: {value}", text)
        assert count == 1, name
    return files | {path: text.encode("utf-8")}


def facts_of(files):
    workspace = load_workspace(MemoryTree(files))
    return Facts(workspace, today_of(workspace))


def operation(ladder, target):
    (part,) = (part for part in ladder.requirement(target).parts if part.kind is PartKind.OPERATION)
    return part


def evidence(facts, name):
    found = facts.workspace.record_by_id[name].value
    assert isinstance(found, Evidence)
    return found


@pytest.mark.parametrize("name", ["iso42001", "iso27001"])
def test_each_leaf_of_both_standards_says_what_shows_it(name):
    catalogue = load_workspace(KIT).catalogues[name].value
    leaves = [found for found in catalogue.requirements if is_leaf(catalogue, found)]
    assert len(leaves) in (70, 123) and all(found.shown_by for found in leaves)
    assert all(len(set(found.shown_by)) == len(found.shown_by) <= 5 for found in leaves)
    assert not any(found.shown_by for found in catalogue.requirements if found not in leaves)
    of_audits = {found.id for found in leaves if EvidenceKind.AUDIT_REPORT in found.shown_by}
    assert of_audits == {"9.2.1", "9.2.2"} | ({"A.5.35"} if name == "iso27001" else set())
    assert {kind for found in leaves for kind in found.shown_by} == set(EvidenceKind)


def test_another_kind_lowers_what_it_alone_showed_and_says_which_would_do(files):
    before, after = (judge(facts_of(one)).ladder for one in (files, with_lines(files, BOARD, kind="training")))
    assert operation(before, "iso42001:5.1").why == "shown by EV-006"
    part = operation(after, "iso42001:5.1")
    assert part.rung is Rung.APPROVED is after.requirement("iso42001:5.1").rung
    assert part.why.endswith("; EV-006 is of the kind 'training', which does not show it")
    assert part.way_up == "collect evidence for iso42001:5.1: minutes or record"
    assert "REG315" in {problem.code for problem in judge(facts_of(with_lines(files, BOARD, kind="training"))).problems}


def test_a_report_of_an_audit_shows_audits_and_nothing_that_was_audited(files):
    facts = facts_of(files)
    report = evidence(facts, "EV-010")
    assert [fits(facts.workspace, report, target) for target in ("iso42001:9.2.1", "iso42001:9.2.2")] == [True, True]
    assert not any(fits(facts.workspace, report, target) for target in ("iso42001:A.5.2", "eu-ai-act:Art.9", "own:OWN-001"))
    assert fits(facts.workspace, report, "PRO-030")
    again = facts_of(with_lines(files, "registers/evidence/EV-010.yaml", kind="review"))
    assert kind_of(again.workspace, evidence(again, "EV-010")) is EvidenceKind.AUDIT_REPORT
    assert [problem.code for problem in judge(again).problems if problem.location.path.endswith("EV-010.yaml")] == ["REG316"]


@pytest.mark.parametrize(
    ("kind", "title", "reference", "told"),
    [
        ("record", "Report of internal audit AUD-2026-001", "https://files.example/1", "its title says 'internal audit'"),
        ("review", "Audit report of autumn", "https://files.example/1", "its title says 'audit report'"),
        ("test", "What was seen", "https://files.example/audits/1", "it lies at 'https://files.example/audits/1'"),
        ("report", "What was seen", "https://files.example/AUD-2026-001.pdf", "it lies at 'https://files.example/AUD-2026-001.pdf'"),
        ("record", "What was seen", "https://audit.tarnmoor.example/reports/IA-26-04", "'EV-010' has the same file, and says so"),
        ("minutes", "Minutes of the meeting after the internal audit", "https://files.example/1", None),
        ("minutes", "Report of internal audit AUD-2026-001", "https://files.example/1", "its title says 'internal audit'"),
        ("log", "Audit trail of the model register", "https://files.example/1", None),
        ("training", "Training of internal auditors", "https://files.example/1", None),
    ],
)
def test_an_audit_is_known_under_another_name(kind, title, reference, told, files):
    entries = {"kind": kind, "title": title, "reference": reference, "sha256": "null", "sensitivity": "by-reference"}
    facts = facts_of(with_lines(files, BOARD, **entries))
    assert audit_in(facts.workspace, evidence(facts, "EV-006")) == told


def test_only_a_file_that_is_here_and_unchanged_is_verified(files):
    stated = with_lines(files, BOARD, reference="https://files.example/board", sensitivity="by-reference")
    for changed, verified in ((files, True), (stated, False), (with_lines(files, BOARD, sha256="null"), False)):
        facts = facts_of(changed)
        assert is_verified(facts.workspace, evidence(facts, "EV-006")) is verified
        assert is_verified(facts.workspace, evidence(facts, "EV-013"))  # automated evidence of a run
    ladder = judge(facts_of(stated)).ladder
    assert operation(ladder, "iso42001:5.1").why == "shown by EV-006 (only stated)"
    assert set(ladder.stated_alone()) - set(judge(facts_of(files)).ladder.stated_alone()) >= {"iso42001:5.1", "iso42001:7.1"}
    assert len(ladder.stated_alone()) < len(ladder.operating())


def test_a_record_shows_nothing_by_lying_in_the_register_of_evidence(files):
    kept = {path: data for path, data in files.items() if not path.startswith("registers/changes/CHG")}
    kept["registers/evidence/EV-011.yaml"] = kept["registers/evidence/EV-011.yaml"].replace(b"  - iso42001:8.1\n", b"")
    assert operation(judge(facts_of(kept)).ladder, "iso42001:8.1").rung is Rung.APPROVED


def test_what_carries_the_most_and_who_decided_the_most_are_said(example, files, capsys):
    facts = facts_of(files)
    heavy, most = heaviest(facts.evidence), facts.decided.most
    assert heavy is not None and (heavy.name, len(heavy.requirements)) == ("EV-011", 7)
    assert most is not None and most[0] == "maeve-tarn" and 0.5 < most[1] / facts.decided.total < 0.75
    assert main(["status", "--root", str(example)]) == 0
    out = capsys.readouterr().out
    assert "\nEV-011 is the record of evidence that carries the most requirements: 7.\n" in out
    assert f"\nMaeve Tarn gave {most[1]} of the {facts.decided.total} decisions in force.\n" in out
    assert re.search(r"\n\d+ of the \d+ requirements that operate rest on evidence alone that is only stated\.\n", out)
    assert main(["status", "--root", str(example), "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)["rests_on"]
    assert data["most_carrying_evidence"]["id"] == "EV-011" and data["most_decisions"] == {"person": "maeve-tarn", "decisions": most[1]}
    assert data["decisions"] == facts.decided.total and 0 < len(data["only_stated"]) < data["operating"]


def test_the_pages_say_it(example):
    workspace = load_workspace(example)
    views = views_of(World(workspace, today_of(workspace), example))
    page = views.status.page()
    assert "## What it rests on" in page and "carries the most requirements: 7" in page and "decisions in force" in page
    section = views.evidence_pages.section("iso42001:9.2.1")
    assert "audit report" in section.replace("&#45;", "-") and "only stated" in section
    catalogue = workspace.catalogues["iso42001"].value
    index = next(index for index, found in enumerate(catalogue.requirements) if found.id == "5.1")
    assert "Shown by" in views.requirements.requirement(catalogue, index)


def test_two_records_of_one_file_carry_together(files):
    text = files["registers/evidence/EV-011.yaml"].replace(b"EV-011", b"EV-031")
    text = re.sub(rb"(?m)^evidences:\n(?:  - .*\n)+", b"evidences:\n  - iso42001:10.1\n  - iso42001:6.3\n  - iso42001:A.7.5\n", text)
    facts = facts_of(files | {"registers/evidence/EV-031.yaml": text})
    heavy = heaviest(facts.evidence)
    assert heavy is not None and heavy.name == "EV-011" and len(heavy.requirements) == 10 > AREA
    assert [problem.code for problem in judge(facts).problems if problem.code == "REG317"] == ["REG317"]


def test_kinds_are_said_as_a_choice():
    assert either(()) == ""
    assert either((EvidenceKind.LOG,)) == "log"
    assert either((EvidenceKind.LOG, EvidenceKind.AUDIT_REPORT)) == "log or audit report"
    assert either((EvidenceKind.LOG, EvidenceKind.TEST, EvidenceKind.MINUTES)) == "log, test or minutes"
