"""The loader keeps text as text, refuses what can surprise, and never lets an exception of its parts escape."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macros.load.strict_yaml import Parsed, YamlProblem, nearest_line, parse
from macros.load.workspace import load_workspace
from tests.conftest import KIT

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
    started = time.perf_counter()
    with pytest.raises(YamlProblem) as caught:
        parse(text)
    assert (caught.value.line, caught.value.message) == (line, message)
    assert caught.value.way_out
    assert time.perf_counter() - started < 5, "a hostile file must not hold up a review"


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


SEEDS = [
    "controls/iso42001.yaml",
    "controls/parameters.yaml",
    "<<cookiecutter.org>>/registers/isms-documents.yaml",
    "tests/world/org.yaml",
    "tests/world/docs/policies/ai-policy.md",
]


class OneFile:
    """A tree with the base world's files, one of them mutated."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files

    def paths(self):
        return iter(sorted(self.files))

    def links(self):
        return iter(())

    def read(self, path):
        return self.files[path]

    def fingerprints(self, paths):
        return {}

    def kit_files(self):
        return None


def mutated(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(changed))
        kind = chance.randrange(4)
        if kind == 0:
            changed[at] = chance.randrange(256)
        elif kind == 1:
            del changed[at : at + chance.randint(1, 12)]
        elif kind == 2:
            changed[at:at] = chance.choice([b"\t", b": ", b"- ", b"&a ", b"*a", b"{{", b"[", b'"', b"\n---\n", b"!!x ", b"\xff", b"<<: "])
        else:
            start = chance.randrange(len(changed))
            changed[at:at] = changed[start : start + chance.randint(1, 40)]
    return bytes(changed) or b"x"


def test_twenty_thousand_mutated_files_are_read_or_refused_with_a_line():
    """20,000 mutated YAML texts through the loader; every refusal has a line and a way out, and nothing else is raised."""
    chance = random.Random(20261124)
    seeds = [(KIT / name).read_bytes()[:1500] for name in SEEDS]
    read = refused = 0
    for _ in range(20_000):
        text = mutated(chance.choice(seeds), chance).decode("utf-8", "replace")
        try:
            parse(text)
            read += 1
        except YamlProblem as problem:
            assert problem.message and problem.way_out and problem.line >= 1
            refused += 1
    assert read > 1000 and refused > 1000


def test_a_thousand_damaged_worlds_load_with_problems_and_no_exception():
    """The whole path: a damaged file in a workspace becomes problems with a place, and the rest is still there."""
    from macros.checks import run_checks
    from macros.site import today_of

    world = KIT / "tests/world"
    files = {path.relative_to(world).as_posix(): path.read_bytes() for path in sorted(world.rglob("*")) if path.is_file()}
    chance = random.Random(7)
    speaking = 0
    for _ in range(1_000):
        name = chance.choice(sorted(files))
        workspace = load_workspace(OneFile({**files, name: mutated(files[name], chance)}))
        problems = run_checks(workspace, today_of(workspace))
        speaking += bool(problems)
        for problem in problems:
            assert problem.location.line >= 1 and problem.message and problem.way_out
    assert speaking > 500
