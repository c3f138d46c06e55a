"""CAT: catalogues and crosswalks are complete, in order, and agree with each other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from macros.checks.registry import Said, check
from macros.facts.computed import Facts
from macros.model.base import references_in
from macros.model.catalogue import Catalogue, Crosswalk, is_leaf
from macros.model.gates import GateKind
from macros.model.records.support import EvidenceKind
from macros.model.workspace import Sourced
from macros.problem import Location, did_you_mean


@check("CAT101", "Catalogue names a requirement twice")
def repeated_requirement(facts: Facts) -> Iterator[Said]:
    """An id that stands for two things cannot be traced."""
    for sourced in facts.workspace.catalogues.values():
        seen: dict[str, int] = {}
        for index, requirement in enumerate(sourced.value.requirements):
            if requirement.id in seen:
                first = sourced.at("requirements", seen[requirement.id], "id").line
                yield sourced.at("requirements", index, "id"), f"'{requirement.id}' stands here again, first on line {first}", "remove one"
            seen.setdefault(requirement.id, index)


@check("CAT102", "Catalogue is not in the order of its source")
def order(facts: Facts) -> Iterator[Said]:
    """The source's order is the only one that nobody has to argue about, and a missing row shows in it."""
    for sourced in facts.workspace.catalogues.values():
        last: tuple[object, ...] = ()
        for index, requirement in enumerate(sourced.value.requirements):
            if not any(char.isdigit() for char in requirement.id):
                continue  # names have no order of their own
            here = _source_order(requirement.id)
            if here < last:
                before = sourced.value.requirements[index - 1].id
                yield (
                    sourced.at("requirements", index, "id"),
                    f"'{requirement.id}' stands after '{before}'",
                    "move it to its place in the source",
                )
            last = here


def _source_order(number: str) -> tuple[object, ...]:
    parts = number.replace("Art.", "").replace("-", ".").split(".")
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)


@check("CAT103", "Catalogue does not have as many requirements as it says")
def counts(facts: Facts) -> Iterator[Said]:
    """The head states the counts of the source, so that a row lost in an edit is noticed."""
    for sourced in facts.workspace.catalogues.values():
        found = Counter(requirement.kind for requirement in sourced.value.requirements)
        for kind in found.keys() - sourced.value.counts.keys():
            yield (
                sourced.at("counts"),
                f"the head does not say how many of kind '{kind.value}' there are",
                f"add '{kind.value}: {found[kind]}'",
            )
        for kind, stated in sourced.value.counts.items():
            if found[kind] != stated:
                yield (
                    sourced.at("counts", kind.value),
                    f"the head states {stated} of kind '{kind.value}', the file has {found[kind]}",
                    "add what is missing, or correct the count from the source",
                )


@check("CAT104", "Confirmation by a source that is not listed")
def unlisted_source(facts: Facts) -> Iterator[Said]:
    """Whoever doubts an entry must be able to look up what it was read from."""
    every: list[Sourced[Catalogue] | Sourced[Crosswalk]] = [*facts.workspace.catalogues.values(), *facts.workspace.crosswalks.values()]
    for sourced in every:
        listed = {source.id for source in sourced.value.sources}
        for path, names in _confirmations(sourced.value):
            for missing in sorted(set(names) - listed):
                way_out = did_you_mean(missing, listed, "add it to 'sources'")
                yield sourced.at(*path), f"'{missing}' is not among the sources of this file", way_out


def _confirmations(value: Catalogue | Crosswalk) -> Iterator[tuple[tuple[str | int, ...], tuple[str, ...]]]:
    if isinstance(value, Catalogue):
        for index, requirement in enumerate(value.requirements):
            yield ("requirements", index, "confirmed_by"), requirement.confirmed_by
            for position, asked in enumerate(requirement.asks_for):
                yield ("requirements", index, "asks_for", position, "confirmed_by"), asked.confirmed_by
    else:
        for index, mapping in enumerate(value.mappings):
            for position, target in enumerate(mapping.targets):
                yield ("mappings", index, "targets", position, "confirmed_by"), target.confirmed_by


@check("CAT105", "Crosswalk names a requirement that does not exist")
def unknown_end(facts: Facts) -> Iterator[Said]:
    """Both ends of a mapping must exist in an edition that is here; nine public sources that were compared fail this."""
    known = facts.workspace.requirements
    if not facts.workspace.is_whole("controls"):
        return
    for sourced in facts.workspace.crosswalks.values():
        for path, to, target in references_in(sourced.value):
            if to == "requirement" and target not in known:
                yield sourced.at(*path), f"unknown requirement '{target}'", did_you_mean(target, known, "take the id from its catalogue")


@check("CAT107", "Two catalogues have the same id")
def repeated_catalogue(facts: Facts) -> Iterator[Said]:
    """Of two catalogues with one id only the later one counts, and nobody is told which that is."""
    seen: dict[str, str] = {}
    for path in facts.workspace.paths:
        if path.startswith("controls/") and path.count("/") == 1 and path in facts.workspace.texts:
            match = re.search(r"^id:\s*[\"']?([a-z0-9-]+)", facts.workspace.texts[path], re.MULTILINE)
            if match and match.group(1) in seen:
                line = facts.workspace.texts[path][: match.start()].count("\n") + 1
                yield (
                    Location(path, line),
                    f"'{match.group(1)}' is already the id of '{seen[match.group(1)]}'",
                    "remove one of the two, or give it an id of its own",
                )
            elif match:
                seen[match.group(1)] = path


@check("CAT108", "Licensed wording is for a requirement that does not exist")
def unknown_wording(facts: Facts) -> Iterator[Said]:
    """Wording under a wrong number would be shown nowhere, and the right requirement would go without."""
    for name, licensed in facts.workspace.licensed.items():
        for number in licensed.wording:
            if f"{name}:{number}" not in facts.workspace.requirements:
                path = next(
                    path
                    for path in facts.workspace.paths
                    if path.startswith("controls/licensed/") and f"catalogue: {name}" in facts.workspace.texts[path]
                )
                yield (
                    Location(path),
                    f"unknown requirement '{name}:{number}'",
                    did_you_mean(f"{name}:{number}", facts.workspace.requirements, "take the number from its catalogue"),
                )


@check("CAT109", "Gate names something that does not exist")
def unknown_condition(facts: Facts) -> Iterator[Said]:
    """A condition that asks for a requirement or a date that is not here can never be shown, or never stops anything."""
    sourced = facts.workspace.gates
    if sourced is None or not facts.workspace.is_whole("controls"):
        return
    known = facts.workspace.requirements
    for path, to, target in references_in(sourced.value):
        if to == "requirement" and target not in known:
            yield sourced.at(*path), f"unknown requirement '{target}'", did_you_mean(target, known, "take the id from its catalogue")
    groups = [entry.key for catalogue in facts.workspace.catalogues.values() for entry in catalogue.value.applies]
    seen: set[str] = set()
    for index, condition in enumerate(sourced.value.conditions):
        if condition.due and condition.due not in groups:
            way_out = did_you_mean(condition.due, groups, "take a key from 'applies' of the EU AI Act")
            yield sourced.at("conditions", index, "due"), f"unknown group of obligations '{condition.due}'", way_out
        if condition.id in seen:
            yield sourced.at("conditions", index, "id"), f"'{condition.id}' is the id of another condition", "give it an id of its own"
        if condition.kind is GateKind.SHOWN and not (condition.of and condition.proof):
            yield (
                sourced.at("conditions", index),
                f"'{condition.id}' does not say what shows it",
                "name requirements under 'of' and what counts under 'proof'",
            )
        seen.add(condition.id)


@check("CAT110", "Requirement does not say which evidence shows it")
def unshown(facts: Facts) -> Iterator[Said]:
    """In a catalogue that says by which kinds of evidence its requirements are shown, one without them would be shown by anything."""
    for sourced in facts.workspace.catalogues.values():
        catalogue = sourced.value
        if not any(requirement.shown_by for requirement in catalogue.requirements):
            continue
        for index, requirement in enumerate(catalogue.requirements):
            if is_leaf(catalogue, requirement) and not requirement.shown_by:
                yield (
                    sourced.at("requirements", index, "id"),
                    f"'{requirement.id}' has no 'shown_by', and other requirements of '{catalogue.id}' have",
                    f"name the kinds of evidence that it produces: {', '.join(kind.value for kind in EvidenceKind)}",
                )


@check("CAT106", "Crosswalk was made for another edition")
def other_edition(facts: Facts) -> Iterator[Said]:
    """A mapping between editions that are not in force says nothing about those that are."""
    catalogues = facts.workspace.catalogues
    for sourced in facts.workspace.crosswalks.values():
        for index, end in enumerate(sourced.value.between):
            there = catalogues.get(end.catalogue)
            if there and there.value.edition != end.edition:
                yield (
                    sourced.at("between", index, "edition"),
                    f"made for edition '{end.edition}' of '{end.catalogue}', the catalogue here is edition '{there.value.edition}'",
                    "review the crosswalk against the new edition, then state it",
                )
