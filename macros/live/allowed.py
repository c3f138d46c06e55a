"""The allow-list: what HTML a page may hold, and what an organisation can add to it.

No element here changes how a browser reads the text after it: none holds raw text (as `script`, `style` or `textarea` do),
and none opens another language (as `svg` and `math` do). That is why reading tags one by one, as `macros.live.markup` does,
sees the tags that a browser sees.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

_WORDS = (
    "a abbr b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure h1 h2 "
    "h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp section small span strong sub summary sup table "
    "tbody td tfoot th thead time tr u ul var wbr"
)
ELEMENTS = frozenset(_WORDS.split())
"""Elements that every page may hold."""
VOID = frozenset({"br", "col", "hr", "img", "input", "source", "wbr"})
"""Elements without an end."""
_WORDS_OF_ADDABLE_ELEMENTS = (
    "address article aside audio big center dialog footer header hgroup input label main menu meter nav picture progress "
    "search source tt video"
)
ADDABLE_ELEMENTS = frozenset(_WORDS_OF_ADDABLE_ELEMENTS.split())
"""Elements that an organisation can add."""

_EVERYWHERE = frozenset(
    {"aria-describedby", "aria-hidden", "aria-label", "aria-labelledby", "class", "dir", "id", "lang", "markdown", "title"}
)
_CELL = frozenset({"align", "colspan", "headers", "rowspan", "scope"})
_ATTRIBUTES: dict[str, frozenset[str]] = {
    "a": frozenset({"href", "hreflang", "name", "rel"}),
    "audio": frozenset({"controls", "src"}),
    "blockquote": frozenset({"cite"}),
    "col": frozenset({"span"}),
    "colgroup": frozenset({"span"}),
    "del": frozenset({"cite", "datetime"}),
    "details": frozenset({"open"}),
    "img": frozenset({"alt", "height", "src", "width"}),
    "input": frozenset({"checked", "disabled", "type"}),
    "ins": frozenset({"cite", "datetime"}),
    "label": frozenset({"for"}),
    "li": frozenset({"value"}),
    "meter": frozenset({"high", "low", "max", "min", "optimum", "value"}),
    "ol": frozenset({"reversed", "start", "type"}),
    "progress": frozenset({"max", "value"}),
    "q": frozenset({"cite"}),
    "source": frozenset({"src", "type"}),
    "td": _CELL,
    "th": _CELL,
    "time": frozenset({"datetime"}),
    "video": frozenset({"controls", "height", "src", "width"}),
}
ADDABLE_ATTRIBUTES = frozenset({"download", "hidden", "inert", "loading", "role", "tabindex", "target", "translate"})
"""Attributes that an organisation can add; beside these, those that begin with `aria-`."""

ADDRESSES = frozenset({"cite", "href", "src"})
"""Attributes that hold an address."""
_LOADED = frozenset({"audio", "img", "source", "video"})
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
"""Beginnings of addresses that a page may link to; an address without one leads into the site."""

_WORDS_OF_BOXES = "abstract attention bug caution danger error example failure hint important info note question quote success tip warning"
_BOXES = frozenset(_WORDS_OF_BOXES.split())
CLASSES = _BOXES | {"admonition", "admonition-title", "cards", "end", "grid", "inline"}
"""Classes that authors may set; the theme gives them a look and no script acts on them."""
_OWN_CLASS = re.compile(r"(?!md-|aims-)[A-Za-z][A-Za-z0-9_-]*")
_SCRIPTED = frozenset({"annotate", "mermaid", "tabbed-set", "headerlink", "highlight", "no-js", "js", "arithmatex"})
"""Classes that a script of the theme acts on, so that nobody can add them."""
_WRITTEN_CLASS = re.compile(
    r"aims-[a-z_-]+|language-[\w#.+-]+|(?!md-)[a-z][a-z0-9]{0,3}(?:-[A-Z][A-Za-z-]*)?|on|off|headerlink|highlight|highlighttable|linenos|linenodiv|filename|normal|special"
)
"""Classes that the macros and the extensions of Markdown write."""
_WRITTEN_ATTRIBUTES = frozenset({"data-linenos", "tabindex"})
_DRAWN: dict[str, frozenset[str]] = {
    "line": frozenset({"class", "x1", "x2", "y1", "y2"}),
    "rect": frozenset({"class", "height", "rx", "width", "x", "y"}),
    "svg": frozenset({"aria-label", "class", "role", "viewbox"}),
    "text": frozenset({"class", "x", "y"}),
}
"""What generated pages draw, beside the elements that every page may hold."""
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_IDENTIFIER = re.compile(r"(?!__)[^\s\"'<>&]+")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_IGNORED = re.compile(r"[\x00-\x20\x7f]")


class Writer(Enum):
    """Who had a hand in markup, and so what is expected in it."""

    AUTHOR = "author"
    """The source of a page, as somebody wrote it."""
    HOST = "host"
    """The same after macros and extensions of Markdown had their say."""
    KIT = "kit"
    """A generated page."""


class Wrong(Enum):
    """In which way something is outside the allow-list."""

    MARKUP = "markup"
    """An element, an attribute or a class that pages do not hold, or markup that can be read in two ways."""
    ADDRESS = "address"
    """A link of a kind that pages do not use."""
    FOREIGN = "foreign"
    """Something that would be loaded from another host."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing outside the allow-list."""

    wrong: Wrong
    what: str
    """In words, such as `element 'script'`."""


@dataclass(frozen=True, slots=True)
class Additions:
    """What an organisation added to the allow-list, by kind."""

    elements: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()
    """Paths from the root of the repository."""


NOTHING = Additions()
Attributes = tuple[tuple[str, str | None], ...]


def can_add_element(name: str) -> bool:
    """Whether an organisation can add an element."""
    return name in ADDABLE_ELEMENTS


def can_add_attribute(name: str) -> bool:
    """Whether an organisation can add an attribute."""
    return name in ADDABLE_ATTRIBUTES or bool(re.fullmatch(r"aria-[a-z]+", name))


def can_add_class(name: str) -> bool:
    """Whether an organisation can add a class: none of the theme's, of the kit's, or one that a script looks for."""
    return bool(_OWN_CLASS.fullmatch(name)) and name not in _SCRIPTED


def can_add_host(name: str) -> bool:
    """Whether an organisation can add a host that images come from."""
    return bool(_HOST.fullmatch(name))


def faults_of(name: str, attributes: Attributes, additions: Additions = NOTHING, writer: Writer = Writer.AUTHOR) -> Iterator[Fault]:
    """What is outside the allow-list in one tag.

    Args:
        name: The element, in small letters.
        attributes: Names in small letters, with values in which character references are resolved.
        additions: What the organisation added.
        writer: Who had a hand in it.
    """
    if writer is Writer.KIT and name in _DRAWN:
        yield from (Fault(Wrong.MARKUP, f"attribute '{one}' on '{name}'") for one, _ in attributes if one not in _DRAWN[name])
        return
    if name not in ELEMENTS and not (name in additions.elements and name in ADDABLE_ELEMENTS):
        yield Fault(Wrong.MARKUP, f"element '{name}'")
        return
    seen = set()
    for attribute, value in attributes:
        if attribute in seen:
            yield Fault(Wrong.MARKUP, f"attribute '{attribute}' twice on '{name}'")
        seen.add(attribute)
        yield from faults_of_attribute(name, attribute, value, additions, writer)


def faults_of_attribute(
    name: str, attribute: str, value: str | None, additions: Additions, writer: Writer = Writer.AUTHOR
) -> Iterator[Fault]:
    """What is outside the allow-list in one attribute; `name` is empty where the element is not known."""
    if not _is_known(name, attribute, additions) and not (writer is not Writer.AUTHOR and attribute in _WRITTEN_ATTRIBUTES):
        yield Fault(Wrong.MARKUP, f"attribute '{attribute}'" + (f" on '{name}'" if name else ""))
    elif "<" in (value or ""):
        # The theme shows titles as boxes of its own, and reads what stands in them as markup.
        yield Fault(Wrong.MARKUP, f"attribute '{attribute}' with markup in it")
    elif attribute == "class":
        for word in (value or "").split():
            if not is_class(word, additions, writer):
                yield Fault(Wrong.MARKUP, f"class '{word}'")
    elif attribute in ("id", "name", "for") and not _IDENTIFIER.fullmatch(value or ""):
        yield Fault(Wrong.MARKUP, f"{attribute} '{value or ''}'")
    elif name == "input" and attribute == "type" and value not in ("checkbox", "radio"):
        yield Fault(Wrong.MARKUP, f"input of type '{value or ''}'")
    elif attribute in ADDRESSES:
        loaded = attribute == "src" and (name in _LOADED or not name)
        fault = fault_of_address(value or "", loaded, additions)
        if fault:
            yield fault


def _is_known(name: str, attribute: str, additions: Additions) -> bool:
    if attribute in _EVERYWHERE or (attribute in additions.attributes and can_add_attribute(attribute)):
        return True
    if not name:
        return any(attribute in known for known in _ATTRIBUTES.values())
    return attribute in _ATTRIBUTES.get(name, ())


def is_class(word: str, additions: Additions, writer: Writer = Writer.AUTHOR) -> bool:
    """Whether a class may be set."""
    if word in CLASSES or (word in additions.classes and can_add_class(word)):
        return True
    return writer is not Writer.AUTHOR and bool(_WRITTEN_CLASS.fullmatch(word))


def fault_of_address(value: str, loaded: bool, additions: Additions = NOTHING) -> Fault | None:
    """What is wrong with an address, or None.

    Args:
        value: The address, with character references resolved once.
        loaded: Whether a browser fetches it without being asked, as it does with images.
        additions: What the organisation added.
    """
    address = _IGNORED.sub("", html.unescape(value)).replace("\\", "/")
    shown = address if len(address) <= 60 else address[:57] + "..."
    scheme = _SCHEME.match(address)
    if scheme and scheme.group(1).lower() not in SCHEMES:
        return Fault(Wrong.ADDRESS, f"an address that begins with '{scheme.group()}'")
    if loaded and (scheme or address.startswith("//")) and not _is_allowed_host(address, additions):
        return Fault(Wrong.FOREIGN, f"'{shown}'")
    return None


def _is_allowed_host(address: str, additions: Additions) -> bool:
    """Whether an address is one of https on a host that was added, without user or port."""
    match = re.match(r"https://([^/?#]*)(?:[/?#]|$)", address, re.IGNORECASE)
    host = match.group(1).lower() if match else ""
    return host in additions.hosts and can_add_host(host)
