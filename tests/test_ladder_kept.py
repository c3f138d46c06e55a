"""The rung of each part of a requirement, in the nearest two worlds in which it is one and another.

The worlds are the worked organisation with something changed; the rules are not run, and what they would say is said for them.
"""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from macros.facts.computed import Facts
from macros.facts.decisions import Decisions
from macros.facts.tailoring import tailoring
from macros.load import load_workspace
from macros.model.catalogue import AskedKind
from macros.model.records.applicability import SoaEntry
from macros.model.records.governance import IsmsDocument, IsmsDocumentStatus
from macros.model.records.improvement import Audit, AuditFinding, Nonconformity
from macros.model.records.risk import Risk
from macros.model.workspace import Record, Workspace
from macros.problem import Location, Problem, Severity
from macros.status import Ladder, NeededPart, PartKind, Rung, Standing
from macros.status.documents import days_of, decision_part, document_part, is_the_kits, isms_part, register_part, untouched
from macros.status.rungs import weakest
from tests.kept_world import TODAY, edited
from tests.test_decisions_kept import excepted

DAY = datetime.date.fromisoformat
FRESH: list[Workspace] = []
MISSING, TEMPLATE, TAILORED, APPROVED, OPERATING, AUDITED = Rung


@pytest.fixture
def fresh(request):
    """A fresh repository, loaded once a process; nobody changes it."""
    if not FRESH:
        FRESH.append(load_workspace(request.getfixturevalue("bake")()))
    return FRESH[0]


def error(path, line=1, code="REG999", message="it is wrong"):
    return Problem(code, Severity.ERROR, Location(path, line), message, "mend it")


def ladder(workspace, today=TODAY, errors=()) -> Ladder:
    return Ladder(Facts(workspace, today), errors)


def parts(workspace, target, kind, today=TODAY, errors=()):
    return [part for part in ladder(workspace, today, errors).requirement(target).parts if part.kind is kind]


def of_kind(judged, target, kind):
    return [part for part in judged.requirement(target).parts if part.kind is kind]


def part(workspace, target, kind, today=TODAY, errors=()):
    (found,) = parts(workspace, target, kind, today, errors)
    return found


# Rungs.


def test_the_rungs_stand_in_order():
    assert [rung.height for rung in Rung] == [0, 1, 2, 3, 4, 5]


def needed(rung, way_up="do it", name="x"):
    return NeededPart(PartKind.DOCUMENT, name, rung, "why", way_up)


def test_the_weakest_part_that_can_be_lifted_holds_back():
    assert weakest([]) is AUDITED
    assert weakest([needed(APPROVED), needed(TAILORED), needed(OPERATING)]) is TAILORED
    assert weakest([needed(MISSING, ""), needed(APPROVED)]) is APPROVED
    assert weakest([needed(MISSING, "")]) is AUDITED
    first, second = needed(TAILORED, name="a"), needed(TAILORED, name="b")
    assert Standing("x", TAILORED, (needed(MISSING, ""), needed(APPROVED), first, second)).holds_back is first
    assert Standing("x", AUDITED, (needed(AUDITED, ""),)).holds_back is None
    assert Standing("x", None, (first,)).holds_back is None


# Documents.


def stands(workspace, name="PRO-020", today=TODAY, spoken=()):
    decisions, document = Decisions(workspace, today), workspace.document_by_id[name]
    return document_part(decisions, document, tailoring(decisions, document), spoken)


def test_a_document_stands_where_its_text_and_its_approval_put_it(kept):
    found = stands(kept)
    assert (found.kind, found.name, found.rung, found.way_up, found.told) == (PartKind.DOCUMENT, "PRO-020", APPROVED, "", False)
    head = kept.document_by_id["PRO-020"].head.value
    assert found.why.startswith(f"approved in version {head.version} on 2026-04-28, ")
    draft = stands(edited(kept, ("PRO-020", "status", "draft")))
    assert (draft.rung, draft.told, draft.way_up) == (TAILORED, False, "have PRO-020 approved")
    assert draft.why.endswith(", and it is a draft")
    over = stands(kept, today=DAY("2027-04-29"))
    assert (over.rung, over.why, over.told) == (TAILORED, "its review was due on 2027-04-28", True)
    assert over.way_up == "review PRO-020, and set the next day"
    assert stands(kept, today=DAY("2027-04-28")).rung is APPROVED
    nobody = stands(edited(kept, ("PRO-020", "approved", None)))
    assert (nobody.rung, nobody.why, nobody.told) == (TAILORED, "it is not approved", True)
    assert nobody.way_up == "have PRO-020 reviewed and approved anew"
    who = stands(edited(kept, ("PRO-020", "approved.by", "helen-osei"), ("PRO-020", "approved.as_role", None)))
    assert (who.rung, who.told) == (TAILORED, True) and who.why.startswith("its approver Helen Osei was not ")


def test_the_first_error_in_a_document_is_said(kept):
    path = kept.document_by_id["PRO-020"].path
    found = stands(kept, spoken=[error(path, 9, "DOC999"), error(path, 4, "DOC998", "that is wrong")])
    assert (found.rung, found.why, found.told) == (TAILORED, "DOC998 at line 4 says that that is wrong", True)
    unsound = stands(edited(kept, ("PRO-020", "approved.by", "helen-osei"), ("PRO-020", "approved.as_role", None)), spoken=[error(path)])
    assert unsound.why.startswith("its approver ")


def test_the_kits_own_text_is_a_template_however_it_was_approved(fresh):
    made = fresh
    found = stands(made, "PRO-003")
    assert (found.rung, found.told) == (TEMPLATE, False)
    assert found.way_up == "write section 'Purpose' of PRO-003 for your organisation, or adopt it as it is: ./aims adopt PRO-003"
    approved = edited(made, ("PRO-003", "status", "approved"))
    assert (stands(approved, "PRO-003").rung, stands(approved, "PRO-003").told) == (TEMPLATE, True)
    unknown = dataclasses.replace(made, generated=None)
    assert stands(unknown, "PRO-003").told is (stands(unknown, "PRO-003").rung is TEMPLATE)


def test_an_exception_is_named_beside_what_rests_on_it(kept):
    found = stands(excepted(kept, "PRO-003"), "PRO-003")
    assert found.rung is APPROVED and " on 2026-01-23, by exception EXC-900, " in found.why
    assert "exception" not in stands(kept, "PRO-003").why


# Documents of the ISMS.


@pytest.mark.parametrize(
    ("changes", "rung", "why", "way_up", "told"),
    [
        ({}, APPROVED, None, "", False),
        ({"status": "absent"}, MISSING, "the ISMS does not have it", "write it, and confirm {}", False),
        ({"status": "withdrawn"}, MISSING, "it is withdrawn", "write it, and confirm {}", False),
        (
            {"status": "to-confirm"},
            TEMPLATE,
            "nobody has confirmed yet that the ISMS has it",
            "look whether it is there, and confirm {}",
            False,
        ),
        ({"address": None}, TAILORED, "it is confirmed without its address", "complete {}", False),
        ({"version": None}, TAILORED, "it is confirmed without its version", "complete {}", False),
        ({"owner": None}, TAILORED, "it is confirmed without its owner", "complete {}", False),
        ({"next_review": None}, TAILORED, "it is confirmed without its next review", "complete {}", False),
        ({"address": None, "next_review": None}, TAILORED, "it is confirmed without its address", "complete {}", False),
        ({"next_review": "2026-11-16"}, APPROVED, None, "", False),
        (
            {"next_review": "2026-11-15"},
            TAILORED,
            "its review was due on 2026-11-15",
            "have it reviewed, and enter the next day in {}",
            True,
        ),
    ],
)
def test_a_document_of_the_isms_stands_where_its_register_puts_it(changes, rung, why, way_up, told, kept):
    name = next(record.id for record in kept.records(IsmsDocument) if record.value.status is IsmsDocumentStatus.CONFIRMED)
    made = edited(kept, *((name, path, new) for path, new in changes.items()))
    value = made.record_by_id[name].value
    found = isms_part(name, value, TODAY)
    assert (found.kind, found.name, found.rung, found.way_up, found.told) == (PartKind.ISMS_DOCUMENT, name, rung, way_up.format(name), told)
    assert found.why == (why or f"confirmed in version {value.version}, next review on {value.next_review}")


# Decisions on controls.


@pytest.mark.parametrize(
    ("changes", "rung", "why"),
    [
        ((), APPROVED, "included, decided on 2026-02-16"),
        ((("decided", None),), TEMPLATE, "the row of the Statement of Applicability is the kit's draft"),
        ((("status", "unconfirmed"),), TEMPLATE, "nobody has looked yet whether the ISMS has the control"),
        ((("decided.date", "2026-11-17"),), TAILORED, "it is decided from 2026-11-17 only"),
        ((("applicability", "excluded"),), TAILORED, "its exclusion has no day to look again"),
        ((("applicability", "excluded"), ("revisit", "2026-11-15")), TAILORED, "its exclusion was to be looked at on 2026-11-15"),
        ((("applicability", "excluded"), ("revisit", "2026-11-16")), APPROVED, "excluded, decided on 2026-02-16"),
        (
            (("applicability", "excluded"), ("revisit", "2026-11-16"), ("status", "unconfirmed")),
            APPROVED,
            "excluded, decided on 2026-02-16",
        ),
        ((("revisit", "2026-11-15"),), APPROVED, "included, decided on 2026-02-16"),
    ],
)
def test_a_decision_stands_where_its_row_puts_it(changes, rung, why, kept):
    name = "iso42001:A.5.4"
    made = edited(kept, *((name, path, new) for path, new in changes))
    found = decision_part(Decisions(made, TODAY), made.record_by_id[name].value, ())
    assert (found.kind, found.name, found.rung, found.why) == (PartKind.DECISION, name, rung, why)
    ways = {
        TEMPLATE: f"decide on {name}" if "draft" in why else f"confirm {name}",
        TAILORED: f"have the decision on {name} confirmed",
        APPROVED: "",
    }
    assert found.way_up == ways[rung]


def test_an_error_at_its_row_holds_a_decision_back(kept):
    record = kept.record_by_id["iso42001:A.5.4"]
    line = record.data.at("justification").line
    for spoken, rung in (
        ([error(record.data.path, line)], TAILORED),
        ([error(record.data.path, 1)], APPROVED),
        ([error("docs/x.md", line)], APPROVED),
    ):
        assert part(kept, record.id, PartKind.DECISION, errors=spoken).rung is rung
    two = [error(record.data.path, line, "SOA999", "second"), error(record.data.path, line, "SOA998", "first")]
    assert decision_part(Decisions(kept, TODAY), record.value, two).why == "first"


# Registers and records.


def test_a_register_is_as_far_as_what_is_its_own(kept):
    risks = kept.register(Risk)
    found = register_part(risks, ())
    assert (found.kind, found.name, found.rung, found.why, found.way_up) == (
        PartKind.REGISTER,
        "risks",
        APPROVED,
        f"{len(risks.records)} records in the AI risk register",
        "",
    )
    paths = {record.data.path for record in risks.records}
    kits = register_part(risks, paths)
    assert (kits.kind, kits.name) == (PartKind.REGISTER, "risks")
    assert (kits.rung, kits.why) == (TEMPLATE, "every record in the AI risk register is as the kit generated it, or a draft")
    assert kits.way_up == "decide on the records in the AI risk register"
    assert register_part(risks, sorted(paths)[1:]).why == "1 records in the AI risk register"
    assert register_part(dataclasses.replace(risks, records=()), ()) is None


def test_a_record_is_the_kits_where_its_file_or_it_says_so(kept):
    system = kept.record_by_id["AIS-001"]
    assert not is_the_kits(system, ())
    assert is_the_kits(system, {system.data.path})
    assert is_the_kits(edited(kept, ("AIS-001", "status", "draft")).record_by_id["AIS-001"], ())
    row = "iso42001:A.5.4"
    assert not is_the_kits(kept.record_by_id[row], ())
    assert is_the_kits(edited(kept, (row, "decided", None)).record_by_id[row], ())


def test_files_as_they_were_generated_are_known_by_their_fingerprint(fresh):
    made = fresh
    path = "registers/ai-systems/AIS-001.yaml"
    assert path in untouched(made)
    assert path not in untouched(dataclasses.replace(made, texts={**made.texts, path: made.texts[path] + "\n"}))
    assert path not in untouched(dataclasses.replace(made, texts={name: text for name, text in made.texts.items() if name != path}))
    assert untouched(dataclasses.replace(made, generated=None)) == frozenset()


def test_days_on_which_something_was_done_are_read_out_of_a_record(kept):
    def days(name):
        return days_of(kept.record_by_id[name].value.model_copy())  # what was asked of the record itself is kept

    assert set(days("RSK-001")) == {DAY("2026-09-22"), DAY("2026-06-15"), DAY("2026-09-24")}
    change = set(days("CHG-2026-003"))
    assert {DAY("2026-04-30"), DAY("2026-05-04"), DAY("2026-04-02"), DAY("2026-06-12")} <= change
    competence = next(record for record in kept.all_records if getattr(record.value, "repeat_on", None))
    assert days(competence.id) == (competence.value.completed_on,)


# What shows that it is done.


def test_operation_is_shown_by_evidence_and_fresh_records(kept):
    target = "iso42001:A.9.2"
    found = part(kept, target, PartKind.OPERATION)
    assert (found.rung, found.why, found.way_up) == (OPERATING, "shown by EV-007", "")
    gone = edited(kept, ("EV-007", "", None))
    none = part(gone, target, PartKind.OPERATION)
    assert none.rung is APPROVED
    assert none.why == "no evidence in date and no record of the last 12 months shows that it is done"
    assert none.way_up.startswith(f"collect evidence for {target}")
    spoken = [error(kept.record_by_id["EV-007"].data.path)]
    assert part(kept, target, PartKind.OPERATION, errors=spoken).rung is APPROVED
    planned = part(edited(kept, (target, "status", "planned")), target, PartKind.OPERATION)
    assert (planned.rung, planned.why) == (APPROVED, "its own row says that it is planned")
    assert planned.way_up == f"implement {target}, and say so in its row"
    assert part(edited(kept, (target, "status", "in-progress")), target, PartKind.OPERATION).rung is APPROVED
    assert part(edited(kept, (target, "status", "implemented")), target, PartKind.OPERATION).rung is OPERATING


def test_evidence_of_another_kind_shows_no_operation_and_is_named(kept):
    target = "iso42001:A.9.2"
    other = part(edited(kept, ("EV-007", "kind", "notice")), target, PartKind.OPERATION)
    assert other.rung is APPROVED
    assert other.why.endswith("shows that it is done; EV-007 is of the kind 'notice', which does not show it")
    assert other.way_up == f"collect evidence for {target}: test, record or review"
    assert "EV-" not in part(edited(kept, ("EV-007", "", None)), target, PartKind.OPERATION).why


def test_what_is_only_stated_is_said_and_comes_last(kept):
    target = "iso42001:A.6.2.3"
    found = part(kept, target, PartKind.OPERATION)
    assert (found.rung, found.why) == (OPERATING, "shown by EV-011 (only stated)")
    here = kept.record_by_id["EV-004"].value.model_copy(
        update={"id": "EV-900", "evidences": (target,), "kind": kept.record_by_id["EV-011"].value.kind}
    )
    both = edited(kept, ("EV-004", "", here))
    assert part(both, target, PartKind.OPERATION).why == "shown by EV-900, EV-011 (only stated)"
    judged = ladder(kept)
    stated, operating = judged.stated_alone(), judged.operating()
    leaves = [leaf for name in judged.catalogues for leaf in judged.leaves(name)]
    assert operating == tuple(leaf for leaf in leaves if judged.requirement(leaf).rung in (OPERATING, AUDITED))
    assert {judged.requirement(leaf).rung for leaf in operating} == {OPERATING, AUDITED}
    assert set(stated) == {leaf for leaf in operating if part_of(judged, leaf).why == "shown by EV-011 (only stated)"}
    assert target in stated and "iso42001:8.1" in set(operating) - set(stated)  # changes show it too
    assert ladder(both)._is_stated(target) is False
    assert ladder(edited(kept, ("EV-011", "", None)))._is_stated(target) is False


def part_of(judged, target):
    (found,) = of_kind(judged, target, PartKind.OPERATION)
    return found


def test_evidence_shows_nothing_by_lying_in_its_register(kept):
    register = kept.registers["evidence"]
    head = register.head.value.model_copy(update={"addresses": ("iso42001:4.1",)})
    made = dataclasses.replace(register, head=dataclasses.replace(register.head, value=head))
    found = part(dataclasses.replace(kept, registers={**kept.registers, "evidence": made}), "iso42001:4.1", PartKind.OPERATION)
    assert found.rung is APPROVED and "keep the" not in found.way_up


def test_three_are_named_and_the_rest_is_counted(kept):
    judged = ladder(kept)
    shown = [one for leaf in judged.leaves("iso42001") for one in of_kind(judged, leaf, PartKind.OPERATION)]
    whys = [one.why for one in shown if one.rung is OPERATING]
    more = [why for why in whys if " more" in why]
    assert more and all(why.split(" and ")[0].count(",") == 2 for why in more)
    assert all(int(why.rsplit(" and ", 1)[1].split()[0]) >= 1 for why in more)
    three = [why for why in whys if why.count(",") == 2 and " more" not in why]
    assert three


def only_risk(kept, **days):
    """The risk register with one risk, whose days are these."""
    register = kept.registers["risks"]
    first = register.records[0]
    value = first.value.model_copy(
        update={
            "acceptance": None,
            "assessed_on": DAY("2026-01-01"),
            "treatment": first.value.treatment.model_copy(update={"done_on": None}),
            **days,
        }
    )
    made = dataclasses.replace(first, data=dataclasses.replace(first.data, value=value))
    return dataclasses.replace(kept, registers={**kept.registers, "risks": dataclasses.replace(register, records=(made,))})


@pytest.mark.parametrize(
    ("day", "rung"), [("2025-11-15", APPROVED), ("2025-11-16", OPERATING), ("2026-11-16", OPERATING), ("2026-11-17", APPROVED)]
)
def test_a_record_shows_operation_for_twelve_months(day, rung, kept):
    made = only_risk(kept, assessed_on=DAY(day))
    assert part(made, "iso42001:8.2", PartKind.OPERATION).rung is rung
    assert (rung is OPERATING) == (part(made, "iso42001:8.2", PartKind.OPERATION).why == "shown by RSK-001")


def test_a_record_with_an_error_or_of_the_kit_shows_nothing(kept):
    made = only_risk(kept, assessed_on=TODAY)
    path = made.registers["risks"].records[0].data.path
    assert part(made, "iso42001:8.2", PartKind.OPERATION, errors=[error(path)]).rung is APPROVED
    first = kept.registers["risks"].records[0].data.path
    assert part(kept, "iso42001:8.2", PartKind.OPERATION, errors=[error(first)]).why.startswith("shown by RSK-002")
    without = dataclasses.replace(only_risk(kept), parameters={})
    late = part(without, "iso42001:8.2", PartKind.OPERATION, DAY("2028-01-01"))
    assert late.why == "no evidence in date and no record of the last 12 months shows that it is done"
    said = part(only_risk(kept), "iso42001:8.2", PartKind.OPERATION, DAY("2028-01-01"))
    assert said.way_up == "collect evidence for iso42001:8.2: record, report or minutes, or keep the AI risk register"
    longer = edited(made, ("org", "parameters.review_interval_months", 24))
    assert part(longer, "iso42001:8.2", PartKind.OPERATION, DAY("2028-11-01")).rung is OPERATING
    assert part(made, "iso42001:8.2", PartKind.OPERATION, DAY("2028-11-01")).rung is APPROVED


def test_what_is_missing_in_the_impact_assessments_is_said_elsewhere(kept):
    target = "iso42001:8.4"
    assert part(kept, target, PartKind.OPERATION).rung is OPERATING
    for code, rung in (("REG201", APPROVED), ("REG204", APPROVED), ("REG210", APPROVED), ("REG202", OPERATING)):
        found = part(kept, target, PartKind.OPERATION, errors=[error(kept.record_by_id["AIS-003"].data.path, code=code)])
        assert found.rung is rung, code
        if rung is APPROVED:
            assert (found.why, found.way_up) == (f"{code} says that it is wrong", "mend it")
    other = part(kept, "iso42001:8.2", PartKind.OPERATION, errors=[error(kept.record_by_id["AIS-003"].data.path, code="REG201")])
    assert other.rung is OPERATING
    broken = part(dataclasses.replace(kept, broken={"registers/risks/RSK-099.yaml": None}), target, PartKind.OPERATION)
    assert (broken.rung, broken.way_up) == (APPROVED, "mend the file that check names")
    assert broken.why == "a record cannot be read, so that nobody knows what is missing"
    assert part(dataclasses.replace(kept, broken={"docs/x.md": None}), target, PartKind.OPERATION).rung is OPERATING
    assert part(dataclasses.replace(kept, broken={"registers/x.yaml": None}), "iso42001:8.2", PartKind.OPERATION).rung is OPERATING


# Audits.


def test_an_audit_covers_until_a_major_nonconformity_is_open(kept):
    target = "iso42001:5.1"
    found = part(kept, target, PartKind.AUDIT)
    assert (found.rung, found.way_up) == (AUDITED, "") and found.why.startswith("covered by AUD-2026-")
    audit = found.why.split()[2]
    assert found.why == f"covered by {audit} on {kept.record_by_id[audit].value.carried_out_on}"
    spoken = [error(kept.record_by_id[audit].data.path)]
    every = [error(record.data.path) for record in kept.records(Audit)]
    none = part(kept, target, PartKind.AUDIT, errors=every)
    assert (none.rung, none.why, none.way_up) == (OPERATING, "no audit of the present cycle covered it", f"have {target} audited")
    assert part(kept, target, PartKind.AUDIT, errors=spoken).why != found.why
    finding = kept.records(AuditFinding)[0]
    nonconformity = kept.records(Nonconformity)[0].id
    major = edited(
        kept,
        (finding.id, "requirement", target),
        (finding.id, "grade", "major-nonconformity"),
        (finding.id, "nonconformity", nonconformity),
        (nonconformity, "state", "open"),
        (nonconformity, "requirement", target),
    )
    held = part(major, target, PartKind.AUDIT)
    assert held.rung is OPERATING
    assert held.why.startswith("a major nonconformity is open: ")
    first = held.why.removeprefix("a major nonconformity is open: ").split(",")[0]
    assert held.way_up == f"close {first} with its effect shown"


# A whole requirement.


def kinds(workspace, target, **more):
    return [one.kind for one in ladder(workspace, **more).requirement(target).parts]


def test_a_control_begins_with_its_decision_and_a_clause_has_none(kept):
    assert kinds(kept, "iso42001:A.9.2")[0] is PartKind.DECISION
    assert PartKind.DECISION not in kinds(kept, "iso42001:5.1")
    assert kinds(kept, "iso42001:5.1")[-2:] == [PartKind.OPERATION, PartKind.AUDIT]
    without = edited(kept, ("iso42001:A.9.2", "", None))
    decision = part(without, "iso42001:A.9.2", PartKind.DECISION)
    assert (decision.rung, decision.why, decision.way_up) == (MISSING, "the Statement of Applicability has no row for it", "add a row")
    standing = ladder(without).requirement("iso42001:A.9.2")
    assert standing.rung is MISSING and standing.holds_back == decision


def test_an_excluded_control_has_no_rung_once_that_is_decided(kept):
    name = "iso42001:A.9.2"
    out = edited(kept, (name, "applicability", "excluded"), (name, "revisit", "2026-12-31"))
    assert (ladder(out).requirement(name).rung, kinds(out, name)) == (None, [PartKind.DECISION])
    assert ladder(out).requirement(name).requirement == name
    late = edited(kept, (name, "applicability", "excluded"), (name, "revisit", "2026-11-15"))
    assert ladder(late).requirement(name).rung is TAILORED


def test_what_no_paper_answers_is_missing_or_only_decided(kept):
    judged = ladder(kept)
    bare = [leaf for name in judged.catalogues for leaf in judged.leaves(name) if of_kind(judged, leaf, PartKind.NOTHING)]
    assert "iso27001:A.7.1" in bare
    found = part(kept, "iso27001:A.7.1", PartKind.NOTHING)
    assert (found.name, found.rung) == ("iso27001:A.7.1", TAILORED)
    assert found.why == "it is decided on, and no document here says how it is met"
    assert found.way_up == "name iso27001:A.7.1 in a document, or in the register of ISMS documents"
    undecided = part(edited(kept, ("iso27001:A.7.1", "decided", None)), "iso27001:A.7.1", PartKind.NOTHING)
    assert (undecided.name, undecided.rung) == ("iso27001:A.7.1", MISSING)
    assert (undecided.why, undecided.way_up) == ("no document and no record names it", found.way_up)
    papers = [one.name for one in parts(kept, "iso42001:5.1", PartKind.DOCUMENT)]
    assert papers
    clause = edited(kept, *((name, "status", "withdrawn") for name in papers))
    assert PartKind.DOCUMENT not in kinds(clause, "iso42001:5.1")


def test_a_paper_that_claims_too_much_answers_nothing(kept):
    target = "iso42001:5.1"
    document = kept.document_by_id[parts(kept, target, PartKind.DOCUMENT)[0].name]
    place = document.head.at("addresses")

    def papers(*problems):
        return [one.name for one in parts(kept, target, PartKind.DOCUMENT, errors=problems)]

    assert document.id in papers()
    assert document.id not in papers(error(place.path, place.line, "REG313"))
    assert document.id in papers(error(place.path, place.line, "REG312"))
    assert document.id in papers(error(place.path, place.line + 1, "REG313"))


def isms_names(workspace, target, **more):
    return [one.name for one in parts(workspace, target, PartKind.ISMS_DOCUMENT, **more)]


def test_documents_of_the_isms_count_where_they_are_there(kept):
    target = next(
        target
        for record in reversed(kept.records(IsmsDocument))
        if record.value.status is IsmsDocumentStatus.CONFIRMED
        for target in record.value.covers
        if target.startswith("iso27001:A.")
    )
    name = isms_names(kept, target)[-1]
    record = kept.record_by_id[name]
    for status in ("withdrawn", "replaced"):
        assert name not in isms_names(edited(kept, (name, "status", status)), target)
    place = record.data.at("covers")
    assert name not in isms_names(kept, target, errors=[error(place.path, place.line, "REG313")])
    assert name in isms_names(kept, target, errors=[error(place.path, place.line, "REG312")])
    first = kept.records(IsmsDocument)[0]
    assert first.id != name
    place = first.data.at("covers")
    assert name in isms_names(edited(kept, (first.id, "status", "withdrawn")), target)
    assert name in isms_names(kept, target, errors=[error(place.path, place.line, "REG313")])
    absent = edited(kept, *((one, "status", "absent") for one in isms_names(kept, target)))
    documents = parts(absent, target, PartKind.DOCUMENT)
    assert bool(isms_names(absent, target)) is not bool(documents)


def test_registers_are_needed_where_no_text_answers_or_records_are_asked_for(kept):
    judged = ladder(kept)
    leaves = judged.leaves("iso42001")
    asked = [leaf for leaf in leaves if of_kind(judged, leaf, PartKind.REGISTER)]
    assert "iso42001:8.2" in asked
    assert any(one.kind is AskedKind.RECORD for leaf in asked for one in kept.requirements[leaf].asks_for)
    silent = [leaf for leaf in leaves if judged._registers(leaf) and leaf not in asked]
    assert silent and all(of_kind(judged, leaf, PartKind.DOCUMENT) for leaf in silent)
    assert not any(one.kind is AskedKind.RECORD for leaf in silent for one in kept.requirements[leaf].asks_for)
    bare = edited(kept, *((one.name, "status", "withdrawn") for one in of_kind(judged, silent[0], PartKind.DOCUMENT)))
    assert parts(bare, silent[0], PartKind.REGISTER)
    assert all("statement-of-applicability" not in judged._registers(leaf) for leaf in leaves)


def test_a_clause_is_as_far_as_what_stands_below_it(kept):
    judged = ladder(kept)
    above = judged.requirement("iso42001:A.6.2")
    below = [leaf for leaf in judged.leaves("iso42001") if leaf.startswith("iso42001:A.6.2.")]
    assert above.requirement == "iso42001:A.6.2"
    assert above.rung is min((judged.requirement(leaf).rung for leaf in below), key=lambda rung: rung.height)
    assert [one.name for one in above.parts] == below and {one.kind for one in above.parts} == {PartKind.BELOW}
    for one in above.parts:
        standing = judged.requirement(one.name)
        back = standing.holds_back
        assert (one.rung, one.way_up) == (standing.rung, back.way_up if back else "")
        assert one.why == (back.why if back else "every part is there, and an audit covered it")
    first = below[0]
    out = edited(kept, (first, "applicability", "excluded"), (first, "revisit", "2026-12-31"))
    assert first not in [one.name for one in ladder(out).requirement("iso42001:A.6.2").parts]
    every = edited(kept, *(change for leaf in below for change in ((leaf, "applicability", "excluded"), (leaf, "revisit", "2026-12-31"))))
    assert (ladder(every).requirement("iso42001:A.6.2").rung, ladder(every).requirement("iso42001:A.6.2").parts) == (None, ())


def test_catalogues_are_those_of_the_statement_and_the_own_controls(kept):
    assert ladder(kept).catalogues == ("iso42001", "iso27001", "own")
    assert ladder(kept).leaves("own") == ("own:OWN-001",)
    assert ladder(edited(kept, ("org", "statement_of_applicability", ("iso42001", "no-such")))).catalogues == ("iso42001", "own")
    assert ladder(edited(kept, ("OWN-001", "", None))).catalogues == ("iso42001", "iso27001")
    assert ladder(dataclasses.replace(kept, organisation=None)).catalogues == ("own",)
    own = ladder(kept).requirement("own:OWN-001")
    assert own.parts[0].kind is PartKind.DECISION and own.rung is not None


def test_a_document_is_judged_once_with_the_errors_of_its_file(kept):
    path = kept.document_by_id["PRO-020"].path
    judged = ladder(kept, errors=[error(path, 3)])
    assert judged.document("PRO-020").rung is TAILORED
    assert judged.document("PRO-020") is judged.document("PRO-020")
    assert ladder(kept).document("PRO-020").rung is APPROVED
    with pytest.raises(KeyError):
        judged.document("PRO-999")
    assert judged.decisions["iso42001:A.5.4"][1].control == "iso42001:A.5.4"
    assert isinstance(judged.decisions["iso42001:A.5.4"][0], Record) and isinstance(judged.decisions["iso42001:A.5.4"][1], SoaEntry)
