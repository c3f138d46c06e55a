"""The documents are no stubs: length, sections, decisions in place of vague words, and cover for all that is asked."""

from __future__ import annotations

import re

import pytest

from macros.facts.trace import LinkKind, build_trace
from macros.load import load_workspace
from macros.model.catalogue import Documentation, RequirementKind
from macros.model.document import DocumentType
from tests.conftest import KIT

STRATEGIES = ("integrated", "coordinated", "extension", "standalone")
SECTIONS = {
    DocumentType.POLICY: ("Purpose", "Scope", "Rules", "Who does what", "Records", "Review"),
    DocumentType.PROCEDURE: ("Purpose", "Scope", "Rules", "Who does what", "Records", "Review"),
    DocumentType.DATA_MANAGEMENT: ("Purpose", "Scope", "Rules", "Who does what", "Records", "Review"),
    DocumentType.ROLE: ("Purpose", "Responsibilities", "Authorities", "Competence", "Records", "Review"),
    DocumentType.CONTEXT: ("Purpose", "Scope", "Records", "Review"),
}
VAGUE = re.compile(
    r"\b(?:appropriate(?:ly)?|as needed|as necessary|(?:where|if|when) necessary|regularly|timely|periodically|adequate(?:ly)?|"
    r"sufficient(?:ly)?|and so on|as required|(?:where|if) applicable|promptly|without undue delay|best practices?)\b|\betc\.",
    re.IGNORECASE,
)
BLANK = re.compile(r"\[[A-Z][^\]\[(]{2,40}\](?!\()|_{4,}|\bTBD\b|\bN/A\b|<[a-z ]+>|\bxx+\b", re.IGNORECASE)
CALL = re.compile(r"\{\{.*?\}\}")


@pytest.fixture(params=STRATEGIES, scope="module")
def workspace(request, bake):
    return load_workspace(bake(integration_strategy=request.param))


def test_every_document_has_its_sections_and_length(workspace):
    assert len(workspace.documents) >= 47
    for document in workspace.documents:
        text = CALL.sub("x", document.body)
        assert len(re.findall(r"[A-Za-z]+", text)) >= 250, f"{document.path} is a stub"
        for section in SECTIONS[document.head.value.type]:
            assert f"\n## {section}\n" in document.body, f"{document.path} has no section {section}"
        assert document.body.lstrip().startswith("{{ document_header() }}"), document.path


def test_no_vague_word_stands_in_for_a_decision(workspace):
    found = [f"{document.path}: {match.group()}" for document in workspace.documents for match in VAGUE.finditer(document.body)]
    assert found == []
    assert VAGUE.search("They act where appropriate.") and len(workspace.documents) >= 47


def test_no_blank_is_left_to_fill_in(workspace):
    found = [
        f"{document.path}: {match.group()}" for document in workspace.documents for match in BLANK.finditer(CALL.sub("x", document.body))
    ]
    assert found == []
    assert (
        all(BLANK.search(text) for text in ("[Name of the owner]", "____", "TBD", "N/A", "<your name>")) and len(workspace.documents) >= 47
    )


def test_the_rules_of_a_procedure_oblige_somebody(workspace):
    assert {DocumentType.POLICY, DocumentType.PROCEDURE, DocumentType.DATA_MANAGEMENT} <= {
        one.head.value.type for one in workspace.documents
    }
    for document in workspace.documents:
        if document.head.value.type in (DocumentType.POLICY, DocumentType.PROCEDURE, DocumentType.DATA_MANAGEMENT):
            assert len(re.findall(r"\bshall\b", document.body)) >= 4, document.path
            assert len(re.findall(r"^\d+\. ", document.body, re.MULTILINE)) >= 4, document.path


def test_all_38_controls_and_every_documenting_clause_are_answered(workspace):
    trace = build_trace(workspace)
    catalogue = workspace.catalogues["iso42001"].value
    controls = [requirement for requirement in catalogue.requirements if requirement.kind is RequirementKind.CONTROL]
    asking = [
        requirement
        for requirement in catalogue.requirements
        if any(asked.basis is not Documentation.IMPLIED for asked in requirement.asks_for)
    ]
    assert len(controls) == 38
    assert len(asking) == 18 + 27
    for number in sorted({found.id for found in (*controls, *asking)}):
        sources = {link.source for link in trace.links_to(f"iso42001:{number}", LinkKind.ADDRESSES)}
        named = {source for source in sources if source in workspace.document_by_id or source.startswith("register:")}
        assert named, f"iso42001:{number} is answered by no document or register"


def test_every_leaf_clause_of_42001_has_a_document(workspace):
    from macros.model.catalogue import is_leaf

    trace = build_trace(workspace)
    catalogue = workspace.catalogues["iso42001"].value
    leaves = [one for one in catalogue.requirements if one.kind is RequirementKind.CLAUSE and is_leaf(catalogue, one)]
    assert len(leaves) == 32
    for requirement in leaves:
        sources = {link.source for link in trace.links_to(f"iso42001:{requirement.id}", LinkKind.ADDRESSES)}
        assert sources & set(workspace.document_by_id), requirement.id


def test_the_strategy_changes_the_texts_truly(bake):
    made = {strategy: load_workspace(bake(integration_strategy=strategy)) for strategy in STRATEGIES}
    policy = {strategy: workspace.document_by_id["POL-001"].head.value for strategy, workspace in made.items()}
    assert policy["integrated"].title == "Information security and AI policy"
    assert {"iso27001:5.2", "iso27001:A.5.1"} <= set(policy["integrated"].addresses)
    assert "CTX-003" in made["coordinated"].document_by_id
    assert "CTX-004" in made["extension"].document_by_id
    for strategy, workspace in made.items():
        assert ("CTX-003" in workspace.document_by_id) == (strategy == "coordinated")
        assert ("CTX-004" in workspace.document_by_id) == (strategy == "extension")
        assert ("isms-documents" in workspace.registers) == (strategy != "standalone")
        joint = [
            name
            for name in ("PRO-006", "PRO-023", "PRO-027", "PRO-030", "PRO-031")
            if any(target.startswith("iso27001:") for target in workspace.document_by_id[name].head.value.addresses)
        ]
        assert len(joint) == (5 if strategy == "integrated" else 0), strategy
    interfaces = made["coordinated"].document_by_id["CTX-003"].body
    for subject in ("risk", "supplier", "internal audit", "management review"):
        assert subject in interfaces.lower(), subject
    extension = made["extension"].document_by_id["CTX-004"].body
    assert "auditor will not accept" in extension
    for text in (document.body for document in made["standalone"].documents):
        assert "ISM-0" not in text and "isms-manager" not in text


def test_every_parameter_governs_a_sentence_somewhere(bake):
    """A parameter that no text names would be a decision without effect."""
    texts = "".join(path.read_text("utf-8") for path in (KIT / "<<cookiecutter.org>>/docs").rglob("*.md"))
    checks = "".join(path.read_text("utf-8") for path in (KIT / "macros/checks").glob("*.py"))
    parameters = load_workspace(KIT).parameters
    assert len(parameters) > 20
    for name in parameters:
        assert f'param("{name}")' in texts or f'"{name}"' in checks, name


def test_every_prefix_of_a_document_is_of_its_type(workspace):
    assert {one.head.value.type for one in workspace.documents} == set(DocumentType) - {DocumentType.SYSTEM}
    for document in workspace.documents:
        assert document.id.split("-")[0] == document.head.value.type.prefix
