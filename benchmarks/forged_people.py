"""Forgeries of what a gate rests on: operators, suppliers, datasets."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.forging import Approver, Desk, Forgery, kind, stop
from benchmarks.seeds import Base

SUPPLIERS, COMPETENCE, ORG = "registers/suppliers.yaml", "registers/competence.yaml", "org.yaml"


@kind("one operator named twice")
def _twice(base: Base) -> Iterator[Forgery]:
    held = r"(  - id: human-oversight-operator\n    title: .*\n    held_by:\n)(?:      - .*\n)+"
    for name, system in (("niamh-burke", "001"), ("sinead-barry", "002"), ("una-hickey", "003")):
        desk = Desk(base).swap(ORG, held, rf"\1      - {name}\n      - {name}\n")
        yield desk.forgery(stop(f"AIS-{system}", "human-oversight"))


@kind("one operator under two ids")
def _two_ids(base: Base) -> Iterator[Forgery]:
    held = r"(  - id: human-oversight-operator\n    title: .*\n    held_by:\n)(?:      - .*\n)+"
    for also in (
        "Niamh Burke",
        "niamh  BURKE",
        "Níamh Burke",
        "Burke Niamh",
    ):
        desk = Desk(base).swap(ORG, held, r"\1      - niamh-burke\n      - niamh-too\n")
        desk.swap(ORG, r"^  - id: niamh-burke\n", f"  - id: niamh-too\n    name: {also}\n  - id: niamh-burke\n")
        yield desk.row(COMPETENCE, "id: COM-011", "person", "niamh-too").forgery(stop("AIS-001", "human-oversight"))


ROWS = (("001", "COM-009"), ("001", "COM-011"), ("002", "COM-010"), ("003", "COM-021"))


@kind("operators without competence")
def _without(base: Base) -> Iterator[Forgery]:
    for system, rows in (("001", ("COM-011",)), ("002", ("COM-010", "COM-019")), ("003", ("COM-021", "COM-022"))):
        desk = Desk(base)
        for row in rows:
            desk.without_row(COMPETENCE, f"id: {row}")
        yield desk.forgery(stop(f"AIS-{system}", "human-oversight"))


@kind("competence to come, run out, for another AI system or another role")
def _competence(base: Base) -> Iterator[Forgery]:
    for name, value in (
        ("completed_on", '"2031-01-01"'),
        ("repeat_on", '"2026-11-15"'),
        ("about", "[AIS-002]"),
        ("role", "data-steward"),
        ("person", "helen-osei"),
    ):
        for row in ("COM-009", "COM-011"):
            yield Desk(base).row(COMPETENCE, f"id: {row}", name, value).forgery(stop("AIS-001", "human-oversight"))


@kind("operator who has left, or whose role was taken away")
def _left(base: Base) -> Iterator[Forgery]:
    for name, system in (("niamh-burke", "001"), ("lars-petersen", "001"), ("niamh-burke", "001")):
        where = stop(f"AIS-{system}", "human-oversight")
        yield Desk(base).swap(ORG, rf"^(  - id: {name}\n)", r'\1    left: "2026-11-15"' + "\n").forgery(where)
        yield Desk(base).swap(ORG, rf"^      - {name}\n", "").forgery(where)


@kind("supplier without agreement, never reviewed, overdue, or reviewed in the future")
def _supplier(base: Base) -> Iterator[Forgery]:
    for row, system in (("SUP-001", "002"), ("SUP-003", "001"), ("SUP-002", "002")):
        for name, value in (
            ("agreement", "null"),
            ("agreement", '""'),
            ("reviewed_on", "null"),
            ("reviewed_on", '"2031-01-01"'),
            ("next_review", '"2026-11-15"'),
            ("next_review", "null"),
        ):
            yield Desk(base).row(SUPPLIERS, f"id: {row}", name, value).forgery(stop(f"AIS-{system}", "suppliers"))


@kind("supplier taken off the AI system that it delivers to")
def _off_supplier(base: Base) -> Iterator[Forgery]:
    for row, system in (("SUP-001", "002"), ("SUP-002", "002"), ("SUP-004", "001")):
        where = stop(f"AIS-{system}", "suppliers")
        yield Desk(base).row(SUPPLIERS, f"id: {row}", "about", "[]").forgery(where)
        yield Desk(base).without_row(SUPPLIERS, f"id: {row}").forgery(where)


@kind("dataset without provenance, preparation or measured quality, approved all the same")
def _dataset(base: Base) -> Iterator[Forgery]:
    for number, system in (("001", "001"), ("003", "002"), ("005", "003")):
        path, where = f"registers/datasets/DS-{number}.yaml", stop(f"AIS-{system}", "datasets-complete")
        for name in ("provenance", "preparation", "quality"):
            yield Desk(base).entry(path, name, "[]").seal(f"DS-{number}").forgery(where)
        yield Desk(base).swap(path, r'measured_on: "2026-.*"', 'measured_on: "2031-01-01"').seal(f"DS-{number}").forgery(where)
        yield Desk(base).swap(path, r"    measured: .*", "    measured: null").seal(f"DS-{number}").forgery(where)


@kind("dataset whose measures all say that they do not apply")
def _unmeasured(base: Base) -> Iterator[Forgery]:
    for number, system in (("001", "001"), ("003", "002"), ("005", "003")):
        path, where = f"registers/datasets/DS-{number}.yaml", stop(f"AIS-{system}", "datasets-complete")
        yield Desk(base).swap(path, r"^    required: .*", "    required: not measured", count=99).seal(f"DS-{number}").forgery(where)


@kind("dataset deleted, or without approval")
def _no_dataset(base: Base) -> Iterator[Forgery]:
    for number, system in (("001", "001"), ("003", "002"), ("005", "003")):
        path, where = f"registers/datasets/DS-{number}.yaml", stop(f"AIS-{system}", "datasets-complete")
        yield Desk(base).write(path, None).forgery(where)
        yield Desk(base).approved(path, Approver("yusuf-demir", "2026-11-02", "data-steward")).seal(f"DS-{number}").forgery(where)
