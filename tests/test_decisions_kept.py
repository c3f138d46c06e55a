"""When a decision is in force: by whom it may be given, from and until which day, and on what it was given.

Each row is the worked organisation with one thing changed; a row beside it holds the nearest world that gives the other answer.
"""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from macros.facts.deciding import Cause, InForce
from macros.facts.decisions import Decisions
from macros.model.fingerprint import fingerprint_of
from macros.model.records.approvals import ApprovalRecord
from macros.model.records.exceptions import ExceptionKind, PolicyException
from macros.model.records.improvement import Change
from macros.model.records.partners import Supplier
from macros.model.records.risk import Risk
from macros.model.records.systems import ImpactOn, NoneFound
from tests.kept_world import TODAY, edited

DAY = datetime.date.fromisoformat
INES = "ines-carvalho"
SEVERE = "a harm remains that is severe and likely, with which nobody may approve it"
LEAD_OR_ABOVE = "AI governance lead or top management or governing body"


def judged(workspace, name, today=TODAY) -> InForce:
    """The decision on a document or record."""
    decisions = Decisions(workspace, today)
    if name in workspace.document_by_id:
        return decisions.document(workspace.document_by_id[name])
    value = workspace.record_by_id[name].value
    if isinstance(value, Change):
        return decisions.change(value)
    if isinstance(value, PolicyException):
        return decisions.exception(value)
    if isinstance(value, Risk):
        return decisions.acceptance(value)
    if isinstance(value, Supplier):
        return decisions.supplier(value)
    if hasattr(value, "decided"):
        return decisions.applicability(value)
    return decisions.approved(value)


def by(name, person, role=None):
    """Changes that give a decision to somebody else."""
    entry = "acceptance" if name.startswith("RSK") else "decided" if ":" in name else "approved"
    return ((name, f"{entry}.by", person), (name, f"{entry}.as_role", role))


# Who decided, in which role, on which day, and until when: every decision of the worked organisation that a test below changes.

AS_IT_IS = {
    "PRO-003": ("maeve-tarn", "top-management", "2026-01-23", "2027-01-22"),
    "ROL-005": ("ciaran-dolan", "governing-body", "2026-01-28", "2027-01-28"),
    "AIS-001": (INES, "ai-governance-lead", "2026-04-30", None),
    "DS-001": (INES, "ai-governance-lead", "2026-03-12", None),
    "AIA-001": (INES, "ai-governance-lead", "2026-04-20", "2027-04-20"),
    "EXT-001": (INES, "ai-governance-lead", "2026-04-24", None),
    "MR-2026-001": ("maeve-tarn", "top-management", "2026-10-22", None),
    "CHG-2026-003": (INES, "ai-governance-lead", "2026-04-30", None),
    "RSK-001": ("deirdre-nolan", "ai-system-owner", "2026-09-24", None),
    "RSK-007": ("maeve-tarn", "top-management", "2026-10-05", "2026-12-31"),
    "iso42001:A.5.4": ("maeve-tarn", "top-management", "2026-02-16", None),
    "SUP-001": (None, None, "2026-08-19", "2027-08-19"),
}


@pytest.mark.parametrize("name", AS_IT_IS)
def test_a_decision_in_force_names_person_role_and_days(name, kept):
    person, role, on, until = AS_IT_IS[name]
    found = judged(kept, name)
    assert (found.holds, found.fault) == (True, None)
    assert (found.person, found.role, found.on, found.until) == (person, role, DAY(on), DAY(until) if until else None)


WHO = [
    # A document: the role that approved it before, the lead but for policy, context and role, and those who establish.
    ("PRO-003", by("PRO-003", "ciaran-dolan"), None, None),
    (
        "PRO-003",
        by("PRO-003", "conor-maher"),
        "its approver Conor Maher was not top management or AI governance lead or governing body on 2026-01-23",
        Cause.WHO,
    ),  # joined later
    ("PRO-003", by("PRO-003", "priya-nair"), None, None),  # the deputy of who owns it
    ("PRO-003", by("PRO-003", INES), "it was approved by Inês Carvalho, who owns it", Cause.SELF),
    (
        "PRO-003",
        by("PRO-003", "helen-osei"),
        "its approver Helen Osei was not top management or AI governance lead or governing body on 2026-01-23",
        Cause.WHO,
    ),
    ("PRO-003", by("PRO-003", "nobody-here"), "its approver 'nobody-here' is nobody in 'org.yaml'", Cause.WHO),
    (
        "PRO-003",
        by("PRO-003", "maeve-tarn", "governing-body"),
        "its approver Maeve Tarn did not hold the role 'governing-body' on 2026-01-23",
        Cause.WHO,
    ),
    ("POL-001", by("POL-001", INES), "its approver Inês Carvalho was not top management or governing body on 2026-01-19", Cause.WHO),
    ("POL-001", by("POL-001", "ciaran-dolan"), None, None),
    ("CTX-001", by("CTX-001", "priya-nair"), "its approver Priya Nair was not top management or governing body on 2026-05-19", Cause.WHO),
    ("ROL-002", by("ROL-002", "priya-nair"), "its approver Priya Nair was not top management or governing body on 2026-01-23", Cause.WHO),
    ("DAT-001", by("DAT-001", "priya-nair"), None, None),
    ("DAT-001", by("DAT-001", "maeve-tarn"), None, None),
    ("ROL-001", by("ROL-001", "maeve-tarn", "top-management"), None, None),  # top management owns it, and has nobody above
    ("ROL-005", by("ROL-005", "ciaran-dolan", "governing-body"), None, None),
    # A role in the place of a person, where one person alone held it.
    ("PRO-003", by("PRO-003", "top-management"), None, None),
    (
        "PRO-003",
        (*by("PRO-003", "top-management"), ("PRO-003", "approved.date", "2026-06-22")),
        "its approver 'top-management' is a role that 2 people held on 2026-06-22, and none of them is named",
        Cause.WHO,
    ),
    (
        "AIS-001",
        (*by("AIS-001", "internal-auditor"), ("org", "roles.internal-auditor.held_by", ())),
        "its approver 'internal-auditor' is a role that nobody held on 2026-04-30",
        Cause.WHO,
    ),
    (
        "AIS-001",
        (*by("AIS-001", "internal-auditor"), ("org", "roles.internal-auditor.held_by", ("helen-osei",))),
        f"its approver 'internal-auditor' is not {LEAD_OR_ABOVE}",
        Cause.WHO,
    ),
    ("AIS-001", (*by("AIS-001", "ai-governance-lead"), ("org", "roles.ai-governance-lead.held_by", (INES,))), None, None),
    # A person who left: the day of leaving is the last one.
    ("AIS-001", (("org", "people.ines-carvalho.left", "2026-04-30"),), None, None),
    ("AIS-001", (("org", "people.ines-carvalho.left", "2026-04-29"),), "its approver Inês Carvalho had left on 2026-04-29", Cause.WHO),
    # AI systems, datasets, assessments, external documents, changes: whoever governs, and not who owns, operates, assessed or carries out.
    ("AIS-001", by("AIS-001", "maeve-tarn"), None, None),
    ("AIS-001", by("AIS-001", "ciaran-dolan"), None, None),
    ("AIS-001", by("AIS-001", "deirdre-nolan"), f"its approver Deirdre Nolan was not {LEAD_OR_ABOVE} on 2026-04-30", Cause.WHO),
    (
        "AIS-001",
        (("org", "roles.ai-system-owner.held_by", (INES,)),),
        "it was approved by Inês Carvalho, who holds the role that owns the AI system",
        Cause.SELF,
    ),
    (
        "AIS-001",
        (("org", "roles.human-oversight-operator.held_by", (INES,)),),
        "it was approved by Inês Carvalho, who operates the AI system",
        Cause.SELF,
    ),
    ("DS-001", by("DS-001", "yusuf-demir"), f"its approver Yusuf Demir was not {LEAD_OR_ABOVE} on 2026-03-12", Cause.WHO),
    ("DS-001", by("DS-001", "ciaran-dolan"), None, None),
    (
        "DS-001",
        (("org", "roles.data-steward.held_by", (INES,)),),
        "it was approved by Inês Carvalho, who holds the role that owns it",
        Cause.SELF,
    ),
    ("AIA-001", by("AIA-001", "helen-osei"), f"its approver Helen Osei was not {LEAD_OR_ABOVE} on 2026-04-20", Cause.WHO),
    (
        "AIA-001",
        (("AIA-001", "assessor", "ai-governance-lead"),),
        "it was approved by Inês Carvalho, who holds the role that carried it out",
        Cause.SELF,
    ),
    (
        "AIA-001",
        (("AIS-001", "owner", "ai-governance-lead"),),
        "it was approved by Inês Carvalho, who holds the role that owns the AI system",
        Cause.SELF,
    ),
    (
        "AIA-001",
        (("AIS-001", "oversight.operator", "ai-governance-lead"),),
        "it was approved by Inês Carvalho, who operates the AI system",
        Cause.SELF,
    ),
    ("AIA-001", (("AIS-002", "owner", "ai-governance-lead"),), None, None),  # another AI system
    ("EXT-001", by("EXT-001", "helen-osei"), f"its approver Helen Osei was not {LEAD_OR_ABOVE} on 2026-04-24", Cause.WHO),
    (
        "EXT-001",
        (("EXT-001", "owner", "ai-governance-lead"),),
        "it was approved by Inês Carvalho, who holds the role that owns it",
        Cause.SELF,
    ),
    (
        "MR-2026-001",
        by("MR-2026-001", INES),
        "its approver Inês Carvalho was not top management or governing body on 2026-10-22",
        Cause.WHO,
    ),
    ("MR-2026-001", by("MR-2026-001", "ciaran-dolan"), None, None),
    ("CHG-2026-003", by("CHG-2026-003", "deirdre-nolan"), f"its approver Deirdre Nolan was not {LEAD_OR_ABOVE} on 2026-04-30", Cause.WHO),
    (
        "CHG-2026-003",
        (("CHG-2026-003", "responsible", "ai-governance-lead"),),
        "it was approved by Inês Carvalho, who holds the role that carries it out",
        Cause.SELF,
    ),
    # Risks: by band; rows of the Statement of Applicability: who establishes, and for the ISMS its manager.
    (
        "RSK-001",
        by("RSK-001", "helen-osei"),
        "its accepter Helen Osei was not AI system owner or top management or governing body on 2026-09-24",
        Cause.WHO,
    ),
    ("RSK-001", by("RSK-001", "ciaran-dolan"), None, None),
    (
        "RSK-007",
        by("RSK-007", "deirdre-nolan"),
        "its accepter Deirdre Nolan was not top management or governing body on 2026-10-05",
        Cause.WHO,
    ),
    (
        "iso42001:A.5.4",
        by("iso42001:A.5.4", "tomasz-wrona"),
        "its decider Tomasz Wrona was not top management or governing body on 2026-02-16",
        Cause.WHO,
    ),
    ("iso27001:A.5.1", by("iso27001:A.5.1", "tomasz-wrona"), None, None),
    ("iso27001:A.5.1", by("iso27001:A.5.1", "ciaran-dolan"), None, None),
    # What nobody may decide, and what nobody decided.
    ("AIS-001", (("org", "roles", ()),), "its approver Inês Carvalho did not hold the role 'ai-governance-lead' on 2026-04-30", Cause.WHO),
    ("AIS-001", (("AIS-001", "approved", None),), "it is not approved", Cause.MISSING),
    ("AIS-001", (("AIS-001", "status", "draft"),), "it is not approved", Cause.MISSING),
    ("AIS-001", (("AIS-001", "status", "closed"),), "it is closed", Cause.MISSING),
    ("AIA-001", (("AIA-001", "status", "draft"),), "it is not approved", Cause.MISSING),
    ("AIA-001", (("AIA-001", "approved", None),), "it is not approved", Cause.MISSING),
    ("PRO-003", (("PRO-003", "approved", None),), "it is not approved", Cause.MISSING),
    ("PRO-003", (("PRO-003", "status", "draft"),), "it is not approved", Cause.MISSING),
    ("PRO-003", (("PRO-003", "status", "withdrawn"),), "it is withdrawn", Cause.MISSING),
    ("PRO-003", (("PRO-003", "next_review", None),), "no day is set for its review", Cause.MISSING),
    ("CHG-2026-003", (("CHG-2026-003", "approved", None),), "it is not approved", Cause.MISSING),
    ("RSK-001", (("RSK-001", "acceptance", None),), "nobody has accepted it", Cause.MISSING),
    ("iso42001:A.5.4", (("iso42001:A.5.4", "decided", None),), "it is not decided", Cause.MISSING),
]


def row_name(row) -> str:
    return row[0] if isinstance(row, str) else ""


@pytest.mark.parametrize(("name", "changes", "fault", "cause"), WHO, ids=row_name)
def test_it_counts_who_decided(name, changes, fault, cause, kept):
    found = judged(edited(kept, *changes), name)
    assert found.fault == fault
    assert fault is None or found.cause is cause


def test_nobody_knows_who_decided_where_the_people_cannot_be_read(kept):
    broken = dataclasses.replace(kept, broken={"org.yaml": None})
    found = judged(broken, "AIS-001")
    assert (found.fault, found.cause, found.on) == (
        "nobody knows who approved it, since 'org.yaml' cannot be read",
        Cause.UNKNOWN,
        DAY("2026-04-30"),
    )
    assert judged(dataclasses.replace(kept, broken={"registers/risks/RSK-001.yaml": None}), "AIS-001").holds


def test_of_two_faults_a_wrong_day_is_said_first(kept):
    found = judged(edited(kept, *by("AIS-001", "deirdre-nolan"), ("AIS-001", "approved.date", "2026-11-17")), "AIS-001")
    assert (found.fault, found.cause) == ("it is approved from 2026-11-17 only", Cause.WHEN)
    assert (found.person, found.role, found.on) == ("deirdre-nolan", None, DAY("2026-11-17"))


@pytest.mark.parametrize(
    "changes",
    [
        (("AIS-001", "approved.date", "2026-11-17"),),
        (("AIS-001", "owner", "ai-governance-lead"),),
        (("AIS-001", "oversight.operator", "ai-governance-lead"),),
    ],
)
def test_a_fault_still_says_who_in_which_role(changes, kept):
    found = judged(edited(kept, *changes), "AIS-001")
    assert (found.holds, found.person, found.role) == (False, INES, "ai-governance-lead")
    early = judged(edited(kept, ("MR-2026-001", "held_on", "2026-10-23")), "MR-2026-001")
    assert (early.holds, early.person, early.role) == (False, "maeve-tarn", "top-management")


def test_a_decision_counts_in_the_role_that_is_named_and_in_no_other(kept):
    both = edited(kept, ("org", "roles.internal-auditor.held_by", ("helen-osei", INES)))
    found = judged(edited(both, *by("AIS-001", INES, "internal-auditor")), "AIS-001")
    assert found.fault == f"its approver Inês Carvalho was not {LEAD_OR_ABOVE} on 2026-04-30"
    assert judged(edited(both, *by("AIS-001", INES)), "AIS-001").role == "ai-governance-lead"


def test_a_role_that_is_not_in_the_organisation_is_named_by_its_id(kept):
    roles = tuple(role for role in kept.organisation.value.roles if role.id != "governing-body")
    found = judged(edited(kept, ("org", "roles", roles), *by("AIS-001", "deirdre-nolan")), "AIS-001")
    assert found.fault == "its approver Deirdre Nolan was not AI governance lead or top management or governing-body on 2026-04-30"


# From and until which day.

WHEN = [
    # Not before its own day.
    ("PRO-003", (), "2026-01-23", None, None),
    ("PRO-003", (), "2026-01-22", "it is approved from 2026-01-23 only", Cause.WHEN),
    ("AIS-001", (), "2026-04-29", "it is approved from 2026-04-30 only", Cause.WHEN),
    ("RSK-001", (), "2026-09-23", "it is accepted from 2026-09-24 only", Cause.WHEN),
    ("iso42001:A.5.4", (), "2026-02-15", "it is decided from 2026-02-16 only", Cause.WHEN),
    # Not after the last one.
    ("PRO-003", (), "2027-01-22", None, None),
    ("PRO-003", (), "2027-01-23", "it was due for review on 2027-01-22", Cause.OVER),
    ("EXT-001", (("EXT-001", "next_review", "2026-11-16"),), "2026-11-16", None, None),
    ("EXT-001", (("EXT-001", "next_review", "2026-11-15"),), "2026-11-16", "it was due for review on 2026-11-15", Cause.OVER),
    ("RSK-007", (), "2026-12-31", None, None),
    ("RSK-007", (), "2027-01-01", "its acceptance ended on 2026-12-31", Cause.OVER),
    ("AIA-001", (), "2027-04-20", None, None),
    ("AIA-001", (), "2027-04-21", "it was valid until 2027-04-20", Cause.OVER),
    ("AIA-001", (("AIA-001", "valid_until", None),), "2026-11-16", "it states no last day", Cause.OVER),
    (
        "AIA-001",
        (("AIA-001", "valid_until", "2027-04-21"),),
        "2026-11-16",
        "it is valid until 2027-04-21, longer than 12 months",
        Cause.OVER,
    ),
    # Not before what it rests on.
    (
        "AIA-001",
        (("AIA-001", "approved.date", "2026-04-13"),),
        "2026-04-13",
        "it is valid until 2027-04-20, longer than 12 months",
        Cause.OVER,
    ),
    ("AIA-001", (("AIA-001", "approved.date", "2026-04-13"), ("AIA-001", "valid_until", "2027-04-13")), "2026-04-13", None, None),
    ("AIA-001", (("AIA-001", "approved.date", "2026-04-12"), ("AIA-001", "assessed_on", "2026-04-12")), "2026-11-16", SEVERE, Cause.WHO),
    (
        "AIA-001",
        (("AIA-001", "approved.date", "2026-04-12"),),
        "2026-11-16",
        "it was approved on 2026-04-12, before it was carried out on 2026-04-13",
        Cause.WHEN,
    ),
    ("AIA-001", (("AIA-001", "assessed_on", "2026-04-20"),), "2026-11-16", None, None),
    (
        "AIA-001",
        (("AIA-001", "assessed_on", "2026-04-21"),),
        "2026-11-16",
        "it was approved on 2026-04-20, before it was carried out on 2026-04-21",
        Cause.WHEN,
    ),
    ("MR-2026-001", (("MR-2026-001", "held_on", "2026-10-22"),), "2026-11-16", None, None),
    (
        "MR-2026-001",
        (("MR-2026-001", "held_on", "2026-10-23"),),
        "2026-11-16",
        "it was approved on 2026-10-22, before it was held on 2026-10-23",
        Cause.WHEN,
    ),
    ("RSK-001", (("RSK-001", "assessed_on", "2026-09-24"),), "2026-11-16", None, None),
    (
        "RSK-001",
        (("RSK-001", "assessed_on", "2026-09-25"),),
        "2026-11-16",
        "it was accepted on 2026-09-24, before it was rated on 2026-09-25",
        Cause.WHEN,
    ),
    # An assessment is carried out, and after the version was fixed.
    ("AIA-001", (("AIA-001", "assessed_on", None),), "2026-11-16", "it names no day on which it was carried out", Cause.WHAT),
    ("AIA-001", (), "2026-04-12", "it was carried out on 2026-04-13, a day to come", Cause.WHAT),
    ("AIA-001", (), "2026-04-13", "it is approved from 2026-04-20 only", Cause.WHEN),
    ("AIA-001", (("AIA-001", "assessed_on", "2026-04-02"),), "2026-11-16", None, None),
    (
        "AIA-001",
        (("AIA-001", "assessed_on", "2026-04-01"),),
        "2026-11-16",
        "it was carried out on 2026-04-01, before version '2.1' was fixed on 2026-04-02",
        Cause.WHAT,
    ),
    (
        "AIA-001",
        (("CHG-2026-003", "decisions.0.date", "2026-04-14"),),
        "2026-11-16",
        "it was carried out on 2026-04-13, before version '2.1' was fixed on 2026-04-14",
        Cause.WHAT,
    ),
    (
        "AIA-001",
        (("CHG-2026-003", "decisions.0.date", "2026-04-14"), ("CHG-2026-003", "decisions.0.decision", "no-go")),
        "2026-11-16",
        None,
        None,
    ),
    ("AIA-001", (("CHG-2026-003", "decisions.0.date", "2026-04-14"), ("CHG-2026-003", "version", "2.2")), "2026-11-16", None, None),
    ("AIA-001", (("CHG-2026-003", "decisions.0.date", "2026-04-14"), ("CHG-2026-003", "about", ("AIS-002",))), "2026-11-16", None, None),
    ("AIA-001", (("CHG-2026-003", "decisions.1.date", "2026-04-14"),), "2026-11-16", None, None),  # only gate 2 fixes a version
    # Suppliers.
    ("SUP-001", (), "2026-08-19", None, None),
    ("SUP-001", (), "2026-08-18", "its review is of 2026-08-19, a day to come", Cause.WHAT),
    ("SUP-001", (), "2027-08-19", None, None),
    ("SUP-001", (), "2027-08-20", "its review was due on 2027-08-19", Cause.WHAT),
    ("SUP-001", (("SUP-001", "reviewed_on", None),), "2026-11-16", "it was never reviewed", Cause.WHAT),
    ("SUP-001", (("SUP-001", "next_review", None),), "2026-11-16", "its next review has no date", Cause.WHAT),
    ("SUP-001", (("SUP-001", "agreement", None),), "2026-11-16", "it has no agreement", Cause.WHAT),
]


@pytest.mark.parametrize(("name", "changes", "day", "fault", "cause"), WHEN, ids=row_name)
def test_it_counts_when_it_was_decided_and_until_when(name, changes, day, fault, cause, kept):
    found = judged(edited(kept, *changes), name, DAY(day))
    assert found.fault == fault
    assert fault is None or found.cause is cause


def test_a_decision_that_is_over_still_says_its_last_day(kept):
    assert judged(kept, "PRO-003", DAY("2027-01-23")).until == DAY("2027-01-22")
    assert judged(kept, "RSK-007", DAY("2027-01-01")).until == DAY("2026-12-31")
    assert judged(kept, "AIA-001", DAY("2027-04-21")).until == DAY("2027-04-20")
    late = edited(kept, ("EXT-001", "next_review", "2026-11-15"))
    assert judged(late, "EXT-001").until == DAY("2026-11-15")
    assert judged(edited(kept, ("iso42001:A.5.4", "revisit", "2027-02-16")), "iso42001:A.5.4").until == DAY("2027-02-16")


def test_the_months_of_an_assessment_are_a_parameter_where_it_is_a_number(kept):
    longer = ("AIA-001", "valid_until", "2027-10-20")
    assert judged(edited(kept, longer, ("org", "parameters.impact_review_months", 18)), "AIA-001").holds
    assert judged(edited(kept, longer, ("org", "parameters.impact_review_months", 17)), "AIA-001").cause is Cause.OVER
    assert judged(dataclasses.replace(edited(kept, longer), parameters={}), "AIA-001").holds


def test_an_assessment_without_impacts_says_for_all_three_that_none_was_found(kept):
    value = kept.record_by_id["AIA-001"].value
    every = tuple(NoneFound(falls_on=falls_on, because="It was looked for.") for falls_on in ImpactOn)
    for none_found, holds in ((every, True), (every[:2], False), ((), False)):
        made = edited(kept, ("AIA-001", "impacts", ()), ("AIA-001", "none_found", none_found))
        found = judged(made, "AIA-001")
        assert found.holds is holds
        assert holds or found.fault == "it names no impact, and does not say for individuals, groups and society that none was found"
    assert value.impacts and value.none_found == ()


# On what it was given.


def test_what_has_changed_since_is_named(kept):
    for name, path, new, said in (
        ("AIS-001", "version", "2.2", "version"),
        ("DS-001", "retention", "Ten years.", "retention"),
        ("AIA-001", "judgement", "It may go on.", "judgement"),
        ("EXT-001", "version", "9.9", "version"),
        ("MR-2026-001", "conclusion", "All is well.", "conclusion"),
        ("CHG-2026-003", "purpose", "Another.", "purpose"),
        ("PRO-003", "text", "Nothing.", "text, parameters"),
        ("PRO-003", "title", "Another", "entries"),
    ):
        found = judged(edited(kept, (name, path, new), seal=False), name)
        on = found.on
        assert (found.fault, found.cause) == (f"it has changed since it was approved on {on}: {said}", Cause.CHANGED), name
    found = judged(edited(kept, ("RSK-001", "source", "Another."), seal=False), "RSK-001")
    assert (found.fault, found.cause) == ("it has changed since it was accepted on 2026-09-24: source", Cause.CHANGED)
    two = edited(kept, ("AIS-001", "not_intended", "Nothing."), ("AIS-001", "version", "2.2"), seal=False)
    assert judged(two, "AIS-001").fault == "it has changed since it was approved on 2026-04-30: version, not intended"


def test_what_is_no_part_of_it_may_change(kept):
    assert judged(edited(kept, ("AIS-001", "stage", "retired"), seal=False), "AIS-001").holds
    assert judged(edited(kept, ("CHG-2026-003", "result", "Done."), seal=False), "CHG-2026-003").holds


@pytest.mark.parametrize("name", ["AIS-001", "DS-001", "AIA-001", "EXT-001", "MR-2026-001", "CHG-2026-003", "RSK-001", "POL-002"])
def test_a_decision_without_a_fingerprint_says_not_on_what_it_was_given(name, kept):
    entry = "acceptance" if name == "RSK-001" else "approved"
    found = judged(edited(kept, (name, f"{entry}.sha256", None)), name)
    assert found.fault == f"its approval of {found.on} holds no fingerprint, so that nothing says on what it was given"
    assert found.cause is Cause.CHANGED


def test_a_fault_of_who_or_when_is_not_covered_by_one_of_what(kept):
    made = edited(
        kept, ("AIS-001", "approved.by", "deirdre-nolan"), ("AIS-001", "approved.as_role", None), ("AIS-001", "version", "2.2"), seal=False
    )
    assert judged(made, "AIS-001").cause is Cause.WHO
    over = edited(kept, ("AIA-001", "judgement", "Another."), ("AIA-001", "valid_until", "2026-11-15"), seal=False)
    assert judged(over, "AIA-001").fault == "it was valid until 2026-11-15"


# The register of approvals.


def recorded(kept, name, **entries):
    """The register of approvals with one record more, for the present text of a document."""
    found = kept.document_by_id[name]
    first = kept.records(ApprovalRecord)[0].value
    value = first.model_copy(
        update={
            "id": "APR-900",
            "document": name,
            "version": found.head.value.version,
            "by": "ciaran-dolan",
            "as_role": "governing-body",
            "sha256": fingerprint_of(found),
            **entries,
        }
    )
    return edited(kept, (kept.records(ApprovalRecord)[0].id, "", value))


def test_a_record_of_the_very_text_stands_for_the_fingerprint(kept):
    bare = edited(kept, ("POL-002", "approved.sha256", None))
    assert judged(recorded(bare, "POL-002"), "POL-002").holds
    for entries in ({"sha256": "0" * 64}, {"version": "0.9"}, {"document": "POL-001"}):
        assert judged(recorded(bare, "POL-002", **entries), "POL-002").cause is Cause.CHANGED
    text = edited(bare, ("POL-002", "text", "Another."), seal=False)
    assert judged(recorded(bare, "POL-002"), "POL-002").holds
    assert not judged(dataclasses.replace(recorded(bare, "POL-002"), documents=text.documents), "POL-002").holds


def test_a_record_names_the_person_for_a_role(kept):
    two = edited(kept, *by("POL-002", "top-management"), ("POL-002", "approved.date", "2026-06-22"))
    assert judged(two, "POL-002").cause is Cause.WHO
    named = {"by": "conor-maher", "as_role": "top-management"}
    found = judged(recorded(two, "POL-002", **named), "POL-002")
    assert (found.holds, found.person, found.role) == (True, "conor-maher", "top-management")
    both = edited(two, ("org", "roles.governing-body.held_by", ("ciaran-dolan", "conor-maher")))
    assert judged(recorded(both, "POL-002", **named), "POL-002").role == "top-management"
    for entries in ({"version": "0.9"}, {"document": "POL-001"}, {"as_role": "governing-body"}):
        assert not judged(recorded(two, "POL-002", **{**named, **entries}), "POL-002").holds


# Exceptions.

EXCEPTIONS = [
    ((), "2026-11-04", None, None),
    ((), "2026-11-03", "it is approved from 2026-11-04 only", Cause.WHEN),
    ((), "2026-11-30", None, None),
    ((), "2026-12-01", "it ended on 2026-11-30", Cause.OVER),
    ((("approved", None),), "2026-11-16", "it is not approved", Cause.MISSING),
    ((("borne_by", INES),), "2026-11-16", "it was granted by Inês Carvalho, who bears it", Cause.SELF),
    ((("approved.by", "maeve-tarn"), ("approved.as_role", None)), "2026-11-16", None, None),  # top management has nobody above
    (
        (("approved.by", "deirdre-nolan"), ("approved.as_role", None)),
        "2026-11-16",
        f"its approver Deirdre Nolan was not {LEAD_OR_ABOVE} on 2026-11-04",
        Cause.WHO,
    ),
    (
        (("kind", "own-decision"),),
        "2026-11-16",
        "its approver Inês Carvalho was not top management or governing body on 2026-11-04",
        Cause.WHO,
    ),
    ((("kind", "own-decision"), ("approved.by", "maeve-tarn"), ("approved.as_role", None)), "2026-11-16", None, None),
]


@pytest.mark.parametrize(("changes", "day", "fault", "cause"), EXCEPTIONS)
def test_an_exception_is_granted_by_somebody_else_and_for_a_time(changes, day, fault, cause, kept):
    made = edited(kept, *(("EXC-001", path, new) for path, new in changes))
    found = judged(made, "EXC-001", DAY(day))
    assert found.fault == fault
    assert fault is None or found.cause is cause
    assert cause is Cause.MISSING or found.until == DAY("2026-11-30")
    assert held(made, "EXC-001")[0][0] == ("approved",)


def test_an_exception_covers_what_it_was_granted_on(kept):
    found = judged(edited(kept, ("EXC-001", "instead", "Nothing."), seal=False), "EXC-001")
    assert (found.cause, found.fault) == (Cause.CHANGED, "it has changed since it was approved on 2026-11-04: instead")


ALONE = (
    ("org", "roles.top-management.held_by", (INES,)),
    ("org", "roles.ai-governance-lead.held_by", (INES,)),
    ("org", "roles.governing-body.held_by", ()),
)
"""An organisation in which one person alone may decide."""
OWN = {
    "AIS-001": ("AIS-001", "owner", "ai-governance-lead"),
    "DS-001": ("DS-001", "owner", "ai-governance-lead"),
    "AIA-001": ("AIA-001", "assessor", "ai-governance-lead"),
    "CHG-2026-003": ("CHG-2026-003", "responsible", "ai-governance-lead"),
    "PRO-003": ("PRO-003", "approved.by", INES),
}


def excepted(kept, name, *changes, **entries):
    """That organisation, with a decision on one's own work and an exception for it that began before."""
    made = edited(kept, *ALONE, OWN[name], *(((name, "approved.as_role", None),) if name == "PRO-003" else ()))
    value = kept.record_by_id["EXC-001"].value
    given = value.approved.model_copy(update={"by": INES, "as_role": "top-management", "date": DAY("2026-01-01")})
    told = {"id": "EXC-900", "kind": ExceptionKind.OWN_DECISION, "about": (name,), "approved": given, "until": DAY("2026-12-31"), **entries}
    return edited(made, ("EXC-001", "", value.model_copy(update=told)), *changes)


@pytest.mark.parametrize("name", OWN)
def test_who_is_alone_decides_on_their_own_work_by_an_exception(name, kept):
    bare = judged(edited(excepted(kept, name), ("EXC-900", "", None)), name)
    assert (bare.holds, bare.cause, bare.by_exception) == (False, Cause.SELF, None)
    found = judged(excepted(kept, name), name)
    assert (found.fault, found.by_exception, found.person) == (None, "EXC-900", INES)
    assert judged(excepted(kept, name, about=("AIS-002", name)), name).holds
    assert judged(excepted(kept, name, about=("AIS-002",)), name).fault == bare.fault


def test_an_exception_is_for_gates_too(kept):
    for made, fault in (
        (excepted(kept, "CHG-2026-003"), None),
        (excepted(kept, "CHG-2026-003", about=()), "it was approved by Inês Carvalho, who holds the role that carries it out"),
    ):
        value = made.record_by_id["CHG-2026-003"].value
        assert [Decisions(made, TODAY).at_gate(value, gate).fault for gate in (3, 4)] == [fault, fault]


EXCEPTED = [
    # AIS-001 was approved on 2026-04-30.
    ((), {"kind": ExceptionKind.RULE}, False),
    ((), {"approved": None}, False),
    ((("EXC-900", "approved.by", "helen-osei"), ("EXC-900", "approved.as_role", None)), {}, False),
    ((("EXC-900", "approved.date", "2026-04-30"),), {}, True),
    ((("EXC-900", "approved.date", "2026-05-01"),), {}, False),
    ((), {"until": DAY("2026-04-30")}, True),
    ((), {"until": DAY("2026-04-29")}, False),
    ((), {"closed_on": DAY("2026-04-30")}, True),
    ((), {"closed_on": DAY("2026-04-29")}, False),
    ((("org", "roles.governing-body.held_by", ("niamh-burke",)),), {}, True),  # who operates it could not have decided
]


@pytest.mark.parametrize(("changes", "entries", "holds"), EXCEPTED)
def test_an_exception_counts_on_the_day_of_the_decision(changes, entries, holds, kept):
    found = judged(excepted(kept, "AIS-001", *changes, **entries), "AIS-001")
    assert (found.holds, found.by_exception) == (holds, "EXC-900" if holds else None)
    assert holds or found.fault == "it was approved by Inês Carvalho, who holds the role that owns the AI system"


def test_an_exception_does_not_hold_where_somebody_else_could_have_decided(kept):
    made = excepted(kept, "AIS-001", ("org", "roles.governing-body.held_by", ("ciaran-dolan",)))
    found = judged(made, "AIS-001")
    assert (found.holds, found.by_exception, found.cause) == (False, None, Cause.SELF)
    assert found.fault.endswith("who holds the role that owns the AI system; EXC-900 does not hold, since Ciarán Dolan could have decided")
    text = excepted(kept, "PRO-003", ("org", "roles.governing-body.held_by", ("ciaran-dolan",)))
    assert judged(text, "PRO-003").fault.endswith("who owns it; EXC-900 does not hold, since Ciarán Dolan could have decided")


def test_of_two_exceptions_the_one_that_counts_is_found(kept):
    made = excepted(kept, "AIS-001", until=DAY("2026-04-29"))
    second = made.record_by_id["EXC-900"].value.model_copy(update={"id": "EXC-901", "until": DAY("2026-12-31")})
    assert judged(edited(made, ("EXC-900", "", second)), "AIS-001").by_exception == "EXC-901"


def test_sections_are_adopted_by_who_approves_or_owns(kept):
    for name, person, role, fault in (
        ("PRO-003", INES, None, None),
        ("PRO-003", "maeve-tarn", None, None),
        ("DAT-001", "yusuf-demir", None, None),
        ("DAT-001", INES, None, None),
        ("POL-001", "ciaran-dolan", None, None),
        ("PRO-003", "helen-osei", None, f"its approver Helen Osei was not {LEAD_OR_ABOVE} on 2026-10-01"),
        (
            "POL-001",
            "yusuf-demir",
            None,
            "its approver Yusuf Demir was not AI governance lead or top management or governing body on 2026-10-01",
        ),
    ):
        given = kept.document_by_id["PRO-003"].head.value.approved.model_copy(
            update={"by": person, "as_role": role, "date": DAY("2026-10-01")}
        )
        assert Decisions(kept, TODAY).adoption(kept.document_by_id[name], given).fault == fault, (name, person)


# Gates of a change.

GATES = [
    (3, (), None, None),
    (2, (), None, None),
    (4, (), None, None),
    (5, (), "it holds no decision at gate 5", Cause.MISSING),
    (4, (("decisions.2.decision", "no-go"),), "gate 4 was decided on 2026-04-30 with no-go", Cause.WHAT),
    (4, (("decisions.2.decision", "conditional"),), "gate 4 was decided with conditions, and none is entered", Cause.WHAT),
    (
        3,
        (("decisions.1.conditions.0.met_on", None),),
        "a condition of gate 3 was due on 2026-06-12 and is not met: Three differences are measured on live applications.",
        Cause.WHAT,
    ),
    (3, (("decisions.1.conditions.0.met_on", None), ("decisions.1.conditions.0.due", "2026-11-16")), None, None),
    (
        3,
        (("decisions.1.conditions.0.met_on", None), ("decisions.1.conditions.0.due", "2026-11-15")),
        "a condition of gate 3 was due on 2026-11-15 and is not met: Three differences are measured on live applications.",
        Cause.WHAT,
    ),
    (3, (("decisions.1.conditions.0.met_on", "2026-11-16"),), None, None),
    (3, (("decisions.1.conditions.0.met_on", "2026-11-17"),), "a condition of gate 3 is met on 2026-11-17, a day to come", Cause.WHAT),
    (3, (("decisions.1.conditions.0.met_on", "2026-11-17"), ("decisions.1.decision", "go")), None, None),
    # Gate 2 is the owner's, those after it are not, and not in the order of the wrong days.
    (2, (("decisions.0.by", INES), ("decisions.0.as_role", None)), None, None),
    (
        2,
        (("decisions.0.by", "helen-osei"), ("decisions.0.as_role", None)),
        f"its approver Helen Osei was not AI system owner or {LEAD_OR_ABOVE} on 2026-04-02",
        Cause.WHO,
    ),
    (
        3,
        (("decisions.1.by", "deirdre-nolan"), ("decisions.1.as_role", None)),
        f"its approver Deirdre Nolan was not {LEAD_OR_ABOVE} on 2026-04-23",
        Cause.WHO,
    ),
    (3, (("responsible", "ai-governance-lead"),), "it was approved by Inês Carvalho, who holds the role that carries it out", Cause.SELF),
    (2, (("responsible", "ai-governance-lead"), ("decisions.0.by", INES), ("decisions.0.as_role", None)), None, None),
    (3, (("decisions.0.date", "2026-04-23"),), None, None),
    (3, (("decisions.0.date", "2026-04-24"),), "it was approved on 2026-04-23, before gate 2 was decided on 2026-04-24", Cause.WHEN),
    (3, (("decisions.2.date", "2026-04-22"),), None, None),  # a later gate says nothing of this one
    (2, (("decisions.0.date", "2026-11-17"),), "it is approved from 2026-11-17 only", Cause.WHEN),
    # Of several decisions at one gate the latest counts, and of one day the one entered last.
    (4, (("decisions.1.gate", 4), ("decisions.1.decision", "no-go")), None, None),
    (
        4,
        (("decisions.1.gate", 4), ("decisions.1.decision", "no-go"), ("decisions.1.date", "2026-05-01")),
        "gate 4 was decided on 2026-05-01 with no-go",
        Cause.WHAT,
    ),
    (4, (("decisions.1.gate", 4), ("decisions.1.decision", "no-go"), ("decisions.1.date", "2026-04-30")), None, None),
    (
        4,
        (("decisions.1.gate", 4), ("decisions.2.decision", "no-go"), ("decisions.1.date", "2026-04-30")),
        "gate 4 was decided on 2026-04-30 with no-go",
        Cause.WHAT,
    ),
]


@pytest.mark.parametrize(("gate", "changes", "fault", "cause"), GATES)
def test_a_gate_is_passed_by_its_latest_decision(gate, changes, fault, cause, kept):
    made = edited(kept, *(("CHG-2026-003", path, new) for path, new in changes))
    value = made.record_by_id["CHG-2026-003"].value
    found = Decisions(made, TODAY).at_gate(value, gate)
    assert found.fault == fault
    assert fault is None or found.cause is cause
    assert fault is None or cause is Cause.MISSING or found.on == max(one.date for one in value.decisions if one.gate == gate)


def test_the_day_on_which_a_version_was_fixed_is_the_first(kept):
    decisions = Decisions(kept, TODAY)
    assert decisions.fixed_on("AIS-001", "2.1") == DAY("2026-04-02")
    assert decisions.fixed_on("AIS-001", "2.0") is None
    assert decisions.fixed_on("AIS-002", "2.1") is None
    twice = edited(kept, ("CHG-2026-003", "decisions.1.gate", 2))
    assert Decisions(twice, TODAY).fixed_on("AIS-001", "2.1") == DAY("2026-04-02")
    assert [change.id for change in decisions.changes_to("AIS-001", "2.1")] == ["CHG-2026-003"]


# All decisions that a record holds.


def held(workspace, name):
    return [(place, found.fault) for place, found in Decisions(workspace, TODAY).record(workspace.record_by_id[name].value)]


def test_every_decision_of_a_record_is_given_with_its_place(kept):
    for name in ("AIS-001", "DS-001", "AIA-001", "EXT-001", "MR-2026-001"):
        assert held(kept, name) == [(("approved",), None)], name
    assert held(kept, "RSK-001") == [(("acceptance",), None)]
    assert held(kept, "iso42001:A.5.4") == [(("decided",), None)]
    assert held(kept, "CHG-2026-003") == [(("approved",), None), *((("decisions", number), None) for number in range(3))]
    assert held(kept, "SUP-001") == held(kept, "EV-001") == []
    assert held(edited(kept, ("RSK-001", "acceptance", None)), "RSK-001") == []
    assert held(edited(kept, ("iso42001:A.5.4", "decided", None)), "iso42001:A.5.4") == []
    assert held(edited(kept, ("AIS-001", "approved", None)), "AIS-001") == [(("approved",), "it is not approved")]
    assert [place for place, _ in held(edited(kept, ("CHG-2026-003", "approved", None)), "CHG-2026-003")] == [
        ("decisions", number) for number in range(3)
    ]


def test_of_two_decisions_at_one_gate_the_one_that_counts_is_given(kept):
    later = edited(kept, ("CHG-2026-003", "decisions.1.gate", 4))
    assert [place for place, _ in held(later, "CHG-2026-003")] == [("approved",), ("decisions", 0), ("decisions", 2)]
    same_day = edited(later, ("CHG-2026-003", "decisions.1.date", "2026-04-30"))
    assert [place for place, _ in held(same_day, "CHG-2026-003")] == [("approved",), ("decisions", 0), ("decisions", 2)]
    earlier = edited(later, ("CHG-2026-003", "decisions.1.date", "2026-05-01"))
    assert [place for place, _ in held(earlier, "CHG-2026-003")] == [("approved",), ("decisions", 0), ("decisions", 1)]


# Risks.

RISKS = [
    ("RSK-001", (), None),  # accepted
    ("RSK-001", (("RSK-001", "acceptance", None),), None),  # treated to level 8, which is the acceptable one
    (
        "RSK-001",
        (("RSK-001", "acceptance", None), ("org", "parameters.risk_acceptance_level", 7)),
        "it is at level 8, and nobody has accepted it",
    ),
    (
        "RSK-001",
        (("RSK-001", "acceptance", None), ("RSK-001", "status", "open")),
        "it is at level 16, its residual level is only expected, and nobody has accepted it",
    ),
    (
        "RSK-001",
        (("RSK-001", "acceptance", None), ("RSK-001", "treatment.done_on", None)),
        "it is at level 16, its residual level is only expected, and nobody has accepted it",
    ),
    ("RSK-001", (("RSK-001", "acceptance", None), ("RSK-001", "residual.likelihood", 3)), "it is at level 12, and nobody has accepted it"),
    ("RSK-001", (("RSK-001", "assessed_on", "2026-11-17"),), "it was rated on 2026-11-17, a day to come"),
    (
        "RSK-001",
        (
            ("RSK-001", "acceptance.date", "2026-11-16"),
            ("RSK-001", "assessed_on", "2026-11-16"),
            ("RSK-001", "residual.likelihood", 3),
            ("RSK-001", "acceptance.by", "maeve-tarn"),
            ("RSK-001", "acceptance.as_role", "top-management"),
        ),
        None,
    ),
    (
        "RSK-001",
        (("RSK-001", "residual.likelihood", 5), ("RSK-001", "residual.consequence", 5)),
        "it is at level 25, which nobody may accept",
    ),
]


@pytest.mark.parametrize(("name", "changes", "fault"), RISKS)
def test_a_risk_is_decided_where_it_is_acceptable_or_accepted(name, changes, fault, kept):
    made = edited(kept, *changes)
    assert Decisions(made, TODAY).risk(made.record_by_id[name].value) == fault


def test_an_acceptance_by_the_owner_ends_where_the_level_rises(kept):
    made = edited(kept, ("RSK-001", "residual.likelihood", 3))
    value = made.record_by_id["RSK-001"].value
    said = "its accepter Deirdre Nolan was not top management or governing body on 2026-09-24"
    assert Decisions(made, TODAY).acceptance(value).fault == said
    assert Decisions(made, TODAY).risk(value) == f"it is at level 12, and {said}"


def test_what_nobody_may_accept_is_accepted_by_nobody(kept):
    made = edited(kept, ("RSK-001", "residual.likelihood", 5), ("RSK-001", "residual.consequence", 5))
    found = judged(made, "RSK-001")
    assert (found.fault, found.cause) == ("nobody may accept level 25", Cause.WHO)


def test_without_a_number_no_level_is_too_high(kept):
    made = dataclasses.replace(edited(kept, ("RSK-001", "acceptance", None), ("RSK-001", "residual.likelihood", 3)), parameters={})
    assert Decisions(made, TODAY).risk(made.record_by_id["RSK-001"].value) is None
