"""Which answers are tested together: every choice, every pair of choices, and the whole product."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

QUESTIONS = json.loads((Path(__file__).resolve().parent.parent / "cookiecutter.json").read_text("utf-8"))
CHOICES: dict[str, list[str]] = {
    **{name: values for name, values in QUESTIONS.items() if isinstance(values, list) and not name.startswith("_")},
    "isms_since": ["2022", "none"],
}

NAMES = (
    'Söhne & "Co" <x>',
    "شركة المثال للبرمجيات",
    "🦊 Fox & Sons 株式会社",
    "-leading hyphen Ltd",
    "@at the start Ltd",
    "Colon: the company's # 1 {x}",
    "An organisation with a name of eighty characters, which is rather long to print!",
    "* Star_and_underscore *",
    "O'Neill | pipes, [brackets] `ticks` \\ slashes ~ 100 %",
    "yes",
    "12:30",
    "null",
)


def is_valid(answers: dict[str, str]) -> bool:
    """Whether the generator is to accept these answers."""
    some_role = "yes" in (answers["develops_ai"], answers["provides_ai"], answers["uses_ai"])
    return some_role and (answers["isms_since"] != "none" or answers["integration_strategy"] == "standalone")


def product() -> list[dict[str, str]]:
    """Every valid combination of answers."""
    combined = (dict(zip(CHOICES, values, strict=True)) for values in itertools.product(*CHOICES.values()))
    return [answers for answers in combined if is_valid(answers)]


def pairs() -> list[dict[str, str]]:
    """A small set of combinations in which every valid pair of choices occurs, chosen greedily."""
    everything = product()
    wanted = {pair for answers in everything for pair in _pairs_of(answers)}
    chosen = []
    while wanted:
        best = max(everything, key=lambda answers: len(_pairs_of(answers) & wanted))
        chosen.append(best)
        wanted -= _pairs_of(best)
    return chosen


def _pairs_of(answers: dict[str, str]) -> set[tuple]:
    return set(itertools.combinations(answers.items(), 2))


def label(answers: dict[str, str]) -> str:
    """A combination as the name of a test."""
    return "-".join(answers.values())
