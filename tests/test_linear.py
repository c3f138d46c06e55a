"""No text takes longer than its length: each regular expression, and everything that reads a stranger's text, is pumped.

Growth is measured in processor time of one process against itself, so that a busy machine changes nothing; a run
that does not end is ended, and is a failure.
"""

from __future__ import annotations

import datetime
import os
import re
import subprocess
import sys

import pytest

from macros.load import load_workspace
from macros.problem import nearest
from macros.review.sentences import Sentence, compare
from macros.text.front_matter import split
from macros.text.strict_yaml import YamlProblem
from tests import pumps
from tests.conftest import KIT


def pumped(what: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "tests.pumps", what],
        cwd=KIT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=3000,  # a net; it takes a minute or two of processor time
        check=False,
    )


@pytest.mark.parametrize("what", ["patterns", "readers", pytest.param("readers at length", marks=pytest.mark.full)])
def test_nothing_that_reads_a_text_takes_longer_than_its_length(what):
    done = pumped(what)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    count, slow = map(int, re.fullmatch(r"(\d+) (?:patterns|readers), (\d+) slow\n", done.stdout).groups())
    assert slow == 0
    assert count >= {"patterns": 150, "readers": 25}[what.split()[0]]


def test_every_pattern_of_the_code_is_found():
    places = {one.place.split(":")[0] for one in pumps.every_pattern()}
    assert {"macros/text/front_matter.py", "macros/review/sentences.py", "hooks/pre_gen_project.py", "macros/checks/secrets.py"} <= places
    written = {
        file.relative_to(KIT).as_posix()
        for file in pumps.code_files()
        if re.search(r"\bre\.(?:compile|match|search|sub|findall|split|fullmatch)\(", file.read_text("utf-8"))
    }
    assert written - places == set()


@pytest.mark.parametrize(
    "pattern",
    [
        r"^(?:\s|<!--.*?-->)+-{3}[ \t]*\n[ \t]*[A-Za-z_][\w-]*:",
        r"#{1,6}[ \t]+(.*?)[ \t#]*$",
        r"[a-z0-9-]+:[A-Z0-9]",
        r"\{\{\s*([\w.]+)\s*(?:\([^)]*\))?\s*\}\}",
        r"\s*\|$",
        r"(a|aa)+$",
    ],
)
def test_a_slow_pattern_is_seen_to_be_slow(pattern):
    code = "import signal, sys; from tests import pumps; pumps.LONGEST = 0.5; signal.signal(signal.SIGVTALRM, pumps._stop); "
    code += f"print(pumps.slow_in(pumps.Found('here:1', {pattern!r}, {int(re.DOTALL | re.MULTILINE)}, frozenset({{'search'}}))))"
    done = subprocess.run([sys.executable, "-c", code], cwd=KIT, capture_output=True, text=True, timeout=600, check=True)
    assert done.stdout.startswith("here:1 all: "), done.stdout


@pytest.mark.parametrize(("power", "slow"), [(1, False), (2, True)])
def test_what_outgrows_its_text_is_seen_in_the_process_of_the_test_too(power, slow):
    def run(text: str) -> None:
        for _ in range(len(text) if power == 1 else len(text) ** 2 // 2):
            pass  # two million rounds on the smaller text: far beyond the floor, and the larger one is stopped or a hundred times as long

    assert bool(pumps.outgrows(run, lambda size: "a" * size, 2_000)) is slow


def test_front_matter_behind_comments_is_still_named_with_its_line():
    text = "\n<!-- a -->\n<!-- b\nc -->\n---\ntitle: x\n---\n"
    with pytest.raises(YamlProblem) as told:
        split(text)
    assert (told.value.line, told.value.message) == (5, "the front matter does not begin in the first column of the first line")
    assert split("<!-- a -->\n" * 30_000).body.count("a") == 30_000
    assert split("<!-- a ---\n---\ntitle: x\n").head is None


def test_sentences_that_would_be_compared_for_hours_are_removed_and_added():
    def side(word: str) -> tuple[Sentence, ...]:
        return tuple(Sentence("Scope", f"{word} {at} " + "a b " * 900, f"{word} {at}", at) for at in range(300))

    changes, editorial = compare(side("old"), side("new"))
    assert editorial == 0
    words = [change.word for change in changes]
    assert words.count("removed") > 200
    assert words.count("removed") == words.count("added")


def test_the_nearest_name_is_looked_for_among_names_and_not_in_texts():
    assert nearest("polcy", ["policy", "record"]) == "policy"
    assert nearest("p" * 100_000, ["policy"]) is None
    assert nearest("policy", ["p" * 100_000, "policx"]) == "policx"
    many = [f"{letter}{number:06}" for letter in "abcdef" for number in range(20_000)]
    assert nearest("c019999x", many) is not None


def test_a_document_of_a_megabyte_of_anything_is_judged(example, tmp_path):
    from macros.world import World
    from tests.conftest import copy_without_engine

    root = copy_without_engine(example, tmp_path / "organisation")
    head = (root / "docs/policies/ai-policy.md").read_text("utf-8").split("\n---\n")[0] + "\n---\n"
    bodies = ['{{ role("nobody") }}\n', "{{a(", "# #\n", "<!-- a -->\n", "iso42001:A.9.9.9 ", "[a](b.md) ", "TBD [Name] ", "password: "]
    for at, body in enumerate(bodies):
        (root / f"docs/policies/odd-{at}.md").write_text(head.replace("POL-001", f"POL-9{at:02}") + body * (200_000 // len(body)), "utf-8")
    workspace = load_workspace(root)
    assert len([document for document in workspace.documents if "odd-" in document.path]) == len(bodies)
    found = [problem for problem in World(workspace, datetime.date(2026, 11, 16), root).problems if "odd-0" in problem.location.path]
    assert len([problem for problem in found if problem.code == "TRC103"]) > 9_000
