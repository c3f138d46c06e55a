"""Keeps one note on each merge request, with its change review, and one issue of what is due.

    python .gitlab/notes.py comment
    python .gitlab/notes.py due FILE

Run by the jobs `comment` and `due` of .gitlab-ci.yml, on the default branch alone. Needs AIMS_COMMENT_TOKEN, the token
of a bot with the scope `api`, beside the variables that GitLab sets. The kit owns this file.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

MARKER = "<!-- aims-change-review -->"
LABEL = "what-is-due"
LARGEST = 5 * 1024 * 1024
LONGEST = 900_000  # characters; GitLab refuses a description or note beyond a million


class Refused(Exception):
    """GitLab did not do what was asked; its text is the whole message."""

    def __init__(self, message, status=None):
        super().__init__(message)
        self.status = status


class Forge:
    """The API of the project that this job runs in."""

    def __init__(self, settings):
        self.root = settings["CI_API_V4_URL"].rstrip("/")
        self.project = f"projects/{settings['CI_PROJECT_ID']}"
        self.token = settings["AIMS_COMMENT_TOKEN"]

    def ask(self, method, path, most=50 * LARGEST, **values):
        """The bytes of one answer."""
        body = json.dumps(values).encode("utf-8") if method != "GET" else None
        if method == "GET" and values:
            path += "?" + urllib.parse.urlencode(values)
        request = urllib.request.Request(f"{self.root}/{path}", data=body, method=method)
        request.add_header("Content-Type", "application/json")
        request.add_unredirected_header("PRIVATE-TOKEN", self.token)  # an artifact may lie on another server
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.read(most)
        except urllib.error.HTTPError as error:
            raise Refused(f"GitLab answered {error.code} to {method} {path.split('?')[0]}", error.code) from None
        except (urllib.error.URLError, TimeoutError) as error:
            raise Refused(f"GitLab could not be reached: {getattr(error, 'reason', error)}") from None

    def data(self, method, path, **values):
        """One answer as data."""
        return json.loads(self.ask(method, path, **values))

    def every(self, path, **values):
        """All items of a list, page after page."""
        page = 1
        while True:
            items = self.data("GET", path, **values, per_page=100, page=page)
            yield from items
            if len(items) < 100:
                return
            page += 1


def comment(forge):
    """Put the report of each open merge request into its one note; the number of those that failed."""
    me = forge.data("GET", "user")["id"]
    failed = 0
    for request in list(forge.every(f"{forge.project}/merge_requests", state="opened", target_branch=os.environ["CI_DEFAULT_BRANCH"])):
        number, head = request["iid"], request["sha"]
        try:
            text = written(forge, number, head)
            if text is not None:
                keep(forge, number, text, me)
        except Refused as error:
            failed += 1
            print(f"merge request {number}: {error}", file=sys.stderr)
    return failed


def written(forge, number, head):
    """The comment for a merge request as it now stands; None where its review left no report."""
    pipeline = forge.data("GET", f"{forge.project}/merge_requests/{number}").get("head_pipeline") or {}
    content = None
    if pipeline:
        project = f"projects/{int(pipeline['project_id'])}"
        try:
            jobs = list(forge.every(f"{project}/pipelines/{int(pipeline['id'])}/jobs"))
            ended = [job for job in jobs if job["name"] == "review" and job["status"] in ("success", "failed")]
            if ended:
                content = forge.ask("GET", f"{project}/jobs/{int(ended[0]['id'])}/artifacts/review.json", most=LARGEST + 1)
        except Refused as error:
            if error.status not in (403, 404):  # a fork that this token may not read, or a job without artifacts
                raise
    if content is None:
        print(f"merge request {number}: the change review left no report, so nothing is commented")
        return None
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "review.json")
        file.write_bytes(content)
        done = subprocess.run(
            [sys.executable, "-m", "macros", "comment", str(file), "--head", head], capture_output=True, encoding="utf-8", check=False
        )
    if done.returncode != 0:
        raise Refused(done.stderr.strip() or "the comment could not be written")
    return done.stdout


def keep(forge, number, text, me):
    """Create or update the one note: it is known by its first line and by its author, since anybody can write the line."""
    notes = f"{forge.project}/merge_requests/{number}/notes"
    for note in list(forge.every(notes, order_by="created_at", sort="asc")):
        if note["author"]["id"] == me and note["body"].startswith(MARKER):
            if note["body"].strip() == text.strip():
                print(f"merge request {number}: the comment stands as it is")
            else:
                forge.data("PUT", f"{notes}/{note['id']}", body=text)
                print(f"merge request {number}: the comment is updated")
            return
    forge.data("POST", notes, body=text)
    print(f"merge request {number}: the comment is made")


def due(forge, text):
    """Update the one open issue that lists what is due, or make it."""
    issues = f"{forge.project}/issues"
    found = list(forge.every(issues, state="opened", labels=LABEL, order_by="created_at", sort="asc"))
    if found:
        forge.data("PUT", f"{issues}/{found[0]['iid']}", description=text)
        print(f"issue {found[0]['iid']} is updated")
    else:
        made = forge.data("POST", issues, title="What is due", labels=LABEL, description=text)
        print(f"issue {made['iid']} is made")
    return 0


def main(words):
    """Run one of the two; 1 where something was refused."""
    try:
        forge = Forge(os.environ)
        if words == ["comment"]:
            return int(bool(comment(forge)))
        if len(words) == 2 and words[0] == "due":
            return due(forge, pathlib.Path(words[1]).read_text("utf-8")[:LONGEST])
    except Refused as error:
        print(error, file=sys.stderr)
        return 1
    except KeyError as error:
        print(f"the variable {error} is not set, or GitLab left it out of an answer", file=sys.stderr)
        return 1
    print("say 'comment' or 'due FILE'", file=sys.stderr)
    return 2


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
