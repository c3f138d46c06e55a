"""Addresses below the site that the kit writes to: what it generates, and what the theme and the search bring."""

from __future__ import annotations

import re

from macros.load.published import DOCS, folders_of, place_of

_PAGES = (
    "acknowledged audit-programme eu-ai-act evidence gates guide history management-review manual open parameters records "
    "requirements reuse roadmap status trace trend"
)
PAGES = frozenset(_PAGES.split())
"""Addresses of generated pages at the top."""
FOLDERS = ("assets/javascripts/", "assets/stylesheets/", "history/", "manual/", "records/", "requirements/", "search/")
"""Folders in which everything is generated, or belongs to the theme."""
_PART = re.compile(r"([a-z-]+)(?:/[a-z0-9-]+)?(?:(?:/|-)\d+/index\.html|\.csv)")
"""Where a page whose table is long goes on, and its list."""
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
    place = place_of(path)
    return any(_is_kept(part) for part in (place, *folders_of(place)) if "." in part)


def _is_kept(place: str) -> bool:
    part = _PART.fullmatch(place)
    return place in FILES or place.removesuffix("/index.html") in PAGES or (part is not None and part[1] in PAGES)
