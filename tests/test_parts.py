"""No generated page grows with the years: a long table goes on over further pages, and a CSV file has all of it."""

from __future__ import annotations

import csv
import io
import re

import pytest

from macros.encode.markdown import plain
from macros.imports.divide import divided
from macros.load import load_workspace
from macros.load.tree import FolderTree, MemoryTree
from macros.model.history import History, Signature, Touch
from macros.render.history import HistoryPages
from macros.render.markup import badge, link, page, table
from macros.render.parts import RECORDS, ROWS, bounded, in_parts, part_of
from macros.render.site_pages import generated
from macros.render.views import views_of
from macros.site import macros_of
from macros.world import World
from tests.conftest import mkdocs_build
from tests.small_site import small_site
from tests.test_split_tables import ACK, TODAY, long_register


def rows_in(text: str) -> int:
    """Rows of the longest table of a page."""
    return max((len(block.splitlines()) - 2 for block in re.findall(r"(?:^\|[^\n]*\n)+", text, re.MULTILINE)), default=0)


def sample(count: int, css: str = "") -> str:
    rows = (
        (link(f"R-{n:03}", "/a.md"), f"{badge('open', 'warn')} {plain('a | b, [x](y) <br> & **c**')}<br>line", plain(f"=SUM({n})"))
        for n in range(count)
    )
    return table(("Id", "What", "Why"), rows, css)


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (ROWS, 1), (ROWS + 1, 2), (3 * ROWS, 3), (5_900, 24)])
def test_a_table_goes_on_over_further_pages_and_loses_no_row(count, pages):
    text = page('A "list" \\ of things', "## Due by month", sample(count))
    made = list(in_parts("records/list.md", text))
    if pages == 1:
        assert made == [("records/list.md", text)]
        return
    names = [path for path, _ in made]
    assert names == [
        "records/list.md",
        *(f"records/list/due-by-month-{n}.md" for n in range(2, pages + 1)),
        "records/list/due-by-month.csv",
    ]
    assert max(rows_in(found) for _, found in made) == ROWS
    ids = [one for path, found in made if path.endswith(".md") for one in re.findall(r"^\| \[R-(\d+)\]", found, re.MULTILINE)]
    assert ids == [f"{n:03}" for n in range(count)]
    assert plain(f"All {count:,} rows; part 2 of {pages} has rows 251 to") in made[1][1]
    assert made[1][1].startswith(f'---\ntitle: "A \\"list\\" \\\\ of things, part 2 of {pages}"\n')
    for path, found in made:
        if path.endswith(".md"):
            targets = set(re.findall(r"\]\(/(records/list[^)]*)\)", found))
            assert "records/list/due-by-month.csv" in targets
            assert targets <= set(names)
    read = list(csv.reader(io.StringIO(made[-1][1])))
    assert read[0] == ["Id", "What", "Why"]
    assert read[1] == ["R-000", "open a | b, [x](y) <br> & **c**; line", "'=SUM(0)"]
    assert len(read) == count + 1


def test_every_long_table_of_a_page_has_names_of_its_own():
    text = page("T", sample(300), "## One", sample(300), sample(300), "## Zwei ü", sample(300), sample(300, RECORDS))
    names = [path for path, _ in in_parts("a/index.md", text)]
    assert len(names) == len(set(names)) == 11
    assert {"a/index.md", "a/rows-2.md", "a/one-2.md", "a/zwei-u-2.md", "a/2.md", "a.csv"} <= set(names)


def test_a_link_to_a_row_leads_to_its_part():
    assert [part_of("/records/x.md", index) for index in (0, ROWS - 1, ROWS, 5_899)] == [
        "/records/x.md",
        "/records/x.md",
        "/records/x/2.md",
        "/records/x/24.md",
    ]


@pytest.fixture(scope="module")
def files(example) -> dict[str, bytes]:
    return {path: (example / path).read_bytes() for path in FolderTree(example).paths()}


@pytest.fixture(scope="module")
def large(files) -> World:
    """The worked organisation with 2,000 acknowledgements more than a page holds."""
    found = {path: data for path, data in files.items() if path != ACK.own_file}
    return World(load_workspace(MemoryTree({**found, **divided(ACK, long_register(files, 2_000))})), TODAY)


def test_no_page_of_a_large_organisation_is_long_and_every_link_has_its_page(large):
    made = dict(generated(large))
    pages = {path: text for path, text in made.items() if path.endswith(".md")}
    assert len(pages) > 400
    assert {path: rows_in(text) for path, text in pages.items() if rows_in(text) > ROWS} == {}
    assert {path for path in pages if path.startswith("records/acknowledgements")} == {
        "records/acknowledgements.md",
        *(f"records/acknowledgements/{n}.md" for n in range(2, 9)),
    }
    register = large.workspace.registers["acknowledgements"]
    for index in (0, 249, 250, 1_999):
        record = register.records[index]
        assert f"| {plain(record.id)} |" in pages[views_of(large).links.record_page(record).removeprefix("/")]
    assert len(list(csv.reader(io.StringIO(made["records/acknowledgements.csv"])))) == 2_001
    sources = {document.path.removeprefix("docs/") for document in large.workspace.documents}
    parts = {
        path: text
        for path, text in pages.items()
        if re.search(r"(?:/|-)\d+\.md$", path) and path.startswith(("records/acknow", "open/", "management"))
    }
    assert len(parts) > 7
    broken = {
        target for text in parts.values() for target in re.findall(r"\]\(/([^)#]+)\)", text) if target not in made and target not in sources
    }
    assert broken <= {"index.md"}


@pytest.mark.site
def test_a_site_with_a_long_table_is_built_with_its_parts_and_its_list(tmp_path):
    repository = small_site(tmp_path / "repository")
    done = mkdocs_build(repository)
    assert done.returncode == 0, done.stderr
    read = list(csv.reader(io.StringIO((repository / "site/open/warnings.csv").read_text("utf-8"))))
    assert len(read) > ROWS + 1
    assert (repository / "site/open/warnings-2/index.html").is_file()


def test_a_macro_on_a_page_of_ones_own_shows_the_first_rows_and_the_way_to_all(large):
    text = macros_of(large, lambda: "docs/index.md")["register"]("acknowledgements")
    assert rows_in(text) == ROWS
    assert text.startswith(plain(f"The first {ROWS} of 2,000 rows are shown here.") + " [All of them](/records/acknowledgements.md)")
    assert bounded(sample(ROWS)) == sample(ROWS)


def test_a_history_of_1_000_commits_is_several_pages(files):
    workspace = load_workspace(MemoryTree(files))
    document = workspace.document_by_id["POL-001"]
    touches = tuple(
        Touch(commit=f"{n:040x}", day="2026-01-01", author="A", subject="Say more " * 20, version="1.0", signature=next(iter(Signature)))
        for n in range(1_000)
    )
    pages = HistoryPages(workspace, views_of(World(workspace, TODAY)).links, History({"POL-001": touches}))
    made = dict(in_parts("history/POL-001.md", page("History", pages.page(document))))
    assert list(made) == ["history/POL-001.md", *(f"history/POL-001/commits-{n}.md" for n in (2, 3, 4)), "history/POL-001/commits.csv"]
    assert max(len(text) for path, text in made.items() if path.endswith(".md")) < 400_000
