"""Two sides of a change out of git, as blobs: nothing is checked out, filtered, converted or run."""

from __future__ import annotations

import datetime
import hashlib
import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from macros.generated import fingerprint_of_file, is_kit_file
from macros.load.odd import SUBMODULE, TOO_LARGE, NotRead, Odd, plain_files, within_limits
from macros.load.tree import TOP_FILES, FolderTree, MemoryTree, Tree, fingerprint_of, is_controlled
from macros.model.workspace import Fingerprint
from macros.problem import KitError
from macros.text.strict_yaml import MAX_BYTES

# Settings of a repository that could start a program are switched off; blobs are read raw in any case.
_GIT = ("git", "--no-replace-objects", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=", "--no-optional-locks")

REVIEW = "a change review compares two commits of one"


@dataclass(frozen=True, slots=True)
class Sides:
    """What is in force and what is proposed."""

    base: Tree
    head: Tree
    changed: tuple[str, ...]
    """Every path that differs, as far as it is known."""
    base_name: str
    """The commit that was compared with."""
    head_name: str
    """The commit that is proposed, or `working tree`."""


@dataclass(frozen=True, slots=True)
class _Entry:
    mode: str
    blob: str


def read_sides(root: Path, base: str, head: str | None, purpose: str = REVIEW) -> Sides:
    """Read both sides of a change.

    Args:
        root: A folder inside the repository; the workspace is what lies in it.
        base: A revision; where the two have a common ancestor, that one is compared with.
        head: A revision, or None for the files as they lie in the working tree.
        purpose: What it is for, as a message says it.

    Raises:
        KitError: This is no repository, or a revision is not there.
    """
    prefix = _prefix(root, purpose)
    head_commit = _commit(root, head or "HEAD")
    base_commit = _ancestor(root, _commit(root, base), head_commit)
    before = _entries(root, base_commit, prefix)
    objects = Objects(root)
    old = _tree(objects, before)
    if head is None:
        new: Tree = FolderTree(root)
        return Sides(old, new, _differing_on_disk(root, new, before), base_commit, "working tree")
    after = _entries(root, head_commit, prefix)
    changed = tuple(sorted(path for path in {*before, *after} if before.get(path) != after.get(path)))
    return Sides(old, _tree(objects, after), changed, base_commit, head_commit)


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit, and the files that it holds, by the names that git gives them."""

    name: str
    tree: str
    day: datetime.date
    """In UTC."""


@dataclass(frozen=True, slots=True)
class CommitsInForce:
    """The commits that were in force one after the other, the latest first."""

    commits: tuple[Commit, ...]
    """Of a merge only the side that it went into."""
    shallow: bool
    """Whether older commits are there that this clone does not hold."""

    def at(self, day: datetime.date) -> Commit | None:
        """The commit in force at the end of a day; None where there was none, or the clone does not hold it."""
        return next((commit for commit in self.commits if commit.day <= day), None)


def history_of(root: Path) -> CommitsInForce | None:
    """The commits of `HEAD`; None where no git repository can be read."""
    if not root.is_dir() or ask_git(root, "rev-parse", "--show-prefix") is None:
        return None
    rows = (ask_git(root, "log", "--first-parent", "--no-show-signature", "--format=%H %T %ct", "HEAD") or b"").decode("ascii").splitlines()
    made = [Commit(name, tree, datetime.datetime.fromtimestamp(int(at), datetime.UTC).date()) for name, tree, at in map(str.split, rows)]
    return CommitsInForce(tuple(made), _is_shallow(root)) if made else None


def folder_in_repository(root: Path) -> str:
    """Where a folder lies in its repository, with a slash at its end; empty for the top.

    Raises:
        KitError: It is in none.
    """
    return _prefix(root, "a course of time reads its commits")


def tree_of(objects: Objects, commit: str, prefix: str) -> Tree | None:
    """The files below a folder as they are in a commit; None where no management system lay there.

    Args:
        objects: Of the repository; what one commit shares with an earlier one is read once.
        commit: Name of a commit, or of its tree.
        prefix: Where the folder lies, as `folder_in_repository` gives it.
    """
    entries = _entries(objects.root, commit, prefix)
    return _tree(objects, entries) if "org.yaml" in entries else None


def ask_git(root: Path, *words: str, feed: bytes | None = None) -> bytes | None:
    """What git answers, or None where it refuses.

    Raises:
        KitError: There is no git, or the folder is none.
    """
    try:
        done = subprocess.run([*_GIT, *words], cwd=root, input=feed, capture_output=True, check=False)
    except FileNotFoundError:
        raise KitError("git is not installed, and reading commits needs it") from None
    except NotADirectoryError:
        raise KitError(f"'{root}' is no folder") from None
    return done.stdout if done.returncode == 0 else None


def _prefix(root: Path, purpose: str) -> str:
    if not root.is_dir():
        raise KitError(f"'{root}' is no folder")
    found = ask_git(root, "rev-parse", "--show-prefix")
    if found is None:
        raise KitError(f"'{root}' is no git repository; {purpose}")
    return found.decode("utf-8", "surrogateescape").removesuffix("\n")


def _commit(root: Path, revision: str) -> str:
    found = ask_git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if found is None:
        if _is_shallow(root):
            raise KitError(f"the commit '{revision}' is not in this shallow clone; {_DEEPER}")
        raise KitError(f"there is no commit '{revision}' in this repository")
    return found.decode("ascii").strip()


def _ancestor(root: Path, base: str, head: str) -> str:
    found = ask_git(root, "merge-base", base, head)
    if not found and _is_shallow(root):
        raise KitError(f"where the two sides parted is not in this shallow clone; {_DEEPER}")
    return found.decode("ascii").split()[0] if found else base


_DEEPER = "fetch it first, as with 'git fetch --unshallow' or a deeper checkout in CI"


def _is_shallow(root: Path) -> bool:
    return (ask_git(root, "rev-parse", "--is-shallow-repository") or b"").strip() == b"true"


def _entries(root: Path, commit: str, prefix: str) -> dict[str, _Entry]:
    listing = ask_git(root, "ls-tree", "-r", "-z", "--full-tree", commit) or b""
    found = {}
    for row in listing.split(b"\0"):
        if not row:
            continue
        meta, name = row.split(b"\t", 1)
        mode, kind, blob = meta.decode("ascii").split()
        path = name.decode("utf-8", "surrogateescape")
        if kind in ("blob", "commit") and path.startswith(prefix):
            found[path[len(prefix) :]] = _Entry(mode, blob)
    return found


class Objects:
    """Blobs of one repository, each read once, however many commits hold it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._bytes: dict[str, bytes] = {}
        self._sizes: dict[str, int] = {}
        self._files: dict[str, str] = {}
        self._fingerprints: dict[str, Fingerprint] = {}

    def sizes(self, names: Iterable[str]) -> Mapping[str, int]:
        """Bytes of blobs by their names, and of others; none is read."""
        self._sizes |= _sizes(self.root, sorted(set(names) - self._sizes.keys()))
        return self._sizes

    def read(self, names: Iterable[str]) -> Mapping[str, bytes]:
        """The bytes of blobs by their names, and of others."""
        self._bytes |= read_objects(self.root, sorted(set(names) - self._bytes.keys()))
        return self._bytes

    def fingerprints_of_files(self, names: Iterable[str]) -> Mapping[str, str]:
        """What `fingerprint_of_file` gives for blobs by their names, and for others."""
        blobs = read_objects(self.root, sorted(set(names) - self._files.keys()))
        self._files |= {name: fingerprint_of_file(data) for name, data in blobs.items()}
        return self._files

    def fingerprints(self, names: Iterable[str]) -> Mapping[str, Fingerprint]:
        """Size and SHA-256 of blobs by their names, and of others."""
        self._fingerprints |= _blob_fingerprints(self.root, sorted(set(names) - self._fingerprints.keys()))
        return self._fingerprints


_PLAIN = ("100644", "100755", "100664")
"""Modes of plain files in a commit; 100664 is one that git wrote in its first year."""
_TEXTS = (".md", ".yaml", ".yml")


class _CommitTree(MemoryTree):
    """Texts under control, read at once, and the rest of the commit on demand."""

    def __init__(
        self,
        objects: Objects,
        entries: Mapping[str, _Entry],
        texts: Mapping[str, bytes],
        plain: Iterable[str],
        links: Iterable[str],
        odd: Mapping[str, Odd],
    ) -> None:
        super().__init__(texts, links, odd)
        self._objects, self._entries, self._plain = objects, entries, tuple(plain)

    def paths(self) -> Iterator[str]:
        """Every regular file under control."""
        return iter(self._plain)

    def read(self, path: str) -> bytes:
        """The bytes of one file."""
        if path in self._files:
            return self._files[path]
        name = self._entries[path].blob
        if self._objects.sizes([name])[name] > MAX_BYTES:
            raise NotRead(TOO_LARGE)
        return self._objects.read([name])[name]

    def kit_files(self) -> Mapping[str, str]:
        """Fingerprints of the files of the commit that the kit owns, by path."""
        owned = {path: entry.blob for path, entry in self._entries.items() if is_kit_file(path) and entry.mode in _PLAIN}
        found = self._objects.fingerprints_of_files(owned.values())
        return {path: found[blob] for path, blob in sorted(owned.items())}

    def fingerprints(self, paths: Iterable[str]) -> dict[str, Fingerprint]:
        """Size and SHA-256 of those of `paths` that are regular files of the commit, one blob after the other."""
        wanted = {path: self._entries[path].blob for path in paths if path in self._entries and self._entries[path].mode in _PLAIN}
        found = self._objects.fingerprints(wanted.values())
        return {path: found[blob] for path, blob in wanted.items() if blob in found}


def _tree(objects: Objects, entries: dict[str, _Entry]) -> MemoryTree:
    paths, odd = within_limits(path for path in entries if is_controlled(path))
    links = [path for path in paths if entries[path].mode == "120000"]
    odd |= {path: SUBMODULE for path in paths if entries[path].mode == "160000"}
    plain = [path for path in paths if entries[path].mode in _PLAIN]
    texts = {path: entries[path].blob for path in plain if path.endswith(_TEXTS) or path in TOP_FILES}
    sizes = objects.sizes(texts.values())
    blobs = objects.read(blob for blob in texts.values() if sizes[blob] <= MAX_BYTES)
    return _CommitTree(objects, entries, {path: blobs[blob] for path, blob in texts.items() if blob in blobs}, plain, links, odd)


def _sizes(root: Path, names: list[str]) -> dict[str, int]:
    """Bytes of many blobs, none of which is read: `git cat-file --batch-check` answers `name type size`."""
    if not names:
        return {}
    answer = ask_git(root, "cat-file", "--batch-check", feed=("\n".join(names) + "\n").encode("ascii"))
    found = {}
    for name, row in zip(names, (answer or b"").splitlines(), strict=False):
        words = row.split()
        if len(words) != 3:
            raise KitError(f"the file {name} of a commit is not in this clone; fetch it whole")
        found[name] = int(words[2])
    if len(found) < len(names):
        raise KitError("git could not read the files of a commit; the repository may be damaged")
    return found


def _blob_fingerprints(root: Path, names: list[str]) -> dict[str, Fingerprint]:
    """Size and SHA-256 of many blobs, out of one process and without holding one of them whole."""
    if not names:
        return {}
    found = {}
    with subprocess.Popen(
        [*_GIT, "cat-file", "--batch"], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as git:
        assert git.stdin is not None, "it is a pipe"
        assert git.stdout is not None, "it is a pipe"
        for name in names:
            try:
                git.stdin.write(f"{name}\n".encode("ascii"))
                git.stdin.flush()
            except BrokenPipeError:
                break
            words = git.stdout.readline().split()
            if len(words) != 3:
                raise KitError(f"the file {name} of a commit is not in this clone; fetch it whole")
            found[name] = fingerprint_of(git.stdout, int(words[2]))
            git.stdout.read(1)
    return found


def read_objects(root: Path, names: list[str]) -> dict[str, bytes]:
    """Many blobs or commits in one process: `git cat-file --batch` answers `name type size`, the bytes, a newline.

    Raises:
        KitError: One of them is not here.
    """
    if not names:
        return {}
    stream = ask_git(root, "cat-file", "--batch", feed=("\n".join(names) + "\n").encode("ascii"))
    if stream is None:
        raise KitError("git could not read the files of a commit; the repository may be damaged")
    found, at = {}, 0
    for name in names:
        end = stream.index(b"\n", at)
        words = stream[at:end].split()
        if len(words) != 3:
            raise KitError(f"the file {name} of a commit is not in this clone; fetch it whole")
        size = int(words[2])
        found[name] = stream[end + 1 : end + 1 + size]
        at = end + size + 2
    return found


def _differing_on_disk(root: Path, tree: Tree, before: dict[str, _Entry]) -> tuple[str, ...]:
    """Files that differ between a commit and the working tree, and new ones among those that are controlled or the kit's."""
    differing = {path for path, entry in before.items() if _name_on_disk(root / path, len(entry.blob)) != entry.blob}
    differing |= {path for path in (*tree.paths(), *tree.links()) if path not in before}
    for name in ("macros", "controls"):
        for file in plain_files(root / name):
            path = file.relative_to(root).as_posix()
            if path not in before and "__pycache__" not in path:
                differing.add(path)
    return tuple(sorted(differing))


_LONGEST = 1 << 28
"""Bytes of a file in the working tree that are compared with a commit."""


def _name_on_disk(file: Path, length: int) -> str | None:
    """The name that git gives to a file's bytes, with the line ends of the repository; of a link, to where it leads."""
    try:
        if file.is_symlink():
            content = os.fsencode(str(file.readlink()))
        elif file.is_file():
            if file.stat().st_size > _LONGEST:
                return None  # no text; whether it is the same is what git itself says
            content = file.read_bytes()
            if b"\0" not in content:
                content = content.replace(b"\r\n", b"\n")
        else:
            return None
    except OSError:
        return None
    digest = hashlib.sha1 if length == 40 else hashlib.sha256
    return digest(b"blob %d\0" % len(content) + content).hexdigest()


def authors_of(root: Path, base: str, head: str, paths: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Name and e-mail of everybody who wrote a commit between two that touched one of the paths, co-authors too; sorted.

    Merges count only where they changed a file beyond what they merged.
    """
    form = "--format=%an%x00%ae%x00%(trailers:key=Co-authored-by,valueonly,separator=%x01)"
    words = (
        "log",
        "-z",
        "--full-history",
        "--no-mailmap",
        "--no-show-signature",
        "--encoding=UTF-8",
        form,
        f"{base}..{head}",
        "--",
        *paths,
    )
    fields = (ask_git(root, "--literal-pathspecs", *words) or b"").decode("utf-8", "replace").split("\0")
    found = set()
    for name, email, trailers in zip(fields[0::3], fields[1::3], fields[2::3], strict=False):
        found.add((name, email))
        for trailer in filter(None, trailers.split("\x01")):
            also, _, address = trailer.partition("<")
            found.add((also.strip(), address.strip(" >\n")))
    return tuple(sorted(found))
