"""One definition gives the JSON Schema: the files are fresh, and every generated file is valid by the one it names."""

from __future__ import annotations

import json
import re

import jsonschema
import pytest
import yaml

from macros.schemas import SCHEMAS, schema_text
from tests.conftest import KIT

FOLDER = KIT / "macros/schemas"


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_file_is_fresh(name):
    assert (FOLDER / f"{name}.json").read_text("utf-8") == schema_text(name), "run `make schemas`"


def test_there_is_no_other_schema_file():
    assert {path.stem for path in FOLDER.glob("*.json")} == set(SCHEMAS)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one(name):
    jsonschema.Draft202012Validator.check_schema(json.loads(schema_text(name)))


class Plain(yaml.CSafeLoader):
    """YAML as an editor's language server reads it: version 1.2 words."""


Plain.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool")
    ]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
Plain.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


@pytest.mark.parametrize("strategy", ["integrated", "standalone"])
def test_every_data_file_of_a_repository_is_valid_by_the_schema_that_it_names(strategy, bake):
    repository = bake(integration_strategy=strategy)
    seen = 0
    for path in sorted([repository / "org.yaml", *(repository / "registers").rglob("*.yaml"), *(repository / "controls").rglob("*.yaml")]):
        first = path.read_text("utf-8").splitlines()[0]
        match = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
        assert match, f"{path.name} names no schema"
        schema = json.loads((path.parent / match.group(1)).read_text("utf-8"))
        jsonschema.validate(yaml.load(path.read_text("utf-8"), Loader=Plain), schema)
        seen += 1
    assert seen > 30


def test_an_editor_is_told_of_an_unknown_key():
    schema = json.loads(schema_text("ai-system"))
    assert schema["additionalProperties"] is False
    assert schema["properties"]["oversight"]
    assert "re-opens the impact assessment" in schema["properties"]["version"]["description"]
