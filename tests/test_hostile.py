"""Every verb in every hostile world: one sentence that names what is wrong, an exit code that is promised, and no traceback."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import KIT, copy_without_engine, mkdocs_build
from tests.forked import started
from tests.review_setup import git

NOBODY = 65534
RUNNER = """
import codecs, contextlib, io, json, os, sys, traceback
who, verbs = int(sys.argv[1]), json.loads(sys.argv[2])
sys.path.insert(0, os.environ["ENGINE"])
from macros.__main__ import main
from macros.command.verbs import VERBS
if who:  # what is imported late is imported before less may be read
    for codec in ("utf-8-sig", "utf-16", "utf-32", "cp1252"):
        codecs.lookup(codec)
    for name in VERBS:
        VERBS[name].load()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for words in (["check"], ["status"]):
            main([*words, "--root", os.environ["ENGINE"]])
    os.setgroups([]); os.setgid(who); os.setuid(who)
answers = {}
for name, words in verbs.items():
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", "backslashreplace", write_through=True) for _ in "12")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main(words)
        except SystemExit as left:
            code = left.code
        except BaseException:
            traceback.print_exc()
            code = 70
    answers[name] = [code, *(stream.buffer.getvalue().decode() for stream in (out, err))]
print(json.dumps(answers))
"""


@dataclass(frozen=True)
class Answer:
    """What a verb gave."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> str:
        return self.out + self.err


VERBS: dict[str, tuple[str, ...]] = {
    "check": ("check",),
    "review": ("review", "HEAD"),
    "review of commits": ("review", "HEAD~1", "HEAD"),
    "next": ("next",),
    "status": ("status",),
    "reuse": ("reuse",),
    "strategy": ("strategy", "--no-input"),
    "roadmap": ("roadmap",),
    "gate": ("gate", "AIS-001"),
    "management-review": ("management-review",),
    "trend": ("trend", "--last", "1"),
    "approvals": ("approvals", "docs/index.md", "--base", "HEAD"),
    "codeowners": ("codeowners",),
    "soa decide": ("soa", "decide", "--no-input", "--replace"),
    "import": ("import", "isms", "docs/index.md"),
    "evidence due": ("evidence", "due"),
    "evidence verify": ("evidence", "verify"),
    "new": ("new", "concern", "side=staff", "summary=It answers rudely."),
    "rename": ("rename", "RSK-001", "RSK-900"),
    "retire": ("retire", "RSK-001"),
    "approve": ("approve", "POL-001", "--as", "top-management", "--by", "maeve-tarn"),
    "confirm": ("confirm", "POL-001", "--by", "top-management"),
    "registers": ("registers", "list"),
    "explain": ("explain", "DOC101"),
    "schema": ("schema", "document"),
}
RESTS_ON_NOTHING = ("explain", "schema")


def run(root: Path, verbs: dict[str, tuple[str, ...]] = VERBS, who: int = 0, real: bool = False, **environment: str) -> dict[str, Answer]:
    """Verbs one after the other in a process of their own, as another user where one is named, ended where one hangs.

    Asserts that each ends in words and with a code that is promised.
    """
    env = {**os.environ, "ENGINE": str(KIT), "PYTHONPATH": str(KIT), "PYTHONDONTWRITEBYTECODE": "1", **environment}
    done = started(RUNNER, str(who), json.dumps(verbs), cwd=root, env=env, real=real, known=True, timeout=300)
    assert done.returncode == 0, done.stderr
    answers = {name: Answer(*answer) for name, answer in json.loads(done.stdout).items()}
    assert answers.keys() == verbs.keys()
    for name, answer in answers.items():
        assert "Traceback" not in answer.told, (name, answer)
        assert answer.code in (0, 1, 2, 3), (name, answer)
        assert answer.code != 3 or answer.err.count("\n") == 1, (name, answer)
    return answers


@pytest.fixture(scope="module")
def organisation(example, tmp_path_factory) -> Path:
    """The worked organisation without its engine, in a repository with two commits."""
    root = copy_without_engine(example, tmp_path_factory.mktemp("hostile") / "organisation")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Begin")
    file = root / "docs/policies/ai-policy.md"
    file.write_text(file.read_text("utf-8") + "\nNothing else.\n", "utf-8")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Add a sentence")
    return root


@pytest.fixture
def repository(organisation) -> Iterator[Path]:
    """A copy that others may read, and that may become too deep for what cleans up after tests."""
    with tempfile.TemporaryDirectory(prefix="hostile") as top:
        os.chmod(top, 0o755)
        target = Path(top) / "organisation"
        shutil.copytree(organisation, target, symlinks=True)
        yield target
        subprocess.run(["rm", "-rf", str(target)], check=True)


def deep(root: Path) -> None:
    here = os.open(root / "docs", os.O_RDONLY)
    for _ in range(1100):
        os.mkdir("a", dir_fd=here)
        below = os.open("a", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)


def replaced(path: str, make: Callable[[Path], object]) -> Callable[[Path], None]:
    def spoil(root: Path) -> None:
        (root / path).unlink(missing_ok=True)
        make(root / path)

    return spoil


def listening(file: Path) -> None:
    here = os.getcwd()
    os.chdir(file.parent)  # the name of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as unix:
            unix.bind(file.name)
    finally:
        os.chdir(here)


def sparse(file: Path) -> None:
    with file.open("wb") as stream:
        stream.truncate(1 << 40)


def written(text: str | bytes) -> Callable[[Path], object]:
    return lambda file: file.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)


def unreadable(path: str) -> Callable[[Path], None]:
    return lambda root: os.chmod(root / path, 0)


ODD: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "folders 1,100 deep": (deep, "docs" + "/a" * 32, "SEC143"),
    "an unreadable folder": (unreadable("docs/policies"), "docs/policies", "SEC140"),
    "an unreadable document": (unreadable("docs/policies/ai-policy.md"), "docs/policies/ai-policy.md", "SEC140"),
    "an unreadable org.yaml": (unreadable("org.yaml"), "org.yaml", "SEC140"),
    "a named pipe as a document": (replaced("docs/odd.md", os.mkfifo), "docs/odd.md", "SEC141"),
    "a named pipe as a register": (replaced("registers/measurements.yaml", os.mkfifo), "registers/measurements.yaml", "SEC141"),
    "a named pipe as org.yaml": (replaced("org.yaml", os.mkfifo), "org.yaml", "SEC141"),
    "a socket": (replaced("docs/odd.md", listening), "docs/odd.md", "SEC141"),
    "a folder named like a document": (replaced("docs/odd.md", Path.mkdir), "docs/odd.md", "SEC141"),
    "a folder named like a register": (replaced("registers/measurements.yaml", Path.mkdir), "registers/measurements.yaml", "SEC141"),
    "a folder as org.yaml": (replaced("org.yaml", Path.mkdir), "org.yaml", "SEC141"),
    "a document of a terabyte": (replaced("docs/odd.md", sparse), "docs/odd.md", "SEC142"),
    "a register of more than 1 MiB": (replaced("registers/odd.yaml", written("#" * ((1 << 20) + 1))), "registers/odd.yaml", "SEC142"),
    "a loop of links": (replaced("docs/loop", lambda file: file.symlink_to(file)), "docs/loop", "SEC101"),
    "a document that is not UTF-8": (replaced("docs/odd.md", written(b"caf\xe9")), "docs/odd.md", "SEC102"),
    "a register that is not UTF-8": (
        replaced("registers/measurements.yaml", written(b"# caf\xe9")),
        "registers/measurements.yaml",
        "SEC102",
    ),
    "a file name that is not UTF-8": (replaced(os.fsdecode(b"docs/caf\xe9.md"), written("# x")), "docs/caf[U+DCE9].md", "SEC103"),
    "a file name with a line break": (replaced("docs/a\nb.md", written("# x")), "docs/a", "SEC103"),
}


def in_turn(worlds: dict, world: str, count: int = 3) -> dict[str, tuple[str, ...]]:
    """`check` and so many of the other verbs, others for each world and each of them for some world."""
    others = [name for name in VERBS if name != "check"]
    begin = list(worlds).index(world) * count
    return {name: VERBS[name] for name in ("check", *(others[(begin + at) % len(others)] for at in range(count)))}


def assert_each_verb_ends_in_words(world: str, repository: Path, verbs: dict[str, tuple[str, ...]]) -> None:
    spoil, path, code = ODD[world]
    spoil(repository)
    who = NOBODY if "unreadable" in world else 0
    if who:
        subprocess.run(["chown", "-R", str(NOBODY), str(repository)], check=True)
    check = run(repository, verbs, who=who)["check"]
    assert check.code == 1
    assert f"{path}:1: {code} " in check.out or (path in check.out and code in check.out), check


def test_each_verb_has_its_turn_in_some_world():
    assert {name for world in ODD for name in in_turn(ODD, world)} == VERBS.keys()
    assert {name for world in GIT for name in in_turn(GIT, world, 5)} == VERBS.keys()


@pytest.mark.parametrize("world", ODD)
def test_an_odd_file_is_a_problem_of_its_own_and_verbs_end_in_words(world, repository):
    assert_each_verb_ends_in_words(world, repository, in_turn(ODD, world))


@pytest.mark.full
@pytest.mark.parametrize("world", ODD)
def test_an_odd_file_is_a_problem_of_its_own_and_every_verb_ends_in_words(world, repository):
    assert_each_verb_ends_in_words(world, repository, VERBS)


BROKEN: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    "org.yaml": (
        "org.yaml",
        "name: [",
        "ORG001",
        tuple(name for name in VERBS if name not in (*RESTS_ON_NOTHING, "check", "review", "review of commits")),
    ),
    "org.yaml with an unknown entry": (
        "org.yaml",
        "nmae: x\n",
        "ORG002",
        ("status", "reuse", "strategy", "roadmap", "gate", "trend", "evidence due", "import"),
    ),
    "no org.yaml": ("org.yaml", "", "ORG001", ("status", "reuse", "roadmap", "gate", "trend", "evidence verify")),
    "the roadmap": ("controls/roadmap.yaml", "a: [", "CAT001", ("roadmap",)),
    "the gates": ("controls/gates.yaml", "a: [", "CAT001", ("gate",)),
    "the strategies": ("controls/strategies.yaml", "a: [", "CAT001", ("strategy",)),
    "a crosswalk": ("controls/crosswalks/iso42001--iso27001.yaml", "a: [", "CAT001", ("reuse",)),
    "a catalogue": ("controls/iso42001.yaml", "a: [", "CAT001", ("status", "reuse", "roadmap")),
    "the head of evidence": ("registers/evidence/register.yaml", "a: [", "REG001", ("evidence due", "evidence verify")),
    "an AI system": ("registers/ai-systems/AIS-001.yaml", "id: AIS-001\na: [", "REG001", ("gate",)),
    "the ISMS's documents": ("registers/isms-documents.yaml", "a: [", "REG001", ("import",)),
    "the Statement of Applicability": ("registers/statement-of-applicability.yaml", "a: [", "SOA001", ("import",)),
    "a document": ("docs/policies/ai-policy.md", "---\nid: [\n---\n", "DOC001", ("codeowners",)),
}


@pytest.mark.parametrize("world", BROKEN)
def test_a_verb_that_needs_a_broken_file_says_which_and_where(world, repository):
    path, text, code, verbs = BROKEN[world]
    (repository / path).write_text(text, "utf-8")
    if not text:
        (repository / path).unlink()
    answers = run(repository, {name: VERBS[name] for name in verbs})
    for name in verbs:
        assert answers[name].code == 3, (name, answers[name])
        assert f"{path}:" in answers[name].err, (name, answers[name])
        assert f" {code} " in answers[name].err, (name, answers[name])


def broken_index(root: Path) -> None:
    (root / ".git/index").write_bytes(b"DIRC\0\0\0\2\xff\xff\xff\xff")


def lost_objects(root: Path) -> None:
    shutil.rmtree(root / ".git/objects")
    (root / ".git/objects").mkdir()


def no_git_folder(root: Path) -> None:
    shutil.rmtree(root / ".git")
    (root / ".git").write_text("gitdir: /nowhere\n", "utf-8")


def broken_head(root: Path) -> None:
    (root / ".git/HEAD").write_text("ref: refs/heads/nothing\n", "utf-8")


GIT: dict[str, Callable[[Path], None]] = {
    "a broken index": broken_index,
    "lost objects": lost_objects,
    "a link to no repository": no_git_folder,
    "a branch without a commit": broken_head,
    "another's repository": lambda root: subprocess.run(["chown", "-R", str(NOBODY), str(root)], check=True),
}


@pytest.mark.parametrize("world", GIT)
def test_a_broken_repository_of_git_stops_only_what_reads_commits(world, repository):
    GIT[world](repository)
    assert run(repository, in_turn(GIT, world, 5))["check"].code in (0, 1)


@pytest.mark.full
@pytest.mark.parametrize("world", GIT)
def test_a_broken_repository_of_git_stops_no_verb_without_words(world, repository):
    GIT[world](repository)
    assert run(repository)["check"].code in (0, 1)


def tree_with(root: Path, rows: list[tuple[str, str, str]]) -> str:
    """A commit on top of HEAD whose folder `docs` has further entries, as only a program makes them."""
    listing = (
        git(root, "ls-tree", "HEAD:docs").strip() + "\n" + "".join(f"{mode} {kind_of(mode)} {name}\t{path}\n" for mode, name, path in rows)
    )
    folder = git_fed(root, listing.encode("utf-8", "surrogateescape"), "mktree", "--missing")
    top = "".join(f"{row}\n" for row in git(root, "ls-tree", "HEAD").strip().split("\n") if not row.endswith("\tdocs"))
    whole = git_fed(root, f"{top}040000 tree {folder}\tdocs\n".encode(), "mktree")
    return git(root, "commit-tree", whole, "-p", "HEAD", "-m", "Odd").strip()


def kind_of(mode: str) -> str:
    return {"160000": "commit", "040000": "tree"}.get(mode, "blob")


def git_fed(root: Path, feed: bytes, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=root, input=feed, capture_output=True, check=True).stdout.decode().strip()


def tree_around(root: Path, tree: str) -> str:
    """A tree with another one as `a`, written as git writes it; a thousand starts of git would take seconds."""
    entry = b"40000 a\0" + bytes.fromhex(tree)
    data = b"tree %d\0" % len(entry) + entry
    name = hashlib.sha1(data).hexdigest()
    (root / ".git/objects" / name[:2]).mkdir(exist_ok=True)
    (root / ".git/objects" / name[:2] / name[2:]).write_bytes(zlib.compress(data))
    return name


def test_odd_entries_of_a_commit_are_problems_of_the_proposal(repository):
    large = git_fed(repository, b"x" * ((1 << 20) + 1), "hash-object", "-w", "--stdin")
    target = git_fed(repository, b"/etc/passwd", "hash-object", "-w", "--stdin")
    small = git_fed(repository, b"# Odd\n", "hash-object", "-w", "--stdin")
    head = git(repository, "rev-parse", "HEAD").strip()
    rows = [
        ("100644", large, "large.md"),
        ("100644", large, "picture.png"),
        ("120000", target, "link.md"),
        ("160000", head, "module"),
        ("100644", small, os.fsdecode(b"caf\xe9.md")),
    ]
    odd = tree_with(repository, rows)
    words = ("review", "HEAD", odd)
    answers = run(repository, {"markdown": words, "github": (*words, "--format", "github")})
    assert [answer.code in (0, 1) for answer in answers.values()] == [True, True], answers
    lines = answers["github"].out.splitlines()
    for path, code in (("docs/large.md", "SEC142"), ("docs/link.md", "SEC101"), ("docs/module", "SEC141")):
        assert any(path in line and code in line for line in lines), (path, lines)
    assert "picture.png" not in answers["github"].told
    deep_tree = git_fed(repository, f"100644 blob {small}\tx.md\n".encode(), "mktree")
    for _ in range(1100):
        deep_tree = tree_around(repository, deep_tree)
    deep_commit = tree_with(repository, [("040000", deep_tree, "a")])
    answer = run(repository, {"deep": ("review", "HEAD", deep_commit, "--format", "github")})["deep"]
    assert "SEC143" in answer.told, answer


PLACES: dict[str, dict[str, str]] = {
    "no home": {"HOME": ""},
    "the locale C": {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "an output of ASCII": {"PYTHONIOENCODING": "ascii"},
    "no programs": {"PATH": "/nowhere"},
}


@pytest.fixture(scope="module")
def usual(organisation) -> dict[str, Answer]:
    """What each verb says in a plain environment."""
    return run(organisation, real=True)


@pytest.mark.parametrize("world", PLACES)
def test_a_bare_environment_changes_no_verdict(world, organisation, usual):
    bare = run(organisation, real=True, **PLACES[world])
    for name in VERBS:
        if world == "no programs" and bare[name].code == 3:
            assert "git is not installed" in bare[name].err or usual[name] == bare[name], (name, bare[name])
        elif world != "no programs":
            assert bare[name] == usual[name], name


def shell(root: Path, line: str) -> subprocess.CompletedProcess:
    environment = {**os.environ, "PYTHONPATH": str(KIT), "PYTHONDONTWRITEBYTECODE": "1"}
    line = line.replace("AIMS", f"{shlex.quote(sys.executable)} -m macros")
    return subprocess.run(["sh", "-c", line], cwd=root, env=environment, capture_output=True, timeout=120, check=False)


def test_a_closed_or_full_output_is_said_where_it_can_be(organisation):
    done = shell(organisation, "AIMS check >&-")
    assert (done.returncode, b"the standard output is closed" in done.stderr) == (3, True)
    for verb in ("check", "explain"):
        done = shell(organisation, f"AIMS {verb} > /dev/full")
        assert done.returncode == 3, (verb, (done.stdout, done.stderr))
        assert b"the answer cannot be written (No space left on device)" in done.stderr, (verb, (done.stdout, done.stderr))
        assert b"Traceback" not in done.stderr
        assert b"Exception ignored" not in done.stderr
        assert shell(organisation, f"AIMS {verb} 2>&-").returncode in (0, 1)
        assert b"Traceback" not in shell(organisation, f"AIMS {verb} | head -c 1").stderr
    assert shell(organisation, "AIMS roadmap --root /nowhere 2> /dev/full").returncode == 3


def test_a_folder_that_was_deleted_is_no_repository(tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    done = shell(tmp_path, f"cd {shlex.quote(str(gone))} && rmdir {shlex.quote(str(gone))} && AIMS check")
    assert (done.returncode, b"Traceback" in done.stderr) == (3, False), (done.stdout, done.stderr)
    assert len(done.stderr.splitlines()) == 1


def test_whatever_the_machine_refuses_becomes_one_sentence(organisation, monkeypatch, capsys):
    from macros import __main__ as line
    from macros.command.verbs import VERBS as verbs

    refusals = {
        OSError(28, "No space left on device", "schemas/document.json"): "'schemas/document.json' cannot be used (No space left on device)",
        PermissionError(13, "Permission denied", b"docs/caf\xe9"): "'docs/caf[U+DCE9]' cannot be used (Permission denied)",
        OSError(5, "Input/output error"): "a file cannot be used (Input/output error)",
        RecursionError(): "nested too deeply",
        MemoryError(): "not enough memory",
        UnicodeEncodeError("ascii", "é", 0, 1, "ordinal not in range(128)"): "encoding",
    }
    for refusal, words in refusals.items():

        def refuse(_: object, refusal: Exception = refusal) -> int:
            raise refusal

        monkeypatch.setattr(verbs["explain"].load(), "run", refuse)
        assert line.main(["explain"]) == 3
        said = capsys.readouterr().err
        assert words in said
        assert said.count("\n") == 1
    monkeypatch.setattr(verbs["explain"].load(), "run", lambda _: {}["a mistake of ours"])
    with pytest.raises(KeyError):
        line.main(["explain"])


def test_a_file_that_vanishes_or_grows_while_it_is_read_is_a_problem(repository, monkeypatch):
    from macros.load import load_workspace
    from macros.load.tree import FolderTree
    from macros.load.workspace import _Loading

    tree = FolderTree(repository)  # the files as they were listed; who loads a folder lists them itself
    assert "docs/policies/ai-policy.md" in set(tree.paths())
    (repository / "docs/policies/ai-policy.md").unlink()
    (repository / "registers/measurements.yaml").write_bytes(b"#" * (2 << 20))
    found = {problem.location.path: str(problem) for problem in _Loading(tree).workspace().problems if problem.code.startswith("SEC14")}
    assert found == {
        "docs/policies/ai-policy.md": "docs/policies/ai-policy.md:1: SEC140 'docs/policies/ai-policy.md' vanished while it was read; "
        "run this again when nothing else changes the files",
        "registers/measurements.yaml": "registers/measurements.yaml:1: SEC142 'registers/measurements.yaml' is larger than 1 MiB; "
        "divide it: './aims registers split measurements --write'",
    }
    monkeypatch.setattr("macros.load.odd.MOST_FILES", 20)
    assert [problem.code for problem in load_workspace(repository).problems if problem.code == "SEC143"] != []


@pytest.mark.site
@pytest.mark.parametrize(
    ("path", "text", "told_of"),
    [
        ("docs/odd.md", b"# caf\xe9\n", "docs/odd.md:1: SEC102"),
        ("registers/measurements.yaml", b"a: [\n", "registers/measurements.yaml:"),
        ("org.yaml", b"name: [\n", "org.yaml:"),
    ],
)
def test_a_site_on_broken_files_is_refused_in_words(path, text, told_of, bake):
    root = bake()
    before = (root / path).read_bytes() if (root / path).exists() else None
    try:
        (root / path).write_bytes(text)
        page = root / "docs/measured.md"
        page.write_text('# Measured\n\n{{ register("measurements") }}\n', "utf-8")
        done = mkdocs_build(root, "--site-dir", str(root.parent / "odd-site"))
        assert done.returncode == 1
        assert "Traceback" not in done.stderr, done.stderr
        assert told_of in done.stderr
    finally:
        page.unlink()
        (root / path).unlink()
        if before is not None:
            (root / path).write_bytes(before)
