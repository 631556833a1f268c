"""How a function starts: nothing of AWS is touched, and nothing that could wait is imported."""

import subprocess
import sys
from pathlib import Path

import pytest

FUNCTIONS = sorted(path.parent.name for path in Path("functions").glob("*/app.py"))
UNTOUCHED = """
import sys
import boto3, botocore.session

def refuse(*arguments, **options):
    raise AssertionError("made at import")

boto3.client = boto3.resource = boto3.Session = boto3.session.Session = refuse
botocore.session.Session = botocore.session.get_session = refuse
from functions.{name} import app
assert callable(app.lambda_handler)
"""
UNLOADED = """
import sys
from functions.{name} import app
print(*sorted({{"boto3", "botocore.session", "requests", "defusedxml"}} & set(sys.modules)))
"""


def run(script: str) -> str:
    """In a process of its own, without any variable that the template sets."""
    environment = {"PATH": "", "PYTHONPATH": ".:layers/shared", "POWERTOOLS_LOG_LEVEL": "ERROR"}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_client_is_made_and_no_variable_is_read_at_import(name: str):
    run(UNTOUCHED.format(name=name))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_clients_are_imported_when_they_are_first_needed(name: str):
    assert run(UNLOADED.format(name=name)) == ""
