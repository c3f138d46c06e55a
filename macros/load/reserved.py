"""Addresses below the site that the kit writes to: what it generates, and what the theme and the search bring."""

from __future__ import annotations

from macros.load.published import DOCS, address_of

_PAGES = (
    "acknowledged audit-programme eu-ai-act evidence gates guide history management-review open parameters records "
    "requirements reuse roadmap status trace trend"
)
PAGES = frozenset(_PAGES.split())
"""Addresses of generated pages at the top."""
FOLDERS = ("assets/javascripts/", "assets/stylesheets/", "history/", "records/", "requirements/", "search/")
"""Folders in which everything is generated, or belongs to the theme."""
_WORDS_OF_FILES = (
    "404 404.html assets/aims.css assets/aims.js assets/favicon.svg assets/theme-content.js assets/theme-palette.js assets/theme-scope.js "
    "assets/theme-tabs.js sitemap.xml sitemap.xml.gz"
)
FILES = frozenset(_WORDS_OF_FILES.split())
"""Further files of the kit and of the host."""


def is_reserved(path: str) -> bool:
    """Whether a file below `docs/` would be published where the kit, the theme or the host writes."""
    inside = path.removeprefix(DOCS).casefold()
    if inside in FILES or inside.startswith(FOLDERS):
        return True
    return address_of(path) in PAGES or address_of(path).removesuffix("/index.html") in PAGES
