"""Where the description of the API and what it is made from are kept."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "docs" / "openapi.json"
DEPLOYED = ROOT / "layers" / "shared" / "cellarhand" / "http" / "openapi.json"
"""The same file: GET /v1/openapi.json serves it from the layer."""
EXPLAINED = ROOT / "docs" / "problems.md"
EXAMPLES = ROOT / "docs" / "api-examples.json"
"""Requests and their real answers, recorded by `python -m tests.api_examples`."""
FUNCTIONS = ROOT / "functions"
