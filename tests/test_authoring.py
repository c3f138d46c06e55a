"""`rename`, `retire` and `confirm`: every reference stays right, every other byte stays, and what is not sound is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from macros.__main__ import main
from macros.load import load_workspace
from macros.world import forget
from tests.review_setup import commit, git
from tests.test_new import EACH, changed, errors, new, organisation, repository

__all__ = ["organisation", "repository"]


def aims(root: Path, *words: str) -> int:
    forget(root)
    return main([*words, "--root", str(root)])


def diff(root: Path) -> list[str]:
    """Every line that goes and comes, in the working tree against the last commit."""
    git(root, "add", "--all")
    told = git(root, "diff", "--cached", "-M", "-U0")
    return [line for line in told.splitlines() if re.match(r"[+-](?![+-])(?!  (?:sha256|parts|  [\w/.]+:[0-9a-f]{12}))", line)]


@pytest.mark.parametrize(
    ("old", "new_id", "least"), [("RSK-005", "RSK-020", 5), ("AIS-003", "AIS-030", 50), ("OBJ-003", "OBJ-1000", 6), ("EV-003", "EV-300", 2)]
)
def test_another_id_is_put_into_every_place_and_nothing_else_changes(old, new_id, least, repository, capsys):
    before = errors(repository)
    assert aims(repository, "rename", old, new_id) == 0
    shown = capsys.readouterr().out
    assert changed(repository) == [] and "Nothing was written" in shown
    assert aims(repository, "rename", old, new_id, "--write") == 0
    assert capsys.readouterr().out.count(f": {old} becomes {new_id}\n") == shown.count(f": {old} becomes {new_id}\n") >= least
    lines = diff(repository)
    gone = [line[1:] for line in lines if line[0] == "-"]
    came = [line[1:] for line in lines if line[0] == "+"]
    assert len(gone) >= least - 1
    assert came == [re.sub(rf"(?<!evidence/){old}(?![0-9])", new_id, line) for line in gone]
    texts = "\n".join(path.read_text("utf-8") for path in sorted(repository.glob("registers/**/*.yaml")))
    assert not re.search(rf"(?<!evidence/){old}\b(?!-)", texts)
    assert [error.replace(new_id, old) for error in errors(repository)] == before


def test_longer_ids_and_other_words_are_left_alone(repository, capsys):
    path = repository / "docs/index.md"
    text = path.read_text("utf-8") + "\nRSK-0051, RSK-005-2, XRSK-005, RSK-005a, RSK-005. (RSK-005) *RSK-005* `RSK-005`\n"
    path.write_text(text, "utf-8")
    assert aims(repository, "rename", "RSK-005", "RSK-020", "--write") == 0
    assert path.read_text("utf-8").endswith("\nRSK-0051, RSK-005-2, XRSK-005, RSK-005a, RSK-020. (RSK-020) *RSK-020* `RSK-020`\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("RSK-099", "RSK-100"), "there is no document or record 'RSK-099' here"),
        (("RSK-001", "RSK-002"), "'RSK-002' is taken; './aims new' knows the next free number"),
        (("RSK-001", "AIS-009"), "'AIS-009' is no id of the same kind as 'RSK-001'; "),
        (("RSK-001", "RSK-9"), "'RSK-9' is no id of the same kind as 'RSK-001'; "),
        (("helen-osei", "helen"), "'helen-osei' is a person or role; "),
        (("POL-002", "POL-009"), "nothing was written, because the result would not be sound: docs/policies/ai-policy.md:6: STA107 "),
        (
            ("RSK-001", "RSK-100", "--file", "registers/risks/RSK-002.yaml"),
            "'registers/risks/RSK-002.yaml' is not where 'RSK-001' stands; ",
        ),
    ],
)
def test_an_id_that_does_not_fit_is_refused(words, said, repository, capsys):
    assert aims(repository, "rename", *words, "--write") == 3
    err = capsys.readouterr().err
    assert err.startswith(f"python -m macros rename: {said}") and err.count("\n") == 1
    assert changed(repository) == []


def test_two_records_that_met_in_one_id_are_told_apart_by_their_file(repository, capsys):
    twin = repository / "registers/concerns/second.yaml"
    twin.write_text((repository / "registers/concerns/CON-2026-001.yaml").read_text("utf-8"), "utf-8")
    commit(repository, "Meet")
    assert aims(repository, "rename", "CON-2026-001", "CON-2026-004", "--write") == 3
    assert "say with --file which of them is meant" in capsys.readouterr().err
    assert aims(repository, "rename", "CON-2026-001", "CON-2026-004", "--file", "registers/concerns/second.yaml", "--write") == 0
    told = capsys.readouterr().out
    assert "registers/changes/CHG-2026-003.yaml:32: names CON-2026-001 and stays with the other one" in told
    assert diff(repository) == ["-id: CON-2026-001", "+id: CON-2026-004"]


def test_each_kind_of_thing_ends_in_its_own_word(repository, capsys):
    before = errors(repository)
    ends = {
        "POL-002": "withdrawn",
        "AIS-001": "retired",
        "RSK-003": "closed",
        "DS-002": "closed",
        "OBJ-002": "withdrawn",
        "CHG-2026-008": "closed",
    }
    for name, word in ends.items():
        assert aims(repository, "retire", name, "--write") == 0
        told = capsys.readouterr().out
        assert told.startswith(f"{name}: {word}\n"), told
        lines = diff(repository)
        assert len(lines) == 2 and lines[1].split(":")[1].strip() == word, (name, lines)
        commit(repository, f"End {name}")
        assert aims(repository, "retire", name) == 3
        assert f"'{name}' is {word} already" in capsys.readouterr().err
    assert [error for error in errors(repository) if error not in before] == []


def test_what_rests_on_it_is_named(repository, capsys):
    assert aims(repository, "retire", "DS-002") == 0
    assert capsys.readouterr().out == (
        "DS-002: closed\n"
        "registers/ai-systems/AIS-001.yaml:78: 'AIS-001' names it still; look whether that holds\n"
        "registers/impact-assessments/AIA-001.yaml:31: 'AIA-001' names it still; look whether that holds\n"
        "Nothing was written. To write it, run this again with --write\n"
    )


def test_a_person_who_leaves_hands_their_roles_to_the_past(repository, capsys):
    assert aims(repository, "retire", "helen-osei", "--on", "2026-11-30", "--write") == 0
    assert capsys.readouterr().out.startswith("helen-osei: left on 2026-11-30, and holds no longer: internal auditor\n")
    workspace = load_workspace(repository)
    assert str(workspace.person_by_id["helen-osei"].left) == "2026-11-30"
    role = next(role for role in workspace.role_by_id.values() if role.title == "internal auditor")
    assert "helen-osei" not in role.held_by
    assert [(past.by, str(past.until)) for past in role.held_before][-1] == ("helen-osei", "2026-11-30")
    assert changed(repository) == ["CODEOWNERS", "org.yaml"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("SUP-001", "a record of 'suppliers' has no state that ends it; take 'SUP-001' out of 'registers/suppliers.yaml'"),
        ("NC-2026-001", "'NC-2026-001' is closed already"),
        ("XXX-001", "there is no document, record or person 'XXX-001' here"),
    ],
)
def test_what_cannot_end_is_refused(name, said, repository, capsys):
    assert aims(repository, "retire", name, "--write") == 3
    assert capsys.readouterr().err.startswith(f"python -m macros retire: {said}")
    assert changed(repository) == []


def test_a_nonconformity_is_not_closed_before_it_is_resolved(repository, capsys):
    assert new(repository, "nonconformity", *EACH["nonconformities"], "--write") == 0
    capsys.readouterr()
    assert aims(repository, "retire", "NC-2026-003", "--write") == 3
    assert "REG324 'NC-2026-003' is closed without its correction, the day of its correction" in capsys.readouterr().err


def test_a_review_without_a_change_is_recorded_and_asks_for_no_approval(repository, capsys):
    assert aims(repository, "confirm", "POL-002", "PRO-028", "--by", "ai-governance-lead", "--write") == 0
    capsys.readouterr()
    assert diff(repository)[:4] == ['-next_review: "2027-01-20"', "+confirmed:", "+  by: ai-governance-lead", '+  date: "2026-11-16"']
    assert errors(repository) == errors_of_the_story(repository)
    commit(repository, "Confirm two documents")
    assert aims(repository, "review", "HEAD~1", "HEAD") in (0, 1)
    report = capsys.readouterr().out
    assert "Nothing blocks" in report or "nothing blocks" in report, report
    assert "is changed" not in report.split("## What to look at")[0] or "must approve" not in report.split("##")[0]
    assert (
        aims(repository, "confirm", "POL-002", "--by", "ai-governance-lead", "--on", "2026-11-16", "--next", "2027-02-01", "--write") == 0
    )
    assert diff(repository) == ['-next_review: "2027-11-16"', '+next_review: "2027-02-01"']


def errors_of_the_story(root: Path) -> list[str]:
    """The one gap that the worked organisation has on purpose."""
    found = errors(root)
    assert len(found) == 1 and "REG201" in found[0], found
    return found


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("RSK-001", "--by", "top-management"), "there is no document 'RSK-001' here; "),
        (("PRO-028", "--by", "nobody"), "'nobody' is neither a role nor a person of 'org.yaml'; "),
        (("PRO-028", "--by", "top-management", "--next", "2026-11-16"), "the next review, 2026-11-16, does not come after 2026-11-16; "),
        (
            ("PRO-028", "POL-002", "--by", "top-management", "--on", "2025-01-01"),
            "nothing was written, because the result would not be sound: ",
        ),
        (("PRO-028", "--by", "top-management", "--on", "2026-11-17"), "nothing was written, because the result would not be sound: "),
    ],
)
def test_a_confirmation_that_would_not_hold_is_refused(words, said, repository, capsys):
    assert aims(repository, "confirm", *words, "--write") == 3
    assert capsys.readouterr().err.startswith(f"python -m macros confirm: {said}")
    assert changed(repository) == []


def test_neither_a_draft_nor_a_text_with_an_error_is_confirmed(repository, capsys):
    path = repository / "docs/procedures/customers.md"
    text = path.read_text("utf-8")
    path.write_text(text.replace("status: approved", "status: draft"), "utf-8")
    assert aims(repository, "confirm", "PRO-028", "--by", "top-management", "--write") == 3
    assert "'PRO-028' is draft; only a text that is approved can be confirmed" in capsys.readouterr().err
    path.write_text(text + '\n{{ document("POL-077") }}\n', "utf-8")
    assert aims(repository, "confirm", "PRO-028", "--by", "top-management", "--write") == 3
    assert "'PRO-028' cannot be confirmed as it is: docs/procedures/customers.md:" in capsys.readouterr().err


def test_line_ends_marks_and_remarks_stay(repository, capsys):
    path = repository / "docs/procedures/customers.md"
    data = b"\xef\xbb\xbf" + path.read_bytes().replace(b"status: approved\n", b"status: approved # since January\n").replace(b"\n", b"\r\n")
    path.write_bytes(data)
    assert aims(repository, "confirm", "PRO-028", "--by", "top-management", "--write") == 0
    after = path.read_bytes()
    added = b'confirmed:\r\n  by: top-management\r\n  date: "2026-11-16"\r\n'
    assert after == data.replace(b'next_review: "2026-10-31"\r\n', added + b'next_review: "2027-11-16"\r\n')
