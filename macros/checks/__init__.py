"""The rules: each a code, a title, a reason and a generator."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from macros.cache import uncollected
from macros.checks import (
    adoptions,
    ai_systems,
    appearances,
    applicability,
    approvals,
    audits,
    catalogues,
    claims,
    dead_links,
    deadlines,
    documents,
    evidence,
    impacts,
    live_site,
    macro_calls,
    organisation,
    page_html,
    people,
    prose,
    published,
    readings,
    records,
    revisions,
    secrets,
    security,
    settings,
    shares,
    texts,
    updates,
)
from macros.checks.registry import CHECKS
from macros.facts.computed import Facts
from macros.facts.errors import Errors
from macros.load.built_site import BuiltSite
from macros.load.rules import RULES as SHAPE_RULES
from macros.model.workspace import Workspace
from macros.problem import Problem, Rule
from macros.status import Ladder

__all__ = ["ALL_RULES", "Judged", "judge", "run_checks", "run_site_checks"]

# Importing a family registers its rules; the tuple keeps the imports in use and states the order of the manual.
FAMILIES = (
    catalogues,
    organisation,
    documents,
    adoptions,
    revisions,
    records,
    applicability,
    approvals,
    ai_systems,
    people,
    impacts,
    evidence,
    shares,
    audits,
    appearances,
    readings,
    deadlines,
    texts,
    prose,
    macro_calls,
    security,
    secrets,
    page_html,
    published,
    dead_links,
    live_site,
    updates,
)

SITE_CODES = (*dead_links.SITE_CODES, *live_site.SITE_CODES)
"""Rules that read a built site, and not the sources."""
_ECHOES = ("TRC101", "TRC102")
"""Rules that read every line of text, and give way where a rule that knows the entry has spoken of the same line."""

ALL_RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in sorted((*SHAPE_RULES, *settings.RULES, *claims.RULES, *(check.rule for check in CHECKS)), key=lambda rule: rule.code)
}
"""Every rule by its code, in the order of the codes."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the checks say of a workspace, and how far each requirement of it has come."""

    facts: Facts
    """What was judged, with the day."""
    problems: tuple[Problem, ...]
    """Heaviest first, as weighed and excepted in `org.yaml`."""
    errors: Errors
    """Before any weight or exception."""
    ladder: Ladder
    """Stands on the problems before any weight or exception: what was borne for a while is not mended by that."""


def judge(facts: Facts) -> Judged:
    """Run every check, then the ladder, then what the ladder says of claims.

    Args:
        facts: What is judged, with the day; the problems of loading are part of the answer.
    """
    with uncollected():
        return _judged(facts)


def _judged(facts: Facts) -> Judged:
    problems = list(facts.workspace.problems)
    for check in CHECKS:
        problems += check.problems(facts)
    spoken = {problem.location for problem in problems if problem.code not in _ECHOES}
    heard = [problem for problem in dict.fromkeys(problems) if problem.code not in _ECHOES or problem.location not in spoken]
    ladder = Ladder(facts, heard)
    heard += claims.problems(ladder)
    weighed = settings.with_settings(facts.workspace, facts.today, heard, ALL_RULES)
    return Judged(facts, tuple(sorted(weighed, key=lambda problem: problem.sort_key)), ladder.errors, ladder)


def run_checks(workspace: Workspace, today: datetime.date) -> tuple[Problem, ...]:
    """Every problem of a workspace, heaviest first; see `judge`."""
    return judge(Facts(workspace, today)).problems


def run_site_checks(workspace: Workspace, today: datetime.date, site: BuiltSite) -> tuple[Problem, ...]:
    """What is wrong in a built site, heaviest first, as weighed in `org.yaml`; nothing that stands in the sources.

    Args:
        workspace: What the site was built from.
        today: The day that exceptions are judged against.
        site: What the build left.
    """
    facts = Facts(workspace, today, site)
    found = [problem for check in CHECKS if check.rule.code in SITE_CODES for problem in check.problems(facts)]
    judged = settings.with_settings(workspace, today, found, ALL_RULES)
    return tuple(sorted((problem for problem in judged if problem.code in SITE_CODES), key=lambda problem: problem.sort_key))
