"""Lists what a requirements file installs, and asks an advisory service whether any of it has a known vulnerability.

`python supply-chain/audit.py requirements.txt` writes `sbom.cdx.json`, a software bill of materials in CycloneDX, without
the network. Then the service is asked. Exit codes: 0 nothing is known, or the service cannot be reached, which is said;
1 a vulnerability is known; 2 the question could not be put, although the service answers.

It needs what `supply-chain/requirements.txt` locks, in an environment of its own, and nothing of the engine.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

SERVICE = "https://api.osv.dev/v1/query"
"""Where OSV answers; `--service` names another one that speaks the same language, such as a mirror."""
SECONDS = 20
CLEAN, VULNERABLE, COULD_NOT = 0, 1, 2


def main() -> int:
    """Write the list, put the question, and say in one sentence what came of it."""
    parser = argparse.ArgumentParser(prog="audit.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("requirements", type=Path, help="a requirements file that pins every package with hashes")
    parser.add_argument("--sbom", type=Path, default=Path("sbom.cdx.json"), help="where the bill of materials goes (default: %(default)s)")
    parser.add_argument("--service", default=SERVICE, help="the advisory service (default: %(default)s)")
    given = parser.parse_args()
    if not given.requirements.is_file():
        parser.error(f"'{given.requirements}' is no file; name the locked requirements")
    if not bill_of_materials(given.requirements, given.sbom):
        return COULD_NOT
    return audit(given.requirements, given.service)


def bill_of_materials(requirements: Path, target: Path) -> bool:
    """Write a software bill of materials that is valid by the schema of CycloneDX; the same file gives the same bytes."""
    words = ("requirements", str(requirements), "--output-reproducible", "--of", "JSON", "--validate", "-o", str(target))
    done = _python("-m", "cyclonedx_py", *words)
    if done.returncode:
        print(f"audit.py: the bill of materials of '{requirements}' was not made: {_last_line(done.stderr)}", file=sys.stderr)
        return False
    parts = json.loads(target.read_text("utf-8")).get("components", [])
    print(f"'{target}' lists {len(parts)} packages of '{requirements}'.")
    return True


def audit(requirements: Path, service: str) -> int:
    """Ask about every package; the exit code of the whole."""
    why = unreachable(service)
    if why is None:
        with tempfile.TemporaryDirectory() as folder:
            report, cache = Path(folder) / "report.json", Path(folder) / "cache"
            done = _python(
                *("-m", "pip_audit", "--disable-pip", "--require-hashes", "--progress-spinner", "off", "--timeout", str(SECONDS)),
                *("--cache-dir", str(cache), "--vulnerability-service", "osv", "--osv-url", service),
                *("--format", "json", "--output", str(report), "--requirement", str(requirements)),
            )
            if report.is_file():
                return say(json.loads(report.read_text("utf-8"))["dependencies"])
        why = unreachable(service)
        if why is None:
            print(f"audit.py: '{requirements}' could not be audited: {_last_line(done.stderr)}", file=sys.stderr)
            return COULD_NOT
    print(f"The advisory service cannot be reached ({why}); whether a package has a known vulnerability is not known today.")
    return CLEAN


def say(dependencies: list[dict[str, Any]]) -> int:
    """One line a vulnerability, then the counts."""
    found = [(part, known) for part in dependencies for known in part.get("vulns", ())]
    for part, known in found:
        fixed = ", ".join(known.get("fix_versions", ())) or "no version yet"
        print(f"{part['name']} {part['version']}: {known['id']}, mended in {fixed}")
    left_out = [part["name"] for part in dependencies if "skip_reason" in part]
    if left_out:
        print(f"Not asked about: {', '.join(left_out)}.")
    print(f"{len(dependencies) - len(left_out)} packages were asked about; {len(found)} vulnerabilities are known.")
    return VULNERABLE if found else CLEAN


def unreachable(service: str) -> str | None:
    """Why the service gives no answer to a plain question; None where it does."""
    question = json.dumps({"package": {"name": "pip", "ecosystem": "PyPI"}, "version": "26.0"}).encode("utf-8")
    request = urllib.request.Request(service, question, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            json.load(answer)
    except urllib.error.HTTPError as error:
        return f"it answers with status {error.code}"
    except (OSError, ValueError) as error:
        return str(getattr(error, "reason", error)) or type(error).__name__
    return None


def _python(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it gave no reason"])[-1][:300]


if __name__ == "__main__":
    raise SystemExit(main())
