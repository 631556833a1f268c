"""Writes docs/discount-schema.json: the shape of the discount schema, for those who write rules by program.

python -m operations.discount_json_schema
"""

import json
from pathlib import Path

from cellarhand.domain.discounts.schema.schema import DiscountSchema

PUBLISHED = Path(__file__).parents[1] / "docs" / "discount-schema.json"


def json_schema() -> str:
    """The document, as JSON Schema 2020-12."""
    described = DiscountSchema.model_json_schema(by_alias=True)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Cellarhand discount schema"}
    return json.dumps(head | {k: v for k, v in described.items() if k != "title"}, indent=2) + "\n"


def main() -> None:
    """Write it anew."""
    PUBLISHED.write_text(json_schema())


if __name__ == "__main__":
    main()
