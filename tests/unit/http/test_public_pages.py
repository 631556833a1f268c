"""What anybody may read: alike for everybody, kept for a while, from our own origin alone."""

import re
from typing import Any

import pytest

from functions.settings import app
from operations.api_description.places import PUBLISHED
from tests.fakes.http import Answered, call

FILES = ["docs.js", "swagger-ui-bundle.js", "swagger-ui.css"]


def read(route: str, **parts: Any) -> Answered:
    return call(app.lambda_handler, route, role=None, **parts)


def read_file(name: str, **parts: Any) -> Answered:
    return read("GET /v1/docs/files/{file}", path={"file": name}, **parts)


def test_the_description_is_served_as_it_is_published():
    answer = read("GET /v1/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.text == PUBLISHED.read_text()


def test_whoever_takes_gzip_gets_less_to_carry():
    plain = read("GET /v1/openapi.json")
    packed = read("GET /v1/openapi.json", headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.text == plain.text
    assert packed.bytes_sent * 5 < plain.bytes_sent


@pytest.mark.parametrize("route", ["GET /v1/openapi.json", "GET /v1/docs", "GET /v1/docs/problems"])
def test_what_has_not_changed_is_not_sent_again(route: str):
    first = read(route)
    again = read(route, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status, again.text) == (304, "")
    assert read(route, headers={"If-None-Match": 'W/"another"'}).status == 200
    assert re.fullmatch(r"public, max-age=\d+", first.headers["cache-control"])


@pytest.mark.parametrize("name", FILES)
def test_the_page_has_its_files_from_us(name: str):
    answer = read_file(name)
    assert answer.status == 200
    assert len(answer.text) > 100
    assert answer.bytes_sent < 6_000_000, "Lambda answers no more"


def test_the_page_names_no_file_of_anybody_else():
    page = read("GET /v1/docs").text
    named = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert set(named) == {"openapi.json", *(f"docs/files/{name}" for name in FILES)}


def test_a_page_may_load_and_call_its_own_origin_alone():
    policy = read("GET /v1/docs").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy
    assert "unsafe-eval" not in policy


@pytest.mark.parametrize("name", ["offapi.py", "redoc.js", "docs.html", "openapi.json", "templates.py"])
def test_no_other_file_can_be_read(name: str):
    answer = read_file(name)
    assert (answer.status, answer.body["code"]) == (404, "not_found")
