"""What a gate says, as Markdown: a section on the page of an AI system, a page over all, and a text for a forge."""

from __future__ import annotations

from collections.abc import Iterable

from macros.checks import Judged
from macros.encode.markdown import unlinked
from macros.gate import gate, next_stage
from macros.model.gates import GateAnswer, GateReport, GateState
from macros.model.records.systems import AiSystem, Stage
from macros.model.workspace import Record
from macros.render.markup import admonition, badge, link, plain, sentences, shown, table
from macros.render.page_links import PageLinks

STAYING = (Stage.DEPLOYMENT, Stage.OPERATION)
"""Stages in which a system must go on meeting its gate."""
_BADGES = {
    GateState.HOLDS: ("yes", "good"),
    GateState.MISSING: ("no", "bad"),
    GateState.NOT_DUE: ("later", "info"),
}
_ORDER = (GateState.MISSING, GateState.NOT_DUE, GateState.HOLDS)


class GatePages:
    """Gates of the AI systems of one workspace, as Markdown."""

    def __init__(self, judged: Judged, links: PageLinks) -> None:
        self.judged, self.facts, self.links = judged, judged.facts, links

    def reports(self, record: Record[AiSystem]) -> tuple[GateReport, ...]:
        """Staying in the present stage, where people are reached in it, and going to the next."""
        sourced, system = self.facts.workspace.gates, record.value
        if sourced is None:
            return ()
        stages = [stage for stage in (system.stage if system.stage in STAYING else None, next_stage(system)) if stage]
        return tuple(gate(self.judged, sourced.value, record, stage) for stage in stages)

    def section(self, record: Record[AiSystem]) -> str:
        """The section "Gate" of an AI system's page."""
        reports = self.reports(record)
        parts = ["## Gate"] if reports else []
        for report in reports:
            parts += [self._verdict(report), self._conditions(report.conditions)]
        return "\n\n".join(parts)

    def page(self) -> str:
        """Every AI system with its stage, what its gates say and what is missing."""
        rows = [
            (
                self.links.record(record.id, with_id=True),
                (badge("may", "good") if report.allowed else badge("may not", "bad")) + f" {plain(self._step(report))}",
                "<br>".join(self._open(report)) or "nothing",
                shown(report.present_stage),
                plain(report.version),
            )
            for record in self.facts.workspace.records(AiSystem)
            for report in self.reports(record)
            if not self._unwanted(report)
        ]
        note = self.facts.workspace.gates.value.note if self.facts.workspace.gates else ""
        return "\n\n".join(
            (
                table(("AI system", "Verdict", "What is missing", "Stage", "Version"), rows) or "There is no AI system on record yet.",
                admonition("info", "What a gate is", sentences(note)),
            )
        )

    def _step(self, report: GateReport) -> str:
        return f"{'stay in' if report.stage is report.present_stage else 'go to'} {report.stage.value}"

    def _unwanted(self, report: GateReport) -> bool:
        """A retirement that nobody has entered is no news about a system in use."""
        return report.stage is Stage.RETIRED and not any(answer.proof for answer in report.missing)

    def _open(self, report: GateReport) -> list[str]:
        lines = [
            f'<span class="aims-long">{plain(answer.asks)}: {self._said(answer)}</span>'
            for answer in report.conditions
            if answer.state is GateState.MISSING
        ]
        later = [answer for answer in report.conditions if answer.state is GateState.NOT_DUE]
        for day in sorted({answer.due for answer in later if answer.due}):
            lines.append(f"{badge(f'from {day}', 'info')} {sum(answer.due == day for answer in later)} more")
        return lines

    def _verdict(self, report: GateReport) -> str:
        rest = report.verdict.removeprefix(f"{report.ai_system} {report.name} {report.version} ")
        tone = "success" if report.allowed else "note" if self._unwanted(report) else "failure"
        text = f"Judged on {shown(report.judged_on)} for version {plain(report.version)}."
        if any(answer.state is GateState.NOT_DUE for answer in report.conditions):
            text += " What has a date is asked for by law from that day, and does not stop the system before it."
        return admonition(tone, f"It {rest}", text)

    def _conditions(self, answers: Iterable[GateAnswer]) -> str:
        rows = [
            (
                badge(f"from {answer.due}", "info") if answer.state is GateState.NOT_DUE else badge(*_BADGES[answer.state]),
                sentences(answer.asks),
                f'<span class="aims-long">{self._said(answer)}</span>'
                + (f"<br><small>Way out: {plain(answer.way_out)}</small>" if answer.way_out else ""),
                ", ".join(self.links.requirement(name, title=False) for name in answer.requirements),
            )
            for answer in sorted(answers, key=lambda answer: _ORDER.index(answer.state))
        ]
        return table(("Holds", "What is asked", "Shown by", "Requirements"), rows, "aims-table--dense")

    def _said(self, answer: GateAnswer) -> str:
        """The proof with each id as a link."""
        text = plain(answer.said)
        for name in sorted(set(answer.proof), key=len, reverse=True):
            text = text.replace(plain(name), self._link(name))
        return text

    def _link(self, name: str) -> str:
        workspace = self.facts.workspace
        if name in workspace.document_by_id:
            page = self.links.document_page(workspace.document_by_id[name])
        elif name in workspace.record_by_id:
            page = self.links.record_page(workspace.record_by_id[name])
        else:
            return plain(name)
        return link(name, page)


def as_markdown(report: GateReport) -> str:
    """A report for the summary of a forge: verdict, then a table; without links, since it stands alone."""
    lines = [f"**{plain(report.verdict)}.**", "", "| Holds | What is asked | Shown by, or missing | Way out |", "|---|---|---|---|"]
    for answer in sorted(report.conditions, key=lambda answer: _ORDER.index(answer.state)):
        word = _BADGES[answer.state][0] + (f" {answer.due}" if answer.state is GateState.NOT_DUE else "")
        lines.append(f"| {word} | {plain(answer.asks)} | {plain(answer.said)} | {plain(answer.way_out or '')} |")
    return unlinked("\n".join(lines)) + "\n"
