"""SEC: no text holds a password, a key or a token.

Each pattern begins with fixed letters and is bounded, or cannot begin again inside what it has read, so a line of a
megabyte takes no longer than a page of words.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

from macros.cache import cached_by_text
from macros.checks.registry import Said, check
from macros.facts.computed import Facts
from macros.model.numbering import NUMBERING
from macros.problem import Location

_TOKENS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("a private key", ("PRIVATE KEY",), r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----"),
    ("an AWS access key", ("AKIA", "ASIA"), r"A[KS]IA(?<![A-Za-z0-9].{4})[A-Z0-9]{16}(?![A-Za-z0-9])"),
    ("a GitHub token", ("ghp_", "gho_", "ghs_", "ghu_", "ghr_"), r"gh[posur]_(?<![A-Za-z0-9].{4})[A-Za-z0-9]{36}"),
    ("a GitHub token", ("github_pat_",), r"github_pat_[A-Za-z0-9_]{22}"),
    ("a GitLab token", ("glpat-", "gldt-", "glrt-", "glptt-", "glcbt-"), r"gl(?:pat|dt|rt|ptt|cbt)-[A-Za-z0-9_-]{20}"),
    ("a Slack token", ("xox", "xapp-"), r"x(?:ox[abeoprs]|app)-[A-Za-z0-9-]{10}"),
    ("a Slack address that posts", ("hooks.slack.com",), r"hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9+/]{20}"),
    ("a Google key", ("AIza",), r"AIza[A-Za-z0-9_-]{35}"),
    ("a Google secret", ("GOCSPX-",), r"GOCSPX-[A-Za-z0-9_-]{24}"),
    ("a Stripe key", ("sk_live_", "rk_live_"), r"[sr]k_live_[A-Za-z0-9]{16}"),
    ("a JSON Web Token", ("eyJ",), r"eyJ(?<![A-Za-z0-9_-].{3})[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10}"),
    ("a token of the npm registry", ("npm_",), r"npm_(?<![A-Za-z0-9].{4})[A-Za-z0-9]{36}"),
    ("a token of the Python registry", ("pypi-",), r"pypi-[A-Za-z0-9_-]{50}"),
    ("a key of a model provider", ("sk-",), r"sk-(?<![A-Za-z0-9].{3})(?:(?:proj|svcacct|ant)-[A-Za-z0-9_-]{30}|[A-Za-z0-9]{48})"),
    ("a Hugging Face token", ("hf_",), r"hf_(?<![A-Za-z0-9].{3})[A-Za-z0-9]{34}"),
    ("a storage key", ("AccountKey=",), r"AccountKey=[A-Za-z0-9+/]{86}=="),
)
_KINDS = tuple((kind, markers, re.compile(pattern)) for kind, markers, pattern in _TOKENS)

_ADDRESS = re.compile(r"://[^\s/:@\"'<>`]{0,64}:([^\s/@\"'<>`]{3,128})@[\w\[]")
_NAMES = ("passwor", "passwd", "passphrase", "kennwort", "contraseña", "pwd", "secret", "key", "token", "bearer")
_PARTS = ("key", "token")
_NAMED = re.compile(
    r"""
    (?: password | passwort | passwd | passphrase | kennwort | contraseña | pwd | secret | key | token | bearer )
    (?: ["'`*]{0,3} [ \t]{0,3} (?: => | := | [:=] ) | (?<=bearer) ) [ \t]{0,3}
    (?P<quote> ["'`]? ) (?P<value> [^\s"'`<>{}\[\](),;|]{8,200} )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_WHOSE = re.compile(r"(?:api|access|secret|private|auth|account|encryption|signing)[ _-]?$", re.IGNORECASE)
"""What stands before `key` and `token` where they are secret; a key alone may be that of a map."""
_SUM = re.compile(r"(?:sha-?\d{1,3}|md5|hash|digest|checksum|fingerprint)[\w -]{0,12}$", re.IGNORECASE)
"""What stands before a name whose value is made of a secret and does not give it away."""
_WORDS = {"sec": "secret", "key": "key", "tok": "token", "bea": "token"}
_STAND_INS = re.compile(
    r"example|sample|placeholder|change-?me|dummy|redacted|replace|insert|^your|^my-|x{4}|\*{3}|\.{3}|…|^[$%&]|^env[.:]|^vault:|^secrets?[.:]"
    r"|:(?:your|the)?-?_?(?:password|passwd|pass|secret|token)$|^(?:password|passwd|pass|pwd|secret|token|key)$",
    re.IGNORECASE,
)
_HARMLESS = re.compile(
    rf"^(?:[A-Z]{{2,3}}-{NUMBERING}"
    r"|[a-z0-9-]+:[A-Z0-9][\w.-]{0,12}|\d{4}-\d{2}-\d{2}.*|v?\d+(?:[.:-]\d+)*|[\w.+-]+@[\w-]+\.[\w.-]+"
    r"|[\w.-]*/[\w./-]*\.[a-z]{2,5}(?:[#:].*)?)$"
)
BITS, BITS_IN_QUOTES = 3.0, 2.7
"""Entropy in bits a character: what a value must exceed to look drawn, and what is enough between quotes."""


@check("SEC105", "Text holds a secret")
def secret(facts: Facts) -> Iterator[Said]:
    """Who can read the repository, or any older commit of it, can use what stands in a text; deleting the line takes it from nobody."""
    for path, text in facts.workspace.texts.items():
        for line, what in found_in(text):
            yield (
                Location(path, line),
                f"the line holds {what}",
                "revoke it first where it was issued, then take it out of the text and out of the repository's history",
            )


@cached_by_text("secrets")
def found_in(text: str) -> tuple[tuple[int, str], ...]:
    """Lines with what they hold, each once; of a secret never more than four characters, and none of a password."""
    told: dict[tuple[int, str], None] = {}
    for kind, markers, pattern in _KINDS:
        if any(marker in text for marker in markers):
            shown = kind in ("a private key", "a Slack address that posts", "a storage key")
            for line, match in _with_lines(text, pattern):
                if not _STAND_INS.search(match.group()):
                    told[line, kind if shown else f"{kind} that begins '{match.group()[:4]}'"] = None
    if "://" in text:
        for line, match in _with_lines(text, _ADDRESS):
            if not _STAND_INS.search(match.group(1)):
                told[line, "a password in an address"] = None
    taken = {line for line, _ in told}
    for line, match in _named(text):
        if line not in taken and _looks_drawn(match["value"].rstrip(".:"), bool(match["quote"])):
            told[line, f"what looks like a real {_WORDS.get(match.group()[:3].lower(), 'password')}"] = None
    return tuple(sorted(told))


def _named(text: str) -> Iterator[tuple[int, re.Match[str]]]:
    lower = text.lower()
    if len(lower) != len(text):  # a few letters grow; then the places would not be the same
        lower = text
    places = sorted({at for name in _NAMES for at in _places(lower, name)})
    line, counted, end = 1, 0, 0
    for at in places:
        # What was a value is not read again as a name.
        if at < end or (lower.startswith(_PARTS, at) and not _WHOSE.search(text, max(0, at - 12), at)):
            continue
        match = _NAMED.match(text, at)
        if match:
            end = match.end()
            if not _SUM.search(text, max(0, at - 24), at):
                line += text.count("\n", counted, at)
                counted = at
                yield line, match


def _places(text: str, name: str) -> Iterator[int]:
    at = text.find(name)
    while at != -1:
        yield at
        at = text.find(name, at + 1)


def _with_lines(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, re.Match[str]]]:
    line, counted = 1, 0
    for match in pattern.finditer(text):
        line += text.count("\n", counted, match.start())
        counted = match.start()
        yield line, match


def _looks_drawn(value: str, quoted: bool) -> bool:
    """Whether a value is more than a word, a number, an id, a date, a path or a stand-in."""
    if len(value) < 8 or _STAND_INS.search(value) or "://" in value or _HARMLESS.match(value):
        return False
    letters = any(character.isalpha() for character in value)
    digits = any(character.isdigit() for character in value)
    both_cases = value != value.lower() and value != value.upper()
    signs = any(character in "!@#$%^&*+=?~" for character in value)
    if not ((letters and digits) or (both_cases and signs)):
        return False
    bits = -sum(count / len(value) * math.log2(count / len(value)) for count in Counter(value).values())
    return bits > (BITS_IN_QUOTES if quoted else BITS)
