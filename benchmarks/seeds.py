"""Faults to be seeded: how one is written down, and those of documents, pages and files.

A kind is a generator: for a repository it gives every place where the fault could be, in the order of paths and lines,
each with the changed files and what a check has to say there. It reads text only, and asks nothing of the engine.
"""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

Place = tuple[str, str, int]
"""Code, path and line at which a problem is due."""


@dataclass(frozen=True)
class Base:
    """A repository without faults, in memory."""

    files: Mapping[str, bytes]
    today: datetime.date
    beside: Mapping[str, bytes] = field(default_factory=dict)
    """Files that records refer to and that are not under control, such as those of evidence."""

    @cached_property
    def texts(self) -> dict[str, str]:
        """Markdown and YAML by path."""
        return {path: data.decode("utf-8") for path, data in self.files.items() if path.endswith((".md", ".yaml", ".yml"))}

    @cached_property
    def documents(self) -> list[str]:
        """Paths of documents under control."""
        return [path for path, text in self.texts.items() if path.startswith("docs/") and text.startswith("---\nid: ")]

    @cached_property
    def pages(self) -> list[str]:
        """Paths of index pages."""
        return [path for path, text in self.texts.items() if path.startswith("docs/") and text.startswith("---\ntitle: ")]

    def records(self, register: str) -> list[str]:
        """Paths of the records of a register that is a folder."""
        return [path for path in self.texts if path.startswith(f"registers/{register}/") and not path.endswith("/register.yaml")]

    def find(self, path: str, pattern: str) -> list[int]:
        """Numbers of the lines that match from their beginning."""
        return [number for number, line in enumerate(self.texts[path].split("\n"), 1) if re.match(pattern, line)]

    def line(self, path: str, number: int) -> str:
        """One line, without its end."""
        return self.texts[path].split("\n")[number - 1]

    def entry(self, path: str, key: str) -> tuple[int, int]:
        """Numbers of the first and the last line of an entry in the first column."""
        first = self.find(path, f"{key}:")[0]
        last = first
        while self.line(path, last + 1).startswith("  "):
            last += 1
        return first, last

    def value(self, path: str, key: str) -> str:
        """What stands behind the first `key:` in the first column; empty where there is none."""
        found = re.search(rf"(?m)^{key}: (.*)$", self.texts[path])
        return found.group(1) if found else ""

    def replaced(self, path: str, first: int, *lines: str, last: int | None = None) -> dict[str, str | bytes | None]:
        """The file with other lines in the place of those from `first` to `last`."""
        return {path: self.with_lines(path, first, *lines, last=last)}

    def with_lines(self, path: str, first: int, *lines: str, last: int | None = None) -> str:
        """The text of a file with other lines in the place of those from `first` to `last`."""
        old = self.texts[path].split("\n")
        return "\n".join([*old[: first - 1], *lines, *old[(last or first) :]])

    def inserted(self, path: str, after: int, *lines: str) -> dict[str, str | bytes | None]:
        """The file with lines put in after one."""
        return self.replaced(path, after + 1, *lines, last=after)


@dataclass(frozen=True)
class Seed:
    """One fault at one place."""

    changes: dict[str, str | bytes | None]
    """New contents by path; None takes a file away."""
    due: tuple[Place, ...]
    """Every problem that this fault is; all of them have to be said."""
    links: tuple[str, ...] = ()
    """Paths of symbolic links that come with it."""
    follows: tuple[str, ...] = ()
    """Codes of further problems that are true of the changed files, and not what was seeded."""


Seeding = Callable[[Base], Iterator[Seed]]
"""Gives the places where a fault could be, each with the fault."""


@dataclass(frozen=True)
class Kind:
    """One kind of fault."""

    name: str
    code: str
    seeds: Seeding = field(repr=False)


KINDS: list[Kind] = []


def kind(name: str, code: str) -> Callable[[Seeding], Seeding]:
    """Register a generator of seeds."""

    def register(seeds: Seeding) -> Seeding:
        KINDS.append(Kind(name, code, seeds))
        return seeds

    return register


def _entry(name: str, code: str, key: str, new: Callable[[Base, str], str | None], *follows: str) -> None:
    """A kind that changes one line of front matter; `new` gives the value, or None where the fault cannot be."""

    def seeds(base: Base) -> Iterator[Seed]:
        for path in base.documents:
            number, last = base.entry(path, key)
            value = new(base, path)
            if value is not None:
                yield Seed(base.replaced(path, number, f"{key}: {value}", last=last), ((code, path, number),), follows=follows)

    KINDS.append(Kind(name, code, seeds))


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(_found(r"\d{4}-\d{2}-\d{2}", text).group())


def _found(pattern: str, text: str) -> re.Match[str]:
    match = re.search(pattern, text)
    assert match is not None, f"'{text}' has no {pattern}"
    return match


def _approval(base: Base, path: str, by: str | None = None, date: str | None = None) -> str:
    entries = dict(re.findall(r"(?m)^  (by|date|as_role|sha256|parts): (.*)$", base.texts[path]))
    entries |= {name: value for name, value in (("by", by), ("date", date and f'"{date}"')) if value}
    return ", ".join(f"{name}: {value}" for name, value in entries.items()).join("{}")


def _in_date(base: Base, path: str) -> bool:
    return _day(base.value(path, "next_review")) >= base.today


def _by_owner(base: Base, path: str) -> str | None:
    return None if base.value(path, "type") == "role" else _approval(base, path, by=base.value(path, "owner"))


def _review_before(base: Base, path: str) -> str | None:
    return f'"{_day(_approval(base, path)) - datetime.timedelta(days=1)}"' if _in_date(base, path) else None


def _overdue(base: Base, path: str) -> str | None:
    return f'"{base.today - datetime.timedelta(days=1)}"' if _in_date(base, path) else None


_entry("owner is no role", "DOC202", "owner", lambda base, path: "chief-of-nothing")
_entry("approver is unknown", "DOC203", "approved", lambda base, path: _approval(base, path, by="jane-nobody"))
_entry("approver is the owner", "DOC204", "approved", _by_owner)
_entry("approved without an approval", "DOC301", "approved", lambda base, path: "null")
_entry(
    "approved tomorrow",
    "DOC303",
    "approved",
    lambda base, path: _approval(base, path, date=str(base.today + datetime.timedelta(days=1))),
    "REG334",
)
_entry("review is overdue by a day", "DOC304", "next_review", _overdue)
_entry("next review lies before the approval", "DOC304", "next_review", _review_before)
_entry("misspelt word in `status`", "DOC004", "status", lambda base, path: "aproved")
_entry("date that is not in the calendar", "DOC004", "next_review", lambda base, path: '"2027-02-30"')


def _after_heading(base: Base, path: str) -> int:
    return base.find(path, "## ")[0]


def _sentence(name: str, code: str, *lines: str, at: int = 0) -> None:
    """A kind that adds a paragraph to a document beneath its first heading; the problem is due on its line `at`."""

    def seeds(base: Base) -> Iterator[Seed]:
        for path in base.documents:
            after = _after_heading(base, path)
            yield Seed(base.inserted(path, after, "", *lines), ((code, path, after + 2 + at),))

    KINDS.append(Kind(name, code, seeds))


_sentence("placeholder is left in a text", "STA101", "The policy is kept by [Name of the owner].")
_sentence("section that says n/a", "STA101", "N/A")
_sentence("text names a control that does not exist", "TRC101", "This answers iso42001:A.99.9 in full.")
_sentence("text names a control without its standard", "TRC102", "This answers A.6.2.4 in full.")
_sentence("macro names a record that does not exist", "TRC103", 'It rests on {{ record("RSK-999") }}.')
_sentence("macro names a parameter that does not exist", "TRC103", 'It is done every {{ param("review_interval_weeks") }} weeks.')
_sentence("macro that does not exist", "SEC202", 'It is shown in {{ risk_table("all") }}.')
_sentence("template code in a page", "SEC202", "{% for role in roles %}{{ role }}{% endfor %}")
_sentence("token in a document", "SEC105", "The service is reached with " + "gh" + "p_R4tq9LmZ2vXc7Bn1Ks5Hd8Wf3Jg6Py0TuEoA.")
_sentence("password in an address", "SEC105", "It lies at https://reader:kettle" + "4river@db.tarnmoor.example/risks.")
_sentence(
    "unfinished merge in a document", "UPD101", "<" * 7 + " HEAD", "The lead decides.", "=" * 7, "The board decides.", ">" * 7 + " other"
)


@kind("draft with an approval", "DOC302")
def _approved_draft(base: Base) -> Iterator[Seed]:
    for path in base.documents:
        number = base.find(path, "status: ")[0]
        due = (("DOC302", path, base.entry(path, "approved")[0]),)
        yield Seed(base.replaced(path, number, "status: draft"), due, follows=("REG331",))  # some have read the draft


def _last_address(base: Base, path: str) -> int:
    first = base.find(path, "addresses:")[0]
    return next(number for number in itertools.count(first + 1) if not base.line(path, number).startswith("  - ")) - 1


@kind("requirement in `addresses` that does not exist", "DOC101")
def _unknown_address(base: Base) -> Iterator[Seed]:
    for path in base.documents:
        last = _last_address(base, path)
        yield Seed(base.inserted(path, last, "  - iso42001:A.99.9"), (("DOC101", path, last + 1),))


@kind("requirement twice in `addresses`", "DOC106")
def _repeated_address(base: Base) -> Iterator[Seed]:
    for path in base.documents:
        last = _last_address(base, path)
        first = base.find(path, "addresses:")[0] + 1
        yield Seed(base.inserted(path, last, base.line(path, first)), (("DOC106", path, last + 1),))


@kind("requirement without its catalogue in `addresses`", "DOC005")
def _bare_address(base: Base) -> Iterator[Seed]:
    for path in base.documents:
        last = _last_address(base, path)
        yield Seed(base.inserted(path, last, '  - "A.5.2"'), (("DOC005", path, last + 1),))


@kind("requirement asks for a document that no longer answers it", "TRC201")
def _unanswered(base: Base) -> Iterator[Seed]:
    blocks = re.split(r"(?m)^  - id: ", base.texts["controls/iso42001.yaml"])
    asked = {block.split("\n", 1)[0].strip('"') for block in blocks if re.search(r"(?m)^        basis: (?:explicit|record)$", block)}
    place = ("TRC201", "org.yaml", base.find("org.yaml", "statement_of_applicability:")[0])
    for path in base.documents:
        for number in base.find(path, r"  - iso42001:"):
            target = base.line(path, number).split(":", 1)[1]
            alone = sum(text.count(f"- iso42001:{target}\n") for text in _heads(base)) == 1
            if target in asked and alone and sum(line.startswith("  - ") for line in _addresses(base, path)) > 1:
                yield Seed(base.replaced(path, number, last=number), (place,))


def _addresses(base: Base, path: str) -> list[str]:
    first = base.find(path, "addresses:")[0]
    return [base.line(path, number) for number in range(first + 1, _last_address(base, path) + 1)]


def _heads(base: Base) -> Iterator[str]:
    for path, text in base.texts.items():
        if path in base.documents:
            yield text.split("\n---\n", 1)[0] + "\n"
        elif path.startswith("registers/") and (path.count("/") == 1 or path.endswith("/register.yaml")):
            yield text.split("\nrecords:", 1)[0] + "\n"


@kind("document id is used twice", "DOC102")
def _twice(base: Base) -> Iterator[Seed]:
    for path in base.documents:
        new = path.removesuffix(".md") + "~2.md"
        yield Seed({new: base.texts[path]}, (("DOC102", new, 2),))


@kind("document id does not fit its type", "DOC103")
def _wrong_type(base: Base) -> Iterator[Seed]:
    for path in base.documents:
        if base.value(path, "type") == "procedure":
            number = base.find(path, "type: ")[0]
            yield Seed(base.replaced(path, number, "type: system"), (("DOC103", path, base.find(path, "id: ")[0]),))


@kind("front matter is out of order", "DOC104")
def _order(base: Base) -> Iterator[Seed]:
    for path in base.documents:
        number = base.find(path, "version: ")[0]
        lines = (base.line(path, number + 1), base.line(path, number))
        yield Seed(base.replaced(path, number, *lines, last=number + 1), (("DOC104", path, number),))


@kind("front matter has an entry that is not known", "DOC003")
def _unknown_key(base: Base) -> Iterator[Seed]:
    for path in base.documents:
        number = base.find(path, "owner: ")[0]
        yield Seed(base.inserted(path, number, "reviewer: internal-auditor"), (("DOC003", path, number + 1),))


@kind("front matter has an entry twice", "DOC001")
def _repeated_key(base: Base) -> Iterator[Seed]:
    for path in base.documents:
        number = base.find(path, "classification: ")[0]
        yield Seed(base.inserted(path, number, "classification: public"), (("DOC001", path, number + 1),))


@kind("front matter that MkDocs reads as empty: blank line before it", "DOC001")
def _late(base: Base) -> Iterator[Seed]:
    for path in base.documents:
        yield Seed({path: "\n" + base.texts[path]}, (("DOC001", path, 2),))


@kind("front matter that MkDocs reads as empty: not closed", "DOC001")
def _unclosed(base: Base) -> Iterator[Seed]:
    for path in base.documents:
        yield Seed(base.replaced(path, base.find(path, "---$")[1]), (("DOC001", path, 1),))


@kind("document does not show its header", "DOC107")
def _no_header(base: Base) -> Iterator[Seed]:
    for path in base.documents:
        number = base.find(path, r"\{\{ document_header\(\) \}\}")[0]
        yield Seed(base.replaced(path, number, ""), (("DOC107", path, base.find(path, "---$")[1] + 1),))


@kind("document builds on an ISMS document that does not exist", "DOC201")
def _unknown_ground(base: Base) -> Iterator[Seed]:
    for path in base.documents:
        for number in base.find(path, "builds_on:"):
            yield Seed(base.inserted(path, number, "  - ISM-999"), (("DOC201", path, number + 1),))


@kind("page without front matter", "DOC105")
def _uncontrolled(base: Base) -> Iterator[Seed]:
    for path in base.pages:
        new = path.removesuffix("index.md") + "notes.md"
        yield Seed({new: "# Notes\n\nAll models shall be approved.\n"}, (("DOC105", new, 1),))


@kind("front matter takes the name of a macro", "SEC201")
def _shadow(base: Base) -> Iterator[Seed]:
    for path in base.pages:
        yield Seed(base.inserted(path, 2, "soa_table: all controls are implemented"), (("SEC201", path, 3),))


@kind("symbolic link among the documents and records", "SEC101")
def _link(base: Base) -> Iterator[Seed]:
    for folder in sorted({path.rsplit("/", 1)[0] for path in base.texts if path.startswith(("docs/", "registers/"))}):
        path = f"{folder}/shared.md"
        yield Seed({}, (("SEC101", path, 1),), (path,))


@kind("file is not UTF-8", "SEC102")
def _latin(base: Base) -> Iterator[Seed]:
    for path in base.documents:
        number = _after_heading(base, path)
        changed = base.with_lines(path, number + 1, "", "Caf§", last=number).encode().replace("§".encode(), b"\xe9")
        yield Seed({path: changed}, (("SEC102", path, number + 2),))


@kind("file name that Windows forbids", "SEC103")
def _forbidden(base: Base) -> Iterator[Seed]:
    names = ("aux.png", "plan: 2026.png", "what?.png", "chart.")
    for index, path in enumerate(base.pages):
        new = path.removesuffix("index.md") + names[index % len(names)]
        yield Seed({new: b""}, (("SEC103", new, 1),), follows=("SEC126",) if new.endswith(".") else ())  # which has no type then


@kind("two file names differ only in case", "SEC104")
def _case(base: Base) -> Iterator[Seed]:
    for path in base.pages:
        folder = path.removesuffix("index.md")
        yield Seed({folder + "Chart.png": b"", folder + "chart.png": b""}, (("SEC104", folder + "chart.png", 1),))
    for path in base.pages:
        folder = path.removesuffix("/index.md")
        first = next(name for name in sorted(base.files) if name.startswith(folder + "/"))
        above, _, name = folder.rpartition("/")
        if above:
            yield Seed({f"{above}/{name.capitalize()}/chart.png": b""}, (("SEC104", first, 1),))


@kind("everything was approved on one day", "STA102")
def _one_day(base: Base) -> Iterator[Seed]:
    for ago in (1, 20, 40):
        day = str(base.today - datetime.timedelta(days=ago))
        changes: dict[str, str | bytes | None] = {}
        for path in base.documents:
            changes |= base.replaced(path, base.find(path, "  date: ")[0], f'  date: "{day}"')
        first = base.documents[0]
        late = [path for path in base.documents if not _in_date(base, path) and _day(base.value(path, "next_review")) < _day(day)]
        due = tuple(("DOC304", path, base.find(path, "next_review: ")[0]) for path in late)
        # Documents were then read before the approval that the front matter tells of, and past the days that were given.
        follows = ("DOC207", "REG334", "REG335")
        yield Seed(changes, (("STA102", first, base.find(first, "  date: ")[0]), *due), follows=follows)
