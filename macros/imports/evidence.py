"""A file becomes a record of evidence: its id, its days and its text, judged before it is written."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from macros.facts.evidence import Freshness, freshness
from macros.imports.edit import inline
from macros.imports.write import judged
from macros.load.tree import FolderTree
from macros.model.automated import AutomatedRun
from macros.model.base import fields_of
from macros.model.numbering import highest, numbered
from macros.model.records.kinds import FOLDER_HEAD
from macros.model.records.support import Evidence, Result
from macros.model.workspace import Fingerprint, Workspace
from macros.problem import KitError, Problem
from macros.text.strict_yaml import YamlProblem, parse

FOLDER = "registers/evidence"
_HEAD = "# yaml-language-server: $schema=../../macros/schemas/evidence.json\n"
_GROWING = (f"{FOLDER}/", "registers/acknowledgements", "registers/approvals/")
"""Registers that grow without end and on which no record of evidence rests."""
_LATE = ("size", "result")
"""Entries that are left out where there is nothing to say."""


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """A record of evidence that is not written yet."""

    path: str
    data: bytes
    evidence: Evidence
    freshness: Freshness
    problems: tuple[Problem, ...]
    """What the checks say of it; no error is among it."""


class NeededFiles(FolderTree):
    """A checkout without the records that only become more, so that adding one costs the same among any number of them."""

    def paths(self) -> Iterator[str]:
        """Every file under control but for those records."""
        return (path for path in super().paths() if path == f"{FOLDER}/{FOLDER_HEAD}" or not path.startswith(_GROWING))

    def names(self) -> list[str]:
        """The names of the files of evidence, which are the ids of its records."""
        start = f"{FOLDER}/"
        return [path.removeprefix(start).rsplit(".", 1)[0] for path in super().paths() if path.startswith(start)]

    def naming(self, *texts: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Records of evidence in whose bytes one of the texts stands, with their entries; the others are not taken apart.

        Raises:
            KitError: Such a file cannot be read.
        """
        wanted = [text.encode("utf-8") for text in texts]
        for path in super().paths():
            if path.startswith(f"{FOLDER}/") and path != f"{FOLDER}/{FOLDER_HEAD}":
                data = self.read(path)
                if any(text in data for text in wanted):
                    yield path, _entries(path, data)


def _entries(path: str, data: bytes) -> Mapping[str, Any]:
    try:
        value = parse(data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")).value
    except UnicodeDecodeError:
        raise KitError(f"'{path}' is not UTF-8 text and may be the record of this file; mend it first") from None
    except YamlProblem as problem:
        raise KitError(f"{path}:{problem.line}: {problem.message}; mend it first, since it may be the record of this file") from None
    return value if isinstance(value, dict) else {}


def next_id(workspace: Workspace, today: datetime.date, names: Iterable[str] = ()) -> str:
    """The id after the highest one, which no record has and no file is named after; with the year where 999 was the last without one.

    Args:
        workspace: Whose records count.
        today: The day that gives the year.
        names: Ids beside those of the workspace.
    """
    used = {record.id for record in workspace.records(Evidence)} | set(names)
    used |= {path.rsplit("/", 1)[1].rsplit(".", 1)[0] for path in workspace.paths if path.startswith(f"{FOLDER}/")}
    used |= {name for path, name in workspace.broken.items() if name and path.startswith(f"{FOLDER}/")}
    form = f"EV-{today.year}-"
    yearly = highest("EV-", used) == 999 and highest(form, used) > 0  # once 999 was the last number without a year
    form = form if yearly else "EV-"
    return numbered(form, highest(form, used) + 1)


def values_of_run(run: AutomatedRun, collected_by: str | None) -> dict[str, Any]:
    """What a record says of automated evidence, but for its file."""
    return {
        "title": " ".join(run.title.split()),
        "kind": run.kind.value,
        "evidences": list(dict.fromkeys(run.evidences)),
        "documents": list(dict.fromkeys(run.documents)),
        "about": [run.subject.ai_system] if run.subject else [],
        "collected_on": run.end.date(),
        "period_from": run.first_day,
        "period_to": run.last_day,
        "valid_until": run.valid_until,
        "collected_by": " ".join((collected_by or f"{run.run.tool} {run.run.version}").split()),
        "every_months": run.every_months,
        "result": (Result.PASSED if run.passed else Result.FAILED).value,
    }


def new_evidence(
    tree: NeededFiles,
    workspace: Workspace,
    values: Mapping[str, Any],
    reference: str,
    found: Fingerprint,
    sensitive: bool,
    today: datetime.date,
) -> NewEvidence:
    """The record of a file, judged by the loader and the checks; nothing is written.

    Args:
        tree: The repository.
        workspace: What lies in it, as `tree` gives it.
        values: The entries of the record, but for those about its file.
        reference: Path from the root of the repository, or address.
        found: What the file is.
        sensitive: The file is not to lie in the repository.
        today: The day to judge on.

    Raises:
        KitError: The file has a record already, or the record would not be sound.
    """
    names = tree.names()
    name = next_id(workspace, today, names)
    for path, entries in list(tree.naming(reference, found.sha256, name)):
        if entries.get("reference") == reference:
            if entries.get("sha256") == found.sha256:
                raise KitError(f"'{entries.get('id')}' is the record of '{reference}' already; change that record instead")
            raise KitError(f"'{entries.get('id')}' refers to '{reference}' as another file; keep both, each under its own name")
        if entries.get("id") == name:
            raise KitError(f"'{path}' holds the record '{name}'; name the file after it, so that the next number is known")
    whole = {
        "id": name,
        **values,
        "reference": reference,
        "sha256": found.sha256,
        "sensitivity": "by-reference" if sensitive else "open",
        "size": found.size,
    }
    ordered = {key: whole[key] for key in Evidence.model_fields if key in whole and not (key in _LATE and whole[key] is None)}
    data = (_HEAD + "".join(f"{key}:{_written(key, value)}\n" for key, value in ordered.items())).encode("utf-8")
    path = f"{FOLDER}/{name}.yaml"
    after, problems = judged(tree, workspace, path, data, today)
    record = next((record for record in after.records(Evidence) if record.data.path == path), None)
    if record is None:
        raise KitError(f"'{FOLDER}/register.yaml' is not there, so no record would be read; bring it back from the template")
    read = fields_of(record.value)
    for key, value in ordered.items():
        if _plain(read[key]) != _plain(value):
            raise KitError(f"'{key}' would not read back as it was given; write it in plainer words")
    return NewEvidence(path, data, record.value, freshness(after, record, today), problems)


def _plain(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    return value.value if isinstance(value, Enum) else value


def _written(key: str, value: Any) -> str:
    if isinstance(value, list) and value:
        return "".join(f"\n  - {inline(key, item)}" for item in value)
    if isinstance(value, int):
        return f" {value}"
    if isinstance(value, datetime.date) or key == "sha256":
        return f' "{value}"'
    return f" {inline(key, value)}"
