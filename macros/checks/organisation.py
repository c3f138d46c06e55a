"""ORG: the organisation's own file is consistent with itself and with the catalogues."""

from __future__ import annotations

from collections.abc import Iterator

from macros.checks.registry import Said, check
from macros.facts.authority import as_codeowners, handle_of
from macros.facts.authority.codeowners import FILE
from macros.facts.computed import Facts
from macros.facts.trace import LinkKind
from macros.model.organisation import Forge, Organisation, ParameterDefinition, Strategy
from macros.model.records.governance import IsmsDocument
from macros.model.workspace import Sourced
from macros.problem import Location, Severity, did_you_mean


def _organisation(facts: Facts) -> Iterator[Sourced[Organisation]]:
    if facts.workspace.organisation:
        yield facts.workspace.organisation


@check("ORG101", "Catalogue in force is not here")
def missing_catalogue(facts: Facts) -> Iterator[Said]:
    """A standard that the organisation follows has to be among the catalogues that judge it."""
    if not facts.workspace.is_whole("controls"):
        return
    for sourced in _organisation(facts):
        own = sourced.value
        for key, names in (("catalogues", own.catalogues), ("statement_of_applicability", own.statement_of_applicability)):
            for index, name in enumerate(names):
                if name not in facts.workspace.catalogues:
                    yield (
                        sourced.at(key, index),
                        f"no catalogue '{name}' in 'controls/'",
                        did_you_mean(name, facts.workspace.catalogues, "remove the line, or add the catalogue"),
                    )


@check("ORG102", "Strategy needs an ISMS that is not there")
def strategy_without_isms(facts: Facts) -> Iterator[Said]:
    """Integrated, coordinated and extension all rest on a management system for information security."""
    for sourced in _organisation(facts):
        if sourced.value.integration_strategy.needs_isms and sourced.value.isms is None:
            yield (
                sourced.at("integration_strategy"),
                f"strategy '{sourced.value.integration_strategy.value}' rests on an ISMS, and 'isms' is null",
                "state since when the ISMS is certified, or choose 'standalone'",
            )


@check("ORG103", "Organisation plays no role towards AI")
def no_ai_role(facts: Facts) -> Iterator[Said]:
    """ISO/IEC 42001, 4.1 starts from what the organisation does with AI; with no role there is nothing to manage."""
    for sourced in _organisation(facts):
        if not sourced.value.ai_roles.named:
            yield sourced.at("ai_roles"), "the organisation neither develops, provides nor uses AI", "set at least one of the three to true"


@check("ORG104", "Parameter is not known")
def unknown_parameter(facts: Facts) -> Iterator[Said]:
    """A decision under a misspelt name is without effect, and the default applies instead."""
    known = facts.workspace.parameters
    for sourced in _organisation(facts):
        for name in sourced.value.parameters:
            if known and name not in known:
                yield (
                    sourced.at("parameters", name),
                    f"no text uses a parameter '{name}'",
                    did_you_mean(name, known, "remove it; the known ones are in 'controls/parameters.yaml'"),
                )


@check("ORG105", "Parameter is out of its bounds")
def parameter_bounds(facts: Facts) -> Iterator[Said]:
    """Some decisions have a floor or a ceiling in law, in a standard or in certification practice."""
    for sourced in _organisation(facts):
        for name, value in sourced.value.parameters.items():
            definition = facts.workspace.parameters.get(name)
            if definition and (fault := _fault(definition, value)):
                yield sourced.at("parameters", name), *fault


def _fault(definition: ParameterDefinition, value: int | str) -> tuple[str, str] | None:
    if isinstance(definition.default, str) and not isinstance(value, str):
        return f"'{definition.id}' is text, not '{value}'", "put it in quotes"
    if isinstance(definition.default, int) and not isinstance(value, int):
        return f"'{definition.id}' is a whole number, in {definition.unit}, not '{value}'", "write a whole number without quotes"
    if isinstance(value, str):
        return None
    because = f": {definition.bound_source}" if definition.bound_source else ""
    if definition.minimum is not None and value < definition.minimum:
        return (
            f"'{definition.id}' is {value} {definition.unit}, below its minimum of {definition.minimum}",
            f"write {definition.minimum} or more{because}",
        )
    if definition.maximum is not None and value > definition.maximum:
        return (
            f"'{definition.id}' is {value} {definition.unit}, above its maximum of {definition.maximum}",
            f"write {definition.maximum} or less{because}",
        )
    return None


@check("ORG106", "Id of a role or person stands twice")
def repeated_holder(facts: Facts) -> Iterator[Said]:
    """An approval names a role or a person by id; two with the same id make it worthless."""
    for sourced in _organisation(facts):
        seen: set[str] = set()
        roles = [("roles", index, role.id) for index, role in enumerate(sourced.value.roles)]
        people = [("people", index, person.id) for index, person in enumerate(sourced.value.people)]
        for key, index, name in (*roles, *people):
            if name in seen:
                yield sourced.at(key, index, "id"), f"'{name}' is the id of another role or person", "give it an id of its own"
            seen.add(name)


@check("ORG107", "Role is held by somebody unknown")
def unknown_person(facts: Facts) -> Iterator[Said]:
    """Responsibility that points at nobody is no responsibility (ISO/IEC 42001, 5.3)."""
    for sourced in _organisation(facts):
        people = [person.id for person in sourced.value.people]
        for index, role in enumerate(sourced.value.roles):
            held: list[tuple[tuple[str | int, ...], str, str]] = [
                (("held_by", position), "is", person) for position, person in enumerate(role.held_by)
            ]
            held += [(("held_before", position, "by"), "was", past.by) for position, past in enumerate(role.held_before)]
            for place, word, person in held:
                if person not in people:
                    yield (
                        sourced.at("roles", index, *place),
                        f"role '{role.id}' {word} held by unknown person '{person}'",
                        did_you_mean(person, people, "add the person under 'people'"),
                    )


@check("ORG108", "Role is held by somebody who has left", Severity.WARNING)
def left_person(facts: Facts) -> Iterator[Said]:
    """Tasks of a person who has left are done by nobody until the role has a new holder."""
    for sourced in _organisation(facts):
        left = {person.id: person.left for person in sourced.value.people if person.left and person.left <= facts.today}
        for index, role in enumerate(sourced.value.roles):
            for position, person in enumerate(role.held_by):
                if person in left:
                    yield (
                        sourced.at("roles", index, "held_by", position),
                        f"role '{role.id}' is held by '{person}', who left on {left[person]}",
                        "name a new holder",
                    )


@check("ORG109", "Role is held by nobody", Severity.NOTE)
def vacant_role(facts: Facts) -> Iterator[Said]:
    """Each role that a document gives tasks to needs a holder before the document can be followed."""
    for sourced in _organisation(facts):
        for index, role in enumerate(sourced.value.roles):
            if not role.held_by:
                yield (
                    sourced.at("roles", index, "held_by"),
                    f"role '{role.id}' has no holder",
                    "add a person under 'people' and name them here",
                )


@check("ORG110", "Role names a document that does not exist")
def unknown_role_document(facts: Facts) -> Iterator[Said]:
    """The page that describes a role is where its holder reads what is theirs to do."""
    documents = facts.workspace.document_by_id
    if not facts.workspace.is_whole("docs"):
        return
    for sourced in _organisation(facts):
        for index, role in enumerate(sourced.value.roles):
            if role.document and role.document not in documents:
                yield (
                    sourced.at("roles", index, "document"),
                    f"role '{role.id}' names unknown document '{role.document}'",
                    did_you_mean(role.document, documents, "write null, or add the document"),
                )


_NEEDED_DOCUMENTS = {
    Strategy.COORDINATED: (("CTX-003", "the interfaces between ISMS and AIMS"),),
    Strategy.EXTENSION: (("CTX-004", "what the AIMS takes from the ISMS"),),
}
_JOINT = ("5.2", "6.1.2", "6.1.3", "9.2.2", "9.3.2", "10.2", "A.5.19", "A.5.24")
"""Requirements of ISO/IEC 27001 that an integrated system answers in a joint text."""


@check("ORG111", "Strategy still lacks something", Severity.WARNING)
def strategy_lacks(facts: Facts) -> Iterator[Said]:
    """Each strategy needs texts of its own: interfaces, the list of what is taken from the ISMS, or joint procedures for both standards."""
    workspace = facts.workspace
    if not all(workspace.is_whole(folder) for folder in ("docs", "registers", "controls")):
        return
    for sourced in _organisation(facts):
        strategy = sourced.value.integration_strategy
        place = sourced.at("integration_strategy")
        for name, what in _NEEDED_DOCUMENTS.get(strategy, ()):
            if name not in workspace.document_by_id:
                yield (
                    place,
                    f"'{strategy.value}' needs '{name}', {what}",
                    "take it from a fresh generation with this strategy, and adapt it",
                )
        if strategy.needs_isms and workspace.register(IsmsDocument) is None:
            yield (
                place,
                f"'{strategy.value}' needs 'registers/isms-documents.yaml'",
                "take it from a fresh generation with this strategy, and fill it in",
            )
        if strategy is Strategy.INTEGRATED:
            for number in _JOINT:
                target = f"iso27001:{number}"
                links = facts.trace.links_to(target, LinkKind.ADDRESSES)
                if target in workspace.requirements and not any(link.source in workspace.document_by_id for link in links):
                    yield (
                        place,
                        f"'integrated' needs a joint text that addresses '{target}'",
                        "extend the document on the same subject, and name the requirement in its 'addresses'",
                    )


@check("ORG116", "CODEOWNERS is not what the roles say", Severity.WARNING)
def stale_codeowners(facts: Facts) -> Iterator[Said]:
    """The forge asks those whom CODEOWNERS names; where roles, approvers or owners have moved on, it asks the wrong people.

    An organisation whose people have no forge names, or that uses no forge, is not judged.
    """
    workspace = facts.workspace
    if not all(workspace.is_whole(place) for place in ("docs", "registers", FILE)):
        return
    for sourced in _organisation(facts):
        asked = any(handle_of(person) for person in sourced.value.people if person.left is None)
        if sourced.value.forge is Forge.NONE or not asked:
            continue
        written, wanted = workspace.texts.get(FILE, ""), as_codeowners(workspace)
        if written != wanted:
            before, after = written.split("\n"), wanted.split("\n")
            line = next((number for number, pair in enumerate(zip(before, after, strict=False), 1) if pair[0] != pair[1]), 1)
            yield (
                Location(FILE, line if written else 1),
                "the file is not what roles, documents and registers say",
                ("look at './aims codeowners', and write it with '--write'"),
            )


@check("ORG117", "Day is pinned outside of a demonstration")
def pinned_day(facts: Facts) -> Iterator[Said]:
    """On a day that stands still nothing falls due and no evidence runs out; only a demonstration, which says so on each page, has one."""
    for sourced in _organisation(facts):
        if sourced.value.today is not None and not sourced.value.demonstration:
            yield (
                sourced.at("today"),
                f"'today' pins the day to {sourced.value.today}, and this is no demonstration",
                "take it out, so that everything is judged as of the day on which somebody looks",
            )
