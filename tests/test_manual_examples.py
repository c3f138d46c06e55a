"""What the manual prints is what a user gets: its commands are run as printed, its records and front matter are put in place and checked."""

from __future__ import annotations

import html
import io
import json
import re
import shlex
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from examples.make import EXAMPLE
from macros.__main__ import main, parser_of
from macros.command.verbs import VERBS
from macros.load import load_workspace
from macros.load.runs import read_run
from macros.world import World, today_of
from tests.conftest import copy_without_engine
from tests.manual_blocks import Block, Example, blocks, differs, examples
from tests.review_setup import commit, git

EXAMPLES = [example for example in examples() if example.command.startswith("./aims ")]
BLOCKS = [block for block in blocks() if block.language in ("yaml", "json", "markdown")]

ELSEWHERE = {
    "./aims build": "test_build.py",
    "./aims serve": "test_serve.py",
    "./aims check --site site": "test_dead_links.py",
    "./aims approvals reviews.json --base HEAD^1": "test_approvals.py",
    "./aims import isms isms.xlsx": "test_import.py",
    "./aims import acknowledgements read.csv": "test_readings.py",
    "./aims soa decide --by top-management --on 2026-11-20 --revisit 2027-11-20 --write": "test_soa.py",
}
"""Commands that need a site, a forge's answer, a list of the reader's own or a person at a terminal, and the tests that run them."""


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1, (path, text.count(old))
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


# Commands


@pytest.fixture(scope="module")
def worked(example, tmp_path_factory) -> Path:
    """The worked organisation as a repository with a proposal; each example that changes files has a folder of its own."""
    root = tmp_path_factory.mktemp("worked") / "tarnmoor"
    copy_without_engine(example, root)
    git(root, "init", "--quiet", "--initial-branch", "main")
    commit(root, "In force")
    git(root, "switch", "--quiet", "--create", "proposal")
    duty = '{{ role("ai-system-owner") }} shall warn users on the day of notice'
    replace(root / "docs/procedures/incident-communication.md", duty, duty.replace("shall", "should"))
    commit(root, "Warn users when it fits")
    git(root, "switch", "--quiet", "main")
    return root


def a_slip(root: Path) -> None:
    path = root / "docs/policies/ai-policy.md"
    lines = path.read_text("utf-8").split("\n")
    lines[15] = "  - iso42001:A.2.22"
    path.write_text("\n".join(lines), encoding="utf-8", newline="\n")


def an_own_control(root: Path) -> None:
    OWN_CONTROL.put(root)


def chats(root: Path) -> None:
    (root / "evidence/chats-2026-11.csv").write_text("chat,right\n1,1\n2,1\n3,0", "utf-8")


def a_file_gone(root: Path) -> None:
    (root / "evidence/EV-004-access-review.csv").unlink()


def a_role_passed_on(root: Path) -> None:
    path = root / "CODEOWNERS"
    path.write_text(path.read_text("utf-8").replace(" @conor-maher-tarnmoor", ""), encoding="utf-8", newline="\n")


def half_a_copy(root: Path) -> None:
    (root / "macros/facts/trace.py").unlink()
    (root / "docs/policies/acceptable-use.md").unlink()


FRESH: dict[tuple[str, str], Callable[[Path], None] | None] = {
    ("commands.md", "./aims check"): a_slip,
    ("start.md", "./aims check"): None,
    ("commands.md", "./aims check --format json"): None,
    ("commands.md", "./aims check --format github"): None,
    ("commands.md", "./aims doctor"): half_a_copy,
    ("commands.md", "./aims next"): None,
    ("own-controls.md", "./aims status own:OWN-001"): an_own_control,
}
"""Examples of a repository as it was generated, and what happened to it before."""
CHANGING = {
    "./aims codeowners --write": a_role_passed_on,
    "./aims registers split acknowledgements --write": None,
    "./aims evidence verify": a_file_gone,
}
"""Examples of the worked organisation that need a copy of their own, and what happened to it before."""


PINNED = re.compile(r"Judged as of 2026-11-16, a day that is pinned by the variable AIMS_TODAY[^\n]*\n")


def run(example: Example, root: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """The exit code of a command, and what it put on the screen, as the wrapper `aims` would have run it."""
    for name, value in {"AIMS_ROOT": str(root), "AIMS_COMMAND": "./aims", "AIMS_TODAY": "2026-11-16", "AIMS_CACHE": "off"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(root)
    command, _, wanted = example.command.partition(" | grep ")
    for name in re.findall(r"\$\(git rev-parse (\w+)\)", command):
        command = command.replace(f"$(git rev-parse {name})", git(root, "rev-parse", name))
    screen = io.StringIO()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setattr(sys, "stderr", screen)
    words = Example(example.page, example.line, command, ()).words[1:]
    try:
        code = main(words)
    except SystemExit as ended:
        code = int(ended.code or 0)
    monkeypatch.undo()
    said = PINNED.sub("", html.unescape(screen.getvalue()))  # as a reader of the page or comment sees it
    return code, "".join(line for line in said.splitlines(keepends=True) if wanted in line) if wanted else said


def test_the_examples_are_found_and_all_but_seven_are_run():
    assert len(EXAMPLES) >= 28
    assert {example.command for example in EXAMPLES} >= {*ELSEWHERE, *CHANGING, *(command for _, command in FRESH)}
    for name in ELSEWHERE.values():
        assert (Path(__file__).parent / name).is_file()


@pytest.mark.parametrize("shown", EXAMPLES, ids=lambda shown: f"{shown.page}:{shown.line}")
def test_a_command_answers_what_the_manual_prints(shown, worked, bake, tmp_path, monkeypatch):
    if shown.command in ELSEWHERE:
        pytest.skip(f"run by {ELSEWHERE[shown.command]}")
    if shown.printed and "was stopped" in shown.printed[0]:
        pytest.skip("run by test_turns.py, which stops a verb while it writes")
    key = (shown.page, shown.command)
    root = worked
    if key in FRESH:
        prepare = FRESH[key]
        root = tmp_path / "plain"
        (shutil.copytree if prepare is half_a_copy else copy_without_engine)(bake(), root)
        if prepare:
            prepare(root)
    elif shown.command in CHANGING or shown.command.startswith("./aims evidence add"):
        root = tmp_path / "tarnmoor"
        shutil.copytree(worked, root)
        prepare = CHANGING.get(shown.command, chats if "evidence add" in shown.command else None)
        if prepare:
            prepare(root)
    elif shown.command.startswith("./aims comment"):
        run(Example("", 0, "./aims review main proposal --author deirdre-nolan --json review.json", ()), root, monkeypatch)
        report = json.loads((root / "review.json").read_text("utf-8"))
        report["blocks"][0] = "x" * 20001
        (root / "other.json").write_text(json.dumps(report), "utf-8")
    code, said = run(shown, root, monkeypatch)
    assert code in (0, 1, 3)
    lacking = differs(shown.printed, said)
    assert lacking is None, f"{shown.page}:{shown.line}: {shown.command}\n{lacking}\n\n{said[:4000]}"


def without_output() -> list[tuple[str, list[str]]]:
    """Commands that the manual shows without a prompt and without an answer, by their place."""
    found = []
    for block in blocks():
        for number, line in enumerate(block.lines, block.line + 1):
            if re.match(r"\./aims [a-z-]+(?: |$)", line):
                found.append((f"{block.page}:{number}", shlex.split(line.partition(" > ")[0])[1:]))
    return found


def test_a_command_without_an_answer_is_one_that_is_understood():
    found = without_output()
    assert len(found) >= 15
    for place, (verb, *words) in found:
        assert parser_of(VERBS[verb]).parse_args(words), place


# Records, front matter and texts


class Placed:
    """A block of the manual, and what puts it where the text says that it belongs."""

    def __init__(self, page: str, begins: str, put: Callable[[Path, Block], None]) -> None:
        self.block = next(block for block in BLOCKS if block.page == page and block.text.startswith(begins))
        self._put = put

    def put(self, root: Path) -> None:
        self._put(root, self.block)


def file_at(path: str) -> Callable[[Path, Block], None]:
    """The block is a whole file."""
    return lambda root, block: (root / path).write_text(block.text, encoding="utf-8", newline="\n")


def rows_of(path: str) -> Callable[[Path, Block], None]:
    """The block has the rows of a table that was empty, or further rows of one."""

    def put(root: Path, block: Block) -> None:
        text = (root / path).read_text("utf-8").removesuffix("records: []\n")
        (root / path).write_text(text + block.text, encoding="utf-8", newline="\n")

    return put


def row_in_place(root: Path, block: Block) -> None:
    """The block is a row of the Statement of Applicability that takes the place of the kit's."""
    path = root / "registers/statement-of-applicability.yaml"
    head, *rows = re.split(r"(?m)^(?=  - control: )", path.read_text("utf-8"))
    mine = block.lines[0]
    assert sum(row.startswith(f"{mine}\n") for row in rows) == 1
    path.write_text(head + "".join(block.text if row.startswith(f"{mine}\n") else row for row in rows), encoding="utf-8", newline="\n")


def entries_of(path: str, name: str = "") -> Callable[[Path, Block], None]:
    """The block has entries at the top of a file, each in place of the one that is there; `name` is the id of a copied record."""

    def put(root: Path, block: Block) -> None:
        target = root / path
        if name:
            target = target.with_name(f"{name}.yaml")
            text = (root / path).read_text("utf-8")
            target.write_text(text.replace(Path(path).stem, name), encoding="utf-8", newline="\n")
        text = target.read_text("utf-8")
        for entry in re.split(r"(?m)^(?=\w)", block.text):
            key = entry.split(":", 1)[0]
            text, count = re.subn(rf"(?ms)^{key}:.*?^(?=[\w#]|---)", lambda _, entry=entry: entry, text, count=1)
            if key and not count:
                text = text.replace("\n---\n", f"\n{entry}---\n", 1) if path.endswith(".md") else text + entry
        target.write_text(text, encoding="utf-8", newline="\n")

    return put


def a_new_document(root: Path, block: Block) -> None:
    (root / "docs/procedures/synthetic-data.md").write_text(block.text + "\n{{ document_header() }}\n\nA rule.\n", "utf-8")


def text_of_a_document(root: Path, block: Block) -> None:
    path = root / "docs/procedures/customers.md"
    path.write_text(path.read_text("utf-8") + "\n" + block.text, encoding="utf-8", newline="\n")


def notes_of_versions(root: Path, block: Block) -> None:
    path = "docs/procedures/concern-reporting.md"
    approval = Block("", 0, "", ('version: "2.0"', "status: approved", "approved: {by: top-management, date: '2026-09-20'}"))
    entries_of(path)(root, Block("", 0, "", (*approval.lines, 'next_review: "2027-09-14"')))
    entries_of(path)(root, block)


OWN_CONTROL = Placed("own-controls.md", "records:\n  - id: OWN-001", rows_of("registers/own-controls.yaml"))
PLACED = (
    OWN_CONTROL,
    Placed("own-controls.md", "  - control: own:OWN-001", rows_of("registers/statement-of-applicability.yaml")),
    Placed("own-controls.md", "# yaml-language-server: $schema=../macros/schemas/catalogue", file_at("controls/customer-terms.yaml")),
    Placed("own-controls.md", "catalogues:", entries_of("org.yaml")),
    Placed("own-controls.md", "# yaml-language-server: $schema=../../", file_at("controls/crosswalks/customer-terms--iso42001.yaml")),
    Placed("problem-codes.md", "checks:", entries_of("org.yaml")),
    Placed("registers.md", "# yaml-language-server", file_at("registers/suppliers.yaml")),
    Placed("review.md", 'version: "1.0"', entries_of("docs/policies/ai-policy.md")),
    Placed("write.md", "---", a_new_document),
    Placed("write.md", "revisions:", notes_of_versions),
    Placed("write.md", "The {{ role", text_of_a_document),
    Placed("write.md", "{{ document_header() }}", lambda root, block: None),  # stands in the new document
    Placed("write.md", "pages:", entries_of("org.yaml")),
    Placed("write.md", "  - control: iso42001:A.6.2.3", row_in_place),
    Placed("write.md", "# yaml-language-server", file_at("registers/ai-systems/AIS-002.yaml")),
    Placed("write.md", "quality:", entries_of("registers/datasets/DS-001.yaml", "DS-002")),
    Placed("write.md", "impacts:", entries_of("registers/impact-assessments/AIA-001.yaml", "AIA-002")),
)
"""What is put into a repository as it was generated."""
OF_THE_WORKED = {
    ("audit.md", "  - id: RED-004"): "registers/reading-duties.yaml",
    ("audit.md", "  - id: ACK-2026-040"): "registers/acknowledgements.yaml",
    ("registers.md", "  - id: data-steward"): "org.yaml",
}
"""What stands in the worked organisation, which other tests check."""
OF_A_FORGE = {("commands.md", "  script:"), ("gate.md", "jobs:"), ("gate.md", "gate:")}
"""What belongs into the settings of another system's jobs; it is read as YAML."""
OF_A_JOB = {("evidence.md", "{")}
"""What a program leaves behind."""


def beginning(block: Block) -> tuple[str, str]:
    return block.page, block.lines[0]


def test_every_block_of_data_in_the_manual_is_tried():
    tried = {placed.block for placed in PLACED}
    others = {*OF_THE_WORKED, *OF_A_FORGE, *OF_A_JOB}
    assert [block.place for block in BLOCKS if block not in tried and beginning(block) not in others] == []
    assert len(tried) == len(PLACED) == 17
    assert others == {beginning(block) for block in BLOCKS if block not in tried}


def test_each_record_and_front_matter_loads_without_an_error(bake, tmp_path):
    root = copy_without_engine(bake(), tmp_path / "plain")
    rows = (root / "registers/statement-of-applicability.yaml").read_text("utf-8")
    organisation = (root / "org.yaml").read_text("utf-8").replace("held_by: []", "held_by: [robin-plain]")
    organisation = re.sub(r"(?m)(- id: top-management\n.*\n    held_by: ).*", r"\1[alex-plain]", organisation)
    people = "\npeople: [{id: alex-plain, name: Alex Plain}, {id: robin-plain, name: Robin Plain}]\n"
    (root / "org.yaml").write_text(organisation.replace("\npeople: []\n", people), encoding="utf-8", newline="\n")
    for placed in PLACED:
        placed.put(root)
    for control in ("1.1", "1.2"):
        row = re.search(
            r"(?ms)^  - control: own:OWN-001\n.*?decided: null\n", (root / "registers/statement-of-applicability.yaml").read_text("utf-8")
        )
        rows_of("registers/statement-of-applicability.yaml")(
            root, Block("", 0, "", (row[0].replace("own:OWN-001", f"customer-terms:{control}").rstrip("\n"),))
        )
    assert rows != (root / "registers/statement-of-applicability.yaml").read_text("utf-8")
    world = World(load_workspace(root), today_of(load_workspace(root)), root)
    assert "\n".join(str(problem) for problem in world.problems if problem.severity.value == "error") == ""
    assert {"customer-terms", "nist-ai-rmf"} < set(world.workspace.catalogues)
    assert {"AIS-002", "DS-002", "AIA-002", "OWN-001"} < set(world.workspace.record_by_id)
    assert "PRO-034" in world.workspace.document_by_id


@pytest.mark.parametrize("key", OF_THE_WORKED, ids=" ".join)
def test_a_row_of_the_worked_organisation_stands_there(key):
    block = next(block for block in BLOCKS if beginning(block) == key)
    assert block.text in (EXAMPLE / "overlay" / OF_THE_WORKED[key]).read_text("utf-8")


@pytest.mark.parametrize("key", sorted(OF_A_FORGE), ids=" ".join)
def test_the_settings_of_a_job_are_yaml(key):
    block = next(block for block in BLOCKS if beginning(block) == key)
    assert isinstance(yaml.safe_load(block.text), dict)


@pytest.mark.parametrize("key", sorted(OF_A_JOB), ids=" ".join)
def test_a_run_that_a_job_leaves_is_read(key):
    block = next(block for block in BLOCKS if beginning(block) == key)
    text = block.text.replace("64 hexadecimal digits", "a" * 64)
    run_of_job, problems = read_run(text.encode("utf-8"), "evidence/automated/run.json")
    assert (problems, run_of_job is not None) == ([], True)
