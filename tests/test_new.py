"""`new`: what a person says becomes a record, a document, a person or a role, whole and sound, or nothing is written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from macros.__main__ import main
from macros.authoring.ids import next_id
from macros.authoring.new import ELSEWHERE, WHAT
from macros.load import load_workspace
from macros.model.records.kinds import Layout
from macros.problem import Severity
from macros.world import forget, world_at
from tests.conftest import copy_without_engine
from tests.review_setup import commit, git

RISK = (
    "risk",
    "title=Wrong advice on returns",
    "about=AIS-002",
    "source=The terms change often, so the assistant may state a return period that no longer holds. It learns of a change a day late.",
    "consequence=Customers lose money.",
    "affects=individuals,organisation",
    *("initial.likelihood=3", "initial.consequence=3", "residual.likelihood=1", "residual.consequence=3"),
    *("treatment.option=reduce", "treatment.owner=ai-system-owner", "treatment.due=2027-01-31"),
    *("treatment.measures=The terms are loaded anew each night.", "treatment.measures=Answers on returns link to the terms."),
    "treatment.controls=iso42001:A.6.2.6",
)
EACH = {
    "document": (
        "type=policy",
        "title=Use of agents",
        "addresses=",
        "purpose=It rules agents.",
        "scope=All agents.",
        "rules=Staff shall ask.",
    ),
    "person": ("name=Zoë Ångström", "joined=2026-11-01"),
    "role": ("title=Model validator", "held_by=helen-osei"),
    "own-controls": ("title=Agents are named", "summary=Each agent has a name.", "because=RSK-001 asks for it."),
    "ai-systems": (
        *("name=Shelf planner", "version=0.1", "origin=own", "purpose=It plans shelves.", "intended_use=Planners use it."),
        *("not_intended=Nothing else.", "context=Head office.", "autonomy=recommends", "oversight.operator=human-oversight-operator"),
        *(
            "oversight.means=They see each plan.",
            "resources.data=Sales of two years.",
            "resources.tooling=A table program.",
            "resources.computing=One desk computer.",
        ),
        *(
            "resources.people=Two planners.",
            "eu_ai_act.risk_class=undetermined",
            "eu_ai_act.reasons=The class is judged before development.",
        ),
        *("eu_ai_act.actor=provider", "affected.1.group=Planners", "affected.1.how=They work with the plans."),
    ),
    "datasets": (
        *("name=Sales", "personal_data=none", "acquisition.source=Tills", "acquisition.method=Export", "uses=training,test"),
        *("acquisition.selected_because=It is ours.", "acquisition.period=2026", "acquisition.rights=It is ours.", "retention=Two years."),
    ),
    "impact-assessments": (
        *("title=Shelf planner", "about=AIS-002", "assessor=ai-governance-lead", "scope.version=1", "scope.intended_use=As recorded."),
        *("scope.context=Shops.", "scope.setting=Shops with staff.", "judgement=Nobody is worse off."),
    ),
    "risks": RISK[1:],
    "objectives": (
        *("objective=Fewer wrong answers", "serves=use, reliability", "measure=Share of wrong answers", "baseline=5 %", "target=2 %"),
        *("resources=One analyst", "due=2027-06-30"),
    ),
    "obligations": ("title=Duty", "source=Contract C-9, clause 4", "duty=We tell the customer.", "applies_because=We signed it."),
    "interested-parties": ("party=Neighbours", "side=external", "expects=Quiet.", "answered_by=A talk each year.", "climate=no"),
    "responsibilities": ("activity=Validation of models", "accountable=ai-governance-lead", "responsible=ai-system-owner"),
    "isms-documents": ("title=Access rules",),
    "suppliers": ("name=Modelworks Ltd", "supplies=A model.", "responsibilities=They train, we test.", "about=AIS-002"),
    "customers": ("group=Shops", "expects=Plans on time.", "source=Survey of 2026", "answered_by=A talk each year."),
    "competence": (
        *("person=helen-osei", "role=ai-governance-lead", "needs=Knows the standard.", "shown_by=Course", "completed_on=2026-05-01"),
    ),
    "measurements": (
        *("what=Share of wrong answers", "measured_on=2026-11-01", "value=3 %", "limit=5 %", "within=yes", "evaluated_by=ai-system-owner"),
    ),
    "external-documents": (
        *("title=Manual", "address=https://docs.example/m", "version=1", "classification=internal", "approved.by=top-management"),
        *("approved.date=2026-05-01", "next_review=2027-05-01"),
    ),
    "exceptions": (
        *("title=A day without a log", "kind=rule", "departs_from=POL-002", "because=The log store moves.", "instead=A note is kept."),
        *("borne_by=maeve-tarn", "until=2026-12-01"),
    ),
    "concerns": ("side=staff", "summary=It answers rudely.", "about=AIS-002"),
    "incidents": ("title=Outage", "occurred_on=2026-11-10", "what=It stood still.", "affected=Nobody.", "serious=no", "response=Restart."),
    "audits": (
        *("title=Internal audit 2027", "kind=internal", "planned_for=2027-03-01", "auditor=Ann Other", "independence=From outside."),
        *("method=Interviews.", "covers=iso42001:9.1"),
    ),
    "audit-findings": (
        *("audit=AUD-2026-001", "grade=opportunity-for-improvement", "requirement=iso42001:9.1", "evidence_seen=Figures.", "finding=Good."),
    ),
    "management-reviews": (
        *(
            "held_on=2026-11-12",
            "chaired_by=top-management",
            "conclusion=It works.",
            "approved.by=maeve-tarn",
            "approved.as_role=top-management",
            "approved.date=2026-11-13",
        ),
        *("inputs.1.input=Audits", "inputs.1.seen=All", "decisions.1.decision=Go on", "decisions.1.owner=ai-governance-lead"),
        *("decisions.1.due=2027-01-01", "decisions.1.done_on="),
    ),
    "nonconformities": (
        *("title=Late figures", "found_by=ai-governance-lead", "requirement=iso42001:9.1", "what=Two figures came late.", "due=2027-01-31"),
    ),
    "changes": (
        *(
            "title=New model",
            "of=aims",
            "purpose=Better answers.",
            "consequences=Other answers.",
            "resources=One day.",
            "reassessment=Not needed.",
        ),
        "planned_for=2027-02-01",
    ),
    "reading-duties": ("document=POL-001", "roles=ai-system-owner", "within_days=14"),
    "acknowledgements": ("document=POL-002", "version=1.0", "person=helen-osei", "acknowledged_on=2026-11-02", "how=A click."),
}
"""Something of each kind, with no more than has to be said."""


@pytest.fixture(scope="module")
def organisation(example, tmp_path_factory) -> Path:
    """The worked organisation with one commit; not to be changed."""
    root = copy_without_engine(example, tmp_path_factory.mktemp("new") / "repository")
    git(root, "init", "--quiet", "--initial-branch", "main")
    commit(root, "Begin")
    return root


@pytest.fixture
def repository(organisation, tmp_path) -> Path:
    """A clone to be changed."""
    git(tmp_path, "clone", "--quiet", str(organisation), "clone")
    return tmp_path / "clone"


def new(root: Path, *words: str) -> int:
    forget(root)
    return main(["new", *words, "--root", str(root)])


def changed(root: Path) -> list[str]:
    done = subprocess.run(["git", "status", "--porcelain"], cwd=root, capture_output=True, text=True, check=True)
    return [line[3:] for line in done.stdout.splitlines()]


def errors(root: Path) -> list[str]:
    forget(root)
    return [str(problem) for problem in world_at(root).problems if problem.severity is Severity.ERROR]


def test_a_record_is_shown_with_its_proposals_and_nothing_is_written(repository, capsys):
    assert new(repository, *RISK) == 0
    shown = capsys.readouterr().out
    assert (
        shown.split("Nothing was written")[0]
        == """registers/risks/RSK-010.yaml
  id: RSK-010
  title: Wrong advice on returns
  about:
    - AIS-002
  source: >-
    The terms change often, so the assistant may state a return period that no longer holds.
    It learns of a change a day late.
  consequence: Customers lose money.
  affects:
    - individuals
    - organisation
  impact_assessment: null
  owner: ai-governance-lead
  assessed_on: "2026-11-16"
  initial:
    likelihood: 3
    consequence: 3
  treatment:
    option: reduce
    measures:
      - The terms are loaded anew each night.
      - Answers on returns link to the terms.
    controls:
      - iso42001:A.6.2.6
    owner: ai-system-owner
    due: "2027-01-31"
  residual:
    likelihood: 1
    consequence: 3
  acceptance: null
  status: open
Proposed, so look at it: id, impact_assessment, owner, assessed_on, acceptance, status
"""
    )
    assert changed(repository) == []


def test_every_kind_has_an_example_here():
    names = {what.kind.name if what.kind else word for word, what in WHAT.items()}
    assert set(EACH) == names - set(ELSEWHERE)


def test_something_of_each_kind_is_written_reads_back_and_brings_no_error(repository, capsys):
    before = errors(repository)
    for kind, words in EACH.items():
        assert new(repository, kind, *words, "--write", "--format", "json") == 0, (kind, capsys.readouterr().err)
        told = json.loads(capsys.readouterr().out)
        assert (told["written"] and told["path"] in told["files"]) or told["path"].endswith("/"), kind
        workspace = load_workspace(repository)
        known = {*workspace.document_by_id, *workspace.record_by_id, *workspace.person_by_id, *workspace.role_by_id}
        assert told["id"] in known, kind
        what = WHAT.get(kind) or next(what for what in WHAT.values() if what.kind and what.kind.name == kind)
        if what.kind and what.kind.layout is Layout.FOLDER:
            head = (repository / told["path"]).read_text("utf-8").splitlines()[0]
            assert (repository.parent / "clone" / Path(told["path"]).parent / head.split("=")[1]).name == f"{what.kind.word}.json"
    assert errors(repository) == before
    assert len(changed(repository)) > 20


def test_owners_of_code_follow_where_they_were_fresh(repository, capsys):
    words = ("document", *EACH["document"], "--write", "--format", "json")
    assert new(repository, *words) == 0
    assert json.loads(capsys.readouterr().out)["files"] == ["CODEOWNERS", "docs/policies/use-of-agents.md"]
    assert "/docs/policies/use-of-agents.md @maeve" in (repository / "CODEOWNERS").read_text("utf-8")
    git(repository, "checkout", "--quiet", ".")
    (repository / "CODEOWNERS").write_text("* @somebody\n", "utf-8")
    assert new(repository, "person", "name=Ada Byron", "--write", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["files"] == ["org.yaml"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("rsk", "title=x"), "there is no kind 'rsk'; did you mean 'risk'?"),
        (("risk", "titel=x"), "there is no entry 'titel'; did you mean 'title'?"),
        (("risk", "title"), "'title' is no entry; write key=value, such as title='...'"),
        (("risk", "treatment=reduce"), "'treatment' is a group; write 'treatment.option=...'"),
        (("risk", "title.x=reduce"), "'title' has no entries of its own, so 'title.x' leads nowhere"),
        (("ai-system", "affected.group=x"), "'affected' is a list of groups; write 'affected.1.group=...'"),
        (("ai-system", "affected.999999.group=x"), "'affected' is a list of groups; write 'affected.1.group=...'"),
        (("evidence", "title=x"), "evidence is entered from its file: './aims evidence add FILE'"),
        (("approval",), "approvals come out of the review data of the forge: './aims approvals'"),
        ((*RISK, "owner=nobody"), "nothing was written, because the result would not be sound: registers/risks/RSK-010.yaml:"),
        ((*RISK, "about=AIS-099"), "nothing was written, because the result would not be sound: registers/risks/RSK-010.yaml:"),
        ((*RISK, "id=RSK-001"), "'registers/risks/RSK-001.yaml' is there already; "),
        (
            ("supplier", *EACH["suppliers"], "id=SUP-001"),
            "nothing was written, because the result would not be sound: registers/suppliers.yaml:",
        ),
        (("person", "name=Helen Osei"), "nothing was written, because the result would not be sound: org.yaml:"),
        (("document", *EACH["document"], "title=Acceptable use"), "'docs/policies/acceptable-use.md' is there already; "),
    ],
)
def test_what_is_not_sound_is_refused_in_one_line_and_nothing_changes(words, said, repository, capsys):
    assert new(repository, *words, "--write") == 3
    err = capsys.readouterr().err
    assert err.startswith(f"python -m macros new: {said}") and err.count("\n") == 1
    assert changed(repository) == []


def test_what_is_missing_is_named_with_its_meaning(repository, capsys):
    with pytest.raises(SystemExit) as ended:
        new(repository, "concern", "--write")
    assert ended.value.code == 2
    assert capsys.readouterr().err.endswith(
        "python -m macros new: a new concern needs side (one of staff, outside); summary (Without the name of the person who raised it)\n"
    )
    with pytest.raises(SystemExit):
        new(repository, "person")
    assert capsys.readouterr().err.endswith("a new person needs name\n")


def test_hostile_words_stay_words(repository, capsys):
    text = "a: b # c\n- [x] {{ org.name }} <script> \x1b[31m ::error:: \u202e"
    assert new(repository, "concern", "side=staff", f"summary={text}", "--write") == 3
    assert "\x1b" not in capsys.readouterr().err and changed(repository) == []
    plain = "a: b # c - [x] 'y' \"z\" & *d !e %f @g `h` yes"
    assert new(repository, "concern", "side=staff", f"summary={plain}", "--write", "--format", "json") == 0
    path = json.loads(capsys.readouterr().out)["path"]
    record = next(record for record in load_workspace(repository).registers["concerns"].records if record.data.path == path)
    assert record.value.summary == plain


# Ids


def test_ids_go_on_after_the_highest_and_by_year_where_the_register_does():
    from datetime import date

    day = date(2026, 11, 16)
    assert next_id("RSK", {"RSK-001", "RSK-009", "AIS-044"}, day) == "RSK-010"
    assert next_id("RSK", {"RSK-999"}, day) == "RSK-1000"
    assert next_id("CHG", {"CHG-2025-009", "CHG-2026-003"}, day) == "CHG-2026-004"
    assert next_id("CHG", {"CHG-2025-009"}, day) == "CHG-2026-001"
    assert next_id("CHG", {"CHG-007"}, day) == "CHG-008"
    assert next_id("NC", (), day) == "NC-2026-001"
    assert next_id("DS", (), day) == "DS-001"


def test_branches_that_each_add_records_merge_without_a_word(repository, capsys):
    made, before = {}, errors(repository)
    for branch in ("one", "two", "three"):
        git(repository, "checkout", "--quiet", "-b", branch, "main")
        for kind in ("risks", "changes", "document"):
            words = [word.replace("Use of agents", f"Use of agents {branch}") for word in EACH[kind]]
            assert new(repository, kind, *words, "--write", "--format", "json") == 0
            made.setdefault(kind, []).append(json.loads(capsys.readouterr().out)["id"])
        commit(repository, f"Add on {branch}")
    assert made == {
        "risks": ["RSK-010", "RSK-011", "RSK-012"],
        "changes": ["CHG-2026-009", "CHG-2026-010", "CHG-2026-011"],
        "document": [made["document"][0], *(f"POL-{int(made['document'][0][4:]) + step:03}" for step in (1, 2))],
    }
    git(repository, "checkout", "--quiet", "main")
    for branch in ("one", "two", "three"):
        merge(repository, branch)
    assert errors(repository) == before
    assert changed(repository) == []


def merge(root: Path, branch: str) -> None:
    """A merge in which only CODEOWNERS, which a verb makes anew, may meet."""
    done = subprocess.run(
        ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "merge", "--quiet", "--no-edit", branch],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        assert changed_in_conflict(root) == ["CODEOWNERS"], done.stdout
        git(root, "checkout", "--quiet", "--theirs", "CODEOWNERS")
        forget(root)
        assert main(["codeowners", "--root", str(root), "--write"]) == 0
        commit(root, f"Merge {branch}")


def changed_in_conflict(root: Path) -> list[str]:
    done = subprocess.run(["git", "diff", "--name-only", "--diff-filter=U"], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_a_branch_of_another_clone_counts_once_it_is_fetched(repository, organisation, tmp_path, capsys):
    git(tmp_path, "clone", "--quiet", str(repository), "colleague")
    colleague = tmp_path / "colleague"
    git(colleague, "checkout", "--quiet", "-b", "theirs")
    assert new(colleague, *RISK, "--write") == 0
    commit(colleague, "Add a risk")
    git(repository, "remote", "add", "colleague", str(colleague))
    git(repository, "fetch", "--quiet", "colleague")
    capsys.readouterr()
    assert new(repository, *RISK, "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["id"] == "RSK-011"


def test_a_number_is_not_given_again_after_its_record_is_gone(repository, capsys):
    (repository / "registers/concerns/CON-2026-003.yaml").unlink()
    commit(repository, "Take a record out")
    assert new(repository, "concern", *EACH["concerns"], "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["id"] == "CON-2026-004"


def test_without_git_it_says_that_branches_were_not_looked_at(organisation, tmp_path, capsys):
    root = copy_without_engine(organisation, tmp_path / "plain")
    subprocess.run(["rm", "-rf", str(root / ".git")], check=True)
    assert new(root, "concern", *EACH["concerns"]) == 0
    assert capsys.readouterr().err == "There is no repository of git here, so ids on other branches were not looked at.\n"


# People at a terminal and in an editor


def test_an_editor_shows_what_is_missing_and_opens_again_with_what_is_wrong(repository, tmp_path, monkeypatch, capsys):
    seen = tmp_path / "seen.txt"
    script = tmp_path / "an editor.py"
    script.write_text(
        f"""
import pathlib, re, sys
path = pathlib.Path(sys.argv[1]); text = path.read_text()
with open({str(seen)!r}, "a") as out: out.write(text + "=====\\n")
first = "side: nobody" not in text
text = re.sub(r"(?m)^side:.*", "side: nobody" if first else "side: staff", text)
path.write_text(re.sub(r"(?m)^summary:.*", "summary: It answers rudely.", text))
""",
        "utf-8",
    )
    monkeypatch.setenv("EDITOR", f"'{sys.executable}' '{script}'")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert new(repository, "concern", "--edit") == 0
    sheets = seen.read_text("utf-8").split("=====\n")
    assert len(sheets) == 3
    assert "# side (one of staff, outside)\nside:\n# summary (Without the name of the person who raised it)\nsummary:\n" in sheets[0]
    assert sheets[1].startswith("# nothing was written, because the result would not be sound: registers/concerns/CON-2026-004.yaml:")
    assert changed(repository) == ["registers/concerns/CON-2026-004.yaml"]
    assert not list(tmp_path.glob("aims-new-*"))


@pytest.mark.parametrize(
    ("editor", "said"),
    [
        ("true", "nothing was written: the editor ended without a change; the text is in '"),
        ("false", "nothing was written: the editor ended without a change; the text is in '"),
        ("/nowhere/vi", "the editor '/nowhere/vi' cannot be started (No such file or directory)"),
        ("'", "the editor ''' cannot be started (No closing quotation)"),
        ("", "no editor is known; name one in the environment variable EDITOR, such as EDITOR=nano"),
    ],
)
def test_an_editor_that_does_nothing_writes_nothing(editor, said, repository, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("EDITOR", editor)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert new(repository, "concern", "--edit") == 3
    assert capsys.readouterr().err.startswith(f"python -m macros new: {said}")
    assert changed(repository) == []


def test_a_person_at_a_terminal_is_asked_for_what_is_missing(repository):
    pty = pytest.importorskip("pty")
    master, slave = pty.openpty()
    words = [sys.executable, "-m", "macros", "new", "concern", "--write", "--root", str(repository)]
    asked = subprocess.Popen(words, stdin=slave, stdout=subprocess.PIPE, stderr=slave, env=os.environ | {"TERM": "dumb"})
    os.close(slave)
    os.write(master, b"stuff\nstaff\nIt answers rudely.\n")
    out, _ = asked.communicate(timeout=60)
    told = os.read(master, 100_000).decode("utf-8")
    assert asked.returncode == 0, told
    assert "side (one of staff, outside)" in told and "'stuff' is none of them; did you mean 'staff'?" in told
    assert b"Written: registers/concerns/CON-2026-004.yaml" in out
    assert changed(repository) == ["registers/concerns/CON-2026-004.yaml"]
