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
    ("trace", "calls", "audits", "readings", "authority"),
    ("tailoring", "suspects", "evidence"),
    ("status",),
    ("checks",),
    ("gate",),
    ("reuse", "roadmap", "management_review", "trend", "advice", "ai_act", "imports", "review", "worklist"),
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
    if room(path) in ("site", "pages", "paced", "host", "__init__"):
        return
    outside = external_imports(path)
    # the one place that reads commits, and the one that opens the editor that a person named
    starts = path.relative_to(ENGINE).as_posix() in ("command/repository.py", "command/editor.py")
    assert not outside & {"mkdocs", "mkdocs_macros", *(() if starts else ("subprocess",))}
    if LEVEL[room(path)] < len(LAYERS) - 1:
        text = path.read_text("utf-8")
        for word in (r"\bprint\(", r"\.today\(\)", r"\.now\(", r"sys\.exit", "SystemExit", r"os\.environ"):
            assert not re.search(word, text), f"{path.name} uses {word}"


def test_the_command_line_starts_without_the_host():
    code = "import sys, macros.__main__; print(sorted({'mkdocs', 'mkdocs_macros', 'jinja2', 'cookiecutter'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=KIT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
