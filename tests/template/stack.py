"""The stack as CloudFormation would see it with one set of parameters: loops expanded, then SAM's transform.

References are written out as text: `${LedgerTable}` for a resource, `${LedgerTable.Arn}` for an attribute.
"""

import tomllib
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

from tests.template.loops import expanded

Resource = Mapping[str, Any]
PARAMETER_SETS = ("default", "local", "prod")
NO_VALUE = "${AWS::NoValue}"


@dataclass(frozen=True)
class Stack:
    """Resources after the transform, every condition decided."""

    resources: Mapping[str, Resource]
    parameters: Mapping[str, str]

    def of_type(self, kind: str) -> dict[str, Any]:
        """Properties by logical id."""
        found = {name: r for name, r in self.resources.items() if r["Type"] == kind}
        return {name: r.get("Properties", {}) for name, r in found.items()}

    @property
    def functions(self) -> dict[str, Any]:
        """Properties by the name of the function's folder."""
        found = self.of_type("AWS::Lambda::Function").values()
        return {f["FunctionName"].removeprefix("${AWS::StackName}-"): f for f in found}

    @property
    def api(self) -> dict[str, Any]:
        """The OpenAPI document that the HTTP API is made of."""
        (api,) = self.of_type("AWS::ApiGatewayV2::Api").values()
        return dict(api["Body"])

    def logical_id(self, function: str) -> str:
        """The logical id of the function of a folder."""
        names = [n for n, f in self.of_type("AWS::Lambda::Function").items() if _is(f, function)]
        return names[0]


def _is(function: Mapping[str, Any], folder: str) -> bool:
    return bool(function["FunctionName"] == f"${{AWS::StackName}}-{folder}")


@cache
def template() -> dict[str, Any]:
    """`template.yaml` as written, each loop expanded."""
    return expanded(yaml_parse(Path("template.yaml").read_text()))


@cache
def stack(parameter_set: str) -> Stack:
    """With the template's own defaults, or with what samconfig says for the local stack or for AWS."""
    defaults = {name: str(p["Default"]) for name, p in template()["Parameters"].items()}
    parameters = defaults | _overrides(parameter_set)
    fragment = deepcopy(template())
    for resource in fragment["Resources"].values():
        for place in ("CodeUri", "ContentUri"):
            if place in resource["Properties"]:
                resource["Properties"][place] = "s3://bucket/key"
    made = transform(fragment, dict(parameters), _NoManagedPolicies())
    conditions = {name: _decide(c, parameters) for name, c in template()["Conditions"].items()}
    return Stack(_resolved(made["Resources"], parameters, conditions), parameters)


class _NoManagedPolicies:
    def load(self) -> dict[str, str]:
        return {}


def _overrides(parameter_set: str) -> dict[str, str]:
    if parameter_set == "default":
        return {}
    config = tomllib.loads(Path("samconfig.toml").read_text())
    section = config["default" if parameter_set == "local" else parameter_set]
    pairs = (line.split("=", 1) for line in section["deploy"]["parameters"]["parameter_overrides"])
    return {name: value.strip('"') for name, value in pairs}


def _decide(condition: Any, parameters: Mapping[str, str]) -> bool:
    if "Fn::Not" in condition:
        return not _decide(condition["Fn::Not"][0], parameters)
    left, right = (str(_resolved(side, parameters, {})) for side in condition["Fn::Equals"])
    return left == right


def _resolved(node: Any, parameters: Mapping[str, str], conditions: Mapping[str, bool]) -> Any:
    match node:
        case {"Ref": name}:
            return parameters.get(name, f"${{{name}}}")
        case {"Fn::GetAtt": [*path]}:
            return f"${{{'.'.join(path)}}}"
        case {"Fn::GetAtt": str(path)}:
            return f"${{{path}}}"
        case {"Fn::Sub": str(text)}:
            return _substituted(text, parameters)
        case {"Fn::If": [name, yes, no]}:
            return _resolved(yes if conditions[name] else no, parameters, conditions)
        case dict():
            fields = {key: _resolved(value, parameters, conditions) for key, value in node.items()}
            return {key: value for key, value in fields.items() if value != NO_VALUE}
        case list():
            items = [_resolved(item, parameters, conditions) for item in node]
            return [item for item in items if item != NO_VALUE]
        case _:
            return node


def _substituted(text: str, parameters: Mapping[str, str]) -> str:
    for name, value in parameters.items():
        text = text.replace(f"${{{name}}}", value)
    return text
