"""The ladder: a requirement is only as far as the weakest part that it needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from macros.days import after_days
from macros.facts.audits import covered, open_major
from macros.facts.computed import Facts
from macros.facts.errors import Errors
from macros.facts.showing import either, is_verified, kind_of, kinds_for, spoken
from macros.facts.tailoring import Tailoring, tailoring
from macros.facts.trace import LinkKind
from macros.model.catalogue import AskedKind, Requirement, RequirementKind, is_leaf
from macros.model.document import DocumentStatus
from macros.model.records.applicability import Applicability, Implementation, SoaEntry
from macros.model.records.governance import IsmsDocument, IsmsDocumentStatus
from macros.model.records.kinds import SOA, register_of
from macros.model.records.support import Evidence
from macros.model.workspace import OWN, Record
from macros.problem import Problem
from macros.status.documents import days_of, decision_part, document_part, is_the_kits, isms_part, register_part, untouched
from macros.status.rungs import NeededPart, PartKind, Rung, Standing, weakest

DAYS_PER_MONTH = 365.25 / 12
_FOR_REGISTER = {"impact-assessments": ("REG201", "REG204", "REG210")}
"""Problems that stand at another record and speak of what is missing in a register."""
EVIDENCE = register_of(Evidence)
"""The register of evidence."""
_TOO_MUCH = "REG313"
"""Says that one paper is named for more requirements than it can answer."""


class Ladder:
    """How far each document, decision and requirement of one workspace has come on one day."""

    def __init__(self, facts: Facts, problems: Iterable[Problem]) -> None:
        """Nothing is computed until it is asked for.

        Args:
            facts: What is judged, with the day.
            problems: What the checks say, before any weight or exception of the organisation; an error holds its place back.
        """
        self.facts = facts
        self.workspace, self.trace, self.today = facts.workspace, facts.trace, facts.today
        self.errors, self.decisions_in_force = Errors(problems), facts.decisions
        self._documents: dict[str, NeededPart] = {}
        self._tailored: dict[str, Tailoring] = {}
        self._leaves: dict[str, tuple[str, ...]] = {}
        self._standings: dict[str, Standing] = {}

    # What there is

    @cached_property
    def decisions(self) -> dict[str, tuple[Record[SoaEntry], SoaEntry]]:
        """Rows of the Statement of Applicability by control."""
        return {record.id: (record, record.value) for record in self.workspace.records(SoaEntry)}

    @cached_property
    def _isms(self) -> dict[str, list[tuple[str, IsmsDocument]]]:
        found: dict[str, list[tuple[str, IsmsDocument]]] = defaultdict(list)
        for record in self.workspace.records(IsmsDocument):
            if record.value.status in (IsmsDocumentStatus.WITHDRAWN, IsmsDocumentStatus.REPLACED):
                continue  # like a withdrawn document, it is part of nothing
            if self._claims_too_much(record.data.path, record.data.at("covers").line):
                continue
            for target in record.value.covers:
                found[target].append((record.id, record.value))
        return found

    @cached_property
    def _months(self) -> int:
        return self.workspace.number("review_interval_months", 12)

    @cached_property
    def _untouched(self) -> frozenset[str]:
        return untouched(self.workspace)

    @cached_property
    def catalogues(self) -> tuple[str, ...]:
        """The catalogues whose requirements are judged: those of the Statement of Applicability, and the organisation's own controls."""
        organisation = self.workspace.organisation
        named = organisation.value.statement_of_applicability if organisation else ()
        own = (OWN,) if self.workspace.own_controls else ()
        return (*(name for name in named if name in self.workspace.catalogues), *own)

    def leaves(self, catalogue: str) -> tuple[str, ...]:
        """Requirements of a catalogue that ask something themselves, by qualified id, in its order."""
        if catalogue not in self._leaves:
            if catalogue == OWN:
                names = [found.id for found in self.workspace.own_controls]
            else:
                whole = self.workspace.catalogues[catalogue].value
                names = [found.id for found in whole.requirements if is_leaf(whole, found)]
            self._leaves[catalogue] = tuple(f"{catalogue}:{name}" for name in names)
        return self._leaves[catalogue]

    # How far it has come

    def document(self, name: str) -> NeededPart:
        """How far a document has come by itself.

        Raises:
            KeyError: There is no such document.
        """
        if name not in self._documents:
            document = self.workspace.document_by_id[name]
            spoken = self.errors.in_file(document.path)
            self._documents[name] = document_part(self.decisions_in_force, document, self.tailoring(name), spoken)
        return self._documents[name]

    def tailoring(self, name: str) -> Tailoring:
        """What was decided on each section of a document.

        Raises:
            KeyError: There is no such document.
        """
        if name not in self._tailored:
            self._tailored[name] = tailoring(self.decisions_in_force, self.workspace.document_by_id[name])
        return self._tailored[name]

    def requirement(self, target: str) -> Standing:
        """How far a requirement has come.

        Raises:
            KeyError: There is no such requirement.
        """
        if target not in self._standings:
            found = self.workspace.requirements[target]
            below = self._below(target)
            self._standings[target] = self._of_those_below(target, below) if below else self._of_itself(target, found)
        return self._standings[target]

    def _below(self, target: str) -> list[str]:
        catalogue = target.split(":", 1)[0]
        if catalogue == OWN or not self.workspace.stands_above(target):
            return []
        return [leaf for leaf in self.leaves(catalogue) if leaf.startswith(f"{target}.")]

    def _of_those_below(self, target: str, below: list[str]) -> Standing:
        standings = [self.requirement(leaf) for leaf in below]
        parts = tuple(
            NeededPart(PartKind.BELOW, standing.requirement, standing.rung, back.why, back.way_up)
            if (back := standing.holds_back)
            else NeededPart(PartKind.BELOW, standing.requirement, standing.rung, "every part is there, and an audit covered it", "")
            for standing in standings
            if standing.rung is not None
        )
        return Standing(target, weakest(parts) if parts else None, parts)

    def _of_itself(self, target: str, found: Requirement) -> Standing:
        decision = self._decision(target)
        if decision and decision.rung is Rung.APPROVED and self.decisions[target][1].applicability is Applicability.EXCLUDED:
            return Standing(target, None, (decision,))
        texts = [self.document(name) for name in self._papers(target)]
        isms = [isms_part(name, value, self.today) for name, value in self._isms.get(target, ())]
        texts += [part for part in isms if part.rung is not Rung.MISSING or not texts]
        registers = list(self._register_parts(target, found, needed=not texts))
        parts = [*texts, *registers]
        if not parts:
            parts = [self._nothing(target, found, decision)]
        if decision:
            parts.insert(0, decision)
        parts += [self._operation(target), self._audit(target)]
        return Standing(target, weakest(parts), tuple(parts))

    def _nothing(self, target: str, found: Requirement, decision: NeededPart | None) -> NeededPart:
        way_up = f"name {target} in a document, or in the register of ISMS documents"
        if decision and decision.rung is Rung.APPROVED and not found.asks_for:
            return NeededPart(PartKind.NOTHING, target, Rung.TAILORED, "it is decided on, and no document here says how it is met", way_up)
        return NeededPart(PartKind.NOTHING, target, Rung.MISSING, "no document and no record names it", way_up)

    def _decision(self, target: str) -> NeededPart | None:
        if target not in self.decisions:
            if self.workspace.requirements[target].kind is RequirementKind.CONTROL:
                return NeededPart(PartKind.DECISION, target, Rung.MISSING, "the Statement of Applicability has no row for it", "add a row")
            return None
        record, entry = self.decisions[target]
        lines = {record.data.at(name).line for name in type(entry).model_fields}
        spoken = [problem for problem in self.errors.in_file(record.data.path) if problem.location.line in lines]
        return decision_part(self.decisions_in_force, entry, spoken)

    def _papers(self, target: str) -> list[str]:
        known = self.workspace.document_by_id
        named = dict.fromkeys(link.source for link in self.trace.links_to(target, LinkKind.ADDRESSES) if link.source in known)
        found = [known[name] for name in named if known[name].head.value.status is not DocumentStatus.WITHDRAWN]
        return [one.id for one in found if not self._claims_too_much(one.path, one.head.at("addresses").line)]

    def _claims_too_much(self, path: str, line: int) -> bool:
        """Whether a paper names so many requirements that it answers none of them."""
        return any(problem.code == _TOO_MUCH and problem.location.line == line for problem in self.errors.in_file(path))

    def _registers(self, target: str) -> list[str]:
        names = (link.source.removeprefix("register:") for link in self.trace.links_to(target, LinkKind.ADDRESSES))
        return [name for name in dict.fromkeys(names) if name in self.workspace.registers and name != SOA]

    def _register_parts(self, target: str, found: Requirement, needed: bool) -> Iterator[NeededPart]:
        """Registers that are needed before anything operates: all where no text answers, and those whose records are asked for."""
        records_asked = any(asked.kind is AskedKind.RECORD for asked in found.asks_for)
        for name in self._registers(target):
            part = register_part(self.workspace.registers[name], self._untouched)
            if part and (needed or records_asked):
                yield part

    # What shows that it is done

    def _operation(self, target: str) -> NeededPart:
        def part(rung: Rung, why: str, way_up: str = "") -> NeededPart:
            return NeededPart(PartKind.OPERATION, target, rung, why, way_up)

        claimed = self.decisions[target][1].status if target in self.decisions else None
        if claimed in (Implementation.PLANNED, Implementation.IN_PROGRESS):
            return part(Rung.APPROVED, f"its own row says that it is {claimed.value}", f"implement {target}, and say so in its row")
        registers = self._registers(target)
        for name in registers:
            if name in _FOR_REGISTER and not self.workspace.is_whole("registers"):
                return part(
                    Rung.APPROVED, "a record cannot be read, so that nobody knows what is missing", "mend the file that check names"
                )
            for problem in self._speaking_of(name):
                return part(Rung.APPROVED, f"{problem.code} says that {problem.message}", problem.way_out)
        shown = [name if verified else f"{name} (only stated)" for name, verified in self._evidence(target)]
        shown += [name for register in self._keeping(target) for name in self._fresh_records(register)]
        if shown:
            more = f" and {len(shown) - 3} more" if len(shown) > 3 else ""
            return part(Rung.OPERATING, f"shown by {', '.join(shown[:3])}{more}")
        where = "".join(f", or keep the {self.workspace.registers[name].head.value.title}" for name in self._keeping(target)[:1])
        kinds = kinds_for(self.workspace, target)
        return part(
            Rung.APPROVED,
            f"no evidence in date and no record of the last {self._months} months shows that it is done{self._of_other_kind(target)}",
            f"collect evidence for {target}{': ' if kinds else ''}{either(kinds)}{where}",
        )

    def _of_other_kind(self, target: str) -> str:
        """What names a requirement and is of a kind that it does not produce, as a clause; empty where nothing does."""
        other = (one.evidence for one in self.facts.evidence.beside(target)[:1])
        return "".join(f"; {one.id} is of the kind '{spoken(kind_of(self.workspace, one))}', which does not show it" for one in other)

    def operating(self) -> tuple[str, ...]:
        """Requirements that operate, also those that were audited."""
        every = (leaf for catalogue in self.catalogues for leaf in self.leaves(catalogue))
        return tuple(leaf for leaf in every if self.requirement(leaf).rung in (Rung.OPERATING, Rung.AUDITED))

    def stated_alone(self) -> tuple[str, ...]:
        """Those of them that only evidence shows whose file nobody can look at here."""
        return tuple(target for target in self.operating() if self._is_stated(target))

    def _is_stated(self, target: str) -> bool:
        shown = self._evidence(target)
        return bool(shown) and not any(verified for _, verified in shown) and not any(map(self._fresh_records, self._keeping(target)))

    def _speaking_of(self, register: str) -> list[Problem]:
        codes = _FOR_REGISTER.get(register, ())
        return [problem for problem in self._elsewhere if problem.code in codes]

    @cached_property
    def _elsewhere(self) -> list[Problem]:
        codes = {code for codes in _FOR_REGISTER.values() for code in codes}
        return [problem for problem in self.errors.all() if problem.code in codes]

    def _evidence(self, target: str) -> list[tuple[str, bool]]:
        """Evidence that shows a requirement, by id, each with whether its file is here and unchanged; what is verified first."""
        counting = [one for one in self.facts.evidence.operating(target) if not self.errors.in_record(one)]
        return sorted(((one.id, is_verified(self.workspace, one.value)) for one in counting), key=lambda pair: not pair[1])

    def _keeping(self, target: str) -> list[str]:
        """Registers whose records show a requirement; evidence shows what it names itself, and nothing by lying in its register."""
        return [name for name in self._registers(target) if name != EVIDENCE]

    def _fresh_records(self, name: str) -> list[str]:
        register = self.workspace.registers[name]
        start = after_days(self.today, -round(self._months * DAYS_PER_MONTH))
        found = []
        for record in register.records:
            if self.errors.in_record(record):
                continue
            days = [day for day in days_of(record.value) if day <= self.today]
            if days and max(days) >= start and not is_the_kits(record, self._untouched):
                found.append(record.id)
        return found

    def _audit(self, target: str) -> NeededPart:
        def part(rung: Rung, why: str, way_up: str = "") -> NeededPart:
            return NeededPart(PartKind.AUDIT, target, rung, why, way_up)

        majors = open_major(self.workspace, target)
        if majors:
            return part(Rung.OPERATING, f"a major nonconformity is open: {', '.join(majors)}", f"close {majors[0]} with its effect shown")
        audits = [audit for audit in covered(self.workspace, self.today, target) if self._counts(audit.id)]
        if audits:
            return part(Rung.AUDITED, f"covered by {audits[0].id} on {audits[0].carried_out_on}")
        return part(Rung.OPERATING, "no audit of the present cycle covered it", f"have {target} audited")

    def _counts(self, audit: str) -> bool:
        record = self.workspace.record_by_id[audit]
        return not self.errors.in_record(record)
