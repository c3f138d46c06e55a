"""What is installed is listed, and asked about where an advisory service answers; a service that does not answer stops nobody."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml

from tests.conftest import KIT

TEMPLATE = KIT / "<<cookiecutter.org>>"
AUDIT = KIT / "supply-chain/audit.py"


def pins(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9][\w.\-]*)==([^\s;]+)", lock.read_text("utf-8"), re.MULTILINE))


WITHOUT_A_BILL = """
import runpy, sys
sys.argv = sys.argv[1:]
audit = runpy.run_path(sys.argv[0])
audit["main"].__globals__["bill_of_materials"] = lambda *_: True
raise SystemExit(audit["main"]())
"""


def ask(lock: Path, service: str, folder: Path, bill: bool = True) -> subprocess.CompletedProcess:
    """The real command, away from every proxy and network; without its bill of materials, whose validation takes longest, where told."""
    words = [sys.executable, *([] if bill else ["-c", WITHOUT_A_BILL]), str(AUDIT), str(lock)]
    words += ["--sbom", str(folder / "sbom.cdx.json"), "--service", service]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "NO_PROXY": "127.0.0.1"}
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False, timeout=300)


@contextmanager
def service(known: dict[str, str], status: int = 200, asked: list[str] | None = None) -> Iterator[str]:
    """An advisory service on this machine that knows a vulnerability of some packages."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            name = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["package"]["name"]
            if asked is not None:
                asked.append(name)
            found = {"vulns": [{"id": known[name], "summary": "x", "affected": [_affected(name)]}]} if name in known else {}
            data = json.dumps(found).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *words: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
    finally:
        server.shutdown()
        server.server_close()


def _affected(name: str) -> dict:
    ranges = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.0"}]}]
    return {"package": {"name": name, "ecosystem": "PyPI"}, "ranges": ranges}


@pytest.fixture
def nobody() -> str:
    """An address at which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/v1/query"


def test_the_bill_of_materials_lists_the_lock_and_is_valid_without_a_network(nobody, tmp_path):
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    lock = KIT / "requirements.txt"
    done = ask(lock, nobody, tmp_path)
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "sbom.cdx.json").read_text("utf-8")
    bill = json.loads(text)
    assert {part["name"]: part["version"] for part in bill["components"]} == pins(lock)
    assert len(bill["components"]) > 30
    version = SchemaVersion.from_version(bill["specVersion"])
    assert JsonStrictValidator(version).validate_str(text) is None
    assert JsonStrictValidator(version).validate_str(text.replace('"components"', '"parts"')) is not None


def small_lock(folder: Path) -> Path:
    """Two packages, so that the other tests ask two questions."""
    text = (KIT / "requirements.txt").read_text("utf-8")
    entries = re.findall(r"^(?:jinja2|markupsafe)==.*\n(?:    --hash.*\n)+", text, re.MULTILINE)
    assert len(entries) == 2
    lock = folder / "requirements.txt"
    lock.write_text("".join(entry.rstrip("\\\n ") + "\n" for entry in entries), "utf-8")
    return lock


def test_a_service_that_is_not_there_is_said_and_stops_nobody(nobody, tmp_path):
    done = ask(small_lock(tmp_path), nobody, tmp_path)
    assert done.returncode == 0
    first = (tmp_path / "sbom.cdx.json").read_bytes()
    ask(small_lock(tmp_path), nobody, tmp_path)
    assert (tmp_path / "sbom.cdx.json").read_bytes() == first
    assert re.search(
        r"^The advisory service cannot be reached \(.*refused\); whether a package has .* is not known today\.$", done.stdout, re.MULTILINE
    )
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("status", [403, 503])
def test_a_service_that_gives_no_answer_counts_as_not_there(status, tmp_path):
    with service({}, status) as address:
        done = ask(small_lock(tmp_path), address, tmp_path, bill=False)
    assert done.returncode == 0
    assert f"cannot be reached (it answers with status {status})" in done.stdout


def test_nothing_known_is_said_with_the_number_of_packages(tmp_path):
    asked: list[str] = []
    with service({}, asked=asked) as address:
        done = ask(small_lock(tmp_path), address, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("2 packages were asked about; 0 vulnerabilities are known.\n")
    assert set(asked) == {"pip", "jinja2", "markupsafe"}


def test_a_known_vulnerability_stops_the_build(tmp_path):
    with service({"jinja2": "PYSEC-2026-1"}) as address:
        done = ask(small_lock(tmp_path), address, tmp_path, bill=False)
    assert done.returncode == 1, done.stdout + done.stderr
    version = pins(KIT / "requirements.txt")["jinja2"]
    assert f"jinja2 {version}: PYSEC-2026-1, mended in 99.0\n" in done.stdout
    assert done.stdout.endswith("2 packages were asked about; 1 vulnerabilities are known.\n")


def test_a_file_that_is_no_lock_stops_the_build(tmp_path):
    lock = tmp_path / "requirements.txt"
    lock.write_text("jinja2>=3\n", "utf-8")
    with service({}) as address:
        done = ask(lock, address, tmp_path)
    assert done.returncode == 2
    assert "could not be audited" in done.stderr and "Traceback" not in done.stderr
    assert ask(tmp_path / "none.txt", "http://127.0.0.1:1/", tmp_path).returncode == 2


def test_every_place_that_runs_in_ci_asks_the_same_way():
    commands = [
        *(step.get("run", "") for step in _steps(KIT / ".github/workflows/supply-chain.yml")),
        *(step.get("run", "") for step in _steps(TEMPLATE / ".github/workflows/supply-chain.yml")),
        *yaml.safe_load((TEMPLATE / ".gitlab-ci.yml").read_text("utf-8"))["supply-chain"]["script"],
    ]
    asked = [command for command in commands if "audit.py" in command]
    installed = [command for command in commands if "pip install" in command]
    assert len(asked) == 4 and len(installed) == 3
    for command in asked:
        lock = command.split()[2]
        assert (KIT / lock).is_file(), command
        assert re.fullmatch(r"python supply-chain/audit\.py \S+ --sbom \S+\.cdx\.json", command), command
    assert {command.split()[-1] for command in installed} == {"supply-chain/requirements.txt"}


def _steps(path: Path) -> list[dict]:
    (job,) = yaml.safe_load(path.read_text("utf-8"))["jobs"].values()
    return job["steps"]


def test_a_generated_repository_has_the_tools_as_real_files(bake):
    folder = bake(forge="github") / "supply-chain"
    assert sorted(path.name for path in folder.iterdir()) == ["audit.py", "requirements.in", "requirements.txt"]
    assert not folder.is_symlink() and not any(path.is_symlink() for path in folder.iterdir())
    assert (folder / "audit.py").read_bytes() == AUDIT.read_bytes()
