"""The fingerprint of a document's text: what an approval covers, as one number that anybody can compute again."""

from __future__ import annotations

import hashlib
from enum import Enum

from macros.model.base import fields_of
from macros.model.workspace import Document

COVERED = ("id", "title", "type", "owner", "version", "classification", "about", "builds_on", "addresses")
"""Entries of the front matter that carry obligation; status, approval, review and history are not among them."""


def fingerprint_of(document: Document) -> str:
    """SHA-256 of a document's text, as 64 lower-case hexadecimal digits.

    It is taken over UTF-8 text with LF line ends: a line `name: value` for each entry of `COVERED`, in that order;
    a list is one line with its items joined by `, `, and an entry that is missing or empty has no line; white space in a
    value counts as one space; then an empty line, and then the file from the line after the front matter to its end.
    """
    return hashlib.sha256(fingerprinted(document).encode("utf-8")).hexdigest()


def fingerprinted(document: Document) -> str:
    """The text over which the fingerprint is taken."""
    lines = []
    fields = fields_of(document.head.value)
    for name in COVERED:
        value = fields[name]
        said = ", ".join(value) if isinstance(value, tuple) else " ".join(str(value.value if isinstance(value, Enum) else value).split())
        if said:
            lines.append(f"{name}: {said}\n")
    return "".join(lines) + "\n" + document.body
