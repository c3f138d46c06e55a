"""Forgeries to be tried: how one is written down, and the desk at which somebody forges.

A kind is a generator: for an organisation it gives every place where the forgery could be, each with the changed files and
with what must happen. A forger who knows the kit seals: whatever was changed gets the fingerprint that fits it again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from benchmarks import seeds
from benchmarks.faults import Checkout
from macros.authoring.approve import sealed
from macros.load import load_workspace

Changes = Mapping[str, str | bytes | None]
"""New contents by path; None takes a file away."""
Stop = tuple[str, str, str]
"""AI system, stage, and the condition that has to keep its gate closed."""


@dataclass(frozen=True)
class Forgery:
    """One forgery at one place, and what has to happen."""

    changes: Changes
    gates: tuple[Stop, ...] = ()
    """Gates that must be closed, each by the condition that is named."""
    rungs: Mapping[str, str] = field(default_factory=dict)
    """The highest rung at which a requirement may stand; without it, no higher than before."""
    codes: tuple[str, ...] = ()
    """What `check` must say as an error or a warning, and did not say before."""
    blocked: bool = True
    """Whether the change review must block it."""
    before: Changes = field(default_factory=dict)
    """What was changed in the organisation before, and is in force."""
    by_history: bool = False
    """Whether only what stood there before tells it from an honest record: then the review speaks, and nobody else can."""
    stated: tuple[str, ...] = ()
    """Requirements that may rise by it, and that status must count among those that rest on stated evidence alone."""


Forging = Callable[[seeds.Base], Iterator[Forgery]]


@dataclass(frozen=True)
class Kind:
    """One kind of forgery."""

    name: str
    forgeries: Forging = field(repr=False)
    fresh: bool = False
    """Whether it is tried on an organisation as it was generated, in which nobody has decided anything."""
    open_because: str = ""
    """Why it is not refused yet; a kind that is open is counted by itself, and is no success."""

    @property
    def known_open(self) -> bool:
        """Whether it is known that it is not refused."""
        return bool(self.open_because)


KINDS: list[Kind] = []


def kind(name: str, fresh: bool = False, open_because: str = "") -> Callable[[Forging], Forging]:
    """Register a generator of forgeries."""

    def register(forgeries: Forging) -> Forging:
        KINDS.append(Kind(name, forgeries, fresh, open_because))
        return forgeries

    return register


@dataclass(frozen=True)
class Approver:
    """Who is said to have approved, and when."""

    by: str
    date: str
    as_role: str | None = None

    def __str__(self) -> str:
        role = f", as_role: {self.as_role}" if self.as_role else ""
        return f'{{by: {self.by}, date: "{self.date}"{role}}}'


class Desk:
    """Files of an organisation, changed one after another."""

    def __init__(self, base: seeds.Base, before: Changes | None = None) -> None:
        """Begin with the files as they are, or as they were changed before."""
        self.base, self.before = base, dict(before or {})
        self.changes: dict[str, str | bytes | None] = dict(self.before)

    def text(self, path: str) -> str:
        """A file as it stands on the desk."""
        found = self.changes.get(path)
        if found is None:
            found = self.base.files.get(path) or self.base.beside[path]
        return found.decode("utf-8") if isinstance(found, bytes) else found

    def write(self, path: str, text: str | None) -> Desk:
        """Put a file on the desk, or take it away."""
        self.changes[path] = text
        return self

    def swap(self, path: str, pattern: str, new: str, count: int = 1) -> Desk:
        """Replace what a pattern finds; it has to find something."""
        text, found = re.subn(pattern, new, self.text(path), count=count, flags=re.MULTILINE)
        assert found, f"{path} has no {pattern}"
        return self.write(path, text)

    def entry(self, path: str, name: str, value: str | None, into: str = "") -> Desk:
        """Give an entry of a record or front matter another value, with whatever stands below it; None takes it out.

        Args:
            path: The file.
            name: The entry.
            value: As it is to stand behind the colon.
            into: How deep the entry lies, as spaces.
        """
        block = rf"(?m)^{into}{re.escape(name)}:.*\n(?:{into}(?: +.*|- .*)\n|\n(?={into} ))*"
        text = self.text(path)
        new = "" if value is None else f"{into}{name}: {value}\n"
        found = re.search(block, text)
        if found is None:
            assert value is not None, f"{path} has no {name}"
            head = text.find("\n---\n", 4) + 1 if path.endswith(".md") else len(text)
            return self.write(path, text[:head] + new + text[head:])
        return self.write(path, text[: found.start()] + new + text[found.end() :])

    def row(self, path: str, start: str, name: str, value: str | None) -> Desk:
        """Give an entry of a row in a table another value; `start` is how the row begins, such as `id: SUP-001`."""
        text = self.text(path)
        begin = text.index(f"  - {start}\n") + 1
        end = text.find("\n  - ", begin)
        end = len(text) if end < 0 else end + 1
        part = Desk(seeds.Base({"row": ("  " + text[begin + 1 : end].replace("- ", "  ", 1)).encode()}, self.base.today))
        lines = part.entry("row", name, value, "    ").text("row")
        return self.write(path, text[: begin - 1] + "  - " + lines.removeprefix("    ") + text[end:])

    def without_row(self, path: str, start: str) -> Desk:
        """Take a row out of a table."""
        text = self.text(path)
        begin = text.index(f"  - {start}\n")
        end = text.find("\n  - ", begin)
        return self.write(path, text[:begin] + (text[end + 1 :] if end > 0 else ""))

    def approved(self, path: str, approver: Approver, name: str = "approved") -> Desk:
        """Put another approval on a document or record."""
        return self.entry(path, name, str(approver))

    def seal(self, *names: str) -> Desk:
        """Give the approvals of documents and records the fingerprint of what stands there now."""
        workspace = load_workspace(Checkout(self.base, self.changes))
        for name in names:
            document, record = workspace.document_by_id.get(name), workspace.record_by_id.get(name)
            path = document.path if document else workspace.record_by_id[name].data.path
            assert document or record, name
            self.write(path, sealed(workspace, path, self.text(path).encode(), [name]).decode("utf-8"))
        return self

    def forgery(
        self,
        *gates: Stop,
        codes: tuple[str, ...] = (),
        rungs: Mapping[str, str] | None = None,
        blocked: bool = True,
        by_history: bool = False,
        stated: tuple[str, ...] = (),
    ) -> Forgery:
        """What lies on the desk, with what has to happen."""
        return Forgery(dict(self.changes), gates, rungs or {}, codes, blocked, self.before, by_history, stated)


def stop(system: str, condition: str, stage: str = "operation") -> Stop:
    """A gate that a condition has to keep closed."""
    return system, stage, condition
