"""A sentence is what a reader of the site sees as one, with the line on which it begins."""

from __future__ import annotations

import pytest

from macros.text.sentences import Written, sentences_in

RULE = "The lead shall look."
UNSEEN = {
    "comment": f"<!-- {RULE} -->\n",
    "comment over lines": f"<!--\n{RULE}\n-->\n",
    "comment in a sentence": f"A <!-- {RULE} --> b.\n",
    "hidden element": f"<div hidden>{RULE}</div>\n",
    "Markdown in a hidden element": f'<div hidden markdown="1">\n\n{RULE}\n\n</div>\n',
    "fence": f"```\n{RULE}\n```\n",
    "fence in a list": f"- a\n\n    ```\n    {RULE}\n    ```\n",
    "indented code": f"a\n\n    {RULE}\n",
    "strike-through": f"<del>{RULE}</del> b.\n",
    "strike-through with s": f"<s>{RULE}</s> b.\n",
    "attribute": f'<b title="{RULE}">b</b>\n',
    "definition of a link": f'[b]\n\n[b]: c.md "{RULE}"\n',
}
SEEN = {
    "fence without an end": f"```\n{RULE}\n",
    "comment without an end": f"<!--\n{RULE}\n",
    "behind a comment": f"<!-- a -->\n{RULE}\n",
    "definition": f"Term\n:   {RULE}\n",
    "quotation": f"> {RULE}\n",
    "box": f"!!! note\n    {RULE}\n",
    "title of a box": f'!!! note "{RULE}"\n',
    "element that is not hidden": f"<div>{RULE}</div>\n",
    "bold": "The **lead** shall\n*look*.\n",
    "cell": f"| a | b |\n|---|---|\n| c | {RULE} |\n",
}


def texts(body: str) -> str:
    return " | ".join(one.text for one in sentences_in(body, 1))


@pytest.mark.parametrize("name", UNSEEN)
def test_what_is_hidden_struck_out_or_code_is_no_sentence(name):
    assert "shall" not in texts(UNSEEN[name])


@pytest.mark.parametrize("name", SEEN)
def test_what_is_shown_is_a_sentence(name):
    assert RULE in texts(SEEN[name])


def test_it_makes_no_difference_where_lines_are_broken():
    wrapped = "# Rules\n\nThe lead\nshall look. It is\nwritten down\nwithin 10\ndays.\n"
    joined = "# Rules\n\nThe lead shall look. It is written down within 10 days.\n"
    assert [one.text for one in sentences_in(wrapped, 1)] == [one.text for one in sentences_in(joined, 1)]
    assert [one.line for one in sentences_in(wrapped, 5)] == [5, 7, 8]


def test_sentences_know_their_heading_line_and_links():
    body = "Above.\n\n## Steps\n\n1. **Ask.** The owner asks\n   [the *lead*](../roles/lead.md). Then `it` ends.\n2. `a\n   b` is run.\n   C is not.\n"
    assert sentences_in(body, 10) == (
        Written("", "Above.", 10, 0),
        Written("Steps", "Steps", 12, 2),
        Written("Steps", "Ask. The owner asks [the lead](../roles/lead.md).", 14, 0),
        Written("Steps", "Then it ends.", 15, 0),
        Written("Steps", "a b is run.", 16, 0),
        Written("Steps", "C is not.", 18, 0),
    )


def test_of_what_is_nested_too_deeply_each_line_is_a_sentence():
    body = "Fine.\n\n" + "> " * 60 + RULE + "\n"
    assert [(one.line, one.text[-20:]) for one in sentences_in(body, 1)] == [(1, "Fine."), (3, RULE)]
