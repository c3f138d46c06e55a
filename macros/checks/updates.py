"""UPD: what should be as the kit delivered it, and is not."""

from __future__ import annotations

from collections.abc import Iterator

from macros.checks.registry import Said, check
from macros.facts.computed import Facts
from macros.problem import Location, Severity

ENGINE = ("macros/", "controls/", "mkdocs_hooks.py", "requirements.txt")
"""What nothing can be judged or built without; the rest of the kit's files serves a forge, or convenience."""


@check("UPD102", "File of the kit was changed here", Severity.WARNING)
def changed_engine(facts: Facts) -> Iterator[Said]:
    """The engine judges everything else; a changed one may judge otherwise, and the next update of the kit meets it as a conflict."""
    generated, here = facts.workspace.generated, facts.workspace.kit_files
    if generated is None or here is None:
        return
    way_out = "bring it back as delivered, and propose the change to the kit"
    gone: dict[str, list[str]] = {}
    for path, delivered in generated.files.items():
        if path not in here and not path.startswith(ENGINE):
            gone.setdefault(path.split("/")[0], []).append(path)
        elif path in here and here[path] != delivered:
            yield Location(path), f"'{path}' is not as the kit delivered it", way_out
    for paths in gone.values():
        yield _gone(paths, way_out)
    for path in here:
        if path not in generated.files and path.startswith("macros/"):
            yield Location(path), f"'{path}' was not delivered with the kit", "move it out of the engine's folder"


@check("UPD110", "Part of what was generated is not there")
def lost_part(facts: Facts) -> Iterator[Said]:
    """A copy, a clone or an unpacking that was stopped leaves a folder in which the rest can look sound; what is lost is not checked."""
    generated, here = facts.workspace.generated, facts.workspace.kit_files
    if generated is None:
        return
    way_out = "bring it back from the repository's history, or copy or clone the repository anew; './aims doctor' lists all"
    lost: dict[str, list[str]] = {}
    for path in generated.files:
        if here is not None and path not in here and path.startswith(ENGINE):
            lost.setdefault(path.split("/")[0], []).append(path)
    paths = set(facts.workspace.paths)
    tops = {path.split("/")[0] for path in paths}
    for path in generated.organisation:
        top = path.split("/")[0]
        if (path == "mkdocs.yml" and path not in paths) or (top in ("docs", "registers") and top not in tops):
            lost.setdefault(top, []).append(path)
    for found in lost.values():
        yield _gone(found, way_out)


def _gone(paths: list[str], way_out: str) -> Said:
    others = len(paths) - 1
    more = f", and so {'is' if others == 1 else 'are'} {others} more" if others else ""
    return Location(paths[0]), f"'{paths[0]}' was delivered with the kit and is gone{more}", way_out
