"""What `check` prints for forges and CI systems: well-formed, complete, steady from run to run, and deaf to hostile text."""

from __future__ import annotations

import json
import shutil
import sqlite3
import xml.etree.ElementTree as ET
from importlib.metadata import distribution
from urllib.parse import unquote

import jsonschema
import pytest

from macros.checks import ALL_RULES, run_checks
from macros.command.formats import FORMATS, as_github, as_gitlab, as_json, as_junit, as_markdown, as_sarif, as_text
from macros.command.formats.fingerprints import fingerprints
from macros.load import load_workspace
from macros.problem import Location, Problem, Severity
from macros.world import today_of
from tests.forked import started

POLICY = "docs/policies/ai-policy.md"
HOSTILE = '100 %\r\n::error file=a,line=1::forged <b>]]> & "x" \'|` \x1b[31m\x00\x85\u2028\udcff \ufffe 🦊'


@pytest.fixture(scope="module")
def damaged(bake, tmp_path_factory):
    """A generated repository with an error, a warning, a broken file, two problems alike, and a title that means harm."""
    root = tmp_path_factory.mktemp("damaged") / "repository"
    shutil.copytree(bake(integration_strategy="integrated"), root)

    def edit(path, old, new):
        text = (root / path).read_text("utf-8")
        assert old in text, old
        (root / path).write_text(text.replace(old, new, 1), "utf-8", newline="\n")

    edit(POLICY, "- iso42001:A.2.2\n", "- iso42001:A.2.22\n")
    edit("docs/policies/acceptable-use.md", "\nowner: ", "\nownr: ")
    edit("docs/procedures/suppliers.md", "\n## ", "\nTBD\n\nTBD\n\n## ")
    edit("docs/context/scope.md", "\ntitle: ", '\ntitle: "x\\n::error::forged\\u001b[31m" #')
    (root / "docs/one, two: 100 %.md").write_text("---\ntitle: Loose\n---\n\nText.\n", "utf-8")
    return root


def problems_of(root):
    workspace = load_workspace(root)
    return run_checks(workspace, today_of(workspace))


@pytest.fixture(scope="module")
def problems(damaged):
    found = problems_of(damaged)
    assert {problem.severity for problem in found} == set(Severity)
    return found


def hostile(severity=Severity.ERROR):
    return (Problem("DOC101", severity, Location(f"docs/{HOSTILE}.md", 3), HOSTILE, HOSTILE),)


# The command line


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_printed_with_the_same_exit_code(name, damaged, problems):
    done = started("macros", "check", "--format", name, cwd=damaged, known=True, text=False)
    assert done.returncode == 1
    assert done.stdout.decode("utf-8") == FORMATS[name](problems)


@pytest.mark.parametrize("name", FORMATS)
def test_a_clean_repository_has_an_empty_report(name):
    text = FORMATS[name](())
    assert text.endswith("\n") or text == ""
    if name in ("json", "gitlab", "sarif"):
        json.loads(text)


def test_a_file_name_that_is_no_utf8_does_not_stop_the_report(damaged, tmp_path):
    root = tmp_path / "repository"
    shutil.copytree(damaged, root)
    name = "docs/odd-\udcff.md"
    (root / name).write_text("---\ntitle: Odd\n---\n\nText.\n", "utf-8")
    for form in FORMATS:
        done = started("macros", "check", "--format", form, cwd=root, known=True, text=False)
        assert done.returncode == 1, done.stderr
        assert "Traceback" not in done.stderr.decode("utf-8")
        text = done.stdout.decode("utf-8")
        if form in ("json", "gitlab"):
            rows = json.loads(text)
            rows = rows["problems"] if form == "json" else rows
            assert name in [row["path"] if form == "json" else row["location"]["path"] for row in rows]


# Text


def test_a_problem_in_text_is_one_line_whatever_it_quotes(problems):
    lines = as_text(problems).splitlines()
    assert len(lines) == len(problems)
    assert all(line.startswith(str(problem.location)) for line, problem in zip(lines, problems, strict=True))
    assert not any(line.startswith("::") for line in lines)
    assert (
        "docs/context/scope.md:3: SEC110 the text holds the character U+001B ESCAPE, which acts instead of being shown; "
        "take it out; where it stood for a line break or a space, write that" in lines
    )
    assert len(as_text(hostile()).splitlines()) == 1


# GitHub


def test_github_escapes_percent_and_line_breaks_everywhere_and_colon_and_comma_in_properties():
    problem = Problem("DOC101", Severity.WARNING, Location("docs/a, b: 50 %\n.md", 7), "one: 50 %, two\r\nthree", "mend it")
    assert as_github((problem,)) == (
        "::warning file=docs/a%2C b%3A 50 %25%0A.md,line=7,title=DOC101::one: 50 %25, two%0D%0Athree; mend it\n"
    )


def test_github_gets_one_command_a_problem(problems):
    lines = as_github(problems).splitlines()
    assert len(lines) == len(problems)
    assert {line.split(" ")[0] for line in lines} == {"::error", "::warning", "::notice"}
    assert any("file=docs/one%2C two%3A 100 %25.md,line=1,title=DOC105::" in line for line in lines)
    assert as_github(hostile()).count("\n") == 1


# GitLab


def test_gitlab_gets_what_its_code_quality_report_needs(problems):
    rows = json.loads(as_gitlab(problems))
    assert len(rows) == len(problems)
    for row, problem in zip(rows, problems, strict=True):
        assert list(row) == ["description", "check_name", "fingerprint", "severity", "location"]
        assert row["check_name"] == problem.code
        assert row["description"] == f"{problem.code} {problem.message}; {problem.way_out}"
        assert row["severity"] == {"error": "major", "warning": "minor", "note": "info"}[problem.severity.value]
        assert row["location"] == {"path": problem.location.path, "lines": {"begin": problem.location.line}}
    assert json.loads(as_gitlab(hostile()))[0]["location"]["path"] == f"docs/{HOSTILE}.md"


# Fingerprints


def test_fingerprints_stay_when_a_line_is_inserted_above(damaged, problems, tmp_path):
    root = tmp_path / "repository"
    shutil.copytree(damaged, root)
    for path in ("docs/procedures/suppliers.md", POLICY):
        text = (root / path).read_text("utf-8")
        (root / path).write_text(text.replace("\n---\n", "\n---\n\nA new line.\n", 1), "utf-8", newline="\n")
    moved = problems_of(root)
    assert [problem.location for problem in moved] != [problem.location for problem in problems]
    assert fingerprints(moved) == fingerprints(problems)


def test_a_line_that_a_message_names_does_not_count():
    def at(line, message):
        return (Problem("SOA103", Severity.ERROR, Location("registers/a.yaml", line), message, "keep one"),)

    assert fingerprints(at(9, "'a' has a row already, on line 4")) == fingerprints(at(11, "'a' has a row already, on line 6"))
    assert fingerprints(at(9, "the record at registers/a.yaml:4")) == fingerprints(at(9, "the record at registers/a.yaml:6"))
    assert fingerprints(at(9, "'EV-001' is there")) != fingerprints(at(9, "'EV-002' is there"))


def test_fingerprints_of_problems_alike_differ(problems):
    alike = [problem for problem in problems if problem.code == "STA101"]
    assert len(alike) == 2 and alike[0].message == alike[1].message
    assert len(set(fingerprints(problems))) == len(problems)


def test_a_way_out_and_a_weight_may_change_without_a_new_fingerprint():
    one = Problem("DOC101", Severity.ERROR, Location("docs/a.md", 3), "it is wrong", "mend it")
    two = Problem("DOC101", Severity.NOTE, Location("docs/a.md", 3), "it is wrong", "mend it here")
    assert fingerprints((one,)) == fingerprints((two,))


# SARIF


@pytest.fixture(scope="module")
def sarif_schema():
    """The schema of OASIS, out of the collection that the package `schemastore` carries; its own code would go to the network."""
    cache = distribution("schemastore").locate_file("schemastore/cache.sqlite")
    with sqlite3.connect(f"{cache.as_uri()}?mode=ro&immutable=1", uri=True) as rows:
        blobs = [value for (value,) in rows.execute("SELECT value FROM responses") if b"Schemata/sarif-schema-2.1.0.json" in value[:500]]
    rows.close()
    found = [json.JSONDecoder().raw_decode(blob[blob.index(b"{\r\n") :].decode("utf-8", "replace"))[0] for blob in blobs]
    assert [schema["title"] for schema in found] == ["Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema"]
    return found[0]


@pytest.mark.parametrize("which", ["damaged", "hostile", "none"])
def test_sarif_is_valid_by_the_schema_of_oasis(which, sarif_schema, problems):
    given = {"damaged": problems, "hostile": hostile(), "none": ()}[which]
    jsonschema.Draft7Validator(sarif_schema).validate(json.loads(as_sarif(given)))


def test_the_schema_is_one_that_refuses(sarif_schema, problems):
    report = json.loads(as_sarif(problems))
    report["runs"][0]["results"][0]["level"] = "major"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(sarif_schema).validate(report)


def test_sarif_has_every_rule_and_a_result_for_each_problem(problems):
    (run,) = json.loads(as_sarif(problems))["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(ALL_RULES)
    for rule in rules:
        assert rule["shortDescription"]["text"] == ALL_RULES[rule["id"]].title + "."
        assert rule["fullDescription"]["text"] == ALL_RULES[rule["id"]].reason
        assert rule["defaultConfiguration"] == {"level": ALL_RULES[rule["id"]].severity.value}
    for result, problem, fingerprint in zip(run["results"], problems, fingerprints(problems), strict=True):
        assert result["ruleId"] == rules[result["ruleIndex"]]["id"] == problem.code
        assert result["level"] == problem.severity.value
        assert result["message"]["text"] == f"{problem.message}; {problem.way_out}"
        place = result["locations"][0]["physicalLocation"]
        assert unquote(place["artifactLocation"]["uri"]) == problem.location.path
        assert place["region"] == {"startLine": problem.location.line}
        assert result["partialFingerprints"] == {"aimsProblem/v1": fingerprint}
    assert "docs/one%2C%20two%3A%20100%20%25.md" in as_sarif(problems)


# JUnit


def test_junit_has_a_case_for_every_rule_which_fails_on_errors_and_warnings(problems):
    suites = ET.fromstring(as_junit(problems))
    cases = suites.findall("testsuite/testcase")
    assert [case.get("name").split(" ")[0] for case in cases] == list(ALL_RULES)
    failed = {problem.code for problem in problems if problem.severity is not Severity.NOTE}
    assert {case.get("name").split(" ")[0] for case in cases if case.find("failure") is not None} == failed
    assert (suites.get("tests"), suites.get("failures"), suites.get("errors")) == (str(len(ALL_RULES)), str(len(failed)), "0")
    told = "".join(part.text for case in cases for part in case if part.text)
    assert sorted(told.splitlines()) == sorted(as_text(problems).splitlines())
    assert all(len(case.findall("failure")) <= 1 for case in cases)


def test_a_note_does_not_fail_its_case():
    case = ET.fromstring(as_junit(hostile(Severity.NOTE))).find("testsuite/testcase[system-out]")
    assert case.get("name").startswith("DOC101 ")
    assert case.find("failure") is None


def test_junit_is_xml_without_control_characters_whatever_a_problem_quotes():
    text = as_junit(hostile())
    failure = ET.fromstring(text).find("testsuite/testcase/failure")
    assert failure.get("type") == "error"
    assert '::error file=a,line=1::forged <b>]]> & "x" \'|` [U+001B][31m[U+0000]  [U+DCFF] [U+FFFE] 🦊' in failure.text
    assert "🦊" in failure.text
    assert not set("\x00\x1b\x85\u2028\udcff\ufffe") & set(text)
    text.encode("utf-8")


# Tables and JSON


def test_json_gives_back_what_a_problem_quotes():
    (row,) = json.loads(as_json(hostile()))["problems"]
    assert (row["message"], row["line"], row["severity"]) == (HOSTILE, 3, "error")


def test_markdown_shows_hostile_text_as_characters():
    text = as_markdown(hostile())
    assert "<b>" not in text and "::" not in text and "`" not in text
