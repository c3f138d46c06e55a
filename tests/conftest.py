"""Worlds that several tests share: the kit itself, a generated repository, the worked organisation, their sites."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from examples.make import EXAMPLE, generate, make_example
from macros.load import load_workspace
from macros.model.workspace import Workspace
from tests import compiled, forked
from tests.browser_setup import launched
from tests.forked import started
from tests.golden import Golden, may_accept

KIT = Path(__file__).resolve().parent.parent
PINNED = "Judged as of 2026-11-16, a day that is pinned by 'today' in org.yaml, in a demonstration\n"
"""What verbs that judge say on stderr in the worked organisation."""
KEPT: list[Workspace] = []
PLAIN = {"org_name": "Plain Ltd", "org": "plain"}
LONGEST = (
    *("test_payloads.py", "test_browser.py", "test_hostile.py", "test_bake.py", "test_linear.py", "test_serve.py", "test_mutations.py"),
    *("test_finished.py", "test_journal.py", "test_build.py", "test_review.py", "test_live_site.py", "test_cache.py", "test_terminal.py"),
    *("test_whole.py", "test_evidence.py", "test_new.py", "test_odd_lists.py", "test_wrapper.py", "test_supply_chain.py", "test_types.py"),
    *("test_planning_forgeries.py", "test_forgeries.py", "test_faults.py", "test_authoring.py", "test_gate.py", "test_split_tables.py"),
    *("test_forked.py", "test_reproducible.py", "test_revisions.py", "test_update.py", "test_completion.py"),
)
"""Files of tests in the order in which they are begun; all others follow."""
FIRST_BUILD = {"SOURCE_DATE_EPOCH": "1795132800", "PYTHONHASHSEED": "0", "TZ": "UTC", "PYTHONDONTWRITEBYTECODE": "1"}
"""The environment in which the worked organisation's site is built."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--accept`, see tests/golden.py."""
    parser.addoption(
        "--accept", action="store_true", help="rewrite expected texts that differ; the tests fail once, so that you read the diff"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Let the processes that tests start keep compiled code, outside of the repositories that they run in, as users' do."""
    refused = may_accept(config.getoption("--accept"), os.environ)
    if refused:
        raise pytest.UsageError(refused)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(compiled.PLACE)
    if "PYTEST_XDIST_WORKER" not in os.environ:
        compiled.compile_kit()
    shutil.copytree = compiled.copying(shutil.copytree)
    sys.modules.setdefault("rfc3987_syntax", None)  # jsonschema would build a grammar of addresses for seconds, and no test asks for it


@pytest.fixture(scope="session", autouse=True)
def quiet_host() -> None:
    """Material prints an advertisement over every build unless it is told not to."""
    os.environ["NO_MKDOCS_2_WARNING"] = "1"
    for name in ("AIMS_TODAY", "SOURCE_DATE_EPOCH"):
        os.environ.pop(name, None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the files that take longest begin first, since a file is not divided among the processes that run the tests."""
    first = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: first.get(item.path.name, len(LONGEST)))


@pytest.fixture(scope="session")
def golden(pytestconfig) -> Golden:
    """Compare a result with a file of expected text; every such comparison goes through here."""
    return Golden(KIT, pytestconfig.getoption("--accept"), lambda message: pytest.fail(message, pytrace=False))


@pytest.fixture(scope="session")
def once(tmp_path_factory) -> Callable[[str, Callable[[Path], object]], Path]:
    """Make a folder once for all processes that run these tests, and give it; nobody changes it."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "shared"
    shared.mkdir(exist_ok=True)

    def run(name: str, make: Callable[[Path], object]) -> Path:
        target = shared / name
        with FileLock(shared / f"{name}.lock"):
            done = shared / f"{name}.done"
            if not done.exists():
                shutil.rmtree(target, ignore_errors=True)  # what another process could not finish
                target.mkdir()
                make(target)
                done.write_text("", "utf-8")
        return target

    return run


@pytest.fixture(scope="session")
def bake(once) -> Callable[..., Path]:
    """Generate a repository with real cookiecutter; the same answers give the same folder, so do not change it."""

    def run(**answers: str) -> Path:
        wanted = {**PLAIN, **answers}
        name = hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()[:16]
        return once(f"baked-{name}", lambda folder: compiled.give_that_of_the_kit(generate(folder / "repository", wanted))) / "repository"

    return run


@pytest.fixture(scope="session")
def example(once) -> Path:
    """The worked organisation's repository; do not change it."""
    assert EXAMPLE.is_dir()
    forked.KNOWN = once("example", lambda folder: compiled.give_that_of_the_kit(make_example(folder / "tarnmoor"))) / "tarnmoor"
    return forked.KNOWN


@pytest.fixture(scope="session")
def kept(request):
    """The worked organisation, loaded once a process, also where tests run in it again; nobody changes it."""
    if not KEPT:
        KEPT.append(load_workspace(request.getfixturevalue("example")))
    return KEPT[0]


@pytest.fixture(scope="module")
def browser():
    with launched() as chromium:
        yield chromium


def copy_without_engine(repository: Path, target: Path) -> Path:
    """A copy to be changed, quick to make: without engine and site, and with a record of the generation that asks for neither."""
    shutil.copytree(repository, target, ignore=shutil.ignore_patterns("macros", "site"))
    record = json.loads((target / ".aims.json").read_text("utf-8"))
    (target / ".aims.json").write_text(json.dumps({**record, "files": {}}), "utf-8")
    return target


def mkdocs_build(repository: Path, *words: str, real: bool = False, **environment: str) -> subprocess.CompletedProcess:
    """Build a site strictly in a process of its own, since the macros plugin imports `macros` once a process."""
    return started("mkdocs", "build", "--strict", *words, cwd=repository, env={**os.environ, **environment}, real=real)


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its path in it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="session")
def example_site(example, once) -> Path:
    """The worked organisation's built site; the repository beside it holds none, so that its copies are small.

    It is also the first of the two builds that tests/test_reproducible.py compares.
    """

    def build(folder: Path) -> None:
        before = bytes_of(example)
        done = mkdocs_build(example, "--site-dir", str(folder), **FIRST_BUILD)
        assert done.returncode == 0, done.stderr
        assert "WARNING" not in done.stderr
        assert bytes_of(example) == before

    return once("example-site", build)
