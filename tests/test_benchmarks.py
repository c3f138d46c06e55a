"""The benchmarks run and print ratios. What they measure is never a test: no time is asserted here."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter

import pytest

from benchmarks.floor import check_everything, read_and_parse
from benchmarks.report import as_table
from benchmarks.repositories import copies, documents_of, grown
from benchmarks.rounds import Row, take_turns
from tests.conftest import KIT

MODULES = sorted((KIT / "benchmarks").glob("*.py"))


def test_the_smallest_benchmark_prints_ratios_and_writes_every_value(tmp_path):
    figures = tmp_path / "figures.json"
    words = [sys.executable, "-m", "benchmarks", "--only", "loading", "--quick", "--json", str(figures)]
    done = subprocess.run(words, cwd=KIT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^Python \d+\.\d+\.\d+, \w+ \w+, \d+ cores, pyyaml ", done.stdout)
    rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in done.stdout.splitlines() if line.startswith("| loading")]
    assert [row[1:3] for row in rows] == [["100 front matters", "PyYAML CSafeLoader (floor)"], ["100 front matters", "PyYAML SafeLoader"]]
    assert all(float(row[5]) > 0 for row in rows)
    written = json.loads(figures.read_text("utf-8"))
    assert [row["ratio"] > 0 for row in written["rows"]] == [True, True]
    assert str(KIT) not in done.stdout + figures.read_text("utf-8")


def test_a_name_that_is_no_benchmark_is_a_mistake_of_usage():
    done = subprocess.run([sys.executable, "-m", "benchmarks", "--only", "speed"], cwd=KIT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "choose from 'loading', 'check', 'repeated', 'review-size', 'site', 'faults', 'forgeries', 'doorstop'" in done.stderr


def test_contestants_take_turns():
    seen: list[str] = []
    times = take_turns({"A": lambda: seen.append("A"), "B": lambda: seen.append("B")}, 2)
    assert "".join(seen) == "ABABAB"
    assert [len(values) for values in times.values()] == [2, 2]


def test_the_ratio_is_taken_round_by_round():
    row = Row("check", "10 documents", "a floor", (1.0, 9.0, 4.0), (2.0, 3.0, 1.0))
    assert row.ratios == (0.5, 3.0, 4.0)
    assert as_table([row]) == (
        "| Benchmark | What         | Against |    Kit |  Other | Ratio |  Min |  Max | Rounds |\n"
        "|-----------|--------------|---------|-------:|-------:|------:|-----:|-----:|-------:|\n"
        "| check     | 10 documents | a floor | 4.00 s | 2.00 s |  3.00 | 0.50 | 4.00 |      3 |"
    )


def test_a_grown_repository_is_as_sound_as_the_worked_organisation(example, tmp_path):
    repository = grown(example, tmp_path, 120)
    assert len(documents_of(repository)) == 120
    assert {problem.code for problem in check_everything(repository)} == {problem.code for problem in check_everything(example)}


def test_copies_share_neither_id_nor_name_nor_body(example):
    originals = documents_of(example)
    made = list(copies(originals, 4000))
    ids = Counter(text.split("\n", 2)[1] for _, text in made)
    assert len(ids) == len({path for path, _ in made}) == len({text.split("\n---\n", 1)[1] for _, text in made}) == 4000
    assert not ids.keys() & {text.split("\n", 2)[1] for text in originals.values()}


def test_the_floor_reads_what_the_loader_reads(example):
    texts = [kept for kept in read_and_parse(example) if isinstance(kept, str)]
    assert len(texts) > 150
    assert any("id: POL-001" in text for text in texts)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_module_of_the_benchmarks_is_small_and_says_what_it_is(path):
    text = path.read_text("utf-8")
    assert text.startswith('"""')
    assert text.count("\n") <= 400
