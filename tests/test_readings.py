"""Who has to have read what: which acknowledgements count, who is late, and how lists come in."""

from __future__ import annotations

import datetime
import html
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from macros.facts.readings import readings
from macros.load import load_workspace
from macros.render.views import views_of
from macros.site import macros_of
from macros.world import World
from tests.forked import started
from tests.test_checks import world_with

TODAY = datetime.date(2026, 11, 16)
HEAD = "title: {}\nowner: ai-governance-lead\nclassification: internal\nretention_years: 10\naddresses:\n  - iso42001:5.2\nrecords:\n"


def world(
    room: Path,
    given: list[tuple[str, str, str]],
    version: str = "2.1",
    approved: str = "2026-06-01",
    duty: str = "roles: [ai-governance-lead, top-management]",
    people: str = "",
    status: str = "approved",
) -> World:
    """The test world with POL-001 at one version, one duty of 30 days, and acknowledgements by (version, person, day)."""
    root = world_with(room / "none", room / "world")
    policy = root / "docs/policies/ai-policy.md"
    text = policy.read_text("utf-8").replace('version: "1.0"', f'version: "{version}"').replace("2026-03-02", approved, 1)
    policy.write_text(text.replace("status: approved", f"status: {status}"), "utf-8")
    org = root / "org.yaml"
    org.write_text(org.read_text("utf-8").replace("    name: Grace Hopper\n", f"    name: Grace Hopper\n{people}"), "utf-8")
    row = f"  - id: RED-001\n    document: POL-001\n    {duty}\n    within_days: 30\n"
    (root / "registers/reading-duties.yaml").write_text(HEAD.format("duties") + row, "utf-8")
    rows = "".join(
        f'  - id: ACK-2026-{number:03}\n    document: POL-001\n    version: "{of}"\n    person: {who}\n    acknowledged_on: "{on}"\n    how: form\n'
        for number, (of, who, on) in enumerate(given, 1)
    )
    (root / "registers/acknowledgements.yaml").write_text(HEAD.format("given") + (rows or "  []\n"), "utf-8")
    return World(load_workspace(root), TODAY)


def one(found: World):
    assert not found.workspace.problems
    (reading,) = readings(found.workspace, TODAY)
    return reading


def test_a_minor_step_keeps_an_acknowledgement_and_a_major_one_resets_it(tmp_path):
    reading = one(world(tmp_path, [("2.0", "ada-lovelace", "2026-02-01"), ("1.3", "grace-hopper", "2025-02-01")]))
    assert [given.person for given in reading.done] == ["ada-lovelace"]
    assert [missing.person for missing in reading.missing] == ["grace-hopper"]
    assert reading.said == "1 of 2 who must have read version 2.x have done so"


def test_versions_are_numbers(tmp_path):
    assert one(world(tmp_path, [("2.9", "ada-lovelace", "2026-02-01")], version="2.10")).count == 1


@pytest.mark.parametrize(
    "given",
    [
        ("2.2", "ada-lovelace", "2026-07-01"),
        ("2.1", "ada-lovelace", "2026-05-31"),
        ("2.1", "ada-lovelace", "2026-11-17"),
    ],
    ids=["version to come", "before the approval", "in the future"],
)
def test_what_cannot_be_does_not_count(given, tmp_path):
    assert one(world(tmp_path, [given])).count == 0


def test_days_run_from_the_approval_and_earlier_where_somebody_has_read_the_same_obligations(tmp_path):
    reading = one(world(tmp_path / "a", []))
    assert {missing.due for missing in reading.missing} == {datetime.date(2026, 7, 1)}
    assert reading.late == 2 and reading.in_time == 0
    fresh = one(world(tmp_path / "b", [], approved="2026-11-01"))
    assert fresh.late == 0 and fresh.in_time == 2
    # A clarification approved in November gives nobody new days for obligations of January.
    kept = one(world(tmp_path / "c", [("2.0", "ada-lovelace", "2026-01-10")], approved="2026-11-01"))
    assert [(missing.person, missing.due) for missing in kept.missing] == [("grace-hopper", datetime.date(2026, 2, 9))]


def test_who_left_owes_nothing_and_who_joined_has_days_of_their_own(tmp_path):
    left = one(world(tmp_path / "a", [], people='    left: "2026-11-16"\n'))
    assert left.must == ("ada-lovelace",)
    joined = one(world(tmp_path / "b", [], people='    joined: "2026-11-02"\n'))
    assert {missing.person: missing.due for missing in joined.missing}["grace-hopper"] == datetime.date(2026, 12, 2)
    to_come = one(world(tmp_path / "c", [], people='    joined: "2026-11-17"\n'))
    assert to_come.must == ("ada-lovelace",)


def test_pseudonyms_are_counted_and_never_more_than_must(tmp_path):
    given = [("2.1", f"reader-{number}", "2026-07-01") for number in range(1, 4)]
    reading = one(world(tmp_path, given, duty="roles: [ai-governance-lead]\n    people: 2"))
    assert (reading.total, reading.count, reading.seen_unnamed) == (3, 2, 3)
    fewer = one(world(tmp_path / "b", given[:1], duty="roles: []\n    people: 2"))
    assert (fewer.total, fewer.count, fewer.late) == (2, 1, 1)


def test_a_draft_binds_nobody(tmp_path):
    found = world(tmp_path, [], status="draft")
    assert readings(found.workspace, TODAY) == ()
    assert "Duties that bind nobody now" in views_of(found).reading_page.page(())


def test_the_document_page_and_the_list_say_who_has_not(example):
    found = World(load_workspace(example), TODAY)
    header = html.unescape(macros_of(found, lambda: "docs/procedures/human-oversight.md")["document_header"]())
    assert "[6 of 7 who must have read version 1.x have done so](/acknowledged.md), 1 still has time" in header
    page = html.unescape(views_of(found).reading_page.page(found.facts.readings))
    assert (
        '| Eva Novotná | [human-oversight operator](/roles/human-oversight-operator.md) | <span class="aims-nowrap">2026-11-30</span> '
        in page
    )
    assert "Under a pseudonym: 6 of 6 have read it." in page
    assert "%" not in page


# Lists that come in.


def imported(repository: Path, *words: str) -> subprocess.CompletedProcess:
    return started("macros", "import", "acknowledgements", *words, "--root", str(repository))


@pytest.fixture
def repository(example, tmp_path) -> Path:
    return Path(shutil.copytree(example, tmp_path / "repository", ignore=shutil.ignore_patterns("site", "macros")))


LIST = """Documento;Versión;Correo electrónico;Fecha de lectura;Medio
PRO-020;1,2;eva.novotna@tarnmoor.example;05/11/2026;Formulario
Human oversight;v1.2;Eva Novotná;12/11/2026;
PRO-020;1.2;niamh-burke;04/05/2026;x
PRO-999;1.0;Eva Novotná;12/11/2026;
POL-001;;Eva Novotna;13/11/2026;
POL-001;;Eva Novotna;13/01/2026;
POL-001;1.0;Eva Novotny;13/11/2026;
POL-001;1.1;Eva Novotna;13/11/2026;
PRO-002;1.2;reader-care-07;13/11/2026;
PRO-002;1.2;reader-care-07;20/11/2026;
"""

SAID = """registers/acknowledgements.yaml
  new ACK-2026-063 PRO-020 1.2 by eva-novotna (list.csv, line 2)
    acknowledged_on: 2026-11-05
    how: Formulario
  new ACK-2026-064 POL-001 1.0 by eva-novotna (list.csv, line 6)
    acknowledged_on: 2026-11-13
    how: list list.csv
  new ACK-2026-065 PRO-002 1.2 by reader-care-07 (list.csv, line 10)
    acknowledged_on: 2026-11-13
    how: list list.csv
not placed
  list.csv, line 5: there is no document 'PRO-999'; write its id or title as in its front matter
  list.csv, line 7: the row has no version, and version 1.0 of POL-001 was not in force on 2026-01-13; write the version that was read
  list.csv, line 8: 'Eva Novotny' is nobody in 'org.yaml'; did you mean 'Eva Novotná'?
  list.csv, line 9: version 1.1 of POL-001 was never in force; it is at 1.0 as approved; write the version that was read
  list.csv, line 11: 2026-11-20 has not come; write the day on which it was read
3 new, 0 changed, 2 the same already, 5 not placed
"""


def test_a_list_is_shown_first_then_written_and_a_second_run_changes_nothing(repository, tmp_path):
    file = tmp_path / "list.csv"
    file.write_text(LIST, "utf-8")
    register = repository / "registers/acknowledgements.yaml"
    before = register.read_text("utf-8")
    shown = imported(repository, str(file))
    assert shown.stdout.startswith(SAID), shown.stdout + shown.stderr
    assert shown.returncode == 1
    assert register.read_text("utf-8") == before
    assert imported(repository, str(file), "--write").stdout.endswith("Written: registers/acknowledgements.yaml\n")
    after = register.read_text("utf-8")
    assert after.startswith(before)
    again = imported(repository, str(file), "--write")
    assert "0 new, 0 changed, 5 the same already, 5 not placed\nNothing to write.\n" in again.stdout
    assert register.read_text("utf-8") == after
    reading = next(found for found in readings(load_workspace(repository), TODAY) if found.document.id == "PRO-020")
    assert reading.said == "7 of 7 who must have read version 1.x have done so"


def test_a_workbook_with_english_headings(repository, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Document title", "Full name", "Completed on", "Version", "Remarks"])
    book.active.append(["Human oversight", "Eva Novotná", datetime.datetime(2026, 11, 5), 1.2, "ok"])
    book.save(tmp_path / "list.xlsx")
    done = imported(repository, str(tmp_path / "list.xlsx"))
    assert "new ACK-2026-063 PRO-020 1.2 by eva-novotna (list.xlsx, sheet 'Sheet', row 2)" in done.stdout
    assert done.returncode == 0


def test_a_formula_and_a_list_without_its_columns_are_refused(repository, tmp_path):
    file = tmp_path / "list.csv"
    file.write_text('Document,Person,Date\n"=HYPERLINK(1)",Eva Novotná,2026-11-05\n', "utf-8")
    done = imported(repository, str(file), "--write")
    assert done.returncode == 3
    assert "list.csv, line 2, column 1: the cell holds a formula" in done.stderr
    file.write_text("Document,Person\nPRO-020,Eva Novotná\n", "utf-8")
    done = imported(repository, str(file), "--write")
    assert done.returncode == 3
    assert "it needs the columns 'Document', 'Person' and 'Date' (Documento, Persona, Fecha)" in done.stderr
