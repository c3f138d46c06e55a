"""A change of several files that is planned as a whole and written only where all of it fits."""

from __future__ import annotations

import re
import string
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"
TO_WRITE = re.compile(r"‹write [^›]*›")


class Refused(Exception):
    """The change cannot be begun; the message says why, and what to do."""


class Change:
    """New files and edited ones, by path from the root of the kit."""

    def __init__(self, root: Path, **words: str) -> None:
        """Nothing is written before `write`.

        Args:
            root: The root of the kit.
            words: What stands for `$name` in the templates.
        """
        self.root, self.words = root, words
        self.files: dict[str, str] = {}

    def text(self, path: str) -> str:
        """The present or planned text of a file.

        Raises:
            Refused: There is no such file.
        """
        if path not in self.files and not (self.root / path).is_file():
            raise Refused(f"'{path}' does not exist")
        return self.files[path] if path in self.files else (self.root / path).read_text("utf-8")

    def filled(self, template: str) -> str:
        """A template with its words."""
        return string.Template((TEMPLATES / template).read_text("utf-8")).substitute(self.words)

    def create(self, path: str, template: str) -> None:
        """A new file out of a template.

        Raises:
            Refused: The file exists.
        """
        self.put(path, self.filled(template))

    def put(self, path: str, text: str) -> None:
        """A new file.

        Raises:
            Refused: The file exists.
        """
        if path in self.files or (self.root / path).exists():
            raise Refused(f"'{path}' exists already; choose another name")
        self.files[path] = text

    def append(self, path: str, template: str) -> None:
        """A filled template at the end of a file."""
        self.files[path] = self.text(path) + self.filled(template)

    def before(self, path: str, anchor: str, text: str, after: str = "") -> None:
        """Text in front of the first place of an anchor, looked for behind another one.

        Raises:
            Refused: An anchor is not found, so that the file has changed since this was written.
        """
        whole = self.text(path)
        start = whole.find(after)
        at = whole.find(anchor, start + len(after)) if start >= 0 else -1
        if at < 0:
            raise Refused(f"{anchor.strip()!r} is not found in '{path}'; mend the anchor in 'tests/scaffold'")
        self.files[path] = whole[:at] + text + whole[at:]

    def in_order(self, path: str, line: str, like: str) -> None:
        """A line among those that a pattern finds, in the order of the alphabet.

        Raises:
            Refused: No line is like it.
        """
        rows = list(re.finditer(like, self.text(path), re.MULTILINE))
        if not rows:
            raise Refused(f"no line like {like!r} is found in '{path}'; mend the pattern in 'tests/scaffold'")
        at = next((row.start() for row in rows if row.group() > line), rows[-1].end() + 1)
        whole = self.text(path)
        self.files[path] = f"{whole[:at]}{line}\n{whole[at:]}"

    def changelog(self, line: str) -> None:
        """A line at the end of what the newest section of the changelog lists."""
        self.before("CHANGELOG.md", "\n### What an organisation must do", f"- {line}\n")

    def write(self) -> list[str]:
        """Write every file; the paths, sorted."""
        for path, text in self.files.items():
            target = self.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8", newline="\n")
        return sorted(self.files)


def to_write(name: str, text: str) -> list[str]:
    """Each place of a text that waits for a sentence: file, line and what to write."""
    return [f"{name}:{text.count(chr(10), 0, found.start()) + 1}: {found.group()[1:-1]}" for found in TO_WRITE.finditer(text)]
