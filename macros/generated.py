"""What the kit generated, as fingerprints and bags of words: so that the kit's text can be told from one that was made one's own.

Only the standard library is used here: the hook that runs after a generation loads this file by its path, where
nothing of the engine's requirements is installed. That is why it divides a text by itself: what it writes down stands
as it is, and `macros.text.sections`, which reads a text as the site shows it, gives the same for the kit's texts.
What it writes stands in `.aims.json` and is not edited by hand.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

RECORD = ".aims.json"
"""The file that holds the fingerprints. A generation writes it last, so that it also says that the generation came to its end."""
KIT_MARK = "cookiecutter.json"
"""The file by which the kit's own folder is told: the questions of the generation, which no generated repository has."""

KIT_OWNED = (
    "macros/",
    "controls/",
    "mkdocs_hooks.py",
    "requirements.txt",
    "supply-chain/",
    "Makefile",
    "aims",
    "aims.cmd",
    ".github/",
    ".gitlab/",
    ".gitlab-ci.yml",
    RECORD,
)
"""Paths that the kit owns: folders end with a slash."""
_FOLDERS = tuple(path for path in KIT_OWNED if path.endswith("/"))

MOST_BYTES = 1 << 24
"""No file of the kit is as large."""
DEEPEST = 32
"""Folders below one another; none of the kit lies as deep."""
_NOT_DELIVERED = ("controls/licensed/", RECORD)
_NOT_GENERATED = (".git/", ".cruft.json", f"{RECORD}.new")
_HEAD = re.compile(r"\A-{3}[ \t]*\n(.*?\n)-{3}[ \t]*\n", re.DOTALL)
_ID = re.compile(r"^id:[ \t]*[\"']?([A-Z]+-\d+)", re.MULTILINE)
_HEADING = re.compile(r"#{1,6}[ \t](.*)")
_FENCE = re.compile(r"[ ]{0,3}(`{3,}|~{3,})")
_WORD = re.compile(r"\w+")


def sections(body: str) -> Iterator[tuple[str, str]]:
    """A text's sections in order: heading and what stands under it; the part before the first heading has none.

    A heading that stands twice is numbered, as in `Steps (2)`.
    """
    heading, fence = "", ""
    lines: list[str] = []
    seen: dict[str, int] = {}

    def named() -> str:
        seen[heading] = seen.get(heading, 0) + 1
        return heading if seen[heading] == 1 else f"{heading} ({seen[heading]})"

    for line in body.split("\n"):
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark.group(1)
        elif mark and mark.group(1).startswith(fence):
            fence = ""
        found = None if fence else _HEADING.match(line)
        if found:
            yield named(), "\n".join(lines)
            heading, lines = found.group(1).lstrip(" \t").rstrip(" \t#"), []
        else:
            lines.append(line)
    yield named(), "\n".join(lines)


def fingerprint_of_words(text: str) -> str:
    """SHA-256 of a text's words alone, so that case, punctuation, layout and line ends make no difference."""
    return hashlib.sha256(" ".join(_WORD.findall(text.casefold())).encode("utf-8", "surrogatepass")).hexdigest()


def bag_of_words(text: str) -> str:
    """How often each word stands in a text, in any order, so that it can be said how many words another text has otherwise.

    Of each word, case aside, the first two bytes of its SHA-256, sorted, in base64: 3 characters a word, 115 KB for all texts.
    Two words in 65,536 look alike, by which a difference can only look smaller.
    """
    hashed = sorted(hashlib.sha256(word.encode("utf-8", "surrogatepass")).digest()[:2] for word in _WORD.findall(text.casefold()))
    return base64.b64encode(b"".join(hashed)).decode("ascii")


def fingerprint_of_file(data: bytes) -> str:
    """SHA-256 of a file with the line ends of the repository."""
    return hashlib.sha256(data if b"\0" in data else data.replace(b"\r\n", b"\n")).hexdigest()


def is_kit_file(path: str) -> bool:
    """Whether a path below the root is one that the kit delivers; caches and licensed wording are not."""
    return is_owned_by_kit(path) and not path.startswith(_NOT_DELIVERED) and "__pycache__" not in path


def is_owned_by_kit(path: str) -> bool:
    """Whether a path below the root is one of `KIT_OWNED` or lies below one of its folders."""
    return path in KIT_OWNED or path.startswith(_FOLDERS)


def kit_files(root: Path) -> dict[str, str]:
    """The fingerprint of every file below `root` that the kit delivered, by path; links and caches are left out."""
    found = {}
    for owned in KIT_OWNED:
        top = root / owned.rstrip("/")
        for file in _below(top) if owned.endswith("/") else (top,):
            path = file.relative_to(root).as_posix()
            if is_kit_file(path) and file.is_file() and not file.is_symlink():
                with contextlib.suppress(OSError):  # what cannot be read counts as what is not there
                    found[path] = fingerprint_of_file(file.read_bytes()) if file.stat().st_size <= MOST_BYTES else "too large"
    return found


def _below(top: Path) -> list[Path]:
    """Every entry below a folder in the order of the paths, without recursion; links are named and not followed."""
    found: list[Path] = []
    waiting = [top] if top.is_dir() and not top.is_symlink() else []
    while waiting:
        here = waiting.pop()
        with contextlib.suppress(OSError):
            inside = list(here.iterdir())
            found += inside
            if len(here.parts) - len(top.parts) < DEEPEST:
                waiting += [entry for entry in inside if entry.is_dir() and not entry.is_symlink()]
    return sorted(found)


def record(root: Path, version: str) -> str:
    """What was generated in a folder, as the text of `.aims.json`: one entry a line, in the order of the paths.

    Args:
        root: A repository that was generated a moment ago.
        version: The version of the kit.
    """
    texts: dict[str, dict[str, str]] = {}
    words: dict[str, dict[str, str]] = {}
    for file in sorted((root / "docs").rglob("*.md")):
        text = file.read_text("utf-8")
        head = _HEAD.match(text)
        name = _ID.search(head.group(1)) if head else None
        if head and name:
            parts = dict(sections(text[head.end() :]))
            texts[name.group(1)] = {heading: fingerprint_of_words(part) for heading, part in parts.items()}
            words[name.group(1)] = {heading: bag_of_words(part) for heading, part in parts.items()}
    registers = {
        file.relative_to(root).as_posix(): fingerprint_of_file(file.read_bytes()) for file in sorted((root / "registers").rglob("*.yaml"))
    }
    files = kit_files(root)
    own = sorted(file.relative_to(root).as_posix() for file in root.rglob("*") if file.is_file())
    own = [path for path in own if path not in files and path != RECORD and not path.startswith(_NOT_GENERATED)]
    data = {
        "kit": version,
        "files": files,
        "organisation": own,
        "registers": registers,
        "texts": dict(sorted(texts.items())),
        "words": dict(sorted(words.items())),
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def write_record(root: Path, version: str) -> None:
    """Write `.aims.json` as the last file of a generation, whole or not at all, after all others have reached the disk.

    Args:
        root: A repository in which everything else is in place.
        version: The version of the kit.
    """
    text = record(root, version)
    for file in root.rglob("*"):
        if file.is_file() and not file.is_symlink():
            _bring_to_disk(file)
    beside = root / f"{RECORD}.new"
    beside.write_text(text, encoding="utf-8", newline="\n")
    _bring_to_disk(beside)
    os.replace(beside, root / RECORD)


def _bring_to_disk(file: Path) -> None:
    with file.open("rb") as stream:
        os.fsync(stream.fileno())
