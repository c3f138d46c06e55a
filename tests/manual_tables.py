"""The tables of the manual that are made from definitions; `python -m tests.manual_tables` writes them, a test holds them fresh."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from macros.checks import ALL_RULES
from macros.load import load_workspace
from macros.model.base import meanings
from macros.model.records.kinds import KINDS, Layout
from macros.model.workspace import Workspace

KIT = Path(__file__).resolve().parent.parent
DOCS = KIT / "docs"
BEGIN, END = "<!-- begin {}, made by make manual -->", "<!-- end {} -->"


def _cell(text: object) -> str:
    return re.sub(r"([|<*])", r"\\\1", " ".join(str(text).split()))


def _table(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    heads = list(headings)
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows])


def _catalogues(workspace: Workspace) -> str:
    rows = []
    for loaded in workspace.catalogues.values():
        catalogue = loaded.value
        counts = ", ".join(f"{number} {kind.value.replace('-', ' ')}s" for kind, number in catalogue.counts.items())
        rows.append((f"`{catalogue.id}`", _cell(catalogue.full_title), _cell(catalogue.edition), _cell(counts)))
    return _table(("Catalogue", "Full title", "Edition", "Holds"), rows)


def _parameters(workspace: Workspace) -> str:
    rows = []
    for name, definition in workspace.parameters.items():
        unit = definition.unit if definition.unit != "text" else ""
        low = f"at least {definition.minimum}" if definition.minimum is not None else ""
        high = f"at most {definition.maximum}" if definition.maximum is not None else ""
        bounds = ". ".join(filter(None, (", ".join(filter(None, (low, high))), definition.bound_source or ""))) or "–"
        rows.append(
            (f"`{name}`", _cell(definition.title), _cell(f"{definition.default} {unit}"), _cell(bounds), _cell(definition.why or "–"))
        )
    return _table(("Parameter", "Title", "Default", "Bounds", "What it governs"), rows)


def _problem_codes(_: Workspace) -> str:
    parts = [
        f"### {rule.code}\n\n{rule.severity.value.capitalize()}: **{_cell(rule.title)}.**\n{_cell(rule.reason)}"
        for rule in ALL_RULES.values()
    ]
    return "\n\n".join(parts)


def _records(_: Workspace) -> str:
    parts = []
    for kind in KINDS:
        where = f"registers/{kind.name}.yaml" if kind.layout is Layout.TABLE else f"registers/{kind.name}/"
        means = meanings(kind.record)
        rows = [
            (f"`{name}`", _cell(means.get(name, "–")), "yes" if field.is_required() else "no")
            for name, field in kind.record.model_fields.items()
        ]
        said = f"One record is one {kind.one}, in `{where}`. {_cell(kind.record.__doc__ or '')}".rstrip()
        parts.append(f"### {kind.name}\n\n{said}\n\n" + _table(("Entry", "Means", "Needed"), rows))
    return "\n\n".join(parts)


MADE: dict[str, tuple[str, Callable[[Workspace], str]]] = {
    "catalogues": ("index.md", _catalogues),
    "parameters": ("parameters.md", _parameters),
    "problem codes": ("problem-codes.md", _problem_codes),
    "kinds of record": ("registers.md", _records),
}
"""What is made, the page that it stands on, and what makes it."""


def fresh(page: str) -> str:
    """The text of a page of the manual as it should be."""
    text = (DOCS / page).read_text("utf-8")
    workspace = load_workspace(KIT)
    for name, (where, make) in MADE.items():
        if where == page:
            begin, end = BEGIN.format(name), END.format(name)
            before, rest = text.split(begin, 1)
            text = f"{before}{begin}\n\n{make(workspace)}\n\n{end}{rest.split(end, 1)[1]}"
    return text


def main() -> None:
    """Write every page that has such a table."""
    for page in sorted({where for where, _ in MADE.values()}):
        (DOCS / page).write_text(fresh(page), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
