"""Every verb over a repository whose every text means harm: nothing on the screen acts, and no line is a command to a job."""

from __future__ import annotations

import json
import os
import re
import shutil

import pytest

from macros.__main__ import VERBS, main
from macros.encode.characters import ACTING
from tests.conftest import KIT, copy_without_engine
from tests.forked import started
from tests.payloads import ACTING as HARMFUL
from tests.payloads import COMMANDS, SEVERAL_LINES, poisoned, seed
from tests.test_payloads import CHANGED, git

FORMATS = ("github", "gitlab", "json", "junit", "markdown", "sarif", "text")
RAW = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
RUNS = (
    *(("check", "--format", form) for form in FORMATS),
    ("status",),
    ("status", "--all"),
    ("status", "iso42001:A.5.3"),
    ("status", "--format", "json"),
    *(("reuse", "--format", form) for form in ("csv", "json", "markdown", "text")),
    ("strategy", "--no-input"),
    ("strategy", "--no-input", "--format", "json"),
    *(("next", "--all", "--format", form) for form in ("json", "markdown", "text")),
    ("next", "--for", "\x1b[31m"),
    ("roadmap",),
    ("roadmap", "--format", "json"),
    *(("gate", "AIS-001", "--format", form) for form in ("json", "markdown", "text")),
    ("gate", "::error::x"),
    ("gate", "AIS-001", "--stage", "\x1b[31m"),
    ("management-review",),
    ("evidence", "due"),
    ("evidence", "due", "--within", "900"),
    ("evidence", "due", "--within", "900", "--format", "json"),
    ("evidence", "verify"),
    ("evidence", "verify", "--format", "json"),
    *(("trend", "--every", "month", "--last", "2", "--format", form) for form in ("json", "markdown", "text")),
    ("codeowners",),
    ("completion", "bash"),
    ("completion", "\x1b[31m"),
    ("explain",),
    ("explain", "SEC110"),
    ("explain", "\x1b]0;x\x07"),
    ("manual",),
    ("manual", "commands"),
    ("manual", "SEC110"),
    ("manual", "\x1b[31m"),
    ("manual", "::error::x"),
    ("new", "concern", "side=staff", "summary=It answers rudely."),
    ("new", "concern", "side=staff", "summary=It answers rudely.", "--format", "json"),
    ("new", "concern", "side=::error::x", "summary=\x1b[31m"),
    ("new", "\x1b[31m"),
    ("rename", "RSK-001", "RSK-900"),
    ("rename", "\x1b[31m", "::error::x"),
    ("retire", "AIS-001"),
    ("retire", "\x1b[31m"),
    ("confirm", "POL-001", "PRO-006", "--by", "ai-governance-lead"),
    ("approve", "PRO-028", "AIA-001", "--as", "top-management", "--by", "maeve-tarn"),
    (
        "adopt",
        "PRO-028",
        "--by",
        "maeve-tarn",
        "--because",
        "It was compared with the steps of last year, and fits.",
        "--section",
        "Purpose",
    ),
    ("adopt", "\x1b[31m", "--by", "::error::y", "--because", "::error::z"),
    ("approve", "\x1b[31m", "--as", "::error::x", "--by", "::error::y"),
    ("confirm", "\x1b[31m", "--by", "::error::x"),
    ("registers", "list"),
    ("soa", "decide", "--no-input", "--replace"),
    ("soa", "decide", "--no-input", "--replace", "--format", "json"),
    ("soa", "decide", "--accept", "\x1b[31m", "--by", "top-management", "--on", "2026-11-01"),
    ("registers", "split", "acknowledgements"),
    ("registers", "split", "\x1b[31m"),
    ("schema",),
    ("doctor",),
    ("doctor", "--format", "json"),
    ("schema", "\u202ex"),
    *(("review", "HEAD~1", "--author", "a\x1b[31m", "--format", form) for form in ("github", "gitlab", "json", "markdown")),
    ("review", "::error::x"),
    ("import", "isms", "list.csv"),
    ("import", "isms", "list.csv", "--format", "json"),
    ("import", "isms", "\x1b[31m.csv"),
    ("approvals", "reviews.json", "--base", "HEAD~1", "--commit", "HEAD"),
    ("approvals", "reviews.json", "--base", "HEAD~1", "--commit", "HEAD", "--format", "json"),
    ("comment", "report.json"),
    ("comment", "\x1b[31m.json"),
)


def judged(out, err, form=""):
    """That nothing in what a verb printed acts."""
    for text in (out, err):
        assert not RAW.search(text), ascii(RAW.search(text))
        for row in text.split("\n"):
            if form == "github" and text is out:
                assert re.match(r"::(error|warning|notice) file=[^:]*::|$", row), row
                row = row.split("::", 2)[-1]
            assert not re.search(r"^\s*::|##\[|##vso\[", row), row


@pytest.fixture(scope="module")
def repository(example, tmp_path_factory):
    root = tmp_path_factory.mktemp("terminal") / "repository"
    copy_without_engine(example, root)
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A", GIT_AUTHOR_NAME="first")
    git(root, "commit", "-qm", "first", GIT_AUTHOR_NAME="first", GIT_COMMITTER_DATE="2026-01-02T00:00:00Z")
    seed(root)
    put = poisoned(root, COMMANDS + SEVERAL_LINES)
    assert len(put.put) > 200 and put.used == {*COMMANDS, *SEVERAL_LINES}
    (root / "evidence/::error::x.txt").write_text("x\n", "utf-8")
    git(root, "add", "-A", GIT_AUTHOR_NAME="x")
    git(root, "commit", "-qm", "::error::forged", GIT_AUTHOR_NAME="::error::forged")
    rows = ["Number,Title,Version,Owner", *(f'"{text}","{text}","{text}","{text}"' for text in (*COMMANDS, *HARMFUL[:3], *HARMFUL[4:]))]
    (root / "list.csv").write_text("\n".join(rows).replace("\0", "") + "\n", "utf-8")
    login = "x\x1b[31m\u202e::error::\r\n::error::y"
    review = {"user": {"login": login}, "state": "APPROVED", "submitted_at": "2026-11-01T10:00:00Z", "commit_id": "0" * 40, "body": ""}
    (root / "reviews.json").write_text(json.dumps([review]), "utf-8")
    return root


@pytest.mark.parametrize("words", RUNS, ids=lambda words: ascii(" ".join(words)))
def test_no_verb_prints_what_acts(words, repository, capsys, monkeypatch):
    monkeypatch.chdir(repository)
    if words[0] == "comment" and not (repository / "report.json").exists():
        assert main(["review", "HEAD~1", "--json", "report.json"]) in (0, 1)
        capsys.readouterr()
    try:
        code = main(list(words))
    except SystemExit as stop:
        code = stop.code
    out, err = capsys.readouterr()
    assert code in (0, 1, 2, 3)
    assert out or err
    judged(out, err, words[-1])


def test_every_verb_is_run():
    assert {words[0] for words in RUNS} == set(VERBS) - {"build", "serve"}  # these build a site, as the test with a browser does


PLACES = {
    "org.yaml": (r"(?m)^name: .*$", "name: {}"),
    CHANGED: (r"(?m)^title: .*$", "title: {}"),
    "registers/risks/RSK-001.yaml": (r"(?m)^title: .*$", "title: {}"),
    "registers/suppliers.yaml": (r"(?m)^title: .*$", "title: {}"),
    "registers/statement-of-applicability.yaml": (r"(?m)^title: .*$", "title: {}"),
    "controls/iso42001.yaml": (r"(?m)^title: .*$", "title: {}"),
    "controls/parameters.yaml": (r"(?m)^title: .*$", "title: {}"),
    "controls/crosswalks/iso42001--iso27001.yaml": (r"(?m)^title: .*$", "title: {}"),
}


@pytest.fixture(scope="module")
def broken(example, tmp_path_factory):
    """A text that acts, written with escapes and as it is, in one entry of each kind of file, in a body, and as names of files."""
    root = copy_without_engine(example, tmp_path_factory.mktemp("broken") / "repository")
    for number, (path, (pattern, put)) in enumerate(PLACES.items()):
        text = (root / path).read_text("utf-8")
        value = json.dumps(HARMFUL[number % len(HARMFUL)])
        text, count = re.subn(pattern, lambda _, put=put, value=value: put.format(value), text, count=1)
        assert count == 1, path
        (root / path).write_text(text, "utf-8", newline="\n")
    (root / "docs/policies/raw.md").write_text("# x\x1b[31m\n\n\u202eb\x9b\n&#x202e;\n", "utf-8", newline="\n")
    (root / "docs/policies/x\x1b[31m\u202e.md").write_text("# x\n", "utf-8")
    (root / "evidence/a\nb\x85.txt").write_text("x\n", "utf-8")
    return root


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_refused_is_named_with_its_place_and_shown_without_harm(form, broken):
    done = started("macros", "check", "--format", form, cwd=broken, env={**os.environ, "PYTHONPATH": str(KIT)}, known=True, text=False)
    out, err = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    assert done.returncode == 1 and "Traceback" not in err and len(out) > 500, err
    judged(out, err, form)
    assert not ACTING.search(out)
    if form == "text":
        named = {found.group(1): int(found.group(2)) for found in re.finditer(r"(?m)^(.+?):(\d+): SEC110 ", out)}
        assert set(PLACES) <= set(named)
        for path in PLACES:
            assert re.search("(?m)^(?:title|name): ", (broken / path).read_text("utf-8").split("\n")[named[path] - 1])
        assert re.findall(r"docs/policies/raw\.md:(\d): SEC110", out) == ["1", "3", "3", "4"]
        assert "docs/policies/x[U+001B][31m[U+202E].md:1: SEC110 the name of the file" in out


def test_a_title_of_two_lines_is_refused(example, tmp_path):
    root = copy_without_engine(example, tmp_path / "repository")
    for path in ("registers/risks/RSK-001.yaml", CHANGED):
        text = (root / path).read_text("utf-8")
        (root / path).write_text(re.sub(r"(?m)^title: .*$", r'title: "a\\n::error::b"', text, count=1), "utf-8", newline="\n")
    (root / "docs/policies/index.md").write_text('---\ntitle: "a\\tb"\n---\n\nText.\n', "utf-8", newline="\n")
    done = started("macros", "check", cwd=root, env={**os.environ, "PYTHONPATH": str(KIT)}, known=True)
    for start in ("registers/risks/RSK-001.yaml:", CHANGED + ":", "docs/policies/index.md:2:"):
        rows = [row for row in done.stdout.split("\n") if row.startswith(start) and "on one line" in row]
        assert len(rows) == 1, done.stdout
    assert not re.search(r"(?m)^\s*::", done.stdout)
    shutil.rmtree(root)
