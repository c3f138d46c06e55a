"""Whatever is done to an input, a verb reads it or says a sentence with file and line, within bounds of time and memory."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import KIT
from tests.mutations.inputs import INPUTS

SEED = 42001


def campaign(seed: int, count: int, folder: Path) -> tuple[subprocess.CompletedProcess, dict]:
    words = [sys.executable, "-m", "tests.mutations", "--seed", str(seed), "--count", str(count), "--folder", str(folder)]
    done = subprocess.run(words, cwd=KIT, capture_output=True, text=True, encoding="utf-8", check=False, timeout=6 * 3600)
    print(done.stdout, done.stderr)
    return done, json.loads(done.stdout or "{}")


def assert_sound(done: subprocess.CompletedProcess, figures: dict, count: int) -> None:
    assert done.returncode == 0, done.stderr
    assert figures["failures"] == 0
    assert figures["cases"] == count
    assert set(figures["by_input"]) == {given.name for given in INPUTS}
    assert figures["sure"] > count // 20, "too few cases in which somebody has to notice"


def test_a_thousand_damaged_inputs_give_a_sentence_each(tmp_path):
    assert_sound(*campaign(SEED, 1_000, tmp_path), 1_000)


@pytest.mark.full
def test_twenty_thousand_damaged_inputs_give_a_sentence_each(tmp_path):
    """Others at each run; the number that is printed makes them again."""
    assert_sound(*campaign(secrets.randbelow(10**9), 20_000, tmp_path), 20_000)


PLANTED = """
import json, sys, time
from pathlib import Path
from tests.mutations import campaign, trial

campaign.SECONDS, campaign.BLOCKED, campaign.BATCH, campaign.LONG_TRIES = 3, 20, 40, 0
trial.MEMORY = 256 << 20
real = trial.main


def planted(words):
    root = Path(words[words.index("--root") + 1]) if "--root" in words else None
    if words[0] == "status":
        return {}["no such key"]
    if words[0] == "reuse":
        while True:
            pass
    if words[0] == "codeowners":
        time.sleep(600)
    if words[0] == "strategy":
        bytearray(trial.MEMORY)
        return 0
    if words[0] == "roadmap":
        print("Traceback (most recent call last):\\\\nKeyError: x", file=sys.stderr)
        return 0
    if words[0] == "gate":
        print("two\\\\nlines", file=sys.stderr)
        return 3
    if words[0] == "management-review":
        print("\\\\ud800")
        return 0
    if words[0] == "trend":
        return 7
    if words[:3] == ("check", "--format", "json"):
        print('{"problems": []}')
        return 0
    return real(words)


chosen = [given for given in campaign.INPUTS if given.name in ("organisation", "tables")]
made = campaign.Campaign(Path(sys.argv[1]), 5, chosen)
again = [made.case(7) == made.case(7), made.case(7).data != made.case(8).data]
trial.main = planted
by_verb = {}
for number in range(400):
    by_verb.setdefault(made.case(number).words[0], []).append(number)
silent = [number for number in by_verb["check"] if made.case(number).sure and made.case(number).words[2:] == ("json",)]
numbers = [by_verb[verb][0] for verb in ("status", "reuse", "codeowners", "strategy", "roadmap", "gate", "management-review", "trend")]
tally = made.run([*numbers, silent[0]])
failures = [(failure.case, failure.fault, Path(failure.file).stat().st_size) for failure in tally.failures]
print(json.dumps({"again": again, "cases": tally.cases, "failures": failures}))
"""


def test_the_campaign_sees_each_kind_of_fault_that_is_planted(tmp_path):
    """And goes on behind it: a process that is killed takes no other case with it."""
    done = subprocess.run(
        [sys.executable, "-c", PLANTED.replace("\\\\", "\\"), str(tmp_path)],
        cwd=KIT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=1800,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["again"] == [True, True]
    assert seen["cases"] == 9
    faults = {case.split(", ")[-1].split()[0]: (fault, size) for case, fault, size in seen["failures"]}
    assert len(seen["failures"]) == 9
    assert faults["status"][0].startswith("traceback KeyError in ")
    assert faults["status"][1] == 0, "the smallest input with which it fails is none at all"
    assert faults["reuse"][0] == "takes longer than 3 seconds of processor time"
    assert faults["codeowners"][0] == "waits for more than 20 seconds"
    assert faults["strategy"][0].startswith("more than ") and faults["strategy"][0].endswith(" of memory")
    assert faults["roadmap"][0].startswith("a traceback on the screen")
    assert faults["gate"][0].startswith("exit code 3 without one sentence")
    assert faults["management-review"][0].startswith("traceback UnicodeEncodeError")
    assert faults["trend"][0] == "exit code 7"
    assert faults["check"][0].startswith("no problem names '")
