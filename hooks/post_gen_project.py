"""Tidies after generation: takes away what the answers do not call for, and writes down what was generated."""

import importlib.util
import json
import pathlib
import re
import shutil
import sys

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


def main():
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
    version = re.search(r'__version__ = "(.+)"', (root / "macros/__init__.py").read_text("utf-8")).group(1)
    generated.write_record(root, version)  # last: without it nobody takes this folder for a whole organisation
    return 0


def load(path):
    """One file of the engine as a module, by its path; the rest of the engine needs packages that may not be here."""
    sys.dont_write_bytecode = True
    spec = importlib.util.spec_from_file_location("generated", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    sys.exit(main())
