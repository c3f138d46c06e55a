"""Nothing live in a text comes past the two readers: the one of sources, which may be strict, and the one of finished HTML, which is exact."""

from __future__ import annotations

import random
import re
import time
from pathlib import Path

import markdown
import mkdocs.utils
import pytest
import yaml

from macros.live.allowed import (
    ADDABLE_ATTRIBUTES,
    ADDABLE_ELEMENTS,
    ELEMENTS,
    Additions,
    Writer,
    Wrong,
    can_add_attribute,
    can_add_class,
    can_add_element,
    can_add_host,
)
from macros.live.anchors import anchor_of
from macros.live.built import read_built
from macros.live.drawing import read_drawing
from macros.live.markup import read_fragment
from macros.live.policy import policy
from macros.live.source import read_source
from macros.load.published import PAGE_ENDINGS, address_of, is_page, is_still
from macros.text.front_matter import split
from tests.conftest import KIT
from tests.payloads import LIVE as HARMFUL

RAW_TEXT = {"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript", "plaintext", "select", "template"}
OTHER_LANGUAGES = {"svg", "math"}
ACTING = {"object", "embed", "applet", "base", "link", "meta", "form", "button", "frame", "frameset", "portal", "html", "head", "body"}


@pytest.fixture(scope="module")
def host() -> markdown.Markdown:
    """Markdown as the site is built with."""
    settings = (KIT / "macros/mkdocs-base.yml").read_text("utf-8")
    extensions = yaml.safe_load(settings)["markdown_extensions"]
    extensions["toc"]["slugify"] = anchor_of
    return markdown.Markdown(extensions=list(extensions), extension_configs=extensions)


PIECES = (
    "<script>alert(1)</script>",
    "<img src=x onerror=a>",
    '<b onclick="x">',
    "</div>",
    "<div>",
    '<div markdown="1">',
    "</div>\n",
    "<p>",
    "<!-- ",
    "\n<!-- a-b -->\n",
    "[a](java`script:x`)",
    "![i](ht\ntp://h/x)",
    "-->",
    "--!>",
    "<!-->",
    "`",
    "``",
    "`code`",
    "```",
    "```\n",
    "\n```\n",
    "\n``````\n",
    "\n  ```\n",
    "\n    ```\n",
    "\n> ```\n",
    "\n- ```\n",
    "```python\n",
    "~~~\n",
    "\n~~~~\n",
    '``` {.python title="x" hl_lines="1 2"}\n',
    '```{.python title="<b>"}\n',
    "```{.python onclick=x}\n",
    "``` {: onclick=x }\n",
    "    ",
    "\n",
    "\n\n",
    "- ",
    "1. ",
    "> ",
    '!!! note "a"\n\n    ',
    "!!! md-overlay\n    x",
    "??? note\n    ",
    "# h",
    "## __config",
    "\n===\n",
    "{: onclick=x }",
    '{: style="x" }',
    "{ onclick=x}",
    " {hidden}",
    "*x*{onmouseover=y}",
    "{: .md-nav}",
    "{: href=javascript:x }",
    "{: #__config }",
    "{:\tonclick=x }",
    "*em*",
    "**b**",
    "[a](b)",
    "[a](javascript:x)",
    "[a](java\nscript:x)",
    "[a](&#106;avascript:x)",
    "[a](<javascript:x>)",
    "[x](data&colon;text)",
    "[x](\tjavascript:y)",
    '[x](JaVaScRiPt:y "t")',
    "[x]( <java\\script:y> )",
    "[a][b]",
    "[b]: javascript:x\n",
    "[b]: http://h/x.png\n",
    "![i](http://h/x)",
    "![i](x.png)",
    "![b]",
    "![i][b]",
    "![a](//h/x)",
    "<javascript:x>",
    "<http://a>",
    "<x@y.zz>",
    "text ",
    "|a|b|\n|-|-|\n|c|d|\n",
    "*[HTML]: <script>\n",
    "a\n:   ",
    "<?php x ?>",
    "<![CDATA[ x ]]>",
    "<!DOCTYPE x>",
    "<details>",
    "<summary>",
    "</details>\n",
    '<a href="javascript:x">',
    "<a href='x'>",
    '<a title="`"',
    ">",
    '"',
    "<",
    "\\",
    "\\`",
    "<pre>",
    "</pre>",
    "<code>",
    "<textarea>",
    '<iframe srcdoc="x">',
    "<svg/onload=x>",
    "{",
    "}",
    "=",
    "onclick=x",
    "<b\n",
    "[",
    "](",
    ")",
    "!",
    '<div\nid="__x">',
    "\u00a0",
    "\x0b",
    "\x0c",
    "<a\u00a0href=x>",
    "<h1>",
    "<base href=x>",
    "<style>",
    '<b a="`" onclick=`>',
    '[a](b "&lt;img src=x&gt;")',
    "[b]: c '&#60;b>'\n",
    "*[AI]: &lt;b&gt;\n\nAI",
    "{: title='&lt;b&gt;' }",
    '<i title="&lt;b&gt;">',
)


@pytest.mark.parametrize("seed", range(4))
def test_the_reader_of_sources_speaks_wherever_the_finished_html_is_live(host, seed):
    drawn = random.Random(seed)
    live = 0
    for _ in range(700):
        text = "".join(drawn.choice(PIECES) for _ in range(drawn.randint(1, 9)))
        host.reset()
        found = next(read_fragment(host.convert(text)), None)
        if found:
            live += 1
            assert read_source(text, 1), (text, found)
    assert live > 300


def test_the_texts_of_the_kit_hold_nothing_outside_the_list(bake):
    texts = sorted((bake(eu_market="yes") / "docs").rglob("*.md")) + sorted((KIT / "docs").glob("*.md"))
    assert len(texts) > 60
    for path in texts:
        parts = split(path.read_text("utf-8"))
        assert read_source(parts.body, parts.body_line) == (), path


LIVE = {
    "javascript link through code": "[a](java`script:alert(1)`)",
    "remote image over two lines": "![a](ht\ntps://evil.example/x.png)",
    "a comment and code that is none": "<!-- a -->\n`a\n<script>\nb`\n",
    "javascript link over two lines": "[a](java\nscript:alert(1))",
    "a code span that begins a line before": "`a\nb` <script>x</script> `c`",
    "a fence that is closed by a longer one": "```\na\n````\n<script>\n",
    "a fence in a quotation": "> ```\n> a\n```\n<script>\n```\n",
    "a fence with an unknown option": "``` a b\nx\n```\n<script>\n```\n",
    "code in a block of HTML": "<div>\n`<script>`\n</div>",
    "a tag in an attribute in a code span": '<a title="`" href="javascript:x">`</a>',
    "the end of a comment as browsers read it": "<!-- a --!> <script>x</script> -->",
    "an abrupt comment": "<!--> <script>x</script> -->",
    "a tag without spaces": "<svg/onload=alert(1)>",
    "a handler after a link": "[a](b){: onclick=alert(1) }",
    "a handler on a heading": "# A {: onmouseover=alert(1) }",
    "a handler on a box": '!!! note "A"\n    {: onclick=alert(1) }',
    "an id that the theme looks for": '<div id="__config">{}</div>',
    "a class that the theme looks for": '<pre class="mermaid">x</pre>',
    "a name that hides a form": '<img name="forms" src="a.png">',
    "an entity in a scheme": "[a](javascript&colon;x)",
    "an entity with many zeros": f"[a](&#{'0' * 500}106;avascript:x)",
    "markup in the title of a link": '[a](b.md "&lt;img src=x onerror=y&gt;")',
    "markup in the title of an element": '<abbr title="&#60;img src=x&gt;">AI</abbr>',
    "markup in what an abbreviation stands for": "*[AI]: &LT;img src=x&gt;\n\nAI",
    "a style": '<p style="position:fixed">x</p>',
    "an image of another host through a label": "![a][b]\n\n[b]: https://elsewhere.example/a.png",
    "an image of another host with backslashes": "![a](\\\\\\\\elsewhere.example/a.png)",
    "a source set": '<img srcset="https://elsewhere.example/a.png 1x" src="a.png">',
    "a frame in a comment": "<!-- <iframe> -->",
    "a definition in a list": "- [a][b]\n\n    [b]: vbscript:x",
    "an abbreviation": "*[HTML]: <script>alert(1)</script>",
    "a form field": "<input name=a>",
    "a processing instruction": "<?xml-stylesheet href='x'?>",
    "markup in the title of a box": '!!! note "<img src=x onerror=y>"\n    x',
    "a cell": "| a |\n| - |\n| <img src=x onerror=y> |",
    "a macro call with a handler after it": '{{ role("ai-governance-lead") }}{: onclick=x }',
    "a word that hides a macro call": '{{ document("POL-001") }}{hidden}',
    "a word that acts in a second pair of braces": "The set {a, b} and *x*{contenteditable}",
    "an address in angle brackets that hides": "[a](<b hidden.md>)",
    "braces that are shown as they are": "{% raw %}*a*{{: onclick=x }{% endraw %}",
}


@pytest.mark.parametrize("text", LIVE.values(), ids=LIVE)
def test_what_could_act_is_named(text):
    assert read_source(text, 1) != ()


PLAIN = (
    "The set {a, b} and the set {c, d} differ, and so do {1} and {2}.",
    "See [the page](<our policies/first draft.md#scope>).",
    "| {x} | {y} |\n| --- | --- |\n| {1} | a |",
    "<!-- SPDX-License-Identifier: CC-BY-4.0 -->\n\nUse `<b onclick>` here.\n\n```\n<script>\n```\n",
    "Text\n<!-- prettier-ignore-start -->\n\n| a | `<b>` |\n|---|---|\n",
    "a < b and c > d, <https://world.example/a?b=c#d>, <office@world.example>",
    "`<script>` and ``<b>`` in one line",
    "```\n<script>\n```",
    "~~~~ python\n<script>\n~~~~",
    '```yaml title="org.yaml" hl_lines="1 2"\nname: <script>\n```',
    "- a\n\n    ```\n    <script>\n    ```\n",
    "*a*{: .note #here title='A' }",
    "A line.\n{: .warning }",
    "<details open><summary>A</summary>x</details>",
    '<div class="grid cards" markdown="1">\n\n- a\n\n</div>',
    "H<sub>2</sub>O<br/>E=mc<sup>2</sup> <kbd>Ctrl</kbd>",
    "[a](b.md#c 'd'), [e](../f/), [g](mailto:office@world.example), [h](tel:+3531), ![i](j.png)",
    "[a][b] and [c]: here\n\n[b]: https://world.example/ 'B'",
    '??? note "A"\n    x',
    '{{ document_header() }}\n\n{{ org.name }} uses {{ role("ai-governance-lead") }} {1, 2}',
    "&lt;script&gt; &amp; &copy; and [a](b.md 'c &amp; d')",
    "<!-- kept for the next review -->",
    "What!!! Is that so???",
)


@pytest.mark.parametrize("text", PLAIN)
def test_plain_text_is_left_alone(text, host):
    assert read_source(text, 1) == ()
    host.reset()
    assert list(read_fragment(host.convert(text.replace("{{", "").replace("}}", "")))) == []


def test_the_line_is_the_one_of_the_file():
    text = "a\n\n```\n<b>\n```\n\n`<script>`\n\nb\n<script>\n"
    assert [found.line for found in read_source(text, 11)] == [20]


@pytest.mark.parametrize(
    "pump",
    [
        "<",
        "<a ",
        "`",
        "``` ",
        "~~~\n",
        "{",
        "{: a=",
        "[a](",
        "](",
        "]: ",
        "![",
        "<!--",
        "<!-- a -->",
        "<b a='",
        "&#0",
        "\\`",
        "{% raw %}",
        "{{ a(",
        "!!! ",
        "> ",
        "\n",
        "- ```\n",
        " " * 40 + "x\n",
        "<http:",
        "a@b",
        "[a]:\n",
    ],
)
def test_the_readers_take_no_longer_than_their_text_is(pump):
    def cost(times: int) -> float:
        text = pump * (times * 10_000 // len(pump)) + "<script>"
        best = []
        for _ in range(3):
            read_source.cache_clear()
            start = time.process_time()
            read_source(text, 1)
            list(read_fragment(text))
            read_built(text, Additions())
            list(read_drawing(text))
            best.append(time.process_time() - start)
        return min(best)

    small, large = cost(1), cost(8)
    assert large < max(small, 0.002) * 8 * 3


def test_no_element_on_the_list_changes_how_the_text_after_it_is_read():
    assert len(ELEMENTS) > 50
    assert set() == (ELEMENTS | ADDABLE_ELEMENTS) & (RAW_TEXT | OTHER_LANGUAGES | ACTING)
    assert ADDABLE_ATTRIBUTES and ADDABLE_ELEMENTS
    assert not [name for name in ADDABLE_ATTRIBUTES if name.startswith("on") or name in ("style", "srcdoc", "action", "formaction")]


@pytest.mark.parametrize(
    ("can", "yes", "no"),
    [
        (can_add_element, ["picture", "video"], ["script", "iframe", "style", "form", "x-widget", "SCRIPT", "svg"]),
        (can_add_attribute, ["hidden", "aria-live"], ["onclick", "style", "srcdoc", "data-md-component", "href", "aria-x onclick"]),
        (can_add_class, ["wide", "Own_1"], ["md-overlay", "aims-badge", "mermaid", "a b", "", "1a"]),
        (
            can_add_host,
            ["pictures.world.example"],
            ["*", "*.example", "world", "https://world.example", "a b.example", "x.example;script-src *"],
        ),
    ],
)
def test_only_what_runs_nothing_can_be_added(can, yes, no):
    assert all(map(can, yes))
    assert not any(map(can, no))


def test_an_addition_counts_for_what_it_names_alone():
    added = Additions(frozenset({"picture", "script"}), frozenset({"hidden", "onclick"}), frozenset({"wide"}), frozenset({"a.example"}))
    for text in (
        "<picture></picture>",
        "<p hidden>a</p>",
        "*a*{: .wide }",
        "![a](https://a.example/b.png)",
        "![a](HTTPS://A.example/b.png)",
    ):
        assert read_source(text, 1, added) == (), text
        assert read_source(text, 1) != (), text
    for text in (
        "<script></script>",
        "<p onclick=a>",
        "![a](http://a.example/b.png)",
        "![a](https://a.example@b.example/)",
        "![a](//a.example/)",
    ):
        assert read_source(text, 1, added) != (), text


def test_nothing_that_runs_comes_in_as_an_addition():
    added = Additions(frozenset({"iframe", "picture"}), frozenset({"onclick"}), hosts=frozenset({"a.example", "b.example; script-src *"}))
    assert policy(added.hosts) == policy({"a.example"}) != policy()
    page = "<picture></picture><p>a</p><iframe></iframe>"
    assert [found.fault.what for found in read_built(page, added).found] == ["element 'iframe'"]
    assert [found.fault.what for found in read_built("<picture></picture><p onclick='a'>b</p>", added).found] == [
        "attribute 'onclick' on 'p'"
    ]


def test_an_end_without_a_beginning_is_refused_as_it_could_close_what_stands_around_the_page():
    assert [found.fault.what for found in read_fragment("<p>a</p></div>")] == ["end of 'div' without its beginning"]


def test_what_the_macros_write_is_expected_from_them_alone():
    text = '<span class="aims-badge aims-badge--good">approved</span>'
    assert list(read_fragment(text)) == []
    assert [found.fault.wrong for found in read_source(text, 1)] == [Wrong.MARKUP, Wrong.MARKUP]
    drawn = '<svg viewBox="0 0 1 1" role="img"><rect x="1" y="1"/></svg>'
    assert list(read_fragment(drawn, writer=Writer.KIT)) == []
    assert len(list(read_fragment(drawn))) > 0
    assert len(list(read_fragment('<svg onload="x"></svg>', writer=Writer.KIT))) > 0


SVG = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'


@pytest.mark.parametrize(
    "inside",
    [
        "<script>a</script>",
        '<path onclick="a"/>',
        '<a href="javascript:a"><path/></a>',
        '<animate attributeName="href" to="javascript:a"/>',
        '<set attributeName="onclick" to="a"/>',
        "<foreignObject><p>a</p></foreignObject>",
        '<image href="https://elsewhere.example/a.png"/>',
        '<use href="https://elsewhere.example/a.svg#b"/>',
        '<path style="fill: url(https://elsewhere.example/a)"/>',
        '<path fill="url(  //elsewhere.example/a)"/>',
        "<style>@import url(//elsewhere.example/a)</style>",
        "<![CDATA[<script>a</script>]]>",
        '<x:script xmlns:x="http://www.w3.org/1999/xhtml">a</x:script>',
        '<?xml-stylesheet href="a"?>',
    ],
)
def test_a_drawing_that_acts_or_loads_is_named(inside):
    assert list(read_drawing(SVG.format(inside))) != []


def test_a_drawing_with_a_document_type_is_named_and_a_plain_one_is_not():
    assert list(read_drawing('<!DOCTYPE svg [<!ENTITY a "<script>">]>' + SVG.format("&a;"))) != []
    plain = '<?xml version="1.0" encoding="UTF-8"?>\n<!-- drawn by hand -->\n' + SVG.format(
        '<defs/><g id="a"><use href="#a" fill="url(#a)"/></g>'
    )
    assert list(read_drawing(plain)) == []


def test_the_endings_of_pages_are_those_of_the_host():
    assert set(PAGE_ENDINGS) == set(mkdocs.utils.markdown_extensions)
    for name in ("a.md", "a.MD", "a.mkd", "a.markdown", "a.txt", "amd", ".md"):
        assert is_page(name) == mkdocs.utils.is_markdown_file(name)
        assert not (is_page(name) and is_still(name))


@pytest.mark.parametrize("name", ["a.md", "a/index.md", "a/README.mkd", "b/c.markdown", "index.md", "README.md", "A/Index.md", "a.b.md"])
@pytest.mark.parametrize("other", ["a.md", "a/index.mkd", "b/c/index.md", "index.mdown", "c.md"])
def test_two_files_share_an_address_where_the_host_gives_them_one(name, other):
    from mkdocs.structure.files import File

    def built(path: str) -> str:
        return File(path, "docs", "site", use_directory_urls=True).dest_uri

    assert (address_of(f"docs/{name}") == address_of(f"docs/{other}")) == (built(name).casefold() == built(other).casefold())


def test_every_entry_of_front_matter_that_the_theme_reads_is_known():
    from macros.checks.published import _ACTING, PAGE_KEYS

    theme = Path(mkdocs.utils.__file__).parents[2] / "material/templates"
    read = {key for file in theme.rglob("*.html") for key in re.findall(r"page\.meta\.([a-z_]+)", file.read_text("utf-8"))}
    assert {"title", "description", "author", "location"} <= read
    dates = {key for key in read if "date" in key}  # shown in a way that other plugins ask for, which the kit's build has not
    assert read - dates <= PAGE_KEYS | _ACTING


def test_the_scripts_of_the_theme_are_its_own_in_files():
    theme = Path(mkdocs.utils.__file__).parents[2] / "material/templates/partials/javascripts"
    moved = {"scope": ("base", 0), "palette": ("palette", 0), "tabs": ("content", 0), "content": ("content", 1)}
    for name, (file, index) in moved.items():
        inline = re.findall(r"<script[^>]*>(.*?)</script>", (theme / f"{file}.html").read_text("utf-8"), re.DOTALL)[index]
        here = (KIT / f"macros/assets/theme-{name}.js").read_text("utf-8").split("\n", 2)[2].rstrip("\n")
        assert here == inline.replace('"{{ config.extra.scope | d(base_url) }}"', "document.currentScript.dataset.scope"), name


def test_no_text_that_means_harm_can_be_added():
    assert len(HARMFUL) >= 80
    assert [text for text in HARMFUL if can_add_element(text) or can_add_attribute(text) or can_add_class(text) or can_add_host(text)] == []


def test_a_compressed_copy_is_judged_by_what_it_stands_for():
    assert all(is_still(f"docs/{name}") for name in ("list.csv.gz", "all.tar.gz", "A.CSV.GZ"))
    assert not any(is_still(f"docs/{name}") for name in ("index.html.gz", "aims.js.gz", "a.svg.GZ", "a.html.gz.gz", "a.gz"))
