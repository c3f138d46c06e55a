"""Text of every kind through the encoder of each context: it is shown, reads back, and does nothing."""

from __future__ import annotations

import ast
import html
import json
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2.sandbox import SecurityError
from mkdocs.utils.meta import get_data

from macros.encode import data, markdown, terminal
from macros.encode import html as encode
from macros.encode.characters import ACTING, acting, acting_references, named, visible
from macros.encode.front_matter import front_matter
from macros.encode.terminal import annotation, line
from macros.render.markup import page
from macros.site import _room, read_back
from macros.text.front_matter import split
from macros.text.strict_yaml import YamlProblem, parse
from tests.conftest import KIT
from tests.payloads import ACTING as HARMFUL
from tests.payloads import COMMANDS, LIVE, SEVERAL_LINES

EVERY = (*LIVE, *HARMFUL, *COMMANDS, *SEVERAL_LINES)
ANY = st.text(st.characters(exclude_categories=()), max_size=60) | st.sampled_from(EVERY)
COMMAND = re.compile(r"^\s*::|##\[|##(?:vso|teamcity)\[", re.IGNORECASE)
NAMES = "عبد\u200fالله \u05e2\u05d5\u05dc\u05dd\u200e \u061c می\u200cخواهم क्\u200dष Søren O'Neill 🦊"


def one_line(text):
    return " ".join(visible(text).split())


# Characters


@pytest.mark.parametrize("text", HARMFUL, ids=ascii)
def test_each_character_that_acts_is_found_named_and_shown(text):
    found = list(acting(text)) + [(0, char) for char in text if char == "\r"]
    assert found
    assert all(re.fullmatch(r"U\+[0-9A-F]{4} [A-Z -]+|U\+[0-9A-F]{4} control character", named(char)) for _, char in found)
    assert not ACTING.search(visible(text))


def test_every_control_and_turning_character_is_refused_and_nothing_else():
    refused = {code for code in range(0x110000) if next(acting(chr(code)), None)}
    controls = (set(range(0x20)) - {0x09, 0x0A}) | set(range(0x7F, 0xA0))
    assert refused == controls | {0x2028, 0x2029} | set(range(0x202A, 0x202F)) | set(range(0x2066, 0x206A))
    assert not list(acting(NAMES)) and visible(NAMES) == NAMES


@pytest.mark.parametrize("text", ["&#x202e;", "&#x202E", "&#8238;", "&#0008238;", "&#X00202e;", "&#27;", "&#127;", "&#133;", "&#x2066;"])
def test_a_reference_to_such_a_character_is_found(text):
    assert len(list(acting_references(f"a {text} b"))) == 1


@pytest.mark.parametrize("text", ["&#160;", "&#x1F98A;", "&#8207;", "&#99999999;", "&#x;", "&#;", "& #27;", "&amp;"])
def test_a_reference_to_any_other_is_text(text):
    assert list(acting_references(text)) == []


# Front matter


@settings(max_examples=600, deadline=None)
@given(ANY, st.none() | ANY, st.booleans())
def test_mkdocs_reads_a_generated_page_as_it_was_written(title, description, wide):
    text = read_back("x.md", page(title, "Body", description=description, wide=wide))
    body, found = get_data(text)
    assert found.pop("title") == one_line(title)
    assert found.pop("render_macros") is False
    assert found.pop("description", None) == (one_line(description) if description else None)
    assert found == ({"hide": ["toc"]} if wide else {})
    assert body == "Body\n"


def test_no_single_character_breaks_front_matter():
    codes = (
        *range(0x600),
        *range(0x2000, 0x2100),
        *range(0xD7F0, 0xD810),
        *range(0xDFF0, 0xE010),
        0xFEFF,
        0xFFFE,
        0xFFFF,
        0x1F98A,
        0x10FFFF,
    )
    lost = [
        code
        for code in codes
        if get_data(front_matter({"title": f"a{chr(code)}b", "render_macros": False}))[1].get("render_macros") is not False
    ]
    assert len(codes) > 1800 and lost == []


def test_a_page_whose_front_matter_does_not_read_back_is_not_built():
    from mkdocs.exceptions import PluginError

    for text in ("---\ntitle: x\n---\n", "Text\n", '---\ntitle: "x\x85y\nrender_macros: false\n---\n', "---\nrender_macros: true\n---\n"):
        with pytest.raises((PluginError, YamlProblem)):
            read_back("x.md", text)


# The closed room


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in 'x' %}" * 12 + "x" + "{% endfor %}" * 12,
        "{% set x = 1 %}",
        "{% if true %}x{% endif %}",
        "{% macro x() %}{% endmacro %}",
        "{{ 'x' }}",
        "{{ org }}",
        "{{ role(role) }}",
        "{# x #}",
        "{{ role('x').x }}",
    ],
)
def test_the_room_runs_plain_calls_and_nothing_else(text):
    import jinja2

    room = _room()(undefined=jinja2.StrictUndefined)
    with pytest.raises(SecurityError):
        room.from_string(text)
    assert room.from_string('{{ role("x") }}').render(role=lambda name: f"<{name}>") == "<x>"


# HTML and Markdown


class Seen(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.text, self.attributes = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text.append(data)

    def handle_comment(self, data):
        self.tags.append("comment")


def seen(text):
    parser = Seen()
    parser.feed(text)
    parser.close()
    return parser


@settings(max_examples=400, deadline=None)
@given(ANY)
def test_html_holds_the_text_and_one_element(text):
    parser = seen(f"<b title=\"{encode.text(text)}\" id='{encode.attribute(text)}'>{encode.text(text)}</b>")
    assert parser.tags == ["b"]
    assert "".join(parser.text) == visible(text)
    assert [value for _, value in parser.attributes] == [visible(text)] * 2
    assert "{" not in encode.text(text)


@settings(max_examples=400, deadline=None)
@given(ANY)
def test_markdown_holds_the_text_on_one_line(text):
    encoded = markdown.plain(text)
    assert html.unescape(encoded) == one_line(text)
    assert not re.search(r"[^\w ,&#;]", re.sub(r"(?<=[0-9A-Za-z])[-.](?=[0-9A-Za-z])", "", encoded))
    assert not ACTING.search(markdown.quoted(text)) and "<" not in markdown.quoted(text)
    assert not re.search(r"[\s<>()\[\]{}\"'`\\]", markdown.target(text))


@pytest.mark.parametrize(
    "text",
    ["https://www.iso.org/standard/42001", "http://a.example:80/x?y=1&z=%20#w_(x)"[:-4], "https://eur-lex.europa.eu/eli/reg/2024/1689/oj"],
)
def test_an_address_is_a_link(text):
    assert f"]({text})" in markdown.address(text)


@pytest.mark.parametrize(
    "text", [*EVERY, "javascript:alert(1)", "https://a.example/)(x", "https://a.example/ x", "//a.example", "https://<b>"]
)
def test_what_is_no_address_is_text(text):
    assert markdown.address(text) == markdown.plain(text)


# Terminal, logs and data


@settings(max_examples=600, deadline=None)
@given(ANY)
def test_a_line_is_one_line_and_no_command(text):
    for encoded in (line(text), line(f"  {text}"), line(f"#{text}"), data.cell(text), line(f"{text}{text}")):
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]", encoded)
        assert not COMMAND.search(encoded)
    assert terminal.lines([text, text]).count("\n") == 2
    assert "\n" not in annotation(text) and "%0" not in annotation(text.replace("\r", "").replace("\n", "")).replace("%250", "")


@settings(max_examples=400, deadline=None)
@given(st.recursive(ANY, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY, inner, max_size=3), max_leaves=6))
def test_json_reads_back_and_holds_nothing_that_acts(value):
    text = data.as_json(value)
    assert json.loads(text) == value
    assert not ACTING.search(text) and not re.search("[\ud800-\udfff]", text)
    assert not any(COMMAND.search(row) for row in text.split("\n"))


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@x", "\t=1", "\n=1", " =1", "\u00a0=1", "\ufeff=1", "\u200b=1", "＝1", "＋1", "－1", "＠1", "−1"]
)
def test_a_cell_that_begins_like_a_formula_is_text(text):
    assert data.cell(text).startswith("'")


@pytest.mark.parametrize("text", ["a=1", "1", "", "iso42001:A.5.2", "x\n=1", "(=1)"])
def test_any_other_cell_is_as_it_is(text):
    assert data.cell(text) == text.replace("\n", " ")


# What is read


@pytest.mark.parametrize("text", HARMFUL, ids=ascii)
def test_an_entry_with_such_a_character_is_refused_at_its_line(text):
    for source in (f"a: 1\nb: {json.dumps(text)}\n", f"a: 1\n{json.dumps(text)}: b\n"):
        with pytest.raises(YamlProblem) as caught:
            parse(source)
        assert caught.value.is_acting and caught.value.line == 2
        assert not ACTING.search(caught.value.message)


def test_names_of_every_script_are_read():
    assert parse(f"a: {json.dumps(NAMES, ensure_ascii=False)}\n").value == {"a": NAMES}
    assert split(f"---\ntitle: {json.dumps(NAMES, ensure_ascii=False)}\n---\n").head.value["title"] == NAMES


# The house


def calls(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


OWN = {
    "print": {"command/screen.py"},
    "html.escape": {"encode/html.py"},
    "json.dumps": {
        "encode/data.py",
        "generated.py",
        "schemas/__init__.py",
        "review/recording.py",
        "imports/edit.py",
        "journal/record.py",
        "cache.py",
    },
    "yaml.dump": {"encode/front_matter.py"},
    "csv.writer": {"command/reuse.py", "render/crosswalks.py", "render/parts.py"},
}
"""Where a text may be written past the encoders: the encoders themselves, and YAML or JSON files whose writers are tested where they are."""


def test_text_leaves_by_the_encoders_alone():
    paths = sorted((KIT / "macros").rglob("*.py"))
    assert len(paths) > 100
    found = {word: set() for word in OWN}
    for path in paths:
        for call in calls(path):
            if call in found:
                found[call].add(path.relative_to(KIT / "macros").as_posix())
    assert found == OWN
