"""Weights and exceptions in `org.yaml` do what they say, in the open; the checks also run at each commit where an author wants it."""

from __future__ import annotations

import datetime
import html
from dataclasses import replace

import pytest
import yaml

from macros.checks import ALL_RULES, run_checks
from macros.checks.settings import is_locked
from macros.load import load_workspace
from macros.model.organisation import CheckSettings
from macros.model.workspace import Sourced
from macros.render.page_links import PageLinks
from macros.render.problems import settings_tables
from tests.test_checks import HERE, UNSEALED, world_with

POLICY = "docs/policies/ai-policy.md"
DAY = datetime.date(2026, 11, 16)


@pytest.fixture(scope="module")
def overdue(tmp_path_factory):
    """The base world with one overdue review."""
    return load_workspace(world_with(HERE / "checks/ORG114/good", tmp_path_factory.mktemp("overdue")))


def said(workspace, **settings):
    value = workspace.organisation.value.model_copy(update={"checks": CheckSettings.model_validate(settings)})
    changed = replace(workspace, organisation=Sourced(value, "org.yaml", workspace.organisation.lines))
    return [(problem.code, problem.severity.value) for problem in run_checks(changed, DAY) if problem.code != UNSEALED]


def exception(until="2027-01-31", **more):
    return {"code": "DOC304", "path": POLICY, "reason": "It waits.", "decided_by": "top-management", "until": until, **more}


def test_a_rule_is_raised_lowered_and_turned_off(overdue):
    assert said(overdue) == [("DOC304", "warning")]
    for weight in ("error", "warning", "note"):
        assert said(overdue, severities={"DOC304": weight}) == [("DOC304", weight)]
    assert said(overdue, severities={"DOC304": "off"}) == []


def test_an_exception_counts_up_to_and_including_its_day(overdue):
    assert said(overdue, exceptions=(exception("2026-11-16"),)) == []
    assert said(overdue, exceptions=(exception("2026-11-15"),)) == [("ORG112", "error"), ("DOC304", "warning")]


def test_an_exception_is_for_one_code_at_one_file(overdue):
    elsewhere = exception(path="docs/roles/ai-governance-lead.md")
    assert said(overdue, exceptions=(elsewhere,)) == [("DOC304", "warning"), ("ORG114", "note")]
    assert said(overdue, exceptions=(exception(code="DOC305"),)) == [("DOC304", "warning"), ("ORG114", "note")]


def test_an_exception_that_was_renewed_in_a_second_entry_leaves_the_first_unneeded(overdue):
    assert said(overdue, exceptions=(exception("2026-01-31"), exception())) == [("ORG114", "note")]


def test_an_exception_by_nobody_known_counts_for_nothing(overdue):
    assert said(overdue, exceptions=(exception(decided_by="nobody"),)) == [("ORG113", "error"), ("DOC304", "warning")]


def test_the_rules_that_guard_the_others_are_locked():
    locked = {code for code in ALL_RULES if is_locked(code)}
    assert locked == {code for code in ALL_RULES if code.startswith("SEC") or code[3:] in ("001", "002", "003", "004", "005")} | {
        *("UPD101", "UPD103", "UPD110", "REG310", "TRC103", "ORG112", "ORG113", "ORG114", "ORG115", "ORG117")
    }


def test_a_guard_may_be_raised_and_not_lowered(overdue):
    assert said(overdue, severities={"ORG114": "error"}, exceptions=(exception(), exception(path="org.yaml"))) == [("ORG114", "error")]
    for weight in ("warning", "note", "off"):
        assert said(overdue, severities={"SEC101": weight}) == [("ORG115", "error"), ("DOC304", "warning")]


def test_the_site_lists_every_exception_and_every_changed_weight(overdue):
    settings = CheckSettings.model_validate(
        {"severities": {"DOC304": "off"}, "exceptions": (exception(reason="<b>It</b> waits."), exception("2026-01-31"))}
    )
    text = html.unescape(settings_tables(settings, ALL_RULES, PageLinks(overdue), DAY))
    assert f"| DOC304 | <code>{POLICY}</code> | <b>It</b> waits. | 2027-01-31 | Top management |" in text
    assert '| 2026-01-31 <span class="aims-badge aims-badge--bad">run out</span> | Top management |' in text
    assert "| DOC304 | Review is overdue |" in text
    assert "<b>" not in settings_tables(settings, ALL_RULES, PageLinks(overdue), DAY)
    assert settings_tables(None, ALL_RULES, PageLinks(overdue), DAY) == ""


def test_a_generated_repository_offers_its_checks_at_each_commit(bake):
    config = yaml.safe_load((bake() / ".pre-commit-config.yaml").read_text("utf-8"))
    (hook,) = config["repos"][0]["hooks"]
    assert config["repos"][0]["repo"] == "local"
    assert (hook["entry"], hook["language"], hook["pass_filenames"]) == ("python -m macros check", "system", False)
