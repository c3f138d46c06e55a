"""The same commit gives the same bytes, whatever the folder, the hash seed and the time zone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import mkdocs_build

EPOCH = "1795132800"


def contents(site: Path) -> dict[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in sorted(site.rglob("*")) if path.is_file()}


@pytest.mark.site
def test_two_builds_are_byte_identical_and_write_nothing_but_their_site(example, tmp_path):
    sites = []
    for number, (seed, zone) in enumerate((("0", "UTC"), ("12345", "Pacific/Auckland"))):
        repository = tmp_path / f"copy-{number}" / ("x" * number) / "repository"
        shutil.copytree(example, repository, ignore=shutil.ignore_patterns("__pycache__"))
        before = contents(repository)
        done = mkdocs_build(repository, SOURCE_DATE_EPOCH=EPOCH, PYTHONHASHSEED=seed, TZ=zone, PYTHONDONTWRITEBYTECODE="1")
        assert done.returncode == 0, done.stderr
        after = contents(repository)
        assert {name: data for name, data in after.items() if not name.startswith("site/")} == before
        sites.append(contents(repository / "site"))
    assert sites[0].keys() == sites[1].keys()
    assert [name for name in sites[0] if sites[0][name] != sites[1][name]] == []
    assert len(sites[0]) > 300
