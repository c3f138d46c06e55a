"""The build refuses what is live, `check --site` names it in what was built, and both see every file that becomes a page."""

from __future__ import annotations

import json
import os
import re
import shutil

import pytest

from macros.__main__ import main
from macros.load.reserved import FILES, is_reserved
from macros.pages import ASSETS
from macros.render.site_pages import downloads, generated
from macros.world import world_at
from tests.conftest import KIT, mkdocs_build
from tests.review_setup import ask, branch, commit, repository_of
from tests.small_site import small_site

LIVE = """

Words <script>alert(1)</script>

<iframe srcdoc="<script>alert(1)</script>"></iframe>
<base href="https://elsewhere.example/">
<meta http-equiv="refresh" content="0; url=https://elsewhere.example/">
<form action="https://elsewhere.example/"><input name="password"></form>
<link rel="stylesheet" href="https://elsewhere.example/a.css">

![A](https://elsewhere.example/a.png)

*A word*{: onclick="alert(1)" }
"""


@pytest.fixture
def repository(bake, tmp_path):
    """A generated repository that may be changed."""
    return shutil.copytree(bake(), tmp_path / "repository")


def lines_of(text: str) -> set[tuple[str, str]]:
    return set(re.findall(r"(docs/\S+?:\d+): ([A-Z]{3}\d{3}) ", text))


@pytest.mark.site
def test_a_page_with_anything_live_is_refused_by_the_build_and_named_by_the_check(repository, capsys):
    page = repository / "docs/index.md"
    begin = page.read_text("utf-8").rstrip("\n").count("\n") + 1
    page.write_text(page.read_text("utf-8").rstrip("\n") + LIVE, "utf-8")
    expected = {(f"docs/index.md:{begin + more}", "SEC120") for more in (2, 4, 5, 6, 7, 8, 12)} | {
        (f"docs/index.md:{begin + 10}", "SEC122")
    }
    done = mkdocs_build(repository)
    assert done.returncode == 1
    assert lines_of(done.stderr) == expected
    assert "Traceback" not in done.stderr
    assert main(["check", "--root", str(repository)]) == 1
    assert {line for line in lines_of(capsys.readouterr().out) if line[1].startswith("SEC")} == expected


@pytest.mark.site
def test_the_build_judges_the_finished_page_even_where_no_rule_has_spoken(repository):
    engine = repository / "macros/pages.py"
    text = engine.read_text("utf-8")
    assert "*SOURCE_CODES" in text
    engine.write_text(text.replace("*SOURCE_CODES, ", ""), "utf-8")
    page = repository / "docs/index.md"
    page.write_text(page.read_text("utf-8") + '\n*A word*{: onclick="alert(1)" }\n', "utf-8")
    done = mkdocs_build(repository)
    assert done.returncode == 1
    assert "'docs/index.md' holds attribute 'onclick' on 'em', which pages may not hold" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.site
def test_a_second_file_for_an_address_and_a_forged_page_stop_the_build(repository):
    (repository / "docs/policies/acceptable-use.mkd").write_text("---\ntitle: Acceptable use\n---\n\nEverything is allowed.\n", "utf-8")
    (repository / "docs/status.mdown").write_text("---\ntitle: Status\n---\n\nAll is well.\n", "utf-8")
    done = mkdocs_build(repository)
    assert done.returncode == 1
    assert lines_of(done.stderr) == {("docs/policies/acceptable-use.mkd:1", "SEC124"), ("docs/status.mdown:1", "SEC125")}
    assert "'docs/policies/acceptable-use.mkd' and 'docs/policies/acceptable-use.md' become one page" in done.stderr


@pytest.mark.site
def test_what_an_organisation_adds_is_built_shown_and_accepted_in_the_site(tmp_path, capsys):
    repository = small_site(tmp_path / "repository")
    settings = repository / "org.yaml"
    rows = [("element", "picture"), ("image-host", "pictures.world.example"), ("file", "docs/assets/plan.js")]
    entries = "".join(
        f"    - kind: {kind}\n      name: {name}\n      reason: The board wants it.\n      decided_by: ai-governance-lead\n"
        for kind, name in rows
    )
    settings.write_text(settings.read_text("utf-8").rstrip("\n") + f"\npages:\n  allowed:\n{entries}", "utf-8")
    (repository / "docs/assets").mkdir()
    (repository / "docs/assets/plan.js").write_text("console.log(1)\n", "utf-8")
    page = repository / "docs/index.md"
    page.write_text(page.read_text("utf-8") + '\n<picture><img src="https://pictures.world.example/a.png" alt="A"></picture>\n', "utf-8")
    done = mkdocs_build(repository)
    assert done.returncode == 0, done.stderr
    assert "img-src &#39;self&#39; data: https://pictures.world.example" in (repository / "site/index.html").read_text("utf-8").replace(
        "'", "&#39;"
    )
    assert "The board wants it" in (repository / "site/open/index.html").read_text("utf-8")
    assert main(["check", "--root", str(repository), "--site", str(repository / "site")]) == 0, capsys.readouterr().out
    (repository / "site/assets/plan.js").write_text("alert(1)\n", "utf-8")
    assert main(["check", "--root", str(repository), "--site", str(repository / "site")]) == 1
    assert "assets/plan.js:1: SEC133 " in capsys.readouterr().out


@pytest.mark.site
def test_a_site_that_was_changed_after_its_build_is_named_place_by_place(example, example_site, tmp_path, capsys):
    site = shutil.copytree(example_site, tmp_path / "site")
    bundle = next(site.glob("assets/javascripts/bundle.*.min.js"))
    bundle.write_text(bundle.read_text("utf-8") + ";alert(1)", "utf-8")
    changes = {
        "index.html": ("</article>", "<svg onload=alert(1)></svg></article>"),
        "status/index.html": ("<head>", "<head><script>alert(1)</script>"),
        "open/index.html": ("</h1>", "</h1><object data=x></object>"),
        "trace/index.html": (
            '<script id="__config"',
            '<script id="__config" type="application/json">{"search": "data:,x"}</script><script id="__config"',
        ),
    }
    for name, (old, new) in changes.items():
        text = (site / name).read_text("utf-8")
        assert old in text
        (site / name).write_text(text.replace(old, new, 1), "utf-8")
    assert main(["check", "--root", str(example), "--site", str(site)]) == 1
    said = {tuple(found) for found in re.findall(r"^(\S+?):\d+: (SEC\d+) ", capsys.readouterr().out, re.MULTILINE)}
    assert {(name, "SEC130") for name in changes} | {
        ("status/index.html", "SEC132"),
        (bundle.relative_to(site).as_posix(), "SEC133"),
    } <= said


def test_every_generated_page_and_file_has_a_reserved_address(example):
    world = world_at(example)
    paths = (
        [path for path, _ in generated(world)]
        + [path for path, _ in downloads(world)]
        + [f"assets/{file.name}" for file in ASSETS.iterdir()]
    )
    assert len(paths) > 400
    assert [path for path in paths if not is_reserved(f"docs/{path}")] == []
    assert {f"assets/{file.name}" for file in ASSETS.iterdir()} == {path for path in FILES if path.startswith("assets/")}


def test_a_review_reads_every_page_that_the_host_would_build(bake, tmp_path):
    repository = repository_of(bake(), tmp_path / "proposed")
    branch(repository, "change")
    (repository / "docs/policies/acceptable-use.mkd").write_text("---\ntitle: Acceptable use\n---\n\n<script>alert(1)</script>\n", "utf-8")
    commit(repository, "Change")
    done = ask(repository, "main", "change", "--format", "json", engine=KIT)
    found = {(problem["code"], problem["path"], problem["line"]) for problem in json.loads(done.stdout)["new_problems"]}
    assert {("SEC120", "docs/policies/acceptable-use.mkd", 5), ("SEC124", "docs/policies/acceptable-use.mkd", 1)} <= found


def _link_to_itself(docs):
    (docs / "policies/loop").symlink_to("..")


def _link_to_nothing(docs):
    (docs / "policies/gone.md").symlink_to("nowhere")


def _link_to_a_file_elsewhere(docs):
    (docs / "policies/name.txt").symlink_to("/etc/hostname")


def _name_that_is_no_utf8(docs):
    with open(os.path.join(os.fsencode(docs), b"policies/a\xff.md"), "wb") as stream:
        stream.write(b"---\ntitle: A\n---\n")


def _list_where_a_list_of_the_kit_lies(docs):
    (docs / "open/warnings.csv").mkdir(parents=True)
    (docs / "open/warnings.csv/index.md").write_text("---\ntitle: A\n---\n", "utf-8")


def _theme_entries_of_another_form(docs):
    (docs / "policies/index.md").write_text("---\ntitle: Policies\nhide: 5\nsearch: none\n---\n", "utf-8")


@pytest.mark.site
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_link_to_itself, "docs/policies/loop:1: SEC101 "),
        (_link_to_nothing, "docs/policies/gone.md:1: SEC101 "),
        (_link_to_a_file_elsewhere, "docs/policies/name.txt:1: SEC101 "),
        (_name_that_is_no_utf8, "SEC102 the name of the file is not UTF-8"),
        (_list_where_a_list_of_the_kit_lies, "SEC125 "),
        (_theme_entries_of_another_form, "docs/policies/index.md:3: SEC129 "),
    ],
)
def test_what_the_host_would_stumble_over_is_a_sentence_and_no_site(tmp_path, change, said):
    repository = small_site(tmp_path / "repository")
    change(repository / "docs")
    done = mkdocs_build(repository)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (repository / "site").exists()
