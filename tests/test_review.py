"""The review of a change: recorded changes and what is said of each, input that cannot be reviewed, and a hostile change."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest
import yaml

from macros.render.review import as_markdown
from macros.review.report import as_json, read_report
from macros.schemas import schema_text
from tests import compiled
from tests.conftest import KIT, PINNED
from tests.review_setup import ask, branch, commit, git, propose, repository_of

RECORDED = sorted((KIT / "tests/review").iterdir())
POLICY = "docs/policies/ai-policy.md"


def read(text: str) -> str:
    """As a reader sees it: without the character references, and without the spaces of no width that keep marks apart."""
    return html.unescape(text).replace("\u200b", "")


@pytest.fixture(scope="session")
def repository(example, tmp_path_factory) -> Path:
    """The worked organisation in git; a test makes its own branch and leaves `main` as it is."""
    return repository_of(example, tmp_path_factory.mktemp("review") / "tarnmoor")


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda path: path.name)
def test_a_recorded_change_is_reported_as_written(recorded, repository, tmp_path, golden):
    base, head, author = propose(repository, recorded / "change.json")
    file = tmp_path / "review.json"
    done = ask(repository, base, head, "--author", author, "--json", str(file))
    golden(recorded / "expected.md", read(done.stdout))
    assert done.returncode == int("**Not yet" in read(done.stdout))
    assert done.stderr == f"Compared {base[:12]} with {head[:12]}\n" + PINNED
    report = read_report(file.read_bytes(), file.name)
    assert (report.base, report.head, report.author) == (base, head, author)
    assert as_markdown(report) == done.stdout
    assert as_json(report) == file.read_text("utf-8")
    jsonschema.validate(json.loads(file.read_text("utf-8")), json.loads(schema_text("change-review")))


def test_a_review_becomes_a_comment_on_its_own_commit_alone(repository, tmp_path):
    base, head, author = propose(repository, RECORDED[0] / "change.json")
    file = tmp_path / "review.json"
    said = ask(repository, base, head, "--author", author, "--json", str(file)).stdout
    made = ask(repository, str(file), "--head", head, verb="comment")
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.startswith(f"<!-- aims-change-review -->\n\n{said}\nThis is about commit {head[:12]}, compared with {base[:12]}. ")
    refused = ask(repository, str(file), "--head", base, verb="comment")
    assert (refused.returncode, refused.stdout) == (3, "")
    assert f"is a report on commit '{head}' and not on commit '{base}'" in refused.stderr


def test_a_recorded_change_has_a_name_and_a_number():
    assert [path.name[:2] for path in RECORDED] == [f"{number:02}" for number in range(1, len(RECORDED) + 1)]


# Input that cannot be reviewed, or only in part.


def refused(done, message: str) -> None:
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr == f"python -m macros review: {message}\n"


@pytest.mark.parametrize("revision", ["nosuch", "", "HEAD:org.yaml", "--help-me", "0" * 40])
def test_an_unknown_revision_is_named(revision, repository):
    words = ("--", revision) if revision.startswith("-") else (revision,)
    refused(ask(repository, *words), f"there is no commit '{revision}' in this repository")


def test_an_unknown_head_is_named(repository):
    refused(ask(repository, "main", "nosuch"), "there is no commit 'nosuch' in this repository")


def test_a_folder_without_git_is_no_repository(repository, tmp_path):
    message = "'.' is no git repository; a change review compares two commits of one"
    refused(ask(tmp_path, "main", engine=repository), message)


def test_a_folder_that_is_not_there_is_named(repository):
    refused(ask(repository, "main", "--root", "nowhere"), "'nowhere' is no folder")


def test_a_shallow_clone_says_what_to_fetch(repository, tmp_path):
    branch(repository, "shallow")
    (repository / "README.md").write_text("Changed.\n", "utf-8")
    first = git(repository, "rev-parse", "HEAD")
    commit(repository, "Change")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--depth", "1", "--branch", "shallow", repository.as_uri(), str(clone))
    way_out = "fetch it first, as with 'git fetch --unshallow' or a deeper checkout in CI"
    refused(ask(clone, first), f"the commit '{first}' is not in this shallow clone; {way_out}")
    git(clone, "fetch", "--quiet", "--depth", "1", "origin", "main:other")
    done = ask(clone, "other")
    refused(done, f"where the two sides parted is not in this shallow clone; {way_out}")


def test_a_tag_and_a_branch_name_their_commit(repository):
    branch(repository, "tagged")
    (repository / "README.md").write_text("Changed.\n", "utf-8")
    head = commit(repository, "Change")
    git(repository, "tag", "--annotate", "--force", "--message", "x", "v1")
    done = ask(repository, "main", "v1")
    assert done.returncode == 0
    assert done.stderr == f"Compared {git(repository, 'rev-parse', 'main')[:12]} with {head[:12]}\n" + PINNED
    assert "README" in done.stdout


def test_a_binary_document_is_a_problem_and_the_rest_is_reported(repository):
    branch(repository, "binary")
    (repository / POLICY).write_bytes(b"---\nid: POL-001\n\xff\xfe\x00\n")
    done = ask(repository, "main", commit(repository, "Change"))
    text = read(done.stdout)
    assert done.returncode == 1
    assert f"- SEC102 at {POLICY}:3: byte 17 of '{POLICY}' is not UTF-8; save the file as UTF-8 text\n" in text
    assert f"- {POLICY} cannot be read: what changed in it, and who must approve that, is not known\n" in text
    assert "is removed" not in text
    assert "Solved" not in text


def test_a_document_of_five_megabytes_is_reported_in_seconds(repository):
    branch(repository, "large")
    with (repository / POLICY).open("a", encoding="utf-8") as stream:
        stream.writelines(f"Line {number} {'says nothing to anybody ' * 40}\n" for number in range(6_000))
    assert (repository / POLICY).stat().st_size > 5_000_000
    done = ask(repository, "main", commit(repository, "Change"))
    text = read(done.stdout)
    assert done.returncode == 1
    assert "SEC142" in text and "docs/policies/ai-policy.md:1" in text  # what nobody can review is not taken for reviewed
    assert len(done.stdout) <= 65_000
    assert "Traceback" not in done.stderr


def test_a_merge_commit_is_compared_with_where_the_sides_parted(repository):
    branch(repository, "side")
    (repository / "README.md").write_text("Changed here.\n", "utf-8")
    side = commit(repository, "Change")
    branch(repository, "onward")
    (repository / "CODEOWNERS").write_text("/docs/ @a\n", "utf-8")
    onward = commit(repository, "Change")
    alone = ask(repository, onward, side)
    assert "README" in alone.stdout
    assert "CODEOWNERS&#" not in alone.stdout and "- CODEOWNERS" not in alone.stdout
    git(repository, "merge", "--quiet", "--no-edit", side)
    merged = ask(repository, onward, "HEAD")
    assert "README" in merged.stdout
    assert "- CODEOWNERS" not in merged.stdout


def test_a_repository_in_a_subfolder_is_reviewed_by_itself(example, tmp_path):
    inside = tmp_path / "all" / "management system"
    shutil.copytree(example, inside, ignore=shutil.ignore_patterns("site", "__pycache__"))
    (tmp_path / "all/other.md").write_text("Not ours.\n", "utf-8")
    git(tmp_path / "all", "init", "--quiet", "--initial-branch", "main")
    first = commit(tmp_path / "all", "Begin")
    (tmp_path / "all/other.md").write_text("Not ours, changed.\n", "utf-8")
    (inside / "CODEOWNERS").write_text("/docs/ @a\n", "utf-8")
    commit(tmp_path / "all", "Change")
    done = ask(inside, first, "HEAD")
    assert done.returncode == 0
    assert "- CODEOWNERS" in done.stdout
    assert "other" not in done.stdout.replace("other file", "").replace("Other files", "")


def test_the_working_tree_is_reviewed_as_it_lies(repository):
    branch(repository, "lying")
    path = repository / "docs/procedures/event-logs.md"
    path.write_text(path.read_text("utf-8").replace("shall raise an alarm", "should raise an alarm"), "utf-8")
    (repository / "docs/new.md").write_text("---\ntitle: New\n---\n\nText.\n", "utf-8")
    (repository / "macros/new.py").write_text("# New.\n", "utf-8")
    done = ask(repository, "main")
    text = read(done.stdout)
    assert done.returncode == 1
    assert done.stderr.endswith("with working tree\n" + PINNED)
    assert "softened from 'shall' to 'should'" in text
    assert "- docs/new.md\n" in text
    assert "- macros/new.py\n" in text
    assert "It touches 1 document (1 change of obligation), 1 file of the kit and 1 other file." in text


@pytest.mark.parametrize("words", [("main", "main"), ("main",)], ids=["commits", "working tree"])
def test_an_empty_change_says_so(words, repository):
    branch(repository, "empty")
    done = ask(repository, *words)
    assert done.returncode == 0
    assert read(done.stdout) == "# Change review\n\nNothing that the management system knows has changed.\n"


def test_a_file_name_that_is_not_utf8_is_shown_without_a_traceback(repository, tmp_path):
    branch(repository, "name")
    blob = git(repository, "hash-object", "-w", "README.md")
    feed = b"100644 blob " + blob.encode() + b"\tdocs/\xff.md\0"
    subprocess.run(["git", "update-index", "-z", "--index-info"], cwd=repository, input=feed, check=True)
    git(repository, "commit", "--quiet", "--message", "Change")
    for format_ in ("markdown", "json", "github", "gitlab"):
        done = ask(repository, "main", "HEAD", "--format", format_, "--json", str(tmp_path / "a.json"), "--html", str(tmp_path / "a.html"))
        assert done.returncode in (0, 1)
        assert "Traceback" not in done.stderr
        report = read_report((tmp_path / "a.json").read_bytes(), "a.json")
        assert report.unread == ("docs/\\udcff.md",)
        assert report.blocks[0].startswith("SEC102 at docs/\\udcff.md:1: ")
    branch(repository, "clean-again")


def test_the_kit_itself_is_refused(tmp_path, repository):
    (tmp_path / "README.md").write_text("x\n", "utf-8")
    git(tmp_path, "init", "--quiet")
    commit(tmp_path, "Begin")
    message = "neither side holds an 'org.yaml'; a change review is for a generated repository"
    refused(ask(tmp_path, "HEAD", engine=repository), message)


def test_a_report_is_cut_to_its_limit_and_says_so(repository):
    base, head, _ = propose(repository, RECORDED[20] / "change.json")
    whole = ask(repository, base, head).stdout
    done = ask(repository, base, head, "--limit", "16000")
    assert len(whole) > 16000 >= len(done.stdout)
    assert done.stdout.endswith(" |\n\n2 more parts are left out here; the whole report is in the JSON and HTML files.\n")
    assert "New problems" in whole and "New problems" not in done.stdout


# Where a forge runs it.


def test_the_workflow_only_reads_and_runs_what_is_in_force():
    path = KIT / "<<cookiecutter.org>>/.github/workflows/review.yml"
    text = path.read_text("utf-8")
    data = yaml.safe_load(text)
    assert data[True] == {"pull_request": None}  # PyYAML reads the key `on` as true
    assert data["permissions"] == {"contents": "read"}
    (job,) = data["jobs"].values()
    assert "permissions" not in job
    checkouts = [step["with"] for step in job["steps"] if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts == [{"ref": "${{ github.event.pull_request.base.sha }}", "fetch-depth": 0, "persist-credentials": False}]
    for step in job["steps"]:
        assert "${{" not in step.get("run", "")
        assert not re.search(r"git (?:checkout|switch|merge|reset|worktree)", step.get("run", ""))
    pinned = set(re.findall(r"uses: (\S+)", (path.parent / "check.yml").read_text("utf-8")))
    assert set(re.findall(r"uses: (\S+)", text)) <= pinned
    assert "<<" not in text


def test_the_gitlab_job_runs_what_is_in_force():
    data = yaml.safe_load((KIT / "<<cookiecutter.org>>/.gitlab-ci.yml").read_text("utf-8"))
    script = data["review"]["script"]
    assert script[0] == 'git worktree add --detach /tmp/in-force "$CI_MERGE_REQUEST_DIFF_BASE_SHA"'
    assert script[1] == "cd /tmp/in-force"
    assert data["review"]["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'}]


# A hostile change: it is data, and stays data.

HOSTILE = "@everyone <!-- marker --> ::error::x ##[error]x </td><script>alert(1)</script> [x](javascript:alert(1)) {{ 7*7 }} | `x` https://evil.example"
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "ul", "li"),
    *("table", "thead", "tbody", "tr", "th", "td", "strong", "code", "br"),
}


class Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.comments: list[str] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_comment(self, data):
        self.comments.append(data)

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def hostile(repository, tmp_path_factory) -> tuple[Path, Path]:
    """A clone with the base checked out and a hostile commit as `refs/proposed`, and the folder where nothing may appear."""
    room = tmp_path_factory.mktemp("hostile")
    canary = room / "canary"
    canary.mkdir()
    secret = room / "secret.md"
    secret.write_text("---\ntitle: SECRET-5f1c\n---\n\nSECRET-5f1c\n", "utf-8")
    theirs, ours = room / "theirs", room / "ours"
    git(room, "clone", "--quiet", "--branch", "main", str(repository), str(theirs))
    git(room, "clone", "--quiet", "--branch", "main", str(repository), str(ours))

    def run(name: str) -> str:
        return f"import pathlib; pathlib.Path({str(canary / name)!r}).write_text('x')\n"

    for path in (
        *("macros/__init__.py", "macros/__main__.py", "macros/checks/__init__.py", "macros/review/__init__.py", "macros/load/workspace.py"),
        *(
            "mkdocs_hooks.py",
            "conftest.py",
            "sitecustomize.py",
            "usercustomize.py",
            "markdown.py",
            "pydantic.py",
            "yaml.py",
            "docs/conf.py",
        ),
    ):
        file = theirs / path
        text = file.read_text("utf-8") if file.exists() else ""
        file.write_text(
            text + "\n" + run(path.replace("/", "-")) if "from __future__" in text else run(path.replace("/", "-")) + text, "utf-8"
        )
    (theirs / "overrides").mkdir()
    (theirs / "overrides/main.html").write_text(f"{{{{ cycler.__init__.__globals__.os.popen('touch {canary}/theme').read() }}}}\n", "utf-8")
    (theirs / ".gitattributes").write_text("* filter=evil diff=evil merge=evil\n", "utf-8")
    (theirs / ".gitconfig").write_text(f'[filter "evil"]\n\tsmudge = touch {canary}/smudge\n\tclean = touch {canary}/clean\n', "utf-8")
    (theirs / ".gitmodules").write_text('[submodule "x"]\n\tpath = x\n\turl = ext::sh -c touch% canary\n', "utf-8")
    (theirs / "docs/payload.md").write_text(
        '---\nid: PRO-099\ntitle: |-\n  A\n  ::error::B\ntype: procedure\nowner: ai-governance-lead\nversion: "0.1"\nstatus: draft\n'
        "approved: null\nnext_review: null\nclassification: internal\naddresses: []\n---\n\n## " + HOSTILE + "\n\n"
        f"{{{{ cycler.__init__.__globals__.os.popen('touch {canary}/jinja').read() }}}} shall {HOSTILE}\n"
        "{% include '/etc/passwd' %}\n",
        "utf-8",
    )
    quoted = json.dumps(HOSTILE)
    for path, old, new in (
        (POLICY, "title: Information security and AI policy", f"title: {quoted}"),
        (POLICY, "## Principles", f"## {HOSTILE}"),
        (POLICY, "Staff shall use AI systems only", f"Staff should {HOSTILE} use AI systems only"),
        ("registers/risks/RSK-004.yaml", "title: Applications are disclosed or tied to a person again", f"title: {quoted}"),
        ("registers/ai-systems/AIS-002.yaml", 'version: "1.4"', f"version: {json.dumps('9 ' + HOSTILE)}"),
        ("registers/risks/RSK-001.yaml", "\ntitle: ", f"\n{json.dumps(HOSTILE)}: x\ntitle: "),
        ("org.yaml", "name: Conor Maher", f"name: {quoted}"),
        (
            "org.yaml",
            "concern_channel: the form Speak Up on the staff portal",
            f"concern_channel: {json.dumps('line' + chr(10) + '::error::x ' + HOSTILE)}",
        ),
    ):
        file = theirs / path
        text = file.read_text("utf-8")
        assert text.count(old) >= 1, (path, old)
        file.write_text(text.replace(old, new, 1), "utf-8")
    (theirs / "registers/concerns/CON-2026-001.yaml").write_text(f"!!python/object/apply:os.system ['touch {canary}/yaml']\n", "utf-8")
    with (theirs / "mkdocs.yml").open("a", encoding="utf-8") as stream:
        stream.write(f"\nextra_evil: !!python/object/apply:os.system ['touch {canary}/mkdocs']\n")
    (theirs / "docs/x.md").symlink_to("/etc/passwd")
    (theirs / "docs/y.md").symlink_to(secret)
    (theirs / "registers/suppliers.yaml").unlink()
    (theirs / "registers/suppliers.yaml").symlink_to("/etc/passwd")
    (theirs / "docs" / "@everyone ::error::x <!-- y --> <script>.md").write_text("---\ntitle: x\nsoa_table: y\n---\n", "utf-8")
    (theirs / "docs" / "line\n::error::z.md").write_text("---\ntitle: x\nsoa_table: y\n---\n", "utf-8")
    commit(theirs, "::error::x")
    git(ours, "fetch", "--quiet", str(theirs), "HEAD:refs/proposed")
    # Even where somebody had switched the filters on.
    for name in ("smudge", "clean", "process"):
        git(ours, "config", f"filter.evil.{name}", f"touch {canary}/{name}")
    git(ours, "config", "diff.evil.textconv", f"touch {canary}/textconv")
    git(ours, "config", "core.fsmonitor", f"touch {canary}/fsmonitor")
    git(ours, "config", "diff.external", f"touch {canary}/external")
    for left in canary.iterdir():  # what git itself ran while the change was made
        left.unlink()
    return ours, canary


@pytest.fixture(scope="module")
def outputs(hostile, repository, tmp_path_factory) -> dict[str, str]:
    ours, canary = hostile
    engine = tmp_path_factory.mktemp("engine") / "base"
    git(ours.parent, "clone", "--quiet", "--branch", "main", str(repository), str(engine))
    compiled.give_that_of_the_kit(engine)
    room = tmp_path_factory.mktemp("written")
    files = ("--html", str(room / "review.html"), "--json", str(room / "review.json"))
    found = {}
    for name, words in (
        ("markdown", ("--limit", "10000000", *files)),
        ("json", ("--format", "json")),
        ("github", ("--format", "github")),
        ("gitlab", ("--format", "gitlab")),
    ):
        done = ask(ours, "main", "refs/proposed", "--author", HOSTILE, *words, engine=engine)
        assert done.returncode == 1, done.stderr
        assert re.fullmatch(r"Compared [0-9a-f]{12} with [0-9a-f]{12}\n" + re.escape(PINNED), done.stderr)
        found[name] = done.stdout
    found["html"] = (room / "review.html").read_text("utf-8")
    found["json file"] = (room / "review.json").read_text("utf-8")
    assert list(canary.iterdir()) == []
    return found


def test_nothing_of_a_hostile_change_runs(outputs, hostile):
    ours, canary = hostile
    assert list(canary.iterdir()) == []
    assert not [path for path in ours.rglob("*") if "canary" in path.name]
    assert git(ours, "config", "--unset", "core.fsmonitor") == ""


def test_a_link_is_named_and_not_followed(outputs):
    secret = (KIT / "/etc/passwd").read_text("utf-8").splitlines()[0]
    for name, text in outputs.items():
        assert secret not in html.unescape(text), name
        assert "SECRET-5f1c" not in html.unescape(text), name
    assert "docs/x.md" in read(outputs["markdown"])


def test_the_markdown_holds_no_live_mark_of_the_change(outputs):
    text = outputs["markdown"]
    assert not set("@[]{}`") & set(text)
    assert set(re.findall(r"<[^>]*>?", text)) <= {"<br>", "<code>", "</code>"}
    assert "::" not in text and "##[" not in text and "://" not in text
    assert set(re.findall(r"(?m)^#+ ", text)) <= {"# ", "## ", "### "}
    assert HOSTILE in read(text)


def test_the_html_holds_no_tag_but_the_reports_own(outputs):
    seen = Seen()
    seen.feed(outputs["html"])
    assert seen.tags <= TAGS
    assert seen.attributes <= {"lang", "charset", "name", "content"}
    assert seen.comments == []
    assert HOSTILE in read(seen.text)


def test_the_json_is_data_and_holds_no_live_mark(outputs):
    assert outputs["json"] == outputs["json file"]
    text = outputs["json"]
    assert not set("<>&@") & set(text)
    assert "::" not in text and "##" not in text
    data = json.loads(text)
    assert data["author"] == HOSTILE
    assert any(HOSTILE in document["title"] for document in data["documents"])


def test_the_annotations_are_one_command_a_line(outputs):
    problems = json.loads(outputs["json"])["new_problems"]
    lines = outputs["github"].splitlines()
    assert len(lines) >= len(problems) > 5
    for line in lines:
        assert re.match(r"::(?:error|warning|notice) (?:file=|title=)[^\r\n]*?::", line), line
        properties = line[2:].split("::", 1)[0]
        assert "<" not in properties or "%3A" in properties
    assert "\r" not in outputs["github"]


def test_the_code_quality_report_holds_the_new_problems_and_no_others(outputs):
    problems = json.loads(outputs["json"])["new_problems"]
    rows = json.loads(outputs["gitlab"])
    assert [(row["check_name"], row["location"]) for row in rows] == [
        (problem["code"], {"path": problem["path"], "lines": {"begin": problem["line"]}}) for problem in problems
    ]
    assert len({row["fingerprint"] for row in rows}) == len(rows) > 5


def test_the_problems_of_a_hostile_change_are_named(outputs):
    codes = {problem["code"] for problem in json.loads(outputs["json"])["new_problems"]}
    assert {"SEC101", "SEC202"} <= codes
    paths = set(json.loads(outputs["json"])["kit_files"]) | set(json.loads(outputs["json"])["other_files"])
    assert {
        "macros/__init__.py",
        "mkdocs_hooks.py",
        "conftest.py",
        "sitecustomize.py",
        ".gitattributes",
        ".gitconfig",
        "mkdocs.yml",
    } <= paths
    text = read(outputs["markdown"])
    for path in ("conftest.py", "sitecustomize.py", ".gitattributes", "mkdocs.yml"):
        assert f"- {path} changed, which can decide what programs run\n" in text
