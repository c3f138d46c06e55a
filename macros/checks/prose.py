"""The running text of a page: without code, comments, links, addresses and macro calls, line by line.

Every step goes once through the text, so that a page of a megabyte of brackets takes no longer than one of words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

_FENCE = re.compile(r"^[ >]*(`{3,}|~{3,})")
_INDENTED = re.compile(r"^(?: {4,}| {0,3}\t)")
_CONTAINER = re.compile(r"^\s*(?:[-*+] |\d+[.)] |!!! |\?\?\?\+? |=== |: |\[\^)")
"""Beginnings of lists, boxes, tabs, definitions and footnotes, whose further paragraphs are indented and no code."""
_LINK = re.compile(
    r"!?\[[^\[\]\n]{0,500}(?:\[[^\[\]\n]{0,100}\][^\[\]\n]{0,200}){0,3}\]"
    r"(?:\([^()\n]{0,2000}(?:\([^()\n]{0,200}\)[^()\n]{0,200})?\)|\[[^\[\]\n]{0,200}\])"
)
_DEFINITION = re.compile(r"^ {0,3}\*?\[([^\[\]\n]{1,200})\]:.*", re.MULTILINE)
_ADDRESS = re.compile(r"https?://[^\s<>)\]]+|\bmailto:[^\s<>)\]]+")
_TICKS = re.compile(r"`+")


def prose(body: str, first_line: int) -> Iterator[tuple[int, str]]:
    """Lines that hold running text, with their number in the file.

    Args:
        body: Markdown with macro calls.
        first_line: The line of its file on which `body` begins.
    """
    text = _without_code_blocks(body)
    for start, end in (("{{", "}}"), ("{%", "%}"), ("<!--", "-->")):
        text = _blanked(text, _between(text, start, end))
    text = _blanked(text, _code_spans(text))
    defined = {match.group(1).casefold() for match in _DEFINITION.finditer(text)}
    text = _DEFINITION.sub("", text)
    for number, line in enumerate(text.split("\n"), first_line):
        if line.strip():
            if "](" in line or "][" in line:
                line = _LINK.sub(" ", line)
            line = _ADDRESS.sub(" ", line)
            if defined:
                line = re.sub(r"\[([^\[\]\n]{1,200})\]", lambda match: " " if match.group(1).casefold() in defined else match.group(), line)
            yield number, line


def _without_code_blocks(body: str) -> str:
    kept: list[str] = []
    fence = ""
    in_container, after_blank = False, True
    for line in body.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark.group(1).startswith(fence) and not line.strip(" >`~"):
                fence = ""
            kept.append("")
            continue
        if mark:
            fence = mark.group(1)
            in_container = in_container and line.startswith(" ")
            kept.append("")
            continue
        indented = bool(_INDENTED.match(line))
        if line.strip() and not indented:
            in_container = bool(_CONTAINER.match(line)) or (in_container and not after_blank) or (in_container and line.startswith(" "))
        code = indented and not in_container and after_blank
        kept.append("" if code else line)
        after_blank = not line.strip() or code
    return "\n".join(kept)


def _between(text: str, start: str, end: str) -> Iterator[tuple[int, int]]:
    at = text.find(start)
    while at != -1:
        close = text.find(end, at + len(start))
        if close == -1:
            return
        yield at, close + len(end)
        at = text.find(start, close + len(end))


def _code_spans(text: str) -> Iterator[tuple[int, int]]:
    """Code between runs of backticks of one length, within one paragraph."""
    for begin, end in _paragraphs(text):
        runs = [match.span() for match in _TICKS.finditer(text, begin, end)]
        waiting: dict[int, list[int]] = defaultdict(list)
        for index in range(len(runs) - 1, -1, -1):
            waiting[runs[index][1] - runs[index][0]].append(index)
        index = 0
        while index < len(runs):
            start, stop = runs[index]
            same = waiting[stop - start]
            while same and same[-1] <= index:
                same.pop()
            if same:
                index = same[-1]
                yield start, runs[index][1]
            index += 1


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    begin = at = 0
    for line in text.split("\n"):
        end = at + len(line)
        if not line.strip():
            yield begin, at
            begin = end
        at = end + 1
    yield begin, len(text)


def _blanked(text: str, spans: Iterator[tuple[int, int]]) -> str:
    """The text with a space for each span, and its line breaks where they were."""
    parts, done = [], 0
    for start, end in spans:
        parts += [text[done:start], " ", "\n" * text.count("\n", start, end)]
        done = end
    return "".join([*parts, text[done:]])
