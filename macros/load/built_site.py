"""A built site, read back: its files, and on each page the links, what they name, and the anchors."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

from macros.load.built_live import Delivered, SiteFault, read_live
from macros.problem import KitError

_ADDRESSES: dict[str, tuple[str, ...]] = {
    "a": ("href",),
    "area": ("href",),
    "audio": ("src",),
    "button": ("formaction",),
    "embed": ("src",),
    "form": ("action",),
    "iframe": ("src",),
    "image": ("href", "xlink:href"),
    "img": ("src", "srcset"),
    "input": ("src", "formaction"),
    "link": ("href", "imagesrcset"),
    "object": ("data",),
    "script": ("src",),
    "source": ("src", "srcset"),
    "track": ("src",),
    "use": ("href", "xlink:href"),
    "video": ("src", "poster"),
}
"""Where each element names another file."""
_CANDIDATE = re.compile(r"[\s,]*([^\s,]\S*)")
_REFRESH = re.compile(r"^\s*[\d.]+\s*[;,]\s*(?:url\s*=\s*)?[\"']?([^\"']+)", re.IGNORECASE)
_IMAGES = frozenset({"img", "source", "image", "input", "video", "link"})
_SITE_URL = re.compile(r"^site_url:[ \t]*[\"']?(https?://[^\s\"'#]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Reference:
    """An address on a page."""

    element: str
    """The element that names it, such as `a` or `img`."""
    address: str
    """As written, with character references resolved."""
    line: int
    """Line of the HTML file, from 1."""

    @property
    def is_image(self) -> bool:
        """Whether what it names is shown as a picture, where `data:` is no way to run anything."""
        return self.element in _IMAGES


@dataclass(frozen=True, slots=True)
class BuiltPage:
    """One HTML file."""

    references: tuple[Reference, ...]
    anchors: frozenset[str]
    """Every `id`, and every `name` of an `a`."""
    base: str | None
    """What a `base` element makes of relative addresses."""


@dataclass(frozen=True, eq=False)
class BuiltSite:
    """A folder of HTML and what lies beside it."""

    pages: Mapping[str, BuiltPage]
    """HTML files by their path inside the folder."""
    files: frozenset[str]
    """Every file, by its path inside the folder, in the letters in which it is written."""
    address: str = ""
    """The `site_url`; empty where there is none."""
    live: tuple[SiteFault, ...] = ()
    """What nobody accounts for, in the order of files."""

    @property
    def above(self) -> str:
        """The path under which the site is served, such as `/` or `/aims/`."""
        return urlsplit(self.address).path.rstrip("/") + "/"


def site_url_in(settings: str) -> str:
    """The `site_url` in the text of a `mkdocs.yml`; empty where it has none."""
    found = _SITE_URL.search(settings)
    return found.group(1) if found else ""


def load_site(folder: Path, address: str = "", known: Delivered | None = None) -> BuiltSite:
    """Read a built site.

    Args:
        folder: Where the build left it.
        address: Its `site_url`, where it has one.
        known: What the theme, the engine and the organisation account for; without it nobody looks for what is live.

    Raises:
        KitError: There is no HTML page in the folder, or something in it cannot be read.
    """
    try:
        files = frozenset(_files(folder)) if folder.is_dir() else frozenset()
        pages = {
            path: read_page((folder / path).read_text("utf-8", "replace")) for path in sorted(files) if path.endswith((".html", ".htm"))
        }
    except OSError as error:
        raise KitError(f"'{error.filename or folder}' of the built site cannot be read: {error.strerror or error}") from None
    if not pages:
        raise KitError(f"'{folder}' holds no HTML page; build the site first, or name its folder after --site")
    above = BuiltSite(pages, files, address).above
    return BuiltSite(pages, files, address, tuple(read_live(folder, files, above, known)) if known else ())


def _files(top: Path) -> Iterator[str]:
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        with os.scandir(top / prefix) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{prefix}{entry.name}/")
                elif entry.is_file():
                    yield prefix + entry.name


def read_page(text: str) -> BuiltPage:
    """The addresses and anchors of one page of HTML; markup that is broken is read as far as it goes."""
    reader = _Reader()
    reader.feed(text + "-->")  # ends a comment that is open, as the end of a page does; without it each one is read again and again
    reader.close()
    return BuiltPage(tuple(reader.references), frozenset(reader.anchors), reader.base)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.references: list[Reference] = []
        self.anchors: set[str] = set()
        self.base: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        wanted = _ADDRESSES.get(tag, ())
        given = dict(attrs) if tag == "meta" else {}
        for name, value in attrs:
            if value is None:
                continue
            if name == "id" or (name == "name" and tag == "a"):
                self.anchors.add(value)
            elif name in wanted:
                for address in _candidates(value) if name.endswith("srcset") else (value,):
                    self.references.append(Reference(tag, address, self.getpos()[0]))
            elif tag == "base" and name == "href" and self.base is None:
                self.base = value
        if (given.get("http-equiv") or "").lower() == "refresh" and (found := _REFRESH.match(given.get("content") or "")):
            self.references.append(Reference(tag, found.group(1), self.getpos()[0]))

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """What HTML does not know is a comment to a browser; the standard library would stop at it."""
        return self.parse_bogus_comment(i)


def _candidates(value: str) -> Iterator[str]:
    """The addresses of a `srcset`, without their sizes."""
    found = _CANDIDATE.match(value)
    while found:
        yield found.group(1).rstrip(",")
        end = found.end() if found.group(1).endswith(",") else value.find(",", found.end())
        found = _CANDIDATE.match(value, end) if end != -1 else None
