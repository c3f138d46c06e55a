"""Everything that the kit reads and somebody else wrote: where it lies, how it can be damaged, and the verbs that read it."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mutations.certain import SURE
from tests.mutations.changes import BYTES, CHARACTERS, DAYS, Change, Damage
from tests.mutations.lines import LINES
from tests.mutations.structures import CSV, HTML, JSON, WORKBOOK

TODAY = "2026-11-16"

Words = tuple[str, ...]

OVERVIEWS: tuple[Words, ...] = (
    ("check", "--format", "json"),
    ("check", "--format", "json"),
    ("check", "--format", "json"),
    ("check", "--format", "github"),
    ("check", "--format", "sarif"),
    ("status", "--format", "json"),
    ("status", "iso42001:A.5.2"),
    ("reuse",),
    ("strategy",),
    ("roadmap",),
    ("gate", "AIS-001"),
    ("management-review",),
    ("codeowners",),
    ("evidence", "due"),
    ("evidence", "verify"),
    ("trend",),
    ("doctor",),
    ("PAGES",),
)
"""Verbs over a whole organisation; PAGES stands for every generated page, made without the host."""
PLANS: tuple[Words, ...] = (
    ("check", "--format", "json"),
    ("check", "--format", "json"),
    ("strategy",),
    ("roadmap",),
    ("gate", "AIS-001"),
    ("reuse",),
    ("status", "--format", "json"),
    ("PAGES",),
)
"""Verbs that read what the kit says of plans, gates and parameters."""
PLANNING = (
    "controls/gates.yaml",
    "controls/parameters.yaml",
    "controls/related-standards.yaml",
    "controls/roadmap.yaml",
    "controls/strategies.yaml",
    "controls/crosswalks/*.yaml",
)
CHECK: tuple[Words, ...] = (("check", "--format", "json"),)


@dataclass(frozen=True)
class Input:
    """One kind of file."""

    name: str
    world: str
    """The organisation that it belongs to: `whole`, `tiny` or `history`."""
    patterns: tuple[str, ...]
    """Where such files lie in it; `outside/` is what is handed to a verb."""
    ways: tuple[Change, ...]
    verbs: tuple[Words, ...]
    weight: int
    """Cases of a hundred."""
    way_in: str = "file"
    """How it gets in: `file`, `outside`, `name`, `day`, `answers`, `blob`, `commit` or `object`."""


YAML = (*BYTES, *LINES, *LINES, *SURE)
TEXT = (*BYTES, *LINES, *SURE)
PLAIN = (*BYTES, *LINES)


def _names(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    """A file name with what a system allows and a reader does not expect."""
    pieces = (
        *CHARACTERS,
        *DAYS,
        "con",
        "a b",
        ":",
        "\\",
        "%0a",
        "..",
        "-rf",
        "'",
        '"',
        "`",
        "$(x)",
        "{{",
        "<svg>",
        "*",
        "a" * 90,
        "é",
        "É",
        "e\u0301",
        "|",
        "\n",
        "~",
        "#",
    )
    name = "".join(chance.choice(pieces) for _ in range(chance.choice((1, 2, 3)))).encode("utf-8", "surrogatepass")
    if chance.random() < 0.2:
        name += chance.choice((b"\xff", b"\xc3", b"\xed\xb2\x80"))
    name = name.replace(b"\0", b"").replace(b"/", b"")[:200].strip(b".") or b"x"
    return Damage(name + chance.choice((b".md", b".yaml", b".yml", b".markdown", b".MD", b".md.md", b"", b".txt", b".json")), "name")


def _days(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    """A day or a number of seconds, as an environment or a command line gives it."""
    seconds = ("0", "-1", "253402300800", "-62135596801", "9" * 30, "1e9", " 5", "٣", "", "nan", "1764633600.5", "0x10", "5\n")
    odd = (
        *DAYS,
        *seconds,
        *(c for c in CHARACTERS if c != "\0"),
        "--",
        "today",
        f"{chance.randint(1, 9999):04}-{chance.randint(1, 12):02}-28",
    )
    return Damage(f"{chance.choice(('AIMS_TODAY', 'SOURCE_DATE_EPOCH', '--today'))} {chance.choice(odd)}".encode(), "day")


def _answers(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    """Answers to the questions, as a person may type them."""
    answers = json.loads(data)
    odd = (
        *CHARACTERS,
        *DAYS,
        *(
            "",
            " ",
            "x" * 300,
            "no",
            "YES",
            "1994",
            "2027",
            "٢٠٢٢",
            "{{ x }}",
            "<< x >>",
            "%>",
            "<#",
            '"',
            "'",
            "\\",
            "../x",
            "a/b",
            "con",
            "nul.txt",
            "-x",
            ".x",
            "x.",
        ),
    )
    for question in chance.sample(sorted(answers), chance.choice((1, 1, 2, 4))):
        answers[question] = chance.choice(odd) if chance.random() < 0.7 else answers[question] + chance.choice(odd)
    return Damage(json.dumps(answers).encode(), "answers")


def _commits(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    """Who committed what, when and with which words; and files of kinds and names that a tree can have."""
    pieces = (
        *CHARACTERS,
        *(
            "::error::x",
            "<svg/onload=alert(1)>",
            "Co-authored-by: x",
            "Co-authored-by: <>",
            "=1+1",
            "a|b",
            "\ud83e",
            "-",
            "{{ x }}",
            "x" * 20_000,
        ),
    )
    words = "".join(chance.choice(pieces) for _ in range(chance.choice((0, 1, 3)))).replace("\0", "")
    commit = {
        "name": words.replace("\n", " ").replace("<", "").replace(">", "")[:300] if chance.random() < 0.7 else "A",
        "email": chance.choice(("a@example.invalid", "", "x y", "é", "\x1b[2J", "a" * 400)),
        "time": chance.choice(("0 +0000", "1764633600 +0000", "253402300799 +1400", "4102444800 -1200", "1 -0000")),
        "message": words,
        "mode": chance.choice(("100644", "100755", "120000", "160000", "gone", "folder")),
        "path": chance.choice(
            (
                "docs/policies/ai-policy.md",
                "org.yaml",
                "docs",
                "controls",
                "registers/x.yaml",
                "docs/\u202e.md",
                "docs/a b/\n.md",
                "CODEOWNERS",
                "macros/x.py",
                "docs/" + "d/" * 40 + "x.md",
            )
        ),
    }
    return Damage(json.dumps(commit).encode("utf-8", "surrogatepass"), "commit")


INPUTS: tuple[Input, ...] = (
    Input("organisation", "tiny", ("org.yaml",), YAML, OVERVIEWS, 7),
    Input("documents", "tiny", ("docs/**/*.md",), TEXT, OVERVIEWS, 12),
    Input("tables", "tiny", ("registers/*.yaml",), YAML, OVERVIEWS, 8),
    Input("catalogues", "tiny", ("controls/*.yaml", "controls/crosswalks/*.yaml"), YAML, OVERVIEWS, 6),
    Input("records of every kind", "whole", ("registers/*/*.yaml", "registers/*.yaml"), YAML, OVERVIEWS, 11),
    Input("an organisation in use", "whole", ("org.yaml", "docs/**/*.md"), YAML, OVERVIEWS, 2),
    Input("planning", "whole", PLANNING, (*PLAIN, *SURE), PLANS, 4),
    Input(
        "automated evidence",
        "whole",
        ("evidence/automated/*.json",),
        JSON,
        (*CHECK, *CHECK, ("evidence", "verify"), ("evidence", "add", "{path}")),
        3,
    ),
    Input("evidence files", "whole", ("evidence/*.*",), PLAIN, (("evidence", "verify"), ("evidence", "due"), *CHECK), 1),
    Input("the record of the generation", "tiny", (".aims.json", ".cruft.json"), JSON, (*CHECK, ("review", "HEAD")), 3),
    Input("files beside", "tiny", ("mkdocs.yml", "README.md", "CODEOWNERS"), TEXT, (*CHECK, ("codeowners",)), 4),
    Input(
        "file names",
        "tiny",
        ("docs/policies/", "registers/", "controls/", "registers/changes/"),
        (_names,),
        (*CHECK, ("check",), ("PAGES",)),
        4,
        "name",
    ),
    Input("the day", "tiny", ("outside/day",), (_days,), (("check",), ("status",), ("trend",), ("evidence", "due"), ("PAGES",)), 4, "day"),
    Input("answers", "tiny", ("outside/answers.json",), (_answers,), (("ANSWERS",),), 5, "answers"),
    Input("reports for a comment", "tiny", ("outside/report.json",), JSON, (("comment", "{file}"),), 8, "outside"),
    Input(
        "reviews of a forge",
        "history",
        ("outside/github.json", "outside/gitlab.json"),
        JSON,
        (("approvals", "{file}", "--base", "main~1", "--commit", "main"),),
        3,
        "outside",
    ),
    Input(
        "tables to import",
        "tiny",
        ("outside/documents.csv", "outside/decisions.csv"),
        CSV,
        (("import", "isms", "{file}", "--decided-on", TODAY),),
        4,
        "outside",
    ),
    Input("acknowledgements to import", "whole", ("outside/read.csv",), CSV, (("import", "acknowledgements", "{file}"),), 1, "outside"),
    Input(
        "workbooks to import",
        "tiny",
        ("outside/isms.xlsx",),
        WORKBOOK,
        (("import", "isms", "{file}", "--decided-on", TODAY),),
        3,
        "outside",
    ),
    Input("built pages", "tiny", ("outside/site/index.html",), HTML, (("check", "--site", "{folder}"),), 3, "outside"),
    Input(
        "blobs of a proposal",
        "history",
        ("org.yaml", "docs/**/*.md", "registers/**/*.yaml", ".aims.json", "CODEOWNERS"),
        YAML,
        (("review", "main", "case"), ("review", "main", "case", "--format", "json"), ("review", "base", "case"), ("trend",)),
        3,
        "blob",
    ),
    Input(
        "commits of a proposal",
        "history",
        ("outside/commit.json",),
        (_commits,),
        (("review", "main", "case"), ("trend",), ("PAGES",)),
        1,
        "commit",
    ),
    Input(
        "a damaged store of commits",
        "history",
        (".git/objects/??/*", ".git/HEAD", ".git/config", ".git/index"),
        BYTES,
        (("review", "main~1", "main"), ("trend",), ("check",)),
        1,
        "object",
    ),
)


def seeds(world: Path, given: Input) -> list[Path]:
    """The files of one kind, in order; a folder for those that a name is put into."""
    if given.way_in == "name":
        return [world / pattern for pattern in given.patterns if (world / pattern).is_dir()]
    return sorted({path for pattern in given.patterns for path in world.glob(pattern) if path.is_file() and not path.is_symlink()})
