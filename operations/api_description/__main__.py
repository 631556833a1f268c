"""Writes the description of the API anew: docs/openapi.json, the same file for the layer, docs/problems.md.

python -m operations.api_description
"""

from cellarhand.http.problem_codes.page import problems_markdown
from operations.api_description.document import api_description
from operations.api_description.places import DEPLOYED, EXPLAINED, PUBLISHED


def main() -> None:
    """Write all three."""
    for file in (PUBLISHED, DEPLOYED):
        file.write_text(api_description())
    EXPLAINED.write_text(problems_markdown())


if __name__ == "__main__":
    main()
