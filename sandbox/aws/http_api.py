"""Gap: ministack ignores the OpenAPI `Body` of an HTTP API, which is how SAM writes it. Here it makes
routes, integrations and authorizers."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ministack.services import apigateway
from ministack.services.cloudformation import provisioners

API = "AWS::ApiGatewayV2::Api"
ANY_METHOD = "x-amazon-apigateway-any-method"
INTEGRATION = "x-amazon-apigateway-integration"
AUTHORIZER = "x-amazon-apigateway-authorizer"
CORS = "x-amazon-apigateway-cors"

NOBODY = "NONE"
"""SAM's own word for a route without an authorizer; no scheme of that name is defined."""

AUTHORIZATION_TYPE = {"REQUEST": "CUSTOM", "JWT": "JWT"}
"""What a route says, by the type of its authorizer."""


def import_body(api_id: str, body: Mapping[str, Any]) -> None:
    """Replace the API's routes, integrations and authorizers by what `body` says.

    The new ones stand before the old ones go, so a request in between still finds a route.
    """
    tables = (apigateway._routes, apigateway._integrations, apigateway._authorizers)
    old = [list(table.get(api_id, {})) for table in tables]
    authorizers = dict(_authorizers(api_id, body))
    integrations: dict[str, str] = {}
    for route_key, operation in operations(body):
        integration = operation[INTEGRATION]
        content = json.dumps(integration, sort_keys=True)
        if content not in integrations:
            integrations[content] = _created(
                apigateway._create_integration(api_id, integration_of(integration))
            )
        target = {"routeKey": route_key, "target": f"integrations/{integrations[content]}"}
        _created(apigateway._create_route(api_id, target | authorization_of(operation, authorizers)))
    for table, identifiers in zip(tables, old, strict=True):
        for identifier in identifiers:
            table[api_id].pop(identifier, None)
    if body.get(CORS):
        apigateway._update_api(api_id, {"corsConfiguration": body[CORS]})


def operations(body: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Route key and operation of everything in `paths` that has an integration."""
    for path, methods in (body.get("paths") or {}).items():
        for method, operation in methods.items():
            if isinstance(operation, dict) and INTEGRATION in operation:
                yield route_key_of(path, method), operation


def route_key_of(path: str, method: str) -> str:
    """`$default`, or method and path as API Gateway writes them."""
    if path.removeprefix("/") == "$default":
        return "$default"
    return f"{'ANY' if method == ANY_METHOD else method.upper()} {path}"


def integration_of(integration: Mapping[str, Any]) -> dict[str, Any]:
    """CreateIntegration's fields."""
    return {
        "integrationType": integration["type"].upper(),
        "integrationUri": apigateway._extract_lambda_ref_from_integration_uri(integration["uri"]),
        "payloadFormatVersion": integration.get("payloadFormatVersion", "2.0"),
        "timeoutInMillis": integration.get("timeoutInMillis", 30_000),
    }


def authorization_of(
    operation: Mapping[str, Any], authorizers: Mapping[str, tuple[str, str]]
) -> dict[str, Any]:
    """Who may call the route. An authorizer that is not known is refused rather than leave the route open."""
    for requirement in operation.get("security") or []:
        for name, scopes in requirement.items():
            if name == NOBODY:
                return {}
            if name not in authorizers:
                raise ValueError(f"{API}: the security scheme {name} is not supported here")
            kind, authorizer_id = authorizers[name]
            return {
                "authorizationType": AUTHORIZATION_TYPE[kind],
                "authorizerId": authorizer_id,
                "authorizationScopes": scopes,
            }
    return {}


def _authorizers(api_id: str, body: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, str]]]:
    schemes = (body.get("components") or {}).get("securitySchemes") or {}
    for name, scheme in schemes.items():
        if definition := scheme.get(AUTHORIZER):
            fields = authorizer_of(name, definition)
            yield name, (fields["authorizerType"], _created(apigateway._create_authorizer(api_id, fields)))


def authorizer_of(name: str, definition: Mapping[str, Any]) -> dict[str, Any]:
    """CreateAuthorizer's fields. As on AWS, nothing is cached unless a time is given."""
    source = definition.get("identitySource", "$request.header.Authorization")
    common = {
        "name": name,
        "authorizerType": definition["type"].upper(),
        "identitySource": [part.strip() for part in source.split(",")] if isinstance(source, str) else source,
    }
    if common["authorizerType"] == "JWT":
        return common | {"jwtConfiguration": definition["jwtConfiguration"]}
    return common | {
        "authorizerUri": definition["authorizerUri"],
        "authorizerPayloadFormatVersion": str(definition.get("authorizerPayloadFormatVersion", "2.0")),
        "authorizerResultTtlInSeconds": int(definition.get("authorizerResultTtlInSeconds", 0)),
        "enableSimpleResponses": definition.get("enableSimpleResponses", False),
    }


def _created(response: tuple[int, Any, bytes]) -> str:
    """The id of what was just made; CloudFormation reports the error otherwise."""
    status, _, content = response
    made = json.loads(content)
    if status >= 400:
        raise ValueError(f"{API}: {made}")
    return str(next(made[name] for name in ("routeId", "integrationId", "authorizerId") if name in made))


def install() -> None:
    """Import the body whenever CloudFormation creates or updates an HTTP API."""
    handler = provisioners._RESOURCE_HANDLERS[API]
    create, update = handler["create"], handler["update"]

    def create_and_import(logical_id: str, properties: Mapping[str, Any], stack_name: str) -> Any:
        made = create(logical_id, properties, stack_name)
        if properties.get("Body"):
            import_body(made[0], properties["Body"])
        return made

    def update_and_import(
        physical_id: str,
        old: Mapping[str, Any],
        new: Mapping[str, Any],
        stack_name: str,
        logical_id: str | None = None,
    ) -> Any:
        made = update(physical_id, old, new, stack_name, logical_id)
        if new.get("Body"):
            import_body(made[0], new["Body"])
        return made

    handler.update(create=create_and_import, update=update_and_import)
