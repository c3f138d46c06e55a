"""Types are held by a tool, and a record is as typed as its definition."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError

from macros.facts.suspects import LOOKED_AT
from macros.load import load_workspace
from macros.model.base import meanings, prefixes_of, record_id, refers_to
from macros.model.document import DocumentType
from macros.model.records.common import Entry
from macros.model.records.kinds import KINDS, register_of
from macros.model.records.risk import Risk
from macros.model.records.systems import AiSystem
from macros.model.workspace import is_of
from tests.conftest import KIT

CHECKED = ("macros", "hooks", "benchmarks", "examples", "supply-chain")


def test_mypy_has_nothing_to_say():
    words = [sys.executable, "-m", "mypy", "--no-error-summary", "--no-color-output"]
    done = subprocess.run(words, cwd=KIT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_every_exception_from_the_types_names_its_code_and_its_reason():
    files = [path for folder in CHECKED for path in sorted((KIT / folder).rglob("*.py"))]
    found = [line for path in files for line in path.read_text("utf-8").splitlines() if "# type: " in line]
    assert len(files) > 180
    assert 0 < len(found) <= 5
    assert [line for line in found if not re.search(r"# type: ignore\[[a-z-]+\]  # \w.{15,}", line)] == []


def test_every_exception_from_the_style_has_its_reason():
    text = (KIT / "pyproject.toml").read_text("utf-8")
    lists = text[text.index("[tool.ruff.lint]") : text.index("[tool.mypy]")]
    assert 'select = ["ALL"]' in lists
    rules = [line for line in lists.splitlines() if re.search(r'"[A-Z]{1,4}\d*"', line.partition("#")[0]) and "select" not in line]
    assert len(rules) > 50
    assert [line for line in rules if not re.search(r"  # \w.{5,}", line)] == []


def test_every_exception_in_a_line_has_its_reason():
    files = [path for folder in (*CHECKED, "tests") for path in sorted((KIT / folder).rglob("*.py")) if path.name != "test_types.py"]
    found = [line for path in files for line in path.read_text("utf-8").splitlines() if "# noqa" in line]
    assert 5 < len(found) < 20
    assert [line for line in found if not re.search(r"# noqa: [A-Z]+\d+  (?:# |\()\w.{5,}", line)] == []


def reference(*prefixes: str) -> TypeAdapter[str]:
    return TypeAdapter(Annotated[str, refers_to(*prefixes)])


@pytest.mark.parametrize("name", ["POL-001", "PRO-1000", "DAT-2026-001"])
def test_a_reference_takes_an_id_with_one_of_its_prefixes(name):
    assert reference("POL", "PRO", "DAT").validate_python(name) == name


@pytest.mark.parametrize("name", ["POLxyz", "POL", "POL-", "PROxyz-001", "xDAT-001", "DAT-001 ", "SYS-001", "POL|PRO-001", "pol-001"])
def test_a_reference_refuses_everything_else(name):
    with pytest.raises(ValidationError, match="String should match pattern"):
        reference("POL", "PRO", "DAT").validate_python(name)


@pytest.mark.parametrize("prefixes", [("POL|PRO|DAT",), ("POL", "(?:PRO|DAT)"), ("POL-",), ("pol",), ("",)])
def test_a_prefix_is_given_by_itself(prefixes):
    with pytest.raises(ValueError, match="is no prefix; name each one by itself"):
        refers_to(*prefixes)
    with pytest.raises(ValueError, match="is no prefix; name each one by itself"):
        record_id(prefixes[-1])


def test_no_two_kinds_of_record_share_a_prefix():
    prefixes = [prefix for kind in KINDS for prefix in prefixes_of(kind.record)] + [kind.prefix for kind in DocumentType]
    assert len(prefixes) == len(set(prefixes)) == len(KINDS) - 1 + len(DocumentType)  # a row of the SoA has the id of its control


@pytest.fixture(scope="module")
def workspace(example):
    return load_workspace(example)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_definition_names_its_register_and_each_record_of_it_says_what_it_is(workspace, kind):
    assert register_of(kind.record) == kind.name
    records = workspace.records(kind.record)
    assert len(records) >= 1
    assert records == workspace.registers[kind.name].records == workspace.register(kind.record).records
    for record in records:
        assert type(record.value) is kind.record
        assert record.id == record.value.key == getattr(record.value, kind.columns[0])
        assert record.value.label.strip()


def test_records_of_a_register_that_is_not_there_are_none(workspace):
    assert load_workspace(KIT).records(Risk) == ()
    assert load_workspace(KIT).register(Risk) is None
    assert len(workspace.all_records) == sum(len(register.records) for register in workspace.registers.values()) > 300


def test_a_record_tells_its_definition(workspace):
    system = workspace.record_by_id["AIS-001"]
    assert is_of(system, AiSystem)
    assert not is_of(system, Risk)


def test_only_an_approved_record_was_looked_at(workspace):
    """A draft and a closed record say so by themselves, whatever the word of their state."""
    assert {kind.record for kind in KINDS if kind.record.looked_at is not Entry.looked_at} == set(LOOKED_AT)
    assert {kind.name for kind in KINDS if kind.record.is_draft is not Entry.is_draft} == {
        *("ai-systems", "datasets", "exceptions", "impact-assessments")
    }
    closing = {kind.name for kind in KINDS if kind.record.is_closed is not Entry.is_closed}
    assert closing == {kind.name for kind in KINDS if _can_close(kind.record)} | {
        "isms-documents",
        "exceptions",
    }  # withdrawn or replaced, or no longer needed
    for definition, entry in LOOKED_AT.items():
        records = workspace.records(definition)
        assert records, definition
        for record in records:
            stated = getattr(record.value, entry)
            assert record.value.looked_at == getattr(stated, "date", stated)


def _can_close(definition: type[Entry]) -> bool:
    field = definition.model_fields.get("state") or definition.model_fields.get("status")
    return field is not None and "closed" in {word.value for word in field.annotation}


def test_the_text_beneath_an_attribute_is_no_text_of_what_records_share():
    assert meanings(Entry) == {}
