"""Markdown read for what could become live: whatever is not surely code is taken for text that a browser may read.

Two readers of Markdown rarely agree on what is code. So only two things count as code here, a fence that is opened and
closed in the plainest form and a span of code that begins and ends on one line, and neither counts any more once something
stands before it that the two readers might take in different ways. The build judges the finished HTML exactly; this reader,
which never renders, may speak where the build would not, and is to speak wherever it would. That is why it stands beside
`macros.text`, which gives one answer, the likeliest, where this one has to take each for possible.
"""

from __future__ import annotations

import html
import re
import string
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from macros.live.allowed import NOTHING, Additions, Fault, Writer, Wrong, fault_of_address, faults_of_attribute, is_class
from macros.live.markup import COMMENT, START, TAG, Found, faults_of_tag, odd, unopened

_CALL = re.compile(r"\{\{ *(?:org\.name|[a-z_]+\([^{}()\n]*\)) *\}\}")
_SUSPECTS = ("&lt", "&LT", "&#", "!!!", "???", "![", "]:", "][", "{%")
_SUSPECT_LINK = re.compile(r"\]\((?!(?:https?://|mailto:|[/.#])[A-Za-z0-9_./#?=%~+-]*[)\s\"']|[A-Za-z0-9_][A-Za-z0-9_/-]*[.#)])")
_FENCE = re.compile(r"( *+)(`{3,}+|~{3,}+)(.*)")
_ANY_FENCE = re.compile(r"(?>[-*+:][ \t]++|\d++[.)][ \t]++|[>\s])*+(?:`{3}|~{3})")
_OPTIONS = r"(?: (?:title=\"[^\"<>{}]*\"|hl_lines=\"\d+(?:-\d+)?(?: \d+(?:-\d+)?)*\"|linenums=\"\d+(?: \d+)?\"))*"
_LANGUAGE = re.compile(rf" ?[A-Za-z0-9_+.-]*{_OPTIONS}| ?\{{ ?\.[A-Za-z0-9_+-]+{_OPTIONS} ?\}}")
_BOX = re.compile(r"(?:!!!|\?\?\?\+?) ?(.*)")
_RAW = re.compile(r"(\{% *raw *%\})((?:[^{]|\{(?!%))*)(\{% *endraw *%\})")
_TITLE = re.compile(r"\"(.*)")
_LIST = re.compile(r"\{")
_LESS = r"&(?i:lt|#0*+60|#x0*+3c)(?![0-9a-zA-Z])"
_TITLE_WITH_MARKUP = re.compile(rf"[\"'(](?>[^\"'()&]++|(?!{_LESS})&)*+{_LESS}")
_ABBREVIATION = re.compile(r"^[^*\n]*+\*\[.*(?:\n.*)?", re.MULTILINE)
_TOKEN = re.compile(r"[^ =}]+=\".*?\"|[^ =}]+='.*?'|[^ =}]+=[^ =}]+|[^ =}]+")
_CLOSERS = frozenset('*_)]`>=+-~^"')
_PATH = frozenset(string.ascii_letters + string.digits + " ._-/#()")
_ACTING_ALONE = frozenset(["autofocus", "contenteditable", "hidden", "inert", "popover"])
"""Attributes that act without a value, wherever they stand."""
_DESTINATION = re.compile(r"\](\(|:)[\s<]*+")
_AUTOLINK = re.compile(r"<(?=[A-Za-z][A-Za-z0-9+.-]*:|[^\s<>/@:]+@[^\s<>@]+>)([^\s<>]*)>")
_PLAIN_COMMENT = re.compile(r"<!-- (?:[A-Za-z0-9 ,.:;/_()]|-(?!-))*+--> *+")
"""A line that is one comment and nothing else; it leaves what counts as code as it was."""
_LOADED_LABEL = re.compile(r"!\[")
_LABEL = re.compile(r"\[([^\[\]]{1,300})\]")
_DEFINITION = re.compile(r"\[([^\[\]]{1,300})\]:[ \t]*\n?[ \t]*<?([^\s>]+)")
_MARKS = " \t\f\v\x1c\x1d\x1e\x1f\x85\xa0>*+-:0123456789.)"
"""What may stand before the words of a line: white space, and the marks of lists, quotations and definitions."""
_BEGINS = {
    "(": re.compile(r"[A-Za-z0-9+.\-&;\\%:\n\r\t]{0,400}"),
    ":": re.compile(r"[A-Za-z0-9+.\-&;\\%:]{0,400}"),
}
"""What may belong to the scheme of an address after a bracket; browsers leave out line breaks in it, which a definition cannot hold."""


@lru_cache(maxsize=4096)
def read_source(body: str, first_line: int, additions: Additions = NOTHING) -> tuple[Found, ...]:
    """What in a Markdown text is outside the allow-list, or could become so, in the order of lines.

    Args:
        body: Markdown with macro calls.
        first_line: The line of its file on which `body` begins.
        additions: What the organisation added.
    """
    if not _is_suspect(body):
        return ()
    text, sure = _without_code(body)
    text = _without_calls(text)
    lists = tuple(_lists(text, additions))
    others = (*_tags(text, sure, additions), *_boxes(text, additions), *_links(text, additions), *_titles(text))
    lines = _lines(text, sorted({at for at, _ in (*lists, *others)}))
    found = {Found(first_line + lines[at], fault, in_list) for which, in_list in ((lists, True), (others, False)) for at, fault in which}
    return tuple(sorted(found, key=lambda one: (one.line, one.fault.what)))


def _is_suspect(body: str) -> bool:
    """Whether a text holds anything that could be outside the allow-list; most hold nothing of it, and are not read further."""
    return (
        any(mark in body for mark in _SUSPECTS)
        or ("<" in body and bool(START.search(body)))
        or ("{" in body and body.count("{") != 2 * len(_CALL.findall(body)))
        or bool(_SUSPECT_LINK.search(body))
    )


def _without_calls(text: str) -> str:
    """The text with the kit's macro calls blanked, except where they are shown as they are written."""
    if "{{" not in text and "{%" not in text:
        return text
    parts = _RAW.split(text)
    # Every fourth part is text outside of 'raw', followed by the mark, what it holds and the end of it.
    for index, part in enumerate(parts):
        if index % 4 == 0:
            parts[index] = _CALL.sub(lambda match: " " * len(match.group()), part)
        elif index % 4 != 2:
            parts[index] = " " * len(part)
    return "".join(parts)


def _lines(text: str, places: list[int]) -> dict[int, int]:
    """How many lines stand before each place."""
    counted = line = 0
    found = {}
    for at in places:
        line += text.count("\n", counted, at)
        counted = at
        found[at] = line
    return found


def _without_code(body: str) -> tuple[str, int]:
    """The text with every character of code that counts as such blanked, so that places stay what they were.

    With it comes the place up to which it is sure what Markdown takes for code.
    """
    lines = body.split("\n")
    kept: list[str] = []
    sure = True
    until = len(body)
    paragraph: list[int] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        if sure and _ANY_FENCE.match(line):
            end = _end_of_fence(lines, number)
            if end is None:
                sure, until = False, sum(map(len, kept)) + len(kept)
            else:
                kept += [" " * len(inside) for inside in lines[number : end + 1]]
                number = end + 1
                paragraph = []
                continue
        kept.append(line)
        if line.strip():
            paragraph.append(number)
        else:
            _blank_spans(kept, paragraph, sure)
            paragraph = []
        if sure and _starts_markup(line):
            sure, until = False, sum(map(len, kept[:-1])) + len(kept) - 1
            paragraph = []
        number += 1
    _blank_spans(kept, paragraph, sure)
    return "\n".join(kept), until


def _starts_markup(line: str) -> bool:
    """Whether a line begins with markup, after which Markdown may take lines as they are until some end."""
    if _PLAIN_COMMENT.fullmatch(line):
        return False
    bare = line.lstrip(_MARKS)
    return bool(START.match(bare)) and not _AUTOLINK.match(bare)


def _end_of_fence(lines: list[str], start: int) -> int | None:
    """The line that closes the fence which begins at `start`; None where it is not of the plainest form."""
    match = _FENCE.fullmatch(lines[start])
    if match is None or not _LANGUAGE.fullmatch(match[3]):
        return None
    indent, fence = match[1], match[2]
    for number in range(start + 1, len(lines)):
        line = lines[number]
        if line.startswith(indent) and line[len(indent) :].rstrip(" ") == fence:
            return number
        if "\t" in line[: len(indent) + 1] or (line.strip() and not line.startswith(indent)) or _is_near(line, fence):
            return None
    return None


def _is_near(line: str, fence: str) -> bool:
    """Whether a line could be taken for the end of a fence without being written as one."""
    bare = line.strip(" \t>")
    return bare == fence or (bare.startswith(fence) and not bare.strip(fence[0]))


def _blank_spans(kept: list[str], paragraph: list[int], sure: bool) -> None:
    """Blank the code between backticks in the lines of a paragraph, if all of it begins and ends on one line each."""
    if not sure or not any("`" in kept[number] for number in paragraph):
        return
    blanked = {}
    for number in paragraph:
        line = _spans_blanked(kept[number])
        if line is None:
            return
        blanked[number] = line
    for number, line in blanked.items():
        kept[number] = line


def _spans_blanked(line: str) -> str | None:
    """The line without what stands in code spans; None where a backtick is left over or escaped."""
    if "`" not in line:
        return line
    if "\\`" in line or "\\\\" in line:
        return None
    runs = [match.span() for match in re.finditer(r"`+", line)]
    parts, done, index = [], 0, 0
    while index < len(runs):
        start, stop = runs[index]
        if index + 1 == len(runs) or runs[index + 1][1] - runs[index + 1][0] != stop - start:
            return None
        end = runs[index + 1][1]
        parts += [line[done:start], "`" + " " * (end - start - 2) + "`"]
        done = end
        index += 2
    return "".join([*parts, line[done:]])


def _tags(text: str, sure: int, additions: Additions) -> Iterator[tuple[int, Fault]]:
    """Every tag, those in comments included, and every other thing that a browser would not take for text."""
    opened: Counter[str] = Counter()
    for start in START.finditer(text):
        at = start.start()
        link = _AUTOLINK.match(text, at)
        if link:
            fault = fault_of_address(link[1], False) if ":" in link[1] else None
            if fault or at >= sure:
                yield at, fault or odd(text, at)
            continue
        if COMMENT.match(text, at) or _is_address_of_page(text, at):
            continue
        tag = TAG.match(text, at)
        if tag is None:
            yield at, odd(text, at)
            continue
        name, closes, opens, faults = faults_of_tag(tag.group(), additions, Writer.AUTHOR)
        for fault in faults:
            yield at, fault
        opened[name] += opens - closes
        if opened[name] < 0:
            opened[name] = 0
            if not faults:
                yield at, unopened(name)


def _is_address_of_page(text: str, at: int) -> bool:
    """Whether a link to a page stands there in angle brackets, with spaces in it, and nothing that could act if it were taken for a tag."""
    end = text.find(">", at, at + 300)
    inside = text[at + 1 : end]
    if end == -1 or text[max(at - 2, 0) : at] != "](" or text[end + 1 : end + 2] != ")" or not _PATH.issuperset(inside):
        return False
    words = re.findall(r"[a-z]+", inside.lower())
    return inside.partition("#")[0].endswith(".md") and not any(word in _ACTING_ALONE or word.startswith("on") for word in words)


def _lists(text: str, additions: Additions) -> Iterator[tuple[int, Fault]]:
    """What lists of attributes between single braces would set, line by line."""
    at = text.find("{")
    while at != -1:
        end = text.find("\n", at)
        end = len(text) if end == -1 else end
        last = text.rfind("}", at, end)
        if last != -1:
            begin = text.rfind("\n", 0, at) + 1
            place = at
            for inside in text[at + 1 : last + 1].split("{"):
                # Bare words end with the brace that closes them; what follows the sign of equality may hold one.
                words = inside if "=" in inside else inside.partition("}")[0]
                forced = "=" in words or words.startswith(":") or _could_be_list(text, begin, place, last, end)
                place += len(inside) + 1
                for token in _TOKEN.finditer(words.removeprefix(":")):
                    for fault in _faults_of_token(token.group(), additions, forced):
                        yield at, fault
        at = text.find("{", end)


def _could_be_list(text: str, begin: int, at: int, last: int, end: int) -> bool:
    """Whether a brace stands where Markdown takes a list of bare words: first on a line, after inline markup, last in a heading or cell."""
    before = text[begin:at].strip(_MARKS)
    if not before or text[at - 1 : at] in _CLOSERS:
        return True
    rest = text[text.find("}", at, last + 1) + 1 : end]
    if text[at - 1 : at] != " " or (rest.strip(" \t\f\v#|") and "|" not in rest):
        return False
    below = text[end + 1 : end + 40].lstrip(" \t>")[:1]
    in_cell = ("|" in before or "|" in rest) and not before.endswith("|")
    return in_cell or "#" in text[begin:at] or below in (":", "=", "-")


def _faults_of_token(token: str, additions: Additions, forced: bool) -> Iterator[Fault]:
    if token in (".", "#"):
        return
    if token.startswith(".") and "=" not in token:
        if not is_class(token[1:], additions):
            yield Fault(Wrong.MARKUP, f"class '{token[1:]}'")
    elif token.startswith("#") and "=" not in token:
        yield from faults_of_attribute("", "id", token[1:], additions)
    else:
        name, equals, value = token.partition("=")
        name = name.lower()
        if forced or name.startswith("on") or name in _ACTING_ALONE:
            value = html.unescape(value.strip("\"'")) if equals else name
            yield from faults_of_attribute("", name, value, additions)


def _titles(text: str) -> Iterator[tuple[int, Fault]]:
    """Titles, and what abbreviations stand for, in which a character reference makes an angle bracket."""
    if not re.search(_LESS, text):
        return
    fault = Fault(Wrong.MARKUP, "a title with markup in it")
    yield from ((match.start(), fault) for match in _TITLE_WITH_MARKUP.finditer(text))
    yield from ((match.start(), fault) for match in _ABBREVIATION.finditer(text) if re.search(_LESS, match.group()))


def _boxes(text: str, additions: Additions) -> Iterator[tuple[int, Fault]]:
    """Classes that stand after the marks of a box."""
    for mark in re.finditer(r"!!!|\?\?\?", text):
        at = mark.start()
        begin = text.rfind("\n", 0, at) + 1
        before = text[begin:at].rstrip(" \t")
        if before.strip(_MARKS) and not before.endswith(">"):
            continue
        end = text.find("\n", at)
        line = text[at : end if end != -1 else len(text)]
        box = _BOX.match(line)
        words = _TITLE.sub("", box[1]) if box else ""
        for word in words.split():
            if not is_class(word, additions):
                yield at, Fault(Wrong.MARKUP, f"class '{word}'")


def _links(text: str, additions: Additions) -> Iterator[tuple[int, Fault]]:
    """Addresses of links, images and definitions."""
    for match in _DESTINATION.finditer(text):
        begins = _BEGINS[match[1]].match(text, match.end())
        assert begins is not None, "it may match nothing"
        fault = _fault_of_beginning(begins.group())
        if fault is None and match[1] == "(" and text.startswith("`", begins.end()):
            fault = Fault(Wrong.ADDRESS, "an address that begins with code")  # which Markdown puts into the address
        if fault:
            yield match.start(), fault
    if "![" in text:
        yield from _images(text, additions)


def _fault_of_beginning(start: str) -> Fault | None:
    """What is wrong with the beginning of an address, as far as a scheme can reach."""
    fault = fault_of_address(start, False)
    if fault is None and ("&" in start or "\\" in start):
        return Fault(Wrong.ADDRESS, "an address that begins with character references or backslashes")
    return fault


def _images(text: str, additions: Additions) -> Iterator[tuple[int, Fault]]:
    """Images from other hosts, whether the address stands with them or in a definition."""
    remote = {}
    for match in _DEFINITION.finditer(text):
        fault = fault_of_address(match[2], True, additions)
        if fault:
            remote[_same(match[1])] = (match.start(), fault)
    begin = 0
    for match in _LOADED_LABEL.finditer(text):
        at = match.start()
        if at < begin:
            continue
        end = text.find("\n\n", at)
        begin = end if end != -1 else len(text)
        part = text[at:begin]
        for destination in re.finditer(r"\]\(\s*<?([^ >()\[\]]+)", part):
            fault = fault_of_address(destination[1], True, additions)
            if fault and _is_image(part, destination.start()):
                yield at + destination.start(), fault
        if remote:
            for label in _LABEL.finditer(part):
                if _same(label[1]) in remote:
                    yield remote[_same(label[1])]


def _is_image(part: str, closing: int) -> bool:
    """Whether the bracket that closes at a place was opened by `![`, or cannot be told."""
    opening = part.rfind("[", 0, closing)
    return "]" in part[opening + 1 : closing] or part[opening - 1 : opening] == "!" or opening <= 0


def _same(label: str) -> str:
    return " ".join(label.split()).casefold()
