"""What is tracked carries no address of a registry, no path of a machine, no secret, and only locked requirements."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests import yaml_files
from tests.conftest import KIT


def tracked() -> list[str]:
    """Files that git tracks or would track."""
    done = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=KIT, capture_output=True, check=True)
    return sorted(
        name for name in done.stdout.decode("utf-8").split("\0") if name and (KIT / name).is_file() and not (KIT / name).is_symlink()
    )


FILES = tracked()
REGISTRY = re.compile(
    r"pypi\.(?:org|python)|pythonhosted|registry\.npmjs|deb\.debian|(?<!emit-)index-url|(?<!emit-)find-links|file://", re.IGNORECASE
)
MACHINE = re.compile(r"(?:^|[^A-Za-z0-9_.])/(?:work|farm|root|home/[a-z]+|Users/[a-z]+)/")
SECRET = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----|AKIA[0-9A-Z]{16}|ghp_[A-Za-z0-9]{36}|xox[bap]-")
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX)\b|lorem ipsum|coming soon", re.IGNORECASE)


def text_of(name: str) -> str:
    return (KIT / name).read_bytes().decode("utf-8", "replace")


def test_there_is_something_to_look_at():
    assert len(FILES) > 200


@pytest.mark.parametrize(
    ("what", "pattern", "but", "planted"),
    [
        ("an address of a registry", REGISTRY, ("tests/test_hygiene.py",), "--index-url https://pypi.org/simple"),
        ("a path of a machine", MACHINE, ("tests/test_hygiene.py",), "see /home/ada/kit"),
        ("a secret", SECRET, ("tests/test_hygiene.py",), "ghp_" + 36 * "a"),
        ("unfinished work", UNFINISHED, ("tests/",), "# TODO: finish"),
    ],
)
def test_no_file_carries(what, pattern, but, planted):
    assert pattern.search(planted)
    found = {}
    for name in FILES:
        if name.startswith((*but, "tests/checks/SEC")) or name.endswith((".png", ".svg", ".js")):
            continue
        match = pattern.search(text_of(name))
        if match:
            found[name] = match.group()
    assert found == {}, what


@pytest.mark.parametrize(
    "name",
    ["requirements.txt", "requirements-dev.txt", "requirements-fuzz.txt", "requirements-mutants.txt", "supply-chain/requirements.txt"],
)
def test_every_requirement_is_pinned_with_hashes(name):
    text = text_of(name)
    entries = re.findall(r"^([a-z0-9][\w.\-]*)==\S+.*\\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", text, re.MULTILINE)
    lines = re.findall(r"^[a-z0-9]", text, re.MULTILINE)
    assert len(entries) == len(lines) > 30


def test_all_locks_agree():
    """One package has one version, whichever lock is installed."""
    names = (
        "requirements.txt",
        "requirements-dev.txt",
        "supply-chain/requirements.txt",
        "requirements-fuzz.txt",
        "requirements-mutants.txt",
    )
    locks = {name: dict(re.findall(r"^([a-z0-9][\w.\-]*)==(\S+)", text_of(name), re.MULTILINE)) for name in names}
    assert locks["requirements.txt"]["mkdocs"] == "1.6.1"
    for smaller, larger in (names[:2], (names[2], names[1]), (names[0], names[3]), (names[0], names[4])):
        shared = {name: version for name, version in locks[larger].items() if name in locks[smaller]}
        assert shared == locks[smaller], (smaller, larger)


def test_strict_is_never_combined_with_quiet():
    """MkDocs exits 0 on warnings where -q hides them."""
    for name in FILES:
        if name.endswith((".yml", ".yaml", "Makefile", ".py", ".md", "run")) and not name.startswith("tests/"):
            assert not re.search(r"mkdocs build[^\n]*(?:\s-q\b|--quiet)", text_of(name)), name


def test_workflows_pin_their_actions_by_commit():
    every = [used for name in FILES if "/workflows/" in name for used in re.findall(r"uses: (\S+)", text_of(name))]
    assert len(every) > 10
    assert [used for used in every if not re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", used)] == []


def test_a_subject_line_says_what_a_user_gains_in_sixty_characters():
    done = subprocess.run(["git", "log", "--format=%s", "-n", "200"], cwd=KIT, capture_output=True, text=True, check=True)
    assert done.stdout.strip()
    assert [subject for subject in done.stdout.splitlines() if len(subject) > 60] == []


def test_the_tool_that_holds_the_style_has_nothing_to_say():
    for words in (("check",), ("format", "--check")):
        done = subprocess.run([sys.executable, "-m", "ruff", *words, "."], cwd=KIT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


CLOCK = re.compile(r"\b(?:perf_counter|process_time|monotonic|time\.time|getrusage|default_timer|thread_time)\w*\(")
READ_THE_CLOCK = {
    "tests/killing.py": "to choose the moments of a kill",
    "tests/mutations/campaign.py": "to end a run that hangs",
    "tests/mutations/trial.py": "to know the memory of a run",
    "tests/pumps.py": "to compare a run with a run on a tenth of the text",
    "tests/test_build.py": "to choose the moments of a kill",
    "tests/test_live.py": "to compare a run with a run on an eighth of the text",
    "tests/test_serve.py": "to give up waiting for a server that hangs",
    "tests/test_soa.py": "to give up waiting for a session that hangs",
}


def test_no_test_claims_how_many_seconds_something_takes():
    """A busy machine would make it false. What must stay quick is compared with itself on a smaller text, `pumps.outgrows`."""
    found = {name for name in FILES if name.startswith("tests/") and name.endswith(".py") and CLOCK.search(text_of(name))}
    assert found == set(READ_THE_CLOCK)


def test_every_yaml_file_of_the_kit_can_be_read():
    files = list(yaml_files.to_be_read(yaml_files.listed()))
    assert len(files) > 100
    assert list(yaml_files.faults(files)) == []
    assert list(yaml_files.faults([("a.yaml", "a: 1\nb: &x 2\n")])) != []
