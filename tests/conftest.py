"""Worlds that several tests share: the kit itself, a generated repository, the worked organisation, their sites."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from examples.make import EXAMPLE, generate, make_example

KIT = Path(__file__).resolve().parent.parent
PLAIN = {"org_name": "Plain Ltd", "org": "plain"}


@pytest.fixture(scope="session", autouse=True)
def quiet_host() -> None:
    """Material prints an advertisement over every build unless it is told not to."""
    os.environ["NO_MKDOCS_2_WARNING"] = "1"
    for name in ("AIMS_TODAY", "SOURCE_DATE_EPOCH"):
        os.environ.pop(name, None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests that read the example's site beside each other, so that it is built once."""
    for item in items:
        if "example_site" in getattr(item, "fixturenames", ()) and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def bake(tmp_path_factory) -> Callable[..., Path]:
    """Generate a repository with real cookiecutter; the same answers give the same folder, so do not change it."""
    made: dict[tuple, Path] = {}

    def run(**answers: str) -> Path:
        key = tuple(sorted(answers.items()))
        if key not in made:
            made[key] = generate(tmp_path_factory.mktemp("baked") / "repository", {**PLAIN, **answers})
        return made[key]

    return run


@pytest.fixture(scope="session")
def example(tmp_path_factory) -> Path:
    """The worked organisation's repository; do not change it."""
    assert EXAMPLE.is_dir()
    return make_example(tmp_path_factory.mktemp("example") / "tarnmoor")


def copy_without_engine(repository: Path, target: Path) -> Path:
    """A copy to be changed, quick to make: without engine and site, and with a record of the generation that asks for neither."""
    shutil.copytree(repository, target, ignore=shutil.ignore_patterns("macros", "site"))
    record = json.loads((target / ".aims.json").read_text("utf-8"))
    (target / ".aims.json").write_text(json.dumps({**record, "files": {}}), "utf-8")
    return target


def mkdocs_build(repository: Path, *words: str, **environment: str) -> subprocess.CompletedProcess:
    """Build a site strictly in a process of its own, since the macros plugin imports `macros` once a process."""
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", *words],
        cwd=repository,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="session")
def example_site(example) -> Path:
    """The worked organisation's built site."""
    done = mkdocs_build(example)
    assert done.returncode == 0, done.stderr
    return example / "site"
