"""The generator of changes: each kind begins whole, refuses what is taken, and leaves a list of the sentences that a person writes."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from tests.conftest import KIT
from tests.scaffold.changes import Change, Refused, to_write
from tests.scaffold.kinds import KINDS
from tests.test_hygiene import FILES, text_of

GIVEN = {
    "check": {"CODE": "REG931", "TITLE": "Record says nothing"},
    "register": {"NAME": "site-visits", "PREFIX": "VIS"},
    "document": {"TYPE": "policy", "TITLE": "Use of agents"},
    "catalogue": {"NAME": "example-framework"},
    "verb": {"NAME": "example-facts"},
}
BEGUN = {
    "check": {
        "CHANGELOG.md",
        "macros/checks/records.py",
        "tests/checks/REG931/bad/docs/policies/ai-policy.md",
        "tests/checks/REG931/bad/expected.txt",
        "tests/checks/REG931/good/docs/policies/ai-policy.md",
    },
    "register": {
        "<<cookiecutter.org>>/registers/site-visits.yaml",
        "CHANGELOG.md",
        "docs/glossary.md",
        "examples/tarnmoor/overlay/CODEOWNERS",
        "examples/tarnmoor/overlay/registers/site-visits.yaml",
        "macros/model/records/kinds.py",
        "macros/model/records/site_visits.py",
        "tests/test_new.py",
    },
    "document": {
        "<<cookiecutter.org>>/docs/policies/use-of-agents.md",
        "CHANGELOG.md",
        "examples/tarnmoor/front-matter.yaml",
        "examples/tarnmoor/overlay/CODEOWNERS",
        "examples/tarnmoor/tailoring.yaml",
    },
    "catalogue": {
        "CHANGELOG.md",
        "controls/crosswalks/example-framework--iso42001.yaml",
        "controls/example-framework.yaml",
        "tests/test_catalogue_example_framework.py",
    },
    "verb": {
        "CHANGELOG.md",
        "docs/commands.md",
        "macros/command/example_facts.py",
        "macros/command/verbs.py",
        "tests/test_example_facts_command.py",
        "tests/test_hostile.py",
        "tests/test_terminal.py",
    },
}


def test_every_sentence_that_a_generator_left_to_a_person_is_written():
    left = [
        line
        for name in FILES
        if not name.startswith(("tests/scaffold/", "tests/test_scaffold.py"))
        for line in to_write(name, text_of(name))
    ]
    assert any("macros/" in name for name in FILES)
    assert left == [], "\n".join(["still to be written:", *left])


@pytest.mark.parametrize("kind", KINDS)
def test_a_change_begins_with_every_file_that_its_kind_needs(kind):
    change = KINDS[kind](KIT, GIVEN[kind])
    assert set(change.files) >= BEGUN[kind]
    assert any(to_write(name, text) for name, text in change.files.items())
    for name, text in change.files.items():
        assert (KIT / name).exists() or "$" not in text.replace("$schema", ""), name
        assert text.endswith("\n") and not text.endswith("\n\n"), name
        if name.endswith(".py"):
            ast.parse(text)
            words = [sys.executable, "-m", "ruff", "check", "--stdin-filename", name, "-"]
            done = subprocess.run(words, cwd=KIT, input=text, capture_output=True, text=True, encoding="utf-8", check=False)
            assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        ("check", {"TITLE": "Record says nothing"}, "CODE=... is missing; give such as REG331"),
        ("check", {"CODE": "REG301", "TITLE": "Record says nothing"}, "REG301 is taken, and codes are never reused; choose another number"),
        ("check", {"CODE": "XYZ301", "TITLE": "Record says nothing"}, "no module of rules is known for XYZ301"),
        (
            "check",
            {"CODE": "REG931", "TITLE": "Record says nothing", "MODULE": "registry"},
            "'macros/checks/registry.py' holds no rules of its own",
        ),
        ("register", {"NAME": "suppliers"}, "there is a register 'suppliers' already; choose another NAME"),
        ("register", {"NAME": "supplements"}, "'SUP' is taken, or is not two to four capitals"),
        ("register", {"NAME": "../x"}, "NAME='../x' does not fit; give a plural such as site-visits"),
        ("document", {"TYPE": "system", "TITLE": "Model card"}, "TYPE='system' does not fit"),
        ("document", {"TYPE": "policy", "TITLE": "Acceptable use"}, "policies/acceptable-use.md' exists already"),
        ("catalogue", {"NAME": "iso27001"}, "'controls/iso27001.yaml' exists already; choose another name"),
        ("verb", {"NAME": "check"}, "there is a command 'check' already; choose another NAME"),
    ],
)
def test_what_cannot_begin_is_refused_with_a_way_out(kind, given, said):
    with pytest.raises(Refused) as refused:
        KINDS[kind](KIT, given)
    assert said in str(refused.value)


def test_an_anchor_that_has_gone_is_named_and_nothing_is_written(tmp_path):
    (tmp_path / "a.md").write_text("one\n", "utf-8")
    change = Change(tmp_path)
    change.put("b.md", "two\n")
    with pytest.raises(Refused, match=r"'two' is not found in 'a.md'; mend the anchor in 'tests/scaffold'"):
        change.before("a.md", "two", "x")
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]


def test_a_line_comes_in_the_order_of_the_alphabet(tmp_path):
    (tmp_path / "a.md").write_text("head\n- a\n- c\ntail\n", "utf-8")
    change = Change(tmp_path)
    for line in ("- b", "- d", "- aa"):
        change.in_order("a.md", line, r"^- .*$")
    assert change.text("a.md") == "head\n- a\n- aa\n- b\n- c\n- d\ntail\n"


def test_a_place_to_write_has_its_line():
    assert to_write("a.md", "x\ny ‹write what it is›\n") == ["a.md:2: write what it is"]
