"""The ladder: nothing stands higher than the data proves, and what is taken away drops exactly what rested on it."""

from __future__ import annotations

import datetime
import json
import re

import pytest

from macros.checks import judge
from macros.facts.computed import Facts
from macros.load import load_workspace
from macros.load.tree import MemoryTree
from macros.status import Rung
from macros.world import today_of
from tests.conftest import copy_without_engine
from tests.forked import started


def ladder_of(tree, today: datetime.date | None = None):
    workspace = load_workspace(tree)
    return judge(Facts(workspace, today or today_of(workspace))).ladder


def files_of(root) -> dict[str, bytes]:
    from macros.load.tree import FolderTree

    tree = FolderTree(root)
    return {path: tree.read(path) for path in tree.paths()}


def rungs(ladder) -> dict[str, str | None]:
    found = {}
    for catalogue in ladder.catalogues:
        for leaf in ladder.leaves(catalogue):
            rung = ladder.requirement(leaf).rung
            found[leaf] = rung.value if rung else None
    return found


def changed(files, *changes):
    new = dict(files)
    for path, old, text in changes:
        before = new[path].decode("utf-8")
        assert before.count(old) >= 1, (path, old)
        new[path] = before.replace(old, text, 1).encode("utf-8")
    return MemoryTree(new)


@pytest.mark.parametrize("strategy", ["integrated", "coordinated", "extension", "standalone"])
def test_a_fresh_repository_stands_nowhere_above_template(strategy, bake):
    done = started("macros", "status", "--format", "json", cwd=bake(integration_strategy=strategy))
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert {row["rung"] for row in data["requirements"]} <= {"missing", "template"}
    assert [row["rung"] for row in data["requirements"] if row["id"].startswith("iso42001:")] == ["template"] * 70
    assert all(row["way_up"] for row in data["requirements"])
    for catalogue, counts in data["counts"].items():
        assert sum(counts.values()) == sum(row["id"].startswith(f"{catalogue}:") for row in data["requirements"])


def test_the_counts_hold_every_clause_and_control_once(example):
    ladder = ladder_of(example)
    assert len(ladder.leaves("iso42001")) == 32 + 38
    assert sum(leaf.startswith("iso27001:A.") for leaf in ladder.leaves("iso27001")) == 93
    assert "own" in ladder.catalogues


def test_a_clause_is_as_far_as_the_weakest_below_it(example):
    ladder = ladder_of(example)
    below = [ladder.requirement(leaf).rung for leaf in ladder.leaves("iso42001") if leaf.startswith("iso42001:A.6.2.")]
    assert len(below) == 7
    assert ladder.requirement("iso42001:A.6.2").rung is min(below, key=lambda rung: rung.height)


def test_an_excluded_control_does_not_apply_once_that_is_decided(example):
    files = files_of(example)
    ladder = ladder_of(MemoryTree(files))
    excluded = [name for name, (_, entry) in ladder.decisions.items() if entry.applicability.value == "excluded"]
    assert excluded and all(ladder.requirement(name).rung is None for name in excluded)


def test_the_page_shows_the_rungs_and_the_way_up(example_site):
    page = (example_site / "status/index.html").read_text("utf-8")
    for rung in Rung:
        assert f">{rung.value}</span>" in page
    assert "What lifts it by one rung" in page and "%" not in page.split("<article", 1)[1].split("</article", 1)[0].replace("&#37;", "%")
    requirement = (example_site / "requirements/iso42001/A.5.3/index.html").read_text("utf-8")
    assert "Stands at" in requirement and 'class="aims-steps"' in requirement
    soa = (example_site / "records/statement-of-applicability/iso42001/index.html").read_text("utf-8")
    assert "Stands at" in soa and "Claims" in soa


def test_the_command_names_the_parts_and_refuses_what_is_not_there(example):
    def ask(*words):
        return started("macros", "status", *words, cwd=example)

    one = ask("iso42001:5.1")
    assert one.returncode == 0 and one.stdout.startswith("iso42001:5.1 Leadership and commitment: ")
    assert "document POL-001" in one.stdout
    wrong = ask("iso42001:A.55")
    assert (wrong.returncode, wrong.stdout) == (3, "")
    assert "did you mean 'iso42001:A.5.5'?" in wrong.stderr
    assert ask("--all").stdout.count("\n") > 200


def test_the_guide_is_in_the_terms_of_the_forge(bake):
    from macros.render.guide import guide
    from macros.render.page_links import PageLinks

    told = {}
    for forge in ("github", "gitlab", "none"):
        workspace = load_workspace(bake(forge=forge))
        told[forge] = guide(workspace, PageLinks(workspace))
    assert "pull request" in told["github"] and "merge request" not in told["github"]
    assert "merge request" in told["gitlab"] and "pull request" not in told["gitlab"]
    assert "pencil" not in told["none"]
    assert all(text.count("## ") == 5 for text in told.values())


# The worked organisation: where a reader of its records would put ten requirements, and why.

NAMED = {
    # The context is written and approved; nothing dated shows that it was looked at, which the next review has to.
    "iso42001:4.1": "approved",
    # The policy is approved, the board's minutes (EV-006) show leadership at work, the internal audit covered it.
    "iso42001:5.1": "audited",
    # Nine risks were assessed within the year, and the internal audit looked at how.
    "iso42001:6.1.2": "audited",
    # One AI system runs at a version that its assessment does not cover.
    "iso42001:8.4": "approved",
    "iso42001:A.5.3": "approved",
    # Top management met in October 2026, after the audit, which could see the procedure alone.
    "iso42001:9.3.2": "operating",
    # Resources stand in the records of the AI systems, approved within the year; no audit looked at them.
    "iso42001:A.4.2": "operating",
    # The stop practice (EV-007) shows oversight at work.
    "iso42001:A.9.2": "audited",
    # The procedure on customers is past its review.
    "iso42001:A.10.4": "tailored",
    # Decided on, and no document here says how doors and walls are kept: the register of ISMS documents does not name it.
    "iso27001:A.7.1": "tailored",
    # Policies of the ISMS are confirmed and in date; no evidence of it is kept here.
    "iso27001:A.5.1": "approved",
}


def test_ten_requirements_stand_where_a_reader_would_put_them(example):
    found = rungs(ladder_of(example))
    assert {name: found[name] for name in NAMED} == NAMED


@pytest.fixture(scope="module")
def before(example):
    return rungs(ladder_of(example))


@pytest.fixture
def copy(example, tmp_path):
    return copy_without_engine(example, tmp_path / "tarnmoor")


def drops(before, root) -> dict[str, tuple[str | None, str | None]]:
    after = rungs(ladder_of(root))
    return {name: (rung, after[name]) for name, rung in before.items() if after[name] != rung}


def rewrite(path, old, new):
    text = path.read_text("utf-8")
    assert text.count(old) >= 1, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def codes(root) -> set[str]:
    workspace = load_workspace(root)
    return {problem.code for problem in judge(Facts(workspace, today_of(workspace))).problems}


def test_removing_one_file_of_evidence_drops_what_it_alone_showed(copy, before):
    (copy / "evidence/EV-007-stop-practice-ais-001.md").unlink()
    assert drops(before, copy) == {"iso42001:A.9.2": ("audited", "approved")}
    (copy / "evidence/EV-001-verification-report-ais-001.md").unlink()  # verification is shown by others, too
    assert drops(before, copy) == {"iso42001:A.9.2": ("audited", "approved")}


def test_bumping_one_model_drops_the_assessment_and_nothing_else(copy):
    rewrite(copy / "registers/ai-systems/AIS-003.yaml", '\nversion: "3.0"', '\nversion: "2.8"')
    rewrite(copy / "registers/ai-systems/AIS-003.yaml", '    version: "3.0"', '    version: "2.8"')
    assert "REG201" not in codes(copy)
    before = rungs(ladder_of(copy))
    assert {name for name, rung in before.items() if rung != NAMED.get(name, rung)} == {"iso42001:8.4", "iso42001:A.5.3"}
    rewrite(copy / "registers/ai-systems/AIS-001.yaml", '    version: "2.1"', '    version: "2.2"')
    assert "REG204" in codes(copy)
    assert set(drops(before, copy)) == {"iso42001:6.1.4", "iso42001:8.4", "iso42001:A.5.3", "iso42001:A.5.4", "iso42001:A.5.5"}
    assert {after for _, after in drops(before, copy).values()} == {"approved"}


def test_editing_one_approved_sentence_drops_what_the_text_answers(copy, before):
    rewrite(copy / "docs/policies/ai-policy.md", "shall", "should")
    workspace = load_workspace(copy)
    addressed = set(workspace.document_by_id["POL-001"].head.value.addresses)
    found = drops(before, copy)
    assert set(found) == {name for name in addressed if before.get(name) in ("approved", "operating", "audited")}
    assert {after for _, after in found.values()} == {"tailored"}
    assert "STA107" in codes(copy)


FORGED = {
    "record dated in the future": ("registers/evidence/EV-007.yaml", r"(?m)^collected_on: .*$", 'collected_on: "2027-01-10"', "REG301"),
    "collected before its period ended": ("registers/evidence/EV-007.yaml", r"(?m)^period_to: .*$", 'period_to: "2026-11-15"', "REG302"),
    "approver without the role": ("docs/policies/ai-policy.md", r"by: maeve-tarn", "by: yusuf-demir", "DOC209"),
    "approval record by somebody without the role": ("registers/approvals/APR-001.yaml", r"(?m)^by: .*$", "by: niamh-burke", "REG111"),
    "sum that is not the file's": ("registers/evidence/EV-007.yaml", r"(?m)^sha256: .*$", f'sha256: "{"0" * 64}"', "REG305"),
    "assessment of another version": ("registers/impact-assessments/AIA-001.yaml", r"(?m)^  version: .*$", '  version: "1.9"', "REG201"),
    "approval in the future": ("docs/policies/ai-policy.md", r'date: "2026-01-19"', 'date: "2026-12-24"', "DOC303"),
}


@pytest.mark.parametrize("name", FORGED)
def test_each_attempt_to_forge_is_refused_with_its_own_code(name, copy, before):
    path, old, new, code = FORGED[name]
    text = (copy / path).read_text("utf-8")
    made, count = re.subn(old, new, text, count=1)
    assert count == 1 and made != text
    known = codes(copy)
    (copy / path).write_text(made, encoding="utf-8", newline="\n")
    workspace = load_workspace(copy)
    problems = judge(Facts(workspace, today_of(workspace))).problems
    assert any(problem.code == code and problem.severity.value == "error" for problem in problems)
    assert code == "REG201" or code not in known
    lowered = drops(before, copy)
    assert lowered or code in ("REG111", "REG201")  # the document holds its own approval; what the assessment answers stands low already
    assert all(Rung(after).height < Rung(rung).height for rung, after in lowered.values())


def test_an_exception_in_org_yaml_lifts_nothing(copy, before):
    rewrite(copy / "docs/policies/ai-policy.md", "by: maeve-tarn", "by: yusuf-demir")
    lowered = drops(before, copy)
    assert "iso42001:5.1" in lowered
    text = (copy / "org.yaml").read_text("utf-8")
    exception = '{code: DOC209, path: docs/policies/ai-policy.md, reason: The board meets in May., decided_by: ai-governance-lead, until: "2026-12-31"}'
    (copy / "org.yaml").write_text(f"{text.rstrip()}\nchecks:\n  exceptions:\n    - {exception}\n", "utf-8")
    assert "DOC209" not in codes(copy)
    assert drops(before, copy) == lowered


def test_a_claim_above_the_ladder_is_a_problem(copy):
    path = copy / "docs/procedures/human-oversight.md"
    text = path.read_text("utf-8")
    text = re.sub(r"(?m)^status: approved$", "status: draft", text, count=1)
    text = re.sub(r"(?m)^approved: .*$", "approved: null", text, count=1)
    path.write_text(re.sub(r"(?m)^next_review: .*$", "next_review: null", text, count=1), "utf-8")
    workspace = load_workspace(copy)
    claims = [problem for problem in judge(Facts(workspace, today_of(workspace))).problems if problem.code == "SOA108"]
    assert claims and all("claims to be implemented, and stands at tailored: document PRO-020" in problem.message for problem in claims)
