"""The description of the API through the deployed stack, as a browser without an access key gets it."""

import re

import httpx
import pytest

from operations.api_description.places import PUBLISHED
from sandbox.winery.stack import LocalStack

pytestmark = pytest.mark.emulator


def get(stack: LocalStack, path: str) -> httpx.Response:
    return httpx.get(stack.api_url + path, timeout=30, trust_env=False)


def test_the_deployed_description_is_the_published_one(local_stack: LocalStack) -> None:
    answer = get(local_stack, "/v1/openapi.json")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.text == PUBLISHED.read_text()


def test_the_page_finds_everything_that_it_loads(local_stack: LocalStack) -> None:
    page = get(local_stack, "/v1/docs")
    for name in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert get(local_stack, f"/v1/{name}").is_success, name


def test_the_type_of_a_problem_leads_to_its_explanation(local_stack: LocalStack) -> None:
    problem = get(local_stack, "/v1/no-such-path").json()
    page, _, section = problem["type"].partition("#")
    assert f'id="{section}"' in get(local_stack, page).text
