"""`build`: what is in place is a whole site, the old one or the new one, whatever happens to the one who builds."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from macros.command.beside import WORK, exchanged
from tests.conftest import KIT, bytes_of, mkdocs_build
from tests.small_site import replace, run_verb, small_site

pytestmark = pytest.mark.site
POLICY = "docs/policies/ai-policy.md"
OTHER_DAY = "2026-12-24"


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """A small repository with its site; do not change it."""
    repository = small_site(tmp_path_factory.mktemp("build") / "small")
    done = run_verb(repository, "build")
    assert done.returncode == 0, done.stderr
    return repository


@pytest.fixture
def repository(built, tmp_path) -> Path:
    """A copy of it to be changed."""
    return Path(shutil.copytree(built, tmp_path / "small"))


@pytest.fixture(scope="module")
def other(built, tmp_path_factory) -> dict[str, bytes]:
    """The bytes of its site on another day, which are others."""
    place = tmp_path_factory.mktemp("other") / "site"
    assert run_verb(built, "build", "--site", str(place), "--today", OTHER_DAY).returncode == 0
    assert bytes_of(place) != bytes_of(built / "site")
    return bytes_of(place)


def test_a_site_is_that_of_mkdocs_byte_for_byte(built, tmp_path):
    done = mkdocs_build(built, "--site-dir", str(tmp_path / "plain"))
    assert done.returncode == 0, done.stderr
    files = bytes_of(built / "site")
    assert len(files) > 50
    assert files == bytes_of(tmp_path / "plain")


def test_a_build_says_where_the_site_is_and_leaves_nothing_that_git_sees(repository):
    for words in (["init", "-q"], ["add", "-A"], ["-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-qm", "Begin"]):
        subprocess.run(["git", *words], cwd=repository, check=True)
    done = run_verb(repository, "build")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines() == ["Building the site into 'site' ...", "The site is in 'site'"]
    seen = subprocess.run(
        ["git", "status", "--porcelain", "--untracked-files=all"], cwd=repository, capture_output=True, text=True, check=True
    )
    assert [line for line in seen.stdout.splitlines() if WORK in line] == []
    assert sorted(path.name for path in (repository / WORK).iterdir()) == [".gitignore", "site.lock"]


@pytest.mark.parametrize("steps", ["one", "two"])
def test_a_maker_that_is_killed_before_any_operation_leaves_old_or_new(tmp_path, steps):
    done = subprocess.run(
        [sys.executable, "-m", "tests.killed_steps", str(tmp_path), steps],
        cwd=KIT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines() if line[0].isdigit()]
    assert len(lines) > 25
    seen = Counter(at_once for _, _, at_once, _, _ in lines)
    assert seen["old"] > 15
    assert seen["new"] > 5
    # Where two folders cannot be exchanged, there is one moment without any, and the next build brings the old one back.
    assert set(seen) - {"old", "new"} == ({"none"} if steps == "two" else set())
    assert seen["none"] <= 1
    assert {(after, left) for _, _, _, after, left in lines} == {("new", ".gitignore,site.lock")}


def killed_after(seconds: float, repository: Path) -> None:
    building = subprocess.Popen(
        [sys.executable, "-m", "macros", "build", "--no-check", "--today", OTHER_DAY], cwd=repository, stderr=subprocess.DEVNULL
    )
    try:
        building.wait(seconds)
    except subprocess.TimeoutExpired:
        building.send_signal(signal.SIGKILL)
        building.wait()


def moments(count: int, whole: float) -> list[float]:
    draw = random.Random(42)
    return sorted(draw.uniform(0, whole) for _ in range(count))


@pytest.mark.parametrize("count", [3, pytest.param(50, marks=pytest.mark.full)])
def test_a_build_that_is_killed_at_any_moment_leaves_a_whole_site(built, repository, other, count):
    old = bytes_of(built / "site")
    began = time.monotonic()
    killed_after(300, repository)
    whole = time.monotonic() - began
    assert bytes_of(repository / "site") == other
    outcomes = Counter()
    for moment in moments(count, whole):
        shutil.rmtree(repository / "site")
        shutil.copytree(built / "site", repository / "site")
        killed_after(moment, repository)
        now = bytes_of(repository / "site")
        assert now in (old, other), f"after {moment:.2f} of {whole:.2f} seconds"
        outcomes["old" if now == old else "new"] += 1
    assert outcomes["old"] > 0
    killed_after(300, repository)
    assert bytes_of(repository / "site") == other
    assert sorted(path.name for path in (repository / WORK).iterdir()) == [".gitignore", "site.lock"]


def test_a_second_build_waits_for_the_first(repository, other):
    words = [sys.executable, "-m", "macros", "build", "--today", OTHER_DAY]
    with (
        subprocess.Popen(words, cwd=repository, stderr=subprocess.PIPE, text=True) as first,
        subprocess.Popen(words, cwd=repository, stderr=subprocess.PIPE, text=True) as second,
    ):
        lines = [first.stderr.readline(), second.stderr.readline()]
        waiting = f"'{repository / 'site'}' is being built by another process; waiting for it\n"
        assert sorted(lines) == sorted([waiting, "Building the site into 'site' ...\n"])
        assert (first.wait(300), second.wait(300)) == (0, 0)
    assert bytes_of(repository / "site") == other


@pytest.mark.parametrize(
    ("path", "old", "new", "said"),
    [
        ("org.yaml", "forge: none", "forge: [", "org.yaml:13: ORG001 this is not valid YAML"),
        ("registers/changes/CHG-001.yaml", "state: closed", "state: {", "registers/changes/CHG-001.yaml:15: REG"),
        (POLICY, "## Rules", "{{ cycler() }}", f"{POLICY}:18: SEC202 there is no macro 'cycler'"),
        (POLICY, "## Rules", "[x](nowhere.md)", f"{POLICY}:18: it contains a link 'nowhere.md'"),
        (POLICY, "## Rules", '<a href="../nowhere/">x</a>', "policies/ai-policy/index.html:"),
        ("mkdocs.yml", "nav:", "nav: [", "MkDocs encountered an error parsing the configuration file"),
        ("mkdocs.yml", "nav:", "plugins: [nothing]\nnav:", "'plugins': The \"nothing\" plugin is not installed"),
        ("mkdocs.yml", "index.md", "nowhere.md", "'nowhere.md'"),
    ],
)
def test_what_is_wrong_is_said_in_sentences_and_the_site_stays(built, repository, path, old, new, said):
    replace(repository / path, old, new)
    done = run_verb(repository, "build")
    assert done.returncode == 1, done.stderr
    told = done.stdout + done.stderr
    assert said in told
    assert "Traceback" not in told
    assert "The site was not built" in done.stderr
    assert bytes_of(repository / "site") == bytes_of(built / "site")
    assert sorted(path.name for path in (repository / WORK).iterdir()) == [".gitignore", "site.lock"]


def test_a_page_that_is_no_utf8_and_a_macro_that_fails_are_sentences(repository, built):
    (repository / "docs/odd.md").write_bytes(b"---\ntitle: Odd\n---\n\nA \xff B\n")
    done = run_verb(repository, "build")
    assert (done.returncode, "Traceback" in done.stdout + done.stderr) == (1, False)
    assert "docs/odd.md" in done.stdout + done.stderr
    (repository / "docs/odd.md").unlink()
    engine = repository / "macros/site.py"
    engine.write_text(
        engine.read_text("utf-8").replace('"ai_roles": lambda: documents.ai_roles(workspace)', '"ai_roles": lambda: 1 // 0'), "utf-8"
    )
    replace(repository / POLICY, "## Rules", "{{ ai_roles() }}")
    done = run_verb(repository, "build")
    assert (done.returncode, "Traceback" in done.stdout + done.stderr) == (1, False)
    assert f"{POLICY}:1: a macro cannot be shown, ZeroDivisionError: integer division or modulo by zero\n" in done.stderr
    assert bytes_of(repository / "site") == bytes_of(built / "site")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 12_000, "This site is not built: Markdown was not done with 'docs/odd.md' after 2 seconds. Close or take out "),
        ("[a][" * 8_000, "This site is not built: Markdown was not done with 'docs/odd.md' after 2 seconds. Close or take out "),
        ("- " * 3_000 + "x", "docs/odd.md:1: what stands there is nested too deeply for Markdown; flatten its lists and quotations"),
    ],
)
def test_a_page_that_markdown_does_not_get_done_with_is_a_sentence(text, said, repository, built):
    replace(repository / "macros/paced.py", "SECONDS = 60.0", "SECONDS = 2.0")
    (repository / "docs/odd.md").write_text(f"---\ntitle: Odd\n---\n\n{text}\n", "utf-8")
    done = run_verb(repository, "build")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert any(line.startswith(said) for line in done.stderr.splitlines()), done.stderr
    assert bytes_of(repository / "site") == bytes_of(built / "site")


def test_a_disk_that_is_full_leaves_the_site(repository, built):
    done = subprocess.run(
        [sys.executable, "-m", "macros", "build"],
        cwd=repository,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000)),
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert bytes_of(repository / "site") == bytes_of(built / "site")


def test_problems_of_a_site_come_in_the_formats_of_check(repository):
    replace(repository / POLICY, "## Rules", '<a href="../nowhere/">x</a>')
    done = run_verb(repository, "build", "--format", "json")
    problems = json.loads(done.stdout)["problems"]
    assert [(problem["code"], problem["path"]) for problem in problems] == [("TRC301", "policies/ai-policy/index.html")]
    assert run_verb(repository, "build", "--no-check").returncode == 0
    assert b"../nowhere/" in (repository / "site/policies/ai-policy/index.html").read_bytes()


@pytest.mark.parametrize(
    ("site", "why"),
    [
        (".", "belongs to the sources"),
        ("..", "belongs to the sources"),
        ("docs", "belongs to the sources"),
        ("registers/new", "belongs to the sources"),
        ("org.yaml", "is a file"),
        ("papers", "holds something else than a site"),
    ],
)
def test_nothing_but_a_site_is_replaced(repository, site, why):
    (repository / "papers").mkdir()
    (repository / "papers/minutes.txt").write_text("Kept.\n", "utf-8")
    before = bytes_of(repository)
    done = run_verb(repository, "build", "--site", site, PYTHONDONTWRITEBYTECODE="1")
    assert done.returncode == 3
    assert why in done.stderr
    assert {name: content for name, content in bytes_of(repository).items() if "__pycache__" not in name} == {
        name: content for name, content in before.items() if "__pycache__" not in name
    }


def test_a_site_can_lie_anywhere_and_what_is_hidden_in_it_stays(repository, tmp_path):
    elsewhere = tmp_path / "served/here"
    link = tmp_path / "link"
    elsewhere.mkdir(parents=True)
    link.symlink_to(elsewhere)
    (elsewhere / ".nojekyll").write_text("", "utf-8")
    (elsewhere / ".well-known").mkdir()
    (elsewhere / ".well-known/security.txt").write_text("Contact: mailto:security@world.example\n", "utf-8")
    done = run_verb(repository, "build", "--site", str(link), "--no-check")
    assert done.returncode == 0, done.stderr
    assert link.is_symlink()
    hidden = {name for name in bytes_of(elsewhere) if name.startswith(".")}
    assert hidden == {".nojekyll", ".well-known/security.txt"}
    assert {name: content for name, content in bytes_of(elsewhere).items() if name not in hidden} == bytes_of(repository / "site")


def test_a_link_in_place_of_the_working_folder_is_not_followed(repository, tmp_path):
    (tmp_path / "precious/site.new").mkdir(parents=True)
    (tmp_path / "precious/site.new/paper.txt").write_text("Kept.\n", "utf-8")
    shutil.rmtree(repository / WORK)
    (repository / WORK).symlink_to(tmp_path / "precious")
    done = run_verb(repository, "build")
    assert done.returncode == 3
    assert "is no folder of this kit; remove it" in done.stderr
    assert (tmp_path / "precious/site.new/paper.txt").is_file()


@pytest.mark.skipif(sys.platform not in ("linux", "darwin"), reason="this system exchanges no folders")
def test_two_folders_change_places_in_one_operation(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "name").write_text(name, "utf-8")
    assert exchanged(tmp_path / "a", tmp_path / "b")
    assert [(tmp_path / name / "name").read_text("utf-8") for name in ("a", "b")] == ["b", "a"]
    with pytest.raises(OSError, match="No such file"):
        exchanged(tmp_path / "a", tmp_path / "nowhere")
