"""Text for HTML, between tags and in attributes."""

from __future__ import annotations

import html

from macros.encode.characters import visible


def text(value: object) -> str:
    """Text for what stands between tags, and for an attribute in double quotation marks.

    A brace is written as a character reference as well, so that no template engine that comes later finds code.
    An apostrophe stays: a search index holds titles in this form, and finds words as people type them.
    """
    escaped = html.escape(visible(str(value)), quote=False)
    return escaped.replace('"', "&#34;").replace("{", "&#123;").replace("}", "&#125;")


def attribute(value: object) -> str:
    """Text for an attribute in quotation marks of either kind."""
    return text(value).replace("'", "&#39;").replace("`", "&#96;")


def decoded(markup: str) -> str:
    """The text that HTML without tags stands for."""
    return html.unescape(markup)


def indexed(markup: str) -> str:
    """HTML without tags, with the references that a search index holds, which are those of three characters."""
    return html.escape(html.unescape(markup), quote=False) if "&" in markup else markup
