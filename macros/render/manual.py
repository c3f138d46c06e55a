"""The manual as pages of an organisation's site, so that a reader meets the version by which the site was made."""

from __future__ import annotations

from collections.abc import Iterator

from macros.load.manual import CODES, FOLDER, manual
from macros.render.markup import crumbs, link, page

HOME = "manual/index.md"
"""The first page of the manual, below `docs/`."""


def has_manual() -> bool:
    """Whether the manual lies in the engine's folder; a copy of the engine alone may come without."""
    return (FOLDER / "index.md").is_file()


def manual_pages() -> Iterator[tuple[str, str]]:
    """Every page of the manual: its path below `docs/`, and its text."""
    for one in manual() if has_manual() else ():
        top = one.name == "index"
        title = "Manual" if top else one.title
        way = crumbs(("Home", "/index.md"), ("Manual", None if top else f"/{HOME}"), *(() if top else ((title, None),)))
        yield f"manual/{one.name}.md", page(title, way, one.body, description=f"The manual of AIMS Kit: {title}")


def explained(code: str) -> str:
    """A problem code as a link to its section in the manual; as text where there is no manual."""
    return link(code, f"/manual/{CODES}.md" if has_manual() else None, code.lower())
