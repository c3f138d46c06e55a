"""Every regular expression of the engine and the hooks, found by walking the code, and texts that would make a slow one slow.

`python -m tests.pumps` pumps all of them and prints a line for each that does not grow with its text alone.
"""

from __future__ import annotations

import ast
import contextlib
import gc
import importlib
import importlib.util
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from re import _constants, _parser  # the standard library's own reader of patterns; there is no public one
from statistics import median

from macros.cache import forget

KIT = Path(__file__).resolve().parents[1]
FUNCTIONS = ("compile", "match", "search", "fullmatch", "sub", "subn", "findall", "finditer", "split")
ANCHORED = frozenset({"match", "fullmatch"})
SMALL = 10_000
"""Characters of the smaller text; the larger one has ten times as many."""
FLOOR = 0.001
"""Seconds of processor time: what takes no longer at SMALL is not quadratic, which would take fifty times that. A text that is
shorter has its part of it."""
GLIMPSE, NOTHING = 2_000, 0.00006
"""A text so short is tried first. What takes no longer than so many seconds on it (30 ns a character) is not quadratic either:
at two million steps it would have thirty picoseconds for each."""
GROWTH = 60
"""How much longer the tenfold text may take: ten would be linear, a hundred is quadratic."""
CLEAR = 20
"""What grows less than this in one run each need not be measured again."""
SHORT, LONG = SMALL // 10, SMALL // 4
"""Characters of the smaller text for what reads a text as a whole: at every run of the tests, and where they take their time."""
MOST = 150
"""Texts made out of one pattern."""
LONGEST = 3
"""Seconds after which a run is stopped; it is only a net, since no run of a linear pattern comes near it."""

FIXED = (
    *(" ", "\t", "\n", "\r\n", "#", "# ", "`", "~", "|", "[", "]", "(", ")", "{", "}", "<", ">", "!", "*", "_", "-", "+", "=", ":", ";"),
    *(",", ".", "/", "\\", '"', "'", "&", "%", "$", "@", "^", "?", "0", "1", "a", "A", "é", "\u00a0", "\u2028", "\x00", "\U0001f600"),
    *(
        "<!-- a -->\n",
        "<!--",
        "-->",
        "{{",
        "{{ ",
        "{{a(",
        '{{ a("',
        '{{ a("b" ',
        "}}",
        "{%",
        "{#",
        "[a](",
        "[a",
        "](",
        "![",
        "[a]: ",
        "[^1]",
    ),
    *("a ", "a.", "a. ", "a, ", "a-", "a_", "a/", "a:", "a:b ", "1.", "1. ", "1 ", "1-", "1,", "A.1 ", "A.1.", "a: b\n", "- a\n", "| a "),
    *(
        "|-",
        ">",
        "> ",
        "* ",
        "```\n",
        "    a\n",
        " \n",
        "\n\n",
        "---\n",
        "id: ",
        "id:",
        "://",
        "http://",
        "http://a:",
        "a@",
        "a@b.",
        "x=",
        "key=",
    ),
    *(
        "eyJ",
        "eyJaaaaaaaaaa.",
        "&nbsp;",
        "working ",
        "may ",
        "not",
        "TODO",
        "__",
        "\\ ",
        '\\"',
        "é ",
        "and ",
        " and ",
        "y ",
        "&",
        "**",
        "\\_",
        "&lt;",
    ),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A pattern and where it stands."""

    place: str
    pattern: str | bytes
    flags: int
    ways: frozenset[str]
    """The functions that it is used with."""


def code_files() -> list[Path]:
    return [*sorted((KIT / "macros").rglob("*.py")), *sorted((KIT / "hooks").glob("*.py")), KIT / "mkdocs_hooks.py"]


@cache
def every_pattern() -> tuple[Found, ...]:
    """Each pattern that is given to `re` anywhere, or lies in a module as a compiled one.

    Raises:
        AssertionError: A pattern is made in a way that cannot be followed.
    """
    found: dict[tuple, Found] = {}
    for file in code_files():
        for one in _in_file(file):
            key = (one.place.split(":")[0], one.pattern, one.flags)
            found[key] = Found(found[key].place, one.pattern, one.flags, found[key].ways | one.ways) if key in found else one
    return tuple(found.values())


def _in_file(file: Path) -> Iterator[Found]:
    tree = ast.parse(file.read_text("utf-8"))
    names = _names_of(file)
    where = file.relative_to(KIT).as_posix()
    uses: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in FUNCTIONS:
            uses.setdefault(node.value.id, set()).add(node.attr)
    for name, pattern in _compiled(names):
        outer = name.split("[")[0]
        ways = uses.get(outer, set()) if outer == name else set()
        yield Found(f"{where}:{name}", pattern.pattern, pattern.flags, frozenset(ways or {"search"}))
    held = {id(node.value) for node in tree.body if isinstance(node, ast.Assign)}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)):
            continue
        if node.func.value.id != "re" or node.func.attr not in FUNCTIONS or id(node) in held:
            continue
        place = f"{where}:{node.lineno}"
        patterns = list(_patterns_of(node.args[0], names, tree))
        assert patterns, f"{place}: this pattern cannot be followed; give it a name in its module"
        flags = _flags(node, names)
        ways = {"search"} if node.func.attr == "compile" else {node.func.attr}
        for pattern in patterns:
            yield Found(place, pattern, flags, frozenset(ways))


def _names_of(file: Path) -> dict[str, object]:
    if file.parts[-2] == "hooks":
        text = "\n".join(line for line in file.read_text("utf-8").splitlines() if not line.startswith(("ANSWERS", "STRATEGY")))
        names: dict[str, object] = {"__name__": "hook", "STRATEGY": "extension", "FORGE": "github"}
        exec(compile(text, str(file), "exec"), names)
        return names
    parts = file.relative_to(KIT).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return vars(importlib.import_module(name)) if name != "macros.__main__" else vars(importlib.import_module("macros.__main__"))


def _compiled(names: dict[str, object]) -> Iterator[tuple[str, re.Pattern]]:
    for name, value in names.items():
        if name.startswith("__"):
            continue
        yield from _within(name, value, 0)


def _within(name: str, value: object, depth: int) -> Iterator[tuple[str, re.Pattern]]:
    if isinstance(value, re.Pattern):
        yield name, value
    elif depth < 4 and isinstance(value, (tuple, list, set, frozenset)):
        for at, item in enumerate(value):
            yield from _within(f"{name}[{at}]", item, depth + 1)
    elif depth < 4 and isinstance(value, dict):
        for key, item in value.items():
            yield from _within(f"{name}[{key!r}]", item, depth + 1)


def _patterns_of(node: ast.expr, names: dict[str, object], tree: ast.Module) -> Iterator[str | bytes]:
    """What an expression gives: its value where the module's names suffice; in an f-string a word stands in for the rest."""
    try:
        value = eval(compile(ast.Expression(node), "pattern", "eval"), dict(names))
    except Exception:
        value = None
    if isinstance(value, (str, bytes)):
        yield value
    elif isinstance(node, ast.JoinedStr):
        parts = []
        for part in node.values:
            inner = list(_patterns_of(part.value, names, tree)) if isinstance(part, ast.FormattedValue) else [part.value]
            parts.append(inner[0] if inner else "AIS-001")
        yield "".join(parts)
    elif isinstance(node, ast.Name):
        yield from _assigned(node.id, names, tree)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "replace":
        yield from _patterns_of(node.func.value, names, tree)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "escape":
        yield "AIS\\-001"


def _assigned(name: str, names: dict[str, object], tree: ast.Module) -> Iterator[str | bytes]:
    """What a name inside a function is given, or a loop variable goes through."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(isinstance(target, ast.Name) and target.id == name for target in node.targets):
            yield from _patterns_of(node.value, names, tree)
        if isinstance(node, (ast.comprehension, ast.For)):
            targets = [target.id for target in ast.walk(node.target) if isinstance(target, ast.Name)]
            if name in targets and isinstance(node.iter, ast.Name):
                rows = (row if isinstance(row, str) else row[targets.index(name)] for row in names.get(node.iter.id, ()))
                yield from (row for row in rows if isinstance(row, str))


def _flags(node: ast.Call, names: dict[str, object]) -> int:
    position = {"sub": 4, "subn": 4, "split": 3}.get(node.func.attr, 2 if node.func.attr != "compile" else 1)
    given = [word.value for word in node.keywords if word.arg == "flags"] + node.args[position:]
    return int(eval(compile(ast.Expression(given[0]), "flags", "eval"), dict(names))) if given else 0


# Texts


def pumps_of(pattern: str | bytes, flags: int) -> list[tuple[str, str, str]]:
    """Beginning, what is repeated, and an end that does not fit, for every repetition in a pattern."""
    text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    tree = _parser.parse(text, flags & ~re.UNICODE if isinstance(pattern, bytes) else flags)
    pieces = dict.fromkeys(_pieces(tree, ""))
    ends = ("\x00", "\n\x00")
    found = []
    for before, body in pieces:
        for end in ends:
            found.append((before, body, end))
        found.append(("", before + body, "\x00"))
    told = [(before, body, end) for before, body, end in dict.fromkeys(found) if body]
    step = -(-len(told) // MOST)
    return told[::step]  # of a pattern of many words, every so many


def _pieces(tree: object, before: str) -> Iterator[tuple[str, str]]:
    for operation, argument in tree:
        name = str(operation)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            _, most, inner = argument
            if most > 1:
                for variant in range(3):
                    yield before, _sample([*inner], variant)
                    yield before, _sample([*inner], variant) * 2 + _sample([*inner], variant + 1)
            yield from _pieces(inner, before)
            before += _sample([(operation, argument)], 0)
            continue
        if name in ("SUBPATTERN", "ATOMIC_GROUP"):
            yield from _pieces(argument[-1] if name == "SUBPATTERN" else argument, before)
        elif name == "BRANCH":
            for option in argument[1]:
                yield from _pieces(option, before)
        elif name in ("ASSERT", "ASSERT_NOT"):
            yield from _pieces(argument[1], before)
        before += _sample([(operation, argument)], 0)
        if before:
            yield before[:-1], before[-1]
            yield "", before


def _sample(tree: list, variant: int) -> str:
    """A text that the part of a pattern fits, as nearly as can be said without looking around."""
    out = []
    for operation, argument in tree:
        name = str(operation)
        if name == "LITERAL":
            out.append(chr(argument))
        elif name == "NOT_LITERAL":
            out.append("a" if argument != ord("a") else "b")
        elif name == "ANY":
            out.append("a \n"[variant % 3] if variant % 3 < 2 else "a")
        elif name == "IN":
            out.append(_one_of(argument, variant))
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            least, most, inner = argument
            times = max(least, min(1 + variant % 2, most) if most != _constants.MAXREPEAT else 1 + variant % 2)
            out.append(_sample([*inner], variant) * min(times, 64))
        elif name == "SUBPATTERN":
            out.append(_sample([*argument[-1]], variant))
        elif name == "ATOMIC_GROUP":
            out.append(_sample([*argument], variant))
        elif name == "BRANCH":
            out.append(_sample([*argument[1][variant % len(argument[1])]], variant))
        elif name == "GROUPREF":
            out.append("/")
    return "".join(out)


_CLASSES = {
    "CATEGORY_DIGIT": "07",
    "CATEGORY_SPACE": " \t\n",
    "CATEGORY_WORD": "a0_",
    "CATEGORY_NOT_DIGIT": "a.",
    "CATEGORY_NOT_SPACE": "a.-",
    "CATEGORY_NOT_WORD": " .-",
}


def _one_of(members: list, variant: int) -> str:
    negated = str(members[0][0]) == "NEGATE"
    options: list[str] = []
    for operation, argument in members:
        name = str(operation)
        if name == "LITERAL":
            options.append(chr(argument))
        elif name == "RANGE":
            options += [chr(argument[0]), chr(argument[1])]
        elif name == "CATEGORY":
            options += _CLASSES[str(argument)]
    if not negated:
        return options[variant % len(options)]
    free = [char for char in "a 0.-\n<[#é" if char not in options and not (char.isspace() and " " in options)]
    return free[variant % len(free)] if free else "\U0001f600"


# Measures


class Stopped(Exception):
    """A run took longer than any that grows with its text."""


def seconds(run: Callable[[], object], times: int = 3, floor: float = FLOOR, ready: Callable[[], object] = bool) -> float:
    """The least processor time of some runs.

    Raises:
        Stopped: One took more than LONGEST.
    """
    best = float("inf")
    gc.disable()  # what is collected is what all of the process left behind, and not of this run
    try:
        for _ in range(times):
            ready()
            begin = time.process_time()
            signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST)
            try:
                run()
            finally:
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            best = min(best, time.process_time() - begin)
            if best < floor:
                break
    finally:
        gc.enable()
    return best


def grows(run: Callable[[str], object], text_of: Callable[[int], str], small_size: int = SMALL) -> str | None:
    """How a run grows where it grows faster than its text; None where it does not."""

    def ready() -> None:
        forget()  # what was read once would be remembered
        run("a")

    def timed(size: int, times: int = 1, least: float = FLOOR) -> float:
        text = text_of(size)
        return seconds(lambda: run(text), times, least, ready)

    try:
        first = timed(GLIMPSE)
        if first < NOTHING or (first < 10 * NOTHING and timed(GLIMPSE) < NOTHING):
            return None
        before, floor = timed(small_size), FLOOR * min(1, small_size / SMALL)
        if before < floor:
            return None
        after = timed(10 * small_size)
        if after < before * CLEAR:
            return None
        before = median([before, *(timed(small_size) for _ in range(4))])  # a clock of processor time may miss a run, and never adds one
        if before < floor:
            return None
        if after > before * GROWTH:
            after = min(after, timed(10 * small_size, 2))
        return f"{after / before:.0f} times as long" if after > before * GROWTH else None
    except Stopped:
        return f"stopped after {LONGEST} s"


def outgrows(run: Callable[[str], object], text_of: Callable[[int], str], small_size: int = SMALL) -> str | None:
    """As `grows`, for a test in the process that runs the tests: a run that does not end is stopped here as well."""
    before = signal.signal(signal.SIGVTALRM, _stop)
    try:
        return grows(run, text_of, small_size)
    finally:
        signal.signal(signal.SIGVTALRM, before)


def pumped(before: str, body: str, end: str) -> Callable[[int], str]:
    return lambda size: before + body * (size // len(body)) + end


def slow_in(found: Found) -> str | None:
    """The first text on which a pattern takes longer than it may; None where there is none."""
    pattern = re.compile(found.pattern, found.flags)
    anchored = found.ways <= ANCHORED
    for before, body, end in [
        *pumps_of(found.pattern, found.flags),
        *(("", body, "\x00") for body in FIXED),
        *(("", body, "") for body in FIXED),
    ]:
        for way in ("match", "fullmatch") if anchored else ("all",):
            if way == "fullmatch" and way not in found.ways:
                continue

            def run(text: str, way: str = way) -> None:
                given = text.encode("utf-8", "replace") if isinstance(found.pattern, bytes) else text
                if way == "all":
                    for _ in pattern.finditer(given):
                        pass
                else:
                    getattr(pattern, way)(given)

            told = grows(run, pumped(before, body, end))
            if told:
                return f"{found.place} {way}: {told} on {before!r} + {body!r} * n + {end!r} in {found.pattern!r}"
    return None


def _stop(*_: object) -> None:
    raise Stopped


def readers() -> dict[str, Callable[[str], object]]:
    """Everything that reads a stranger's text as a whole, by its name."""
    from macros.checks.prose import _tells
    from macros.checks.secrets import found_in
    from macros.facts.authority.codeowners import code_owners
    from macros.generated import bag_of_words, fingerprint_of_words, sections
    from macros.git.history import _entries
    from macros.imports.headings import plain as heading
    from macros.load.built_site import read_page, site_url_in
    from macros.load.files import kept
    from macros.problem import did_you_mean
    from macros.render import markup
    from macros.review.forge import read_reviews
    from macros.review.report import read_report
    from macros.review.sentences import Sentence, compare
    from macros.text.calls import calls_in
    from macros.text.front_matter import split
    from macros.text.hidden import visible_parts
    from macros.text.markdown import blocks
    from macros.text.sections import sections as sections_seen
    from macros.text.sentences import sentences_in
    from macros.text.strict_json import parse_json
    from macros.text.strict_yaml import parse

    def read(text: str) -> tuple:
        return tuple(Sentence(heading, words, words, line) for heading, words, line, _ in sentences_in(text, 1))

    known = [f"iso42001:A.{number}" for number in range(100)]
    names = {
        "front matter": split,
        "front matter inside": lambda text: split(f"---\n{text}\n---\n"),
        "YAML": parse,
        "YAML value": lambda text: parse(f"a: {text}"),
        "JSON": parse_json,
        "JSON text": lambda text: parse_json(f'{{"a": "{text}"}}'),
        "macro calls": lambda text: calls_in(text, 1),
        "macro calls with a statement": lambda text: calls_in("{% a %}" + text, 1),
        "placeholders and vague words": lambda text: _tells(text, 1),
        "secrets": lambda text: list(found_in(text)),
        "sections": lambda text: list(sections(text)),
        "sections that are seen": lambda text: list(sections_seen(text)),
        "words": fingerprint_of_words,
        "bag of words": bag_of_words,
        "sentences": read,
        "Markdown": blocks,
        "Markdown in a list": lambda text: blocks("- a\n\n    " + text),
        "Markdown in a quotation": lambda text: blocks("> " + text.replace("\n", "\n> ")),
        "hidden text": visible_parts,
        "hidden text in a tag": lambda text: visible_parts(f"<b {text}>"),
        "sentences compared": lambda text: compare(read(text), read(f"b {text.replace('a', 'b')}\nc")),
        "a built page": read_page,
        "an attribute of a built page": lambda text: read_page(f'<img srcset="{text}"><meta http-equiv=refresh content="{text}">'),
        "site address": site_url_in,
        "reference": kept,
        "CODEOWNERS": lambda text: code_owners(text, "docs/policies/" + "a" * 200 + "/ai-policy.md"),
        "CODEOWNERS pattern": lambda text: code_owners("/docs/" + text.replace("\n", "") + " @a", "docs/" + "a" * 2000),
        "head of an old blob": lambda text: _entries(b"---\n" + text.encode("utf-8", "replace")),
        "the nearest name": lambda text: did_you_mean(text, known, ""),
        "heading of a list": heading,
        "text on a page": lambda text: (markup.plain(text), markup.running(text)),
        "report": lambda text: read_report(text.encode("utf-8", "replace"), "report.json"),
        "reviews of a forge": lambda text: read_reviews(f'[{{"state": "{text}"}}]', "reviews.json"),
    }
    return {name: forgiving(call) for name, call in names.items()}


def forgiving(call: Callable[[str], object]) -> Callable[[str], object]:
    """What refuses a text in its own words has read it."""
    from macros.cache import forget
    from macros.problem import KitError
    from macros.text.blocks import TooDeep
    from macros.text.strict_yaml import YamlProblem

    def run(text: str) -> None:
        forget()
        with contextlib.suppress(YamlProblem, KitError, TooDeep):
            call(text)

    return run


def slow_readers(small_size: int) -> Iterator[str]:
    for name, call in readers().items():
        print(name, file=sys.stderr, flush=True)
        for body in FIXED:
            told = grows(call, pumped("", body, "\x00"), small_size)
            if told:
                yield f"{name}: {told} on {body!r} * n"
                break


def main() -> int:
    """Print what is slow, and how much was tried."""
    signal.signal(signal.SIGVTALRM, _stop)
    what = sys.argv[1:] or ["patterns", "readers"]
    count = slow = 0
    if "patterns" in what:
        for one in every_pattern():
            print(one.place, file=sys.stderr, flush=True)
            count += 1
            told = slow_in(one)
            if told:
                slow += 1
                print(told, flush=True)
        print(f"{count} patterns, {slow} slow", flush=True)
    for way, small_size in {"readers": SHORT, "readers at length": LONG}.items():
        if way not in what:
            continue
        told = list(slow_readers(small_size))
        slow += len(told)
        print("\n".join([*told, f"{len(readers())} readers, {len(told)} slow"]), flush=True)
    return int(bool(slow))


if __name__ == "__main__":
    raise SystemExit(main())
