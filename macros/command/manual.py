"""`manual`: the manual of this version, offline: its pages, one page, or the section on a code, a verb, a macro or a register."""

from __future__ import annotations

import argparse

from macros.command.screen import show
from macros.command.verbs import command
from macros.encode.terminal import lines as as_lines
from macros.load.manual import ManualPage, Section, manual, sections_called, sections_of
from macros.problem import KitError, did_you_mean


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument(
        "name",
        metavar="NAME",
        nargs="?",
        help="a page such as write, a code such as DOC306, a verb, macro, register or question, or PAGE#HEADING; without it, all pages",
    )


def run(given: argparse.Namespace) -> int:
    """Print what was asked for; 3 when the manual has nothing of that name."""
    name = (given.name or "").strip()
    if not name:
        width = max(len(page.name) for page in manual())
        rows = [f"{page.name:<{width}}  {page.title}" for page in manual()]
        ways = f"{command()} manual PAGE prints one; {command()} manual NAME the section on a code, a verb, a macro or a register."
        show(as_lines([*rows, "", ways]))
        return 0
    page = next((page for page in manual() if page.name == name.removesuffix(".md").casefold()), None)
    if page:
        show(as_lines(page.text.rstrip("\n").split("\n")))
        return 0
    found = _sections(name)
    if not found:
        raise KitError(f"the manual has nothing on '{name}'; {_nearest(name)}")
    for number, section in enumerate(found):
        separate = [""] if number else []
        show(as_lines([*separate, *section.text.rstrip("\n").split("\n"), "", f"{section.page.title}, {section.place}"]))
    return 0


def _sections(name: str) -> list[Section]:
    page, mark, heading = name.partition("#")
    if not mark:
        return sections_called(name)
    return [section for section in sections_called(heading.replace("-", " ")) + sections_called(heading) if section.page.name == page]


def _nearest(name: str) -> str:
    known = [page.name for page in manual()] + [heading for page in manual() for heading in _headings(page)]
    known += [f"{page.name}#{heading}" for page in manual() for heading in _headings(page) if name.startswith(f"{page.name}#")]
    wanted = name.upper() if name.upper() in known or (name[:3].isalpha() and name[3:].isdigit()) else name
    return did_you_mean(wanted, known, f"'{command()} manual' lists its pages")


def _headings(page: ManualPage) -> list[str]:
    return [section.heading for section in sections_of(page)]
