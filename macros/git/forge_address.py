"""Where a repository lies on its forge, as git knows it: for the link to the repository, and the pencil on each document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from macros.git.repository import ask_git
from macros.model.organisation import Forge
from macros.problem import KitError

_HOST = r"(?P<host>[A-Za-z0-9](?:[A-Za-z0-9-]*\.)+[A-Za-z0-9-]+)"
_PATH = r"(?P<path>[A-Za-z0-9._~-]+(?:/[A-Za-z0-9._~-]+)+)/?"
# What stands before the host, such as the token with which a job has cloned, is never part of an address.
_HTTPS = re.compile(rf"https://(?:[^@/]*@)?{_HOST}(?P<port>:[0-9]{{1,5}})?/{_PATH}")
_SSH = re.compile(rf"(?:ssh://(?:[^@/]*@)?{_HOST}(?::[0-9]{{1,5}})?/|[^@/:]*@{_HOST.replace('host', 'short')}:/?){_PATH}")
_BRANCH = re.compile(r"[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*")
_EDIT = {Forge.GITHUB: "edit/{}/docs/", Forge.GITLAB: "-/edit/{}/docs/"}
_NAMES = {Forge.GITHUB: "GitHub", Forge.GITLAB: "GitLab"}


@dataclass(frozen=True, slots=True)
class ForgeAddress:
    """A repository on a forge whose editor can be linked to."""

    url: str
    """https, host and path; without a user, a token, or anything after the path."""
    name: str
    edit: str
    """Path below `url` that opens a file of `docs/` in the forge's editor, up to the name of the file."""


def forge_address(root: Path, forge: Forge) -> ForgeAddress | None:
    """The address by which `origin` was cloned, as a browser opens it; None where there is none, or the forge has no known editor.

    Args:
        root: The folder of the site; it has to be the top of its repository, since `docs/` is looked for there.
        forge: As `org.yaml` names it.
    """
    if forge not in _EDIT:
        return None
    try:
        if (ask_git(root, "rev-parse", "--show-prefix") or b"no").strip():
            return None
        url = web_address(_said(ask_git(root, "remote", "get-url", "origin")))
        branch = _said(ask_git(root, "symbolic-ref", "--short", "refs/remotes/origin/HEAD")).removeprefix("origin/")
    except KitError:
        return None
    edit = _EDIT[forge].format(branch if _BRANCH.fullmatch(branch) else "main")
    return ForgeAddress(url, _NAMES[forge], edit) if url else None


def web_address(remote: str) -> str | None:
    """The https address of a repository that git reaches over https or ssh; None for a folder, an alias, or anything else."""
    found = _HTTPS.fullmatch(remote) or _SSH.fullmatch(remote)
    if found is None or {".", ".."} & set(found["path"].split("/")):
        return None
    named = found.groupdict()
    host = (named["host"] or named.get("short") or "").lower()
    return f"https://{host}{named.get('port') or ''}/{named['path'].removesuffix('.git')}"


def _said(answer: bytes | None) -> str:
    return (answer or b"").decode("utf-8", "replace").strip()
