"""Each condition of the gate, in the nearest two worlds in which it holds and does not.

The worlds are the worked organisation with something changed; the rules are not run, and what they would say is said for them.
"""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from macros.checks import Judged
from macros.facts.ai_act import class_trouble
from macros.facts.computed import Facts
from macros.facts.errors import Errors
from macros.gate import gate, moves, next_stage
from macros.gate.shown import predicate
from macros.model.gates import GateState
from macros.model.records.partners import Supplier
from macros.model.records.support import Result
from macros.model.records.systems import Stage
from macros.problem import Location, Problem, Severity
from macros.status import Ladder
from tests.kept_world import TODAY, edited, put
from tests.test_decisions_kept import by, excepted

DAY = datetime.date.fromisoformat
OPERATION = Stage.OPERATION


def judged(workspace, today=TODAY, errors=()) -> Judged:
    facts = Facts(workspace, today)
    return Judged(facts, (), Errors(errors), Ladder(facts, errors))


def asked(workspace, name="AIS-001", stage=OPERATION, today=TODAY, errors=()):
    return gate(judged(workspace, today, errors), workspace.gates.value, workspace.record_by_id[name], stage)


def answer(workspace, condition, name="AIS-001", stage=OPERATION, today=TODAY, errors=()):
    """What the gate says of one condition, asked alone."""
    gates = workspace.gates.value
    one = gates.model_copy(update={"conditions": tuple(found for found in gates.conditions if found.id == condition)})
    (found,) = gate(judged(workspace, today, errors), one, workspace.record_by_id[name], stage).conditions
    return found


def error(path, line=1, code="REG999"):
    return Problem(code, Severity.ERROR, Location(path, line), "it is wrong", "mend it")


def path_of(workspace, name):
    return workspace.document_by_id[name].path if name in workspace.document_by_id else workspace.record_by_id[name].data.path


# What each condition rests on where it holds.

HOLDS = {
    "files-read": ("every document and record was read", ()),
    "not-retired": ("AIS-001 is not retired", ("AIS-001",)),
    "class-judged": ("AIS-001 is judged high-risk, with its reasons", ("AIS-001",)),
    "record-approved": ("AIS-001 was approved by Inês Carvalho on 2026-04-30", ("AIS-001",)),
    "impact-assessment": (
        "AIA-001 covers version 2.1, tarnmoor-ranker 2.1, multilingual text encoder 1.3, and is valid until 2027-04-20",
        ("AIA-001",),
    ),
    "risks-decided": ("RSK-001, RSK-002, RSK-003, RSK-004 treated, accepted or closed", ("RSK-001", "RSK-002", "RSK-003", "RSK-004")),
    "datasets-complete": ("DS-001, DS-002 approved, measured, with acquisition, provenance and preparation", ("DS-001", "DS-002")),
    "released": ("CHG-2026-003 brings version 2.1, approved by Inês Carvalho on 2026-04-30", ("CHG-2026-003",)),
    "human-oversight": None,
    "suppliers": ("SUP-003, SUP-004 with agreement, reviewed", ("SUP-003", "SUP-004")),
    "verified": ("EV-001 ", ("EV-001",)),
}


@pytest.mark.parametrize("condition", [name for name, wanted in HOLDS.items() if wanted])
def test_a_condition_names_what_shows_it(condition, kept):
    said, proof = HOLDS[condition]
    found = answer(kept, condition)
    assert (found.state, found.proof, found.way_out) == (GateState.HOLDS, proof, None)
    assert found.said.startswith(said) if said.endswith(" ") else found.said == said


EARLY = {
    "first-impact-assessment": ("AIA-001 was carried out on 2026-04-13", ("AIA-001",)),
    "risks-assessed": ("RSK-001, RSK-002, RSK-003, RSK-004 on record", ("RSK-001", "RSK-002", "RSK-003", "RSK-004")),
}


@pytest.mark.parametrize("condition", EARLY)
def test_an_early_condition_names_what_shows_it(condition, kept):
    found = answer(kept, condition, stage=Stage.DEVELOPMENT)
    assert (found.state, found.said, found.proof) == (GateState.HOLDS, *EARLY[condition])


TITLE = "Verification report of the applicant ranking, version 2.1"
MISSING = [
    # condition, changes, what is said, ids that it rests on
    ("not-retired", (("AIS-001", "stage", "retired"),), "AIS-001 is retired, and stays so", ("AIS-001",)),
    ("not-retired", (("CHG-2026-003", "stage", "retired"),), "CHG-2026-003 retires AIS-001, and is approved", ("CHG-2026-003",)),
    (
        "class-judged",
        (("AIS-001", "eu_ai_act.risk_class", "prohibited"),),
        "AIS-001 is judged to be a prohibited practice, and no condition opens the gate for it",
        ("AIS-001",),
    ),
    ("class-judged", (("AIS-001", "eu_ai_act.risk_class", "undetermined"),), "the class of AIS-001 is not judged yet", ("AIS-001",)),
    ("record-approved", (("AIS-001", "status", "draft"),), "the record AIS-001 is a draft", ("AIS-001",)),
    ("record-approved", (("AIS-001", "status", "closed"),), "the record AIS-001 is closed", ("AIS-001",)),
    (
        "record-approved",
        by("AIS-001", "deirdre-nolan"),
        "AIS-001: its approver Deirdre Nolan was not AI governance lead or top management or governing body on 2026-04-30",
        ("AIS-001",),
    ),
    ("impact-assessment", (("AIA-001", "about", "AIS-002"),), "no impact assessment is about AIS-001", ()),
    ("impact-assessment", (("AIA-001", "status", "draft"),), "AIA-001: it is not approved", ("AIA-001",)),
    (
        "impact-assessment",
        (("AIS-001", "version", "2.2"),),
        "AIA-001: the system was assessed at version '2.1' and is now '2.2'",
        ("AIA-001",),
    ),
    (
        "impact-assessment",
        (("AIS-001", "version", "2.2"), ("AIS-001", "datasets", ("DS-001",))),
        "AIA-001: the system was assessed at version '2.1' and is now '2.2'; the dataset 'DS-002' was assessed and is no longer named",
        ("AIA-001",),
    ),
    ("risks-decided", (("RSK-002", "assessed_on", "2026-11-17"),), "RSK-002: it was rated on 2026-11-17, a day to come", ("RSK-002",)),
    (
        "risks-decided",
        tuple((name, "about", ()) for name in ("RSK-001", "RSK-002", "RSK-003", "RSK-004")),
        "no AI risk about AIS-001 is on record",
        (),
    ),
    ("datasets-complete", (("AIS-001", "datasets", ()),), "AIS-001 names no dataset", ()),
    (
        "datasets-complete",
        (("AIS-001", "datasets", ("DS-009", "DS-002", "DS-009")),),
        "DS-009: there is no such record",
        ("DS-009", "DS-002"),
    ),
    ("datasets-complete", (("DS-001", "status", "draft"),), "DS-001: it is not approved", ("DS-001", "DS-002")),
    (
        "datasets-complete",
        (("DS-001", "provenance", ()), ("DS-001", "preparation", ())),
        "DS-001: it has no provenance, it has no preparation",
        ("DS-001", "DS-002"),
    ),
    ("datasets-complete", (("DS-001", "quality", ()),), "DS-001: it has no quality measure", ("DS-001", "DS-002")),
    (
        "datasets-complete",
        (("DS-001", "quality.0.measured_on", "2026-11-17"),),
        "DS-001: a quality measure is of 2026-11-17, a day to come",
        ("DS-001", "DS-002"),
    ),
    ("released", (("AIS-001", "version", "2.2"),), "no change about AIS-001 brings version '2.2'", ()),
    ("released", (("CHG-2026-003", "approved", None),), "CHG-2026-003: it is not approved", ("CHG-2026-003",)),
    (
        "released",
        (("CHG-2026-003", "decisions.2.decision", "no-go"),),
        "CHG-2026-003: gate 4 was decided on 2026-04-30 with no-go",
        ("CHG-2026-003",),
    ),
    (
        "released",
        (("CHG-2026-003", "decisions.1.decision", "no-go"),),
        "CHG-2026-003: gate 3 was decided on 2026-04-23 with no-go",
        ("CHG-2026-003",),
    ),
    (
        "suppliers",
        (("SUP-003", "agreement", None), ("SUP-004", "next_review", "2026-11-15")),
        "SUP-003: it has no agreement; SUP-004: its review was due on 2026-11-15",
        ("SUP-003", "SUP-004"),
    ),
    (
        "suppliers",
        (("AIS-001", "supplier", "SUP-001"),),
        "SUP-001: its record names it, and the supplier register does not",
        ("SUP-003", "SUP-004"),
    ),
    ("suppliers", (("SUP-004", "about", ()),), "SUP-004: its record names it, and the supplier register does not", ("SUP-003",)),
]


@pytest.mark.parametrize(("condition", "changes", "said", "proof"), MISSING)
def test_a_condition_that_is_not_shown_says_what_is_missing(condition, changes, said, proof, kept):
    found = answer(edited(kept, *changes), condition)
    assert (found.state, found.said, found.proof) == (GateState.MISSING, said, proof)
    assert found.way_out


def test_what_cannot_be_read_is_counted(kept):
    for broken, said in (
        (("docs/policies/ai-policy.md",), "docs/policies/ai-policy.md cannot be read"),
        (("registers/risks/RSK-001.yaml", "org.yaml", "controls/iso42001.yaml"), "controls/iso42001.yaml cannot be read, nor 2 more"),
    ):
        found = answer(dataclasses.replace(kept, broken=dict.fromkeys(broken)), "files-read")
        assert (found.state, found.said, found.proof) == (GateState.MISSING, said, ())
    two = dataclasses.replace(kept, broken={"docs/a.md": None, "docs/b.md": None})
    assert answer(two, "files-read").said == "docs/a.md cannot be read, nor 1 more"
    assert answer(dataclasses.replace(kept, broken={"mkdocs.yml": None}), "files-read").state is GateState.HOLDS


NEAR = [
    # The nearest worlds in which the same conditions hold.
    ("not-retired", (("CHG-2026-003", "stage", "retired"), ("CHG-2026-003", "approved", None)), "AIS-001 is not retired"),
    ("risks-decided", (("RSK-002", "assessed_on", "2026-11-16"), ("RSK-002", "acceptance.date", "2026-11-16")), None),
    ("datasets-complete", (("AIS-001", "datasets", ()), ("AIS-001", "origin", "bought")), "AIS-001 names no dataset of the organisation"),
    ("datasets-complete", (("DS-001", "quality.0.measured_on", "2026-11-16"),), None),
    ("suppliers", (("SUP-004", "next_review", "2026-11-16"),), None),
    ("suppliers", (("AIS-001", "supplier", "SUP-003"),), None),
    ("human-oversight", (), None),
]


@pytest.mark.parametrize(("condition", "changes", "said"), NEAR)
def test_it_holds_in_the_nearest_world(condition, changes, said, kept):
    found = answer(edited(kept, *changes), condition)
    assert found.state is GateState.HOLDS, found.said
    assert said is None or found.said == said


def test_a_class_without_its_point_of_the_annex_is_not_judged(kept):
    made = edited(kept, ("AIS-001", "eu_ai_act.annex", None))
    trouble = class_trouble(made.record_by_id["AIS-001"].value.eu_ai_act)
    assert trouble
    found = answer(made, "class-judged")
    assert (found.state, found.said, found.proof) == (GateState.MISSING, f"AIS-001: {trouble}", ("AIS-001",))


def test_measures_of_a_dataset_have_figures_and_days(kept):
    number = len(kept.record_by_id["DS-001"].value.quality)
    assert number > 1
    for entry in ("measured", "measured_on"):
        found = answer(edited(kept, ("DS-001", f"quality.1.{entry}", None)), "datasets-complete")
        assert found.said == f"DS-001: 1 of {number} quality measures have no figure"
        left = edited(
            kept, ("DS-001", f"quality.1.{entry}", None), ("DS-001", "quality.1.required", "Not measured, because nothing is labelled.")
        )
        assert answer(left, "datasets-complete").state is GateState.HOLDS


def test_suppliers_are_asked_for_where_something_was_bought(kept):
    none = tuple((name, "about", ()) for name in ("SUP-003", "SUP-004"))
    own = edited(kept, *none, ("AIS-001", "models", ()))
    assert (answer(own, "suppliers").state, answer(own, "suppliers").said) == (GateState.HOLDS, "no supplier delivers to it")
    bought = edited(own, ("AIS-001", "origin", "bought"))
    assert (answer(bought, "suppliers").state, answer(bought, "suppliers").said) == (
        GateState.MISSING,
        "no supplier is about AIS-001, which is bought",
    )


def test_an_assessment_or_risk_counts_early_once_it_was_carried_out(kept):
    early = {"stage": Stage.DEVELOPMENT}
    ahead = edited(kept, ("AIA-001", "assessed_on", "2026-11-17"))
    assert answer(ahead, "first-impact-assessment", **early).said == "AIA-001: it was carried out on 2026-11-17, a day to come"
    draft = edited(kept, ("AIA-001", "status", "draft"), ("AIA-001", "approved", None))
    assert answer(draft, "first-impact-assessment", **early).state is GateState.HOLDS
    none = edited(kept, ("AIA-001", "about", "AIS-002"))
    assert answer(none, "first-impact-assessment", **early).said == "no impact assessment is about AIS-001"
    assert (answer(none, "first-impact-assessment", **early).state, answer(none, "first-impact-assessment", **early).proof) == (
        GateState.MISSING,
        (),
    )
    late = edited(kept, ("RSK-002", "assessed_on", "2026-11-17"))
    found = answer(late, "risks-assessed", **early)
    assert (found.state, found.said) == (GateState.MISSING, "RSK-002: it was rated on 2026-11-17, a day to come")
    assert answer(edited(kept, ("RSK-002", "assessed_on", "2026-11-16")), "risks-assessed", **early).state is GateState.HOLDS
    bare = edited(kept, *((name, "about", ()) for name in ("RSK-001", "RSK-002", "RSK-003", "RSK-004")))
    found = answer(bare, "risks-assessed", **early)
    assert (found.state, found.said) == (GateState.MISSING, "no AI risk about AIS-001 is on record")


def test_of_several_assessments_the_last_that_covers_is_the_proof(kept):
    two = edited(kept, ("AIA-001", "", kept.record_by_id["AIA-001"].value.model_copy(update={"id": "AIA-009"})))
    assert answer(two, "impact-assessment").proof == ("AIA-009",)
    assert answer(two, "first-impact-assessment", stage=Stage.DEVELOPMENT).proof == ("AIA-009",)
    first = edited(two, ("AIA-009", "status", "draft"), ("AIA-009", "approved", None), ("AIA-009", "assessed_on", None))
    assert answer(first, "impact-assessment").proof == ("AIA-001",)
    assert answer(first, "first-impact-assessment", stage=Stage.DEVELOPMENT).proof == ("AIA-001",)
    neither = edited(first, ("AIA-001", "status", "draft"))
    assert answer(neither, "impact-assessment").said == "AIA-001: it is not approved; AIA-009: it is not approved"
    assert answer(neither, "impact-assessment").proof == ("AIA-001", "AIA-009")


# An error of a rule takes a proof away.

ERRORS = [
    ("record-approved", "AIS-001", OPERATION),
    ("impact-assessment", "AIA-001", OPERATION),
    ("first-impact-assessment", "AIA-001", Stage.DEVELOPMENT),
    ("risks-decided", "RSK-002", OPERATION),
    ("risks-assessed", "RSK-002", Stage.DEVELOPMENT),
    ("datasets-complete", "DS-002", OPERATION),
    ("released", "CHG-2026-003", OPERATION),
    ("accepted", "CHG-2026-003", Stage.DEPLOYMENT),
    ("verified", "EV-001", OPERATION),
    ("suppliers", "SUP-003", OPERATION),
]


@pytest.mark.parametrize(("condition", "name", "stage"), ERRORS)
def test_what_an_error_disturbs_is_no_proof(condition, name, stage, kept):
    record = kept.record_by_id[name]
    spoken = [error(record.data.path, record.data.lines.get(record.data.base, 1))]
    found = answer(kept, condition, stage=stage, errors=spoken)
    assert found.state is GateState.MISSING
    assert "REG999 says that it is wrong" in found.said and name in found.proof
    assert answer(kept, condition, stage=stage).state is GateState.HOLDS


def test_a_role_in_the_place_of_a_person_is_named_as_that(kept):
    made = edited(kept, *by("AIS-001", "ai-governance-lead"), ("org", "roles.ai-governance-lead.held_by", ("ines-carvalho",)))
    assert answer(made, "record-approved").said == "AIS-001 was approved by ai-governance-lead on 2026-04-30"


def test_errors_about_its_assessment_do_not_speak_against_its_record(kept):
    path = path_of(kept, "AIS-001")
    for code, state in (
        ("REG201", GateState.HOLDS),
        ("REG204", GateState.HOLDS),
        ("REG210", GateState.HOLDS),
        ("REG202", GateState.MISSING),
    ):
        assert answer(kept, "record-approved", errors=[error(path, code=code)]).state is state, code


# Documents and evidence.


def shown_by(kept, condition):
    return answer(kept, condition).proof


def test_a_document_about_it_answers_while_its_approval_is_in_force(kept):
    assert shown_by(kept, "technical-documentation") == ("SYS-001",)
    title = kept.document_by_id["SYS-001"].head.value.title
    for changes, said in (
        ((("SYS-001", "status", "draft"),), f"SYS-001 {title} is not approved"),
        (
            by("SYS-001", "helen-osei"),
            f"SYS-001 {title}: its approver Helen Osei was not AI governance lead or top management or governing body on 2026-04-29",
        ),
        ((("SYS-001", "text", "It says nothing."),), f"SYS-001 {title} does not name version '2.1'"),
        (
            (("SYS-001", "text", "It says nothing."), ("SYS-001", "status", "draft")),
            f"SYS-001 {title} does not name version '2.1'; is not approved",
        ),
        ((("SYS-001", "about", ("AIS-002",)),), "no document about AIS-001 answers iso42001:A.6.2.7"),
        ((("SYS-001", "addresses", ("iso42001:4.1",)),), "no document about AIS-001 answers iso42001:A.6.2.7"),
    ):
        found = answer(edited(kept, *changes), "technical-documentation")
        assert (found.state, found.said) == (GateState.MISSING, said)
    spoken = [error(path_of(kept, "SYS-001"))]
    assert answer(kept, "technical-documentation", errors=spoken).said == f"SYS-001 {title} REG999 says that it is wrong"
    other = answer(edited(kept, ("SYS-001", "text", "It says nothing.")), "event-logs")
    assert "SYS-001" not in other.proof or other.state is GateState.HOLDS


VERSIONS = [
    ("Version 2.1 is described.", True),
    ("2.1", True),
    ("It is 2.1.", True),
    ("It is 2.1, and more.", True),
    ("Version 12.1 is described.", False),
    ("Version 2.10 is described.", False),
    ("Version 2.1.3 is described.", False),
    ("Version 2.1.x is described.", False),
    ("Version a2.1 is described.", False),
    ("Version 1.2.1 is described.", False),
    ("Version 3-2.1 is described.", False),
    ("Version 2.1b is described.", False),
    ("Version 2.1. Then more.", True),
    ("Version 12.1 and then 2.1.", True),
    ("Version 2.1 and then 12.1.", True),
    ("Version 2.10 2.1", True),
    ("Nothing.", False),
]


@pytest.mark.parametrize(("text", "names"), VERSIONS)
def test_a_version_is_named_as_a_word_of_its_own(text, names, kept):
    assert (answer(edited(kept, ("SYS-001", "text", text)), "technical-documentation").state is GateState.HOLDS) is names


EVIDENCE = [
    ((("collected_on", "2026-11-17"),), "is dated 2026-11-17, a day to come"),
    ((("valid_until", "2026-11-15"),), "ended on 2026-11-15"),
    ((("result", Result.FAILED),), "says that the examination failed"),
    ((("result", None),), "does not say that the examination passed"),
    ((("version", "2.0"),), "was collected on version '2.0'"),
    ((("version", None),), "names no version"),
    ((("reference", "https://files.example/report"),), "is only stated: no file of it with its SHA-256 is in the repository"),
    ((("sha256", None),), "is only stated: no file of it with its SHA-256 is in the repository"),
    ((("kind", "notice"),), "is of the kind 'notice', which does not show it"),
    ((("size", 1),), None),
]


@pytest.mark.parametrize(("changes", "said"), EVIDENCE)
def test_evidence_answers_while_it_is_in_date_passed_of_this_version_and_kept_here(changes, said, kept):
    found = answer(edited(kept, *(("EV-001", path, new) for path, new in changes)), "verified")
    title = kept.record_by_id["EV-001"].value.title
    assert (found.state, found.proof) == (GateState.MISSING, ("EV-001",))
    assert found.said == f"EV-001 {title} {said}" if said else found.said.startswith(f"EV-001 {title} does not count: its file has ")


def test_the_days_of_evidence_are_its_own(kept):
    for path, day in (("collected_on", "2026-11-16"), ("valid_until", "2026-11-16")):
        assert answer(edited(kept, ("EV-001", path, day)), "verified").state is GateState.HOLDS
    log = edited(kept, ("EV-005", "version", "2.0"), ("EV-005", "result", None))
    assert "EV-005" in answer(log, "event-logs").proof  # asks neither for a version nor for a result


def test_a_later_failure_undoes_a_report(kept):
    later = {"id": "EV-900", "result": Result.FAILED, "collected_on": TODAY, "period_to": TODAY, "about": ("AIS-001",)}
    made = edited(kept, ("EV-001", "", kept.record_by_id["EV-001"].value.model_copy(update=later)))
    found = answer(made, "verified")
    assert found.state is GateState.MISSING
    assert "is undone by EV-900, a later examination that failed" in found.said
    other = edited(made, ("EV-900", "about", ("AIS-003",)))
    assert answer(other, "verified").state is GateState.HOLDS


def test_an_external_document_answers_by_its_approval_and_without_error(kept):
    assert "EXT-001" in shown_by(kept, "user-information")
    only = edited(kept, *((name, "about", ()) for name in shown_by(kept, "user-information") if name != "EXT-001"))
    title = kept.record_by_id["EXT-001"].value.title
    assert shown_by(only, "user-information") == ("EXT-001",)
    over = edited(only, ("EXT-001", "next_review", "2026-11-15"))
    assert answer(over, "user-information").said == f"EXT-001 {title} was due for review on 2026-11-15"
    row = kept.record_by_id["EXT-001"]
    spoken = [error(row.data.path, row.data.lines[row.data.base])]
    assert answer(only, "user-information", errors=spoken).said == f"EXT-001 {title} REG999 says that it is wrong"
    none = edited(only, ("EXT-001", "about", ()))
    assert answer(none, "user-information").said == "no document or external document about AIS-001 answers iso42001:A.8.2"


def test_what_follows_a_name_begins_without_it():
    assert [predicate(fault) for fault in (None, "", "it is late", "its day", "what it is")] == ["", "", "is late", "its day", "what it is"]


def test_an_exception_is_named_beside_what_rests_on_it(kept):
    system, assessment = excepted(kept, "AIS-001"), excepted(kept, "AIA-001")
    assert answer(system, "record-approved").said == "AIS-001 was approved by Inês Carvalho on 2026-04-30, by exception EXC-900"
    assert answer(assessment, "impact-assessment").said.endswith(", and is valid until 2027-04-20; it was approved by exception EXC-900")


# People.


def operators(workspace, today=TODAY, errors=()):
    found = answer(workspace, "human-oversight", today=today, errors=errors)
    return found.state, found.said.split(" as ")[0], found.proof


def test_operators_are_there_and_competent(kept):
    state, people, proof = operators(kept)
    assert (state, people) == (GateState.HOLDS, "Niamh Burke (CMP-001), Lars Petersen (CMP-002)") or len(proof) >= 2
    first, second = proof[:2]
    row = kept.record_by_id[first]
    for entry, good, bad in (
        ("completed_on", "2026-11-16", "2026-11-17"),
        ("repeat_on", "2026-11-16", "2026-11-15"),
        ("repeat_on", None, "2026-11-15"),
        ("about", (), ("AIS-003",)),
        ("role", row.value.role, "internal-auditor"),
        ("person", row.value.person, "helen-osei"),
    ):
        assert first in operators(edited(kept, (first, entry, good)))[2], entry
        assert first not in operators(edited(kept, (first, entry, bad)))[2], entry
    spoken = [error(row.data.path, row.data.lines[row.data.base])]
    assert first not in operators(kept, errors=spoken)[2]
    person = row.value.person
    for left, there in (("2026-11-17", True), ("2026-11-16", False), ("2026-11-15", False)):
        assert (first in operators(edited(kept, ("org", f"people.{person}.left", left)))[2]) is there
    one = edited(kept, *((name, "role", "internal-auditor") for name in proof[1:]))
    state, people, left = operators(one)
    assert (state, left) == (GateState.MISSING, (first,)) and people
    said = answer(one, "human-oversight").said
    assert said.endswith(", here and with competence for AIS-001 in date, where 2 are needed")
    assert answer(edited(one, (first, "role", "internal-auditor")), "human-oversight").said.startswith("nobody as ")
    twin = edited(kept, *((name, "role", "internal-auditor") for name in proof[2:]))
    assert operators(twin)[0] is GateState.HOLDS
    other = kept.record_by_id[second].value.person
    name = kept.person_by_id[person].name
    for path, mark in (
        ("name", name),
        ("name", ", ".join(reversed(name.upper().split()))),
        ("email", kept.person_by_id[person].email),
        ("forge_name", kept.person_by_id[person].forge_name),
    ):
        assert operators(edited(twin, ("org", f"people.{other}.{path}", mark)))[0] is GateState.MISSING, path


# Changes and retirement.


def test_retirement_asks_for_an_approved_change_and_gate_5(kept):
    asked_for = {"condition": "retirement-approved", "stage": Stage.RETIRED}
    retiring = next(one.id for one in kept.gates.value.conditions if one.kind.value == "retirement-approved")
    asked_for["condition"] = retiring
    assert (answer(kept, **asked_for).state, answer(kept, **asked_for).said) == (GateState.MISSING, "no change retires AIS-001")
    fifth = edited(kept, ("CHG-2026-003", "stage", "retired"), ("CHG-2026-003", "decisions.2.gate", 5))
    found = answer(fifth, **asked_for)
    assert (found.state, found.said, found.proof) == (
        GateState.HOLDS,
        "CHG-2026-003 retires AIS-001, approved on 2026-04-30",
        ("CHG-2026-003",),
    )
    fourth = edited(kept, ("CHG-2026-003", "stage", "retired"))
    assert answer(fourth, **asked_for).said == "CHG-2026-003: it holds no decision at gate 5"
    assert (answer(fourth, **asked_for).state, answer(fourth, **asked_for).proof) == (GateState.MISSING, ("CHG-2026-003",))
    without = edited(fifth, ("CHG-2026-003", "approved", None))
    assert answer(without, **asked_for).said == "CHG-2026-003: it is not approved"
    spoken = [error(path_of(kept, "CHG-2026-003"))]
    assert answer(fifth, errors=spoken, **asked_for).said == "CHG-2026-003: REG999 says that it is wrong"


def test_of_several_changes_one_is_enough(kept):
    two = edited(kept, ("CHG-2026-003", "", kept.record_by_id["CHG-2026-003"].value.model_copy(update={"id": "CHG-2026-903"})))
    bad = edited(two, ("CHG-2026-003", "decisions.1.decision", "no-go"))
    assert answer(bad, "released").proof == ("CHG-2026-903",)
    assert answer(two, "released").proof == ("CHG-2026-003",)
    both = edited(bad, ("CHG-2026-903", "approved", None))
    assert answer(both, "released").said == "CHG-2026-003: gate 3 was decided on 2026-04-23 with no-go; CHG-2026-903: it is not approved"
    accepted = answer(both, "accepted", stage=Stage.DEPLOYMENT)
    assert (accepted.said, accepted.proof) == ("CHG-2026-903 brings version 2.1 and holds the decision", ("CHG-2026-903",))
    none = edited(kept, ("CHG-2026-003", "version", None))
    assert answer(none, "accepted", stage=Stage.DEPLOYMENT).said == "no change about AIS-001 brings version '2.1'"


# The whole answer.


def test_the_verdict_counts_what_holds_what_is_missing_and_what_comes_later(kept):
    report = asked(kept)
    later = [one for one in report.conditions if one.state is GateState.NOT_DUE]
    held = sum(one.state is GateState.HOLDS for one in report.conditions)
    assert report.allowed
    assert later and held + len(later) == len(report.conditions)
    assert (
        report.verdict
        == f"AIS-001 Applicant ranking 2.1 may stay in operation: {held} of {len(report.conditions)} conditions hold, and {len(later)} more must hold from 2027-12-02"
    )
    one = asked(edited(kept, ("SUP-003", "agreement", None)))
    assert not one.allowed
    assert one.verdict == f"AIS-001 Applicant ranking 2.1 may not stay in operation: 1 of {len(report.conditions)} conditions does not hold"
    two = asked(edited(kept, ("SUP-003", "agreement", None), ("AIS-001", "approved", None)))
    assert two.verdict == f"AIS-001 Applicant ranking 2.1 may not stay in operation: 2 of {len(report.conditions)} conditions do not hold"
    assert asked(kept, stage=Stage.DEVELOPMENT).verdict.startswith("AIS-001 Applicant ranking 2.1 may go back to development: ")
    assert (
        asked(kept, stage=Stage.RETIRED).verdict == "AIS-001 Applicant ranking 2.1 may not go to retired: 1 of 2 conditions does not hold"
    )
    assert (report.ai_system, report.name, report.version) == ("AIS-001", "Applicant ranking", "2.1")
    assert (report.present_stage, report.stage, report.judged_on) == (OPERATION, OPERATION, TODAY)
    every = asked(kept, "AIS-002")
    assert every.allowed and every.verdict.endswith(f": {len(every.conditions)} of {len(every.conditions)} conditions hold")


def test_a_condition_of_a_later_day_stops_from_that_day(kept):
    later = next(one for one in asked(kept).conditions if one.state is GateState.NOT_DUE)
    assert later.due == DAY("2027-12-02")
    for day, state in (("2027-12-01", GateState.NOT_DUE), ("2027-12-02", GateState.MISSING)):
        assert answer(kept, later.id, today=DAY(day)).state is state
    without = dataclasses.replace(kept, catalogues={name: found for name, found in kept.catalogues.items() if name != "eu-ai-act"})
    assert answer(without, later.id).state is GateState.MISSING
    assert answer(without, later.id).due is None
    assert answer(kept, "suppliers").due is None


def test_conditions_are_asked_by_class_actor_and_origin(kept):
    def ids(*changes):
        return {one.id for one in asked(edited(kept, *changes)).conditions}

    assert "eu-logging" in ids()
    assert "eu-logging" not in ids(("AIS-001", "eu_ai_act.actor", "deployer"))
    assert "eu-logging" not in ids(("AIS-001", "eu_ai_act.risk_class", "minimal"))
    gates = kept.gates.value
    number = next(number for number, one in enumerate(gates.conditions) if one.id == "suppliers")
    for origin, there in (("own", True), ("bought", False)):
        made = dataclasses.replace(
            kept.gates, value=put(gates, f"conditions.{number}.origins", (kept.record_by_id["AIS-001"].value.origin.__class__(origin),))
        )
        assert ("suppliers" in {one.id for one in asked(dataclasses.replace(kept, gates=made)).conditions}) is there


def test_the_next_stage_follows_in_order(kept):
    value = kept.record_by_id["AIS-001"].value
    assert [next_stage(put(value, "stage", stage)) for stage in Stage] == [*list(Stage)[1:], None]


def test_a_file_name_that_is_no_text_can_be_written(kept):
    found = answer(dataclasses.replace(kept, broken={"docs/\udcff.md": None}), "files-read")
    assert found.said == "docs/\\udcff.md cannot be read"


# Moves of a proposal.


def moved(base, head, base_errors=(), head_errors=()):
    return [
        (one.report.ai_system, one.because, one.refused)
        for one in moves(judged(base, errors=base_errors), judged(head, errors=head_errors))
    ]


def test_a_proposal_moves_what_it_changes(kept):
    assert moved(kept, kept) == []
    assert moved(kept, edited(kept, ("AIS-001", "resources.people", "Another."))) == []
    assert moved(kept, edited(kept, ("AIS-001", "not_intended", "Nothing."), ("AIS-001", "version", "2.2"))) == [
        ("AIS-001", "changed: version, not intended, approved", False)
    ]
    retired = edited(kept, ("AIS-001", "stage", "retired"))
    assert moved(kept, retired) == [("AIS-001", "changed: stage", False)]
    assert moved(retired, kept) == [("AIS-001", "it was retired, and a retired AI system stays retired", True)]
    assert moved(retired, retired) == []
    without = edited(kept, ("AIS-001", "", None))
    assert moved(without, kept) == [("AIS-001", "it is new", False)]
    assert moved(without, edited(kept, ("AIS-001", "stage", "inception"))) == []
    assert moved(without, edited(kept, ("AIS-001", "stage", "development"))) == [("AIS-001", "it is new", False)]
    gates = kept.gates.value
    at_once = tuple(put(one, "stages", tuple(Stage)) if one.id == "suppliers" else one for one in gates.conditions)
    strict = {"gates": dataclasses.replace(kept.gates, value=gates.model_copy(update={"conditions": at_once}))}
    begun = edited(kept, ("AIS-001", "stage", "inception"), ("SUP-003", "agreement", None))
    assert not asked(dataclasses.replace(begun, **strict), stage=Stage.INCEPTION).allowed
    assert moved(dataclasses.replace(without, **strict), begun) == []
    nowhere = dataclasses.replace(kept, gates=None)
    assert moved(nowhere, dataclasses.replace(retired, gates=None)) == []
    assert moved(nowhere, retired) == moved(kept, dataclasses.replace(retired, gates=None)) == [("AIS-001", "changed: stage", False)]


def test_a_proposal_moves_what_closes_a_further_condition(kept):
    closed = edited(kept, ("SUP-003", "agreement", None))
    assert moved(kept, closed) == [("AIS-001", "what its gate rests on has changed", False)]
    assert moved(closed, closed) == moved(closed, kept) == []
    further = edited(closed, ("RSK-001", "assessed_on", "2026-11-17"))
    assert moved(closed, further) == [("AIS-001", "what its gate rests on has changed", False)]
    soft = dataclasses.replace(closed, gates=dataclasses.replace(kept.gates, value=kept.gates.value.model_copy(update={"conditions": ()})))
    assert moved(kept, soft) == [("AIS-001", "what its gate rests on has changed", False)]


def test_suppliers_of_another_system_are_not_asked(kept):
    assert {record.id for record in kept.records(Supplier) if "AIS-001" in record.value.about} == {"SUP-003", "SUP-004"}
