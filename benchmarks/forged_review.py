"""Forgeries of what judges: gates, engine, day, settings, and records that a change would take back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from benchmarks.forging import Desk, Forgery, kind, stop
from benchmarks.seeds import Base

GATES = "controls/gates.yaml"


@kind("conditions of the gates weakened")
def _weakened(base: Base) -> Iterator[Forgery]:
    text = base.texts[GATES]
    first = text.index("  - id: impact-assessment\n")
    without = text[:first] + text[text.index("  - id: risks-decided\n") :]
    for new in (
        without,
        text.replace("    passed: true\n", ""),
        text.replace("    this_version: true\n", ""),
        text.replace("    count: 2\n", "    count: 1\n"),
        text.replace("stages: [deployment, operation]", "stages: [retired]"),
        text.replace("    kind: assessment-covers\n", "    kind: assessment-carried-out\n"),
    ):
        yield Desk(base).write(GATES, new).forgery()


@kind("file of the engine changed")
def _engine(base: Base) -> Iterator[Forgery]:
    for path in ("macros/gate/verdict.py", "macros/facts/decisions.py", "macros/checks/approvals.py"):
        yield Desk(base).write(path, "# nothing is asked any more\n").forgery()


@kind("record of what the kit generated changed")
def _generated(base: Base) -> Iterator[Forgery]:
    text = base.files[".aims.json"].decode()
    for old, new in (('"Purpose": "', '"Purpose": "0'), ('"": "', '"": "1'), ('"files": {', '"files": {\n  "macros/extra.py": "00",')):
        assert old in text, old
        yield Desk(base).write(".aims.json", text.replace(old, new, 1)).forgery()
    for entries in (r'"Purpose": "[0-9a-f]{64}"', r'"Purpose": "[0-9A-Za-z+/]+={0,2}"(?=,?\n *"Scope": "[^"]{65,})'):
        changed, found = re.subn(entries, f'"Purpose": "{"0" * 64}"', text, count=1)
        assert found, entries
        yield Desk(base).write(".aims.json", changed).forgery()
    yield Desk(base).write(".aims.json", None).forgery()


@kind("day pinned by a proposal, or another day")
def _day(base: Base) -> Iterator[Forgery]:
    for new in ('today: "2026-01-01"', 'today: "2026-10-01"', 'today: "2031-01-01"'):
        yield Desk(base).swap("org.yaml", r"^today: .*", new).forgery()


@kind("organisation made a demonstration, with a pinned day")
def _demonstration(base: Base) -> Iterator[Forgery]:
    before = Desk(base).swap("org.yaml", r"^today: .*\ndemonstration: true\n", "").changes
    for day in ("2026-01-01", "2026-11-16", "2025-01-01"):
        desk = Desk(base, before)
        yield desk.write("org.yaml", desk.text("org.yaml") + f'today: "{day}"\ndemonstration: true\n').forgery()


@kind("rule turned down or excepted from, together with what it speaks of")
def _settings(base: Base) -> Iterator[Forgery]:
    text = Desk(base).text("org.yaml")
    for code, path, pattern, new, where in (
        ("REG115", "registers/ai-systems/AIS-002.yaml", "^autonomy: .*", "autonomy: decides", stop("AIS-002", "record-approved")),
        ("REG305", "registers/evidence/EV-001.yaml", "^sha256: .*", f'sha256: "{"0" * 64}"', stop("AIS-001", "verified")),
        ("REG114", "registers/ai-systems/AIS-001.yaml", "  by: ines-carvalho", "  by: niamh-burke", stop("AIS-001", "record-approved")),
    ):
        desk = Desk(base).swap(path, pattern, new)
        yield desk.write("org.yaml", f"{text}checks:\n  severities:\n    {code}: note\n").forgery(where)


@kind("control taken out of a catalogue, or its text softened")
def _catalogue(base: Base) -> Iterator[Forgery]:
    path = "controls/iso42001.yaml"
    for pattern, new in (
        (r"^  - id: (\"?)A\.5\.2", r"  - id: \g<1>A.5.99"),
        (r"\bkind: control", "kind: note"),
        (r"^version: .*", "version: x"),
    ):
        desk = Desk(base)
        if re.search(pattern, desk.text(path), re.MULTILINE):
            yield desk.swap(path, pattern, new).forgery()
    yield Desk(base).write(path, None).forgery()


@kind("standard or regulation left out of the organisation")
def _org(base: Base) -> Iterator[Forgery]:
    for pattern, new in ((r"^  - iso42001\n", ""), (r"^  - eu-ai-act\n", ""), (r"^  - iso27001\n", "")):
        yield Desk(base).swap("org.yaml", pattern, new, count=2).forgery()


@kind("CODEOWNERS changed, so that nobody is asked")
def _owners(base: Base) -> Iterator[Forgery]:
    text = base.files["CODEOWNERS"].decode()
    for new in ("", text.replace("@ines-carvalho-tarnmoor", "@niamh-burke-tarnmoor"), "* @anybody\n"):
        yield Desk(base).write("CODEOWNERS", new).forgery(codes=("ORG116",), blocked=False)


@kind("record that has to be kept deleted")
def _deleted(base: Base) -> Iterator[Forgery]:
    for path in (
        "registers/incidents/INC-2026-001.yaml",
        "registers/nonconformities/NC-2026-002.yaml",
        "registers/concerns/CON-2026-001.yaml",
        "registers/evidence/EV-005.yaml",
        "registers/approvals/APR-001.yaml",
        "registers/changes/CHG-2026-005.yaml",
    ):
        yield Desk(base).write(path, None).forgery()


@kind("rung, gate or verdict typed into a document or record")
def _typed(base: Base) -> Iterator[Forgery]:
    for path, line in (
        ("registers/ai-systems/AIS-003.yaml", "gate: open\n"),
        ("registers/ai-systems/AIS-003.yaml", "allowed: true\n"),
        ("registers/statement-of-applicability.yaml", "audited: true\n"),
    ):
        yield Desk(base).write(path, Desk(base).text(path) + line).forgery()
