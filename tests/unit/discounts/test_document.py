"""The worked examples of docs/discounts.md, run as they stand there."""

import re
from pathlib import Path

import pytest
import yaml

from cellarhand.domain.discounts.reasons import Reason
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
