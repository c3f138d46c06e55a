"""The files of one checkout become a `Workspace`; a broken file becomes problems and the rest still loads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from macros.cache import uncollected
from macros.encode.characters import acting
from macros.generated import KIT_MARK, RECORD
from macros.journal import settled
from macros.load.files import is_run, paths_named, paths_of_runs
from macros.load.kept import accepted, accepted_head, acting_in, parts_of, yaml_in
from macros.load.odd import NotRead, Odd, Oddness
from macros.load.published import is_drawing, is_page
from macros.load.rules import ACTING, ENCODING, LINK, MERGE, ODD, SHAPE, TWO_FORMS, UNKNOWN_ORIGIN
from macros.load.runs import read_run
from macros.load.tree import FolderTree, Tree
from macros.load.validate import validated
from macros.model.automated import AutomatedRun
from macros.model.base import ONE_LINE, Model
from macros.model.catalogue import Catalogue, Crosswalk
from macros.model.document import FrontMatter
from macros.model.gates import Gates
from macros.model.generated import Generated
from macros.model.numbering import natural
from macros.model.organisation import Organisation, ParameterDefinition, Parameters
from macros.model.planning import RelatedStandards, RoadmapData, StrategyAdvice
from macros.model.published import Errata, LicensedWording, Published
from macros.model.records.common import Entry, Head, Part, Table
from macros.model.records.kinds import FOLDER_HEAD, KINDS, SOA, Kind, Layout, table_at
from macros.model.workspace import Document, Fingerprint, Page, Record, Register, Sourced, Workspace
from macros.problem import Location, Problem
from macros.text.strict_yaml import MAX_BYTES, TOO_LONG, TOO_MANY, Parsed, YamlProblem, acting_character

M = TypeVar("M", bound=Model)
SPLIT = "divide it: './aims registers split {} --write'"
"""The way out where a table is too long for one file."""

_CONFLICT = re.compile(r"^(?:<{7}|>{7}|\|{7})(?: |$)", re.MULTILINE)
_MARKERS = ("<" * 7, ">" * 7, "|" * 7)
_DOCUMENT_KEYS = set(FrontMatter.model_fields) - {"title"}
_PLANNING = ("parameters", "roadmap", "strategies", "related-standards", "gates")


def load_workspace(root: Path | str | Tree) -> Workspace:
    """Read everything under control below `root`.

    Args:
        root: A folder on disk, or any other tree of files.

    Returns:
        What could be read, with a problem for everything that could not.

    Raises:
        KitError: A writing was stopped in the folder and is not finished.
    """
    with uncollected():
        if isinstance(root, (str, Path, FolderTree)):
            folder, kind = (root.root, type(root)) if isinstance(root, FolderTree) else (Path(root), FolderTree)
            return settled(folder, lambda: _Loading(kind(folder)).workspace())  # a writer in between makes it list the files again
        return _Loading(root).workspace()


class _Loading:
    """Collects as it reads; used once."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.paths = tuple(tree.paths())
        self.links = tuple(tree.links())
        self.problems: list[Problem] = [
            LINK.problem(Location(path), f"'{path}' is a symbolic link", "put the file itself here") for path in self.links
        ]
        self.broken: dict[str, str | None] = dict.fromkeys(self.links)
        self.in_organisation = _is_organisation((*self.paths, *self.links))
        self.texts: dict[str, str] = {}
        self.requirement_ids: list[str] = []
        for path, odd in sorted(self.tree.odd().items()):
            self._odd(path, odd)
        for path in self.paths:
            char = next((char for _, char in acting(path)), next((char for char in path if char in "\t\n"), None))
            if char:
                self._acting(path, acting_character(char, 1, "the name of the file"))
            elif path.startswith("docs/") and not _is_utf8(path):  # its address could not be written
                self.problems.append(ENCODING.problem(Location(path), "the name of the file is not UTF-8", "rename it"))
                self.broken[path] = None
            elif path.endswith((".yaml", ".yml")) or is_page(path) or is_drawing(path) or path == "CODEOWNERS":
                self._read(path)

    def workspace(self) -> Workspace:
        catalogues = self._catalogues()
        for name, catalogue in catalogues.items():
            self.requirement_ids += [f"{name}:{requirement.id}" for requirement in catalogue.value.requirements]
        crosswalks, published, errata = self._crosswalks()
        organisation = self._one("org.yaml", Organisation, "ORG")
        if self.in_organisation and "org.yaml" not in (*self.paths, *self.broken):
            self._unreadable("org.yaml", "ORG", YamlProblem("there is no 'org.yaml'", 1, "bring it back from the repository's history"))
        documents, pages = self._markdown()
        registers = self._registers()
        fingerprints = self.tree.fingerprints(sorted(set(paths_named(registers.values()))))
        runs = self._runs(fingerprints)
        fingerprints |= self.tree.fingerprints(sorted(set(paths_of_runs(runs)) - fingerprints.keys()))
        generated = self._generated()
        return Workspace(
            organisation=organisation,
            catalogues=catalogues,
            crosswalks=crosswalks,
            parameters=self._parameters(),
            roadmap=self._planning("roadmap", RoadmapData),
            strategies=self._planning("strategies", StrategyAdvice),
            standards=self._planning("related-standards", RelatedStandards),
            gates=self._one("controls/gates.yaml", Gates, "CAT"),
            published=published,
            errata=errata,
            documents=documents,
            pages=pages,
            registers=registers,
            fingerprints=fingerprints,
            runs=runs,
            licensed=self._licensed(),
            texts=self.texts,
            links=self.links,
            paths=self.paths,
            generated=generated,
            kit_files=self.tree.kit_files() if generated else None,
            problems=tuple(sorted(self.problems, key=lambda problem: problem.sort_key)),
            broken=self.broken,
        )

    def _odd(self, path: str, odd: Odd) -> None:
        place = Location(path)
        name = table_at(path) if odd.kind is Oddness.TOO_LARGE else None
        way_out = SPLIT.format(name) if name else odd.way_out
        self.problems.append(ODD[odd.kind].problem(place, f"'{path}' {odd.said}", way_out))
        self.broken[path] = None

    def _read(self, path: str) -> None:
        try:
            data = self.tree.read(path)
        except NotRead as error:
            self._odd(path, error.odd)
            return
        try:
            text = data.decode("utf-8").removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            place = Location(path, data.count(b"\n", 0, error.start) + 1)
            self.problems.append(ENCODING.problem(place, f"byte {error.start + 1} of '{path}' is not UTF-8", "save the file as UTF-8 text"))
            self.broken[path] = None
            return
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        manual = not self.in_organisation and path.startswith("docs/")  # the kit's manual shows what a conflict looks like
        conflict = _CONFLICT.search(text) if not manual and any(marker in text for marker in _MARKERS) else None
        if conflict:
            line = text.count("\n", 0, conflict.start()) + 1
            self.problems.append(
                MERGE.problem(
                    Location(path, line),
                    f"conflict marker '{conflict.group().strip()}' is left in the text",
                    "keep one of the two versions and remove the marker lines",
                )
            )
            self.broken[path] = _id_in(text)
        self.texts[path] = text
        for line, char in acting_in(text, "named" if is_page(path) and not manual else "written"):
            self._acting(path, acting_character(char, line))

    def _acting(self, path: str, problem: YamlProblem) -> None:
        self.problems.append(ACTING.problem(Location(path, problem.line), problem.message, problem.way_out))
        self.broken[path] = _id_in(self.texts.get(path, ""))

    def _generated(self) -> Generated | None:
        if not self.in_organisation:
            return None
        way_out = "bring it back from the repository's history, or update the kit with 'cruft update'"
        if RECORD in self.paths:
            try:
                return Generated.model_validate(json.loads(self.tree.read(RECORD)))
            except (NotRead, ValidationError, ValueError, RecursionError):
                why = "'.aims.json' cannot be read"
        else:
            why = f"there is no '.aims.json', which a generation writes last{self._also_missing()}"
            way_out = f"where a generation or a copy was stopped, delete this folder and make it again; otherwise {way_out}"
        self.problems.append(UNKNOWN_ORIGIN.problem(Location(RECORD), why, way_out))
        return None

    def _also_missing(self) -> str:
        parts = ("org.yaml", "mkdocs.yml", "controls/", "docs/", "registers/")
        missing = [f"'{part}'" for part in parts if not any(path == part or path.startswith(part) for path in self.paths)]
        return f"; {', '.join(missing)} {'are' if len(missing) > 1 else 'is'} missing too" if missing else ""

    def _parse(self, path: str, family: str) -> Parsed | None:
        if path in self.broken or path not in self.texts:
            return None
        try:
            parsed = yaml_in(self.texts[path])
        except YamlProblem as problem:
            self._unreadable(path, family, problem)
            return None
        if not isinstance(parsed.value, dict):
            what = "the file is empty" if parsed.value is None else "the file is no set of 'key: value' lines"
            self._unreadable(path, family, YamlProblem(what, 1, "write its entries, each as 'key: value'"))
            return None
        return parsed

    def _unreadable(self, path: str, family: str, problem: YamlProblem) -> None:
        if problem.is_acting:
            self._acting(path, problem)
            return
        rule = SHAPE[f"{family}001"]
        if problem.message in (TOO_LONG, TOO_MANY) and (name := table_at(path)):
            problem = YamlProblem(problem.message, problem.line, SPLIT.format(name))
        self.problems.append(rule.problem(Location(path, problem.line), problem.message, problem.way_out))
        self.broken[path] = _id_in(self.texts.get(path, ""))

    def _refused(self, model: type[Model], parsed: Parsed, path: str, family: str) -> None:
        _, problems = validated(model, parsed.value, parsed.lines, path, family, (), self._qualified)
        self.problems += problems
        self.broken[path] = parsed.value.get("id") if isinstance(parsed.value.get("id"), str) else None

    def _qualified(self, bare: str) -> list[str]:
        return [known for known in self.requirement_ids if known.split(":", 1)[1] == bare]

    def _one(self, path: str, model: type[M], family: str) -> Sourced[M] | None:
        parsed = self._parse(path, family)
        if parsed is None:
            return None
        value = accepted(model, self.texts[path])
        if value is None:
            self._refused(model, parsed, path, family)
            return None
        return Sourced(value, path, parsed.lines)

    def _below(self, folder: str, depth: int = 1) -> Iterable[str]:
        start = folder + "/"
        return [
            path
            for path in self.paths
            if path.startswith(start) and path.endswith((".yaml", ".yml")) and path.count("/") - folder.count("/") == depth
        ]

    def _catalogues(self) -> dict[str, Sourced[Catalogue]]:
        found: dict[str, Sourced[Catalogue]] = {}
        for path in self._below("controls"):
            if path.removeprefix("controls/").removesuffix(".yaml") in _PLANNING:
                continue
            catalogue = self._one(path, Catalogue, "CAT")
            if catalogue is not None:
                found[catalogue.value.id] = catalogue
        return found

    def _crosswalks(self) -> tuple[dict[str, Sourced[Crosswalk]], Published | None, Errata | None]:
        crosswalks: dict[str, Sourced[Crosswalk]] = {}
        published: Sourced[Published] | None = None
        errata: Sourced[Errata] | None = None
        for path in self._below("controls/crosswalks"):
            name = path.rsplit("/", 1)[1].removesuffix(".yaml")
            if name in ("article-as-published", "published"):
                published = self._one(path, Published, "CAT")
            elif name == "errata":
                errata = self._one(path, Errata, "CAT")
            else:
                crosswalk = self._one(path, Crosswalk, "CAT")
                if crosswalk is not None:
                    crosswalks[crosswalk.value.id] = crosswalk
        return crosswalks, published.value if published else None, errata.value if errata else None

    def _licensed(self) -> dict[str, LicensedWording]:
        found = (self._one(path, LicensedWording, "CAT") for path in self._below("controls/licensed"))
        return {sourced.value.catalogue: sourced.value for sourced in found if sourced}

    def _planning(self, name: str, model: type[M]) -> M | None:
        sourced = self._one(f"controls/{name}.yaml", model, "CAT")
        return sourced.value if sourced else None

    def _parameters(self) -> dict[str, ParameterDefinition]:
        found = self._planning("parameters", Parameters)
        return {definition.id: definition for definition in found.parameters} if found else {}

    def _markdown(self) -> tuple[tuple[Document, ...], tuple[Page, ...]]:
        documents: list[Document] = []
        pages: list[Page] = []
        for path in self.paths:
            if not (path.startswith("docs/") and is_page(path) and path in self.texts):
                continue
            if path in self.broken:
                continue
            try:
                parts = parts_of(self.texts[path])
            except YamlProblem as problem:
                self._unreadable(path, "DOC", problem)
                continue
            head = parts.head
            keys = tuple(head.value) if head else ()
            if head and self.in_organisation and _DOCUMENT_KEYS & set(keys):
                front = accepted_head(FrontMatter, self.texts[path])
                if front is None:
                    self._refused(FrontMatter, head, path, "DOC")
                else:
                    documents.append(Document(Sourced(front, path, head.lines), parts.body, parts.body_line, keys))
                continue
            title = head.value.get("title") if head else None
            if head and isinstance(title, str) and not re.fullmatch(ONE_LINE, title.strip() or "-"):
                place = Location(path, head.line("title"))
                self.problems.append(SHAPE["DOC004"].problem(place, "'title' has a line break or a tab in it", "write it on one line"))
            pages.append(Page(path, title if isinstance(title, str) else None, parts.body, parts.body_line, keys))
        return tuple(documents), tuple(pages)

    def _registers(self) -> dict[str, Register[Entry]]:
        found: dict[str, Register[Entry]] = {}
        for kind in KINDS:
            register = self._table(kind) if kind.layout is Layout.TABLE else self._folder(kind)
            if register is not None:
                found[kind.name] = register
        return found

    def _table(self, kind: Kind[Entry]) -> Register[Entry] | None:
        family = "SOA" if kind.name == SOA else "REG"
        whole = self._one(kind.own_file, kind.table, family)
        head: Sourced[Head] | None = whole
        parts: list[Sourced[Part]] = []
        if kind.folder_head in self.paths:
            own = head or self._one(kind.folder_head, kind.head, family)
            found = (path for path in self._below(kind.folder) if path != kind.folder_head)
            read = (self._one(path, kind.part, family) for path in sorted(found, key=lambda path: natural(path.rsplit(".", 1)[0])))
            parts = [part for part in read if part is not None]
            if kind.own_file in self.paths:
                self._refuse_two_forms(kind)
            head = own
        if head is None:
            return None
        files: list[Sourced[Table] | Sourced[Part]] = [*([whole] if whole else []), *parts]
        records = tuple(
            Record(kind, Sourced(row, file.path, file.lines, ("records", index)))
            for file in files
            for index, row in enumerate(file.value.records)
        )
        return Register(kind, head, records, tuple(parts))

    def _refuse_two_forms(self, kind: Kind[Entry]) -> None:
        """The records of both are shown, and nothing that is written or decided rests on them."""
        message = f"the register is kept in '{kind.own_file}' and in the folder '{kind.folder}/'"
        way_out = "put the rows of the file into a part of the folder and remove the file, or remove the folder"
        self.problems.append(TWO_FORMS.problem(Location(kind.own_file), message, way_out))
        self.broken |= {kind.own_file: None, kind.folder_head: None}

    def _folder(self, kind: Kind[Entry]) -> Register[Entry] | None:
        folder = kind.folder
        head = self._one(kind.folder_head, kind.file, "REG")
        records = []
        for path in sorted(self._below(folder), key=lambda path: natural(path.rsplit(".", 1)[0])):
            if path.endswith("/" + FOLDER_HEAD):
                continue
            sourced = self._one(path, kind.record, "REG")
            if sourced is not None:
                records.append(Record(kind, sourced))
        return None if head is None else Register(kind, head, tuple(records))

    def _runs(self, fingerprints: Mapping[str, Fingerprint]) -> dict[str, Sourced[AutomatedRun]]:
        """Automated evidence that a record refers to; what cannot be read is a problem of its file."""
        found = {}
        for path in filter(is_run, fingerprints):
            run, problems = read_run(self._bytes_of_run(path) if fingerprints[path].size <= MAX_BYTES else None, path, self._qualified)
            self.problems += problems
            if run is not None:
                found[path] = run
        return found

    def _bytes_of_run(self, path: str) -> bytes | None:
        try:
            return self.tree.read(path)
        except NotRead:  # it was there a moment ago
            return None


def _is_utf8(path: str) -> bool:
    return path.isascii() or not any("\ud800" <= char <= "\udfff" for char in path)


def _is_organisation(paths: Iterable[str]) -> bool:
    """Whether files are an organisation's repository, or what is left of one; the kit has its own mark, and anything else has none."""
    known = set(paths)
    signs = any(path in ("org.yaml", RECORD) or path.startswith("registers/") for path in known)
    return signs or (KIT_MARK not in known and any(path.startswith("controls/") for path in known))


def _id_in(text: str) -> str | None:
    match = re.search(r"^id:\s*[\"']?([A-Za-z0-9-]+)", text, re.MULTILINE)
    return match.group(1) if match else None
