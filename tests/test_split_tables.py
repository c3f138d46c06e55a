"""A long table is divided into a head and parts; every reader and every writer goes on as before."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from macros.__main__ import main
from macros.checks import run_checks
from macros.facts.authority import approver_of_path, as_codeowners
from macros.imports import divide
from macros.imports.divide import divided
from macros.load import load_workspace
from macros.load.tree import FolderTree, MemoryTree
from macros.model.records.kinds import BY_NAME, KINDS, Layout
from macros.model.records.reading import Acknowledgement
from macros.problem import KitError
from macros.review.changes import record_changes
from macros.world import forget
from tests.conftest import copy_without_engine
from tests.isms_lists import csv_file

TODAY = datetime.date(2026, 11, 14)
ACK = BY_NAME["acknowledgements"]
TABLES = [kind for kind in KINDS if kind.layout is Layout.TABLE]


@pytest.fixture(scope="module")
def files(example) -> dict[str, bytes]:
    """The worked organisation as it is, file by file."""
    return {path: (example / path).read_bytes() for path in FolderTree(example).paths()}


@pytest.fixture(scope="module")
def split(files) -> dict[str, bytes]:
    """The same with every table that it has divided."""
    found = dict(files)
    tables = [kind for kind in TABLES if kind.own_file in files]
    assert len(tables) > 10
    for kind in tables:
        found |= divided(kind, found.pop(kind.own_file))
    return found


def values(workspace) -> dict[str, list]:
    return {name: sorted((record.id, repr(record.value)) for record in register.records) for name, register in workspace.registers.items()}


def test_every_table_says_the_same_when_it_is_divided(files, split):
    before, after = load_workspace(MemoryTree(files)), load_workspace(MemoryTree(split))
    assert after.problems == before.problems
    assert values(after) == values(before)
    assert list(record_changes(before, after)) == []
    said = [(problem.code, problem.message) for problem in run_checks(before, TODAY)]
    assert said
    # CODEOWNERS names the file still, which is for the organisation to follow
    assert sorted((p.code, p.message) for p in run_checks(after, TODAY) if p.code != "ORG116") == sorted(said)
    lines = as_codeowners(after).splitlines()
    assert any(line.startswith("/registers/acknowledgements/ ") for line in lines)
    assert not any(line.startswith("/registers/acknowledgements.yaml") for line in lines)
    for path in ("registers/statement-of-applicability.yaml", "registers/statement-of-applicability/1.yaml"):
        assert approver_of_path(before, path) == approver_of_path(after, path) == "top-management"


def test_a_message_names_the_part_and_its_line(split):
    part = "registers/acknowledgements/2026.yaml"
    rows = split[part].decode().count("\n  - id:")
    assert rows > 20
    files = {**split, part: split[part].replace(b"version:", b"versoin:", 1)}
    workspace = load_workspace(MemoryTree(files))
    problem = next(problem for problem in workspace.problems if problem.location.path == part)
    assert problem.code in ("REG002", "REG003")
    assert split[part].splitlines()[problem.location.line - 1].strip()
    assert part in workspace.broken
    assert list(record_changes(load_workspace(MemoryTree(split)), workspace)) == []  # what cannot be read was not removed


def test_an_id_in_two_parts_is_found(split):
    part = "registers/acknowledgements/2026.yaml"
    files = {**split, "registers/acknowledgements/2027.yaml": split[part]}
    said = [problem for problem in run_checks(load_workspace(MemoryTree(files)), TODAY) if problem.code == "REG101"]
    assert len(said) == split[part].decode().count("\n  - id:")
    assert all(problem.location.path.endswith("/2027.yaml") and f"{part}:" in problem.message for problem in said)


def test_a_control_in_two_parts_is_found(split):
    files = {**split, "registers/statement-of-applicability/9.yaml": split["registers/statement-of-applicability/1.yaml"]}
    said = [problem for problem in run_checks(load_workspace(MemoryTree(files)), TODAY) if problem.code == "SOA103"]
    assert len(said) > 50
    assert "has a row already, at registers/statement-of-applicability/1.yaml:" in said[0].message


def test_parts_without_a_head_are_found(split):
    files = {path: data for path, data in split.items() if path != ACK.folder_head}
    workspace = load_workspace(MemoryTree(files))
    assert "acknowledgements" not in workspace.registers
    assert [p.message for p in run_checks(workspace, TODAY) if p.code == "REG109"] == [
        "'registers/acknowledgements/' has records and no 'register.yaml'"
    ]


def test_both_forms_at_once_are_an_error_and_stop_an_import(files, split):
    both = {**split, ACK.own_file: files[ACK.own_file]}
    workspace = load_workspace(MemoryTree(both))
    problem = next(problem for problem in workspace.problems if problem.code == "REG310")
    assert problem.location.path == ACK.own_file
    assert {ACK.own_file, ACK.folder_head} <= set(workspace.broken)


def long_register(files: dict[str, bytes], rows: int, years: int = 2) -> bytes:
    """The acknowledgements with many rows, each with a remark above it."""
    head = files[ACK.own_file].decode().split("records:")[0]
    made = [
        f'  # row {number}\n  - id: ACK-{2026 - number % years}-{number + 1000}\n    document: PRO-020\n    version: "1.2"\n    person: reader-a-{number}\n'
        f'    acknowledged_on: "{2026 - number % years}-11-01"\n    how: a form that was filled in\n'
        for number in range(rows)
    ]
    return (head + "records:  # from the e-learning\n" + "".join(made)).encode()


def test_a_table_beyond_1_mib_says_how_to_go_on_and_the_verb_does_it(example, files, tmp_path, capsys):
    room = copy_without_engine(example, tmp_path / "room")
    data = long_register(files, 7_000)
    assert len(data) > 1 << 20
    (room / ACK.own_file).write_bytes(data)
    problem = next(problem for problem in load_workspace(room).problems if problem.location.path == ACK.own_file)
    assert problem.way_out == "divide it: './aims registers split acknowledgements --write'"
    assert main(["registers", "split", "acknowledgements", "--root", str(room)]) == 0
    shown = capsys.readouterr().out
    assert (room / ACK.own_file).exists()
    assert main(["registers", "split", "acknowledgements", "--root", str(room), "--write"]) == 0
    assert not (room / ACK.own_file).exists()
    parts = {path.name: path.read_bytes() for path in (room / ACK.folder).iterdir()}
    assert sorted(parts) == ["2025-2.yaml", "2025.yaml", "2026-2.yaml", "2026.yaml", "register.yaml"]
    assert all(f"registers/acknowledgements/{name}" in shown for name in parts)
    assert max(map(len, parts.values())) < divide.ROOM
    workspace = load_workspace(room)
    assert not workspace.broken
    records = list(workspace.records(Acknowledgement))
    assert len(records) == 7_000
    assert [record.id for record in records][:2] == ["ACK-2025-1001", "ACK-2025-1003"]
    remarks = b"".join(parts.values()).count(b"  # row ")
    assert remarks == 7_000
    assert main(["registers", "split", "acknowledgements", "--root", str(room)]) == 3
    assert "holds the register in parts already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"records: [{id: ACK-001}]\n", "are written in one line"),
        (b"records: 3\n", "holds no list of 'records'"),
        (b"records:\n  - id: [\n", "registers/acknowledgements.yaml:"),
        (b"\xff\xfe", "is not UTF-8 text"),
    ],
)
def test_what_cannot_be_divided_is_said(text, said):
    with pytest.raises(KitError, match=said.replace(".", r"\.")):
        divided(ACK, text)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_empty_table_and_keys_below_the_rows_are_divided(newline):
    text = (
        "# schema\ntitle: t\nrecords:\n  - id: ACK-001\n    how: x  # a remark\n  # above\n  - {id: ACK-002, how: y}\nowner: o\n".replace(
            "\n", newline
        )
    )
    files = {path: data.decode() for path, data in divided(ACK, text.encode()).items()}
    head, part = files[ACK.folder_head], files["registers/acknowledgements/1.yaml"]
    assert head.replace("\r\n", "\n").split("\n", 1)[1] == "# schema\ntitle: t\nowner: o\n"
    assert (
        part.replace("\r\n", "\n").split("\n", 1)[1]
        == "records:\n  - id: ACK-001\n    how: x  # a remark\n  # above\n  - {id: ACK-002, how: y}\n"
    )
    assert (newline == "\r\n") == ("\r\n" in part) == ("\r\n" in head)
    assert list(divided(ACK, b"title: t\nrecords: []\n")) == [ACK.folder_head]


def imported(room: Path, tmp_path: Path, day: str, capsys, *words: str, count: int = 1) -> str:
    rows = [["Document", "Person", "Date", "Version"]] + [["PRO-020", f"reader-new-{number}", day, "1.2"] for number in range(count)]
    assert (
        main(
            ["import", "acknowledgements", str(csv_file(tmp_path / "list.csv", rows)), "--root", str(room), "--today", "2026-11-14", *words]
        )
        == 0
    )
    return capsys.readouterr().out


def test_an_import_goes_into_the_part_of_its_year_and_begins_the_next(example, split, tmp_path, capsys):
    room = copy_without_engine(example, tmp_path / "room")
    assert main(["registers", "split", "acknowledgements", "--root", str(room), "--write"]) == 0
    capsys.readouterr()
    before = {path.name: path.read_bytes() for path in (room / ACK.folder).iterdir()}
    out = imported(room, tmp_path, "2026-11-05", capsys, "--write")
    assert out.endswith("Written: registers/acknowledgements/2026.yaml\n")
    assert out.startswith("registers/acknowledgements/\n  new ACK-2026-")
    after = {path.name: path.read_bytes() for path in (room / ACK.folder).iterdir()}
    assert after["2026.yaml"].startswith(before["2026.yaml"].rstrip(b"\n"))
    assert {name for name in after if after[name] != before.get(name)} == {"2026.yaml"}
    full = after["2026.yaml"] + b"# " + b"x" * (divide.ROOM - len(after["2026.yaml"])) + b"\n"
    (room / ACK.folder / "2026.yaml").write_bytes(full)
    forget(room)
    out = imported(room, tmp_path, "2026-11-06", capsys, "--write", count=2)
    assert out.endswith("Written: registers/acknowledgements/2026-2.yaml\n")
    assert (room / ACK.folder / "2026.yaml").read_bytes() == full
    workspace = load_workspace(room)
    assert not workspace.broken
    names = [record.id for record in workspace.records(Acknowledgement)]
    assert len(names) == len(set(names))
    assert "1 new" not in imported(room, tmp_path, "2026-11-06", capsys)


def test_an_import_divides_a_table_that_comes_near_1_mib_and_says_so(example, files, tmp_path, capsys):
    room = copy_without_engine(example, tmp_path / "room")
    (room / ACK.own_file).write_bytes(long_register(files, 5_050, years=1))
    assert (1 << 20) > (room / ACK.own_file).stat().st_size > divide.ROOM - 60_000
    count = 600
    shown = imported(room, tmp_path, "2026-11-05", capsys, count=count)
    note = "note: 'registers/acknowledgements.yaml' comes near 1 MiB and is divided into the folder 'registers/acknowledgements/'; let 'codeowners --write' follow"
    assert shown.splitlines()[0] == note
    assert (room / ACK.own_file).exists()
    out = imported(room, tmp_path, "2026-11-05", capsys, "--write", count=count)
    assert out.splitlines()[0] == note
    assert not (room / ACK.own_file).exists()
    workspace = load_workspace(room)
    assert not workspace.broken
    assert len(list(workspace.records(Acknowledgement))) == 5_050 + count
