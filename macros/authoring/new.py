"""Something new for a repository: a record, a document, a person or a role, with its id, its file and what the checks say of it."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from macros.authoring.documents import FOLDERS, NewDocument, as_document
from macros.authoring.entries import form_of, missing, proposed, questions
from macros.authoring.ids import ids_of, next_id
from macros.authoring.owners import owners_after
from macros.authoring.text import as_yaml
from macros.imports.edit import edited
from macros.imports.write import Files, judge, with_row
from macros.model.base import hints, prefixes_of
from macros.model.document import DocumentType
from macros.model.organisation import Person, Role
from macros.model.records.applicability import Applicability, Driver, Implementation, OwnControl
from macros.model.records.common import Entry
from macros.model.records.kinds import KINDS, SOA, Kind, Layout
from macros.model.workspace import OWN, Workspace
from macros.problem import KitError, Problem

ORGANISATION = "org.yaml"
ELSEWHERE = {
    SOA: "rows of the Statement of Applicability are there already, one for each control; decide them with './aims soa decide'",
    "evidence": "evidence is entered from its file: './aims evidence add FILE'",
    "approvals": "approvals come out of the review data of the forge: './aims approvals'",
}
"""Kinds that another verb enters, and which."""


@dataclass(frozen=True, slots=True)
class What:
    """What can be made new."""

    word: str
    model: type[BaseModel]
    kind: Kind[Entry] | None = None
    """Of a record."""


def _kinds() -> dict[str, What]:
    found = {
        "document": What("document", NewDocument),
        "person": What("person", Person),
        "role": What("role", Role),
    }
    for kind in KINDS:
        found[kind.word] = What(kind.word, kind.record, kind)
    return found


WHAT = _kinds()
"""Everything that can be made new, by its word."""
ALIASES = {
    **{kind.name: kind.word for kind in KINDS},
    **{kind.word.removeprefix("ai-"): kind.word for kind in KINDS if kind.word != "ai-system"},
    "system": "ai-system",
    "finding": "audit-finding",
    "own-control": "control-of-our-own",
    "raci": "activity",
}
"""Other words for the same: the register's name, and what people say for short."""


@dataclass(slots=True)
class Draft:
    """Something new that is not written yet."""

    what: What
    entries: dict[str, Any]
    """In the order of the definition."""
    proposals: list[str]
    """Keys of entries that nobody typed."""
    path: str
    """The file in which it stands."""
    files: Files = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    """What the checks say of it; no error is among it."""

    @property
    def id(self) -> str:
        """Its id, or of a row without one what names it."""
        return str(self.entries["id"])


def begun(workspace: Workspace, what: What, given: Mapping[str, Any], elsewhere: Iterable[str], today: datetime.date) -> Draft:
    """What was typed with everything that can be proposed; entries may be missing still, which `questions` names.

    Args:
        workspace: Where it is to go.
        what: What is made.
        given: What was typed, as plain data.
        elsewhere: Ids that are taken outside of this checkout, as on other branches.
        today: The day on which it is entered.
    """
    own: dict[str, Any] = {}
    if what.kind is not None:
        own["id"] = next_id(_prefix(what), ids_of(workspace) | set(elsewhere), today)
        own |= _owner(workspace, what.kind)
    elif what.model is NewDocument:
        if given.get("type") in FOLDERS:
            own["id"] = next_id(DocumentType(given["type"]).prefix, ids_of(workspace) | set(elsewhere), today)
        own |= {"classification": "internal", "owner": "ai-governance-lead"} if "ai-governance-lead" in workspace.role_by_id else {}
    elif named := given.get("name") or given.get("title"):
        own["id"] = slug(str(named))
    entries, proposals = proposed(what.model, given, own, today)
    return Draft(what, entries, proposals, _path(workspace, what, entries))


def _prefix(what: What) -> str:
    (prefix,) = prefixes_of(what.model)
    return prefix


def _owner(workspace: Workspace, kind: Kind[Entry]) -> dict[str, Any]:
    """The role that keeps the register, for the entry that says whose a record is."""
    register = workspace.registers.get(kind.name)
    name = next((name for name in ("owner", "responsible", "handled_by") if name in kind.record.model_fields), None)
    if register is None or name is None or form_of(hints(kind.record)[name]).many:
        return {}
    return {name: register.head.value.owner}


def _path(workspace: Workspace, what: What, entries: Mapping[str, Any]) -> str:
    if what.kind is None:
        if what.model is not NewDocument:
            return ORGANISATION
        return f"docs/{FOLDERS.get(str(entries.get('type')), '')}/{slug(str(entries.get('title', '')))}.md"
    if what.kind.layout is Layout.FOLDER:
        return f"{what.kind.folder}/{entries['id']}.yaml"
    register = workspace.registers.get(what.kind.name)
    return register.place if register else what.kind.own_file


def slug(text: str) -> str:
    """A text as lower-case words joined by hyphens, without accents."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower()))[:60].strip("-")


def finished(root: Path, workspace: Workspace, draft: Draft, today: datetime.date) -> Draft:
    """The draft with the bytes of its files, judged with everything else in the repository; nothing is written.

    CODEOWNERS is made anew with it where it was as the roles say before.

    Raises:
        KitError: An entry is missing, the file is there already, or there would be an error that is not there now.
    """
    asked = list(questions(draft.what.model, draft.entries))
    if asked:
        raise KitError(f"a new {draft.what.word} needs {missing(asked)}")
    files = _files(root, workspace, draft)
    after, problems = judge(root, workspace, files, today)
    files |= owners_after(workspace, after)
    told = tuple(problem for problem in problems if _is_about(problem, draft))
    return Draft(draft.what, draft.entries, draft.proposals, draft.path, files, told)


def _is_about(problem: Problem, draft: Draft) -> bool:
    return problem.location.path == draft.path and (draft.path.endswith((".md", f"{draft.id}.yaml")) or draft.id in problem.message)


def _files(root: Path, workspace: Workspace, draft: Draft) -> Files:
    kind, path = draft.what.kind, draft.path
    if kind is None and draft.what.model is not NewDocument:
        return {ORGANISATION: _in_organisation(workspace, draft).encode("utf-8")}
    if kind is not None and kind.name not in workspace.registers:
        raise KitError(f"'{path}' cannot be added to: the register '{kind.name}' is not there or cannot be read; run check")
    if kind is not None and kind.layout is Layout.TABLE:
        files = with_row(root, workspace, workspace.registers[kind.name], draft.entries)
        return files | _row_of_own_control(root, workspace, draft) if kind.record is OwnControl else files
    if (root / path).exists() or any(path.casefold() == other.casefold() for other in workspace.paths):
        raise KitError(f"'{path}' is there already; give the new {draft.what.word} another title, or change that file")
    if kind is None:
        return {path: as_document(draft.entries).encode("utf-8")}
    head = f"# yaml-language-server: $schema=../../macros/schemas/{kind.word}.json\n"
    return {path: (head + as_yaml(draft.entries)).encode("utf-8")}


def _row_of_own_control(root: Path, workspace: Workspace, draft: Draft) -> Files:
    """The row without which a control is in no Statement of Applicability: a draft, on which somebody has yet to decide."""
    if SOA not in workspace.registers:
        return {}
    row = {
        "control": f"{OWN}:{draft.id}",
        "applicability": Applicability.INCLUDED.value,
        "justification": draft.entries["because"],
        "driver": Driver.RISK.value,
        "status": Implementation.PLANNED.value,
        "owner": draft.entries["owner"],
        "decided": None,
    }
    return with_row(root, workspace, workspace.registers[SOA], row)


def _in_organisation(workspace: Workspace, draft: Draft) -> str:
    text = workspace.texts[ORGANISATION]
    under = "people" if draft.what.model is Person else "roles"
    if not any(line.startswith(f"{under}:") for line in text.splitlines()):
        text += f"\n{under}: []\n"
    return edited(text, {}, [draft.entries], under)
