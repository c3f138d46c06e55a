"""The grammar of all verbs as plain data, from which completion is answered without loading any of them."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

Plain = dict[str, Any]
"""Of a verb or an action: `help`, `takes`, and `actions` by name where it has any."""

_SPOKEN = "help"


def as_data(parser: argparse.ArgumentParser, offered: Mapping[str, Any], said: str) -> Plain:
    """What a parser takes.

    Args:
        parser: Of one verb, or of one of its actions.
        offered: For an argument by its name: words, or a folder with a file for each of them.
        said: What it gives, in a phrase.
    """
    takes, actions = [], {}
    for action in parser._actions:  # noqa: SLF001  # argparse has no public way to ask what a parser takes
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001  # as above
            helps = {choice.dest: choice.help or "" for choice in action._choices_actions}  # noqa: SLF001  # as above
            actions = {name: as_data(sub, offered, helps.get(name, "")) for name, sub in action.choices.items()}
        elif action.dest != _SPOKEN:
            takes.append(_argument(action, offered))
    return {"help": said, "takes": takes, **({"actions": actions} if actions else {})}


def _argument(action: argparse.Action, offered: Mapping[str, Any]) -> Plain:
    found: Plain = {"name": action.dest, "help": action.help or ""}
    if action.option_strings:
        found["options"] = list(action.option_strings)
    if action.nargs is not None:
        found["many"] = action.nargs
    if action.choices:
        found["choices"] = [str(choice) for choice in action.choices]
    elif action.dest in offered:
        found["offered"] = offered[action.dest]
    return found


def parser_from(data: Plain, parser: argparse.ArgumentParser) -> list[tuple[argparse.Action, Any]]:
    """Give a parser the arguments that `as_data` found, and list those for which words are offered."""
    offers = []
    for taken in data["takes"]:
        words: Plain = {"help": taken["help"].replace("%", "%%")}
        if "choices" in taken:
            words["choices"] = taken["choices"]
        if taken.get("many") == 0:
            words["action"] = "store_true"
        elif "many" in taken:
            words["nargs"] = taken["many"]
        names = taken.get("options")
        if names:
            words["dest"] = taken["name"]
        action = parser.add_argument(*(names or [taken["name"]]), **words)
        if "offered" in taken:
            offers.append((action, taken["offered"]))
    actions = data.get("actions")
    if actions:
        below = parser.add_subparsers()
        for name, sub in actions.items():
            offers += parser_from(sub, below.add_parser(name, help=sub["help"].replace("%", "%%")))
    return offers
