"""cookiecutter and cruft give the same bytes, links arrive as files, and an update keeps the organisation's words."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from examples.make import generate
from macros.generated import bag_of_words, sections
from tests.conftest import KIT, PLAIN

PAPER = "docs/procedures/customers.md"
IDENTITY = {
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.invalid",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.invalid",
    "GIT_CONFIG_GLOBAL": os.devnull,
}


def run(where: Path, *words: str) -> str:
    environment = {**os.environ, **IDENTITY, "HOME": str(where.parent)}
    done = subprocess.run(words, cwd=where, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def commit(where: Path, message: str) -> None:
    run(where, "git", "add", "--all")
    run(where, "git", "commit", "--quiet", "--message", message)


@pytest.fixture(scope="module")
def kit(tmp_path_factory) -> Path:
    """A clone of the kit as a fresh git repository, with what is in the working tree."""
    target = tmp_path_factory.mktemp("clone") / "kit"
    target.mkdir()
    for name in (
        "<<cookiecutter.org>>",
        "{{cookiecutter.org}}",
        "macros",
        "controls",
        "docs",
        "hooks",
        "supply-chain",
        "cookiecutter.json",
        "mkdocs_hooks.py",
        "requirements.txt",
        "aims",
        "aims.cmd",
    ):
        source = KIT / name
        if source.is_dir() and not source.is_symlink():
            shutil.copytree(source, target / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, target / name, follow_symlinks=False)
    run(target, "git", "init", "--quiet", "--initial-branch", "main")
    commit(target, "The kit")
    return target


def cruft(where: Path, *words: str) -> str:
    return run(where, sys.executable, "-m", "cruft", *words)


@pytest.fixture
def organisation(kit, tmp_path) -> Path:
    """A repository made by cruft, with its first commit."""
    (tmp_path / "here").mkdir()
    cruft(tmp_path / "here", "create", str(kit), "--no-input", "--extra-context", json.dumps(PLAIN))
    repository = tmp_path / "here/plain"
    run(repository, "git", "init", "--quiet", "--initial-branch", "main")
    commit(repository, "Begin")
    return repository


def contents(repository: Path) -> dict[str, bytes]:
    found = {}
    for path in sorted(repository.rglob("*")):
        name = path.relative_to(repository).as_posix()
        if path.is_file() and not name.startswith(".git/") and name != ".cruft.json" and "__pycache__" not in name:
            assert not path.is_symlink(), name
            found[name] = path.read_bytes()
    return found


def test_cookiecutter_and_cruft_give_the_same_bytes(organisation, tmp_path):
    assert contents(organisation) == contents(generate(tmp_path / "by-cookiecutter", PLAIN))


def test_the_vendored_links_arrive_as_real_files(organisation):
    for name in (
        "macros/__main__.py",
        "macros/schemas/organisation.json",
        "macros/manual/write.md",
        "controls/iso42001.yaml",
        "mkdocs_hooks.py",
        "requirements.txt",
        "aims",
        "aims.cmd",
    ):
        path = organisation / name
        assert path.is_file() and not path.is_symlink()
        assert path.read_bytes() == (KIT / name).read_bytes()
    assert not (organisation / "macros").is_symlink()
    for name in ("macros", "controls", "mkdocs_hooks.py", "requirements.txt", "supply-chain", "aims", "aims.cmd"):
        assert (KIT / "<<cookiecutter.org>>" / name).is_symlink()


def test_an_update_brings_the_engine_and_keeps_our_words(kit, organisation):
    policy = organisation / "docs/policies/ai-policy.md"
    policy.write_text(policy.read_text("utf-8") + "\nOur own words.\n", "utf-8")
    ours = organisation / "docs/policies/our-policy.md"
    ours.write_text("---\ntitle: Ours\n---\n", "utf-8")
    commit(organisation, "Write our policy")
    assert cruft(organisation, "check")

    trace = kit / "macros/facts/trace.py"
    before = trace.read_text("utf-8")
    trace.write_text(before + "\n# New in the kit.\n", "utf-8")
    paper = kit / "<<cookiecutter.org>>" / PAPER
    sentence = paper.read_text("utf-8")
    paper.write_text(sentence.rstrip("\n") + "\nThe kit has one more sentence here.\n", "utf-8")
    commit(kit, "Change the engine and a text")
    try:
        cruft(organisation, "update", "--skip-apply-ask")
    finally:
        trace.write_text(before, "utf-8")
        paper.write_text(sentence, "utf-8")
        commit(kit, "Change it back")

    assert (organisation / "macros/facts/trace.py").read_text("utf-8").endswith("# New in the kit.\n")
    assert policy.read_text("utf-8").endswith("\nOur own words.\n")
    assert ours.exists()
    arrived = (organisation / PAPER).read_text("utf-8")
    last = list(sections(arrived))[-1]
    words = json.loads((organisation / ".aims.json").read_text("utf-8"))["words"]["PRO-028"]
    assert arrived.endswith("one more sentence here.\n") and words[last[0]] == bag_of_words(last[1]), "the bags are those of the new text"


def test_a_repository_made_by_cookiecutter_is_adopted(kit, tmp_path):
    repository = generate(tmp_path / "plain", PLAIN)
    run(repository, "git", "init", "--quiet")
    commit(repository, "Begin")
    cruft(repository, "link", str(kit), "--no-input")
    assert (repository / ".cruft.json").is_file()


def test_an_interrupted_generation_leaves_the_old_repository(tmp_path, monkeypatch):
    target = generate(tmp_path / "plain", PLAIN)
    (target / "docs/ours.txt").write_text("ours", "utf-8")

    from macros.problem import KitError

    with pytest.raises(KitError):
        generate(target, {**PLAIN, "org": "not usable!"})
    assert (target / "docs/ours.txt").read_text("utf-8") == "ours"
    assert sorted(path.name for path in tmp_path.iterdir()) == [".aims-build", "plain"]
    assert [path.name for path in (tmp_path / ".aims-build").iterdir() if path.is_dir()] == []
