"""One world: a workspace with everything that is computed from it, once, and the day that it is judged on.

Command line, site and pages get it here. This is the one place that asks the clock and the environment for the day.
"""

from __future__ import annotations

import contextlib
import datetime
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from macros.checks import Judged, judge
from macros.days import FIRST_JUDGED, LAST_JUDGED, OutOfRange, judged_day, written_day
from macros.facts.computed import Facts
from macros.facts.trace import Trace
from macros.git.history import read_history
from macros.load import load_workspace
from macros.model.history import History
from macros.model.workspace import Workspace
from macros.problem import KitError, Problem
from macros.reports.management_review import Pack, pack
from macros.reports.roadmap import Plan, plan
from macros.status import Ladder


def today_of(workspace: Workspace) -> datetime.date:
    """The day that everything is judged against.

    `AIMS_TODAY` first, then `today` of a demonstration's org.yaml, then SOURCE_DATE_EPOCH, then the clock.

    Raises:
        KitError: `AIMS_TODAY` or `SOURCE_DATE_EPOCH` cannot be read, or lies where nothing can be judged.
    """
    given = os.environ.get("AIMS_TODAY")
    if given:
        try:
            return judged_day(written_day(given))
        except OutOfRange as error:
            raise KitError(f"AIMS_TODAY is '{given}', which is {error}") from None
        except ValueError:
            raise KitError(f"AIMS_TODAY is '{given}', which is no date; write it as 2026-09-14") from None
    if workspace.organisation and workspace.organisation.value.today:
        return workspace.organisation.value.today
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch:
        try:
            return judged_day(datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date())
        except OutOfRange as error:
            raise KitError(f"SOURCE_DATE_EPOCH is '{epoch}', a day {error}") from None
        except (ValueError, OverflowError, OSError):
            raise KitError(f"SOURCE_DATE_EPOCH is '{epoch}', which is no number of seconds") from None
    return min(max(datetime.datetime.now(datetime.UTC).date(), FIRST_JUDGED), LAST_JUDGED)  # a clock may be set to any day


def pinned_by(workspace: Workspace) -> str | None:
    """What keeps the day of `today_of` from moving on, as a phrase; None where it is the day of a build or of the clock."""
    if os.environ.get("AIMS_TODAY"):
        return "the variable AIMS_TODAY"
    organisation = workspace.organisation
    return "'today' in org.yaml" if organisation and organisation.value.today else None


@dataclass(frozen=True, eq=False)
class World:
    """One workspace with everything that is computed from it, once."""

    workspace: Workspace
    today: datetime.date
    root: Path | None = None
    """Where it was loaded from, for what git knows of it; None where it is no checkout."""

    @cached_property
    def facts(self) -> Facts:
        """What can be computed without judging."""
        return Facts(self.workspace, self.today)

    @property
    def trace(self) -> Trace:
        """Who addresses what."""
        return self.facts.trace

    @cached_property
    def judged(self) -> Judged:
        """What the checks say, and the ladder."""
        return judge(self.facts)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What the checks say, heaviest first."""
        return self.judged.problems

    @property
    def ladder(self) -> Ladder:
        """How far each requirement has come."""
        return self.judged.ladder

    @cached_property
    def plan(self) -> Plan | None:
        """The way to certification; None where no roadmap is in `controls/`."""
        effort = {verdict.requirement: verdict.effort for verdict in self.facts.reuse}
        whole = self.workspace.roadmap.effort.new if self.workspace.roadmap else 0
        return plan(self.facts, lambda requirement: effort.get(requirement, whole))

    @cached_property
    def review_inputs(self) -> Pack:
        """The inputs of a management review on this day."""
        return pack(self.workspace, self.judged, self.today)

    @cached_property
    def history(self) -> History:
        """The commits of every document, where this world lies in a repository."""
        documents = {document.path: document.id for document in self.workspace.documents}
        lacking = History(lacking="This site was not built from a folder, so no commits are shown.")
        return read_history(self.root, documents) if self.root else lacking

    def problems_at(self, path: str) -> tuple[Problem, ...]:
        """Problems of one file."""
        return tuple(problem for problem in self.problems if problem.location.path == path)


_worlds: dict[Path, World] = {}
_handed: dict[Path, World] = {}


@contextlib.contextmanager
def handed_over(world: World) -> Iterator[None]:
    """While this is open, the next build of the folder begins with a world that was just loaded, instead of loading it again."""
    assert world.root, "only the world of a folder is built"
    _handed[world.root] = world
    try:
        yield
    finally:
        _handed.pop(world.root, None)


def world_at(root: Path, fresh: bool = False, today: datetime.date | None = None) -> World:
    """The world of a checkout, loaded once for a build.

    Args:
        root: The folder that holds `docs/` and `controls/`.
        fresh: Load it again, as at the start of a build.
        today: The day to judge against; without one, as `today_of` finds it.
    """
    root = root.resolve()
    if fresh or root not in _worlds or (today and _worlds[root].today != today):
        _worlds.pop(root, None)  # what cannot be loaded now must not be answered with what was there before
        handed: World | None = _handed.pop(root, None)
        _worlds[root] = handed or _load(root, today)
    return _worlds[root]


def forget(root: Path) -> None:
    """Load the world of a checkout anew when it is next asked for, since a file of it was written."""
    _worlds.pop(root.resolve(), None)


def _load(root: Path, today: datetime.date | None) -> World:
    workspace = load_workspace(root)
    return World(workspace, today or today_of(workspace), root)
