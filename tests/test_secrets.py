"""SEC105 finds what a scanner would, never prints it, keeps still over what only looks alike, and takes no longer on hostile lines.

No canary stands in this file as a whole: each is joined from parts at run time.
"""

from __future__ import annotations

import hashlib
import random
import re
import string

import pytest

from macros.checks import run_checks
from macros.checks.secrets import found_in
from macros.command.formats import FORMATS
from macros.load import load_workspace
from macros.load.tree import FolderTree, MemoryTree
from macros.world import today_of
from tests import pumps
from tests.conftest import KIT
from tests.test_checks import HERE

WORDS = string.ascii_letters + string.digits


def drawn(length: int, seed: int, letters: str = WORDS) -> str:
    return "".join(random.Random(seed).choices(letters, k=length))


def canaries() -> dict[str, str]:
    """Secrets by kind, made of a beginning that is not written out here and of drawn letters."""
    upper, url = string.ascii_uppercase + string.digits, WORDS + "_-"
    return {
        "AWS": "AK" + "IA" + drawn(16, 1, upper),
        "GitHub": "gh" + "p_" + drawn(36, 2),
        "GitHub application": "gh" + "s_" + drawn(36, 3),
        "GitHub login": "gh" + "o_" + drawn(36, 4),
        "GitHub fine-grained": "github" + "_pat_" + drawn(82, 5),
        "GitLab": "gl" + "pat-" + drawn(20, 6, url),
        "Slack bot": "xo" + "xb-" + "-".join((drawn(12, 7, string.digits), drawn(12, 8, string.digits), drawn(24, 9))),
        "Slack hook": "https://hooks.slack" + ".com/services/T" + drawn(8, 10, upper) + "/B" + drawn(8, 11, upper) + "/" + drawn(24, 12),
        "private key": "-----BEGIN " + "RSA PRIVATE " + "KEY-----",
        "OpenSSH key": "-----BEGIN " + "OPENSSH PRIVATE " + "KEY-----",
        "Google": "AI" + "za" + drawn(35, 13, url),
        "Stripe": "sk" + "_live_" + drawn(24, 14),
        "Web Token": ".".join(("ey" + "J" + drawn(20, 15, url), "ey" + "J" + drawn(60, 16, url), drawn(43, 17, url))),
        "npm": "np" + "m_" + drawn(36, 18),
        "Python": "py" + "pi-" + drawn(80, 19, url),
        "model provider": "sk" + "-ant-" + drawn(60, 20, url),
        "Hugging Face": "hf" + "_" + drawn(34, 21),
        "address": "postgres://reader:" + drawn(12, 22) + "@db.world.example:5432/risks",
        "password": "pass" + "word: " + drawn(14, 23, WORDS + "!#%"),
        "quoted": "api" + "_key = '" + drawn(16, 24) + "'",
        "AWS secret": "aws_secret_access" + "_key=" + drawn(40, 25, WORDS + "/+"),
        "environment": "CLIENT_SEC" + "RET=" + drawn(20, 26),
        "bearer": "Authorization: Bear" + "er " + drawn(32, 27),
        "German": "Pass" + "wort: " + drawn(12, 28),
        "Spanish": "Contra" + "seña: " + drawn(12, 29),
    }


PLACES = {
    "docs/policies/ai-policy.md": "\n{}\n",
    "docs/index.md": "\n<!-- {} -->\n",
    "registers/suppliers.yaml": "# {}\n",
    "org.yaml": "# {}\n",
    "CODEOWNERS": "# {}\n",
}


def base() -> dict[str, bytes]:
    tree = FolderTree(HERE / "world")
    return {path: tree.read(path) for path in tree.paths()}


def problems(files: dict[str, bytes]) -> list:
    workspace = load_workspace(MemoryTree(files))
    return [problem for problem in run_checks(workspace, today_of(workspace)) if problem.code == "SEC105"]


@pytest.mark.parametrize("kind", canaries())
def test_each_kind_is_found_in_every_text_and_never_printed(kind):
    canary = canaries()[kind]
    heart = max(re.findall(r"[\w!#%/+-]+", canary), key=len)[-10:]
    for path, form in PLACES.items():
        files = base()
        files[path] = files.get(path, b"") + form.format(canary).encode()
        found = problems(files)
        line = files[path].count(b"\n", 0, files[path].index(canary.encode())) + 1
        assert [(problem.location.path, problem.location.line) for problem in found] == [(path, line)]
        for form in FORMATS.values():
            text = form(found)
            assert canary not in text
            assert not any(heart[start : start + 5] in text for start in range(6)) or "PRIVATE" in canary


def test_a_kind_is_named_with_its_first_four_letters():
    files = base()
    files["org.yaml"] += f"# {canaries()['GitHub']}\n".encode()
    assert problems(files)[0].message == "the line holds a GitHub token that begins '" + "gh" + "p_'"
    assert problems(files)[0].way_out.startswith("revoke it first")


@pytest.mark.parametrize(
    "text",
    [
        "sha256: " + hashlib.sha256(b"a").hexdigest(),
        "commit " + hashlib.sha1(b"a").hexdigest(),
        "secret_hash: " + hashlib.sha256(b"b").hexdigest(),
        "token_sha256: " + hashlib.sha256(b"c").hexdigest(),
        "See https://world.example/a/b?page=2#c and write to ada.lovelace@world.example.",
        "https://ada@world.example/repository.git",
        "https://world.example:8443/@ada/status",
        "The password: at least 14 characters, changed when it has become known.",
        "Secret: Need-to-know.",
        "API key: none; access token: OAuth2.0",
        "secret: RSK-001",
        "api_key: registers/ai-systems/AIS-001.yaml",
        "api_key: https://vault.world.example/v1/keys4ever",
        "password: 2026-09-14",
        "password: ${DATABASE_PASSWORD_1}",
        "password: $DATABASE_PASSWORD1",
        "password: {{ param('review_interval_months') }}",
        "password: <your-password-1>",
        "password: changeme123!",
        "password: ************",
        "password: xxxxxxxx1X",
        "api_key: vault:kv2/reader",
        "the key: A1b2C3d4E5",
        "gh" + "p_...",
        "gh" + "p_example" + "0" * 29,
        "AK" + "IAIOSFODNN7EXAMPLE",
        "postgres://reader:password@db.world.example/risks",
        "postgres://reader:${PASSWORD}@db.world.example/risks",
        "-----BEGIN " + "PUBLIC KEY-----",
        "pk" + "_live_" + drawn(24, 30),
        "data:image/png;base64," + drawn(400, 31),
        drawn(64, 32),
        "risk-" + drawn(48, 33),
    ],
)
def test_what_only_looks_like_a_secret_is_left_alone(text):
    files = base()
    files["docs/policies/ai-policy.md"] += f"\n{text}\n".encode()
    assert problems(files) == []


def test_the_worked_organisation_a_fresh_repository_and_the_kit_hold_none(example, bake):
    for root in (example, bake(), KIT):
        workspace = load_workspace(root)
        assert [str(problem) for problem in run_checks(workspace, today_of(workspace)) if problem.code == "SEC105"] == []


BEGINNINGS = [
    "ey" + "J",
    "ey" + "Jaaaaaaaaaaaa.",
    "ey" + "Jaaaaaaaaaaaa.ey" + "J",
    "gh" + "p_",
    "github" + "_pat_",
    "gl" + "pat-",
    "xo" + "xb-",
    "AK" + "IA",
    "-----BEGIN ",
    "://",
    "://a:",
    "://a:b@",
    "pass" + "word",
    "pass" + "word:",
    "pass" + "word: a-",
    "pass" + "word: a1b2/c3.d4 ",
    "bearer ",
    "key=",
    "api ",
    "secret hash ",
    "'",
    "a",
    " ",
    "\n",
]


@pytest.mark.parametrize("beginning", BEGINNINGS, ids=repr)
def test_a_hostile_line_of_a_mebibyte_takes_no_longer_than_its_length(beginning):
    told = pumps.outgrows(lambda text: list(found_in(text)), pumps.pumped("", beginning, ""), (1 << 20) // 10)
    assert told is None, "a hostile file must not hold up a review"
