"""The reader sees what the site shows: the same words as Python-Markdown renders, with lines, and with what is hidden told apart."""

from __future__ import annotations

import re
from pathlib import Path

import markdown
import pytest
import yaml

from macros.text.blocks import TooDeep, WrittenLink
from macros.text.front_matter import split
from macros.text.hidden import visible_parts
from macros.text.markdown import blocks
from tests.conftest import KIT

STRATEGIES = ("integrated", "coordinated", "extension", "standalone")
_RAW = re.compile(r"\{% (?:raw|endraw) %\}")  # as Jinja takes it out: what stands around it stays
_CALL = re.compile(r"\{\{[^{}\n]*\}\}")


class _Loader(yaml.SafeLoader):
    """Settings of MkDocs, whose tags for Python names are of no interest here."""


_Loader.add_multi_constructor("tag:yaml.org,2002:python/", lambda loader, suffix, node: suffix)
SETTINGS = yaml.load((KIT / "macros/mkdocs-base.yml").read_text("utf-8"), Loader=_Loader)["markdown_extensions"]


def rendered(text: str) -> str:
    """The words of the page that the site makes of a text."""
    names = [name for name in SETTINGS if name != "toc"]
    return words(visible_parts(markdown.markdown(text, extensions=names))[0])


def read(text: str) -> str:
    """The words of all blocks."""
    return words(" ".join(" ".join(block.cells) if block.cells else block.text for block in blocks(text)))


def words(text: str) -> str:
    return " ".join(text.split())


def texts_of(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.md"))


def assert_agrees(path: Path) -> None:
    body = _CALL.sub("MACRO", _RAW.sub("", split(path.read_text("utf-8")).body))
    assert read(body) == rendered(body), path.name


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_reader_sees_what_the_site_shows_of_every_generated_document(bake, strategy):
    found = texts_of(bake(integration_strategy=strategy) / "docs")
    assert len(found) > 50
    for path in found:
        assert_agrees(path)


def test_the_reader_sees_what_the_site_shows_of_the_worked_organisation_and_of_the_manual(example):
    found = [*texts_of(example / "docs"), *texts_of(KIT / "docs")]
    assert len(found) > 70
    for path in found:
        assert_agrees(path)


AGREED = {
    "a paragraph over lines": "A role shall\nreview it\nwithin 10 days.\n",
    "a list that interrupts no paragraph": "Intro:\n- a\n- b\n",
    "nested lists": "Intro:\n\n- a\n    - b\n- c\n\n1. x\n2. y\n   more\n",
    "attribute lists": "# H {#id}\n\nPara text\n{: .cls }\n\n[l](u.md){: target=x } and *e*{.c}\n",
    "braces in a sentence": "A set {a, b} here.\n",
    "an admonition with a title": '!!! note "Title *x*"\n    Body shall.\n\n    Second.\n\nAfter.\n',
    "an admonition with the title of its kind": "!!! warning\n    Body.\n",
    "an admonition without a title": '!!! note ""\n    Body.\n',
    "a foldable note": '??? note "More"\n    Inside **x**.\n',
    "an open foldable note": "???+ note\n    Inside.\n",
    "a list in an admonition": "!!! note\n    - a\n    - b\n\n        c\n",
    "definitions": "Term\n:   Meaning one\n:   Meaning two\n\nTerm 2\n\n:   M3\n",
    "abbreviations": "The HTML page.\n\n*[HTML]: Hyper\n",
    "comments": "Before\n\n<!-- The lead shall do x. -->\n\nAfter <!-- inline --> end.\n",
    "struck out": "We <del>shall not</del> do. ~~no mark of this site~~\n",
    "a hidden element": "<div hidden>\nThe lead shall.\n</div>\n\nText\n",
    "Markdown in a hidden element": '<div hidden markdown="1">\n\nThe lead **shall**.\n\n</div>\n\nText\n',
    "fences and indented code": "```\ncode shall\n```\n\n~~~ text\nx\n~~~\n\n    indented\n",
    "a fence in a list": "- a\n\n    ```\n    code\n    ```\n\n- b\n",
    "a table": "| a | b |\n|---|:-:|\n| x \\| y | `z` |\n",
    "escapes and references": "a \\* b \\_ c &amp; &lt;x&gt; &copy; \\{x\\} &#8211;\n",
    "links": '[a *b*](x.md "t") <https://a.example> [ref][r] ![alt](p.png)\n\n[r]: y.md\n',
    "a quotation": "> quoted shall\n> more\n\nafter\n",
    "underlined headings": "Title\n=====\n\nSub\n---\n\ntext\n",
    "rules": "a\n\n---\n\nb\n\n***\n",
    "a heading inside a paragraph": "text\n## Head\nmore\n",
    "a heading without a space": "#Head\n",
    "emphasis": "under_score_word and *a* **b** ***c*** __d__ _e_\n",
    "HTML, then text": "<p>para</p>\ntext after\n",
    "line breaks": "a  \nb\nc\n",
    "brackets start no list": "1) x\n2) y\n",
    "three marks of lists": "+ a\n+ b\n\n* c\n",
    "a fence without an end": "a\n\n```\nThe lead shall.\n\n- b\n",
    "a fence with a longer end": "```\nThe lead shall.\n````\n\nb\n",
    "a comment without an end": "a\n\n<!-- The lead shall.\n\nb\n",
    "a comment without an end in an item": "- <!--\n- The lead shall.\n- -->\n",
    "a comment that ends at once": "a <!--> The lead shall. --> b\n",
    "a comment that ends with an exclamation mark": "<!-- a --!> The lead shall. -->\n\nb\n",
    "a hidden element that ends with its paragraph": "a <span hidden>b\n\nThe lead shall.</span> d\n",
    "a deletion that ends with its line": "<del>\n\nThe lead shall.\n\n</del>\n\nb\n",
    "no footnotes": "x[^1]\n\n[^1]: note\n",
}


@pytest.mark.parametrize("name", AGREED)
def test_the_reader_sees_what_the_site_shows_of(name):
    assert read(AGREED[name]) == rendered(AGREED[name])
    assert rendered(AGREED[name])


def test_blocks_know_their_kind_line_and_headings():
    text = (
        '# Rules\n\nThe lead shall\nreview {{ role("lead") }}\nmonthly.\n\n## Steps\n\n1. First\n    - Inner\n\n> Said.\n\n'
        '| Who | When |\n|---|---|\n| lead | **now** |\n\n!!! note "Mind"\n    This.\n\nTerm\n:   Meaning.\n'
    )
    found = [(block.kind.value, block.text, block.line, block.end, block.headings) for block in blocks(text, 10)]
    assert found == [
        ("heading", "Rules", 10, 10, ()),
        ("paragraph", 'The lead shall review {{ role("lead") }} monthly.', 12, 14, ("Rules",)),
        ("heading", "Steps", 16, 16, ("Rules",)),
        ("item", "First", 18, 18, ("Rules", "Steps")),
        ("item", "Inner", 19, 19, ("Rules", "Steps")),
        ("quote", "Said.", 21, 21, ("Rules", "Steps")),
        ("row", "Who – When", 23, 23, ("Rules", "Steps")),
        ("row", "lead – now", 25, 25, ("Rules", "Steps")),
        ("title", "Mind", 27, 27, ("Rules", "Steps")),
        ("paragraph", "This.", 28, 28, ("Rules", "Steps")),
        ("term", "Term", 30, 30, ("Rules", "Steps")),
        ("definition", "Meaning.", 31, 31, ("Rules", "Steps")),
    ]


HIDDEN = {
    "comment": "The lead <!-- shall --> look.\n",
    "comment over lines": "<!--\nThe lead shall look.\n-->\n",
    "element": "<p hidden>The lead shall look.</p>\n",
    "style": '<span style="display: none">shall</span> look\n',
    "struck": "The lead <s>shall</s> look.\n",
    "block that stays open": '<div hidden markdown="1">\n\nThe lead shall look.\n\n</div>\n',
    "template": "<template>shall</template>\n",
    "bold that a browser opens again": "<b hidden>The lead\n\nshall look.\n",
    "strike-through over lines": "The lead <s>may\nor shall</s> look.\n",
    "an attribute in capitals": "<DIV HIDDEN='x'>The lead shall look.</DIV>\n",
}


@pytest.mark.parametrize("name", HIDDEN)
def test_what_is_not_shown_is_kept_apart(name):
    found = blocks(HIDDEN[name])
    assert not any("shall" in block.text for block in found)
    assert sum("shall" in block.hidden for block in found) == 1


def test_links_keep_their_words_target_and_line():
    found = blocks('See [the *policy*](../policies/ai.md#a "t")\nand ![a chart](c%20d.png)\nand [x]({{ document("POL-001") }}).\n', 5)
    assert found[0].links == (
        WrittenLink("the policy", "../policies/ai.md#a", 5),
        WrittenLink("a chart", "c%20d.png", 6, image=True),
        WrittenLink("x", '{{ document("POL-001") }}', 7),
    )


PUMPS = (
    "[",
    "![",
    "`",
    "*",
    "<",
    "{{",
    "!!! a\n    ",
    "|",
    "<!--",
    "#",
    "&",
    "\\",
    "<div>\n",
    "_a",
    "a\n: b\n",
    "[a]: b\n",
    "- a\n",
    "<!--\n",
    "<b>",
    "~~~\n```a\n",
    '<a b="',
    "<s>\n\n",
    "> <!--\n\n",
)


@pytest.mark.parametrize("pump", PUMPS)
def test_a_hostile_text_is_read_to_its_end(pump):
    found = blocks(pump * 3_000 + "\n\n-->\n\nThe end shall be seen.\n")
    assert "The end shall be seen." in found[-1].text + found[-1].hidden


@pytest.mark.parametrize("pump", ["- ", "> ", "1. ", "- > "])
def test_what_is_nested_too_deeply_is_refused_and_never_left_out(pump):
    with pytest.raises(TooDeep) as refused:
        blocks("Fine.\n\n" + pump * 60 + "The lead shall look.\n", 5)
    assert refused.value.line == 7
    assert any("shall look" in block.text for block in blocks(pump * 9 + "The lead shall look.\n"))


def test_signs_of_html_in_running_text_are_text():
    assert rendered("a < b & c\n") == read("a < b & c\n") == "a < b & c"
