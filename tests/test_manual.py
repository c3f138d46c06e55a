"""The manual travels with the repository: in the terminal, on the site, and behind each code."""

from __future__ import annotations

import re

import pytest

from macros.__main__ import main
from macros.checks import ALL_RULES
from macros.command.verbs import VERBS
from macros.load.manual import CODES, FOLDER, PAGES, manual, sections_called, sections_of
from macros.render.manual import manual_pages
from tests.conftest import KIT

DOCS = KIT / "docs"


def ask(capsys, *words):
    code = main(["manual", *words])
    return code, *capsys.readouterr()


def test_its_pages_are_those_of_the_kits_own_site_in_its_order():
    navigation = (KIT / "mkdocs.yml").read_text("utf-8").partition("nav:")[2]
    assert [f"{name}.md" for name in PAGES] == re.findall(r": ([a-z-]+\.md)$", navigation, re.MULTILINE)
    assert sorted(PAGES) == sorted(path.stem for path in DOCS.glob("*.md"))
    assert FOLDER.is_symlink() and FOLDER.resolve() == DOCS


def test_a_generated_repository_holds_it_as_files_that_the_kit_owns(bake):
    repository = bake()
    delivered = repository / "macros/manual"
    assert not delivered.is_symlink()
    assert {path.name: path.read_bytes() for path in delivered.iterdir()} == {path.name: path.read_bytes() for path in DOCS.glob("*.md")}
    record = (repository / ".aims.json").read_text("utf-8")
    assert record.count('"macros/manual/') == len(PAGES) == 20


def test_it_lists_its_pages(capsys):
    code, out, err = ask(capsys)
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()[: len(PAGES)]] == PAGES


@pytest.mark.parametrize("name", PAGES)
def test_a_page_reads_without_marks_of_the_site_build(name, capsys):
    code, out, err = ask(capsys, name)
    assert (code, err) == (0, "")
    assert out.startswith("# ") and out.count("\n") > 10
    assert "made by make manual" not in out
    assert not re.search(r"^\s*\{% (?:end)?raw %\}\s*$", out, re.MULTILINE)


def test_raw_itself_is_shown_as_an_author_writes_it(capsys):
    assert "\n{% raw %} {{ anything }} {% endraw %}\n" in ask(capsys, "macros")[1]


@pytest.mark.parametrize("code", ALL_RULES)
def test_each_code_has_its_section_and_explain_says_where(code, capsys):
    assert main(["explain", code]) == 0
    place = re.search(r"In the manual: macros/(manual/problem-codes\.md):(\d+)", capsys.readouterr().out)
    lines = (KIT / "macros" / place[1]).read_text("utf-8").split("\n")
    assert lines[int(place[2]) - 1] == f"### {code}"
    _, out, _ = ask(capsys, code.lower())
    assert out.startswith(f"### {code}\n") and ALL_RULES[code].severity.value.capitalize() in out


def test_each_section_is_found_where_it_stands():
    found = [section for page in manual() for section in sections_of(page)]
    assert len(found) > 380
    for section in found:
        line = section.page.source.split("\n")[section.line - 1]
        assert line.lstrip("#").strip() == section.heading and section.text.startswith(line.strip())


@pytest.mark.parametrize("name", VERBS)
def test_each_verb_has_its_section(name):
    assert [section.page.name for section in sections_called(name)].count("commands") == 1


def test_a_heading_on_a_page_is_reached_where_a_page_has_its_name(capsys):
    code, out, _ = ask(capsys, "commands#gate")
    assert code == 0 and out.startswith("### gate\n") and "Commands, macros/manual/commands.md:" in out
    assert ask(capsys, "gate")[1].startswith("# Gates\n")


@pytest.mark.parametrize(("name", "near"), [("DOC3066", "DOC306"), ("wriet", "write"), ("commands#gat", "commands#gate")])
def test_what_is_not_there_is_answered_with_the_nearest(name, near, capsys):
    code, out, err = ask(capsys, name)
    assert (code, out) == (3, "")
    assert err == f"python -m macros manual: the manual has nothing on '{name}'; did you mean '{near}'?\n"


def test_without_the_manual_a_code_is_still_explained(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("macros.load.manual.FOLDER", tmp_path)
    monkeypatch.setattr("macros.render.manual.FOLDER", tmp_path)
    manual.cache_clear()
    try:
        assert main(["explain", "DOC306"]) == 0
        assert "The manual's page 'Problem codes' lists all codes." in capsys.readouterr().out
        code, _, err = ask(capsys)
        assert code == 3 and "'macros/manual/index.md' cannot be read" in err
        assert list(manual_pages()) == []
    finally:
        manual.cache_clear()


def test_the_site_has_a_page_for_each_and_no_link_that_only_the_kit_has():
    pages = dict(manual_pages())
    assert list(pages) == [f"manual/{name}.md" for name in PAGES]
    for path, text in pages.items():
        assert "render_macros: false" in text, path
        assert "](/requirements" not in text, path
    assert f"manual/{CODES}.md" in pages


@pytest.mark.site
def test_what_is_open_leads_to_each_code(example_site):
    page = (example_site / "open/index.html").read_text("utf-8")
    codes = set(re.findall(r'href="\.\./manual/problem-codes/#([a-z]{3}[0-9]{3})"', page))
    assert codes == {"doc304", "reg201"}  # the one gap and the one overdue review
    manual_page = (example_site / "manual/problem-codes/index.html").read_text("utf-8")
    assert all(f'id="{code}"' in manual_page for code in codes)
