"""Strategy advice and roadmap: three organisations, three recommendations; a task is done when its proof is there."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from macros.facts.advice import known_facts, recommend
from macros.load import load_workspace
from macros.model.records.systems import AiSystem
from macros.world import World, today_of
from tests.conftest import KIT, copy_without_engine
from tests.forked import started

DATA = load_workspace(KIT).strategies

ORGANISATIONS = {
    "mature": (
        {
            "isms-age": 4,
            "scopes": "same",
            "ai-systems": 3,
            "high-risk-systems": 1,
            "team": "shared",
            "certification": "combined",
            "isms-health": "sound",
        },
        "integrated",
    ),
    "young and apart": (
        {
            "isms-age": 1,
            "scopes": "different",
            "ai-systems": 4,
            "high-risk-systems": 1,
            "team": "separate",
            "certification": "separate",
            "isms-health": "gaps",
        },
        "coordinated",
    ),
    "small and in no hurry": (
        {
            "isms-age": 2,
            "scopes": "same",
            "ai-systems": 2,
            "high-risk-systems": 0,
            "team": "partly-shared",
            "certification": "later",
            "isms-health": "sound",
        },
        "extension",
    ),
    "without an ISMS": ({"isms-age": 0, "ai-systems": 1, "high-risk-systems": 0, "certification": "later"}, "standalone"),
}


@pytest.mark.parametrize("name", ORGANISATIONS)
def test_organisations_that_differ_get_different_explained_advice(name):
    facts, expected = ORGANISATIONS[name]
    advice = recommend(DATA, facts)
    assert advice.best.strategy.value == expected
    assert not advice.best.ruled_out
    assert len(advice.best.reasons) >= 1
    assert any(rule.side.value == "for" for rule in advice.best.reasons)
    assert advice.standings[0].score > max((standing.score for standing in advice.standings[1:] if not standing.ruled_out), default=-99)


def test_the_articles_opinion_is_labelled_and_no_standard_is_blamed():
    rule = next(rule for rule in DATA.rules if rule.fact == "isms-age" and rule.at_least == 3)
    assert rule.grounds.value == "article"
    assert "neither standard sets a minimum age" in rule.because


def test_what_nobody_knows_counts_neither_way():
    advice = recommend(DATA, {})
    assert {standing.score for standing in advice.standings} == {0}
    assert {fact.id for fact in advice.missing} == {fact.id for fact in DATA.facts}


def test_the_repository_is_read(example):
    workspace = load_workspace(example)
    facts = known_facts(workspace, today_of(workspace))
    assert facts == {"isms-age": 4, "ai-systems": 3, "high-risk-systems": 1, "documents-in-date": 96}


def command(repository: Path, *words: str) -> subprocess.CompletedProcess:
    return started("macros", *words, cwd=repository)


def test_the_command_recommends_in_the_first_line_and_says_what_it_does_not_know(example):
    done = command(example, "strategy", "--fact", "scopes=same", "--fact", "team=shared", "--fact", "certification=combined")
    assert done.returncode == 0
    assert done.stdout.startswith("Recommended: integrated. ")
    assert "[the article's opinion]" in done.stdout and "[our judgement]" in done.stdout
    assert "Not known, and counted neither way: isms-health" in done.stdout
    found = json.loads(command(example, "strategy", "--format", "json").stdout)
    assert {"recommended", "strategies", "facts", "missing"} <= set(found)


@pytest.mark.parametrize(
    ("fact", "message"),
    [
        ("scope=same", "there is no fact 'scope'; the facts are isms-age, "),
        ("scopes=alike", "'alike' is no answer to 'scopes'; answer with one of same, overlapping, different"),
        ("isms-age=old", "'old' is no answer to 'isms-age'; answer with a whole number"),
    ],
)
def test_an_answer_that_does_not_fit_is_one_sentence(fact, message, example):
    done = command(example, "strategy", "--fact", fact)
    assert done.returncode == 3
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def copy(example, tmp_path) -> Path:
    target = tmp_path / "tarnmoor"
    shutil.copytree(example, target, ignore=shutil.ignore_patterns("site", "__pycache__"))
    return target


def plan_of(repository: Path):
    workspace = load_workspace(repository)
    return World(workspace, today_of(workspace)).plan


def test_the_article_has_all_its_tasks_in_the_roadmap():
    roadmap = load_workspace(KIT).roadmap
    assert [sum(task.in_article for task in phase.tasks) for phase in roadmap.phases] == [5, 5, 5, 4]
    assert [(phase.months.min, phase.months.max) for phase in roadmap.phases] == [(1, 2), (2, 3), (3, 6), (2, 3)]


def test_the_example_stands_where_its_records_put_it(example):
    plan = plan_of(example)
    assert str(plan.phases[0].start) == "2025-10-06" and str(plan.phases[-1].end) == "2027-04-30"
    assert [task.task.id for task in plan.tasks if not task.done] == [
        "3.1",
        "3.6",
        "4.1",
        "4.3",
        "4.4",
    ]  # both standards were audited, and not in one audit
    assert [task.task.id for task in plan.late] == ["3.1"]
    assert plan.next_five[0].task.id == "3.1"


def test_a_task_is_done_by_its_proof_and_undone_without_it(copy):
    path = copy / "docs/procedures/risk-management.md"
    path.write_text(path.read_text("utf-8").replace("status: approved", "status: draft", 1), "utf-8")
    changed = {task.task.id for task in plan_of(copy).tasks if not task.done}
    assert "2.3" in changed
    shown = next(task for task in plan_of(copy).tasks if task.task.id == "2.3").shown
    assert [condition.proof for condition in shown if not condition.holds] == ["PRO-006 is a draft"]


def test_a_fresh_repository_has_done_nothing_and_knows_what_is_next(bake):
    plan = plan_of(bake())
    assert not any(task.done for task in plan.tasks)
    assert len(plan.next_five) == 5
    for items in (plan.stage_1, plan.stage_2):
        assert not all(all(shown.holds for shown in proofs) for _, proofs in items)


def test_more_isms_makes_the_way_shorter(example, bake):
    with_isms, without = plan_of(example), plan_of(bake(integration_strategy="standalone", isms_since="none"))
    assert all(here.ratio < there.ratio for here, there in zip(with_isms.phases, without.phases, strict=True))
    assert {round(phase.ratio, 3) for phase in without.phases} == {1.0}
    months = (without.phases[-1].end - without.phases[0].start).days / 30.44
    assert 13.5 < months < 14.5, "without an ISMS the plan takes the article's longest 14 months"


def test_the_plan_has_no_holes_and_tasks_lie_inside_their_phase(example):
    import datetime

    plan = plan_of(example)
    assert len(plan.phases) > 2 and all(phase.tasks for phase in plan.phases)
    for before, after in zip(plan.phases, plan.phases[1:], strict=False):
        assert after.start == before.end + datetime.timedelta(days=1)
    for phase in plan.phases:
        for task in phase.tasks:
            assert phase.start <= task.start <= task.end <= phase.end, task.task.id


def test_the_picture_says_in_words_what_it_shows(example_site):
    page = (example_site / "roadmap/index.html").read_text("utf-8")
    assert (
        'role="img" aria-label="Roadmap from 2025-10-06 to 2027-04-30: 17 of 22 tasks done, 1 late. The tables below say the same."' in page
    )
    assert page.count("aims-gantt__bar--done") >= 17


def test_the_ai_act_page_follows_the_registers(example_site, example):
    from macros.facts.ai_act import duties
    from macros.facts.trace import build_trace

    workspace = load_workspace(example)
    trace = build_trace(workspace)
    found = {record.id: [duty.requirement for duty in duties(workspace, trace, record.value)] for record in workspace.records(AiSystem)}
    assert found["AIS-003"] == ["eu-ai-act:Art.4", "eu-ai-act:Art.5"]
    assert found["AIS-002"] == ["eu-ai-act:Art.4", "eu-ai-act:Art.5", "eu-ai-act:Art.50"]
    assert {"eu-ai-act:Art.9", "eu-ai-act:Art.14", "eu-ai-act:Art.26", "eu-ai-act:Art.27", "eu-ai-act:Art.73"} <= set(found["AIS-001"])
    assert not any("Art.53" in name or "Art.55" in name for names in found.values() for name in names)
    page = (example_site / "eu-ai-act/index.html").read_text("utf-8")
    assert "This is no legal advice" in page and "unconfirmed" in page


def test_a_strategy_without_its_profile_is_a_problem_with_a_line(example, tmp_path):
    repository = copy_without_engine(example, tmp_path / "repository")
    file = repository / "controls/strategies.yaml"
    text = file.read_text("utf-8")
    start = text.index("  - strategy: standalone")
    end = text.index("\nfacts:", start) + 1
    file.write_text(text[:start] + text[end:], "utf-8")
    line = text[:start].count("\n", 0, text.index("profiles:")) + 1
    (problem,) = load_workspace(repository).problems
    assert str(problem) == (
        f"controls/strategies.yaml:{line}: CAT004 'profiles' has no profile of 'standalone'; "
        "write one profile for each strategy, as the kit delivers them"
    )
    done = command(KIT, "strategy", "--root", str(repository))
    assert (done.returncode, done.stdout) == (3, "")
    assert "Traceback" not in done.stderr and done.stderr.count("\n") == 1
