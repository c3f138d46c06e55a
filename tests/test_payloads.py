"""Eighty texts that mean harm in every text entry that there is: the built site shows them, and nothing on it acts."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess

import pytest

from examples.make import generate
from macros.model.document import FrontMatter
from macros.model.organisation import Organisation
from macros.model.records.kinds import KINDS
from macros.text.strict_yaml import parse
from tests.browser_pages import Unsearched, serving, watched_page
from tests.conftest import KIT, PLAIN, mkdocs_build
from tests.payloads import ACTING, COMMANDS, LIVE, SEVERAL_LINES, poisoned, seed, text_entries

pytestmark = [pytest.mark.browser, pytest.mark.site]
TEXTS = LIVE + COMMANDS + SEVERAL_LINES
CHANGED = "docs/policies/ai-policy.md"
OF_COMMITS = "history/POL-001/index.html"
"""What it says of the commits that changed it."""
OFTEN = ("policies/", "procedures/", "history/", "manual/")
"""Where pages of one kind stand, each with other texts."""

OFFENCES = """
async ([paths, markup]) => {
  const inert = new Set(['iframe','frame','object','embed','applet','base','foreignobject','math','animate','set','marquee',
    'video','audio','source','use','template','image','portal']);
  const judge = (text, address) => {
    const doc = new DOMParser().parseFromString(text, 'text/html'), found = [];
    for (const el of doc.querySelectorAll('*')) {
      const tag = el.localName.toLowerCase(), say = what => found.push(tag + ' ' + what);
      if (inert.has(tag)) say('element');
      if (tag === 'form' && el.getAttribute('name') !== 'search' && el.dataset.mdComponent !== 'palette') say('form');
      if (tag === 'meta' && el.httpEquiv && el.httpEquiv.toLowerCase() !== 'content-security-policy') say('http-equiv');
      if (['script', 'style'].includes(tag) && /pwned|alert|evil/.test(el.textContent)) say('of a payload');
      for (const {name, value} of el.attributes) {
        const lower = name.toLowerCase();
        if (lower.startsWith('on') || lower === 'srcdoc') say(name);
        if (['href', 'src', 'action', 'formaction', 'data', 'poster', 'xlink:href', 'background', 'ping', 'srcset', 'style'].includes(lower)) {
          if (/evil\\.example/.test(value)) say(name + ' to another host');
          let url = null;
          try { url = new URL(value, address); } catch { continue; }
          if (lower !== 'style' && !['http:', 'https:', 'mailto:'].includes(url.protocol)) say(name + ' ' + url.protocol);
          if (['script', 'link', 'img'].includes(tag) && url.origin !== new URL(address).origin && el.rel !== 'canonical') say('load');
        }
      }
    }
    return [found, doc.title];
  };
  if (markup !== null) return markup.map(text => judge(text, location.href)[0]);
  const all = {};
  for (const path of paths) {
    const address = new URL(path, location.origin + '/').href;
    all[path] = judge(await (await fetch(address)).text(), address);
  }
  return all;
}
"""


def refusal(answers, year):
    """What the hook says of answers, without a generation around it."""
    source = (KIT / "hooks/pre_gen_project.py").read_text("utf-8").replace("<< cookiecutter | tojson >>", "{}")
    room = {"__name__": "hook"}
    exec(compile(source, "pre_gen_project.py", "exec"), room)
    return room["refusal"](answers, year)


def git(root, *words, **environment):
    base = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_COMMITTER_NAME": "c", "GIT_COMMITTER_EMAIL": "c@x.invalid"}
    told = subprocess.run(
        ["git", *words],
        cwd=root,
        env={**os.environ, **base, "GIT_AUTHOR_EMAIL": "a@x.invalid", **environment},
        capture_output=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr


def with_history(root):
    """Commits that change one document, each with two texts: as its subject, and as the name of its author."""
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A", GIT_AUTHOR_NAME="first")
    git(root, "commit", "-qm", "first", GIT_AUTHOR_NAME="first")
    texts = [text.replace("\0", "") for text in (*ACTING, *LIVE)]
    for subject, author in zip(texts[::2], texts[1::2], strict=True):
        with (root / CHANGED).open("a", encoding="utf-8") as stream:
            stream.write("\n")
        git(root, "commit", "-qam", subject, "--cleanup=verbatim", GIT_AUTHOR_NAME=author)


def with_file_names(root):
    """Pages that have a text as their name, with and without a heading of their own; the same as evidence."""
    for number, text in enumerate(LIVE):
        name = text.replace("/", "∕")[:60].strip(". ")
        if re.search(r"{[{%#]", text) or not name:
            continue
        body = ("", f"# {text.replace('{', '&#123;')[:200]}\n\n", f'## Part {{: id="{number}" }}\n\n')[number % 3]
        if number % 3 == 1:
            body = "# " + re.sub("[{\\[]", lambda match: f"&#{ord(match.group())};", html.escape(text))[:400] + "\n\n"
        (root / "docs/policies" / f"{number} {name}.md").write_text(body + "Text.\n", encoding="utf-8")
        (root / "evidence" / f"{number} {name}.txt").write_text("x\n", encoding="utf-8")


@pytest.fixture(scope="module", params=[0, *(pytest.param(start, marks=pytest.mark.full) for start in range(1, len(TEXTS)))])
def site(request, example, tmp_path_factory):
    """The worked organisation with a text in each entry, another in each for each start, built."""
    root = tmp_path_factory.mktemp("poisoned") / "repository"
    shutil.copytree(example, root, ignore=shutil.ignore_patterns("site"))
    seed(root)
    put = poisoned(root, TEXTS, request.param)
    with_file_names(root)
    with_history(root)
    done = mkdocs_build(root)
    assert done.returncode == 0, done.stderr[-3000:]
    assert not re.search(r"^\s*::|##\[|\x1b|\r", done.stderr, re.MULTILINE)
    yield root, put
    shutil.rmtree(root)


@pytest.fixture(scope="module")
def address(site):
    with serving(site[0] / "site") as found:
        yield found


@pytest.fixture(scope="module")
def unsearched(site):
    """The same pages without what the search knows, which each page would read anew; the test of the search has it."""
    with serving(site[0] / "site", Unsearched) as found:
        yield found


@pytest.fixture(scope="module")
def judged(browser, site, unsearched):
    """What the judge finds on each page, and its title."""
    with watched_page(browser, unsearched) as page:
        page.goto(f"{unsearched}/404.html")
        return page.evaluate(OFFENCES, [[as_address(path) for path in pages_of(site)], None])


@pytest.fixture
def page(browser, unsearched):
    with watched_page(browser, unsearched) as found:
        yield found


def pages_of(site):
    top = site[0] / "site"
    return sorted(path.relative_to(top).as_posix() for path in top.rglob("*.html"))


def as_address(path):
    from urllib.parse import quote

    return quote(path.removesuffix("index.html"))


# The texts and where they go


def test_the_texts_are_many_and_differ():
    assert len(set(LIVE)) == len(LIVE) >= 80


def test_every_text_stands_in_an_entry_and_every_entry_holds_a_text(site):
    put = site[1]
    wanted = {entry for kind in KINDS for model in (kind.file, kind.record) for entry in text_entries(model)}
    wanted |= {*text_entries(FrontMatter), *text_entries(Organisation)}
    assert len(wanted) > 150
    assert wanted - put.put.keys() == set()
    assert put.used == set(TEXTS)


def test_the_judge_of_pages_finds_texts_that_nobody_encoded(browser, address):
    page = browser.new_page()
    page.goto(f"{address}/404.html")
    found = page.evaluate(OFFENCES, [[], [f"<!doctype html><title>x</title><body>{text}" for text in LIVE]])
    assert len(found) == len(LIVE)
    assert sum(bool(offences) for offences in found) >= 45
    page.close()


# The site


def test_no_page_holds_a_live_element_that_the_kit_did_not_write(judged, site):
    assert len(judged) == len(pages_of(site)) > 400
    assert {path: offences for path, (offences, _) in judged.items() if offences} == {}


def test_nothing_happens_when_the_pages_are_looked_at(page, unsearched, judged, site, request):
    """One page of each kind; of those that say the same of each document, every fourth, and each page with `full`."""
    paths = pages_of(site)
    chosen = {}
    for path in paths:
        steps = path.split("/")
        many = steps[0] == "requirements" or (steps[0] == "records" and len(steps) > 3)
        chosen.setdefault((*steps[:2], len(steps)) if many else path, path)
    whole = request.node.callspec.params["site"] != 0
    own = [path for path in chosen.values() if not path.startswith(OFTEN) or path == OF_COMMITS]
    looked_at = paths if whole else own + [path for path in chosen.values() if path not in own][::4]
    assert len(looked_at) > 100
    for path in looked_at:
        page.goto(f"{unsearched}/{as_address(path)}")
        assert page.evaluate("[document.title, window.pwned === undefined]") == [judged[as_address(path)][1], True], path
        assert (page.dialogs, page.foreign) == ([], []), path


def test_a_title_is_shown_as_it_was_written(page, unsearched, site):
    name = shown(parse((site[0] / "org.yaml").read_text("utf-8")).value["name"])
    records = sorted((site[0] / "registers/risks").glob("RSK-*.yaml"))
    assert len(records) > 5
    for record in records:
        title = shown(parse(record.read_text("utf-8")).value["title"])
        if len(title) > 80:
            continue
        page.goto(f"{unsearched}/records/risks/{record.stem}/")
        assert shown(page.locator("h1").inner_text()) == f"{record.stem} {title}"
        assert shown(page.locator(".md-header__topic").nth(1).text_content()) == f"{record.stem} {title}"
        assert shown(page.title()) == f"{record.stem} {title} - {name}"


def test_the_search_shows_titles_as_text(browser, address):
    with watched_page(browser, address) as page:
        page.goto(f"{address}/open/")
        for words in ("onerror", "script", "alert"):
            page.get_by_role("textbox", name="Search").first.fill(words)
            page.locator(".md-search-result__item a").first.wait_for()
            page.wait_for_timeout(500)
            assert page.locator(".md-search-result__item").count() > 3
            live = "script, svg:not(.md-search-result__icon svg), img, iframe, math, object, embed, form, style, input, details:not(.md-search-result__more)"
            assert page.locator(f".md-search-result__article :is({live})").count() == 0
            assert page.evaluate("window.pwned === undefined")


def shown(text):
    return " ".join(text.split())


# Answers


def test_an_answer_is_written_as_it_is_or_refused_in_a_sentence(tmp_path, bake):
    answers = json.loads((KIT / "cookiecutter.json").read_text("utf-8"))
    answers = {key: value[0] if isinstance(value, list) else value for key, value in answers.items() if not key.startswith("_")}
    refused = {text: refusal({**answers, **PLAIN, "org_name": text}, 2026) for text in (*LIVE, *ACTING, *COMMANDS, *SEVERAL_LINES)}
    assert all(refused[text] for text in (*ACTING, *SEVERAL_LINES))
    assert all("\x1b" not in sentence and sentence.endswith(".") for sentence in refused.values() if sentence)
    taken = [text for text, sentence in refused.items() if sentence is None]
    assert len(taken) > 50
    for number, text in enumerate(taken[::20]):
        root = generate(tmp_path / str(number), {**PLAIN, "org_name": text})
        assert parse((root / "org.yaml").read_text("utf-8")).value["name"] == text
