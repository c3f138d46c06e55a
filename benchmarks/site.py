"""Site: the strict build of the worked organisation, against MkDocs and Material on the same finished pages."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import yaml

from benchmarks.repositories import KIT, environment, python, worked_organisation
from benchmarks.rounds import Row, take_turns

NAME = "site"
_HOOK = "finished_pages.py"


def measure(folder: Path, rounds: int, quick: bool) -> Iterator[Row]:
    """Both builds, as processes; the untimed first round is the one that finishes the pages."""
    worked = worked_organisation(folder)
    plain = finished(worked, folder / "plain")
    build(worked)
    build(plain)
    pages, plain_pages = _pages(worked), _pages(plain)
    if pages != plain_pages:
        raise RuntimeError(f"the two sites do not hold the same pages: {sorted(pages ^ plain_pages)[:5]}")
    times = take_turns({"ours": partial(build, worked), "plain": partial(build, plain)}, min(rounds, 3), warm=False)
    yield Row(NAME, f"worked organisation, {len(pages)} pages", "MkDocs + Material, finished pages (floor)", times["ours"], times["plain"])


def finished(worked: Path, target: Path) -> Path:
    """A project of finished pages, with the same theme and extensions and without the macros plugin and the hook."""
    target.mkdir()
    shutil.copy(KIT / "benchmarks" / _HOOK, worked / _HOOK)
    capture = worked / "capture.yml"
    capture.write_text(f"INHERIT: mkdocs.yml\nhooks:\n  - mkdocs_hooks.py\n  - {_HOOK}\n", encoding="utf-8")
    build(worked, "--config-file", capture.name, FINISHED_PAGES=str(target / "docs"))
    for path in (worked / _HOOK, capture):
        path.unlink()
    base = yaml.safe_load((worked / "macros/mkdocs-base.yml").read_text("utf-8"))
    own = yaml.safe_load((worked / "mkdocs.yml").read_text("utf-8"))
    del base["hooks"], base["plugins"]["macros"], own["INHERIT"]
    base["theme"]["custom_dir"] = "theme"
    shutil.copytree(worked / "macros/theme", target / "theme")
    (target / "mkdocs.yml").write_text(yaml.safe_dump({**base, **own}, sort_keys=False), encoding="utf-8")
    return target


def build(project: Path, *words: str, **more: str) -> None:
    """Build a site strictly.

    Raises:
        RuntimeError: MkDocs did not build it.
    """
    done = subprocess.run(
        python("-m", "mkdocs", "build", "--strict", *words),
        cwd=project,
        env={**environment(), **more},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the site was not built:\n{done.stderr}")


def _pages(project: Path) -> set[str]:
    return {path.relative_to(project).as_posix() for path in (project / "site").rglob("*.html")}
