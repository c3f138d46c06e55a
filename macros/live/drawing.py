"""Drawings in SVG: a browser opens one as a document of its own, so it is held against an allow-list as pages are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from macros.live.allowed import Fault, Wrong, fault_of_address
from macros.live.markup import Found, attributes_of, line_at, odd, tags_in

_WORDS = (
    "circle clippath defs desc ellipse feblend fecolormatrix fecomponenttransfer fecomposite feflood fefunca fefuncb "
    "fefuncg fefuncr fegaussianblur femerge femergenode feoffset fedropshadow filter g line lineargradient marker mask "
    "metadata path pattern polygon polyline radialgradient rect stop svg symbol text textpath title tspan use view"
)
ELEMENTS = frozenset(_WORDS.split())
"""Elements of a drawing that show something and do nothing; names in small letters."""
_LINKS = frozenset({"href", "xlink:href"})
_SHEET = re.compile(r"url\s*\(\s*[\"']?\s*(?!#)|@import|expression|javascript|\\", re.IGNORECASE)
_PROLOGUE = re.compile(r"\s*<\?xml [^<>?]*\?>")
_START = re.compile(r"<")


def read_drawing(text: str) -> Iterator[Found]:
    """What in a drawing could act, load something from elsewhere, or be read in more than one way.

    Args:
        text: The file; a byte order mark is taken off.
    """
    text = text.removeprefix("\ufeff")
    prologue = _PROLOGUE.match(text)
    for at, tag in tags_in(text, prologue.end() if prologue else 0, _START):
        if tag is None:
            yield Found(line_at(text, at), odd(text, at))
            return
        for fault in () if tag["end"] else _faults(tag):
            yield Found(line_at(text, at), fault)


def _faults(tag: re.Match[str]) -> Iterator[Fault]:
    name = tag["name"].lower()
    if name not in ELEMENTS:
        yield Fault(Wrong.MARKUP, f"element '{name}'")
        return
    for attribute, value in attributes_of(tag["attributes"]):
        if attribute.startswith("on") or attribute in ("base", "xml:base", "attributename"):
            yield Fault(Wrong.MARKUP, f"attribute '{attribute}' on '{name}'")
        elif attribute in _LINKS and not (value or "").strip().startswith("#"):
            yield fault_of_address(value or "", True) or Fault(Wrong.MARKUP, f"attribute '{attribute}' that leads out of the drawing")
        elif _SHEET.search(value or ""):
            yield Fault(Wrong.FOREIGN, f"attribute '{attribute}' that loads something")
