"""MkDocs, run by the engine: one build of a world into a folder, with what MkDocs has to say as sentences.

Besides `site`, `pages` and the hooks, only this module knows MkDocs. Verbs import it when they build, so that
the command line starts without MkDocs.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from macros.paced import pace
from macros.pages import build_day, reasons_not_to_build
from macros.problem import KitError, Problem
from macros.world import World, handed_over

SETTINGS = "mkdocs.yml"

_LINK = re.compile(r"^Doc file '(?P<page>[^']+)' contains (?P<rest>.*?'(?P<address>[^']*)'.*)$", re.DOTALL)
_PAGE = re.compile(r"^Error (?:building|reading) page '(?P<page>[^']+)': ?(?P<rest>.*)$", re.DOTALL)
_MACRO = re.compile(r"^ERROR\b.*?_File_: `(?P<page>[^`]+)`\s*(?P<rest>.*?)\s*(?:```.*)?$", re.DOTALL)
_TOO_DEEP = "what stands there is nested too deeply for Markdown; flatten its lists and quotations"
_NAME = re.compile(r"^\[[\w -]+\] - ")


class NotBuiltError(KitError):
    """There is no site, or none that is sound.

    Attributes:
        problems: What the engine found, for which the build was not even begun.
        said: What MkDocs said, a sentence each.
    """

    def __init__(self, problems: tuple[Problem, ...] = (), said: tuple[str, ...] = ()) -> None:
        super().__init__("the site was not built")
        self.problems = problems
        self.said = said


class Host:
    """MkDocs at work on one repository, for one build or for many."""

    def __init__(self, root: Path, *, strict: bool) -> None:
        """Say what is to be built.

        Args:
            root: The folder with `mkdocs.yml`.
            strict: Whether a warning of MkDocs is a reason not to have a site.
        """
        self.root = root.resolve()
        self.strict = strict
        self.watched: tuple[Path, ...] = ()
        """What `watch` in `mkdocs.yml` names, as the last build read it."""
        self._plugins: Any = None

    def site_dir(self) -> Path:
        """The folder that `mkdocs.yml` wants the site in.

        Raises:
            NotBuiltError: `mkdocs.yml` cannot be read.
        """
        with _heard(self.root, {}) as said:
            try:
                return Path(self._settings()["site_dir"])
            except BaseException as error:  # noqa: BLE001  # as in the build below
                raise _not_built(error, said, self.root, {}) from None

    def build(self, world: World, into: Path, address: str | None = None) -> tuple[str, ...]:
        """Build the site of a world.

        Args:
            world: What lies in the folder now.
            into: The folder for the site; what is in it goes.
            address: Where a preview is served, for a site that has an address of its own.

        Returns:
            What MkDocs warned of; nothing where it is strict.

        Raises:
            NotBuiltError: There are problems, or MkDocs gave up.
        """
        refused = reasons_not_to_build(world)
        if refused:
            raise NotBuiltError(refused)
        texts = world.workspace.texts
        with handed_over(world), _heard(self.root, texts) as said:
            try:
                self._build(into, address)
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # noqa: BLE001  # the macros plugin leaves with SystemExit
                raise _not_built(error, said, self.root, texts) from None
            finally:
                pace.end()
                build_day.forget()
        return tuple(said)

    def close(self) -> None:
        """Let plugins tidy up."""
        if self._plugins is not None:
            self._plugins.on_shutdown()

    def _settings(self, **words: Any) -> Any:
        os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")  # Material prints an advertisement over every build
        from mkdocs.config import load_config

        if (self.root / SETTINGS).exists() and not (self.root / SETTINGS).is_file():
            raise OSError(errno.EINVAL, "it is no plain file", SETTINGS)  # a pipe or a device may have no end
        return load_config(config_file=str(self.root / SETTINGS), **words)

    def _build(self, into: Path, address: str | None) -> None:
        from mkdocs.commands.build import build

        settings = self._settings(site_dir=str(into), strict=self.strict)
        if self._plugins is None:
            settings.plugins.on_startup(command="build", dirty=False)  # a preview shows what a build makes
        self._plugins = settings.plugins
        self.watched = tuple(Path(path) for path in settings["watch"])
        if address and settings["site_url"]:
            settings["site_url"] = address
        build(settings, serve_url=address)


@contextlib.contextmanager
def _heard(root: Path, texts: Any) -> Iterator[list[str]]:
    """What MkDocs warns of while this is open."""
    said: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            sentence = _sentence(record.getMessage(), root, texts)
            if sentence and sentence not in said:
                said.append(sentence)

    ear = Ear(logging.WARNING)
    logger = logging.getLogger("mkdocs")
    logger.addHandler(ear)
    try:
        yield said
    finally:
        logger.removeHandler(ear)


def _not_built(error: BaseException, said: list[str], root: Path, texts: Any) -> NotBuiltError:
    """The sentences for what MkDocs stopped at."""
    from mkdocs.exceptions import Abort, MkDocsException

    if isinstance(error, NotBuiltError):
        return error
    if isinstance(error, (Abort, SystemExit)) and error.__context__ is not None and not said:
        error = error.__context__
    if not isinstance(error, (Abort, SystemExit)):
        text = str(error) if isinstance(error, MkDocsException) else f"{type(error).__name__}: {error}"
        if isinstance(error, RecursionError):
            said[:] = [one.replace(str(error), _TOO_DEEP) for one in said]
            text = _TOO_DEEP
        if isinstance(error, OSError) and error.strerror:
            text = f"'{error.filename}' cannot be read or written ({error.strerror})" if error.filename else error.strerror
        sentence = _sentence(text, root, texts)
        if not any(sentence in other for other in said):
            said.append(sentence)
    return NotBuiltError((), tuple(said) or ("MkDocs gave up without a word; 'python -m mkdocs build --verbose' says more",))


def _sentence(text: str, root: Path, texts: Any) -> str:
    """One line, with the place in front where MkDocs names a page; empty where it only announces the next one."""
    text = _NAME.sub("", text.replace(f"{root}{os.sep}", ""))
    macro = _MACRO.match(text)
    if macro:
        return f"docs/{macro['page']}:1: a macro cannot be shown, {' '.join(macro['rest'].replace('_', '').split())}"
    found = _LINK.match(text) or _PAGE.match(text)
    if found and not found["rest"]:
        return ""  # the reason follows by itself
    if found:
        path = f"docs/{found['page']}"
        address, source = found.groupdict().get("address"), texts.get(path, "")
        line = source.count("\n", 0, source.index(address)) + 1 if address and source.count(address) == 1 else 1
        text = f"{path}:{line}: {'it contains ' if address is not None else ''}{found['rest']}"
    return " ".join(text.split())
