"""The manual is held by the code: every verb, macro, code, register, question and parameter has its place in it."""

from __future__ import annotations

import html
import json
import re

import pytest

from macros.__main__ import VERBS
from macros.checks import ALL_RULES
from macros.load import load_workspace
from macros.model.records.kinds import KINDS
from macros.text.calls import MACROS
from tests import manual_tables
from tests.conftest import KIT, mkdocs_build

DOCS = KIT / "docs"


def headings(name: str) -> list[str]:
    text = re.sub(r"```.*?```", "", (DOCS / name).read_text("utf-8"), flags=re.DOTALL)
    return [heading.strip("` ") for heading in re.findall(r"^#{2,4} (.+)$", text, re.MULTILINE)]


def test_every_verb_has_its_heading():
    assert set(VERBS) <= set(headings("commands.md"))


def test_every_macro_has_its_heading_in_order():
    assert [heading for heading in headings("macros.md") if heading in MACROS] == list(MACROS)


def test_every_question_has_its_heading():
    questions = [name for name in json.loads((KIT / "cookiecutter.json").read_text("utf-8")) if not name.startswith("_")]
    assert [heading for heading in headings("start.md") if heading in questions] == questions


@pytest.mark.parametrize("page", sorted({page for page, _ in manual_tables.MADE.values()}))
def test_the_tables_of_the_manual_are_fresh_and_need_no_macro(page):
    text = (DOCS / page).read_text("utf-8")
    assert text == manual_tables.fresh(page), "run 'make manual'"
    assert "{{" not in text and text.count("made by make manual") == 1


@pytest.mark.site
def test_the_kits_own_site_builds_and_shows_every_code_register_and_parameter(tmp_path):
    done = mkdocs_build(KIT, "--site-dir", str(tmp_path / "site"))
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    codes = (tmp_path / "site/problem-codes/index.html").read_text("utf-8")
    for code in ALL_RULES:
        assert f'id="{code.lower()}"' in codes, code
    registers = (tmp_path / "site/registers/index.html").read_text("utf-8")
    for kind in KINDS:
        assert f'id="{kind.name}"' in registers, kind.name
    parameters = html.unescape((tmp_path / "site/parameters/index.html").read_text("utf-8"))
    for name in load_workspace(KIT).parameters:
        assert name in parameters, name
    for page in (
        "requirements/iso42001/A.5.2",
        "requirements/iso27001/A.5.2",
        "requirements/eu-ai-act/Art.14",
        "requirements/published",
        "requirements/errata",
    ):
        assert (tmp_path / "site" / page / "index.html").is_file(), page


def test_every_page_of_the_manual_is_in_its_navigation():
    navigation = (KIT / "mkdocs.yml").read_text("utf-8")
    pages = sorted(DOCS.glob("*.md"))
    assert len(pages) >= 20
    for path in pages:
        assert f": {path.name}\n" in navigation, path.name


@pytest.mark.parametrize("path", sorted(DOCS.glob("*.md")), ids=lambda path: path.name)
def test_a_page_of_the_manual_is_no_stub(path):
    words = len(path.read_text("utf-8").split())
    assert words > 60 or "{{" in path.read_text("utf-8")


def test_the_readme_names_the_two_commands_and_they_exist():
    readme = (KIT / "README.md").read_text("utf-8")
    makefile = (KIT / "Makefile").read_text("utf-8")
    for verb in ("demo", "test", "site"):
        assert f"make {verb}" in readme
        assert re.search(rf"^{verb}:", makefile, re.MULTILINE)
    assert "make test" in (KIT / ".ci/run").read_text("utf-8")


def test_the_changelog_says_what_an_organisation_must_do():
    changelog = (KIT / "CHANGELOG.md").read_text("utf-8")
    assert "What an organisation must do" in changelog
