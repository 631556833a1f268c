"""Every problem code of the product, explained: the page /v1/docs/problems and docs/problems.md.

No request imports this but the one for that page. Statuses and who must act are the error classes' own; a
test compares.
"""

from .bad_requests import BAD_REQUESTS
from .conflicts import CONFLICTS
from .failures import FAILURES

WHO_ACTS = {
    "caller": "whoever sends the request",
    "staff": "the winery's staff",
    "support": "Cellarhand's support",
    "operators": "whoever operates Cellarhand",
    "nobody": "nobody: it passes by itself",
}

PROBLEM_CODES = tuple(sorted((*BAD_REQUESTS, *CONFLICTS, *FAILURES), key=lambda one: (one.status, one.code)))
