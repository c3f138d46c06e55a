"""`serve`: the site as it is saved now, on this machine, built anew after each save."""

from __future__ import annotations

import argparse
import contextlib
import errno
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from macros.command.preview import OnScreen, PreviewServer, page_of_reasons
from macros.command.screen import tell
from macros.command.watched import State, first_change, state_of
from macros.command.workspace import world_of
from macros.host import Host, NotBuiltError
from macros.problem import KitError
from macros.world import World, today_of

PAUSE = 0.5
"""Seconds between two looks at the files; a request for a page looks by itself."""
SETTLED = 0.1
"""Seconds without a change after which a save counts as done."""
LONGEST_SAVE = 5.0

_PREFIX = "aims-preview-"
_YOUNG = 60.0
"""Seconds for which a folder without a lock may belong to a server that is just starting."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument("--port", type=_port, default=8000, metavar="N", help="the port (default: 8000; 0 takes a free one)")
    parser.add_argument("--host", default="127.0.0.1", help="the address (default: 127.0.0.1, which only this machine reaches)")


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"'{text}' is no number from 0 to 65535")
    return int(text)


def run(given: argparse.Namespace) -> int:
    """Serve until it is interrupted."""
    preview = Preview(given)
    try:
        server = PreviewServer(given.host, given.port, preview.shown)
    except (OSError, UnicodeError) as error:
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        why = "somebody else has it" if taken else getattr(error, "strerror", None) or "there is no such address"
        raise KitError(f"port {given.port} of '{given.host}' cannot be had, {why}; give another after --port") from None
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with server, _rooms() as room:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            preview.run(room, server.address)
        except KeyboardInterrupt:
            tell("Stopped.")
        finally:
            preview.shown.close()
            preview.host.close()
            server.shutdown()
    return 0


class Preview:
    """Builds what is saved, as often as it changes."""

    def __init__(self, given: argparse.Namespace) -> None:
        self.given = given
        self.root = given.root.resolve()
        world_of(given)  # says so at once where this is no repository of the kit
        self.host = Host(self.root, strict=False)
        self.built: tuple[State, World | None] = ({}, None)
        """The files as the last build had them, and what they were; one value, since readers compare it at any moment."""
        self.shown = OnScreen(self.has_changed)
        self._folders: list[Path] = []
        self._count = 0

    def has_changed(self) -> bool:
        """Whether a build would have other files than the last one, or another day."""
        files, world = self.built
        if world and not self.given.today and today_of(world.workspace) != world.today:
            return True
        return files != state_of(self.root, self.host.watched)

    def run(self, room: Path, address: str) -> None:
        """Build, show, and watch; ends with an interruption."""
        tell("Building the site ...")
        self._build(room, address)
        tell(f"Serving on {address} (Ctrl-C stops it)")
        while True:
            if self.shown.take(PAUSE) or self.has_changed():
                self._build(room, address)

    def _build(self, room: Path, address: str) -> None:
        """One build, shown when it is whole; where there is none, the reasons are shown."""
        files = self._settled()
        self._tell(files)
        self.built = (files, None)
        self.shown.begin()
        began = time.monotonic()
        self._count += 1
        folder = room / f"site-{self._count}"
        try:
            world = world_of(self.given, fresh=True)
            self.built = (files, world)
            warnings = self.host.build(world, folder, address)
        except NotBuiltError as error:
            self._fail(folder, [*map(str, error.problems), *error.said])
        except KitError as error:
            self._fail(folder, [str(error)])
        else:
            self.shown.show(folder)
            for sentence in (*warnings, f"Shown as saved, built in {time.monotonic() - began:.1f} s."):
                tell(sentence)
            self._folders.append(folder)
            for old in self._folders[:-2]:  # a reader may still be in the one before
                shutil.rmtree(old, ignore_errors=True)
            del self._folders[:-2]

    def _fail(self, folder: Path, sentences: list[str]) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        self.shown.show(None, page_of_reasons("The site cannot be shown", sentences))
        for sentence in (*sentences, "The site cannot be shown; mend this and save."):
            tell(sentence)

    def _settled(self) -> State:
        """The files once nobody writes any more; a checkout writes many."""
        end = time.monotonic() + LONGEST_SAVE
        state = state_of(self.root, self.host.watched)
        while self._count and time.monotonic() < end:
            time.sleep(SETTLED)
            before, state = state, state_of(self.root, self.host.watched)
            if before == state:
                break
        return state

    def _tell(self, files: State) -> None:
        if not self._count:
            return
        path = first_change(self.built[0], files)
        name = os.path.relpath(path, self.root) if path else "the day"
        tell(f"Changed: {name}")
        if name == "mkdocs_hooks.py" or (name.startswith(f"macros{os.sep}") and name.endswith(".py")):
            tell("The engine itself has changed; stop this server and start it again to run the new one.")


@contextlib.contextmanager
def _rooms() -> Iterator[Path]:
    """A folder for the sites of this server, outside the repository; those of servers that were killed go."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        _remove_if_left(left)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as name, FileLock(Path(name) / "lock"):
        yield Path(name)


def _remove_if_left(folder: Path) -> None:
    with contextlib.suppress(OSError, Timeout, NotImplementedError):
        state = folder.lstat()
        young = time.time() - state.st_mtime < _YOUNG
        if folder.is_symlink() or young or (hasattr(os, "getuid") and state.st_uid != os.getuid()):
            return
        with FileLock(folder / "lock", timeout=0):
            shutil.rmtree(folder, ignore_errors=True)
