"""Gap: ministack runs functions under its own Python with the host's environment, and waits 50 ms for silent
ones.

Here a function sees the packages of `LAMBDA_PYTHON` (what the Lambda runtime provides), the variables Lambda
sets, and its own; nothing else.
"""

import os
import subprocess
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from ministack.core import lambda_runtime

LAMBDA_PYTHON = "LAMBDA_PYTHON"

OF_LAMBDA = frozenset(
    {
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_ENDPOINT_URL",
        "LAMBDA_TASK_ROOT",
        lambda_runtime.HOST_PREFIX_ENV,
    }
)
"""Set by Lambda, or by the emulator in its place, whatever the host says."""

PREFIXES_OF_LAMBDA = ("AWS_LAMBDA_", "_LAMBDA_")

SILENT_WAIT = 0.003
"""Seconds to wait for the first log line; it is in the pipe before the answer is."""

QUIET_AFTER_LINE = 0.002


def function_environment(offered: Mapping[str, str], host: Mapping[str, str]) -> dict[str, str]:
    """What a function's process may see of `offered`, which ministack made of the host's and the function's
    own.

    A function's own variable that equals the host's is dropped too; the worker sets those again before the
    handler is imported.
    """
    own = {name: value for name, value in offered.items() if host.get(name) != value or is_of_lambda(name)}
    machine = {name: host[name] for name in ("TMPDIR",) if name in host}
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "en_US.UTF-8", "TZ": ":UTC", **machine, **own}


def is_of_lambda(name: str) -> bool:
    """Whether Lambda itself sets this variable."""
    return name in OF_LAMBDA or name.startswith(PREFIXES_OF_LAMBDA)


def popen(command: Sequence[str], env: Mapping[str, str], **options: Any) -> "subprocess.Popen[str]":
    """Start a function's process without the host's variables."""
    return subprocess.Popen(command, env=function_environment(env, os.environ), **options)


def install() -> None:
    """Change how ministack starts a function's process and reads its log."""
    binary_and_script = lambda_runtime._detect_runtime_binary
    drain = lambda_runtime.Worker._drain_stderr_bounded
    functions_python = os.environ.get(LAMBDA_PYTHON)

    def binary_of_runtime(runtime: str) -> tuple[str, str]:
        binary, script = binary_and_script(runtime)
        return (functions_python or binary) if runtime.startswith("python") else binary, script

    def drain_sooner(worker: Any) -> Any:
        return drain(worker, first_line_wait=SILENT_WAIT, idle_confirm=QUIET_AFTER_LINE)

    lambda_runtime._detect_runtime_binary = binary_of_runtime
    lambda_runtime.Worker._drain_stderr_bounded = drain_sooner
    lambda_runtime.subprocess = SimpleNamespace(**{**vars(subprocess), "Popen": popen})
