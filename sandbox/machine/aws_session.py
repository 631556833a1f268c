"""How programs on this machine reach the emulator instead of AWS."""

import os
from collections.abc import Mapping

ACCOUNT_ID = "000000000000"
"""The emulator's account for the access key `test`; twelve digits would be another account."""

REGION = "eu-central-1"


def aws_session_env(endpoint_url: str) -> dict[str, str]:
    """Variables for boto3, SAM and the AWS CLI: account 000000000000, region eu-central-1, no profile."""
    return {
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1,localhost",
    }


def without_aws(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The host's environment less everything that could lead to a real AWS account."""
    kept_as_they_are = ("AWS_CA_BUNDLE",)
    return {
        name: value
        for name, value in environ.items()
        if not name.startswith("AWS_") or name in kept_as_they_are
    }
