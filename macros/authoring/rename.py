"""Another id for a document or record, in every place that names it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from macros.authoring.approve import resealed
from macros.authoring.ids import ids_of
from macros.imports.write import Files, judge
from macros.model.numbering import NUMBERING
from macros.model.records.kinds import Layout
from macros.model.workspace import Workspace
from macros.problem import KitError, Location

_FORM = re.compile(rf"([A-Z]{{2,3}})-{NUMBERING}")
_NAMED = re.compile(rb"(?<![A-Za-z0-9-])(?<!evidence/)[A-Z]{2,3}-[0-9]{3,7}(?:-[0-9]{3,7})?(?!-?[0-9])(?![A-Za-z_])")
"""An id in running text; files of evidence bear one in their name, which stays."""
_OWN = ("docs/", "registers/", "org.yaml", "mkdocs.yml", "CODEOWNERS", "README.md")
"""Where the organisation names things; the kit's own files name none of them."""


@dataclass(slots=True)
class Renaming:
    """What changes with an id."""

    old: str
    new: str
    files: Files = field(default_factory=dict)
    places: list[Location] = field(default_factory=list)
    """Every line that names it, in the order of the files."""
    left: list[Location] = field(default_factory=list)
    """Lines that name it and stay as they are, where another thing has the same id."""


def renaming(
    root: Path, workspace: Workspace, old: str, new: str, only: str | None, taken: Iterable[str], today: datetime.date
) -> Renaming:
    """Everything that changes when `old` becomes `new`; nothing is written.

    Args:
        root: The repository.
        workspace: What it holds.
        old: The present id of a document or record.
        new: The id that it gets, of the same kind and free.
        only: The file that is meant, where two things have the same id; who else names that id stays with the other one.
        taken: Ids that are taken outside of this checkout.
        today: The day to judge on.

    Raises:
        KitError: The ids do not fit, the new one is taken, or there would be an error that is not there now.
    """
    homes = sorted({*(d.path for d in workspace.documents if d.id == old), *(r.data.path for r in workspace.all_records if r.id == old)})
    _refuse_misfit(workspace, old, new, homes, only, taken)
    found = Renaming(old, new)
    name = old.encode("ascii")
    for path in sorted(path for path in workspace.texts if path.startswith(_OWN)):
        data = (root / path).read_bytes()
        lines = [data.count(b"\n", 0, match.start()) + 1 for match in _NAMED.finditer(data) if match.group() == name]
        if only is not None and path != only:
            found.left += [Location(path, line) for line in lines if path not in homes]
        elif lines:
            found.places += [Location(path, line) for line in lines]
            target = _target(workspace, path, old, new)
            if target != path:
                found.files[path] = None
            found.files[target] = _NAMED.sub(lambda match: new.encode("ascii") if match.group() == name else match.group(), data)
    resealed(root, workspace, found.files, {old: new})
    judge(root, workspace, found.files, today, {new: old})
    return found


def _refuse_misfit(workspace: Workspace, old: str, new: str, homes: list[str], only: str | None, taken: Iterable[str]) -> None:
    if not homes:
        if old in workspace.person_by_id or old in workspace.role_by_id:
            raise KitError(
                f"'{old}' is a person or role; its id is a plain word that texts use too, so it keeps it; change the name instead"
            )
        raise KitError(f"there is no document or record '{old[:60]}' here")
    if len(homes) > 1 and only is None:
        raise KitError(f"'{old}' is the id of {' and '.join(repr(home) for home in homes)}; say with --file which of them is meant")
    if only is not None and only not in homes:
        raise KitError(f"'{only}' is not where '{old}' stands; it stands in {', '.join(homes)}")
    before, after = _FORM.fullmatch(old), _FORM.fullmatch(new)
    if before is None or after is None or before.group(1) != after.group(1):
        raise KitError(f"'{new[:60]}' is no id of the same kind as '{old}'; keep the letters, and write three digits or more")
    if new in ids_of(workspace) | set(taken):
        raise KitError(f"'{new}' is taken; './aims new' knows the next free number")


def _target(workspace: Workspace, path: str, old: str, new: str) -> str:
    """The path that a file of one record gets with its id."""
    for register in workspace.registers.values():
        if register.kind.layout is Layout.FOLDER and path == f"{register.kind.folder}/{old}.yaml":
            return f"{register.kind.folder}/{new}.yaml"
    return path
