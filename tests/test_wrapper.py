"""`aims` in the root of a repository: makes the environment once, finds the root, and hands over to the engine that lies there."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import KIT

ENGINE = """import json, os, sys
print(json.dumps({"words": sys.argv[1:], "folder": os.getcwd(), "root": os.environ["AIMS_ROOT"], "path": sys.path, "python": sys.executable}))
sys.exit(int(sys.argv[1]) if sys.argv[1:] and sys.argv[1].isdigit() else 0)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A repository with an engine that says how it was called, and an environment that is ready."""
    root = repository(tmp_path_factory.mktemp("wrapper") / "a folder with spaces and ü")
    first = aims(root, "first")
    assert first.returncode == 0, first.stderr
    assert first.stderr.count("installing the locked requirements") == 1
    return root


def repository(root: Path) -> Path:
    (root / "macros").mkdir(parents=True)
    (root / "docs/policies").mkdir(parents=True)
    shutil.copy2(KIT / "aims", root / "aims")
    (root / "macros/__main__.py").write_text(ENGINE, "utf-8")
    (root / "macros/__init__.py").write_text("", "utf-8")
    (root / "requirements.txt").write_text("# nothing is needed here\n", "utf-8")
    return root


def aims(
    root: Path, *words: str, folder: Path | None = None, script: Path | None = None, **environment: str
) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, str(script or root / "aims"), *words],
        cwd=folder or root,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def answer(done: subprocess.CompletedProcess) -> dict:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_words_and_exit_code_pass_through_from_a_subfolder(made):
    told = answer(aims(made, "check", "--format", "json", "a b", "", "ü", folder=made / "docs/policies"))
    assert told["words"] == ["check", "--format", "json", "a b", "", "ü"]
    assert Path(told["folder"]) == made / "docs/policies"
    assert Path(told["root"]) == made
    assert Path(told["python"]).parent.parent == made / ".venv"
    assert aims(made, "7").returncode == 7


def test_a_module_in_the_current_folder_is_never_imported(made):
    trap = made / "docs/policies/json.py"
    trap.write_text("raise SystemExit('taken from the current folder')\n", "utf-8")
    try:
        told = answer(aims(made, "check", folder=trap.parent))
    finally:
        trap.unlink()
    assert str(trap.parent) not in told["path"]
    assert "" not in told["path"]


def test_a_second_call_installs_nothing(made):
    done = aims(made, "check")
    assert done.stderr == ""


def test_a_changed_lock_file_installs_anew_and_a_broken_installation_is_taken_up_again(made):
    lock = made / "requirements.txt"
    lock.write_text("no-such-package-of-aims==1.0 --hash=sha256:" + "0" * 64 + "\n", "utf-8")
    refused = aims(made, "check", PIP_NO_INDEX="1")
    lock.write_text("# mended\n", "utf-8")
    mended, again = aims(made, "check"), aims(made, "check")
    assert refused.returncode == 3
    assert "aims: the requirements could not be installed, see above; the next call tries again" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert refused.stdout == ""
    assert mended.stderr.count("installing the locked requirements") == 1
    assert (mended.returncode, again.returncode, again.stderr) == (0, 0, "")


def test_an_environment_whose_interpreter_is_gone_is_made_again(made):
    python = made / ".venv/bin/python"
    for link in python.parent.glob("python*"):
        link.unlink()
    python.symlink_to("/nowhere/python")
    assert Path(answer(aims(made, "check"))["python"]) == python


def test_two_first_calls_at_once_install_once(tmp_path):
    root = repository(tmp_path / "r")
    line = [sys.executable, str(root / "aims"), "check"]
    calls = [subprocess.Popen(line, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    told = [call.communicate(timeout=120) for call in calls]
    assert [call.returncode for call in calls] == [0, 0, 0]
    assert sum(error.count("installing the locked requirements") for _, error in told) == 1


def test_a_first_call_that_is_killed_leaves_nothing_that_passes_for_ready(tmp_path):
    root = repository(tmp_path / "r")
    for pause in (0.05, 0.3, 1.0):
        call = subprocess.Popen(
            [sys.executable, str(root / "aims"), "check"], cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(pause)
        if call.poll() is None:
            os.kill(call.pid, signal.SIGKILL)
        call.wait()
    assert answer(aims(root, "check"))["words"] == ["check"]


def test_a_copy_on_the_path_serves_the_repository_above_the_current_folder(made, tmp_path):
    shutil.copy2(KIT / "aims", tmp_path / "aims")
    told = answer(aims(made, "check", folder=made / "docs", script=tmp_path / "aims"))
    assert Path(told["root"]) == made
    nowhere = aims(made, "check", folder=tmp_path, script=tmp_path / "aims")
    assert nowhere.returncode == 3
    assert nowhere.stderr == (
        "aims: there is no repository of AIMS Kit here or above; change into one, or call its own 'aims' by its path\n"
    )


def test_a_missing_lock_file_is_one_sentence(tmp_path):
    root = repository(tmp_path / "r")
    (root / "requirements.txt").unlink()
    done = aims(root, "check")
    assert done.returncode == 3
    assert done.stderr == f"aims: '{root / 'requirements.txt'}' is missing; bring it back from the repository's history\n"


def test_the_wrapper_imports_nothing_but_the_standard_library_and_little_of_it():
    done = subprocess.run(
        [sys.executable, "-X", "importtime", str(KIT / "aims"), "--version"], cwd=KIT, capture_output=True, text=True, check=False
    )
    wrapper = done.stderr.split("import time:", 2)[2].split("| site\n", 1)[1].split("imported package")[0]
    for heavy in ("argparse", "subprocess", "pathlib", "venv", "json"):
        assert f"| {heavy}\n" not in wrapper.replace(" ", ""), heavy


def test_the_windows_command_calls_the_same_file():
    text = (KIT / "aims.cmd").read_bytes()
    assert b'"%~dp0aims" %*\r\n' in text
    assert text.count(b"\r\n") == text.count(b"\n")
