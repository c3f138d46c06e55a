"""A small organisation with one of everything, so that a verb over all of it takes hundredths of a second."""

from __future__ import annotations

import datetime
import json
import re
import shutil
from pathlib import Path

from examples.make import make_example
from macros.checks import run_checks
from macros.load import load_workspace
from macros.problem import Severity
from tests.review_setup import commit, git

TODAY = datetime.date(2026, 11, 16)
ROWS = 2
"""Rows that are kept of each table."""
LINES = 90
"""Lines that are kept of each document."""
ROUNDS = 4
DOCUMENTS = (
    "docs/index.md",
    "docs/policies/ai-policy.md",
    "docs/procedures/human-oversight.md",
    "docs/roles/ai-governance-lead.md",
)
CONTROLS = (
    "controls/gates.yaml",
    "controls/parameters.yaml",
    "controls/related-standards.yaml",
    "controls/roadmap.yaml",
    "controls/strategies.yaml",
    "controls/crosswalks/iso42001--iso27001.yaml",
)
CATALOGUES = ("controls/iso27001.yaml", "controls/iso42001.yaml", "controls/eu-ai-act.yaml")
EVIDENCE = ("EV-001", "EV-013", "EV-014")
FILES_OF_A_FOLDER = 1
_IDS = re.compile(r"\b[A-Z]{2,3}-[\d-]*\d\b|\b(?:iso\d+|eu-ai-act):[A-Za-z.\d]*\w|(?<=param\(.)\w+")


def small_organisation(target: Path) -> Path:
    """The worked organisation at `target`, cut down to one of everything that the engine reads; without the engine."""
    whole = make_example(target.with_name(target.name + "-whole"))
    single = ["org.yaml", "mkdocs.yml", "README.md", "CODEOWNERS", *DOCUMENTS]
    tables = [path.relative_to(whole).as_posix() for path in sorted((whole / "registers").glob("*.yaml"))]
    for folder in sorted(path for path in (whole / "registers").iterdir() if path.is_dir()):
        records = sorted(folder.glob("[A-Z]*.yaml"))
        kept = [path for path in records if path.stem in EVIDENCE] if folder.name == "evidence" else records[:FILES_OF_A_FOLDER]
        single += [path.relative_to(whole).as_posix() for path in (folder / "register.yaml", *kept)]
    texts = {path: _beginning(path, (whole / path).read_text("utf-8")) for path in single}
    wanted = frozenset(
        _IDS.findall("\n".join(text for path, text in texts.items() if not path.startswith("registers/management-reviews/MR")))
    )
    texts |= {path: shortened((whole / path).read_text("utf-8"), wanted, ROWS) for path in tables}
    texts |= {path: shortened((whole / path).read_text("utf-8"), frozenset(), ROWS) for path in CONTROLS}
    texts |= {path: shortened((whole / path).read_text("utf-8"), wanted, 0) for path in CATALOGUES}
    for path, text in texts.items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_text(text, encoding="utf-8", newline="\n")
    shutil.copytree(whole / "evidence", target / "evidence")
    record = json.loads((whole / ".aims.json").read_text("utf-8"))
    (target / ".aims.json").write_text(json.dumps({**record, "files": {}}, indent=1) + "\n", "utf-8")
    (target / ".cruft.json").write_text('{\n "template": "kit",\n "commit": "0000000",\n "context": {}\n}\n', "utf-8")
    shutil.rmtree(whole)
    _drop_lines_that_lead_out(target)
    return target


def with_history(source: Path, target: Path) -> Path:
    """A git repository with two commits of an organisation: the second changes a document, an approver and a record."""
    shutil.copytree(source, target)
    git(target, "init", "--quiet", "--initial-branch", "main")
    commit(target, "Begin")
    policy = target / DOCUMENTS[1]
    text = policy.read_text("utf-8")
    policy.write_text(text + "\nEverybody reports a concern within two days.\n", "utf-8")
    commit(target, "Ask for concerns within two days")
    return target


def _drop_lines_that_lead_out(target: Path) -> None:
    """Take away the lines of texts and lists that name what was cut off, so that a fault can be seen among few others."""
    for _ in range(ROUNDS):
        named: dict[str, set[int]] = {}
        for problem in run_checks(load_workspace(target), TODAY):
            if problem.severity is Severity.ERROR:
                named.setdefault(problem.location.path, set()).add(problem.location.line)
        for path, numbers in named.items():
            lines = (target / path).read_text("utf-8").splitlines(keepends=True)
            kept = [line for number, line in enumerate(lines, 1) if number not in numbers or not _can_go(path, lines[number - 2], line)]
            (target / path).write_text("".join(kept), encoding="utf-8", newline="\n")


def _can_go(path: str, before: str, line: str) -> bool:
    if before.rstrip().endswith(":"):
        return False  # a list that has to have an item keeps one
    return bool(re.match(r"\s*- (?:[^:]+(?::[^ ]\S*)?$|\{)", line)) or (path.endswith(".md") and not re.match(r"[\w-]+:|---", line))


def _beginning(path: str, text: str) -> str:
    return "".join(text.splitlines(keepends=True)[:LINES]) if path.endswith(".md") else text


def shortened(text: str, wanted: frozenset[str], rows: int) -> str:
    """A file of YAML whose lists of mappings keep their first items and those that something names.

    Args:
        text: The file.
        wanted: Ids, with the catalogue before those of requirements.
        rows: How many items of a list stay in any case.
    """
    own = re.search(r"^id: (\S+)", text, re.MULTILINE)
    kept, seen, keep, limit = [], 0, True, rows
    for line in text.splitlines(keepends=True):
        item = re.match(r"  - (?:id|control|requirement|name)?:? ?[\"']?([^\"'\n]*)", line)
        if re.match(r"\S", line):
            seen, keep, limit = 0, True, rows if own is None or line.startswith(("requirements:", "mappings:")) else 1 << 20
        elif item and (seen or re.match(r"  - (?:\w+:|\{)", line)):
            seen += 1
            keep = seen <= limit or item[1] in wanted or (own is not None and f"{own[1]}:{item[1]}" in wanted)
        if keep:
            kept.append(line)
    return "".join(kept)
