"""The jobs that write on a forge, run as the forge runs them, against a forge that is played here."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

from tests.compiled import PLACE
from tests.conftest import KIT
from tests.test_comment import EMPTY, HEAD, MARKER

TEMPLATE = KIT / "<<cookiecutter.org>>"
REPORT = json.dumps({**EMPTY, "blocks": ["something"], "author": "deirdre-nolan"})

# GitHub: the steps of comment.yml in bash, with an executable `gh` that answers from a folder and writes down what it is asked.

GH = """
import json, os, pathlib, subprocess, sys

room = pathlib.Path(os.environ["FAKE_FORGE"])
words = sys.argv[1:]
with (room / "calls").open("a") as stream:
    stream.write(json.dumps(words) + "\\n")


def after(*names):
    return [words[at + 1] for at, word in enumerate(words) if word in names]


if words[:2] == ["run", "download"]:
    target = pathlib.Path(after("--dir")[0])
    target.mkdir(parents=True)
    (target / "review.json").write_bytes((room / "review.json").read_bytes())
    raise SystemExit(0)
assert words[0] == "api", words
method, path = after("--method")[0], next(word for word in words if word.startswith("repos/"))
state = json.loads((room / "state.json").read_text("utf-8"))
fields = dict(value.split("=", 1) for value in after("-f", "-F"))
if method == "GET" and path.endswith("/pulls"):
    owner, branch = fields["head"].split(":", 1)
    answer = [pull for pull in state["pulls"] if pull["owner"] == owner and pull["branch"] == branch]
elif method == "GET" and path.endswith("/artifacts"):
    answer = {"artifacts": state["artifacts"]}
elif method == "GET":
    answer = state["comments"]
else:
    name = fields["body"]
    assert name.startswith("@"), "a body is read from a file"
    (room / "posted").write_text(json.dumps([method, path, pathlib.Path(name[1:]).read_text("utf-8")]), "utf-8")
    raise SystemExit(0)
done = subprocess.run(["jq", "--raw-output", after("--jq")[0]], input=json.dumps(answer), text=True, capture_output=True)
sys.stdout.write(done.stdout)
sys.stderr.write(done.stderr)
raise SystemExit(done.returncode)
"""
STATE = {
    "pulls": [{"number": 7, "owner": "fork", "branch": "my branch", "head": {"sha": HEAD}}],
    "artifacts": [{"name": "review", "expired": False, "size_in_bytes": 2000}],
    "comments": [],
}
FOREIGN = {"id": 1, "user": {"login": "mallory"}, "body": f"{MARKER}\n\nNothing blocks this."}
OWN = {"id": 2, "user": {"login": "github-actions[bot]"}, "body": f"{MARKER}\n\nOld."}


class Room:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "bin").mkdir(parents=True)
        for name, text in (("gh", GH), ("python", None)):
            script = folder / "bin" / name
            if text:
                (folder / "gh.py").write_text(text, "utf-8")
                script.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{folder / "gh.py"}" "$@"\n', "utf-8")
            else:
                script.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', "utf-8")
            script.chmod(0o755)

    def run(self, state: dict, report: str = REPORT) -> tuple[int, str]:
        """Run the steps of the workflow in order; gives the exit code of the first that fails, or 0, and what was printed."""
        for name in ("posted", "calls", "runner"):
            path = self.folder / name
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        (self.folder / "runner").mkdir()
        (self.folder / "state.json").write_text(json.dumps(state), "utf-8")
        (self.folder / "review.json").write_text(report, "utf-8")
        (job,) = yaml.safe_load((TEMPLATE / ".github/workflows/comment.yml").read_text("utf-8"))["jobs"].values()
        given = {
            "GH_TOKEN": "t",
            "REPOSITORY": "us/system",
            "RUN_ID": "99",
            "HEAD_SHA": HEAD,
            "HEAD_OWNER": "fork",
            "HEAD_BRANCH": "my branch",
        }
        assert set(job["env"]) == set(given)
        outputs: dict[str, str] = {}
        said = ""
        for step in job["steps"]:
            if "run" not in step or "pip install" in step["run"]:
                continue
            condition = step.get("if")
            if condition and not outputs.get(re.fullmatch(r"steps\.(\w+\.outputs\.\w+)", condition).group(1)):
                continue
            own = {
                name: outputs.get(re.fullmatch(r"\$\{\{ steps\.(\S+) \}\}", value).group(1), "")
                for name, value in step.get("env", {}).items()
            }
            written = self.folder / "output"
            written.write_text("", "utf-8")
            done = subprocess.run(
                ["bash", "-e", "-c", step["run"]],
                cwd=KIT,
                env={
                    **given,
                    **own,
                    "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
                    "FAKE_FORGE": str(self.folder),
                    "PYTHONPYCACHEPREFIX": str(PLACE),
                    "GITHUB_OUTPUT": str(written),
                    "RUNNER_TEMP": str(self.folder / "runner"),
                },
                capture_output=True,
                text=True,
                check=False,
            )
            said += done.stdout + done.stderr
            for line in written.read_text("utf-8").splitlines():
                name, value = line.split("=", 1)
                outputs[f"{step['id']}.outputs.{name}"] = value
            if done.returncode:
                return done.returncode, said
        return 0, said

    @property
    def posted(self) -> list | None:
        path = self.folder / "posted"
        return json.loads(path.read_text("utf-8")) if path.exists() else None


@pytest.fixture
def room(tmp_path) -> Room:
    if not shutil.which("jq"):
        pytest.skip("the expressions that gh evaluates are evaluated by jq here")
    return Room(tmp_path / "forge")


def test_github_makes_a_comment_where_there_is_none(room):
    code, said = room.run(STATE)
    assert (code, said) == (0, "")
    method, path, body = room.posted
    assert (method, path) == ("POST", "repos/us/system/issues/7/comments")
    assert body.startswith(f"{MARKER}\n\n# Change review\n") and "- something\n" in body
    calls = [json.loads(line) for line in (room.folder / "calls").read_text("utf-8").splitlines()]
    assert [word[:2] for word in calls if word[0] == "run"] == [["run", "download"]]


def test_github_updates_its_own_comment(room):
    assert room.run({**STATE, "comments": [FOREIGN, OWN, {**OWN, "id": 3}]})[0] == 0
    assert room.posted[:2] == ["PATCH", "repos/us/system/issues/comments/2"]


def test_github_leaves_a_comment_of_somebody_else_alone(room):
    other = {"id": 5, "user": {"login": "github-actions[bot]"}, "body": f"Of another job. {MARKER}"}
    assert room.run({**STATE, "comments": [FOREIGN, other]})[0] == 0
    assert room.posted[:2] == ["POST", "repos/us/system/issues/7/comments"]


def test_github_refuses_a_report_on_another_head(room):
    code, said = room.run(STATE, json.dumps({**EMPTY, "head": "c" * 40}))
    assert code == 3
    assert f"is a report on commit '{'c' * 40}' and not on commit '{HEAD}'" in said
    assert room.posted is None


def test_github_refuses_what_is_no_report(room):
    code, said = room.run(STATE, '{"look_at": "::error::x"}')
    assert code == 3
    assert "'review.json' is no report of a change review" in said and "::error::" not in said
    assert room.posted is None


@pytest.mark.parametrize(
    ("change", "notice"),
    [
        ({"pulls": []}, "No open pull request has the commit of this review as its head"),
        ({"pulls": [{**STATE["pulls"][0], "head": {"sha": "c" * 40}}]}, "No open pull request has the commit of this review as its head"),
        ({"pulls": [STATE["pulls"][0], {**STATE["pulls"][0], "number": 8}]}, "More than one open pull request has this head"),
        ({"artifacts": []}, "left no report"),
        ({"artifacts": [{**STATE["artifacts"][0], "expired": True}]}, "left no report"),
    ],
    ids=["closed", "moved on", "two", "no report", "expired"],
)
def test_github_does_nothing_with_a_notice(change, notice, room):
    code, said = room.run({**STATE, **change})
    assert code == 0
    assert said.startswith("::notice::") and notice in said
    assert room.posted is None


# GitLab: the script of the jobs, against a server that keeps notes and issues.

TOKEN = "-".join(("played", "token"))


class GitLab(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.report: bytes | None = REPORT.encode()
        self.head = HEAD
        self.notes: list[dict] = []
        self.issues: list[dict] = []
        self.calls: list[tuple[str, str]] = []


class Answer(BaseHTTPRequestHandler):
    server: GitLab

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self) -> tuple[int, object]:
        parts = urllib.parse.urlsplit(self.path)
        path, query = parts.path.removeprefix("/api/v4/"), dict(urllib.parse.parse_qsl(parts.query))
        length = int(self.headers.get("Content-Length") or 0)
        sent = json.loads(self.rfile.read(length)) if length else {}
        if self.headers.get("PRIVATE-TOKEN") != TOKEN:
            return 401, {}
        forge = self.server
        forge.calls.append((self.command, path))
        page, size = int(query.get("page", 1)), int(query.get("per_page", 20))
        if path == "user":
            return 200, {"id": 40}
        if path == "projects/5/merge_requests":
            assert query["state"] == "opened" and query["target_branch"] == "main"
            return 200, [{"iid": 3, "sha": forge.head}]
        if path == "projects/5/merge_requests/3":
            return 200, {"iid": 3, "head_pipeline": {"id": 11, "project_id": 6}}
        if path == "projects/6/pipelines/11/jobs":
            return 200, [{"id": 20, "name": "check", "status": "success"}, {"id": 21, "name": "review", "status": "failed"}]
        if path == "projects/6/jobs/21/artifacts/review.json":
            return (200, forge.report) if forge.report is not None else (404, {})
        if path == "projects/5/merge_requests/3/notes" and self.command == "GET":
            return 200, forge.notes[(page - 1) * size : page * size]
        if path == "projects/5/merge_requests/3/notes":
            forge.notes.append({"id": 900 + len(forge.notes), "author": {"id": 40}, "body": sent["body"]})
            return 201, forge.notes[-1]
        if path.startswith("projects/5/merge_requests/3/notes/"):
            (note,) = [note for note in forge.notes if note["id"] == int(path.rsplit("/", 1)[1])]
            note["body"] = sent["body"]
            return 200, note
        if path == "projects/5/issues" and self.command == "GET":
            return 200, [issue for issue in forge.issues if query["labels"] in issue["labels"]]
        if path == "projects/5/issues":
            forge.issues.append(
                {"iid": len(forge.issues) + 1, "labels": [sent["labels"]], **{k: sent[k] for k in ("title", "description")}}
            )
            return 201, forge.issues[-1]
        if path.startswith("projects/5/issues/"):
            (issue,) = [issue for issue in forge.issues if issue["iid"] == int(path.rsplit("/", 1)[1])]
            issue["description"] = sent["description"]
            return 200, issue
        return 404, {}

    def _reply(self) -> None:
        status, body = self._answer()
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = _reply


@pytest.fixture
def gitlab():
    server = GitLab()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def run_gitlab(forge: GitLab, *words: str, token: str = TOKEN) -> subprocess.CompletedProcess:
    """Run the script as the job does."""
    script = yaml.safe_load((TEMPLATE / ".gitlab-ci.yml").read_text("utf-8"))[words[0]]["script"][-1]
    assert script.startswith(f"python .gitlab/notes.py {words[0]}")
    environment = {
        "PATH": os.environ["PATH"],
        "CI_API_V4_URL": f"http://127.0.0.1:{forge.server_address[1]}/api/v4",
        "CI_PROJECT_ID": "5",
        "CI_DEFAULT_BRANCH": "main",
        "PYTHONPATH": str(KIT),
        "PYTHONPYCACHEPREFIX": str(PLACE),
        "no_proxy": "*",
        **({"AIMS_COMMENT_TOKEN": token} if token else {}),
    }
    return subprocess.run(
        [sys.executable, ".gitlab/notes.py", *words], cwd=TEMPLATE, env=environment, capture_output=True, text=True, check=False
    )


def test_gitlab_makes_one_note_and_then_leaves_it_as_it_is(gitlab):
    done = run_gitlab(gitlab, "comment")
    assert (done.returncode, done.stdout, done.stderr) == (0, "merge request 3: the comment is made\n", "")
    (note,) = gitlab.notes
    assert note["body"].startswith(f"{MARKER}\n\n# Change review\n") and "- something\n" in note["body"]
    done = run_gitlab(gitlab, "comment")
    assert done.stdout == "merge request 3: the comment stands as it is\n"
    assert gitlab.notes == [note]
    assert not [call for call in gitlab.calls if call[0] == "PUT"]


def test_gitlab_updates_its_own_note_on_the_second_page(gitlab):
    gitlab.notes = [{"id": number, "author": {"id": 1}, "body": "talk"} for number in range(150)]
    gitlab.notes.append({"id": 500, "author": {"id": 40}, "body": f"{MARKER}\n\nOld."})
    done = run_gitlab(gitlab, "comment")
    assert done.stdout == "merge request 3: the comment is updated\n"
    assert len(gitlab.notes) == 151
    assert "- something\n" in gitlab.notes[-1]["body"]


def test_gitlab_leaves_a_note_of_somebody_else_alone(gitlab):
    gitlab.notes = [{"id": 1, "author": {"id": 41}, "body": f"{MARKER}\n\nNothing blocks this."}]
    done = run_gitlab(gitlab, "comment")
    assert done.stdout == "merge request 3: the comment is made\n"
    assert gitlab.notes[0]["body"] == f"{MARKER}\n\nNothing blocks this."
    assert gitlab.notes[1]["author"]["id"] == 40


@pytest.mark.parametrize(
    ("head", "report", "message"),
    [
        ("c" * 40, REPORT, f"is a report on commit '{HEAD}' and not on commit '{'c' * 40}'"),
        (HEAD, '{"blocks": NaN}', "'review.json' is no report of a change review: NaN is no number of JSON"),
        (HEAD, " " * 6_000_000, "'review.json' is larger than the 5 MiB that are read"),
    ],
    ids=["other head", "no report", "large"],
)
def test_gitlab_refuses_what_is_not_the_report_on_this_head(head, report, message, gitlab):
    gitlab.head, gitlab.report = head, report.encode()
    done = run_gitlab(gitlab, "comment")
    assert done.returncode == 1
    assert message in done.stderr and "Traceback" not in done.stderr
    assert gitlab.notes == []


def test_gitlab_says_where_a_review_left_no_report(gitlab):
    gitlab.report = None
    done = run_gitlab(gitlab, "comment")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "merge request 3: the change review left no report, so nothing is commented\n"
    assert gitlab.notes == []


def test_gitlab_names_a_refusal_and_never_the_token(gitlab):
    done = run_gitlab(gitlab, "comment", token="another")
    assert (done.returncode, done.stderr) == (1, "GitLab answered 401 to GET user\n")
    done = run_gitlab(gitlab, "comment", token="")
    assert done.returncode == 1
    assert done.stderr == "the variable 'AIMS_COMMENT_TOKEN' is not set, or GitLab left it out of an answer\n"


def test_gitlab_keeps_one_issue_of_what_is_due(gitlab, tmp_path):
    file = tmp_path / "due.md"
    file.write_text("first\n", "utf-8")
    gitlab.issues = [{"iid": 1, "labels": ["other"], "title": "x", "description": "x"}]
    assert run_gitlab(gitlab, "due", str(file)).stdout == "issue 2 is made\n"
    file.write_text("second\n", "utf-8")
    assert run_gitlab(gitlab, "due", str(file)).stdout == "issue 2 is updated\n"
    assert [(issue["title"], issue["description"]) for issue in gitlab.issues] == [("x", "x"), ("What is due", "second\n")]


def test_the_gitlab_jobs_that_write_run_in_schedules_of_the_default_branch_alone():
    jobs = yaml.safe_load((TEMPLATE / ".gitlab-ci.yml").read_text("utf-8"))
    for name in ("comment", "due"):
        (rule,) = jobs[name]["rules"]
        assert rule == {
            "if": f'$AIMS_COMMENT_TOKEN && $AIMS_SCHEDULE == "{name}" && $CI_PIPELINE_SOURCE == "schedule" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH'
        }
    assert {"review.html", "review.json"} == set(jobs["review"]["artifacts"]["paths"])


def test_the_comment_workflow_takes_nothing_from_the_proposal_but_its_report():
    text = (TEMPLATE / ".github/workflows/comment.yml").read_text("utf-8")
    data = yaml.safe_load(text)
    assert data[True] == {"workflow_run": {"workflows": ["Change review"], "types": ["completed"]}}  # PyYAML reads `on` as true
    review = yaml.safe_load((TEMPLATE / ".github/workflows/review.yml").read_text("utf-8"))
    assert review["name"] == "Change review"
    (job,) = data["jobs"].values()
    assert job["permissions"] == {"contents": "read", "actions": "read", "pull-requests": "write"}
    assert job["if"] == "github.event.workflow_run.event == 'pull_request'"
    (checkout,) = [step for step in job["steps"] if step.get("uses", "").startswith("actions/checkout@")]
    assert checkout["with"] == {"ref": "${{ github.event.repository.default_branch }}", "persist-credentials": False}
    pinned = set(re.findall(r"uses: (\S+)", (TEMPLATE / ".github/workflows/check.yml").read_text("utf-8")))
    assert set(re.findall(r"uses: (\S+)", text)) <= pinned
    assert "<<" not in text
