"""REG33: acknowledgements are of versions that were in force, by people who are known, and in time."""

from __future__ import annotations

from collections.abc import Iterator

from macros.checks.registry import Said, check
from macros.facts.computed import Facts
from macros.model.document import DocumentStatus, order_of
from macros.model.records.reading import PSEUDONYM, Acknowledgement, ReadingDuty
from macros.problem import Severity, did_you_mean


@check("REG331", "Acknowledged version was never in force")
def never_in_force(facts: Facts) -> Iterator[Said]:
    """Nobody can have read a version that is still to come, and nobody is bound by a draft, whose version begins with 0."""
    for record in facts.workspace.records(Acknowledgement):
        given: Acknowledgement = record.value
        document = facts.workspace.document_by_id.get(given.document)
        if document is None:
            continue
        head = document.head.value
        draft = head.status is DocumentStatus.DRAFT and given.version == head.version
        if order_of(given.version) > order_of(head.version) or order_of(given.version)[0] == 0 or draft:
            stands = f"which is at {head.version} as {head.status.value}"
            yield (
                record.data.at("version"),
                f"'{given.id}' acknowledges version {given.version} of '{given.document}', {stands}",
                "enter the version that was in force on that day",
            )


@check("REG332", "Acknowledgement is by somebody who is not known")
def unknown_reader(facts: Facts) -> Iterator[Said]:
    """An acknowledgement counts for a person in `org.yaml`; a pseudonym begins with `reader-`, so that no misspelt name passes for one."""
    organisation = facts.workspace.organisation
    if organisation is None:
        return
    known = {person.id for person in organisation.value.people}
    for record in facts.workspace.records(Acknowledgement):
        given: Acknowledgement = record.value
        if given.person not in known and not given.person.startswith(PSEUDONYM):
            yield (
                record.data.at("person"),
                f"'{given.id}' is by unknown person '{given.person}'",
                did_you_mean(given.person, known, "use a person id from 'org.yaml', or a pseudonym that begins with 'reader-'"),
            )


@check("REG333", "Acknowledgement is of a day that has not come")
def not_yet(facts: Facts) -> Iterator[Said]:
    """An acknowledgement says what somebody has done, and nobody has read tomorrow."""
    for record in facts.workspace.records(Acknowledgement):
        given: Acknowledgement = record.value
        if given.acknowledged_on > facts.today:
            yield (
                record.data.at("acknowledged_on"),
                f"'{given.id}' was acknowledged on {given.acknowledged_on}, which has not come",
                "enter the day on which it was given",
            )


@check("REG334", "Version was acknowledged before it was approved")
def before_approval(facts: Facts) -> Iterator[Said]:
    """A text that is read before its approval can still change, so having read it says nothing of the text in force."""
    for record in facts.workspace.records(Acknowledgement):
        given: Acknowledgement = record.value
        document = facts.workspace.document_by_id.get(given.document)
        head = document.head.value if document else None
        if head and head.approved and given.version == head.version and given.acknowledged_on < head.approved.date:
            early = f"on {given.acknowledged_on}, before its approval on {head.approved.date}"
            yield (
                record.data.at("acknowledged_on"),
                f"'{given.id}' acknowledges version {given.version} of '{given.document}' {early}",
                "have it read again, or enter the version that was read",
            )


@check("REG335", "Document is not read in time by all who must", Severity.WARNING)
def late(facts: Facts) -> Iterator[Said]:
    """A rule binds those who know it; how soon they read it is decided in the register of reading duties (ISO/IEC 42001, 7.3)."""
    if not facts.workspace.is_whole("registers"):
        return
    places = {record.id: record.data.at("document") for record in facts.workspace.records(ReadingDuty)}
    for reading in facts.readings:
        if reading.late:
            who = [missing.person for missing in reading.missing if missing.late(facts.today)]
            first = f", the first is '{who[0]}'" if who else ""
            name, verb = reading.document.id, "is" if reading.late == 1 else "are"
            yield (
                places[reading.duties[0].id],
                f"'{name}': {reading.said}, and {reading.late} of the others {verb} past the days given{first}",
                "have them read it and enter that; the page 'Acknowledged documents' lists them",
            )


@check("REG336", "More readers than must have acknowledged a document", Severity.NOTE)
def too_many(facts: Facts) -> Iterator[Said]:
    """Where names are not kept, a count of pseudonyms above the number of people hides those who have not read it."""
    places = {record.id: record.data.at("people") for record in facts.workspace.records(ReadingDuty)}
    for reading in facts.readings:
        if reading.must_unnamed and reading.seen_unnamed > reading.must_unnamed:
            counted = next(duty for duty in reading.duties if duty.people)
            yield (
                places[counted.id],
                f"{reading.seen_unnamed} pseudonyms have acknowledged '{reading.document.id}', and 'people' says {reading.must_unnamed}",
                "set 'people' to those who are here now, and take out the pseudonyms of those who left",
            )
