"""Words as they are compared, where only what they say makes a difference."""

from __future__ import annotations


def squeezed(text: str) -> str:
    """A text in which case and white space make no difference."""
    return " ".join(text.casefold().split())
