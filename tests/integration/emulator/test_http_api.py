"""Contract of the gap `http_api`: what SAM writes into the `Body` of an HTTP API is what it answers."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from botocore.exceptions import WaiterError

from sandbox.machine.aws_session import REGION
from sandbox.machine.emulator import Emulator
from sandbox.machine.stack import api_url
from tests.integration.aws import client
from tests.integration.emulator.toys import make_function, unique

pytestmark = pytest.mark.emulator

ECHO = """
import json

def handler(event, context):
    caller = event["requestContext"].get("authorizer", {}).get("lambda")
    return {"statusCode": 200, "body": json.dumps({"route": event["routeKey"], "caller": caller,
                                                   "parameters": event.get("pathParameters")})}
"""
AUTHORIZE = """
import uuid

def handler(event, context):
    key = event["headers"]["authorization"]
    return {"isAuthorized": key.startswith("good"), "context": {"key": key, "asked": uuid.uuid4().hex}}
"""


def invoke_uri(function: str) -> str:
    return f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function}/invocations"


def operation(function: str, *schemes: str) -> dict[str, Any]:
    integration = {
        "type": "aws_proxy",
        "httpMethod": "POST",
        "uri": invoke_uri(function),
        "payloadFormatVersion": "2.0",
    }
    security = [{scheme: []} for scheme in schemes]
    return {"x-amazon-apigateway-integration": integration, "security": security, "responses": {}}


def body(echo: str, authorizer: str) -> dict[str, Any]:
    scheme = {
        "type": "request",
        "authorizerUri": invoke_uri(authorizer),
        "authorizerPayloadFormatVersion": "2.0",
        "enableSimpleResponses": True,
        "identitySource": "$request.header.Authorization",
        "authorizerResultTtlInSeconds": 30,
    }
    return {
        "openapi": "3.0.1",
        "paths": {
            "/open": {"get": operation(echo)},
            "/opened": {"get": operation(echo, "NONE")},
            "/guests/{guest_id}": {"put": operation(echo, "Keys")},
            "/any/{proxy+}": {"x-amazon-apigateway-any-method": operation(echo)},
            "$default": {"x-amazon-apigateway-any-method": operation(echo)},
        },
        "components": {
            "securitySchemes": {
                "Keys": {
                    "type": "apiKey",
                    "name": "Unused",
                    "in": "header",
                    "x-amazon-apigateway-authorizer": scheme,
                }
            }
        },
    }


def template(content: dict[str, Any]) -> str:
    return json.dumps(
        {
            "Resources": {
                "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Body": content}},
                "Stage": {
                    "Type": "AWS::ApiGatewayV2::Stage",
                    "Properties": {"ApiId": {"Ref": "Api"}, "StageName": "$default", "AutoDeploy": True},
                },
            },
            "Outputs": {"ApiId": {"Value": {"Ref": "Api"}}},
        }
    )


def deploy(emulator: Emulator, content: dict[str, Any], stack: str) -> httpx.Client:
    """Create the stack, or update it when it is there, and answer a client of its API."""
    cloudformation = client("cloudformation", emulator)
    known = {row["StackName"] for row in cloudformation.describe_stacks()["Stacks"]}
    action = "update" if stack in known else "create"
    getattr(cloudformation, f"{action}_stack")(StackName=stack, TemplateBody=template(content))
    waiter = cloudformation.get_waiter(f"stack_{action}_complete")
    waiter.wait(StackName=stack, WaiterConfig={"Delay": 1, "MaxAttempts": 20})
    outputs = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["Outputs"]
    return httpx.Client(base_url=api_url(emulator.endpoint_url, outputs[0]["OutputValue"]), trust_env=False)


@pytest.fixture(scope="module")
def content(emulator: Emulator) -> dict[str, Any]:
    return body(make_function(emulator, ECHO), make_function(emulator, AUTHORIZE))


@pytest.fixture(scope="module")
def api(emulator: Emulator, content: dict[str, Any]) -> Iterator[httpx.Client]:
    with deploy(emulator, content, unique("stack")) as http:
        yield http


@pytest.mark.parametrize(
    ("method", "path", "route"),
    [
        ("GET", "/open", "GET /open"),
        ("GET", "/opened", "GET /opened"),
        ("POST", "/any/thing/at/all", "ANY /any/{proxy+}"),
        ("DELETE", "/nowhere", "$default"),
        ("POST", "/open", "$default"),
    ],
)
def test_each_path_of_the_body_is_a_route(api: httpx.Client, method: str, path: str, route: str):
    answer = api.request(method, path)
    assert (answer.status_code, answer.json()["route"]) == (200, route)


def test_without_the_identity_source_the_answer_is_401(api: httpx.Client):
    assert api.put("/guests/7").status_code == 401


def test_a_caller_whom_the_authorizer_refuses_gets_403(api: httpx.Client):
    assert api.put("/guests/7", headers={"Authorization": "bad"}).status_code == 403


def test_the_function_gets_the_authorizers_context_and_the_path_parameters(api: httpx.Client):
    answer = api.put("/guests/7", headers={"Authorization": "good key"}).json()
    assert answer["caller"]["key"] == "good key"
    assert answer["parameters"] == {"guest_id": "7"}


def test_an_authorizers_answer_is_cached_by_identity(api: httpx.Client):
    asked = [
        api.put(f"/guests/{number}", headers={"Authorization": key}).json()["caller"]["asked"]
        for number, key in enumerate(["good a", "good a", "good b"])
    ]
    assert asked[0] == asked[1] != asked[2]


def test_an_update_replaces_the_routes_and_keeps_the_address(emulator: Emulator, content: dict[str, Any]):
    stack = unique("stack")
    with deploy(emulator, content, stack) as before:
        paths = {"/new": content["paths"]["/open"]}
        with deploy(emulator, {**content, "paths": paths}, stack) as after:
            assert after.base_url == before.base_url
            assert after.get("/new").status_code == 200
            assert after.get("/open").status_code == 404


def test_a_security_scheme_without_an_authorizer_is_refused(emulator: Emulator, content: dict[str, Any]):
    guarded = {"/open": {"get": operation("unused", "Unknown")}}
    with pytest.raises(WaiterError):
        deploy(emulator, {**content, "paths": guarded}, unique("stack"))


def test_stock_deploys_an_api_without_routes(stock: Emulator):
    content = body(make_function(stock, ECHO), make_function(stock, AUTHORIZE))
    with deploy(stock, content, unique("stack")) as http:
        assert http.get("/open").status_code == 404
