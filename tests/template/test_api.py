"""The API of the template is the API of the code, behind one authorizer."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.template.stack import Stack

OPEN = {
    "GET /v1/health",
    "GET /v1/openapi.json",
    "GET /v1/docs",
    "GET /v1/docs/problems",
    "GET /v1/docs/files/{file}",
    "$default",
}


def routes(stack: Stack) -> dict[str, tuple[str, dict[str, Any]]]:
    """Logical id of the function, and the operation, by route key."""
    found = {}
    for path, item in stack.api["paths"].items():
        for method, operation in item.items():
            key = "$default" if path.endswith("$default") else f"{method.upper()} {path}"
            uri = operation["x-amazon-apigateway-integration"]["uri"]
            found[key] = (uri.split("/functions/${")[1].split(".Arn}")[0], operation)
    return found


def functions_with_routes(stack: Stack) -> list[str]:
    served = {function for function, _ in routes(stack).values()}
    return sorted(name for name in stack.functions if stack.logical_id(name) in served)


def test_every_function_of_the_template_has_its_folder_and_the_other_way_round(default_stack: Stack):
    assert set(default_stack.functions) == {path.parent.name for path in Path("functions").glob("*/app.py")}


def test_every_route_of_the_code_is_in_the_template_and_the_other_way_round(default_stack: Stack):
    in_template = {
        (stack_function, key)
        for key, (stack_function, _) in routes(default_stack).items()
        if key != "$default"
    }
    in_code = {
        (default_stack.logical_id(name), key)
        for name in functions_with_routes(default_stack)
        for key in import_module(f"functions.{name}.app").api.routes
    }
    assert in_template == in_code


def test_every_route_of_the_template_is_described_and_the_other_way_round(default_stack: Stack):
    described = json.loads(Path("docs/openapi.json").read_text())["paths"]
    keys = {f"{method.upper()} {path}" for path, item in described.items() for method in item}
    assert keys == routes(default_stack).keys() - {"$default"}


def test_paths_that_nobody_has_are_answered_by_our_own_code(default_stack: Stack):
    assert routes(default_stack)["$default"][0] == default_stack.logical_id("settings")


def test_every_route_but_the_open_ones_asks_the_authorizer(default_stack: Stack):
    guards = {key: operation["security"] for key, (_, operation) in routes(default_stack).items()}
    assert {key for key, guard in guards.items() if guard == [{"NONE": []}]} == OPEN
    assert all(guard == [{"AccessKey": []}] for key, guard in guards.items() if key not in OPEN)


def test_routes_that_need_no_key_in_the_template_need_none_in_the_code(default_stack: Stack):
    open_in_code = {
        key
        for name in functions_with_routes(default_stack)
        for key, route in import_module(f"functions.{name}.app").api.routes.items()
        if not route.roles
    }
    assert open_in_code == OPEN - {"$default"}


def test_the_credential_alone_identifies_the_caller(default_stack: Stack):
    scheme = default_stack.api["components"]["securitySchemes"]["AccessKey"]
    authorizer = scheme["x-amazon-apigateway-authorizer"]
    assert authorizer["identitySource"] == ["$request.header.Authorization"]
    assert authorizer["authorizerPayloadFormatVersion"] == "2.0"
    assert authorizer["enableSimpleResponses"] is True
    assert authorizer["authorizerResultTtlInSeconds"] == 30
    assert "${AuthorizerFunction.Arn}" in str(authorizer["authorizerUri"])


def test_no_function_is_open_to_the_world_by_a_url(default_stack: Stack):
    assert default_stack.of_type("AWS::Lambda::Url") == {}


@pytest.mark.parametrize("word", ["ip", "userAgent", "sourceIp", "path", "identity", "query"])
def test_the_access_log_names_nobody(default_stack: Stack, word: str):
    (stage,) = default_stack.of_type("AWS::ApiGatewayV2::Stage").values()
    line = stage["AccessLogSettings"]["Format"]
    assert f"$context.{word}" not in line
    assert json.loads(line)["route"] == "$context.routeKey"


def test_the_api_is_throttled_by_default(default_stack: Stack):
    (stage,) = default_stack.of_type("AWS::ApiGatewayV2::Stage").values()
    settings = stage["DefaultRouteSettings"]
    assert int(settings["ThrottlingRateLimit"]) > 0
    assert int(settings["ThrottlingBurstLimit"]) > 0
