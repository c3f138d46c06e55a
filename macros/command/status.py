"""`status`: how far each requirement has come on the ladder, and what would lift it."""

from __future__ import annotations

import argparse
from collections import Counter
from typing import Any

from macros.command.screen import show
from macros.command.workspace import organisation_of, tell_pinned
from macros.encode.data import as_json as json_text
from macros.encode.terminal import lines as as_lines
from macros.facts.shares import heaviest
from macros.problem import KitError, did_you_mean
from macros.render.views import views_of
from macros.status import Ladder, Rung, Standing
from macros.world import World


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument(
        "requirement", nargs="?", help="one requirement with all its parts, such as iso42001:A.5.3 (default: counts by section)"
    )
    parser.add_argument("--all", action="store_true", help="every requirement with what holds it back")
    parser.add_argument("--format", choices=("json", "text"), default="text", help="how to print (default: text)")


def run(given: argparse.Namespace) -> int:
    """Print where things stand; 0 always, since a rung is no problem."""
    world = organisation_of(given, "controls")
    ladder = world.judged.ladder
    if given.requirement:
        standings = [ladder.requirement(_known(ladder, given.requirement))]
    else:
        standings = [ladder.requirement(leaf) for catalogue in ladder.catalogues for leaf in ladder.leaves(catalogue)]
    if given.format == "json":
        text = as_json(standings, None if given.requirement else ladder)
    elif given.requirement:
        text = _one(standings[0], world)
    else:
        text = _listing(standings, world) if given.all else _counts(world)
    tell_pinned(given, world.workspace)
    show(text)
    return 0


def _known(ladder: Ladder, target: str) -> str:
    known = [name for name in ladder.workspace.requirements if name.split(":", 1)[0] in ladder.catalogues]
    if target not in known:
        otherwise = "write it with its catalogue, such as 'iso42001:A.5.3'"
        raise KitError(f"there is no requirement '{target}' that is judged here; {did_you_mean(target, known, otherwise)}")
    return target


def as_json(standings: list[Standing], ladder: Ladder | None = None) -> str:
    """`requirements`, each with its id, rung, what holds it back and every part, and `counts` by catalogue.

    With a ladder also `rests_on`: the record of evidence that carries the most, what is only stated, and who decided the most.
    """
    rows = [
        {
            "id": standing.requirement,
            "rung": standing.rung.value if standing.rung else None,
            "weakest": standing.holds_back.name if standing.holds_back else None,
            "way_up": standing.holds_back.way_up if standing.holds_back else None,
            "parts": [
                {"kind": part.kind.value, "name": part.name, "rung": part.rung.value, "why": part.why, "way_up": part.way_up}
                for part in standing.parts
            ],
        }
        for standing in standings
    ]
    counts: dict[str, dict[str, int]] = {}
    for standing in standings:
        tally = counts.setdefault(standing.requirement.split(":", 1)[0], {**{rung.value: 0 for rung in Rung}, "does-not-apply": 0})
        tally[standing.rung.value if standing.rung else "does-not-apply"] += 1
    return json_text({"requirements": rows, "counts": counts, **({"rests_on": _resting(ladder)} if ladder else {})})


def _resting(ladder: Ladder) -> dict[str, Any]:
    heavy, decided = heaviest(ladder.facts.evidence), ladder.facts.decided
    return {
        "most_carrying_evidence": {"id": heavy.name, "requirements": list(heavy.requirements)} if heavy else None,
        "operating": len(ladder.operating()),
        "only_stated": list(ladder.stated_alone()),
        "most_decisions": {"person": decided.most[0], "decisions": decided.most[1]} if decided.most else None,
        "decisions": decided.total,
    }


def _counts(world: World) -> str:
    words = [rung.value for rung in Rung] + ["n/a"]
    pages = views_of(world).status
    lines = []
    for catalogue in world.judged.ladder.catalogues:
        rows = [(pages.section_title(catalogue, section), leaves) for section, leaves in pages.sections(catalogue)]
        width = max(len(title) for title, _ in rows)
        lines += [pages.title(catalogue), f"  {'':{width}}  " + "  ".join(words)]
        for title, leaves in rows:
            tally = Counter(world.judged.ladder.requirement(leaf).rung for leaf in leaves)
            cells = "  ".join(f"{tally[rung] or '.':>{len(word)}}" for rung, word in zip((*Rung, None), words, strict=True))
            lines.append(f"  {title:{width}}  {cells}".rstrip())
    return as_lines([*lines, f"Texts: {pages.texts()}", *_rests_on(world)])


def _rests_on(world: World) -> list[str]:
    """What much of it rests on, a line each."""
    ladder, lines = world.judged.ladder, []
    heavy, decided, operating = heaviest(world.facts.evidence), world.facts.decided, ladder.operating()
    if heavy:
        lines.append(f"{heavy.name} is the record of evidence that carries the most requirements: {len(heavy.requirements)}.")
    if operating:
        stated = len(ladder.stated_alone())
        lines.append(f"{stated} of the {len(operating)} requirements that operate rest on evidence alone that is only stated.")
    if decided.most:
        person = world.workspace.person_by_id[decided.most[0]]
        lines.append(f"{person.name} gave {decided.most[1]} of the {decided.total} decisions in force.")
    return lines


def _listing(standings: list[Standing], world: World) -> str:
    lines = []
    for standing in standings:
        title = world.workspace.requirements[standing.requirement].title
        lines.append(f"{standing.requirement} {title}: {standing.rung.value if standing.rung else 'does not apply'}")
        back = standing.holds_back
        if back:
            lines += [f"  {_named(back.kind.value, back.name, standing.requirement)}: {back.why}", f"  to lift it: {back.way_up}"]
    return as_lines(lines)


def _one(standing: Standing, world: World) -> str:
    title = world.workspace.requirements[standing.requirement].title
    lines = [f"{standing.requirement} {title}: {standing.rung.value if standing.rung else 'does not apply'}"]
    lines += [f"  {part.rung.value:9}  {_named(part.kind.value, part.name, standing.requirement)}: {part.why}" for part in standing.parts]
    back = standing.holds_back
    if back and back.way_up:
        lines.append(f"To lift it by one rung: {back.way_up}.")
    return as_lines(lines)


def _named(kind: str, name: str, target: str) -> str:
    return kind if name == target else f"{kind} {name}"
