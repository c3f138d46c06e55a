"""CODEOWNERS, made from who approves what, and read as GitHub and GitLab read it: the last line that matches decides."""

from __future__ import annotations

import re
from collections.abc import Iterator

from macros.cache import kept_in_memory
from macros.facts.authority.roles import LEAD, TOP, approver_of_document, approver_of_register, handle_of, holders
from macros.generated import KIT_OWNED
from macros.model.records.kinds import KINDS
from macros.model.workspace import Workspace

FILE = "CODEOWNERS"
MARK = "# ---- The organisation's own lines stand below this line. They are kept, and where one matches, it decides. ----"
_HEAD = """\
# Made by './aims codeowners --write'. Do not edit by hand above the mark at the end; 'check' says ORG116 where it is out of date.
# Each line names those who hold the one role that has to agree to a change there, without people who have left.
# It comes from the roles and people in org.yaml, the approvers of the documents, and the owners of the registers.
# The last line that matches a path decides, on GitHub and on GitLab. A forge asks for one of the names of a line.
"""
_UNWRITABLE = re.compile(r"[^\w./ \-]")
"""Marks that one of the two forges reads as a pattern, a comment or a section."""
_MARKS = re.compile(r"\*\*/?|.", re.DOTALL)
"""What a pattern is made of."""


def as_codeowners(workspace: Workspace) -> str:
    """The whole file as the roles say it now, with the organisation's own lines of the present one below the mark."""
    parts = [_HEAD, "\n".join(_lines(workspace)) + "\n", MARK + "\n"]
    own = own_lines(workspace.texts.get(FILE, ""))
    return "\n".join(parts) + own


def own_lines(text: str) -> str:
    """What the organisation wrote itself: all that stands below the mark; without a mark, all that is no comment."""
    lines = text.split("\n")
    if MARK in lines:
        return "\n".join(lines[lines.index(MARK) + 1 :])
    kept = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    return "\n".join([*kept, ""]) if kept else ""


def code_owners(text: str, path: str) -> tuple[str, ...]:
    """The owners that a CODEOWNERS names for a path: the last line that matches decides, as on the forges."""
    return next((tuple(owners) for pattern, *owners in reversed(_rows(text)) if _matches(pattern, path)), ())


@kept_in_memory
def _rows(text: str) -> tuple[tuple[str, ...], ...]:
    """Pattern and owners of each line."""
    rows = (re.findall(r"(?:\\ |\S)+", re.split(r"(?:^|\s)#", line, maxsplit=1)[0]) for line in text.splitlines())
    return tuple(tuple(word.replace("\\ ", " ") for word in row) for row in rows if row)


def _matches(pattern: str, path: str) -> bool:
    anchored = pattern.startswith("/")
    bare = pattern.strip("/")
    if not (anchored or "/" in bare):
        return any(_like(bare, step) for step in (path.split("/")[:-1] if pattern.endswith("/") else path.split("/")))
    steps = path.split("/")
    folders = ["/".join(steps[:number]) for number in range(1, len(steps))]
    # What ends in a star names files of one folder; everything else that names a folder means all that lies in it.
    inside = [] if bare.endswith("/*") else folders
    return any(_like(bare, part) for part in (inside if pattern.endswith("/") else [path, *inside]))


def _like(pattern: str, text: str) -> bool:
    """Whether a text is like a pattern in which `*` and `?` stop at a slash and `**` does not.

    The places that can be reached go through the pattern once. As a regular expression, a pattern of many
    stars would try all ways to divide the text between them.
    """
    if "*" not in pattern and "?" not in pattern:
        return pattern == text
    if len(pattern) > 3 * len(text) + 3 and len(pattern.replace("*", "")) > len(text) + pattern.count("**/"):
        return False  # more letters than the text has
    reached = {0}
    for mark in _MARKS.findall(pattern):
        if mark == "**":
            reached = set(range(min(reached), len(text) + 1))
        elif mark == "**/":
            reached |= {at + 1 for at in range(min(reached), len(text)) if text[at] == "/"}
        elif mark == "*":
            reached = _within_a_step(reached, text)
        else:
            reached = {at + 1 for at in reached if at < len(text) and (text[at] == mark or (mark == "?" and text[at] != "/"))}
        if not reached:
            return False
    return len(text) in reached


def _within_a_step(reached: set[int], text: str) -> set[int]:
    """Every place from those that are reached to the next slash."""
    found: set[int] = set()
    for at in sorted(reached):
        while at not in found:
            found.add(at)
            if at == len(text) or text[at] == "/":
                break
            at += 1
    return found


def _lines(workspace: Workspace) -> Iterator[str]:
    """The groups of lines, general first; for a role without anybody to ask, a comment in place of its lines."""
    people = workspace.organisation.value.people if workspace.organisation else ()
    if not any(handle_of(person) for person in people if person.left is None):
        yield "# No line is written yet: nobody in org.yaml has a forge_name that the forge could ask."
        return
    silent: dict[str, int] = {}

    def line(pattern: str, role: str) -> Iterator[str]:
        handles = tuple(dict.fromkeys(filter(None, map(handle_of, holders(workspace, role)))))
        if handles and not _UNWRITABLE.search(pattern.removeprefix("*")):
            yield f"{pattern.replace(' ', chr(92) + ' ')} {' '.join(handles)}"
        elif handles:
            yield "# A document has no line, because its file name holds a mark that a forge would read as a pattern: rename it."
        else:
            silent[role] = silent.get(role, 0) + 1

    groups = (
        ("Everything that no line below names", [("*", LEAD)]),
        ("The kit's files", [(f"/{path}", LEAD) for path in KIT_OWNED]),
        ("Roles, people and what the organisation decided", [("/org.yaml", TOP)]),
        ("Documents, by the role that approves each", sorted(_documents(workspace))),
        ("Registers, by the role that decides on each or keeps it", list(_registers(workspace))),
    )
    for number, (title, rows) in enumerate(groups):
        yield from ([""] if number else [])
        yield f"# {title}"
        for pattern, role in rows:
            yield from line(pattern, role)
    if silent:
        yield ""
        for role in sorted(silent):
            what = "1 line is" if silent[role] == 1 else f"{silent[role]} lines are"
            yield f"# For the role {role}, {what} left out: nobody who holds it has a forge_name in org.yaml."


def _documents(workspace: Workspace) -> Iterator[tuple[str, str]]:
    for document in workspace.documents:
        yield f"/{document.path}", approver_of_document(workspace, document, None)


def _registers(workspace: Workspace) -> Iterator[tuple[str, str]]:
    for kind in sorted(KINDS, key=lambda kind: kind.name):
        if kind.name in workspace.registers:
            yield f"/{workspace.registers[kind.name].place}", approver_of_register(workspace, kind.name)
