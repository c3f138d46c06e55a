"""The history page of a document: out of a real repository, along renames, with signatures, and honest where there is none."""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import macros.git.repository as repository_module
from macros.git.history import read_history
from macros.load import load_workspace
from macros.model.history import History, Signature
from macros.render.history import HistoryPages
from macros.render.page_links import PageLinks
from macros.render.site_pages import generated
from macros.world import World, today_of
from tests.conftest import KIT, mkdocs_build
from tests.review_setup import IDENTITY, git
from tests.small_site import small_site

POLICY = "docs/policies/ai-policy.md"
ADA, GRACE = "Ada Lovelace <ada@world.example>", "Grace | *Hopper* <grace@world.example>"
KEYGEN = shutil.which("ssh-keygen")
EPOCH = "1795132800"


def save(where: Path, message: str, author: str, *words: str) -> str:
    git(where, "add", "--all")
    git(where, *words, "commit", "--quiet", "--message", message, "--author", author, "--date", "2026-09-14T12:00:00+02:00")
    return git(where, "rev-parse", "HEAD")


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), "utf-8")


def key_of(room: Path, name: str) -> Path:
    subprocess.run([KEYGEN, "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(room / name)], check=True)
    return room / f"{name}.pub"


def signed_with(key: Path) -> tuple[str, ...]:
    return ("-c", "gpg.format=ssh", "-c", f"user.signingkey={key}", "-c", "commit.gpgsign=true")


def trust(repository: Path, *keys: Path) -> None:
    allowed = repository.parent / "allowed"
    allowed.write_text("".join(f"* {key.read_text('utf-8')}" for key in keys), "utf-8")
    git(repository, "config", "gpg.ssh.allowedSignersFile", str(allowed))


@pytest.fixture
def small(tmp_path) -> Path:
    """The base world in git, with one commit by Ada."""
    room = tmp_path / "world"
    shutil.copytree(KIT / "tests/world", room)
    git(room, "init", "--quiet", "--initial-branch", "main")
    save(room, "Begin", ADA)
    return room


def history(where: Path) -> History:
    workspace = load_workspace(where)
    return read_history(where, {document.path: document.id for document in workspace.documents})


def subjects(where: Path, name: str = "POL-001") -> list[str]:
    return [touch.subject for touch in history(where).of(name)]


@pytest.mark.site
@pytest.mark.skipif(KEYGEN is None, reason="ssh-keygen is not here")
def test_a_real_site_shows_three_commits_a_rename_two_authors_and_a_signature(tmp_path):
    room = small_site(tmp_path / "repository")
    git(room, "init", "--quiet", "--initial-branch", "main")
    first = save(room, "Begin", ADA)
    git(room, "mv", "docs/policies/ai-policy.md", "docs/policies/our-policy.md")
    moved = save(room, "Call it ours", GRACE)
    change(room / "docs/policies/our-policy.md", 'version: "1.0"', 'version: "1.1"')
    key = key_of(tmp_path, "ada")
    trust(room, key)
    last = save(room, "Raise | the <b>version</b> {{ 7*7 }} [x](javascript:alert(1))", ADA, *signed_with(key))
    built = mkdocs_build(room, SOURCE_DATE_EPOCH=EPOCH, HOME=str(tmp_path))
    assert built.returncode == 0, built.stderr
    assert "WARNING" not in built.stderr
    page = (room / "site/history/POL-001/index.html").read_text("utf-8")
    article = re.search(r"<article.*?</article>", page, re.DOTALL).group(0)
    rows = [
        [" ".join(html.unescape(re.sub(r"<[^>]+>", "", cell)).split()) for cell in re.findall(r"<td>(.*?)</td>", row, re.DOTALL)]
        for row in re.findall(r"<tr>(.*?)</tr>", article, re.DOTALL)
    ]
    assert [row for row in rows if row] == [
        ["1.1 approved", "2026-09-14", "Ada Lovelace", "top management on 2026-03-02, as the front matter says", "–"],
        ["1.0", "2026-09-14", "Ada Lovelace, Grace | *Hopper*", "nobody on record", "–"],
        [last[:10], "2026-09-14", "Ada Lovelace", "Raise | the <b>version</b> {{ 7*7 }} [x](javascript:alert(1))", "1.1", "good"],
        [moved[:10], "2026-09-14", "Grace | *Hopper*", "Call it ours", "1.0", "unsigned"],
        [first[:10], "2026-09-14", "Ada Lovelace", "Begin", "1.0", "unsigned"],
    ]
    assert "<b>version" not in article and "javascript:" not in re.sub(r">[^<]*<", "><", article)
    document = (room / "site/policies/our-policy/index.html").read_text("utf-8")
    assert re.search(r'href="\.\./\.\./history/POL-001/"', document)
    # The same commit gives the same bytes, in another folder and another time zone.
    other = tmp_path / "a" / "copy"
    shutil.copytree(room, other, ignore=shutil.ignore_patterns("site", "__pycache__"))
    assert mkdocs_build(other, SOURCE_DATE_EPOCH=EPOCH, HOME=str(tmp_path), TZ="Pacific/Auckland").returncode == 0
    sites = [
        {path.relative_to(site): path.read_bytes() for path in site.rglob("*") if path.is_file()}
        for site in (room / "site", other / "site")
    ]
    assert sites[0].keys() == sites[1].keys()
    assert [name for name in sites[0] if sites[0][name] != sites[1][name]] == []


@pytest.mark.skipif(KEYGEN is None, reason="ssh-keygen is not here")
def test_a_signature_is_good_bad_unknown_or_not_there(small, tmp_path):
    known, stranger = key_of(tmp_path, "known"), key_of(tmp_path, "stranger")
    for number, words in enumerate((signed_with(known), signed_with(stranger))):
        change(small / POLICY, "shall be" if number == 0 else "shall now be", "shall now be" if number == 0 else "shall soon be")
        save(small, f"Change {number}", ADA, *words)
    forged = git(small, "cat-file", "commit", "HEAD~1").replace("Change 0", "Forged") + "\n"
    name = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin"], cwd=small, input=forged, capture_output=True, text=True, check=True
    ).stdout.strip()
    trust(small, known)
    said = {touch.subject: touch.signature for touch in history(small).of("POL-001")}
    assert said == {"Change 1": Signature.UNKNOWN_KEY, "Change 0": Signature.GOOD, "Begin": Signature.UNSIGNED}
    git(small, "config", "--unset", "gpg.ssh.allowedSignersFile")
    said = {touch.subject: touch.signature for touch in history(small).of("POL-001")}
    assert said == {"Change 1": Signature.UNKNOWN_KEY, "Change 0": Signature.UNKNOWN_KEY, "Begin": Signature.UNSIGNED}
    trust(small, known)
    git(small, "reset", "--quiet", "--hard", name)
    assert [touch.signature for touch in history(small).of("POL-001")] == [Signature.BAD, Signature.UNSIGNED]


def test_a_program_named_in_the_repository_is_not_run(small, tmp_path):
    canary = tmp_path / "canary"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch '{canary}'\nexit 1\n", "utf-8")
    program.chmod(0o755)
    raw = git(small, "cat-file", "commit", "HEAD")
    top, rest = raw.split("\n\n", 1)
    kinds = ("-----BEGIN PGP SIGNATURE-----", "-----BEGIN SSH SIGNATURE-----", "-----BEGIN SIGNED MESSAGE-----")
    for name in (
        "gpg.program",
        "gpg.openpgp.program",
        "gpg.ssh.program",
        "gpg.x509.program",
        "core.fsmonitor",
        "core.pager",
        "diff.external",
    ):
        git(small, "config", name, str(program))
    for kind in kinds:
        signed = f"{top}\ngpgsig {kind}\n \n iQ==\n {kind.replace('BEGIN', 'END')}\n\n{rest}\n"
        commit = subprocess.run(
            ["git", "hash-object", "-t", "commit", "-w", "--stdin"], cwd=small, input=signed, capture_output=True, text=True, check=True
        ).stdout.strip()
        git(small, "update-ref", "HEAD", commit)
        (touch,) = history(small).of("POL-001")
        assert touch.signature in (Signature.UNKNOWN_KEY, Signature.BAD), kind
    assert not canary.exists()


def test_a_document_is_followed_by_its_id_where_git_sees_no_rename(small):
    text = (small / POLICY).read_text("utf-8")
    (small / POLICY).unlink()
    head, _ = text.split("\n## Rules\n")
    (small / "docs/policies/rules.md").write_text(head + "\n" + "An altogether other text stands here now.\n" * 40, "utf-8")
    save(small, "Write it anew elsewhere", GRACE)
    assert subjects(small) == ["Write it anew elsewhere", "Begin"]
    (touch, _) = history(small).of("POL-001")
    assert touch.version == "1.0"


def test_a_document_is_followed_to_before_it_had_its_id(small):
    git(small, "mv", POLICY, "docs/policies/first.md")
    change(small / "docs/policies/first.md", "id: POL-001", "id: POL-009")
    save(small, "Another id", ADA)
    git(small, "mv", "docs/policies/first.md", "docs/policies/second.md")
    save(small, "Move", ADA)
    assert subjects(small, "POL-009") == ["Move", "Another id"]
    assert subjects(small, "POL-001") == ["Begin"]  # the id is what a document is, so the earlier one keeps its own history


def test_a_removed_document_and_a_page_that_is_none_do_no_harm(small):
    (small / POLICY).unlink()
    change(small / "docs/policies/index.md", "Policies", "Rules")
    save(small, "Remove it", ADA)
    assert [touch.version for touch in history(small).of("POL-001")] == [None, "1.0"]


def test_a_merge_counts_only_where_it_changed_something_itself(small):
    git(small, "checkout", "--quiet", "-b", "side")
    change(small / POLICY, "shall be", "shall always be")
    save(small, "Side", GRACE)
    git(small, "checkout", "--quiet", "main")
    (small / "README.md").write_text("Other.\n", "utf-8")
    save(small, "Other", ADA)
    git(small, "merge", "--quiet", "--no-ff", "--message", "Clean merge", "side")
    assert subjects(small) == ["Side", "Begin"]
    git(small, "checkout", "--quiet", "-b", "left")
    change(small / POLICY, "always", "ever")
    save(small, "Left", GRACE)
    git(small, "checkout", "--quiet", "-b", "right", "main")
    change(small / POLICY, "always", "never")
    save(small, "Right", ADA)
    subprocess.run(["git", "merge", "--quiet", "left"], cwd=small, env={**os.environ, **IDENTITY}, capture_output=True, check=False)
    text = (small / POLICY).read_text("utf-8")
    (small / POLICY).write_text(re.sub(r"<<<<<<<.*>>>>>>> left\n", "1. Merged by hand.\n", text, flags=re.DOTALL), "utf-8")
    save(small, "Merge by hand", ADA)
    assert set(subjects(small)) == {"Merge by hand", "Left", "Right", "Side", "Begin"}
    assert subjects(small)[0] == "Merge by hand"


def test_hostile_words_of_a_commit_are_shown_and_nothing_else(small):
    change(small / POLICY, "shall be", "shall now be")
    subject = "x\x01\x1b[31m </td><script>alert(1)</script> {{ 7*7 }} `x` {#a} --- :100644 | https://evil.example"
    save(small, subject, "| {{ x }} [a](javascript:b) **c** <x@y>")
    workspace = load_workspace(small)
    places = PageLinks(workspace)
    page = HistoryPages(workspace, places, history(small)).page(workspace.document_by_id["POL-001"])
    assert (
        "<script" not in page
        and "{{" not in page
        and "[a]" not in page
        and "**c" not in page
        and "\x1b" not in page
        and "https://evil" not in page
    )
    assert history(small).of("POL-001")[0].subject == subject


def test_words_that_are_no_utf8_do_no_harm(small):
    tree = git(small, "rev-parse", "HEAD^{tree}")
    raw = f"tree {tree}\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\n".encode() + b"\xff\xfe caf\xe9\n"
    commit = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin"], cwd=small, input=raw, capture_output=True, check=True
    ).stdout
    git(small, "update-ref", "HEAD", commit.decode().strip())
    (touch,) = history(small).of("POL-001")
    touch.subject.encode("utf-8")


def test_one_log_and_one_reading_of_objects_serve_all_documents(small, monkeypatch):
    asked = []
    real = subprocess.run

    def run(words, **rest):
        asked.append([word for word in words if word in ("log", "cat-file", "rev-parse")])
        return real(words, **rest)

    monkeypatch.setattr(repository_module.subprocess, "run", run)
    assert history(small).lacking is None
    assert asked == [["rev-parse"], ["log"], ["cat-file"]]


@pytest.fixture
def lacking(small, tmp_path, monkeypatch):
    """Ways in which there is no history to show, and the sentence for each."""

    def make(way: str) -> Path:
        if way == "shallow":
            change(small / POLICY, "shall be", "shall now be")
            save(small, "Change", ADA)
            git(tmp_path, "clone", "--quiet", "--depth", "1", small.as_uri(), str(tmp_path / "clone"))
            return tmp_path / "clone"
        if way == "inside":
            shutil.move(small / ".git", tmp_path / ".git")
        elif way == "no git":
            monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
        elif way == "no repository":
            shutil.rmtree(small / ".git")
        elif way == "empty":
            shutil.rmtree(small / ".git")
            git(small, "init", "--quiet")
        elif way == "damaged":
            for path in (small / ".git/objects").rglob("*"):
                if path.is_file() and path.name != "pack":
                    path.chmod(0o600)
                    path.write_bytes(b"x")
        return small

    return make


@pytest.mark.parametrize(
    ("way", "sentence"),
    [
        ("shallow", "This site was built in a shallow clone, which lacks earlier commits, so none are shown; a whole clone has them."),
        ("inside", "The folder of this site is a part of a larger git repository, so no commits are shown."),
        ("no git", "Git was not there when this site was built, so no commits are shown."),
        ("no repository", "This site was not built in a git repository, so no commits are shown."),
        ("empty", "Git has no commit here that can be read, so no commits are shown."),
        ("damaged", "Git has no commit here that can be read, so no commits are shown."),
    ],
)
def test_where_there_is_no_history_the_page_says_so_and_shows_the_data(way, sentence, lacking):
    root = lacking(way)
    workspace = load_workspace(root)
    pages = dict(generated(World(workspace, today_of(workspace), root)))
    page = html.unescape(pages["history/POL-001.md"])
    assert sentence in page
    assert "top management on 2026-03-02, as the front matter says" in page
    assert "Signature" not in page


def test_the_worked_organisation_shows_its_records(example_site):
    page = (example_site / "history/POL-001/index.html").read_text("utf-8")
    text = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
    assert "1.0 approved – Inês Carvalho Maeve Tarn as top management on 2026-01-19, APR-001" in text
    assert "This site was not built in a git repository, so no commits are shown." in text
    record = (example_site / "records/approvals/APR-001/index.html").read_text("utf-8")
    assert "Maeve Tarn" in record and "policies/ai-policy" in record
