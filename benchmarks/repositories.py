"""Repositories to measure on: the worked organisation, and larger ones made from its documents with new ids."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path

from examples.make import generate, make_example, seal
from macros.facts.authority.codeowners import as_codeowners
from macros.load import load_workspace
from macros.model.document import DocumentType

KIT = Path(__file__).resolve().parent.parent
_HEAD = re.compile(r"---\nid: (\S+)\n")
_TYPES = tuple(DocumentType)
_ID = re.compile(r"\b[A-Z]{3}-\d{3}\b")
NOT_COPIED = shutil.ignore_patterns("site", "__pycache__")


def worked_organisation(folder: Path) -> Path:
    """Generate the worked organisation of `examples/` in `folder`."""
    return make_example(folder / "worked")


def fresh_organisation(folder: Path) -> Path:
    """Generate an organisation in `folder` with every answer at its default, in which nobody has decided anything."""
    return generate(folder / "fresh", {"org_name": "Brackenfold Ltd", "org": "brackenfold"})


def documents_of(repository: Path) -> dict[Path, str]:
    """Documents under control by path; index pages have no id and are none."""
    texts = {path: path.read_text("utf-8") for path in sorted((repository / "docs").rglob("*.md"))}
    return {path: text for path, text in texts.items() if _HEAD.match(text)}


def grown(worked: Path, folder: Path, size: int) -> Path:
    """A copy of the worked organisation with `size` documents in all; registers and catalogues stay as they are."""
    target = folder / f"documents-{size}"
    shutil.copytree(worked, target, ignore=NOT_COPIED)
    originals = documents_of(target)
    for path, text in copies(originals, size - len(originals)):
        path.write_text(text, encoding="utf-8", newline="\n")
    seal(target)
    (target / "CODEOWNERS").write_text(as_codeowners(load_workspace(target)), encoding="utf-8", newline="\n")
    return target


def copies(originals: dict[Path, str], wanted: int) -> Iterator[tuple[Path, str]]:
    """Copies of documents, each with an id, a name and a body of its own, until there are `wanted`.

    A whole set is copied at a time and refers to itself, so that links grow with the documents. The types take
    turns, because an id has three digits and one type alone would run out of them. A body that came twice would
    be read once: the engine keeps what it has read in a page.
    """
    ids = {path: match.group(1) for path, text in originals.items() if (match := _HEAD.match(text))}
    taken = set(ids.values())
    free = {kind: map(f"{kind.prefix}-{{:03}}".format, range(1, 1000)) for kind in _TYPES}
    made = 0
    for batch in count(1):
        chosen: dict[str, tuple[str, DocumentType]] = {}
        for old in sorted(taken)[: wanted - made]:
            kind = _TYPES[(made + len(chosen)) % len(_TYPES)]
            chosen[old] = (next(new for new in free[kind] if new not in taken), kind)
        for path, text in originals.items():
            old = ids[path]
            if old in chosen:
                new, kind = chosen[old]
                text = _ID.sub(partial(_renamed, chosen), text)
                text = re.sub(r"(?m)^type: .*$", f"type: {kind.value}", text, count=1)
                text = re.sub(r"(?m)^owner: internal-auditor$", "owner: data-steward", text, count=1)
                if kind is DocumentType.POLICY:  # which top management establishes
                    text = re.sub(r"(?m)^  by: .*$", "  by: maeve-tarn", text, count=1)
                    text = re.sub(r"(?m)^  as_role: .*$", "  as_role: top-management", text, count=1)
                why = f"Top management compared {new} with the text that it was made from, and left it so."
                kept = f'adopted: [{{sections: all, by: maeve-tarn, date: "2026-11-02", because: "{why}"}}]\n'
                text = re.sub(r"(?m)^adopted:\n(?:  .*\n)+", kept, text, count=1)
                yield path.with_name(f"{path.stem}-{batch}.md"), f"{text}\nThis is {new}, set {batch}.\n"
        made += len(chosen)
        if made >= wanted:
            return


def _renamed(chosen: dict[str, tuple[str, DocumentType]], found: re.Match[str]) -> str:
    return chosen[found.group()][0] if found.group() in chosen else found.group()


def front_matter(text: str) -> str:
    """What stands between the two lines of hyphens at the top of a document; empty where there is none."""
    return text[4:].split("\n---\n", 1)[0] if text.startswith("---\n") else ""


def python(*words: str) -> list[str]:
    """A command line for the Python that runs the benchmarks."""
    return [sys.executable, *words]


def environment() -> dict[str, str]:
    """The environment of a measured process: no date from outside, and no advertisement."""
    kept = {name: value for name, value in os.environ.items() if name not in ("AIMS_TODAY", "SOURCE_DATE_EPOCH")}
    return {**kept, "NO_MKDOCS_2_WARNING": "1"}
