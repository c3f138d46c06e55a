"""What a forge says of the reviews of one change: the last word of each reviewer, out of the forge's own data."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from macros.model.records.approvals import ApprovalSource
from macros.problem import KitError

SHAPES = (
    "the list of GitHub's 'GET /repos/{owner}/{repo}/pulls/{number}/reviews', "
    "or the object of GitLab's 'GET /projects/:id/merge_requests/:iid/approvals'"
)
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


class Word(str, Enum):
    """The last word of a reviewer."""

    APPROVED = "approved"
    CHANGES_REQUESTED = "asked for changes"
    DISMISSED = "had approved or asked for changes, and that was dismissed"
    COMMENTED = "only commented"


@dataclass(frozen=True, slots=True)
class ForgeReview:
    """What one reviewer said last."""

    login: str
    """User name at the forge."""
    word: Word
    day: datetime.date | None
    """In UTC; None where the forge does not say."""
    commit: str | None
    """The commit that was looked at; None where the forge does not say."""
    reference: str
    """Address or number of the review."""


@dataclass(frozen=True, slots=True)
class ForgeReviews:
    """The reviews of one change."""

    source: ApprovalSource
    reviews: tuple[ForgeReview, ...]
    """One for each reviewer, in the order of their names."""
    last_commit: str | None
    """The commit of the latest review; None where the forge does not say."""


def read_reviews(text: str, name: str) -> ForgeReviews:
    """The reviews in a file of forge data.

    Args:
        text: The JSON, of GitHub or GitLab, as the forge gave it.
        name: What to call the file in a message.

    Raises:
        KitError: It is no JSON, has another shape, or holds no review.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        what = f"line {error.lineno}: {error.msg}" if isinstance(error, json.JSONDecodeError) else "it cannot be read"
        raise KitError(f"'{name}' is no JSON ({what}); save what the forge answers, {SHAPES}") from None
    if isinstance(data, list):
        pages = [row for page in data for row in (page if isinstance(page, list) else [page])]
        return _github(pages, name)
    if isinstance(data, dict) and "approved_by" in data:
        return _gitlab(data, name)
    raise KitError(f"'{name}' is not the data of reviews; it is to be {SHAPES}")


class _Shape:
    """Takes values out of JSON, and says where one is not what the forge documents."""

    def __init__(self, name: str, place: str) -> None:
        self.name, self.place = name, place

    def fault(self, what: str) -> KitError:
        return KitError(f"'{self.name}': {what} in {self.place}; it is to be {SHAPES}")

    def part(self, value: Any, key: str, kind: type) -> Any:
        found = value.get(key) if isinstance(value, dict) else None
        if not isinstance(found, kind) or isinstance(found, bool):
            raise self.fault(f"no '{key}'")
        return found

    def moment(self, value: str, key: str) -> datetime.datetime:
        try:
            found = datetime.datetime.fromisoformat(value)
            return found.astimezone(datetime.UTC) if found.tzinfo else found.replace(tzinfo=datetime.UTC)
        except (ValueError, OverflowError):
            raise self.fault(f"'{value[:40]}' in '{key}' is no time") from None


def _github(rows: list[Any], name: str) -> ForgeReviews:
    last: dict[str, tuple[tuple[bool, datetime.datetime], ForgeReview]] = {}
    newest: tuple[datetime.datetime, str] | None = None
    for number, row in enumerate(rows, 1):
        shape = _Shape(name, f"review {number}")
        state = shape.part(row, "state", str)
        if state == "PENDING":
            continue  # begun and not handed in
        if state not in Word.__members__:
            raise shape.fault(f"the state '{state[:40]}' is not known")
        login = shape.part(row["user"], "login", str) if row.get("user") is not None else "a deleted account"
        moment = shape.moment(shape.part(row, "submitted_at", str), "submitted_at")
        commit = row.get("commit_id")
        if commit is not None and (not isinstance(commit, str) or not _COMMIT.fullmatch(commit)):
            raise shape.fault("'commit_id' is no commit")
        if commit and (newest is None or moment >= newest[0]):
            newest = (moment, commit)
        review = ForgeReview(login, Word[state], moment.date(), commit, _address(shape.part(row, "html_url", str), shape))
        # A comment does not take back what its author said before; of two reviews in one second the later in the list counts.
        weighs = (review.word is not Word.COMMENTED, moment)
        if login not in last or weighs >= last[login][0]:
            last[login] = (weighs, review)
    if not last:
        raise KitError(f"'{name}' holds no review; nobody has said anything that could be recorded")
    return ForgeReviews(ApprovalSource.GITHUB, _sorted(review for _, review in last.values()), newest[1] if newest else None)


def _gitlab(data: dict[str, Any], name: str) -> ForgeReviews:
    shape = _Shape(name, "the merge request")
    reference = f"merge request !{shape.part(data, 'iid', int)} of project {shape.part(data, 'project_id', int)}"
    found = []
    for number, row in enumerate(shape.part(data, "approved_by", list), 1):
        inside = _Shape(name, f"approval {number}")
        moment = row.get("approved_at") if isinstance(row, dict) else None
        if moment is not None and not isinstance(moment, str):
            raise inside.fault("'approved_at' is no time")
        login = inside.part(inside.part(row, "user", dict), "username", str)
        found.append(ForgeReview(login, Word.APPROVED, inside.moment(moment, "approved_at").date() if moment else None, None, reference))
    if not found:
        raise KitError(f"'{name}' holds no approval; nobody has said anything that could be recorded")
    return ForgeReviews(ApprovalSource.GITLAB, _sorted(found), None)


def _address(value: str, shape: _Shape) -> str:
    if not re.fullmatch(r"https?://[!-~]{1,500}", value):
        raise shape.fault("'html_url' is no address")
    return value


def _sorted(reviews: Iterable[ForgeReview]) -> tuple[ForgeReview, ...]:
    return tuple(sorted(reviews, key=lambda review: (review.login.casefold(), review.login)))
