"""The same commit gives the same bytes, whatever the folder, the hash seed and the time zone."""

from __future__ import annotations

import shutil

import pytest

from tests.conftest import FIRST_BUILD, bytes_of, mkdocs_build


@pytest.mark.site
def test_two_builds_are_byte_identical_and_write_nothing_but_their_site(example, example_site, tmp_path):
    """The first build is that of all tests, which asserts by itself that it wrote nothing else."""
    repository = tmp_path / "copy" / "x" / "repository"
    shutil.copytree(example, repository, ignore=shutil.ignore_patterns("__pycache__"))
    before = bytes_of(repository)
    done = mkdocs_build(repository, **{**FIRST_BUILD, "PYTHONHASHSEED": "12345", "TZ": "Pacific/Auckland"})
    assert done.returncode == 0, done.stderr
    after = bytes_of(repository)
    assert {name: data for name, data in after.items() if not name.startswith("site/")} == before
    sites = [bytes_of(example_site), bytes_of(repository / "site")]
    assert sites[0].keys() == sites[1].keys()
    assert [name for name in sites[0] if sites[0][name] != sites[1][name]] == []
    assert len(sites[0]) > 300
