"""A parser of Markdown that divides a text into the same blocks as the site's own does.

The site is rendered by Python-Markdown, which is older than CommonMark and differs from it: a list does not
interrupt a paragraph, `1)` starts no list, a heading needs no space behind its marks, and a fence or a comment that
is not closed is text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, html_block, list_block
from markdown_it.rules_block.fence import make_fence_rule
from markdown_it.rules_inline import StateInline, backtick, image, link
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.deflist import deflist_plugin

from macros.text.blocks import MAX_NESTING

_MARKS_OF_HEADING = re.compile(r"#{1,6}(?!#)")
_BRACKETS = 4
"""How many brackets around one another can be those of links and pictures."""
_WITH_LINKS = -1
"""Beside the places that the parser keeps of a run of text: whether any link can be in it."""
_OTHER_LIST = re.compile(r"\d{1,9}\)")
_MARKS_OF_FENCE = re.compile(r"`{3,}|~{3,}")
_fence_block = make_fence_rule(exact_match=True)


@cache
def parser() -> MarkdownIt:
    """The parser, made once."""
    found = MarkdownIt("commonmark", {"html": True, "maxNesting": MAX_NESTING}).enable("table")
    found.use(admon_plugin).use(deflist_plugin)
    found.block.ruler.at("list", _list, {"alt": ["paragraph", "reference", "blockquote"]})
    found.block.ruler.at("heading", _heading, {"alt": ["paragraph", "reference", "blockquote"]})
    found.inline.ruler.at("backticks", _code)
    found.inline.ruler.at("link", partial(_shallow, link))
    found.inline.ruler.at("image", partial(_shallow, image))
    found.block.ruler.at("fence", _fence, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    found.block.ruler.at("html_block", _html, {"alt": ["paragraph", "reference", "blockquote"]})
    return found


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if silent and state.blkIndent == 0 and state.parentType == "paragraph":
        return False
    first = state.bMarks[start] + state.tShift[start]
    if _OTHER_LIST.match(state.src, first, state.eMarks[start]):
        return False
    return list_block(state, start, end, silent)


def _code(state: StateInline, silent: bool) -> bool:
    """A span of code, with how many line breaks were in it."""
    start, count = state.pos, len(state.tokens)
    if not backtick(state, silent):
        return False
    if len(state.tokens) > count and state.tokens[-1].type == "code_inline":
        state.tokens[-1].meta["breaks"] = state.src.count("\n", start, state.pos)
    return True


def _shallow(rule: Callable[[StateInline, bool], bool], state: StateInline, silent: bool) -> bool:
    """A link or picture; too deep in brackets none is looked for up to the end of the paragraph, as the parser does at its own limit."""
    if state.src[state.pos] not in "![":
        return False
    if _WITH_LINKS not in state.cache:
        state.cache[_WITH_LINKS] = ("](" in state.src and ")" in state.src) or ("]" in state.src and bool(state.env.get("references")))
    if not state.cache[_WITH_LINKS]:
        return False
    if state.level < _BRACKETS:
        return rule(state, silent)
    if silent:
        state.pos = state.posMax
        return True
    return False


def _fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    first, last = state.bMarks[start] + state.tShift[start], state.eMarks[start]
    if not state.src.startswith(("```", "~~~"), first, last):
        return False
    if silent:
        return _fence_block(state, start, end, True)
    found = _MARKS_OF_FENCE.match(state.src, first)
    marks = found.group() if found else ""
    # Where no end was found from a line on, none is found from a line after it, and looking again would take the square of the text.
    unended = state.env.setdefault("unended", {})
    if start < unended.get((marks, end, state.blkIndent), 0) or not _fence_block(state, start, end, False):
        return False
    closing = state.line - 1
    if closing > start and state.src[state.bMarks[closing] + state.tShift[closing] : state.eMarks[closing]].rstrip() == marks:
        return True
    unended[marks, end, state.blkIndent] = state.line
    _take_back(state, start)
    return False


def _html(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    first = state.bMarks[start] + state.tShift[start]
    is_comment = state.src.startswith("<!--", first)
    if is_comment and "last end of a comment" not in state.env:
        state.env["last end of a comment"] = state.src.rfind("-->")
    if is_comment and first > state.env["last end of a comment"]:
        return False
    if not html_block(state, start, end, silent):
        return False
    if is_comment and not silent and "-->" not in state.tokens[-1].content:
        _take_back(state, start)
        return False
    return True


def _take_back(state: StateBlock, start: int) -> None:
    """Undo a block of one token: what begins on its first line is something else."""
    state.tokens.pop()
    state.line = start


def _heading(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    first, last = state.bMarks[start] + state.tShift[start], state.eMarks[start]
    if state.is_code_block(start) or state.src[first : first + 1] != "#":
        return False
    found = _MARKS_OF_HEADING.match(state.src, first, last)
    words = state.src[found.end() : last].strip(" \t").rstrip("#").rstrip(" \t") if found else ""
    if found is None or not words:
        return False
    if silent:
        return True
    state.line = start + 1
    marks = found.group()
    opened = state.push("heading_open", f"h{len(marks)}", 1)
    opened.markup, opened.map = marks, [start, state.line]
    inline = state.push("inline", "", 0)
    inline.content, inline.map, inline.children = words, [start, state.line], []
    closed = state.push("heading_close", f"h{len(marks)}", -1)
    closed.markup = marks
    return True
