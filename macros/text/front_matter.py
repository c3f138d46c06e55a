"""Front matter, taken off a Markdown file by the same rules as MkDocs, but never dropped in silence."""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from macros.libyaml import SafeLoader
from macros.text.strict_yaml import Parsed, YamlProblem, parse

# The two forms that MkDocs 1.6 accepts: mkdocs/utils/meta.py, YAML_RE and META_RE.
_FENCED = re.compile(r"^-{3}[ \t]*\n(.*?\n)(?:\.{3}|-{3})[ \t]*\n", re.DOTALL)
_MULTIMARKDOWN = re.compile(r"^[ ]{0,3}[A-Za-z0-9_-]+:\s")
_LATE_FENCE = re.compile(r"-{3}[ \t]*\n[ \t]*[A-Za-z_][\w-]*:")
_SPACE = re.compile(r"\s*")


@dataclass(frozen=True, slots=True)
class Split:
    """A Markdown file, divided."""

    head: Parsed | None
    """Front matter with its lines; None where there is none."""
    body: str
    body_line: int


def split(text: str) -> Split:
    """Divide a file into front matter and text.

    Raises:
        YamlProblem: Something that starts like front matter is not read as such, by us or by MkDocs.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    match = _FENCED.match(text)
    if match is None:
        _refuse_near_misses(text)
        return Split(None, text, 1)
    head = parse(match.group(1), first_line=2)
    if not isinstance(head.value, dict):
        raise YamlProblem("the front matter is no set of 'key: value' lines", 2, "write one entry a line, such as 'title: AI policy'")
    if not _mkdocs_reads(match.group(1)):
        raise YamlProblem("MkDocs would read this front matter as empty", 2, "put dates and unusual values in quotes")
    return Split(head, text[match.end() :], text[: match.end()].count("\n") + 1)


def _refuse_near_misses(text: str) -> None:
    if text.startswith("---"):
        raise YamlProblem("the front matter has no closing '---' line of its own", 1, "close it with a line of three hyphens")
    start = _after_comments(text)
    late = _LATE_FENCE.match(text, start) if start else None
    if late:
        line = text.count("\n", 0, late.end())
        raise YamlProblem(
            "the front matter does not begin in the first column of the first line", line, "remove what stands before the first '---'"
        )
    if _MULTIMARKDOWN.match(text):
        raise YamlProblem(
            "the file begins like front matter, without the '---' lines around it",
            1,
            "put a line of three hyphens before and after the entries",
        )


def _after_comments(text: str) -> int:
    """Where the text goes on behind white space and comments; each letter is looked at once."""
    at = _after_space(text, 0)
    while text.startswith("<!--", at):
        end = text.find("-->", at + 4)
        if end == -1:
            break
        at = _after_space(text, end + 3)
    return at


def _after_space(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _mkdocs_reads(block: str) -> bool:
    try:
        return isinstance(yaml.load(block, Loader=SafeLoader), dict)
    except (yaml.YAMLError, ValueError):
        return False
