"""Decisions on controls: a proposal is never one, what is needed is not excluded, and a row is changed line by line or not at all."""

from __future__ import annotations

import difflib
import io
import json
import os
import shlex
import subprocess
import sys
import time

import pytest

from macros.__main__ import main
from macros.load import load_workspace
from macros.load.tree import FolderTree
from macros.model.records.applicability import SoaEntry
from tests.conftest import KIT, copy_without_engine
from tests.test_next import with_people

PATH = "registers/statement-of-applicability.yaml"
BY = ("--by", "top-management", "--on", "2026-11-20", "--today", "2026-11-28")


@pytest.fixture
def fresh(bake, tmp_path):
    """A fresh repository in which the roles are held."""
    root = copy_without_engine(bake(), tmp_path / "fresh")
    with_people(root)
    return root


@pytest.fixture
def worked(example, tmp_path):
    return copy_without_engine(example, tmp_path / "worked")


def decide(root, *words: str) -> int:
    return main(["soa", "decide", "--root", str(root), "--no-input", *words])


def changed_lines(before: str, after: str) -> list[str]:
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]


def entry(root, control: str):
    return next(record.value for record in load_workspace(FolderTree(root)).records(SoaEntry) if record.id == control)


def test_without_a_word_there_are_proposals_and_nothing_is_written(fresh, capsys):
    before = (fresh / PATH).read_bytes()
    assert decide(fresh) == 0
    out = capsys.readouterr().out
    assert out.startswith("iso42001:A.2.2 AI policy\n  crosswalk: new; ")
    assert "  documents: POL-001 (draft)\n  asked for by: nothing here\n" in out
    assert out.count("\n  proposal: include, because ") == 131
    assert out.endswith(
        "131 rows with a proposal. Nothing is decided by that; "
        "to decide: python -m macros soa decide --accept iso42001:A.2.2 --by WHO --on DATE --write\n"
    )
    assert (fresh / PATH).read_bytes() == before


def test_write_without_a_word_decides_nothing(fresh, capsys):
    before = (fresh / PATH).read_bytes()
    assert decide(fresh, "--write", *BY) == 3
    assert "nothing was decided; name controls with --accept" in capsys.readouterr().err
    assert (fresh / PATH).read_bytes() == before


def test_what_is_accepted_is_shown_first_and_then_written_line_by_line(fresh, capsys):
    path = fresh / PATH
    text = path.read_text("utf-8").replace("    decided: null\n", "    decided: null  # asked in March\n", 1)
    path.write_text(text, "utf-8")
    words = ("--accept", "iso42001:A.2.2", "iso42001:A.2.3", *BY)
    assert decide(fresh, *words) == 0
    out = capsys.readouterr().out
    assert out.startswith("iso42001:A.2.2 AI policy\n  decided: empty -> top-management, 2026-11-20\niso42001:A.2.3 ")
    assert path.read_text("utf-8") == text
    assert decide(fresh, *words, "--write") == 0
    assert capsys.readouterr().out.endswith("Written: 2 decisions\n")
    assert changed_lines(text, path.read_text("utf-8")) == [
        "-     decided: null  # asked in March",
        '+     decided: {by: top-management, date: "2026-11-20"}  # asked in March',
        "-     decided: null",
        '+     decided: {by: top-management, date: "2026-11-20"}',
    ]


def test_the_command_that_a_dry_run_names_does_it(fresh, capsys):
    text = "No supplier's code is built here; what is bought is bought finished."
    words = ("--accept", "iso42001:A.2.2", "--excluded", "iso27001:A.8.30", "--because", text, "--revisit", "2027-11-20", *BY)
    assert decide(fresh, *words) == 0
    named = capsys.readouterr().out.rsplit("To write it: ", 1)[1]
    assert main([*shlex.split(named)[3:], "--no-input", "--today", "2026-11-28"]) == 0
    found = entry(fresh, "iso27001:A.8.30")
    assert (found.applicability.value, found.status.value, found.justification) == ("excluded", "not-applicable", text)
    assert (str(found.revisit), found.decided.by, str(found.decided.date)) == ("2027-11-20", "top-management", "2026-11-20")
    assert entry(fresh, "iso42001:A.2.2").decided.by == "top-management"


def test_an_included_row_gets_the_reason_that_was_given(fresh):
    text = "Two teams build models, and each has asked where it may fetch data."
    assert decide(fresh, "--applicable", "iso42001:A.7.3", "--because", text, *BY, "--write") == 0
    found = entry(fresh, "iso42001:A.7.3")
    assert (found.applicability.value, found.justification) == ("included", text)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--accept", "iso42001:A.2.2", "--on", "2026-11-20"), "a decision has somebody who takes it, and a day"),
        (("--accept", "iso42001:A.2.2", "--by", "top-management"), "a decision has somebody who takes it, and a day"),
        (("--accept", "iso42001:A.2.2", "--by", "top-managment", "--on", "2026-11-20"), "did you mean 'top-management'?"),
        (("--accept", "iso42001:A.2.2", "--by", "ada", "--on", "2026-12-20"), "--on 2026-12-20 has not come yet"),
        (("--accept", "iso42001:A.2.22", *BY), "has no row for 'iso42001:A.2.22'; did you mean 'iso42001:A.2.2'?"),
        (("--accept", "iso42001:A.2.2", "iso42001:A.2.2", *BY), "'iso42001:A.2.2' is named twice"),
        (("--excluded", "iso42001:A.2.2", *BY), "--excluded iso42001:A.2.2 has no --because"),
        (("--excluded", "iso42001:A.2.2", "--because", " ", *BY), "--because is empty"),
        (("--because", "x", *BY), "--because stands behind"),
        (("--excluded", "iso42001:A.10.4", "--because", "Nobody buys from us.", *BY), "give one with --revisit DATE"),
        (
            ("--excluded", "iso42001:A.10.4", "--because", "Nobody buys from us.", *BY, "--revisit", "2026-11-01"),
            "--revisit 2026-11-01 is not after the decision",
        ),
    ],
)
def test_what_is_unclear_is_refused_and_nothing_is_written(words, said, fresh, capsys):
    before = (fresh / PATH).read_bytes()
    assert decide(fresh, "--write", *words, "--today", "2026-11-28") == 3
    assert said in capsys.readouterr().err
    assert (fresh / PATH).read_bytes() == before


def test_a_role_that_nobody_holds_decides_nothing(bake, capsys):
    assert decide(bake(), "--accept", "iso42001:A.2.2", *BY) == 3
    assert "nobody holds the role 'top-management', so it cannot decide" in capsys.readouterr().err


def test_an_exclusion_that_something_needs_is_refused_and_names_it(worked, capsys):
    before = (worked / PATH).read_bytes()
    words = ("--excluded", "iso42001:A.5.2", "--because", "No one is affected by what we build.", "--revisit", "2027-11-10")
    accepted = ("--accept", "iso42001:A.2.2")
    assert decide(worked, *accepted, *words, "--by", "maeve-tarn", "--on", "2026-11-10", "--replace", "--write") == 3
    assert (
        "'iso42001:A.5.2' cannot be excluded, because it is asked for by AI risk RSK-009, interested party INT-004, "
        "document PRO-003, which is in force and answers it; include it, or change these first"
    ) in capsys.readouterr().err
    assert (worked / PATH).read_bytes() == before  # the other word neither


def test_an_obligation_asks_for_what_its_law_leads_to(worked, capsys):
    assert decide(worked, "--replace", "--format", "json") == 0
    rows = {row["control"]: row for row in json.loads(capsys.readouterr().out)["proposals"]}
    asked = {(need["id"], need["why"]) for need in rows["iso42001:A.3.2"]["asked_for_by"]}
    assert ("OBL-002", "obligation OBL-002 from eu-ai-act:Art.16") in asked
    assert rows["iso27001:A.8.30"]["proposal"] == "excluded"


def test_what_is_decided_stays_without_replace(worked, capsys):
    before = (worked / PATH).read_bytes()
    assert decide(worked, "--accept", "iso42001:A.2.2", "--by", "maeve-tarn", "--on", "2026-11-10", "--write") == 3
    assert "'iso42001:A.2.2' was decided by maeve-tarn on 2026-02-16; decide anew with --replace" in capsys.readouterr().err
    assert (worked / PATH).read_bytes() == before
    assert decide(worked, "--accept", "iso42001:A.2.2", "--by", "top-management", "--on", "2026-11-10", "--replace", "--write") == 3
    assert "2 people hold the role 'top-management'; name the one who decides" in capsys.readouterr().err
    assert decide(worked, "--accept", "iso42001:A.2.2", "--by", "maeve-tarn", "--on", "2026-11-10", "--replace", "--write") == 0
    assert entry(worked, "iso42001:A.2.2").decided.as_role == "top-management"
    assert str(entry(worked, "iso42001:A.2.2").decided.date) == "2026-11-10"


def test_where_everything_is_decided_that_is_said(worked, capsys):
    assert decide(worked) == 0
    assert capsys.readouterr().out == "Every row is decided.\n"


# In a terminal


class Typed(io.StringIO):
    def isatty(self) -> bool:
        return True


def answer(root, monkeypatch, *lines: str, words=BY) -> int:
    monkeypatch.setattr(sys, "stdin", Typed("".join(f"{line}\n" for line in lines)))
    return main(["soa", "decide", "--root", str(root), "--write", *words])


def test_rows_are_asked_for_one_by_one_until_stopped(fresh, monkeypatch, capsys):
    why = "Policies of other subjects are looked at by the ISMS alone."
    assert answer(fresh, monkeypatch, "y", "s", "?", "n", "i", why, "q") == 0
    told = capsys.readouterr()
    assert "131 rows. Your answers are recorded together after the last row, or with [q]; if this is ended before, none is." in told.err
    assert "(1/131) iso42001:A.2.2 AI policy\n" in told.err and "(4/131) iso42001:A.3.2 " in told.err
    assert told.out.endswith("Written: 2 decisions\n")
    assert entry(fresh, "iso42001:A.2.2").decided.by == "top-management"
    assert entry(fresh, "iso42001:A.2.3").decided is None
    assert (entry(fresh, "iso42001:A.2.4").decided.by, entry(fresh, "iso42001:A.2.4").justification) == ("top-management", why)
    assert entry(fresh, "iso42001:A.3.2").decided is None


def test_a_session_without_write_names_the_command_that_records_its_answers(fresh, monkeypatch, capsys):
    before = (fresh / PATH).read_bytes()
    monkeypatch.setattr(sys, "stdin", Typed("y\nq\n"))
    assert main(["soa", "decide", "--root", str(fresh), *BY]) == 0
    told = capsys.readouterr()
    assert "131 rows. Without --write nothing is recorded; at the end the command that does it is named." in told.err
    named = "soa decide --accept iso42001:A.2.2 --by top-management --on 2026-11-20 --root"
    assert f"Nothing was written. To write it: python -m macros {named} " in told.out
    assert (fresh / PATH).read_bytes() == before


def test_who_and_when_are_asked_for_first(fresh, monkeypatch, capsys):
    assert answer(fresh, monkeypatch, "ada", "2026-11-19", "y", "q", words=("--today", "2026-11-28")) == 0
    found = entry(fresh, "iso42001:A.2.2").decided
    assert (found.by, str(found.date)) == ("ada", "2026-11-19")


def test_an_answer_that_cannot_be_recorded_is_asked_for_again(worked, monkeypatch, capsys):
    words = ("--by", "maeve-tarn", "--on", "2026-11-10", "--replace")
    lines = ("s", "s", "s", "s", "s", "s", "s", "s", "s", "s")
    assert answer(worked, monkeypatch, *lines, "n", "x", "No one is affected by what we build.", "q", words=words) == 0
    told = capsys.readouterr()
    assert "'iso42001:A.5.2' cannot be excluded, because it is asked for by AI risk RSK-009" in told.err
    assert told.out == "Nothing to write.\n"


def test_a_terminal_that_closes_leaves_nothing(fresh, monkeypatch, capsys):
    before = (fresh / PATH).read_bytes()
    assert answer(fresh, monkeypatch, "y", "y") == 3
    assert "the terminal was closed before the end; nothing was written" in capsys.readouterr().err
    assert (fresh / PATH).read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_session_that_is_killed_leaves_nothing_and_the_next_one_works(fresh):
    import pty

    before = (fresh / PATH).read_bytes()
    mine, its = pty.openpty()
    words = [sys.executable, "-m", "macros", "soa", "decide", "--root", str(fresh), "--write", *BY]
    session = subprocess.Popen(words, cwd=KIT, stdin=its, stdout=its, stderr=its, env=dict(os.environ))
    os.close(its)
    said, end = b"", time.monotonic() + 120
    try:
        os.write(mine, b"y\n")
        while b"(2/131)" not in said and time.monotonic() < end:
            said += os.read(mine, 4096)
    finally:
        session.kill()
        session.wait()
        os.close(mine)
    assert b"(2/131)" in said
    assert (fresh / PATH).read_bytes() == before
    assert decide(fresh, "--accept", "iso42001:A.2.2", *BY, "--write") == 0
    assert entry(fresh, "iso42001:A.2.2").decided is not None
