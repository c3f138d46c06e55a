"""Who the organisation is: the answers everything later reads, its people, its roles and its parameters."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from macros.model.base import Day, JudgedDay, Line, Model, PersonId, RoleId, Slug, Text, refers_to


def _decision(value: Any) -> Any:
    if value is None or value == "":
        raise PydanticCustomError("empty_value", "nothing is decided")
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise PydanticCustomError("string_type", "a parameter is a whole number or text")
    return value


Decision = Annotated[Any, BeforeValidator(_decision), WithJsonSchema({"type": ["integer", "string"]})]
"""What was decided for a parameter: a whole number or text."""


class Strategy(str, Enum):
    """How the AIMS stands to the ISMS."""

    INTEGRATED = "integrated"
    COORDINATED = "coordinated"
    EXTENSION = "extension"
    STANDALONE = "standalone"

    @property
    def needs_isms(self) -> bool:
        """Every strategy but one rests on an ISMS."""
        return self is not Strategy.STANDALONE


class Forge(str, Enum):
    """Where the repository lives."""

    GITHUB = "github"
    GITLAB = "gitlab"
    NONE = "none"


class AiRoles(Model):
    """What the organisation does with AI (ISO/IEC 42001, 4.1)."""

    develops: bool
    """Builds or trains AI systems."""
    provides: bool
    """Offers products or services that contain AI systems to others."""
    uses: bool
    """Uses AI systems in its own work."""

    @property
    def named(self) -> tuple[str, ...]:
        """The roles that hold, as verbs."""
        holding = {"develops": self.develops, "provides": self.provides, "uses": self.uses}
        return tuple(name for name, holds in holding.items() if holds)


class Isms(Model):
    """The information security management system that is already there."""

    certified_since: Annotated[int, Field(ge=1995, le=2100)]
    """Year of its first certificate."""
    scope: Text | None = None
    """Its scope as the certificate states it."""


class Person(Model):
    """Somebody who holds a role."""

    id: Slug
    name: Line
    email: Line | None = None
    forge_name: Line | None = None
    """User name at the forge, for code owners."""
    joined: Day | None = None
    """The day on which this person took up their first role here; days to read a document count from it."""
    left: Day | None = None
    """The day this person left."""


class PastHolder(Model):
    """Somebody who held a role before."""

    by: PersonId
    until: Day
    """The last day on which this person held it."""
    since: Day | None = None
    """The first day on which this person held it; left out where it was before the records begin."""


class Role(Model):
    """A set of responsibilities and authorities, held by people."""

    id: Slug
    title: Line
    held_by: tuple[PersonId, ...] = ()
    """People who hold it now; the first is the one to ask."""
    held_since: dict[PersonId, Day] = Field(default_factory=dict)
    """The first day of people who hold it now; of nobody else, since the records begin."""
    held_before: tuple[PastHolder, ...] = ()
    """People who held it before, so that what they approved then still counts."""
    document: Annotated[str, refers_to("ROL")] | None = None
    """The page that describes it."""


class PlanDates(Model):
    """When the way to certification begins, and when it is to end; with both, the phases are stretched to fit."""

    start: Day | None = None
    """First day of phase 1."""
    certification: Day | None = None
    """Wished day of the certificate; the plan is counted back from it."""


class Weight(str, Enum):
    """How much a rule weighs here, in place of its own severity."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    OFF = "off"
    """Its problems are not shown."""


class CheckException(Model):
    """A problem that somebody decided to bear for a while: it is not shown until a day."""

    code: Line
    """The problem's code."""
    path: Line
    """The file that it is at, from the root of the repository."""
    reason: Text
    """Why it may stand, in a sentence an auditor can test."""
    decided_by: RoleId
    """The role that answers for it."""
    until: Day
    """The last day on which it counts; from the next day on the problem is shown again."""


class CheckSettings(Model):
    """What the organisation changes in the checks; each entry is itself under review, and shown on the site."""

    severities: dict[str, Weight] = Field(default_factory=dict)
    """Weights by code, such as `DOC305: warning`; what guards the checks themselves cannot be turned down."""
    exceptions: tuple[CheckException, ...] = ()
    """Problems that are not shown for a while."""


class AllowedKind(str, Enum):
    """What can be added to that which pages may hold."""

    ELEMENT = "element"
    """An element of HTML that runs nothing, such as `figure`."""
    ATTRIBUTE = "attribute"
    """An attribute that runs nothing, such as `hidden`."""
    CLASS = "class"
    """A class of a style sheet of one's own."""
    IMAGE_HOST = "image-host"
    """A host that images are loaded from."""
    FILE = "file"
    """A file below `docs/` that is published as it is, and could act in a browser."""


class AllowedEntry(Model):
    """Something that pages may hold here beyond what the kit allows, and why."""

    kind: AllowedKind
    name: Text
    """The element, attribute, class or host; of a file its path from the root of the repository."""
    reason: Text
    """Why it is needed, in a sentence an auditor can test."""
    decided_by: RoleId
    """The role that answers for it."""


class PageSettings(Model):
    """What the organisation adds to the pages; each entry is itself under review, and shown on the site."""

    allowed: tuple[AllowedEntry, ...] = ()
    """What pages may hold beyond the kit's list; never anything that runs."""


class Organisation(Model):
    """The organisation, in the words of its answers."""

    name: Line
    """Legal name, exactly as it is to appear."""
    integration_strategy: Strategy
    isms: Isms | None
    """null where there is no certified ISMS."""
    ai_roles: AiRoles
    eu_market: bool
    """Whether it places AI systems on the market of the European Union or uses them there."""
    forge: Forge
    catalogues: Annotated[tuple[Slug, ...], Field(min_length=1)]
    """The catalogues in force, by id."""
    statement_of_applicability: tuple[Slug, ...]
    """The catalogues whose controls the Statement of Applicability decides on."""
    parameters: dict[str, Decision]
    """What the organisation decided, by the ids in `controls/parameters.yaml`."""
    roles: tuple[Role, ...]
    people: tuple[Person, ...] = ()
    roadmap: PlanDates | None = None
    """Dates of the roadmap; without them it begins today."""
    checks: CheckSettings | None = None
    """Weights of rules and exceptions from them; without it every rule counts as delivered."""
    pages: PageSettings | None = None
    """What pages may hold beyond the kit's list of HTML."""
    today: JudgedDay | None = None
    """Pins the date of a demonstration; leave it out in a real repository."""
    demonstration: bool = False
    """Whether this is nobody's real organisation; each page then says so, and `today` may pin its day."""


class ParameterDefinition(Model):
    """Something that every organisation decides for itself, with its unit and its bounds."""

    id: Annotated[str, Field(pattern=r"^[a-z]+(?:_[a-z]+)*$")]
    title: Line
    unit: Line
    """months, days, hours, years, percent, count or text."""
    default: int | Text
    minimum: int | None = None
    maximum: int | None = None
    bound_source: Text | None = None
    """Where the bound comes from."""
    why: Text
    """What the decision governs."""


class Parameters(Model):
    """All parameters that the kit's texts use."""

    id: Slug
    title: Line
    parameters: tuple[ParameterDefinition, ...]
