"""Every generated page of a repository, made to HTML twice as MkDocs would: by the engine, and by Python-Markdown.

`python -m tests.both_ways` in the repository's folder prints as JSON which pages there are, which the engine leaves to
Python-Markdown, and what differs.
"""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

from material.plugins.search.plugin import Parser
from mkdocs.config import load_config
from mkdocs.structure.files import get_files, set_exclusions
from mkdocs.structure.nav import get_navigation
from mkdocs.structure.pages import Page

from macros.render.finished import finished
from macros.render.searched import searched


class _Said(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.getMessage()}")

    def taken(self) -> list[str]:
        taken, self.lines = self.lines, []
        return taken


def _outline(toc: Any) -> list[Any]:
    return [(item.title, item.id, item.level, _outline(item.children)) for item in toc]


def in_the_index(sections: Any) -> list[tuple[str | None, str, str]]:
    """What the search makes of sections."""
    return [(section.id, "".join(section.title).strip(), "".join(section.text).strip()) for section in sections]


def by_material(html: str) -> list[tuple[str | None, str, str]]:
    parser = Parser()
    parser.feed(html)
    parser.close()
    return in_the_index(parser.data)


def _made(page: Any, said: _Said) -> dict[str, Any]:
    anchors = {file.src_uri: links for file, links in page.links_to_anchors.items()}
    return {
        "html": page.content,
        "toc": _outline(page.toc),
        "anchors": sorted(page.present_anchor_ids),
        "leads to": anchors,
        "title": str(page.title),
        "said": said.taken(),
    }


def both_ways() -> dict[str, Any]:
    said = _Said()
    logging.getLogger("mkdocs").addHandler(said)
    config = load_config("mkdocs.yml", strict=True)
    config.plugins.on_startup(command="build", dirty=False)
    config = config.plugins.on_config(config)
    files = get_files(config)
    files.add_files_from_theme(config.theme.get_env(), config)
    files = config.plugins.on_files(files, config=config)
    set_exclusions(files, config)
    config.plugins.on_nav(get_navigation(files, config), config=config, files=files)
    pages, left, unsearched, differs, warnings = [], [], [], {}, []
    said.taken()
    for file in files.documentation_pages():
        page = file.page
        if file.generated_by is None or page is None:
            continue
        page.read_source(config)
        page.markdown = config.plugins.on_page_markdown(page.markdown, page=page, config=config, files=files)
        pages.append(file.src_uri)
        if finished(page.markdown, str) is None:
            left.append(file.src_uri)
        page.render(config, files)
        ours = _made(page, said)
        Page.render(page, config, files)
        theirs = _made(page, said)
        wrong = [part for part in theirs if ours[part] != theirs[part]]
        sections = searched(page.content) if file.src_uri not in left else None
        if sections is None:
            unsearched.append(file.src_uri)
        elif in_the_index(sections) != by_material(page.content):
            wrong.append("search")
        if wrong:
            differs[file.src_uri] = wrong
        warnings += theirs["said"]
    return {"pages": pages, "left": left, "unsearched": unsearched, "differs": differs, "warnings": warnings}


if __name__ == "__main__":
    json.dump(both_ways(), sys.stdout)
