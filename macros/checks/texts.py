"""TRC: what texts name exists, and what a standard asks for is there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from macros.cache import cached_by_text
from macros.checks.registry import Said, check
from macros.facts.computed import Facts
from macros.facts.trace import LinkKind, register_id
from macros.model.catalogue import Asked, Documentation
from macros.model.document import DocumentStatus
from macros.model.records.applicability import Applicability, SoaEntry
from macros.model.records.governance import IsmsDocument
from macros.problem import Location, did_you_mean

_BARE = re.compile(r"(?<![:\w.])A\.\d{1,2}(?:\.\d{1,2}){1,3}(?![\w-])")


def _texts(facts: Facts) -> Iterator[tuple[str, str]]:
    if facts.workspace.organisation:
        for path, text in facts.workspace.texts.items():
            if path.startswith(("docs/", "registers/")):
                yield path, text


@cached_by_text("requirements-named")
def _requirements_in(text: str, catalogues: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
    """Ids that begin with the name of a catalogue, with their lines."""
    names = "|".join(map(re.escape, catalogues))
    pattern = re.compile(rf"(?<![\w-])(?:{names}):[A-Za-z0-9]+(?:[.\-][A-Za-z0-9]+)*")
    return tuple((number, found) for number, line in enumerate(text.split("\n"), 1) if ":" in line for found in pattern.findall(line))


@cached_by_text("bare-ids")
def _bare_ids_in(text: str) -> tuple[tuple[int, str], ...]:
    """Ids of controls without a catalogue, with their lines."""
    return tuple((number, found) for number, line in enumerate(text.split("\n"), 1) if "A." in line for found in _BARE.findall(line))


@check("TRC101", "Text names a requirement that does not exist")
def unknown_in_text(facts: Facts) -> Iterator[Said]:
    """A reader follows a number in a sentence as readily as one in the front matter."""
    known = facts.workspace.requirements
    if not facts.workspace.is_whole("controls") or not facts.workspace.catalogues:
        return
    catalogues = tuple(facts.workspace.catalogues)
    for path, text in _texts(facts):
        for number, found in _requirements_in(text, catalogues):
            if found not in known:
                yield Location(path, number), f"unknown requirement '{found}'", did_you_mean(found, known, "take the id from its catalogue")


@check("TRC102", "Text names a control without its standard")
def bare_in_text(facts: Facts) -> Iterator[Said]:
    """`A.5.2` is a control of both standards; only `iso42001:A.5.2` or `iso27001:A.5.2` says which."""
    for path, text in _texts(facts):
        for number, found in _bare_ids_in(text):
            options = [name for name in facts.workspace.requirements if name.split(":", 1)[1] == found] or [
                f"iso42001:{found}",
                f"iso27001:{found}",
            ]
            yield Location(path, number), f"bare id '{found}'", "write " + " or ".join(f"'{option}'" for option in options)


@check("TRC201", "Requirement asks for a document or record, and there is none")
def unanswered(facts: Facts) -> Iterator[Said]:
    """What a standard asks to be documented is the first thing an auditor asks for."""
    workspace = facts.workspace
    if not workspace.organisation or not all(workspace.is_whole(folder) for folder in ("docs", "registers", "controls", "org.yaml")):
        return
    excluded = {record.id for record in workspace.records(SoaEntry) if record.value.applicability is Applicability.EXCLUDED}
    # A record that audits, or is raised against, a requirement does not answer it.
    answers = {document.id for document in workspace.documents if document.head.value.status is not DocumentStatus.WITHDRAWN}
    answers |= {register_id(name) for name in workspace.registers}
    answers |= {record.id for record in workspace.records(IsmsDocument) if not record.value.status.is_gone}
    # A misspelt id has a rule that speaks of it, and is taken for the one that was meant.
    unknown = {link.target for link in facts.trace.links if link.kind is LinkKind.ADDRESSES} - set(workspace.requirements)
    meant = " ".join(did_you_mean(target, workspace.requirements, "") for target in sorted(unknown))
    for name in workspace.organisation.value.statement_of_applicability:
        catalogue = workspace.catalogues.get(name)
        for requirement in catalogue.value.requirements if catalogue else ():
            target = f"{name}:{requirement.id}"
            asked = [what for what in requirement.asks_for if _explicit(what)]
            if (
                asked
                and target not in excluded
                and f"'{target}'" not in meant
                and not any(link.source in answers for link in facts.trace.links_to(target, LinkKind.ADDRESSES))
            ):
                whats = ", ".join(what.what for what in asked)
                yield (
                    workspace.organisation.at("statement_of_applicability"),
                    f"'{target}' {requirement.title} asks for: {whats}; nothing addresses it",
                    "name it under 'addresses' in the document or register that answers it",
                )


def _explicit(asked: Asked) -> bool:
    return asked.basis is not Documentation.IMPLIED
