"""The EU AI Act as it meets the organisation's AI systems: class, reasons, duties, dates, and what answers them."""

from __future__ import annotations

from macros.facts.ai_act import ACT, Duty, duties
from macros.facts.trace import Trace
from macros.model.records.systems import AiSystem
from macros.model.workspace import Workspace
from macros.render.markup import admonition, badge, definitions, plain, running, sentences, shown, table
from macros.render.page_links import PageLinks

TONES = {"prohibited": "bad", "high-risk": "bad", "transparency": "warn", "minimal": "good", "out-of-scope": "calm", "undetermined": "warn"}
NOTE = (
    "This is no legal advice. The class of each system is the organisation's own judgement, with the reasons in its register. "
    "Dates follow the Act as amended in July 2026, read through secondary sources; what they leave open is marked."
)


class AiActPage:
    """The page on the EU AI Act of one workspace."""

    def __init__(self, workspace: Workspace, trace: Trace, links: PageLinks) -> None:
        self.workspace, self.trace, self.links = workspace, trace, links

    def page(self) -> str:
        """Every AI system with its class and its duties."""
        systems: list[AiSystem] = [record.value for record in self.workspace.records(AiSystem)]
        parts = [admonition("warning", "No legal advice", sentences(NOTE)), self._overview(systems)]
        for system in systems:
            parts += [
                f"## {plain(system.id)} {plain(system.name)}",
                self._judgement(system),
                self._duties(duties(self.workspace, self.trace, system)),
            ]
        parts += [
            "## Beside the impact assessment",
            sentences(
                "A fundamental rights impact assessment under Article 27 has a prescribed content and a notification. "
                "An AI system impact assessment can carry it and does not replace it; a data protection impact assessment is a third thing."
            ),
        ]
        parts.append(f"The whole list of obligations, with every date: {self.links.catalogue(ACT)}.")
        return "\n\n".join(part for part in parts if part)

    def _overview(self, systems: list[AiSystem]) -> str:
        rows = [
            (
                self.links.record(system.id, with_id=True),
                badge(system.eu_ai_act.risk_class.value, TONES[system.eu_ai_act.risk_class.value]),
                shown(system.eu_ai_act.actor),
                shown(system.stage),
                str(len(duties(self.workspace, self.trace, system))),
            )
            for system in systems
        ]
        return (
            table(("AI system", "Class", "The organisation is its", "Stage", "Obligations"), rows) or "There is no AI system on record yet."
        )

    def _judgement(self, system: AiSystem) -> str:
        judged = system.eu_ai_act
        return definitions(
            (
                ("Class", badge(judged.risk_class.value, TONES[judged.risk_class.value])),
                ("The organisation is its", shown(judged.actor)),
                ("Because", sentences(judged.reasons)),
            ),
            "aims-header",
        )

    def _duties(self, found: tuple[Duty, ...]) -> str:
        rows = [
            (
                self.links.requirement(duty.requirement),
                running(duty.because)
                + ("<br>" + badge("look whether you are addressed", "warn") + " " + plain(duty.addressee) if duty.only_some else ""),
                ", ".join(shown(date) for date in duty.dates)
                + ("" if duty.confirmed else " " + badge("unconfirmed", "warn"))
                + (f"<br><small>{sentences(duty.note)}</small>" if duty.note else ""),
                "<br>".join(self.links.document(name, with_id=True) for name in duty.documents) or badge("nothing", "warn"),
                "<br>".join(self.links.record(name, with_id=True) for name in duty.records),
            )
            for duty in found
        ]
        return (
            table(("Obligation", "Follows because", "Applies from", "Documents that answer it", "Records"), rows, "aims-table--dense")
            or "No obligation follows from this class."
        )
