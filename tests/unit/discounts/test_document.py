"""The worked examples of docs/discounts.md, run as they stand there."""

import re
from pathlib import Path

import pytest
import yaml

from cellarhand.domain.discounts.reasons import Reason
from cellarhand.domain.discounts.schema.schema import DiscountSchema
from tests.unit.discounts.case import Case, check

DOCUMENT = (Path(__file__).parents[3] / "docs" / "discounts.md").read_text()
EXAMPLES = [
    Case.model_validate(yaml.safe_load(text))
    for text in re.findall(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_of_the_document_is_true(example: Case):
    check(example)


def test_the_document_speaks_of_every_reason():
    assert [reason for reason in Reason if f"`{reason}`" not in DOCUMENT] == []


def test_every_field_of_a_rule_has_a_worked_example():
    parts = DiscountSchema.model_json_schema(by_alias=True)["$defs"]
    fields = {
        field
        for name, part in parts.items()
        if name != "SchemaPolicy"
        for field in part.get("properties", ())
    }
    assert (
        fields - {field for example in EXAMPLES for field in named([*example.rules, {"name": ""}])} == set()
    )


def named(value: object) -> set[str]:
    """The fields that a document uses, however deep."""
    if isinstance(value, dict):
        return set(value) | {field for inner in value.values() for field in named(inner)}
    return {field for inner in value for field in named(inner)} if isinstance(value, list) else set()
