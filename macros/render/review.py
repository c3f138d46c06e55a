"""The change review as Markdown for a forge, and as one HTML file to send by mail."""

from __future__ import annotations

import html

from macros.model.document import DocumentStatus, RevisionKind
from macros.problem import Problem
from macros.render.markup import plain, rows_of
from macros.review.approvals import Approval, Consultation
from macros.review.changes import DocumentChange, OrganisationChange, RecordChange
from macros.review.report import Cover, Review
from macros.review.sentences import SentenceChange

GOVERNED = 12
"""Most sentences that are shown for one parameter."""

FILES = 40
"""Most paths that are listed."""

LIMIT = 65_000
"""Characters of a comment; the forges cut or refuse longer ones."""


def as_markdown(review: Review, limit: int = LIMIT) -> str:
    """The report, cut to a limit with a count of what was left out.

    Every text that comes from the change is written with its punctuation as character references, so that it
    mentions nobody, runs no command and ends no comment.
    """
    parts = _parts(review)
    text = "\n\n".join(parts) + "\n"
    if len(text) <= limit:
        return text
    kept: list[str] = []
    size = 200
    for part in parts:
        if size + len(part) + 2 > limit:
            break
        kept.append(part)
        size += len(part) + 2
    return (
        "\n\n".join(kept) + f"\n\n{len(parts) - len(kept)} more parts are left out here; the whole report is in the JSON and HTML files.\n"
    )


def _parts(review: Review) -> list[str]:
    if review.is_empty:
        return ["# Change review", "Nothing that the management system knows has changed."]
    parts = ["# Change review", _verdict(review)]
    if review.blocks:
        parts += ["## What blocks", _bullets(review.blocks)]
    if review.look_at:
        parts += ["## What to look at", _bullets(review.look_at)]
    parts += ["## Who must approve", _approvals(review.approvals)]
    if review.consultations:
        parts.append("To be consulted, as the responsibility matrix says: " + "; ".join(map(_consultation, review.consultations)) + ".")
    if review.documents:
        parts.append("## Documents")
        for change in review.documents:
            parts += _document(change)
    if review.records:
        parts += ["## Decisions and records", *(_record(change) for change in review.records)]
    if review.organisation:
        rows = [(plain(f"{entry.what} {entry.name}"), plain(entry.old), plain(entry.new)) for entry in review.organisation]
        parts += ["## The organisation's own entries", rows_of(("Entry", "Before", "After"), rows)]
        parts += [part for entry in review.organisation if entry.governs for part in _governed(entry)]
    parts += _touches(review)
    for title, paths in (("## Files of the kit", review.kit_files), ("## Other files", review.other_files)):
        if paths:
            more = f"\n- and {len(paths) - FILES} more" if len(paths) > FILES else ""
            parts += [title, _bullets(paths[:FILES]) + more]
    parts += _problems("## New problems", review.new_problems)
    parts += _problems("## Solved problems", review.solved_problems)
    return parts


def _verdict(review: Review) -> str:
    if not review.blocks:
        start = f"**Nothing blocks this change{'; it waits for the approvals below' if review.approvals else ''}.**"
    elif len(review.blocks) == 1:
        start = "**Not yet: one thing blocks this change.**"
    else:
        start = f"**Not yet: {len(review.blocks)} things block this change.**"
    obliged = sum(len(change.obligations) for change in review.documents)
    editorial = sum(change.editorial for change in review.documents)
    registers = sum(change.one == "register" for change in review.records)
    records = len(review.records) - registers
    counts = (
        (len(review.documents), _count(len(review.documents), "document")),
        (obliged, _count(obliged, "change") + " of obligation"),
        (editorial, _count(editorial, "editorial change")),
        (registers, _count(registers, "register")),
        (records, _count(records, "record")),
        (len(review.organisation), f"{len(review.organisation)} of the organisation's own entries"),
        (len(review.kit_files), _count(len(review.kit_files), "file") + " of the kit"),
        (len(review.other_files), _count(len(review.other_files), "other file")),
    )
    told = ", ".join(text for number, text in counts if number) or "nothing that could be read"
    author = f" Proposed by {plain(review.author)}, who cannot approve it." if review.author else ""
    return f"{start} It touches {told}.{author}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _consultation(said: Consultation) -> str:
    more = len(said.activities) - 3
    return f"{plain(said.title)} ({plain('; '.join(said.activities[:3]))}{f', and {more} more' if more > 0 else ''})"


def _governed(entry: OrganisationChange) -> list[str]:
    shown = "\n".join(f"- {plain(name)}: {plain(text)}" for name, text in entry.governs[:GOVERNED])
    more = len(entry.governs) - GOVERNED
    return [f"Sentences that {plain(entry.name)} governs, as they now read:", shown + (f"\n- and {more} more" if more > 0 else "")]


def _bullets(lines: tuple[str, ...]) -> str:
    return "\n".join(f"- {plain(line)}" for line in lines)


def _approvals(needed: tuple[Approval, ...]) -> str:
    rows = [
        (
            plain(approval.title),
            plain(", ".join(approval.people)) or "nobody",
            "<br>".join(plain(reason) for reason in approval.because[:8])
            + (f"<br>and {len(approval.because) - 8} more" if len(approval.because) > 8 else ""),
            "yes",
            "yes" if approval.enforced else "no",
        )
        for approval in needed
    ]
    return rows_of(("Role", "Held by", "Because", "Required by policy", "Enforced by CODEOWNERS"), rows) or "No approval is required."


def _document(change: DocumentChange) -> list[str]:
    shown = change.new or change.old
    lines = [f"### {plain(change.id)} {plain(change.title)}, {change.word}", f"<code>{plain(shown.path)}</code>"]
    if change.moved_from:
        lines.append(f"It was moved from <code>{plain(change.moved_from)}</code>.")
    if change.entries:
        lines.append(
            rows_of(("Entry", "Before", "After"), ((plain(entry.name), plain(entry.old), plain(entry.new)) for entry in change.entries))
        )
    if change.old is None or change.new is None:
        held = [sentence.new or sentence.old for sentence in change.sentences]
        obliged = sum(sentence.obliges for sentence in held)
        number = sum(not sentence.is_heading for sentence in held)
        lines.append(f"{_count(number, 'sentence')}, {obliged} of them with a word such as shall, should or may.")
        return lines
    lines += _note(change)
    by_heading: dict[str, list[SentenceChange]] = {}
    for sentence in change.obligations:
        by_heading.setdefault(sentence.heading, []).append(sentence)
    for heading, sentences in by_heading.items():
        lines.append(f"Under **{plain(heading)}**:")
        lines.append("\n".join(_sentence(sentence) for sentence in sentences))
    if change.wording:
        lines.append("Other sentences, without a word such as shall, should or may:")
        lines.append("\n".join(_sentence(sentence) for sentence in change.wording))
    if change.editorial:
        lines.append(f"{_count(change.editorial, 'editorial change')}, in case, punctuation, spelling or order alone, not listed.")
    if change.wanted_version:
        before, after = change.old.head.value.version, change.new.head.value.version
        step = f"The version stays {after}" if before == after else f"The version goes from {before} to {after}"
        fits = "which fits" if change.step_fits else "which does not fit"
        lines.append(f"{step}, {fits}: this change asks for at least {change.wanted_version}{_why_no_step(change)}.")
    return lines


def _note(change: DocumentChange) -> list[str]:
    if change.note is None:
        return [f"No revision note says what version {plain(change.new.head.value.version)} changes."] if change.note_is_missing else []
    lines = [f"Revision note, {plain(change.note.change.value)}, {plain(change.note.date)}: {plain(change.note.note)}"]
    if change.note_belittles:
        lines.append("The note speaks of a clarification, and this change touches an obligation.")
    elif change.note.change is RevisionKind.OBLIGATION and not change.obligations:
        lines.append("The note speaks of an obligation; no sentence with a word such as shall, should or may has changed.")
    return lines


def _why_no_step(change: DocumentChange) -> str:
    draft = change.old.head.value.status is DocumentStatus.DRAFT
    return ", once the document has been approved; it was a draft" if draft else ""


def _sentence(change: SentenceChange) -> str:
    effects = "".join(f"\n    - {plain(effect.value)}: {plain(said)}" for effect, said in change.effects)
    if change.old is None:
        return f"- **added** {plain(change.new.text)}{effects}"
    if change.new is None:
        return f"- **removed** {plain(change.old.text)}{effects}"
    return f"- **before** {plain(change.old.text)}<br>**after** {plain(change.new.text)}{effects}"


def _record(change: RecordChange) -> str:
    title = f"**{plain(change.one)} {plain(change.id)}** {plain(change.label)}, {change.word}"
    if change.word == "changed":
        rows = rows_of(("Entry", "Before", "After"), ((plain(field.name), plain(field.old), plain(field.new)) for field in change.fields))
    else:
        held = ((plain(field.name), plain(field.new if change.word == "added" else field.old)) for field in change.fields)
        rows = rows_of(("Entry", "What it holds" if change.word == "added" else "What it held"), held)
    return f"{title}\n\n{rows}" if rows else title


def _touches(review: Review) -> list[str]:
    parts = []
    for title, covers in (
        ("lose their last document", review.lost),
        ("may have less cover than before", review.weakened),
        ("gain cover", review.gained),
    ):
        if covers:
            parts.append(f"Requirements that {title}:")
            parts.append("\n".join(_cover(cover) for cover in covers))
    if review.suspects:
        parts.append("To be looked at again, because they rest on what changed:")
        parts.append(
            rows_of(("What", "Name", "Because"), ((plain(item.name), plain(item.label), plain(item.because)) for item in review.suspects))
        )
    return ["## What it touches", *parts] if parts else []


def _cover(cover: Cover) -> str:
    return f"- {plain(cover.requirement)} {plain(cover.title)}: {plain(cover.why)}"


def _problems(title: str, problems: tuple[Problem, ...]) -> list[str]:
    if not problems:
        return []
    rows = [
        (
            plain(problem.severity.value),
            plain(problem.code),
            plain(problem.message),
            plain(problem.way_out),
            f"<code>{plain(problem.location)}</code>",
        )
        for problem in problems
    ]
    return [title, rows_of(("Weight", "Code", "What", "Way out", "Where"), rows)]


STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1b2224;background:#fff}"
    "h1,h2,h3{line-height:1.2}h2{margin-top:2rem;border-bottom:1px solid #d5dcdc}table{border-collapse:collapse;width:100%;font-size:.9rem}"
    "th,td{border:1px solid #d5dcdc;padding:.35rem .6rem;text-align:left;vertical-align:top}"
    "th{background:#f4f7f6}code{background:#f4f7f6;padding:0 .2rem}"
    "code{overflow-wrap:anywhere}@media screen and (max-width:45rem){table{display:block;overflow-x:auto}}"
    "@media(prefers-color-scheme:dark){body{color:#e4eaeb;background:#151d1f}th,code{background:#1d282b}th,td,h2{border-color:#3d4a4d}}"
)


def as_html(review: Review, title: str) -> str:
    """One file without scripts or links to other places."""
    import markdown  # MkDocs brings it; only this output needs it

    body = markdown.markdown(as_markdown(review, limit=10_000_000), extensions=["tables", "md_in_html", "sane_lists"])
    meta = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    head = f"{meta}<title>{html.escape(title)}</title><style>{STYLE}</style>"
    return f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>\n{body}\n</body></html>\n'
