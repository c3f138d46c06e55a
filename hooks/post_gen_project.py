"""Tidies after generation: takes away what the answers do not call for, and writes down what was generated."""

import importlib.util
import json
import os
import pathlib
import re
import shutil
import sys
import tempfile
import types

ANSWERS = json.loads(r"""<< cookiecutter | tojson >>""")
STRATEGY, FORGE = ANSWERS["integration_strategy"], ANSWERS["forge"]

# Each path stays only where its condition holds.
KEPT = (
    ("docs/context/interfaces.md", STRATEGY == "coordinated"),
    ("docs/context/isms-extension.md", STRATEGY == "extension"),
    ("registers/isms-documents.yaml", STRATEGY != "standalone"),
    (".github", FORGE == "github"),
    (".gitlab-ci.yml", FORGE == "gitlab"),
    (".gitlab", FORGE == "gitlab"),
)

NEXT = """
The repository is made. What comes next:

  cd {folder}
  git init && git add --all && git commit --message "As it was generated"
  ./aims next       what is to do, in the order of the work, and what each step lifts
  ./aims serve      the site on http://127.0.0.1:8000/, while you write
  ./aims --help     every command, by task
  ./aims manual     the manual, also without a network

On Windows, type aims for ./aims. The first call installs what it needs into .venv.
"""


def main() -> int:
    """Remove what is not called for; give the exit code."""
    root = pathlib.Path.cwd()
    for name in ("macros", "controls"):
        if not (root / name).is_dir() or (root / name).is_symlink():
            print(
                f"'{name}' did not arrive as a folder: the kit was unpacked without its symbolic links. "
                "Clone it with git instead of downloading an archive.",
                file=sys.stderr,
            )
            return 1
    for path, keep in KEPT:
        target = root / path
        if not keep and target.is_dir():
            shutil.rmtree(target)
        elif not keep:
            target.unlink(missing_ok=True)
    for cache in sorted(root.rglob("__pycache__")):
        shutil.rmtree(cache)
    generated = load(root / "macros/generated.py")
    version = re.search(r'__version__ = "(.+)"', (root / "macros/__init__.py").read_text("utf-8"))
    assert version is not None, "the engine says its version"
    generated.write_record(root, version.group(1))  # last: without it nobody takes this folder for a whole organisation
    if not is_a_step_of_something_else(root):
        print(NEXT.format(folder=root.name), end="")
    return 0


def is_a_step_of_something_else(root: pathlib.Path) -> bool:
    """Whether a program made this to go on with it, as cruft does below the folder for temporary files."""
    return "AIMS_QUIET" in os.environ or pathlib.Path(tempfile.gettempdir()).resolve() in root.resolve().parents


def load(path: pathlib.Path) -> types.ModuleType:
    """One file of the engine as a module, by its path; the rest of the engine needs packages that may not be here."""
    sys.dont_write_bytecode = True
    spec = importlib.util.spec_from_file_location("generated", path)
    assert spec is not None, "a path that ends in .py has a specification"
    assert spec.loader is not None, "and a loader"
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    sys.exit(main())
