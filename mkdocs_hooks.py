"""The generated pages, for MkDocs, which looks for hooks beside mkdocs.yml."""

from macros.pages import on_config, on_files, on_page_markdown, on_serve

__all__ = ["on_config", "on_files", "on_page_markdown", "on_serve"]
