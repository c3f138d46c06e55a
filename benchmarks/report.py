"""What was measured, as a table for people and as JSON for programs."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from benchmarks.rounds import Row

HEADINGS = ("Benchmark", "What", "Against", "Kit", "Other", "Ratio", "Min", "Max", "Rounds")
_TOOLS = ("pyyaml", "pydantic", "mkdocs", "mkdocs-material")


@dataclass(frozen=True, slots=True)
class Machine:
    """Where it was measured, without a name or a path."""

    python: str
    system: str
    cores: int
    tools: dict[str, str]

    def __str__(self) -> str:
        tools = ", ".join(f"{name} {number}" for name, number in self.tools.items())
        return f"Python {self.python}, {self.system}, {self.cores} cores, {tools}"


def machine() -> Machine:
    """This machine."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Machine(platform.python_version(), f"{platform.system()} {platform.machine()}", cores, {name: version(name) for name in _TOOLS})


def cells(row: Row) -> tuple[str, ...]:
    """A row of the table as text; a median where there are several values."""
    return (
        row.benchmark,
        row.what,
        row.against,
        _value(row.ours, row.unit),
        _value(row.theirs, row.unit),
        _ratio(row.ratio),
        _ratio(min(row.ratios)),
        _ratio(max(row.ratios)),
        str(len(row.ratios)),
    )


def as_table(rows: Iterable[Row]) -> str:
    """A table in Markdown, aligned so that it reads well on a screen too."""
    lines = [HEADINGS, *map(cells, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rule = "|".join("-" * (width + 1) + ("-" if index < 3 else ":") for index, width in enumerate(widths))
    return "\n".join([_line(lines[0], widths), f"|{rule}|", *(_line(line, widths) for line in lines[1:])])


def as_json(rows: Iterable[Row], where: Machine) -> str:
    """Every value of every round."""
    listed = [
        {
            "benchmark": row.benchmark,
            "what": row.what,
            "against": row.against,
            "unit": row.unit,
            "kit": row.ours,
            "other": row.theirs,
            "ratios": row.ratios,
            "ratio": row.ratio,
        }
        for row in rows
    ]
    about = {"python": where.python, "system": where.system, "cores": where.cores, "tools": where.tools}
    return json.dumps({"machine": about, "rows": listed}, indent=2) + "\n"


def _line(texts: Sequence[str], widths: Sequence[int]) -> str:
    padded = [text.ljust(width) if index < 3 else text.rjust(width) for index, (text, width) in enumerate(zip(texts, widths, strict=True))]
    return "| " + " | ".join(padded) + " |"


def _value(values: Sequence[float], unit: str) -> str:
    middle = statistics.median(values)
    if unit == "s" and middle < 1:
        return f"{1000 * middle:.0f} ms"
    return f"{middle:.2f} {unit}" if unit != "MiB" else f"{middle:.0f} {unit}"


def _ratio(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"
