"""The audit programme as a page: what was covered when, what is planned, and what became of each audit finding."""

from __future__ import annotations

from macros.facts.audits import Chain, Coverage, Programme, RemedyStep, audits, examined
from macros.model.records.improvement import Audit, Change, Grade
from macros.model.workspace import Workspace
from macros.render.markup import badge, day, link, plain, running, sentences, shown, table
from macros.render.page_links import PageLinks, status_badge

GRADE_TONES = {Grade.MAJOR: "bad", Grade.MINOR: "warn", Grade.OPPORTUNITY: "info", Grade.CONFORMITY: "good"}
STEP_TONES = {"done": "good", "open": "info", "overdue": "bad", "missing": "bad"}
DENSE = "aims-table--dense"


class AuditPage:
    """The audit programme of one organisation, as Markdown."""

    def __init__(self, workspace: Workspace, links: PageLinks) -> None:
        self.workspace, self.links = workspace, links

    def page(self, programme: Programme) -> str:
        """Everything, from the audits to the chain behind each finding."""
        parts = [self._intro(programme), "## Audits", self._audits() or "No audit is planned or on record."]
        for name, rows in programme.coverage.items():
            title = self.workspace.catalogues[name].value.title
            parts += [
                f"## {plain(title)}",
                self._left_out(rows),
                "### By section",
                self._sections(name, rows),
                "### By clause and control",
                table(
                    ("Requirement", "Internal audit", "Certification audit", "Planned next", "Audit findings", "This cycle"),
                    (self._row(row) for row in rows),
                    f"aims-table--filter {DENSE}",
                ),
            ]
        parts += ["## What became of each audit finding", *self._chains(programme.chains)]
        return "\n\n".join(part for part in parts if part)

    def _intro(self, programme: Programme) -> str:
        return sentences(
            f"Judged as of {programme.today}. "
            f"An internal audit counts when it was carried out after {programme.since}, {programme.months} months back; "
            f"a certification audit when after {programme.certification_since}, three years back. "
            "An audit covers that for which it says under samples what was looked at, once it has a conclusion. "
            "Covered means that an auditor looked, not that the requirement was met."
        )

    def _audits(self) -> str:
        rows = [
            (
                f"{self._id(audit)} {running(audit.title)}<br><small>{shown(audit.kind)}</small>",
                day(audit.carried_out_on) if audit.carried_out_on else f"planned for<br>{day(audit.planned_for)}",
                plain(audit.auditor),
                f"{len(examined(audit))} of {len(audit.covers)}" if audit.carried_out_on else str(len(audit.covers)),
                plain(audit.conclusion) if audit.conclusion else "–",
                status_badge(audit.state.value),
            )
            for audit in audits(self.workspace)
        ]
        return table(("Audit", "Carried out on", "Auditor", "Covers", "Conclusion", "State"), rows, DENSE)

    def _left_out(self, rows: tuple[Coverage, ...]) -> str:
        missing = [row for row in rows if row.left_out]
        if not missing:
            waiting = sum(not row.in_cycle for row in rows)
            said = f"Each of the {len(rows)} clauses and included controls is covered in this cycle or planned"
            return sentences(f"{said}; {waiting} of them only planned." if waiting else f"{said}.")
        said = f"{len(missing)} of {len(rows)} clauses and included controls are neither covered in this cycle nor planned:"
        return f"{sentences(said)} " + ", ".join(self.links.requirement(row.requirement, title=False) for row in missing)

    def _sections(self, name: str, rows: tuple[Coverage, ...]) -> str:
        sections: dict[str, list[Coverage]] = {}
        for row in rows:
            sections.setdefault(row.section, []).append(row)
        return table(
            ("Section", "Asked", "Covered in this cycle", "Planned only", "Neither", "Certification audit", "Audit findings"),
            (
                (
                    self.links.requirement(f"{name}:{section}"),
                    str(len(held)),
                    str(sum(row.in_cycle for row in held)),
                    str(sum(not row.in_cycle and row.planned is not None for row in held)),
                    self._count(sum(row.left_out for row in held)),
                    str(sum(row.in_certification_cycle for row in held)),
                    str(len({finding.id for row in held for finding in row.findings})),
                )
                for section, held in sections.items()
            ),
            DENSE,
        )

    def _count(self, number: int) -> str:
        return badge(str(number), "warn") if number else "0"

    def _row(self, row: Coverage) -> tuple[str, ...]:
        word = badge("covered", "good") if row.in_cycle else badge("planned", "info") if row.planned else badge("neither", "warn")
        return (
            self.links.requirement(row.requirement),
            self._seen(row.internal, row.in_cycle),
            self._seen(row.certification, row.in_certification_cycle),
            "<br>".join(f"{self._id(audit)} {day(audit.planned_for)}" for audit in (row.planned, row.planned_certification) if audit)
            or "–",
            "<br>".join(self._finding(finding.id, finding.grade) for finding in row.findings),
            word,
        )

    def _seen(self, audit: Audit | None, counts: bool) -> str:
        if audit is None:
            return "–"
        by = plain(audit.auditor.split(",")[0])
        return f"{self._id(audit)} {day(audit.carried_out_on)}<br><small>{by}{'' if counts else ', before this cycle'}</small>"

    def _id(self, audit: Audit) -> str:
        where = self.links.record_page(self.workspace.record_by_id[audit.id])
        return f'<span class="aims-nowrap">{link(audit.id, where)}</span>'

    def _finding(self, name: str, grade: Grade) -> str:
        record = self.workspace.record_by_id.get(name)
        where = link(name, self.links.record_page(record) if record else None)
        return f"{where} {badge(grade.value.replace('-', ' '), GRADE_TONES[grade])}"

    def _chains(self, chains: tuple[Chain, ...]) -> list[str]:
        followed = [chain for chain in chains if chain.steps]
        others = [chain for chain in chains if not chain.steps]
        if not chains:
            return ["No audit finding and no nonconformity is on record."]
        parts = []
        if followed:
            gaps = sum(bool(chain.gaps) for chain in followed)
            said = f"Nonconformities, or audit findings that are one: {len(followed)}, of which {gaps or 'none'} with a gap."
            parts += [sentences(said), self._followed(followed)]
        if others:
            parts += [
                "### Opportunities for improvement and conformities",
                table(
                    ("Audit finding", "Requirement", "What was found", "Taken up in"),
                    (self._other(chain) for chain in others if chain.finding),
                    DENSE,
                ),
            ]
        return parts

    def _followed(self, chains: list[Chain]) -> str:
        names = ("correction", "cause", "corrective action", "effectiveness")
        rows = []
        for chain in chains:
            steps = {step.name: step for step in chain.steps}
            finding = self._finding(chain.finding.id, chain.finding.grade) if chain.finding else "not from an audit"
            known = chain.nonconformity
            record = self.links.record(known.id, with_id=True) if known else badge("no record", "bad")
            target = known.requirement if known else chain.finding.requirement if chain.finding else ""
            gaps = ", ".join(plain(f"{step.name} {step.state}") for step in chain.gaps) or "none"
            told = [self._step(steps[name]) if name in steps else "–" for name in names]
            rows.append((finding, self.links.requirement(target, title=False), record, *told, gaps))
        headings = ("Audit finding", "Requirement", "Nonconformity", "Correction", "Cause", "Corrective action", "Effectiveness", "Gaps")
        return table(headings, rows, DENSE)

    def _step(self, step: RemedyStep) -> str:
        return f'{badge(step.state, STEP_TONES[step.state])}<br><small class="aims-nowrap">{plain(step.said)}</small>'

    def _taken(self, name: str) -> str:
        """A change by its title; a management review by its id, since what it says of it is one of many decisions."""
        record = self.workspace.record_by_id[name]
        return self.links.record(name, with_id=True) if isinstance(record.value, Change) else link(name, self.links.record_page(record))

    def _other(self, chain: Chain) -> tuple[str, ...]:
        finding = chain.finding
        assert finding
        nothing = "–" if finding.grade is Grade.CONFORMITY else badge("nothing on record", "warn")
        taken = "<br>".join(self._taken(name) for name in chain.followed_by) or nothing
        return (
            self._finding(finding.id, finding.grade),
            self.links.requirement(finding.requirement, title=False),
            running(finding.finding),
            taken,
        )
