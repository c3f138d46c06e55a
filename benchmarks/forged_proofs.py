"""Forgeries of what a gate rests on: verification, changes, risks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from benchmarks.forged_gate import CHANGE, LEAD, NUMBERS, SYSTEM
from benchmarks.forging import Desk, Forgery, Stop, kind, stop
from benchmarks.seeds import Base

VERIFIED = {"001": "EV-001", "002": "EV-021", "003": "EV-022"}
"""The verification report of each AI system."""
BROUGHT = {"001": "003", "002": "001", "003": "004"}
"""The change that brought the version of each AI system."""
FAILED = "# Verification and validation report\n\nAll tests failed.\n"
RISK = "registers/risks/RSK-{}.yaml"


def evidence(number: str) -> tuple[str, str, Stop]:
    """Record and file of the verification of an AI system, and the gate that rests on it."""
    name = VERIFIED[number]
    return f"registers/evidence/{name}.yaml", f"evidence/{name}-verification-report-ais-{number}.md", stop(f"AIS-{number}", "verified")


def sha256(text: str) -> str:
    """As it stands in a record."""
    return f'"{hashlib.sha256(text.encode()).hexdigest()}"'


@kind("verification report deleted")
def _deleted(base: Base) -> Iterator[Forgery]:
    for number in NUMBERS:
        _, file, where = evidence(number)
        yield Desk(base).write(file, None).forgery(where, codes=("REG306",))


@kind("verification report replaced by one that says that all tests failed")
def _replaced(base: Base) -> Iterator[Forgery]:
    for number in NUMBERS:
        _, file, where = evidence(number)
        yield Desk(base).write(file, FAILED).forgery(where, codes=("REG305",))
        yield Desk(base).write(file, "").forgery(where, codes=("REG305",))


@kind("verification report replaced, and its fingerprint with it")
def _replaced_whole(base: Base) -> Iterator[Forgery]:
    for number in NUMBERS:
        record, file, _ = evidence(number)
        yield Desk(base).write(file, FAILED).entry(record, "sha256", sha256(FAILED)).forgery()


@kind("empty file as verification report, with its own fingerprint")
def _empty(base: Base) -> Iterator[Forgery]:
    for number in NUMBERS:
        record, file, where = evidence(number)
        for text in ("", "\n", "   \n\n"):
            yield Desk(base).write(file, text).entry(record, "sha256", sha256(text)).forgery(where, codes=("REG312",))


@kind("result of a verification failed, withdrawn or not said")
def _result(base: Base) -> Iterator[Forgery]:
    for number in NUMBERS:
        record, _, where = evidence(number)
        for value in ("failed", "null", None):
            yield Desk(base).entry(record, "result", value).forgery(where)


@kind("verification that failed before, said to have passed")
def _passed(base: Base) -> Iterator[Forgery]:
    for number in NUMBERS:
        record, _, _ = evidence(number)
        before = Desk(base).entry(record, "result", "failed").changes
        yield Desk(base, before).entry(record, "result", "passed").forgery(by_history=True)


@kind("verification of another version, or of none")
def _version(base: Base) -> Iterator[Forgery]:
    for number in NUMBERS:
        record, _, where = evidence(number)
        for value in ('"1.0"', "null", '"v2.1"'):
            yield Desk(base).entry(record, "version", value).forgery(where)


@kind("version of an AI system and of its verification raised without a new test")
def _raised(base: Base) -> Iterator[Forgery]:
    for number in NUMBERS:
        record, _, _ = evidence(number)
        desk = Desk(base).entry(record, "version", '"9.0"').swap(SYSTEM.format(number), r"^version: .*", 'version: "9.0"')
        yield desk.seal(f"AIS-{number}").forgery(stop(f"AIS-{number}", "impact-assessment"), stop(f"AIS-{number}", "released"))


@kind("verification that lies at an address only")
def _address(base: Base) -> Iterator[Forgery]:
    for number in NUMBERS:
        record, _, where = evidence(number)
        for address in ("https://files.example/report", "https://files.example/report.md"):
            desk = Desk(base).entry(record, "reference", address)
            yield desk.forgery(where)
            yield desk.entry(record, "sha256", "null").entry(record, "sensitivity", "by-reference").forgery(where)


@kind("fingerprint of a verification removed, or that of another file")
def _fingerprint(base: Base) -> Iterator[Forgery]:
    for number, other in (("001", "002"), ("002", "003"), ("003", "001")):
        record, _, where = evidence(number)
        yield Desk(base).entry(record, "sha256", "null").forgery(where, codes=("REG307",))
        value = base.value(evidence(other)[0], "sha256")
        yield Desk(base).entry(record, "sha256", value).forgery(where, codes=("REG305",))


@kind("file of one AI system's verification used for another")
def _borrowed(base: Base) -> Iterator[Forgery]:
    for number, other in (("001", "002"), ("002", "003"), ("003", "001")):
        record, _, where = evidence(number)
        desk = Desk(base).entry(record, "reference", evidence(other)[1])
        yield desk.entry(record, "sha256", base.value(evidence(other)[0], "sha256")).forgery(where, codes=("REG311",))


@kind("verification about another AI system, or about all of them")
def _about(base: Base) -> Iterator[Forgery]:
    for number, other in (("001", "002"), ("002", "003"), ("003", "001")):
        record, _, where = evidence(number)
        yield Desk(base).entry(record, "about", f"[AIS-{other}]").forgery(where)
        yield Desk(base).entry(record, "about", "[]").forgery(where)


@kind("dates of a verification forged")
def _dates(base: Base) -> Iterator[Forgery]:
    for number in NUMBERS:
        record, _, where = evidence(number)
        yield Desk(base).entry(record, "collected_on", '"2031-01-01"').forgery(where, codes=("REG301",))
        yield Desk(base).entry(record, "valid_until", '"2026-11-15"').forgery(where)
        yield Desk(base).entry(record, "period_to", '"2026-12-15"').forgery(where, codes=("REG302",))


def change(number: str, approved: bool = True) -> tuple[str, str, Stop]:
    """Path and id of the change that brought a version, and the gate that rests on it."""
    return CHANGE.format(BROUGHT[number]), f"CHG-2026-{BROUGHT[number]}", stop(f"AIS-{number}", "released")


def decision(gate: int, word: str, by: str = "ines-carvalho", role: str = LEAD, date: str = "2026-10-30", more: str = "") -> str:
    """A decision at a gate, as it stands in a change."""
    return f'  - {{gate: {gate}, decision: {word}, by: {by}, as_role: {role}, date: "{date}"{more}}}\n'


@kind("later decision of a gate with no-go")
def _no_go(base: Base) -> Iterator[Forgery]:
    for number in NUMBERS:
        path, _, where = change(number)
        for gate in (3, 4):
            yield Desk(base).write(path, Desk(base).text(path) + decision(gate, "no-go")).forgery(where)


@kind("decision with conditions of which none is entered, one is overdue, or one is met in the future")
def _conditional(base: Base) -> Iterator[Forgery]:
    for number in NUMBERS:
        path, _, where = change(number)
        for more in (
            "",
            ', conditions: [{what: Measure it., owner: ai-system-owner, due: "2026-11-10", met_on: null}]',
            ', conditions: [{what: Measure it., owner: ai-system-owner, due: "2026-11-10", met_on: "2031-01-01"}]',
        ):
            yield Desk(base).write(path, Desk(base).text(path) + decision(4, "conditional", more=more)).forgery(where)


@kind("decision of a gate on a day to come")
def _ahead(base: Base) -> Iterator[Forgery]:
    for number in NUMBERS:
        path, _, where = change(number)
        yield Desk(base).write(path, Desk(base).text(path) + decision(4, "go", date="2031-01-15")).forgery(where)


@kind("gate 4 decided before gate 3, or without it")
def _order(base: Base) -> Iterator[Forgery]:
    for number in NUMBERS:
        path, _, where = change(number)
        yield Desk(base).write(path, Desk(base).text(path) + decision(3, "go")).forgery(where)
        yield Desk(base).swap(path, r"^  - (?:\{gate: 3.*\n|gate: 3\n(?:    .*\n)+)", "").forgery(where)
        yield Desk(base).swap(path, r"^decisions:\n(?:  .*\n)+", "").forgery(where)


@kind("decision of a gate by nobody who may")
def _decider(base: Base) -> Iterator[Forgery]:
    for number, owner in (("001", "deirdre-nolan"), ("002", "felix-brandt"), ("003", "aoife-keane")):
        path, _, where = change(number)
        for by, role in (
            (owner, "ai-system-owner"),
            ("niamh-burke", "human-oversight-operator"),
            ("helen-osei", LEAD),
            ("orla-fitz", LEAD),
        ):
            desk = Desk(base).write(path, Desk(base).text(path) + decision(4, "go", by, role))
            yield desk.forgery(where, codes=("REG114",))


@kind("result of a change that says that it was rejected")
def _rejected(base: Base) -> Iterator[Forgery]:
    for number in NUMBERS:
        path, _, where = change(number)
        for text in (
            "Gate 4 rejected the release.",
            "The AI governance lead decided no-go at gate 4; it was put into operation all the same.",
            "The version was not approved.",
        ):
            yield Desk(base).entry(path, "result", text).forgery(where, codes=("REG116",))


@kind("change that brings another version, or is about another AI system")
def _other(base: Base) -> Iterator[Forgery]:
    for number, other in (("001", "002"), ("002", "003"), ("003", "001")):
        path, name, where = change(number)
        yield Desk(base).entry(path, "version", '"0.9"').seal(name).forgery(where)
        yield Desk(base).entry(path, "about", f"[AIS-{other}]").seal(name).forgery(where)


@kind("risk above the acceptable level closed by hand, with nobody's acceptance")
def _closed(base: Base) -> Iterator[Forgery]:
    for number, system in (("005", "002"), ("001", "001"), ("007", "002")):
        path, where = RISK.format(number), stop(f"AIS-{system}", "risks-decided")
        desk = Desk(base).entry(path, "residual", "{likelihood: 5, consequence: 4}").entry(path, "acceptance", "null")
        yield desk.entry(path, "status", "closed").forgery(where, codes=("REG202",))


@kind("risk above the acceptable level accepted by its owner")
def _owner(base: Base) -> Iterator[Forgery]:
    for number, system, owner in (("005", "002", "felix-brandt"), ("001", "001", "deirdre-nolan"), ("006", "002", "felix-brandt")):
        path, where = RISK.format(number), stop(f"AIS-{system}", "risks-decided")
        desk = Desk(base).entry(path, "residual", "{likelihood: 3, consequence: 4}")
        desk.entry(path, "acceptance", f'{{by: {owner}, date: "2026-10-05", as_role: ai-system-owner, reason: It is small}}')
        yield desk.seal(f"RSK-{number}").forgery(where, codes=("REG114",))


@kind("acceptance of a risk that has ended")
def _ended(base: Base) -> Iterator[Forgery]:
    for number, system in (("005", "002"), ("007", "002")):
        path, where = RISK.format(number), stop(f"AIS-{system}", "risks-decided")
        for day in ("2026-11-15", "2026-10-06"):
            accepted = f'{{by: maeve-tarn, date: "2026-10-05", as_role: top-management, reason: It is borne, until: "{day}"}}'
            yield Desk(base).entry(path, "acceptance", accepted).seal(f"RSK-{number}").forgery(where)


@kind("treatment that is not done, with the residual level that it was to bring")
def _undone(base: Base) -> Iterator[Forgery]:
    for number, system in (("005", "002"), ("006", "002"), ("004", "001")):
        path, where = RISK.format(number), stop(f"AIS-{system}", "risks-decided")
        for day in ("null", '"2031-01-01"', '"2026-11-10"'):
            desk = Desk(base).swap(path, r"^  done_on: .*", f"  done_on: {day}").entry(path, "acceptance", "null")
            yield desk.entry(path, "status", "treated").forgery(where)


@kind("grave consequence for people that nobody may accept, accepted by top management")
def _grave(base: Base) -> Iterator[Forgery]:
    for number, system in (("001", "001"), ("005", "002"), ("006", "002")):
        path, where = RISK.format(number), stop(f"AIS-{system}", "risks-decided")
        desk = Desk(base).entry(path, "residual", "{likelihood: 4, consequence: 5}")
        desk.entry(path, "acceptance", '{by: maeve-tarn, date: "2026-10-05", as_role: top-management, reason: The season needs it}')
        yield desk.seal(f"RSK-{number}").forgery(where)


@kind("risk rated on a day to come, or after it was accepted")
def _rated(base: Base) -> Iterator[Forgery]:
    for number, system in (("005", "002"), ("001", "001"), ("007", "002")):
        path, where = RISK.format(number), stop(f"AIS-{system}", "risks-decided")
        yield Desk(base).entry(path, "assessed_on", '"2031-01-01"').seal(f"RSK-{number}").forgery(where)
    yield Desk(base).entry(RISK.format("005"), "assessed_on", '"2026-11-01"').forgery(stop("AIS-002", "risks-decided"), codes=("REG114",))


@kind("risk deleted, or taken off the AI system that it is about")
def _off(base: Base) -> Iterator[Forgery]:
    for number in ("001", "005", "007"):
        path = RISK.format(number)
        yield Desk(base).write(path, None).forgery()
        yield Desk(base).entry(path, "about", "[]").forgery()
        yield Desk(base).entry(path, "about", "[]").seal(f"RSK-{number}").forgery()


@kind("residual level of a risk lowered by hand")
def _lowered(base: Base) -> Iterator[Forgery]:
    for number in ("005", "007", "001"):
        path = RISK.format(number)
        desk = Desk(base).entry(path, "residual", "{likelihood: 1, consequence: 1}")
        yield desk.forgery(codes=("REG115",))
        yield desk.seal(f"RSK-{number}").forgery()
        yield desk.entry(path, "acceptance", "null").entry(path, "status", "closed").forgery()


@kind("criteria for the acceptance of risks softened")
def _criteria(base: Base) -> Iterator[Forgery]:
    path = "registers/risks/register.yaml"
    for pattern, new in (
        (r"accepted_by: \[top-management\]", "accepted_by: [owner]"),
        (r"grave_accepted_by: \[\]", "grave_accepted_by: [owner]"),
        (r"up_to: 8", "up_to: 24"),
    ):
        yield Desk(base).swap(path, pattern, new, count=5).forgery()


@kind("file that cannot be read, so that nobody sees what it says")
def _broken(base: Base) -> Iterator[Forgery]:
    for path in (RISK.format("005"), "registers/suppliers.yaml", "docs/policies/ai-policy.md"):
        yield (
            Desk(base).write(path, "---\nid: [\n" + base.texts[path]).forgery(stop("AIS-001", "files-read"), stop("AIS-002", "files-read"))
        )
