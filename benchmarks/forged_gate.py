"""Forgeries of impact assessments, classes under the EU AI Act, stages and records of AI systems."""

from __future__ import annotations

import re
from collections.abc import Iterator

from benchmarks.forging import Approver, Desk, Forgery, kind, stop
from benchmarks.seeds import Base

ASSESSMENT = "registers/impact-assessments/AIA-{}.yaml"
SYSTEM = "registers/ai-systems/AIS-{}.yaml"
CHANGE = "registers/changes/CHG-2026-{}.yaml"
NUMBERS = ("001", "002", "003")
LEAD = "ai-governance-lead"
COVERED = {"iso42001:8.4": "approved", "iso42001:A.5.3": "approved", "iso42001:6.1.4": "approved"}
"""Requirements that no AI system in use without its assessment lets operate."""


def closes(number: str) -> tuple[str, str, str]:
    """The gate of the AI system that an assessment is about."""
    return stop(f"AIS-{number}", "impact-assessment")


def raised(base: Base) -> Desk:
    """The assessment of the demand forecast, said to be of version 3.0, in which the system is and which nobody assessed."""
    return Desk(base).swap(ASSESSMENT.format("003"), r'version: "2\.8"', 'version: "3.0"', count=2)


@kind("scope of an assessment raised to the version that the AI system has now")
def _raised(base: Base) -> Iterator[Forgery]:
    path = ASSESSMENT.format("003")
    yield Desk(base).swap(path, r'^  version: "2\.8"', '  version: "3.0"').forgery(closes("003"), rungs=COVERED)
    yield raised(base).forgery(closes("003"), rungs=COVERED, codes=("REG115",))
    yield raised(base).seal("AIA-003").forgery(closes("003"), rungs=COVERED)
    late = raised(base).approved(path, Approver("ines-carvalho", "2026-11-10", LEAD)).seal("AIA-003")
    yield late.forgery(closes("003"), rungs=COVERED)
    for day in ("2026-09-30", "2026-10-17"):
        desk = raised(base).entry(path, "assessed_on", f'"{day}"').approved(path, Approver("ines-carvalho", "2026-10-16", LEAD))
        yield desk.seal("AIA-003").forgery(closes("003"), rungs=COVERED)


@kind("assessment that names no day, or one to come")
def _no_day(base: Base) -> Iterator[Forgery]:
    for number in ("001", "002"):
        for day in ("null", '"2031-01-15"', '"2026-11-17"'):
            yield (
                Desk(base).entry(ASSESSMENT.format(number), "assessed_on", day).seal(f"AIA-{number}").forgery(closes(number), rungs=COVERED)
            )
    desk = raised(base).entry(ASSESSMENT.format("003"), "assessed_on", "null").seal("AIA-003")
    yield desk.forgery(closes("003"), rungs=COVERED)


@kind("assessment carried out after it was approved")
def _after(base: Base) -> Iterator[Forgery]:
    for number, day in (("001", "2026-04-21"), ("002", "2026-11-01"), ("001", "2026-11-16")):
        yield (
            Desk(base)
            .entry(ASSESSMENT.format(number), "assessed_on", f'"{day}"')
            .seal(f"AIA-{number}")
            .forgery(closes(number), rungs=COVERED, codes=("REG114",))
        )


@kind("assessment carried out before the version was fixed")
def _before(base: Base) -> Iterator[Forgery]:
    for number, day in (("001", "2026-03-31"), ("002", "2026-02-12"), ("001", "2020-01-01")):
        yield (
            Desk(base)
            .entry(ASSESSMENT.format(number), "assessed_on", f'"{day}"')
            .seal(f"AIA-{number}")
            .forgery(closes(number), rungs=COVERED)
        )


@kind("impacts of an assessment deleted, with the approval kept")
def _no_impacts(base: Base) -> Iterator[Forgery]:
    for number in ("001", "002"):
        desk = Desk(base).entry(ASSESSMENT.format(number), "impacts", "[]")
        yield desk.forgery(closes(number), codes=("REG205",))
        yield desk.seal(f"AIA-{number}").forgery(closes(number))


@kind("one grave harm taken out of an assessment")
def _one_impact(base: Base) -> Iterator[Forgery]:
    for number in ("001", "002"):
        path = ASSESSMENT.format(number)
        desk = Desk(base).swap(path, r"^  - falls_on: (?:.*\n)+?(?=  - falls_on: |\w)", "")
        yield desk.forgery(closes(number), codes=("REG115",))
        yield desk.seal(f"AIA-{number}").forgery()


@kind("consultation, conditions or residual effects of an assessment rewritten after its approval")
def _rewritten(base: Base) -> Iterator[Forgery]:
    for number in ("001", "002"):
        path = ASSESSMENT.format(number)
        for change in (
            Desk(base).entry(path, "consultation", "[]"),
            Desk(base).entry(path, "conditions", "[]"),
            Desk(base).entry(path, "judgement", "Use is justified without conditions."),
            Desk(base).swap(path, r"severity: [345]", "severity: 1", count=20),
        ):
            yield change.forgery(closes(number), codes=("REG115",))
            yield change.seal(f"AIA-{number}").forgery()


@kind("last day of an assessment removed, past, or further away than it may be")
def _until(base: Base) -> Iterator[Forgery]:
    for number in ("001", "002"):
        for day in ("null", '"2026-11-15"', '"2029-01-01"', '"2027-11-16"'):
            yield (
                Desk(base).entry(ASSESSMENT.format(number), "valid_until", day).seal(f"AIA-{number}").forgery(closes(number), rungs=COVERED)
            )


@kind("parameters raised so that more is let through")
def _parameters(base: Base) -> Iterator[Forgery]:
    for name, value in (
        ("impact_review_months", "36"),
        ("risk_acceptance_level", "25"),
        ("review_interval_months", "36"),
        ("risk_acceptance_level", "12"),
    ):
        yield (
            Desk(base)
            .swap("org.yaml", r"^parameters:\n(?:  review_interval_months: 12\n)?", f"parameters:\n  {name}: {value}\n")
            .forgery(codes=("STA107",))
        )


@kind("assessment set to approved by hand")
def _by_hand(base: Base) -> Iterator[Forgery]:
    for number in ("001", "002"):
        path = ASSESSMENT.format(number)
        draft = Desk(base).entry(path, "status", "draft").entry(path, "approved", "null")
        yield Desk(base, draft.changes).entry(path, "status", "approved").forgery(closes(number), codes=("REG107",))
        before = Desk(base, draft.changes).entry(path, "status", "approved")
        yield before.approved(path, Approver(LEAD, "2026-04-20")).seal(f"AIA-{number}").forgery(closes(number), codes=("REG114",))


@kind("assessment of one AI system given to another")
def _other_system(base: Base) -> Iterator[Forgery]:
    for number, other in (("001", "003"), ("002", "003"), ("001", "002")):
        desk = Desk(base).entry(ASSESSMENT.format(number), "about", f"AIS-{other}")
        yield desk.forgery(closes(number), codes=("REG115",))
        yield desk.seal(f"AIA-{number}").forgery(closes(number))


@kind("high-risk AI system judged minimal, its reasons left as they are")
def _minimal(base: Base) -> Iterator[Forgery]:
    path, where = SYSTEM.format("001"), stop("AIS-001", "class-judged")
    for judged in ("minimal", "transparency", "out-of-scope"):
        desk = Desk(base).swap(path, "  risk_class: high-risk", f"  risk_class: {judged}").swap(path, r"^  annex: .*\n", "  annex: null\n")
        yield desk.forgery(where, codes=("REG115",))
        yield desk.seal("AIS-001").forgery(where)


@kind("high-risk AI system judged minimal, its reasons reworded")
def _reworded(base: Base) -> Iterator[Forgery]:
    path = SYSTEM.format("001")
    for judged in ("minimal", "transparency", "out-of-scope"):
        desk = Desk(base).swap(path, "  risk_class: high-risk", f"  risk_class: {judged}").swap(path, r"^  annex: .*\n", "  annex: null\n")
        yield desk.swap(path, r"Annex III, point 4\(a\) applies", "No point of Annex III applies").seal("AIS-001").forgery()


@kind("class high-risk without its point of the annex, or with one that the reasons do not name")
def _annex(base: Base) -> Iterator[Forgery]:
    path, where = SYSTEM.format("001"), stop("AIS-001", "class-judged")
    for annex in ("null", "Annex III, 5(b)", "Annex I"):
        yield Desk(base).entry(path, "annex", annex, "  ").seal("AIS-001").forgery(where)
    yield (
        Desk(base)
        .swap(SYSTEM.format("003"), "risk_class: minimal", "risk_class: high-risk")
        .seal("AIS-003")
        .forgery(stop("AIS-003", "class-judged"))
    )


@kind("class undetermined or prohibited, and in operation all the same")
def _undetermined(base: Base) -> Iterator[Forgery]:
    for number in NUMBERS:
        for judged in ("undetermined", "prohibited"):
            desk = Desk(base).swap(SYSTEM.format(number), r"^  risk_class: .*", f"  risk_class: {judged}")
            yield desk.seal(f"AIS-{number}").forgery(stop(f"AIS-{number}", "class-judged"))


@kind("retired AI system brought back")
def _back(base: Base) -> Iterator[Forgery]:
    for number in ("001", "002"):
        path = SYSTEM.format(number)
        for stage in ("operation", "deployment", "development"):
            change = CHANGE.format("008" if number == "001" else "005")
            desk = (
                Desk(base).entry(path, "stage", "retired").entry(change, "stage", "retired").entry(change, "implemented_on", '"2026-11-02"')
            )
            desk.seal(f"CHG-2026-{'008' if number == '001' else '005'}")
            yield Desk(base, desk.changes).entry(path, "stage", stage).forgery(stop(f"AIS-{number}", "not-retired"), codes=("REG213",))


@kind("AI system that an approved change retires, kept in operation")
def _kept(base: Base) -> Iterator[Forgery]:
    for number, change in (("001", "008"), ("002", "005"), ("001", "003")):
        path = CHANGE.format(change)
        desk = Desk(base).entry(path, "stage", "retired")
        yield desk.seal(f"CHG-2026-{change}").forgery(stop(f"AIS-{number}", "not-retired"))


@kind("model, use, data or people of an AI system changed in place")
def _in_place(base: Base) -> Iterator[Forgery]:
    for number in ("001", "002"):
        path, where = SYSTEM.format(number), closes(number)
        for desk in (
            Desk(base).swap(path, r'^    version: ".*"', '    version: "9.9"'),
            Desk(base).swap(path, r"^intended_use: >-\n", "intended_use: >-\n  It also decides alone.\n"),
            Desk(base).swap(path, r"^datasets:\n  - .*\n", "datasets:\n"),
            Desk(base).swap(path, r"^affected:\n  - group: .*\n    how: >-\n(?:      .*\n)+", "affected:\n"),
            Desk(base).swap(path, r"^context: >-\n", "context: >-\n  It is used in twelve further countries.\n"),
            Desk(base).swap(path, r"^models:\n", 'models:\n  - name: another model\n    version: "1"\n    provider: nobody\n'),
            Desk(base).swap(path, r"^affected:\n", "affected:\n  - group: Children\n    how: They are ranked as well.\n"),
        ):
            yield desk.forgery(where, rungs=COVERED, codes=("REG115",))
            yield desk.seal(f"AIS-{number}").forgery(where, rungs=COVERED)


@kind("the same changed in the record and in the scope of its assessment")
def _both(base: Base) -> Iterator[Forgery]:
    for number in ("001", "002"):
        system, assessment, where = SYSTEM.format(number), ASSESSMENT.format(number), closes(number)
        for pattern, new in (
            (r"^( *)intended_use: >-\n", r"\1intended_use: >-\n\1  It also decides alone.\n"),
            (r"^( *)context: >-\n", r"\1context: >-\n\1  It is used in twelve further countries.\n"),
        ):
            desk = Desk(base).swap(system, pattern, new).swap(assessment, pattern, new)
            yield desk.forgery(where, codes=("REG115",))
            yield desk.seal(f"AIS-{number}", f"AIA-{number}").forgery()


@kind("oversight, autonomy, limits or owner of an AI system changed in place")
def _oversight(base: Base) -> Iterator[Forgery]:
    for number in ("001", "002"):
        path, where = SYSTEM.format(number), stop(f"AIS-{number}", "record-approved")
        for desk in (
            Desk(base).swap(path, r"^autonomy: .*", "autonomy: decides"),
            Desk(base).swap(path, r"^not_intended: >-\n(?:  .*\n)+", "not_intended: Nothing is left out.\n"),
            Desk(base).swap(path, r"^  means: >-\n(?:    .*\n)+", "  means: Somebody looks from time to time.\n"),
            Desk(base).swap(path, r"^owner: .*", "owner: data-steward"),
        ):
            yield desk.forgery(where, codes=("REG115",))
            yield desk.seal(f"AIS-{number}").forgery()


@kind("operator of an AI system replaced by a role without training")
def _operator(base: Base) -> Iterator[Forgery]:
    for number, role in (("001", "data-steward"), ("002", "top-management"), ("003", "internal-auditor")):
        desk = Desk(base).swap(SYSTEM.format(number), r"^  operator: .*", f"  operator: {role}")
        yield desk.forgery(stop(f"AIS-{number}", "record-approved"), codes=("REG115",))
        yield desk.seal(f"AIS-{number}").forgery()


@kind("AI system removed from the register, or under a new id")
def _gone(base: Base) -> Iterator[Forgery]:
    for number in NUMBERS:
        path = SYSTEM.format(number)
        yield Desk(base).write(path, None).forgery()
        text = re.sub(rf"^id: AIS-{number}", "id: AIS-004", base.texts[path], flags=re.MULTILINE)
        yield Desk(base).write(path, None).write(SYSTEM.format("004"), text).forgery(("AIS-004", "operation", "impact-assessment"))


@kind("AI system set back to an earlier stage, so that less is asked of it")
def _earlier(base: Base) -> Iterator[Forgery]:
    for stage in ("inception", "development", "verification"):
        yield Desk(base).entry(SYSTEM.format("003"), "stage", stage).forgery(rungs=COVERED, codes=("REG213",))
