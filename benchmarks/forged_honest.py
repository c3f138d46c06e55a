"""What an honest organisation does to gates, status and evidence, and nothing may refuse."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from benchmarks.forged_gate import ASSESSMENT, LEAD, raised
from benchmarks.forging import Approver, Desk, Forgery, Forging, Kind, stop
from benchmarks.seeds import Base

KINDS: list[Kind] = []


def honest(name: str) -> Callable[[Forging], Forging]:
    """Register a generator of honest changes."""

    def register(changes: Forging) -> Forging:
        KINDS.append(Kind(name, changes))
        return changes

    return register


@honest("assessment repeated for the version in operation, and approved")
def _repeated(base: Base) -> Iterator[Forgery]:
    path = ASSESSMENT.format("003")
    for day, approved in (("2026-11-09", "2026-11-16"), ("2026-10-02", "2026-11-12"), ("2026-11-16", "2026-11-16")):
        desk = raised(base).entry(path, "assessed_on", f'"{day}"').approved(path, Approver("ines-carvalho", approved, LEAD))
        yield desk.entry(path, "valid_until", '"2027-10-12"').seal("AIA-003").forgery(stop("AIS-003", ""), blocked=False)


@honest("evidence collected and entered")
def _collected(base: Base) -> Iterator[Forgery]:
    text = base.texts["registers/evidence/EV-011.yaml"]
    for number, target in (("031", "iso42001:A.2.3"), ("032", "iso42001:7.4"), ("033", "iso42001:10.1")):
        new = text.replace("EV-011", f"EV-{number}").replace("\n  - iso42001:8.1\n", f"\n  - {target}\n")
        new = new.replace("2026-05-06", "2026-11-10").replace("2026-03-09", "2026-10-01").replace("2026-05-04", "2026-11-09")
        new = new.replace("2027-05-06", "2027-11-10").replace("releases/2026", f"minutes/{number}")
        yield Desk(base).write(f"registers/evidence/EV-{number}.yaml", new).forgery(blocked=False)


@honest("risk rated again and accepted anew")
def _rated(base: Base) -> Iterator[Forgery]:
    for number, person, role in (
        ("001", "deirdre-nolan", "ai-system-owner"),
        ("005", "maeve-tarn", "top-management"),
        ("006", "felix-brandt", "ai-system-owner"),
    ):
        path = f"registers/risks/RSK-{number}.yaml"
        desk = Desk(base).entry(path, "assessed_on", '"2026-11-12"')
        desk.entry(path, "acceptance", f'{{by: {person}, date: "2026-11-13", as_role: {role}, reason: Rated again without a change}}')
        yield desk.seal(f"RSK-{number}").forgery(blocked=False)


@honest("sections of a text adopted as they are, by who may and after its approval")
def _adopted(base: Base) -> Iterator[Forgery]:
    for path, person in (
        ("policies/ai-policy", "maeve-tarn"),
        ("procedures/customers", "ines-carvalho"),
        ("data-management/quality", "yusuf-demir"),
    ):
        why = f"It was compared with what was done since January under {path}, and fits as it is."
        entry = f'[{{sections: all, by: {person}, date: "2026-11-13", because: "{why}"}}]'
        yield Desk(base).entry(f"docs/{path}.md", "adopted", entry).forgery(blocked=False)


@honest("supplier reviewed again")
def _reviewed(base: Base) -> Iterator[Forgery]:
    for number in ("001", "002", "003"):
        desk = Desk(base).row("registers/suppliers.yaml", f"id: SUP-{number}", "reviewed_on", '"2026-11-12"')
        yield desk.row("registers/suppliers.yaml", f"id: SUP-{number}", "next_review", '"2027-11-12"').forgery(blocked=False)


@honest("dataset measured again and approved")
def _measured(base: Base) -> Iterator[Forgery]:
    for number in ("001", "003", "004"):
        path = f"registers/datasets/DS-{number}.yaml"
        desk = Desk(base).swap(path, r'measured_on: "2026-.*"', 'measured_on: "2026-11-10"')
        yield desk.approved(path, Approver("ines-carvalho", "2026-11-12", LEAD)).seal(f"DS-{number}").forgery(blocked=False)
