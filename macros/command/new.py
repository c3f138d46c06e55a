"""`new`: a record, a document, a person or a role, with the next free id, complete and judged before it is written."""

from __future__ import annotations

import argparse
import shlex
import sys
from typing import Any

from macros.authoring.entries import Question, put_answer, questions, read
from macros.authoring.new import ALIASES, ELSEWHERE, WHAT, Draft, What, begun, finished
from macros.authoring.text import as_yaml
from macros.command.branches import ids_on_branches
from macros.command.editor import accepted
from macros.command.screen import show, tell
from macros.command.verbs import command, root_words
from macros.command.workspace import organisation_of
from macros.encode.data import as_json
from macros.encode.terminal import line as one_line
from macros.encode.terminal import lines as as_lines
from macros.imports.write import put
from macros.problem import KitError, did_you_mean
from macros.text.strict_yaml import YamlProblem, parse
from macros.world import World, forget


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.set_defaults(usage=parser.error)
    words = ", ".join(sorted(word for word, what in WHAT.items() if what.kind is None or what.kind.name not in ELSEWHERE))
    parser.add_argument("what", metavar="KIND", help=f"one of {words}")
    parser.add_argument("entries", nargs="*", metavar="KEY=VALUE", help="what it is to say; a list is given by giving its key again")
    parser.add_argument("--write", action="store_true", help="write it; without it, it is only shown")
    parser.add_argument("--edit", action="store_true", help="open it in $EDITOR first; what is saved is judged, then written")
    parser.add_argument("--no-input", action="store_true", help="never ask at the terminal for what is missing")
    parser.add_argument("--format", choices=("json", "text"), default="text", help="how to print (default: text)")


def run(given: argparse.Namespace) -> int:
    """Show or write it; 2 when an entry is missing."""
    what = _what(given.what)
    entries = read(given.entries, what.model)
    world = organisation_of(given, fresh=True)
    elsewhere = ids_on_branches(given.root)
    if elsewhere is None:
        tell("There is no repository of git here, so ids on other branches were not looked at.")
    draft = begun(world.workspace, what, entries, elsewhere or (), world.today)
    if given.edit:
        draft = _edited(given, world, draft)
    else:
        if not given.no_input and sys.stdin.isatty() and sys.stderr.isatty():
            draft = _asked(world, draft, entries, elsewhere or set())
        left = _left(draft)
        if left:
            given.usage(f"a new {what.word} needs " + "; ".join(one_line(question) for question in left))
        draft = finished(given.root, world.workspace, draft, world.today)
    if given.write or given.edit:
        put(given.root, draft.files, f"new {what.word}")
        forget(given.root)
    show(as_data(draft, given) if given.format == "json" else as_text(draft, given))
    return 0


def _left(draft: Draft) -> list[Question]:
    """What is missing; an id comes by itself once the rest is there."""
    left = list(questions(draft.what.model, draft.entries))
    return [question for question in left if question.key != "id"] or left


def _what(word: str) -> What:
    name = ALIASES.get(word, word)
    if name not in WHAT:
        raise KitError(f"there is no kind '{word[:60]}'; " + did_you_mean(word, (*WHAT, *ALIASES), f"'{command()} new --help' lists them"))
    what = WHAT[name]
    if what.kind is not None and what.kind.name in ELSEWHERE:
        raise KitError(ELSEWHERE[what.kind.name])
    return what


def _asked(world: World, draft: Draft, entries: dict[str, Any], elsewhere: set[str]) -> Draft:
    """The draft with what the person at the terminal answers; an empty answer to what may be empty leaves it so."""
    asked: set[str] = set()
    while True:
        question = next((one for one in _left(draft) if one.key not in asked), None)
        if question is None:
            return draft
        try:
            tell(one_line(question) + (" – several, with commas" if question.many else ""))
            answer = input("> ")
            if not answer.strip() and not (question.optional or question.many):
                continue
            put_answer(entries, question, answer, draft.what.model)
        except EOFError:
            raise KitError("nothing was written: the answers ended before everything was said") from None
        except KitError as error:
            tell(error)
            continue
        asked.add(question.key)
        draft = begun(world.workspace, draft.what, entries, elsewhere, world.today)


# in an editor


def _edited(given: argparse.Namespace, world: World, draft: Draft) -> Draft:
    """What the person saves in their editor, judged; it opens again with what is wrong until it is sound or nothing was changed."""

    def accept(saved: str) -> Draft:
        return finished(given.root, world.workspace, _from_sheet(draft, saved), world.today)

    return accepted(f"aims-new-{draft.what.word}", _sheet(draft), accept)


def _sheet(draft: Draft) -> str:
    """The draft as a text to fill in: what is known, then each missing entry with its meaning above it."""
    lines = [f"# A new {draft.what.word}. Fill in what is empty and save; lines that begin with # and a space are not kept."]
    lines += as_yaml(draft.entries).splitlines()
    for question in questions(draft.what.model, draft.entries):
        lines += [f"# {one_line(question)}", f"{question.key}: {'[]' if question.many else ''}".rstrip()]
    return "\n".join(lines) + "\n"


def _from_sheet(draft: Draft, text: str) -> Draft:
    try:
        value = parse(text.replace("\r\n", "\n")).value
    except YamlProblem as problem:
        raise KitError(f"line {problem.line}: {problem.message}") from None
    if not isinstance(value, dict):
        raise KitError("write entries, one key and its value a line")
    found: dict[str, Any] = {}
    for key, part in value.items():
        *above, last = str(key).split(".")
        here = found
        for step in above:
            here = here.setdefault(step, {})
        if isinstance(here.get(last), dict) and isinstance(part, dict):
            here[last] |= part
        else:
            here[last] = part
    names = list(draft.what.model.model_fields)
    unknown = next((name for name in found if name not in names), None)
    if unknown is not None:
        raise KitError(f"there is no entry '{unknown}'; " + did_you_mean(unknown, names, f"known are {', '.join(names)}"))
    ordered = {name: found[name] for name in names if name in found}
    return Draft(draft.what, ordered, [], draft.path)


# what is said


def as_text(draft: Draft, given: argparse.Namespace) -> str:
    """What is or would be written, what was proposed, what the checks say, and how to go on."""
    written = given.write or given.edit
    rows = [draft.path, *(f"  {line}" for line in as_yaml(draft.entries).splitlines())]
    if draft.proposals:
        rows.append(f"Proposed, so look at it: {', '.join(draft.proposals)}")
    rows += [f"{problem.severity.value}: {problem.message}; {problem.way_out}" for problem in draft.problems]
    rows += [f"Made anew with it: {path}" for path in draft.files if path == "CODEOWNERS"]
    rows.append(f"Written: {', '.join(sorted(draft.files))}" if written else f"Nothing was written. To write it: {_command(given)}")
    return as_lines(rows)


def _command(given: argparse.Namespace) -> str:
    words = [*command().split(), "new", given.what, *given.entries]
    words += root_words(given)
    words += ["--today", str(given.today)] if given.today else []
    return shlex.join([*words, "--write"])


def as_data(draft: Draft, given: argparse.Namespace) -> str:
    """An object with `written`, `id`, `path`, `files`, `entries`, `proposed` and `problems`."""
    return as_json(
        {
            "written": bool(given.write or given.edit),
            "id": draft.id,
            "path": draft.path,
            "files": sorted(draft.files),
            "entries": draft.entries,
            "proposed": draft.proposals,
            "problems": [str(problem) for problem in draft.problems],
        }
    )
