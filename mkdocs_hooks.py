"""The generated pages, for MkDocs, which looks for hooks beside mkdocs.yml."""

from mkdocs.plugins import event_priority

from macros import pages
from macros.pages import on_config, on_env, on_files, on_page_context, on_serve, on_startup

# Texts are made safe before a plugin reads them, and once more after the last plugin may have set them.
on_page_markdown = event_priority(100)(pages.on_page_markdown)
on_nav = event_priority(-100)(pages.on_nav)
on_page_content = event_priority(-100)(pages.on_page_content)

__all__ = [
    "on_config",
    "on_env",
    "on_files",
    "on_nav",
    "on_page_content",
    "on_page_context",
    "on_page_markdown",
    "on_serve",
    "on_startup",
]
