"""What one condition is asked about, and the documents and records that may answer it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TypeVar

from macros.checks import Judged
from macros.facts.computed import Facts
from macros.facts.decisions import Decisions
from macros.facts.evidence import file_trouble
from macros.facts.showing import fits, kind_of, spoken
from macros.facts.trace import LinkKind
from macros.load.files import Kept, kept
from macros.model.document import Approval
from macros.model.gates import GateCondition, Proof
from macros.model.numbering import natural
from macros.model.records.common import Entry
from macros.model.records.improvement import Change
from macros.model.records.partners import Supplier
from macros.model.records.risk import Risk
from macros.model.records.support import Evidence, ExternalDocument, Result
from macros.model.records.systems import AiSystem, ImpactAssessment
from macros.model.workspace import Document, Record

About = TypeVar("About", Risk, ExternalDocument, Evidence, Change, Supplier)


@dataclass(frozen=True, slots=True)
class Case:
    """What one condition is asked about."""

    judged: Judged
    record: Record[AiSystem]
    condition: GateCondition

    @property
    def facts(self) -> Facts:
        return self.judged.facts

    @property
    def decisions(self) -> Decisions:
        return self.judged.facts.decisions

    @property
    def system(self) -> AiSystem:
        return self.record.value

    def error_in(self, found: Record[Entry] | Document, besides: Collection[str] = ()) -> str:
        """What a rule says is wrong with a document or record, as a clause; empty where no error stands in it."""
        errors = self.judged.errors
        problem = errors.in_document(found) if isinstance(found, Document) else errors.in_record(found)
        return f"{problem.code} says that {problem.message}" if problem and problem.code not in besides else ""

    def decider(self, approval: Approval) -> str:
        """Who approved, in words."""
        person = self.facts.workspace.person_by_id.get(approval.by)
        return person.name if person else approval.by

    def about_it(self, definition: type[ImpactAssessment]) -> list[Record[ImpactAssessment]]:
        """Impact assessments of it."""
        return [record for record in self.facts.workspace.records(definition) if record.value.about == self.system.id]

    def about(self, definition: type[About]) -> list[Record[About]]:
        """Records of one definition that are about the AI system."""
        return [record for record in self.facts.workspace.records(definition) if self.system.id in record.value.about]


def candidates(case: Case) -> Iterator[tuple[str, str, str]]:
    """Documents and records about the AI system that answer what is asked: id, how to name it, and why it does not count."""
    if Proof.DOCUMENT in case.condition.proof:
        yield from _documents(case)
    if Proof.EXTERNAL_DOCUMENT in case.condition.proof:
        for paper in case.about(ExternalDocument):
            if set(case.condition.of) & set(paper.value.addresses):
                yield (
                    paper.id,
                    f"{paper.id} {paper.value.title}",
                    predicate(case.decisions.approved(paper.value).fault) or case.error_in(paper),
                )
    if Proof.EVIDENCE in case.condition.proof:
        yield from _evidence(case)


def predicate(fault: str | None) -> str:
    """A clause as it follows a name."""
    return (fault or "").removeprefix("it ")


def _documents(case: Case) -> Iterator[tuple[str, str, str]]:
    version = case.system.version
    for document in sorted(case.facts.workspace.documents, key=lambda document: natural(document.id)):
        head = document.head.value
        if case.system.id in head.about and set(case.condition.of) & set(head.addresses):
            fault = predicate(case.decisions.document(document).fault)
            if case.condition.this_version and not _names(document.body, version):
                fault = "; ".join(filter(None, (f"does not name version '{version}'", fault)))
            yield head.id, f"{head.id} {head.title}", fault or case.error_in(document)


def _evidence(case: Case) -> Iterator[tuple[str, str, str]]:
    for record in case.about(Evidence):
        named = set(case.condition.of) & {link.target for link in case.facts.trace.links_from(record.id, LinkKind.EVIDENCES)}
        if named:
            of_kind = any(fits(case.facts.workspace, record.value, target) for target in named)
            fault = "" if of_kind else f"is of the kind '{spoken(kind_of(case.facts.workspace, record.value))}', which does not show it"
            yield record.id, f"{record.id} {record.value.title}", fault or _evidence_fault(case, record)


def _evidence_fault(case: Case, record: Record[Evidence]) -> str:
    today, version, evidence = case.facts.today, case.system.version, record.value
    if evidence.collected_on > today:
        return f"is dated {evidence.collected_on}, a day to come"
    if evidence.valid_until < today:
        return f"ended on {evidence.valid_until}"
    if evidence.result is Result.FAILED:
        return "says that the examination failed"
    if case.condition.passed and evidence.result is not Result.PASSED:
        return "does not say that the examination passed"
    if case.condition.this_version and evidence.version != version:
        return f"was collected on version '{evidence.version}'" if evidence.version else "names no version"
    if kept(evidence.reference) is Kept.ELSEWHERE or evidence.sha256 is None:
        return "is only stated: no file of it with its SHA-256 is in the repository"
    if not case.facts.evidence.records[record.id].state.counts:
        trouble = case.facts.evidence.records[record.id].why or file_trouble(case.facts.workspace, evidence) or "it does not count today"
        return f"does not count: {trouble}"
    later = next((one for one in case.facts.evidence.records.values() if one.undoes(case.facts.evidence.records[record.id])), None)
    if later:
        return f"is undone by {later.record.id}, a later examination that failed"
    return case.error_in(record)


def _names(text: str, version: str) -> bool:
    """Whether a text names a version as a word of its own."""
    start = text.find(version)
    while start >= 0:
        before, after = text[start - 1 : start], text[start + len(version) :]
        if not (before.isalnum() or before in (".", "-")) and not (after[:1].isalnum() or (after[:1] == "." and after[1:2].isalnum())):
            return True
        start = text.find(version, start + 1)
    return False
