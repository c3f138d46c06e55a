"""Front matter is read by MkDocs' rules, and what MkDocs would drop in silence is said aloud."""

from __future__ import annotations

import pytest
from mkdocs.utils.meta import get_data

from macros.text.front_matter import split
from macros.text.strict_yaml import YamlProblem

DROPPED = {
    "bad quote": '---\ntitle: "AI policy\n---\n\nText\n',
    "date not in the calendar": "---\ntitle: x\nnext_review: 2026-02-30\n---\n\nText\n",
    "list instead of entries": "---\n- title\n- owner\n---\n\nText\n",
    "one word": "---\ntitle\n---\n\nText\n",
    "leading space": " ---\ntitle: x\n---\n\nText\n",
    "leading blank line": "\n---\ntitle: x\n---\n\nText\n",
    "no closing line": "---\ntitle: x\n\nText\n",
    "closing line with more hyphens": "---\ntitle: x\n-----\n\nText\n",
    "tab": "---\ntitle:\n\t- x\n---\n\nText\n",
    "python tag": "---\ntitle: !!python/object/apply:os.getcwd []\n---\n\nText\n",
    "without the lines around it": "title: x\nowner: y\n\nText\n",
}
KEPT = {
    "plain": "---\ntitle: x\n---\n\nText\n",
    "byte order mark": "\ufeff---\ntitle: x\n---\n\nText\n",
    "Windows line ends": "---\r\ntitle: x\r\n---\r\n\r\nText\r\n",
    "closed with dots": "---\ntitle: x\n...\n\nText\n",
    "trailing blanks": "---  \ntitle: x\n--- \n\nText\n",
}


@pytest.mark.parametrize("name", DROPPED)
def test_what_mkdocs_would_drop_is_a_problem(name):
    with pytest.raises(YamlProblem) as caught:
        split(DROPPED[name])
    assert caught.value.message and caught.value.way_out


@pytest.mark.parametrize("name", KEPT)
def test_what_mkdocs_reads_is_read_the_same(name):
    parts = split(KEPT[name])
    assert parts.head.value == {"title": "x"}
    assert get_data(KEPT[name].removeprefix("\ufeff").replace("\r\n", "\n"))[1] == {"title": "x"}
    assert parts.body.strip() == "Text"


def test_lines_are_counted_from_the_top_of_the_file():
    parts = split("---\ntitle: x\nowner: y\n---\n\n{{ a() }}\n")
    assert parts.head.line("owner") == 3
    assert parts.body_line == 5


def test_text_that_opens_with_a_rule_of_its_own_is_no_front_matter():
    parts = split("Text without front matter.\n\n---\n\nMore.\n")
    assert parts.head is None
    assert parts.body_line == 1
