"""Expected texts are compared in one place, are rewritten only on request, and never in CI."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.conftest import KIT
from tests.golden import REFUSED, Golden, may_accept


@pytest.fixture
def messages():
    return []


@pytest.fixture
def strict(tmp_path, messages):
    return Golden(tmp_path, False, messages.append)


@pytest.fixture
def accepting(tmp_path, messages):
    return Golden(tmp_path, True, messages.append)


def test_an_equal_text_says_nothing_and_is_not_written(tmp_path, accepting, messages):
    file = tmp_path / "expected.txt"
    file.write_bytes("ä\n".encode())
    os.utime(file, ns=(1, 1))
    accepting(file, "ä\n")
    assert (messages, file.stat().st_mtime_ns) == ([], 1)


def test_a_text_that_differs_is_shown_and_not_written(tmp_path, strict, messages):
    file = tmp_path / "expected.txt"
    file.write_bytes(b"one\ntwo\n")
    strict(file, "one\nthree\n")
    assert messages == [
        (
            "--- expected.txt (expected)\n+++ result\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n"
            "expected.txt differs; where the result is right, `pytest --accept` rewrites the file"
        )
    ]
    assert file.read_bytes() == b"one\ntwo\n"


@pytest.mark.parametrize("other", [b"one\r\n", b"one", b""])
def test_a_difference_in_line_ends_alone_is_one(other, tmp_path, strict, messages):
    (tmp_path / "expected.txt").write_bytes(other)
    strict(tmp_path / "expected.txt", "one\n")
    assert len(messages) == 1


def test_an_accepted_text_fails_once_and_then_passes(tmp_path, accepting, messages):
    file = tmp_path / "new/expected.txt"
    accepting(file, "one\n")
    assert messages == ["accepted: read the diff of new/expected.txt, then run the test again"]
    assert file.read_bytes() == b"one\n"
    accepting(file, "one\n")
    assert len(messages) == 1


def test_a_missing_text_is_not_taken_for_an_empty_one(tmp_path, strict, messages):
    strict(tmp_path / "expected.txt", "")
    assert messages == ["expected.txt does not exist; `pytest --accept` writes it, and you read it:\n"]


@pytest.mark.parametrize(
    ("wanted", "environment", "why"),
    [
        (True, {"CI": "true"}, REFUSED),
        (True, {"CI": "1"}, REFUSED),
        (True, {}, None),
        (True, {"CI": ""}, None),
        (False, {"CI": "true"}, None),
    ],
)
def test_acceptance_is_refused_in_ci_alone(wanted, environment, why):
    assert may_accept(wanted, environment) == why


def test_pytest_refuses_the_option_where_ci_is_set():
    words = [sys.executable, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", "--accept", "--collect-only", "tests/test_golden.py"]
    done = subprocess.run(words, cwd=KIT, env={**os.environ, "CI": "true"}, capture_output=True, text=True, check=False)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert REFUSED in done.stderr


def test_every_expected_text_is_compared_here():
    """A test that reads a file of expected text by itself could not be accepted."""
    own = re.compile(r"""(?:expected\.(?:txt|md)"|GOLDEN)(?: / [^\n,]*)?\)?\.read_(?:text|bytes)\(""")
    users = {path.name for path in (KIT / "tests").glob("test_*.py") if "golden(" in path.read_text("utf-8")} - {"test_golden.py"}
    assert users == {"test_checks.py", "test_gate.py", "test_management_review.py", "test_next.py", "test_review.py"}
    assert own.search('(bad / "expected.txt").read_text("utf-8")') and own.search('(GOLDEN / f"{name}.txt").read_text("utf-8")')
    assert [
        path.name for path in (KIT / "tests").glob("test_*.py") if path.name != "test_golden.py" and own.search(path.read_text("utf-8"))
    ] == []
