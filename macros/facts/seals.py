"""On what was it decided, and has that changed since?

A decision holds a fingerprint of what it was given on: of a document its text, the entries that carry obligation and the
values of the parameters that it reads, since a changed value changes every sentence that says it; of a record the parts
that its kind names as material. What is not among them, such as a telephone number, changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from macros.cache import kept_by_identity, kept_in_memory
from macros.encode.data import as_json
from macros.model.base import fields_of
from macros.model.document import Approval, FrontMatter
from macros.model.fingerprint import COVERED
from macros.model.records.applicability import SoaEntry, SoaHead
from macros.model.records.common import Entry
from macros.model.records.exceptions import PolicyException
from macros.model.records.improvement import Change, ManagementReview
from macros.model.records.risk import Risk
from macros.model.records.support import ExternalDocument
from macros.model.records.systems import AiSystem, Dataset, ImpactAssessment
from macros.model.workspace import Document, Workspace
from macros.text.calls import named_in

MATERIAL: Mapping[type[Entry], tuple[str, ...]] = {
    AiSystem: (
        *("id", "version", "origin", "supplier", "owner", "purpose", "intended_use", "not_intended", "context", "autonomy", "oversight"),
        *("affected", "models", "datasets", "eu_ai_act"),
    ),
    ImpactAssessment: (
        *("id", "about", "assessor", "assessed_on", "scope", "consultation", "impacts", "none_found", "judgement", "conditions"),
        "valid_until",
    ),
    Dataset: (
        "id",
        "owner",
        "version",
        "regime",
        "uses",
        "categories",
        "personal_data",
        "acquisition",
        "quality",
        "bias",
        "provenance",
        "preparation",
        "retention",
    ),
    Change: ("id", "of", "about", "purpose", "consequences", "reassessment", "version", "stage"),
    Risk: ("id", "about", "source", "consequence", "affects", "initial", "treatment", "residual"),
    ExternalDocument: ("id", "address", "version", "sha256", "addresses", "about"),
    PolicyException: ("id", "kind", "departs_from", "about", "because", "instead", "borne_by", "until"),
    ManagementReview: ("id", "held_on", "chaired_by", "present", "inputs", "decisions", "conclusion"),
}
"""Parts of a record on which its decision is given, by kind; a kind that is not here is not sealed."""
_OF_ROW = ("control", "applicability", "justification", "driver")
"""What a row of the Statement of Applicability decides; how far its control has come is no part of that."""
_LATER = ("done_on", "met_on", "looked_at_on", "next_review")
"""What is entered after a decision, when what was decided is carried out."""
_SHORT = 12


def parts_of(workspace: Workspace, subject: Document | Entry | SoaHead) -> Mapping[str, str]:
    """What a decision on it covers, part by part; empty for a kind that is not sealed.

    The head of the Statement of Applicability stands for its rows, which make a part for each area of controls.
    """
    if isinstance(subject, SoaHead):
        areas: dict[str, list[str]] = {}
        for record in workspace.records(SoaEntry):
            fields = fields_of(record.value)
            areas.setdefault(_area(record.value.control), []).append("\n".join(_said(fields[name]) for name in _OF_ROW))
        return {area: "\n".join(sorted(rows)) for area, rows in sorted(areas.items())}
    if isinstance(subject, Document):
        return {"entries": _entries(subject.head.value), "text": subject.body, "parameters": _parameters(workspace, subject.body)}
    return _parts_of_record(subject)


@kept_by_identity()
def _entries(head: FrontMatter) -> str:
    fields = fields_of(head)
    return "".join(f"{name}: {_said(fields[name])}\n" for name in COVERED)


@kept_by_identity()
def _parts_of_record(subject: Entry) -> Mapping[str, str]:
    names = next((names for kind, names in MATERIAL.items() if isinstance(subject, kind)), ())
    fields = fields_of(subject)
    return MappingProxyType({name: _said(fields[name]) for name in names})


def sha256_of(parts: Mapping[str, str]) -> str:
    """SHA-256 over each part as `name: JSON string` and a line end, in their order, as 64 lower-case hexadecimal digits."""
    return _sha256_of(tuple(parts.items()))


@kept_in_memory
def _sha256_of(parts: tuple[tuple[str, str], ...]) -> str:
    lines = "".join(f"{name}: {_quoted(text)}\n" for name, text in parts)
    return hashlib.sha256(lines.encode("utf-8", "surrogatepass")).hexdigest()


def short_of(parts: Mapping[str, str]) -> str:
    """The first digits of the SHA-256 of each part, as `name:digits`, so that it can be said which part changed."""
    return " ".join(f"{name}:{_digits(text)}" for name, text in parts.items())


def changed_since(approval: Approval, parts: Mapping[str, str]) -> tuple[str, ...] | None:
    """The parts that changed since a decision; empty where none did, None where the decision does not say on what it was given."""
    if approval.sha256 is None:
        return None
    if approval.sha256 == sha256_of(parts):
        return ()
    before = dict(word.split(":", 1) for word in (approval.parts or "").split() if ":" in word)
    names = tuple(name for name, text in parts.items() if before.get(name) != _digits(text))
    return names if before and names else ("what was decided on",)


def _area(control: str) -> str:
    """`iso42001/A.6` for `iso42001:A.6.2.4`: a part of a fingerprint is no reference."""
    return ".".join(control.split(".")[:2]).replace(":", "/")


def _digits(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_SHORT]


def _parameters(workspace: Workspace, body: str) -> str:
    used = sorted(name for name in named_in(body, 1).names.get("parameter", ()) if name in workspace.parameters)
    return "\n".join(f"{name}: {workspace.parameter(name)}" for name in used)


def _said(value: Any) -> str:
    """A value as text in which white space that only breaks lines makes no difference."""
    return _quoted(_plain(value))


def _quoted(value: Any) -> str:
    return as_json(value, None).rstrip("\n")


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return {name: _plain(part) for name, part in fields_of(value).items() if part not in (None, ()) and name not in _LATER}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, str):
        return " ".join(str(getattr(value, "value", value)).split())
    return value if isinstance(value, int | float | bool) or value is None else str(value)
