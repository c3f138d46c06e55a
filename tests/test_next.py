"""The work in its order: whole sentences on a fresh repository and on the worked one, and no problem of `check` is lost."""

from __future__ import annotations

import json
import shutil

import pytest

from macros.__main__ import main
from macros.checks import judge
from macros.facts.computed import Facts
from macros.facts.trace import build_trace
from macros.load import load_workspace
from macros.load.tree import FolderTree
from macros.worklist import StepKind, worklist
from macros.world import today_of
from tests.conftest import KIT, copy_without_engine

DAY = "2026-11-28"
ROLES = (
    *("governing-body", "top-management", "ai-governance-lead", "ai-system-owner"),
    *("data-steward", "human-oversight-operator", "internal-auditor", "isms-manager"),
)


def said(root, capsys, *words: str) -> str:
    assert main(["next", "--root", str(root), *words]) == 0
    return capsys.readouterr().out


@pytest.fixture
def fresh(bake, tmp_path):
    return copy_without_engine(bake(), tmp_path / "fresh")


def work_of(root, whose: str = "", today=None):
    workspace = load_workspace(FolderTree(root))
    trace = build_trace(workspace)
    judged = judge(Facts(workspace, today or today_of(workspace)))
    return worklist(judged, trace, whose), judged


def with_people(root) -> None:
    """Step 1, as a person does it."""
    path = root / "org.yaml"
    text = path.read_text("utf-8")
    text = text.replace("held_by: []", "held_by:\n      - ada").replace("people: []", "people:\n  - id: ada\n    name: Ada Lovelace")
    path.write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("name", "words"), [("fresh", ()), ("worked", ()), ("worked-all", ("--all",)), ("worked-markdown", ("--format", "markdown"))]
)
def test_the_text_is_as_expected(name, words, bake, example, capsys, monkeypatch, golden):
    monkeypatch.setenv("AIMS_COMMAND", "./aims")
    root = bake() if name == "fresh" else example
    found = said(root, capsys, *words, "--today", DAY if name == "fresh" else "2026-11-16")
    expected = KIT / "tests/next" / f"{name}.txt"
    golden(expected, found)


def test_a_step_that_is_done_is_left_out_and_nothing_waits_for_it(fresh, capsys):
    before, _ = work_of(fresh)
    assert before.steps[0].kind is StepKind.PEOPLE
    with_people(fresh)
    after, judged = work_of(fresh)
    assert "ORG109" not in {problem.code for problem in judged.problems}
    assert [step.kind for step in after.steps] == [step.kind for step in before.steps[1:]]
    assert not any(StepKind.PEOPLE in step.waits_for for step in after.steps)


def test_parameters_are_done_with_the_first_own_value(fresh):
    path = fresh / "org.yaml"
    path.write_text(path.read_text("utf-8").replace("concern_response_days: 30", "concern_response_days: 20"), "utf-8")
    work, _ = work_of(fresh)
    assert StepKind.PARAMETERS not in {step.kind for step in work.steps}


@pytest.mark.parametrize("strategy", ["integrated", "coordinated", "extension", "standalone"])
def test_each_problem_belongs_to_one_step_whatever_the_strategy(strategy, bake):
    nothing_lost(*work_of(bake(integration_strategy=strategy)))


def nothing_lost(work, judged) -> None:
    told = [problem for step in work.steps for problem in step.problems]
    assert sorted(told, key=lambda problem: problem.sort_key) == list(judged.problems)
    assert work.problems == len(judged.problems)


def test_no_problem_of_the_worked_organisation_is_lost(example):
    work, judged = work_of(example)
    assert work.in_operation and len(judged.problems) == 2
    nothing_lost(work, judged)


def test_what_no_step_settles_stands_in_the_last_one(fresh):
    page = fresh / "docs/own-page.md"
    page.write_text("---\ntitle: Own page\n---\n\nTo be completed: TBD.\n", "utf-8")
    (fresh / "registers/obligations.yaml").write_text("title: x\n", "utf-8")
    work, judged = work_of(fresh)
    assert work.steps[0].kind is StepKind.ERRORS
    nothing_lost(work, judged)


def test_every_rung_is_reached_when_all_steps_are_done(bake):
    """What the steps lift, one after the other, brings each requirement from where it is to the top."""
    work, judged = work_of(bake())
    reached = {leaf: judged.ladder.requirement(leaf).rung for name in judged.ladder.catalogues for leaf in judged.ladder.leaves(name)}
    for step in work.steps:
        for lift in step.lifts:
            assert reached[lift.requirement] is lift.before
            reached[lift.requirement] = lift.after
    assert {rung.value for rung in reached.values() if rung} == {"audited"}


def test_errors_come_first_then_what_is_overdue_then_what_falls_due_then_the_largest_lift(example):
    work, _ = work_of(example)
    kinds = [step.kind for step in work.steps]
    assert kinds[:3] == [StepKind.ERRORS, StepKind.OVERDUE, StepKind.DUE]
    gains = [step.gain for step in work.steps[3:] if step.kind is not StepKind.REST]
    assert gains == sorted(gains, reverse=True) and gains
    days = [due.day for due in work.steps[2].due]
    assert days == sorted(days) and (days[-1] - work.today).days <= 30


def test_only_what_a_role_or_a_person_owns_is_shown(example, capsys):
    whole, _ = work_of(example)
    owned, _ = work_of(example, "internal-auditor")
    # Beside its audits it answers for the controls in whose rows of the Statement of Applicability it stands.
    assert {step.kind for step in owned.steps} == {StepKind.DUE, StepKind.AUDIT, StepKind.EVIDENCE, StepKind.NOTHING}
    assert [due.id for step in owned.steps for due in step.due] == ["AUD-2026-002"]
    reader, _ = work_of(example, "eva-novotna")
    assert ("PRO-020", "eva-novotna") in {(due.id, due.owner) for step in reader.steps for due in step.due}
    assert sum(len(step.problems) for step in owned.steps) < whole.problems


def test_a_role_sees_of_a_step_what_it_can_lift_itself(fresh):
    whole = {step.kind: step for step in work_of(fresh)[0].steps}
    owned = {step.kind: step for step in work_of(fresh, "data-steward")[0].steps}
    assert StepKind.PEOPLE not in owned
    documents = owned[StepKind.DOCUMENTS]
    assert 0 < len(documents.problems) < len(whole[StepKind.DOCUMENTS].problems)
    lifted = {lift.requirement for lift in documents.lifts}
    assert "iso42001:A.7.3" in lifted and lifted < {lift.requirement for lift in whole[StepKind.DOCUMENTS].lifts}


def test_the_roles_together_own_every_problem(fresh):
    _, judged = work_of(fresh)
    owned = [problem for role in ROLES for step in work_of(fresh, role)[0].steps for problem in step.problems]
    assert sorted(owned, key=lambda problem: problem.sort_key) == list(judged.problems)


def test_nobody_of_that_name_is_said_with_the_nearest(example, capsys):
    assert main(["next", "--root", str(example), "--for", "internal-auditr"]) == 3
    assert "has no role and no person 'internal-auditr'; did you mean 'internal-auditor'?" in capsys.readouterr().err


def test_json_holds_every_step_with_its_numbers(example, capsys):
    data = json.loads(said(example, capsys, "--format", "json"))
    assert data["problems"] == 2 and data["in_operation"] is True and data["for"] is None
    assert [step["number"] for step in data["steps"]] == list(range(1, len(data["steps"]) + 1))
    first = data["steps"][0]
    assert (first["step"], first["about"], first["begin"]) == (
        "errors",
        "REG201",
        {"path": "registers/ai-systems/AIS-003.yaml", "line": 12},
    )
    assert {"requirement": "iso42001:A.5.3", "from": "approved", "to": "audited"} in first["lifts"]


def test_reading_the_work_writes_nothing(fresh, capsys):
    shutil.copytree(fresh, fresh.parent / "before")
    said(fresh, capsys)
    for path in (fresh.parent / "before").rglob("*"):
        if path.is_file():
            assert (fresh / path.relative_to(fresh.parent / "before")).read_bytes() == path.read_bytes()
