"""Completion: the library's own script in a real shell, answered at once out of a grammar that is fresh."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from argcomplete import shellcode

from macros.__main__ import main
from macros.checks import ALL_RULES
from macros.command.completed import KEPT
from macros.command.completion import SHELLS, grammar
from macros.command.verbs import VERBS
from tests.conftest import KIT

ASK = """
source <(./aims completion bash)
COMP_LINE="$1"; COMP_POINT=${#1}; COMP_TYPE=9; COMP_WORDBREAKS=$' \\t\\n"\\'><=;|&(:'
_python_argcomplete ./aims
printf '%s\\n' "${COMPREPLY[@]}"
"""
needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")


@pytest.fixture(scope="module")
def repository(tmp_path_factory) -> Path:
    """A repository with the wrapper, the engine, and an environment that is ready."""
    root = tmp_path_factory.mktemp("completion") / "a folder with spaces"
    (root / "registers/ai-systems").mkdir(parents=True)
    shutil.copy2(KIT / "aims", root / "aims")
    shutil.copy2(KIT / "requirements.txt", root / "requirements.txt")
    for name in ("macros", "controls"):
        (root / name).symlink_to(KIT / name)
    for name in ("AIS-001.yaml", "AIS-002.yaml", "AIS-003.yaml~", "register.yaml", "AIS-\x1b[31m.yaml"):
        (root / "registers/ai-systems" / name).write_text("", "utf-8")
    (root / ".venv").mkdir()
    for name in ("bin", "lib", "pyvenv.cfg"):
        if (Path(sys.prefix) / name).exists():
            (root / ".venv" / name).symlink_to(Path(sys.prefix) / name)
    (root / ".venv/.ready").write_text(sha256((root / "requirements.txt").read_bytes()).hexdigest() + "\n", "utf-8")
    return root


def asked(root: Path, line: str) -> list[str]:
    """What a real bash offers after these characters."""
    done = subprocess.run(["bash", "-c", ASK, "bash", line], cwd=root, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return [word.strip() for word in done.stdout.splitlines() if word.strip()]


@needs_bash
def test_verbs_are_completed(repository):
    offered = asked(repository, "./aims ")
    assert set(VERBS) <= set(offered)
    assert asked(repository, "./aims manag") == ["management-review"]


@needs_bash
@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("./aims gate ", {"AIS-001", "AIS-002"}),
        ("./aims gate AIS-001 --st", {"--stage"}),
        ("./aims gate AIS-001 --stage dep", {"deployment"}),
        ("./aims check --format ju", {"junit"}),
        ("./aims explain REG32", {code for code in ALL_RULES if code.startswith("REG32")}),
        ("./aims registers ", {"list", "split"}),
        ("./aims registers split ack", {"acknowledgements"}),
        ("./aims evidence verify --fo", {"--format"}),
        ("./aims completion po", {"powershell"}),
        ("./aims schema docu", {"document"}),
    ],
)
def test_options_choices_and_names_are_completed(line, offered, repository):
    found = {word for word in asked(repository, line) if not line.endswith(" ") or not word.startswith("-")}
    assert found == offered


@needs_bash
def test_another_repository_is_looked_into_where_one_is_named(repository, tmp_path):
    (tmp_path / "registers/ai-systems").mkdir(parents=True)
    (tmp_path / "registers/ai-systems/AIS-077.yaml").write_text("", "utf-8")
    assert asked(repository, f"./aims gate --root {tmp_path} AIS-0") == ["AIS-077"]


def answered(root: Path, line: str, out: Path, **environment: str) -> subprocess.CompletedProcess:
    """The wrapper as the library's script for PowerShell calls it, with a file for the words."""
    asks = {
        "_ARGCOMPLETE": "1",
        "COMP_LINE": line,
        "COMP_POINT": str(len(line)),
        "_ARGCOMPLETE_IFS": "\n",
        "_ARGCOMPLETE_STDOUT_FILENAME": str(out),
    }
    words = [sys.executable, str(root / "aims")]
    return subprocess.run(words, cwd=root, env={**os.environ, **asks, **environment}, capture_output=True, text=True, check=False)


def test_nothing_is_installed_where_a_shell_only_asks(repository, tmp_path):
    root = tmp_path / "fresh"
    shutil.copytree(repository, root, symlinks=True, ignore=shutil.ignore_patterns(".venv"))
    done = answered(root, "aims sta", tmp_path / "words")
    assert (done.returncode, done.stdout, done.stderr) == (3, "", "")
    assert not (root / ".venv").exists() and not (tmp_path / "words").exists()


def test_what_is_heavy_is_not_loaded_for_an_answer(tmp_path):
    code = (
        "import sys, os; from macros.command import completed; import argcomplete;"
        "argcomplete.autocomplete = lambda parser, **_: None; completed.answer();"
        "print(*sorted({'yaml', 'pydantic', 'mkdocs', 'jinja2', 'macros.model', 'macros.checks', 'macros.load'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=KIT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_the_grammar_that_completion_reads_is_fresh():
    assert json.loads(KEPT.read_text("utf-8")) == json.loads(json.dumps(grammar())), "run 'make schemas'"


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_is_the_library_s_own(shell, capsys):
    assert main(["completion", shell]) == 0
    assert capsys.readouterr().out == shellcode(["aims", "./aims"], shell=shell).strip("\n") + "\n"


@pytest.mark.parametrize("shell", [name for name in ("bash", "zsh", "fish") if shutil.which(name)])
def test_the_shell_takes_the_script(shell, capsys):
    main(["completion", shell])
    done = subprocess.run([shell, "-n"], input=capsys.readouterr().out, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_unknown_shell_is_answered_with_the_nearest(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["completion", "bsh"])
    assert ended.value.code == 2
    assert capsys.readouterr().err.endswith("did you mean 'bash'?\n")
