"""The house stands: imports point down, modules stay small, and the host is an edge."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import KIT

ENGINE = KIT / "macros"
LAYERS = (
    ("libyaml",),
    ("problem", "days", "generated", "cache", "encode", "live"),
    ("text",),
    ("model", "journal"),
    ("load",),
    ("facts", "git"),
    ("status",),
    ("checks",),
    ("gate",),
    ("reports", "imports", "review", "worklist"),
    ("world",),
    ("render", "schemas", "authoring"),
    ("paced",),
    ("site", "pages", "theme_text", "host", "command", "__main__"),
)
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
MODULES = sorted(path for path in ENGINE.rglob("*.py"))


def room(path: Path) -> str:
    """The module or folder of the engine that a file belongs to."""
    first = path.relative_to(ENGINE).parts[0]
    return first.removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names = [node.module] if node.module != "macros" else [f"macros.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("macros.")}
    return found


def external_imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
    return found


def test_every_module_has_its_layer():
    assert {room(path) for path in MODULES} - {"__init__"} == set(LEVEL)
    assert {"facts", "model", "status"} <= imported_rooms(ENGINE / "status/ladder.py")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ENGINE).as_posix())
def test_imports_point_down(path):
    here = room(path)
    if here == "__init__":
        return
    upward = {name for name in imported_rooms(path) if name != here and LEVEL[name] > LEVEL[here]}
    assert upward == set(), f"{path.name} imports {upward}"
    if LEVEL[here] < len(LAYERS) - 1:
        sideways = {name for name in imported_rooms(path) if name != here and LEVEL[name] == LEVEL[here]}
        assert sideways == set(), f"{path.name} imports {sideways} of its own layer"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ENGINE).as_posix())
def test_a_module_has_at_most_400_lines_and_says_what_it_is(path):
    text = path.read_text("utf-8")
    assert text.count("\n") <= 400
    assert ast.get_docstring(ast.parse(text)), "a module starts with one line that says what it is"
    assert not {"utils", "helpers", "manager"} & set(path.stem.split("_"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ENGINE).as_posix())
def test_only_the_top_layer_knows_the_host_the_clock_and_the_screen(path):
    if room(path) in ("site", "pages", "paced", "host", "__init__", "world"):
        return
    outside = external_imports(path)
    # the one place that reads commits, and the one that opens the editor that a person named
    starts = path.relative_to(ENGINE).as_posix() in ("git/repository.py", "command/editor.py")
    assert not outside & {"mkdocs", "mkdocs_macros", *(() if starts else ("subprocess",))}
    if LEVEL[room(path)] < len(LAYERS) - 1:
        text = path.read_text("utf-8")
        for word in (r"\bprint\(", r"\.today\(\)", r"\.now\(", r"sys\.exit", "SystemExit", r"os\.environ"):
            assert not re.search(word, text), f"{path.name} uses {word}"


LATE = {
    "__init__.py": "MkDocs' macros plugin imports the package by name, and the command line starts without MkDocs",
    "command/doctor.py": "the doctor has to run with half an engine",
    "command/run.py": "so has what runs it",
    "text/markdown.py": "a text that was read before needs no parser",
}
"""Modules that import a part of the engine inside a function, and why."""


def test_imports_stand_at_the_top():
    late = set()
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                for inner in ast.walk(node):
                    if isinstance(inner, ast.ImportFrom) and (inner.module or "").startswith("macros"):
                        late.add(path.relative_to(ENGINE).as_posix())
    assert late == set(LATE)


def test_no_room_imports_itself_in_a_ring():
    links = {}
    for path in MODULES:
        names = set()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("macros"):
                names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        name = ".".join(path.relative_to(KIT).with_suffix("").parts).removesuffix(".__init__")
        links[name] = names - {name}  # a package names itself where it brings in its own modules
    rings = set()
    for start, names in links.items():
        seen, ahead = set(), [name for name in names if name in links]
        while ahead:
            name = ahead.pop()
            if name not in seen:
                seen.add(name)
                ahead += [further for further in links[name] if further in links]
        if start in seen:
            rings.add(start)
    assert "macros.facts.errors" in links["macros.status.ladder"] and "macros.problem" in links["macros.facts.errors"]
    assert rings == set()


def test_a_name_of_a_class_means_one_thing():
    found: dict[str, list[str]] = {}
    for path in MODULES:
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found.setdefault(node.name, []).append(path.relative_to(ENGINE).as_posix())
    assert found["Ladder"] == ["status/ladder.py"] and len(found) > 200
    assert {name: places for name, places in found.items() if len(places) > 1} == {}


def test_a_fact_begins_with_the_question_that_it_answers():
    modules = [path for path in sorted((ENGINE / "facts").glob("*.py")) if path.stem not in ("__init__", "computed")]
    assert len(modules) > 15
    for path in modules:
        told = (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split("\n\n")[0]
        assert told.endswith("?"), f"{path.name}: {told}"


def test_the_command_line_starts_without_the_host():
    code = "import sys, macros.__main__; print(sorted({'mkdocs', 'mkdocs_macros', 'jinja2', 'cookiecutter'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=KIT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
