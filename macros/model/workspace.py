"""One checkout, loaded: everything that the checks, the site and the exports read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic, TypeGuard, TypeVar, cast

from macros.model.automated import AutomatedRun
from macros.model.base import Model, Reference, references_in
from macros.model.catalogue import Catalogue, Crosswalk, Requirement, RequirementKind
from macros.model.document import FrontMatter
from macros.model.gates import Gates
from macros.model.generated import Generated
from macros.model.organisation import Organisation, ParameterDefinition, Person, Role
from macros.model.planning import RelatedStandards, RoadmapData, StrategyAdvice
from macros.model.published import Errata, LicensedWording, Published
from macros.model.records.applicability import OwnControl
from macros.model.records.common import Entry, Head, Part
from macros.model.records.kinds import Kind, Layout, register_of
from macros.problem import Location, Problem

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
E = TypeVar("E", bound=Entry)
E_co = TypeVar("E_co", bound=Entry, covariant=True)
OWN = "own"
"""What stands before the colon in the id of a control that the organisation added."""
Lines = Mapping[tuple[str | int, ...], int]


@dataclass(frozen=True, slots=True)
class Sourced(Generic[T_co]):
    """A value that knows the file, and the line of each of its parts."""

    value: T_co
    path: str
    lines: Lines = field(default_factory=dict, repr=False)
    base: tuple[str | int, ...] = ()
    """Where the value sits inside its file."""

    def at(self, *keys: str | int) -> Location:
        """The place of a part; of the nearest part above it where that one is not written."""
        path = (*self.base, *keys)
        while path and path not in self.lines:
            path = path[:-1]
        return Location(self.path, self.lines.get(path, 1))


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a file is, without its bytes."""

    size: int
    """In bytes."""
    sha256: str
    """64 lower-case hexadecimal digits."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document under control: its front matter and its text."""

    head: Sourced[FrontMatter]
    body: str
    body_line: int
    """The line on which the text begins."""
    keys: tuple[str, ...] = ()
    """Keys of the front matter, in the order in which they are written."""

    @property
    def id(self) -> str:
        return self.head.value.id

    @property
    def path(self) -> str:
        """Path from the root, such as `docs/policies/ai-policy.md`."""
        return self.head.path


@dataclass(frozen=True, slots=True)
class Page:
    """A Markdown page that is no document under control: an index, the home page, a page of the manual."""

    path: str
    title: str | None
    body: str
    body_line: int
    keys: tuple[str, ...] = ()
    """Keys of its front matter."""


@dataclass(frozen=True, slots=True)
class Record(Generic[E_co]):
    """One record of a register: `Record[Risk]` holds a risk."""

    kind: Kind[E_co]
    data: Sourced[E_co]

    @property
    def value(self) -> E_co:
        """What it says, without the place where it says so."""
        return self.data.value

    @property
    def references(self) -> tuple[Reference, ...]:
        """Every reference in it: where it stands, what it refers to, and the id."""
        return references_in(self.data.value)

    @property
    def id(self) -> str:
        return self.data.value.key


def is_of(record: Record[Entry], definition: type[E]) -> TypeGuard[Record[E]]:
    """Whether a record of any register has a definition."""
    return isinstance(record.value, definition)


@dataclass(frozen=True, slots=True)
class Register(Generic[E_co]):
    """Records of one kind, under one head."""

    kind: Kind[E_co]
    head: Sourced[Head]
    """The whole file, of a table that is one."""
    records: tuple[Record[E_co], ...]
    parts: tuple[Sourced[Part], ...] = ()
    """The files beside the head, of a table that is divided."""

    @property
    def is_folder(self) -> bool:
        """Whether it lies in a folder: one file per record, or a table that is divided."""
        return self.head.path == self.kind.folder_head

    @property
    def place(self) -> str:
        """Where it is kept, such as `registers/risks/` or `registers/obligations.yaml`."""
        return f"{self.kind.folder}/" if self.is_folder else self.head.path

    @property
    def files(self) -> tuple[Sourced[Model], ...]:
        """Everything that stands in it, file by file."""
        if self.kind.layout is Layout.TABLE:
            return (self.head, *self.parts)
        return (self.head, *(record.data for record in self.records))


@dataclass(frozen=True)
class Workspace:
    """One checkout, loaded. A file that could not be read is in `problems`, and the rest is here."""

    organisation: Sourced[Organisation] | None
    """None in the kit itself, which is nobody's repository."""
    catalogues: Mapping[str, Sourced[Catalogue]]
    crosswalks: Mapping[str, Sourced[Crosswalk]]
    parameters: Mapping[str, ParameterDefinition]
    published: Published | None
    errata: Errata | None
    roadmap: RoadmapData | None
    strategies: StrategyAdvice | None
    standards: RelatedStandards | None
    documents: tuple[Document, ...]
    pages: tuple[Page, ...]
    registers: Mapping[str, Register[Entry]]
    """By name; `register` gives one by the definition of its records."""
    texts: Mapping[str, str] = field(repr=False)
    """Every text file that people edit, by path."""
    licensed: Mapping[str, LicensedWording] = field(default_factory=dict, repr=False)
    """Wording of licensed copies, by catalogue; read from files that git ignores."""
    fingerprints: Mapping[str, Fingerprint] = field(default_factory=dict, repr=False)
    """Size and SHA-256 of the files that evidence and external documents refer to, by path; of those that are there."""
    runs: Mapping[str, Sourced[AutomatedRun]] = field(default_factory=dict, repr=False)
    """Automated evidence that a record refers to, by path; of those that could be read."""
    links: tuple[str, ...] = ()
    """Symbolic links found, which are never followed."""
    gates: Sourced[Gates] | None = None
    """What must be shown before an AI system goes to a stage."""
    paths: tuple[str, ...] = field(default=(), repr=False)
    """Every path of the checkout that is under control."""
    generated: Generated | None = field(default=None, repr=False)
    """What the kit generated; None in the kit itself, and where the record is not there."""
    kit_files: Mapping[str, str] | None = field(default=None, repr=False)
    """Fingerprints of the files here that the kit owns; None where they were not read."""
    problems: tuple[Problem, ...] = ()
    broken: Mapping[str, str | None] = field(default_factory=dict)
    """Paths of files that could not be taken in, with the id that stands in them where it could be read."""

    @cached_property
    def requirements(self) -> Mapping[str, Requirement]:
        """Every requirement by its qualified id; the organisation's own controls are `own:OWN-001` and so on."""
        catalogued = {
            f"{name}:{requirement.id}": requirement
            for name, catalogue in self.catalogues.items()
            for requirement in catalogue.value.requirements
        }
        return catalogued | {f"{OWN}:{requirement.id}": requirement for requirement in self.own_controls}

    @cached_property
    def own_controls(self) -> tuple[Requirement, ...]:
        """Controls that the organisation added, as requirements."""
        return tuple(
            Requirement(
                id=record.id,
                kind=RequirementKind.CONTROL,
                title=record.value.title,
                summary=record.value.summary,
                shown_by=record.value.shown_by,
            )
            for record in self.records(OwnControl)
        )

    @cached_property
    def document_by_id(self) -> Mapping[str, Document]:
        """Documents by id; of a repeated id, the first."""
        return {document.id: document for document in reversed(self.documents)}

    @cached_property
    def record_by_id(self) -> Mapping[str, Record[Entry]]:
        """Records by id; of a repeated id, the first."""
        return {record.id: record for record in reversed(self.all_records)}

    @cached_property
    def role_by_id(self) -> Mapping[str, Role]:
        """Roles by id; empty in the kit itself."""
        return {role.id: role for role in self.organisation.value.roles} if self.organisation else {}

    @cached_property
    def person_by_id(self) -> Mapping[str, Person]:
        """People by id; empty in the kit itself."""
        return {person.id: person for person in self.organisation.value.people} if self.organisation else {}

    def is_whole(self, folder: str) -> bool:
        """Whether every file below `folder` could be read, so that absence in it means something."""
        return not any(path == folder or path.startswith(folder + "/") for path in self.broken)

    def stands_above(self, requirement_id: str) -> bool:
        """Whether a requirement has others below it in its catalogue; not of one that is not there."""
        catalogue, _, number = requirement_id.partition(":")
        return catalogue in self.catalogues and number in self.catalogues[catalogue].value.ids_above

    def register(self, definition: type[E]) -> Register[E] | None:
        """The register whose records have a definition; None where it is not there."""
        found = self.registers.get(register_of(definition))
        return cast("Register[E] | None", found)  # the loader puts a register under the name of its own kind

    def records(self, definition: type[E]) -> tuple[Record[E], ...]:
        """Records of one definition, in the order of their register; none where that is not there."""
        register = self.register(definition)
        return register.records if register else ()

    @cached_property
    def all_records(self) -> tuple[Record[Entry], ...]:
        """Records of every register, register by register."""
        return tuple(record for register in self.registers.values() for record in register.records)

    def parameter(self, name: str) -> int | str:
        """What the organisation decided, or the default.

        Raises:
            KeyError: There is no such parameter.
        """
        definition = self.parameters[name]
        return self.organisation.value.parameters.get(name, definition.default) if self.organisation else definition.default

    def number(self, name: str, otherwise: T) -> int | T:
        """A parameter that is a whole number; `otherwise` where it is not there, or is text."""
        value = self.parameter(name) if name in self.parameters else otherwise
        return value if isinstance(value, int) else otherwise
