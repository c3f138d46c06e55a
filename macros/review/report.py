"""The report on a change as one definition: what is printed as JSON, Markdown and HTML, and what is read back.

It is read back by jobs that may write on a forge, out of files that a proposal can alter. So it is closed, each text
and list has its bound, and nothing in it is more than text, a number, a yes or no, or one of a few words.
"""

from __future__ import annotations

import json
import re
from typing import Annotated, Literal, TypeVar

from pydantic import Field, StringConstraints, ValidationError

from macros.encode.data import as_json as json_text
from macros.model.base import Model
from macros.problem import KitError, Severity
from macros.review.sentences import Effect

LONGEST = 20_000
"""Most characters of one text."""

MOST = 10_000
"""Most items of one list."""

LARGEST = 5 * 1024 * 1024
"""Most bytes of a report that is read back."""

Said = Annotated[str, StringConstraints(max_length=LONGEST)]
"""Text out of a change, or about it."""

Path = Annotated[str, StringConstraints(max_length=LONGEST)]
"""A path from the root of the repository."""

Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000_000)]
Flag = Annotated[bool, Field(strict=True)]
Item = TypeVar("Item")
Many = Annotated[tuple[Item, ...], Field(max_length=MOST, fail_fast=True)]
"""A list; its first fault ends the reading, so that a million faults fill no memory."""


class ApprovalSaid(Model):
    """An approval that the management system requires."""

    role: Said
    """Id of the role in `org.yaml`."""
    title: Said
    because: Many[Said]
    people: Many[Said]
    """Names of the holders who may give it; the author is not among them."""
    enforced: Flag
    """Whether CODEOWNERS asks one of them for every path concerned."""


class ConsultationSaid(Model):
    """An activity of the responsibility matrix that the change touches."""

    activity: Said
    roles: Many[Said]
    """Titles of the roles to be consulted, without those who approve."""


class EntrySaid(Model):
    """One entry of a front matter or record that differs."""

    name: Said
    old: Said
    new: Said


class EffectSaid(Model):
    """What a changed sentence changes."""

    kind: Effect
    said: Said


class SentenceSaid(Model):
    """A sentence that was added, removed or altered."""

    heading: Said
    change: Literal["added", "removed", "altered"]
    before: Said | None
    after: Said | None
    line: Count
    """Where it stands: on the side after, or before where it was removed."""
    weakens: Flag
    """Whether the organisation promises less than before."""
    effects: Many[EffectSaid]


class HeldSaid(Model):
    """What a document holds that was added or removed as a whole."""

    sentences: Count
    obliging: Count
    """How many have a word such as shall, should or may."""


class VersionSaid(Model):
    """The version step of a document."""

    before: Said | None
    after: Said | None
    wanted: Literal["major", "minor"] | None
    """The step that fits what changed."""
    made: Literal["major", "minor", "backwards"] | None
    fits: Flag
    at_least: Said | None
    """The lowest version that fits; null where none is asked for."""
    was_draft: Flag


class NoteSaid(Model):
    """The revision note that a new version brings."""

    version: Said
    date: Said
    change: Literal["obligation", "clarification"]
    note: Said
    belittles: Flag
    """Whether it speaks of a clarification while an obligation changed."""


class DocumentSaid(Model):
    """What happened to one document."""

    id: Said
    title: Said
    path: Path
    moved_from: Path | None
    change: Literal["added", "removed", "moved", "changed"]
    obligations: Many[SentenceSaid]
    wording: Many[SentenceSaid]
    """Changes of meaning that oblige nobody."""
    editorial: Count
    """Changes in case, punctuation, spelling or order alone."""
    entries: Many[EntrySaid]
    held: HeldSaid | None
    """Only of a document that was added or removed."""
    version_step: VersionSaid
    revision_note: NoteSaid | None
    note_is_missing: Flag
    """Whether the version steps past the first approved one, and no note says what it changes."""
    approval_lapses: Flag
    """Whether the text changed while the old approval still stands on it."""


class RecordSaid(Model):
    """What happened to one record, or to a register itself."""

    kind: Said
    one: Said
    id: Said
    label: Said
    word: Literal["added", "removed", "changed"]
    fields: Many[EntrySaid]
    path: Path
    kept: Said | None
    """The approval, acceptance or decision that stands unchanged beside changed entries."""


class GovernedSaid(Model):
    """A sentence that a parameter governs, as it now reads."""

    document: Said
    sentence: Said


class OrganisationSaid(Model):
    """A changed entry of `org.yaml`."""

    what: Literal["parameter", "role", "person", "entry"]
    name: Said
    old: Said
    new: Said
    governs: Many[GovernedSaid]


class CoverSaid(Model):
    """A requirement whose documents changed."""

    requirement: Said
    title: Said
    before: Many[Said]
    after: Many[Said]
    why: Said


class RequirementsSaid(Model):
    """What the change does to requirements."""

    gained: Many[CoverSaid]
    lost: Many[CoverSaid]
    weakened: Many[CoverSaid]


class DependantSaid(Model):
    """Something that rests on what changed; somebody has to look at it."""

    name: Said
    label: Said
    because: Said


class ProblemSaid(Model):
    """A problem that the change brings or solves."""

    code: Said
    severity: Severity
    path: Path
    line: Count
    message: Said
    way_out: Said


class Report(Model):
    """What a change means for its approver."""

    edition: Literal[1]
    """Of this definition; another number is another definition."""
    base: Annotated[str, StringConstraints(pattern=r"^(?:[0-9a-f]{40}|[0-9a-f]{64})$")]
    """Name of the commit that was compared with."""
    head: Annotated[str, StringConstraints(pattern=r"^(?:[0-9a-f]{40}|[0-9a-f]{64}|working tree)$")]
    """Name of the commit that is proposed, or `working tree`."""
    author: Said | None
    """Who proposes it; never counts as an approver."""
    blocks: Many[Said]
    """Why it cannot go in as it is."""
    look_at: Many[Said]
    """What an approver should look at first."""
    approvals: Many[ApprovalSaid]
    consultations: Many[ConsultationSaid]
    documents: Many[DocumentSaid]
    records: Many[RecordSaid]
    organisation: Many[OrganisationSaid]
    kit_files: Many[Path]
    other_files: Many[Path]
    """Changed paths that nothing else in the report speaks of."""
    unread: Many[Path]
    """Changed paths that cannot be read, so that nothing is known of what changed in them."""
    requirements: RequirementsSaid
    suspects: Many[DependantSaid]
    new_problems: Many[ProblemSaid]
    solved_problems: Many[ProblemSaid]
    left_out: Annotated[tuple[Said, ...], Field(max_length=100, fail_fast=True)]
    """What this report does not hold, because it was longer than a list may be."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing that the management system knows has changed."""
        changed = self.documents or self.records or self.organisation or self.kit_files or self.other_files or self.unread
        return not (changed or self.blocks or self.look_at or self.new_problems or self.solved_problems)


def as_json(report: Report) -> str:
    r"""The report as data; what a log, a comment or a page could take for a command is written as `\u` escapes."""
    text = json_text(report.model_dump(mode="json"))
    for live in ("<", ">", "&", "@", "::", "##"):
        text = text.replace(live, live[:-1] + f"\\u{ord(live[-1]):04x}")
    return text


def read_report(content: bytes, name: str) -> Report:
    """A report out of the bytes of a file that nobody vouches for.

    Args:
        content: At most `LARGEST` bytes.
        name: What the file is called in a message.

    Raises:
        KitError: It is no report; one sentence, without any text of the file.
    """
    start = f"'{name}' is no report of a change review"
    if len(content) > LARGEST:
        raise KitError(f"'{name}' is larger than the 5 MiB that are read of a report; read review.html of the job in its place")
    try:
        data = json.loads(content.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise KitError(f"{start}: byte {error.start + 1} is not UTF-8; {_WAY_OUT}") from None
    except json.JSONDecodeError as error:
        raise KitError(f"{start}: at line {error.lineno}, column {error.colno}, it is not JSON; {_WAY_OUT}") from None
    except RecursionError:
        raise KitError(f"{start}: it is nested more deeply than a report ever is; {_WAY_OUT}") from None
    except _NoReportError as error:
        raise KitError(f"{start}: {error}; {_WAY_OUT}") from None
    except ValueError:
        raise KitError(f"{start}: it holds a number with thousands of digits; {_WAY_OUT}") from None
    try:
        return Report.model_validate(data)
    except ValidationError as error:
        raise KitError(f"{start}: {_first_fault(error)}; {_WAY_OUT}") from None


_WAY_OUT = "make it with './aims review BASE HEAD --json FILE' and this edition of the kit"


_ENTRIES = 50
"""Most entries of one object; a report has less than half as many."""


class _NoReportError(ValueError):
    """What JSON allows and a report does not hold."""


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(pairs) > _ENTRIES:
        raise _NoReportError(f"an object has more than {_ENTRIES} entries")
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _NoReportError("a key stands twice in one object")
    return found


def _no_number(word: str) -> object:
    raise _NoReportError(f"{word} is no number of JSON")


_FAULTS = {
    "missing": "the entry is missing",
    "extra_forbidden": "there is no such entry in a report",
    "string_too_long": f"the text is longer than {LONGEST:,} characters",
    "too_long": "the list is longer than a report allows",
    "string_unicode": "the text holds half of a surrogate pair",
    "string_pattern_mismatch": "it is not the name of a commit",
}
_KEY = re.compile(r"[a-z_]{1,40}")


def _first_fault(error: ValidationError) -> str:
    """The first fault with its place; keys that the file has chosen freely are shown only where they are plain words."""
    fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
    steps = []
    for step in fault["loc"]:
        if isinstance(step, int):
            steps.append(f"item {step + 1}")
        elif _KEY.fullmatch(step):
            steps.append(f"'{step}'")
        else:
            steps.append("a key that is no word")
    where = ", ".join(steps) or "the whole"
    return f"{where}: {_FAULTS.get(fault['type'], 'the value is not of the kind that stands there')}"
