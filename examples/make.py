"""Generates the worked organisation afresh, lays over what it changed, and builds its site.

`python -m examples.make OUT` leaves the repository in OUT and the site in OUT/site. The example is never
kept as a copy of the template, so it cannot drift from it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from macros.load import load_workspace
from macros.load.strict_yaml import parse
from macros.model.fingerprint import fingerprint_of
from macros.problem import KitError

KIT = Path(__file__).resolve().parent.parent
EXAMPLE = Path(__file__).resolve().parent / "tarnmoor"


def generate(target: Path, answers: dict[str, str]) -> Path:
    """Run cookiecutter on the kit and put the result at `target`, which appears whole or not at all.

    Args:
        target: Where the repository is to lie; what is there is replaced.
        answers: Answers to the questions; the rest take their defaults.

    Raises:
        KitError: The answers were refused.
    """
    from cookiecutter.exceptions import CookiecutterException
    from cookiecutter.main import cookiecutter

    target = target.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".generating-") as room:
        config = Path(room) / "config.yaml"
        config.write_text(f"replay_dir: {json.dumps(str(Path(room) / 'replay'))}\n", encoding="utf-8")
        try:
            made = cookiecutter(str(KIT), no_input=True, extra_context=answers, output_dir=room, config_file=str(config))
        except CookiecutterException as error:
            raise KitError(f"the repository was not generated: {error}") from None
        if target.exists():
            shutil.rmtree(target)
        os.replace(made, target)
    return target


def make_example(target: Path) -> Path:
    """Generate the worked organisation at `target`, with everything that it changed."""
    answers = json.loads((EXAMPLE / "answers.json").read_text("utf-8"))
    generate(target, answers)
    shutil.copytree(EXAMPLE / "overlay", target, dirs_exist_ok=True)
    changes = parse((EXAMPLE / "front-matter.yaml").read_text("utf-8")).value
    for path in sorted((target / "docs").rglob("*.md")):
        text = path.read_text("utf-8")
        found = re.match(r"---\nid: (\S+)\n", text)
        if found:
            path.write_text(_with_entries(text, changes.pop(found.group(1), {})), encoding="utf-8", newline="\n")
    if changes:
        raise KitError(f"the example changes documents that the template does not have: {', '.join(sorted(changes))}")
    _fill_fingerprints(target)
    return target


def _fill_fingerprints(target: Path) -> None:
    """Enter in each approval record of the example the fingerprint of the text that was just generated.

    The records in the overlay have no `sha256`, because the texts that they approve are the template's and change with it;
    a fingerprint kept there would be wrong after each changed sentence.
    """
    documents = load_workspace(target).document_by_id
    for path in sorted((target / "registers/approvals").glob("APR-*.yaml")):
        text = path.read_text("utf-8")
        record = parse(text).value
        document = documents[record["document"]]
        if document.head.value.version != record["version"]:
            raise KitError(f"the example's '{record['id']}' approves a version of '{document.id}' that is not generated")
        text, count = re.subn(r"(?m)^(commit: .*)$", rf'\1\nsha256: "{fingerprint_of(document)}"', text)
        if count != 1 or "sha256" in record:
            raise KitError(f"the example's '{record['id']}' has no single line 'commit', or a 'sha256' of its own")
        path.write_text(re.sub(r"(?m)^# The maker .*\n", "", text), encoding="utf-8", newline="\n")


def _with_entries(text: str, entries: dict) -> str:
    head, body = text[4:].split("\n---\n", 1)
    for key, value in entries.items():
        if isinstance(value, dict):
            written = "{" + ", ".join(f"{name}: {_scalar(name, part)}" for name, part in value.items()) + "}"
        else:
            written = _scalar(key, value)
        head, count = re.subn(rf"(?m)^{re.escape(key)}: .*$", f"{key}: {written}", head)
        if count != 1:
            raise KitError(f"the front matter has no single line '{key}' to change")
    return f"---\n{head}\n---\n{body}"


def _scalar(name: str, value: object) -> str:
    return f'"{value}"' if name in ("version", "date", "next_review") else str(value)


def build(repository: Path) -> Path:
    """Build the site of a generated repository strictly; returns the folder of the site.

    Raises:
        KitError: MkDocs did not build it; its own messages have been printed.
    """
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run([sys.executable, "-m", "mkdocs", "build", "--strict"], cwd=repository, env=environment, check=False)
    if done.returncode:
        raise KitError(f"the site in '{repository}' was not built")
    return repository / "site"


def main(words: list[str]) -> int:
    """Make the example and its site, and say where it lies."""
    target = Path(words[0] if words else "build/example")
    try:
        site = build(make_example(target))
    except KitError as error:
        print(error, file=sys.stderr)
        return 3
    print(f"The example's repository is in {target}, its site in {site}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
