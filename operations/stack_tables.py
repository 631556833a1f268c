"""The tables of a deployed stack, for whoever's AWS credentials may use them."""

import boto3

from cellarhand.bootstrap.aws import Aws
from cellarhand.config import Config

_VARIABLE_OF = {
    "SettingsTableName": "SETTINGS_TABLE",
    "AccessTableName": "ACCESS_TABLE",
    "AuditTableName": "AUDIT_TABLE",
}


def tables_of_stack(stack: str) -> Aws:
    """The settings, access and audit tables that the stack's outputs name."""
    return tables_of(_outputs(stack))


def tables_of(outputs: dict[str, str]) -> Aws:
    """The tables that these outputs name."""
    return Aws(Config({variable: outputs[output] for output, variable in _VARIABLE_OF.items()}))


def _outputs(stack: str) -> dict[str, str]:
    found = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}
