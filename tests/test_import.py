"""Lists of an ISMS come in whole, change nothing that was decided, and write nothing where they cannot be read."""

from __future__ import annotations

import csv
import datetime
import io
import json
import os
import random
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from macros.__main__ import main
from macros.checks import run_checks
from macros.imports import Options, plan_import, put, read_tables
from macros.imports.edit import edited, inline
from macros.imports.numbers import CONTROLS_2013, Reader
from macros.imports.sheets import Cell
from macros.imports.vocabulary import Unclear, day_of
from macros.load import load_workspace
from macros.problem import KitError
from macros.text.strict_yaml import parse
from tests.conftest import KIT, copy_without_engine
from tests.isms_lists import CONTROLS, DOCUMENTS, EXCLUDED, OWNERS, TODAY, csv_file, english_workbook, review, spanish_files, version, xlsx

ISMS, SOA = "registers/isms-documents.yaml", "registers/statement-of-applicability.yaml"
WHEN = ("--today", "2026-11-24", "--decided-on", "2026-11-02")


def copy_of(baked: Path, target: Path) -> Path:
    return copy_without_engine(baked, target)


@pytest.fixture
def repository(bake, tmp_path) -> Path:
    """A generated repository to write into."""
    return copy_of(bake(), tmp_path / "repository")


@pytest.fixture(scope="module")
def untouched(bake, tmp_path_factory) -> Path:
    """A generated repository into which nothing is ever written."""
    return copy_of(bake(), tmp_path_factory.mktemp("untouched") / "repository")


@pytest.fixture(scope="module")
def workspace(untouched):
    return load_workspace(untouched)


def registers(repository: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((repository / "registers").iterdir()) if path.is_file()}


def run(capsys, repository: Path, *words: object) -> tuple[int, str, str]:
    code = main(["import", "isms", *map(str, words), "--root", str(repository)])
    out, err = capsys.readouterr()
    return code, out, err


def records(repository: Path, name: str) -> dict[str, dict]:
    return {record.id: record.value.model_dump(mode="json") for record in load_workspace(repository).registers[name].records}


@pytest.mark.parametrize("language", ["English XLSX", "Spanish CSV"])
def test_a_list_of_80_documents_and_93_controls_comes_in_whole(language, repository, tmp_path, capsys):
    spanish = language == "Spanish CSV"
    files = spanish_files(tmp_path) if spanish else (english_workbook(tmp_path / "isms.xlsx"),)
    before = registers(repository)
    code, out, told = run(capsys, repository, *files, *WHEN)
    assert code == 0, told
    assert registers(repository) == before
    groups = "" if spanish else ", 4 headings of groups"
    assert out.splitlines()[-2] == f"56 new, 117 changed, 0 the same already, 0 not placed{groups}"
    names = " ".join(map(str, files))
    assert out.splitlines()[-1] == (
        f"Nothing was written. To write it: python -m macros import isms {names} --root {repository} --decided-on 2026-11-02 --write"
    )

    code, out, _ = run(capsys, repository, *files, *WHEN, "--write")
    assert (code, out.splitlines()[-1]) == (0, f"Written: {ISMS}, {SOA}")
    written = registers(repository)
    assert {name for name in before if before[name] != written[name]} == {"isms-documents.yaml", "statement-of-applicability.yaml"}
    by_title = {record["title"]: record for record in records(repository, "isms-documents").values()}
    assert len(by_title) == 80
    for index, (code_of, english, title, _, _) in enumerate(DOCUMENTS):
        record = by_title[title if spanish else english]
        assert record["status"] == "confirmed"
        assert record["version"] == version(index)
        assert record["owner"] == OWNERS[index % 3][spanish]
        assert record["next_review"] == review(index).isoformat()
        assert record["address"] == (f"S:\\SGSI\\{code_of}.docx" if spanish else f"https://intranet.plain.example/isms/{code_of}")
    title = DOCUMENTS[27][2 if spanish else 1]
    assert by_title[title]["covers"] == ["iso27001:7.5.1", "iso27001:7.5.2", "iso27001:7.5.3"]
    assert by_title[DOCUMENTS[7][2 if spanish else 1]]["covers"] == [f"iso27001:A.5.{number}" for number in range(19, 23)]

    rows = records(repository, "statement-of-applicability")
    assert len(rows) == 131
    assert rows["iso27001:A.5.2"] == {
        "control": "iso27001:A.5.2",
        "applicability": "included",
        "justification": "El riesgo R-01 lo exige." if spanish else "Risk R-01 of the register needs this control.",
        "driver": "obligation",
        "status": "implemented",
        "owner": "isms-manager",
        "decided": {"by": "isms-manager", "date": "2026-11-02", "as_role": None, "sha256": None, "parts": None},
        "revisit": None,
    }
    assert rows["iso27001:A.8.30"] == {
        "control": "iso27001:A.8.30",
        "applicability": "excluded",
        "justification": "En Plain Ltd no se da iso27001:A.8.30: ningún caso."
        if spanish
        else "Nothing of iso27001:A.8.30 happens at Plain Ltd.",
        "driver": "risk",
        "status": "not-applicable",
        "owner": "isms-manager",
        "decided": {"by": "isms-manager", "date": "2026-11-02", "as_role": None, "sha256": None, "parts": None},
        "revisit": "2027-06-01",
    }
    own = {name: row for name, row in rows.items() if name.startswith("iso27001:")}
    assert Counter(row["status"] for row in own.values()) == {"implemented": 70, "in-progress": 10, "planned": 9, "not-applicable": 4}
    assert sorted(name for name, row in own.items() if row["applicability"] == "excluded") == sorted(f"iso27001:{one}" for one in EXCLUDED)
    assert all(row["decided"] is None for name, row in rows.items() if name not in own)
    assert [str(problem) for problem in run_checks(load_workspace(repository), TODAY) if problem.severity.value != "note"] == []

    for more in ((), ("--replace",)):
        code, out, _ = run(capsys, repository, *files, "--today", "2026-11-24", "--decided-on", "2026-11-20", "--write", *more)
        assert (code, out.splitlines()[-2:]) == (
            0,
            [f"0 new, 0 changed, 173 the same already, 0 not placed{groups}", "Nothing to write."],
        )
        assert registers(repository) == written


def test_what_is_not_in_the_list_keeps_its_bytes_comments_and_order(repository, tmp_path, capsys):
    path = repository / ISMS
    text = path.read_text("utf-8")
    text = text.replace(
        "status: to-confirm\n    address: null", "status: to-confirm  # ask Ana\n    address: null  # the wiki, we think", 1
    )
    text = text.replace("  - id: ISM-002", "  # kept at the head office\n  - id: ISM-002") + "  # the end\n"
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode("utf-8"))
    rows = [["Title", "Version", "Link"], ["Information security policy", "3.1", "https://wiki.plain.example/isp"], ["New: one", "1.0", ""]]
    assert run(capsys, repository, csv_file(tmp_path / "list.csv", rows), "--write")[0] == 0
    expected = text.replace("status: to-confirm  # ask Ana", "status: confirmed  # ask Ana", 1)
    expected = expected.replace("address: null  # the wiki", "address: https://wiki.plain.example/isp  # the wiki", 1)
    expected = expected.replace("version: null", 'version: "3.1"', 1)
    new = (
        '  - id: ISM-025\n    title: "New: one"\n    covers: []\n    status: confirmed\n    address: null\n    version: "1.0"\n'
        "    owner: null\n    next_review: null\n"
    )
    expected = expected.removesuffix("  # the end\n") + new + "  # the end\n"
    assert path.read_bytes() == b"\xef\xbb\xbf" + expected.replace("\n", "\r\n").encode("utf-8")


def test_what_was_confirmed_or_decided_changes_only_with_replace(repository, tmp_path, capsys):
    first = {
        "Documents": [["Title", "Version", "Control"], ["Information security policy", "1.0", "A.5.1"], ["Screening", "1.0", "A.6.1"]],
        "SoA": [["Control", "Applicable", "Justification", "Status"], ["A.5.1", "yes", "Because of R-1.", "planned"]],
    }
    assert run(capsys, repository, xlsx(tmp_path / "one.xlsx", first), *WHEN, "--write")[0] == 0
    before = registers(repository)
    second = {
        "Documents": [["Title", "Version", "Control"], ["Information security policy", "2.0", "A.5.1"], ["Screening", "1.0", "A.6.1"]],
        "SoA": [["Control", "Applicable", "Justification", "Status"], ["A.5.1", "yes", "Because of R-1.", "implemented"]],
    }
    two = xlsx(tmp_path / "two.xlsx", second)
    code, out, _ = run(capsys, repository, two, *WHEN, "--write")
    assert code == 1
    assert out == (
        "not placed\n"
        "  two.xlsx, sheet 'Documents', row 2: 'ISM-001' Information security policy is confirmed already, "
        "with version '1.0' there and '2.0' here; import with --replace to change it\n"
        "  two.xlsx, sheet 'SoA', row 2: 'iso27001:A.5.1' was decided by isms-manager on 2026-11-02 with another status; "
        "import with --replace to change it\n"
        "0 new, 0 changed, 1 the same already, 2 not placed\n"
        "Nothing to write.\n"
    )
    assert registers(repository) == before
    code, out, _ = run(capsys, repository, two, "--today", "2026-11-24", "--decided-on", "2026-11-20", "--write", "--replace")
    assert (code, out) == (
        0,
        (
            f"{ISMS}\n"
            "  ISM-001 Information security policy (two.xlsx, sheet 'Documents', row 2)\n"
            "    version: 1.0 -> 2.0\n"
            f"{SOA}\n"
            "  iso27001:A.5.1 Policies for information security (two.xlsx, sheet 'SoA', row 2)\n"
            "    status: planned -> implemented\n"
            "    decided: isms-manager, 2026-11-02 -> isms-manager, 2026-11-20\n"
            "0 new, 2 changed, 1 the same already, 0 not placed\n"
            f"Written: {ISMS}, {SOA}\n"
        ),
    )
    assert records(repository, "isms-documents")["ISM-001"]["version"] == "2.0"


def test_a_confirmed_document_is_not_taken_for_another_that_covers_the_same(repository, tmp_path, capsys):
    rows = [["Title", "Control"], ["Access control policy", "A.5.15"]]
    run(capsys, repository, csv_file(tmp_path / "one.csv", rows), "--write")
    rows = [["Title", "Control"], ["Logical access standard", "A.5.15"]]
    assert run(capsys, repository, csv_file(tmp_path / "two.csv", rows), "--write", "--replace")[0] == 0
    found = records(repository, "isms-documents")
    assert [found[name]["title"] for name in ("ISM-025", "ISM-026")] == ["Access control policy", "Logical access standard"]


def test_an_exclusion_that_becomes_an_inclusion_loses_its_day(repository, tmp_path, capsys):
    head = ["Control", "Applicable", "Justification", "Status"]
    one = csv_file(tmp_path / "one.csv", [head, ["A.8.30", "no", "Nothing is ordered.", ""]])
    assert run(capsys, repository, one, *WHEN, "--revisit", "2027-05-01", "--write")[0] == 0
    assert records(repository, "statement-of-applicability")["iso27001:A.8.30"]["revisit"] == "2027-05-01"
    assert run(capsys, repository, one, *WHEN, "--write")[1].endswith(
        "0 new, 0 changed, 1 the same already, 0 not placed\nNothing to write.\n"
    )
    two = csv_file(tmp_path / "two.csv", [head, ["A.8.30", "yes", "Code is ordered now.", "planned"]])
    assert run(capsys, repository, two, *WHEN, "--replace", "--write")[0] == 0
    found = records(repository, "statement-of-applicability")["iso27001:A.8.30"]
    assert (found["applicability"], found["status"], found["revisit"]) == ("included", "planned", None)


HOSTILE = (
    "- leading hyphen",
    "@at *star &anchor !tag %percent",
    "quotes \"double\" and 'single'",
    "colon: space # and hash",
    "#hash first",
    "key: [a, b]",
    "{{ 7 * 7 }} {% raw %} <<: *x",
    "<script>alert('x')</script>",
    "true",
    "null",
    "~",
    "2026-02-30",
    "0x10 1e3 .5",
    "back\\slash \\n \\u0041",
    "Überprüfung 🧑‍⚖️ 安全方针 سياسة",
    "trailing colon:",
    "| pipe > fold",
    "::error::workflow command",
    "--- document",
    "%TAG",
    "<<<<<<< HEAD",
    "a\u00a0b\u2028c\u202ed",
)


def test_hostile_text_reads_back_as_it_stands_in_the_list(repository, tmp_path, capsys):
    wanted = [" ".join(text.replace("\u202e", "").split()) for text in HOSTILE]
    documents = [["Title", "Owner", "Version", "Location"], *([text, text, f"v {text}", f"at {text}"] for text in HOSTILE)]
    soa = [["Control", "Applicable", "Justification", "Status"]]
    soa += [[number, "yes", f"{text} First. {text}", "implemented"] for (number, _), text in zip(CONTROLS, HOSTILE, strict=False)]
    assert run(capsys, repository, xlsx(tmp_path / "hostile.xlsx", {"a": documents, "b": soa}), *WHEN, "--write")[0] == 0
    found = [record for name, record in records(repository, "isms-documents").items() if name > "ISM-024"]
    assert [record["title"] for record in found] == wanted
    assert [record["version"] for record in found] == [f"v {record['title']}" for record in found]
    rows = records(repository, "statement-of-applicability")
    for (number, _), text in zip(CONTROLS, wanted, strict=False):
        assert rows[f"iso27001:{number}"]["justification"] == f"{text} First. {text}"


def test_any_text_survives_the_writer():
    letters = [
        *" \t:#-@*&!%|>'\"{}[]\\,?`~=<aA1éñß.;",
        "\n",
        "\ufeff",
        "🧑",
        "\u200d",
        "- ",
        ": ",
        " #",
        "é",
        "A.5.1",
    ]
    pick = random.Random(27001)
    base = 'records:\n  - id: ISM-001\n    title: one  # kept\n    justification: two\n    covers: []\n    address:\n    decided: {by: a, date: "b"}\n'
    for _ in range(1500):
        text = "".join(pick.choice(letters) for _ in range(pick.randint(1, 12)))
        values = dict.fromkeys(("title", "justification", "address", "version", "new"), text)
        new = [{"id": "ISM-002", "covers": ["iso27001:5.2", text], **values}]
        made = edited(base, {0: {**values, "covers": [text], "decided": {"by": text, "date": text}}}, new)
        record = {"id": "ISM-001", **values, "covers": [text], "decided": {"by": text, "date": text}}
        assert parse(made).value == {"records": [record, new[0]]}, text
        assert "  # kept\n" in made
        assert parse(f"k: {inline('k', text)}").value == {"k": text}


@pytest.mark.parametrize(
    "text",
    [
        "records: [{id: a, title: b, covers: [c]}]\n",
        "records:\n  - {id: a, title: b, covers: []} # c\n  - id: z\n    title: q\n    covers:\n    - c  # one\n    # two\n",
        "records:\n-\n  id: a\n  title:\n    b\n  covers:\n    - c\n    - d\nafter: 1",
        "# 🧑 é\nrecords:\n  - id: a\n    title: >-\n      b\n      c\n\n\n  # e\nafter: 1\n",
        "records:\r\n  - id: a\r\n    title: 'b\r\n      c'\r\n    covers:\r\n      - c\r\n",
    ],
)
def test_any_way_to_write_a_register_keeps_its_rest(text):
    before = parse(text).value
    made = edited(text, {0: {"title": "new: 'one'", "covers": ["x", "y"], "revisit": "2027-01-01"}}, [])
    wanted = [{**before["records"][0], "title": "new: 'one'", "covers": ["x", "y"], "revisit": "2027-01-01"}, *before["records"][1:]]
    assert parse(made).value == {**before, "records": wanted}
    if "[{" not in text:
        made = edited(text, {}, [{"id": "n"}])
        assert parse(made).value == {**before, "records": [*before["records"], {"id": "n"}]}


def test_records_go_into_an_empty_register():
    assert (
        edited("records: []\nafter: 1\n", {}, [{"id": "x", "covers": ["a"]}]) == "records: \n  - id: x\n    covers:\n      - a\nafter: 1\n"
    )


HEAD = ["ID", "Title", "Version", "Owner", "Next review", "Status", "Clause / control"]
SOA_HEAD = ["Control", "Applicable", "Justification", "Status", "Driver", "Revisit"]

# A row of a list, and what is said of it after its place.
DOCUMENT_ROWS = (
    (["P-1", "", "1.0"], "the row has no title; write the title of the document"),
    (["P-1", "Scope", "", "", "03/04/2026"], "'03/04/2026' may be 2026-04-03 or 2026-03-04; write year, month and day: 2026-09-14"),
    (["P-1", "Scope", "", "", "30.02.2026"], "'30.02.2026' is no day of the calendar; write year, month and day: 2026-09-14"),
    (["P-1", "Scope", "", "", "12/31/2026"], "'12/31/2026' is no day of the calendar; write year, month and day: 2026-09-14"),
    (["P-1", "Scope", "", "", "1/2/27"], "'1/2/27' has a year of two digits; write it as 2026-09-14"),
    (["P-1", "Scope", "", "", "next year"], "'next year' is no date; write it as 2026-09-14"),
    (["P-1", "Scope", "", "", "", "Draft"], "the status is 'Draft', so the document is not in force; import it when it is approved"),
    (["P-1", "Scope", "", "", "", "Blue"], "'Blue' is no status that is known; write approved, draft, withdrawn or absent"),
    (["P-1", "Scope", "", "", "", "", "5.2"], "'5.2' may be clause 5.2 or control A.5.2; write 'clause 5.2' or 'A.5.2', or give clauses and controls a column each"),
    (["P-1", "Scope", "", "", "", "", "A.5.99"], "'A.5.99' is no control of ISO/IEC 27001:2022; did you mean 'A.5.9'?"),
    (["P-1", "Scope", "", "", "", "", "A.9.2.1"], "'A.9.2.1' is numbered as in ISO/IEC 27001:2013; write the control of the 2022 edition that took its place"),
    (["P-1", "Scope", "", "", "", "", "A.12.1"], "'A.12.1' is numbered as in ISO/IEC 27001:2013; write the control of the 2022 edition that took its place"),
    (["P-1", "Scope", "", "", "", "", "27001:2013 A.5.1"], "'27001:2013 A.5.1' is numbered as in ISO/IEC 27001:2013; write the control of the 2022 edition that took its place"),
    (["P-1", "Scope", "", "", "", "", "iso42001:A.5.2"], "'iso42001:A.5.2' is no number of ISO/IEC 27001; write clause or control, such as 5.2 or A.5.1"),
    (["P-1", "See A.9.4.1", "1.0"], "the text names 'A.9.4.1', which is no control of ISO/IEC 27001:2022; write the control of the 2022 edition"),
    (["P-1", "See iso42001:A.99", "1.0"], "the text names unknown requirement 'iso42001:A.99'; did you mean 'iso42001:A.9'?"),
    (["P-1", "Scope", "", "", "", "", "", "more"], "the row has 8 cells under 7 headings, the last is 'more'; put text that contains the delimiter in quotation marks"),
)  # fmt: skip
SOA_ROWS = (
    (["A.5.1", "", "Why.", "planned"], "the row does not say whether the control applies; write yes or no"),
    (["A.5.1", "perhaps", "Why.", "planned"], "'perhaps' says neither that the control applies nor that it does not; write yes or no"),
    (["A.5.1", "yes", "", "planned"], "the row has no justification; write why the control is included"),
    (["A.5.1", "yes", "Why.", "blue"], "'blue' is no status that is known; write implemented, in progress, planned or not applicable"),
    (["A.5.1", "yes", "Why.", "n/a"], "the control is included and its status is 'n/a'; exclude it, or write how far it has come"),
    (["A.5.1", "no", "Why.", "implemented"], "the control is excluded and its status is 'implemented'; include it, or write not applicable"),
    (["A.5.1", "no", "Why.", ""], "the exclusion has no day to look again; add a column 'Revisit' with a date, or give one with --revisit DATE"),
    (["A.5.1", "yes", "Why.", "planned", "fun"], "'fun' is no driver that is known; write risk, legal, contract or best practice"),
    (["", "yes", "Why.", "planned"], "the row names no control; write its number, such as A.5.1"),
    (["A.5.1, A.5.2", "yes", "Why.", "planned"], "'A.5.1, A.5.2' names 2 controls; give each control a row of its own"),
    (["clause 5.2", "yes", "Why.", "planned"], "'clause 5.2' is no control, but a clause; write the number of a control, such as A.5.1"),
    (["A.5", "yes", "Why.", "planned"], "'A.5' is no control, but a control-area; write the number of a control, such as A.5.1"),
    (["5.1.1", "yes", "Why.", "planned"], "'5.1.1' is numbered as in ISO/IEC 27001:2013; write the control of the 2022 edition that took its place"),
    (["9.2", "yes", "Why.", "planned"], "'9.2' is numbered as in ISO/IEC 27001:2013; write the control of the 2022 edition that took its place"),
    (["42001:A.5.2", "yes", "Why.", "planned"], "'42001:A.5.2' is no number of ISO/IEC 27001; write clause or control, such as 5.2 or A.5.1"),
)  # fmt: skip


@pytest.mark.parametrize(("head", "row", "said"), [(HEAD, *row) for row in DOCUMENT_ROWS] + [(SOA_HEAD, *row) for row in SOA_ROWS])
def test_a_row_without_a_place_is_named_with_its_reason(head, row, said, untouched, tmp_path, capsys):
    before = registers(untouched)
    code, out, _ = run(capsys, untouched, csv_file(tmp_path / "list.csv", [head, row]), *WHEN, "--write")
    assert code == 1
    assert out == f"not placed\n  list.csv, line 2: {said}\n0 new, 0 changed, 0 the same already, 1 not placed\nNothing to write.\n"
    assert registers(untouched) == before


def test_the_other_rows_are_placed_all_the_same(repository, tmp_path, capsys):
    rows = [HEAD, ["P-1", "Scope of the ISMS", "1.0"], ["P-2", "Scope", "", "", "tomorrow"], ["P-3", "Twice", "1"], ["P-4", "TWICE!", "2"]]
    code, out, _ = run(capsys, repository, csv_file(tmp_path / "list.csv", rows, ","), "--write")
    assert code == 1
    assert "  list.csv, line 5: the title 'TWICE!' is that of list.csv, line 4 too; give each document a title of its own\n" in out
    assert out.endswith(f"1 new, 1 changed, 0 the same already, 2 not placed\nWritten: {ISMS}\n")
    assert records(repository, "isms-documents")["ISM-002"]["address"] == "P-1"


def formula_book(path: Path, formula: object, column: str = "C") -> Path:
    book = openpyxl.Workbook()
    book.active.title = "List"
    book.active.append(["Title", "Owner", "Next review", "Days left"])
    book.active.append(["Scope", "CISO", datetime.date(2027, 1, 1), 3])
    book.active[f"{column}2"] = formula
    book.save(path)
    return path


def make(folder: Path, name: str, content: object) -> Path:
    path = folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif isinstance(content, list):
        csv_file(path, content)
    elif callable(content):
        content(path)
    return path


DOCS = ["ID", "Title", "Version"]
BAD_FILES = (
    ("none.csv", None, "'{path}' cannot be read (No such file or directory); name a CSV or XLSX file"),
    ("empty.csv", b" \n", "empty.csv: the file is empty; save the list again"),
    ("big.csv", b"x\n" * (25 << 20) + b"y", "big.csv: the file is larger than 50 MiB; save the lists alone in a file of their own"),
    ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old.xls: this is an old XLS file or one with a password; save it as XLSX without a password, or as CSV"),
    ("broken.xlsx", b"PK\x03\x04 not a workbook", "broken.xlsx: the file is no XLSX workbook that can be read (File is not a zip file); open it, save it again as XLSX, or save it as CSV"),
    ("utf16.csv", "Title;Version\n".encode("utf-16"), "utf16.csv: the file is UTF-16 text; save it as 'CSV UTF-8'"),
    ("other.csv", b"Title;Version\nVersi\x81n;1\n", "other.csv, line 2: the text is neither UTF-8 nor Windows-1252; save it as 'CSV UTF-8'"),
    ("nul.csv", b"Title;Version\na\0b;1\n", "nul.csv, line 2: a NUL byte stands here, so this is no CSV file; save the list as XLSX or 'CSV UTF-8'"),
    ("quote.csv", b'Title;Version\nA;1\n"B;2\nC;3\n', "quote.csv, line 3: a quotation mark is not closed, or text follows it; save the list again as CSV, or as XLSX"),
    ("long.csv", b"Title,Version\n" + b"a,1\n" * 100_000, "long.csv: there are more than 100,000 rows; remove the empty ones, or divide the list"),
    ("unknown.csv", [["Foo", "Bar"], ["1", "2"]], "unknown.csv: no list was recognised; a document list needs a column 'Title' and at least one more, such as 'Version', and a Statement of Applicability needs 'Control', 'Applicable' and 'Justification'; the first row has 'Foo', 'Bar'"),
    ("why.csv", [["Control", "Applicable"], ["A.5.1", "yes"]], "why.csv, line 1: the Statement of Applicability has no column for the justification; add 'Justification', with the reason why each control is included or excluded"),
    ("twice.csv", [["Title", "Version", "Version"], ["a", "1", "2"]], "twice.csv, line 1: two columns say the same, 'Version' (column 2) and 'Version' (column 3); keep one, or rename the other"),
    ("ids.csv", [DOCS, ["P-1", "a", "1"], ["p-1", "b", "2"]], "ids.csv, line 3, column 1: the id 'p-1' stands in ids.csv, line 2 already; give each document an id of its own"),
    ("controls.csv", [SOA_HEAD, ["A.5.1", "yes", "Why.", "planned"], ["5.1", "yes", "Why.", "planned"]], "controls.csv, line 3, column 1: the control 'A.5.1' stands in controls.csv, line 2 already; keep one row, and look whether a spreadsheet has made 5.1 of 5.10"),
    ("mixed.csv", [SOA_HEAD, ["A.5.15", "yes", "Why.", "planned"], ["A.9.2.1", "yes", "Why.", "planned"]], "mixed.csv: control numbers of two editions of ISO/IEC 27001 stand in one file, 'A.9.2.1' in line 3 of 2013 and 'A.5.15' in line 2 of 2022; bring the list to the 2022 edition, then import it again"),
    ("formula.csv", [DOCS, ["P-1", "=1+1", "1"]], "formula.csv, line 2, column 2: the cell holds a formula; replace it with its value (copy, then paste as values)"),
    ("formula.xlsx", lambda path: formula_book(path, "=TODAY()"), "formula.xlsx, sheet 'List', cell C2: the cell holds a formula; replace it with its value (copy, then paste as values)"),
    ("error.xlsx", lambda path: formula_book(path, "#REF!"), "error.xlsx, sheet 'List', cell C2: the cell holds the error '#REF!'; replace it with its value (copy, then paste as values)"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "content", "said"), BAD_FILES, ids=[name for name, _, _ in BAD_FILES])
def test_a_file_that_cannot_be_taken_is_refused_in_one_sentence(name, content, said, untouched, tmp_path, capsys):
    before = registers(untouched)
    path = make(tmp_path, name, content)
    good = csv_file(tmp_path / "good.csv", [["Title", "Version"], ["Scope of the ISMS", "1.0"]])
    code, out, err = run(capsys, untouched, good, path, *WHEN, "--write")
    assert (code, out, err) == (3, "", f"python -m macros import: {said.replace('{path}', str(path))}\n")
    assert registers(untouched) == before


def test_a_formula_in_a_column_that_is_not_used_does_not_matter(workspace, tmp_path):
    tables, remarks = read_tables([formula_book(tmp_path / "list.xlsx", "=C2-TODAY()", "D")])
    plan = plan_import(workspace, tables, Options())
    assert remarks == ("list.xlsx, sheet 'List': column 'Days left' is not used",)
    assert [(key, new) for key, _, new in plan.changes[0].values if new] == [
        ("id", "ISM-025"),
        ("title", "Scope"),
        ("status", "confirmed"),
        ("owner", "CISO"),
        ("next_review", "2027-01-01"),
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "rows of the Statement of Applicability are decisions; say when they were taken with --decided-on DATE"),
        (("--decided-on", "2026-12-24"), "--decided-on 2026-12-24 has not come yet; give the day on which the Statement of Applicability was approved"),
        (("--decided-on", "2026-11-02", "--decided-by", "isms-manger"), "'isms-manger' is no role or person of 'org.yaml'; did you mean 'isms-manager'?"),
    ],
)  # fmt: skip
def test_a_decision_needs_its_day_and_somebody_who_is_there(words, said, untouched, tmp_path, capsys):
    before = registers(untouched)
    path = csv_file(tmp_path / "soa.csv", [SOA_HEAD, ["A.5.1", "yes", "Why.", "planned"]])
    code, _, err = run(capsys, untouched, path, "--today", "2026-11-24", "--write", *words)
    assert (code, err) == (3, f"python -m macros import: {said}\n")
    assert registers(untouched) == before


def test_an_old_statement_of_applicability_is_told_apart_row_by_row(workspace, tmp_path):
    rows = [SOA_HEAD, ["A.5.1 Management direction", "", "", ""], *([number, "yes", "Why.", "planned"] for number in sorted(CONTROLS_2013))]
    plan = plan_import(workspace, read_tables([csv_file(tmp_path / "soa.csv", rows)])[0], Options())
    assert len(CONTROLS_2013) == 114
    assert (len(plan.changes), len(plan.refused), plan.skipped) == (0, 114, 1)


@pytest.mark.parametrize(
    ("text", "column", "found"),
    [
        ("A.5.1", "requirement", ("A.5.1",)),
        ("A 5.1", "requirement", ("A.5.1",)),
        ("a5.1", "requirement", ("A.5.1",)),
        ("5.1", "control", ("A.5.1",)),
        ("5.1", "clause", ("5.1",)),
        ("27001:A.5.1", "requirement", ("A.5.1",)),
        ("ISO/IEC 27001:2022 A.5.1", "requirement", ("A.5.1",)),
        ("UNE-EN ISO/IEC 27001:2022, A.5.1", "requirement", ("A.5.1",)),
        ("iso27001:5.2", "requirement", ("5.2",)),
        ("Annex A 5.1", "requirement", ("A.5.1",)),
        ("Anexo A.5.1 Políticas de seguridad", "requirement", ("A.5.1",)),
        ("cláusula 5.2; control 5.2", "requirement", ("5.2", "A.5.2")),
        ("A.5.1, A.5.2; clause 5.2", "requirement", ("5.2", "A.5.1", "A.5.2")),
        ("A.5.1 A.5.2\nA.5.3", "control", ("A.5.1", "A.5.2", "A.5.3")),
        ("A.6.3 Awareness, education and training / A.7.7", "control", ("A.6.3", "A.7.7")),
        ("A.5.19-A.5.21", "control", ("A.5.19", "A.5.20", "A.5.21")),
        ("A.5.19 a A.5.21", "control", ("A.5.19", "A.5.20", "A.5.21")),
        ("9.2.1 y 6.1.3 d)", "requirement", ("6.1.3", "9.2.1")),
        ("5.37", "requirement", ("A.5.37",)),
        ("A.5", "control", ("A.5",)),
    ],
)
def test_numbers_are_read_as_lists_write_them(text, column, found, workspace):
    assert Reader(workspace.catalogues["iso27001"].value).read(Cell(text), column).requirements == found


def test_a_number_that_a_spreadsheet_cut_is_told_apart(workspace, tmp_path):
    path = xlsx(tmp_path / "soa.xlsx", {"SoA": [SOA_HEAD, [5.1, "yes", "Why.", "planned"], [5.37, True, "Why.", 0.5]]})
    book = openpyxl.load_workbook(path)
    book.active["D3"].number_format = "0%"
    book.active.append([5.1, "yes", "Why.", "planned"])
    book.active["A4"].number_format = "0.00"
    book.save(path)
    plan = plan_import(workspace, read_tables([path])[0], Options())
    assert [str(refusal) for refusal in plan.refused] == [
        (
            "soa.xlsx, sheet 'SoA', row 2: the cell holds the number 5.1, which a spreadsheet also makes of 5.10; "
            "give the column the format 'Text' and write the number anew"
        )
    ]
    assert [change.id for change in plan.changes] == ["iso27001:A.5.37", "iso27001:A.5.10"]
    assert ("status", "unconfirmed", "in-progress") in plan.changes[0].values


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-09-14", "2026-09-14"),
        ("2026/9/4", "2026-09-04"),
        ("14/09/2026", "2026-09-14"),
        ("04.09.2026", "2026-09-04"),
        ("4 September 2026", "2026-09-04"),
        ("4 de septiembre de 2026", "2026-09-04"),
        ("04-sep-2026", "2026-09-04"),
        ("04/04/2026", "2026-04-04"),
        ("n/a", None),
        ("-", None),
    ],
)
def test_dates_are_read_as_lists_write_them(text, day):
    assert day_of(Cell(text), day_first=False) == day


def test_a_date_that_could_be_two_is_read_where_its_column_shows_the_order(workspace, tmp_path):
    rows = [["Title", "Next review"], ["One", "03/04/2027"], ["Two", "31/12/2027"]]
    plan = plan_import(workspace, read_tables([csv_file(tmp_path / "a.csv", rows)])[0], Options())
    assert [{key: new for key, _, new in change.values}["next_review"] for change in plan.changes] == ["2027-04-03", "2027-12-31"]
    with pytest.raises(Unclear):
        day_of(Cell("03/04/2027"), day_first=False)


def test_the_same_for_a_program(untouched, tmp_path, capsys):
    path = csv_file(tmp_path / "list.csv", [["Title", "Version", "Colour"], ["Scope of the ISMS", "1.0", "red"], ["", "2", ""]], "\t")
    code, out, _ = run(capsys, untouched, path, "--format", "json")
    assert code == 1
    assert json.loads(out) == {
        "written": False,
        "changes": [
            {
                "path": ISMS,
                "id": "ISM-002",
                "new": False,
                "from": "list.csv, line 2",
                "values": {"status": {"old": "to-confirm", "new": "confirmed"}, "version": {"old": None, "new": "1.0"}},
            }
        ],
        "unchanged": [],
        "refused": [{"from": "list.csv, line 3", "message": "the row has no title", "way_out": "write the title of the document"}],
        "remarks": ["list.csv: column 'Colour' is not used"],
    }


def test_a_register_that_cannot_be_read_is_mended_first(repository, tmp_path, capsys):
    path = csv_file(tmp_path / "list.csv", [["Title", "Version"], ["Scope", "1.0"]])
    (repository / ISMS).write_text("title: [", "utf-8")
    code, _, err = run(capsys, repository, path, "--write")
    assert code == 3
    assert err.startswith(f"python -m macros import: this rests on a file that cannot be read: {ISMS}:1: REG001 ")


def test_an_organisation_without_the_register_is_told(bake, tmp_path, capsys):
    root = copy_of(bake(integration_strategy="standalone", isms_since="none"), tmp_path / "alone")
    path = csv_file(tmp_path / "list.csv", [["Title", "Version"], ["Scope", "1.0"]])
    assert run(capsys, root, path) == (
        3,
        "",
        f"python -m macros import: '{ISMS}' is missing, so there is nowhere to put the rows; take it from the kit's template\n",
    )


def test_both_registers_are_written_or_none(repository, monkeypatch):
    before = registers(repository)
    real = os.replace
    calls = []

    def fail_second(source, target):
        if Path(source).suffix == ".new":
            calls.append(target)
            if len(calls) == 2:
                raise PermissionError(13, "Permission denied", str(source), None, str(target))
        real(source, target)

    monkeypatch.setattr(os, "replace", fail_second)
    with pytest.raises(KitError, match=f"'{SOA}' cannot be written .Permission denied.; nothing was changed"):
        put(repository, {ISMS: b"one", SOA: b"two"})
    assert len(calls) == 2
    assert registers(repository) == before


def test_a_damaged_file_is_refused_or_read_and_never_crashes(workspace, tmp_path):
    pick = random.Random(42001)
    book = english_workbook(tmp_path / "isms.xlsx").read_bytes()
    text = spanish_files(tmp_path)[1].read_bytes()
    outcomes = Counter()
    for turn in range(120):
        data = bytearray(text if turn % 4 else book)
        for _ in range(pick.randint(1, 8)):
            data[pick.randrange(len(data))] = pick.randrange(256)
        path = tmp_path / "damaged"
        path.write_bytes(data[: pick.randrange(len(data))] if turn % 7 == 0 else data)
        try:
            plan_import(workspace, read_tables([path])[0], Options())
            outcomes["read"] += 1
        except KitError as error:
            assert "\n" not in str(error)
            outcomes["refused"] += 1
    assert outcomes["read"] > 10
    assert outcomes["refused"] > 10


def test_a_list_of_any_delimiter_reads_the_same(tmp_path):
    rows = [["Title", "Version", "Owner"], ["Rules, all of them; here", "1.0", "CISO"]]
    for delimiter in ",;\t":
        (table,), _ = read_tables([csv_file(tmp_path / "list.csv", rows, delimiter)])
        assert [cell.text for cell in table.rows[0].cells] == rows[1]
    out = io.StringIO("sep=;\r\n")
    out.seek(0, 2)
    csv.writer(out, delimiter=";").writerows(rows)
    (tmp_path / "list.csv").write_text(out.getvalue(), "utf-8", newline="")
    (table,), _ = read_tables([tmp_path / "list.csv"])
    assert (table.rows[0].number, table.rows[0].cells[2].text) == (3, "CISO")


def test_the_kit_itself_has_nowhere_to_put_a_list(tmp_path):
    tables, _ = read_tables([csv_file(tmp_path / "list.csv", [["Title", "Version"], ["Scope", "1.0"]])])
    with pytest.raises(KitError, match="the kit itself is nobody's repository"):
        plan_import(load_workspace(KIT), tables, Options())
