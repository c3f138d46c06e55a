"""The generated pages, for MkDocs. This file lies beside mkdocs.yml because MkDocs loads hooks before plugins."""

from macros.pages import on_config, on_files, on_page_markdown, on_serve

__all__ = ["on_config", "on_files", "on_page_markdown", "on_serve"]
