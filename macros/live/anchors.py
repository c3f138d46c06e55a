"""Anchors of headings, as the host makes them, but none that a script of the theme looks for."""


def anchor_of(heading: str, separator: str) -> str:
    """The anchor of a heading, without the two underscores with which the names begin that scripts of the theme look for."""
    from markdown.extensions.toc import slugify  # only a site build makes anchors

    anchor: str = slugify(heading, separator)
    return anchor.lstrip("_")
