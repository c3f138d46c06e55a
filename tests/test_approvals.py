"""Approvals as records: the fingerprint that anybody can compute again, and records out of what GitHub and GitLab answer."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from macros.__main__ import main
from macros.checks import run_checks
from macros.load import load_workspace
from macros.model.fingerprint import fingerprint_of
from macros.model.records.approvals import ApprovalRecord
from macros.text.strict_yaml import parse
from macros.world import today_of
from tests.conftest import KIT
from tests.forked import started
from tests.review_setup import git, repository_of

POLICY = "docs/policies/ai-policy.md"
LEAD = "docs/roles/ai-governance-lead.md"
ADA, GRACE = "Ada Lovelace <ada@world.example>", "Grace Hopper <grace@world.example>"


# The fingerprint.


def by_hand(path: Path) -> str:
    """The fingerprint as the manual states it, computed from the file alone, without the engine's own reading."""
    text = path.read_bytes().decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    _, head, body = re.split(r"(?m)^---\n", text, maxsplit=2)
    wanted = ["id", "title", "type", "owner", "version", "classification", "about", "builds_on", "addresses"]
    found: dict[str, str] = {}
    name = ""
    for line in head.splitlines():
        if line.startswith("  - ") and found[name] is not None:
            found[name] = ", ".join(filter(None, (found[name], line[4:].strip("\"'"))))
        else:
            if line.startswith("  "):
                continue  # the approval itself
            name, value = re.fullmatch(r"(\w+):(.*)", line).groups()
            found[name] = value.strip().strip("\"'")
    lines = [f"{name}: {found[name]}\n" for name in wanted if found.get(name)]
    return hashlib.sha256(("".join(lines) + "\n" + body).encode("utf-8")).hexdigest()


def test_the_fingerprint_is_what_the_manual_states(example):
    workspace = load_workspace(example)
    assert any(document.head.value.builds_on for document in workspace.documents)
    for document in workspace.documents:
        assert fingerprint_of(document) == by_hand(example / document.path), document.path


def test_the_manual_computes_one_with_a_shell(example):
    """The recipe of the manual, run as it stands there."""
    recipe = re.search(r"```python\n(# The fingerprint.*?)```", (KIT / "docs/registers.md").read_text("utf-8"), re.DOTALL).group(1)
    path = example / POLICY
    said: list[str] = []
    code = compile(recipe.replace("docs/policies/ai-policy.md", str(path)), "recipe", "exec")
    exec(code, {"print": said.append})  # the manual's own lines
    assert said == [fingerprint_of(load_workspace(example).document_by_id["POL-001"])]


def test_only_what_obliges_changes_it(tmp_path):
    shutil.copytree(KIT / "tests/world", tmp_path / "world")
    path = tmp_path / "world" / POLICY

    def now() -> str:
        return fingerprint_of(load_workspace(tmp_path / "world").document_by_id["POL-001"])

    text, first = path.read_text("utf-8"), now()
    for old, new in (
        ("status: approved", "status: withdrawn"),
        ('date: "2026-03-02"', 'date: "2026-03-03"'),
        ('next_review: "2027-03-02"', 'next_review: "2028-03-02"'),
        ("\n", "\r\n"),
        ("title: AI policy", 'title: "AI policy"'),
    ):
        path.write_text(text.replace(old, new), "utf-8", newline="")
        assert now() == first, new
    for old, new in (
        ("shall be", "should be"),
        ('version: "1.0"', 'version: "1.1"'),
        ("title: AI policy", "title: The AI policy"),
        ("classification: internal", "classification: public"),
        ("  - iso42001:A.2.2\n", ""),
        ("months.\n", "months.\n\n"),
    ):
        path.write_text(text.replace(old, new), "utf-8")
        assert now() != first, new


def test_the_examples_records_are_true(example):
    workspace = load_workspace(example)
    records = [record.value for record in workspace.records(ApprovalRecord)]
    assert len(records) >= 5
    for record in records:
        document = workspace.document_by_id[record.document]
        assert (record.version, record.sha256) == (document.head.value.version, by_hand(example / document.path)), record.id
    for record in {record.document: record for record in sorted(records, key=lambda record: record.approved_on)}.values():
        approved = workspace.document_by_id[record.document].head.value.approved
        assert (record.by, record.as_role, record.approved_on) == (approved.by, approved.as_role, approved.date), record.id


def test_a_sentence_changed_after_its_approval_is_an_error(example, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(example, copy, ignore=shutil.ignore_patterns("site", "__pycache__"))
    path = copy / POLICY
    path.write_text(path.read_text("utf-8") + "\nStaff shall like it.\n", "utf-8")
    workspace = load_workspace(copy)
    (problem,) = [problem for problem in run_checks(workspace, today_of(workspace)) if problem.code == "STA107"]
    assert problem.message == "'POL-001' was changed since Maeve Tarn approved version 1.0 on 2026-01-19 (APR-001)"


# Records out of forge data, in a real repository.


def save(where: Path, message: str, author: str) -> str:
    git(where, "add", "--all")
    git(where, "commit", "--quiet", "--message", message, "--author", author)
    return git(where, "rev-parse", "HEAD")


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def repository(tmp_path) -> Path:
    """A small repository: `main` is in force; on `proposal` Ada changed the policy. Grace is top management, Joan too."""
    room = tmp_path / "world"
    shutil.copytree(KIT / "tests/world", room)
    shutil.copy(KIT / "tests/checks/ORG116/good/org.yaml", room / "org.yaml")
    change(
        room / "org.yaml", "held_by: [grace-hopper]", 'held_by: [grace-hopper, joan-clarke]\n    held_since: {joan-clarke: "2026-06-01"}'
    )
    change(room / "org.yaml", "name: Ada Lovelace\n", "name: Ada Lovelace\n    email: ada@world.example\n")
    change(room / "org.yaml", "today:", "  - id: joan-clarke\n    name: Joan Clarke\n    forge_name: joan\ntoday:")
    (room / "registers/approvals").mkdir()
    shutil.copy(KIT / "tests/checks/STA107/good/registers/approvals/register.yaml", room / "registers/approvals/register.yaml")
    git(room, "init", "--quiet", "--initial-branch", "main")
    save(room, "Begin", ADA)
    git(room, "checkout", "--quiet", "-b", "proposal")
    change(room / POLICY, "every {{ param", "at least every {{ param")
    change(room / POLICY, 'version: "1.0"', 'version: "2.0"')
    change(room / POLICY, "2026-03-02", "2026-11-02")
    note = '{version: "2.0", date: "2026-11-02", change: obligation, note: "The policy is reviewed more often."}'
    change(room / POLICY, "  - iso42001:A.2.2\n---\n", f"  - iso42001:A.2.2\nrevisions:\n  - {note}\n---\n")
    save(room, "Review the policy more often", ADA)
    return room


def said_by(login: str | None, state: str, commit: str, at: str = "2026-11-02T09:30:00Z", number: int = 1) -> dict:
    return {
        "id": number,
        "user": login and {"login": login, "id": 1},
        "body": "",
        "state": state,
        "html_url": f"https://forge.example/world/aims/pull/7#pullrequestreview-{number}",
        "submitted_at": at,
        "commit_id": commit,
    }


def head(where: Path) -> str:
    return git(where, "rev-parse", "HEAD")


def record(where: Path, data: object, *words: str) -> int:
    file = where.parent / "reviews.json"
    file.write_text(data if isinstance(data, str) else json.dumps(data), "utf-8")
    return main(["approvals", str(file), "--root", str(where), "--today", "2026-11-16", *words])


def records(where: Path) -> list[str]:
    return sorted(path.name for path in (where / "registers/approvals").glob("APR-*.yaml"))


def test_a_dry_run_shows_and_writing_writes_what_was_shown(repository, capsys):
    commit = head(repository)
    data = [said_by("Grace.Hopper", "APPROVED", commit), said_by("ada", "APPROVED", commit), said_by("bot", "COMMENTED", commit)]
    assert record(repository, data) == 0
    assert capsys.readouterr().out == (
        "records\n"
        "  id       document     approved by                     on          commit\n"
        f"  APR-001  POL-001 2.0  grace-hopper as top-management  2026-11-02  {commit[:12]}\n"
        "no record\n"
        "  bot  all      only commented\n"
        "  ada  POL-001  does not hold the role top-management\n"
        "1 new, 0 on record already, 0 still without\n"
        "Nothing was written. To write it, run this again with --write\n"
    )
    assert records(repository) == []
    assert record(repository, data, "--write") == 0
    assert capsys.readouterr().out.endswith("Written: registers/approvals/APR-001.yaml\n")
    text = (repository / "registers/approvals/APR-001.yaml").read_text("utf-8")
    assert text == (
        "# yaml-language-server: $schema=../../macros/schemas/approval.json\n"
        "id: APR-001\n"
        "document: POL-001\n"
        'version: "2.0"\n'
        "decision: approved\n"
        "by: grace-hopper\n"
        "as_role: top-management\n"
        'approved_on: "2026-11-02"\n'
        f'commit: "{commit}"\n'
        f'sha256: "{by_hand(repository / POLICY)}"\n'
        "source: github\n"
        'reference: "https://forge.example/world/aims/pull/7#pullrequestreview-1"\n'
        "written_by:\n"
        '  - "ada-lovelace"\n'
    )
    workspace = load_workspace(repository)
    assert {problem.code for problem in run_checks(workspace, today_of(workspace))} == {
        "ORG116",
        "TRC202",
        "STA109",
    }  # which follow from the change, and from a world without fingerprints


def test_doing_it_again_records_nothing_twice(repository, capsys):
    data = [said_by("grace.hopper", "APPROVED", head(repository))]
    assert record(repository, data, "--write") == 0
    capsys.readouterr()
    assert record(repository, data, "--write") == 0
    out = capsys.readouterr().out
    assert "on record already\n  APR-001  POL-001\n" in out and out.endswith("Nothing to write.\n")
    assert records(repository) == ["APR-001.yaml"]


def test_the_author_is_not_recorded_even_with_the_role(repository, capsys):
    change(repository / POLICY, "at least every", "at least once every")
    commit = save(repository, "Say it better", "G. Hopper <77+grace.hopper@users.noreply.github.com>")
    assert record(repository, [said_by("grace.hopper", "APPROVED", commit)]) == 1
    out = capsys.readouterr().out
    assert "  grace.hopper  POL-001  wrote the change\n" in out
    assert "  POL-001 2.0  needs top-management: Joan Clarke\n" in out


def test_a_co_author_wrote_it_too(repository, capsys):
    change(repository / POLICY, "at least every", "at least once every")
    commit = save(repository, "Say it better\n\nCo-authored-by: Grace Hopper <g@elsewhere.example>", ADA)
    assert record(repository, [said_by("grace.hopper", "APPROVED", commit), said_by("joan", "APPROVED", commit)]) == 0
    out = capsys.readouterr().out
    assert "wrote the change" in out and "joan-clarke as top-management" in out


def test_whoever_is_named_as_author_cannot_approve(repository, capsys):
    assert record(repository, [said_by("grace.hopper", "APPROVED", head(repository))], "--author", "Grace Hopper") == 1
    assert "wrote the change" in capsys.readouterr().out


def test_an_approval_of_an_older_text_is_none_and_of_the_same_text_is_one(repository, capsys):
    old = head(repository)
    (repository / "README.md").write_text("Other.\n", "utf-8")
    same = save(repository, "Something else", ADA)
    assert record(repository, [said_by("grace.hopper", "APPROVED", old)], "--commit", same) == 0
    assert f"APR-001  POL-001 2.0  grace-hopper as top-management  2026-11-02  {old[:12]}\n" in capsys.readouterr().out
    change(repository / POLICY, "at least every", "about every")
    new = save(repository, "Weaken it", ADA)
    assert record(repository, [said_by("grace.hopper", "APPROVED", old)], "--commit", new) == 1
    assert f"grace.hopper  POL-001  approved {old[:12]}, and the text changed later\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("states", "recorded", "reason"),
    [
        (["APPROVED", "COMMENTED"], True, None),
        (["CHANGES_REQUESTED", "APPROVED"], True, None),
        (["APPROVED", "CHANGES_REQUESTED"], False, "asked for changes"),
        (["APPROVED", "DISMISSED"], False, "had approved or asked for changes, and that was dismissed"),
        (["COMMENTED"], False, "only commented"),
    ],
)
def test_the_last_word_that_is_no_comment_counts(states, recorded, reason, repository, capsys):
    commit = head(repository)
    data = [said_by("grace.hopper", state, commit, f"2026-11-02T09:3{at}:00Z", at) for at, state in enumerate(states)]
    assert record(repository, list(reversed(data))) == int(not recorded)
    out = capsys.readouterr().out
    assert ("APR-001" in out) is recorded
    if reason:
        assert f"  grace.hopper  all  {reason}\n" in out


def test_pages_of_the_answer_are_read_as_one_list(repository, capsys):
    commit = head(repository)
    assert record(repository, [[said_by("ada", "COMMENTED", commit)], [said_by("grace.hopper", "APPROVED", commit)]]) == 0


def test_the_day_is_that_of_utc(repository, capsys):
    data = [said_by("grace.hopper", "APPROVED", head(repository), "2026-11-02T23:30:00-05:00")]
    assert record(repository, data) == 0
    assert "  2026-11-03  " in capsys.readouterr().out


def test_authority_is_read_from_what_was_in_force(repository, capsys):
    change(repository / "org.yaml", "held_by: [grace-hopper, joan-clarke]", "held_by: [ada-lovelace]")
    change(repository / "org.yaml", "name: Grace Hopper\n    forge_name: grace.hopper", "name: Grace Hopper\n    forge_name: mallory")
    commit = save(repository, "Take it over", "Mallory <m@elsewhere.example>")
    assert record(repository, [said_by("mallory", "APPROVED", commit), said_by("ada", "APPROVED", commit)]) == 1
    out = capsys.readouterr().out
    assert "  mallory  all      nobody has this forge_name in the org.yaml in force\n" in out
    assert "  ada      POL-001  does not hold the role top-management\n" in out


def gitlab(*logins: str, at: str | None = "2026-11-02T10:00:00.000Z") -> dict:
    rows = [{"user": {"id": 1, "username": login, "name": login}, **({"approved_at": at} if at else {})} for login in logins]
    return {"id": 5, "iid": 12, "project_id": 34, "title": "x", "state": "merged", "approvals_left": 0, "approved_by": rows}


def test_gitlab_needs_the_commit_and_gives_the_same_record(repository, capsys):
    assert record(repository, gitlab("grace.hopper")) == 3
    assert capsys.readouterr().err == "python -m macros approvals: the data does not say which commit was approved; name it with --commit\n"
    assert record(repository, gitlab("grace.hopper"), "--commit", "proposal", "--write") == 0
    value = parse((repository / "registers/approvals/APR-001.yaml").read_text("utf-8")).value
    assert (value["source"], value["reference"]) == ("gitlab", "merge request !12 of project 34")
    assert (value["commit"], value["approved_on"]) == (head(repository), "2026-11-02")


def test_gitlab_without_a_day_asks_for_one(repository, capsys):
    assert record(repository, gitlab("grace.hopper", at=None), "--commit", "proposal") == 3
    assert "give it with --on" in capsys.readouterr().err
    assert record(repository, gitlab("grace.hopper", at=None), "--commit", "proposal", "--on", "2026-11-05") == 0
    assert "  2026-11-05  " in capsys.readouterr().out


def test_a_moved_document_keeps_its_author(repository, capsys):
    git(repository, "mv", POLICY, "docs/policies/rules.md")
    commit = save(repository, "Move it", "Joan Clarke <j@elsewhere.example>")
    assert record(repository, [said_by("joan", "APPROVED", commit), said_by("grace.hopper", "APPROVED", commit)]) == 0
    out = capsys.readouterr().out
    assert "joan          POL-001  wrote the change\n" in out or "joan  POL-001  wrote the change\n" in out
    assert record(repository, [said_by("grace.hopper", "APPROVED", commit)], "--format", "json") == 0
    (made,) = json.loads(capsys.readouterr().out)["records"]
    assert made["written_by"] == ["ada-lovelace", "joan-clarke"]


def test_the_next_number_is_above_every_one_that_was_used(repository, capsys):
    (repository / "registers/approvals/APR-007.yaml").write_text("broken: [\n", "utf-8")
    assert record(repository, [said_by("grace.hopper", "APPROVED", head(repository))], "--write") == 0
    assert records(repository) == ["APR-007.yaml", "APR-008.yaml"]


def test_all_records_are_written_or_none(repository, capsys, monkeypatch):
    change(repository / LEAD, "\n---\n\n", "\n---\n\nMore. ")
    commit = save(repository, "Two documents", ADA)
    data = [said_by("grace.hopper", "APPROVED", commit)]
    real, calls = os.replace, []

    def no_links(*_: object) -> None:
        raise PermissionError(1, "no links here")

    def fail_second(source, target):
        if Path(source).suffix == ".new":
            calls.append(target)
            if len(calls) == 2:
                raise PermissionError(13, "Permission denied", str(source), None, str(target))
        real(source, target)

    monkeypatch.setattr(os, "link", no_links)
    monkeypatch.setattr(os, "replace", fail_second)
    assert record(repository, data, "--write") == 3
    assert "'registers/approvals/APR-002.yaml' cannot be written (Permission denied); nothing was changed" in capsys.readouterr().err
    assert len(calls) == 2
    assert sorted(path.name for path in (repository / "registers/approvals").iterdir()) == ["register.yaml"]
    monkeypatch.undo()
    assert record(repository, data, "--write") == 0
    assert records(repository) == ["APR-001.yaml", "APR-002.yaml"]


def test_a_record_that_would_not_be_sound_is_not_written(repository, capsys):
    data = [said_by("grace.hopper", "APPROVED", head(repository), "2027-01-01T00:00:00Z")]
    assert record(repository, data, "--write") == 3
    assert (
        "nothing was written, because the result would not be sound: registers/approvals/APR-001.yaml:8: REG112" in capsys.readouterr().err
    )
    assert records(repository) == []


def good(commit: str, **other: object) -> list[dict]:
    return [{**said_by("grace.hopper", "APPROVED", commit), **other}]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("not json", "is no JSON (line 1: Expecting value)"),
        ("[" * 100_000, "is no JSON (it cannot be read)"),
        ("", "is no JSON"),
        ("[]", "holds no review; nobody has said anything that could be recorded"),
        ("[[], []]", "holds no review"),
        ("{}", "is not the data of reviews; it is to be the list of GitHub's"),
        ('{"message": "Not Found"}', "is not the data of reviews"),
        ("7", "is not the data of reviews"),
        ("null", "is not the data of reviews"),
        ('["x"]', "no 'state' in review 1"),
        (good("0" * 40, state="LGTM"), "the state 'LGTM' is not known in review 1"),
        (good("0" * 40, user={"name": "x"}), "no 'login' in review 1"),
        (good("0" * 40, submitted_at="yesterday"), "'yesterday' in 'submitted_at' is no time in review 1"),
        (good("0" * 40, submitted_at=None), "no 'submitted_at' in review 1"),
        (good("--upload-pack=x"), "'commit_id' is no commit in review 1"),
        (good("0" * 40, html_url="javascript:alert(1)"), "'html_url' is no address in review 1"),
        (good("0" * 40, html_url="https://x\ny: z"), "'html_url' is no address in review 1"),
        (good("0" * 40), "there is no commit '" + "0" * 40 + "' in this repository"),
        ({"approved_by": []}, "no 'iid' in the merge request"),
        (gitlab(), "holds no approval"),
        ({**gitlab("x"), "approved_by": [{"user": None}]}, "no 'user' in approval 1"),
        ({**gitlab("x"), "approved_by": [7]}, "no 'user' in approval 1"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_sentence(data, message, repository, capsys):
    assert record(repository, data) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert message in said.err and said.err.count("\n") == 1
    assert records(repository) == []


def test_a_deleted_account_is_a_stranger(repository, capsys):
    assert record(repository, [said_by(None, "APPROVED", head(repository))]) == 1
    assert "a deleted account  all  nobody has this forge_name" in capsys.readouterr().out


def test_a_missing_file_bytes_and_an_unknown_base_are_named(repository, capsys):
    assert main(["approvals", "nowhere.json", "--root", str(repository)]) == 3
    assert capsys.readouterr().err == "python -m macros approvals: 'nowhere.json' cannot be read: No such file or directory\n"
    (repository.parent / "reviews.json").write_bytes(b"\xff\xfe")
    assert main(["approvals", str(repository.parent / "reviews.json"), "--root", str(repository)]) == 3
    assert "is not UTF-8 text" in capsys.readouterr().err
    assert record(repository, [said_by("ada", "APPROVED", head(repository))], "--base", "nosuch") == 3
    assert capsys.readouterr().err == "python -m macros approvals: there is no commit 'nosuch' in this repository\n"


def test_what_is_merged_already_asks_for_its_base(repository, capsys):
    commit = head(repository)
    git(repository, "checkout", "--quiet", "main")
    git(repository, "merge", "--quiet", "--no-ff", "--message", "Merge", "proposal")
    data = [said_by("grace.hopper", "APPROVED", commit)]
    assert record(repository, data) == 3
    assert "name what was in force before the change with --base" in capsys.readouterr().err
    assert record(repository, data, "--base", "HEAD^1") == 0
    assert "APR-001" in capsys.readouterr().out


def test_a_shallow_clone_and_a_folder_without_git_are_named(repository, tmp_path, capsys):
    data = [said_by("grace.hopper", "APPROVED", head(repository))]
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--depth", "1", "--branch", "proposal", repository.as_uri(), str(clone))
    base = git(repository, "rev-parse", "main")
    assert record(clone, data, "--base", base) == 3
    assert "is not in this shallow clone; fetch it first" in capsys.readouterr().err
    shutil.rmtree(clone / ".git")
    assert record(clone, data) == 3
    assert "is no git repository; an approval is of a commit in one\n" in capsys.readouterr().err


def test_a_repository_without_the_register_says_where_it_comes_from(repository, capsys):
    (repository / "registers/approvals/register.yaml").unlink()
    assert record(repository, [said_by("grace.hopper", "APPROVED", head(repository))], "--write") == 3
    assert "there is no 'registers/approvals/register.yaml'" in capsys.readouterr().err


def test_an_unchanged_side_has_nothing_to_record(repository, capsys):
    git(repository, "checkout", "--quiet", "-B", "other", "main")
    (repository / "README.md").write_text("Other.\n", "utf-8")
    commit = save(repository, "Something else", ADA)
    assert record(repository, [said_by("grace.hopper", "APPROVED", commit)]) == 3
    assert "no document changed between the two sides" in capsys.readouterr().err


def test_the_worked_organisation_records_an_approval_and_stays_as_it_was(example, tmp_path):
    """The commands of the manual, run by the engine that the repository itself carries."""
    room = repository_of(example, tmp_path / "tarnmoor")
    git(room, "checkout", "--quiet", "-b", "change")
    path = room / "docs/policies/acceptable-use.md"
    text = path.read_text("utf-8").replace('version: "1.0"', 'version: "2.0"').replace('date: "2026-01-20"', 'date: "2026-11-12"')
    note = '{version: "2.0", date: "2026-11-12", change: obligation, note: "Staff tell of each new use."}'
    head, body = text.split("\n---\n", 1)
    text = f"{head}\nrevisions:\n  - {note}\n---\n{body}"
    path.write_text(text + "\nStaff shall tell the AI governance lead of each new use.\n", "utf-8")
    commit = save(room, "Ask to be told of new uses", "Inês Carvalho <ines.carvalho@tarnmoor.example>")
    git(room, "checkout", "--quiet", "main")
    git(room, "merge", "--quiet", "--no-ff", "--message", "Merge", "change")
    data = [said_by(f"{name}-tarnmoor", state, commit, "2026-11-12T15:00:00Z") for name, state in REVIEWS]
    (tmp_path / "reviews.json").write_text(json.dumps(data), "utf-8")

    def run(*words: str) -> subprocess.CompletedProcess:
        return started("macros", *words, cwd=room, real="--write" in words)

    before = run("check")
    shown = run("approvals", str(tmp_path / "reviews.json"), "--base", "HEAD^1")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout == (
        "records\n"
        "  id       document     approved by                   on          commit\n"
        f"  APR-007  POL-002 2.0  maeve-tarn as top-management  2026-11-12  {commit[:12]}\n"
        "no record\n"
        "  helen-osei-tarnmoor     all      only commented\n"
        "  ines-carvalho-tarnmoor  POL-002  does not hold the role top-management\n"
        "1 new, 0 on record already, 0 still without\n"
        "Nothing was written. To write it, run this again with --write\n"
    )
    assert run("approvals", str(tmp_path / "reviews.json"), "--base", "HEAD^1", "--write").returncode == 0
    after = run("check")
    assert after.stdout == before.stdout
    path.write_text(path.read_text("utf-8").replace("Staff shall tell", "Staff should tell"), "utf-8")
    assert "STA107 'POL-002' was changed since Maeve Tarn approved version 2.0 on 2026-11-12 (APR-007)" in run("check").stdout


REVIEWS = (("maeve-tarn", "APPROVED"), ("ines-carvalho", "APPROVED"), ("helen-osei", "COMMENTED"))
