"""Evidence ages in the open: on the command line, in the checks, on the pages, and in a change review."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import jsonschema
import pytest

from macros.__main__ import main
from macros.checks import run_checks
from macros.days import after_months
from macros.facts.evidence import EvidenceBook, EvidenceState, due_day, notice_days
from macros.facts.trace import build_trace
from macros.git.repository import read_sides
from macros.imports.evidence import next_id
from macros.imports.write import put_new
from macros.load import load_workspace
from macros.load.files import Kept, kept
from macros.load.runs import read_run
from macros.load.tree import FolderTree, MemoryTree, fingerprint_of_bytes
from macros.model.records.support import Evidence, EvidenceKind
from macros.problem import KitError
from macros.render.site_pages import generated
from macros.render.views import views_of
from macros.site import macros_of
from macros.text.strict_json import parse_json
from macros.text.strict_yaml import YamlProblem
from macros.world import World, today_of
from tests.conftest import KIT, copy_without_engine

RUN = "evidence/automated/robin-ds-004-2026-10.json"
TODAY = datetime.date(2026, 11, 16)
GIT = ("git", "-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false", "-c", "core.autocrlf=false")


@pytest.fixture
def room(example, tmp_path) -> Path:
    """The worked organisation, to change."""
    return copy_without_engine(example, tmp_path / "tarnmoor")


def world(root: Path, today: datetime.date = TODAY) -> World:
    return World(load_workspace(root), today)


def spoken(root: Path, today: datetime.date = TODAY) -> list[tuple[str, str]]:
    """Code and record of every problem about evidence."""
    found = run_checks(load_workspace(root), today)
    return [(problem.code, Path(problem.location.path).stem) for problem in found if problem.code.startswith("REG30")]


def pages(root: Path, today: datetime.date = TODAY) -> dict[str, str]:
    return dict(generated(world(root, today)))


def said(capsys, root: Path, *words: object, today: str = "2026-11-16") -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(["evidence", *map(str, words), "--root", str(root), "--today", today])
    out, err = capsys.readouterr()
    return code, out, err


def change(root: Path, name: str, **entries: str) -> None:
    path = root / f"registers/evidence/{name}.yaml"
    text = path.read_text("utf-8")
    for key, value in entries.items():
        text, count = re.subn(rf"(?m)^{key}: .*$", f"{key}: {value}", text)
        assert count == 1, key
    path.write_text(text, "utf-8")


def tree_of(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


ADD = (
    *("--title", "Spot checks of handed-over chats", "--evidences", "iso42001:9.1", "iso42001:A.6.2.6"),
    *("--about", "AIS-002", "--document", "PRO-017", "--from", "2026-11-01", "--to", "2026-11-10", "--every-months", "3"),
    *("--by", "Data steward", "--kind", "measurement"),
)


# The three that must be seen everywhere


def test_a_removed_file_is_seen_by_check_by_verify_and_on_the_page(room, capsys):
    assert said(capsys, room, "verify")[0] == 0
    assert spoken(room) == []
    (room / "evidence/EV-004-access-review.csv").unlink()
    assert spoken(room) == [("REG306", "EV-004")]
    code, out, _ = said(capsys, room, "verify")
    assert code == 1
    assert "EV-004  evidence/EV-004-access-review.csv: THE FILE IS NOT THERE\n" in out
    assert out.endswith("14 same, 0 different, 1 missing, 0 no SHA-256, 4 elsewhere, 0 without a record\n")
    page = pages(room)
    assert ">unusable</span> its file &#39;evidence&#47;EV-004" in page["evidence.md"]
    assert ">unusable</span>" in page["records/evidence/EV-004.md"]
    assert ">unusable</span>" in page["requirements/iso42001/A.4.3.md"]


def test_a_record_made_a_year_older_is_stale_at_each_place(room, capsys):
    change(
        room,
        "EV-009",
        collected_on='"2025-07-17"',
        period_from='"2025-05-12"',
        period_to='"2025-07-17"',
        valid_until='"2026-07-16"',
    )
    assert spoken(room) == [("REG303", "EV-009")]
    code, out, _ = said(capsys, room, "due")
    assert code == 0
    assert out.startswith("run out, with nothing newer\n  2026-07-16  EV-009  Tests of the channels")
    assert json.loads(said(capsys, room, "due", "--format", "json")[1])["stale"][0]["state"] == "stale"
    page, here = pages(room), world(room)
    badge = '<span class="aims-badge aims-badge--bad">stale</span>'
    for path in ("evidence.md", "records/evidence.md", "records/evidence/EV-009.md", "requirements/iso42001/A.3.3.md"):
        assert badge in page[path], path
        assert badge not in pages_of_example(path), path
    row = next(line for line in page["records/statement-of-applicability/iso42001.md"].split("\n") if "iso42001&#58;A.3.3" in line)
    assert badge in row
    document = here.workspace.document_by_id["PRO-002"]
    assert badge in macros_of(here, lambda: document.path)["document_header"]()
    assert EvidenceBook(here.workspace, here.trace, TODAY).operating("iso42001:A.3.3") == ()


_shown: dict[str, str] = {}


@pytest.fixture(autouse=True)
def pages_as_they_are(example):
    if not _shown:
        _shown.update(pages(example))


def pages_of_example(path: str) -> str:
    return _shown[path]


def test_a_changed_file_is_another_file(room, capsys):
    path = room / "evidence/EV-003-training-attendance.csv"
    path.write_bytes(path.read_bytes().replace(b"not passed", b"passed", 1))
    assert spoken(room) == [("REG305", "EV-003")]
    code, out, _ = said(capsys, room, "verify", "--format", "json")
    wrong = [file for file in json.loads(out)["files"] if file["result"] == "different"]
    assert code == 1 and [file["id"] for file in wrong] == ["EV-003"]
    assert wrong[0]["found"] == hashlib.sha256(path.read_bytes()).hexdigest() != wrong[0]["sha256"]


def test_future_older_than_its_period_and_another_hash_have_a_code_each(room):
    change(room, "EV-001", collected_on='"2026-11-17"', valid_until='"2027-11-17"')
    change(room, "EV-002", collected_on='"2026-10-28"', valid_until='"2027-01-28"')
    change(room, "EV-003", sha256=f'"{"0" * 64}"')
    assert spoken(room) == [("REG301", "EV-001"), ("REG302", "EV-002"), ("REG305", "EV-003")]
    states = {name: found.state for name, found in world(room).facts.evidence.records.items()}
    assert states["EV-001"] is EvidenceState.FUTURE
    assert states["EV-002"] is states["EV-003"] is EvidenceState.UNUSABLE


@pytest.mark.parametrize("where", ["file", "folder"])
def test_a_link_is_no_file(where, room, tmp_path):
    target = room / "evidence/EV-004-access-review.csv"
    outside = tmp_path / "outside"
    if where == "file":
        target.rename(outside)
        target.symlink_to(outside)
    else:
        (room / "evidence").rename(outside)
        (room / "evidence").symlink_to(outside)
    assert ("REG306", "EV-004") in spoken(room)


def test_what_a_folder_says_git_blobs_say_too(room):
    def git(*words: str) -> None:
        subprocess.run([*GIT, *words], cwd=room, check=True, capture_output=True)

    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "before")
    base = load_workspace(read_sides(room, "HEAD", "HEAD").base)
    folder = load_workspace(room)
    assert base.fingerprints == folder.fingerprints
    assert set(base.runs) == set(folder.runs) == {RUN, "evidence/automated/training-seasonal-staff-2026-11.json"}
    assert run_checks(base, TODAY) == run_checks(folder, TODAY)
    (room / "evidence/EV-003-training-attendance.csv").write_text("nobody\n", "utf-8")
    (room / "evidence/EV-004-access-review.csv").unlink()
    git("add", "-A")
    git("commit", "-qm", "after")
    head = load_workspace(read_sides(room, "HEAD~1", "HEAD").head)
    codes = {(problem.code, problem.location.path[-11:-5]) for problem in run_checks(head, TODAY) if problem.code.startswith("REG30")}
    assert codes == {("REG305", "EV-003"), ("REG306", "EV-004")}


def test_only_the_files_that_records_name_are_hashed(room, monkeypatch):
    (room / "evidence/large.bin").write_bytes(b"0" * 3_000_000)
    asked: list[str] = []
    real = FolderTree._fingerprint
    monkeypatch.setattr(FolderTree, "_fingerprint", lambda self, path: asked.append(path) or real(self, path))
    load_workspace(room)
    assert "evidence/large.bin" not in asked
    assert len(asked) == len(set(asked)) == 15


def test_a_tree_in_memory_answers_as_a_folder_does(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a/b").write_bytes(b"x" * 2_500_000)
    here = FolderTree(tmp_path).fingerprints(["a/b", "a", "a/c", "a/\0", "x" * 5000])
    assert here == MemoryTree({"a/b": b"x" * 2_500_000}).fingerprints(["a/b", "a/c"]) == {"a/b": fingerprint_of_bytes(b"x" * 2_500_000)}


@pytest.mark.parametrize(
    ("reference", "where"),
    [
        ("evidence/a.csv", Kept.HERE),
        ("README.md", Kept.HERE),
        ("evidence/two words.csv", Kept.HERE),
        ("https://files.example/1", Kept.ELSEWHERE),
        ("urn:isbn:1", Kept.ELSEWHERE),
        ("//server/share/a", Kept.ELSEWHERE),
        ("\\\\server\\share\\a", Kept.ELSEWHERE),
        ("files.example/a.csv", Kept.ELSEWHERE),
        ("/etc/passwd", Kept.NOWHERE),
        ("../a.csv", Kept.NOWHERE),
        ("evidence/../../a.csv", Kept.NOWHERE),
        ("evidence//a.csv", Kept.NOWHERE),
        ("evidence\\a.csv", Kept.NOWHERE),
        (".git/config", Kept.NOWHERE),
        ("evidence/a\0.csv", Kept.NOWHERE),
    ],
)
def test_where_a_reference_leads(reference, where):
    assert kept(reference) is where


# What counts, and until when


def test_the_days_of_the_example(example):
    book = world(example).facts.evidence
    assert {found.state for found in book.records.values()} == {EvidenceState.FRESH}
    months = {month: [found.record.id for found in records] for month, records in book.calendar().items()}
    assert list(months)[:3] == ["2026-11", "2026-12", "2027-01"]
    assert months["2026-11"] == ["EV-013"] and months["2026-12"] == ["EV-005", "EV-012"]
    later = world(example, datetime.date(2026, 12, 6)).facts.evidence
    assert [found.record.id for found in later.stale()] == ["EV-013", "EV-005"]
    assert later.of("iso42001:A.6.2.8").best.record.id == "EV-012"


def test_months_are_counted_to_the_last_day_of_a_shorter_one():
    assert after_months(datetime.date(2026, 8, 31), 6) == datetime.date(2027, 2, 28)
    assert after_months(datetime.date(2027, 8, 31), 6) == datetime.date(2028, 2, 29)
    assert after_months(datetime.date(2026, 12, 1), 1) == datetime.date(2027, 1, 1)


def test_evidence_is_due_by_its_period_and_announced_by_its_interval(example):
    evidence = {record.id: record.value for record in load_workspace(example).records(Evidence)}
    assert due_day(evidence["EV-003"]) == datetime.date(2027, 10, 22)  # a year after its period, before it stops to count
    assert due_day(evidence["EV-008"]) == evidence["EV-008"].valid_until  # collected once
    assert [notice_days(evidence[name]) for name in ("EV-005", "EV-003")] == [10, 30]


def test_a_later_failed_run_takes_its_cover_away(room, capsys):
    before = world(room)
    ids = [record.id for record in EvidenceBook(before.workspace, before.trace, TODAY).operating("iso42001:A.6.2.6")]
    assert ids == ["EV-002", "EV-013"]
    run = json.loads((room / RUN).read_text("utf-8"))
    run["start"], run["end"], run["valid_until"] = "2026-11-12T05:00:00Z", "2026-11-12T05:40:00Z", "2026-12-12"
    run["results"][1] |= {"value": 94.4, "passed": False}
    failed = room / "evidence/automated/robin-ds-004-2026-11.json"
    failed.write_text(json.dumps(run), "utf-8")
    code, out, _ = said(capsys, room, "add", failed, "--write")
    assert code == 0
    assert "  result: failed\n" in out
    assert "unusable: the examination failed in 1 of 3 results\nThe record says so, and shows nothing to be at work.\n" in out
    after = world(room)
    ids = [record.id for record in EvidenceBook(after.workspace, after.trace, TODAY).operating("iso42001:A.6.2.6")]
    assert ids == ["EV-002"]  # about another AI system
    page = pages(room)
    assert ">failed</span>" in page["records/evidence/EV-023.md"]
    assert "failed; evidence of the same AI system from before it does not count" in page["requirements/iso42001/A.6.2.6.md"]
    assert [problem.code for problem in after.problems if problem.location.path.endswith("EV-023.yaml")] == []


def test_a_run_of_an_older_version_no_longer_counts(room):
    path = room / "registers/ai-systems/AIS-002.yaml"
    path.write_text(path.read_text("utf-8").replace('\nversion: "1.4"', '\nversion: "1.5"', 1), "utf-8")
    found = world(room).facts.evidence.records["EV-013"]
    assert found.state is EvidenceState.STALE
    assert found.why == "it examined version '1.4' of 'AIS-002', which is at '1.5' now"


def test_every_requirement_is_listed_with_what_it_has(example):
    page = pages_of_example("evidence.md")
    assert "## Due by month" in page and "Nothing has run out." in page
    assert page.count("| [iso42001&#58;") >= 60
    assert '<span class="aims-badge aims-badge--calm">none</span>' in page
    assert "### Evidence\n\nNothing on record shows that it is at work." in pages_of_example("requirements/iso42001/A.2.3.md")
    assert 'aims-badge--good">passed</span>' in pages_of_example("records/evidence/EV-013.md")
    assert "evidence&#47;automated&#47;robin-ds-004" in pages_of_example("records/evidence/EV-013.md")


# add


def test_a_file_becomes_a_record_that_every_check_accepts(room, capsys):
    file = room / "evidence/chats.csv"
    file.write_bytes(b"chat,right\r\n1,yes\r\n")
    before = tree_of(room)
    code, out, _ = said(capsys, room, "add", file, *ADD)
    assert code == 0 and tree_of(room) == before
    assert out.startswith("registers/evidence/EV-023.yaml\n  id: EV-023\n  title: Spot checks of handed-over chats\n")
    assert "\nfresh: collected on 2026-11-16, it counts until 2027-02-16\nNothing was written. To write it: " in out
    code, out, _ = said(capsys, room, "add", file, *ADD, "--write", "--format", "json")
    made = json.loads(out)
    assert code == 0 and made["written"] and made["record"]["size"] == 19
    assert made["record"]["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert set(tree_of(room)) - set(before) == {"registers/evidence/EV-023.yaml"}
    assert spoken(room) == [] and said(capsys, room, "verify")[0] == 0
    schema = json.loads((KIT / "macros/schemas/evidence.json").read_text("utf-8"))
    jsonschema.validate(made["record"], schema)
    code, _, err = said(capsys, room, "add", file, *ADD, "--write")
    assert code == 3 and "'EV-023' is the record of 'evidence/chats.csv' already" in err


def test_the_printed_command_writes_what_was_shown(room, capsys):
    import shlex

    file = room / "evidence/chats.csv"
    file.write_text("chats,1\n", "utf-8")
    _, out, _ = said(capsys, room, "add", file, *ADD)
    command = shlex.split(out.split("To write it: ")[1])
    assert command[:3] == ["python", "-m", "macros"]
    assert main(command[3:]) == 0
    shown = "\n".join(line[2:] for line in out.split("\n") if line.startswith("  "))
    assert (room / "registers/evidence/EV-023.yaml").read_text("utf-8").split("\n", 1)[1].strip() == shown.strip()


@pytest.mark.parametrize("title", ['He said: "no"', "on", "{{ org.name }}", "- a # b", "1", "äöü 日本", "a | b", "'x'", "!!python/x"])
def test_any_title_reads_back_as_it_was_given(title, room, capsys):
    file = room / "evidence/chats.csv"
    file.write_text("chats,1\n", "utf-8")
    code, out, _ = said(capsys, room, "add", file, *ADD, "--title", title, "--write", "--format", "json")
    assert code == 0 and json.loads(out)["record"]["title"] == title


def test_sensitive_evidence_is_only_hashed(room, tmp_path, capsys):
    file = tmp_path / "minutes.pdf"
    file.write_bytes(b"secret")
    before = tree_of(room)
    words = ("add", file, *ADD, "--sensitive", "--kept-at", "https://files.tarnmoor.example/minutes/7")
    code, out, _ = said(capsys, room, *words, "--write", "--format", "json")
    record = json.loads(out)["record"]
    assert code == 0 and record["sensitivity"] == "by-reference" and record["reference"] == "https://files.tarnmoor.example/minutes/7"
    assert record["sha256"] == hashlib.sha256(b"secret").hexdigest()
    new = set(tree_of(room)) - set(before)
    assert new == {"registers/evidence/EV-023.yaml"} and str(tmp_path) not in (room / new.pop()).read_text("utf-8")
    inside = room / "evidence/minutes.pdf"
    inside.write_bytes(b"secret")
    code, _, err = said(capsys, room, "add", inside, *ADD, "--sensitive", "--kept-at", "x")
    assert code == 3 and "lies in the repository" in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--evidences", "9.1"), "bare id '9.1'"),
        (("--evidences", "iso42001:A.99"), "unknown requirement 'iso42001:A.99'"),
        (("--about", "AIS-009"), "refers to unknown 'AIS-009'"),
        (("--document", "POL"), "does not have the right form"),
        (("--collected-on", "2026-11-17"), "REG301"),
        (("--to", "2026-11-20"), "REG302"),
        (("--valid-until", "2028-01-01"), "REG302"),
        (("--valid-until", "2026-11-01"), "REG302"),
    ],
)
def test_what_would_not_be_sound_is_not_written(words, message, room, capsys):
    file = room / "evidence/chats.csv"
    file.write_text("chats,1\n", "utf-8")
    before = tree_of(room)
    code, out, err = said(capsys, room, "add", file, *ADD, *words, "--write")
    assert (code, out) == (3, "")
    assert err.startswith("python -m macros evidence: nothing was written") and message in err and err.count("\n") == 1
    assert tree_of(room) == before


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("evidence/gone.csv", "is no file of the repository"),
        ("evidence", "is no file of the repository"),
        ("../outside.csv", "lies outside the repository"),
        ("evidence/link.csv", "lies behind a symbolic link"),
        ("evidence/EV-004-access-review.csv", "'EV-004' is the record of"),
    ],
)
def test_what_is_no_file_of_the_repository_is_not_added(file, message, room, capsys):
    (room.parent / "outside.csv").write_text("chats,1\n", "utf-8")
    (room / "evidence/link.csv").symlink_to(room.parent / "outside.csv")
    code, _, err = said(capsys, room, "add", room / file, *ADD, "--write")
    assert code == 3 and message in err


def test_what_is_missing_on_the_command_line_is_named(room, capsys):
    for words, message in (
        (
            (),
            f"evidence needs --title, --kind (one of {', '.join(kind.value for kind in EvidenceKind)}), --from, --to, --by, --evidences or",
        ),
        (("--kept-at", "x"), "--kept-at goes with --sensitive"),
        (("--kind", "minuts"), "did you mean 'minutes'?"),
        (("--sensitive",), "--sensitive needs --kept-at ADDRESS"),
    ):
        with pytest.raises(SystemExit) as stopped:
            said(capsys, room, "add", room / "evidence/EV-004-access-review.csv", *words)
        assert stopped.value.code == 2 and message in capsys.readouterr().err


def test_ids_go_on_after_the_highest_and_are_never_given_twice(example):
    workspace = load_workspace(example)
    assert next_id(workspace, TODAY) == "EV-023"
    files = {path: (example / path).read_bytes() for path in FolderTree(example).paths()}
    record = files["registers/evidence/EV-012.yaml"]
    files["registers/evidence/EV-999.yaml"] = record.replace(b"EV-012", b"EV-999")
    files["registers/evidence/EV-2026-007.yaml"] = b"id: EV-2026-007\nbroken: [\n"
    assert next_id(load_workspace(MemoryTree(files)), TODAY) == "EV-2026-008"


def test_a_record_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    import os

    put_new(tmp_path, "a.yaml", b"one")
    with pytest.raises(KitError, match="is there already and was left as it is"):
        put_new(tmp_path, "a.yaml", b"two")
    with pytest.raises(KitError, match="cannot be written"):
        put_new(tmp_path, "no/a.yaml", b"two")

    def no_links(*_: object) -> None:
        raise PermissionError(1, "no links here")

    monkeypatch.setattr(os, "link", no_links)
    put_new(tmp_path, "b.yaml", b"three")
    with pytest.raises(KitError, match="is there already"):
        put_new(tmp_path, "b.yaml", b"four")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.yaml": b"one", "b.yaml": b"three"}


def test_a_repository_without_an_organisation_is_told_so(capsys):
    assert main(["evidence", "due", "--root", str(KIT)]) == 3
    assert "holds no 'org.yaml' and is nobody's repository" in capsys.readouterr().err


def test_verify_names_files_that_no_record_refers_to(room, capsys):
    (room / "evidence/left.csv").write_text("chats,1\n", "utf-8")
    code, out, _ = said(capsys, room, "verify")
    assert code == 0 and "no record refers to evidence/left.csv\n" in out


# Automated evidence


def test_the_examples_are_valid_by_the_committed_schema(example):
    schema = json.loads((KIT / "macros/schemas/automated-evidence.json").read_text("utf-8"))
    files = sorted((example / "evidence/automated").glob("*.json"))
    assert len(files) == 2
    for path in files:
        jsonschema.Draft202012Validator(schema).validate(json.loads(path.read_text("utf-8")))
        assert read_run(path.read_bytes(), "x.json")[0].value.passed


def test_the_training_list_names_people_by_pseudonym_only(example):
    rows = (example / "evidence/automated/training-seasonal-staff-2026-11-persons.csv").read_text("utf-8").splitlines()[1:]
    assert len(rows) == 39 and sum(row.endswith(",passed") for row in rows) == 37
    assert all(re.fullmatch(r"p-[0-9a-f]{4}", row.split(",")[0]) for row in rows)


def test_a_run_is_added_from_its_file_alone(room, capsys):
    (room / "registers/evidence/EV-013.yaml").unlink()
    (room / "registers/evidence/EV-014.yaml").unlink()
    code, _, _ = said(capsys, room, "add", room / RUN, "--write")
    assert code == 0
    made = (room / "registers/evidence/EV-023.yaml").read_text("utf-8").replace("EV-023", "EV-013")
    kept_one = (KIT / "examples/tarnmoor/overlay/registers/evidence/EV-013.yaml").read_text("utf-8")
    assert made == kept_one
    with pytest.raises(SystemExit):
        said(capsys, room, "add", room / "evidence/automated/training-seasonal-staff-2026-11.json", "--title", "x")
    assert "says itself what --title would say" in capsys.readouterr().err


def test_a_run_lies_in_its_folder(room, capsys):
    shutil.copy(room / RUN, room / "evidence/run.json")
    code, _, err = said(capsys, room, "add", room / "evidence/run.json")
    assert code == 3 and "is automated evidence; move it into 'evidence/automated/'" in err


def test_an_artefact_that_changed_is_seen(room, capsys):
    (room / "evidence/automated/robin-ds-004-2026-10-wrong-answers.csv").write_text("none\n", "utf-8")
    assert spoken(room) == [("REG305", "EV-013")]
    assert said(capsys, room, "verify")[0] == 1


def test_a_record_cannot_say_passed_of_a_run_that_failed(room):
    run = json.loads((room / RUN).read_text("utf-8"))
    run["results"][2] |= {"value": 59, "passed": False}
    data = json.dumps(run).encode()
    (room / RUN).write_bytes(data)
    change(room, "EV-013", sha256=f'"{hashlib.sha256(data).hexdigest()}"', size=str(len(data)))
    problems = [str(problem) for problem in run_checks(load_workspace(room), TODAY) if problem.code == "REG305"]
    assert problems and "it says 'passed', and the run failed" in problems[0]
    assert world(room).facts.evidence.records["EV-013"].state is EvidenceState.UNUSABLE


def changed_run(**entries: object) -> bytes:
    run = json.loads((KIT / "examples/tarnmoor/overlay" / RUN).read_text("utf-8"))
    return json.dumps(run | entries, indent=2).encode()


RESULT = {"measure": "share", "value": 0.9, "limit": {"at_least": 0.8}, "passed": True}
FAULTS = {
    "unknown key": (changed_run(run_as="root"), "66: REG003 'run_as' is not an entry that is known here"),
    "nan": (b'{\n"value": NaN}', "2: REG001 'NaN' is no number in JSON"),
    "infinity": (b'{"value": -Infinity}', "1: REG001 '-Infinity' is no number in JSON"),
    "too large": (b'{"value": 1e999}', "1: REG001 '1e999' is too large a number"),
    "endless number": (b'{"value": ' + b"9" * 5000 + b"}", "1: REG001 a number has 5000 characters"),
    "repeated key": (b'{"a": 1,\n"a": 2}', "2: REG001 key 'a' is given twice, first on line 1"),
    "a million entries": (b"[" + b"1," * 1_000_000 + b"1]", "1: REG001 the file is larger than 1 MiB"),
    "many parts": (b"[" + b"1," * 150_000 + b"1]", "1: REG001 the file has more than 200,000 parts"),
    "many results": (changed_run(results=[RESULT] * 1001), "25: REG004 'results' has more than 1000 items"),
    "deep lists": (b"[" * 100_000, "1: REG001 the nesting is deeper than 32 levels"),
    "deep objects": (b'{"a":' * 50_000, "1: REG001 the nesting is deeper than 32 levels"),
    "no object": (b"[]", "1: REG001 the file holds no JSON object"),
    "empty": (b"", "1: REG001 the file ends in the middle"),
    "cut off": (changed_run()[:400], "16: REG001 a quotation mark opens"),
    "not UTF-8": (b'{"title": "\xff"}', "1: SEC102 byte 12"),
    "control character": (b'{"title": "a\\u0000"}', "1: REG001 a text has the character U+0000 NULL, which acts instead of being shown"),
    "half a character": (b'{"title": "\\ud800"}', "1: REG001 a text has half of a character"),
    "no results": (changed_run(results=[]), "25: REG004 'results' is an empty list"),
    "a word as number": (changed_run(results=[RESULT | {"value": "0.9"}]), "28: REG004 'value' of item 1 of 'results' is no number"),
    "a word as truth": (changed_run(results=[RESULT | {"passed": "yes"}]), "32: REG004 'yes' in 'passed'"),
    "says passed": (
        changed_run(results=[RESULT | {"value": 0.7}]),
        "32: REG004 'passed' of item 1 of 'results' is true, and 0.7 is not within",
    ),
    "no limit": (changed_run(results=[RESULT | {"limit": {}}]), "29: REG004 'limit' of item 1 of 'results' bounds nothing"),
    "bare id": (changed_run(evidences=["9.1"]), "17: REG005 bare id '9.1'"),
    "no offset": (changed_run(start="2026-10-30T05:00:04"), "10: REG004 'start' is no moment"),
    "ends before it begins": (changed_run(end="2026-10-29T05:00:04Z"), "11: REG004 'end' lies before 'start'"),
    "valid before it ran": (changed_run(valid_until="2026-10-01"), "23: REG004 'valid_until' lies before 'end'"),
    "period after the run": (changed_run(period_to="2026-11-30"), "66: REG004 'period_to' does not fit"),
    "other version": (changed_run(version=2), "3: REG004 '2' in 'version' is not known here"),
    "two places": (changed_run(artefacts=[{"sha256": "0" * 64, "size": 1}]), "REG004 item 1 of 'artefacts' has no place, or two"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_run_gives_one_message_with_its_line(name, room, capsys):
    data, message = FAULTS[name]
    (room / RUN).write_bytes(data)
    (room / "registers/evidence/EV-013.yaml").unlink()
    before = tree_of(room)
    code, out, err = said(capsys, room, "add", room / RUN, "--write")
    assert (code, out) == (3, "")
    assert err.startswith(f"python -m macros evidence: nothing was written: {RUN}:") and message in err
    assert err.count("\n") == 1 and len(err) < 600
    assert tree_of(room) == before


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_run_that_has_a_record_is_one_problem_and_the_site_still_builds(name, room):
    (room / RUN).write_bytes(FAULTS[name][0])
    here = world(room)
    assert [problem.location.path for problem in here.workspace.problems] == [RUN]
    assert ">unusable</span>" in views_of(here).registers.record(here.workspace.record_by_id["EV-013"])
    assert ">unusable</span>" in views_of(here).evidence_pages.page()


@pytest.mark.parametrize(
    ("key", "value"), [("evidences", ["iso42001:9.99"]), ("documents", ["PRO-999"]), ("subject", {"ai_system": "AIS-009", "version": "1"})]
)
def test_a_run_that_names_what_is_not_there_is_told_where(key, value, room, capsys):
    (room / RUN).write_bytes(changed_run(**{key: value}))
    (room / "registers/evidence/EV-013.yaml").unlink()
    code, _, err = said(capsys, room, "add", room / RUN)
    assert code == 3 and re.search(rf"{RUN}:\d+: '[\w.:-]+' is (not known|no AI system) here", err)


def test_nothing_in_a_run_acts_on_a_page(room, capsys):
    hostile = "<script>alert(1)</script> {{ 7 * 7 }} [x](javascript:alert(1)) | `a` ::warning::"
    run = json.loads(changed_run(title=hostile))
    run["run"] = {"tool": hostile, "version": hostile, "address": hostile}
    run["results"][0] |= {"measure": hostile, "unit": hostile}
    run["artefacts"] = [{"path": "../../" + hostile, "sha256": "0" * 64, "size": 1}]
    (room / RUN).write_bytes(json.dumps(run).encode())
    (room / "registers/evidence/EV-013.yaml").unlink()
    run["artefacts"] = [{"address": hostile, "sha256": "0" * 64, "size": 1}]
    code, _, err = said(capsys, room, "add", room / RUN, "--write")
    assert code == 3 and "is not in the repository" in err
    (room / RUN).write_bytes(json.dumps(run).encode())
    assert said(capsys, room, "add", room / RUN, "--write")[0] == 0
    page = pages(room)
    for path in ("records/evidence/EV-023.md", "evidence.md", "records/evidence.md"):
        body = page[path].split("---\n", 2)[2]
        assert "<script" not in body and "{{" not in body and "](javascript" not in body, path


def test_json_is_read_as_python_reads_it_and_what_python_allows_beyond_is_refused():
    text = '{"a": [1, -2.5e3, true, null, "\\u00e9\\ud83d\\ude00"], "b": {"c": []}}'
    assert parse_json(text).value == json.loads(text)
    assert parse_json('{\n"a": [\n1,\n2]}').line("a", 1) == 4
    for bad in ("[1,]", '{"a":1,}', '{"a" 1}', "{1:2}", "[01]", "[,1]", "'a'", "[1] 2", '"a\n"', "[1}", "{]", ":", "nul"):
        with pytest.raises(YamlProblem):
            parse_json(bad)


def test_the_book_agrees_with_the_function_for_the_ladder(example):
    here = world(example)
    book = EvidenceBook(here.workspace, build_trace(here.workspace), TODAY)
    for target in ("iso42001:9.1", "iso42001:A.6.2.8", "iso42001:A.2.3"):
        expected = sorted(found.record.id for found in book.of(target).counting)
        assert [record.id for record in EvidenceBook(here.workspace, here.trace, TODAY).operating(target)] == expected
    assert today_of(here.workspace) == TODAY


def test_adding_reads_the_same_files_among_ten_records_and_among_thousands(room, monkeypatch, capsys):
    from collections import Counter

    from macros.imports import evidence as adding

    parsed = Counter()
    real = adding.FolderTree.read
    for name in ("macros.load.workspace.yaml_in", "macros.imports.evidence.parse"):
        module, attribute = name.rsplit(".", 1)
        before = getattr(__import__(module, fromlist=[attribute]), attribute)
        monkeypatch.setattr(name, lambda *given, before=before, **more: parsed.update(["parse"]) or before(*given, **more))
    monkeypatch.setattr(
        adding.FolderTree,
        "read",
        lambda tree, path: parsed.update(["evidence" if "/evidence/EV-" in path else "other"]) or real(tree, path),
    )
    file = room / "evidence/minutes.txt"
    file.write_text("minutes", "utf-8")
    words = ["evidence", "add", str(file), "--root", str(room), *ADD]
    counts = []
    record = (room / "registers/evidence/EV-012.yaml").read_text("utf-8")
    for number in (0, 2000):
        for index in range(number):
            other = record.replace("EV-012", f"EV-{3000 + index}").replace("reference: ", f"reference: more-{index}-")
            (room / f"registers/evidence/EV-{3000 + index}.yaml").write_text(other, "utf-8")
        parsed.clear()
        assert main(words) == 0, capsys.readouterr().err
        counts.append((parsed["parse"], parsed["other"]))
        out = capsys.readouterr().out
        assert parsed["evidence"] > 10
    assert counts[0] == counts[1]
    assert counts[0][0] > 20
    assert out.startswith("registers/evidence/EV-5000.yaml\n")


def test_a_record_in_a_file_of_another_name_is_not_given_its_number(room, capsys):
    file = room / "evidence/minutes.txt"
    file.write_text("minutes", "utf-8")
    source = room / "registers/evidence/EV-012.yaml"
    (room / "registers/evidence/other.yaml").write_text(source.read_text("utf-8").replace("EV-012", "EV-023"), "utf-8")
    assert main(["evidence", "add", str(file), "--root", str(room), *ADD]) == 3
    assert "'registers/evidence/other.yaml' holds the record 'EV-023'; name the file after it" in capsys.readouterr().err
