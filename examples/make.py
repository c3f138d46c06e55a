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
from pathlib import Path
from typing import Any

from examples.tailoring import tailored
from macros.authoring.approve import sealed
from macros.authoring.text import as_yaml
from macros.command.beside import place_of
from macros.load import load_workspace
from macros.model.fingerprint import fingerprint_of
from macros.model.records.kinds import SOA
from macros.problem import KitError
from macros.text.strict_yaml import YamlProblem, parse

KIT = Path(__file__).resolve().parent.parent
EXAMPLE = Path(__file__).resolve().parent / "tarnmoor"


def generate(target: Path, answers: dict[str, str]) -> Path:
    """Run cookiecutter on the kit and put the result at `target`, which appears whole or not at all, also where this is killed.

    Args:
        target: Where the repository is to lie; what is there is replaced.
        answers: Answers to the questions; the rest take their defaults.

    Raises:
        KitError: The answers were refused.
    """
    with place_of(target, _say) as place:
        _generated(place.new, answers)
        place.step()
    return target.resolve()


def make_example(target: Path) -> Path:
    """Generate the worked organisation at `target`, with everything that it changed; whole or not at all.

    Raises:
        KitError: A change of the example does not fit what the template generates.
    """
    answers = json.loads((EXAMPLE / "answers.json").read_text("utf-8"))
    with place_of(target, _say) as place:
        made = _generated(place.new, answers)
        shutil.copytree(EXAMPLE / "overlay", made, dirs_exist_ok=True)
        _lay_over(made / "docs", _read("front-matter.yaml"), _read("tailoring.yaml"))
        _fill_fingerprints(made)
        seal(made)
        place.step()
    return target.resolve()


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def _generated(folder: Path, answers: dict[str, str]) -> Path:
    """Fill an empty folder with what cookiecutter makes; gives the folder."""
    from cookiecutter.exceptions import CookiecutterException
    from cookiecutter.main import cookiecutter

    room = folder / ".generating"
    room.mkdir()
    config = room / "config.yaml"
    config.write_text(f"replay_dir: {json.dumps(str(room / 'replay'))}\n", encoding="utf-8")
    os.environ["AIMS_QUIET"] = "yes"  # the hook need not say what comes next
    try:
        made = Path(cookiecutter(str(KIT), no_input=True, extra_context=answers, output_dir=str(room), config_file=str(config)))
    except CookiecutterException as error:
        raise KitError(f"the repository was not generated: {error}") from None
    for entry in sorted(made.iterdir()):
        os.rename(entry, folder / entry.name)
    shutil.rmtree(room)
    return folder


def _lay_over(docs: Path, entries: dict[str, Any], changes: dict[str, Any]) -> None:
    paths, heads, bodies = {}, {}, {}
    for path in sorted(docs.rglob("*.md")):
        found = re.match(r"---\n(id: (\S+)\n.*?)\n---\n(.*)", path.read_text("utf-8"), re.DOTALL)
        if found:
            paths[found[2]], heads[found[2]], bodies[found[2]] = path, found[1], found[3]
    if unknown := sorted(entries.keys() - paths.keys()):
        raise KitError(f"the example changes documents that the template does not have: {', '.join(unknown)}")
    bodies = tailored(bodies, changes)
    for name, path in paths.items():
        head = _with_entries(heads[name], entries.get(name, {}))
        path.write_text(f"---\n{head}\n---\n{bodies[name]}", encoding="utf-8", newline="\n")


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


def seal(target: Path) -> None:
    """Enter in each approval of a repository the fingerprint of what stands there now, as `aims approve` does."""
    workspace = load_workspace(target)
    names: dict[str, list[str]] = {}
    for document in workspace.documents:
        names.setdefault(document.path, []).append(document.id)
    for record in workspace.all_records:
        names.setdefault(record.data.path, []).append(record.id)
    names.setdefault(workspace.registers[SOA].head.path, []).append(SOA)
    for path, found in names.items():
        before = (target / path).read_bytes()
        after = sealed(workspace, path, before, found)
        if after != before:
            (target / path).write_bytes(after)


def _read(name: str) -> dict[str, Any]:
    try:
        return parse((EXAMPLE / name).read_text("utf-8")).value or {}
    except YamlProblem as problem:
        raise KitError(f"{name}:{problem.line}: {problem.message}; {problem.way_out}") from None


def _with_entries(head: str, entries: dict[str, Any]) -> str:
    for key, value in entries.items():
        if isinstance(value, list):
            if re.search(rf"(?m)^{re.escape(key)}:", head):
                raise KitError(f"the front matter has '{key}' already, and a list is only added")
            at = head.index("\nnext_review: ") if key == "approved_before" else len(head)
            items = "\n".join(_adoption(item) if key == "adopted" else f"  - {_group(item)}" for item in value)
            head = f"{head[:at]}\n{key}:\n{items}{head[at:]}"
            continue
        written = _group(value) if isinstance(value, dict) else _scalar(key, value)
        head, count = re.subn(rf"(?m)^{re.escape(key)}: .*$", f"{key}: {written}", head)
        if count != 1:
            raise KitError(f"the front matter has no single line '{key}' to change")
    return head


def _adoption(entries: dict[str, Any]) -> str:
    lines = as_yaml({"adopted": [entries]}).splitlines()
    return "\n".join(lines[1:])


def _group(entries: dict[str, Any]) -> str:
    return "{" + ", ".join(f"{name}: {_scalar(name, part)}" for name, part in entries.items()) + "}"


def _scalar(name: str, value: object) -> str:
    return f'"{value}"' if name in ("version", "date", "next_review", "note") else str(value)


def build(repository: Path) -> Path:
    """Build the site of a generated repository with its own engine; returns the folder of the site.

    Raises:
        KitError: It was not built; the reasons have been printed.
    """
    done = subprocess.run([sys.executable, "-m", "macros", "build"], cwd=repository, check=False)
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
