"""The generator: every choice and every pair of choices gives a repository that is whole, clean and builds strictly."""

from __future__ import annotations

import hashlib
import html
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from macros.checks import run_checks
from macros.load import load_workspace
from macros.problem import Severity
from macros.world import today_of
from tests.answers import CHOICES, NAMES, is_valid, label, pairs, product
from tests.conftest import KIT, mkdocs_build

PAIRS = pairs()
NAMED = [(answers, NAMES[number % len(NAMES)]) for number, answers in enumerate(PAIRS)]
RENDERED = (".md", ".yaml", ".yml", ".json", "Makefile", "CODEOWNERS", ".gitignore", ".gitattributes")
OPENERS = re.compile(r"<<(?!<)|<%|<#|%>|cookiecutter\.")


def files(repository: Path) -> list[Path]:
    return sorted(path for path in repository.rglob("*") if path.is_file())


def assert_whole_and_clean(repository: Path, name: str) -> None:
    for path in files(repository):
        relative = path.relative_to(repository).as_posix()
        assert not path.is_symlink(), relative
        assert not set(relative) & set('<>:"|?*\\'), relative
        if not relative.startswith(("macros/", "controls/")) and relative.endswith(RENDERED):
            left = OPENERS.search(path.read_text("utf-8"))
            assert left is None, f"{relative}: {left}"
    workspace = load_workspace(repository)
    assert workspace.organisation.value.name == name
    problems = run_checks(workspace, today_of(workspace))
    assert [str(problem) for problem in problems if problem.severity is not Severity.NOTE] == []
    assert any(problem.severity is Severity.NOTE for problem in problems)


@pytest.mark.parametrize(("answers", "name"), NAMED, ids=[label(answers) for answers in PAIRS])
def test_every_pair_of_choices_is_whole_and_clean(answers, name, bake):
    assert_whole_and_clean(bake(org_name=name, **answers), name)


def chosen() -> list[dict[str, str]]:
    """Sets of answers whose sites are built at every run: the first that bring a new strategy or a new forge."""
    seen: set[str] = set()
    found = []
    for answers in PAIRS:
        new = {answers["integration_strategy"], answers["forge"]} - seen
        if new:
            found.append(answers)
            seen |= new
    return found


BUILT = chosen()
SITES = [pytest.param(*named, id=label(named[0]), marks=() if named[0] in BUILT else (pytest.mark.full,)) for named in NAMED]
"""The rest is built with the whole product."""


@pytest.mark.site
@pytest.mark.parametrize(("answers", "name"), SITES)
def test_every_pair_of_choices_gives_a_site(answers, name, bake):
    repository = bake(org_name=name, **answers)
    done = mkdocs_build(repository)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    home = (repository / "site/index.html").read_text("utf-8")
    title = re.search(r"<title>(.*?)</title>", home, re.DOTALL).group(1)
    assert name in html.unescape(title)
    article = re.search(r"<article.*?</article>", home, re.DOTALL).group(0)
    assert name in html.unescape(re.sub(r"<[^>]+>", "", article))
    readme = (repository / "README.md").read_text("utf-8")
    assert name in html.unescape(readme.splitlines()[0])


def test_every_strategy_and_forge_is_built_at_every_run():
    for question in ("integration_strategy", "forge"):
        assert {answers[question] for answers in BUILT} == set(CHOICES[question])


def test_every_choice_of_every_question_is_among_the_pairs():
    assert {"integration_strategy", "forge"} < set(CHOICES)
    for question, values in CHOICES.items():
        assert {answers[question] for answers in PAIRS} == set(values)


def test_every_name_is_used():
    assert {name for _, name in NAMED} == set(NAMES)


@pytest.mark.full
@pytest.mark.site
@pytest.mark.parametrize("answers", product(), ids=label)
def test_every_combination_gives_a_site(answers, bake):
    repository = bake(**answers)
    assert_whole_and_clean(repository, "Plain Ltd")
    done = mkdocs_build(repository)
    assert done.returncode == 0, done.stderr


def cookiecutter(where: Path, *answers: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "cookiecutter", str(KIT), "--no-input", *answers],
        cwd=where,
        env={**os.environ, "HOME": str(where / "home")},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_cookiecutter_alone_gives_a_repository_from_any_folder(tmp_path):
    done = cookiecutter(tmp_path)
    assert done.returncode == 0, done.stderr
    repository = tmp_path / "example-organisation-ltd"
    for name in (
        "org.yaml",
        "mkdocs.yml",
        "Makefile",
        "README.md",
        "aims",
        "aims.cmd",
        "requirements.txt",
        "mkdocs_hooks.py",
        "macros/site.py",
        "controls/iso42001.yaml",
    ):
        assert (repository / name).is_file(), name
    assert (repository / "requirements.txt").read_bytes() == (KIT / "requirements.txt").read_bytes()
    verbs = re.findall(r"^(\w+):", (repository / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert {"serve", "check", "build"} <= set(verbs)


def test_a_generation_ends_with_what_comes_next(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    monkeypatch.delenv("AIMS_QUIET", raising=False)
    done = cookiecutter(tmp_path)
    told = done.stdout.partition("What comes next:\n\n")[2]
    assert told.startswith("  cd example-organisation-ltd\n  git init && git add --all && git commit")
    verbs = re.findall(r"^  \./aims (\S+)", told, re.MULTILINE)
    assert verbs == ["next", "serve", "--help", "manual"]
    monkeypatch.setenv("AIMS_QUIET", "yes")
    assert "comes next" not in cookiecutter(tmp_path, "org=second").stdout


def test_the_command_arrives_as_a_program_and_runs_the_engine_from_below(tmp_path, bake):
    repository = bake()
    assert os.access(repository / "aims", os.X_OK)
    assert (repository / "aims").read_bytes() == (KIT / "aims").read_bytes()
    assert (repository / "aims.cmd").read_bytes().count(b"\r\n") == (repository / "aims.cmd").read_bytes().count(b"\n") > 3
    own = tmp_path / "a place with spaces"
    shutil.copytree(repository, own)
    ready(own)
    done = subprocess.run(["../../aims", "check"], cwd=own / "docs/policies", capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.splitlines()[-1][:22]) == (0, "0 errors, 0 warnings, ")


def ready(repository: Path) -> None:
    """An environment as the first call of `aims` leaves it, with this process's packages, so that none is fetched."""
    venv = repository / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    packages = next((venv / "lib").iterdir()) / "site-packages"
    (packages / "own.pth").write_text(f"{sysconfig.get_path('purelib')}\n", "utf-8")
    (venv / ".ready").write_text(hashlib.sha256((repository / "requirements.txt").read_bytes()).hexdigest() + "\n", "utf-8")


def test_an_existing_folder_is_not_overwritten_without_being_asked(tmp_path):
    own = tmp_path / "mine/org.yaml"
    own.parent.mkdir()
    own.write_text("our words\n", "utf-8")
    done = cookiecutter(tmp_path, "org=mine")
    assert done.returncode == 1
    assert "already exists" in done.stdout
    assert own.read_text("utf-8") == "our words\n"


REFUSED = {
    "org=..": None,
    "org=../escaped": "'../escaped' is no usable folder name; use up to 80 letters, digits, dots, hyphens and underscores, beginning with a letter or digit.",
    "org=CON": "'CON' is no usable folder name; use up to 80 letters, digits, dots, hyphens and underscores, beginning with a letter or digit.",
    "org=a b": "'a b' is no usable folder name; use up to 80 letters, digits, dots, hyphens and underscores, beginning with a letter or digit.",
    "org=-rf": "'-rf' is no usable folder name; use up to 80 letters, digits, dots, hyphens and underscores, beginning with a letter or digit.",
    "org_name= ": "The name of the organisation is empty or begins or ends with a space; write it as it is to appear.",
    "org_name=A {{ org.name }} B": "The answer to 'org_name' contains '{{', which the templates would take for code; leave it out.",
    "org_name=A >> B": "The answer to 'org_name' contains '>>', which the templates would take for code; leave it out.",
    "org_name=two\nlines": "The answer to 'org_name' contains a line break or control character; write it on one line.",
    "isms_since=2999": "The ISMS cannot have been certified in 2999, which is in the future; write the year, or none.",
    "isms_since=soon": "'soon' is no year; write the year of the first ISO/IEC 27001 certificate with four digits, or none.",
    "isms_since=1980": "No ISMS was certified in 1980, before the standard existed; write the year, or none.",
    "isms_since=none": "The strategy 'integrated' needs an ISMS, and there is none; answer isms_since with a year, or choose standalone.",
}


@pytest.mark.parametrize("answer", REFUSED)
def test_an_answer_that_cannot_work_is_refused_in_one_sentence(answer, tmp_path):
    where = tmp_path / "here"
    where.mkdir()
    done = cookiecutter(where, answer)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    if REFUSED[answer]:
        assert REFUSED[answer] in done.stderr
    left = [path for path in tmp_path.rglob("*") if path.is_file() and "home" not in path.parts]
    assert left == []


def test_an_empty_or_absolute_folder_name_writes_nothing(tmp_path):
    target = tmp_path / "absolute"
    where = tmp_path / "here"
    where.mkdir()
    for answer in (f"org={target}", "org="):
        done = cookiecutter(where, answer)
        assert done.returncode != 0
        assert not target.exists()
        assert [path.name for path in where.iterdir() if path.name != "home"] == []


def test_an_organisation_without_ai_is_refused(tmp_path):
    done = cookiecutter(tmp_path, "develops_ai=no", "provides_ai=no", "uses_ai=no")
    assert done.returncode != 0
    assert "has no AI to manage; answer one of the three with yes." in done.stderr


def test_the_defaults_are_accepted():
    assert is_valid({name: values[0] for name, values in CHOICES.items()})


def test_every_question_has_a_prompt_that_people_can_read():
    questions = json.loads((KIT / "cookiecutter.json").read_text("utf-8"))
    asked = [name for name in questions if not name.startswith("_")]
    assert set(questions["__prompts__"]) == set(asked)
    for name in asked:
        prompt = questions["__prompts__"][name]
        assert len((prompt if isinstance(prompt, str) else prompt["__prompt__"]).split()) >= 4, name


@pytest.mark.parametrize("forge", CHOICES["forge"])
def test_a_repository_carries_the_workflows_of_its_own_forge(forge, bake):
    repository = bake(forge=forge)
    assert (repository / ".github").exists() == (forge == "github")
    assert (repository / ".gitlab-ci.yml").exists() == (forge == "gitlab")


def test_a_kit_unpacked_without_links_stops_with_a_sentence(tmp_path):
    import shutil

    kit = tmp_path / "kit"
    shutil.copytree(KIT, kit, symlinks=True, ignore=shutil.ignore_patterns(".git", ".venv", "build", "tests", "docs", "examples"))
    link = kit / "<<cookiecutter.org>>/macros"
    link.unlink()
    link.write_text("../macros", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "cookiecutter", str(kit), "--no-input"],
        cwd=tmp_path,
        env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "'macros' did not arrive as a folder" in done.stderr
