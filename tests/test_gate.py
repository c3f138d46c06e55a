"""The gate: whether an AI system may go to a stage, what each condition rests on, and how a change closes it."""

from __future__ import annotations

import datetime
import html
import json
import re
import shutil
import subprocess
from pathlib import Path

import jsonschema
import pytest

from macros.checks import judge, run_checks
from macros.facts.assessments import reopened
from macros.facts.computed import Facts
from macros.gate import gate, next_stage
from macros.gate.proofs import LOOK
from macros.load import load_workspace
from macros.model.gates import GateKind, GateReport, GateState
from macros.model.records.systems import Stage
from macros.world import today_of
from tests.conftest import KIT, PINNED
from tests.forked import bare, started
from tests.review_setup import sealed_anew

GOLDEN = KIT / "tests/gate"
AGREEMENT = """agreement: >-
      Contract TH-2026-009 of 2026-01-26, with order of 2026-02-02 for DS-002 and of 2026-02-04 for 40 job profiles."""
SYSTEMS = {"AIS-001": 0, "AIS-002": 0, "AIS-003": 1}


def command(repository: Path, *words: str) -> subprocess.CompletedProcess:
    return started("macros", "gate", *words, cwd=repository, env=bare(PYTHONIOENCODING="utf-8", PATH=""), known=True)


@pytest.fixture
def changed(example, tmp_path):
    """A copy of the worked organisation's data, and a way to change it."""
    for name in ("controls", "docs", "registers", "evidence"):
        shutil.copytree(example / name, tmp_path / name)
    shutil.copy(example / "org.yaml", tmp_path)

    def change(path: str, old: str, new: str) -> Path:
        text = (tmp_path / path).read_text("utf-8")
        assert text.count(old) == 1, f"{path} holds {text.count(old)} times: {old}"
        (tmp_path / path).write_text(text.replace(old, new), "utf-8")
        return tmp_path

    return change


def asked(root: Path, name: str, stage: Stage = Stage.OPERATION, today=None) -> GateReport:
    workspace = load_workspace(root)
    judged = judge(Facts(workspace, today or today_of(workspace)))
    return gate(judged, workspace.gates.value, workspace.record_by_id[name], stage)


def missing(report: GateReport) -> dict[str, str]:
    return {answer.id: answer.said for answer in report.missing}


# What the worked organisation shows.


@pytest.mark.parametrize("name", SYSTEMS)
def test_the_answer_is_as_written(name, example, golden):
    done = command(example, name, "--stage", "operation")
    golden(GOLDEN / f"{name}.txt", done.stdout)
    assert (done.returncode, done.stderr) == (SYSTEMS[name], PINNED)


def test_the_forecast_is_refused_for_its_assessment_alone(example):
    report = asked(example, "AIS-003")
    assert missing(report) == {
        "impact-assessment": "AIA-003: the system was assessed at version '2.8' and is now '3.0'; "
        "the model 'tarnmoor-demand' was assessed at '2.8' and is now '3.0'"
    }


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_pipeline_gets_json_by_the_schema(name, example):
    done = command(example, name, "--stage", "operation", "--format", "json")
    data = json.loads(done.stdout)
    jsonschema.validate(data, json.loads((KIT / "macros/schemas/gate.json").read_text("utf-8")))
    assert done.returncode == SYSTEMS[name] == int(not data["allowed"])
    assert data["allowed"] == all(condition["state"] != "missing" for condition in data["conditions"])


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_proof_can_be_followed(name, example):
    workspace = load_workspace(example)
    for stage in (Stage.DEPLOYMENT, Stage.OPERATION):
        conditions = asked(example, name, stage).conditions
        assert sum(bool(answer.proof) for answer in conditions) > 10
        for answer in conditions:
            for proof in answer.proof:
                assert proof in workspace.record_by_id or proof in workspace.document_by_id
                assert proof in answer.said
            assert (answer.way_out is None) == (answer.state is GateState.HOLDS)


def test_markdown_stands_alone(example):
    done = command(example, "AIS-003", "--stage", "operation", "--format", "markdown")
    assert done.stdout.startswith("**AIS-003 Demand forecast 3.0 may not stay in operation")
    assert "](" not in done.stdout


# How it is asked.


def test_without_a_stage_the_next_one_is_meant(example, bake):
    assert command(example, "AIS-001").stdout.startswith(
        "AIS-001 Applicant ranking 2.1 may not go to retired: 1 of 2 conditions does not hold."
    )
    assert command(bake(), "AIS-001").stdout.startswith("AIS-001 Sorting of incoming support requests 1.0 may not go to development: ")
    assert next_stage(load_workspace(example).record_by_id["AIS-001"].value) is Stage.RETIRED


def test_an_unknown_stage_is_a_matter_of_usage(example):
    done = command(example, "AIS-001", "--stage", "operaton")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "python -m macros gate: there is no stage 'operaton'; did you mean 'operation'?\n"


@pytest.mark.parametrize(
    ("name", "way_out"),
    [
        ("AIS-004", "did you mean 'AIS-003'?"),
        ("EV-001", "the AI systems are AIS-001, AIS-002, AIS-003"),
        ("$(id)", "the AI systems are AIS-001, AIS-002, AIS-003"),
    ],
)
def test_an_unknown_ai_system_is_named(name, way_out, example):
    done = command(example, name)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(f"python -m macros gate: there is no AI system '{name}' on record; ")
    assert done.stderr.endswith(f"; {way_out}\n")


def test_the_kit_itself_has_no_ai_system():
    done = command(KIT, "AIS-001")
    assert done.returncode == 3
    assert done.stderr == (
        "python -m macros gate: '.' holds no 'org.yaml' and is nobody's repository; "
        "run this in a generated repository, or name one with --root\n"
    )


# What closes it.


def test_one_model_version_closes_the_gate_and_is_named(changed):
    root = changed("registers/ai-systems/AIS-001.yaml", 'version: "1.3"', 'version: "1.4"')
    assert missing(asked(root, "AIS-001")) == {
        "impact-assessment": "AIA-001: the model 'multilingual text encoder' was assessed at '1.3' and is now '1.4'",
        "record-approved": "AIS-001: it has changed since it was approved on 2026-04-30: models",
    }
    workspace = load_workspace(root)
    found = [problem for problem in run_checks(workspace, today_of(workspace)) if "AIS-001" in problem.location.path]
    assert [problem.code for problem in found] == ["REG204", "REG115"]
    assert found[0].message.endswith("the model 'multilingual text encoder' was assessed at '1.3' and is now '1.4'")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('version: "2.1"\norigin', 'version: "2.2"\norigin', "the system was assessed at version '2.1' and is now '2.2'"),
        ("  - name: tarnmoor-ranker\n", "  - name: tarnmoor-ranker-b\n", "the model 'tarnmoor-ranker-b' 2.1 was not assessed"),
        ("for a job in one of the 31 shops", "for a job in any shop", "the intended use has been reworded since it was assessed"),
        ("  - DS-001\n  - DS-002\n", "  - DS-001\n", "the dataset 'DS-002' was assessed and is no longer named"),
        ("  - DS-001\n  - DS-002\n", "  - DS-001\n  - DS-002\n  - DS-005\n", "the dataset 'DS-005' was not assessed"),
        ("  - group: Recruiters\n", "  - group: Trainees\n", "the affected group 'Trainees' was not assessed"),
        ("Nine recruiters in the Dublin office", "Forty recruiters", "the deployment context has been reworded since it was assessed"),
    ],
)
def test_each_change_of_what_was_assessed_reopens_it(old, new, said, changed):
    root = changed("registers/ai-systems/AIS-001.yaml", old, new)
    workspace = load_workspace(root)
    changes = reopened(workspace, workspace.record_by_id["AIS-001"].value, workspace.record_by_id["AIA-001"].value)
    assert said in changes
    assert "impact-assessment" in missing(asked(root, "AIS-001"))


def test_what_only_breaks_its_lines_elsewhere_reopens_nothing(changed):
    root = changed("registers/ai-systems/AIS-001.yaml", "on working days, for about", "on working days,\n  for about")
    assert asked(root, "AIS-001").allowed


@pytest.mark.parametrize(
    ("path", "old", "new", "name", "said"),
    [
        ("registers/evidence/EV-001.yaml", 'version: "2.1"', 'version: "2.0"', "verified", "was collected on version '2.0'"),
        ("registers/evidence/EV-001.yaml", 'version: "2.1"\n', "", "verified", "names no version"),
        ("registers/evidence/EV-001.yaml", 'valid_until: "2027-04-17"', 'valid_until: "2026-11-15"', "verified", "ended on 2026-11-15"),
        (
            "registers/impact-assessments/AIA-001.yaml",
            'valid_until: "2027',
            'valid_until: "2026',
            "impact-assessment",
            "was valid until 2026-04-20",
        ),
        (
            "registers/changes/CHG-2026-003.yaml",
            'version: "2.1"',
            'version: "2.0"',
            "released",
            "no change about AIS-001 brings version '2.1'",
        ),
        (
            "docs/ai-systems/applicant-ranking.md",
            "}}, version 2.1,",
            "}}, version 12.1,",
            "technical-documentation",
            "does not name version '2.1'",
        ),
        ("registers/evidence/EV-001.yaml", 'collected_on: "2026', 'collected_on: "2027', "verified", "is dated 2027-04-23, a day to come"),
        (
            "docs/ai-systems/applicant-ranking.md",
            'date: "2026-04-29"',
            'date: "2026-12-01"',
            "monitoring",
            "is approved from 2026-12-01 only",
        ),
        (
            "registers/impact-assessments/AIA-001.yaml",
            'date: "2026-04-20"',
            'date: "2026-12-20"',
            "impact-assessment",
            "it is approved from 2026-12-20 only",
        ),
        ("registers/datasets/DS-002.yaml", "status: approved", "status: draft", "datasets-complete", "DS-002: it is not approved"),
        ("registers/suppliers.yaml", AGREEMENT, "agreement: null", "suppliers", "SUP-003: it has no agreement"),
        ("org.yaml", "    forge_name: niamh-burke-tarnmoor\n", '    left: "2026-11-01"\n', "human-oversight", "Lars Petersen (COM-011) as"),
        ("registers/competence.yaml", 'repeat_on: "2027-09-30"', 'repeat_on: "2026-11-15"', "human-oversight", "Niamh Burke (COM-009) as"),
        ("registers/risks/RSK-004.yaml", "status: treated", "status: [", "files-read", "registers/risks/RSK-004.yaml cannot be read"),
        (
            "registers/ai-systems/AIS-001.yaml",
            "risk_class: high-risk",
            "risk_class: prohibited",
            "class-judged",
            "no condition opens the gate",
        ),
        ("registers/ai-systems/AIS-001.yaml", "risk_class: high-risk", "risk_class: undetermined", "class-judged", "is not judged yet"),
    ],
)
def test_what_is_missing_closes_it_and_is_named(path, old, new, name, said, changed):
    found = missing(asked(changed(path, old, new), "AIS-001"))
    assert said in found[name]


def test_a_risk_that_nobody_decided_on_closes_it(changed):
    path = "registers/risks/RSK-004.yaml"
    text = (changed(path, "status: treated", "status: open") / path).read_text("utf-8")
    acceptance = text[text.index("acceptance:") : text.index("status:")]
    root = changed(path, acceptance, "acceptance: null\n")
    assert missing(asked(root, "AIS-001"))["risks-decided"] == (
        "RSK-004: it is at level 8, its residual level is only expected, and nobody has accepted it"
    )


def test_what_the_law_asks_for_later_stops_from_that_day(example):
    eve, day = (asked(example, "AIS-001", today=datetime.date(2027, 12, number)) for number in (1, 2))
    names = {answer.id for answer in eve.conditions if answer.state is GateState.NOT_DUE}
    assert {"eu-conformity-and-registration", "eu-instructions", "eu-technical-documentation", "eu-post-market-monitoring"} <= names
    assert names <= set(missing(day))


def test_a_retirement_that_is_approved_opens_the_last_gate(changed):
    changed("registers/changes/CHG-2026-004.yaml", "stage: operation", "stage: retired")
    root = sealed_anew(changed("registers/changes/CHG-2026-004.yaml", "gate: 4", "gate: 5"), "CHG-2026-004")
    report = asked(root, "AIS-003", Stage.RETIRED)
    assert report.verdict == "AIS-003 Demand forecast 3.0 may go to retired: 2 of 2 conditions hold"


def test_a_fresh_repository_says_what_its_first_gate_needs(bake):
    report = asked(bake(), "AIS-001", Stage.DEVELOPMENT)
    assert set(missing(report)) == {"first-impact-assessment", "risks-assessed", "requirements-documented"}


# The data.


def test_every_kind_of_condition_is_used_and_can_be_looked_at():
    gates = load_workspace(KIT).gates.value
    assert {condition.kind for condition in gates.conditions} == set(GateKind) == set(LOOK)


def test_every_stage_after_the_first_has_conditions_and_one_sentence_each():
    gates = load_workspace(KIT).gates.value
    assert {stage for condition in gates.conditions for stage in condition.stages} == set(Stage) - {Stage.INCEPTION}
    for condition in gates.conditions:
        assert not condition.asks.endswith(".") and condition.asks[0].isupper()
        assert not condition.way_out.endswith(".") and condition.way_out[0].islower()


def test_the_manual_lists_every_condition_in_order_within_its_table():
    text = (KIT / "docs/gate.md").read_text("utf-8")
    conditions = load_workspace(KIT).gates.value.conditions
    general = [condition.id for condition in conditions if not condition.classes]
    by_class = [condition.id for condition in conditions if condition.classes]
    assert re.findall(r"^\| `([a-z-]+)` \|", text, re.MULTILINE) == general + by_class
    for condition in conditions:
        assert f"| `{condition.id}` | {condition.asks} |" in text


@pytest.mark.site
def test_the_site_shows_each_gate_with_its_proofs(example_site):
    page = (example_site / "gates/index.html").read_text("utf-8")
    rows = re.findall(r"<tr>.*?</tr>", page, re.DOTALL)
    assert len(rows) == 1 + len(SYSTEMS)
    assert ["may not" in row for row in rows[1:]] == [bool(code) for code in SYSTEMS.values()]
    ranking = html.unescape((example_site / "records/ai-systems/AIS-001/index.html").read_text("utf-8"))
    section = ranking[ranking.index('id="gate"') :]
    assert 'href="../../evidence/EV-001/">EV-001</a>' in section
    assert 'href="../../../ai-systems/applicant-ranking/">SYS-001</a>' in section
