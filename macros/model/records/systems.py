"""AI systems and what is recorded about them: the system, its datasets and its impact assessments."""

from __future__ import annotations

import datetime
from enum import Enum
from typing import Annotated

from macros.model.base import AiSystemId, DatasetId, Day, Line, Model, RoleId, Scale, Text, record_id
from macros.model.document import Approval, EarlierApproval
from macros.model.records.common import Entry, Named, RecordStatus, Titled


class Origin(str, Enum):
    """Where an AI system comes from."""

    OWN = "own"
    BOUGHT = "bought"
    OPEN_SOURCE = "open-source"


class Stage(str, Enum):
    """Life-cycle stage (ISO/IEC 22989 in view)."""

    INCEPTION = "inception"
    DEVELOPMENT = "development"
    VERIFICATION = "verification"
    DEPLOYMENT = "deployment"
    OPERATION = "operation"
    RETIRED = "retired"


class Autonomy(str, Enum):
    """What the system does with its output."""

    ASSISTS = "assists"
    RECOMMENDS = "recommends"
    DECIDES_WITH_REVIEW = "decides-with-review"
    DECIDES = "decides"


class AiActClass(str, Enum):
    """Class under the EU AI Act, as the organisation judged it; not legal advice."""

    PROHIBITED = "prohibited"
    HIGH_RISK = "high-risk"
    TRANSPARENCY = "transparency"
    MINIMAL = "minimal"
    OUT_OF_SCOPE = "out-of-scope"
    UNDETERMINED = "undetermined"


class Actor(str, Enum):
    """What the organisation is to an AI system, in the words of the EU AI Act."""

    PROVIDER = "provider"
    DEPLOYER = "deployer"
    BOTH = "both"
    NONE = "none"


class AiActJudgement(Model):
    """The class of an AI system under the EU AI Act, with its reasons."""

    risk_class: AiActClass
    reasons: Text
    """Which article or Annex III point was looked at, and why it does or does not apply."""
    actor: Actor
    """What the organisation is to the system."""
    annex: Line | None = None
    """What makes it high-risk: `Annex III, 4(a)`, or `Annex I` with its section; null for every other class."""


class ModelVersion(Model):
    """A model inside an AI system."""

    name: Line
    version: Line
    provider: Line


class AffectedGroup(Model):
    """People whom the output reaches."""

    group: Line
    how: Text
    """What the output does to them."""


class Oversight(Model):
    """How people watch the system and step in."""

    operator: RoleId
    """The role that oversees it."""
    means: Text
    """What the operator sees, and how output is overruled or the system stopped."""


class Resources(Model):
    """What the system depends on (ISO/IEC 42001, A.4.3 to A.4.6)."""

    data: Text
    tooling: Text
    computing: Text
    people: Text


class Decided(Entry):
    """A record that counts when somebody has approved it."""

    status: RecordStatus
    approved: Approval | None
    """Who decided, and when; null while it is a draft."""
    approved_before: tuple[EarlierApproval, ...] = ()
    """Earlier approvals, newest first; `aims approve` keeps them."""

    @property
    def is_draft(self) -> bool:
        return self.status is RecordStatus.DRAFT

    @property
    def is_closed(self) -> bool:
        return self.status is RecordStatus.CLOSED

    @property
    def looked_at(self) -> datetime.date | None:
        return self.approved.date if self.approved else None


class AiSystem(Decided, Named):
    """An AI system in scope: the spine on which assessments, data and checks hang."""

    id: Annotated[str, record_id("AIS")]
    name: Line
    version: Line
    """Changing it re-opens the impact assessment."""
    origin: Origin
    supplier: Line | None
    """null where it is built in house."""
    owner: RoleId
    """The role that answers for it."""
    stage: Stage
    purpose: Text
    intended_use: Text
    not_intended: Text
    """Uses that are not allowed."""
    context: Text
    """Where and by whom it is used; changing it re-opens the impact assessment."""
    autonomy: Autonomy
    oversight: Oversight
    affected: tuple[AffectedGroup, ...]
    models: tuple[ModelVersion, ...]
    datasets: tuple[DatasetId, ...]
    resources: Resources
    eu_ai_act: AiActJudgement


class DatasetUse(str, Enum):
    """What a dataset does for an AI system."""

    TRAINING = "training"
    VALIDATION = "validation"
    TEST = "test"
    PRODUCTION = "production"
    RETRIEVAL = "retrieval"


class PersonalData(str, Enum):
    """Whether a dataset is about people who can be told apart."""

    NONE = "none"
    PSEUDONYMISED = "pseudonymised"
    PERSONAL = "personal"
    SPECIAL_CATEGORY = "special-category"


class Acquisition(Model):
    """Where data came from, and why it was chosen (A.7.3)."""

    source: Text
    method: Text
    selected_because: Text
    period: Line
    """The time the data describes."""
    rights: Text
    """What allows the use: ownership, contract, licence, legal basis."""


class QualityMeasure(Model):
    """A requirement on the data and what was measured (A.7.4)."""

    measure: Text
    required: Text
    measured: Text | None
    """null until it has been measured."""
    measured_on: Day | None


class KnownBias(Model):
    """A way in which the data misrepresents the people or cases it stands for (A.7.4)."""

    what: Text
    effect: Text
    handling: Text


class ProvenanceStep(Model):
    """Something that happened to the data (A.7.5)."""

    step: Text
    by: Line
    """Role, team or supplier."""


class PreparationStep(Model):
    """How the data was made ready (A.7.6)."""

    step: Text
    method: Text
    criterion: Text
    """What tells that it was done well."""


class Regime(Model):
    """How data is kept under assessment that changes all the time: streamed, retrieved, or corrected in use."""

    changes: Text
    """What changes, how often, and by whom."""
    reassessed_when: Text
    """From which change on the impact assessment is repeated."""
    looked_at_on: Day | None = None
    """When somebody last compared the data with this; null until then."""
    next_review: Day


class Dataset(Decided, Named):
    """Data that an AI system learns from, is tested with, or draws on."""

    id: Annotated[str, record_id("DS")]
    name: Line
    owner: RoleId
    """The role that answers for it."""
    version: Line | None = None
    """The version in use; changing it re-opens the impact assessment. null where a regime holds instead."""
    regime: Regime | None = None
    """For data that changes all the time, in place of a version."""
    uses: tuple[DatasetUse, ...]
    categories: tuple[Text, ...]
    """Kinds of data in it."""
    personal_data: PersonalData
    acquisition: Acquisition
    quality: tuple[QualityMeasure, ...]
    bias: tuple[KnownBias, ...]
    provenance: tuple[ProvenanceStep, ...]
    preparation: tuple[PreparationStep, ...]
    retention: Text


class ImpactOn(str, Enum):
    """Who bears a consequence."""

    INDIVIDUALS = "individuals"
    GROUPS = "groups"
    SOCIETY = "society"


class ImpactKind(str, Enum):
    """Whether a consequence is wanted."""

    HARM = "harm"
    BENEFIT = "benefit"


class Reversibility(str, Enum):
    """Whether a consequence can be undone."""

    EASILY = "easily"
    WITH_EFFORT = "with-effort"
    NOT = "not"


class ImpactMeasure(Model):
    """Something done so that a consequence is milder, rarer or easier to undo."""

    what: Text
    owner: RoleId
    """The role that answers for it."""
    due: Day | None = None
    """When it is to be in place; left out where it is."""
    done_on: Day | None = None
    """The day from which it is in place; left out until then."""


class ResidualImpact(Model):
    """What remains of a consequence once its measures are in place."""

    severity: Scale
    likelihood: Scale
    reversibility: Reversibility
    because: Text
    """What remains, and why that is acceptable or not."""

    @property
    def level(self) -> int:
        """Severity times likelihood, as a risk has it."""
        return self.severity * self.likelihood


class Impact(Model):
    """One consequence of an AI system for people or society."""

    falls_on: ImpactOn
    who: Line
    kind: ImpactKind
    theme: Line
    """fairness, accountability, transparency, safety, privacy, human rights, environment, economy, government or health."""
    what: Text
    severity: Scale
    likelihood: Scale
    reversibility: Reversibility
    measures: tuple[ImpactMeasure, ...]
    residual: ResidualImpact

    def has_come_to(self, day: datetime.date) -> tuple[int, int, Reversibility]:
        """Severity, likelihood and reversibility on a day: what remains once every measure is in place, and what was found until then."""
        found = self.residual if all(one.done_on and one.done_on <= day for one in self.measures) else self
        return found.severity, found.likelihood, found.reversibility


class NoneFound(Model):
    """Somebody on whom no consequence was found."""

    falls_on: ImpactOn
    because: Text
    """Where it was looked for, and why there is none."""


class AssessedModel(Model):
    """A model inside the AI system, as it was assessed."""

    name: Line
    version: Line


class AssessedDataset(Model):
    """A dataset of the AI system, as it was assessed."""

    id: DatasetId
    version: Line | None = None
    """Its version; left out where a regime holds."""


class AssessedScope(Model):
    """What one assessment covers; a change of version, models, use, datasets, people or context re-opens it."""

    version: Line
    models: tuple[AssessedModel, ...]
    intended_use: Text
    datasets: tuple[AssessedDataset, ...]
    affected: tuple[Text, ...]
    """Groups of people whom the output reaches, as the AI system names them."""
    context: Text
    """Where and by whom the system is used, in the words of the AI system."""
    setting: Text
    """Foreseeable misuse, and the technical, social and legal setting."""


class Consultation(Model):
    """Who was asked, and what they said."""

    who: Line
    said: Text


class ImpactAssessment(Decided, Titled):
    """An AI system impact assessment (ISO/IEC 42001, 6.1.4, 8.4 and A.5): never a risk assessment."""

    id: Annotated[str, record_id("AIA")]
    title: Line
    about: AiSystemId
    assessor: RoleId
    """The role that carried it out."""
    assessed_on: Day | None
    """null until the organisation has carried it out."""
    scope: AssessedScope
    consultation: tuple[Consultation, ...]
    impacts: tuple[Impact, ...]
    none_found: tuple[NoneFound, ...] = ()
    """Individuals, groups or society, where no consequence was found."""
    judgement: Text
    """What the assessment concludes, in sentences that a decision can rest on."""
    conditions: tuple[Text, ...]
    """What must hold for the system to be used."""
    valid_until: Day | None

    @property
    def looked_at(self) -> datetime.date | None:
        return self.assessed_on
