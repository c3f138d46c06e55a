"""What the catalogues and crosswalks hold: counts, order, both ends of every mapping, provenance, and own words."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from macros.checks import run_checks
from macros.load import load_workspace
from macros.model.base import REQUIREMENT_ID, references
from macros.model.catalogue import RequirementKind, is_leaf
from macros.text.strict_yaml import parse
from macros.world import today_of
from tests.conftest import KIT

KITS = load_workspace(KIT)
CATALOGUES = {name: sourced.value for name, sourced in KITS.catalogues.items()}
CROSSWALKS = {name: sourced.value for name, sourced in KITS.crosswalks.items()}
FILES = sorted((KIT / "controls").rglob("*.yaml"))


def test_the_kit_itself_has_no_problem():
    assert [str(problem) for problem in run_checks(KITS, today_of(KITS))] == []


def controls(name: str) -> list[str]:
    return [requirement.id for requirement in CATALOGUES[name].requirements if requirement.kind is RequirementKind.CONTROL]


def test_42001_has_its_38_controls_in_order():
    assert controls("iso42001") == [
        *("A.2.2", "A.2.3", "A.2.4", "A.3.2", "A.3.3", "A.4.2", "A.4.3", "A.4.4", "A.4.5", "A.4.6"),
        *("A.5.2", "A.5.3", "A.5.4", "A.5.5", "A.6.1.2", "A.6.1.3"),
        *("A.6.2.2", "A.6.2.3", "A.6.2.4", "A.6.2.5", "A.6.2.6", "A.6.2.7", "A.6.2.8"),
        *("A.7.2", "A.7.3", "A.7.4", "A.7.5", "A.7.6", "A.8.2", "A.8.3", "A.8.4", "A.8.5"),
        *("A.9.2", "A.9.3", "A.9.4", "A.10.2", "A.10.3", "A.10.4"),
    ]


def test_42001_has_nine_areas_and_ten_objectives():
    kinds = Counter(requirement.kind.value for requirement in CATALOGUES["iso42001"].requirements)
    assert kinds["control-objective"] == 10
    areas = [requirement.id for requirement in CATALOGUES["iso42001"].requirements if requirement.kind is RequirementKind.CONTROL_AREA]
    assert areas == ["A.2", "A.3", "A.4", "A.5", "A.6", "A.6.1", "A.6.2", "A.7", "A.8", "A.9", "A.10"]


def test_27001_has_its_93_controls_in_order_with_attributes():
    assert controls("iso27001") == [
        f"A.{theme}.{number}" for theme, count in ((5, 37), (6, 8), (7, 14), (8, 34)) for number in range(1, count + 1)
    ]
    found = {requirement.id: requirement for requirement in CATALOGUES["iso27001"].requirements}
    for number in controls("iso27001"):
        assert {"control_type", "properties", "cybersecurity_concepts"} <= set(found[number].attributes), number
    assert sum(requirement.new_in == "2022" for requirement in found.values()) == 11
    assert "Amd 1:2024" in CATALOGUES["iso27001"].amendments[0]


@pytest.mark.parametrize(("name", "leaves"), [("iso42001", 32), ("iso27001", 30)])
def test_clauses_go_down_to_the_leaves(name, leaves):
    catalogue = CATALOGUES[name]
    clauses = [requirement for requirement in catalogue.requirements if requirement.kind is RequirementKind.CLAUSE]
    assert {requirement.id.split(".")[0] for requirement in clauses} == {"4", "5", "6", "7", "8", "9", "10"}
    assert sum(is_leaf(catalogue, requirement) for requirement in clauses) == leaves


def test_42001_adds_two_leaf_clauses():
    leaves = {
        name: {
            requirement.id
            for requirement in CATALOGUES[name].requirements
            if requirement.kind is RequirementKind.CLAUSE and is_leaf(CATALOGUES[name], requirement)
        }
        for name in ("iso42001", "iso27001")
    }
    assert leaves["iso42001"] - leaves["iso27001"] == {"6.1.4", "8.4"}
    assert leaves["iso27001"] - leaves["iso42001"] == set()


def test_what_asks_for_documents_is_as_the_sources_say():
    found = CATALOGUES["iso42001"].requirements
    assert sum(requirement.documentation is not None and requirement.documentation.value == "explicit" for requirement in found) == 26
    assert [requirement.id for requirement in found if requirement.documentation and requirement.documentation.value == "record"] == [
        "A.6.2.8"
    ]
    clauses = {requirement.id for requirement in found if requirement.kind is RequirementKind.CLAUSE and requirement.asks_for}
    assert clauses == {
        "4.3",
        "4.4",
        "5.2",
        "6.1.1",
        "6.1.2",
        "6.1.3",
        "6.1.4",
        "6.2",
        "7.2",
        "7.5.1",
        "8.1",
        "8.2",
        "8.3",
        "8.4",
        "9.1",
        "9.2.2",
        "9.3.3",
        "10.2",
    }
    clauses = {
        requirement.id
        for requirement in CATALOGUES["iso27001"].requirements
        if requirement.kind is RequirementKind.CLAUSE and requirement.asks_for
    }
    assert clauses == {"4.3", "5.2", "6.1.2", "6.1.3", "6.2", "7.2", "7.5.1", "8.1", "8.2", "8.3", "9.1", "9.2.2", "9.3.3", "10.2"}


def test_the_ai_act_has_its_dates_and_its_open_points():
    act = CATALOGUES["eu-ai-act"]
    assert len(act.requirements) == 27
    dates = {str(day.date): day.what for day in act.timeline}
    assert "Annex III" in dates["2027-12-02"] and "Annex I" in dates["2028-08-02"]
    assert len(act.annex_iii) == 8 and len(act.annex_iv) == 9 and len(act.tiers) == 5
    assert act.unconfirmed
    keys = {applies.key for applies in act.applies}
    assert {requirement.applies for requirement in act.requirements} <= keys
    for applies in act.applies:
        assert applies.dates, applies.key


def test_the_crosswalk_covers_every_control_and_leaf_clause_in_order():
    mappings = [mapping.requirement for mapping in CROSSWALKS["iso42001--iso27001"].mappings]
    catalogue = CATALOGUES["iso42001"]
    assert mappings == [f"iso42001:{requirement.id}" for requirement in catalogue.requirements if is_leaf(catalogue, requirement)]
    annex = [mapping for mapping in CROSSWALKS["iso42001--iso27001"].mappings if ":A." in mapping.requirement]
    assert Counter(mapping.reuse.value for mapping in annex) == {"high": 6, "medium": 19, "low": 8, "none": 5}
    assert Counter(mapping.relation.value for mapping in annex) == {"intersects": 33, "none": 5}
    pairs = [target for mapping in annex for target in mapping.targets]
    assert len(pairs) == 70
    assert sum(target.basis.value == "source" for target in pairs) == 52
    assert sum(target.confirmed_by == ("scf-pivot",) for target in pairs) == 12


def test_every_mapping_says_why_and_who_confirms_it():
    assert all(crosswalk.mappings for crosswalk in CROSSWALKS.values()) and len(CROSSWALKS) > 2
    for crosswalk in CROSSWALKS.values():
        sources = {source.id for source in crosswalk.sources}
        for mapping in crosswalk.mappings:
            assert len(mapping.rationale.split()) >= 6, mapping.requirement
            for target in mapping.targets:
                assert (target.basis.value == "source") == bool(target.confirmed_by), (mapping.requirement, target.requirement)
                assert set(target.confirmed_by) <= sources


def test_the_ai_act_crosswalk_has_its_116_links():
    links = [target for mapping in CROSSWALKS["eu-ai-act--iso42001"].mappings for target in mapping.targets]
    assert len(links) == 116
    assert sum(link.basis.value == "source" for link in links) == 90


def test_every_id_named_anywhere_exists_and_none_is_bare():
    """Ids in the data are qualified and known; only columns that quote the article's print hold others."""
    known = set(KITS.requirements)
    for crosswalk in CROSSWALKS.values():
        assert any(to == "requirement" for _, to, _ in references(crosswalk))
        for path, to, target in references(crosswalk):
            assert to != "requirement" or target in known, path
    found = 0
    for path in FILES:
        text = path.read_text("utf-8")
        for target in re.findall(r"(?<![\w-])(?:iso42001|iso27001|eu-ai-act):[A-Za-z0-9]+(?:[.\-][A-Za-z0-9]+)*", text):
            found += 1
            assert target in known, f"{path.name}: {target}"
    assert found > 1000


def test_published_tables_are_the_articles():
    published = KITS.published
    assert [row["percent"] for row in published.clause_alignment] == [80, 80, 75, 85, 65, 80, 80]
    assert round(sum(row["percent"] for row in published.clause_alignment) / 7, 1) == 77.9
    assert len(published.control_synergy) == 22
    assert len({row["iso42001_printed"] for row in published.control_synergy}) == 21
    assert [row["percent"] for row in published.section_synergy] == [90, 80, 80, 80, 55, 55, 15, 15, 15]
    assert [strategy["id"] for strategy in published.strategies] == ["integrated", "coordinated", "extension"]
    assert [(phase["months"]["min"], phase["months"]["max"]) for phase in published.roadmap] == [(1, 2), (2, 3), (3, 6), (2, 3)]
    assert [len(phase["tasks"]) for phase in published.roadmap] == [5, 5, 5, 4]


def test_every_erratum_is_beside_what_it_corrects():
    errata = KITS.errata
    assert [entry.id for entry in errata.errata] == [f"E{number:02}" for number in range(1, 52)]
    assert Counter(entry.status for entry in errata.errata) == {"confirmed": 43, "editorial": 7, "unconfirmed": 1}
    assert len(errata.levels_changed) == 12
    named = set(re.findall(r"\bE\d\d\b", (KIT / "controls/crosswalks/article-as-published.yaml").read_text("utf-8")))
    assert named <= {entry.id for entry in errata.errata}
    assert len(named) >= 45


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_data_file_has_its_schema_and_reads_like_its_source(path: Path):
    text = path.read_text("utf-8")
    first = text.splitlines()[0]
    match = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert match, first
    assert (path.parent / match.group(1)).resolve().is_file()
    assert text.endswith("\n") and not text.endswith("\n\n")
    assert "\t" not in text
    parse(text)


@pytest.mark.parametrize("catalogue", CATALOGUES.values(), ids=lambda catalogue: catalogue.id)
def test_a_catalogue_has_a_provenance_head_and_own_words(catalogue):
    assert catalogue.wording == "own-words"
    assert catalogue.verified.note
    for requirement in catalogue.requirements:
        assert re.match(REQUIREMENT_ID, f"{catalogue.id}:{requirement.id}")
        assert len(requirement.summary.split()) >= 8, requirement.id
        assert " shall " not in requirement.summary, f"{requirement.id} sounds like the standard"
        assert requirement.summary != requirement.title


def test_no_catalogue_claims_a_comparison_that_nobody_made():
    for catalogue in CATALOGUES.values():
        assert (catalogue.verified.by is None) == (catalogue.verified.date is None)
