"""A hook for MkDocs that writes each page as it stands after the macros, so that it can be built without them.

It is copied into a repository and named in `hooks:`; `FINISHED_PAGES` says where the pages go.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import yaml


def on_page_content(html: str, page: Any, config: Any, files: Any) -> str:
    """Write the Markdown of a page, with its front matter."""
    head = yaml.safe_dump(dict(page.meta), allow_unicode=True, sort_keys=False)
    _write(page.file.src_uri, f"---\n{head}---\n\n{page.markdown}".encode())
    return html


def on_env(env: Any, config: Any, files: Any) -> Any:
    """Write what is no page: pictures, downloads, styles; not what the theme brings."""
    for file in files:
        if not file.is_documentation_page() and (file.generated_by or file.src_dir == config.docs_dir):
            _write(file.src_uri, file.content_bytes)
    return env


def _write(path: str, data: bytes) -> None:
    target = Path(os.environ["FINISHED_PAGES"]) / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
