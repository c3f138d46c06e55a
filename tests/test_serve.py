"""`serve`: what a browser gets is the site as it was last saved, and the reasons where there is none."""

from __future__ import annotations

import html
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from macros.command.watched import first_change, state_of
from tests.conftest import KIT, mkdocs_build
from tests.small_site import replace, small_site

pytestmark = pytest.mark.site
POLICY = "docs/policies/ai-policy.md"
DEADLINE = 120.0
"""Seconds, as a net against hanging alone."""
CLOCK = """
import datetime as real, sys
from pathlib import Path
from types import SimpleNamespace
sys.path.insert(0, ".")
import macros.world as site
from macros.__main__ import main
class Clock(real.datetime):
    @classmethod
    def now(cls, tz=None):
        return real.datetime.fromisoformat(Path(sys.argv[1]).read_text()).replace(tzinfo=tz)
site.datetime = SimpleNamespace(date=real.date, timedelta=real.timedelta, datetime=Clock, UTC=real.UTC)
raise SystemExit(main(["serve", "--port", "0"]))
"""


class Running:
    """A server in a process of its own, and what it says."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self.address = re.search(r"http://\S+", self.wait_for_line(lambda line: line.startswith("Serving on")))[0]

    def _listen(self) -> None:
        for line in self.process.stderr:
            self.lines.append(line.rstrip("\n"))

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(30)
        self._listener.join(30)
        self.process.stderr.close()

    def wait_for_line(self, wanted: Callable[[str], bool], after: int = 0) -> str:
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            found = [line for line in self.lines[after:] if wanted(line)]
            if found:
                return found[0]
            assert self.process.poll() is None, "\n".join(self.lines)
            time.sleep(0.05)
        raise AssertionError("\n".join(self.lines))

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Status and text of a page, without what reloads it."""
        request = urllib.request.Request(self.address + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=DEADLINE) as answer:
                status, text = answer.status, answer.read().decode("utf-8")
        except urllib.error.HTTPError as error:
            with error:
                status, text = error.code, error.read().decode("utf-8")
        return status, re.sub(r'<script src="/\.aims/reload\.js\?since=\d+"></script>', "", text)


@contextmanager
def served(repository: Path, *words: str) -> Iterator[Running]:
    command = words or ("-m", "macros", "serve", "--port", "0")
    process = subprocess.Popen([sys.executable, *command], cwd=repository, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    running = None
    try:
        running = Running(process)
        yield running
    finally:
        process.kill() if running is None else running.close()


def git(repository: Path, *words: str) -> None:
    name = ("-c", "user.name=Ada Lovelace", "-c", "user.email=ada@world.example")
    subprocess.run(["git", *name, *words], cwd=repository, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path) -> Path:
    return small_site(tmp_path / "small")


def renamed_over(path: Path, text: str) -> None:
    """Save as many editors do: a file beside, and its name changed."""
    beside = path.with_name(f"{path.name}.tmp")
    beside.write_text(text, "utf-8")
    os.replace(beside, path)


def document(repository: Path) -> None:
    replace(repository / POLICY, "## Rules", 'Of {{ document("ROL-001") }} and {{ register_page("changes") }}.\n\n## Duties')


def register_record(repository: Path) -> None:
    replace(repository / "registers/isms-documents.yaml", "title: Information security policy", "title: Policy of secrets")


def folder_record(repository: Path) -> None:
    replace(repository / "registers/changes/CHG-001.yaml", "title: New policy", "title: Newest policy")


def parameter(repository: Path) -> None:
    path = repository / "org.yaml"
    renamed_over(path, path.read_text("utf-8").replace("review_interval_months: 12", "review_interval_months: 7"))


def name(repository: Path) -> None:
    replace(repository / "org.yaml", "name: World Ltd", "name: Weltweit GmbH")


def title_of_another(repository: Path) -> None:
    replace(repository / "docs/roles/ai-governance-lead.md", "title: AI governance lead", "title: Lead of all AI")


def new_document(repository: Path) -> None:
    text = (repository / POLICY).read_text("utf-8")
    new = text.replace("id: POL-001", "id: POL-002").replace("title: AI policy", "title: Policy of guests")
    (repository / "docs/policies/guests.md").write_text(new, "utf-8")


def deleted_record(repository: Path) -> None:
    (repository / "registers/changes/CHG-001.yaml").unlink()


def catalogue(repository: Path) -> None:
    path = repository / "controls/iso42001.yaml"
    replace(path, "title: Alignment with other organizational policies", "title: In line with other policies")


def style(repository: Path) -> None:
    with (repository / "macros/assets/aims.css").open("a", encoding="utf-8") as stream:
        stream.write("/* seen */\n")


SAVES = [
    (document, "policies/ai-policy/", "AI governance lead</a> and"),
    (title_of_another, "policies/ai-policy/", "Lead of all AI"),
    (register_record, "records/isms-documents/", "Policy of secrets"),
    (folder_record, "records/changes/CHG-001/", "Newest policy"),
    (parameter, "policies/ai-policy/", "every 7 months"),
    (name, "", "Welcome to Weltweit GmbH"),
    (catalogue, "policies/ai-policy/", "In line with other policies"),
    (new_document, "policies/guests/", "Policy of guests"),
    (deleted_record, "records/changes/", "Newest policy"),
    (style, "assets/aims.css", "/* seen */"),
]


@pytest.mark.parametrize("every", [2, pytest.param(1, marks=pytest.mark.full)])
def test_every_kind_of_save_shows_at_once_and_as_in_a_cold_build(every, repository, tmp_path):
    """Each save is looked at on the first request; what all pages say is compared after so many of them."""
    with served(repository) as server:
        for number, (save, path, expected) in enumerate(SAVES, 1):
            gone = save is deleted_record
            assert (expected in server.get(path)[1]) is gone, save.__name__
            save(repository)
            status, text = server.get(path)
            assert status == 200
            assert (expected in text) is not gone, save.__name__
            if number % every:
                continue
            cold = tmp_path / f"cold-{number}"
            done = mkdocs_build(repository, "--site-dir", str(cold))
            assert done.returncode == 0, done.stderr
            pages = sorted(cold.rglob("*.html"))
            assert len(pages) > 30
            differing = []
            for page in pages:
                name = page.relative_to(cold).as_posix()
                if server.get(name)[1] != page.read_text("utf-8"):
                    differing.append(name)
            assert differing == [], save.__name__
        assert server.get("records/changes/CHG-001/")[0] == 404
        assert sum(line.startswith("Shown as saved") for line in server.lines) == len(SAVES) + 1


def test_a_save_is_built_without_a_reader_who_asks(mended):
    repository, server = mended
    before = len(server.lines)
    with (repository / POLICY).open("a", encoding="utf-8") as stream:
        stream.write("\n## More\n")
    server.wait_for_line(lambda line: line == f"Changed: {POLICY}", after=before)
    server.wait_for_line(lambda line: line.startswith("Shown as saved"), after=server.lines.index(f"Changed: {POLICY}", before))


@pytest.mark.parametrize(
    ("path", "old", "new", "said"),
    [
        ("org.yaml", "forge: none", "forge: [", "org.yaml:13: ORG001 this is not valid YAML"),
        ("registers/changes/CHG-001.yaml", "state: closed", "state: <b>", "state"),
        (POLICY, "## Rules", "{{ cycler() }}", f"{POLICY}:18: SEC202 there is no macro 'cycler'"),
        ("mkdocs.yml", "nav:", "nav: [", "MkDocs encountered an error parsing the configuration file"),
    ],
)
def test_what_breaks_is_told_and_its_repair_shows(mended, path, old, new, said):
    repository, server = mended
    before, mark = len(server.lines), f"The policy mended of {len(server.lines)}"
    replace(repository / path, old, new)
    for place in ("", "policies/ai-policy/", "nowhere/"):
        status, text = server.get(place)
        assert status == 503
        assert said in html.unescape(text)
        assert "<b>" not in text
    assert server.get("assets/aims.css")[0] == 200
    server.wait_for_line(lambda line: line == "The site cannot be shown; mend this and save.", after=before)
    assert "Traceback" not in "\n".join(server.lines)
    replace(repository / path, new, old)
    policy = (repository / POLICY).read_text("utf-8")
    (repository / POLICY).write_text(re.sub(r"(?m)^1\. The policy( mended of \d+)?", f"1. {mark}", policy), "utf-8")
    status, text = server.get("policies/ai-policy/")
    assert status == 200
    assert mark in text


@pytest.fixture(scope="module")
def mended(tmp_path_factory) -> Iterator[tuple[Path, Running]]:
    """A server whose repository is broken and mended again and again."""
    repository = small_site(tmp_path_factory.mktemp("mended") / "small")
    with served(repository) as server:
        yield repository, server


def test_a_server_starts_in_a_broken_repository_and_shows_it_once_mended(repository):
    replace(repository / "org.yaml", "forge: none", "forge: [")
    with served(repository) as server:
        assert server.get("")[0] == 503
        replace(repository / "org.yaml", "forge: [", "forge: none")
        status, text = server.get("")
        assert status == 200
        assert "Welcome to World Ltd" in text


def test_another_branch_and_a_commit_show(repository):
    (repository / ".gitignore").write_text("__pycache__/\n", "utf-8")
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "Begin"], ["checkout", "-qb", "draft"]):
        git(repository, *words)
    document(repository)
    new_document(repository)
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "Duties instead of rules")
    git(repository, "checkout", "-q", "main")
    with served(repository) as server:
        assert "Duties" not in server.get("policies/ai-policy/")[1]
        git(repository, "checkout", "-q", "draft")
        assert "Duties" in server.get("policies/ai-policy/")[1]
        assert server.get("policies/guests/")[0] == 200
        name(repository)
        assert "Weltweit" in server.get("")[1]
        history = server.get("history/POL-001/")[1]
        replace(repository / POLICY, "1. The policy", "1. The changed policy")
        git(repository, "commit", "-qam", "Change of the rule")
        assert "Change of the rule" not in history
        assert "Change of the rule" in server.get("history/POL-001/")[1]


def test_the_day_moves_on_in_a_running_server(repository, tmp_path):
    replace(repository / "org.yaml", 'today: "2026-11-16"\n', "")
    replace(repository / "mkdocs.yml", "nav:", "site_url: https://world.example/aims/\nnav:")  # only a site with an address has dates
    clock = tmp_path / "clock"
    clock.write_text("2026-11-16T23:59:00", "utf-8")
    with served(repository, "-c", CLOCK, str(clock)) as server:
        assert "As checked on 2026-11-16" in html.unescape(server.get("open/")[1])
        clock.write_text("2026-11-17T00:01:00", "utf-8")
        assert "As checked on 2026-11-17" in html.unescape(server.get("open/")[1])
        assert "<lastmod>2026-11-17</lastmod>" in server.get("sitemap.xml")[1]
        clock.write_text("2027-03-05T12:00:00", "utf-8")
        server.wait_for_line(lambda line: line == "Changed: the day")
        assert "As checked on 2027-03-05" in html.unescape(server.get("open/")[1])


TWO_BUILDS = """
import gc, os, sys, tracemalloc
from pathlib import Path
sys.path.insert(0, ".")
from mkdocs.commands.build import build
from mkdocs.config import load_config
from macros.world import World
page = Path("docs/policies/ai-policy.md")
for number in range(4):
    page.write_text(page.read_text("utf-8") + f'\\nBuild {number} of {{{{ document("ROL-001") }}}}.\\n', "utf-8")
    role = Path("docs/roles/ai-governance-lead.md")
    role.write_text(role.read_text("utf-8").replace("title: AI governance lead", f"title: Lead {number}").replace(f"title: Lead {number - 1}", f"title: Lead {number}"), "utf-8")
    build(load_config("mkdocs.yml"))
    text = Path("site/policies/ai-policy/index.html").read_text("utf-8")
    gc.collect()
    worlds = sum(isinstance(thing, World) for thing in gc.get_objects())
    print(number, f"Build {number}" in text, f"Lead {number}" in text, worlds, os.environ.get("SOURCE_DATE_EPOCH"))
"""


def test_builds_in_one_process_show_each_save_and_keep_one_world(repository):
    """What `mkdocs serve` does, whose builds follow each other in one process."""
    done = subprocess.run([sys.executable, "-c", TWO_BUILDS], cwd=repository, capture_output=True, text=True, check=True)
    lines = [line.split() for line in done.stdout.splitlines()]
    assert [line[:3] for line in lines] == [[str(number), "True", "True"] for number in range(4)]
    assert {line[3] for line in lines} <= {"1", "2"}


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("localhost", 200),
        ("[::1]:8000", 200),
        ("attacker.example", 403),
        ("127.0.0.1.attacker.example:80", 403),
        ("[", 403),
    ],
)
def test_a_page_of_another_site_cannot_read_the_preview(shared, host, status):
    assert shared.get("", Host=host)[0] == status


@pytest.mark.parametrize("path", ["../org.yaml", "..%2forg.yaml", "assets/../../lock", "%00", "//attacker.example", "records"])
def test_nothing_outside_the_site_is_served(shared, path):
    status, text = shared.get(path)
    assert (status, "World Ltd" in text) == (200, True) if path == "records" else status == 404
    assert "integration_strategy" not in text


def test_answers_are_never_kept_by_a_browser(shared):
    with urllib.request.urlopen(shared.address + "assets/aims.css", timeout=DEADLINE) as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Type"] == "text/css; charset=utf-8"


def test_a_port_that_is_taken_is_a_sentence(shared):
    port = shared.address.rsplit(":", 1)[1].strip("/")
    words = [sys.executable, "-m", "macros", "serve", "--port", port]
    done = subprocess.run(words, cwd=KIT, capture_output=True, text=True, timeout=DEADLINE, check=False)
    assert done.returncode == 3
    assert done.stderr == (
        f"python -m macros serve: port {port} of '127.0.0.1' cannot be had, somebody else has it; give another after --port\n"
    )


@pytest.fixture(scope="module")
def shared(tmp_path_factory) -> Iterator[Running]:
    """A server whose repository nobody changes."""
    with served(small_site(tmp_path_factory.mktemp("served") / "small")) as server:
        yield server


@pytest.mark.browser
def test_an_open_page_loads_again_by_itself_through_a_broken_save_and_its_repair(repository, browser):
    with served(repository) as server:
        page = browser.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto(server.address + "policies/ai-policy/")
        page.get_by_text("The policy shall be reviewed every 12 months").wait_for()
        parameter(repository)
        page.get_by_text("The policy shall be reviewed every 7 months").wait_for(timeout=DEADLINE * 1000)
        assert complaints == []
        replace(repository / POLICY, "## Rules", "{{ cycler() }}")
        page.get_by_role("heading", name="The site cannot be shown").wait_for(timeout=DEADLINE * 1000)
        assert f"{POLICY}:18: SEC202 there is no macro 'cycler'" in page.inner_text("li")
        replace(repository / POLICY, "{{ cycler() }}", "## Mended rules")
        page.get_by_role("heading", name="Mended rules").wait_for(timeout=DEADLINE * 1000)
        page.close()


def test_a_server_that_ends_leaves_nothing_and_one_that_is_killed_is_tidied_up(repository, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "rooms"))
    (tmp_path / "rooms").mkdir()
    before = {path for path in repository.rglob("*") if "__pycache__" not in path.parts}
    with served(repository) as server:
        server.process.send_signal(signal.SIGKILL)
        server.process.wait(30)
    (left,) = (tmp_path / "rooms").iterdir()
    os.utime(left, (0, 0))
    with served(repository):
        (running,) = (tmp_path / "rooms").iterdir()
        assert running != left
    assert list((tmp_path / "rooms").iterdir()) == []
    assert {path for path in repository.rglob("*") if "__pycache__" not in path.parts} == before


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("org.yaml", True),
        ("docs/new.md", True),
        ("registers/changes/CHG-002.yaml", True),
        ("controls/licensed/wording.yaml", True),
        ("evidence/runs/a.json", True),
        ("isms/list.xlsx", True),
        ("requirements.txt", True),
        (".aims.json", True),
        (".git/logs/HEAD", True),
        ("docs/.new.md.swp", False),
        ("docs/new.md~", False),
        ("docs/#new.md#", False),
        ("docs/4913", False),
        (".git/index", False),
        ("macros/__pycache__/a.pyc", False),
        (".venv/lib/a.py", False),
        ("venv/lib/a.py", False),
        ("site/index.html", False),
        ("public/index.html", False),
    ],
)
def test_what_a_site_is_made_of_is_watched_and_nothing_else(tmp_path, path, counts):
    for made in ("venv/pyvenv.cfg", "public/sitemap.xml", "public/index.html", "docs/index.md", ".git/HEAD"):
        (tmp_path / made).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / made).write_text("x", "utf-8")
    before = state_of(tmp_path)
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text("new", "utf-8")
    after = state_of(tmp_path)
    assert first_change(before, after) == (str(tmp_path / path) if counts else None)


def test_odd_folders_do_not_stop_the_watch(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/loop").symlink_to(tmp_path)
    (tmp_path / "docs/gone.md").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "docs/pipe")
    before = state_of(tmp_path, (tmp_path / "missing",))
    assert state_of(tmp_path, (tmp_path / "missing",)) == before
    (tmp_path / "docs/index.md").write_text("x", "utf-8")
    assert first_change(before, state_of(tmp_path)) is not None
    shutil.rmtree(tmp_path / "docs")
    assert first_change(before, state_of(tmp_path)) is not None
