"""The three organisations of the campaign, and the files that are handed to verbs, made anew for each run."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import KIT
from tests.isms_lists import CONTROLS, csv_file, xlsx
from tests.mutations.organisation import small_organisation
from tests.review_setup import commit, git

BASE, HEAD = "b" * 40, "a" * 40
_PROBLEM = {"code": "DOC101", "severity": "error", "path": "docs/a.md", "line": 3, "message": "m", "way_out": "w"}
REPORT = {
    "edition": 1,
    "base": BASE,
    "head": HEAD,
    "author": "ada",
    "blocks": ["Nobody may."],
    "look_at": ["One sentence."],
    "approvals": [{"role": "r", "title": "t", "because": ["POL-001"], "people": ["Ada"], "enforced": False}],
    "consultations": [],
    "documents": [],
    "records": [],
    "organisation": [],
    "kit_files": ["macros/x.py"],
    "other_files": ["README.md"],
    "unread": [],
    "requirements": {"gained": ["iso42001:5.2"], "lost": [], "weakened": []},
    "suspects": [],
    "new_problems": [_PROBLEM],
    "solved_problems": [],
    "left_out": [],
}
PAGE = """<!doctype html>
<html><head><title>Policy</title><link rel="stylesheet" href="style.css"></head>
<body><h1 id="top">Policy</h1><p><a href="#top">up</a> <a href="../">home</a> <img src="x.png" srcset="x.png 1x, y.png 2x" alt=""></p>
<form action="/x"><input type="image" src="x.png"></form></body></html>
"""


@dataclass(frozen=True)
class Worlds:
    """Where everything lies."""

    folder: Path

    def root(self, name: str) -> Path:
        """The organisation of that name."""
        return self.folder / name


def make_worlds(folder: Path) -> Worlds:
    """Three organisations and what is handed to their verbs, below `folder`."""
    whole = small_organisation(folder / "whole")
    tiny = folder / "tiny"
    shutil.copytree(KIT / "tests/world", tiny)
    for name in ("mkdocs.yml", "README.md", ".aims.json", ".cruft.json"):
        shutil.copy(whole / name, tiny / name)
    (tiny / "CODEOWNERS").write_text("* @ada\n/docs/ @grace\n", "utf-8")
    _outside(whole / "outside", "0" * 40)
    history = folder / "history"
    shutil.copytree(tiny, history)
    git(history, "init", "--quiet", "--initial-branch", "main")
    git(history, "config", "gc.auto", "0")
    commit(history, "Begin")
    policy = history / "docs/policies/ai-policy.md"
    policy.write_text(policy.read_text("utf-8") + "\nEverybody shall report a concern within two days.\n", "utf-8")
    approved = commit(history, "Ask for concerns within two days")
    _outside(tiny / "outside", approved)
    _outside(history / "outside", approved)
    git(tiny, "init", "--quiet", "--initial-branch", "main")
    commit(tiny, "Begin")
    return Worlds(folder)


def _outside(folder: Path, approved: str) -> None:
    """Files that a verb is given, as a forge, a spreadsheet or a build would make them."""
    (folder / "site").mkdir(parents=True)
    (folder / "site/index.html").write_text(PAGE, "utf-8")
    (folder / "day").write_text("AIMS_TODAY 2026-11-16", "utf-8")
    (folder / "commit.json").write_text("{}", "utf-8")
    (folder / "report.json").write_text(json.dumps(REPORT), "utf-8")
    said = {
        "state": "APPROVED",
        "commit_id": approved,
        "submitted_at": "2026-11-02T09:30:00Z",
        "id": 1,
        "body": "",
        "html_url": "https://example.org/1",
    }
    (folder / "github.json").write_text(
        json.dumps([{**said, "user": {"login": "ada"}}, {**said, "user": {"login": "grace.hopper"}, "id": 2}]), "utf-8"
    )
    user = {"username": "grace.hopper", "name": "Grace"}
    merge = {
        "iid": 7,
        "web_url": "https://example.org/7",
        "updated_at": "2026-11-02T10:00:00.000Z",
        "approved_by": [{"user": user, "approved_at": "2026-11-02T10:00:00Z"}],
    }
    (folder / "gitlab.json").write_text(json.dumps(merge), "utf-8")
    answers = {
        "org_name": "Plain Ltd",
        "org": "plain",
        "isms_since": "2022",
        "integration_strategy": "integrated",
        "develops_ai": "yes",
        "provides_ai": "no",
        "uses_ai": "yes",
        "eu_market": "no",
        "forge": "github",
    }
    (folder / "answers.json").write_text(json.dumps(answers), "utf-8")
    head = ["Code", "Title", "Version", "Owner", "Next review", "Location", "Status", "Clause", "Annex A"]
    documents = [
        head,
        *([f"ISP-0{n}", f"Policy {n}", "1.2", "CISO", "31/12/2026", "S:\\x.docx", "Approved", "5.2", "A.5.1, A.5.2"] for n in range(4)),
    ]
    decisions = [["Control", "Title", "Applicable", "Justification", "Status", "Revisit"]]
    decisions += [[number, title, "Yes", "Risk R-1 needs it.", "Implemented", ""] for number, title in CONTROLS[:4]]
    csv_file(folder / "documents.csv", documents)
    csv_file(folder / "decisions.csv", decisions)
    csv_file(
        folder / "read.csv",
        [["Person", "Document", "Version", "Date"], ["maeve-tarn", "POL-001", "1.0", "2026-02-01"], ["x", "POL-002", "1", "1.2.26"]],
    )
    xlsx(folder / "isms.xlsx", {"Documents": documents, "SoA 2022": decisions})
