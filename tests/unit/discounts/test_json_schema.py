"""The published JSON Schema is the schema's own."""

import json

from operations.discount_json_schema import PUBLISHED, json_schema


def test_the_published_schema_is_up_to_date():
    assert PUBLISHED.read_text() == json_schema(), "run: python -m operations.discount_json_schema"


def test_the_published_schema_names_every_field_of_a_rule_as_the_document_does():
    rule = json.loads(json_schema())["$defs"]["Rule"]
    assert {"limit_per_member", "code_limit_total", "code_limit_per_guest"} <= set(rule["properties"])
    assert rule["additionalProperties"] is False
    assert "from" in json.loads(json_schema())["$defs"]["Valid"]["properties"]
