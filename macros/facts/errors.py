"""At which document or record has a rule found an error?

A decision at whose file there is an error is not in force: nobody knows what it would say once that is mended.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from macros.model.records.common import Entry
from macros.model.workspace import Document, Record
from macros.problem import Problem, Severity


class Errors:
    """Errors by where they stand, before any weight or exception of the organisation."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Only errors count."""
        self._of: dict[str, list[Problem]] = defaultdict(list)
        for problem in problems:
            if problem.severity is Severity.ERROR:
                self._of[problem.location.path].append(problem)

    def all(self) -> Iterable[Problem]:
        """Every error."""
        return (problem for problems in self._of.values() for problem in problems)

    def in_file(self, path: str) -> Sequence[Problem]:
        """Errors in a file."""
        return self._of.get(path, ())

    def in_document(self, document: Document) -> Problem | None:
        """The first error in a document; None where there is none."""
        return min(self.in_file(document.path), key=lambda problem: problem.sort_key, default=None)

    def in_record(self, record: Record[Entry]) -> Problem | None:
        """The first error in a record: in its file, or in its row of a table; None where there is none."""
        return min(self._near(record), key=lambda problem: problem.sort_key, default=None)

    def _near(self, record: Record[Entry]) -> Iterable[Problem]:
        found = self.in_file(record.data.path)
        if not found or not record.data.base:
            return found
        lines = record.data.lines
        size = len(record.data.base)
        here = {line for key, line in lines.items() if key[:size] == record.data.base}
        return [problem for problem in found if problem.location.line in here]
