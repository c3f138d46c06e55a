"""JSON Schemas out of the typed definitions; the files beside this one are made by `python -m macros schema --write`."""

from __future__ import annotations

import json

from macros.model.automated import AutomatedRun
from macros.model.base import Model
from macros.model.catalogue import Catalogue, Crosswalk
from macros.model.document import FrontMatter
from macros.model.gates import GateReport, Gates
from macros.model.organisation import Organisation, Parameters
from macros.model.planning import RelatedStandards, RoadmapData, StrategyAdvice
from macros.model.published import Errata, LicensedWording, Published
from macros.model.records.common import Head
from macros.model.records.kinds import KINDS, Layout
from macros.review.report import Report

SCHEMAS: dict[str, type[Model]] = {
    "automated-evidence": AutomatedRun,
    "catalogue": Catalogue,
    "change-review": Report,
    "crosswalk": Crosswalk,
    "document": FrontMatter,
    "errata": Errata,
    "gate": GateReport,
    "gates": Gates,
    "licensed-wording": LicensedWording,
    "organisation": Organisation,
    "parameters": Parameters,
    "published": Published,
    "register-head": Head,
    "related-standards": RelatedStandards,
    "roadmap": RoadmapData,
    "strategies": StrategyAdvice,
    **{kind.name: kind.file for kind in KINDS if kind.layout is Layout.TABLE},
    **{f"{kind.name}-part": kind.part for kind in KINDS if kind.layout is Layout.TABLE},
    **{kind.word: kind.record for kind in KINDS if kind.layout is Layout.FOLDER},
    **{f"{kind.name}-head": kind.head for kind in KINDS if kind.head is not Head},
}
"""Every schema by name: files of a register by the register's name, single records by what one is called."""


def schema_text(name: str) -> str:
    """One schema as it is written to its file."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **SCHEMAS[name].model_json_schema()}
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=False) + "\n"
