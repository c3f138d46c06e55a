"""REG3: evidence has days that fit together, has not run out, and is the file that was collected."""

from __future__ import annotations

from collections.abc import Iterator

from macros.checks.registry import Said, check
from macros.days import after_months
from macros.facts.computed import Facts
from macros.facts.evidence import EvidenceBook, EvidenceState, Freshness, contradiction, run_trouble
from macros.load.files import Kept, is_run, kept
from macros.model.records.support import Evidence, ExternalDocument, Sensitivity
from macros.model.workspace import Record
from macros.problem import Severity


def _evidence(facts: Facts) -> Iterator[tuple[Record[Evidence], Evidence]]:
    for record in facts.workspace.records(Evidence):
        yield record, record.value


@check("REG301", "Evidence is dated in the future")
def from_the_future(facts: Facts) -> Iterator[Said]:
    """What has not happened yet cannot have been collected; a wrong year makes evidence look fresh for twelve months too long."""
    for record, evidence in _evidence(facts):
        if evidence.collected_on > facts.today:
            yield (
                record.data.at("collected_on"),
                f"'{record.id}' was collected on {evidence.collected_on}, which has not come yet",
                "enter the day on which it was taken",
            )


@check("REG302", "Dates of evidence contradict each other")
def dates_apart(facts: Facts) -> Iterator[Said]:
    """Evidence covers a period that had ended when it was collected, and counts from then, no longer than until it is due again."""
    for record, evidence in _evidence(facts):
        apart = contradiction(evidence)
        if apart:
            yield record.data.at("period_to"), f"'{record.id}' contradicts itself: {apart}", "enter the days as they stand in the evidence"
        elif evidence.every_months is not None and evidence.every_months < 1:
            yield (
                record.data.at("every_months"),
                f"'{record.id}' is due every {evidence.every_months} months",
                "write a whole number from 1, or null for once",
            )
        elif evidence.every_months and evidence.valid_until > after_months(evidence.collected_on, evidence.every_months):
            longest = after_months(evidence.collected_on, evidence.every_months)
            yield (
                record.data.at("valid_until"),
                f"'{record.id}' is due every {evidence.every_months} months and says it counts until {evidence.valid_until}",
                f"write at most {longest}, which is its interval after 'collected_on', or change 'every_months'",
            )


@check("REG303", "Evidence has run out and nothing newer is there", Severity.WARNING)
def stale(facts: Facts) -> Iterator[Said]:
    """What was shown to work a year ago is not shown to work today, unless later evidence is about the same requirement and AI system."""
    book = facts.evidence
    for found in book.stale():
        yield (
            found.record.data.at("valid_until"),
            f"'{found.record.id}' no longer counts: {found.why}, and nothing newer shows {_pairs(book, found)}",
            "collect it again and add a record; keep this one as it is",
        )


@check("REG304", "Evidence is due soon", Severity.NOTE)
def due_soon(facts: Facts) -> Iterator[Said]:
    """Thirty days, or a third of the interval where that is shorter, are enough to collect evidence before the old one runs out."""
    book = facts.evidence
    for found in book.due():
        if found.state is EvidenceState.DUE_SOON:
            yield (
                found.record.data.at("valid_until"),
                f"'{found.record.id}' {found.evidence.title}: {found.why}",
                "collect it again and add a record; keep this one as it is",
            )


def _pairs(book: EvidenceBook, found: Freshness) -> str:
    shown = [f"'{target}'" + (f" for '{system}'" if system else "") for target, system in book.uncovered(found)]
    return shown[0] + (f" and {len(shown) - 1} more" if len(shown) > 1 else "")


@check("REG305", "File is not what its record says")
def other_file(facts: Facts) -> Iterator[Said]:
    """The SHA-256 of a file is taken when it is collected; a file that changed since then shows something else, or nothing."""
    workspace = facts.workspace
    for record, evidence in _evidence(facts):
        found = workspace.fingerprints.get(evidence.reference)
        if found is None or evidence.sensitivity is Sensitivity.BY_REFERENCE:
            continue
        if evidence.sha256 is not None and evidence.sha256 != found.sha256:
            yield record.data.at("sha256"), *_other(record.id, evidence.reference, evidence.sha256, found.sha256)
        elif evidence.size is not None and evidence.size != found.size:
            yield (
                record.data.at("size"),
                f"'{evidence.reference}' has {found.size} bytes, and '{record.id}' says {evidence.size}",
                _BACK,
            )
        elif is_run(evidence.reference) and evidence.reference in workspace.runs:
            trouble = run_trouble(workspace, evidence)
            if trouble:
                yield record.data.at("reference"), f"'{record.id}' does not agree with its automated evidence: {trouble}", _SAME
    for paper in workspace.records(ExternalDocument):
        found, said = workspace.fingerprints.get(paper.value.address), paper.value.sha256
        if found is not None and said is not None and said != found.sha256:
            yield paper.data.at("sha256"), *_other(paper.id, paper.value.address, said, found.sha256)


_BACK = "bring back the file that was collected, or add a record for what lies there now"

_SAME = "let the record say what the run says, with the files that it left behind"


def _other(name: str, path: str, said: str, found: str) -> tuple[str, str]:
    return f"the SHA-256 of '{path}' is {found[:12]}…, and '{name}' says {said[:12]}…", _BACK


@check("REG306", "File of evidence is not there")
def not_there(facts: Facts) -> Iterator[Said]:
    """A record that refers to a file that nobody can open shows nothing; a symbolic link is no file."""
    for record, evidence in _evidence(facts):
        where = kept(evidence.reference)
        if evidence.sensitivity is Sensitivity.BY_REFERENCE or where is Kept.ELSEWHERE:
            continue
        if where is Kept.NOWHERE:
            yield (
                record.data.at("reference"),
                f"'{evidence.reference}' of '{record.id}' is neither a path inside the repository nor an address",
                "write the path from the root with forward slashes, or the address with 'https://'",
            )
        elif evidence.reference not in facts.workspace.fingerprints:
            yield (
                record.data.at("reference"),
                f"'{evidence.reference}' of '{record.id}' is no file of the repository",
                "bring it back from the repository's history, or mend the path",
            )
    for paper in facts.workspace.records(ExternalDocument):
        document = paper.value
        looks_here = kept(document.address) is Kept.HERE and "/" in document.address and " " not in document.address
        if document.sha256 and looks_here and document.address not in facts.workspace.fingerprints:
            yield (
                paper.data.at("address"),
                f"'{document.address}' of '{paper.id}' is no file of the repository",
                "bring it back from the repository's history, or mend the address",
            )


@check("REG307", "File of evidence has no fingerprint", Severity.WARNING)
def no_fingerprint(facts: Facts) -> Iterator[Said]:
    """Without the SHA-256 of the day on which it was collected, nobody can tell whether a file is still the same."""
    for record, evidence in _evidence(facts):
        if evidence.sha256 is None and evidence.reference in facts.workspace.fingerprints:
            yield (
                record.data.at("sha256"),
                f"'{evidence.reference}' of '{record.id}' has no SHA-256",
                f'write "{facts.workspace.fingerprints[evidence.reference].sha256}" if it is the file that was collected',
            )


@check("REG308", "Sensitive evidence lies in the repository")
def sensitive_here(facts: Facts) -> Iterator[Said]:
    """What is kept by reference may be read by few; a repository is read by many, and its history keeps what is deleted."""
    for record, evidence in _evidence(facts):
        if evidence.sensitivity is Sensitivity.BY_REFERENCE and evidence.reference in facts.workspace.fingerprints:
            yield (
                record.data.at("reference"),
                f"'{record.id}' is kept by reference, and its file '{evidence.reference}' lies in the repository",
                "move the file out, also out of the repository's history, and refer to where it is kept; or set 'sensitivity' to open",
            )


@check("REG309", "Evidence is for a requirement that is not asked for", Severity.WARNING)
def not_asked_for(facts: Facts) -> Iterator[Said]:
    """Either the requirement is at work here and its decision is wrong, or the evidence is collected for nothing."""
    book = facts.evidence
    for record, evidence in _evidence(facts):
        for index, target in enumerate(evidence.evidences):
            why = book.why_not_asked(target) if target in facts.workspace.requirements else None
            if why:
                yield (
                    record.data.at("evidences", index),
                    f"'{record.id}' is evidence for '{target}', which {why}",
                    "change the decision, or take the requirement out of the record",
                )
