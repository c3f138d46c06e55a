"""The roadmap as a page: a picture, the same as tables, what is late, what comes next, and readiness for both audit stages."""

from __future__ import annotations

import datetime

from macros.encode.html import attribute
from macros.encode.html import text as html_text
from macros.model.planning import ReadinessItem
from macros.render.markup import admonition, badge, plain, running, sentences, table
from macros.render.page_links import PageLinks
from macros.reports.roadmap import Plan, PlannedPhase, PlannedTask
from macros.reports.shown import ShownCondition

WIDTH, ROW, LEFT, TOP = 960, 26, 330, 34


class RoadmapPage:
    """The roadmap of one organisation, as Markdown."""

    def __init__(self, links: PageLinks) -> None:
        self.links = links

    def page(self, plan: Plan) -> str:
        """Everything, from the picture to the readiness lists."""
        parts = [
            self._intro(plan),
            picture(plan),
            "## Next five things to do",
            self._tasks(plan.next_five, plan.today) or "Nothing is open.",
            "## Late",
            self._tasks(plan.late, plan.today) or "Nothing is late.",
        ]
        for phase in plan.phases:
            parts += [f"## Phase {phase.phase.id}: {plain(phase.phase.name)}", self._phase(phase), self._tasks(phase.tasks, plan.today)]
        parts += ["## Ready for stage 1, the review of documents", self._readiness(plan.stage_1)]
        parts += ["## Ready for stage 2, the assessment on site", self._readiness(plan.stage_2)]
        return "\n\n".join(parts)

    def _intro(self, plan: Plan) -> str:
        done = sum(task.done for task in plan.tasks)
        first, last = plan.phases[0].start, plan.phases[-1].end
        text = (
            f"{done} of {len(plan.tasks)} tasks are done; the plan runs from {first} to {last}. "
            "A task is done when the documents and records that it is tied to show it. "
            "The phases and their months are the source article's; the more rests on the ISMS, the shorter a phase is planned."
        )
        return sentences(text)

    def _phase(self, phase: PlannedPhase) -> str:
        months = phase.phase.months
        text = (
            f"{phase.start} to {phase.end}. The article gives {months.min} to {months.max} months; "
            f"{round(100 * phase.ratio)} percent of the effort without an ISMS remain for its requirements."
        )
        return sentences(text)

    def _tasks(self, tasks: tuple[PlannedTask, ...], today: datetime.date) -> str:
        rows = [
            (
                plain(task.task.id),
                sentences(task.task.task) + (f"<br><small>{sentences(task.task.hint)}</small>" if not task.done else ""),
                self._state(task, today),
                plain(f"{task.start} to {task.end}"),
                "<br>".join(self._shown(shown) for shown in task.shown),
                ", ".join(self.links.requirement(name, title=False) for name in task.task.requirements),
            )
            for task in tasks
        ]
        return table(("No.", "Task", "State", "Planned", "Shown by", "Requirements"), rows, "aims-table--dense")

    def _state(self, task: PlannedTask, today: datetime.date) -> str:
        if task.done:
            return badge("done", "good")
        word = badge("late", "bad") if task.late(today) else badge("open", "warn")
        return word + (" " + badge("critical", "info") if task.task.critical else "")

    def _shown(self, shown: ShownCondition) -> str:
        mark = badge("yes", "good") if shown.holds else badge("no", "warn")
        return f"{mark} {plain(shown.proof)}"

    def _readiness(self, items: tuple[tuple[ReadinessItem, tuple[ShownCondition, ...]], ...]) -> str:
        ready = sum(all(shown.holds for shown in proofs) for _, proofs in items)
        rows = [
            (
                running(item.item),
                badge("shown", "good") if all(shown.holds for shown in proofs) else badge("open", "warn"),
                "<br>".join(self._shown(shown) for shown in proofs),
                ", ".join(self.links.requirement(name, title=False) for name in item.requirements),
            )
            for item, proofs in items
        ]
        note = admonition(
            "info",
            "What this list is",
            sentences("It shows what an auditor will ask for first. It is no forecast of what an auditor will conclude."),
        )
        return (
            f"{ready} of {len(items)} are shown.\n\n"
            + table(("What an auditor looks at", "State", "Shown by", "Requirements"), rows, "aims-table--dense")
            + f"\n\n{note}"
        )


def picture(plan: Plan) -> str:
    """A Gantt chart as SVG, with a label that says in words what it shows; the tables below hold the same facts."""
    first, last = plan.phases[0].start, plan.phases[-1].end
    days = max((last - first).days + 1, 1)
    scale = (WIDTH - LEFT - 12) / days
    rows: list[str] = []
    y = TOP
    for phase in plan.phases:
        rows.append(_bar(phase.start, phase.end, first, scale, y, "phase"))
        rows.append(_text(8, y + 17, f"{phase.phase.id} {phase.phase.name}", "phase"))
        y += ROW
        for task in phase.tasks:
            kind = "done" if task.done else "late" if task.late(plan.today) else "critical" if task.task.critical else "open"
            rows.append(_bar(task.start, task.end, first, scale, y, kind))
            rows.append(_text(20, y + 17, _short(f"{task.task.id} {task.task.task}"), "task"))
            y += ROW
    height = y + 12
    every = max(1, -(-48 // max(1, int(30 * scale))))  # a label needs some 48 units of width
    months = "".join(_month(day, first, scale, height, number % every == 0) for number, day in enumerate(_months(first, last)))
    now = ""
    if first <= plan.today <= last:
        x = LEFT + (plan.today - first).days * scale
        now = f'<line class="aims-gantt__today" x1="{x:.1f}" y1="{TOP - 8}" x2="{x:.1f}" y2="{height}"/>'
    done = sum(task.done for task in plan.tasks)
    label = f"Roadmap from {first} to {last}: {done} of {len(plan.tasks)} tasks done, {len(plan.late)} late. The tables below say the same."
    body = months + "".join(rows) + now
    legend = " ".join(
        f'<span class="aims-gantt__key aims-gantt__key--{kind}">{word}</span>'
        for kind, word in (("done", "done"), ("open", "open"), ("critical", "open and critical"), ("late", "late"))
    )
    svg = f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{attribute(label)}" class="aims-gantt">{body}</svg>'
    return f'<div class="aims-gantt-box" tabindex="0">{svg}</div>\n<p class="aims-gantt__legend">{legend}</p>'


def _bar(start: datetime.date, end: datetime.date, first: datetime.date, scale: float, y: int, kind: str) -> str:
    x = LEFT + (start - first).days * scale
    width = max(((end - start).days + 1) * scale, 3)
    height, down = (8, 8) if kind == "phase" else (16, 5)
    return (
        f'<rect class="aims-gantt__bar aims-gantt__bar--{kind}" x="{x:.1f}" y="{y + down}" width="{width:.1f}" height="{height}" rx="3"/>'
    )


def _text(x: int, y: int, text: str, kind: str) -> str:
    return f'<text class="aims-gantt__{kind}" x="{x}" y="{y}">{html_text(text)}</text>'


def _short(text: str) -> str:
    return text if len(text) <= 48 else text[:46].rsplit(" ", 1)[0] + " …"


def _months(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    found, day = [], first.replace(day=1)
    while day <= last:
        if day >= first:
            found.append(day)
        day = (day.replace(day=28) + datetime.timedelta(days=7)).replace(day=1)
    return found


def _month(day: datetime.date, first: datetime.date, scale: float, height: int, labelled: bool) -> str:
    x = LEFT + (day - first).days * scale
    line = f'<line class="aims-gantt__month" x1="{x:.1f}" y1="{TOP - 8}" x2="{x:.1f}" y2="{height}"/>'
    return line + (_text(round(x) + 3, TOP - 14, f"{day:%Y-%m}", "month") if labelled else "")
