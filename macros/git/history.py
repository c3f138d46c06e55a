"""The history of every document, out of git: one `git log` for all commits, one `git cat-file` for all texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from macros.git.repository import ask_git, read_objects
from macros.model.history import History, Signature, Touch
from macros.problem import KitError

# Programs that a repository could name in its settings are set to the usual ones; what settings could add or leave out is fixed.
_SETTINGS = (
    *("-c", "gpg.program=gpg", "-c", "gpg.openpgp.program=gpg", "-c", "gpg.x509.program=gpgsm", "-c", "gpg.ssh.program=ssh-keygen"),
    *("-c", "log.showRoot=true", "--no-replace-objects"),
)
_LOG = (
    *("log", "-z", "--raw", "--no-abbrev", "--find-renames", "-l5000", "-c", "--date-order", "--full-history"),
    *("--no-show-signature", "--no-mailmap", "--no-ext-diff", "--no-textconv", "--encoding=UTF-8"),
    *("--format=%H%x00%as%x00%an%x00%s%x00%G?", "HEAD", "--", "docs"),
)
# Of a key that has run out since, git says X or Y; the signature stays what it was, whatever day it is looked at.
_SIGNATURES = {
    "G": Signature.GOOD,
    "X": Signature.GOOD,
    "Y": Signature.GOOD,
    "N": Signature.UNSIGNED,
    "B": Signature.BAD,
    "R": Signature.BAD,
}
_HEAD = re.compile(rb"\A(?:\xef\xbb\xbf)?---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*\r?(?:\n|\Z)", re.DOTALL)
_ENTRY = re.compile(r"^(id|version):[ \t]*[\"']?([A-Za-z0-9.-]+)[\"']?[ \t]*(?:#.*)?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _File:
    """What one commit did to one file; a blob is None where the file was not there, or is no plain file."""

    old_path: str
    path: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class _Commit:
    name: str
    day: str
    author: str
    subject: str
    mark: str
    files: tuple[_File, ...]


def read_history(root: Path, documents: Mapping[str, str]) -> History:
    """The commits that touched each document, following it to where it lay before.

    Args:
        root: The top of the repository.
        documents: Id of each document by its present path.

    Returns:
        The history, or in `lacking` why there is none; nothing is raised.
    """
    try:
        lacking = _lacking(root)
        if lacking:
            return History(lacking=lacking)
        answer = ask_git(root, *_SETTINGS, *_LOG)
        if answer is None:
            return History(lacking="Git has no commit here that can be read, so no commits are shown.")
        commits = tuple(_commits(answer))
        wanted = {blob for commit in commits for file in commit.files for blob in (file.old, file.new) if blob}
        objects = read_objects(root, sorted(wanted | {commit.name for commit in commits if commit.files and commit.mark == "N"}))
    except (KitError, ValueError, IndexError):
        return History(lacking="Git could not read the history of this repository, so no commits are shown.")
    heads = {name: _entries(objects[name]) for name in wanted}
    found: dict[str, list[Touch]] = {}
    for commit, name, version in _followed(commits, heads, dict(documents)):
        signature = _SIGNATURES.get(commit.mark, Signature.UNKNOWN_KEY)
        if commit.mark == "N" and _is_signed(objects[commit.name]):
            signature = Signature.UNKNOWN_KEY  # git has no list of keys to compare with
        found.setdefault(name, []).append(Touch(commit.name, commit.day, commit.author, commit.subject, version, signature))
    return History({name: tuple(touches) for name, touches in sorted(found.items())})


def _lacking(root: Path) -> str | None:
    try:
        answer = ask_git(root, "rev-parse", "--is-inside-work-tree", "--is-shallow-repository", "--show-prefix")
    except KitError:
        return "Git was not there when this site was built, so no commits are shown."
    if answer is None or not answer.startswith(b"true\n"):
        return "This site was not built in a git repository, so no commits are shown."
    _, shallow, prefix = answer.decode("utf-8", "replace").split("\n", 2)
    if prefix.strip("\n"):
        return "The folder of this site is a part of a larger git repository, so no commits are shown."
    if shallow == "true":
        return "This site was built in a shallow clone, which lacks earlier commits, so none are shown; a whole clone has them."
    return None


def _commits(answer: bytes) -> Iterator[_Commit]:
    """What `git log -z --raw` says: five fields a commit, then a line `:modes names status` and a path or two for each file."""
    fields = answer.decode("utf-8", "surrogateescape").split("\0")
    at = 0
    while at < len(fields) and fields[at].strip("\n"):
        name, day, author, subject, mark = fields[at : at + 5]
        at += 5
        files = []
        while at < len(fields) and (fields[at].lstrip("\n")[:1] in ("", ":")):
            words = fields[at].lstrip("\n").split(" ")
            at += 1
            if words == [""]:
                continue
            sides = words[0].count(":")  # one for a commit with one parent, two or more for a merge
            modes, names = [words[0].lstrip(":"), *words[1 : sides + 1]], words[sides + 1 : 2 * sides + 2]
            path = fields[at]
            at += 1
            old_path = path
            if words[-1][:1] in ("R", "C") and sides == 1:
                path = fields[at]
                at += 1
            plain = [blob if mode.startswith("100") else None for mode, blob in zip(modes, names, strict=True)]
            files.append(_File(old_path, path, plain[0], plain[-1]))
        yield _Commit(name, day, _text(author), _text(subject), mark, tuple(sorted(files, key=lambda file: (file.path, file.old_path))))


def _text(said: str) -> str:
    """Words of a commit; what is no UTF-8 in them becomes the sign for that."""
    return said.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _entries(data: bytes) -> dict[str, str]:
    head = _HEAD.match(data[: 64 * 1024])
    return dict(_ENTRY.findall(head.group(1).decode("utf-8", "replace").replace("\r\n", "\n"))) if head else {}


def _is_signed(commit: bytes) -> bool:
    return any(line.startswith(b"gpgsig") for line in commit.split(b"\n\n", 1)[0].split(b"\n"))


def _followed(
    commits: tuple[_Commit, ...], heads: Mapping[str, dict[str, str]], at: dict[str, str]
) -> Iterator[tuple[_Commit, str, str | None]]:
    """Each commit with each document that it touched, newest first: a document is known by its id, and back along its renames."""
    for commit in commits:
        seen: dict[str, str | None] = {}
        for file in commit.files:
            old, new = (heads.get(blob or "", {}) for blob in (file.old, file.new))
            name = new.get("id") or at.get(file.path) or old.get("id")
            if name is None:
                continue
            if seen.get(name) is None:  # where a move was not seen as one, the side that has the text counts
                seen[name] = new.get("version")
            if file.old_path != file.path:
                at.setdefault(file.old_path, name)
        for name, version in seen.items():
            yield commit, name, version
