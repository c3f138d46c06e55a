"""The kit or an organisation, whole or half: told by what the folder says about itself, and never by what it lacks."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from macros.__main__ import main
from macros.generated import KIT_MARK, RECORD
from macros.load import load_workspace
from tests.conftest import KIT, PLAIN, copy_without_engine
from tests.review_setup import commit, git
from tests.test_journal import lines_of


def assert_half_never_passes(lines: list[dict]) -> None:
    for line in lines:
        if line["whole"]:
            assert line["code"] == 0, line
            continue
        assert line["code"] in (1, 3), line
        assert "Traceback" not in line["err"]
        if line["code"] == 1:
            assert f"{RECORD}:1: UPD103 there is no '{RECORD}', which a generation writes last" in line["out"], line
        else:
            assert "is half a repository: there is no 'controls/' folder" in line["err"] or "holds no 'controls/' folder" in line["err"], (
                line
            )


def test_a_generation_that_is_killed_does_not_pass_the_check(tmp_path):
    lines = lines_of("tests.killed_generation", str(tmp_path), "4", "1")
    assert_half_never_passes(lines)
    assert sum(line["killed"] and not line["whole"] for line in lines) >= 4
    assert {line["code"] for line in lines} >= {1, 3}


def test_the_maker_of_the_example_leaves_the_old_repository_or_the_new_one(tmp_path):
    lines = lines_of("tests.killed_generation", str(tmp_path), "2", "0", "over")
    assert sum(line["killed"] for line in lines) >= 6
    assert {line["found"] for line in lines if line["killed"]} == {"old", "new"}


@pytest.mark.full
def test_a_generation_that_is_killed_at_many_operations_and_moments_does_not_pass(tmp_path):
    lines = lines_of("tests.killed_generation", str(tmp_path), "150", "50")
    assert_half_never_passes(lines)
    assert len(lines) == 200


@pytest.fixture
def fresh(bake, tmp_path) -> Path:
    """A generated repository that may be changed."""
    return Path(shutil.copytree(bake(), tmp_path / "fresh"))


def check(root: Path, *words: str, engine: Path | None = None) -> subprocess.CompletedProcess:
    """What a verb says, by the kit's engine in this process, or by another one in its own."""
    line = [*(words or ("check",)), "--root", str(root)]
    if engine is None:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(line)
        return subprocess.CompletedProcess(line, code, out.getvalue(), err.getvalue())
    return subprocess.run(
        [sys.executable, "-m", "macros", *line],
        cwd=engine,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def errors(done: subprocess.CompletedProcess) -> list[str]:
    return [line for line in done.stdout.splitlines() if not line.endswith((" (note)", " (warning)"))]


def test_the_record_is_the_last_file_and_names_every_other(fresh):
    data = json.loads((fresh / RECORD).read_text("utf-8"))
    there = {path.relative_to(fresh).as_posix() for path in fresh.rglob("*") if path.is_file()}
    assert {*data["files"], *data["organisation"], RECORD} == there and len(there) > 300
    assert not set(data["files"]) & set(data["organisation"])


def test_234_of_339_files_are_no_organisation(fresh):
    """The first files of a generation that was killed, without org.yaml: it was taken for the kit, with 0 errors."""
    kept = ("controls/", "docs/", "macros/")
    for path in sorted(fresh.rglob("*")):
        if path.is_file() and not path.relative_to(fresh).as_posix().startswith(kept):
            path.unlink()
    shutil.rmtree(fresh / "registers")
    done = check(fresh)
    assert done.returncode == 1
    missing = "'org.yaml', 'mkdocs.yml', 'registers/' are missing too"
    way_out = (
        "where a generation or a copy was stopped, delete this folder and make it again; otherwise bring it back from the repository's "
        "history, or update the kit with 'cruft update'"
    )
    assert f"{RECORD}:1: UPD103 there is no '{RECORD}', which a generation writes last; {missing}; {way_out}" in done.stdout.splitlines()
    assert " error" in done.stderr and not done.stderr.startswith("0 errors")


@pytest.mark.parametrize(
    ("lost", "place"),
    [
        (RECORD, f"{RECORD}:1: UPD103 "),
        ("org.yaml", "org.yaml:1: ORG001 "),
        ("mkdocs.yml", "mkdocs.yml:1: UPD110 "),
        ("requirements.txt", "requirements.txt:1: UPD110 "),
        ("macros/render", "macros/render/__init__.py:1: UPD110 "),
        ("controls/crosswalks", "controls/crosswalks/"),
        ("docs", "docs/ai-systems/index.md:1: UPD110 "),
        ("registers", "registers/acknowledgements.yaml:1: UPD110 "),
    ],
)
def test_a_part_that_is_lost_is_an_error_with_its_name(lost, place, fresh):
    target = fresh / lost
    shutil.rmtree(target) if target.is_dir() else target.unlink()
    done = check(fresh)
    assert done.returncode == 1
    assert any(line.startswith(place) for line in errors(done)), done.stdout


def test_a_document_that_was_taken_out_is_no_loss(fresh):
    (fresh / "docs/policies/acceptable-use.md").unlink()
    (fresh / "registers/customers.yaml").unlink()
    assert " UPD110 " not in check(fresh).stdout
    done = check(fresh, "doctor")
    assert "note: generated files that are not here: 2; nothing is to be done where that was decided; else bring them back" in done.stdout


def test_the_kit_is_told_by_its_own_mark_and_a_generated_repository_never_has_it(fresh):
    assert load_workspace(KIT).organisation is None and (KIT / KIT_MARK).is_file()
    assert not (fresh / KIT_MARK).exists()
    (fresh / KIT_MARK).write_text("{}", "utf-8")
    (fresh / RECORD).unlink()
    assert f"{RECORD}:1: UPD103 " in check(fresh).stdout  # a record, a register or org.yaml says more than a stray file


@pytest.mark.parametrize("verb", ["check", "status", "roadmap", "doctor"])
def test_a_folder_that_is_neither_gets_one_sentence(verb, tmp_path):
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    done = check(tmp_path, verb)
    assert (done.returncode, done.stdout) == (3, "")
    assert len(done.stderr.splitlines()) == 1 and done.stderr.startswith(f"python -m macros {verb}: '{tmp_path}' ")


def test_a_generation_over_an_earlier_one_is_not_complete_before_its_end(fresh, tmp_path):
    """Killed between the first and the last file, the mark of the earlier generation does not speak for the later one."""
    code = (
        "import importlib, os; from cookiecutter.main import cookiecutter\n"
        "importlib.import_module('cookiecutter.generate').generate_file = lambda *words, **named: os._exit(9)\n"
        f"cookiecutter({str(KIT)!r}, no_input=True, extra_context={PLAIN!r}, output_dir={str(tmp_path)!r}, overwrite_if_exists=True)\n"
    )
    target = fresh.rename(tmp_path / "plain")
    done = subprocess.run([sys.executable, "-c", code], cwd=KIT, env={**os.environ, "HOME": str(tmp_path)}, check=False)
    assert done.returncode == 9
    assert not (target / RECORD).exists()
    assert check(target).returncode == 1


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda root: (root / "macros/facts/trace.py").unlink(), "the engine is not whole: No module named 'macros.facts.trace'"),
        (lambda root: (root / "macros/facts/seals.py").write_text("def half(", "utf-8"), "the engine is not whole: 'seals.py' is broken"),
        (lambda root: (root / "macros/journal/lock.py").unlink(), "the engine is not whole: No module named 'macros.journal.lock'"),
        (lambda root: (root / "macros/problem.py").write_text("", "utf-8"), "the engine is not whole: cannot import name 'nearest'"),
    ],
)
def test_half_an_engine_says_so_in_one_sentence(damage, said, fresh):
    damage(fresh)
    done = check(Path(), engine=fresh)
    assert (done.returncode, done.stdout) == (3, "")
    assert len(done.stderr.splitlines()) == 1 and said in done.stderr


def test_a_requirement_that_is_not_installed_is_named(fresh):
    code = (
        "import sys, runpy; sys.modules['pydantic'] = None; sys.argv = ['macros', 'check']; runpy.run_module('macros', run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=fresh, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "'pydantic' is not installed; run 'make setup' and use the Python in '.venv'" in done.stderr


# doctor


def symptoms(root: Path, capsys, *words: str) -> tuple[int, dict]:
    code = main(["doctor", "--format", "json", "--root", str(root), *words])
    return code, json.loads(capsys.readouterr().out)


def test_nothing_is_wrong_with_a_fresh_repository(fresh, capsys):
    git(fresh, "init", "--quiet")
    commit(fresh, "Begin")
    assert main(["doctor", "--root", str(fresh)]) == 0
    assert capsys.readouterr().out == "Nothing is wrong with the folder itself; 'check' says what is to mend in the texts.\n"


def test_leftovers_of_earlier_versions_are_named_and_swept(fresh, capsys):
    git(fresh, "init", "--quiet")
    commit(fresh, "Begin")
    for name in ("registers/.isms-documents.yaml.4711.new", ".CODEOWNERS.12.new", "registers/evidence/.EV-001.yaml.9.new"):
        (fresh / name).write_text("half", "utf-8")
    (fresh / "registers/ours.new").write_text("ours", "utf-8")
    before = git(fresh, "status", "--porcelain")
    assert before.count(".new") == 4
    code, found = symptoms(fresh, capsys)
    assert code == 1 and [len(symptom["files"]) for symptom in found["symptoms"]] == [3]
    assert git(fresh, "status", "--porcelain") == before
    code, found = symptoms(fresh, capsys, "--write")
    assert (code, found["symptoms"], len(found["mended"])) == (0, [], 1)
    assert git(fresh, "status", "--porcelain") == "?? registers/ours.new"


def test_a_shallow_clone_and_files_that_git_knows_are_named(fresh, tmp_path, capsys):
    git(fresh, "init", "--quiet")
    commit(fresh, "Begin")
    commit(fresh, "Go on")
    git(tmp_path, "clone", "--quiet", "--depth", "1", fresh.as_uri(), str(tmp_path / "clone"))
    (tmp_path / "clone/docs/index.md").unlink()
    (tmp_path / "clone/macros/facts/trace.py").unlink()
    code, found = symptoms(tmp_path / "clone", capsys)
    said = {symptom["message"]: symptom["files"] for symptom in found["symptoms"]}
    assert code == 1
    assert said == {
        "files of the kit that are missing: 1": ["macros/facts/trace.py"],
        "generated files that are not here: 1": ["docs/index.md"],
        "the clone is shallow, so earlier commits cannot be read": [],
        "files that git knows and that are not here: 2": ["docs/index.md", "macros/facts/trace.py"],
    }


def test_an_unreadable_record_and_a_strange_journal_are_named(fresh, capsys):
    (fresh / RECORD).write_text('{"kit": "0.1', "utf-8")
    (fresh / ".aims-work").mkdir()
    (fresh / ".aims-work/commit.json").write_text("[1]", "utf-8")
    code, found = symptoms(fresh, capsys, "--write")
    messages = [symptom["message"] for symptom in found["symptoms"]]
    assert code == 1
    assert "'.aims-work/commit.json' cannot be read, so it is not known what was being written" in messages
    assert f"'{RECORD}' cannot be read" in messages
    assert (fresh / ".aims-work/commit.json").read_text("utf-8") == "[1]"


def test_a_repository_from_before_the_list_of_files_stays_as_it_is(fresh, tmp_path):
    root = copy_without_engine(fresh, tmp_path / "older")
    data = json.loads((root / RECORD).read_text("utf-8"))
    del data["organisation"]
    (root / RECORD).write_text(json.dumps(data), "utf-8")
    assert errors(check(root)) == []
