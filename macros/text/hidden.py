"""Which words of a run of HTML a browser shows: comments, hidden elements and struck-out text are told from the rest.

Tags and comments are divided as the HTML standard divides them (13.2.5), so that the answer does not hang on the version
of Python, whose own reader changes; and each sign is looked at once, whatever is left open.
"""

from __future__ import annotations

import html
import re
from collections import Counter

from macros.live.allowed import ADDABLE_ELEMENTS, ELEMENTS

_NEVER_SHOWN = frozenset({"script", "style", "template", "head", "title", "noscript", "datalist"})
_STRUCK = frozenset({"s", "del", "strike"})
_RAW = frozenset({"script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"})
"""Elements in which no tag begins but their own end."""
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
_WORDS_THAT_BREAK = "br hr p div li tr td th dt dd ul ol table section h1 h2 h3 h4 h5 h6 blockquote details summary"
_BREAKS = frozenset(_WORDS_THAT_BREAK.split())
_KNOWN = ELEMENTS | ADDABLE_ELEMENTS | _STRUCK | {"button", "canvas", "font", "iframe", "style", "svg"}
"""Elements that authors of pages write; a tag of another name is rather a blank that somebody is to fill in."""
_GOES_ON = frozenset({"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "template", "tt", "u"})
"""Elements that a browser opens again behind the end of a paragraph in which they were left open (13.2.4.3), or does not leave there."""
_STYLE = re.compile(r"display:none|visibility:(?:hidden|collapse)|font-size:0(?![.\d])|opacity:0(?![.\d])")
_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>[A-Za-z][^\s/>]*+)"
    r"(?P<attributes>(?>[\s/]++|(?:=[^\s/>=]*+|[^\s/>=]++)(?>\s*+=\s*+(?>\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+|(?=>)))?)*+)>"
)
_ATTRIBUTE = re.compile(r"(=[^\s/>=]*+|[^\s/>=]++)(?>\s*+=\s*+(?>\"([^\"]*+)\"|'([^']*+)'|([^\s>\"'][^\s>]*+)))?")
_RAW_ENDS = re.compile(r"</([A-Za-z]++)(?=[\s/>])")
TAG_BEGINS, TAG_ENDS = "\ue006", "\ue007"
"""Private signs around a tag such as `<name of the company>` in what is shown: no reader sees it, and who looks for blanks does."""
_TAGS = re.compile(f"{TAG_BEGINS}[^{TAG_BEGINS}{TAG_ENDS}]*+{TAG_ENDS}")
_SPACE = re.compile(r"\s++")
_ENDS_OF_COMMENT = re.compile(r"--!?>")


def visible_parts(markup: str) -> tuple[str, str]:
    """The words of HTML that are shown, and those that are written and not shown or struck out."""
    state = HtmlState()
    state.add_markup(markup)
    shown, hidden = state.taken()
    return _TAGS.sub("", shown), _TAGS.sub("", hidden)


class HtmlState:
    """The elements that are open from one block of a text to the next, and the words of the block that is being read."""

    def __init__(self) -> None:
        self._open: list[tuple[str, bool]] = []
        self._count: Counter[str] = Counter()
        self._hiding = 0
        self._before = 0
        self._shown: list[str] = []
        self._hidden: list[str] = []

    def add_text(self, text: str) -> None:
        """Add what is no markup, whatever signs are in it; what is hidden leaves its line breaks."""
        if self._hiding:
            self._hide(text)
        else:
            self._shown.append(text)

    def _hide(self, text: str) -> None:
        self._hidden.append(text)
        self._shown.append("\n" * text.count("\n"))

    def add_markup(self, markup: str) -> None:
        """Add HTML as it is written."""
        at = 0
        while at < len(markup):
            start = markup.find("<", at)
            start = len(markup) if start == -1 else start
            self.add_text(html.unescape(markup[at:start]))
            at = self._markup(markup, start)

    def taken(self, is_paragraph: bool = False) -> tuple[str, str]:
        """What was added since the last time: the words that are shown, and those that are not.

        Args:
            is_paragraph: Whether the site puts it into an element of its own, at whose end most elements end that are still open.
        """
        if is_paragraph and len(self._open) > self._before:
            kept = [one for one in self._open[self._before :] if one[0] in _GOES_ON]
            while len(self._open) > self._before:
                self._pop()
            for name, hides in kept:
                self._enter(name, hides)
        found = "".join(self._shown), "".join(self._hidden)
        self._before, self._shown, self._hidden = len(self._open), [], []
        return found

    def _markup(self, markup: str, at: int) -> int:
        """Read what begins with an angle bracket; gives the place behind it."""
        if markup.startswith("<!--", at):
            end = _end_of_comment(markup, at)
            self._hide(f" {markup[at + 4 : end].removesuffix('>').rstrip('-!')} ")
            return end
        after = markup[at + 1 : at + 2]
        if after in ("!", "?") or (after == "/" and not markup[at + 2 : at + 3].isalpha()):
            end = markup.find(">", at)
            end = len(markup) if end == -1 else end + 1
            self._hide(f" {markup[at + 1 : end]} ")
            return end
        tag = _TAG.match(markup, at)
        if tag is None:
            # Where nothing ends a tag any more, none is looked for.
            end = at + 1 if markup.find(">", at) != -1 else len(markup)
            self.add_text(html.unescape(markup[at:end]))
            return end
        return self._tag(markup, tag)

    def _tag(self, markup: str, tag: re.Match[str]) -> int:
        name = tag["name"].lower()
        if name in _BREAKS:
            self.add_text(" ")
        self.add_text("\n" * tag.group().count("\n"))
        if tag["end"]:
            self._close(name)
            return tag.end()
        if name not in _KNOWN:
            self.add_text(f"{TAG_BEGINS}{' '.join(tag.group().split())}{TAG_ENDS}")
        if name not in _VOID:
            self._enter(name, _hides(name, tag["attributes"]))
            if name in _RAW:
                end = next((found.start() for found in _RAW_ENDS.finditer(markup, tag.end()) if found[1].lower() == name), len(markup))
                self.add_text(markup[tag.end() : end])
                return end
        return tag.end()

    def _enter(self, name: str, hides: bool) -> None:
        self._open.append((name, hides))
        self._count[name] += 1
        self._hiding += hides

    def _close(self, name: str) -> None:
        while self._count[name]:
            found = self._open[-1][0]
            self._pop()
            if found == name:
                return

    def _pop(self) -> None:
        name, hides = self._open.pop()
        self._count[name] -= 1
        self._hiding -= hides


def _hides(name: str, attributes: str) -> bool:
    if name in _NEVER_SHOWN or name in _STRUCK:
        return True
    if not attributes:
        return False
    given: dict[str, str] = {}
    for word, *values in _ATTRIBUTE.findall(attributes):
        given.setdefault(word.lower(), "".join(values))
    return "hidden" in given or bool(_STYLE.search(_SPACE.sub("", html.unescape(given.get("style", ""))).lower()))


def _end_of_comment(markup: str, at: int) -> int:
    for nothing in ("<!-->", "<!--->"):
        if markup.startswith(nothing, at):
            return at + len(nothing)
    end = _ENDS_OF_COMMENT.search(markup, at + 4)
    return end.end() if end else len(markup)
