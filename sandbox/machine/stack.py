"""The stack `cellarhand` in the emulator."""

import json
import tomllib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sandbox.machine.artefacts import build, sam_environment
from sandbox.machine.aws_session import REGION, aws_session_env
from sandbox.machine.fingerprint import fingerprint
from sandbox.machine.places import ROOT, program
from sandbox.machine.problem import Problem
from sandbox.machine.progress import run_logged, step

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

STACK_NAME = "cellarhand"
DEPLOYED = "/cellarhand/sandbox/deployed"
"""Parameter in the emulator: fingerprint of what is deployed there. It goes with the emulator's data."""
PARTNER_KEYS = f"{STACK_NAME}/partner-keys"

DEPLOY = (
    "deploy",
    f"--stack-name={STACK_NAME}",
    f"--region={REGION}",
    "--resolve-s3",
    "--no-confirm-changeset",
    "--no-fail-on-empty-changeset",
    "--no-progressbar",
    "--capabilities",
    "CAPABILITY_IAM",
    "CAPABILITY_AUTO_EXPAND",
)


def deploy(endpoint_url: str, parameters: Mapping[str, str] | None = None) -> dict[str, str]:
    """Build and deploy what changed; answers the stack's outputs. Raises Problem.

    The stack's parameters are those of samconfig's `default`, with `parameters` in place of some.
    """
    changed = parameters or {}
    version = build() + fingerprint([ROOT / "samconfig.toml"], ROOT) + "".join(sorted(changed.values()))
    outputs = _outputs(endpoint_url)
    if outputs is not None and _deployed_version(endpoint_url) == version:
        return outputs
    with step("Deploying to the emulator"):
        environment = sam_environment() | aws_session_env(endpoint_url)
        run_logged("sam-deploy", [program("sam", "sam"), *DEPLOY, *_overrides(changed)], environment)
        _store_partner_key(endpoint_url)
        _client("ssm", endpoint_url).put_parameter(
            Name=DEPLOYED, Value=version, Type="String", Overwrite=True
        )
        outputs = _outputs(endpoint_url)
    if outputs is None:
        raise Problem("sam deploy left no complete stack in the emulator; see .local/log/sam-deploy.log.")
    return outputs


def _overrides(changed: Mapping[str, str]) -> list[str]:
    """SAM takes the parameters of its configuration file or those of the command line, never both."""
    if not changed:
        return []
    config = tomllib.loads((ROOT / "samconfig.toml").read_text())
    kept: list[str] = config["default"]["deploy"]["parameters"]["parameter_overrides"]
    others = [pair for pair in kept if pair.partition("=")[0] not in changed]
    return ["--parameter-overrides", *others, *(f"{name}={value}" for name, value in changed.items())]


def api_url(endpoint_url: str, api_id: str) -> str:
    """Address of an HTTP API in the emulator; the one in a stack's outputs is AWS's."""
    return f"{endpoint_url}/_aws/execute-api/{api_id}/$default"


def _outputs(endpoint_url: str) -> dict[str, str] | None:
    """The outputs of the stack, None as long as there is no complete one."""
    client: CloudFormationClient = _client("cloudformation", endpoint_url)
    try:
        stack = client.describe_stacks(StackName=STACK_NAME)["Stacks"][0]
    except client.exceptions.ClientError:
        return None
    if stack["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        return None
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def _store_partner_key(endpoint_url: str) -> None:
    """Fill the secret that the stack leaves empty, as operators do on AWS, with the simulator's key."""
    from sandbox.vinsuite.state.default_seed import PARTNER_KEY

    keys = json.dumps({"sandbox": str(PARTNER_KEY)})
    _client("secretsmanager", endpoint_url).put_secret_value(SecretId=PARTNER_KEYS, SecretString=keys)


def _deployed_version(endpoint_url: str) -> str | None:
    client = _client("ssm", endpoint_url)
    found = client.get_parameters(Names=[DEPLOYED])["Parameters"]
    return found[0]["Value"] if found else None


def _client(service: str, endpoint_url: str) -> Any:
    import boto3  # not at import: the commands that need no AWS start sooner

    make_client: Any = boto3.client
    return make_client(
        service,
        endpoint_url=endpoint_url,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
