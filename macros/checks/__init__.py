"""The rules: each a code, a title, a reason and a generator."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from macros.cache import uncollected
from macros.checks import (
    ai_systems,
    approvals,
    audits,
    catalogues,
    claims,
    dead_links,
    documents,
    evidence,
    impacts,
    live_site,
    macro_calls,
    organisation,
    page_html,
    people,
    published,
    readings,
    records,
    revisions,
    secrets,
    security,
    settings,
    tells,
    texts,
    updates,
)
from macros.checks.registry import CHECKS, World
from macros.load.built_site import BuiltSite
from macros.load.rules import RULES as SHAPE_RULES
from macros.model.workspace import Workspace
from macros.problem import Problem, Rule
from macros.status import Ladder
from macros.trace import Trace, build_trace

__all__ = ["ALL_RULES", "Judged", "judge", "run_checks", "run_site_checks"]

# Importing a family registers its rules; the tuple keeps the imports in use and states the order of the manual.
FAMILIES = (
    catalogues,
    organisation,
    documents,
    revisions,
    records,
    approvals,
    ai_systems,
    people,
    impacts,
    evidence,
    audits,
    readings,
    texts,
    tells,
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

    problems: tuple[Problem, ...]
    """Heaviest first, as weighed and excepted in `org.yaml`."""
    ladder: Ladder
    """Stands on the problems before any weight or exception: what was borne for a while is not mended by that."""


def judge(workspace: Workspace, today: datetime.date, trace: Trace | None = None) -> Judged:
    """Run every check, then the ladder, then what the ladder says of claims.

    Args:
        workspace: What was loaded; its own problems are part of the answer.
        today: The day against which reviews and validity are judged.
        trace: The workspace's links, where the caller has them already.
    """
    with uncollected():
        return _judged(World(workspace, trace or build_trace(workspace), today))


def _judged(world: World) -> Judged:
    problems = list(world.workspace.problems)
    for check in CHECKS:
        problems += check.problems(world)
    spoken = {problem.location for problem in problems if problem.code not in _ECHOES}
    heard = [problem for problem in dict.fromkeys(problems) if problem.code not in _ECHOES or problem.location not in spoken]
    ladder = Ladder(world.workspace, world.trace, world.today, heard)
    heard += claims.problems(ladder)
    weighed = settings.with_settings(world.workspace, world.today, heard, ALL_RULES)
    return Judged(tuple(sorted(weighed, key=lambda problem: problem.sort_key)), ladder)


def run_checks(workspace: Workspace, today: datetime.date, trace: Trace | None = None) -> tuple[Problem, ...]:
    """Every problem of a workspace, heaviest first; the arguments are those of `judge`."""
    return judge(workspace, today, trace).problems


def run_site_checks(workspace: Workspace, today: datetime.date, site: BuiltSite) -> tuple[Problem, ...]:
    """What is wrong in a built site, heaviest first, as weighed in `org.yaml`; nothing that stands in the sources.

    Args:
        workspace: What the site was built from.
        today: The day that exceptions are judged against.
        site: What the build left.
    """
    world = World(workspace, build_trace(workspace), today, site)
    found = [problem for check in CHECKS if check.rule.code in SITE_CODES for problem in check.problems(world)]
    judged = settings.with_settings(workspace, today, found, ALL_RULES)
    return tuple(sorted((problem for problem in judged if problem.code in SITE_CODES), key=lambda problem: problem.sort_key))
