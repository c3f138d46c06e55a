"""A page of the built site, held against what the kit, the theme and the allow-list account for.

What is expected is known from the theme and from this list, never from the page. A page that is written in a way that two
readers could take differently is named as such, and not read any further.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from macros.live.allowed import (
    ELEMENTS,
    VOID,
    Additions,
    Attributes,
    Fault,
    Wrong,
    can_add_attribute,
    can_add_element,
    fault_of_address,
    faults_of_attribute,
)
from macros.live.markup import TAG, Found, attributes_of, line_at, odd, tags_in

_WORDS_OF_THEME = (
    "article aside body button circle footer form g head header html input label legend line link main meta nav path "
    "polygon polyline rect script svg text title"
)
_THEME = frozenset(_WORDS_OF_THEME.split())
"""Elements that the theme and the drawings of generated pages are made of, beside those that every page may hold."""
_VOID = VOID | {"link", "meta"}
_WORDS_OF_PLAIN = (
    "alt align autocapitalize autocomplete autocorrect charset checked class colspan content d datetime dir disabled "
    "download fill for headers height hidden href hreflang id inert lang loading markdown media name open placeholder "
    "points r rel required reversed role rowspan rx ry scope span spellcheck start tabindex target title translate type "
    "value viewbox width x x1 x2 xmlns y y1 y2 cx cy cite controls high low max min optimum"
)
_PLAIN = frozenset(_WORDS_OF_PLAIN.split())
"""Attributes that set neither a script nor a style, and load nothing; those that hold an address are looked at beside that."""
_FAMILIES = re.compile(r"aria-[a-z]+|data-md-[a-z-]+|data-linenos|data-clipboard(?:-text|-target)?")
_RELATIONS = frozenset({"alternate", "canonical", "icon", "next", "prev", "stylesheet"})
_FETCHED = frozenset({"icon", "stylesheet"})
_METAS = frozenset({"author", "description", "generator", "viewport"})
_INPUTS = frozenset({"checkbox", "radio", "text"})
_POLICY = re.compile(r"\s*<!doctype html>\s*<html[^<>]*>\s*<head>\s*<meta http-equiv=\"Content-Security-Policy\" content=\"([^\"<>]*)\">")
_CONFIG = (("id", "__config"), ("type", "application/json"))


@dataclass(slots=True)
class BuiltMarkup:
    """What stands in one built page."""

    found: list[Found] = field(default_factory=list)
    """What nobody accounts for."""
    scripts: list[tuple[int, str]] = field(default_factory=list)
    """Addresses of scripts with their lines."""
    policy: str | None = None
    """The content security policy, if it comes before everything else."""


def read_built(text: str, additions: Additions) -> BuiltMarkup:
    """Read one built page.

    Args:
        text: The HTML file.
        additions: What the organisation added to the allow-list.
    """
    page = BuiltMarkup()
    begins = _POLICY.match(text)
    if begins:
        page.policy = html.unescape(begins.group(1))
    configs = 0
    for at, tag in tags_in(text, begins.end() if begins else _after_doctype(text)):
        if tag is None:
            page.found.append(Found(line_at(text, at), odd(text, at)))
            return page
        end = tag.end()
        name, faults = _judged(tag.group(), additions)
        page.found += [Found(line_at(text, at), fault) for fault in faults]
        if name == "script" and not tag["end"]:
            closing = text.find("</script>", end)
            configs += "__config" in tag.group()
            line = line_at(text, at)
            fault = _fault_of_script(page, line, attributes_of(tag["attributes"]), text[end:closing] if closing != -1 else "<", configs)
            if fault:
                page.found.append(Found(line, fault))
                if "<" in text[end:closing]:
                    return page  # what stands in it is no markup, and is not read as such
            if closing == -1:
                return page
        elif name == "title" and not tag["end"] and not text.startswith("</title>", text.find("<", end)):
            page.found.append(Found(line_at(text, at), Fault(Wrong.MARKUP, "a title with markup in it")))
            return page
        elif not _is_known(name, additions):
            return page  # it may change how everything after it is read
    return page


_KNOWN = ELEMENTS | _THEME


def _is_known(name: str, additions: Additions) -> bool:
    return name in _KNOWN or (name in additions.elements and can_add_element(name))


def _after_doctype(text: str) -> int:
    found = re.match(r"\s*<!doctype html>", text, re.IGNORECASE)
    return found.end() if found else 0


def _fault_of_script(page: BuiltMarkup, line: int, attributes: Attributes, inside: str, configs: int) -> Fault | None:
    given = dict(attributes)
    source = given.get("src")
    if set(given) <= {"src", "data-scope"} and source and not inside.strip():
        page.scripts.append((line, source))
        return None
    if tuple(sorted(attributes)) == _CONFIG and configs == 1 and _is_config(inside):
        return None
    return Fault(Wrong.MARKUP, "a script that is none of the theme's")


def _is_config(inside: str) -> bool:
    """Whether the settings of the theme name no address that leads out of the site."""
    try:
        config = json.loads(inside)
    except ValueError:
        return False
    if not isinstance(config, dict) or "<" in inside:
        return False
    return all(
        isinstance(config.get(key), str) and not re.match(r"[\s/\\]{2}|[A-Za-z][A-Za-z0-9+.-]*:", config[key]) for key in ("base", "search")
    )


@lru_cache(maxsize=16384)
def _judged(tag: str, additions: Additions) -> tuple[str, tuple[Fault, ...]]:
    match = TAG.fullmatch(tag)
    assert match is not None, "it was found as a tag"
    name = match["name"].lower()
    if not _is_known(name, additions):
        return name, (Fault(Wrong.MARKUP, f"element '{name}'"),)
    if match["end"]:
        return name, (odd(tag, 0),) if match["attributes"] or name in _VOID else ()
    attributes = attributes_of(match["attributes"])
    return name, tuple(_faults(name, attributes, additions))


def _faults(name: str, attributes: Attributes, additions: Additions) -> Iterator[Fault]:
    if name == "script":
        return  # judged with what stands in it
    given = dict(attributes)
    if len(given) != len(attributes):
        yield Fault(Wrong.MARKUP, f"an attribute twice on '{name}'")
    for attribute, value in attributes:
        if attribute in ("href", "src", "cite"):
            yield from _faults_of_address(name, attribute, value or "", given, additions)
        elif attribute == "http-equiv" or not (
            attribute in _PLAIN or (attribute in additions.attributes and can_add_attribute(attribute)) or _FAMILIES.fullmatch(attribute)
        ):
            yield Fault(Wrong.MARKUP, f"attribute '{attribute}' on '{name}'")
        elif attribute == "title" and "<" in (value or ""):
            yield Fault(Wrong.MARKUP, f"attribute 'title' on '{name}' with markup in it")  # the theme reads it as such
    if name == "meta" and not ("charset" in given or given.get("name") in _METAS):
        yield Fault(Wrong.MARKUP, f"meta '{given.get('name') or given.get('http-equiv')}'")
    elif name == "link" and given.get("rel") not in _RELATIONS:
        yield Fault(Wrong.MARKUP, f"link of relation '{given.get('rel')}'")
    elif name == "form" and given.get("class") not in ("md-header__option", "md-search__form"):
        yield Fault(Wrong.MARKUP, "a form that is none of the theme's")
    elif name == "input" and given.get("type") not in _INPUTS:
        yield Fault(Wrong.MARKUP, f"input of type '{given.get('type')}'")


def _faults_of_address(name: str, attribute: str, value: str, given: dict[str, str | None], additions: Additions) -> Iterator[Fault]:
    if name == "link":
        fault = fault_of_address(value, given.get("rel") in _FETCHED)
    elif name in ("a", "img", "audio", "video", "source", "blockquote", "q", "del", "ins"):
        yield from faults_of_attribute(name, attribute, value, additions)
        return
    else:
        fault = Fault(Wrong.MARKUP, f"attribute '{attribute}' on '{name}'")
    if fault:
        yield fault
