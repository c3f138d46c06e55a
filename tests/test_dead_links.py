"""What `check --site` does with a whole site: bases, repeats, weights, the real example, and a link that is seeded in a real build."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from macros.__main__ import main
from macros.checks import run_site_checks
from macros.load import load_workspace
from macros.load.built_site import BuiltSite, load_site, read_page, site_url_in
from macros.world import today_of
from tests.conftest import KIT, mkdocs_build
from tests.small_site import small_site
from tests.test_checks import HERE


def spoken(pages: dict[str, str], root: Path = HERE / "world", address: str = "", files: tuple[str, ...] = ()) -> list[str]:
    """What is said of a site of these pages, each without its way out."""
    workspace = load_workspace(root)
    site = BuiltSite({path: read_page(text) for path, text in pages.items()}, frozenset({*pages, *files}), address)
    return [
        f"{problem.location} {problem.code} {problem.severity.value} {problem.message}"
        for problem in run_site_checks(workspace, today_of(workspace), site)
    ]


@pytest.mark.parametrize(
    ("address", "link", "dead"),
    [
        ("", "/plan/", None),
        ("", "/aims/plan/", "there is no 'aims/plan/index.html'"),
        ("https://world.example/aims/", "/aims/plan/", None),
        ("https://world.example/aims", "/aims/plan/", None),
        ("https://world.example/aims/", "/aims", None),
        ("https://world.example/aims/", "/plan/", "the site lies under '/aims/'"),
        ("https://world.example/aims/", "https://world.example/aims/plan/", None),
        ("https://world.example/aims/", "https://world.example/aims/plans/", "there is no 'plans/index.html'"),
        ("https://world.example/aims/", "https://world.example/other/", None),
        ("https://world.example/aims/", "../other/", "the site lies under '/aims/'"),
        ("", "../../plan/", None),
        ("", "PLAN/", "there is no 'PLAN/index.html'"),
        ("", "pl%61n/", None),
        ("", "plan/?a=b/c", None),
        ("", "plan?x#y", "'plan/index.html' has no anchor 'y'"),
        ("", "plan/#caf%C3%A9", None),
        ("", "plan/#café", None),
        ("", "plan/#caf%E9", "'plan/index.html' has no anchor 'caf\ufffd'"),
    ],
)
def test_an_address_is_read_as_a_browser_reads_it(address, link, dead):
    pages = {"index.html": f'<a href="{link}">x</a>', "plan/index.html": '<h1 id="café">Plan</h1>'}
    said = spoken(pages, address=address)
    assert len(said) == bool(dead)
    assert not dead or dead in said[0]


@pytest.mark.parametrize(
    ("markup", "targets"),
    [
        ('<img srcset="a.png 1x,b.png 2x" src=c.png>', ["a.png", "b.png", "c.png"]),
        ('<img srcset="a.png, b.png 2x">', ["a.png", "b.png"]),
        ('<img srcset="data:image/gif;base64,R0lG== 1x, b.png 2x">', ["b.png"]),
        ('<picture><source srcset="a.avif"><img src="a.jpg"></picture>', ["a.avif", "a.jpg"]),
        ('<video src="a.mp4" poster="a.jpg"><track src="a.vtt"></video>', ["a.mp4", "a.jpg", "a.vtt"]),
        ('<object data="a.pdf"></object><embed src="b.pdf"><iframe src="c.html"></iframe>', ["a.pdf", "b.pdf", "c.html"]),
        ('<link rel="stylesheet" href="a.css"><script src="a.js"></script>', ["a.css", "a.js"]),
        ("<A HREF = 'a.html'>x</A>", ["a.html"]),
        ('<a\n  class="x"\n  href="a&amp;b.html">x</a>', ["a&b.html"]),
        ('<meta http-equiv="Refresh" content="0; URL=a.html">', ["a.html"]),
        ('<svg><use xlink:href="a.svg#i"/></svg>', ["a.svg"]),
        ('<![if lt IE 9]><a href="a.html">x</a><![CDATA[x]]><![endif><a href="b.html">', ["a.html", "b.html"]),
    ],
)
def test_every_element_that_names_a_file_is_followed(markup, targets):
    said = spoken({"page.html": markup})
    assert sorted(line.split("there is no '")[1].rstrip("'") for line in said) == sorted(targets)


def test_what_the_theme_repeats_is_said_once_with_a_count():
    few = {f"{number}.html": '<a href="gone.html">x</a>' for number in range(10)}
    assert len(spoken(few)) == 10
    many = {f"{number:02}.html": '<a href="gone.html">x</a>' for number in range(40)}
    assert spoken(many) == ["00.html:1 TRC301 error link 'gone.html' leads to nothing, there is no 'gone.html', here and on 39 other pages"]


def test_an_organisation_weighs_these_rules_as_others(tmp_path):
    shutil.copytree(HERE / "world", tmp_path, dirs_exist_ok=True)
    with (tmp_path / "org.yaml").open("a", encoding="utf-8") as file:
        file.write("checks:\n  severities:\n    TRC301: note\n    TRC303: off\n")
    said = spoken({"index.html": '<a href="gone.html">x</a><a href="javascript:x()">x</a>'}, tmp_path)
    assert [line.split()[1:3] for line in said] == [["TRC301", "note"]]


def test_a_folder_without_a_site_is_said_in_one_sentence(tmp_path, capsys):
    for folder in (tmp_path, tmp_path / "nowhere", KIT / "README.md"):
        assert main(["check", "--root", str(HERE / "world"), "--site", str(folder)]) == 3
        assert "holds no HTML page; build the site first" in capsys.readouterr().err


def test_the_address_of_the_site_comes_from_its_settings():
    assert site_url_in("INHERIT: x\nsite_url: 'https://world.example/aims/' # ours\n") == "https://world.example/aims/"
    assert site_url_in("site_url: !ENV [URL, '']\n") == ""


@pytest.mark.site
def test_the_worked_organisations_site_leads_nowhere_wrong(example, example_site, capsys):
    assert main(["check", "--root", str(example), "--site", str(example_site)]) == 0
    assert capsys.readouterr().out == ""
    site = load_site(example_site)
    assert len(site.pages) > 400
    assert sum(len(page.references) for page in site.pages.values()) > 20_000


@pytest.mark.site
def test_a_link_in_raw_html_that_the_strict_build_lets_pass_is_found(tmp_path, capsys):
    repository = small_site(tmp_path / "repository")
    page = repository / "docs/index.md"
    before = page.read_text("utf-8").count("\n")
    with page.open("a", encoding="utf-8") as file:
        file.write('\n<p><a href="policies/gone.md">gone</a> <img src="assets/gone.png" alt=""> <a href="#gone">gone</a></p>\n')
    done = mkdocs_build(repository)
    assert done.returncode == 0, done.stderr
    assert main(["check", "--root", str(repository), "--site", str(repository / "site")]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[1].split()[0] for line in lines] == ["TRC301", "TRC301", "TRC302"]
    assert all(f"the page is made from 'docs/index.md', line {before + 2}" in line for line in lines)
