"""The page that explains every problem code; the `type` of a problem leads to its section."""

import re
from collections.abc import Iterator
from html import escape
from http import HTTPStatus

from .problem_code import ProblemCode
from .table import PROBLEM_CODES, WHO_ACTS

HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Cellarhand API: problems</title>
<style>
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
h2 { font: bold 1.1rem ui-monospace, monospace; margin: 2rem 0 0 }
h2:target { background: light-dark(#fff3b0, #5c4a00) }
p { margin: .3rem 0 }
</style>
</head>
<body>
<h1>Problems</h1>
"""
INTRODUCTION = (
    "Every failure is answered as application/problem+json (RFC 9457). Its code is stable: branch on it. Its "
    "detail is for people and may change. who_acts names who must act before the same request can succeed. "
    "Some codes also stand in answers, as the reason of a reservation, a sync run or a reconciliation."
)
GATEWAY = (
    "API Gateway itself answers 401 (no Authorization header), 403 (the access key is unknown, revoked or "
    'expired), 413, 429 and 503 with {"message": "..."} and no code.'
)


def problems_page() -> str:
    """As HTML, without any script."""
    parts = [HEAD, f"<p>{escape(INTRODUCTION)}</p>\n<p>{escape(GATEWAY)}</p>\n"]
    for one in PROBLEM_CODES:
        parts.append(f'<h2 id="{one.code}">{one.code}</h2>\n')
        parts += [f"<p>{_as_html(line)}</p>\n" for line in _lines(one)]
    return "".join([*parts, "</body>\n</html>\n"])


def problems_markdown() -> str:
    """The same for who reads the repository."""
    parts = ["# Problems\n", f"{INTRODUCTION}\n", f"{GATEWAY}\n"]
    for one in PROBLEM_CODES:
        parts += [f"## {one.code}\n", *(f"{line}\n" for line in _lines(one))]
    return "\n".join(parts)


def _as_html(line: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(line))


def _lines(one: ProblemCode) -> Iterator[str]:
    yield f"Status {one.status} {HTTPStatus(one.status).phrase}. Who acts: {WHO_ACTS[one.who_acts]}."
    yield one.meaning
    yield f"What to do: {one.remedy}"
