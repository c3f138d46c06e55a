"""The same commit gives the same bytes, whatever the folder, the hash seed and the time zone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import mkdocs_build


def contents(site: Path) -> dict[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in sorted(site.rglob("*")) if path.is_file()}


@pytest.mark.site
def test_two_builds_are_byte_identical_and_write_nothing_but_their_site(example, example_site, tmp_path):
    repository = tmp_path / "elsewhere/x/repository"
    shutil.copytree(example, repository, ignore=shutil.ignore_patterns("__pycache__"))
    before = contents(repository)
    done = mkdocs_build(repository, PYTHONHASHSEED="12345", TZ="Pacific/Auckland", PYTHONDONTWRITEBYTECODE="1")
    assert done.returncode == 0, done.stderr
    after = contents(repository)
    assert {name: data for name, data in after.items() if not name.startswith("site/")} == before
    first, second = contents(example_site), contents(repository / "site")
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    assert len(first) > 300
