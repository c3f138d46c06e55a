"""The command line: `python -m macros VERB`, the same in the kit and in a generated repository; `aims VERB` calls it."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import macros

try:
    from macros.command.screen import NotShownError, show, tell
    from macros.command.verbs import TASKS, USAGE, VERBS, Verb, command, parser_of
    from macros.problem import KitError, nearest
except (ImportError, SyntaxError) as half:  # a generation or a copy that was stopped
    sys.stderr.write(f"python -m macros: the engine is not whole: {half}; bring 'macros/' back, or make the folder again\n")
    raise SystemExit(3) from None

CLEAN, PROBLEMS, COULD_NOT = 0, 1, 3


def help_text() -> str:
    """All verbs by task, each with a way to call it."""
    return "\n".join(_help_lines()) + "\n"


def _help_lines() -> Iterator[str]:
    name = command()
    width = max(len(verb.example or verb.name) for verb in VERBS.values()) + len(name) + 3
    yield f"usage: {name} VERB [OPTION ...]"
    for task, heading in TASKS.items():
        verbs = [verb for verb in VERBS.values() if verb.task == task]
        yield from ("", heading) if verbs else ()
        for verb in verbs:
            yield f"  {name + ' ' + (verb.example or verb.name):<{width}}{verb.help}"
    yield ""
    yield f"  {name + ' VERB --help':<{width}}the options of a verb"
    yield f"  {name + ' --version':<{width}}the version of the kit that is in this repository"
    yield ""
    yield "Exit codes: 0 clean, 1 problems found, 2 wrong usage, 3 could not run."


def main(words: Sequence[str] | None = None) -> int:
    """Run one verb and give its exit code: 0 clean, 1 problems found, 2 usage, 3 could not run."""
    given = list(sys.argv[1:] if words is None else words)
    try:
        code = _answer(given)
        sys.stdout.flush()
    except (ImportError, SyntaxError) as error:
        _say(f"{command()}: {_half_engine(error)}")
        return COULD_NOT
    except OSError as error:
        # What is still to be written would be tried again at the end, where nobody could say so.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            _say(f"{command()}: the answer cannot be written ({error.strerror}); make room, or send it elsewhere")
        return COULD_NOT
    except KeyboardInterrupt:
        return 130
    return code


def _answer(given: list[str]) -> int:
    first = given[0] if given else ""
    if first in ("-h", "--help", "help"):
        show(help_text())
        return CLEAN
    if first == "--version":
        show(f"AIMS Kit {macros.__version__}\n")
        return CLEAN
    if first not in VERBS:
        tell(f"{command()}: {_no_verb(first)}")
        raise SystemExit(USAGE)
    typed = parser_of(VERBS[first]).parse_args(given[1:])
    typed.verb = first
    try:
        run: Callable[[Verb, argparse.Namespace], int] = importlib.import_module("macros.command.run").run  # the help needs no engine
        return run(VERBS[first], typed)
    except KitError as error:
        _say(f"{command()} {first}: {error}")
        return COULD_NOT
    except (BrokenPipeError, NotShownError):
        raise
    except (OSError, RecursionError, MemoryError, UnicodeError) as error:
        _say(f"{command()} {first}: {_sentence(error)}")
        return COULD_NOT


def _say(text: str) -> None:
    """Write one line to the standard error stream, where there is one that takes it."""
    with contextlib.suppress(OSError, ValueError):
        tell(text)


def _sentence(error: OSError | RecursionError | MemoryError | UnicodeError) -> str:
    """What the machine refused, where no part of the kit has a better word for it."""
    if isinstance(error, OSError):
        given = error.filename
        named = "a file" if given is None or isinstance(given, int) else f"'{os.fsdecode(given)}'"
        return f"{named} cannot be used ({error.strerror or type(error).__name__}); mend that and run this again"
    if isinstance(error, MemoryError):
        return "there is not enough memory; give it more, or divide what is read"
    if isinstance(error, RecursionError):
        return "something that was read is nested too deeply; flatten it"
    return f"a text cannot be read or written in its encoding ({error.reason if hasattr(error, 'reason') else error}); save it as UTF-8"


def _half_engine(error: ImportError | SyntaxError) -> str:
    name = getattr(error, "name", None) or ""
    if isinstance(error, ModuleNotFoundError) and not name.startswith("macros"):
        return f"'{name}' is not installed; run 'make setup' and use the Python in '.venv', or install 'requirements.txt'"
    what = f"'{Path(error.filename).name}' is broken" if isinstance(error, SyntaxError) and error.filename else str(error)
    return f"the engine is not whole: {what}; '{command()} doctor' says what is missing or changed"


def _no_verb(first: str) -> str:
    ask = f"'{command()} --help' lists the verbs"
    if not first:
        return f"no verb was given; {ask}"
    if first.startswith("-"):
        return f"the verb comes first, before '{first}'; {ask}"
    close = nearest(first, VERBS)
    return f"there is no '{first}'; " + (f"did you mean '{close}'?" if close else ask)


if __name__ == "__main__":
    if "_ARGCOMPLETE" in os.environ:  # a shell asks for the words that could come next, and takes them from a channel of its own
        raise SystemExit(importlib.import_module("macros.command.completed").answer())
    if sys.stdout is None:
        _say(f"{command()}: the standard output is closed, so there is nowhere to answer; send it to a file or a terminal")
        raise SystemExit(COULD_NOT)
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]  # nobody has put another stream in its place yet
    raise SystemExit(main())
