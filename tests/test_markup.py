"""Text from records is shown as it is and never acts, through every table that the site builds."""

from __future__ import annotations

import html
import re

import markdown
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from macros.render.markup import badge, link, page, plain, table

HOSTILE = (
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "[click](javascript:alert(1))",
    "![x](https://example.invalid/beacon.png)",
    "a | b | c",
    "# heading",
    "{ .class onclick=alert(1) }",
    '--8<-- "org.yaml"',
    "{{ org.name }} {% raw %}",
    "<!-- hidden -->",
    "`code` *em* __strong__ ~~gone~~",
    "&lt;b&gt; &amp;",
    "<https://example.invalid>",
    "[^1]: note",
    '!!! danger "box"',
    'Söhne & "Co" <x> شركة 🦊 = + - @ 100 %',
    "*[HTML]: abbreviation",
    "back\\slash \\| \\[",
)
EXTENSIONS = [
    "abbr",
    "admonition",
    "attr_list",
    "def_list",
    "md_in_html",
    "tables",
    "toc",
    "pymdownx.details",
    "pymdownx.superfences",
    "pymdownx.snippets",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_a_table_is_shown_exactly_and_does_nothing(text):
    rendered = markdown.markdown(table(("Head",), [(plain(text),)]), extensions=EXTENSIONS)
    cell = re.search(r"<td>(.*?)</td>", rendered, re.DOTALL).group(1)
    assert "<" not in cell
    assert html.unescape(cell) == " ".join(text.split())
    assert not re.search(r"<(script|img|a|h1|code|em|strong)\b", rendered)


MORE = ["smarty", "sane_lists", "nl2br", "footnotes", "pymdownx.magiclink", "pymdownx.betterem", "pymdownx.caret", "pymdownx.tilde"]
MORE += ["pymdownx.critic", "pymdownx.emoji", "pymdownx.keys", "pymdownx.mark", "pymdownx.smartsymbols", "pymdownx.tasklist"]


@settings(max_examples=300, deadline=None)
@given(st.text("aZw01..--, /:@+x", min_size=1).map(str.strip).filter(bool))
@example("www.1a.example 1.a A.1 1.2-3 1. a - 1-2 -1")
@example("WWW.2x.example ftp.1x.example a-b.1c@x-1.example")
@example("1.5")
@example("A.5.2 --- 1--2 1...2")
def test_what_stays_as_it_is_does_nothing_with_any_extension(text):
    made = markdown.markdown(f"{plain(text)}\n\n{table(('Head',), [(plain(text),)])}", extensions=EXTENSIONS + MORE)
    assert re.match(r"<p>([^<]*)</p>", made), made
    assert html.unescape(re.match(r"<p>([^<]*)</p>", made).group(1)) == " ".join(text.split())
    assert html.unescape(re.search(r"<td>([^<]*)</td>", made).group(1)) == " ".join(text.split())


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_as_link_and_badge_stays_text(text):
    rendered = markdown.markdown(f"{link(text, '/index.md')} {badge(text, 'good')}", extensions=EXTENSIONS)
    assert re.findall(r'href="([^"]*)"', rendered) == ["/index.md"]
    assert not re.search(r"<(script|img|code|em|strong)\b", rendered)
    shown = html.unescape(re.sub(r"<[^>]+>", "", rendered))
    assert shown.split() == (text + " " + text).split()


@pytest.mark.parametrize("text", HOSTILE)
def test_a_generated_page_takes_any_title(text):
    from macros.text.front_matter import split

    head = split(page(text, "Body")).head.value
    assert head["title"] == text
    assert head["render_macros"] is False
