"""The cache saves work and never changes a verdict: cold, warm, damaged, foreign, or taken away while it is used."""

from __future__ import annotations

import errno
import os
import random
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import faults
from macros import cache
from macros.cache import Cache, cached_by_text, engine_name, forget, kept_by_identity, kept_value, using
from macros.command import cache as places
from macros.command.cache import cache_of
from macros.load import kept, load_workspace
from macros.load.tree import MemoryTree
from macros.problem import Problem
from macros.text import front_matter, strict_yaml
from tests.conftest import KIT
from tests.forked import started
from tests.mutations.organisation import small_organisation
from tests.review_setup import git, repository_of

ENGINE = "0" * 32
POLICY = "docs/policies/ai-policy.md"


@pytest.fixture(scope="module")
def base(example):
    return faults.base_of(example)


@pytest.fixture(scope="module")
def cut_down(once) -> Path:
    """The worked organisation with one of everything."""
    return once("small-organisation", lambda folder: small_organisation(folder / "small")) / "small"


@pytest.fixture(scope="module")
def small(cut_down):
    """The same as a base of faults, in which each kind of fault still has a place."""
    return faults.base_of(cut_down)


@pytest.fixture(scope="module")
def small_repository(cut_down, tmp_path_factory) -> Path:
    """The same in git, to be changed and put back."""
    return repository_of(cut_down, tmp_path_factory.mktemp("small") / "repository")


@pytest.fixture(scope="module")
def repository(example, tmp_path_factory) -> Path:
    """The worked organisation in git, to be changed and put back."""
    return repository_of(example, tmp_path_factory.mktemp("cache") / "repository")


@pytest.fixture(autouse=True)
def nothing_in_memory():
    forget()
    yield
    forget()


def judged(base, seed, folder: Path | None, engine: str = ENGINE) -> tuple[Problem, ...]:
    """What a process that has just begun says, with a cache or without."""
    forget()
    with using(lambda: Cache(folder, engine) if folder else None):
        return faults.checked(base, seed)


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def damage(folder: Path, chance: random.Random) -> None:
    """Flip a bit in each file, cut some, and put the lines of some in another order."""
    for path in files_of(folder):
        data = bytearray(path.read_bytes())
        for _ in range(3):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        way = chance.randrange(3)
        if way == 0:
            data = data[: chance.randrange(len(data))]
        elif way == 1:
            data = b"\n".join(reversed(data.split(b"\n")))
        path.write_bytes(bytes(data))


def same_in_every_state(base, seed, folder: Path, chance: random.Random) -> None:
    expected = judged(base, seed, None)
    assert expected
    states = {"of another tree": judged(base, seed, folder), "warm": judged(base, seed, folder)}
    damage(folder, chance)
    states["damaged"] = judged(base, seed, folder)
    states["healed"] = judged(base, seed, folder)
    states["of another engine"] = judged(base, seed, folder, "f" * 32)
    with using(lambda: Cache(folder, ENGINE)):
        states["in memory"] = faults.checked(base, seed)
        shutil.rmtree(folder)
    states["taken away"] = judged(base, seed, folder)
    for state, said in states.items():
        assert said == expected, f"{seed}: {state}"


def has_place(kind, base) -> bool:
    """Whether the small organisation holds what this kind of fault is seeded in."""
    try:
        return bool(list(kind.seeds(base)))
    except (IndexError, KeyError, StopIteration, AssertionError):
        return False


def test_no_state_of_the_cache_changes_what_is_said_of_a_fault(small, tmp_path):
    chance, kinds = random.Random(1), [kind for kind in faults.KINDS if has_place(kind, small)][::9]
    assert len(kinds) >= 4
    for kind in kinds:
        judged(small, None, tmp_path / "cache")  # which fills it with the tree without the fault
        same_in_every_state(small, faults.chosen(kind, small, 1)[0], tmp_path / "cache", chance)


@pytest.mark.full
def test_no_state_of_the_cache_changes_what_is_said_of_any_kind_of_fault(base, tmp_path):
    chance = random.Random(2)
    for kind in faults.KINDS:
        judged(base, None, tmp_path / "cache")
        same_in_every_state(base, faults.chosen(kind, base, 1)[0], tmp_path / "cache", chance)


def edited(files: dict[str, bytes], chance: random.Random) -> dict[str, bytes]:
    """The files with a change in one of them that nobody planned."""
    path = chance.choice([path for path in files if not path.startswith("controls/") or chance.random() < 0.2])
    lines = files[path].split(b"\n")
    at = chance.randrange(len(lines))
    way = chance.randrange(7)
    if way == 0:
        del lines[at]
    elif way == 1:
        lines.insert(at, lines[chance.randrange(len(lines))])
    elif way == 2:
        lines[at] = lines[at][: chance.randrange(len(lines[at]) + 1)]
    elif way == 3:
        lines[at] += chance.choice([b' {{ param("x") }}', b" A.5.2 iso42001:A.99 TBD", b": [", b"\xff", b"\r", b" as appropriate, etc."])
    elif way == 4:
        lines = lines[:at]
    elif way == 5:
        return {**files, path: b"\xef\xbb\xbf" + files[path].replace(b"\n", b"\r\n")}
    else:
        return {other: data for other, data in files.items() if other != path}
    return {**files, path: b"\n".join(lines)}


@pytest.mark.parametrize(
    ("which", "seed"), [("small", 0), ("small", 1), *(pytest.param("base", seed, marks=pytest.mark.full) for seed in (2, 3))]
)
def test_a_chain_of_edits_is_judged_alike_with_a_cache_and_without(which, seed, request, tmp_path):
    base = request.getfixturevalue(which)
    chance, files = random.Random(seed), dict(base.files)
    for step in range(4):
        files = edited(files, chance)
        tree = MemoryTree(files)
        said = []
        for folder in (None, tmp_path / "cache"):
            forget()
            with using(lambda folder=folder: Cache(folder, ENGINE) if folder else None):
                workspace = load_workspace(tree)
                said.append((workspace, faults.run_checks(workspace, base.today)))
        (plain, without), (cached, with_cache) = said
        assert without == with_cache, f"edit {step}"
        assert plain.broken == cached.broken and plain.documents == cached.documents and plain.pages == cached.pages
        for one, other in zip(plain.documents, cached.documents, strict=True):
            assert dict(one.head.lines) == dict(other.head.lines) and list(one.head.lines) == list(other.head.lines)


@pytest.mark.parametrize("which", ["small", pytest.param("base", marks=pytest.mark.full)])
def test_day_roles_and_catalogues_are_no_part_of_what_is_kept(which, request, tmp_path):
    base = request.getfixturevalue(which)
    role = re.sub(rb"id: ai-governance-lead\b", b"id: ai-lead", base.files["org.yaml"], count=1)
    without = {path: data for path, data in base.files.items() if path != "controls/iso27001.yaml"}
    trees = [base.files, {**base.files, "org.yaml": role}, without]
    days = [base.today, base.today.replace(year=base.today.year + 3)]
    said = {}
    for folder in (None, tmp_path / "cache"):
        for number, (tree, day) in enumerate((tree, day) for tree in trees for day in days):
            forget()
            with using(lambda folder=folder: Cache(folder, ENGINE) if folder else None):
                said[folder, number] = faults.run_checks(load_workspace(MemoryTree(tree)), day)
    assert len({said[None, number] for number in range(6)}) == 6
    assert [said[tmp_path / "cache", number] for number in range(6)] == [said[None, number] for number in range(6)]


def count_readings(monkeypatch) -> list[str]:
    """The texts that a reader takes apart from now on."""
    read: list[str] = []
    parse, split = strict_yaml.parse, front_matter.split
    monkeypatch.setattr(kept.strict_yaml, "parse", lambda text: (read.append(text), parse(text))[1])
    monkeypatch.setattr(kept.front_matter, "split", lambda text: (read.append(text), split(text))[1])
    return read


def run(words: list[str], root: Path) -> int:
    """A verb in a process that has just begun, as far as memory goes."""
    from macros import world
    from macros.__main__ import main

    forget()
    world._worlds.clear()
    return main([*words, "--root", str(root)])


def test_after_one_changed_line_check_and_review_read_one_file(repository, monkeypatch, capsys):
    git(repository, "reset", "--quiet", "--hard")
    shutil.rmtree(repository / ".git" / places.FOLDER, ignore_errors=True)
    read = count_readings(monkeypatch)
    run(["check"], repository)
    files = len(read)
    assert files > 90
    path = repository / POLICY
    path.write_text(path.read_text("utf-8") + "\nThe AI governance lead shall look at this every 3 months.\n", "utf-8")
    read.clear()
    run(["check"], repository)
    assert len(read) == 1
    read.clear()
    run(["check"], repository)
    run(["review", "HEAD"], repository)
    assert read == []
    shutil.rmtree(repository / ".git" / places.FOLDER)
    run(["review", "HEAD"], repository)
    assert len(read) == files + 1  # both sides share all files but one
    assert capsys.readouterr().out
    assert git(repository, "status", "--porcelain") == f"M {POLICY}"


def test_a_commit_is_judged_once_for_a_day(repository, monkeypatch, capsys):
    from macros import world
    from macros.reports import trend

    git(repository, "reset", "--quiet", "--hard")
    for month in ("01", "02", "03"):
        path = repository / POLICY
        path.write_text(path.read_text("utf-8") + f"\nNote of month {month}.\n", "utf-8")
        monkeypatch.setenv("GIT_COMMITTER_DATE", f"2026-{month}-10T12:00:00+00:00")
        git(repository, "-c", "user.name=A", "-c", "user.email=a@example.invalid", "commit", "--quiet", "--all", "--message", month)
    judged: list[object] = []
    judge = world.judge
    for module in (world, trend):  # the files as they lie here, and commits
        monkeypatch.setattr(module, "judge", lambda *words: (judged.append(words), judge(*words))[1])
    words = ["trend", "--every", "month", "--last", "3", "--today", "2026-04-15", "--format", "json"]
    read = count_readings(monkeypatch)
    run(words, repository)
    first = capsys.readouterr().out
    assert len(judged) == 4 and first.count('"commit": "') == 3
    judged.clear()
    read.clear()
    run(words, repository)
    assert len(judged) == 1 and read == []  # that of the files as they lie here
    assert capsys.readouterr().out == first
    judged.clear()
    run([*words[:-3], "2026-04-16", *words[-2:]], repository)
    assert len(judged) == 1  # the ends of the months are the same days


def aims(root: Path, *words: str, **environment: str) -> subprocess.CompletedProcess:
    env = {**os.environ, "PYTHONIOENCODING": "utf-8", **environment}
    return started("macros", *words, "--root", str(root), env=env, text=False)


@pytest.mark.parametrize("which", ["small_repository", pytest.param("repository", marks=pytest.mark.full)])
def test_check_review_and_trend_print_the_same_bytes_with_a_cache_and_without(which, request):
    repository = request.getfixturevalue(which)
    git(repository, "reset", "--quiet", "--hard")
    path = repository / POLICY
    path.write_text(path.read_text("utf-8").replace("shall", "may", 1) + "\nThis is TBD, under A.5.2.\n", "utf-8")
    folder = repository / ".git" / places.FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    for words in (["check", "--format", "json"], ["review", "HEAD", "--format", "json"], ["trend", "--format", "json"]):
        plain = aims(repository, *words, AIMS_CACHE="off")
        assert (plain.stdout and not files_of(folder)) or words[0] != "check"
        cold, warm = aims(repository, *words), aims(repository, *words)
        damage(folder, random.Random(3))
        damaged = aims(repository, *words)
        assert len(files_of(folder)) >= 5
        for other in (cold, warm, damaged):
            assert (other.returncode, other.stdout, other.stderr) == (plain.returncode, plain.stdout, plain.stderr), words


@pytest.mark.parametrize("which", ["small_repository", pytest.param("repository", marks=pytest.mark.full)])
def test_two_at_once_do_not_disturb_each_other(which, request):
    repository = request.getfixturevalue(which)
    git(repository, "reset", "--quiet", "--hard")
    plain = aims(repository, "check", AIMS_CACHE="off")
    shutil.rmtree(repository / ".git" / places.FOLDER, ignore_errors=True)
    words = [sys.executable, "-m", "macros", "check", "--root", str(repository)]
    both = [subprocess.Popen(words, cwd=KIT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) for _ in range(2)]
    assert [process.communicate(timeout=600)[0] for process in both] == [plain.stdout] * 2
    assert aims(repository, "check").stdout == plain.stdout


# Where it lies


def test_the_cache_lies_where_no_commit_can_reach_also_in_a_worktree(repository, tmp_path):
    assert cache_of(repository)._top == repository / ".git" / places.FOLDER
    git(repository, "worktree", "add", "--quiet", "--detach", str(tmp_path / "tree"))
    found = cache_of(tmp_path / "tree")._top
    assert ".git" in found.parts and found.is_relative_to(repository / ".git")
    git(repository, "worktree", "remove", "--force", str(tmp_path / "tree"))
    assert cache_of(repository / "docs")._top == repository / ".git" / places.FOLDER


def test_without_git_or_when_switched_off_nothing_is_kept(example, repository, monkeypatch, tmp_path):
    plain = tmp_path / "plain"
    plain.mkdir()
    assert cache_of(plain) is None and cache_of(tmp_path / "none") is None
    monkeypatch.setenv(places.SWITCH, "off")
    assert cache_of(repository) is None


def test_a_git_folder_that_a_commit_could_hold_is_not_used(repository, tmp_path):
    bare = tmp_path / "docs"  # a folder that is itself a bare repository, as a branch could bring one
    git(tmp_path, "init", "--quiet", "--bare", str(bare))
    assert cache_of(bare) is None
    elsewhere = tmp_path / "elsewhere"
    git(tmp_path, "init", "--quiet", f"--separate-git-dir={tmp_path / 'kept'}", str(elsewhere))
    assert cache_of(elsewhere) is None


def kept_twice(folder: Path) -> tuple[int, int]:
    """How often a value is computed in two processes one after the other."""
    computed: list[int] = []
    for _ in range(2):
        forget()
        with using(lambda: Cache(folder, ENGINE)):
            assert kept_value("sums", "one and one", lambda: computed.append(1) or 2, lambda found: found == 2) == 2
    return len(computed), len(files_of(folder)) if folder.is_dir() else 0


def test_a_value_is_kept_from_one_run_to_the_next(tmp_path):
    assert kept_twice(tmp_path / "cache") == (1, 1)


def test_a_value_that_does_not_fit_is_computed_anew(tmp_path):
    kept_twice(tmp_path / "cache")
    forget()
    with using(lambda: Cache(tmp_path / "cache", ENGINE)):
        assert kept_value("sums", "one and one", lambda: 3, lambda found: found == 3) == 3
    forget()
    with using(lambda: Cache(tmp_path / "cache", ENGINE)):  # of a key that stands twice, the last counts
        assert kept_value("sums", "one and one", lambda: 4, lambda found: True) == 3


def test_links_pipes_and_files_in_its_place_are_left_alone(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "link").symlink_to(outside)
    assert kept_twice(tmp_path / "link")[0] == 2
    assert list(outside.iterdir()) == []
    (tmp_path / "file").write_text("words", "utf-8")
    assert kept_twice(tmp_path / "file") == (2, 0)
    assert (tmp_path / "file").read_text("utf-8") == "words"
    inner = tmp_path / "cache" / ENGINE
    inner.mkdir(parents=True)
    os.mkfifo(inner / "sums")
    assert kept_twice(tmp_path / "cache")[0] == 2
    (inner / "sums").unlink()
    (outside / "target").write_text("words", "utf-8")
    (inner / "sums").symlink_to(outside / "target")
    assert kept_twice(tmp_path / "cache")[0] == 2
    assert (outside / "target").read_text("utf-8") == "words"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_as_good_as_none(tmp_path):
    (tmp_path / "locked").mkdir(mode=stat.S_IRUSR | stat.S_IXUSR)
    assert kept_twice(tmp_path / "locked" / "cache")[0] == 2


@pytest.mark.parametrize("written", [0, 10, 40])
def test_a_full_disk_costs_time_and_nothing_else(tmp_path, monkeypatch, written):
    write = os.write

    def full(handle: int, data: bytes) -> int:
        if written and len(data) > written:
            return write(handle, data[:written])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(cache.os, "write", full)
        assert kept_twice(tmp_path / "cache")[0] == 2
    assert kept_twice(tmp_path / "cache")[0] == 1
    assert kept_twice(tmp_path / "cache")[0] == 0


def test_what_passed_its_check_and_is_of_another_shape_is_computed_anew(tmp_path):
    text = "title: One\n"
    for wrong in (5, "words", [1], [[], [], [], []], {"a": 1}, [{"title": "One"}, ["x", "y"]], None):
        forget()
        opened = Cache(tmp_path / "cache", ENGINE)
        opened.put("yaml", cache.key_of(text), wrong)
        opened.save()
        forget()
        with using(lambda: Cache(tmp_path / "cache", ENGINE)):
            found = kept.yaml_in(text)
        assert found.value == {"title": "One"} and dict(found.lines) == {(): 1, ("title",): 1}, wrong


# How large it gets


def test_a_file_of_the_cache_stays_below_its_limit_and_keeps_what_was_used(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "LARGEST", 20_000)
    for start in range(0, 200, 10):
        forget()
        with using(lambda: Cache(tmp_path / "cache", ENGINE)):
            for number in range(start, start + 10):
                kept_value("numbers", str(number), lambda number=number: "x" * 200, lambda found: True)
        assert (tmp_path / "cache" / ENGINE / "numbers").stat().st_size <= 20_000
    forget()
    computed: list[int] = []
    with using(lambda: Cache(tmp_path / "cache", ENGINE)):
        for number in range(190, 200):
            kept_value("numbers", str(number), lambda: computed.append(1) or "", lambda found: True)
    assert computed == []


def test_what_nobody_asks_for_any_more_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "SPARE", 20)
    for start in range(0, 100, 10):
        forget()
        with using(lambda: Cache(tmp_path / "cache", ENGINE)):
            for number in range(start, start + 10):
                kept_value("numbers", str(number), lambda: 1, lambda found: True)
    assert len(Cache(tmp_path / "cache", ENGINE)._shelf("numbers")._values) <= 20 + 4 * 10


def test_engines_before_the_last_one_are_cleared_away_and_nothing_else(tmp_path):
    folder = tmp_path / "cache"
    for number in range(5):
        forget()
        with using(lambda number=number: Cache(folder, f"{number:032x}")):
            kept_value("numbers", "one", lambda: 1, lambda found: True)
        os.utime(folder / f"{number:032x}", (number, number))
        (folder / "notes").mkdir(exist_ok=True)
    assert sorted(path.name for path in folder.iterdir()) == [f"{3:032x}", f"{4:032x}", "notes"]


# What names an engine, and what may be kept


def test_every_file_of_the_engine_and_the_python_that_runs_it_name_it(tmp_path, monkeypatch):
    shutil.copytree(KIT / "macros", tmp_path / "macros", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(cache, "__file__", str(tmp_path / "macros/cache.py"))
    names = {engine_name()}
    assert engine_name() in names
    for path in ("calls.py", "checks/tells.py", "mkdocs-base.yml"):
        with (tmp_path / "macros" / path).open("a", encoding="utf-8") as stream:
            stream.write("#")
        names.add(engine_name())
    (tmp_path / "macros/checks/new.py").write_text("", "utf-8")
    names.add(engine_name())
    monkeypatch.setattr(cache.platform, "python_version", lambda: "3.99.0")
    names.add(engine_name())
    assert len(names) == 6
    (tmp_path / "macros/__pycache__").mkdir()
    (tmp_path / "macros/__pycache__/calls.pyc").write_bytes(b"1")
    assert engine_name() in names


def test_each_kind_is_computed_by_one_function():
    found = [
        kind for path in (KIT / "macros").rglob("*.py") for kind in re.findall(r'cached_by_text\(\s*"([^"]+)"', path.read_text("utf-8"))
    ]
    assert len(found) == len(set(found)) >= 7


def test_other_arguments_are_another_entry(tmp_path):
    @cached_by_text("told")
    def told(text: str, first: int, names: tuple[str, ...] = ()) -> tuple[str, int, tuple[str, ...]]:
        return (text, first, names)

    calls = [("a", 1), ("a", 2), ("a", 1, ("b",)), ("a", 1, ("b", "c")), ("a", 1, ("b, c",)), ("b", 1)]
    for _ in range(2):
        forget()
        with using(lambda: Cache(tmp_path / "cache", ENGINE)):
            assert [told(*call) for call in calls] == [(*call, *((),) * (3 - len(call))) for call in calls]


def test_what_is_kept_for_a_thing_is_not_given_for_another_in_its_place():
    seen = []

    @kept_by_identity(most=3)
    def length(thing: list[int]) -> int:
        seen.append(1)
        return len(thing)

    for number in range(50):
        assert length([0] * number) == number
    assert len(seen) == 50
