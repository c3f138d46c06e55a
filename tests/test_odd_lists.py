"""A strange spreadsheet gets one sentence, in little memory; a long one comes in."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from macros.imports import read_tables
from macros.problem import KitError
from tests.conftest import KIT

LIMIT = 200 << 20
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEAD = b'<?xml version="1.0"?>'
BOMB = b'<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'
ROW = b'<row r="1"><c r="A1" t="inlineStr"><is><t>Title</t></is></c><c r="B1" t="inlineStr"><is><t>Version</t></is></c></row>'
PARTS = {
    "[Content_Types].xml": b"<Types/>",
    "_rels/.rels": b'<Relationships xmlns="r"><Relationship Id="1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'.encode()
    + b'<sheets><sheet name="One" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": b'<Relationships xmlns="r"><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>'
    b'<Relationship Id="rId2" Type="x/sharedStrings" Target="sharedStrings.xml"/>'
    b'<Relationship Id="rId3" Type="x/styles" Target="styles.xml"/></Relationships>',
    "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"/>'.encode(),
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"/>'.encode(),
    "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>'.encode() + ROW + b"</sheetData></worksheet>",
    "docProps/core.xml": b"<core/>",
}
SHEET, STRINGS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"


def package(path: Path, changes: dict[str, bytes | Callable] | None = None, method: int = zipfile.ZIP_DEFLATED) -> None:
    """A workbook whose parts are as given; a part may be a function that writes into it."""
    with zipfile.ZipFile(path, "w", method, compresslevel=1) as archive:
        for part, content in {**PARTS, **(changes or {})}.items():
            if callable(content):
                with archive.open(part, "w", force_zip64=True) as stream:
                    content(stream.write)
            else:
                archive.writestr(part, content)


def repeated(before: bytes, piece: bytes, times: int, after: bytes) -> Callable:
    def write(put: Callable[[bytes], object]) -> None:
        put(before)
        for _ in range(times // 1000):
            put(piece * 1000)
        put(after)

    return write


def sheet(piece: bytes, times: int, end: bytes = b"</sheetData></worksheet>") -> dict[str, Callable]:
    return {SHEET: repeated(f'<worksheet xmlns="{MAIN}"><sheetData>'.encode() + ROW, piece, times, end)}


def strings(piece: bytes, times: int) -> dict[str, Callable]:
    return {STRINGS: repeated(f'<sst xmlns="{MAIN}">'.encode(), piece, times, b"</sst>")}


def with_type(part: str, encoding: str | None = None, before: bytes = b"") -> dict[str, bytes]:
    text = HEAD + before + BOMB + PARTS[part]
    return {part: text if encoding is None else text.decode().replace("?>", f' encoding="{encoding}"?>', 1).encode(encoding)}


def encrypted(path: Path) -> None:
    package(path)
    data = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := data.find(mark, place + 1)) >= 0:
            data[place + at] |= 1
    path.write_bytes(data)


def crowded(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(20_000):
            archive.writestr(f"xl/{number:060}.xml", b"")


def bare_zip(*names: str, mimetype: bytes = b"") -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            if mimetype:
                archive.writestr("mimetype", mimetype)
            for name in names:
                archive.writestr(name, b"<x/>")

    return write


def book(**changes: object) -> Callable[[Path], None]:
    return lambda path: package(path, **changes)


NO_TYPE = "declares a document type, which no workbook needs; save it again"
MANY_SHEETS = PARTS["xl/workbook.xml"].replace(b"</sheets>", b'<sheet name="One" sheetId="1" r:id="rId1"/>' * 5000 + b"</sheets>")
WORKBOOKS: dict[str, tuple[Callable[[Path], None], str]] = {
    "shared strings of 40 MB": (book(changes=strings(b"<si><t>" + b"x" * 993 + b"</t></si>", 40_000)), "more than 16 million characters"),
    "two million short strings": (book(changes=strings(b"<si><t>x</t></si>", 1_000_000)), "more than 750,000 texts"),
    "a million rows to the last column": (
        book(changes=sheet(b'<row><c r="XFD1"><v>1</v></c><c r="IV1"><v>1</v></c></row>', 1_000_000)),
        "more than 750,000 cells",
    ),
    "two million formatted cells": (book(changes=sheet(b"<row>" + b'<c s="1"/>' * 90 + b"</row>", 12_000)), "more than a million cells are formatted"),
    "cells of 900,000": (book(changes=sheet(b"<row>" + b"<c><v>1</v></c>" * 90 + b"</row>", 10_000)), "more than 750,000 cells"),
    "a zip bomb": (book(changes=sheet(b" " * 1000, 250_000)), "unpacks to more than 200 MiB"),
    "an attribute of 100 MB": (
        book(changes={SHEET: repeated(b"<x a='", b"x" * 1000, 100_000, b"'/>")}),
        "a tag or comment of more than 1 MiB",
    ),
    "a comment of 100 MB": (book(changes={SHEET: repeated(b"<x><!--", b"x" * 1000, 100_000, b"--></x>")}), "a tag or comment of more than 1 MiB"),
    "a zip bomb that nobody reads": (book(changes={"docProps/core.xml": repeated(b"", b" " * 1000, 250_000, b"<x/>")}), "unpacks to more than 200 MiB"),
    "merged ranges without end": (
        book(changes=sheet(b'<mergeCell ref="A1:XFD1048576"/>', 400_000, b"</sheetData></worksheet>")),
        "more than 300,000 entries stand beside the cells",
    ),
    "a deep sheet": (book(changes=sheet(b"<a>", 100_000, b"")), "nested deeper than 64 levels"),
    "5,000 sheets": (book(changes={"xl/workbook.xml": MANY_SHEETS}), "more than 200 sheets"),
    "100,000 styles": (
        book(changes={STYLES: repeated(f'<styleSheet xmlns="{MAIN}"><cellXfs>'.encode(), b'<xf numFmtId="1"/>', 100_000, b"</cellXfs></styleSheet>")}),
        "more than 70,000 styles",
    ),
    "a row beyond the last": (book(changes=sheet(b'<row r="99999999999999"><c><v>1</v></c></row>', 1000)), "a number that no spreadsheet has"),
    "a string that is not there": (book(changes=sheet(b'<row><c t="s"><v>7</v></c></row>', 1000)), "names a text that is not there"),
    **{
        f"a document type in {part}": (book(changes=with_type(part)), NO_TYPE)
        for part in PARTS
    },
    "a document type behind 5,000 bytes": (book(changes=with_type(SHEET, before=b"<!--" + b"x" * 5000 + b"-->")), NO_TYPE),
    "a document type behind 10 MB": (book(changes=with_type(STRINGS, before=b" " * 10_000_000)), NO_TYPE),
    "a document type in UTF-16": (book(changes=with_type(SHEET, "utf-16")), NO_TYPE),
    "a document type in UTF-16 of the workbook": (book(changes=with_type("xl/workbook.xml", "utf-16")), NO_TYPE),
    "a document type in Latin-1": (book(changes=with_type(STYLES, "latin-1")), NO_TYPE),
    "a document type in UTF-7": (book(changes=with_type(STRINGS, "utf-7")), "no XLSX workbook that can be read"),
    "a document type in EBCDIC": (book(changes=with_type(STRINGS, "cp037")), "no XLSX workbook that can be read"),
    "an entity that nobody declared": (book(changes=sheet(b"<row><c><v>&x;</v></c></row>", 1000)), "no XLSX workbook that can be read"),
    "macros": (book(changes={"xl/vbaProject.bin": b"x"}), "the workbook holds macros"),
    "a password": (encrypted, "the workbook has a password"),
    "an old XLS": (lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0" + b"x" * 4000), "old XLS file or one with a password"),
    "an OpenDocument sheet": (bare_zip("content.xml", mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "OpenDocument"),
    "a ZIP of something else": (bare_zip("holiday.xml"), "a ZIP file and no XLSX workbook"),
    "a Word document": (
        book(changes={"_rels/.rels": PARTS["_rels/.rels"].replace(b"xl/workbook", b"word/document"), "word/document.xml": b"<x/>"}),
        "an Office file and no workbook",
    ),
    "a binary workbook": (
        book(changes={"_rels/.rels": PARTS["_rels/.rels"].replace(b"workbook.xml", b"workbook.bin"), "xl/workbook.bin": b"x"}),
        "a binary workbook",
    ),
    "20,000 parts": (crowded, "more parts than a workbook needs"),
    "a part packed with LZMA": (book(method=zipfile.ZIP_LZMA), "packed in a way that no workbook uses"),
    "half a workbook": (lambda path: (package(path), path.write_bytes(path.read_bytes()[:700])), "no XLSX workbook that can be read"),
    "a formula where a title stands": (book(changes=sheet(b"<row><c><f>1+1</f><v>2</v></c><c><v>1</v></c></row>", 1000)), "cell A2: the cell holds a formula"),
}  # fmt: skip
LISTS: dict[str, tuple[bytes | Callable[[Path], object], str]] = {
    "a million rows": (b"Title,Version\n" + b"a,1\n" * 1_000_000, "more than 100,000 rows"),
    "one line of 40 MB": (b"Title,Version\n" + b"x" * 40_000_000, "line 2: the line is longer than a million characters"),
    "one line of 100 MB": (b"x" * 100_000_000, "larger than 50 MiB"),
    "40 MB of commas": (b"Title,Version\n" + (b"," * 250 + b"x\n") * 160_000, "more than 750,000 cells"),
    "40 MB of cells": (b"Title,Version\n" + b"1,2,3,4,5,6,7,8,9,10\n" * 90_000, "more than 750,000 cells"),
    "a quotation mark that is never closed": (b'Title,Version\n"' + b"x\n" * 10_000_000, "a quotation mark is not closed"),
    "a NUL far behind": (b"Title,Version\n" + b"a,1\n" * 600_000 + b"\0", "line 600002: a NUL byte"),
    "UTF-16": ("Title,Version\na,1\n".encode("utf-16"), "UTF-16 text"),
    "UTF-16 without its mark": ("Title,Version\na,1\n".encode("utf-16-le"), "UTF-16 text"),
    "UTF-16 the other way round": ("Title,Version\na,1\n".encode("utf-16-be"), "UTF-16 text"),
    "neither of both far behind": (
        b"Title,Version\n" + b"a,1\n" * 50_000 + b"\x81\n",
        "line 50002: the text is neither UTF-8 nor Windows-1252",
    ),
    "40 MB of white space": (b" \n" * 20_000_000, "the file is empty"),
}
CHILD = textwrap.dedent("""
    import json, pathlib, re, sys
    from macros.imports import read_tables
    from macros.problem import KitError
    said = {}
    for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        try:
            table = read_tables([path])[0][0]
            table.cell(table.rows[0], "title")
            del table
            said[path.name] = None
        except KitError as error:
            said[path.name] = str(error)
    status = pathlib.Path("/proc/self/status")  # what getrusage says is never less than what the parent had
    print(json.dumps([said, int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1]) * 1024 if status.exists() else 0]))
""")


def read_apart(folder: Path) -> tuple[dict[str, str | None], int]:
    """What is said of each file of a folder, and the most memory that it took, in bytes, in a process of its own."""
    done = subprocess.run([sys.executable, "-c", CHILD, str(folder)], cwd=KIT, capture_output=True, text=True, timeout=300, check=True)
    assert done.stderr == ""
    return json.loads(done.stdout)


@pytest.mark.parametrize(("kind", "ending"), [("workbooks", ".xlsx"), ("lists", ".csv")])
def test_a_strange_file_gets_one_sentence_in_little_memory(kind, ending, tmp_path):
    cases = WORKBOOKS if kind == "workbooks" else LISTS
    for number, (content, _) in enumerate(cases.values()):
        path = tmp_path / f"{number:02}{ending}"
        content(path) if callable(content) else path.write_bytes(content)
    said, peak = read_apart(tmp_path)
    assert len(said) == len(cases) >= 12
    wrong = {
        case: text
        for (case, (_, expected)), text in zip(cases.items(), said.values(), strict=True)
        if text is None or expected not in text or "\n" in text
    }
    assert wrong == {}
    assert peak < LIMIT, f"{peak >> 20} MiB"


def long_book(path: Path, rows: int) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Register")
    sheet.append(["ID", "Title", "Version", "Owner", "Status", "Next review", "Location", "Remarks"])
    for number in range(rows):
        sheet.append(
            [
                f"P-{number}",
                f"Procedure {number}",
                f"{number % 9}.{number % 7}",
                "CISO",
                "approved",
                "2027-06-01",
                f"https://wiki.plain.example/{number}",
                "ok",
            ]
        )
    book.save(path)


def test_a_long_list_is_read_in_little_memory(tmp_path):
    long_book(tmp_path / "list.xlsx", 15_000)
    rows = "".join(f"P-{number},Procedure {number},1.0,CISO\r\n" for number in range(50_000))
    (tmp_path / "list.csv").write_text("ID,Title,Version,Owner\r\n" + rows, "utf-8", newline="")
    said, peak = read_apart(tmp_path)
    assert said == {"list.csv": None, "list.xlsx": None}
    assert peak < LIMIT, f"{peak >> 20} MiB"
    (table,), _ = read_tables([tmp_path / "list.csv"])
    assert (len(table.rows), table.rows[-1].number, table.rows[-1][1].text) == (50_000, 50_001, "Procedure 49999")


def test_what_a_workbook_says_of_its_size_is_not_believed(tmp_path):
    path = tmp_path / "list.xlsx"
    content = PARTS[SHEET].replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><cols><col min="1" max="16384"/></cols><sheetData>')
    rows = b'<row r="900000"><c r="A900000" t="inlineStr"><is><r><t>Sco</t></r><rPh><t>x</t></rPh><r><t>pe_x000D_</t></r></is></c><c r="XFC900000"><v>1</v></c></row>'
    package(
        path, {SHEET: content.replace(b"</sheetData>", rows + b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')}
    )
    (table,), _ = read_tables([path])
    assert [(row.number, [cell.text for cell in row.cells]) for row in table.rows] == [(900000, ["Scope"])]


def test_links_to_other_workbooks_are_said_and_not_followed(tmp_path):
    path = tmp_path / "list.xlsx"
    package(path, {"xl/externalLinks/externalLink1.xml": b"<x/>"})
    _, remarks = read_tables([path])
    assert remarks[0] == "list.xlsx links to other workbooks; they are not read"


def test_a_pipe_is_no_list(tmp_path):
    import os

    os.mkfifo(tmp_path / "list.csv")
    with pytest.raises(KitError, match="is no file"):
        read_tables([tmp_path / "list.csv"])
