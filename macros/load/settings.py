"""The organisation's `mkdocs.yml`, as far as it decides what is built: read as plain YAML, without the tags that would run code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import yaml

from macros.libyaml import SafeLoader
from macros.load.published import HIDDEN, is_hidden

_ADDING = frozenset(
    {
        "extra",
        "extra_css",
        "extra_javascript",
        "extra_templates",
        "hooks",
        "markdown_extensions",
        "plugins",
        "site_dir",
        "theme",
        "use_directory_urls",
        "validation",
        "watch",
    }
)
"""Entries that change what is built and how; the rest names the site, its address and its navigation."""


@dataclass(frozen=True, slots=True)
class SiteSetting:
    """One entry at the top of `mkdocs.yml`."""

    key: str
    value: str
    """Empty where it is no single word or line."""
    line: int
    """From 1."""

    @property
    def adds(self) -> bool:
        """Whether it adds to what the kit builds with."""
        return self.key in _ADDING


@lru_cache(maxsize=4)
def settings_in(text: str) -> tuple[SiteSetting, ...]:
    """The entries at the top, in their order; nothing where the file cannot be read, since then nothing is built."""
    try:
        root = yaml.compose(text, Loader=SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return ()
    if not isinstance(root, yaml.MappingNode):
        return ()
    return tuple(
        SiteSetting(str(key.value), str(value.value) if isinstance(value, yaml.ScalarNode) else "", key.start_mark.line + 1)
        for key, value in root.value
    )


def excluded_from(text: str) -> Callable[[str], bool]:
    """Whether a path below `docs/` is left out of the site: by its name, or by `exclude_docs`, which may also take it in."""
    patterns = next((setting.value for setting in settings_in(text) if setting.key == "exclude_docs"), "")
    if not patterns.strip():
        return is_hidden
    from pathspec.gitignore import GitIgnoreSpec  # what MkDocs itself asks; slow to import, and rarely needed

    return GitIgnoreSpec.from_lines([*HIDDEN, *patterns.splitlines()]).match_file
