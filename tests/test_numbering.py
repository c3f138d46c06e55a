"""Ids go on after 999: each number has one writing, every reader knows it, and lists stay in order."""

from __future__ import annotations

import re
from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError

from macros.imports.evidence import next_id
from macros.load import load_workspace
from macros.load.tree import FolderTree, MemoryTree
from macros.model.base import DOCUMENT_ID, record_id
from macros.model.numbering import IN_TEXT, highest, natural, numbered
from macros.model.records.kinds import KINDS
from macros.model.records.support import Evidence
from macros.review.recording import _ids as approval_ids
from macros.review.sentences import _ids as ids_in_sentences
from macros.schemas import SCHEMAS
from tests.test_evidence import TODAY


@pytest.mark.parametrize("name", ["RSK-001", "RSK-999", "RSK-1000", "RSK-9999999", "RSK-2026-001", "RSK-2026-1000", "RSK-2026-12345"])
def test_an_id_has_at_least_three_digits(name):
    assert TypeAdapter(Annotated[str, record_id("RSK")]).validate_python(name) == name


@pytest.mark.parametrize(
    "name",
    ["RSK-1", "RSK-01", "RSK-0001", "RSK-00999", "RSK-2026-0001", "RSK-2026-01", "RSK-10000000", "RSK-٠٠١", "RSK-001\n", "RSK-026-001"],
)
def test_a_number_has_one_writing(name):
    with pytest.raises(ValidationError):
        TypeAdapter(Annotated[str, record_id("RSK")]).validate_python(name)


def test_every_id_of_a_document_and_a_record_goes_on(example):
    assert re.fullmatch(DOCUMENT_ID, "POL-1000")
    assert not re.fullmatch(DOCUMENT_ID, "POL-0100")
    patterns = re.findall(
        r'"pattern": "(\^[A-Z(?:|)]+-[^"]*)"', "".join(str(SCHEMAS[name].model_json_schema()).replace("'", '"') for name in SCHEMAS)
    )
    ids = [pattern for pattern in patterns if "[0-9]{3}" in pattern]
    assert len(ids) > len(KINDS)
    assert not [pattern for pattern in patterns if "d{3}" in pattern]
    assert all("[1-9][0-9]{3,6}" in pattern for pattern in ids)


def test_ids_sort_by_their_numbers():
    names = ["RSK-1000", "RSK-999", "NC-2026-1000", "NC-2026-999", "NC-2025-1200", "RSK-002", "2026-2", "2026-10", "2026"]
    assert sorted(names, key=natural) == [
        "2026",
        "2026-2",
        "2026-10",
        "NC-2025-1200",
        "NC-2026-999",
        "NC-2026-1000",
        "RSK-002",
        "RSK-999",
        "RSK-1000",
    ]


def test_the_highest_number_is_that_of_its_form():
    names = ["EV-999", "EV-1000", "EV-2026-1200", "EV-0999", "EV-x", "XEV-5000"]
    assert (highest("EV-", names), highest("EV-2026-", names), highest("EV-2027-", names)) == (1000, 1200, 0)
    assert (numbered("EV-", 7), numbered("EV-2026-", 1200)) == ("EV-007", "EV-2026-1200")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see RSK-1000, and NC-2026-1000.", ["RSK-1000", "NC-2026-1000"]),
        ("see RSK-001-based and NC-2026-001", ["RSK-001", "NC-2026-001"]),
        ("see NC-2026-0001 and RSK-0001", []),
        ("see NC-2026-12", []),
    ],
)
def test_ids_are_found_in_sentences(text, found):
    assert re.findall(rf"\b[A-Z]{{2,3}}-{IN_TEXT}", text) == found


def test_a_change_from_999_to_1000_is_a_changed_reference():
    said = [text for _, text in ids_in_sentences("Follow PRO-999 and PRO-1200.", "Follow PRO-1000 and PRO-1200.")]
    assert said == ["reference changed from PRO-999 to PRO-1000"]


def test_records_beyond_999_are_read_in_order_and_the_next_number_follows(example):
    files = {path: (example / path).read_bytes() for path in FolderTree(example).paths()}
    record = files["registers/evidence/EV-012.yaml"]
    approval = files["registers/approvals/APR-001.yaml"]
    for number in (1000, 999):
        files[f"registers/evidence/EV-{number}.yaml"] = record.replace(b"EV-012", b"EV-%d" % number)
        files[f"registers/approvals/APR-{number}.yaml"] = approval.replace(b"APR-001", b"APR-%d" % number)
    workspace = load_workspace(MemoryTree(files))
    assert not workspace.broken
    assert [one.id for one in workspace.records(Evidence)][-2:] == ["EV-999", "EV-1000"]
    assert next_id(workspace, TODAY) == "EV-1001"
    assert next(approval_ids(workspace)) == "APR-1001"


def test_a_padded_number_is_told_what_to_write(example):
    files = {path: (example / path).read_bytes() for path in FolderTree(example).paths()}
    files["registers/evidence/EV-0100.yaml"] = files["registers/evidence/EV-012.yaml"].replace(b"EV-012", b"EV-0100")
    problem = next(one for one in load_workspace(MemoryTree(files)).problems if one.location.path.endswith("EV-0100.yaml"))
    assert problem.code == "REG004"
    assert problem.way_out == "write an id such as 'EV-001', with zeros before the number only up to three digits"
