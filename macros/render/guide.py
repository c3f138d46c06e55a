"""How to take part without knowing git: a short guide for each role, in the terms of the forge that the organisation uses."""

from __future__ import annotations

from macros.model.organisation import Forge
from macros.model.workspace import Workspace
from macros.render.markup import link, plain
from macros.render.page_links import PageLinks

_PENCIL = "choose the pencil at the top of its page; "
_EDIT = {
    Forge.GITHUB: "open its file below docs/ in the repository and edit it there. GitHub does both in the browser.",
    Forge.GITLAB: "open its file below docs/ in the repository and edit it there. GitLab does both in the browser.",
    Forge.NONE: "send the sentence as it should read, with the document's id, to its owner, who enters it.",
}
_REQUEST = {Forge.GITHUB: "pull request", Forge.GITLAB: "merge request", Forge.NONE: "proposal"}
_FORM = {
    Forge.GITHUB: "open a new issue in the repository and take the form",
    Forge.GITLAB: "open a new issue in the repository and take the template",
    Forge.NONE: "write to the AI governance lead under the heading",
}


def guide(workspace: Workspace, links: PageLinks, editable: bool = False) -> str:
    """The guide, one section for each way in which people meet the management system.

    Args:
        workspace: Whose forge the guide speaks of.
        links: Where documents and registers have their pages.
        editable: Whether each document's page has a pencil that leads to the forge's editor.
    """
    assert workspace.organisation is not None, "only an organisation has a guide"
    forge = workspace.organisation.value.forge
    request, edit, form = _REQUEST[forge], _EDIT[forge], _FORM[forge]
    if editable:
        edit = f"{_PENCIL}{'it opens the document in the editor of the forge.' if forge is Forge.NONE else f'or {edit}'}"
    status, opened = link("Status", "/status.md"), link("What is open", "/open.md")
    parts = [
        "Nobody needs git, and nobody reads differences of files. Each section is for one way of taking part.",
        _steps(
            "Everybody",
            f"Find the rule with the search, or in the lists of documents; the {links.role('ai-governance-lead')} answers questions.",
            f"To correct or change a sentence, {plain(edit)} Say in one sentence why, and send it.",
            f"To ask for a change without writing it, {plain(form)} {plain('“Change a document”.')}",
            "To raise a concern about an AI system, use the channels of the procedure on concerns, where nobody has to give a name. "
            "An issue in the repository carries your name and is read by all who can read the repository.",
        ),
        _steps(
            "Owners of a document",
            f"Keep one sentence to a line, and write what somebody can test. Look at {opened} for what is due on your documents.",
            "Raise the version of what you change: the first number where an obligation changed, the second where it only became clearer.",
            "Set its status to draft, and approval and next review to null; the old approval does not cover the new words.",
            f"When the {plain(request)} is there, the change review is written under it within minutes. Mend what it says blocks.",
        ),
        _steps(
            "Approvers",
            f"Open the change review under the {plain(request)}. Its first lines say whether something blocks, and who has to approve.",
            "Read the sentences before and after, and the lines on what became weaker. What is editorial is counted and not listed.",
            "Look at what it touches: requirements that lose cover, and texts and records that have to be looked at again.",
            f"Approve in the {plain(request)}, or say there what has to change. You never approve your own proposal.",
        ),
        _steps(
            "Owners of AI systems and of data, and whoever keeps a register",
            f"Each record is one file or one row; the page of a register, such as the {links.register('ai-systems')}, names it.",
            "Enter what happened and on which day. A day in the future is refused, and so is a sum that does not match its file.",
            "Before a system moves to another stage, look at what is still missing for it: the gate names each condition with its proof.",
            "Ids are never used again, also not those of records that were closed.",
        ),
        _steps(
            "Auditors",
            f"Begin at {status} or at the {links.register('statement-of-applicability')}; each row leads to its requirement.",
            "The page of a requirement names its documents, registers, decision and evidence, and each of them leads back.",
            "The header of a document says who approved which version when; its history says what changed since.",
            f"{opened} is what our own checks say, unsoftened, with every exception that somebody decided on.",
        ),
    ]
    return "\n\n".join(parts)


def _steps(title: str, *steps: str) -> str:
    return f"## {plain(title)}\n\n" + "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))
