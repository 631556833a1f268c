"""The processes that run the functions of this stack, and their sudden death."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

from sandbox.machine.places import TEMPORARY
from sandbox.winery.stack import LocalStack

_ALL_PROCESSES = ("ps", "-ww", "-A", "-o", "pid=,command=")


def kill(pids: list[int]) -> None:
    """kill -9; one that has ended meanwhile was idle."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def workers(stack: LocalStack, function_name: str) -> list[int]:
    """The ids of the processes that run this function in this stack's emulator, and of no others."""
    return list(_workers(stack, function_name))


def _workers(stack: LocalStack, function_name: str) -> Iterator[int]:
    """Their programs lie in folders that the emulator has made for them, in its own temporary folder."""
    folder = TEMPORARY / f"aws-{urlsplit(stack.endpoint_url).port}" / f"ministack-lambda-{function_name}-"
    listed = subprocess.run(_ALL_PROCESSES, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    for line in listed.stdout.splitlines():
        pid, _, command = line.strip().partition(" ")
        if str(folder) in command:
            yield int(pid)
