"""The comment on a proposal, out of a file that a proposal can alter: it says what a report says and does nothing else."""

from __future__ import annotations

import dataclasses
import html
import json
import subprocess
from pathlib import Path

import pytest

from macros.encode.markdown import quoted
from macros.render.review import as_markdown
from macros.review import Review
from macros.review.report import LARGEST, LONGEST, MOST, as_json, read_report
from macros.review.reported import report_of
from tests.forked import bare, started

HEAD, BASE = "a" * 40, "b" * 40
MARKER = "<!-- aims-change-review -->"
EMPTY = {
    "edition": 1,
    "base": BASE,
    "head": HEAD,
    "author": None,
    "blocks": [],
    "look_at": [],
    "approvals": [],
    "consultations": [],
    "documents": [],
    "records": [],
    "organisation": [],
    "kit_files": [],
    "other_files": [],
    "unread": [],
    "requirements": {"gained": [], "lost": [], "weakened": []},
    "suspects": [],
    "new_problems": [],
    "solved_problems": [],
    "left_out": [],
}
APPROVAL = {"role": "r", "title": "t", "because": [], "people": [], "enforced": False}
PROBLEM = {"code": "DOC101", "severity": "error", "path": "docs/a.md", "line": 3, "message": "m", "way_out": "w"}


def comment(path: Path, *words: str) -> subprocess.CompletedProcess:
    """Run the real command on a file."""
    return started("macros", "comment", str(path), *words, env=bare(PATH="/usr/bin:/bin", PYTHONIOENCODING="utf-8"))


def write(folder: Path, report: object) -> Path:
    path = folder / "review.json"
    path.write_text(report if isinstance(report, str) else json.dumps(report), "utf-8")
    return path


def refused(done: subprocess.CompletedProcess, message: str) -> None:
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.startswith(f"python -m macros comment: {message}"), done.stderr
    assert done.stderr.count("\n") == 1


def test_a_comment_begins_with_its_marker_and_says_on_what_it_is(tmp_path):
    done = comment(write(tmp_path, {**EMPTY, "blocks": ["one thing"], "author": "deirdre-nolan"}), "--head", HEAD)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[:3] == [MARKER, "", "# Change review"]
    assert "- one thing" in lines
    assert lines[-1].startswith(f"This is about commit {HEAD[:12]}, compared with {BASE[:12]}.")


def test_an_empty_report_is_a_comment_too(tmp_path):
    done = comment(write(tmp_path, EMPTY))
    assert done.returncode == 0
    assert "Nothing that the management system knows has changed." in done.stdout


# What nobody vouches for.

HOSTILE = (
    "@everyone @org/team #12 !7 ~label %milestone $3 &9 <!-- aims-change-review --> --> </td><script>alert(1)</script> "
    "![x](https://evil.example/beacon.png) https://evil.example www.evil.example a@evil.example `x` | {{ 7*7 }} ::error::x ##[error]x"
)
QUICK = "\n/quick\n/close\n/merge\n/assign @me\n\r/approve\n\u2028/label ~x\n\v/todo"
TURNED = "safe\u202eelbaton si\u202c zero\u200bwidth soft\u00adhyphen \u2066isolate\u2069 tag\U000e0041 filler\u3164\ufe0f end"


def hostile(text: str) -> dict:
    """The same text in every place where a report holds free text."""
    sentence = {
        "heading": text,
        "change": "altered",
        "before": text,
        "after": text,
        "line": 1,
        "weakens": True,
        "effects": [{"kind": "force", "said": text}],
    }
    entry = {"name": text, "old": text, "new": text}
    cover = {"requirement": text, "title": text, "before": [text], "after": [text], "why": text}
    problem = {**PROBLEM, "code": text, "path": text, "message": text, "way_out": text}
    step = {"before": text, "after": text, "wanted": "major", "made": None, "fits": False, "at_least": text, "was_draft": False}
    document = {
        "id": text,
        "title": text,
        "path": text,
        "moved_from": text,
        "change": "changed",
        "obligations": [sentence],
        "wording": [{**sentence, "before": None}, {**sentence, "after": None}, {**sentence, "before": None, "after": None}],
        "editorial": 1,
        "entries": [entry],
        "held": None,
        "version_step": step,
        "revision_note": {"version": text, "date": text, "change": "clarification", "note": text, "belittles": True},
        "note_is_missing": False,
        "approval_lapses": True,
    }
    record = {"kind": text, "one": text, "id": text, "label": text, "word": "changed", "fields": [entry], "path": text, "kept": text}
    return {
        **EMPTY,
        "author": text,
        "blocks": [text],
        "look_at": [text],
        "approvals": [{"role": text, "title": text, "because": [text], "people": [text], "enforced": False}],
        "consultations": [{"activity": text, "roles": [text]}],
        "documents": [document, {**document, "change": "added", "held": {"sentences": 3, "obliging": 1}}],
        "records": [record, {**record, "word": "added"}],
        "organisation": [
            {"what": "parameter", "name": text, "old": text, "new": text, "governs": [{"document": text, "sentence": text}]},
        ],
        "kit_files": [text],
        "other_files": [text],
        "unread": [text],
        "requirements": {"gained": [cover], "lost": [cover], "weakened": [cover]},
        "suspects": [{"name": text, "label": text, "because": text}],
        "new_problems": [problem],
        "solved_problems": [problem],
        "left_out": [text],
    }


def comment_on(text: str, folder: Path) -> str:
    done = comment(write(folder, hostile(text)), "--limit", "10000000")
    assert done.returncode == 0, done.stderr
    start, rest = done.stdout.split("\n", 1)
    assert start == MARKER
    return rest


def test_hostile_text_stays_text(tmp_path):
    text = comment_on(HOSTILE, tmp_path)
    assert not set("@[]{}`!~$%") & set(text)
    assert "<!--" not in text and "-->" not in text and "::" not in text and "##[" not in text
    for tag in ("<br>", "<code>", "</code>"):
        text = text.replace(tag, "")
    assert "<" not in text and ">" not in text
    assert HOSTILE in html.unescape(text).replace("\u200b", "")


def test_no_mark_makes_a_mention_or_a_reference_in_the_finished_page(tmp_path):
    # The forges look for mentions and links in the page, after the character references are resolved.
    shown = html.unescape(comment_on(HOSTILE, tmp_path))
    for live in ("@everyone", "@org", "@evil", "#12", "!7", "~label", "%milestone", "$3", "&9", "://"):
        assert live not in shown, live


def test_no_line_begins_with_a_command_of_the_forge(tmp_path):
    text = comment_on(QUICK, tmp_path)
    assert not any(line.lstrip("-*| \t").startswith("/") for line in text.splitlines())
    assert "/quick /close /merge" in html.unescape(text)


def test_what_cannot_be_seen_is_shown_by_its_number(tmp_path):
    text = comment_on(TURNED, tmp_path)
    shown = html.unescape(text)
    for char in "\u202e\u202c\u200b\u00ad\u2066\u2069\U000e0041\u3164\ufe0f":
        assert char not in shown, f"{ord(char):04X}"
        assert f"[U+{ord(char):04X}]" in shown
    assert "safe[U+202E]elbaton si[U+202C]" in shown


def test_letters_of_every_script_stay_as_they_are():
    for text in ("Inês Ó Néill", "Ωmega, 東京", "שלום", "مرحبا"):
        assert quoted(text) == text
    assert html.unescape(quoted("50% of 7 days & nights")) == "50% of 7 days & nights"


def test_a_long_report_is_cut_and_the_end_still_stands(tmp_path):
    problems = [{**PROBLEM, "message": f"number {number} " + "long " * 60} for number in range(2_000)]
    report = {**EMPTY, "blocks": ["reason " * 50] * 2_000, "approvals": [APPROVAL], "new_problems": problems}
    done = comment(write(tmp_path, report))
    assert done.returncode == 0, done.stderr
    assert len(done.stdout) <= 65_000
    assert "2,000 things block this change" in done.stdout
    assert "- and 1,975 more\n" in done.stdout
    assert "| t | nobody |" in done.stdout
    assert "the whole report is in the JSON and HTML files." in done.stdout
    assert done.stdout.splitlines()[-1].startswith("This is about commit")


def test_a_report_that_is_longer_than_its_bounds_is_cut_and_says_so(tmp_path):
    names = {field.name: () for field in dataclasses.fields(Review)}
    files = tuple(f"docs/{number}.md" for number in range(MOST + 7))
    report = report_of(Review(**{**names, "author": "x" * (LONGEST + 1), "other_files": files}), BASE, HEAD)
    assert len(report.other_files) == MOST
    assert report.author == "x" * (LONGEST - 2) + " …"
    assert "- this report leaves out 7 more other files\n" in as_markdown(report)
    assert read_report(as_json(report).encode(), "review.json") == report


def test_one_long_list_does_not_push_out_what_stands_behind_it(tmp_path):
    report = {**EMPTY, "look_at": ["!" * 9_000] * 3, "other_files": ["docs/index.md"]}
    done = comment(write(tmp_path, report))
    assert done.returncode == 0
    assert len(done.stdout) <= 65_000
    assert "docs&#47;index&#46;md" in done.stdout
    assert "## What to look at\n\nThis part is too long to be shown here.\n\n## Other files\n" in done.stdout


# What is no report.

NO = "'review.json' is no report of a change review: "


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"extra": 1}, "'extra': there is no such entry in a report; make it with"),
        ({"::error::x\n##[error]": 1}, "a key that is no word: there is no such entry in a report; "),
        ({"edition": 2}, "'edition': the value is not of the kind that stands there; "),
        ({"blocks": "text"}, "'blocks': the value is not of the kind that stands there; "),
        ({"blocks": [1]}, "'blocks', item 1: the value is not of the kind that stands there; "),
        ({"blocks": [None]}, "'blocks', item 1: the value is not of the kind that stands there; "),
        ({"blocks": ["x" * 20_001]}, "'blocks', item 1: the text is longer than 20,000 characters; "),
        ({"blocks": ["x\ud800y"]}, "'blocks', item 1: the text holds half of a surrogate pair; "),
        ({"look_at": ["line"] * 100_000}, "'look_at': the list is longer than a report allows; "),
        ({"head": "HEAD"}, "'head': it is not the name of a commit; "),
        ({"head": HEAD + "\n"}, "'head': it is not the name of a commit; "),
        ({"base": "working tree"}, "'base': it is not the name of a commit; "),
        ({"approvals": [{**APPROVAL, "enforced": "yes"}]}, "'approvals', item 1, 'enforced': the value is not of the kind"),
        ({"approvals": [{**APPROVAL, "enforced": 1}]}, "'approvals', item 1, 'enforced': the value is not of the kind"),
        ({"new_problems": [{**PROBLEM, "line": 1.0}]}, "'new_problems', item 1, 'line': the value is not of the kind"),
        ({"new_problems": [{**PROBLEM, "line": -1}]}, "'new_problems', item 1, 'line': the value is not of the kind"),
        ({"new_problems": [{**PROBLEM, "line": 10**30}]}, "'new_problems', item 1, 'line': the value is not of the kind"),
        ({"new_problems": [{**PROBLEM, "severity": "fatal"}]}, "'new_problems', item 1, 'severity': the value is not of the kind"),
        ({"approvals": [{"role": "r"}]}, "'approvals', item 1, 'title': the entry is missing; "),
        ({"author": float("nan")}, "NaN is no number of JSON; "),
        ({"author": float("-inf")}, "-Infinity is no number of JSON; "),
        ({f"key{number}": 1 for number in range(100_000)}, "an object has more than 50 entries; "),
        ({"records": [{"fields": [{}] * MOST}] * 100}, "'records', item 1, 'kind': the entry is missing; "),
    ],
    ids=lambda value: None if isinstance(value, str) else next(iter(value))[:12],
)
def test_what_a_report_does_not_hold_is_refused(change, message, tmp_path):
    refused(comment(write(tmp_path, {**EMPTY, **change})), NO + message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", NO + "at line 1, column 1, it is not JSON; "),
        ("{", NO + "at line 1, column 2, it is not JSON; "),
        ("[]", NO + "the whole: the value is not of the kind that stands there; "),
        ("null", NO + "the whole: the value is not of the kind that stands there; "),
        ('{"head": "a", "head": "b"}', NO + "a key stands twice in one object; "),
        (json.dumps(EMPTY)[:-1] + ', "head": "' + HEAD + '"}', NO + "a key stands twice in one object; "),
        ("[" * 200_000, NO + "it is nested more deeply than a report ever is; "),
        ('{"blocks": ' * 200_000, NO + "it is nested more deeply than a report ever is; "),
        ('{"blocks": ' + "[" * 900 + "]" * 900 + "}", NO),
        ('{"edition": ' + "9" * 100_000 + "}", NO + "it holds a number with thousands of digits; "),
        (" " * (LARGEST + 1), "'review.json' is larger than the 5 MiB that are read of a report; "),
    ],
    ids=["nothing", "cut", "list", "null", "key-twice", "head-twice", "deep", "deep-objects", "deep-list", "digits", "large"],
)
def test_what_is_no_json_is_refused(text, message, tmp_path):
    refused(comment(write(tmp_path, text)), message)


def test_bytes_that_are_no_text_are_refused(tmp_path):
    (tmp_path / "review.json").write_bytes(b'{"head": "\xff"}')
    refused(comment(tmp_path / "review.json"), NO + "byte 11 is not UTF-8; ")


def test_a_report_on_another_commit_is_refused(tmp_path):
    done = comment(write(tmp_path, EMPTY), "--head", "c" * 40)
    refused(done, f"'review.json' is a report on commit '{HEAD}' and not on commit '{'c' * 40}'; run the review again\n")
    done = comment(write(tmp_path, {**EMPTY, "head": "working tree"}), "--head", HEAD)
    refused(done, f"'review.json' is a report on files that were not committed and not on commit '{HEAD}'; run the review again\n")


def test_a_link_and_a_folder_are_no_report(tmp_path):
    path = tmp_path / "review.json"
    path.symlink_to("/etc/passwd")
    refused(comment(path), f"'{path}' is no file; name the JSON that")
    refused(comment(tmp_path), f"'{tmp_path}' is no file; name the JSON that")
    refused(comment(tmp_path / "gone.json"), f"'{tmp_path / 'gone.json'}' is no file; name the JSON that")
