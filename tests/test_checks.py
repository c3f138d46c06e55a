"""Every rule has a world in which it speaks and one in which it is silent; dropping a folder in is writing a test.

`tests/checks/CODE/bad/` and `.../good/` hold the files that differ from `tests/world/`, and in `built/` a built site for the rules that read one; a file named
`DELETE` lists paths to take away, one a line. `bad/expected.txt` holds every line that `check` then prints. What a
scanner of the repository would take for a secret is written with `¦` between its parts, and joined in the world.
`GROWN` lists texts with the number of bytes that they are filled up to, `REFUSED` lists files that the system gives an error for.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from macros.checks import ALL_RULES, run_checks, run_site_checks
from macros.checks.page_html import additions_of
from macros.command.formats import as_text
from macros.load import load_workspace
from macros.load.built_live import delivered
from macros.load.built_site import load_site, site_url_in
from macros.world import today_of

HERE = Path(__file__).parent
CODES = sorted(path.name for path in (HERE / "checks").iterdir() if path.is_dir())


def world_with(changes: Path, room: Path) -> Path:
    """The base world with the files of one folder laid over it."""
    shutil.copytree(HERE / "world", room, dirs_exist_ok=True)
    if changes.is_dir():
        shutil.copytree(
            changes, room, dirs_exist_ok=True, symlinks=True, ignore=shutil.ignore_patterns("expected.txt", "DELETE", "GROWN", "REFUSED")
        )
        for path in changes.rglob("*.*"):
            if path.is_file() and not path.is_symlink() and "¦".encode() in path.read_bytes():
                (room / path.relative_to(changes)).write_text(path.read_text("utf-8").replace("¦", ""), encoding="utf-8", newline="\n")
        gone = changes / "DELETE"
        for line in gone.read_text("utf-8").splitlines() if gone.exists() else ():
            target = room / line
            shutil.rmtree(target) if target.is_dir() else target.unlink()
        grown = changes / "GROWN"
        for line in grown.read_text("utf-8").splitlines() if grown.exists() else ():
            path, size = line.rsplit(" ", 1)
            with (room / path).open("ab") as stream:
                stream.write(b"\n" * (int(size) - stream.tell()))
    return room


@contextlib.contextmanager
def refusing(changes: Path) -> Iterator[None]:
    """While this lasts, the system gives an error for the files that `REFUSED` lists, as it does where a right is missing."""
    listed = changes / "REFUSED"
    names = tuple(listed.read_text("utf-8").split()) if listed.exists() else ()
    opened = os.open

    def refused(path: object, *others: object, **options: object) -> int:
        if names and str(path).endswith(names):
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *others, **options)

    with mock.patch("macros.load.odd.os.open", refused):
        yield


UNSEALED = "STA109"
"""Worlds are written by hand and hold no fingerprints; this one rule would speak in each of them."""


def said(root: Path, code: str = "") -> str:
    """What `check` prints, and beneath it what `check --site built` does where the world has a built site."""
    workspace = load_workspace(root)
    today = today_of(workspace)
    spoken = as_text([problem for problem in run_checks(workspace, today) if problem.code != UNSEALED or code == UNSEALED])
    if (root / "built").is_dir():
        known = delivered(root / "docs", additions_of(workspace))
        site = load_site(root / "built", site_url_in(workspace.texts.get("mkdocs.yml", "")), known)
        spoken += as_text(run_site_checks(workspace, today, site))
    return spoken


def test_the_base_world_is_silent(tmp_path):
    assert said(world_with(HERE / "none", tmp_path)) == ""


@pytest.mark.parametrize("code", CODES)
def test_the_rule_speaks_where_it_should(code, tmp_path, golden):
    bad = HERE / "checks" / code / "bad"
    with refusing(bad):
        spoken = said(world_with(bad, tmp_path), code)
    assert f" {code} " in spoken
    golden(bad / "expected.txt", spoken)


@pytest.mark.parametrize("code", CODES)
def test_the_rule_is_silent_where_it_should(code, tmp_path):
    assert f" {code} " not in said(world_with(HERE / "checks" / code / "good", tmp_path), code)


def test_every_rule_has_its_worlds():
    assert sorted(ALL_RULES) == CODES


@pytest.mark.parametrize("rule", ALL_RULES.values(), ids=str)
def test_every_rule_says_what_and_why(rule):
    assert len(rule.title.split()) >= 3
    assert len(rule.reason.split()) >= 8
    assert not rule.title.endswith(".")
