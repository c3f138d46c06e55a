"""The text of a new document: the sections that each document of the kit has, filled from what its author says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from macros.authoring.text import as_yaml
from macros.model.base import DOCUMENT_ID, AiSystemId, Line, Model, RequirementId, RoleId, Text, refers_to
from macros.model.document import Classification, DocumentType

FOLDERS: dict[str, str] = {
    DocumentType.CONTEXT: "context",
    DocumentType.POLICY: "policies",
    DocumentType.ROLE: "roles",
    DocumentType.PROCEDURE: "procedures",
    DocumentType.DATA_MANAGEMENT: "data-management",
    DocumentType.SYSTEM: "ai-systems",
}
"""The folder below `docs/` in which documents of a type lie."""


class NewDocument(Model):
    """What the author of a new document says."""

    type: DocumentType
    """What it is for."""
    id: Annotated[str, StringConstraints(pattern=DOCUMENT_ID)]
    """Never changes and is never reused."""
    title: Line
    """What it is called."""
    owner: RoleId
    """The role that keeps it current."""
    classification: Classification
    """Who may read it."""
    about: tuple[AiSystemId, ...] = ()
    """AI systems that it is about."""
    builds_on: tuple[Annotated[str, refers_to("ISM")], ...] = ()
    """ISMS documents that it extends or refers to."""
    addresses: tuple[RequirementId, ...]
    """Requirements that it answers, in catalogue order."""
    purpose: Text
    """What it sees to, in whole sentences."""
    scope: Text
    """For whom and for what it holds, in whole sentences."""
    rules: Annotated[tuple[Text, ...], Field(min_length=1)]
    """What somebody shall do, a sentence each: who, what, by when; give the entry once for each rule."""
    records: tuple[Text, ...]
    """What shows that it was followed, and where it is kept; give the entry once for each."""


_NAMES = {"data-management": "document", "context": "document", "role": "description", "system": "document"}


def as_document(entries: Mapping[str, Any]) -> str:
    """Front matter and text of a draft.

    Args:
        entries: What a `NewDocument` holds, as plain data.
    """
    head = {
        "id": entries["id"],
        "title": entries["title"],
        "type": entries["type"],
        "owner": entries["owner"],
        "version": "0.1",
        "status": "draft",
        "approved": None,
        "next_review": None,
        "classification": entries["classification"],
        **{name: entries[name] for name in ("about", "builds_on") if entries.get(name)},
        "addresses": entries["addresses"],
    }
    return f"---\n{as_yaml(head)}---\n\n" + "\n\n".join(_sections(entries)) + "\n"


def _sections(entries: Mapping[str, Any]) -> list[str]:
    owner, name = f'{{{{ role("{entries["owner"]}") }}}}', _NAMES.get(entries["type"], entries["type"])
    keeps = 'Records are kept for {{ param("record_retention_years") }} years.'
    records = [f"- {record}" for record in entries["records"]]
    return [
        "{{ document_header() }}",
        "## Purpose",
        entries["purpose"],
        "## Scope",
        entries["scope"],
        "## Responsibilities" if entries["type"] == "role" else "## Rules",
        "\n".join(f"{number}. {rule}" for number, rule in enumerate(entries["rules"], 1)),
        "## Who does what",
        f"| Who | Does what |\n|---|---|\n| {owner} | keeps this {name} current and answers questions about it |",
        "## Records",
        *(["\n".join(records), keeps] if records else [f"No record beyond the history of this {name} is kept."]),
        "## Review",
        (
            f'The {owner} reviews this {name} every {{{{ param("review_interval_months") }}}} months, '
            'and within {{ param("event_review_days") }} days of a change in what it rules.'
        ),
    ]
