"""`strategy`: which integration strategy fits, with every reason for and against."""

from __future__ import annotations

import argparse
import sys

from macros.command.screen import show, tell
from macros.command.workspace import refuse_broken, tell_pinned, world_of
from macros.encode.data import as_json as json_text
from macros.encode.terminal import lines as as_lines
from macros.facts.advice import Advice, Answer, StrategyScore, known_facts, read_answer, recommend
from macros.model.planning import AdviceRule, Fact, Grounds, Pull, StrategyAdvice
from macros.problem import KitError
from macros.world import World


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument(
        "--fact", action="append", default=[], metavar="ID=ANSWER", help="answer a fact, such as scopes=same; may be repeated"
    )
    parser.add_argument("--no-input", action="store_true", help="do not ask; facts that nobody has answered count neither way")
    parser.add_argument("--format", choices=("json", "text"), default="text", help="how to print (default: text)")


def run(given: argparse.Namespace) -> int:
    """Read what the repository holds, take or ask for the rest, and print the advice."""
    world = world_of(given)
    refuse_broken(world, "org.yaml", "controls")
    data = world.workspace.strategies
    if data is None:
        raise KitError("'controls/strategies.yaml' is not here; take it from the kit")
    facts = known_facts(world.workspace, world.today)
    facts.update(_given(data, given.fact))
    if not given.no_input and sys.stdin.isatty():
        _ask(data, facts)
    advice = recommend(data, facts)
    tell_pinned(given, world.workspace)
    show(as_json(data, advice) if given.format == "json" else as_text(world, data, advice))
    return 0


def _given(data: StrategyAdvice, words: list[str]) -> dict[str, Answer]:
    known = {fact.id: fact for fact in data.facts}
    facts: dict[str, Answer] = {}
    for word in words:
        name, _, text = word.partition("=")
        if name not in known:
            raise KitError(f"there is no fact '{name}'; the facts are {', '.join(known)}")
        answer = read_answer(known[name], text)
        if answer is None:
            raise KitError(f"'{text}' is no answer to '{name}'; {_wanted(known[name])}")
        facts[name] = answer
    return facts


def _wanted(fact: Fact) -> str:
    return f"answer with one of {', '.join(fact.words)}" if fact.words else "answer with a whole number"


def _ask(data: StrategyAdvice, facts: dict[str, Answer]) -> None:
    for fact in data.facts:
        while fact.id not in facts:
            tell(f"{fact.question} ({', '.join(fact.words) or 'a number'}; Enter for 'not known')")
            text = sys.stdin.readline()
            if not text.strip():
                break
            answer = read_answer(fact, text)
            if answer is None:
                tell(_wanted(fact))
            else:
                facts[fact.id] = answer


def as_text(world: World, data: StrategyAdvice, advice: Advice) -> str:
    """The recommendation first, then every strategy with its reasons, then what it rests on."""
    profiles = {profile.strategy: profile for profile in data.profiles}
    lines = [*_recommended(data, advice), ""]
    for standing in advice.standings:
        profile = profiles[standing.strategy]
        lines.append(f"{standing.strategy.value} ({_score(standing)})")
        lines += [f"  {_sign(rule)} {rule.because} [{_grounds(rule)}]" for rule in standing.reasons]
        if standing is advice.best:
            lines += [f"  strength: {profile.strength}", f"  needs: {profile.needs}", f"  risk: {profile.risk}"]
            lines += [f"  investment: {profile.investment}", f"  certification: {profile.sufficiency}"]
        lines.append("")
    lines.append("It rests on: " + ", ".join(f"{name} {value}" for name, value in advice.facts.items()))
    if advice.missing:
        lines.append("Not known, and counted neither way: " + ", ".join(fact.id for fact in advice.missing))
    organisation = world.workspace.organisation
    if organisation and advice.best and organisation.value.integration_strategy is not advice.best.strategy:
        here = organisation.value.integration_strategy.value
        lines.append(f"This repository is set up as {here}; the manual's page 'Integration strategies' says how to change.")
    lines.append(data.note)
    return as_lines(lines)


def _recommended(data: StrategyAdvice, advice: Advice) -> list[str]:
    """The recommendation with how much is known, or why there is none."""
    counted = f"{advice.known} of {advice.asked} facts are known"
    if advice.best:
        best = next(profile for profile in data.profiles if profile.strategy is advice.best.strategy)
        lines = [f"Recommended: {best.strategy.value}. {best.idea}", f"{counted}."]
    else:
        lines = [f"No strategy is recommended: {counted}. Answer the others with --fact ID=ANSWER, or at a terminal."]
        if 2 * advice.known >= advice.asked:
            lines = [f"No strategy is recommended: {counted}, and each strategy is ruled out by one of them."]
    if not advice.age_is_known:
        lines.append(
            "Integrated requires an ISMS of at least three years, says the article; for how long there has been one here is not known."
        )
    return lines


def _score(standing: StrategyScore) -> str:
    return "ruled out" if standing.ruled_out else f"{standing.score:+d}"


def _sign(rule: AdviceRule) -> str:
    return f"+{rule.weight}" if rule.side is Pull.FOR else f"-{rule.weight}"


def _grounds(rule: AdviceRule) -> str:
    return "the article's opinion" if rule.grounds is Grounds.ARTICLE else "our judgement"


def as_json(data: StrategyAdvice, advice: Advice) -> str:
    """An object with `recommended`, which is null where too little is known, `strategies`, `facts` and `missing`."""
    strategies = [
        {
            "strategy": standing.strategy.value,
            "score": standing.score,
            "ruled_out": standing.ruled_out,
            "reasons": [
                {"id": rule.id, "side": rule.side.value, "weight": rule.weight, "because": rule.because, "grounds": rule.grounds.value}
                for rule in standing.reasons
            ],
        }
        for standing in advice.standings
    ]
    found = {
        "recommended": advice.best.strategy.value if advice.best else None,
        "strategies": strategies,
        "facts": dict(advice.facts),
        "missing": [fact.id for fact in advice.missing],
        "facts_known": advice.known,
        "facts_asked": advice.asked,
        "note": data.note,
    }
    return json_text(found)
