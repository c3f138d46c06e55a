"""Lays the worked organisation's own sentences over the documents that the template generates.

A document that nobody made their own is a template. What the worked organisation changed is kept as a list
of changes and not as a copy of the documents, so that a changed template is seen by the change that no longer fits.
"""

from __future__ import annotations

import re
from typing import Any

from macros.problem import KitError

_HEADING = re.compile(r"^#{2,6} (.+?) *$")
_KINDS = (("table", re.compile(r"\|")), ("bullets", re.compile(r"[-*] ")), ("numbers", re.compile(r"\d+\. ")))
_WAYS = ({"replace", "with"}, {"under", "add"})
SHOWN = 60
"""How many characters of a fragment are quoted in a message."""


def tailored(documents: dict[str, str], changes: dict[str, Any]) -> dict[str, str]:
    """The bodies of the documents with the changes made.

    Args:
        documents: Each document's body, by its id.
        changes: For each id a list of changes, made in their order. `replace` and `with` change a fragment that
            stands once in the body; `under` and `add` put lines at the end of what stands below a heading, before
            the next one: a list goes on, a table grows, a sentence joins the paragraph.

    Raises:
        KitError: Changes do not fit; one message names each with the id of its document.
    """
    made, refused = dict(documents), []
    for name, listed in changes.items():
        if name not in documents:
            refused.append(f"{name}: there is no such document; take it out, or give the id of a document of the template")
            continue
        if not isinstance(listed, list) or not listed:
            refused.append(f"{name}: it lists no change; take it out, or list what was changed")
            continue
        for change in listed:
            try:
                made[name] = _changed(made[name], change)
            except KitError as error:
                refused.append(f"{name}: {error}")
    if refused:
        raise KitError("\n".join(("the example's tailoring does not fit the template", *refused)))
    return made


def _changed(body: str, change: Any) -> str:
    if not isinstance(change, dict) or set(change) not in _WAYS or not all(isinstance(text, str) and text for text in change.values()):
        raise KitError("a change is 'replace' and 'with', or 'under' and 'add', each with a text")
    if "replace" in change:
        return _replaced(body, change["replace"], change["with"])
    return _added(body, change["under"], change["add"])


def _replaced(body: str, fragment: str, text: str) -> str:
    count = body.count(fragment)
    if count != 1:
        shown = fragment if len(fragment) <= SHOWN else f"{fragment[:SHOWN]}…"
        raise KitError(f"'{shown}' is found {count} times; quote a part of the generated text that stands there once")
    return body.replace(fragment, text)


def _added(body: str, heading: str, text: str) -> str:
    lines = body.split("\n")
    matches = [(number, _HEADING.match(line)) for number, line in enumerate(lines)]
    heads = [number for number, match in matches if match]
    found = [number for number, match in matches if match and match[1] == heading]
    if len(found) != 1:
        raise KitError(f"the heading '{heading}' is found {len(found)} times; name a heading that stands there once")
    end = next((number for number in heads if number > found[0]), len(lines))
    while not lines[end - 1].strip():
        end -= 1
    added = text.strip("\n").split("\n")
    joins = end - 1 > found[0] and _kind(lines[found[0] + 1 : end]) == _kind(added[:1])
    return "\n".join((*lines[:end], *([] if joins else [""]), *added, *lines[end:]))


def _kind(lines: list[str]) -> str:
    """What the last of the lines belongs to; an indented line belongs to what stands above it."""
    last = next(line for line in reversed(lines) if line.strip() and (not line.startswith(" ") or line is lines[0]))
    return next((kind for kind, pattern in _KINDS if pattern.match(last)), "sentences")
