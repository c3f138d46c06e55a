"""Documents: their header, their lists, and the parameters and roles that their texts use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from macros.facts.trace import LinkKind, Trace
from macros.model.document import DocumentStatus, DocumentType
from macros.model.numbering import natural
from macros.model.records.governance import IsmsDocument
from macros.model.records.support import ExternalDocument
from macros.model.workspace import Document, Workspace
from macros.problem import Problem
from macros.render.aspects import Aspects
from macros.render.markup import admonition, crumbs, definitions, link, plain, shown, table
from macros.render.page_links import PageLinks, status_badge
from macros.review.sentences import sentences

SECTIONS = {
    DocumentType.CONTEXT: ("Context", "/context/index.md"),
    DocumentType.POLICY: ("Policies", "/policies/index.md"),
    DocumentType.ROLE: ("Roles", "/roles/index.md"),
    DocumentType.PROCEDURE: ("Procedures", "/procedures/index.md"),
    DocumentType.DATA_MANAGEMENT: ("Data management", "/data-management/index.md"),
    DocumentType.SYSTEM: ("AI systems", "/records/ai-systems.md"),
}


def document_header(aspects: Aspects, document: Document, problems: tuple[Problem, ...], more: Iterable[tuple[str, str]] = ()) -> str:
    """What an auditor looks for first: identity, status, who answers for it, and what it addresses.

    Args:
        aspects: What is shown of it beside its front matter.
        document: The document.
        problems: Those in its file.
        more: Further terms and what they are, as Markdown, before the requirements.
    """
    status, notes = aspects.status, aspects.notes
    workspace, links = status.workspace, status.links
    head = document.head.value
    approval = f"{links.holder(head.approved.by)} on {shown(head.approved.date)}" if head.approved else "not approved"
    pairs = [
        ("Document", f"{plain(head.id)} {plain('·')} version {plain(head.version)}"),
        ("Status", status_badge(head.status.value)),
        *((("Stands at", status.of_document(head.id)),) if head.status is not DocumentStatus.WITHDRAWN else ()),
        *((("Tailoring", status.tailoring_of(head.id)),) if head.status is not DocumentStatus.WITHDRAWN else ()),
        ("Owner", links.role(head.owner)),
        ("Approved by", approval),
        *((("Confirmed", f"{links.holder(head.confirmed.by)} on {shown(head.confirmed.date)}, unchanged"),) if head.confirmed else ()),
        ("Next review", shown(head.next_review) if head.next_review else "set with the approval"),
        ("Classification", shown(head.classification)),
    ]
    if head.about:
        pairs.append(("About", ", ".join(links.record(name, with_id=True) for name in head.about)))
    if head.builds_on:
        pairs.append(("Builds on", ", ".join(links.record(name, with_id=True) for name in head.builds_on)))
    pairs += more
    pairs.append(("Addresses", ", ".join(links.requirement(target, title=False) for target in head.addresses)))
    pairs.append(("History", link("Versions, approvals and commits", links.history_page(document))))
    name = document.id
    shown_by = aspects.evidence.short(name)
    if shown_by:
        pairs.append(("Evidence", shown_by))
    parts = [_where(workspace, links, document), _banner(document), notes.banner(name), definitions(pairs, "aims-header")]
    parts += [notes.waiting(name), notes.notes(document)]
    # The banner says what TRC202 says, with the note that explains it.
    spoken = [problem for problem in problems if problem.severity.value != "note" and problem.code != "TRC202"]
    if spoken:
        lines = "\n".join(f"- {plain(problem.code)} {plain(problem.message)}. {plain(problem.way_out)}" for problem in spoken)
        parts.append(admonition("danger", f"{len(spoken)} open on this document", lines))
    return "\n\n".join(part for part in parts if part)


def _where(workspace: Workspace, links: PageLinks, document: Document) -> str:
    title, target = SECTIONS[document.head.value.type]
    folder_index = document.path.rsplit("/", 1)[0] + "/index.md"
    for page in workspace.pages:
        if page.path == folder_index:
            title, target = page.title or title, folder_index.removeprefix("docs")
    exists = any(f"docs{target}" == page.path for page in workspace.pages) or target.startswith("/records/")
    return crumbs(("Home", "/index.md"), (title, target if exists else None), (document.head.value.title, None))


def _banner(document: Document) -> str:
    status = document.head.value.status
    if status is DocumentStatus.DRAFT:
        return admonition("warning", "Draft", "Nobody has approved this text yet, and it binds nobody.")
    if status is DocumentStatus.WITHDRAWN:
        return admonition("failure", "Withdrawn", "This text is kept for the record and is no longer in force.")
    return ""


def documents_table(workspace: Workspace, links: PageLinks, kind: str) -> str:
    """Documents of one type, by id."""
    found = sorted(
        (document for document in workspace.documents if document.head.value.type.value == kind),
        key=lambda document: natural(document.id),
    )
    return (
        table(
            ("Id", "Document", "Version", "Status", "Owner", "Next review"),
            (
                (
                    plain(document.id),
                    link(head.title, links.document_page(document)),
                    plain(head.version),
                    status_badge(head.status.value),
                    links.role(head.owner),
                    shown(head.next_review),
                )
                for document in found
                for head in (document.head.value,)
            ),
        )
        or "There is no document of this type."
    )


def roles_table(workspace: Workspace, links: PageLinks) -> str:
    """Roles and who holds them."""
    organisation = workspace.organisation
    names = {person.id: person.name for person in organisation.value.people} if organisation else {}
    return table(
        ("Role", "Held by"),
        (
            (links.role(role.id, capital=True), ", ".join(plain(names.get(person, person)) for person in role.held_by) or "nobody yet")
            for role in workspace.role_by_id.values()
        ),
    )


def ai_roles(workspace: Workspace) -> str:
    """What the organisation does with AI, in words."""
    named = workspace.organisation.value.ai_roles.named if workspace.organisation else ("develops", "provides", "uses")
    words = " and ".join(filter(None, (", ".join(named[:-1]), named[-1]))) if named else "does nothing with"
    return f"{words} AI systems"


def parameters_table(workspace: Workspace, links: PageLinks) -> str:
    """Every parameter with its value, its bounds and the documents whose sentences it governs."""
    rows = []
    for name, definition in workspace.parameters.items():
        decided = workspace.organisation is not None and name in workspace.organisation.value.parameters
        call = f'param("{name}")'
        uses = [links.document(document.id) for document in workspace.documents if call in document.body]
        low = f"at least {definition.minimum}" if definition.minimum is not None else ""
        high = f"at most {definition.maximum}" if definition.maximum is not None else ""
        rows.append(
            (
                f"{plain(definition.title)}<br><small>{plain(name)}</small>",
                f"{plain(workspace.parameter(name))} {plain(definition.unit) if definition.unit != 'text' else ''}".strip(),
                "decided" if decided else "default",
                " ".join(filter(None, (plain(", ".join(filter(None, (low, high)))), plain(definition.bound_source or "")))),
                plain(definition.why),
                ", ".join(uses) if workspace.organisation else "–",
            )
        )
    return table(("Parameter", "Value", "From", "Bounds", "What it governs", "Used in"), rows)


def sentences_of_parameters(workspace: Workspace, links: PageLinks) -> str:
    """Under each parameter, every sentence that it governs."""
    parts = []
    for name, definition in workspace.parameters.items():
        call = f'param("{name}")'
        rows = [
            (links.document(document.id), plain(sentence.text))
            for document in workspace.documents
            if call in document.body
            for sentence in sentences(document, workspace)
            if call in sentence.raw
        ]
        if rows:
            value = f"{workspace.parameter(name)} {definition.unit}" if definition.unit != "text" else workspace.parameter(name)
            parts += [f"## {plain(definition.title)}", f"{plain(name)}: **{plain(value)}**", table(("Document", "Sentence"), rows)]
    return "\n\n".join(parts)


def alignment(workspace: Workspace, trace: Trace, links: PageLinks) -> str:
    """Which policies and ISMS documents meet the AI management system, and in which of its documents, computed from what they address."""
    counterparts: dict[str, list[str]] = {}
    for edge in trace.links:
        if edge.kind is LinkKind.MAPS_TO:
            counterparts.setdefault(edge.target, []).append(edge.source)
    rows = []
    for name, owned in _policies(workspace):
        met = dict.fromkeys(
            source for target in owned for source in (target, *counterparts.get(target, ())) if source.startswith("iso42001:")
        )
        answering = dict.fromkeys(
            link.source
            for target in met
            for link in trace.links_to(target, LinkKind.ADDRESSES)
            if link.source in workspace.document_by_id and link.source != name
        )
        rows.append(
            (
                links.item(name),
                ", ".join(links.requirement(target, title=False) for target in owned),
                ", ".join(links.requirement(target, title=False) for target in met),
                "<br>".join(links.document(other, with_id=True) for other in answering),
            )
        )
    return table(
        ("Policy or ISMS document", "Addresses", "Meets the AIMS in", "Documents of the AIMS to compare"), rows, "aims-table--dense"
    )


def _policies(workspace: Workspace) -> Iterator[tuple[str, tuple[str, ...]]]:
    for document in sorted(workspace.documents, key=lambda document: natural(document.id)):
        if document.head.value.type is DocumentType.POLICY:
            yield document.id, document.head.value.addresses
    for record in workspace.records(IsmsDocument):
        yield record.id, record.value.covers
    for paper in workspace.records(ExternalDocument):
        yield paper.id, paper.value.addresses
