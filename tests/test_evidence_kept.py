"""What evidence counts for, what it replaces or undoes, and what has to be looked at again: at each day, and for each reason.

Each row is the worked organisation with something changed.
"""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from macros.facts.computed import Facts
from macros.facts.errors import Errors
from macros.facts.evidence import (
    Backing,
    EvidenceBook,
    EvidenceState,
    contradiction,
    due_day,
    file_trouble,
    freshness,
    last_day,
    notice_days,
    run_trouble,
)
from macros.facts.suspects import How, Reliance, _judged, _with_newest_evidence, dependants, in_force, suspects
from macros.facts.trace import build_trace
from macros.model.document import Revision, RevisionKind
from macros.model.records.support import EvidenceKind, Result, Sensitivity
from macros.model.workspace import Fingerprint
from macros.problem import Location, Problem, Severity
from tests.kept_world import TODAY, edited

DAY = datetime.date.fromisoformat
FRESH, SOON, STALE, FUTURE, UNUSABLE = EvidenceState
ROBIN = "evidence/automated/robin-ds-004-2026-10.json"


def book(workspace, today=TODAY) -> EvidenceBook:
    return EvidenceBook(workspace, build_trace(workspace), today)


def like(kept, name, new, **entries):
    """The worked organisation with a second record of evidence, which is like another but for some entries."""
    value = kept.record_by_id[name].value.model_copy(update={"id": new, **entries})
    return edited(kept, (name, "", value))


def names(found):
    return [one.record.id for one in found]


# Its days.

INTERVALS = [
    # collected on, period to, valid until, every months: last day, due, days of notice
    ("2026-10-30", "2026-10-29", "2027-01-30", 3, "2027-01-30", "2027-01-29", 30),
    ("2026-10-30", "2026-10-29", "2027-01-15", 3, "2027-01-15", "2027-01-15", 30),
    ("2026-10-30", "2026-10-29", "2028-01-30", 3, "2027-01-30", "2027-01-29", 30),
    ("2026-10-30", "2026-10-29", "2028-01-30", 1, "2026-11-30", "2026-11-29", 10),
    ("2026-10-30", "2026-10-29", "2028-01-30", 2, "2026-12-30", "2026-12-29", 20),
    ("2026-10-30", "2026-10-29", "2028-01-30", None, "2028-01-30", "2028-01-30", 30),
    ("2026-10-30", "2026-10-29", "2028-01-30", 0, "2028-01-30", "2028-01-30", 30),
]


@pytest.mark.parametrize(("collected", "period", "until", "months", "last", "due", "notice"), INTERVALS)
def test_the_days_follow_from_the_interval(collected, period, until, months, last, due, notice, kept):
    value = kept.record_by_id["EV-002"].value.model_copy(
        update={"collected_on": DAY(collected), "period_to": DAY(period), "valid_until": DAY(until), "every_months": months}
    )
    assert (last_day(value), due_day(value), notice_days(value)) == (DAY(last), DAY(due), notice)


STATES = [
    # EV-002 is collected every three months and due on 2027-01-29; EV-001 is collected once.
    ("EV-002", (), "2026-10-29", FUTURE, "it says it was collected on 2026-10-30, which has not come yet"),
    ("EV-002", (), "2026-10-30", FRESH, "collected on 2026-10-30, it counts until 2027-01-30"),
    ("EV-002", (), "2026-12-29", FRESH, "collected on 2026-10-30, it counts until 2027-01-30"),
    ("EV-002", (), "2026-12-30", SOON, "it is due again on 2027-01-29"),
    ("EV-002", (), "2027-01-29", SOON, "it is due again on 2027-01-29"),
    ("EV-002", (), "2027-01-30", SOON, "it was due again on 2027-01-29, and counts until 2027-01-30"),
    ("EV-002", (), "2027-01-31", STALE, "it counted until 2027-01-30"),
    ("EV-001", (), "2027-03-17", FRESH, "collected on 2026-04-23, it counts until 2027-04-17"),
    ("EV-001", (), "2027-03-18", SOON, "it counts until 2027-04-17, and is collected once"),
    ("EV-001", (), "2027-04-17", SOON, "it counts until 2027-04-17, and is collected once"),
    ("EV-001", (), "2027-04-18", STALE, "it counted until 2027-04-17"),
    ("EV-001", (("result", Result.FAILED),), "2026-11-16", UNUSABLE, "the examination failed"),
    ("EV-001", (("result", Result.FAILED),), "2026-04-22", FUTURE, "it says it was collected on 2026-04-23, which has not come yet"),
    (
        "EV-001",
        (("period_to", "2026-04-24"),),
        "2026-11-16",
        UNUSABLE,
        "it was collected on 2026-04-23, before the period that it covers ended on 2026-04-24",
    ),
    ("EV-001", (("sha256", "0" * 64),), "2026-11-16", UNUSABLE, None),
]


@pytest.mark.parametrize(("name", "changes", "day", "state", "why"), STATES)
def test_evidence_stands_where_its_days_put_it(name, changes, day, state, why, kept):
    made = edited(kept, *((name, path, new) for path, new in changes))
    found = freshness(made, made.record_by_id[name], DAY(day))
    assert found.state is state
    assert why is None or found.why == why
    assert state.counts == (state in (FRESH, SOON))
    assert found.failed == (state is UNUSABLE and found.evidence.result is Result.FAILED)


def test_the_dates_of_evidence_fit_each_other_on_one_day(kept):
    day = {"period_from": TODAY, "period_to": TODAY, "collected_on": TODAY, "valid_until": TODAY}
    value = kept.record_by_id["EV-002"].value
    later = DAY("2026-11-17")
    assert contradiction(value.model_copy(update=day)) is None
    for entry, said in (
        ("period_from", "its period ends on 2026-11-16, before it begins on 2026-11-17"),
        ("period_to", "it was collected on 2026-11-16, before the period that it covers ended on 2026-11-17"),
        ("collected_on", "it is valid until 2026-11-16, which lies before 2026-11-17, when it was collected"),
    ):
        assert contradiction(value.model_copy(update={**day, entry: later})) == said


# Its file, and its run.


def test_a_file_is_the_one_that_the_record_names(kept):
    value = kept.record_by_id["EV-001"].value
    there = kept.fingerprints[value.reference]

    def trouble(files=kept.fingerprints, **entries):
        return file_trouble(dataclasses.replace(kept, fingerprints=files), value.model_copy(update=entries))

    assert trouble() is None
    assert trouble(files={}) == f"its file '{value.reference}' is not in the repository"
    assert trouble(sha256="0" * 64) == f"its file has another SHA-256, {there.sha256[:12]}… instead of 000000000000…"
    assert trouble(sha256=None) is None
    assert trouble(size=there.size) is None
    assert trouble(size=there.size + 1) == f"its file has {there.size} bytes instead of {there.size + 1}"
    assert trouble(files={}, reference="https://files.example/report") is None
    assert trouble(files={}, sensitivity=Sensitivity.BY_REFERENCE) is None


def run_of(kept, **entries):
    """The worked organisation with another run of Robin."""
    sourced = kept.runs[ROBIN]
    return dataclasses.replace(
        kept, runs={**kept.runs, ROBIN: dataclasses.replace(sourced, value=sourced.value.model_copy(update=entries))}
    )


def test_a_record_and_its_run_say_the_same(kept):
    value = kept.record_by_id["EV-013"].value
    run = kept.runs[ROBIN].value
    assert run_trouble(kept, value) is None
    assert file_trouble(kept, value) is None
    assert run_trouble(dataclasses.replace(kept, runs={}), value) == "its automated evidence cannot be read"
    assert file_trouble(dataclasses.replace(kept, runs={}), value) == "its automated evidence cannot be read"
    for entries, said in (
        ({"result": Result.FAILED}, "it says 'failed', and the run passed"),
        ({"result": None}, "it says 'null', and the run passed"),
        ({"kind": EvidenceKind.LOG}, "it says it is of the kind 'log', and the run is 'measurement'"),
        ({"valid_until": run.valid_until}, None),
        (
            {"valid_until": run.valid_until + datetime.timedelta(1)},
            f"it is valid until {run.valid_until + datetime.timedelta(1)}, and the run until {run.valid_until}",
        ),
        ({"about": ()}, "it is about no AI system, and the run about AIS-002"),
        ({"about": ("AIS-001", "AIS-002")}, "it is about AIS-001, AIS-002, and the run about AIS-002"),
    ):
        assert run_trouble(kept, value.model_copy(update=entries)) == said
    nobody = kept.record_by_id["EV-014"].value
    assert run_trouble(kept, nobody) is None
    assert run_trouble(kept, nobody.model_copy(update={"about": ("AIS-001",)})) == "it is about AIS-001, and the run about none"


def test_what_a_run_left_behind_is_still_there(kept):
    value = kept.record_by_id["EV-013"].value
    run = kept.runs[ROBIN].value
    first = next(one for one in run.artefacts if one.path)
    without = {path: found for path, found in kept.fingerprints.items() if path != first.path}
    assert (
        run_trouble(dataclasses.replace(kept, fingerprints=without), value)
        == f"the artefact '{first.path}' of its run is not in the repository"
    )
    said = f"the artefact '{first.path}' of its run is not the file that the run left behind"
    there = kept.fingerprints[first.path]
    for other in (Fingerprint(there.size, "0" * 64), Fingerprint(there.size + 1, there.sha256)):
        assert run_trouble(dataclasses.replace(kept, fingerprints={**without, first.path: other}), value) == said
    nowhere = first.model_copy(update={"path": None})
    assert run_trouble(run_of(kept, artefacts=(nowhere,)), value) is None
    bad = first.model_copy(update={"sha256": "0" * 64})
    assert run_trouble(run_of(kept, artefacts=(nowhere, bad)), value) == said


def test_a_failed_run_says_in_how_many_results(kept):
    run = kept.runs[ROBIN].value
    assert run.passed and len(run.results) > 1
    failed = run.results[0].model_copy(update={"passed": False})
    made = edited(run_of(kept, results=(failed, *run.results[1:])), ("EV-013", "result", Result.FAILED))
    found = freshness(made, made.record_by_id["EV-013"], TODAY)
    assert not made.runs[ROBIN].value.passed
    assert (found.state, found.why) == (UNUSABLE, f"the examination failed in 1 of {len(run.results)} results")
    passed = edited(kept, ("EV-013", "result", Result.FAILED))
    assert freshness(passed, passed.record_by_id["EV-013"], TODAY).why == "the examination failed"


def test_a_run_of_another_version_no_longer_counts(kept):
    made = edited(kept, ("AIS-002", "version", "1.5"))
    found = freshness(made, made.record_by_id["EV-013"], TODAY)
    assert (found.state, found.why) == (STALE, "it examined version '1.4' of 'AIS-002', which is at '1.5' now")
    other = edited(kept, ("AIS-001", "version", "1.5"))
    assert freshness(other, other.record_by_id["EV-013"], TODAY).state is FRESH
    gone = edited(kept, ("AIS-002", "", None))
    assert freshness(gone, gone.record_by_id["EV-013"], TODAY).state is FRESH
    assert freshness(made, made.record_by_id["EV-014"], TODAY).state is FRESH  # its run has no subject


# One record beside another.

VERIFIED = "iso42001:A.6.2.4"


def counting(workspace, target=VERIFIED, today=TODAY):
    return [record.id for record in EvidenceBook(workspace, build_trace(workspace), today).operating(target)]


def test_records_that_count_are_given_by_id(kept):
    assert counting(kept) == ["EV-001", "EV-021", "EV-022"]
    assert counting(kept, today=DAY("2026-10-09")) == ["EV-001", "EV-021", "EV-022"]
    assert counting(kept, today=DAY("2026-10-08")) == ["EV-001", "EV-021"]
    assert counting(kept, "iso42001:4.1") == []


def test_evidence_of_another_kind_shows_nothing(kept):
    made = edited(kept, ("EV-001", "kind", "notice"))
    assert counting(made) == ["EV-021", "EV-022"]
    assert counting(edited(kept, ("EV-001", "kind", "report"))) == ["EV-001", "EV-021", "EV-022"]
    found = book(made)
    assert names(found.of(VERIFIED).records) == ["EV-022", "EV-021"]
    assert names(found.beside(VERIFIED)) == ["EV-001"]
    assert book(kept).beside(VERIFIED) == ()
    value = made.record_by_id["EV-001"].value
    assert not found.shows(value, VERIFIED) and found.shows(value, "PRO-013")
    assert (VERIFIED, "AIS-001") not in list(found.pairs(value))
    two = edited(made, ("EV-021", "kind", "notice"), ("EV-021", "id", "EV-1000"), ("EV-001", "id", "EV-900"))
    assert names(book(two).beside(VERIFIED)) == ["EV-900", "EV-1000"]
    other = edited(
        kept, ("EV-001", "", kept.record_by_id["EV-001"].value.model_copy(update={"id": "EV-901", **FAILED, "kind": EvidenceKind.NOTICE}))
    )
    assert counting(other) == ["EV-001", "EV-021", "EV-022"]  # nor does it undo what is


FAILED = {"result": Result.FAILED, "collected_on": DAY("2026-11-10"), "period_to": DAY("2026-11-10")}


def test_a_later_failure_of_the_same_system_undoes(kept):
    assert counting(like(kept, "EV-001", "EV-900", **FAILED)) == ["EV-021", "EV-022"]
    assert counting(like(kept, "EV-001", "EV-900", **{**FAILED, "about": ("AIS-002",)})) == ["EV-001", "EV-022"]
    assert counting(like(kept, "EV-001", "EV-900", **{**FAILED, "about": ("AIS-002", "AIS-001")})) == ["EV-022"]
    assert counting(like(kept, "EV-001", "EV-900", **{**FAILED, "about": ()})) == ["EV-001", "EV-021", "EV-022"]
    earlier = {"result": Result.FAILED, "collected_on": DAY("2026-04-22"), "period_to": DAY("2026-04-16")}
    assert counting(like(kept, "EV-001", "EV-900", **earlier)) == ["EV-001", "EV-021", "EV-022"]
    ahead = {**FAILED, "collected_on": DAY("2026-11-17")}
    assert counting(like(kept, "EV-001", "EV-900", **ahead)) == ["EV-001", "EV-021", "EV-022"]
    one_day = {"result": Result.FAILED}
    assert counting(like(kept, "EV-001", "EV-900", **one_day)) == ["EV-021", "EV-022"]  # of one day, the later id
    assert counting(like(kept, "EV-001", "EV-000", **one_day)) == ["EV-001", "EV-021", "EV-022"]


def test_evidence_of_no_system_is_undone_by_evidence_of_none(kept):
    made = like(kept, "EV-014", "EV-900", **FAILED, reference="https://files.example/report")
    assert counting(made, "iso42001:7.3") == ["EV-003", "EV-014"]
    later = like(
        kept, "EV-014", "EV-900", result=Result.FAILED, collected_on=TODAY, period_to=TODAY, reference="https://files.example/report"
    )
    assert counting(later, "iso42001:7.3") == ["EV-003"]


def backing(workspace, target=VERIFIED, today=TODAY) -> Backing:
    return book(workspace, today).of(target)


def test_what_a_requirement_has_is_given_the_best_first(kept):
    found = backing(kept)
    assert [one.record.id for one in found.records] == ["EV-022", "EV-001", "EV-021"]
    assert found.best is found.records[0] and found.due == DAY("2027-03-09")
    assert [one.record.id for one in found.counting] == ["EV-022", "EV-001", "EV-021"]
    assert found.setback is None
    nothing = backing(kept, "iso42001:4.1")
    assert (nothing.best, nothing.due, nothing.setback, nothing.counting) == (None, None, None, ())
    assert backing(kept, "AIS-001").records == ()  # it is about the AI system, and evidence for none
    later = backing(kept, today=DAY("2027-03-20"))
    assert [(one.record.id, one.state) for one in later.records] == [("EV-022", FRESH), ("EV-001", SOON), ("EV-021", STALE)]
    assert later.due == DAY("2027-04-17")


def test_a_failure_stands_until_something_later_makes_it_good(kept):
    failed = like(kept, "EV-001", "EV-900", **FAILED)
    assert backing(failed).setback.record.id == "EV-900"
    assert [one.record.id for one in backing(failed).counting] == ["EV-022", "EV-021"]
    good = like(failed, "EV-001", "EV-901", collected_on=DAY("2026-11-12"), period_to=DAY("2026-11-11"))
    assert backing(good).setback is None
    other = like(failed, "EV-001", "EV-901", collected_on=DAY("2026-11-12"), period_to=DAY("2026-11-11"), about=("AIS-003",))
    assert backing(other).setback.record.id == "EV-900"
    over = like(failed, "EV-001", "EV-901", collected_on=DAY("2026-11-12"), period_to=DAY("2026-11-11"), valid_until=DAY("2026-11-15"))
    assert backing(over).setback.record.id == "EV-900"
    twice = like(failed, "EV-001", "EV-902", **{**FAILED, "collected_on": DAY("2026-11-11")})
    assert backing(twice).setback.record.id == "EV-902"


def test_a_later_record_for_all_of_it_replaces_one(kept):
    newer = {"collected_on": DAY("2026-11-10"), "period_to": DAY("2026-11-10")}
    assert {one.replaced_by for one in book(kept).records.values()} == {None}
    made = like(kept, "EV-001", "EV-900", **newer)
    found = book(made).records
    assert (found["EV-001"].replaced_by, found["EV-900"].replaced_by) == ("EV-900", None)
    assert backing(made).due == DAY("2027-03-09")
    part = like(kept, "EV-001", "EV-900", **newer, evidences=(VERIFIED,))
    assert book(part).records["EV-001"].replaced_by is None
    assert ("iso42001:A.6.1.2", "AIS-001") in book(part).uncovered(book(part).records["EV-001"])
    assert (VERIFIED, "AIS-001") not in book(part).uncovered(book(part).records["EV-001"])
    for entries in ({**newer, "about": ("AIS-002",)}, {**newer, "result": Result.FAILED}, {**newer, "collected_on": DAY("2026-11-17")}):
        assert book(like(kept, "EV-001", "EV-900", **entries)).records["EV-001"].replaced_by is None
    stale = like(kept, "EV-001", "EV-900", **newer, valid_until=DAY("2026-11-15"))
    assert book(stale).records["EV-001"].replaced_by == "EV-900"  # it counted once
    twice = like(made, "EV-001", "EV-901", **{**newer, "collected_on": DAY("2026-11-11")})
    assert book(twice).records["EV-001"].replaced_by == book(twice).records["EV-900"].replaced_by == "EV-901"


def test_evidence_shows_what_is_asked_for(kept):
    value = kept.record_by_id["EV-007"].value
    every = [(target, "AIS-001") for target in (*value.evidences, *value.documents)]
    assert list(book(kept).pairs(value)) == every
    retired = edited(kept, ("AIS-001", "stage", "retired"))
    assert list(book(retired).pairs(value)) == []
    assert list(book(retired).pairs(value.model_copy(update={"about": ("AIS-001", "AIS-002")}))) == [
        (target, "AIS-002") for target, _ in every
    ]
    assert list(book(kept).pairs(value.model_copy(update={"about": ()}))) == [(target, None) for target, _ in every]
    out = edited(kept, ("iso42001:A.9.2", "applicability", "excluded"))
    assert [target for target, _ in book(out).pairs(value)] == [target for target, _ in every if target != "iso42001:A.9.2"]
    assert book(out).why_not_asked("iso42001:A.9.2") == "is excluded in the Statement of Applicability"
    assert book(kept).why_not_asked("iso42001:A.9.2") is None
    without = edited(kept, ("org", "catalogues", ("iso42001", "iso27001")))
    assert book(without).why_not_asked("eu-ai-act:Art.14") == "belongs to a catalogue that is not in force"
    for target in ("iso42001:A.9.2", "own:OWN-001", "PRO-020"):
        assert book(without).is_asked_for(target)
    assert not book(without).is_asked_for("eu-ai-act:Art.14")
    assert book(dataclasses.replace(without, organisation=None)).is_asked_for("eu-ai-act:Art.14")


def test_what_is_stale_and_not_covered_is_listed_the_longest_first(kept):
    assert names(book(kept).stale()) == []
    late = book(kept, DAY("2027-01-31"))
    assert names(late.stale()) == ["EV-013", "EV-005", "EV-012", "EV-002"]
    newer = like(kept, "EV-013", "EV-900", collected_on=DAY("2026-11-14"), period_to=DAY("2026-11-14"), reference="https://files.example/x")
    assert "EV-013" not in names(book(newer, DAY("2027-01-31")).stale())
    same_day = like(kept, "EV-002", "EV-100", about=("AIS-003",))
    assert names(book(same_day, DAY("2027-01-31")).stale())[-2:] == ["EV-002", "EV-100"]


def test_what_falls_due_is_listed_the_earliest_first(kept):
    assert names(book(kept).due(DAY("2027-01-29"))) == ["EV-013", "EV-005", "EV-012", "EV-002"]
    assert names(book(kept).due(DAY("2027-01-28"))) == ["EV-013", "EV-005", "EV-012"]
    assert len(book(kept).due()) == len(kept.records(type(kept.record_by_id["EV-001"].value)))
    newer = like(kept, "EV-013", "EV-900", collected_on=DAY("2026-11-14"), period_to=DAY("2026-11-14"), reference="https://files.example/x")
    assert "EV-013" not in names(book(newer).due())
    retired = edited(kept, ("AIS-001", "stage", "retired"))
    assert {"EV-001", "EV-002", "EV-005", "EV-007"} & set(names(book(retired).due())) == set()


def test_the_calendar_holds_what_was_due_in_the_present_month(kept):
    months = book(kept).calendar()
    assert list(months) == sorted(months)
    assert {month: names(found) for month, found in months.items() if month < "2027-02"} == {
        "2026-11": ["EV-013"],
        "2026-12": ["EV-005", "EV-012"],
        "2027-01": ["EV-002"],
    }
    late = book(kept, DAY("2027-10-30")).calendar()
    assert {month: names(found) for month, found in late.items()} == {"2027-10": ["EV-003", "EV-006"], "2027-11": ["EV-014"]}


# What rests on a text.


def revised(kept, document="PRO-020", **entries):
    """A document with one revision more, of an obligation."""
    found = kept.document_by_id[document].head.value
    made = Revision(
        **{"version": found.version, "date": TODAY, "change": RevisionKind.OBLIGATION, "note": "It asks for more now.", **entries}
    )
    return edited(kept, (document, "revisions", (made,)))


def waiting(workspace, today=TODAY):
    facts = Facts(workspace, today)
    return {(one.name, one.on): one for one in suspects(workspace, facts.trace, today)}


def test_what_was_looked_at_before_an_obligation_changed_is_a_suspect(kept):
    assert waiting(kept) == {}
    found = waiting(revised(kept))
    assert {on for _, on in found} == {"PRO-020"}
    assert {name for name, _ in found} >= {"EV-007", "PRO-017"}
    assert "PRO-020" not in {name for name, _ in found}
    evidence = found["EV-007", "PRO-020"]
    assert (evidence.looked_at, evidence.word, evidence.way_out) == (DAY("2026-10-23"), "collected", "collect evidence anew")
    assert (evidence.since, evidence.rests.because) == (TODAY, "it is evidence for PRO-020")
    text = found["PRO-017", "PRO-020"]
    assert (text.word, text.way_out, text.rests.because) == (
        "approved",
        "approve it again after reading what changed",
        "its text refers to PRO-020",
    )


@pytest.mark.parametrize(("day", "waits"), [("2026-10-22", False), ("2026-10-23", False), ("2026-10-24", True)])
def test_the_day_of_the_look_itself_is_enough(day, waits, kept):
    assert (("EV-007", "PRO-020") in waiting(revised(kept, date=DAY(day)))) is waits


def test_a_change_that_binds_nobody_makes_no_suspect(kept):
    assert waiting(revised(kept, date=DAY("2026-11-17"))) == {}
    assert waiting(revised(kept, change=RevisionKind.CLARIFICATION)) == {}
    assert waiting(edited(revised(kept), ("PRO-020", "status", "withdrawn"))) == {}
    draft = edited(revised(kept), ("PRO-020", "status", "draft"))
    assert waiting(draft) == {}
    assert waiting(edited(draft, ("PRO-020", "version", "9.0"))) != {}
    document = revised(kept).document_by_id["PRO-020"]
    assert [one.date for one in in_force(document, RevisionKind.OBLIGATION, TODAY)] == [TODAY]
    assert list(in_force(document, RevisionKind.CLARIFICATION, TODAY)) == []


def test_only_the_newest_evidence_in_date_is_looked_at(kept):
    made = revised(kept)
    newer = like(made, "EV-007", "EV-900", collected_on=TODAY)
    assert not {("EV-007", "PRO-020"), ("EV-900", "PRO-020")} & waiting(newer).keys()
    other = like(made, "EV-007", "EV-900", collected_on=TODAY, about=("AIS-002",))
    assert ("EV-007", "PRO-020") in waiting(other)
    same = like(made, "EV-007", "EV-900")
    assert {("EV-007", "PRO-020"), ("EV-900", "PRO-020")} <= waiting(same).keys()
    older = like(made, "EV-007", "EV-900", collected_on=DAY("2026-10-22"))
    assert ("EV-007", "PRO-020") in waiting(older) and ("EV-900", "PRO-020") not in waiting(older)
    for until, waits in (("2026-11-16", True), ("2026-11-15", False)):
        assert (("EV-007", "PRO-020") in waiting(edited(made, ("EV-007", "valid_until", until)))) is waits


def test_a_draft_or_closed_record_waits_for_nothing(kept):
    made = revised(kept, "PRO-027")
    found = waiting(made)
    assert found and all(one.revisions[-1].date > one.looked_at for one in found.values())
    draft = edited(revised(kept), ("PRO-017", "status", "draft"))
    assert ("PRO-017", "PRO-020") not in waiting(draft)
    unapproved = edited(revised(kept), ("PRO-017", "approved", None))
    assert ("PRO-017", "PRO-020") not in waiting(unapproved)


def test_an_obligation_is_answered_by_documents(kept):
    obligation = next(record.id for record in kept.all_records if record.id.startswith("OBL-") and record.value.reviewed_on)
    made = edited(revised(kept), (obligation, "answered_by", ("PRO-020", "no such document")))
    found = waiting(made)[obligation, "PRO-020"]
    assert (found.word, found.way_out) == ("looked at", "look at it again, and enter the day in 'reviewed_on'")
    assert found.rests.because == "it is answered by PRO-020"
    never = edited(made, (obligation, "reviewed_on", None))
    assert (obligation, "PRO-020") not in waiting(never)
    today = edited(made, (obligation, "reviewed_on", "2026-11-16"))
    assert (obligation, "PRO-020") not in waiting(today)


def test_what_rests_on_a_document_is_given_once_in_order(kept):
    trace = build_trace(kept)
    every = dependants(kept, trace)
    some = dependants(kept, trace, {"PRO-020"})
    assert some == {"PRO-020": every["PRO-020"]} and len(every) > 20
    ways = [rests.how for rests in some["PRO-020"]]
    assert {How.TEXT, How.EVIDENCE, How.TASK} <= set(ways)
    places = {How.TEXT: 0, How.TASK: 2}
    assert [places.get(way, 1) for way in ways] == sorted(places.get(way, 1) for way in ways)
    assert len({(rests.name, rests.how) for rests in some["PRO-020"]}) == len(ways)
    documents = [rests.name for rests in some["PRO-020"] if rests.how is How.TEXT]
    assert documents == sorted(documents, key=lambda name: (name[:3], int(name[4:])))
    assert all(rests.name != rests.on == name for name, found in every.items() for rests in found)
    assert {("PRO-017", How.TEXT), ("EV-007", How.EVIDENCE), ("RED-005", How.NAMED)} <= {
        (rests.name, rests.how) for rests in some["PRO-020"]
    }
    places = [(name, rests) for name, found in every.items() for rests in found if rests.how is not How.TASK]
    assert {rests.how for _, rests in places} == {How.TEXT, How.EVIDENCE, How.NAMED, How.ANSWERED}
    for name, rests in places:
        assert name in kept.texts[rests.location.path].split("\n")[rests.location.line - 1], rests
    task = next(rests for rests in some["PRO-020"] if rests.how is How.TASK)
    assert task.name.startswith("task ") and task.location == Location("controls/roadmap.yaml")
    assert How.TASK not in {rests.how for rests in dependants(dataclasses.replace(kept, roadmap=None), trace)["PRO-020"]}


def test_suspects_come_in_the_order_of_the_documents_that_changed(kept):
    made = revised(revised(revised(kept, "PRO-020"), "PRO-012"), "DAT-001")
    order = list(dict.fromkeys(on for _, on in waiting(made)))
    assert order == ["DAT-001", "PRO-012", "PRO-020"]


def test_a_suspect_knows_every_change_that_it_was_not_looked_at_for(kept):
    version = kept.document_by_id["PRO-020"].head.value.version
    three = tuple(
        Revision(version=version, date=DAY(day), change=RevisionKind.OBLIGATION, note="It asks for more now.")
        for day in ("2026-11-10", "2026-11-01", "2026-10-01")
    )
    found = waiting(edited(kept, ("PRO-020", "revisions", three)))["EV-007", "PRO-020"]
    assert [one.date for one in found.revisions] == [DAY("2026-11-10"), DAY("2026-11-01")]
    assert found.since == DAY("2026-11-01")


def test_documents_come_in_the_order_of_their_numbers(kept):
    made = edited(kept, ("EV-007", "documents", ("PRO-1000", "PRO-900")), ("PRO-012", "id", "PRO-1000"), ("PRO-013", "id", "PRO-900"))
    made = revised(revised(made, "PRO-1000"), "PRO-900")
    assert [on for name, on in waiting(made) if name == "EV-007"] == ["PRO-900", "PRO-1000"]


def looked_at(workspace, name, day="2026-11-16"):
    """What becomes of a record that would name PRO-020, whose obligation changed on a day."""
    version = workspace.document_by_id["PRO-020"].head.value.version
    change = Revision(version=version, date=DAY(day), change=RevisionKind.OBLIGATION, note="It asks for more now.")
    return _judged(workspace, Reliance(name, "PRO-020", How.NAMED, Location("x")), (change,))


APPROVE = "approve it again after reading what changed"
LOOKS = [
    ("AIS-001", "2026-04-30", "approved", APPROVE),
    ("DS-001", "2026-03-12", "approved", APPROVE),
    ("EXT-001", "2026-04-24", "approved", APPROVE),
    ("CHG-2026-004", "2026-10-16", "approved", APPROVE),
    ("AIA-001", "2026-04-13", "looked at", "look at it again, and enter the day in 'assessed_on'"),
    ("RSK-001", "2026-09-22", "looked at", "look at it again, and enter the day in 'assessed_on'"),
    ("SUP-001", "2026-08-19", "looked at", "look at it again, and enter the day in 'reviewed_on'"),
    ("EV-001", "2026-04-23", "collected", "collect evidence anew"),
    ("EXC-001", "2026-11-04", "approved", APPROVE),
    ("PRO-003", "2026-01-23", "approved", APPROVE),
]


@pytest.mark.parametrize(("name", "day", "word", "way_out"), LOOKS)
def test_each_kind_says_when_it_was_looked_at_and_how_it_is_again(name, day, word, way_out, kept):
    found = looked_at(kept, name)
    assert (found.name, found.on, found.looked_at, found.word, found.way_out) == (name, "PRO-020", DAY(day), word, way_out)
    assert looked_at(kept, name, day) is None


def test_a_draft_and_what_is_closed_was_not_looked_at(kept):
    assert looked_at(edited(kept, ("AIS-001", "status", "draft")), "AIS-001") is None
    assert looked_at(edited(kept, ("AIA-001", "status", "closed")), "AIA-001") is None
    assert looked_at(edited(kept, ("CHG-2026-004", "state", "closed")), "CHG-2026-004") is None
    assert looked_at(edited(kept, ("AIS-001", "approved", None)), "AIS-001") is None
    assert looked_at(kept, "gone") is None


def test_what_names_a_text_rests_on_it_however_old_its_evidence_is(kept):
    ways = tuple(Reliance("EV-007", "PRO-020", how, Location("x")) for how in (How.EVIDENCE, How.NAMED))
    assert list(_with_newest_evidence(kept, ways, DAY("2027-10-21"))) == list(ways)
    assert list(_with_newest_evidence(kept, ways, DAY("2027-10-22"))) == [ways[1]]


# Errors by place.


def problem(path, line, code="REG999", severity=Severity.ERROR):
    return Problem(code, severity, Location(path, line), "it is wrong", "mend it")


def test_errors_are_found_by_file_document_record_and_row(kept):
    document, record, row = kept.document_by_id["PRO-003"], kept.record_by_id["AIS-001"], kept.record_by_id["SUP-002"]
    here = row.data.lines[row.data.base]
    other = kept.record_by_id["SUP-003"]
    problems = [
        problem(document.path, 9),
        problem(document.path, 3),
        problem(document.path, 1, severity=Severity.WARNING),
        problem(record.data.path, 7),
        problem(record.data.path, 2, "REG998"),
        problem(row.data.path, here, "REG997"),
        problem(row.data.path, 1),
    ]
    errors = Errors(problems)
    assert [one.location.line for one in errors.in_file(document.path)] == [9, 3]
    assert errors.in_file("nowhere") == ()
    assert list(errors.all()) == [one for one in problems if one.severity is Severity.ERROR]
    assert errors.in_document(document).location.line == 3
    assert errors.in_document(kept.document_by_id["PRO-004"]) is None
    assert errors.in_record(record).location.line == 2
    assert errors.in_record(kept.record_by_id["AIS-002"]) is None
    assert errors.in_record(row).code == "REG997"
    assert errors.in_record(other) is None
    inside = max(line for key, line in row.data.lines.items() if key[: len(row.data.base)] == row.data.base)
    assert Errors([problem(row.data.path, inside)]).in_record(row) is not None
    assert Errors([problem(row.data.path, inside)]).in_record(other) is None
