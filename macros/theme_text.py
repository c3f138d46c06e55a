"""What the theme lays into its pages without escaping, made safe before it gets there.

MkDocs takes titles as text and Material writes them as HTML: in `<title>`, the header bar, the heading, the navigation,
the links to the pages beside, and the search index. Each is escaped here once, as `Markup`, so that a template that does
escape, such as one for an attribute, leaves it as it is. This module knows what the host calls its things, and imports nothing of it.
"""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from macros.encode.html import attribute, decoded, text


def safe(value: object) -> Markup:
    """Text as HTML, on one line; what is safe already stays as it is."""
    return value if isinstance(value, Markup) else Markup(text(" ".join(str(value).split())))


def site_texts(config: Any) -> None:
    """Make the site's name, description and author safe."""
    for key in ("site_name", "site_description", "site_author"):
        if config[key]:
            config[key] = safe(config[key])


def navigation_texts(items: Any) -> None:
    """Make the titles that `nav` and the names of folders give safe, at every depth."""
    waiting = list(items)
    while waiting:
        item = waiting.pop()
        if vars(item).get("title") is not None:  # a page without a title of its own finds one when it is read
            item.title = safe(item.title)
        if item.is_link:
            item.url = Markup(attribute(item.url))
        waiting += item.children or ()


def head_texts(page: Any) -> None:
    """Make every text of a page's front matter safe, and the address at which it is edited."""
    page.meta = {key: _safe_within(value) for key, value in (page.meta or {}).items()}
    if "title" in page.meta:
        page.meta["title"] = safe(page.meta["title"])
    if page.edit_url:
        page.edit_url = Markup(attribute(page.edit_url))


def heading_texts(page: Any) -> None:
    """Make the title that a page has from its heading or its file's name safe, and those of its table of contents.

    They come as HTML without tags. Where front matter gives no title, the theme takes one from here that it would otherwise
    decode on its way into `<title>`.
    """
    if not isinstance(page.title, Markup):
        page.title = safe(decoded(str(page.title)))
    if not page.is_homepage:
        page.meta.setdefault("title", page.title)
    waiting = list(page.toc)
    while waiting:
        item = waiting.pop()
        item.title, item.id = safe(decoded(item.title)), Markup(attribute(item.id))
        waiting += item.children


def _safe_within(value: Any) -> Any:
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, dict):
        return {key: _safe_within(part) for key, part in value.items()}
    return [_safe_within(part) for part in value] if isinstance(value, list) else value
