"""The kinds of record that there are: name, definition, layout, and what the register's page shows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache

from pydantic import create_model

from macros.model.base import Model
from macros.model.records import applicability, approvals, governance, improvement, partners, reading, risk, support, systems
from macros.model.records.common import Head

FOLDER_HEAD = "register.yaml"


class Layout(str, Enum):
    """table: one file whose rows belong together. folder: one file per record that lives and closes alone."""

    TABLE = "table"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record."""

    name: str
    """The register's name: file `registers/NAME.yaml`, or folder `registers/NAME/`, in which a table may be divided too."""
    one: str
    """What one record is called."""
    record: type[Model]
    layout: Layout
    columns: tuple[str, ...]
    """Attributes shown in the register's table; the first names a record."""
    head: type[Head] = Head
    label: str = "title"
    """The attribute that says in a few words what a record is."""

    @property
    def key(self) -> str:
        """The attribute that names a record."""
        return self.columns[0]

    @property
    def file(self) -> type[Model]:
        """The definition of the register's own file."""
        return _file_of(self)

    @property
    def part(self) -> type[Model]:
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
def _file_of(kind: Kind) -> type[Model]:
    if kind.layout is Layout.FOLDER:
        return kind.head
    return create_model(
        f"{kind.record.__name__}Register",
        __base__=kind.head,
        __doc__=f"A register: one row per {kind.one}.",
        records=(tuple[kind.record, ...], ...),
    )


@cache
def _part_of(kind: Kind) -> type[Model]:
    return create_model(
        f"{kind.record.__name__}Part",
        __base__=Model,
        __doc__=f"A part of a register that is divided: one row per {kind.one}.",
        records=(tuple[kind.record, ...], ...),
    )


def _table(name: str, one: str, record: type[Model], columns: str, **more: object) -> Kind:
    return Kind(name, one, record, Layout.TABLE, tuple(columns.split()), **more)


def _folder(name: str, one: str, record: type[Model], columns: str, **more: object) -> Kind:
    return Kind(name, one, record, Layout.FOLDER, tuple(columns.split()), **more)


SOA = "statement-of-applicability"

KINDS: tuple[Kind, ...] = (
    _table(SOA, "control", applicability.SoaEntry, "control applicability justification driver status owner decided", label="control"),
    _table("own-controls", "control of our own", applicability.OwnControl, "id title summary because owner"),
    _folder("ai-systems", "AI system", systems.AiSystem, "id name version stage origin owner status", label="name"),
    _folder("datasets", "dataset", systems.Dataset, "id name uses personal_data owner status", label="name"),
    _folder("impact-assessments", "AI system impact assessment", systems.ImpactAssessment, "id title about assessed_on valid_until status"),
    _folder("risks", "AI risk", risk.Risk, "id title about initial residual owner status", head=risk.RiskHead),
    _table("objectives", "AI objective", risk.Objective, "id objective measure target owner due status", label="objective"),
    _table("obligations", "obligation", risk.Obligation, "id title source duty applies_from owner"),
    _table(
        "interested-parties", "interested party", governance.InterestedParty, "id party side expects answered_by climate", label="party"
    ),
    _table(
        "responsibilities",
        "activity",
        governance.Responsibility,
        "id activity responsible accountable consulted informed",
        label="activity",
    ),
    _table("isms-documents", "ISMS document", governance.IsmsDocument, "id title covers status address version owner next_review"),
    _table("suppliers", "supplier", partners.Supplier, "id name supplies about agreement owner next_review", label="name"),
    _table("customers", "customer expectation", partners.Customer, "id group expects answered_by owner", label="group"),
    _table("competence", "competence record", support.Competence, "id person role needs shown_by completed_on repeat_on", label="needs"),
    _table("measurements", "measurement", support.Measurement, "id what about measured_on value limit within", label="what"),
    _table("external-documents", "external document", support.ExternalDocument, "id title address version owner next_review"),
    _folder("concerns", "concern", improvement.Concern, "id side received_on summary handled_by answered_on state", label="summary"),
    _folder("incidents", "incident", improvement.Incident, "id title about occurred_on serious owner state"),
    _folder("audits", "audit", improvement.Audit, "id title kind planned_for carried_out_on auditor state"),
    _folder(
        "audit-findings", "audit finding", improvement.AuditFinding, "id audit grade requirement finding nonconformity", label="finding"
    ),
    _folder(
        "management-reviews", "management review", improvement.ManagementReview, "id held_on chaired_by conclusion", label="conclusion"
    ),
    _folder("nonconformities", "nonconformity", improvement.Nonconformity, "id title requirement found_on owner due state"),
    _folder("changes", "change", improvement.Change, "id title of about planned_for responsible state"),
    _table("reading-duties", "duty to read", reading.ReadingDuty, "id document roles people within_days", label="document"),
    _table(
        "acknowledgements", "acknowledgement", reading.Acknowledgement, "id document version person acknowledged_on how", label="document"
    ),
    _folder("approvals", "approval", approvals.ApprovalRecord, "id document version by as_role approved_on source", label="document"),
    _folder("evidence", "evidence", support.Evidence, "id title evidences collected_on valid_until collected_by"),
)

BY_NAME = {kind.name: kind for kind in KINDS}


def table_at(path: str) -> str | None:
    """The name of the table that a path is the file or a part of; None elsewhere."""
    name = path.removeprefix("registers/").split("/", 1)[0].removesuffix(".yaml")
    kind = BY_NAME.get(name) if path.startswith("registers/") else None
    if kind is None or kind.layout is not Layout.TABLE:
        return None
    return name if path == kind.own_file or path.startswith(f"{kind.folder}/") else None
