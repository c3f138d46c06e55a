"""`build`: the site, made beside the one that is there, and in its place only when it is whole and sound."""

from __future__ import annotations

import argparse
import os
import shutil
from pathlib import Path

from macros.command.beside import WORK, place_of
from macros.command.check import print_problems, site_problems
from macros.command.formats import FORMATS
from macros.command.screen import tell
from macros.command.workspace import world_of
from macros.host import Host, NotBuiltError
from macros.problem import KitError, Severity

_SOURCES = ("docs", "registers", "controls", "macros", "evidence", ".git")
_LEFT_BY_A_BUILD = ("index.html", "404.html", "sitemap.xml", "assets")


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument("--site", type=Path, metavar="FOLDER", help="the folder that gets the site (default: site_dir of mkdocs.yml)")
    parser.add_argument("--no-check", action="store_true", help="do not follow the links of the site that was built")
    parser.add_argument("--format", choices=sorted(FORMATS), default="text", help="how to print problems (default: text)")


def run(given: argparse.Namespace) -> int:
    """Build, check and put in place; 1 when there are problems, and then the site that was there stays."""
    world = world_of(given, fresh=True)
    host = Host(given.root, strict=True)
    target: Path | None = None
    try:
        target = (given.site or host.site_dir()).resolve()
        refuse_target(target, given.root.resolve())
        with place_of(target, tell) as place:
            tell(f"Building the site into '{shown(target)}' ...")
            host.build(world, place.new)
            problems = () if given.no_check else site_problems(world, place.new)
            if any(problem.severity.rank <= Severity.WARNING.rank for problem in problems):
                raise NotBuiltError(problems)
            keep_hidden(target, place.new)
            place.step()
    except NotBuiltError as error:
        for sentence in error.said:
            tell(sentence)
        if error.problems or given.format != "text":
            print_problems(error.problems, given.format)
        stays = f"; '{shown(target)}' is as it was" if target and target.exists() else ""
        tell(f"The site was not built{stays}")
        return 1
    finally:
        host.close()
    if given.format != "text":
        print_problems((), given.format)
    tell(f"The site is in '{shown(target)}'")
    return 0


def refuse_target(target: Path, root: Path) -> None:
    """Keep a build from replacing what is no site.

    Raises:
        KitError: The folder holds something else, or would be in the way of the sources.
    """
    sources = [root / name for name in _SOURCES]
    if target == root or target in root.parents or any(target == source or source in target.parents for source in sources):
        raise KitError(f"'{target}' belongs to the sources; name another folder for the site")
    if target.exists() and not target.is_dir():
        raise KitError(f"'{target}' is a file; name a folder for the site")
    shown_files = [name for name in os.listdir(target) if not name.startswith(".")] if target.exists() else []
    if shown_files and not any(name in shown_files for name in _LEFT_BY_A_BUILD):
        raise KitError(f"'{target}' holds something else than a site; empty it, or name another folder")


def keep_hidden(target: Path, new: Path) -> None:
    """Take over what lies hidden in the folder of the site, such as `.nojekyll`; MkDocs, too, leaves that alone."""
    for entry in sorted(os.scandir(target), key=lambda entry: entry.name) if target.exists() else ():
        if not entry.name.startswith(".") or entry.name == WORK or os.path.lexists(new / entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            shutil.copytree(entry.path, new / entry.name, symlinks=True)
        else:
            shutil.copy2(entry.path, new / entry.name, follow_symlinks=False)


def shown(path: Path) -> str:
    """A path as it is typed from here."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
