"""What was read out of a text, kept by the text's content: in memory, and in a folder of git's own that nobody commits.

Only functions of text alone are kept, under a digest of that text and of the engine that computed, so an entry is never
out of date: another text, engine or Python asks under another name. A missing, cut, foreign or damaged entry is
computed anew. Entries are JSON; nothing that is read here can run.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import platform
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property, lru_cache, wraps
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import yaml

P = ParamSpec("P")
T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
A = TypeVar("A")

IN_MEMORY = 1 << 14
"""Most results of one function that are held in memory."""
LARGEST = 32 << 20
"""Most bytes of one file of the cache."""
SPARE = 5_000
"""How many entries that nobody asked for may stand in one file in any case."""
ENGINES = 2
"""How many engines keep entries in one folder: what was written by older ones is removed."""

_READERS = ("PyYAML", "pydantic", "Jinja2", "markdown-it-py", "mdit-py-plugins", "Markdown", "pymdown-extensions")
_NAME = re.compile(r"[0-9a-f]{32}")
_KIND = re.compile(r"[a-z-]{1,40}")
_MISSING = object()
_CHECK = 16


class Cache:
    """Entries of one engine below one folder: a file for each kind."""

    def __init__(self, folder: Path, engine: str) -> None:
        """Nothing is read until it is asked for.

        Args:
            folder: Where all engines keep their entries; made when something is saved.
            engine: What names the engine, as `engine_name` gives it.
        """
        self._top, self._folder = folder, folder / engine
        self._seal = bytes.fromhex(engine)
        self._shelves: dict[str, _Shelf] = {}

    def get(self, kind: str, key: str) -> Any:
        """The value that is kept under a key of `key_of`, or `MISSING`."""
        return self._shelf(kind).get(key)

    def put(self, kind: str, key: str, value: Any) -> None:
        """Keep a value that JSON can hold, from `save` on also for later runs."""
        self._shelf(kind).put(key, value)

    def save(self) -> None:
        """Write what is new; where that is not possible, it is computed again the next time."""
        changed = [shelf for shelf in self._shelves.values() if shelf.fresh]
        try:
            if changed and self._is_ready():
                for shelf in changed:
                    shelf.save()
        except OSError:
            return

    def _shelf(self, kind: str) -> _Shelf:
        if kind not in self._shelves:
            assert _KIND.fullmatch(kind), kind
            self._shelves[kind] = _Shelf(self._folder / kind, self._seal + kind.encode("ascii"))
        return self._shelves[kind]

    def _is_ready(self) -> bool:
        """Whether the folder of this engine is there, or could be made; folders of engines before the last one go."""
        for folder in (self._top, self._folder):
            if not folder.exists():
                folder.mkdir()
            if not _is_plain_folder(folder):
                return False
        others = [path for path in self._top.iterdir() if _NAME.fullmatch(path.name) and path != self._folder and _is_plain_folder(path)]
        for path in sorted(others, key=lambda path: path.stat().st_mtime)[: 1 - ENGINES or None]:
            for file in path.iterdir():
                file.unlink()
            path.rmdir()
        return True


class _Shelf:
    """One file of the cache: a line for each run that added to it, with a check over the rest, which is a JSON object by key."""

    def __init__(self, path: Path, seal: bytes) -> None:
        self._path, self._seal = path, seal
        self._used: set[str] = set()
        self.fresh: dict[str, Any] = {}
        self._values: dict[str, Any] = {}
        for line in _bytes_of(path).split(b"\n"):
            self._values.update(self._read(line))

    def _read(self, line: bytes) -> dict[str, Any]:
        if self._check(line[_CHECK:]) != line[:_CHECK]:
            return {}
        try:
            found = json.loads(line[_CHECK:].decode("ascii"))
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def get(self, key: str) -> Any:
        if key not in self._values:
            return _MISSING
        self._used.add(key)
        return self._values[key]

    def put(self, key: str, value: Any) -> None:
        self._values[key] = self.fresh[key] = value
        self._used.add(key)

    def save(self) -> None:
        """Add what is new; where the file would grow too large, or holds mostly what nobody asked for, keep what this run has used."""
        added = self._line(self.fresh)
        size = self._path.stat().st_size if self._path.exists() else 0
        if size + len(added) <= LARGEST and len(self._values) <= SPARE + 4 * len(self._used):
            _append(self._path, added)
            return
        kept = self._line({key: self._values[key] for key in sorted(self._used)})
        beside = self._path.with_name(self._path.name + ".new")
        if len(kept) <= LARGEST:
            beside.unlink(missing_ok=True)  # what a run that was stopped has left
            _append(beside, kept)
            beside.replace(self._path)

    def _line(self, entries: dict[str, Any]) -> bytes:
        """Between two line breaks, so that it is whole even behind one that was cut."""
        rest = json.dumps(entries, separators=(",", ":")).encode("ascii")
        return b"\n" + self._check(rest) + rest + b"\n"

    def _check(self, rest: bytes) -> bytes:
        return hashlib.blake2b(rest, digest_size=_CHECK // 2, key=self._seal).hexdigest().encode("ascii")


def _is_plain_folder(path: Path) -> bool:
    return stat.S_ISDIR(path.lstat().st_mode)


def _bytes_of(path: Path) -> bytes:
    """The bytes of a plain file that is not too large; none where there is no such file."""
    try:
        if not (_is_plain_folder(path.parent.parent) and _is_plain_folder(path.parent)):
            return b""
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST:
            return b""
        return path.read_bytes()
    except OSError:
        return b""


def _append(path: Path, data: bytes) -> None:
    """Write at the end in one go; what another process adds at the same time stays whole, or fails its check."""
    if path.exists() and not stat.S_ISREG(path.lstat().st_mode):
        return
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o666)
    try:
        os.write(handle, data)
    finally:
        os.close(handle)


def engine_name() -> str:
    """What names this engine: a digest of every file of it, of the Python that runs it, and of the readers that it calls."""
    digest = hashlib.blake2b(digest_size=16)
    python = (platform.python_implementation(), platform.python_version())
    for part in (*python, f"libyaml: {yaml.__with_libyaml__}", *map(_version, _READERS)):
        digest.update(part.encode("utf-8") + b"\0")
    for folder, folders, files in os.walk(Path(__file__).parent):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(files):
            path = os.path.join(folder, name)
            if not os.path.isfile(path):  # a pipe or a device may have no end, and nothing of it is run
                continue
            with open(path, "rb") as file:
                data = file.read()
            digest.update(f"{os.path.basename(folder)}/{name}\0{len(data)}\0".encode("utf-8", "surrogateescape"))
            digest.update(data)
    return digest.hexdigest()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


class _Opening:
    """A cache that is looked for when the first function asks for it."""

    def __init__(self, find: Callable[[], Cache | None]) -> None:
        self._find = find

    @cached_property
    def cache(self) -> Cache | None:
        return self._find()

    def save(self) -> None:
        found = self.__dict__.get("cache")
        if found is not None:
            found.save()


_open = _Opening(lambda: None)
_kept: list[Any] = []
_values: dict[tuple[str, str], Any] = {}


@contextmanager
def using(find: Callable[[], Cache | None]) -> Iterator[None]:
    """Let every function of `cached_by_text` look in a cache, and save what is new at the end.

    Args:
        find: Gives the cache, or None; asked once, when there is something to look for.
    """
    global _open  # noqa: PLW0603  # one cache is open at a time, for every function that is kept in it
    before, _open = _open, _Opening(find)
    try:
        yield
    finally:
        _open.save()
        _open = before


def forget() -> None:
    """Empty the memory, as if this process had computed nothing yet."""
    _values.clear()
    for function in _kept:
        function.cache_clear()


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep Python from looking for rubbish while much is made that stays, which took a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def kept_in_memory(function: Callable[P, T], most: int = IN_MEMORY) -> Callable[P, T]:
    """Hold the results of a function of texts in memory alone, until `forget`.

    Args:
        function: It gives the same for the same arguments.
        most: How many results are held at most; then those that were not asked for the longest are given up.
    """
    held = lru_cache(maxsize=most)(function)
    _kept.append(held)
    return held  # type: ignore[return-value]  # the wrapper of lru_cache does not say which arguments it takes


@kept_in_memory
def digest_of(text: str) -> str:
    """64 lower-case hexadecimal digits that name a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def key_of(text: str, *rest: str | int | tuple[str, ...]) -> str:
    """The name of a text together with what else a function reads."""
    return f"{digest_of(text)} {rest!r}" if rest else digest_of(text)


def _same(value: Any) -> Any:
    return value


def _tuples(value: Any, _: str = "") -> Any:
    """Lists of JSON as the tuples that they were."""
    return tuple(map(_tuples, value)) if type(value) is list else value


def kept_value(kind: str, name: str, compute: Callable[[], T], is_fit: Callable[[Any], bool]) -> T:
    """Keep a value that JSON can hold under a name that it follows from, such as that of a tree in git, in memory and in the cache.

    Args:
        kind: What is computed, in small letters.
        name: All that the value follows from, beside the engine.
        compute: Gives the value.
        is_fit: Whether something that was kept is such a value.
    """
    if (kind, name) not in _values:
        cache = _open.cache
        found = cache.get(kind, name) if cache else _MISSING
        if found is _MISSING or not is_fit(found):
            found = compute()
            if cache:
                cache.put(kind, name, found)
        _values[kind, name] = found
    kept: T = _values[kind, name]
    return kept


def kept_by_identity(most: int = IN_MEMORY) -> Callable[[Callable[[A], T]], Callable[[A], T]]:
    """Hold the results of a function of one thing that never changes, as long as it is that very thing.

    Args:
        most: How many results are held at most; then all are given up.
    """

    def keeping(function: Callable[[A], T]) -> Callable[[A], T]:
        held: dict[int, tuple[A, T]] = {}  # the thing is held too, so that no other one gets its number

        @wraps(function)
        def kept(thing: A) -> T:
            found = held.get(id(thing))
            if found is None:
                if len(held) >= most:
                    held.clear()
                found = held[id(thing)] = (thing, function(thing))
            return found[1]

        kept.cache_clear = held.clear  # type: ignore[attr-defined]  # so that `forget` empties it as it does an lru_cache
        _kept.append(kept)
        return kept

    return keeping


def answered_once(method: Callable[Concatenate[Any, A, P], T]) -> Callable[Concatenate[Any, A, P], T]:
    """Hold the answers of a method about one thing, where neither that nor its own object ever changes, as long as that lives."""

    @wraps(method)
    def asked(one: Any, thing: A, /, *rest: P.args, **named: P.kwargs) -> T:
        answers = vars(one).setdefault("_answers", {})
        name = (method.__name__, id(thing), *rest, *named.items())
        if name not in answers:
            answers[name] = (thing, method(one, thing, *rest, **named))  # the thing is held too, as above
        answer: T = answers[name][1]
        return answer

    return asked


def cached_by_text(kind: str, plain: Callable[[Any], Any] = _same, again: Callable[[Any, str], Any] = _tuples) -> Callable[[F], F]:
    """Keep what a function computes from a text, in memory and in the cache that is open.

    The function gives the same for the same arguments, whatever else there is: no file, no day, no workspace.
    Its first argument is the text; the others are words, whole numbers or tuples of words.

    Args:
        kind: What is computed, in small letters; of one kind there is one function.
        plain: Gives a value that JSON can hold.
        again: Makes the value again from that and the text.
    """

    def keeping(function: F) -> F:
        @kept_in_memory
        @wraps(function)
        def kept(text: str, *rest: Any) -> Any:
            cache = _open.cache
            if cache is None:
                return function(text, *rest)
            key = key_of(text, *rest)
            found = cache.get(kind, key)
            if found is not _MISSING:
                try:
                    return again(found, text)
                except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
                    pass  # it passed its check and is nothing that this engine wrote
            value = function(text, *rest)
            cache.put(kind, key, plain(value))
            return value

        return cast("F", kept)  # it takes and gives what the function does

    return keeping
