"""A built site, read for what could act on its readers: its pages, and the files beside them."""

from __future__ import annotations

import hashlib
import importlib.util
import posixpath
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from macros.live.allowed import NOTHING, Additions, Wrong
from macros.live.built import BuiltMarkup, read_built
from macros.live.drawing import read_drawing
from macros.live.policy import policy
from macros.load.published import DOCS, is_still

_ENGINE = Path(__file__).resolve().parent.parent / "assets"
_PAGES = (".html", ".htm")
_SITEMAP = re.compile(
    r"<\?xml [^<>?]*\?>\s*(?:</?(?:urlset|url|loc|lastmod)(?: xmlns=\"http://www\.sitemaps\.org/schemas/sitemap/0\.9\")?/?>[^<]*)*"
)


class SiteWrong(Enum):
    """In which way a part of a built site is not what the kit and the theme account for."""

    LIVE = "live"
    """Something on a page that acts, or that could."""
    FOREIGN = "foreign"
    """Something that is loaded from another host."""
    POLICY = "policy"
    """A page without the policy that keeps a browser from running what nobody accounts for."""
    FILE = "file"
    """A file beside the pages that could act."""


@dataclass(frozen=True, slots=True)
class SiteFault:
    """One such part."""

    wrong: SiteWrong
    path: str
    """Inside the site."""
    line: int
    what: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """What is known of a site before it is looked at: folders whose files may stand in it, and what the organisation added."""

    folders: tuple[Path, ...] = ()
    """Of the theme and of the engine; a file counts where one of the same path and bytes lies there."""
    docs: Path | None = None
    """The organisation's documents, beside which the files lie that it allowed."""
    additions: Additions = NOTHING

    def accounts_for(self, path: str, data: bytes) -> bool:
        """Whether a file of the site is one that was delivered, or that the organisation allowed, byte for byte."""
        digest = hashlib.sha256(data).digest()
        places = [folder / path for folder in self.folders]
        if path.startswith("assets/"):
            places.append(_ENGINE / path.removeprefix("assets/"))
        if self.docs is not None and DOCS + path in self.additions.files:
            places.append(self.docs / path)
        return any(_digest(place) == digest for place in places)


@lru_cache(maxsize=256)
def _digest(place: Path) -> bytes | None:
    try:
        return hashlib.sha256(place.read_bytes()).digest()
    except (OSError, ValueError):
        return None


def delivered(docs: Path | None = None, additions: Additions = NOTHING) -> Delivered:
    """What the installed theme and this engine deliver.

    Args:
        docs: The organisation's `docs/`.
        additions: What it added to the allow-list.
    """
    found = importlib.util.find_spec("material")
    places = found.submodule_search_locations if found else None
    return Delivered(tuple(Path(place) / "templates" for place in places or ()), docs, additions)


def read_live(folder: Path, files: Iterable[str], above: str, known: Delivered) -> Iterator[SiteFault]:
    """What in a built site nobody accounts for, file by file.

    Args:
        folder: Where the build left it.
        files: Every file in it.
        above: The path under which it is served.
        known: What is expected.
    """
    wanted = policy(known.additions.hosts)
    acting = {}
    for path in sorted(files):
        if path.casefold().endswith(_PAGES) or is_still(path):
            continue
        data = (folder / path).read_bytes()
        acting[path] = known.accounts_for(path, data)
        if not acting[path]:
            yield from _faults_of_file(path, data)
    for path in sorted(files):
        if path.casefold().endswith(_PAGES):
            data = (folder / path).read_bytes()
            if not (DOCS + path in known.additions.files and known.accounts_for(path, data)):
                page = read_built(data.decode("utf-8", "replace"), known.additions)
                yield from _faults_of_page(path, page, wanted, lambda target: acting.get(target, False), above)


def _faults_of_page(path: str, page: BuiltMarkup, wanted: str, is_known: Callable[[str], bool], above: str) -> Iterator[SiteFault]:
    if page.policy != wanted:
        what = "another content security policy than the kit's" if page.policy else "no content security policy before everything else"
        yield SiteFault(SiteWrong.POLICY, path, 1, what)
    for found in page.found:
        wrong = SiteWrong.FOREIGN if found.fault.wrong is Wrong.FOREIGN else SiteWrong.LIVE
        yield SiteFault(wrong, path, found.line, found.fault.what)
    for line, address in page.scripts:
        target = _inside(path, address, above)
        if target is None:
            yield SiteFault(SiteWrong.FOREIGN, path, line, f"script '{address[:80]}'")
        elif not is_known(target):
            yield SiteFault(SiteWrong.LIVE, path, line, f"script '{address[:80]}', which neither the theme nor the engine delivered")


def _inside(path: str, address: str, above: str) -> str | None:
    """The file of the site that an address names on a page; None where it leads out of the site."""
    try:
        whole = urlsplit(urljoin(f"http://site.invalid{above}{path}", address))
    except ValueError:
        return None
    if whole.netloc != "site.invalid" or not whole.path.startswith(above):
        return None
    return posixpath.normpath(unquote(whole.path.removeprefix(above)))


def _faults_of_file(path: str, data: bytes) -> Iterator[SiteFault]:
    text = data.decode("utf-8", "replace")
    lower = path.casefold()
    if lower == "sitemap.xml.gz" and _SITEMAP.fullmatch(_unpacked(data).rstrip()):
        return
    if lower == "sitemap.xml" and _SITEMAP.fullmatch(text.rstrip()):
        return
    if lower.endswith(".svg"):
        for found in read_drawing(text):
            yield SiteFault(SiteWrong.FILE, path, found.line, f"the drawing holds {found.fault.what}")
        return
    yield SiteFault(SiteWrong.FILE, path, 1, "the file could act in a browser, and neither the theme nor the engine delivered it")


def _unpacked(data: bytes) -> str:
    """The text in a compressed file, up to 16 MiB; empty where it is none."""
    reader = zlib.decompressobj(wbits=31)
    try:
        text = reader.decompress(data, 1 << 24)
    except zlib.error:
        return ""
    return text.decode("utf-8", "replace") if reader.eof and not reader.unused_data else ""
