"""The strict readers, each as a function that takes any bytes, and what it may do with them: read, or refuse in a sentence."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

KIT = Path(__file__).resolve().parent.parent.parent

OneInput = Callable[[bytes], None]


def _yaml() -> OneInput:
    from macros.text.strict_yaml import parse

    return lambda data: _read_or_refused(parse, _text(data))


def _json() -> OneInput:
    from macros.text.strict_json import parse_json

    return lambda data: _read_or_refused(parse_json, _text(data))


def _markdown() -> OneInput:
    from macros.text.front_matter import split

    def one(data: bytes) -> None:
        text = _text(data)
        parts = _read_or_refused(split, text)
        if parts is not None:
            assert 1 <= parts.body_line <= _lines(text), parts.body_line

    return one


def _calls() -> OneInput:
    from macros.text.calls import calls_in

    def one(data: bytes) -> None:
        text = _text(data)
        for found in calls_in(text, 1):
            assert 1 <= found.line <= _lines(text), found

    return one


def _sheets() -> OneInput:
    from macros.imports.sheets import read_sheets
    from macros.problem import KitError

    file = Path(tempfile.mkdtemp(prefix="sheets-")) / "list"

    def one(data: bytes) -> None:
        file.write_bytes(data)
        try:
            read_sheets(file, lambda sheet: len(sheet.rows))
        except KitError as error:
            assert "list" in str(error) and "\n" not in str(error), error

    return one


def _page() -> OneInput:
    from macros.load.built_site import read_page

    def one(data: bytes) -> None:
        text = data.decode("utf-8", "replace")
        for reference in read_page(text).references:
            assert 1 <= reference.line <= _lines(text), reference

    return one


READERS: dict[str, tuple[Callable[[], OneInput], tuple[str, ...]]] = {
    "yaml": (_yaml, ("controls/*.yaml", "tests/world/**/*.yaml")),
    "json": (_json, ("cookiecutter.json", "examples/tarnmoor/overlay/evidence/automated/*.json", "macros/schemas/gates.json")),
    "markdown": (_markdown, ("tests/world/**/*.md", "docs/*.md")),
    "calls": (_calls, ("tests/world/**/*.md", "<<cookiecutter.org>>/docs/policies/*.md")),
    "sheets": (_sheets, ("examples/tarnmoor/overlay/evidence/*.csv",)),
    "page": (_page, ("macros/theme/**/*.html",)),
}
"""Each reader, made when it is needed, and files of the kit to begin with."""


def prepare(name: str, corpus: Path) -> OneInput:
    """A reader that is ready, and beginnings of real files in `corpus`."""
    make, patterns = READERS[name]
    files = sorted({path for pattern in patterns for path in KIT.glob(pattern) if path.is_file()})
    for number, path in enumerate(files):
        (corpus / f"seed-{number:03}").write_bytes(path.read_bytes()[:4096])
    if name == "sheets":
        (corpus / "seed-book").write_bytes(_small_workbook())
    return make()


def _small_workbook() -> bytes:
    import io

    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["Code", "Title"])
    book.active.append(["ISP-01", "Policy"])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _text(data: bytes) -> str:
    """As the loader makes text of a file's bytes; what is no UTF-8 never comes to a reader."""
    return data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")


def _lines(text: str) -> int:
    return text.count("\n") + 1


def _read_or_refused(read: Callable, text: str) -> object:
    from macros.text.strict_yaml import YamlProblem

    try:
        return read(text)
    except YamlProblem as problem:
        assert problem.message and problem.way_out, problem
        assert 1 <= problem.line <= _lines(text), (problem.line, problem.message)
        return None
