"""TRC3: in the built site each link, image and anchor leads somewhere, raw HTML that authors wrote included.

MkDocs follows the links of Markdown. What stands in HTML, in a theme or in a generated page it neither follows nor
rewrites, so these rules read what the build left. They speak where a built site is given, and nowhere else.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urljoin, urlsplit

from macros.checks.registry import Said, check
from macros.facts.computed import Facts
from macros.load.built_site import BuiltPage, BuiltSite, Reference
from macros.load.published import PAGE_ENDINGS
from macros.problem import Location, Severity, did_you_mean

SITE_CODES = ("TRC301", "TRC302", "TRC303")
"""Rules that read a built site, and not the sources."""
REPEATED = 10
"""On more pages than these a dead link comes from the theme or the navigation, and is said once."""

_HOST = "site.invalid"
_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_WORDS = {"a": "link", "area": "link", "img": "image", "image": "image", "source": "image", "script": "script", "iframe": "frame"}


@dataclass(frozen=True, slots=True)
class LinkFault:
    """A reference that leads nowhere, or that nobody can follow safely."""

    code: str
    path: str
    reference: Reference
    target: str
    """The file that is missing, or the one that lacks the anchor."""
    fragment: str = ""
    more: int = 0
    """On how many further pages it stands."""


@check("TRC301", "Link or image leads to nothing")
def dead_link(facts: Facts) -> Iterator[Said]:
    """A reader, and an auditor, who follows a link has to arrive; MkDocs does not look into HTML that an author wrote."""
    for site, fault in _of(facts, "TRC301"):
        if fault.target.startswith("/"):
            why, way_out = f"the site lies under '{site.above}'", "write the link from the page, without the first '/'"
        elif not fault.target:
            why, way_out = "it cannot be read as an address", "write it anew"
        else:
            why = f"there is no '{fault.target}'"
            way_out = did_you_mean(fault.target, site.files, "write the link in Markdown, so that the build follows it, or remove it")
        yield _place(fault), f"{_named(fault)} leads to nothing, {why}{_source(facts, fault)}", way_out


@check("TRC302", "Anchor leads to nothing")
def dead_anchor(facts: Facts) -> Iterator[Said]:
    """A browser opens the top of the page and says nothing, and the reader takes the wrong passage for the one that was meant."""
    for site, fault in _of(facts, "TRC302"):
        anchors = site.pages[fault.target].anchors
        yield (
            _place(fault),
            f"{_named(fault)} leads to nothing, '{fault.target}' has no anchor '{_short(fault.fragment)}'{_source(facts, fault)}",
            did_you_mean(fault.fragment, anchors, "take the anchor from the mark beside the heading"),
        )


@check("TRC303", "Address is of a kind that pages do not use", Severity.WARNING)
def odd_address(facts: Facts) -> Iterator[Said]:
    """An address that runs a script, or carries a page in itself, is no reference that somebody can follow, print or check."""
    for _, fault in _of(facts, "TRC303"):
        yield (
            _place(fault),
            f"{_named(fault)} is no address of https, http, mailto or tel{_source(facts, fault)}",
            "link to a page or a file, or write an address that begins with https",
        )


def _of(facts: Facts, code: str) -> Iterator[tuple[BuiltSite, LinkFault]]:
    if facts.site is not None:
        yield from ((facts.site, fault) for fault in _faults(facts.site) if fault.code == code)


def _place(fault: LinkFault) -> Location:
    return Location(fault.path, fault.reference.line)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 100 else text[:97] + "..."


def _named(fault: LinkFault) -> str:
    return f"{_WORDS.get(fault.reference.element, fault.reference.element)} '{_short(fault.reference.address)}'"


def _source(facts: Facts, fault: LinkFault) -> str:
    """Where the page comes from, with the line where the address stands once in it; and on how many pages more it is."""
    more = f", here and on {fault.more} other pages" if fault.more else ""
    stem = fault.path.removesuffix("/index.html").removesuffix(".html")
    for source in (f"docs/{name}{ending}" for ending in PAGE_ENDINGS for name in (stem, f"{stem}/index", f"{stem}/README")):
        text = facts.workspace.texts.get(source)
        if text is not None:
            line = f", line {text.count(chr(10), 0, text.index(fault.reference.address)) + 1}" if _once(text, fault) else ""
            return f"{more}; the page is made from '{source}'{line}"
    return more


def _once(text: str, fault: LinkFault) -> bool:
    return not fault.more and len(fault.reference.address) > 1 and text.count(fault.reference.address) == 1


@lru_cache(maxsize=2)
def _faults(site: BuiltSite) -> tuple[LinkFault, ...]:
    """Every fault in the order of pages; what the theme repeats, once."""
    found: list[LinkFault] = []
    for path, page in site.pages.items():
        found += _on_page(site, path, page)
    pages: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for fault in found:
        pages[fault.code, fault.target, fault.fragment, fault.reference.element].add(fault.path)
    told, kept = set(), []
    for fault in found:
        key = (fault.code, fault.target, fault.fragment, fault.reference.element)
        many = len(pages[key]) > REPEATED
        if many and key in told:
            continue
        told.add(key)
        kept.append(LinkFault(fault.code, fault.path, fault.reference, fault.target, fault.fragment, len(pages[key]) - 1 if many else 0))
    return tuple(kept)


def _on_page(site: BuiltSite, path: str, page: BuiltPage) -> Iterator[LinkFault]:
    here = f"http://{_HOST}{site.above}{path}"
    if page.base is not None:
        here = _joined(here, page.base) or here
    seen: set[tuple[str, str, int]] = set()
    for reference in page.references:
        key = (reference.element, reference.address, reference.line)
        if key in seen:
            continue
        seen.add(key)
        fault = _judged(site, path, here, reference)
        if fault:
            yield fault


def _judged(site: BuiltSite, path: str, here: str, reference: Reference) -> LinkFault | None:
    address = re.sub(r"[\t\n\r]", "", reference.address.strip(" \x00\t\n\r\x0b\x0c\x1f"))
    scheme = _SCHEME.match(address)
    if scheme and scheme.group(1).lower() not in _SCHEMES:
        if scheme.group(1).lower() == "data" and reference.is_image:
            return None
        return LinkFault("TRC303", path, reference, address)
    if site.address and address.startswith(site.address):
        address = site.above + address.removeprefix(site.address).lstrip("/")
    elif scheme or address.startswith("//"):
        return None if _joined(here, address) else LinkFault("TRC301", path, reference, "")
    whole = _joined(here, address)
    if whole is None:
        return LinkFault("TRC301", path, reference, "")
    parts = urlsplit(whole)
    if parts.netloc != _HOST:
        return None  # a base element sends it to another site
    target, missing = _file(site, parts.path)
    if target is None:
        return LinkFault("TRC301", path, reference, missing)
    fragment = parts.fragment.partition(":~:")[0]
    if not fragment or fragment.lower() == "top" or target not in site.pages:
        return None
    anchors = site.pages[target].anchors
    if fragment in anchors or unquote(fragment) in anchors:
        return None
    return LinkFault("TRC302", path, reference, target, unquote(fragment))


def _joined(here: str, address: str) -> str | None:
    try:
        whole = urljoin(here, address)
        urlsplit(whole)
    except ValueError:
        return None
    return whole


def _file(site: BuiltSite, path: str) -> tuple[str | None, str]:
    """The file that a server gives for a path; else the one that is missing, or the path itself where it leaves the site."""
    path = unquote(path)
    if path + "/" == site.above:
        path = site.above
    if not path.startswith(site.above):
        return None, path
    inside = path.removeprefix(site.above)
    names = (inside + "index.html",) if not inside or inside.endswith("/") else (inside, inside + "/index.html")
    return next((name for name in names if name in site.files), None), names[0]
