"""CAT: catalogues and crosswalks are complete, in order, and agree with each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from macros.checks.registry import Said, World, check, did_you_mean
from macros.model.base import references


@check("CAT101", "Catalogue names a requirement twice")
def repeated_requirement(world: World) -> Iterator[Said]:
    """An id that stands for two things cannot be traced."""
    for sourced in world.workspace.catalogues.values():
        seen: dict[str, int] = {}
        for index, requirement in enumerate(sourced.value.requirements):
            if requirement.id in seen:
                first = sourced.at("requirements", seen[requirement.id], "id").line
                yield sourced.at("requirements", index, "id"), f"'{requirement.id}' stands here again, first on line {first}", "remove one"
            seen.setdefault(requirement.id, index)


@check("CAT102", "Catalogue is not in the order of its source")
def order(world: World) -> Iterator[Said]:
    """The source's order is the only one that nobody has to argue about, and a missing row shows in it."""
    for sourced in world.workspace.catalogues.values():
        last: tuple = ()
        for index, requirement in enumerate(sourced.value.requirements):
            here = _source_order(requirement.id)
            if here < last:
                before = sourced.value.requirements[index - 1].id
                yield (
                    sourced.at("requirements", index, "id"),
                    f"'{requirement.id}' stands after '{before}'",
                    "move it to its place in the source",
                )
            last = max(last, here)


def _source_order(number: str) -> tuple:
    parts = number.replace("Art.", "").replace("-", ".").split(".")
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)


@check("CAT103", "Catalogue does not have as many requirements as it says")
def counts(world: World) -> Iterator[Said]:
    """The head states the counts of the source, so that a row lost in an edit is noticed."""
    for sourced in world.workspace.catalogues.values():
        found = Counter(requirement.kind for requirement in sourced.value.requirements)
        for kind, stated in sourced.value.counts.items():
            if found[kind] != stated:
                yield (
                    sourced.at("counts", kind.value),
                    f"the head states {stated} of kind '{kind.value}', the file has {found[kind]}",
                    "add what is missing, or correct the count from the source",
                )


@check("CAT104", "Confirmation by a source that is not listed")
def unlisted_source(world: World) -> Iterator[Said]:
    """Whoever doubts an entry must be able to look up what it was read from."""
    for sourced in world.workspace.catalogues.values():
        listed = {source.id for source in sourced.value.sources}
        for index, requirement in enumerate(sourced.value.requirements):
            named = {*requirement.confirmed_by, *(source for asked in requirement.asks_for for source in asked.confirmed_by)}
            for missing in sorted(named - listed):
                yield (
                    sourced.at("requirements", index, "confirmed_by"),
                    f"'{missing}' is not among the sources of this file",
                    did_you_mean(missing, listed, "add it to 'sources'"),
                )


@check("CAT105", "Crosswalk names a requirement that does not exist")
def unknown_end(world: World) -> Iterator[Said]:
    """Both ends of a mapping must exist in an edition that is here; nine public sources that were compared fail this."""
    known = world.workspace.requirements
    if not world.workspace.is_whole("controls"):
        return
    for sourced in world.workspace.crosswalks.values():
        for path, to, target in references(sourced.value):
            if to == "requirement" and target not in known:
                yield sourced.at(*path), f"unknown requirement '{target}'", did_you_mean(target, known, "take the id from its catalogue")


@check("CAT106", "Crosswalk was made for another edition")
def other_edition(world: World) -> Iterator[Said]:
    """A mapping between editions that are not in force says nothing about those that are."""
    catalogues = world.workspace.catalogues
    for sourced in world.workspace.crosswalks.values():
        for index, end in enumerate(sourced.value.between):
            there = catalogues.get(end.catalogue)
            if there and there.value.edition != end.edition:
                yield (
                    sourced.at("between", index, "edition"),
                    f"made for edition '{end.edition}' of '{end.catalogue}', the catalogue here is edition '{there.value.edition}'",
                    "review the crosswalk against the new edition, then state it",
                )
