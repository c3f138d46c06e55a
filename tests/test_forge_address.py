"""The pencil on a document leads to the forge that git names, says nothing of who cloned, and is spoken of only where it is."""

from __future__ import annotations

import re

import pytest

from macros.git.forge_address import ForgeAddress, forge_address, web_address
from macros.load import load_workspace
from macros.model.organisation import Forge
from macros.render.guide import guide
from macros.render.page_links import PageLinks
from tests.review_setup import commit, git
from tests.small_site import run_verb, small_site


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("https://github.com/tarnmoor/aims.git", "https://github.com/tarnmoor/aims"),
        ("https://github.com/tarnmoor/aims", "https://github.com/tarnmoor/aims"),
        ("git@github.com:tarnmoor/aims.git", "https://github.com/tarnmoor/aims"),
        ("ssh://git@gitlab.tarnmoor.example:2222/it/risk/aims.git", "https://gitlab.tarnmoor.example/it/risk/aims"),
        ("https://gitlab.tarnmoor.example:8443/it/aims.git", "https://gitlab.tarnmoor.example:8443/it/aims"),
        ("https://gitlab-ci-token:glcbt-64_secret@gitlab.com/it/aims.git", "https://gitlab.com/it/aims"),
        ("https://x-access-token:ghs_secret@GitHub.com/it/aims", "https://github.com/it/aims"),
    ],
)
def test_what_git_clones_from_becomes_what_a_browser_opens(remote, address):
    assert web_address(remote) == address


@pytest.mark.parametrize(
    "remote",
    [
        *(
            "",
            "/srv/git/aims.git",
            "../aims",
            "file:" + "///srv/git/aims.git",
            "http://forge.example/it/aims",
            "work:it/aims",
            "git@work:it/aims",
        ),
        *(
            "https://forge.example/aims",
            "https://forge.example/it/../aims",
            "https://forge.example/it/aims?x=1",
            "https://localhost/it/aims",
        ),
        *('https://forge.example/it/"><script>', "javascript://forge.example/it/aims", "https://a@b@forge.example/it/aims", "ext::sh -c x"),
    ],
)
def test_everything_else_is_no_address(remote):
    assert web_address(remote) is None


@pytest.fixture
def repository(tmp_path):
    (tmp_path / "top/part").mkdir(parents=True)
    git(tmp_path / "top", "init", "--quiet", "--initial-branch", "main")
    commit(tmp_path / "top", "First")
    return tmp_path / "top"


def test_the_address_is_that_of_origin_at_the_top_of_a_repository(repository):
    assert forge_address(repository, Forge.GITHUB) is None
    git(repository, "remote", "add", "origin", "https://oauth2:secret@forge.example/it/aims.git")
    assert forge_address(repository, Forge.GITHUB) == ForgeAddress("https://forge.example/it/aims", "GitHub", "edit/main/docs/")
    assert forge_address(repository, Forge.GITLAB) == ForgeAddress("https://forge.example/it/aims", "GitLab", "-/edit/main/docs/")
    assert forge_address(repository, Forge.NONE) is None
    assert forge_address(repository / "part", Forge.GITHUB) is None
    git(repository, "update-ref", "refs/remotes/origin/trunk", "HEAD")
    git(repository, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")
    assert forge_address(repository, Forge.GITHUB).edit == "edit/trunk/docs/"


def test_without_git_there_is_none(repository, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert forge_address(repository, Forge.GITHUB) is None


@pytest.mark.parametrize("forge", ["github", "gitlab", "none"])
def test_the_guide_speaks_of_a_pencil_only_where_there_is_one(forge, bake):
    workspace = load_workspace(bake(forge=forge))
    without, with_one = guide(workspace, PageLinks(workspace)), guide(workspace, PageLinks(workspace), editable=True)
    assert "pencil" not in without
    assert with_one.count("pencil") == 1
    assert without.replace("\n", "") != with_one.replace("\n", "")


@pytest.mark.site
def test_a_built_site_has_the_pencil_where_git_knows_a_forge(tmp_path):
    repository = small_site(tmp_path / "aims")
    settings = (repository / "mkdocs.yml").read_text("utf-8")
    organisation = (repository / "org.yaml").read_text("utf-8")
    (repository / "org.yaml").write_text(re.sub(r"(?m)^forge: .*", "forge: gitlab", organisation), "utf-8")
    git(repository, "init", "--quiet", "--initial-branch", "main")
    commit(repository, "First")
    document = next(path for path in sorted((repository / "docs").rglob("*.md")) if path.name != "index.md")
    inside = document.relative_to(repository / "docs").as_posix()

    def built() -> tuple[str, str]:
        done = run_verb(repository, "build")
        assert done.returncode == 0, done.stderr + done.stdout
        pages = (repository / "site" / inside.removesuffix(".md") / "index.html", repository / "site/guide/index.html")
        return tuple(page.read_text("utf-8") for page in pages)

    page, told = built()
    assert 'rel="edit"' not in page and "pencil" not in told
    git(repository, "remote", "add", "origin", "https://gitlab-ci-token:glcbt-0f3a@gitlab.example.com/it/aims.git")
    page, told = built()
    assert f'href="https://gitlab.example.com/it/aims/-/edit/main/docs/{inside}"' in page
    assert told.count("pencil") == 1 and 'rel="edit"' not in told
    assert not any("glcbt-0f3a" in path.read_text("utf-8") for path in (repository / "site").rglob("*.html"))
    (repository / "mkdocs.yml").write_text(settings + "edit_uri: ''\n", "utf-8")
    page, told = built()
    assert 'rel="edit"' not in page and "pencil" not in told and "gitlab.example.com" not in page
