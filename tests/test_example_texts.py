"""The worked organisation's own sentences: laid over the template where they fit, refused in one message where they do not."""

from __future__ import annotations

import json

import pytest

from examples.make import EXAMPLE, _lay_over, make_example
from examples.tailoring import tailored
from macros.problem import KitError
from macros.text.strict_yaml import parse

KEPT_WORD_FOR_WORD = {"DAT-004", "PRO-008", "PRO-032", "PRO-033"}
LEAST_CHANGES, LEAST_SECTIONS = 2, 2

BODY = """{{ document_header() }}

## Scope

It holds for every unit.

## Rules

1. Staff shall ask first.
   An answer comes in writing.

## Who does what

| Who | Does what |
|---|---|
| staff | ask |

## Records

- questions, in the register
"""


@pytest.fixture(scope="module")
def changes() -> dict:
    return parse((EXAMPLE / "tailoring.yaml").read_text("utf-8")).value


def sections(body: str) -> dict[str, str]:
    parts = body.split("\n## ")
    return {part.split("\n", 1)[0]: part for part in parts[1:]}


def refusal(*listed: dict, name: str = "PRO-001") -> str:
    with pytest.raises(KitError) as raised:
        tailored({"PRO-001": BODY}, {name: list(listed)})
    return str(raised.value)


def test_each_document_is_tailored_in_two_places_or_is_listed_as_kept(changes, bake, example):
    fresh, made = bodies_of(bake(**json.loads((EXAMPLE / "answers.json").read_text("utf-8")))), bodies_of(example)
    made = {name: body for name, body in made.items() if not name.startswith("SYS-")}  # which the organisation wrote itself
    assert fresh.keys() == made.keys()
    assert changes.keys() == made.keys() - KEPT_WORD_FOR_WORD
    for name, body in made.items():
        before, after = sections(fresh[name]), sections(body)
        assert before.keys() == after.keys(), name
        differ = {heading for heading, text in after.items() if text != before[heading]}
        if name in KEPT_WORD_FOR_WORD:
            assert body == fresh[name], name
        else:
            assert len(changes[name]) >= LEAST_CHANGES, name
            assert len(differ) >= LEAST_SECTIONS, f"{name} is tailored in {sorted(differ)} alone"


def test_each_change_leaves_a_sentence_of_its_own(changes):
    texts = [change.get("with", change.get("add")) for listed in changes.values() for change in listed]
    assert len(texts) == len(set(texts))


def bodies_of(repository) -> dict[str, str]:
    texts = (path.read_text("utf-8") for path in sorted((repository / "docs").rglob("*.md")))
    return {text.split("\n", 2)[1][4:]: text.split("\n---\n", 1)[1] for text in texts if text.startswith("---\nid: ")}


def test_words_are_replaced_and_lines_go_on_where_their_like_ends():
    made = tailored(
        {"PRO-001": BODY, "PRO-002": BODY},
        {
            "PRO-001": [
                {"replace": "every unit.", "with": "every unit and 31 shops."},
                {"under": "Scope", "add": "It holds at night.\n"},
                {"under": "Rules", "add": "2. Answers shall be kept."},
                {"under": "Who does what", "add": "| owner | answers |"},
                {"under": "Who does what", "add": "Nobody else answers."},
                {"under": "Records", "add": "- answers, beside the questions"},
            ]
        },
    )
    assert made["PRO-002"] == BODY
    assert (
        made["PRO-001"]
        == """{{ document_header() }}

## Scope

It holds for every unit and 31 shops.
It holds at night.

## Rules

1. Staff shall ask first.
   An answer comes in writing.
2. Answers shall be kept.

## Who does what

| Who | Does what |
|---|---|
| staff | ask |
| owner | answers |

Nobody else answers.

## Records

- questions, in the register
- answers, beside the questions
"""
    )


def test_an_unknown_fragment_is_refused():
    said = refusal({"replace": "Staff may ask.", "with": "x"})
    assert "\nPRO-001: 'Staff may ask.' is found 0 times; quote a part of the generated text that stands there once" in said


def test_a_fragment_that_stands_twice_is_refused():
    said = refusal({"replace": "ask", "with": "x"})
    assert "\nPRO-001: 'ask' is found 2 times; quote a part of the generated text that stands there once" in said


def test_an_unknown_document_is_refused():
    said = refusal({"replace": "every unit", "with": "x"}, name="PRO-999")
    assert "PRO-999: there is no such document; take it out, or give the id of a document of the template" in said


def test_an_unknown_heading_is_refused():
    said = refusal({"under": "Rulez", "add": "x"})
    assert "PRO-001: the heading 'Rulez' is found 0 times; name a heading that stands there once" in said


def test_a_heading_that_stands_twice_is_refused():
    with pytest.raises(KitError, match="PRO-001: the heading 'Rules' is found 2 times"):
        tailored({"PRO-001": BODY + "\n### Rules\n\nx\n"}, {"PRO-001": [{"under": "Rules", "add": "x"}]})


def test_a_document_without_a_change_is_refused():
    assert "PRO-001: it lists no change; take it out, or list what was changed" in refusal()


@pytest.mark.parametrize("change", [{"replace": "ask"}, {"replace": "a", "add": "b"}, {"under": "Rules", "add": ""}, {}, "text"])
def test_a_change_of_another_form_is_refused(change):
    assert "PRO-001: a change is 'replace' and 'with', or 'under' and 'add', each with a text" in refusal(change)


def test_all_refusals_come_in_one_message():
    said = refusal({"replace": "nowhere", "with": "x"}, {"under": "Nowhere", "add": "x"})
    assert said.splitlines()[0] == "the example's tailoring does not fit the template"
    assert len(said.splitlines()) == 3


def test_the_maker_writes_nothing_where_a_change_does_not_fit(tmp_path):
    page = tmp_path / "docs/page.md"
    page.parent.mkdir()
    page.write_text(f"---\nid: PRO-001\ntitle: X\n---\n{BODY}", "utf-8")
    before = page.read_bytes()
    with pytest.raises(KitError, match="PRO-001: 'nowhere' is found 0 times"):
        _lay_over(page.parent, {}, {"PRO-001": [{"replace": "nowhere", "with": "x"}]})
    assert page.read_bytes() == before


def test_the_example_keeps_what_lay_at_its_place_until_it_is_whole(tmp_path, monkeypatch):
    place = tmp_path / "made"
    place.mkdir()
    (place / "kept.txt").write_text("x", "utf-8")
    monkeypatch.setattr("examples.make._lay_over", lambda *_: (_ for _ in ()).throw(KitError("does not fit")))
    with pytest.raises(KitError, match="does not fit"):
        make_example(place)
    assert (place / "kept.txt").is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == [".aims-build", "made"]
