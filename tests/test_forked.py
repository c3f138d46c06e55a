"""A verb or a build in a fork is what it is in a process that was started for it, to the last byte."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import KIT, bytes_of
from tests.forked import may_be_forked, started
from tests.review_setup import branch, commit, repository_of
from tests.small_site import replace, small_site

POLICY = "docs/policies/ai-policy.md"


@pytest.fixture(scope="module")
def repository(example, tmp_path_factory) -> Path:
    root = repository_of(example, tmp_path_factory.mktemp("forked") / "organisation")
    branch(root, "change")
    with (root / POLICY).open("a", encoding="utf-8") as stream:
        stream.write("\nStaff shall tell of it, é. TBD\n")
    commit(root, "Change")
    return root


def told(done: subprocess.CompletedProcess) -> tuple[int, bytes, bytes]:
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("words", "environment"),
    [
        (["check", "--format", "json"], {}),
        (["check"], {"AIMS_TODAY": "2027-03-01", "PYTHONIOENCODING": "ascii"}),
        (["review", "main", "change"], {}),
        (["status"], {"AIMS_COMMAND": "./aims"}),
        (["status", "--root", "nowhere"], {}),
        (["chekc"], {}),
        (["status", "--format", "none"], {}),
        (["--version"], {}),
    ],
    ids=str,
)
def test_a_verb_says_the_same_in_a_fork_and_in_a_process_of_its_own(words, environment, repository):
    env = {**os.environ, **environment}
    assert may_be_forked(repository, env)
    ways = ({}, {"real": True}, {"known": True})
    said = [told(started("macros", *words, cwd=repository, env=env, text=False, **way)) for way in ways]
    assert said == [said[0]] * 3
    assert said[0][1] or said[0][2]


def test_a_site_is_the_same_from_a_fork_and_from_a_process_of_its_own(tmp_path):
    repository = small_site(tmp_path / "small")
    sites = []
    for number, (module, words, real) in enumerate(
        [
            ("macros", ["build", "--site"], False),
            ("macros", ["build", "--site"], True),
            ("mkdocs", ["build", "--strict", "-q", "--site-dir"], False),
        ]
    ):
        site = tmp_path / f"site-{number}"
        done = started(module, *words, str(site), cwd=repository, real=real)
        assert done.returncode == 0, done.stderr
        said = "Building the site into 'X' ...\nThe site is in 'X'\n" if module == "macros" else ""
        assert (done.stdout, done.stderr.replace(str(site), "X")) == ("", said)
        sites.append(bytes_of(site))
    assert len(sites[0]) > 50
    assert sites == [sites[0]] * 3
    replace(repository / POLICY, "## Rules", "{{ cycler() }}")
    for module in ("macros", "mkdocs"):
        failed = [told(started(module, "build", cwd=repository, real=real)) for real in (False, True)]
        assert [code for code, _, _ in failed] == [1, 1]
        assert [error.splitlines()[-1] for _, _, error in failed] == [failed[0][2].splitlines()[-1]] * 2


@pytest.mark.parametrize("known", [False, True])
def test_what_was_read_in_one_fork_is_not_known_in_the_next(known, repository):
    first = started("macros", "check", cwd=repository, known=known)
    page = repository / POLICY
    text = page.read_text("utf-8")
    page.write_text(text.replace("TBD", ""), "utf-8")
    second = started("macros", "check", cwd=repository, known=known)
    page.write_text(text, "utf-8")
    assert first.stdout != second.stdout
    assert started("macros", "check", cwd=repository, known=known).stdout == first.stdout


def test_another_engine_and_another_way_to_begin_get_a_real_start(tmp_path):
    repository = small_site(tmp_path / "small")
    assert may_be_forked(repository, os.environ) and may_be_forked(KIT, os.environ)
    for name in ("PYTHONHASHSEED", "PYTHONUTF8", "LC_ALL"):
        assert not may_be_forked(repository, {**os.environ, name: "0"})
    assert not may_be_forked(tmp_path, os.environ)
    with (repository / "macros/assets/aims.css").open("a", encoding="utf-8") as stream:
        stream.write("/* other */\n")
    assert not may_be_forked(repository, os.environ)
    shutil.rmtree(repository / "macros")
    (repository / "macros").mkdir()
    (repository / "macros/__main__.py").write_text("print('another')\n", "utf-8")
    assert started("macros", "check", cwd=repository).stdout == "another\n"


def test_a_run_that_takes_too_long_is_ended(tmp_path):
    shutil.copytree(KIT / "tests/world", tmp_path / "world")
    with pytest.raises(subprocess.TimeoutExpired):
        started("macros", "check", "--root", str(tmp_path / "world"), timeout=0.01)
    assert started("macros", "--version").returncode == 0
