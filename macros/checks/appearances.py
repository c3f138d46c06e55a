"""REG: what looks like proof and shows nothing: empty or borrowed files, one paper for everything, results that say something else."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from macros.checks.registry import Said, check
from macros.days import after_months
from macros.facts.assessments import brought_to
from macros.facts.audits import empty_sample, within
from macros.facts.computed import Facts
from macros.model.base import fields_of
from macros.model.records.governance import IsmsDocument
from macros.model.records.improvement import Audit, Change, GateWord
from macros.model.records.risk import Risk, RiskHead
from macros.model.records.support import Evidence
from macros.model.records.systems import AiSystem, Stage
from macros.model.workspace import Record
from macros.problem import Location

EMPTY = 6
"""Bytes below which a file holds nothing but white space or a mark."""
MOST = 25
"""Requirements of which one paper can show something; it would take a sentence on each."""
LONGEST = 36
"""Months for which evidence counts at most: the cycle of a certification, in which everything is looked at anew."""
_REJECTED = re.compile(
    r"\b(no-go|not approved|not released|not accepted|approval withdrawn)\b|(?:\A|[.;:] |\b(?:was|is) |\bgate [1-5] )(rejected)\b",
    re.IGNORECASE,
)
"""Says that a change was turned down; that "the model rejected 3 of 5 inputs" does not."""
_SPOKEN_OF = ("approved_on", "acknowledged_on", "repeat_on", "assessed_on")
"""Days of which a rule of their own speaks, or that a decision and a gate ask about."""


@check("REG116", "Result of a change says something else than its decision")
def other_result(facts: Facts) -> Iterator[Said]:
    """A change that was turned down is no release; where a gate was decided anew, the result is written anew with it (8.1)."""
    for record in facts.workspace.records(Change):
        change = record.value
        goes = [given for given in change.decisions if given.decision is not GateWord.NO_GO]
        found = _REJECTED.search(change.result or "")
        if found and goes and len(goes) == len(change.decisions):
            yield (
                record.data.at("result"),
                f"the result of '{record.id}' says '{found[1] or found[2]}', and each of its decisions says go",
                "enter the decision that was given, or say in the result what became of it",
            )


@check("REG117", "Record says that something was done on a day to come")
def done_tomorrow(facts: Facts) -> Iterator[Said]:
    """A measurement, training, review or incident of tomorrow has not taken place, and shows nothing today."""
    for record in facts.workspace.all_records:
        if isinstance(record.value, Evidence | Audit | Risk):
            continue
        for name, day in fields_of(record.value).items():
            if name.endswith("_on") and name not in _SPOKEN_OF and hasattr(day, "year") and day > facts.today:
                yield (
                    record.data.at(name),
                    f"'{record.id}' says {day} under '{name}', which has not come yet",
                    "enter the day on which it was done, or leave it open until then",
                )


@check("REG212", "Risk criteria let an owner accept what is above the acceptable level")
def soft_criteria(facts: Facts) -> Iterator[Said]:
    """What lies above `risk_acceptance_level`, or is grave for people, is not accepted by whoever owns the risk (6.1.2, PRO-006)."""
    limit = facts.workspace.number("risk_acceptance_level", None)
    register = facts.workspace.register(Risk)
    head = register.head if register else None
    if head is None or not isinstance(head.value, RiskHead) or not isinstance(limit, int):
        return
    for index, band in enumerate(head.value.bands):
        below = max((other.up_to for other in head.value.bands if other.up_to < band.up_to), default=0)
        owned = [name for name in ("accepted_by", "grave_accepted_by") if "owner" in (fields_of(band)[name] or ())]
        if band.up_to > limit and "accepted_by" in owned:
            said = f"the band '{band.word}' reaches to {band.up_to}, above {limit}, and lets the owner of a risk accept it"
            yield head.at("bands", index, "accepted_by"), said, "name who may accept it instead, or decide on another level"
        elif "grave_accepted_by" in owned:
            said = f"the band '{band.word}' lets the owner of a risk accept a grave consequence for people"
            yield head.at("bands", index, "grave_accepted_by"), said, "name top management, or nobody"
        elif below < limit < band.up_to:
            said = f"the band '{band.word}' reaches from {below + 1} to {band.up_to}, across the acceptable level {limit}"
            yield head.at("bands", index, "up_to"), said, "let a band end at the acceptable level"


@check("REG213", "AI system is at an earlier stage than its latest change brought it to")
def other_stage(facts: Facts) -> Iterator[Said]:
    """An AI system leaves operation by a change, not by a word in its record; until then everything is asked of it (8.1, A.6.2.6)."""
    order = list(Stage)
    for record in facts.workspace.records(AiSystem):
        brought = brought_to(facts.workspace, record.value, facts.today)
        if brought and order.index(record.value.stage) < order.index(brought):
            yield (
                record.data.at("stage"),
                f"'{record.id}' is said to be in {record.value.stage.value}, and its latest change brought it to {brought.value}",
                "enter the change that takes it back, with its stage and the day, or set the stage right",
            )


@check("REG311", "One file is evidence of different AI systems in two records")
def borrowed(facts: Facts) -> Iterator[Said]:
    """One file shows one thing; under a second record it seems to show as much of another AI system, or of the whole management system."""
    by_file: dict[str, list[Record[Evidence]]] = defaultdict(list)
    for record in facts.workspace.records(Evidence):
        by_file[record.value.sha256 or ""].append(record)
    for file, records in by_file.items():
        for record in records if file else ():
            other = next((one for one in records if {*one.value.about} != {*record.value.about}), None)
            if other:
                yield (
                    record.data.at("sha256"),
                    f"'{record.id}' shows the same file as '{other.id}', which is about something else: {record.value.reference}",
                    "collect evidence of its own, or enter in one record all that the file is about",
                )


@check("REG312", "File of evidence is empty")
def empty(facts: Facts) -> Iterator[Said]:
    """A file without content shows nothing, and has a fingerprint all the same."""
    for record in facts.workspace.records(Evidence):
        found = facts.workspace.fingerprints.get(record.value.reference)
        if found is not None and found.size < EMPTY:
            yield (
                record.data.at("reference"),
                f"'{record.value.reference}' of '{record.id}' has {found.size} bytes",
                "bring the file that was collected",
            )


@check("REG313", "One paper is said to answer more than it can")
def everything(facts: Facts) -> Iterator[Said]:
    """An address, file or document named for all requirements shows none of them; an auditor would ask where in it."""
    papers: list[tuple[str, Location, int]] = [
        (record.id, record.data.at("evidences"), len({*record.value.evidences})) for record in facts.workspace.records(Evidence)
    ]
    papers += [(record.id, record.data.at("covers"), len({*record.value.covers})) for record in facts.workspace.records(IsmsDocument)]
    papers += [(found.id, found.head.at("addresses"), len({*found.head.value.addresses})) for found in facts.workspace.documents]
    for name, place, count in papers:
        if count > MOST:
            yield (
                place,
                f"'{name}' names {count} requirements, and at most {MOST} can be shown by one",
                "name those that it shows, and bring another for each of the rest",
            )
    by_address: dict[str, dict[str, Record[Evidence]]] = defaultdict(dict)
    for record in facts.workspace.records(Evidence):
        for target in record.value.evidences:
            by_address[record.value.reference][target] = record
    for address, shown in by_address.items():
        last = list(shown.values())[-1]
        if len(shown) > MOST and len(set(last.value.evidences)) <= MOST:
            yield (
                last.data.at("evidences"),
                f"'{address}' is evidence for {len(shown)} requirements in several records, and at most {MOST} can be shown by one",
                "name those that it shows, and bring another for each of the rest",
            )


@check("REG314", "Evidence counts for longer than three years")
def too_long(facts: Facts) -> Iterator[Said]:
    """What was seen three years ago belongs to another cycle of certification; a day far ahead keeps it from ever being asked for."""
    for record in facts.workspace.records(Evidence):
        longest = after_months(record.value.period_to, LONGEST)
        if record.value.valid_until > longest:
            yield (
                record.data.at("valid_until"),
                f"'{record.id}' is of {record.value.period_to} and says it counts until {record.value.valid_until}",
                f"write at most {longest}, and collect it anew before that",
            )


@check("REG337", "Audit does not say what was looked at")
def unsampled(facts: Facts) -> Iterator[Said]:
    """For each requirement an auditor says what was sampled, what was seen, and what was concluded; the rest was not audited (9.2.2)."""
    for record in facts.workspace.records(Audit):
        audit = record.value
        if audit.carried_out_on is None or audit.conclusion is None:
            continue
        for index, sample in enumerate(audit.samples):
            if fault := empty_sample(audit, sample):
                way_out = "enter what was looked at for which of them, out of how many"
                yield record.data.at("samples", index), f"in audit '{audit.id}' {fault}", way_out
            area = next((target for target in sample.requirements if facts.workspace.stands_above(target)), None)
            if area:
                said = f"a sample of audit '{audit.id}' names '{area}', which has requirements below it"
                yield record.data.at("samples", index), said, "name each of those that were looked at"
        named = {target for sample in audit.samples for target in sample.requirements}
        left = [target for target in audit.covers if not any(within(one, target) for one in named)]
        if left:
            yield (
                record.data.at("covers"),
                (
                    f"audit '{audit.id}' does not say what was looked at for {len(left)} of {len(audit.covers)} requirements, "
                    f"the first is '{left[0]}'"
                ),
                "enter the sample, what was seen and what was concluded under 'samples', or take out what was not looked at",
            )
