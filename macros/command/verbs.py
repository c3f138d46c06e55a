"""Every verb of the command line: what it is for, its grammar, and the module that runs it, loaded only when it is called."""

from __future__ import annotations

import argparse
import importlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from macros.command.day import day
from macros.encode.terminal import lines
from macros.problem import nearest

USAGE = 2
"""Exit code for a command that is not understood."""
ROOT = "AIMS_ROOT"
"""Environment variable with the repository to read where `--root` names none; the wrapper `aims` sets it."""

COMMAND = "AIMS_COMMAND"
"""Environment variable with the name under which the command line was called; the wrapper `aims` sets it."""


def command() -> str:
    """The name under which the command line was called, for messages and help."""
    return os.environ.get(COMMAND) or "python -m macros"


def default_root() -> Path:
    """The repository that is read where `--root` names none."""
    return Path(os.environ.get(ROOT) or ".")


def root_words(given: argparse.Namespace) -> list[str]:
    """The words that name the repository in a command that is to be typed again; none where it is the one that is read anyway."""
    return [] if given.root == default_root() else ["--root", str(given.root)]


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb."""

    name: str
    """As it is typed."""
    task: str
    """The task under which the help lists it; one of `TASKS`."""
    help: str
    """What it gives, in a phrase."""
    example: str = ""
    """A way to call it, without the command's own name; empty for the bare verb."""
    module: str = ""
    """The module below `macros.command` where it is not named like the verb."""

    def load(self) -> ModuleType:
        """The module that runs the verb: it has `arguments(parser)` and `run(given)`."""
        return importlib.import_module(f"macros.command.{self.module or self.name.replace('-', '_')}")


TASKS = {
    "write": "Write",
    "check": "Check",
    "review": "Review",
    "publish": "Publish",
    "hand over": "Plan and hand over",
}
"""Headings of the help by task, in order."""

_ALL = (
    Verb(
        "new",
        "write",
        "a record, document, person or role with the next free id, judged before it is written",
        "new risk title='...'",
    ),
    Verb("rename", "write", "another id for a document or record, in every place that names it", "rename RSK-005 RSK-012"),
    Verb("retire", "write", "a document withdrawn, an AI system out of use, a record closed, a person who left", "retire POL-003"),
    Verb(
        "approve",
        "review",
        "documents and records approved, with the fingerprint of what was approved",
        "approve POL-002 --as ROLE --by ME",
    ),
    Verb(
        "adopt",
        "write",
        "sections of a text kept as the kit delivered them: by whom, and why",
        "adopt POL-002 --by ME --because '...'",
    ),
    Verb("confirm", "review", "periodic reviews that changed nothing, for many documents at once", "confirm POL-002 --by ROLE"),
    Verb(
        "import",
        "write",
        "an ISMS document list, a Statement of Applicability, or acknowledgements, as CSV or XLSX, into the registers",
        "import isms list.xlsx",
        module="import_isms",
    ),
    Verb(
        "evidence",
        "write",
        "adds a file as evidence, compares all files with their records, and lists what falls due",
        "evidence add FILE",
    ),
    Verb("soa", "write", "a proposal for each undecided row of the Statement of Applicability, and decisions recorded", "soa decide"),
    Verb("registers", "write", "how long each register is, and a long table divided into parts", "registers split acknowledgements"),
    Verb("schema", "write", "the JSON Schemas that editors complete and check from", "schema document"),
    Verb("codeowners", "write", "CODEOWNERS, made from roles, documents and registers"),
    Verb("next", "write", "what is to do, in the order of the work, with what each step lifts"),
    Verb("check", "check", "every problem, with file, line, code and way out"),
    Verb("doctor", "check", "what is wrong with the folder itself: half written, half there, changed, or without what it needs"),
    Verb("explain", "check", "what a problem code means and how to mend it", "explain DOC101"),
    Verb(
        "manual",
        "check",
        "the manual of this version: its pages, one page, or what it says of a code, a verb, a macro or a register",
        "manual write",
    ),
    Verb("status", "check", "how far each requirement has come, and what would lift it", "status iso42001:A.5.3"),
    Verb("reuse", "check", "what the ISMS already gives: reuse, extend or new, per clause and control"),
    Verb("gate", "check", "may this AI system go to this life-cycle stage?", "gate AIS-001"),
    Verb("review", "review", "what a change means, for its approver", "review main"),
    Verb("comment", "review", "the report of a change review as a comment for a forge, out of its JSON", "comment review.json"),
    Verb(
        "approvals",
        "review",
        "records of who approved what, out of the review data of GitHub or GitLab",
        "approvals reviews.json",
    ),
    Verb("completion", "write", "the script with which a shell completes verbs, options and ids", "completion bash"),
    Verb("serve", "write", "the site while you write, right after each save"),
    Verb("build", "publish", "the site, checked, in place of the one that is there"),
    Verb("strategy", "hand over", "which integration strategy fits, with the reasons for and against"),
    Verb("roadmap", "hand over", "the dated way to certification: what is done, what is late, what comes next"),
    Verb("management-review", "hand over", "the inputs of a management review as of a day, as a draft that people go on with"),
    Verb(
        "trend",
        "hand over",
        "how things stood at the end of each month or quarter, from the repository's history",
        "trend --every month",
    ),
)

VERBS: dict[str, Verb] = {verb.name: verb for verb in _ALL}
"""Every verb by its name, in the order of the help."""

_CHOICE = re.compile(r"invalid choice: '?([^' ]*)'? \(choose from ([^()]*)\)")
_WORD = re.compile(r"[\w-]+")


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, with the way to the help."""

    def error(self, message: str) -> NoReturn:
        refused = _CHOICE.search(message)
        if refused:
            close = nearest(refused.group(1), _WORD.findall(refused.group(2)))
            message += f"; did you mean '{close}'?" if close else ""
        self.exit(USAGE, lines([f"{self.prog}: {message}"]))


def parser_of(verb: Verb) -> argparse.ArgumentParser:
    """The grammar of one verb."""
    module = verb.load()
    example = f"example: {command()} {verb.example or verb.name}"
    parser = _Parser(prog=f"{command()} {verb.name}", description=verb.help, epilog=example)
    parser.add_argument("--root", type=Path, default=default_root(), help="the repository to read (default: this one)")
    parser.add_argument("--today", type=day, default=None, metavar="DATE", help="judge as of this day, such as 2026-09-14")
    module.arguments(parser)
    return parser
