"""A release: the version stands in one place, and the changelog has a section for it."""

from __future__ import annotations

import datetime
import re

import yaml

from macros import __version__
from tests.conftest import KIT
from tests.test_hygiene import FILES, text_of

HEAD = re.compile(r"^## (\d+)\.(\d+)\.(\d+), (unreleased|\d{4}-\d{2}-\d{2})$", re.MULTILINE)
NOT_ABOUT_THE_KIT = ("tests/checks/", "tests/world/", "requirements", "supply-chain/requirements")
CHANGELOG = (KIT / "CHANGELOG.md").read_text("utf-8")


def test_the_version_stands_in_one_place_and_the_changelog_has_it():
    version = re.compile(rf"(?<![\d.]){re.escape(__version__)}(?![\d.]*\d)")
    texts = [name for name in FILES if not name.startswith(NOT_ABOUT_THE_KIT) and not name.endswith((".png", ".svg", ".js"))]
    assert len(texts) > 200
    assert [name for name in texts if version.search(text_of(name))] == ["CHANGELOG.md", "macros/__init__.py"]


def test_the_newest_section_of_the_changelog_is_the_present_version():
    heads = HEAD.findall(CHANGELOG)
    assert len(heads) == len(re.findall(r"^## ", CHANGELOG, re.MULTILINE)) >= 1
    assert ".".join(heads[0][:3]) == __version__
    numbers = [tuple(map(int, head[:3])) for head in heads]
    assert numbers == sorted(set(numbers), reverse=True)
    assert "unreleased" not in [day for *_, day in heads[1:]]
    days = [datetime.date.fromisoformat(day) for *_, day in heads if day != "unreleased"]
    assert days == sorted(days, reverse=True)


def test_each_section_says_what_an_organisation_must_do():
    sections = re.split(r"^## ", CHANGELOG, flags=re.MULTILINE)[1:]
    assert sections
    for section in sections:
        told = section.partition("### What an organisation must do\n\n")[2]
        assert told.strip(), section.splitlines()[0]


def test_the_steps_of_a_release_name_what_exists():
    text = (KIT / "RELEASING.md").read_text("utf-8")
    makefile = (KIT / "Makefile").read_text("utf-8")
    verbs = re.findall(r"`make ([a-z-]+)`", text)
    assert len(verbs) >= 3
    assert [verb for verb in verbs if not re.search(rf"^{verb}:", makefile, re.MULTILINE)] == []
    files = re.findall(r"`([\w./-]+\.(?:py|md))`", text)
    assert len(files) >= 5
    assert [name for name in files if not (KIT / name).is_file()] == []


def test_ci_tests_every_python_that_the_kit_supports():
    data = yaml.safe_load((KIT / ".github/workflows/test.yml").read_text("utf-8"))
    assert data["jobs"]["test"]["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13"]
    assert "needs Python 3.11 or later" in (KIT / "macros/__init__.py").read_text("utf-8")


def test_the_hooks_before_a_commit_are_local_and_use_the_locked_tools():
    data = yaml.safe_load((KIT / ".pre-commit-config.yaml").read_text("utf-8"))
    assert [found["repo"] for found in data["repos"]] == ["local"]
    hooks = data["repos"][0]["hooks"]
    assert [hook["id"] for hook in hooks] == ["ruff", "ruff-format", "yaml"]
    for hook in hooks:
        assert hook["entry"].startswith(".venv/bin/") and hook["language"] == "system"
