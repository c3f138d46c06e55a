"""DOC: documents say who they are, who answers for them, and where they stand."""

from __future__ import annotations

from collections.abc import Iterator

from macros.cache import cached_by_text
from macros.checks.registry import Said, check
from macros.days import after_days
from macros.facts.computed import Facts
from macros.facts.deciding import Cause
from macros.load.published import is_index
from macros.model.document import DocumentStatus, DocumentType, FrontMatter
from macros.model.workspace import Document, Page
from macros.problem import Location, Severity, did_you_mean
from macros.text.blocks import BlockKind, TooDeep
from macros.text.markdown import blocks

DUE_SOON_DAYS = 60
_ORDER = list(FrontMatter.model_fields)


@check("DOC101", "Document addresses a requirement that does not exist")
def unknown_requirement(facts: Facts) -> Iterator[Said]:
    """A document that answers a requirement nobody asks leaves the one that was meant without cover."""
    known = facts.workspace.requirements
    if not facts.workspace.is_whole("controls"):
        return
    for document in facts.workspace.documents:
        for index, target in enumerate(document.head.value.addresses):
            if target not in known:
                yield (
                    document.head.at("addresses", index),
                    f"unknown requirement '{target}' in 'addresses'",
                    did_you_mean(target, known, "take the id from its catalogue"),
                )


@check("DOC102", "Document id is used twice")
def repeated_id(facts: Facts) -> Iterator[Said]:
    """Ids are never reused: an approval, a link and an audit trail all point at the id."""
    seen: dict[str, str] = {}
    for document in facts.workspace.documents:
        if document.id in seen:
            yield (
                document.head.at("id"),
                f"'{document.id}' is already the id of '{seen[document.id]}'",
                "give this document the next free number",
            )
        seen.setdefault(document.id, document.path)


@check("DOC103", "Document id does not fit its type")
def prefix(facts: Facts) -> Iterator[Said]:
    """The letters of an id tell a reader what kind of document it is."""
    for document in facts.workspace.documents:
        head = document.head.value
        if not head.id.startswith(head.type.prefix + "-"):
            yield (
                document.head.at("id"),
                f"'{head.id}' is no id of a document of type '{head.type.value}'",
                f"ids of this type start with '{head.type.prefix}-'",
            )


@check("DOC104", "Front matter is out of order", Severity.WARNING)
def key_order(facts: Facts) -> Iterator[Said]:
    """One order everywhere lets a reviewer see at a glance what a change touches."""
    for document in facts.workspace.documents:
        wanted = [key for key in _ORDER if key in document.keys]
        for here, there in zip(document.keys, wanted, strict=False):
            if here != there:
                yield document.head.at(here), f"'{here}' stands where '{there}' belongs", "order the entries " + ", ".join(wanted)
                break


@check("DOC105", "Page is not under control", Severity.WARNING)
def uncontrolled(facts: Facts) -> Iterator[Said]:
    """A page without id, owner and version can be read as policy and is none; only index pages may go without."""
    if not facts.workspace.organisation:
        return
    for page in facts.workspace.pages:
        if not is_index(page.path):
            yield (
                Location(page.path),
                "the page has no front matter of a document",
                "give it id, owner and version, or move its text to an index page",
            )


@check("DOC106", "Requirement is named twice in one document", Severity.WARNING)
def repeated_address(facts: Facts) -> Iterator[Said]:
    """A list that repeats itself has usually lost the id that was meant."""
    for document in facts.workspace.documents:
        addresses = document.head.value.addresses
        for index, target in enumerate(addresses):
            if target in addresses[:index]:
                yield document.head.at("addresses", index), f"'{target}' stands twice in 'addresses'", "remove one"


@check("DOC107", "Document does not show its header", Severity.WARNING)
def no_header(facts: Facts) -> Iterator[Said]:
    """Without the header a reader sees neither version nor status nor owner, and no banner on a draft."""
    for document in facts.workspace.documents:
        if not _shows_header(document.body):
            location = Location(document.path, document.body_line)
            yield (
                location,
                f"'{document.id}' does not call document_header()",
                "write '{{ document_header() }}' as the first line of the text",
            )


@cached_by_text("header")
def _shows_header(body: str) -> bool:
    """Whether the header is called where a reader sees it; a text that is nested too deeply to be read is believed."""
    try:
        return any("document_header()" in block.text for block in blocks(body) if block.kind is not BlockKind.CODE)
    except TooDeep:
        return "document_header()" in body


@check("DOC108", "Text is nested too deeply to be read")
def too_deep(facts: Facts) -> Iterator[Said]:
    """What stands in twenty lists or quotations around one another is read by no rule and no change review."""
    pages: tuple[Document | Page, ...] = (*facts.workspace.documents, *facts.workspace.pages)
    for page in pages:
        line = _too_deep(page.body)
        if line:
            yield (
                Location(page.path, page.body_line + line - 1),
                "lists or quotations stand too deeply in one another to be read",
                "take what is inside out of some of them",
            )


@cached_by_text("depth")
def _too_deep(body: str) -> int:
    """The line on which something is nested too deeply to be read, from 1; 0 where all of it is read."""
    try:
        blocks(body)
    except TooDeep as refused:
        return refused.line
    return 0


@check("DOC201", "Document refers to something that does not exist")
def unknown_reference(facts: Facts) -> Iterator[Said]:
    """What a document builds on, or is about, has to be there for a reader to follow."""
    workspace = facts.workspace
    if not (workspace.is_whole("registers") and workspace.is_whole("docs")):
        return
    known = {**workspace.record_by_id, **workspace.document_by_id}
    for document in workspace.documents:
        head = document.head.value
        for key, named in (("about", head.about), ("builds_on", head.builds_on)):
            for index, target in enumerate(named):
                if target not in known:
                    yield (
                        document.head.at(key, index),
                        f"unknown record '{target}' in '{key}'",
                        did_you_mean(target, workspace.record_by_id, "take the id from its register"),
                    )


@check("DOC202", "Owner is no role of the organisation")
def unknown_owner(facts: Facts) -> Iterator[Said]:
    """The owner keeps a document current; people change, so the owner is a role."""
    roles = facts.workspace.role_by_id
    if not facts.workspace.organisation:
        return
    for document in facts.workspace.documents:
        owner = document.head.value.owner
        if owner not in roles:
            yield (
                document.head.at("owner"),
                f"unknown role '{owner}' in 'owner'",
                did_you_mean(owner, roles, "use a role id from 'org.yaml', or add the role there"),
            )


@check("DOC203", "Approver is neither role nor person of the organisation")
def unknown_approver(facts: Facts) -> Iterator[Said]:
    """An approval counts when it can be told who gave it, and that they had the authority (7.5.2)."""
    organisation = facts.workspace.organisation
    if not organisation:
        return
    known = {*facts.workspace.role_by_id, *(person.id for person in organisation.value.people)}
    for document in facts.workspace.documents:
        approval = document.head.value.approved
        if approval and approval.by not in known:
            yield (
                document.head.at("approved", "by"),
                f"unknown approver '{approval.by}'",
                did_you_mean(approval.by, known, "use a role or person id from 'org.yaml'"),
            )


@check("DOC204", "Approver is the owner")
def own_approval(facts: Facts) -> Iterator[Said]:
    """An approval says that somebody else has read it (7.5.2); only a role's own page may be approved by the role that it works for."""
    roles = facts.workspace.role_by_id
    for document in facts.workspace.documents:
        head = document.head.value
        if head.type is DocumentType.ROLE or head.status is not DocumentStatus.APPROVED or head.approved is None:
            continue
        approver = roles.get(head.approved.by)
        approvers = set(approver.held_by) if approver else {head.approved.by}
        owners = set(roles[head.owner].held_by) if head.owner in roles else set()
        if head.approved.by == head.owner:
            yield (
                document.head.at("approved", "by"),
                f"'{head.id}' is approved by its owner, '{head.owner}'",
                "have another role approve it, or give it another owner",
            )
        elif len(owners) == 1 and approvers == owners:
            yield (
                document.head.at("approved", "by"),
                f"'{head.id}' is approved by '{head.approved.by}', and '{owners.pop()}' alone is both approver and owner",
                "have somebody else approve it, or name another holder of one of the roles",
            )
        elif (found := facts.decisions.document(document)).fault and found.cause is Cause.SELF:
            yield (
                document.head.at("approved", "by"),
                f"'{head.id}' is approved, and {found.fault}",
                "have somebody else approve it",
            )


@check("DOC209", "Approver does not have the authority")
def without_authority(facts: Facts) -> Iterator[Said]:
    """Top management establishes policies (ISO/IEC 42001, 5.2), and a role that nobody holds cannot say yes to anything."""
    organisation = facts.workspace.organisation
    known = {*facts.workspace.role_by_id, *(person.id for person in organisation.value.people)} if organisation else set()
    for document in facts.workspace.documents:
        approved = document.head.value.approved
        is_approved = document.head.value.status is DocumentStatus.APPROVED
        if is_approved and approved is not None and approved.by in known and approved.by != document.head.value.owner:
            found = facts.decisions.document(document)
            if found.fault and found.cause is Cause.WHO:
                way_out = "have it approved by somebody who holds such a role, and enter who that was and when"
                yield document.head.at("approved", "by"), f"'{document.id}' is approved, and {found.fault}", way_out


@check("DOC301", "Approved document lacks approval or review date")
def approved_without(facts: Facts) -> Iterator[Said]:
    """Approved means: somebody said yes on a day, and knows when to look again."""
    for document in facts.workspace.documents:
        head = document.head.value
        if head.status is DocumentStatus.APPROVED:
            asked = (("approved", head.approved, "who approved it and when"), ("next_review", head.next_review, "when it is reviewed next"))
            for key, given, what in asked:
                if given is None:
                    yield (
                        document.head.at(key),
                        f"'{head.id}' is approved and does not say {what}",
                        f"fill in '{key}', or set the status to draft",
                    )


@check("DOC302", "Draft carries an approval")
def approved_draft(facts: Facts) -> Iterator[Said]:
    """A text that was changed after its approval is a draft; the old approval does not cover it."""
    for document in facts.workspace.documents:
        head = document.head.value
        if head.status is DocumentStatus.DRAFT and head.approved is not None:
            yield (
                document.head.at("approved"),
                f"'{head.id}' is a draft with an approval of {head.approved.date}",
                "set 'approved' to null, or the status to approved",
            )


@check("DOC303", "Approval lies in the future")
def future_approval(facts: Facts) -> Iterator[Said]:
    """Nobody can have said yes tomorrow, so one of the two dates is wrong."""
    for document in facts.workspace.documents:
        approval = document.head.value.approved
        if approval and approval.date > facts.today:
            yield (
                document.head.at("approved", "date"),
                f"approved on {approval.date}, and today is {facts.today}",
                "enter the day on which approval was given",
            )


@check("DOC304", "Review is overdue", Severity.WARNING)
def overdue(facts: Facts) -> Iterator[Said]:
    """Both standards ask for documents to be reviewed; a date in the past says that this did not happen."""
    for document in facts.workspace.documents:
        head = document.head.value
        if head.status is DocumentStatus.APPROVED and head.next_review and head.next_review < facts.today:
            approved = head.approved.date if head.approved is not None and head.next_review < head.approved.date else None
            yield (
                document.head.at("next_review"),
                f"review of '{head.id}' was due on {head.next_review}" + (f", before its approval on {approved}" if approved else ""),
                "enter the day after the approval on which it is reviewed"
                if approved
                else "review it, then set the next date with the approval",
            )


@check("DOC305", "Review is due soon", Severity.NOTE)
def due_soon(facts: Facts) -> Iterator[Said]:
    """Sixty days are enough to review a document and have it approved."""
    for document in facts.workspace.documents:
        head = document.head.value
        if (
            head.status is DocumentStatus.APPROVED
            and head.next_review
            and facts.today <= head.next_review <= after_days(facts.today, DUE_SOON_DAYS)
        ):
            yield document.head.at("next_review"), f"review of '{head.id}' is due on {head.next_review}", "plan the review"


@check("DOC307", "Confirmation of a document does not hold")
def unfounded_confirmation(facts: Facts) -> Iterator[Said]:
    """A review without a change is somebody's word, on a day, that an approved text still fits; nothing else moves its next review."""
    known = {*facts.workspace.role_by_id, *facts.workspace.person_by_id}
    for document in facts.workspace.documents:
        head = document.head.value
        given = head.confirmed
        if given is None:
            continue
        place, fault = document.head.at("confirmed", "date"), None
        if head.status is not DocumentStatus.APPROVED or head.approved is None:
            fault, way_out = "its text is not approved", "take 'confirmed' out, and have the text approved"
        elif given.date < head.approved.date:
            fault, way_out = f"its text was approved on {head.approved.date}", "take 'confirmed' out; the approval is the later word"
        elif given.date > facts.today:
            fault, way_out = f"today is {facts.today}", "enter the day on which somebody looked at it"
        elif given.by not in known:
            place, fault = document.head.at("confirmed", "by"), f"'{given.by}' is neither role nor person here"
            way_out = did_you_mean(given.by, known, "use a role or person id from 'org.yaml'")
        if fault:
            yield place, f"'{head.id}' was confirmed on {given.date}, and {fault}", way_out


@check("DOC306", "Document is a draft", Severity.NOTE)
def draft(facts: Facts) -> Iterator[Said]:
    """A draft binds nobody, and an auditor will not take it for the organisation's documented information."""
    for document in facts.workspace.documents:
        head = document.head.value
        if head.status is DocumentStatus.DRAFT:
            yield (
                document.head.at("status"),
                f"'{head.id}' {head.title} is a draft",
                "adapt it, have it approved, and enter who approved it and when",
            )
