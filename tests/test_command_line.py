"""The command line starts at once, lists its verbs by task, and answers a slip with the nearest word."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest

from macros.__main__ import main
from macros.command.verbs import TASKS, VERBS
from tests.conftest import KIT


def test_help_lists_every_verb_once_under_a_task(capsys):
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    lines = [line for line in text.splitlines() if line.startswith("  python -m macros ")]
    assert len(VERBS) >= 16
    for verb in VERBS.values():
        assert verb.task in TASKS
        shown = f"  python -m macros {verb.example or verb.name} "
        assert len([line for line in lines if line.startswith(shown) and line.endswith(verb.help)]) == 1, verb.name


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_has_a_module_that_takes_arguments_and_runs(name, capsys):
    module = VERBS[name].load()
    assert callable(module.arguments)
    assert callable(module.run)
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert f"example: python -m macros {VERBS[name].example or name}" in capsys.readouterr().out


def test_help_loads_no_module_of_a_verb_and_none_of_the_model():
    code = (
        "import sys; from macros.__main__ import main; main(['--help']);"
        "loaded = sorted(name for name in sys.modules if name.startswith(('macros', 'pydantic', 'yaml', 'mkdocs')));"
        "print(*loaded, sep='\\n', file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=KIT, capture_output=True, text=True, check=True)
    assert done.stderr.split() == [
        "macros",
        "macros.__main__",
        "macros.command",
        "macros.command.day",
        "macros.command.screen",
        "macros.command.verbs",
        "macros.days",
        "macros.encode",
        "macros.encode.characters",
        "macros.encode.terminal",
        "macros.problem",
    ]
    assert importlib.util.find_spec("pydantic") is not None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["chek"], "python -m macros: there is no 'chek'; did you mean 'check'?\n"),
        ([], "python -m macros: no verb was given; 'python -m macros --help' lists the verbs\n"),
        (["--root", "x", "check"], "python -m macros: the verb comes first, before '--root'; 'python -m macros --help' lists the verbs\n"),
        (["evidence", "ad"], "did you mean 'add'?\n"),
        (["check", "--format", "jsn"], "did you mean 'json'?\n"),
        (["check", "--tody", "2026-01-01"], "unrecognized arguments: --tody 2026-01-01\n"),
    ],
)
def test_a_slip_is_answered_in_one_line_with_exit_code_2(words, said, capsys):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    error = capsys.readouterr().err
    assert error.endswith(said)
    assert error.count("\n") == 1


def test_the_version_is_that_of_the_engine(capsys):
    from macros import __version__

    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"AIMS Kit {__version__}\n"


def test_the_command_is_named_as_it_was_called(monkeypatch, capsys):
    monkeypatch.setenv("AIMS_COMMAND", "aims")
    with pytest.raises(SystemExit):
        main(["statsu"])
    assert capsys.readouterr().err == "aims: there is no 'statsu'; did you mean 'status'?\n"
