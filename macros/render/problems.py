"""Problems as pages: what is open in this repository, and what each code means."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping

from macros.model.base import meanings
from macros.model.organisation import CheckSettings, PageSettings, Weight
from macros.model.records.kinds import KINDS
from macros.problem import Problem, Rule, Severity
from macros.render.markup import admonition, badge, plain, running, sentences, shown, table
from macros.render.page_links import PageLinks

TONES = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.NOTE: "info"}
HEADINGS = {Severity.ERROR: "Errors", Severity.WARNING: "Warnings", Severity.NOTE: "To do"}


def problems_table(problems: tuple[Problem, ...], explained: Callable[[str], str] = plain) -> str:
    """Every problem, heaviest first, under a heading for each weight.

    Args:
        problems: In the order in which they are shown.
        explained: Gives a code as Markdown, such as a link to where it is explained.
    """
    if not problems:
        return "No check has anything to say."
    parts = [
        plain(", ".join(f"{sum(problem.severity is severity for problem in problems)} {severity.value}s" for severity in Severity) + ".")
    ]
    for severity in Severity:
        rows = [
            (explained(problem.code), running(problem.message), running(problem.way_out), f"<code>{plain(problem.location)}</code>")
            for problem in problems
            if problem.severity is severity
        ]
        if rows:
            parts += [f"## {HEADINGS[severity]}", table(("Code", "What", "Way out", "Where"), rows, "aims-table--filter")]
    return "\n\n".join(parts)


def settings_tables(settings: CheckSettings | None, rules: Mapping[str, Rule], links: PageLinks, today: datetime.date) -> str:
    """What the organisation changed in the checks: exceptions with their end, and rules with another weight; empty where nothing is."""
    if settings is None:
        return ""
    exceptions = [
        (
            plain(exception.code),
            f"<code>{plain(exception.path)}</code>",
            running(exception.reason),
            shown(exception.until) + ("" if exception.until >= today else " " + badge("run out", "bad")),
            links.role(exception.decided_by, capital=True),
        )
        for exception in settings.exceptions
    ]
    weights = [(plain(code), _title(code, rules), _usual(code, rules), _weight(weight)) for code, weight in settings.severities.items()]
    parts = []
    if exceptions:
        parts += [
            "## Exceptions",
            "Problems that are not shown until a day, and who decided that.",
            table(("Code", "Where", "Reason", "Until", "Decided by"), exceptions),
        ]
    if weights:
        parts += [
            "## Rules that weigh differently here",
            "What the organisation set in place of a rule's own severity.",
            table(("Code", "Rule", "As delivered", "Here"), weights),
        ]
    return "\n\n".join(parts)


def additions_table(settings: PageSettings | None, links: PageLinks) -> str:
    """What pages may hold here beyond the kit's list, and who decided that; empty where nothing was added."""
    if settings is None or not settings.allowed:
        return ""
    rows = [
        (
            plain(entry.kind.value.replace("-", " ")),
            f"<code>{plain(entry.name)}</code>",
            running(entry.reason),
            links.role(entry.decided_by, capital=True),
        )
        for entry in settings.allowed
    ]
    return "\n\n".join(
        [
            "## What pages may hold beside the kit's list",
            "HTML, hosts of images and files that the organisation allows on its site, and who decided that.",
            table(("Kind", "Name", "Reason", "Decided by"), rows),
        ]
    )


def _title(code: str, rules: Mapping[str, Rule]) -> str:
    return plain(rules[code].title) if code in rules else "–"


def _usual(code: str, rules: Mapping[str, Rule]) -> str:
    return _weight(Weight(rules[code].severity.value)) if code in rules else "–"


def _weight(weight: Weight) -> str:
    return badge(weight.value, "calm" if weight is Weight.OFF else TONES[Severity(weight.value)])


def unread(problems: tuple[Problem, ...]) -> str:
    """In place of the header of a document that could not be taken in: why."""
    lines = "\n".join(
        f"- {plain(problem.code)} {plain(problem.message)}, line {problem.location.line}. {plain(problem.way_out)}" for problem in problems
    )
    return admonition(
        "danger", "This page is not under control", lines or "It has no front matter of a document: no id, no owner, no version."
    )


def problem_codes(rules: Iterable[Rule]) -> str:
    """Every rule under a heading of its own."""
    parts = []
    for rule in rules:
        parts += [
            f"### {plain(rule.code)}",
            f"{badge(rule.severity.value, TONES[rule.severity])} **{plain(rule.title)}.** {sentences(rule.reason)}",
        ]
    return "\n\n".join(parts)


def record_kinds() -> str:
    """Every kind of record with its entries and their meaning."""
    parts = []
    for kind in KINDS:
        where = f"registers/{kind.name}.yaml" if kind.layout.value == "table" else f"registers/{kind.name}/"
        rows = [
            (f"<code>{plain(name)}</code>", sentences(meanings(kind.record).get(name, "–")), "yes" if field.is_required() else "no")
            for name, field in kind.record.model_fields.items()
        ]
        parts += [
            f"### {plain(kind.name)}",
            f"One record is one {plain(kind.one)}, in <code>{plain(where)}</code>. {sentences(kind.record.__doc__ or '')}",
            table(("Entry", "Means", "Needed"), rows),
        ]
    return "\n\n".join(parts)
