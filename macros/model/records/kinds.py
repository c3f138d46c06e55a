"""The kinds of record that there are: name, definition, layout, and what the register's page shows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache
from types import GenericAlias
from typing import Any, Generic, TypeVar, cast

from pydantic import create_model

from macros.model.records import (
    applicability,
    approvals,
    exceptions,
    governance,
    improvement,
    partners,
    reading,
    risk,
    support,
    systems,
)
from macros.model.records.common import Entry, Head, Part, Table

E = TypeVar("E", bound=Entry)
E_co = TypeVar("E_co", bound=Entry, covariant=True)

FOLDER_HEAD = "register.yaml"


class Layout(str, Enum):
    """table: one file whose rows belong together. folder: one file per record that lives and closes alone."""

    TABLE = "table"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Kind(Generic[E_co]):
    """A kind of record."""

    name: str
    """The register's name: file `registers/NAME.yaml`, or folder `registers/NAME/`, in which a table may be divided too."""
    one: str
    """What one record is called."""
    record: type[E_co]
    layout: Layout
    columns: tuple[str, ...]
    """Attributes shown in the register's table; the first names a record."""
    head: type[Head] = Head

    @property
    def key(self) -> str:
        """The attribute that names a record."""
        return self.columns[0]

    @property
    def file(self) -> type[Head]:
        """The definition of the register's own file."""
        return self.head if self.layout is Layout.FOLDER else self.table

    @property
    def table(self) -> type[Table]:
        """The definition of a table that is one file."""
        return _table_of(self)

    @property
    def part(self) -> type[Part]:
        """The definition of one part of a table that is divided."""
        return _part_of(self)

    @property
    def word(self) -> str:
        """What one record is called, as one word; also the name of its schema, where each has a file of its own."""
        return self.one.replace("AI system impact assessment", "impact-assessment").replace(" ", "-").lower()

    @property
    def own_file(self) -> str:
        """The path of a table that is one file."""
        return f"registers/{self.name}.yaml"

    @property
    def folder(self) -> str:
        """The folder of single records, or of the head and parts of a table that is divided."""
        return f"registers/{self.name}"

    @property
    def folder_head(self) -> str:
        """The path of the head in that folder."""
        return f"{self.folder}/{FOLDER_HEAD}"


@cache
def _table_of(kind: Kind[Entry]) -> type[Table]:
    bases: Any = Table if kind.head is Head else (kind.head, Table)
    made = create_model(
        f"{kind.record.__name__}Register",
        __base__=bases,
        __doc__=f"A register: one row per {kind.one}.",
        records=(_rows_of(kind), ...),
    )
    return cast("type[Table]", made)


@cache
def _part_of(kind: Kind[Entry]) -> type[Part]:
    return create_model(
        f"{kind.record.__name__}Part",
        __base__=Part,
        __doc__=f"A part of a register that is divided: one row per {kind.one}.",
        records=(_rows_of(kind), ...),
    )


def _rows_of(kind: Kind[Entry]) -> Any:
    """The type of a kind's rows, which is made while the program runs."""
    return GenericAlias(tuple, (kind.record, ...))


def _table(name: str, one: str, record: type[E], columns: str, head: type[Head] = Head) -> Kind[E]:
    return Kind(name, one, record, Layout.TABLE, tuple(columns.split()), head)


def _folder(name: str, one: str, record: type[E], columns: str, head: type[Head] = Head) -> Kind[E]:
    return Kind(name, one, record, Layout.FOLDER, tuple(columns.split()), head)


SOA = "statement-of-applicability"

KINDS: tuple[Kind[Entry], ...] = (
    _table(
        SOA, "control", applicability.SoaEntry, "control applicability justification driver status owner decided", applicability.SoaHead
    ),
    _table("own-controls", "control of our own", applicability.OwnControl, "id title summary because owner"),
    _folder("ai-systems", "AI system", systems.AiSystem, "id name version stage origin owner status"),
    _folder("datasets", "dataset", systems.Dataset, "id name uses personal_data owner status"),
    _folder("impact-assessments", "AI system impact assessment", systems.ImpactAssessment, "id title about assessed_on valid_until status"),
    _folder("risks", "AI risk", risk.Risk, "id title about initial residual owner status", head=risk.RiskHead),
    _table("objectives", "AI objective", risk.Objective, "id objective measure target owner due status"),
    _table("obligations", "obligation", risk.Obligation, "id title source duty applies_from owner"),
    _table("interested-parties", "interested party", governance.InterestedParty, "id party side expects answered_by climate"),
    _table("responsibilities", "activity", governance.Responsibility, "id activity responsible accountable consulted informed"),
    _table("isms-documents", "ISMS document", governance.IsmsDocument, "id title covers status address version owner next_review"),
    _table("suppliers", "supplier", partners.Supplier, "id name supplies about agreement owner next_review"),
    _table("customers", "customer expectation", partners.Customer, "id group expects answered_by owner"),
    _table("competence", "competence record", support.Competence, "id person role needs shown_by completed_on repeat_on"),
    _table("measurements", "measurement", support.Measurement, "id what about measured_on value limit within"),
    _table("external-documents", "external document", support.ExternalDocument, "id title address version owner next_review"),
    _folder("concerns", "concern", improvement.Concern, "id side received_on summary handled_by answered_on state"),
    _folder("incidents", "incident", improvement.Incident, "id title about occurred_on serious owner state"),
    _folder("audits", "audit", improvement.Audit, "id title kind planned_for carried_out_on auditor state"),
    _folder("audit-findings", "audit finding", improvement.AuditFinding, "id audit grade requirement finding nonconformity"),
    _folder("management-reviews", "management review", improvement.ManagementReview, "id held_on chaired_by conclusion"),
    _folder("nonconformities", "nonconformity", improvement.Nonconformity, "id title requirement found_on owner due state"),
    _folder("changes", "change", improvement.Change, "id title of about planned_for responsible state"),
    _folder("exceptions", "exception", exceptions.PolicyException, "id title kind departs_from about until borne_by"),
    _table("reading-duties", "duty to read", reading.ReadingDuty, "id document roles people within_days"),
    _table("acknowledgements", "acknowledgement", reading.Acknowledgement, "id document version person acknowledged_on how"),
    _folder("approvals", "approval", approvals.ApprovalRecord, "id document version by as_role approved_on source"),
    _folder("evidence", "evidence", support.Evidence, "id title kind evidences collected_on valid_until collected_by"),
)

BY_NAME = {kind.name: kind for kind in KINDS}
_NAMES = {kind.record: kind.name for kind in KINDS}


def register_of(definition: type[Entry]) -> str:
    """The name of the register whose records have a definition.

    Raises:
        KeyError: No register holds such records.
    """
    return _NAMES[definition]


def table_at(path: str) -> str | None:
    """The name of the table that a path is the file or a part of; None elsewhere."""
    name = path.removeprefix("registers/").split("/", 1)[0].removesuffix(".yaml")
    kind = BY_NAME.get(name) if path.startswith("registers/") else None
    if kind is None or kind.layout is not Layout.TABLE:
        return None
    return name if path == kind.own_file or path.startswith(f"{kind.folder}/") else None
