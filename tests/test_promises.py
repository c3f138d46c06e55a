"""The page of promises: each row names a command that exists."""

from __future__ import annotations

import re

import pytest

from benchmarks.__main__ import parser
from tests.conftest import KIT

PAGE = (KIT / "docs/promises.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
    for line in PAGE.splitlines()
    if line.startswith("|") and not re.match(r"\|(?:-+\|)+$|\| Promise \|", line)
]


def test_there_are_rows_with_a_promise_a_figure_and_a_command_each():
    assert len(ROWS) > 15
    for row in ROWS:
        assert len(row) == 3 and all(row), row
        assert re.search(r"\d|\bno\b|\bnone\b|\bevery\b|\beach\b", row[1]), f"no figure: {row}"
        assert "`" in row[2], f"no command: {row}"


@pytest.mark.parametrize("row", ROWS, ids=[row[0][:60] for row in ROWS])
def test_the_command_of_a_row_exists(row):
    commands = re.findall(r"`([^`]+)`", row[2])
    for command in commands:
        words = command.split()
        if words[0] == "make":
            targets = re.findall(r"^([a-z]+):", (KIT / "Makefile").read_text("utf-8"), re.MULTILINE)
            assert words[1] in targets, command
        elif command.startswith("python -m benchmarks --only "):
            assert words[4] in parser().format_help(), command
        elif command.startswith("python -m "):
            assert (KIT / words[2].replace(".", "/") / "__main__.py").is_file(), command
        else:
            path, _, name = command.partition("::")
            assert re.fullmatch(r"tests/[\w/]+\.py", path) and (KIT / path).is_file(), command
            assert not name or re.search(rf"^def {name}\(", (KIT / path).read_text("utf-8"), re.MULTILINE), command


def test_what_security_md_names_exists():
    text = (KIT / "SECURITY.md").read_text("utf-8")
    named = set(re.findall(r"`((?:tests|docs)/[\w./-]+)`", text))
    assert len(named) > 12
    for path in named:
        assert (KIT / path).is_file(), path
