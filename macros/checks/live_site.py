"""SEC13: in the built site nothing acts or is loaded but what the theme and the engine brought.

These rules read what the build left, and speak where a built site is given. What is expected comes from the installed theme,
from the engine and from the allow-list, never from the pages that are looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from macros.checks.registry import Said, check
from macros.facts.computed import Facts
from macros.load.built_live import SiteFault, SiteWrong
from macros.problem import Location

SITE_CODES = ("SEC130", "SEC131", "SEC132", "SEC133")
"""Rules that read a built site, and not the sources."""
REPEATED = 10
"""What stands on more pages than these comes from one place, and is said once."""


@check("SEC130", "Built page holds something live")
def live(facts: Facts) -> Iterator[Said]:
    """A script, a handler, a frame or a form that the kit did not write acts on everybody who reads the page."""
    for fault, more in _of(facts, SiteWrong.LIVE):
        yield (
            Location(fault.path, fault.line),
            f"the page holds {fault.what}{more}",
            "find what wrote it (a document, a theme override, a plugin in 'mkdocs.yml'), remove it and build again",
        )


@check("SEC131", "Built page loads from another host")
def foreign(facts: Facts) -> Iterator[Said]:
    """The site asks no other host for anything, so that nobody outside learns who reads which document, or changes what it shows."""
    for fault, more in _of(facts, SiteWrong.FOREIGN):
        yield Location(fault.path, fault.line), f"the page loads {fault.what}{more}", "keep the file in the site, and build again"


@check("SEC132", "Built page lacks the content security policy")
def no_policy(facts: Facts) -> Iterator[Said]:
    """The policy keeps a browser from running or loading what came past every other check; it counts only before everything else."""
    for fault, more in _of(facts, SiteWrong.POLICY):
        yield (
            Location(fault.path, fault.line),
            f"the page has {fault.what}{more}",
            "build with the kit's theme, whose 'macros/theme/main.html' writes it, and not with 'mkdocs serve'",
        )


@check("SEC133", "File of the built site could act in a browser")
def acting_file(facts: Facts) -> Iterator[Said]:
    """A script, a style sheet or a page of HTML beside the pages of the kit runs for every reader who is led to it."""
    for fault, more in _of(facts, SiteWrong.FILE):
        yield (
            Location(fault.path, fault.line),
            f"{fault.what}{more}",
            "remove it and build again, or allow the file under 'pages' in 'org.yaml'",
        )


def _of(facts: Facts, wrong: SiteWrong) -> Iterator[tuple[SiteFault, str]]:
    """Each fault of a kind, with how many more pages it is on; what stands on many pages once."""
    if facts.site is None:
        return
    pages: dict[str, set[str]] = defaultdict(set)
    for fault in facts.site.live:
        if fault.wrong is wrong:
            pages[fault.what].add(fault.path)
    told = set()
    for fault in facts.site.live:
        if fault.wrong is not wrong:
            continue
        many = len(pages[fault.what])
        if many <= REPEATED:
            yield fault, ""
        elif fault.what not in told:
            told.add(fault.what)
            yield fault, f", here and on {many - 1} other pages"
