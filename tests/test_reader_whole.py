"""The reader holds for any text: it gives blocks whose lines are in the text, or says where it is nested too deeply; and it is loaded late."""

from __future__ import annotations

import shutil
import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from macros.checks import run_checks
from macros.load import load_workspace
from macros.text.blocks import TooDeep
from macros.text.hidden import visible_parts
from macros.text.markdown import blocks
from macros.text.sections import sections
from macros.text.sentences import sentences_in
from macros.world import today_of
from tests.conftest import KIT

PIECES = (
    *(
        "a ",
        "shall ",
        "b. C",
        "\n",
        "\n\n",
        "    ",
        "\t",
        "  \n",
        "- ",
        "1. ",
        "> ",
        "# ",
        "## h",
        "---",
        "====",
        "```",
        "~~~",
        "`",
        "*",
        "**",
        "_",
    ),
    *(
        "[a](b)",
        "[a]",
        "[a]: b",
        "![a](b)",
        "| a | b |",
        "|---|---|",
        "!!! note",
        "??? note",
        ":   ",
        "*[A]: b",
        "{: .c }",
        "{#i}",
        "<!--",
        "-->",
    ),
    *(
        "<del>",
        "</del>",
        "<div hidden>",
        "</div>",
        "<b",
        ">",
        "<s>",
        '"',
        '{{ param("x") }}',
        "{{",
        "}}",
        "{%",
        "\\",
        "&lt;",
        "&",
        "\ue000",
        "\ue006",
    ),
    *("\x00", "\u2028", "é", "https://a.example", "<a@b.c>", "\x0b", "\r", "\x85"),
)
MARKDOWN = st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=80)


@settings(max_examples=400, deadline=None)
@given(MARKDOWN)
def test_any_text_is_read_and_its_lines_are_those_of_the_text(body):
    last = body.count("\n") + 1
    try:
        found = blocks(body, 5)
    except TooDeep as refused:
        assert 5 <= refused.line < 5 + last
        return
    for block in found:
        assert 5 <= block.line <= block.end < 5 + last
        assert block.line + len(block.running) - 1 <= block.end
        assert all(block.line <= link.line <= block.end for link in block.links)
        assert "\n" not in block.text + block.written + block.hidden
        assert not any("\ue000" <= sign <= "\ue008" for sign in block.text + block.written + "".join(block.running))
    assert [block.line for block in found if not block.is_within] == sorted(block.line for block in found if not block.is_within)
    assert all(5 <= one.line < 5 + last for one in sentences_in(body, 5))
    assert sum(text.count("\n") for _, text in sections(body)) <= last


@settings(max_examples=200, deadline=None)
@given(MARKDOWN)
def test_any_html_is_divided_into_what_is_shown_and_what_is_not(markup):
    shown, hidden = visible_parts(markup)
    assert len(shown) + len(hidden) <= 3 * len(markup) + 10


def test_what_is_nested_too_deeply_is_a_problem_with_its_line(bake, tmp_path):
    root = shutil.copytree(bake(), tmp_path / "deep")
    path = root / "docs/policies/ai-policy.md"
    text = path.read_text("utf-8").rstrip("\n") + "\n\n" + "> " * 500 + "It shall.\n"
    path.write_text(text, encoding="utf-8", newline="\n")
    workspace = load_workspace(root)
    found = [problem for problem in run_checks(workspace, today_of(workspace)) if problem.code == "DOC108"]
    assert [(problem.location.path, problem.location.line) for problem in found] == [("docs/policies/ai-policy.md", text.count("\n"))]


def test_the_parser_is_loaded_when_the_first_text_is_read():
    code = "import sys, {}; print(sorted(set(sys.modules) & {{'markdown_it', 'mdit_py_plugins', 'macros.text.reading'}}))"
    for module in ("macros.command.check", "macros.command.review", "macros.command.trend", "macros.site", "macros.text.sections"):
        done = subprocess.run([sys.executable, "-c", code.format(module)], cwd=KIT, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "[]", module
