"""The loader keeps text as text, refuses what can surprise, and never lets an exception of its parts escape."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macros.text.strict_yaml import Parsed, YamlProblem, nearest_line, parse
from tests import pumps

KEPT = {
    "a: 4.10": "4.10",
    "a: 8.30": "8.30",
    "a: NO": "NO",
    "a: yes": "yes",
    "a: on": "on",
    "a: 12:30": "12:30",
    "a: 007": "007",
    "a: 1_000": "1_000",
    "a: 1.10": "1.10",
    "a: 2026-02-30": "2026-02-30",
    "a: 0x1F": "0x1F",
    "a: .inf": ".inf",
    "a: =": "=",
    'a: "true"': "true",
    "a: '5'": "5",
    "a: |\n  5": "5",
    f"a: {'9' * 5000}": "9" * 5000,
}
READ = {"a: true": True, "a: false": False, "a: null": None, "a: ~": None, "a:": None, "a: 0": 0, "a: -12": -12, "a: 123456789": 123456789}

REFUSED = {
    "a: 1\nb: 2\na: 3": (3, "key 'a' is given twice, first on line 1"),
    "a: {b: 1, b: 2}": (1, "key 'b' is given twice, first on line 1"),
    "a: &x 1": (1, "anchor '&x' is not used here"),
    "a: *x": (1, "alias '*x' is not used here"),
    "b: 1\n<<: {a: 1}": (2, "merge key '<<' is not used here"),
    "a: !!python/object/apply:os.system [id]": (1, "tag 'tag:yaml.org,2002:python/object/apply:os.system' is not allowed"),
    "a: !x 1": (1, "tag '!x' is not allowed"),
    "? [a]\n: b": (1, "a key must be plain text"),
    "? {a: 1}\n: b": (1, "a key must be plain text"),
    "a: 1\n---\nb: 2": (2, "a second YAML document starts here"),
    "[" * 50_000: (1, "the nesting is deeper than 32 levels"),
    "a: b: c": (1, "this is not valid YAML (mapping values are not allowed in this context)"),
    "x: 1\na:\n\t- b": (3, "this is not valid YAML (found character that cannot start any token)"),
    'a: "\\ud800"': (1, "this is not valid YAML (found invalid Unicode character escape code)"),
    "a: " + "x" * (1 << 20): (1, "the file is larger than 1 MiB"),
}


@pytest.mark.parametrize("text", KEPT)
def test_text_stays_text(text):
    assert parse(text).value == {"a": KEPT[text]}


@pytest.mark.parametrize("text", READ)
def test_a_few_plain_words_and_whole_numbers_are_read(text):
    value = parse(text).value["a"]
    assert value == READ[text]
    assert type(value) is type(READ[text])


@pytest.mark.parametrize("text", REFUSED, ids=range(len(REFUSED)))
def test_what_can_surprise_is_refused_with_its_line(text):
    line, message = REFUSED[text]
    with pytest.raises(YamlProblem) as caught:
        parse(text)
    assert (caught.value.line, caught.value.message) == (line, message)
    assert caught.value.way_out


@pytest.mark.parametrize("text", REFUSED, ids=range(len(REFUSED)))
@pytest.mark.parametrize("where", ["again and again", "behind what is sound"])
def test_a_refusal_takes_no_longer_than_the_text_is(text, where):
    def grown(size: int) -> str:
        text_again = (text + "\n") * (size // (len(text) + 1) + 1)
        return text_again[:size] if where == "again and again" else "".join(f"k{at}: v\n" for at in range(size // 8)) + text[:size]

    told = pumps.outgrows(pumps.forgiving(parse), grown, max(pumps.SMALL, len(text) // 10 + 1))
    assert told is None, "a hostile file must not hold up a review"


def test_every_control_number_of_27001_survives():
    numbers = [f"{theme}.{number}" for theme, count in ((5, 37), (6, 8), (7, 14), (8, 34)) for number in range(1, count + 1)]
    text = "\n".join(f"- {number}" for number in numbers)
    assert parse(text).value == numbers
    assert len(set(parse(text).value)) == 93


def test_every_part_knows_its_line():
    parsed = parse("a: 1\nb:\n  - x\n  - c: 2\n    d: 3\n", first_line=10)
    assert parsed.line("a") == 10
    assert parsed.line("b", 1, "d") == 14
    assert parsed.line("b", 1, "gone") == 13
    assert nearest_line({}, ("x",)) == 1


def test_an_empty_file_is_nothing():
    assert parse("") == Parsed(None, {(): 1})


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text):
    try:
        parse(text)
    except YamlProblem as problem:
        assert problem.message and problem.way_out and problem.line >= 1


@pytest.mark.parametrize("mark", ["\x85", "\u2028", "\u2029"])
def test_lines_are_those_of_an_editor_whatever_yaml_takes_for_a_line_break(mark):
    parsed = parse(f"# x{mark}# y\na: 1\nb: 2\n")
    assert (parsed.line("a"), parsed.line("b")) == (2, 3)
    with pytest.raises(YamlProblem) as caught:
        parse(f"# x{mark}# y{mark}# z\na: 1\na: 2\n")
    assert (caught.value.line, caught.value.message) == (3, "key 'a' is given twice, first on line 2")


def test_no_line_lies_behind_the_end_of_the_text():
    for text in ("a: 1\nb", "a: [\n", 'a: "', "a: 1\n---"):
        with pytest.raises(YamlProblem) as caught:
            parse(text)
        assert caught.value.line <= text.count("\n") + 1
