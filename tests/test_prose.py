"""Tells of auto-generation: the kit's own texts have none, and the running text is told from code, links and calls in one pass."""

from __future__ import annotations

import pytest

from macros.checks import run_checks
from macros.load import load_workspace
from macros.text.blocks import BlockKind
from macros.text.markdown import blocks
from macros.world import today_of
from tests import pumps
from tests.answers import CHOICES


def tells(root):
    workspace = load_workspace(root)
    return [
        str(problem) for problem in run_checks(workspace, today_of(workspace)) if problem.code.startswith("STA") or problem.code == "DOC204"
    ]


@pytest.mark.parametrize("strategy", CHOICES["integration_strategy"])
def test_the_template_has_none(strategy, bake):
    assert tells(bake(integration_strategy=strategy)) == []


def test_the_worked_organisation_has_none(example):
    assert tells(example) == []


def words(body):
    running = [block for block in blocks(body) if block.kind is not BlockKind.CODE]
    lines = [(number, " ".join(line.split())) for block in running for number, line in enumerate(block.running, block.line)]
    return [(number, line) for number, line in lines if line]


TEXTS = {
    "fence": ("a\n\n```\nb\n```\n\nc", [(1, "a"), (7, "c")]),
    "fence with another inside": ("~~~~\n~~~\nb\n~~~~\nc", [(5, "c")]),
    "indented code": ("a\n\n    b\n\n    c\n\nd", [(1, "a"), (7, "d")]),
    "further paragraph of a list": ("- a\n\n    b\n\nc\n\n    d", [(1, "a"), (3, "b"), (5, "c")]),
    "box": ('!!! note "a"\n\n    b', [(1, "a"), (3, "b")]),
    "code in a line": ("a `b` ``c ` d`` e ` f", [(1, "a e ` f")]),
    "code over two lines": ("a `b\nc` d", [(1, "a"), (2, "d")]),
    "no code over a blank line": ("a `b\n\nc` d", [(1, "a `b"), (3, "c` d")]),
    "link": ("a [b](c) ![d](e) [f][g] h\n\n[g]: i", [(1, "a h")]),
    "no link": ("a [f][g] h", [(1, "a [f][g] h")]),
    "link with brackets": ("a [b [c] d](e_(f)) g", [(1, "a g")]),
    "defined link": ("a [b] c\n\n[b]: d", [(1, "a c")]),
    "address": ("a https://world.example/b <https://world.example/c> d", [(1, "a d")]),
    "comment over two lines": ("a <!-- b\nc --> d", [(1, "a"), (2, "d")]),
    "hidden element": ("<div hidden>b</div>\n\na", [(3, "a")]),
    "strike-through over two lines": ("a <s>b\nc</s> d", [(1, "a"), (2, "d")]),
    "blank in a tag": ("a <Name of the company> b", [(1, "a <Name of the company> b")]),
    "line to write on": ("a\n\n____", [(1, "a"), (3, "____")]),
    "picture in a link": ("a [![b](c) d](e) f", [(1, "a f")]),
    "row": ("| a | [b](c) |\n|---|---|\n| d | `e` f |", [(1, "a –"), (3, "d – f")]),
    "call": ('a {{ param("b") }} c', [(1, "a c")]),
}


@pytest.mark.parametrize("name", TEXTS)
def test_running_text_is_what_a_reader_reads(name):
    body, expected = TEXTS[name]
    assert words(body) == expected


@pytest.mark.parametrize("mark", ["[", "`", "`` ` ", "<!--", "{{", "[a](", "[a [b] ", "<a_", "_", "    \n", "'a "])
def test_a_page_of_marks_takes_no_longer_than_one_of_words(mark):
    assert pumps.outgrows(blocks, pumps.pumped("", mark, ""), 30_000) is None
