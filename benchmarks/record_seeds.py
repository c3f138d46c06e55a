"""Faults to be seeded in registers and in `org.yaml`; importing this module adds them to the kinds."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator

from benchmarks.seeds import KINDS, Base, Kind, Seed, kind

__all__ = ["KINDS"]

SOA = "registers/statement-of-applicability.yaml"
ORG = "org.yaml"


def _line(name: str, code: str, registers: tuple[str, ...], pattern: str, new: Callable[[re.Match[str]], str | None]) -> None:
    """A kind that changes one line of a record in a folder; `new` gives the line, or None where the fault cannot be."""

    def seeds(base: Base) -> Iterator[Seed]:
        for register in registers:
            for path in base.records(register):
                for number in base.find(path, pattern):
                    match = re.match(pattern, base.line(path, number))
                    line = new(match) if match else None
                    if line is not None:
                        yield Seed(base.replaced(path, number, *line.split("\n")), ((code, path, number),))

    KINDS.append(Kind(name, code, seeds))


_FOLDERS = ("ai-systems", "datasets", "risks", "incidents", "nonconformities")
_line("record names a role that does not exist", "REG102", _FOLDERS, r"owner: ", lambda found: "owner: chief-of-nothing")
_line(
    "record that says n/a",
    "STA101",
    ("audits", "changes", "nonconformities"),
    r"(resources|method|independence|result|cause): \w",
    lambda found: f"{found.group(1)}: n/a",
)
_line("misspelt word in a record", "REG004", ("risks", "incidents", "audits"), r"(status|state): ", lambda found: f"{found.group(1)}: opne")
_line(
    "date of a record that is not in the calendar",
    "REG004",
    ("risks", "audits", "evidence"),
    r"(assessed_on|planned_for|collected_on): ",
    lambda found: f'{found.group(1)}: "2026-06-31"',
)


@kind("impact assessment of an AI system that does not exist", "REG103")
def _about(base: Base) -> Iterator[Seed]:
    for path in base.records("impact-assessments"):
        number = base.find(path, "about: ")[0]
        system = f"registers/ai-systems/{base.value(path, 'about')}.yaml"
        # The assessment is then none of the system that it was about, of which only risk assessments are left.
        due = (("REG103", path, number), ("REG210", system, base.find(system, "stage: ")[0]))
        yield Seed(base.replaced(path, number, "about: AIS-999"), due)


@kind("record led to something that does not exist", "REG103")
def _led_to(base: Base) -> Iterator[Seed]:
    for path in (*base.records("incidents"), *base.records("concerns")):
        for number in base.find(path, "led_to:$"):
            yield Seed(base.inserted(path, number, "  - NC-2026-999"), (("REG103", path, number + 1),))


@kind("entry of a record that is not known", "REG003")
def _unknown_entry(base: Base) -> Iterator[Seed]:
    for register in _FOLDERS:
        for path in base.records(register):
            number = base.find(path, "owner: ")[0]
            yield Seed(base.inserted(path, number, "ownr: nobody"), (("REG003", path, number + 1),))


@kind("record cannot be read: a value that is not closed", "REG001")
def _unreadable(base: Base) -> Iterator[Seed]:
    for register in ("risks", "audits", "changes"):
        for path in base.records(register):
            number = base.find(path, "title: ")[0]
            yield Seed(base.inserted(path, number - 1, "id: again"), (("REG001", path, number),))


@kind("unfinished merge in a record", "UPD101")
def _merge(base: Base) -> Iterator[Seed]:
    for path in (*base.records("risks"), ORG):
        number = base.find(path, r"status: |eu_market: ")[0]
        line = base.line(path, number)
        yield Seed(base.replaced(path, number, "<" * 7 + " HEAD", line, "=" * 7, line, ">" * 7 + " other"), (("UPD101", path, number),))


@kind("secret in a record or in org.yaml", "SEC105")
def _secret(base: Base) -> Iterator[Seed]:
    for path in (ORG, *base.records("ai-systems"), "registers/suppliers.yaml"):
        yield Seed(base.inserted(path, 1, "# api" + "_key: q7Zt2mRw9x" + "Kb4Vn8Lp"), (("SEC105", path, 2),))


def _rows(base: Base, path: str) -> list[tuple[int, int, str]]:
    """First and last line of each row of a table, and its id."""
    starts = base.find(path, r"  - (?:id|control): ")
    ends = [*(start - 1 for start in starts[1:]), base.texts[path].rstrip("\n").count("\n") + 1]
    return [(start, end, base.line(path, start).split(": ", 1)[1]) for start, end in zip(starts, ends, strict=True)]


def _copy(base: Base, path: str, first: int, last: int) -> list[str]:
    return [base.line(path, number) for number in range(first, last + 1)]


@kind("record id is used twice", "REG101")
def _twice(base: Base) -> Iterator[Seed]:
    for name in ("competence", "measurements", "objectives", "obligations", "suppliers"):
        path = f"registers/{name}.yaml"
        for first, last, _ in _rows(base, path):
            yield Seed(base.inserted(path, last, *_copy(base, path, first, last)), (("REG101", path, last + 1),))


@kind("register addresses a requirement that does not exist", "REG104")
def _unknown_address(base: Base) -> Iterator[Seed]:
    for path in base.texts:
        if path.startswith("registers/"):
            for number in base.find(path, "addresses:$")[:1]:
                yield Seed(base.inserted(path, number, "  - iso42001:A.99.9"), (("REG104", path, number + 1),))


@kind("file is not named after its record", "REG105")
def _renamed(base: Base) -> Iterator[Seed]:
    for register in _FOLDERS:
        for path in base.records(register):
            new = path.removesuffix(".yaml") + "-new.yaml"
            yield Seed({path: None, new: base.texts[path]}, (("REG105", new, base.find(path, "id: ")[0]),))


@kind("approved record without its approval", "REG107")
def _unapproved(base: Base) -> Iterator[Seed]:
    for register in ("ai-systems", "datasets"):
        for path in base.records(register):
            number, last = base.entry(path, "approved")
            if last > number:
                yield Seed(base.replaced(path, number, "approved: null", last=last), (("REG107", path, number),))


@kind("file that belongs to no register", "REG110")
def _stray(base: Base) -> Iterator[Seed]:
    for name in ("risk-old.yaml", "models/MOD-001.yaml", "risks/archive/RSK-000.yaml"):
        yield Seed({f"registers/{name}": "id: RSK-000\n"}, ((("REG110"), f"registers/{name}", 1),))


@kind("AI system in use changed after its impact assessment", "REG201")
def _version(base: Base) -> Iterator[Seed]:
    covered = {base.value(path, "about"): path for path in base.records("impact-assessments")}
    for path in base.records("ai-systems"):
        number = base.find(path, "version: ")[0]
        name = base.value(path, "id")
        if re.search(rf"version: {re.escape(base.value(path, 'version'))}", base.texts[covered[name]]):
            yield Seed(base.replaced(path, number, 'version: "9.0"'), (("REG201", path, number),))
            until = base.find(covered[name], "valid_until: ")[0]
            yield Seed(
                base.replaced(covered[name], until, f'valid_until: "{base.today - datetime.timedelta(days=1)}"'),
                (("REG201", path, number),),
            )


@kind("risk above the acceptable level that nobody accepted", "REG202")
def _unaccepted(base: Base) -> Iterator[Seed]:
    for path in base.records("risks"):
        rating, first, end = (base.find(path, pattern)[0] for pattern in ("residual: ", "acceptance:", "status: "))
        text = base.with_lines(path, first, "acceptance: null", last=end - 1).split("\n")
        text[rating - 1] = "residual: {likelihood: 3, consequence: 4}"
        yield Seed({path: "\n".join(text)}, (("REG202", path, rating),))


@kind("rating is not on the scale", "REG203")
def _off_the_scale(base: Base) -> Iterator[Seed]:
    for path in base.records("risks"):
        number = base.find(path, "initial: ")[0]
        yield Seed(base.replaced(path, number, "initial: {likelihood: 9, consequence: 4}"), (("REG203", path, number),))


@kind("treatment of a risk is overdue", "REG113")
def _untreated(base: Base) -> Iterator[Seed]:
    for path in base.records("risks"):
        due, status = base.find(path, "  due: ")[0], base.find(path, "status: ")[0]
        if datetime.date.fromisoformat(base.line(path, due).split('"')[1]) < base.today:
            yield Seed(base.replaced(path, status, "status: open"), (("REG113", path, due),))


def _held_by(base: Base, role: str) -> tuple[int, int]:
    """First and last line of the holders of a role."""
    first = next(number for number in base.find(ORG, "    held_by:") if number > base.find(ORG, rf"  - id: {role}$")[0])
    last = next(number for number in range(first + 1, first + 20) if not base.line(ORG, number).startswith("      - ")) - 1
    return first, last


@kind("AI system in use that nobody owns or oversees", "REG208")
def _nobody(base: Base) -> Iterator[Seed]:
    systems = base.records("ai-systems")
    for role, pattern in (("ai-system-owner", "owner: "), ("human-oversight-operator", "  operator: ")):
        first, last = _held_by(base, role)
        due = tuple(("REG208", path, base.find(path, pattern)[0]) for path in systems)
        yield Seed(base.replaced(ORG, first, "    held_by: []", last=last), due)
    number = base.find(ORG, "roles:")[0]
    new = base.inserted(ORG, number, "  - id: head-of-planning", "    title: head of planning", "    held_by: []", "    document: null")
    owner = base.find(systems[-1], "owner: ")[0]
    yield Seed(new | base.replaced(systems[-1], owner, "owner: head-of-planning"), (("REG208", systems[-1], owner),))


@kind("AI system in use rests on a supplier without agreement", "REG209")
def _unbound(base: Base) -> Iterator[Seed]:
    path = "registers/suppliers.yaml"
    for first, last, _ in _rows(base, path):
        numbers = {base.line(path, number).strip().split(":")[0]: number for number in range(first, last + 1)}
        about = [number for number in range(numbers["about"], numbers["agreement"]) if "AIS-" in base.line(path, number)]
        if about:
            yield Seed(
                base.replaced(path, numbers["agreement"], "    agreement: null", last=numbers["responsibilities"] - 1),
                (("REG209", path, numbers["agreement"]),),
            )
    for system in base.records("ai-systems"):
        if base.value(system, "origin") == "own":
            number = base.find(system, "origin: ")[0]
            if f"- {base.value(system, 'id')}\n" not in base.texts[path]:
                yield Seed(base.replaced(system, number, "origin: bought"), (("REG209", system, number + 1),))


@kind("control has no row in the Statement of Applicability", "SOA101")
def _no_row(base: Base) -> Iterator[Seed]:
    place = ("SOA101", SOA, base.find(SOA, "records:")[0])
    for first, last, _ in _rows(base, SOA):
        yield Seed(base.replaced(SOA, first, last=last), (place,))


@kind("row of the Statement of Applicability for no control", "SOA102")
def _no_control(base: Base) -> Iterator[Seed]:
    for first, last, _ in _rows(base, SOA):
        rows = _copy(base, SOA, first, last)
        yield Seed(base.inserted(SOA, last, "  - control: iso42001:A.99.9", *rows[1:]), (("SOA102", SOA, last + 1),))


@kind("control has two rows", "SOA103")
def _two_rows(base: Base) -> Iterator[Seed]:
    for first, last, _ in _rows(base, SOA):
        yield Seed(base.inserted(SOA, last, *_copy(base, SOA, first, last)), (("SOA103", SOA, last + 1),))


def _in_row(base: Base, first: int, last: int, key: str) -> int:
    return next(number for number in range(first, last + 1) if base.line(SOA, number).startswith(f"    {key}:"))


@kind("status of a control contradicts the decision", "SOA104")
def _contradiction(base: Base) -> Iterator[Seed]:
    for first, last, _ in _rows(base, SOA):
        if base.line(SOA, first + 1).endswith("included"):
            number = _in_row(base, first, last, "status")
            yield Seed(base.replaced(SOA, number, "    status: not-applicable"), (("SOA104", SOA, number),))


def _excluded(base: Base, *more: str) -> Iterator[tuple[int, int, dict[str, str | bytes | None]]]:
    """Rows that are excluded, or that the seed excludes, with `more` in the place of the day to look again."""
    for first, last, _ in _rows(base, SOA):
        rows = _copy(base, SOA, first, last)
        kept = [line for line in rows if not line.startswith("    revisit:")]
        kept = [re.sub(r"^    status: .*", "    status: not-applicable", line) for line in kept]
        kept = [re.sub(r"^    applicability: .*", "    applicability: excluded", line) for line in kept]
        yield first, first + len(kept), base.replaced(SOA, first, *kept, *more, last=last)


@kind("exclusion that is never looked at again", "SOA105")
def _for_ever(base: Base) -> Iterator[Seed]:
    for first, _, changed in _excluded(base):
        yield Seed(changed, (("SOA105", SOA, first),), follows=("REG309", "SOA110"))  # evidence and documents are then for what is excluded


@kind("exclusion that was to be looked at again", "SOA106")
def _past(base: Base) -> Iterator[Seed]:
    for _, after, changed in _excluded(base, f'    revisit: "{base.today - datetime.timedelta(days=1)}"'):
        yield Seed(changed, (("SOA106", SOA, after),), follows=("REG309", "SOA110"))


@kind("justification that says n/a", "STA104")
def _no_reason(base: Base) -> Iterator[Seed]:
    for first, last, _ in _rows(base, SOA):
        start, end = _in_row(base, first, last, "justification"), _in_row(base, first, last, "driver")
        yield Seed(base.replaced(SOA, start, "    justification: n/a", last=end - 1), (("STA104", SOA, start),))


@kind("parameter that no text uses", "ORG104")
def _parameter(base: Base) -> Iterator[Seed]:
    for number in base.find(ORG, r"  [a-z_]+_(?:days|hours|percent|months|years): \d"):
        yield Seed(base.inserted(ORG, number, "  reveiw_interval: 12"), (("ORG104", ORG, number + 1),))


@kind("parameter out of its bounds", "ORG105")
def _bounds(base: Base) -> Iterator[Seed]:
    for number in base.find(ORG, r"  [a-z_]+_(?:days|percent|months|years): \d"):
        key = base.line(ORG, number).split(":")[0]
        yield Seed(base.replaced(ORG, number, f"{key}: 0"), (("ORG105", ORG, number),))


@kind("role is held by somebody unknown", "ORG107")
def _unknown_holder(base: Base) -> Iterator[Seed]:
    for number in base.find(ORG, "    held_by:$"):
        yield Seed(base.inserted(ORG, number, "      - jane-nobody"), (("ORG107", ORG, number + 1),))


@kind("role is held by somebody who left", "ORG108")
def _left(base: Base) -> Iterator[Seed]:
    people = base.find(ORG, "people:")[0]
    for number in base.find(ORG, r"  - id: "):
        person = base.line(ORG, number).split(": ")[1]
        held = [place for place in base.find(ORG, rf"      - {person}$") if place < people]
        if number > people and held:
            changed = base.inserted(ORG, number, f'    left: "{base.today}"')
            yield Seed(changed, tuple(("ORG108", ORG, place) for place in held))


@kind("role or person id stands twice", "ORG106")
def _two_people(base: Base) -> Iterator[Seed]:
    for number in base.find(ORG, r"  - id: "):
        if number > base.find(ORG, "people:")[0]:
            added = (base.line(ORG, number), "    name: Another Person")
            before = base.inserted(ORG, number - 1, *added)
            yield Seed(before, (("ORG106", ORG, number + 2),))


@kind("role names a document that does not exist", "ORG110")
def _role_document(base: Base) -> Iterator[Seed]:
    for number in base.find(ORG, "    document: "):
        yield Seed(base.replaced(ORG, number, "    document: ROL-999"), (("ORG110", ORG, number),))


@kind("exception for a file that is not there", "ORG113")
def _exception(base: Base) -> Iterator[Seed]:
    for name in ("docs/policies/gone.md", "registers/risks/RSK-999.yaml", "docs/procedures/custmers.md"):
        lines = (
            "checks:",
            "  exceptions:",
            "    - code: DOC304",
            f"      path: {name}",
            "      reason: Decided by the lead.",
            "      decided_by: ai-governance-lead",
            '      until: "2026-12-31"',
        )
        yield Seed(base.inserted(ORG, 1, *lines), (("ORG113", ORG, 5),))
