"""Writes docs/api-examples.json anew: python -m tests.api_examples."""

from pathlib import Path

from cellarhand import observability
from tests.api_examples.story import recorded

PUBLISHED = Path("docs/api-examples.json")


if __name__ == "__main__":
    observability.logger.setLevel("CRITICAL")
    PUBLISHED.write_text(recorded())
