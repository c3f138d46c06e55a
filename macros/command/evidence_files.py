"""Every file of evidence beside what its record says of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from macros.encode.data import as_json as json_text
from macros.encode.terminal import lines as as_lines
from macros.load.files import Kept, kept
from macros.load.odd import plain_files
from macros.model.records.support import Evidence, ExternalDocument, Sensitivity
from macros.model.workspace import Workspace

SAME, DIFFERENT, MISSING, UNSIGNED, ELSEWHERE = "same", "different", "missing", "no SHA-256", "elsewhere"
_WORDS = {
    SAME: "the file is the one that was collected",
    DIFFERENT: "THE FILE IS ANOTHER ONE",
    MISSING: "THE FILE IS NOT THERE",
    UNSIGNED: "the record has no SHA-256, so nothing can be compared",
    ELSEWHERE: "kept elsewhere, and not read",
}


@dataclass(frozen=True, slots=True)
class VerifiedFile:
    """One file that a record refers to."""

    id: str
    """The record."""
    reference: str
    result: str
    """same, different, missing, no SHA-256 or elsewhere."""
    sha256: str | None
    """What the record says."""
    found: str | None
    """What the file has."""
    size: int | None
    """In bytes, of the file."""

    @property
    def is_wrong(self) -> bool:
        """Whether the file does not show what was collected."""
        return self.result in (DIFFERENT, MISSING)


def verified(root: Path, workspace: Workspace) -> tuple[tuple[VerifiedFile, ...], tuple[str, ...]]:
    """Every file that evidence, its artefacts and external documents refer to; then the files below `evidence/` that nothing refers to."""
    files: list[VerifiedFile] = []
    for record in workspace.records(Evidence):
        evidence = record.value
        elsewhere = evidence.sensitivity is Sensitivity.BY_REFERENCE or kept(evidence.reference) is Kept.ELSEWHERE
        files.append(_one(workspace, record.id, evidence.reference, evidence.sha256, evidence.size, elsewhere))
        run = workspace.runs.get(evidence.reference)
        for artefact in run.value.artefacts if run else ():
            where = artefact.path or artefact.address or ""
            files.append(_one(workspace, record.id, where, artefact.sha256, artefact.size, artefact.path is None))
    for paper in workspace.records(ExternalDocument):
        document = paper.value
        if document.sha256:
            files.append(_one(workspace, paper.id, document.address, document.sha256, None, kept(document.address) is not Kept.HERE))
    named = {file.reference for file in files}
    return tuple(files), tuple(path for path in _below(root, "evidence") if path not in named)


def _one(workspace: Workspace, name: str, reference: str, sha256: str | None, size: int | None, elsewhere: bool) -> VerifiedFile:
    found = workspace.fingerprints.get(reference)
    if elsewhere:
        return VerifiedFile(name, reference, ELSEWHERE, sha256, None, None)
    if found is None:
        return VerifiedFile(name, reference, MISSING, sha256, None, None)
    same = found.sha256 == sha256 and size in (None, found.size)
    result = UNSIGNED if sha256 is None else SAME if same else DIFFERENT
    return VerifiedFile(name, reference, result, sha256, found.sha256, found.size)


def _below(root: Path, folder: str) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in plain_files(root / folder) if path.name != ".gitkeep")


def as_verified_text(files: tuple[VerifiedFile, ...], unrecorded: tuple[str, ...]) -> str:
    """A line a file, then the counts."""
    lines = [f"{file.id}  {file.reference}: {_WORDS[file.result]}" for file in files]
    lines += [f"no record refers to {path}" for path in unrecorded]
    counts = [f"{sum(file.result == result for file in files)} {result}" for result in _WORDS]
    lines.append(", ".join([*counts, f"{len(unrecorded)} without a record"]))
    return as_lines(lines)


def as_verified_json(files: tuple[VerifiedFile, ...], unrecorded: tuple[str, ...]) -> str:
    """An object with `files` and `unrecorded`."""
    return json_text({"files": [asdict(file) for file in files], "unrecorded": unrecorded})
