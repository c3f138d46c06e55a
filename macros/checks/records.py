"""REG and SOA: records say something, refer to what exists, and the Statement of Applicability is whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from macros.cache import kept_by_identity
from macros.checks.registry import Said, check
from macros.facts.computed import Facts
from macros.model.base import Model, Reference, fields_of, prefixes_of, references_in
from macros.model.catalogue import RequirementKind
from macros.model.document import DocumentType
from macros.model.numbering import NUMBERING
from macros.model.records.applicability import Applicability, Implementation, SoaEntry
from macros.model.records.common import Entry, RecordStatus
from macros.model.records.governance import IsmsDocument, IsmsDocumentStatus
from macros.model.records.kinds import KINDS, Layout
from macros.model.records.systems import Decided
from macros.model.workspace import OWN, Record, Register, Sourced
from macros.problem import Location, Severity, did_you_mean

_NAMING = ("answered_by", "found_by", "led_to")
"""Entries of records that name others by id, or say it in words."""
_ID = re.compile(rf"^([A-Z]{{2,3}})-{NUMBERING}$")


@cache
def _prefixes() -> frozenset[str]:
    """The letters of every id that a document or record can have."""
    return frozenset({kind.prefix for kind in DocumentType} | {prefix for kind in KINDS for prefix in prefixes_of(kind.record)})


def _entries(facts: Facts) -> Iterator[tuple[Record[SoaEntry], SoaEntry]]:
    for record in facts.workspace.records(SoaEntry):
        yield record, record.value


@check("SOA101", "Control has no row in the Statement of Applicability")
def missing_row(facts: Facts) -> Iterator[Said]:
    """Every control of the annex is decided on, in or out (ISO/IEC 42001 and 27001, 6.1.3)."""
    workspace = facts.workspace
    if not workspace.organisation or not workspace.is_whole("registers") or not workspace.is_whole("controls"):
        return
    register = workspace.register(SoaEntry)
    decided = {record.id for record in workspace.records(SoaEntry)}
    place = register.head.at("records") if register else workspace.organisation.at("statement_of_applicability")
    asked = set(workspace.organisation.value.statement_of_applicability) | {OWN}
    for control, requirement in workspace.requirements.items():
        if requirement.kind is RequirementKind.CONTROL and control.split(":", 1)[0] in asked and control not in decided:
            yield place, f"control '{control}' {requirement.title} has no row", "add a row that includes or excludes it, with a reason"


@check("SOA102", "Row is for something that is no control")
def unknown_control(facts: Facts) -> Iterator[Said]:
    """The Statement of Applicability decides on controls that exist."""
    requirements = facts.workspace.requirements
    known = {name for name, requirement in requirements.items() if requirement.kind is RequirementKind.CONTROL}
    if not facts.workspace.is_whole("controls"):
        return
    for record, entry in _entries(facts):
        if entry.control in known:
            continue
        here = record.data.at("control")
        if entry.control in requirements:
            yield here, f"'{entry.control}' is a {requirements[entry.control].kind.value}, and no control", "remove the row"
        else:
            way_out = did_you_mean(entry.control, known, "take the id from its catalogue")
            yield here, f"'{entry.control}' is no control of a catalogue here", way_out


@check("SOA103", "Control has two rows")
def repeated_row(facts: Facts) -> Iterator[Said]:
    """Two decisions on one control are none, because nobody can tell which one holds."""
    seen: dict[str, Location] = {}
    for record, entry in _entries(facts):
        here = record.data.at("control")
        first = seen.setdefault(entry.control, here)
        if first != here:
            where = f"on line {first.line}" if first.path == here.path else f"at {first}"
            yield here, f"'{entry.control}' has a row already, {where}", "keep one"


@check("SOA104", "Status contradicts the decision")
def contradiction(facts: Facts) -> Iterator[Said]:
    """What is excluded has no state of implementation, and what is included has one."""
    for record, entry in _entries(facts):
        excluded = entry.applicability is Applicability.EXCLUDED
        if excluded != (entry.status is Implementation.NOT_APPLICABLE):
            yield (
                record.data.at("status"),
                f"'{entry.control}' is {entry.applicability.value} and its status is '{entry.status.value}'",
                "write not-applicable with excluded, and only with it",
            )


@check("SOA105", "Exclusion has no day to look again", Severity.WARNING)
def exclusion_for_ever(facts: Facts) -> Iterator[Said]:
    """What does not apply today may apply after the next product; an exclusion is looked at again."""
    for record, entry in _entries(facts):
        if entry.applicability is Applicability.EXCLUDED and entry.revisit is None:
            yield record.data.at(), f"'{entry.control}' is excluded with no day to look again", "add 'revisit' with a date"


@check("SOA106", "Exclusion is due to be looked at again", Severity.WARNING)
def exclusion_due(facts: Facts) -> Iterator[Said]:
    """The day on which the organisation wanted to look again has passed."""
    for record, entry in _entries(facts):
        if entry.applicability is Applicability.EXCLUDED and entry.revisit and entry.revisit < facts.today:
            yield (
                record.data.at("revisit"),
                f"the exclusion of '{entry.control}' was to be looked at on {entry.revisit}",
                "confirm it with a new date, or include the control",
            )


@check("SOA107", "Rows are still the kit's draft", Severity.NOTE)
def undecided(facts: Facts) -> Iterator[Said]:
    """A generated row is a proposal; it becomes a decision when somebody answers for it."""
    open_rows = [(record, entry) for record, entry in _entries(facts) if entry.decided is None]
    if open_rows:
        record, entry = open_rows[0]
        yield (
            record.data.at("decided"),
            f"{len(open_rows)} of {sum(1 for _ in _entries(facts))} rows are not decided, the first is '{entry.control}'",
            "read each row, change or keep it, and enter who decided and when",
        )


@check("REG101", "Record id is used twice")
def repeated_id(facts: Facts) -> Iterator[Said]:
    """Ids are never reused; other records, evidence and audit trails point at them."""
    seen: dict[str, Record[Entry]] = {}
    for record in facts.workspace.all_records:
        if isinstance(record.value, SoaEntry):
            continue
        first = seen.setdefault(record.id, record)
        if first is not record:
            yield (
                record.data.at(record.kind.key),
                f"'{record.id}' is already the id of the record at {first.data.at(first.kind.key)}",
                "give this record the next free number",
            )


def _named_beside_the_head(register: Register[Entry]) -> Iterator[tuple[Sourced[Model], tuple[Reference, ...]]]:
    """What the other files of a register refer to: single records, or the parts of a table that is divided."""
    if register.kind.layout is Layout.FOLDER:
        yield from ((record.data, record.references) for record in register.records)
    else:
        yield from ((part, references_in(part.value)) for part in register.parts)


@check("REG102", "Record names a role or person that does not exist")
def unknown_role(facts: Facts) -> Iterator[Said]:
    """Whoever owns, approves or carries out something has to be known to the organisation."""
    organisation = facts.workspace.organisation
    if not organisation:
        return
    people = {person.id for person in organisation.value.people}
    roles = set(facts.workspace.role_by_id)
    known = {"role": roles, "person": people, "approver": roles | people}
    registers = facts.workspace.registers.values()
    heads = [(register.head, references_in(register.head.value)) for register in registers]
    rest = [named for register in registers for named in _named_beside_the_head(register)]
    for sourced, named in (*heads, *rest):
        for path, to, target in named:
            if to in known and target not in known[to]:
                word = {"role": "role", "person": "person", "approver": "role or person"}[to]
                yield (
                    sourced.at(*path),
                    f"unknown {word} '{target}' in '{path[-1] if isinstance(path[-1], str) else path[-2]}'",
                    did_you_mean(target, known[to], f"use a {word} id from 'org.yaml', or add it there"),
                )


@check("REG103", "Record refers to something that does not exist")
def unknown_item(facts: Facts) -> Iterator[Said]:
    """A record about an AI system, dataset or audit that is not there cannot be followed to its ground."""
    workspace = facts.workspace
    if not (workspace.is_whole("registers") and workspace.is_whole("docs")):
        return
    known = {*workspace.record_by_id, *workspace.document_by_id}
    for record in workspace.all_records:
        for path, to, target in record.references:
            if to == "item" and target not in known:
                yield (
                    record.data.at(*path),
                    f"'{record.id}' refers to unknown '{target}'",
                    did_you_mean(target, known, "take the id from its register"),
                )
        for path, target in _ids_as_text(record.value):
            if target not in known:
                yield (
                    record.data.at(*path),
                    f"'{record.id}' refers to unknown '{target}'",
                    did_you_mean(target, known, "take the id from its register"),
                )


@kept_by_identity()
def _ids_as_text(record: Model) -> tuple[tuple[tuple[str | int, ...], str], ...]:
    """Ids that stand alone where a sentence might stand too."""
    found: list[tuple[tuple[str | int, ...], str]] = []
    fields = fields_of(record)
    for key in _NAMING:
        value = fields.get(key) or ()
        for index, text in enumerate((value,) if isinstance(value, str) else value):
            match = _ID.match(text)
            if match and match.group(1) in _prefixes():
                found.append(((key,) if isinstance(value, str) else (key, index), text))
    return tuple(found)


@check("REG104", "Record or register addresses a requirement that does not exist")
def unknown_requirement(facts: Facts) -> Iterator[Said]:
    """A record counts for a requirement only where that requirement exists."""
    known = facts.workspace.requirements
    if not facts.workspace.is_whole("controls"):
        return
    for register in facts.workspace.registers.values():
        for sourced, named in ((register.head, references_in(register.head.value)), *_named_beside_the_head(register)):
            for path, to, target in named:
                if register.kind.record is SoaEntry and path[0] == "records":
                    continue  # the rows have a rule of their own
                if to == "requirement" and target not in known:
                    yield (
                        sourced.at(*path),
                        f"unknown requirement '{target}'",
                        did_you_mean(target, known, "take the id from its catalogue"),
                    )


@check("REG105", "File is not named after its record")
def file_name(facts: Facts) -> Iterator[Said]:
    """Whoever looks for a record by id finds it by its file name."""
    for record in facts.workspace.all_records:
        if record.kind.layout is Layout.FOLDER and not record.data.path.endswith(f"/{record.id}.yaml"):
            yield (
                record.data.at("id"),
                f"record '{record.id}' lies in '{record.data.path.rsplit('/', 1)[1]}'",
                f"name the file '{record.id}.yaml'",
            )


@check("REG106", "Record is a draft", Severity.NOTE)
def draft(facts: Facts) -> Iterator[Said]:
    """A draft record shows what the organisation might say, not what it decided."""
    for record in facts.workspace.all_records:
        if record.value.is_draft:
            yield (
                record.data.at("status"),
                f"{record.kind.one} '{record.id}' {record.value.label} is a draft",
                "make it your own, then enter who approved it and when",
            )


@check("REG107", "Approved record lacks its approval")
def approved_without(facts: Facts) -> Iterator[Said]:
    """Approved means that somebody said yes on a day."""
    for record in facts.workspace.all_records:
        value = record.value
        if isinstance(value, Decided) and value.status is RecordStatus.APPROVED and value.approved is None:
            yield (
                record.data.at("approved"),
                f"'{record.id}' is approved and does not say by whom",
                "enter who approved it and when, or set the status to draft",
            )


@check("REG109", "Folder of records has no head")
def headless(facts: Facts) -> Iterator[Said]:
    """The head says who keeps a register and what it answers; without it the records in the folder are shown nowhere."""
    paths = set(facts.workspace.paths)
    for kind in KINDS:
        folder = f"{kind.folder}/"
        if kind.folder_head not in paths:
            first = next((path for path in facts.workspace.paths if path.startswith(folder)), None)
            if first:
                yield (
                    Location(first),
                    f"'{folder}' has records and no 'register.yaml'",
                    "bring the head back from the repository's history or the template",
                )


@check("REG110", "File in registers belongs to no register", Severity.WARNING)
def stray(facts: Facts) -> Iterator[Said]:
    """A file under a name that the engine does not know is read by nothing, and what it says counts for nothing."""
    if not facts.workspace.organisation:
        return
    tables = {kind.own_file for kind in KINDS if kind.layout is Layout.TABLE}
    folders = {kind.folder for kind in KINDS}
    for path in facts.workspace.paths:
        if path.startswith("registers/") and path not in tables and not (path.endswith(".yaml") and path.rsplit("/", 1)[0] in folders):
            name = path.removeprefix("registers/").split("/")[0].removesuffix(".yaml").removesuffix(".yml")
            way_out = did_you_mean(
                name, [kind.name for kind in KINDS], "move it elsewhere; the manual's page 'Registers' lists the registers"
            )
            yield Location(path), f"'{path.removeprefix('registers/')}' is no file of a register", way_out


@check("REG108", "ISMS documents are still to be confirmed", Severity.NOTE)
def unconfirmed(facts: Facts) -> Iterator[Said]:
    """The kit lists what an ISMS usually has; only the organisation knows whether it is there, where, and in date."""
    waiting = [record for record in facts.workspace.records(IsmsDocument) if record.value.status is IsmsDocumentStatus.TO_CONFIRM]
    if waiting:
        total = Counter(record.kind.name for record in facts.workspace.records(IsmsDocument)).total()
        yield (
            waiting[0].data.at("status"),
            f"{len(waiting)} of {total} ISMS documents are to be confirmed, the first is '{waiting[0].id}'",
            "enter address, version, owner and next review, and set the status to confirmed or absent",
        )
