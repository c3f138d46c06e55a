"""The report on a change as Markdown for a forge, and as one HTML file to send by mail: both from the report alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from macros.encode.html import text
from macros.encode.markdown import quoted
from macros.render.markup import rows_of
from macros.review.report import CoverSaid, DocumentSaid, OrganisationSaid, ProblemSaid, RecordSaid, Report, SentenceSaid

Item = TypeVar("Item")

LIMIT = 65_000
"""Characters of a comment; the forges cut or refuse longer ones."""

MARKER = "<!-- aims-change-review -->"
"""First line of the one comment that is kept on a proposal; nothing out of a change can write it."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of a report is shown; the rest is counted."""

    governed: int
    """Sentences of one parameter."""
    files: int
    consulted: int
    """Activities for which somebody is to be consulted."""
    reasons: int
    """Reasons for one approval."""
    rows: int
    """Lines of any other list."""


WHOLE = Extent(*[1_000_000] * 5)
USUAL = Extent(governed=12, files=40, consulted=5, reasons=8, rows=1_000_000)
SHORT = Extent(governed=5, files=20, consulted=3, reasons=4, rows=25)


def as_markdown(report: Report, limit: int = LIMIT) -> str:
    """The report, cut to a limit with a count of what was left out.

    Every text that comes from the change is written with its punctuation as character references, so that it
    mentions nobody, runs no command and ends no comment.
    """
    text = "\n\n".join(_parts(report, USUAL)) + "\n"
    if len(text) <= limit:
        return text
    # One long list does not push out what stands behind it.
    parts = [part if len(part) <= limit // 3 else _TOO_LONG for part in _parts(report, SHORT)]
    kept: list[str] = []
    size = 200
    for part in parts:
        if size + len(part) + 2 > limit:
            break
        kept.append(part)
        size += len(part) + 2
    while kept and len(kept) < len(parts) and (kept[-1].startswith("#") or kept[-1].endswith(":")):
        kept.pop()  # a heading with nothing under it
    left = len(parts) - len(kept)
    told = f"{_count(left, 'more part is', 'more parts are')} left out here" if left else "Long lists are cut here"
    return "\n\n".join(kept) + f"\n\n{told}; the whole report is in the JSON and HTML files.\n"


_TOO_LONG = "This part is too long to be shown here."


def as_comment(report: Report, limit: int = LIMIT) -> str:
    """The report as the one comment on a proposal, beginning with the marker by which it is found again."""
    end = (
        f"\nThis is about commit {report.head[:12]}, compared with {report.base[:12]}. "
        "The job that made this report is part of the proposal, which can change it.\n"
    )
    start = f"{MARKER}\n\n"
    return start + as_markdown(report, limit - len(start) - len(end)) + end


def _parts(report: Report, extent: Extent) -> list[str]:
    if report.is_empty:
        return ["# Change review", "Nothing that the management system knows has changed."]
    parts = ["# Change review", _verdict(report), "## Who must approve", _approvals(report, extent), *_consultations(report, extent)]
    if report.blocks:
        parts += ["## What blocks", _bullets(report.blocks, extent.rows)]
    looked_at = (*report.look_at, *(f"this report leaves out {line}" for line in report.left_out))
    if looked_at:
        parts += ["## What to look at", _bullets(looked_at, extent.rows)]
    if report.documents:
        parts.append("## Documents")
        for document in report.documents:
            parts += _document(document, extent)
    parts += _touches(report, extent)
    if report.records:
        parts += ["## Decisions and records", *(_record(record, extent) for record in report.records)]
    if report.organisation:
        rows = [(quoted(f"{entry.what} {entry.name}"), quoted(entry.old), quoted(entry.new)) for entry in report.organisation]
        parts += ["## The organisation's own entries", _table(("Entry", "Before", "After"), rows, extent)]
        parts += [part for entry in report.organisation if entry.governs for part in _governed(entry, extent)]
    parts += _versions(report, extent)
    for title, paths in (("## Files of the kit", report.kit_files), ("## Other files", report.other_files)):
        if paths:
            parts += [title, _bullets(paths, extent.files)]
    parts += _problems("## New problems", report.new_problems, extent)
    parts += _problems("## Solved problems", report.solved_problems, extent)
    return parts


def _verdict(report: Report) -> str:
    if not report.blocks:
        start = f"**Nothing blocks this change{'; it waits for the approvals below' if report.approvals else ''}.**"
    elif len(report.blocks) == 1:
        start = "**Not yet: one thing blocks this change.**"
    else:
        start = f"**Not yet: {len(report.blocks):,} things block this change.**"
    obliged = sum(document.held.obliging if document.held else len(document.obligations) for document in report.documents)
    editorial = sum(document.editorial for document in report.documents)
    registers = sum(record.one == "register" for record in report.records)
    records = len(report.records) - registers
    within = [
        *([_count(obliged, "change of obligation", "changes of obligation")] if obliged else []),
        *([_count(editorial, "editorial change")] if editorial else []),
    ]
    documents = _count(len(report.documents), "document") + (f" ({', '.join(within)})" if within else "")
    counts = (
        (len(report.documents), documents),
        (registers, _count(registers, "register")),
        (records, _count(records, "record")),
        (len(report.organisation), f"{len(report.organisation)} of the organisation's own entries"),
        (len(report.kit_files), _count(len(report.kit_files), "file") + " of the kit"),
        (len(report.other_files), _count(len(report.other_files), "other file")),
        (len(report.unread), _count(len(report.unread), "file that cannot be read", "files that cannot be read")),
    )
    told = [text for number, text in counts if number] or ["nothing that the management system knows"]
    touched = told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"
    author = f" Proposed by {quoted(report.author)}, who cannot approve it." if report.author else ""
    return f"{start} It touches {touched}.{author}"


def _count(number: int, word: str, words: str = "") -> str:
    return f"{number} {word}" if number == 1 else f"{number:,} {words or word + 's'}"


def _first(items: Sequence[Item], most: int, line: Callable[[Item], str], rest: str, between: str = "\n") -> str:
    """The first lines of a list, and a line that counts the rest."""
    shown = between.join(map(line, items[:most]))
    return shown + (f"{between}{rest.format(f'{len(items) - most:,}')}" if len(items) > most else "")


def _bullets(lines: Sequence[str], most: int) -> str:
    return _first(lines, most, lambda line: f"- {quoted(line)}", "- and {} more")


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]], extent: Extent) -> str:
    rows = list(rows)
    more = [(f"and {len(rows) - extent.rows:,} more", *[""] * (len(headings) - 1))] if len(rows) > extent.rows else []
    return rows_of(headings, [*rows[: extent.rows], *more])


def _approvals(report: Report, extent: Extent) -> str:
    rows = [
        (
            quoted(approval.title),
            quoted(", ".join(approval.people)) or "nobody",
            _first(approval.because, extent.reasons, quoted, "and {} more", between="<br>"),
            "yes",
            "yes" if approval.enforced else "no",
        )
        for approval in report.approvals
    ]
    table = _table(("Role", "Held by", "Because", "Required by policy", "Enforced by CODEOWNERS"), rows, extent)
    if report.unread:
        unknown = "What changed in files that cannot be read is not known, and so it is not known who must approve it."
        return f"{table}\n\n{unknown}" if table else unknown
    return table or "No approval is required."


def _consultations(report: Report, extent: Extent) -> list[str]:
    if not report.consultations:
        return []
    lines = _first(
        report.consultations,
        extent.consulted,
        lambda said: f"- {quoted(said.activity)}: **{quoted(', '.join(said.roles))}**",
        "- and for {} more activities",
    )
    return ["To be consulted, as the responsibility matrix says:", lines]


def _document(document: DocumentSaid, extent: Extent) -> list[str]:
    lines = [f"### {quoted(document.id)} {quoted(document.title)}, {document.change}", f"<code>{quoted(document.path)}</code>"]
    if document.moved_from is not None:
        lines.append(f"It was moved from <code>{quoted(document.moved_from)}</code>.")
    if document.entries:
        rows = [(quoted(entry.name), quoted(entry.old), quoted(entry.new)) for entry in document.entries]
        lines.append(_table(("Entry", "Before", "After"), rows, extent))
    if document.held:
        number, obliging = document.held.sentences, document.held.obliging
        lines.append(f"{_count(number, 'sentence')}, {obliging:,} of them with a word such as shall, should or may.")
        return lines
    lines += _note(document)
    by_heading: dict[str, list[SentenceSaid]] = {}
    for sentence in document.obligations:
        by_heading.setdefault(sentence.heading, []).append(sentence)
    for heading, sentences in by_heading.items():
        lines.append(f"Under **{quoted(heading)}**:")
        lines.append(_first(sentences, extent.rows, _sentence, "- and {} more"))
    if document.wording:
        lines.append("Other sentences, without a word such as shall, should or may:")
        lines.append(_first(document.wording, extent.rows, _sentence, "- and {} more"))
    if document.editorial:
        lines.append(f"{_count(document.editorial, 'editorial change')}, in case, punctuation, spelling or order alone, not listed.")
    return lines


def _note(document: DocumentSaid) -> list[str]:
    note = document.revision_note
    if note is None:
        version = quoted(document.version_step.after or "")
        return [f"No revision note says what version {version} changes."] if document.note_is_missing else []
    lines = [f"Revision note, {note.change}, {quoted(note.date)}: {quoted(note.note)}"]
    if note.belittles:
        lines.append("The note speaks of a clarification, and this change touches an obligation.")
    elif note.change == "obligation" and not document.obligations:
        lines.append("The note speaks of an obligation; no sentence with a word such as shall, should or may has changed.")
    return lines


def _sentence(said: SentenceSaid) -> str:
    effects = "".join(f"\n    - {quoted(effect.kind.value)}: {quoted(effect.said)}" for effect in said.effects)
    if said.before is None:
        return f"- **added** {quoted(said.after or '')}{effects}"
    if said.after is None:
        return f"- **removed** {quoted(said.before)}{effects}"
    return f"- **before** {quoted(said.before)}<br>**after** {quoted(said.after)}{effects}"


def _touches(report: Report, extent: Extent) -> list[str]:
    parts = []
    for title, covers in (
        ("lose their last document", report.requirements.lost),
        ("may have less cover than before", report.requirements.weakened),
        ("gain cover", report.requirements.gained),
    ):
        if covers:
            parts.append(f"Requirements that {title}:")
            parts.append(_first(covers, extent.rows, _cover, "- and {} more"))
    if report.suspects:
        parts.append("To be looked at again, because they rest on what changed:")
        rows = ((quoted(item.name), quoted(item.label), quoted(item.because)) for item in report.suspects)
        parts.append(_table(("What", "Name", "Because"), rows, extent))
    return ["## What it touches", *parts] if parts else []


def _cover(cover: CoverSaid) -> str:
    return f"- {quoted(cover.requirement)} {quoted(cover.title)}: {quoted(cover.why)}"


def _record(record: RecordSaid, extent: Extent) -> str:
    title = f"**{quoted(record.one)} {quoted(record.id)}** {quoted(record.label)}, {record.word}"
    if record.word == "changed":
        rows = [(quoted(entry.name), quoted(entry.old), quoted(entry.new)) for entry in record.fields]
        table = _table(("Entry", "Before", "After"), rows, extent)
    else:
        held = [(quoted(entry.name), quoted(entry.new if record.word == "added" else entry.old)) for entry in record.fields]
        table = _table(("Entry", "What it holds" if record.word == "added" else "What it held"), held, extent)
    return f"{title}\n\n{table}" if table else title


def _governed(entry: OrganisationSaid, extent: Extent) -> list[str]:
    lines = _first(entry.governs, extent.governed, lambda said: f"- {quoted(said.document)}: {quoted(said.sentence)}", "- and {} more")
    return [f"Sentences that {quoted(entry.name)} governs, as they now read:", lines]


def _versions(report: Report, extent: Extent) -> list[str]:
    stepped = [document for document in report.documents if document.version_step.at_least is not None]
    return ["## Version steps", _first(stepped, extent.rows, _version, "- and {} more")] if stepped else []


def _version(document: DocumentSaid) -> str:
    step = document.version_step
    before, after, wanted = quoted(step.before or ""), quoted(step.after or ""), quoted(step.at_least or "")
    went = f"stays at {after}" if step.before == step.after else f"goes from {before} to {after}"
    if not step.fits:
        judged = f"which does not fit: at least {wanted} is asked for"
    elif step.was_draft:
        judged = f"which fits, because it was a draft; of an approved document, such a change asks for at least {wanted}"
    else:
        judged = f"which fits: at least {wanted} is asked for"
    return f"- {quoted(document.id)} {quoted(document.title)} {went}, {judged}."


def _problems(title: str, problems: Sequence[ProblemSaid], extent: Extent) -> list[str]:
    if not problems:
        return []
    rows = [
        (
            quoted(problem.severity.value),
            quoted(problem.code),
            quoted(problem.message),
            quoted(problem.way_out),
            f"<code>{quoted(f'{problem.path}:{problem.line}')}</code>",
        )
        for problem in problems
    ]
    return [title, _table(("Weight", "Code", "What", "Way out", "Where"), rows, extent)]


STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1b2224;background:#fff}"
    "h1,h2,h3{line-height:1.2}h2{margin-top:2rem;border-bottom:1px solid #d5dcdc}table{border-collapse:collapse;width:100%;font-size:.9rem}"
    "th,td{border:1px solid #d5dcdc;padding:.35rem .6rem;text-align:left;vertical-align:top}"
    "th{background:#f4f7f6}code{background:#f4f7f6;padding:0 .2rem}"
    "code{overflow-wrap:anywhere}@media screen and (max-width:45rem){table{display:block;overflow-x:auto}}"
    "@media(prefers-color-scheme:dark){body{color:#e4eaeb;background:#151d1f}th,code{background:#1d282b}th,td,h2{border-color:#3d4a4d}}"
)


def as_html(report: Report, title: str) -> str:
    """The whole report as one file without scripts or links to other places."""
    import markdown  # MkDocs brings it; only this output needs it

    body = markdown.markdown("\n\n".join(_parts(report, WHOLE)), extensions=["tables", "md_in_html", "sane_lists"])
    meta = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    head = f"{meta}<title>{text(title)}</title><style>{STYLE}</style>"
    return f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>\n{body}\n</body></html>\n'
