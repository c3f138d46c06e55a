"""Generated pages become HTML without Python-Markdown, and are what it would make of them, byte for byte."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import markdown
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mkdocs.config import load_config

from macros.load.manual import PAGES
from macros.pages import EXTENSIONS, OPTIONS
from macros.render.finished import Finished, finished
from macros.render.markup import admonition, badge, crumbs, definitions, link, plain, running, table
from macros.render.searched import searched
from tests.both_ways import by_material, in_the_index
from tests.conftest import KIT, bytes_of, mkdocs_build
from tests.payloads import ACTING, COMMANDS, LIVE, SEVERAL_LINES
from tests.small_site import replace, small_site

BY_HAND = {f"manual/{name}.md" for name in PAGES}
"""What people wrote, for which Python-Markdown is."""


def both_ways(repository: Path) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "tests.both_ways"],
        cwd=repository,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(repository), str(KIT)))},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def whole(repository: Path, count: int, by_hand: set[str] = BY_HAND) -> dict:
    """What is known of the pages of a repository, once no page was left to Python-Markdown and none differs."""
    found = both_ways(repository)
    assert len(found["pages"]) > count
    assert found["differs"] == {}
    assert set(found["left"]) <= by_hand, "render modules write what macros/render/finished.py does not read"
    assert set(found["unsearched"]) <= {*by_hand, "roadmap.md"}, "only a drawing is left to the parser of the search"
    return found


@pytest.mark.site
def test_every_generated_page_of_the_worked_organisation_is_the_same_both_ways(example):
    assert whole(example, 440)["warnings"] == []


@pytest.mark.site
def test_every_generated_page_of_a_fresh_repository_is_the_same_both_ways(bake):
    assert whole(bake(), 250)["warnings"] == []


@pytest.mark.site
def test_every_generated_page_of_the_kit_is_the_same_both_ways():
    assert whole(KIT, 200, set())["warnings"] == []


@pytest.mark.site
def test_a_dead_link_in_a_generated_page_is_said_as_ever_and_fails_a_strict_build(tmp_path):
    repository = small_site(tmp_path / "repository")
    guide = repository / "macros/render/guide.py"
    old = "Nobody needs git"
    replace(guide, old, f"[a](/gone.md) [b](/status.md#gone) [c](/gone.md) [d](gone) [e](#gone) {old}")
    said = whole(repository, 40)["warnings"]
    assert [line.split("'")[3] for line in said] == ["/gone.md", "/gone.md", "gone"]
    done = mkdocs_build(repository)
    assert done.returncode == 1
    assert "Doc file 'guide.md' contains a link '/gone.md', but the target is not found among documentation files" in done.stderr
    assert (
        "Doc file 'guide.md' contains a link '/status.md#gone', but the doc 'status.md' does not contain an anchor '#gone'" in done.stderr
    )
    assert "Doc file 'guide.md' contains a link '#gone', but there is no such anchor on this page" in done.stderr


@pytest.mark.site
def test_a_site_has_the_same_bytes_where_material_reads_and_draws_each_page_itself(tmp_path):
    repository = small_site(tmp_path / "repository")
    assert mkdocs_build(repository, "--site-dir", str(tmp_path / "ours")).returncode == 0
    with (repository / "mkdocs_hooks.py").open("a", encoding="utf-8") as file:
        file.write("\ndel on_env, on_page_context\n")
    done = mkdocs_build(repository, "--site-dir", str(tmp_path / "theirs"))
    assert done.returncode == 0, done.stderr
    files = bytes_of(tmp_path / "ours")
    assert len(files) > 50
    assert files == bytes_of(tmp_path / "theirs")


@pytest.mark.site
def test_with_another_extension_each_page_goes_through_python_markdown(tmp_path):
    repository = small_site(tmp_path / "repository")
    with (repository / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write("markdown_extensions:\n  toc:\n    permalink: '#'\n")
    assert mkdocs_build(repository, "--site-dir", str(tmp_path / "site")).returncode == 0
    assert 'title="Link to this section">#</a>' in (tmp_path / "site/status/index.html").read_text("utf-8")


def test_the_engines_settings_are_those_with_which_pages_are_finished():
    config = load_config(str(KIT / "mkdocs.yml"), hooks=[])
    given_options = {name: options for name, options in config["mdx_configs"].items() if options}
    assert set(config["markdown_extensions"]) == EXTENSIONS
    assert {**given_options, "toc": {**given_options["toc"], "slugify": OPTIONS["toc"]["slugify"]}} == OPTIONS


# The two ways, for any text


def outline(tokens: list[dict]) -> list:
    return [(token["level"], token["id"], token["name"], outline(token["children"])) for token in tokens]


def by_markdown(text: str) -> tuple[str, list]:
    host = markdown.Markdown(extensions=sorted(EXTENSIONS), extension_configs=OPTIONS)
    return host.convert(text), outline(host.toc_tokens)


def same(text: str) -> Finished | None:
    """What the engine makes of a text, once Python-Markdown makes the same of it."""
    made = finished(text, str)
    if made is not None:
        assert (made.html, outline(made.toc)) == by_markdown(text)
        sections = searched(made.html)
        assert sections is None or in_the_index(sections) == by_material(made.html)
    return made


ANY = st.text(max_size=40) | st.sampled_from((*LIVE, *ACTING, *COMMANDS, *SEVERAL_LINES))
SHOWN = ANY.filter(lambda text: bool(plain(text)))


@settings(max_examples=400, deadline=None)
@given(SHOWN, SHOWN, SHOWN)
@example("1. a", "- b", "# c")
@example("a: b", "!!! x", "+ 1")
def test_any_text_of_a_record_in_any_shape_is_shown_as_python_markdown_shows_it(first, second, third):
    parts = (
        crumbs((first, "/index.md"), (second, None)),
        f"## {plain(first)}",
        plain(second),
        table((first, second), ((plain(third), running(second)), (badge(first, "good"), link(third, "/index.md", "a")))),
        definitions(((first, plain(second)), (second, link(third, "/index.md"))), "aims-header"),
        f"### {link(second, '/index.md')} {badge(third, 'bad')}",
        f"- {plain(first)}\n- {plain(second)}",
        admonition("info", first, plain(second)),
        f"1. {plain(third)}\n2. **{plain(first)}** {plain(second)}<br>*{plain(third)}*",
    )
    made = same("\n\n".join(parts) + "\n")
    assert made is not None
    assert searched(made.html) is not None


MARKS = (
    *("**", "*", "_", "`", "[", "]", "(", ")", "[a](/x.md)", "[b](/y.md#z)", "(/x.md)", "](", "]:", "<http://a.b>", "a@b.c", "<a@b.c>"),
    *(
        '<span class="a">',
        "</span>",
        "<br>",
        "<br />",
        "<script>",
        "<p>",
        "</p>",
        '<p class="a">x</p>',
        '<p class="a">',
        "<code>",
        "</code>",
    ),
    *("<i>", "<svg>", "<title>", "</title>", "<!-- a -->", '<p class="a" markdown="1">x</p>', '<span id="a">', '<div class="a">z</div>'),
    *("    ", "- ", "- a\n- b", "1. ", "1. a\n2. b", "| ", " | ", "| a | b |\n| --- | --- |\n| c | d |", "## ", "### a", "# ", "+ ", "> "),
    *('!!! info "x"\n\n    y', "??? a", "a\n:   b", "\n:   ", ":   ", "{: #a }", "{", "}", "---", "===", "~~~", "```", "*[a]: b", "[a]: b"),
    *("&#60;", "&#42;", "&amp;", "&nbsp;", "&", "&copy", "&#x41;", "#", ";", "!", "![a](b.png)", "\\", '"', "'", ">", "<", "=", "^", "~"),
    *('<div class="a" markdown="1">', "</div>", '<div class="a" markdown="1">\n\n', "\n\n</div>", "\n", "\n\n", "\n\n", "\n\n", " ", " "),
    *("w", "w", "9.", "2.5", "é", "中", "\u00a0", "\u2028", "\t", "\x02", "http://a.b/c", "a_b", "_a_", "x:y", "–", "•"),
)


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(MARKS), min_size=1, max_size=7).map("".join))
@example("##  a")
@example('<p class="a" markdown="1">*x*</p>')
@example("- a\n\n- b")
@example("| a |\n\n| b")
@example("**a***b*")
def test_what_is_not_left_to_python_markdown_is_read_as_it_reads_it(text):
    same(f"{text}\n")


@pytest.mark.parametrize(
    "text",
    [
        "`a`",
        "# a",
        "a\nb",
        "<script>a</script>",
        "<p>a",
        "[a]",
        "![a](b.png)",
        "- a\n\n- b",
        "    a",
        "a  \n",
        "{{ a }}",
        "<b>a</b>",
        "&a",
    ],
)
def test_what_generated_pages_do_not_write_is_left_to_python_markdown(text):
    assert finished(f"{text}\n", str) is None


def test_links_are_asked_for_in_their_order_and_only_of_a_page_that_is_read_to_its_end():
    asked = []

    def address(target: str) -> str:
        asked.append(target)
        return "x/"

    made = finished("[a](/a.md) **[b](/b.md)**\n\n## c [d](/d.md)\n", address)
    assert made is not None and made.html.count('href="x/"') == 4
    assert asked == ["/a.md", "/b.md", "/d.md", "#c-d"]
    asked.clear()
    assert finished("[a](/a.md)\n\n`b`\n", address) is None
    assert asked == []
