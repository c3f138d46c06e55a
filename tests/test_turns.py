"""Who meets a writing that was stopped, who comes second, and what is not followed."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from macros.__main__ import main
from macros.journal import WORK, FileStep, Writing, finish, home_for, record, settled, turn, unfinished, write_files
from macros.problem import KitError
from tests.conftest import KIT
from tests.killing import tree_of
from tests.review_setup import commit, git

# What a writer leaves that was stopped, and who meets it


@pytest.fixture
def home(tmp_path) -> Path:
    """A folder with two files, and a reader that does not wait long."""
    folder = tmp_path / "home"
    (folder / "registers").mkdir(parents=True)
    (folder / "registers/a.yaml").write_text("old a\n", "utf-8")
    (folder / "registers/b.yaml").write_text("old b\n", "utf-8")
    return folder


def stop_half_way(folder: Path) -> None:
    """Leave the folder as a kill between the first and the second of two files would."""
    stage = folder / WORK / "stage"
    stage.mkdir(parents=True)
    (stage / "0.old").write_text("old a\n", "utf-8")
    os.replace(folder / "registers/b.yaml", stage / "1.old")
    shutil.copy(stage / "1.old", folder / "registers/b.yaml")
    (folder / "registers/a.yaml").write_text("new a\n", "utf-8")
    (stage / "1.new").write_text("new b\n", "utf-8")
    steps = (FileStep("registers/a.yaml", "0" * 64, "1" * 64), FileStep("registers/b.yaml", sum_of(b"old b\n"), sum_of(b"new b\n")))
    (folder / WORK / "commit.json").write_bytes(Writing("import", steps).as_json())


def sum_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


STOPPED = (
    "'import' was stopped while it wrote 'registers/a.yaml', 'registers/b.yaml', so files here may be half old and half new; "
    "'./aims doctor --write' finishes it"
)


def test_a_reading_verb_does_not_read_what_is_half_written_and_writes_nothing(home, capsys):
    (home / "controls").mkdir()
    (home / "org.yaml").write_text("name: X\n", "utf-8")
    stop_half_way(home)
    before = tree_of(home)
    for words in (["check"], ["status"], ["roadmap"], ["codeowners"]):
        assert main([*words, "--root", str(home)]) == 3
        assert capsys.readouterr().err == f"python -m macros {words[0]}: {STOPPED}\n"
    assert tree_of(home) == before


def test_the_next_writer_finishes_and_says_so(home):
    stop_half_way(home)
    said = []
    with turn(home, "codeowners", said.append):
        assert (home / "registers/b.yaml").read_text("utf-8") == "new b\n"
    assert said == ["Finished what 'import' had begun: 'registers/a.yaml', 'registers/b.yaml'"]
    assert sorted(path.name for path in home.iterdir()) == ["registers"]


def test_a_file_that_was_changed_since_is_not_lost(home, capsys):
    (home / "org.yaml").write_text("name: X\n", "utf-8")
    stop_half_way(home)
    (home / "registers/b.yaml").write_text("mine\n", "utf-8")
    with pytest.raises(KitError, match=r"'registers/b\.yaml' was changed since; './aims doctor --write' finishes it and keeps"):
        write_files(home, {"registers/c.yaml": b"c"}, "import")
    assert (home / "registers/b.yaml").read_text("utf-8") == "mine\n" and not (home / "registers/c.yaml").exists()
    main(["doctor", "--write", "--root", str(home)])
    assert "mended: 'import' was stopped while it wrote" in capsys.readouterr().out
    assert (home / "registers/b.yaml").read_text("utf-8") == "new b\n"
    assert (home / "registers/b.yaml.edited").read_text("utf-8") == "mine\n"
    assert unfinished(home) is None


@pytest.mark.parametrize(
    "damage",
    [
        {"path": "../outside.yaml"},
        {"path": "/etc/aims"},
        {"path": ".git/hooks/pre-commit"},
        {"path": "registers/\x1b[2Ja.yaml"},
        {"path": None},
        {"after": "short"},
    ],
)
def test_a_journal_that_no_writer_wrote_moves_no_file(damage, home):
    stop_half_way(home)
    journal = home / WORK / "commit.json"
    data = json.loads(journal.read_text("utf-8"))
    data["steps"][1] |= damage
    journal.write_text(json.dumps(data), "utf-8")
    before = tree_of(home.parent)
    for attempt in (lambda: finish(home), lambda: settled(home, lambda: None), lambda: write_files(home, {"x": b""}, "import")):
        with pytest.raises(KitError, match=r"'\.aims-work/commit\.json' cannot be read"):
            attempt()
    after = tree_of(home.parent)
    assert {path: entry for path, entry in after.items() if WORK not in path} == {
        path: entry for path, entry in before.items() if WORK not in path
    }


@pytest.mark.parametrize("where", ["stage", "target", "folder"])
def test_a_link_that_came_to_lie_in_the_way_is_not_followed(where, home):
    stop_half_way(home)
    outside = home.parent / "outside"
    outside.mkdir()
    (outside / "b.yaml").write_text("outside\n", "utf-8")
    place = {"stage": home / WORK / "stage/1.new", "target": home / "registers/b.yaml", "folder": home / "registers"}[where]
    shutil.rmtree(place) if place.is_dir() else place.unlink()
    place.symlink_to(outside if where == "folder" else outside / "b.yaml")
    with pytest.raises(KitError):
        finish(home)
    assert (outside / "b.yaml").read_text("utf-8") == "outside\n"
    assert place.is_symlink()


def test_links_are_refused_and_nothing_is_written(home):
    (home / "link.yaml").symlink_to(home / "registers/a.yaml")
    (home / "folder").symlink_to(home / "registers")
    os.mkfifo(home / "pipe")
    before = tree_of(home)
    for path in ("link.yaml", "folder/a.yaml", "pipe", "registers", "registers/a.yaml/x", "..", "a\nb"):
        with pytest.raises(KitError):
            write_files(home, {"registers/b.yaml": b"new", path: b"new"}, "import", folders=True)
        assert tree_of(home) == before, path


def test_git_never_sees_the_work_folder_even_where_no_gitignore_knows_it(home):
    git(home, "init", "--quiet")
    commit(home, "Begin")
    with turn(home, "import"):
        assert (home / WORK).is_dir()
        assert git(home, "status", "--porcelain") == ""
    assert not (home / WORK).exists()


# Two at once


def holder(folder: Path, seconds: float) -> subprocess.Popen:
    """A real process that has its turn for a while, and says when it begins."""
    code = (
        "import sys, time; from pathlib import Path; from macros.journal import turn\n"
        f"with turn(Path(sys.argv[1]), 'import'):\n    print('held', flush=True); time.sleep({seconds})"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(folder)], cwd=KIT, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    return process


def test_the_second_writer_waits_and_is_told_for_whom(home):
    said = []
    with holder(home, 1.5) as other, turn(home, "approvals", said.append, patience=60):
        assert other.poll() is not None or other.wait(30) == 0
    assert said == [f"Waiting for 'import' (process {other.pid}), which is writing in '{home}'"]


def test_a_second_writer_that_waited_long_enough_is_told_who_writes(home):
    with holder(home, 60) as other:
        try:
            told = rf"'import' \(process {other.pid}\) is writing in '.*'; try again when it is done"
            with pytest.raises(KitError, match=told), turn(home, "approvals", patience=0.3):
                pass
            assert settled(home, lambda: "read") == "read"  # who reads waits for nobody
        finally:
            other.kill()
    with turn(home, "approvals", patience=5):
        pass
    assert not (home / WORK).exists()


def test_many_writers_in_line_lose_nothing(home):
    code = (
        "import sys; from pathlib import Path; from macros.journal import turn, write_files\n"
        "home = Path(sys.argv[1])\n"
        "for _ in range(10):\n"
        "    with turn(home, 'import', patience=300):\n"
        "        number = int((home / 'count').read_text())\n"
        "        write_files(home, {'count': str(number + 1).encode()}, 'import')\n"
    )
    (home / "count").write_text("0", "utf-8")
    writers = [subprocess.Popen([sys.executable, "-c", code, str(home)], cwd=KIT) for _ in range(4)]
    assert [writer.wait(300) for writer in writers] == [0, 0, 0, 0]
    assert (home / "count").read_text("utf-8") == "40"
    assert not (home / WORK).exists()


def test_a_reader_never_gets_a_mixture_while_somebody_writes(home):
    code = (
        "import sys; from pathlib import Path; from macros.journal import write_files\n"
        "home, number = Path(sys.argv[1]), 0\n"
        "while not (home.parent / 'stop').exists():\n"
        "    number += 1\n"
        "    write_files(home, {f'registers/{name}.yaml': str(number).encode() for name in 'ab'}, 'import')\n"
    )
    for name in "ab":
        (home / f"registers/{name}.yaml").write_text("0", "utf-8")

    def read() -> tuple[str, str]:
        first = (home / "registers/a.yaml").read_text("utf-8")
        time.sleep(0.002)
        return first, (home / "registers/b.yaml").read_text("utf-8")

    writer = subprocess.Popen([sys.executable, "-c", code, str(home)], cwd=KIT)
    try:
        pairs = []
        while len(set(pairs)) < 25:
            pairs.append(settled(home, read))
    finally:
        (home.parent / "stop").write_text("", "utf-8")
        assert writer.wait(60) == 0
    assert [pair for pair in pairs if pair[0] != pair[1]] == []


def test_a_writer_that_is_just_leaving_is_not_taken_for_one_that_has_not_decided(home, monkeypatch):
    """Its lock and its mark go between two looks of the reader, who read one file before they were put in place."""
    (home / WORK).mkdir()
    (home / WORK / record.LOCK).write_text("1 1 import", "utf-8")
    looks, found = [], iter(["half", "new"])

    def read() -> str:
        if not looks:
            (home / WORK / record.DECIDED).write_text("1", "utf-8")
            looks.append("read")
        return next(found)

    def look(path: Path, real=record.small_file) -> bytes:
        try:
            return real(path)
        finally:
            if looks == ["read"]:
                looks.append("left")
                (home / WORK / record.LOCK).unlink()
                (home / WORK / record.DECIDED).unlink()

    monkeypatch.setattr(record, "small_file", look)
    assert settled(home, read) == "new"


# Where nothing can be written


def test_a_read_only_folder_gives_one_sentence_and_reading_needs_no_lock(home, monkeypatch):
    def refuse(self: Path, *_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(KitError, match=rf"'{re.escape(str(home))}' cannot be written in .Read-only file system.; nothing was changed"):
        write_files(home, {"registers/a.yaml": b"new"}, "import")
    assert settled(home, lambda: "read") == "read"
    assert sorted(path.name for path in home.iterdir()) == ["registers"]


def test_files_of_anywhere_are_written_below_the_folder_that_they_share(tmp_path):
    root = tmp_path / "repository"
    root.mkdir()
    assert home_for(root, [root / "a.html", root / "out/b.json"]) == (root, ["a.html", "out/b.json"])
    assert home_for(root, [tmp_path / "x/a.html", tmp_path / "y/b.json"]) == (tmp_path, ["x/a.html", "y/b.json"])
    assert record.GLANCE < 1


# What a commit or a copy can lay where a writer keeps its own


@pytest.mark.parametrize("name", ["lock", "decided", ".gitignore", "stage", "commit.json", "undo.json"])
@pytest.mark.parametrize("there", [True, False])
def test_nothing_is_written_through_a_link_in_the_work_folder(name, there, home):
    outside = home.parent / "outside"
    if there:
        outside.write_text("precious\n", "utf-8")
    (home / WORK).mkdir()
    (home / WORK / name).symlink_to(outside)
    with pytest.raises(KitError):
        write_files(home, {"registers/a.yaml": b"new a\n"}, "import")
    assert (outside.read_text("utf-8") if outside.exists() else None) == ("precious\n" if there else None)
    assert (home / "registers/a.yaml").read_text("utf-8") == "old a\n"


@pytest.mark.parametrize("name", ["lock", "decided"])
def test_a_reader_opens_no_pipe_and_no_device_in_the_work_folder(name, home):
    code = "import sys; from pathlib import Path; from macros.journal import settled; print(settled(Path(sys.argv[1]), lambda: 'read'))"
    for make in (os.mkfifo, lambda path: path.symlink_to("/dev/zero")):
        (home / WORK).mkdir()
        make(home / WORK / name)
        done = subprocess.run([sys.executable, "-c", code, str(home)], cwd=KIT, capture_output=True, text=True, timeout=120, check=True)
        assert done.stdout == "read\n"
        shutil.rmtree(home / WORK)


@pytest.mark.parametrize("path", [".aims.json", "requirements.txt"])
def test_the_doctor_opens_no_pipe_and_no_device(path, home):
    (home / "org.yaml").write_text("name: X\n", "utf-8")
    for make in (os.mkfifo, lambda place: place.symlink_to("/dev/zero")):
        (home / ".aims.json").write_text('{"kit": "1", "files": {}, "registers": {}, "texts": {}}', "utf-8")
        (home / path).unlink(missing_ok=True)
        make(home / path)
        words = [sys.executable, "-m", "macros", "doctor", "--root", str(home)]
        done = subprocess.run(words, cwd=KIT, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode in (0, 1) and done.stderr == ""
        assert ("'.aims.json' cannot be read" in done.stdout) is (path == ".aims.json"), done.stdout
        (home / path).unlink()
