"""What the host makes of a file below `docs/`: a page, under which address, or a copy as it is."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

PAGE_ENDINGS = (".markdown", ".mdown", ".mkdn", ".mkd", ".md")
"""Endings of files that become pages: `mkdocs.utils.markdown_extensions` of MkDocs 1.6, in its own letters; a test compares both."""
DOCS = "docs/"
HIDDEN = (".*", "/templates/")
"""What MkDocs leaves out unless it is told otherwise, as patterns of git."""
_INDEXES = ("index", "README")
_STILL = (
    ".avif .bmp .bpmn .bz2 .csv .doc .docx .drawio .gif .gz .ico .ics .jpeg .jpg .json .log .mp3 .mp4 .msg .odg .odp .ods "
    ".odt .ogg .p7m .p7s .pdf .png .ppt .pptx .puml .rtf .sig .tif .tiff .tsv .txt .vsdx .wav .webm .webp .xls .xlsx .yaml "
    ".yml .zip .7z .mmd .asc .eml"
)
STILL = frozenset(_STILL.split())
"""Endings of files that a browser shows, plays or saves, and in which nothing acts on the site."""
_STILL_NAMES = frozenset({".nojekyll", ".gitkeep", ".pages"})
_WORDS_OF_ORDERS = (
    "_config.yaml _config.yml _headers _redirects _routes.json cname now.json routes.json serve.json staticwebapp.config.json vercel.json"
)
_ORDERS = frozenset(_WORDS_OF_ORDERS.split())
"""Names under which hosts look for orders in what is published: another domain, headers, redirections."""


def is_page(path: str) -> bool:
    """Whether a file is of a kind that MkDocs makes a page of."""
    return path.endswith(PAGE_ENDINGS)


def is_index(path: str) -> bool:
    """Whether a page stands for its folder: MkDocs takes `index` and `README` alike."""
    return is_page(path) and path.rsplit("/", 1)[-1].rsplit(".", 1)[0] in _INDEXES


def is_drawing(path: str) -> bool:
    """Whether a file is a drawing that a browser would open as a document of its own."""
    return path.startswith(DOCS) and path.casefold().endswith(".svg")


def is_hidden(path: str) -> bool:
    """Whether MkDocs leaves a path below `docs/` out unless it is told otherwise: a name with a dot before it, or `templates/`."""
    return path.startswith("templates/") or any(part.startswith(".") for part in path.split("/"))


def is_still(path: str) -> bool:
    """Whether a file that is no page can be published as it is."""
    name = path.rsplit("/", 1)[-1]
    lower = name.casefold()
    if lower.endswith(".gz"):  # servers send such a copy in place of the file that is called the same without this ending
        return lower.endswith(".tar.gz") or is_still(lower.removesuffix(".gz"))
    return name in _STILL_NAMES or ("." in name and not is_order(lower) and "." + lower.rsplit(".", 1)[1] in STILL)


def is_order(path: str) -> bool:
    """Whether a host would take a file for orders to itself."""
    return path.rsplit("/", 1)[-1].casefold() in _ORDERS


def address_of(path: str) -> str:
    """The address of a page or an HTML file below `docs/`, as every server and disk tells it apart; the home page has an empty one.

    Case and the way in which an accent is written make no difference on Windows and macOS, so they make none here.
    """
    stem, _, ending = path.removeprefix(DOCS).rpartition(".")
    folder, _, name = stem.rpartition("/")
    stands_for_folder = is_index(path) or (name == "index" and not is_page(path))
    address = folder if stands_for_folder else (stem if is_page(path) else f"{stem}.{ending}")
    return unicodedata.normalize("NFC", address).casefold()


def place_of(path: str) -> str:
    """Where a file below `docs/` is written to inside the site, in the form of `address_of`."""
    if not is_page(path):
        return unicodedata.normalize("NFC", path.removeprefix(DOCS)).casefold()
    return f"{address_of(path)}/index.html".removeprefix("/")


def folders_of(place: str) -> Iterator[str]:
    """Every folder that a place lies in."""
    at = place.find("/")
    while at != -1:
        yield place[:at]
        at = place.find("/", at + 1)


def twins_in(built: Iterable[tuple[str, str]]) -> str | None:
    """Two files that are written to one place, or one into a folder that has to be the other, in words; None where there are none.

    Of the first kind the host would keep one and say nothing; over the second it stumbles half-way.

    Args:
        built: Where each file is written to inside the site, and where it comes from.
    """
    seen: dict[str, str] = {}
    for target, source in built:
        other = seen.setdefault(target.casefold(), source)
        if other != source:
            return f"'{other}' and '{source}' become one page, '{target}'"
    for target, source in seen.items():
        above = next((seen[folder] for folder in folders_of(target) if folder in seen), None)
        if above is not None:
            return f"'{source}' would lie in a folder that is called like the file made of '{above}'"
    return None
