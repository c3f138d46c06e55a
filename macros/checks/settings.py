"""ORG: weights and exceptions that the organisation set in `checks:`, applied to what the other rules said, and judged."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from macros.load.rules import RULES as LOADER_RULES
from macros.model.organisation import CheckException, CheckSettings, Organisation, Weight
from macros.model.workspace import Sourced, Workspace
from macros.problem import Problem, Rule, Severity, did_you_mean

RUN_OUT = Rule(
    "ORG112",
    "Exception has run out",
    "An exception is a decision for a while. After its last day the problem counts again, until it is mended or somebody decides anew.",
    Severity.ERROR,
)
UNKNOWN = Rule(
    "ORG113",
    "Exception or setting names something unknown",
    "An exception from a rule, for a file or by a role that is not there hides nothing, and whoever wrote it thinks that it does.",
    Severity.ERROR,
)
NOT_NEEDED = Rule(
    "ORG114",
    "Exception is not needed",
    "Where the problem is gone the exception would hide the next one of its kind, which nobody has decided on.",
    Severity.NOTE,
)
LOCKED = Rule(
    "ORG115",
    "Rule cannot be turned down",
    "Some rules guard the others: a file that is not read, a page that would run foreign code and an exception without end "
    "would each hide more than themselves.",
    Severity.ERROR,
)
RULES = (RUN_OUT, UNKNOWN, NOT_NEEDED, LOCKED)

_GUARDS = frozenset(rule.code for rule in (*LOADER_RULES, *RULES)) | {"ORG117", "TRC103", "UPD110"}
"""Rules of the loader and of this module, those that stop the site from being built, that on a pinned day and that on lost parts;
beside these, all of SEC."""


def is_locked(code: str) -> bool:
    """Whether a rule can be neither lowered, nor turned off, nor excepted from."""
    return code.startswith("SEC") or code in _GUARDS


def with_settings(
    workspace: Workspace, today: datetime.date, problems: Iterable[Problem], rules: Mapping[str, Rule]
) -> tuple[Problem, ...]:
    """Problems with the organisation's weights, without those excepted in date, and with what is wrong in the settings.

    Args:
        workspace: Where the settings stand.
        today: An exception counts up to and including its day.
        problems: What every other rule said.
        rules: Every rule by its code.
    """
    organisation = workspace.organisation
    settings = organisation.value.checks if organisation else None
    if organisation is None or settings is None:
        return tuple(problems)
    own = list(_faults(organisation, settings, workspace, rules))
    shown = [weighed for problem in problems if (weighed := _weighed(problem, settings, rules))]
    counting = [
        (index, exception)
        for index, exception in enumerate(settings.exceptions)
        if exception.code in rules and not is_locked(exception.code) and not _unknown(exception, workspace)
    ]
    # Those in date first: an exception that was renewed in a second entry is not needed in the first.
    for index, exception in sorted(counting, key=lambda one: one[1].until < today):
        covered = [problem for problem in shown if (problem.code, problem.location.path) == (exception.code, exception.path)]
        if not covered:
            if not workspace.broken:  # what could not be read may still hold the problem
                own.append(
                    NOT_NEEDED.problem(
                        organisation.at("checks", "exceptions", index, "code"),
                        f"'{exception.path}' has no problem {exception.code}",
                        "remove the exception",
                    )
                )
        elif exception.until < today:
            own.append(
                RUN_OUT.problem(
                    organisation.at("checks", "exceptions", index, "until"),
                    f"the exception from {exception.code} for '{exception.path}' ended on {exception.until}",
                    "mend the problem and remove the exception, or have it decided anew with a later day",
                )
            )
        else:
            shown = [problem for problem in shown if problem not in covered]
    return (*shown, *(weighed for problem in own if (weighed := _weighed(problem, settings, rules))))


def _weighed(problem: Problem, settings: CheckSettings, rules: Mapping[str, Rule]) -> Problem | None:
    weight = settings.severities.get(problem.code)
    if weight is None or _turns_down_a_guard(problem.code, weight, rules):
        return problem
    return None if weight is Weight.OFF else replace(problem, severity=Severity(weight.value))


def _turns_down_a_guard(code: str, weight: Weight, rules: Mapping[str, Rule]) -> bool:
    return is_locked(code) and (weight is Weight.OFF or Severity(weight.value).rank > rules[code].severity.rank)


def _unknown(exception: CheckException, workspace: Workspace) -> list[tuple[str, str, str]]:
    """What an exception names that is not there: its entry, what is wrong, and the way out."""
    found = []
    if exception.path not in workspace.paths:
        way_out = did_you_mean(exception.path, workspace.paths, "write the path from the root, as 'check' prints it")
        found.append(("path", f"there is no file '{exception.path}'", way_out))
    if exception.decided_by not in workspace.role_by_id:
        way_out = did_you_mean(exception.decided_by, workspace.role_by_id, "use a role id from 'org.yaml', or add the role there")
        found.append(("decided_by", f"unknown role '{exception.decided_by}' in 'decided_by'", way_out))
    return found


def _faults(
    organisation: Sourced[Organisation], settings: CheckSettings, workspace: Workspace, rules: Mapping[str, Rule]
) -> Iterator[Problem]:
    for code, weight in settings.severities.items():
        place = organisation.at("checks", "severities", code)
        if code not in rules:
            yield UNKNOWN.problem(place, f"there is no rule '{code}'", _nearest_code(code, rules))
        elif _turns_down_a_guard(code, weight, rules):
            yield LOCKED.problem(place, f"'{code}' cannot be set to '{weight.value}'", "remove the line, and mend what the rule speaks of")
    for index, exception in enumerate(settings.exceptions):
        place = organisation.at("checks", "exceptions", index, "code")
        if exception.code not in rules:
            yield UNKNOWN.problem(place, f"there is no rule '{exception.code}'", _nearest_code(exception.code, rules))
        elif is_locked(exception.code):
            yield LOCKED.problem(
                place, f"'{exception.code}' cannot be excepted from", "remove the exception, and mend what the rule speaks of"
            )
        for entry, message, way_out in _unknown(exception, workspace):
            yield UNKNOWN.problem(organisation.at("checks", "exceptions", index, entry), message, way_out)


def _nearest_code(given: str, rules: Mapping[str, Rule]) -> str:
    return did_you_mean(given.upper(), rules, "'./aims explain' lists them all")
