"""Loading: the strict reader against PyYAML, over the catalogues and over generated front matter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import yaml

from benchmarks.repositories import KIT, copies, documents_of, front_matter, worked_organisation
from benchmarks.rounds import Row, take_turns
from macros.text.strict_yaml import parse

NAME = "loading"
SIZES, QUICK_SIZES = (1000, 4000), (100,)


def measure(folder: Path, rounds: int, quick: bool) -> Iterator[Row]:
    """Read every text once a round with each reader."""
    originals = documents_of(worked_organisation(folder))
    sets: dict[str, list[str]] = {}
    if not quick:
        paths = sorted((KIT / "controls").rglob("*.yaml"))
        sets[f"controls/, {len(paths)} files"] = [path.read_text("utf-8") for path in paths]
    for size in QUICK_SIZES if quick else SIZES:
        sets[f"{size:,} front matters"] = [front_matter(text) for _, text in copies(originals, size)]
    for what, texts in sets.items():
        times = take_turns(
            {
                "ours": partial(_read, parse, texts),
                "CSafeLoader": partial(_read, partial(yaml.load, Loader=yaml.CSafeLoader), texts),
                "SafeLoader": partial(_read, partial(yaml.load, Loader=yaml.SafeLoader), texts),
            },
            rounds,
        )
        yield Row(NAME, what, "PyYAML CSafeLoader (floor)", times["ours"], times["CSafeLoader"])
        yield Row(NAME, what, "PyYAML SafeLoader", times["ours"], times["SafeLoader"])


def _read(reader: Callable[[str], object], texts: list[str]) -> None:
    for text in texts:
        reader(text)
