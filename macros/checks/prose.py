"""STA: tells of texts, dates and decisions that nobody has made their own."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from macros.cache import cached_by_text, kept_by_identity
from macros.checks.registry import Said, check
from macros.facts.computed import Facts
from macros.model.base import Model
from macros.model.document import DocumentStatus, DocumentType
from macros.model.records.applicability import SoaEntry
from macros.model.records.kinds import SOA
from macros.model.workspace import Document, Page
from macros.problem import Location, Severity
from macros.text.blocks import BlockKind, TooDeep
from macros.text.markdown import blocks
from macros.text.words import squeezed

MANY, SOME, ROWS, WORDS, LINE = 10, 5, 3, 5, 40
"""Documents on one day, documents with one review day, rows with one justification, words of a justification, letters of a line."""

_BLANKS = (
    "name|date|day|month|year|company|organi[sz]ation|insert|enter|fill|your|our|role|title|department|person|placeholder|number|email"
)
_HTML = (
    "a|abbr|article|aside|audio|b|blockquote|br|button|caption|center|cite|code|col|colgroup|dd|del|details|dfn|div|dl|dt|em|figcaption|"
    "figure|font|footer|h[1-6]|header|hr|i|iframe|img|input|ins|kbd|label|li|main|mark|nav|ol|p|picture|pre|q|s|samp|section|small|source|"
    "span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|tfoot|th|thead|time|tr|tt|u|ul|var|video|wbr"
)
_PLACEHOLDER = re.compile(
    rf"""
      (?P<bracket>
        (?<![\w\]!\\]) \\? \[ (?!TOC\]) (?: [A-Z][^\W\d_] | (?i:{_BLANKS})\b ) (?: [^\W\d_] | [ ,'’/&_-] ){{0,80}} \\? \] (?! [(\[] )
      )
    | (?P<angle>
        (?: \\?< | &lt; ) (?! (?i:{_HTML}) (?![\w-]) ) [^\W\d_] [^\W_]{{0,40}} (?: [ _-]{{1,3}} [^\W_]{{1,40}} ){{0,8}} (?: \\?> | &gt; )
      )
    | (?P<rule> (?: \\?_ ){{4,}} )
    | (?P<later> \b (?: (?i: TB[DC] | lorem\s+ipsum ) | FIX-?ME | TO-?DO ) \b )
    | (?P<cross> (?<! [^\W\d_] ) X{{2,}} (?! [^\W\d_] ) )
    """,
    re.VERBOSE,
)
_SAYS_NOTHING = re.compile(r"^[\s>*+-]{0,9}(n/?a|not applicable|not relevant)[.!]?\s*$", re.IGNORECASE)
"""A whole line, or a whole entry of a record, in the place of a decision."""
_BLANK = re.compile(r"^(?:-{1,3}|\?{1,5}|\.{3}|…|tb[dc]|none yet)\.?$", re.IGNORECASE)
"""An entry of a record that was left for later."""
_SIGNS = ("[", "<", "&", "_", "XX", "TO", "FIX")
_FOLDED_SIGNS = ("tbd", "tbc", "lorem")
"""Without one of these no placeholder is in a line; looked for first, because most lines have none."""
_ROMAN = re.compile(r"(?:annex|appendix|article|chapter|part|section|title|volume)\s{1,3}$", re.IGNORECASE)
"""What stands before XX where it is the number twenty."""
_VAGUE = re.compile(
    r"\b(?:appropriate(?:ly)?|(?:as|if|when|where|wherever|whenever)\s+(?:needed|necessary)|regularly|timely|periodically|adequate(?:ly)?"
    r"|sufficient(?:ly)?|promptly|without\s+undue\s+delay|as\s+soon\s+as\s+possible|best[ -]practices?|etc)\b(?:\.(?=[\s,;)]))?",
    re.IGNORECASE,
)
_STEMS: tuple[str, ...] = ("appropriate", "needed", "necessary", "regularly", "timely", "periodically", "adequate", "sufficient")
_STEMS += ("promptly", "undue", "possible", "practice", "etc")
"""Without one of these no vague word is in a line; looked for first, because most lines have none."""
_ELSEWHERE = (SOA, "isms-documents", "external-documents")
"""Registers of which this rule says nothing: justifications have one of their own, and lists of documents copy what others wrote."""
_QUOTED = re.compile(r"\"[^\"\n]{1,80}\"|“[^”\n]{1,80}”|‘[^’\n]{1,80}’|(?<!\w)'[^'\n]{1,80}'(?!\w)")
_WAY_OUT = "write what holds here"
_JUDGED = (DocumentType.POLICY, DocumentType.PROCEDURE, DocumentType.DATA_MANAGEMENT)
_EMPTY = re.compile(
    r"\b(?:n/?\.?a|not applicable|not relevant|see above|as above|(?:as )?per (?:the |our )?polic(?:y|ies)|ditto|standard practice)\b"
)
_FILLERS = re.compile(
    r"\b(?:an?|and|any|applies|as|at|because|company|control|does|for|here|in|is|it|of|organi[sz]ation|our|scope|standard|that|the|this|to|us"
    r"|we|you)\b"
)


@check("STA101", "Placeholder is left in the text")
def placeholder(facts: Facts) -> Iterator[Said]:
    """A blank that nobody filled in shows that nobody read the text before it was approved."""
    if not facts.workspace.organisation:
        return
    pages: list[Document | Page] = [*facts.workspace.documents, *facts.workspace.pages]
    for page in pages:
        for number, shown, way_out in _tells(page.body, page.body_line)[0]:
            yield Location(page.path, number), f"'{shown}' stands where a decision belongs", way_out
    for record in facts.workspace.all_records:
        if record.kind.name not in _ELSEWHERE:
            for at, shown in _left_open(record.value):
                yield record.data.at(*at), f"'{shown}' stands where a decision belongs", _WAY_OUT


@kept_by_identity()
def _left_open(record: Model) -> tuple[tuple[tuple[str | int, ...], str], ...]:
    """Entries of a record that were left for later, with their places."""
    found: list[tuple[tuple[str | int, ...], str]] = []
    for at, text in _texts(record.model_dump()):
        match = _SAYS_NOTHING.match(text) or _BLANK.match(text)
        if match is None and _may_be_open(text, text.casefold()):
            match = _PLACEHOLDER.fullmatch(text.strip())
        if match:
            found.append((at, match.group().strip()[:60]))
    return tuple(found)


@cached_by_text("tells")
def _tells(body: str, first_line: int) -> tuple[tuple[tuple[int, str, str], ...], tuple[tuple[int, str], ...]]:
    """Placeholders with line and way out, and vague words with their line: both out of one reading of the running text."""
    blanks: list[tuple[int, str, str]] = []
    vague_words: list[tuple[int, str]] = []
    for number, lines, is_row in _running(body, first_line):
        for at, line in enumerate(lines, number):
            if len(line) < LINE and not is_row and (blank := _SAYS_NOTHING.match(line)):
                blanks.append((at, blank.group(1), "write what holds here, or take the part out"))
        text = "\n".join(lines)
        squeezed = text.casefold()
        if any(stem in squeezed for stem in _STEMS):
            said = _QUOTED.sub(" ", text)
            found = (
                (number + said.count("\n", 0, match.start()), " ".join(match.group().lower().split())) for match in _VAGUE.finditer(said)
            )
            vague_words += dict.fromkeys(found)
        if not _may_be_open(text, squeezed):
            continue
        for match in _PLACEHOLDER.finditer(text):
            if not (match["cross"] and _ROMAN.search(text, max(0, match.start() - 20), match.start())):
                blanks.append((number + text.count("\n", 0, match.start()), " ".join(match.group().split())[:60], _WAY_OUT))
    return tuple(sorted(blanks, key=lambda blank: blank[0])), tuple(vague_words)


def _running(body: str, first_line: int) -> Iterator[tuple[int, tuple[str, ...], bool]]:
    """The line on which each block of running text begins, its lines, and whether it is a row of a table."""
    try:
        found = blocks(body, first_line)
    except TooDeep:  # which has a rule of its own
        return
    for block in found:
        if block.kind is not BlockKind.CODE:
            yield block.line, block.running, block.kind is BlockKind.ROW


def _may_be_open(text: str, squeezed: str) -> bool:
    """Whether a text, given also without regard to case, holds a sign of a placeholder; plain searches are the quickest here."""
    return any(sign in text for sign in _SIGNS) or any(sign in squeezed for sign in _FOLDED_SIGNS)


def _texts(value: object, at: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text in a record, with its place."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict | list | tuple):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _texts(part, (*at, key))


def _approved(facts: Facts) -> list[Document]:
    return [document for document in facts.workspace.documents if document.head.value.status is DocumentStatus.APPROVED]


@check("STA102", "Many documents were approved on one day", Severity.WARNING)
def approved_at_once(facts: Facts) -> Iterator[Said]:
    """Nobody reads more than ten documents in a day well enough to answer for them; an auditor will ask how it was done."""
    by_day: dict[object, list[Document]] = defaultdict(list)
    approved = [document for document in _approved(facts) if document.head.value.approved]
    for document in approved:
        if document.head.value.approved:
            by_day[document.head.value.approved.date].append(document)
    for day, documents in sorted(by_day.items(), key=lambda item: str(item[0])):
        if len(documents) > MANY and 2 * len(documents) > len(approved):
            yield (
                documents[0].head.at("approved", "date"),
                f"{len(documents)} of {len(approved)} approved documents were approved on {day}",
                "approve in portions that somebody can read, and enter the day on which each was decided",
            )


@check("STA103", "All reviews fall on one day", Severity.NOTE)
def reviewed_at_once(facts: Facts) -> Iterator[Said]:
    """A date that was copied plans nothing: on that day either everything is reviewed, or everything is overdue."""
    documents = [document for document in _approved(facts) if document.head.value.next_review]
    days = {document.head.value.next_review for document in documents}
    if len(documents) > SOME and len(days) == 1:
        yield (
            documents[0].head.at("next_review"),
            f"all {len(documents)} approved documents are to be reviewed on {days.pop()}",
            "spread the reviews over the year, by risk and by the work of their owners",
        )


@check("STA104", "Justification says nothing", Severity.WARNING)
def empty_justification(facts: Facts) -> Iterator[Said]:
    """The Statement of Applicability gives a reason for each control in or out (6.1.3); one that fits every row gives none."""
    rows = [(record, record.value.justification) for record in facts.workspace.records(SoaEntry)]
    count = Counter(_core(text) for _, text in rows)
    told: set[str] = set()
    way_out = "write the risk, duty or fact that decides it, in a sentence an auditor can test"
    for record, text in rows:
        core = _core(text)
        if len(text.split()) < WORDS or _says_nothing(core):
            yield record.data.at("justification"), f"'{text}' does not say why '{record.id}' is included or excluded", way_out
        elif count[core] > ROWS and core not in told:
            told.add(core)
            yield record.data.at("justification"), f"{count[core]} rows have the justification of '{record.id}', word for word", way_out


def _core(text: str) -> str:
    return squeezed(text).strip(" .;,!")


def _says_nothing(core: str) -> bool:
    rest, found = _EMPTY.subn(" ", core)
    return found > 0 and not re.search(r"\w", _FILLERS.sub(" ", rest))


@check("STA105", "Vague word stands in for a decision", Severity.NOTE)
def vague(facts: Facts) -> Iterator[Said]:
    """Whether something was done as needed or in time can be told only where the text says when, how often and by whom."""
    for document in facts.workspace.documents:
        if document.head.value.type not in _JUDGED:
            continue
        for number, word in _tells(document.body, document.body_line)[1]:
            yield Location(document.path, number), f"'{word}' leaves open what is to be done", "say when, how much, or who decides"
