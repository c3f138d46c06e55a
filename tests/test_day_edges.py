"""Each comparison with the day of judgement, at the last day on which it holds and the first on which it does not.

Days are written out. A world of `tests/checks/` is judged on both; the last entry of a row says which day it is about.
"""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path

import pytest

from macros.checks import judge, run_checks
from macros.facts.audits import State, covered, programme, steps_of
from macros.facts.authority.roles import holders
from macros.facts.computed import Facts
from macros.facts.evidence import EvidenceState as Fresh
from macros.facts.evidence import contradiction, freshness, run_trouble
from macros.facts.readings import counts, here, readings
from macros.facts.suspects import How, Reliance, _with_newest_evidence, in_force
from macros.facts.tailoring import tailoring
from macros.load import load_workspace
from macros.model.records.applicability import SoaEntry
from macros.model.records.reading import Acknowledgement
from macros.model.records.support import Evidence
from macros.status import PartKind
from macros.status.documents import decision_part, document_part, isms_part
from macros.status.rungs import Rung
from tests.review_setup import sealed_anew
from tests.test_checks import HERE, world_with

DAY = datetime.date.fromisoformat

RULES = [
    ("DOC207", "good", ("2026-03-31", 2), ("2026-04-01", 1), "`date` of a revision"),
    ("DOC303", "good", ("2026-11-15", 1), ("2026-11-16", 0), "`approved.date`, here of the day"),
    ("DOC304", "good", ("2026-11-16", 0), ("2026-11-17", 1), "`next_review`"),
    ("DOC305", "good", ("2026-12-31", 1), ("2027-01-01", 2), "60 days before `next_review` of 2027-03-02"),
    ("DOC305", "good", ("2027-03-02", 1), ("2027-03-03", 0), "`next_review`"),
    ("ORG108", "good", ("2026-11-16", 0), ("2026-11-17", 1), "the day before `left`"),
    ("ORG112", "good", ("2026-11-16", 0), ("2026-11-17", 1), "`until` of an exception"),
    ("REG112", "good", ("2026-03-01", 1), ("2026-03-02", 0), "`approved_on`"),
    ("REG113", "good", ("2026-11-16", 0), ("2026-11-17", 1), "`treatment.due`"),
    ("REG201", "good", ("2026-11-16", 0), ("2026-11-17", 1), "`valid_until` of an impact assessment"),
    ("REG208", "bad", ("2026-10-30", 1), ("2026-10-31", 2), "the day before `left`"),
    ("REG301", "good", ("2026-11-15", 1), ("2026-11-16", 0), "`collected_on`"),
    ("REG303", "good", ("2027-11-02", 0), ("2027-11-03", 2), "`valid_until` of evidence"),
    ("REG304", "good", ("2026-11-16", 0), ("2026-11-17", 1), "ten days, a third of the interval, before it is due on 2026-11-27"),
    ("REG304", "good", ("2026-11-27", 1), ("2026-11-28", 0), "the last day on which it counts"),
    ("REG322", "good", ("2026-11-16", 0), ("2026-11-17", 1), "the days given for a conclusion"),
    ("REG323", "good", ("2026-11-16", 0), ("2026-11-17", 1), "the days given to enter a nonconformity"),
    ("REG327", "good", ("2026-11-15", 1), ("2026-11-16", 0), "a day on which something was done"),
    ("REG329", "good", ("2026-11-16", 0), ("2026-11-17", 1), "`planned_for`"),
    ("REG333", "good", ("2026-11-15", 1), ("2026-11-16", 0), "`acknowledged_on`"),
    ("REG335", "good", ("2026-11-16", 0), ("2026-11-17", 1), "the days given to read"),
    ("REG341", "good", ("2026-11-16", 0), ("2026-11-17", 1), "`next_review`, `due` or any other day ahead of an open record"),
    ("SOA106", "good", ("2026-11-16", 0), ("2026-11-17", 1), "`revisit`"),
]


@pytest.fixture
def base(tmp_path):
    return load_workspace(sealed_anew(world_with(HERE / "none", tmp_path / "base"), "POL-001"))


def world_of(code: str, side: str, room: Path):
    return load_workspace(world_with(HERE / "checks" / code / side, room / "world"))


@pytest.mark.parametrize(
    ("code", "side", "before", "after", "about"), RULES, ids=lambda value: value if isinstance(value, str) else value[0]
)
def test_a_rule_turns_between_two_days(code, side, before, after, about, tmp_path):
    workspace = world_of(code, side, tmp_path)
    for day, times in (before, after):
        assert [problem.code for problem in run_checks(workspace, DAY(day))].count(code) == times, f"{about} on {day}"


# Evidence


def evidence_of(workspace, **changes):
    """The first record of evidence of the world in which REG304 is silent, with other entries, and the record itself."""
    record = workspace.record_by_id["EV-002"]
    value = record.data.value.model_copy(update=changes)
    return dataclasses.replace(record, data=dataclasses.replace(record.data, value=value))


@pytest.fixture
def evidence(tmp_path):
    return world_of("REG304", "good", tmp_path)


def test_the_days_of_evidence_may_fall_on_one_and_not_the_wrong_way_round(evidence):
    day, next_day = DAY("2026-11-02"), DAY("2026-11-03")
    one = {"period_from": day, "period_to": day, "collected_on": day, "valid_until": day}

    def found(**late):
        return contradiction(evidence_of(evidence, **{**one, **late}).data.value)

    assert found() is None
    assert "before it begins on 2026-11-03" in found(period_from=next_day)
    assert "before the period that it covers ended on 2026-11-03" in found(period_to=next_day)
    assert "which lies before 2026-11-03, when it was collected" in found(collected_on=next_day)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2026-11-01", Fresh.FUTURE),
        ("2026-11-02", Fresh.FRESH),  # `collected_on`
        ("2027-09-30", Fresh.FRESH),
        ("2027-10-01", Fresh.DUE_SOON),  # 30 days before it is due
        ("2027-10-31", Fresh.DUE_SOON),  # due, twelve months after `period_to`
        ("2027-11-02", Fresh.DUE_SOON),  # `valid_until`
        ("2027-11-03", Fresh.STALE),
    ],
)
def test_evidence_changes_its_state_on_a_day(day, state, evidence):
    assert freshness(evidence, evidence_of(evidence), DAY(day)).state is state


@pytest.mark.parametrize(
    ("day", "said"), [("2027-10-31", "it is due again on 2027-10-31"), ("2027-11-01", "it was due again on 2027-10-31")]
)
def test_evidence_is_due_until_the_end_of_its_day(day, said, evidence):
    assert freshness(evidence, evidence_of(evidence), DAY(day)).why.startswith(said)


@pytest.mark.parametrize(("days_more", "said"), [(0, False), (1, True)])
def test_a_record_counts_no_longer_than_its_run(days_more, said, example):
    workspace = load_workspace(example)
    records = [record for record in workspace.records(Evidence) if record.data.value.reference in workspace.runs]
    assert records
    for record in records:
        run = workspace.runs[record.data.value.reference].value
        until = run.valid_until + datetime.timedelta(days=days_more)
        told = run_trouble(workspace, record.data.value.model_copy(update={"valid_until": until})) or ""
        assert ("and the run until" in told) is said


def test_evidence_is_valid_for_its_interval_and_no_day_longer(tmp_path):
    changed = world_with(HERE / "checks/REG304/good", tmp_path / "world")
    file = changed / "registers/evidence/EV-002.yaml"
    for until, times in (("2027-11-02", 0), ("2027-11-03", 1)):
        file.write_text(file.read_text("utf-8").replace('valid_until: "2027-11-02"', f'valid_until: "{until}"'), "utf-8")
        assert [problem.code for problem in run_checks(load_workspace(changed), DAY("2026-11-16"))].count("REG302") == times


# Status


@pytest.mark.parametrize(
    ("day", "rung", "why"),
    [
        ("2026-03-01", Rung.TAILORED, "it is approved from 2026-03-02 only"),
        ("2026-03-02", Rung.APPROVED, "approved in version 1.0 on 2026-03-02"),
        ("2027-03-02", Rung.APPROVED, "approved in version 1.0 on 2026-03-02"),
        ("2027-03-03", Rung.TAILORED, "its review was due on 2027-03-02"),
    ],
)
def test_a_document_is_approved_from_its_approval_to_its_review(day, rung, why, base):
    decisions, document = Facts(base, DAY(day)).decisions, base.document_by_id["POL-001"]
    part = document_part(decisions, document, tailoring(decisions, document), ())
    assert (part.rung, part.why.startswith(why)) == (rung, True), part.why


@pytest.mark.parametrize(("day", "rung"), [("2027-05-01", Rung.APPROVED), ("2027-05-02", Rung.TAILORED)])
def test_a_document_of_the_isms_is_confirmed_to_its_review(day, rung, base):
    assert isms_part("ISM-001", base.record_by_id["ISM-001"].data.value, DAY(day)).rung is rung


@pytest.mark.parametrize(("day", "rung"), [("2026-03-01", Rung.TAILORED), ("2026-03-02", Rung.APPROVED)])
def test_a_decision_counts_from_its_day(day, rung, base):
    entry = next(record.data.value for record in base.records(SoaEntry) if record.id == "iso42001:A.2.2")
    assert decision_part(Facts(base, DAY(day)).decisions, entry, ()).rung is rung


MEASUREMENT = """records:
  - id: MEA-001
    what: Share of wrong answers
    about: null
    measured_on: "2026-06-01"
    value: 3 %
    limit: 5 %
    within: true
    evaluated_by: ai-governance-lead
    action: null
"""


@pytest.mark.parametrize(
    ("day", "rung"),
    [
        ("2026-05-31", Rung.APPROVED),
        ("2026-06-01", Rung.OPERATING),
        ("2027-06-01", Rung.OPERATING),  # twelve months of 365 days in all
        ("2027-06-02", Rung.APPROVED),
    ],
)
def test_a_record_shows_operation_from_its_day_and_for_the_review_interval(day, rung, tmp_path):
    root = world_with(HERE / "none", tmp_path)
    file = root / "registers/measurements.yaml"
    text = file.read_text("utf-8").replace("iso42001:9.1", "iso42001:A.2.2").replace("records: []\n", MEASUREMENT)
    file.write_text(text, "utf-8")
    standing = judge(Facts(load_workspace(root), DAY(day))).ladder.requirement("iso42001:A.2.2")
    assert [part.rung for part in standing.parts if part.kind is PartKind.OPERATION] == [rung]


# Audits, readings, people and revisions, on which rungs and rules rest


@pytest.mark.parametrize(("day", "found"), [("2026-09-10", []), ("2026-09-11", ["AUD-001"])])
def test_an_audit_covers_from_the_day_on_which_it_was_carried_out(day, found, tmp_path):
    workspace = world_of("REG322", "good", tmp_path)
    assert [audit.id for audit in covered(workspace, DAY(day), "iso42001:5.2") if audit.id == "AUD-001"] == found


@pytest.mark.parametrize(("day", "planned"), [("2025-11-15", False), ("2025-11-16", True), ("2026-11-16", True), ("2026-11-17", False)])
def test_an_audit_is_planned_from_twelve_months_before_to_its_day(day, planned, tmp_path):
    coverage = programme(world_of("REG329", "good", tmp_path), DAY(day)).coverage
    named = {
        found.planned.id for rows in coverage.values() for found in rows if found.planned and str(found.planned.planned_for) == "2026-11-16"
    }
    assert bool(named) is planned


@pytest.mark.parametrize(("day", "state"), [("2026-11-16", "open"), ("2026-11-17", "overdue")])
def test_a_step_of_a_nonconformity_is_open_to_its_day(day, state, example):
    workspace = load_workspace(example)
    value = workspace.record_by_id["NC-2026-002"].data.value
    late = value.model_copy(
        update={"corrective_action": None, "implemented_on": None, "due": DAY("2026-11-16"), "state": State.OPEN},
    )
    assert {step.name: step.state for step in steps_of(workspace, late, DAY(day))}["corrective action"] == state


@pytest.mark.parametrize(("day", "state"), [("2026-11-15", "open"), ("2026-11-16", "done")])
def test_a_step_of_a_nonconformity_is_done_from_its_day(day, state, example):
    workspace = load_workspace(example)
    value = workspace.record_by_id["NC-2026-002"].data.value
    done = value.model_copy(
        update={"corrective_action": "Mend it.", "implemented_on": DAY("2026-11-16"), "due": DAY("2026-12-31"), "state": State.OPEN},
    )
    assert {step.name: step.state for step in steps_of(workspace, done, DAY(day))}["corrective action"] == state


@pytest.mark.parametrize(
    ("day", "inside"),
    [("2026-01-31", False), ("2026-02-01", True), ("2026-10-31", True), ("2026-11-01", False)],
)
def test_a_person_is_there_from_joining_to_the_day_before_leaving(day, inside, base):
    ada = base.person_by_id["ada-lovelace"].model_copy(update={"joined": DAY("2026-02-01"), "left": DAY("2026-11-01")})
    assert ("ada-lovelace" in here([ada], DAY(day))) is inside


@pytest.mark.parametrize(("day", "number"), [("2026-11-15", 1), ("2026-11-16", 0)])
def test_a_role_is_held_to_the_day_before_leaving(day, number, tmp_path):
    root = world_with(HERE / "none", tmp_path)
    file = root / "org.yaml"
    file.write_text(
        file.read_text("utf-8").replace("    name: Ada Lovelace\n", '    name: Ada Lovelace\n    left: "2026-11-16"\n'), "utf-8"
    )
    assert len(holders(load_workspace(root), "ai-governance-lead", DAY(day))) == number


@pytest.mark.parametrize(("day", "holds"), [("2026-03-01", False), ("2026-03-02", True)])
def test_an_acknowledgement_counts_from_its_day_and_not_before_the_approval(day, holds, tmp_path):
    workspace = world_of("REG333", "good", tmp_path)
    given = next(iter(workspace.records(Acknowledgement))).data.value
    document = workspace.document_by_id[given.document]
    assert str(document.head.value.approved.date) == "2026-03-02"
    assert document.head.value.version == given.version
    assert counts(given.model_copy(update={"acknowledged_on": DAY(day)}), document, DAY("2026-11-16")) is holds
    assert counts(given.model_copy(update={"acknowledged_on": DAY("2026-03-02")}), document, DAY(day)) is holds


@pytest.mark.parametrize(("day", "number"), [("2026-03-31", 0), ("2026-04-01", 1)])
def test_a_revision_binds_from_its_day(day, number, tmp_path):
    document = world_of("DOC207", "good", tmp_path).document_by_id["POL-001"]
    first = next(revision for revision in document.head.value.revisions if str(revision.date) == "2026-04-01")
    assert [revision.date for revision in in_force(document, first.change, DAY(day))].count(first.date) == number


def test_unnamed_readers_are_late_after_their_day(tmp_path):
    workspace = world_of("REG336", "good", tmp_path)
    reading = readings(workspace, DAY("2026-11-16"))[0]
    waiting = dataclasses.replace(reading, missing=(), must_unnamed=3, done_unnamed=1, due_unnamed=DAY("2026-11-16"))
    assert dataclasses.replace(waiting, today=DAY("2026-11-16")).late == 0
    assert dataclasses.replace(waiting, today=DAY("2026-11-17")).late == 2


@pytest.mark.parametrize(("day", "rests"), [("2027-11-02", True), ("2027-11-03", False)])
def test_evidence_rests_on_a_text_while_it_is_valid(day, rests, evidence):
    reliance = Reliance("EV-002", "POL-001", How.EVIDENCE, evidence.record_by_id["EV-002"].data.at("id"))
    assert list(_with_newest_evidence(evidence, (reliance,), DAY(day))) == ([reliance] if rests else [])


# Days of one text beside days of another

POLICY = "docs/policies/ai-policy.md"
TEXTS = [
    (
        "checks/REG334/good",
        "registers/acknowledgements.yaml",
        '"2026-03-02"',
        '"2026-03-02"',
        '"2026-03-01"',
        "before its approval on 2026-03-02",
    ),
    (
        "checks/DOC207/good",
        POLICY,
        '"3.1", date: "2026-06-01"',
        '"3.1", date: "2026-04-01"',
        '"3.1", date: "2026-03-31"',
        "1.1 of 'POL-001' is noted for",
    ),
    (
        "none",
        POLICY,
        'next_review: "2027-03-02"',
        'next_review: "2026-03-02"',
        'next_review: "2026-03-01"',
        "before its approval on 2026-03-02",
    ),
]


@pytest.mark.parametrize(
    ("world", "path", "old", "good", "bad", "said"), TEXTS, ids=lambda value: value.split("/")[1] if "checks/" in value else ""
)
def test_two_days_of_texts_may_be_the_same(world, path, old, good, bad, said, tmp_path):
    for number, (text, times) in enumerate(((good, 0), (bad, 1))):
        root = world_with(HERE / world, tmp_path / str(number))
        before = (root / path).read_text("utf-8")
        assert before.count(old) == 1
        (root / path).write_text(before.replace(old, text), "utf-8")
        spoken = [problem.message for problem in run_checks(load_workspace(root), DAY("2026-11-16"))]
        assert sum(said in message for message in spoken) == times


@pytest.mark.parametrize(("day", "line"), [("2026-11-16", 40), ("2026-11-17", 35)])
def test_of_two_exceptions_the_first_one_in_date_counts(day, line, tmp_path):
    """On its last day the older exception still covers the problem, so that the renewed one is not needed yet."""
    root = world_with(HERE / "checks/ORG112/good", tmp_path)
    text = (root / "org.yaml").read_text("utf-8")
    entry = text[text.index("    - code: DOC304") : text.index('today: "2026-11-16"')]
    (root / "org.yaml").write_text(text.replace(entry, entry + entry.replace("2026-11-16", "2027-11-16")), "utf-8")
    problems = run_checks(load_workspace(root), DAY(day))
    assert [problem.location.line for problem in problems if "has no problem DOC304" in problem.message] == [line]
