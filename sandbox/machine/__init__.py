"""The tools that bring Cellarhand up on one machine: environments, the AWS emulator, build and deploy.

Used by the Makefile (`python -m sandbox.machine`), by the demo winery and by the tests that need AWS.
"""

from sandbox.machine.artefacts import build
from sandbox.machine.aws_session import ACCOUNT_ID, REGION, aws_session_env
from sandbox.machine.emulator import Emulator, start_emulator, stop_emulator
from sandbox.machine.environments import ensure_environments
from sandbox.machine.places import LOCAL, LOGS, ROOT, RUNNING, STATE
from sandbox.machine.ports import chosen_port, free_port, require_free
from sandbox.machine.problem import Problem
from sandbox.machine.stack import api_url, deploy

__all__ = [
    "ACCOUNT_ID",
    "LOCAL",
    "LOGS",
    "REGION",
    "ROOT",
    "RUNNING",
    "STATE",
    "Emulator",
    "Problem",
    "api_url",
    "aws_session_env",
    "build",
    "chosen_port",
    "deploy",
    "ensure_environments",
    "free_port",
    "require_free",
    "start_emulator",
    "stop_emulator",
]
