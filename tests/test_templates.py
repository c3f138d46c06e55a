"""29 ways to reach out of a page: the check refuses each unread, the room stops each, and no site is built with one."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from macros.checks.macro_calls import RESERVED
from macros.load import load_workspace
from macros.model.document import FrontMatter
from macros.site import _room, macros_of, strip
from macros.text.calls import MACROS, Call, Refused, calls_in
from macros.world import World, today_of
from tests.conftest import KIT, mkdocs_build

CANARY = "canary-5f1c"
OPEN = "{{"
PAYLOADS = {
    "dunder": "{{ cycler.__init__.__globals__.os.popen('touch CANARY').read() }}",
    "lipsum": "{{ lipsum.__globals__['os'].popen('touch CANARY').read() }}",
    "macro_globals": "{{ param.__globals__['__builtins__']['open']('CANARY', 'w') }}",
    "attr_filter": "{{ param|attr('__globals__') }}",
    "map_attr": "{{ [param]|map(attribute='__globals__')|list }}",
    "format": "{{ '{0.__globals__}'.format(param) }}",
    "format_map": "{{ '{x.__globals__}'.format_map({'x': param}) }}",
    "mutate": "{{ org.update({'name': 'x'}) }}",
    "theme_env": "{% set o='{' %}{% set p='}' %}{{ config.theme.get_env().from_string(o~o~\" cycler.__init__.__globals__.os.popen('touch CANARY').read() \"~p~p).render() }}",
    "macros_env": "{{ config.plugins['macros'].env.overlay() }}",
    "theme_loader": "{{ config.theme.get_env().loader.searchpath }}",
    "file_content": "{{ page.file.content_string }}",
    "file_generated_write": "{{ page.file.__class__.generated(config, 'CANARY', content='x') }}",
    "macro_chain": "{{ document_header.__wrapped__ }}",
    "plugins": "{{ config.plugins }}",
    "context": "{{ context() }}",
    "pretty": "{{ context()|pretty }}",
    "macros_info": "{{ macros_info() }}",
    "theme_static": "{{ config.theme.static_templates }}",
    "config_load_file": "{{ config.load_file('mkdocs.yml') }}",
    "hooks": "{{ config.hooks }}",
    "run_event": "{{ config.plugins.run_event('build_error', error='x') }}",
    "range_dos": "{% for a in range(10**9) %}x{% endfor %}",
    "pow_dos": "{{ (10**100)**2 }}",
    "str_dos": "{{ 'x' * 10**9 }}",
    "nested_loops": "{% for a in range(1000) %}{% for b in range(1000) %}x{% endfor %}{% endfor %}",
    "files_src": "{{ files.src_paths }}",
    "filters_builtin_map": "{{ filters_builtin['map'] }}",
    "git": "{{ git.raw }}",
    "include": "{% include '../org.yaml' %}",
    "import": "{% import 'index.md' as x %}",
    "shell_word": '{{ param("a" ~ "b") }}',
    "unknown_macro": "{{ nosuchmacro('x') }}",
    "undefined": "{{ nosuch }}",
    "assignment": "{% set org = {'name': 'forged'} %}",
    "macro_block": "{% macro soa_table() %}forged{% endmacro %}",
    "comment_hides": "{# hidden from the reader #}",
    "deep": OPEN + "(" * 3000 + "1" + ")" * 3000 + "}}",
}


@pytest.fixture
def world() -> World:
    workspace = load_workspace(KIT / "tests/world")
    return World(workspace, today_of(workspace))


@pytest.mark.parametrize("name", PAYLOADS)
def test_the_check_refuses_it_without_rendering(name):
    found = calls_in("Text before.\n\n" + PAYLOADS[name] + "\n", 1)
    assert found and all(isinstance(item, Refused) for item in found)
    assert all(item.line >= 1 for item in found)


@pytest.mark.parametrize("name", PAYLOADS)
def test_the_room_stops_it(name, world, tmp_path, monkeypatch):
    """Even where no check ran: nothing of Python or MkDocs is reached, and nothing is written."""
    from jinja2 import StrictUndefined

    monkeypatch.chdir(tmp_path)
    room = _room()(loader=None, undefined=StrictUndefined)
    names = {**macros_of(world, lambda: "docs/index.md"), "org": SimpleNamespace(name="World Ltd")}
    try:
        text = room.from_string(PAYLOADS[name]).render(**names)
    except Exception as error:
        text = type(error).__name__
    assert not list(tmp_path.iterdir())
    for word in ("root:", "<module", "<function", "builtins", "/site-packages", "0x"):
        assert word not in text
    if name not in ("comment_hides", "assignment", "macro_block"):
        assert text.isidentifier(), f"rendered to {text[:80]!r}"


def test_plain_calls_pass_and_are_read():
    found = calls_in(
        '{{ org.name }} {{ param("review_interval_months") }}\n{{ role("top-management", capital=True) }}\n{% raw %}{{ anything }}{% endraw %}',
        7,
    )
    assert found == (Call("param", ("review_interval_months",), 7), Call("role", ("top-management",), 8))


def test_every_macro_is_offered_and_no_other(world):
    assert set(macros_of(world, lambda: "")) == set(MACROS)


def test_no_entry_of_a_document_takes_a_reserved_name():
    assert not set(FrontMatter.model_fields) & RESERVED


def test_a_page_keeps_nothing_but_its_name_and_place():
    page = SimpleNamespace(
        title="x",
        url="x/",
        meta={"soa_table": "forged", "render_macros": False},
        file=SimpleNamespace(src_uri="x.md", src_path="x.md", secret=1),
    )
    env = SimpleNamespace(variables={"config": 1, "git": 1, "files": 1, "page": page, "org": "kept"})
    strip(env)
    assert set(env.variables) == {"page", "org"}
    assert env.variables["page"].meta == {"render_macros": False}
    assert not hasattr(env.variables["page"].file, "secret")


@pytest.mark.site
@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\ntitle: Home\n---\n\n{{ cycler.__init__.__globals__.os.popen('touch CANARY').read() }}\n", "docs/index.md:5: SEC202"),
        ("---\ntitle: Home\nsoa_table: forged\n---\n\nText\n", "docs/index.md:3: SEC201"),
        ('---\ntitle: "{{ config }}"\n---\n\nText\n', "docs/index.md:2: SEC202"),
        ('---\ntitle: Home\n---\n\n{{ document("POL-999") }}\n', "docs/index.md:5: TRC103"),
    ],
    ids=["payload", "shadow", "title", "unknown"],
)
def test_no_site_is_built_with_it(text, line, bake, tmp_path):
    import shutil

    repository = tmp_path / "repository"
    shutil.copytree(bake(), repository, ignore=shutil.ignore_patterns("site"))
    (repository / "docs/index.md").write_text(text, "utf-8")
    done = mkdocs_build(repository)
    assert done.returncode == 1
    assert line in done.stderr
    assert "Traceback" not in done.stderr
    assert not (repository / "site/index.html").exists()
    assert not list(repository.rglob("CANARY"))


def test_the_short_way_and_the_parser_read_the_same():
    """Every page of the template is read twice: by the plain form, and by Jinja's own parser."""
    from macros.text.calls import _parsed_calls, _plain_calls

    bodies = [path.read_text("utf-8") for path in (KIT / "<<cookiecutter.org>>/docs").rglob("*.md")]
    short = 0
    for body in bodies:
        plain = _plain_calls(body, 1)
        if plain is not None and "{%" not in body and "{#" not in body:
            assert list(plain) == _parsed_calls(body, 1)
            short += 1
    assert short > 30
    for name, payload in PAYLOADS.items():
        assert _plain_calls(payload, 1) in (None, ()) or "{%" in payload or "{#" in payload, name
